// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title LevelLib
/// @notice Units by level, four levels a slot: neighbours, which bids mostly are, share one.
library LevelLib {
    struct Levels {
        mapping(uint256 word => uint256) words;
    }

    /// @return Units of a level in its word.
    function unitsIn(uint256 word, uint256 level) internal pure returns (uint64) {
        return uint64(word >> ((level & 3) << 6));
    }

    /// @return The word with units added. The caller has checked that the sum of all levels fits 64 bits.
    function plus(uint256 word, uint256 level, uint64 units) internal pure returns (uint256) {
        unchecked {
            return word + (uint256(units) << ((level & 3) << 6));
        }
    }

    /// @return The word with units taken away that were added before.
    function minus(uint256 word, uint256 level, uint64 units) internal pure returns (uint256) {
        unchecked {
            return word - (uint256(units) << ((level & 3) << 6));
        }
    }
}
