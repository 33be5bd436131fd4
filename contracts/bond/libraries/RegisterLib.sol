// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Book, Checkpoint} from "../interfaces/IBond.sol";
import {EntryWord} from "./EntryLib.sol";

/// @title RegisterLib
/// @notice Units at record dates that cost nothing until they pass.
/// @dev A checkpoint is written by the first change after a record date, for all record dates since the change before it.
/// So the units at record `k` are those of the checkpoint whose span holds `k`, or what is held now when nothing has
/// changed since, or zero when nothing was held in between. Checkpoints of an account are chained from the latest back:
/// the usual question, the latest record date, is answered by the first.
library RegisterLib {
    /// @notice Checkpoints of one bond. The zero address keeps those of the supply.
    struct Checkpoints {
        mapping(address account => mapping(uint256 record => Checkpoint)) byRecord;
    }

    /// @notice Keeps the units of an account before a change, when record dates have passed since the last one.
    /// @return The entry to change.
    function keep(Checkpoints storage self, address account, EntryWord entry, uint256 records)
        internal
        returns (EntryWord)
    {
        uint256 cursor = entry.cursor();
        if (cursor == records) return entry;
        uint256 units = entry.units();
        if (units != 0) {
            // Numbers of record dates are below 2**16, units below 2**64.
            self.byRecord[account][records] =
                Checkpoint({units: uint64(units), since: uint16(cursor), previous: uint16(entry.checkpoint())});
            entry = entry.withCheckpoint(records);
        }
        return entry.withCursor(records);
    }

    /// @notice Keeps the supply before a change.
    function keepSupply(Checkpoints storage self, Book memory book) internal {
        if (book.cursor == book.records) return;
        if (book.supply != 0) {
            self.byRecord[address(0)][book.records] =
                Checkpoint({units: book.supply, since: book.cursor, previous: book.checkpoint});
            book.checkpoint = book.records;
        }
        book.cursor = book.records;
    }

    /// @param units What is held now.
    /// @param cursor Record dates that had passed at the last change.
    /// @param latest Record date of the latest checkpoint; 0 for none.
    /// @param record A record date that has passed, from 1.
    /// @return Units at that record date.
    function unitsAt(
        Checkpoints storage self,
        address account,
        uint256 units,
        uint256 cursor,
        uint256 latest,
        uint256 record
    ) internal view returns (uint256) {
        if (record > cursor) return units;
        while (latest >= record) {
            Checkpoint memory checkpoint = self.byRecord[account][latest];
            if (record > checkpoint.since) return checkpoint.units;
            latest = checkpoint.previous;
        }
        return 0;
    }
}
