// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {AccountWord} from "./AccountWordLib.sol";

/// @title RegistryLib
/// @notice The questions that every movement of units or money asks.
library RegistryLib {
    /// @notice The verdict words of both sides.
    /// @dev Written by hand, as it is on the way of every transfer: about 250 gas less than the call that solc writes.
    /// The registry is fixed code of the suite, so the answer has two words or the call has failed.
    function counterparties(IMemberRegistry registry, address from, address to)
        internal
        view
        returns (AccountWord sender, AccountWord receiver)
    {
        bytes4 selector = IMemberRegistry.counterparties.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, selector)
            mstore(add(input, 4), from)
            mstore(add(input, 36), to)
            if iszero(staticcall(gas(), registry, input, 68, 0, 64)) { revert(0, 0) }
            if lt(returndatasize(), 64) { revert(0, 0) }
            sender := mload(0)
            receiver := mload(32)
        }
    }

    /// @notice The verdict words of many accounts, in their order.
    /// @dev The list goes on as it lies in calldata; the registry checks it.
    function wordsOf(IMemberRegistry registry, address[] calldata accounts)
        internal
        view
        returns (AccountWord[] memory words)
    {
        bytes4 selector = IMemberRegistry.wordsOf.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            let size := shl(5, accounts.length)
            mstore(input, selector)
            mstore(add(input, 4), 32)
            mstore(add(input, 36), accounts.length)
            calldatacopy(add(input, 68), accounts.offset, size)
            let ok := staticcall(gas(), registry, input, add(68, size), 0, 0)
            let answer := returndatasize()
            if iszero(and(ok, eq(answer, add(64, size)))) {
                returndatacopy(input, 0, answer)
                revert(input, answer)
            }
            words := input
            returndatacopy(words, 32, add(32, size))
            mstore(0x40, add(add(words, 32), size))
        }
    }
}
