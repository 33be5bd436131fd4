// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Entry} from "../interfaces/IBond.sol";

/// @notice The slot of an `Entry`, as one word: units, frozen, pledged, cursor, checkpoint, number, from the low bits up.
type EntryWord is uint256;

using EntryLib for EntryWord global;

/// @title EntryLib
/// @notice Reads and changes an entry without unpacking it.
/// @dev A transfer that copies two entries to memory and back costs about 3,000 gas more than one that shifts words.
/// The layout is that of the struct; a test compares the two.
library EntryLib {
    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_64 = type(uint64).max;

    function load(Entry storage entry) internal view returns (EntryWord word) {
        assembly ("memory-safe") {
            word := sload(entry.slot)
        }
    }

    function store(Entry storage entry, EntryWord word) internal {
        assembly ("memory-safe") {
            sstore(entry.slot, word)
        }
    }

    function units(EntryWord word) internal pure returns (uint256) {
        return EntryWord.unwrap(word) & MASK_64;
    }

    function frozen(EntryWord word) internal pure returns (uint256) {
        return (EntryWord.unwrap(word) >> 64) & MASK_64;
    }

    function pledged(EntryWord word) internal pure returns (uint256) {
        return (EntryWord.unwrap(word) >> 128) & MASK_64;
    }

    function cursor(EntryWord word) internal pure returns (uint256) {
        return (EntryWord.unwrap(word) >> 192) & MASK_16;
    }

    function checkpoint(EntryWord word) internal pure returns (uint256) {
        return (EntryWord.unwrap(word) >> 208) & MASK_16;
    }

    /// @return ok Whether the sender holds `amount`, which is not zero and not for himself, nothing of his is frozen or
    /// pledged, and what is left is nothing or a denomination. Without a jump: it is on the way of every transfer.
    function isPlain(EntryWord word, address from, address to, uint256 amount, uint256 minimum)
        internal
        pure
        returns (bool ok)
    {
        assembly ("memory-safe") {
            let held := and(word, 0xffffffffffffffff)
            let rest := sub(held, amount)
            ok := and(
                and(iszero(eq(from, to)), iszero(and(word, 0xffffffffffffffffffffffffffffffff0000000000000000))),
                and(iszero(or(iszero(amount), gt(amount, held))), or(iszero(lt(rest, minimum)), iszero(rest)))
            )
        }
    }

    /// @return Units that are neither frozen nor pledged.
    function free(EntryWord word) internal pure returns (uint256) {
        uint256 bound = word.frozen() + word.pledged();
        uint256 held = word.units();
        return held > bound ? held - bound : 0;
    }

    /// @dev The caller has checked that the sum fits 64 bits: no holding is above the supply.
    function plus(EntryWord word, uint256 amount) internal pure returns (EntryWord) {
        unchecked {
            return EntryWord.wrap(EntryWord.unwrap(word) + amount);
        }
    }

    /// @dev The caller has checked that the units are there.
    function minus(EntryWord word, uint256 amount) internal pure returns (EntryWord) {
        unchecked {
            return EntryWord.wrap(EntryWord.unwrap(word) - amount);
        }
    }

    /// @param amount Below 2**64.
    function withFrozen(EntryWord word, uint256 amount) internal pure returns (EntryWord) {
        return EntryWord.wrap((EntryWord.unwrap(word) & ~(MASK_64 << 64)) | (amount << 64));
    }

    /// @param records Below 2**16, like every number of a record date.
    function withCursor(EntryWord word, uint256 records) internal pure returns (EntryWord) {
        return EntryWord.wrap((EntryWord.unwrap(word) & ~(MASK_16 << 192)) | (records << 192));
    }

    function withCheckpoint(EntryWord word, uint256 record) internal pure returns (EntryWord) {
        return EntryWord.wrap((EntryWord.unwrap(word) & ~(MASK_16 << 208)) | (record << 208));
    }

    /// @return Number of the holder; 0 for none yet.
    function number(EntryWord word) internal pure returns (uint256) {
        return EntryWord.unwrap(word) >> 224;
    }

    /// @dev For an entry that has no number yet. Numbers are below 2**32: each costs its holder a slot.
    function withNumber(EntryWord word, uint256 given) internal pure returns (EntryWord) {
        return EntryWord.wrap(EntryWord.unwrap(word) | (given << 224));
    }
}
