// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Book} from "../interfaces/IBond.sol";

/// @notice The slot of a `Book`, as one word: supply, nextTime, records, cursor, checkpoint, announced, paused, closed, holders,
/// last, maturityDay, shut, from the low bits up.
type BookWord is uint256;

using BookLib for BookWord global;

/// @title BookLib
/// @notice Reads what a transfer needs of the bond without unpacking it. The layout is that of the struct; a test compares.
library BookLib {
    uint256 private constant PAUSED = 1 << 160;
    uint256 private constant CLOSED = 1 << 168;
    uint256 private constant SHUT = 1 << 248;

    function load(Book storage book) internal view returns (BookWord word) {
        assembly ("memory-safe") {
            word := sload(book.slot)
        }
    }

    /// @return The fields that a transfer reads, where the slot has them.
    function pack(Book memory book) internal pure returns (BookWord) {
        return BookWord.wrap(
            (uint256(book.nextTime) << 64) | (uint256(book.records) << 104) | (book.paused ? PAUSED : 0)
                | (book.closed ? CLOSED : 0) | (book.shut ? SHUT : 0)
        );
    }

    /// @return Whether nothing is due, paused, closed or shut, so that a transfer need not look closer.
    function isQuiet(BookWord word) internal view returns (bool) {
        return block.timestamp < word.nextTime() && BookWord.unwrap(word) & (PAUSED | CLOSED | SHUT) == 0;
    }

    /// @return Whether a record date, or the time to announce one, has come.
    function isDue(BookWord word) internal view returns (bool) {
        return block.timestamp >= word.nextTime();
    }

    /// @return Unix time at which something is due; the largest value when nothing will be.
    function nextTime(BookWord word) internal pure returns (uint256) {
        return (BookWord.unwrap(word) >> 64) & type(uint40).max;
    }

    /// @return Number of record dates that have passed.
    function records(BookWord word) internal pure returns (uint256) {
        return (BookWord.unwrap(word) >> 104) & type(uint16).max;
    }

    function isPaused(BookWord word) internal pure returns (bool) {
        return BookWord.unwrap(word) & PAUSED != 0;
    }

    function isShut(BookWord word) internal pure returns (bool) {
        return BookWord.unwrap(word) & SHUT != 0;
    }

    function isClosed(BookWord word) internal pure returns (bool) {
        return BookWord.unwrap(word) & CLOSED != 0;
    }
}
