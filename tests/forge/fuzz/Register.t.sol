// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Book} from "../../../contracts/bond/interfaces/IBond.sol";
import {EntryWord} from "../../../contracts/bond/libraries/EntryLib.sol";
import {RegisterLib} from "../../../contracts/bond/libraries/RegisterLib.sol";
import {Base} from "../Base.sol";

/// @notice Checkpoints that are written late against an array that is written at each record date.
contract RegisterTest is Base {
    using RegisterLib for RegisterLib.Checkpoints;

    address private constant HOLDER = address(1);

    RegisterLib.Checkpoints private _checkpoints;
    uint64[] private _naive;

    function testFuzz_unitsAt__anyHistory__sameAsArray(uint32[40] memory steps) external {
        EntryWord entry;
        Book memory book;
        for (uint256 i; i < steps.length; ++i) {
            // One step in three is a record date; of the others, one in three sells everything.
            if (steps[i] % 3 == 0) {
                _naive.push(uint64(entry.units()));
                ++book.records;
                continue;
            }
            uint64 units = steps[i] % 3 == 1 ? steps[i] : 0;
            entry = _checkpoints.keep(HOLDER, entry, book.records);
            entry = entry.minus(entry.units()).plus(units);
            _checkpoints.keepSupply(book);
            book.supply = units;
        }

        for (uint256 k = 1; k <= book.records; ++k) {
            uint256 held = _checkpoints.unitsAt(HOLDER, entry.units(), entry.cursor(), entry.checkpoint(), k);
            uint256 supply = _checkpoints.unitsAt(address(0), book.supply, book.cursor, book.checkpoint, k);
            assertEq(held, _naive[k - 1], "RECORD-6: units at any record date, after any history");
            assertEq(supply, _naive[k - 1], "RECORD-6: and so the supply");
        }
    }
}
