// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title CloneLib
/// @notice Which code a clone runs, as the clone itself says.
library CloneLib {
    /// @dev What OpenZeppelin's Clones put before the address of the implementation.
    uint256 private constant HEAD = 0x363d3d373d3d3d363d73;

    /// @return The implementation of the clone whose storage this is; zero when it is not that of a clone.
    function implementation() internal view returns (address) {
        uint256 word;
        assembly ("memory-safe") {
            extcodecopy(address(), 0, 0, 32)
            word := mload(0)
        }
        return word >> 176 == HEAD ? address(uint160(word >> 16)) : address(0);
    }
}
