// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Book, Entry} from "../../../contracts/bond/interfaces/IBond.sol";
import {BookLib, BookWord} from "../../../contracts/bond/libraries/BookLib.sol";
import {EntryLib, EntryWord} from "../../../contracts/bond/libraries/EntryLib.sol";
import {AccountWord, AccountWordLib} from "../../../contracts/membership/libraries/AccountWordLib.sol";
import {Base} from "../Base.sol";

/// @notice Words that are read by shifting say what the fields say.
contract WordsTest is Base {
    Entry private _entry;
    Book private _book;

    function testFuzz_pack__anyFields__readBack(
        bytes20 lei,
        uint8 standing,
        uint24 verdicts,
        uint24 roles,
        uint40 until
    ) external pure {
        AccountWord word = AccountWordLib.pack(lei, standing, verdicts, roles, until);

        assertTrue(
            word.lei() == lei && word.standing() == standing && word.verdicts() == verdicts && word.roles() == roles
                && word.until() == until,
            "MEMBER-5: an account's word gives back its fields"
        );
    }

    /// @dev Standings, roles and ends that matter come up by chance too seldom, so that they are picked.
    function testFuzz_isEligible__anyWords__sameAsFields(uint256 first, uint256 second, uint24 eligible, uint40 time)
        external
    {
        vm.warp(bound(time, 1, type(uint40).max - 1));
        AccountWord one = _pick(first, time);
        AccountWord two = _pick(second, time);

        bool oneIs = _isEligible(one, eligible);
        bool twoIs = _isEligible(two, eligible);

        assertTrue(one.isEligible(eligible) == oneIs, "MEMBER-2: one side");
        assertTrue(AccountWordLib.areEligible(one, two, eligible) == (oneIs && twoIs), "MEMBER-2: both sides at once");
        assertTrue(one.isActive() == (one.standing() == 1 && block.timestamp <= one.until()), "MEMBER-2: active");
    }

    function testFuzz_entry__anyFields__sameSlot(Entry memory entry, uint64 amount, uint16 number) external {
        _entry = entry;

        EntryWord word = EntryLib.load(_entry);

        assertTrue(
            word.units() == entry.units && word.frozen() == entry.frozen && word.pledged() == entry.pledged
                && word.cursor() == entry.cursor && word.checkpoint() == entry.checkpoint
                && word.number() == entry.number,
            "REGISTER-10: an entry's word is its slot"
        );
        uint256 bound_ = uint256(entry.frozen) + entry.pledged;
        assertEq(word.free(), entry.units > bound_ ? entry.units - bound_ : 0, "REGISTER-10: free units");

        EntryLib.store(_entry, word.withFrozen(amount).withCursor(number).withCheckpoint(number / 2));

        (entry.frozen, entry.cursor, entry.checkpoint) = (amount, number, number / 2);
        assertEq(keccak256(abi.encode(_entry)), keccak256(abi.encode(entry)), "REGISTER-10: a change touches its field");
    }

    /// @dev Half of the entries have nothing bound, and amounts are near what is held, as others say little.
    function testFuzz_isPlain__anyEntry__sameAsRules(Entry memory entry, uint256 amount, uint64 minimum, uint8 sides)
        external
    {
        if (amount % 2 == 0) (entry.frozen, entry.pledged) = (0, 0);
        if (amount % 3 != 0) amount = bound(amount, 0, uint256(entry.units) + 1);
        (address from, address to) = (address(uint160(sides % 4)), address(uint160(sides / 64)));
        _entry = entry;

        bool plain = EntryLib.load(_entry).isPlain(from, to, amount, minimum);

        bool whole = amount <= entry.units && (amount == entry.units || entry.units - amount >= minimum);
        bool free = entry.frozen == 0 && entry.pledged == 0;
        assertTrue(plain == (from != to && amount != 0 && whole && free), "REGISTER-10: plain when no rule can object");
    }

    function testFuzz_book__anyFields__sameSlot(Book memory book, uint40 time) external {
        vm.warp(time);
        _book = book;

        _checkBook(BookLib.load(_book), book);
        _checkBook(BookLib.pack(book), book);
    }

    function _checkBook(BookWord word, Book memory book) private view {
        assertTrue(
            word.nextTime() == book.nextTime && word.records() == book.records && word.isPaused() == book.paused
                && word.isClosed() == book.closed && word.isShut() == book.shut
                && word.isDue() == (block.timestamp >= book.nextTime),
            "REGISTER-10: the book's word is its slot"
        );
        bool quiet = block.timestamp < book.nextTime && !book.paused && !book.closed && !book.shut;
        assertTrue(word.isQuiet() == quiet, "REGISTER-10: quiet when nothing is due, paused, closed or shut");
    }

    function _isEligible(AccountWord word, uint24 eligible) private view returns (bool) {
        return word.standing() == 1 && block.timestamp <= word.until() && word.roles() % 2 == 1
            && word.verdicts() & eligible != 0;
    }

    function _pick(uint256 seed, uint40 time) private pure returns (AccountWord) {
        uint8 standing = seed % 4 == 0 ? uint8(seed >> 8) : 1;
        uint24 roles = uint24(seed >> 16) | (seed % 3 == 0 ? 0 : 1);
        uint40 until = (seed >> 4) % 3 == 0 ? time : (seed >> 4) % 3 == 1 ? time / 2 : type(uint40).max;
        return AccountWordLib.pack(bytes20(uint160(seed >> 96)), standing, uint24(seed >> 40), roles, until);
    }
}
