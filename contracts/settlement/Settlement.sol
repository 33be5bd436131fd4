// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";

/// @title Settlement
/// @notice Delivery versus payment on the signatures of both sides.
/// @dev CONSENT
/// - A signature names every field, this contract and this chain, and is used up with its nonce. Bonds of the suite and
///   trusted cash tokens take it as consent; any other cash token needs an allowance as well.
/// REENTRANCY
/// - Nonces are used up before anything is called, and nothing is read from storage after: a call back finds every
///   instruction either settled or untouched.
/// NONCES
/// - Unordered, one bit each, so that trades need no queue and any can be withdrawn alone.
contract Settlement is ISettlement, EIP712 {
    using CashLib for IERC20;

    bytes32 internal constant INSTRUCTION_TYPEHASH = keccak256(
        "Instruction(address bond,address cash,address seller,address buyer,uint64 units,uint128 amount,uint40 validFrom,uint40 deadline,uint256 sellerNonce,uint256 buyerNonce)"
    );

    mapping(address account => mapping(uint256 word => uint256)) internal _nonces;

    constructor() EIP712("Indenture Settlement", "1") {}

    /// @inheritdoc ISettlement
    function settle(Instruction calldata instruction, bytes calldata sellerSignature, bytes calldata buyerSignature)
        external
        returns (bytes32 id)
    {
        (address seller, address buyer) = (instruction.seller, instruction.buyer);
        (uint64 units, uint128 amount) = (instruction.units, instruction.amount);
        require(seller != buyer, TradeSelf(seller));
        require(units != 0, TradeUnitsZero());
        require(block.timestamp >= instruction.validFrom, TradeTooEarly(instruction.validFrom, block.timestamp));
        require(block.timestamp <= instruction.deadline, TradeExpired(instruction.deadline, block.timestamp));
        id = hashOf(instruction);
        require(SignatureLib.isValid(seller, id, sellerSignature), TradeSignatureInvalid(seller, id));
        require(SignatureLib.isValid(buyer, id, buyerSignature), TradeSignatureInvalid(buyer, id));

        _useNonce(seller, instruction.sellerNonce);
        _useNonce(buyer, instruction.buyerNonce);

        emit TradeSettled(
            id,
            seller,
            buyer,
            instruction.bond,
            instruction.cash,
            units,
            amount,
            instruction.sellerNonce,
            instruction.buyerNonce,
            msg.sender
        );
        IBond(instruction.bond).bookTransfer(seller, buyer, units);
        if (amount != 0) _pay(IERC20(instruction.cash), buyer, seller, amount);
    }

    /// @inheritdoc ISettlement
    function cancel(uint256 word, uint256 mask) external {
        _nonces[msg.sender][word] |= mask;

        emit NoncesCancelled(msg.sender, word, mask);
    }

    /// @inheritdoc ISettlement
    function hashOf(Instruction calldata instruction) public view returns (bytes32) {
        bytes32 typehash = INSTRUCTION_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            // The fields lie in calldata as EIP-712 encodes them, ten words. One with bits beyond its type makes a hash that
            // nobody signs, and reverts where it is read.
            let data := mload(0x40)
            mstore(data, typehash)
            calldatacopy(add(data, 32), instruction, 320)
            structHash := keccak256(data, 352)
        }
        return _hashTypedDataV4(structHash);
    }

    /// @inheritdoc ISettlement
    function isNonceUsed(address account, uint256 nonce) external view returns (bool) {
        return (_nonces[account][nonce >> 8] >> (nonce & 255)) & 1 == 1;
    }

    /// @inheritdoc ISettlement
    function nonceWord(address account, uint256 word) external view returns (uint256) {
        return _nonces[account][word];
    }

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
