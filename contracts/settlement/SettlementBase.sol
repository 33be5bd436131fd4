// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CashLib} from "../libraries/CashLib.sol";
import {ISettlementEvents} from "./interfaces/ISettlementEvents.sol";

/// @title SettlementBase
/// @notice What a settlement stores, and what its parts share.
abstract contract SettlementBase is ISettlementEvents, EIP712 {
    using CashLib for IERC20;

    mapping(address account => mapping(uint256 word => uint256)) internal _nonces;

    constructor() EIP712("Indenture Settlement", "1") {}

    function _useNonce(address account, uint256 nonce) internal {
        uint256 word = _nonces[account][nonce >> 8];
        uint256 bit = 1 << (nonce & 255);
        require(word & bit == 0, TradeNonceUsed(account, nonce));
        _nonces[account][nonce >> 8] = word | bit;
    }

    function _pay(IERC20 cash, address from, address to, uint256 amount) internal {
        uint256 moved = cash.pull(from, to, amount);
        require(moved == amount, TradeCashMismatch(address(cash), amount, moved));
    }
}
