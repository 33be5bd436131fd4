// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {IBond} from "../bond/interfaces/IBond.sol";
import {IERC20Batch} from "../cash/interfaces/ICashToken.sol";
import {CashLib} from "../libraries/CashLib.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {BatchLib} from "./libraries/BatchLib.sol";

/// @title PayoutBase
/// @notice How money comes in and goes out, for the parts that hold it: what moved is measured, and who cannot be paid does not stop the
/// others.
abstract contract PayoutBase is ServicingBase {
    using CashLib for IERC20;

    /// @dev Sends what can be sent, and keeps the rest by name. A batch is measured as a whole, by what left the escrow; a
    /// single transfer by what its receiver got.
    function _send(IBond bond, uint16 period, IERC20 cash, address[] memory holders, uint256[] memory amounts)
        internal
    {
        uint256 before = cash.balanceOf(address(this));
        bool batch = holders.length > 1 && holders.length <= 256
            && ERC165Checker.supportsInterface(address(cash), type(IERC20Batch).interfaceId);
        uint256 moved = batch ? BatchLib.tryTransferBatch(IERC20Batch(address(cash)), holders, amounts) : 0;

        uint256 sent;
        for (uint256 i; i < amounts.length;) {
            uint256 amount = amounts[i];
            if (amount != 0) {
                if (batch ? moved & (1 << i) != 0 : _trySend(cash, holders[i], amount)) {
                    unchecked {
                        sent += amount; // at most what was funded
                    }
                } else {
                    _keep(bond, period, holders[i], amount);
                }
            }
            unchecked {
                ++i;
            }
        }

        _checkMoved(cash, sent, before - cash.balanceOf(address(this)));
    }

    function _trySend(IERC20 cash, address holder, uint256 amount) internal returns (bool done) {
        if (holder == address(this)) return false; // what it got could not be measured
        uint256 received;
        (done, received) = cash.tryPush(holder, amount);
        _checkMoved(cash, done ? amount : 0, received);
    }

    function _keep(IBond bond, uint16 period, address holder, uint256 amount) internal {
        _kept[bond][holder] += amount;

        emit AmountKept(bond, period, holder, amount);
    }

    function _take(IBond bond, uint16 period, uint256 amount) internal {
        IERC20 cash = IERC20(bond.currency());
        if (amount == 0) return; // less than one base unit, of very few units
        uint256 available = cash.balanceOf(msg.sender);
        require(available >= amount, PaymentUnderfunded(address(bond), period, available, amount));
        _checkMoved(cash, amount, cash.pull(msg.sender, address(this), amount));
    }

    function _checkMoved(IERC20 cash, uint256 expected, uint256 moved) internal pure {
        require(expected == moved, PaymentCashMismatch(address(cash), expected, moved));
    }
}
