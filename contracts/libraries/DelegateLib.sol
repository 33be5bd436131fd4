// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title DelegateLib
/// @notice How a contract of several parts hands on what a part does not know.
library DelegateLib {
    /// @notice Runs the call that came in by the code of `next`, in the storage of this contract, and ends with its answer.
    function forward(address next) internal {
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, 0, calldatasize())
            let ok := delegatecall(gas(), next, input, calldatasize(), 0, 0)
            returndatacopy(input, 0, returndatasize())
            if iszero(ok) { revert(input, returndatasize()) }
            return(input, returndatasize())
        }
    }
}
