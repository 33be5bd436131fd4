// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {IERC20Batch} from "../../cash/interfaces/ICashToken.sol";

/// @title BatchLib
/// @notice The two calls of a payment that carry a list of holders.
/// @dev Written by hand: a list in memory is already what the ABI wants, and copying it whole instead of word by word saves
/// about 500 gas a holder. A failure is passed on as it is.
library BatchLib {
    /// @notice `bond.markPaid(period, holders)`.
    function markPaid(IBond bond, uint16 period, address[] memory holders) internal returns (uint256[] memory due) {
        bytes4 selector = IBond.markPaid.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            let size := shl(5, add(mload(holders), 1))
            mstore(input, selector)
            mstore(add(input, 4), period)
            mstore(add(input, 36), 64)
            mcopy(add(input, 68), holders, size)
            let ok := call(gas(), bond, 0, input, add(68, size), 0, 0)
            let answer := returndatasize()
            // One word that says where the list is, and a list as long as the holders'.
            if iszero(and(ok, eq(answer, add(32, size)))) {
                returndatacopy(input, 0, answer)
                revert(input, answer)
            }
            due := input
            returndatacopy(due, 32, size)
            mstore(0x40, add(due, size))
        }
    }

    /// @notice `cash.tryTransferBatch(holders, amounts)`, for lists of one length.
    function tryTransferBatch(IERC20Batch cash, address[] memory holders, uint256[] memory amounts)
        internal
        returns (uint256 moved)
    {
        bytes4 selector = IERC20Batch.tryTransferBatch.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            let size := shl(5, add(mload(holders), 1))
            mstore(input, selector)
            mstore(add(input, 4), 64)
            mstore(add(input, 36), add(64, size))
            mcopy(add(input, 68), holders, size)
            mcopy(add(add(input, 68), size), amounts, size)
            let ok := call(gas(), cash, 0, input, add(68, shl(1, size)), 0, 32)
            if iszero(and(ok, gt(returndatasize(), 31))) {
                returndatacopy(input, 0, returndatasize())
                revert(input, returndatasize())
            }
            moved := mload(0)
        }
    }
}
