// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title AllocationLib
/// @notice Pro rata by largest remainder, one order at a time.
library AllocationLib {
    /// @notice The lots of one order.
    /// @param asked Lots asked for, out of `ordered`.
    /// @param cutRemainder Smallest remainder that gets a lot of the residue.
    /// @param cutAccount Highest account that gets one at exactly that remainder.
    /// @return Rounded down, plus one when the order is above the cut; all of it when nobody must be cut.
    function allotment(
        address account,
        uint64 asked,
        uint64 offered,
        uint64 ordered,
        uint64 cutRemainder,
        address cutAccount
    ) internal pure returns (uint64) {
        if (ordered <= offered) return asked;
        uint256 product = uint256(asked) * offered;
        uint256 remainder = product % ordered;
        bool above = remainder > cutRemainder || (remainder == cutRemainder && account <= cutAccount);
        return uint64(product / ordered) + (above && remainder != 0 ? 1 : 0); // at most `asked`
    }
}
