// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title AllocationLib
/// @notice Pro rata by largest remainder, one entry at a time; and by running sums, where the order is fixed before.
library AllocationLib {
    /// @notice The lots of one entry of a level that is not filled.
    /// @param asked Lots asked for, out of `bid`.
    /// @param share Lots for the whole level.
    /// @param key What parts equals, see `keyOf`.
    /// @param cut Lowest score that gets a lot of the residue.
    /// @return Rounded down, plus one from the cut on; all of it when the level is filled.
    function shareOf(uint64 asked, uint64 share, uint64 bid, uint192 key, uint256 cut) internal pure returns (uint64) {
        if (share == bid) return asked;
        uint256 product = uint256(asked) * share;
        uint256 score = ((product % bid) << 192) | key; // a remainder is below 2**64
        return uint64(product / bid) + (score >= cut ? 1 : 0); // at most `asked`: the remainder at the cut is not zero
    }

    /// @notice What parts entries with equal remainders: not arrival, and not always in favour of the same address.
    function keyOf(uint256 offeringId, address bidder, address account) internal pure returns (uint192 key) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, offeringId)
            mstore(add(input, 32), bidder)
            mstore(add(input, 64), account)
            key := and(keccak256(input, 96), 0xffffffffffffffffffffffffffffffffffffffffffffffff)
        }
    }

    /// @notice The part of one of several commitments in what is to be taken up, rounded down on running sums, so that parts
    /// sum up to the whole.
    /// @param rest What all take up together.
    /// @param before Commitments before this one.
    /// @param total All commitments, not zero.
    function partOf(uint64 rest, uint64 before, uint64 commitment, uint64 total) internal pure returns (uint64) {
        uint256 upTo = uint256(rest) * (before + commitment) / total;
        return uint64(upTo - uint256(rest) * before / total); // at most `rest`
    }
}
