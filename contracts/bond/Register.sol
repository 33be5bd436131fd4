// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBond, Book, Entry, PaymentDays, Suite} from "./interfaces/IBond.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943Fungible.sol";
import {IBusinessCalendar} from "../calendar/interfaces/IBusinessCalendar.sol";
import {IMemberRegistry} from "../membership/interfaces/IMemberRegistry.sol";
import {AccountWord, AccountWordLib} from "../membership/libraries/AccountWordLib.sol";
import {RegistryLib} from "../membership/libraries/RegistryLib.sol";
import {BookLib, BookWord} from "./libraries/BookLib.sol";
import {EntryLib, EntryWord} from "./libraries/EntryLib.sol";
import {RegisterLib} from "./libraries/RegisterLib.sol";
import {RecordDateLib} from "./libraries/RecordDateLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title Register
/// @notice What a bond stores, and the only ways in which units and paid marks change.
/// @dev ONE WAY IN
/// - Units of living holders move in `_move`, new ones come in `_issue`, redeemed ones go with a mark of `_mark`; each keeps
///   what record dates need. The functions of `Bond` and `BondExtension` decide who may call, and what a power lifts.
/// ONE ADDRESS, TWO PARTS
/// - What moves units and pays is in `Bond`. What it does not know it hands on, by delegatecall, to `BondExtension`. Both run
///   in the storage of the clone, inherit it from here and add none; both read the terms in the code of the clone.
abstract contract Register is IERC20Errors {
    using RegisterLib for RegisterLib.Checkpoints;

    /// @notice The coupon that an offering fixed, where the terms leave it open.
    struct Coupon {
        // Slot 0: 4 + 1 = 5 bytes
        uint32 rate; // billionths a year
        bool isFixed;
    }

    struct Document {
        bytes32 documentHash;
        // Slot 1: 5 + 4 = 9 bytes
        uint40 lastModified;
        uint32 position;
        string uri;
    }

    uint64 internal constant ALL_FROZEN = type(uint64).max;

    IAccessManager internal immutable AUTHORITY;
    IMemberRegistry internal immutable REGISTRY;
    IBusinessCalendar internal immutable CALENDAR;
    address internal immutable OFFERING;
    address internal immutable SETTLEMENT;
    address internal immutable SERVICING;

    Book internal _book;
    mapping(address account => Entry) internal _entries;
    RegisterLib.Checkpoints internal _checkpoints;
    mapping(uint256 period => PaymentDays) internal _paymentDays;
    /// @dev One bit a holder, by number: a batch of neighbours shares a slot, where a mark in each entry costs 2,900 gas.
    mapping(uint256 period => mapping(uint256 word => uint256)) internal _paidWords;
    mapping(address owner => mapping(address spender => uint256)) internal _allowances;
    Coupon internal _coupon;
    mapping(address owner => uint256) internal _nonces;
    mapping(bytes32 name => Document) internal _documents;
    bytes32[] internal _documentNames;
    /// @dev Units that are bound, of all holders.
    uint64 internal _bound;

    constructor(Suite memory parts) {
        AUTHORITY = parts.authority;
        REGISTRY = parts.registry;
        CALENDAR = parts.calendar;
        OFFERING = parts.offering;
        SETTLEMENT = parts.settlement;
        SERVICING = parts.servicing;
    }

    /* MOVEMENT */

    function _transfer(address from, address to, uint256 units) internal {
        BookWord current = BookLib.load(_book);
        if (!current.isQuiet()) {
            current = _noticed();
            _checkOpen(current);
        }
        uint256 minimum = _checkSides(from, to);
        Entry storage slot = _entries[from];
        EntryWord entry = EntryLib.load(slot);
        // One jump for all that is nearly always right; `_checkUnits` finds out what is not.
        if (!entry.isPlain(from, to, units, minimum)) {
            _checkMovement(from, to, units);
            _checkUnits(from, entry, units, minimum);
        }

        _move({
            from: from, to: to, amount: units, slot: slot, entry: entry, records: current.records(), minimum: minimum
        });
    }

    /// @dev The one way in for units of living holders. The caller has checked that the sender holds them. No holding passes
    /// 64 bits, as it is at most the supply.
    function _move(
        address from,
        address to,
        uint256 amount,
        Entry storage slot,
        EntryWord entry,
        uint256 records,
        uint256 minimum
    ) internal {
        if (entry.cursor() != records) entry = _checkpoints.keep(from, entry, records);
        EntryLib.store(slot, entry.minus(amount));

        slot = _entries[to];
        entry = EntryLib.load(slot);
        if (entry.cursor() != records) entry = _checkpoints.keep(to, entry, records);
        entry = entry.plus(amount);
        if (entry.units() < minimum) _checkDenomination(to, entry.units(), minimum);
        EntryLib.store(slot, entry);

        emit IERC20.Transfer(from, to, amount);
    }

    /// @dev The way in for new units. A subscriber gets his holder number here, where the book is written anyway.
    function _issue(address to, uint256 units, Book memory current, uint256 minimum) internal {
        require(units != 0, IBond.BondUnitsZero());
        Entry storage slot = _entries[to];
        EntryWord entry = EntryLib.load(slot);
        if (entry.number() == 0) entry = entry.withNumber(++current.holders);
        entry = _checkpoints.keep(to, entry, current.records).plus(units);
        _checkDenomination(to, entry.units(), minimum);
        EntryLib.store(slot, entry);

        emit IERC20.Transfer(address(0), to, units);
    }

    /// @dev The book, after everything that is due has been noticed.
    function _noticed() internal returns (BookWord current) {
        current = BookLib.load(_book);
        if (current.isDue()) {
            _book = _advance();
            current = BookLib.load(_book);
        }
    }

    /// @dev Notices what is due, and says so in events. The caller stores the book.
    function _advance() internal returns (Book memory current) {
        current = _book;
        while (block.timestamp >= current.nextTime && !current.closed) {
            PaymentDays memory announced = RecordDateLib.step(current, CALENDAR);
            if (announced.payTime != 0) _paymentDays[current.records + 1] = announced;
        }
    }

    function _unitsAt(address account, EntryWord entry, uint256 record) internal view returns (uint256) {
        return _checkpoints.unitsAt(account, entry.units(), entry.cursor(), entry.checkpoint(), record);
    }

    /* CHECKS */

    function _checkOpen(BookWord current) internal pure {
        require(!current.isClosed(), IBond.BondBooksClosed());
        require(!current.isPaused(), IBond.BondPaused());
        require(!current.isShut(), IBond.BondBooksShut());
    }

    /// @dev What no power lifts.
    function _checkMovement(address from, address to, uint256 units) internal pure {
        require(from != to, IBond.BondSelfTransfer(from));
        require(units != 0, IBond.BondUnitsZero());
    }

    /// @dev Eligibility of both sides.
    /// @return minimum Minimum denomination, in units.
    function _checkSides(address from, address to) internal view returns (uint256 minimum) {
        uint256 eligible;
        (eligible, minimum) = TermsLib.transferRules();
        (AccountWord sender, AccountWord receiver) = RegistryLib.counterparties(REGISTRY, from, to);
        if (!AccountWordLib.areEligible(sender, receiver, eligible)) {
            require(sender.isEligible(eligible), IERC7943Fungible.ERC7943CannotSend(from));
            revert IERC7943Fungible.ERC7943CannotReceive(to);
        }
    }

    function _checkUnits(address from, EntryWord entry, uint256 units, uint256 minimum) internal pure {
        uint256 held = entry.units();
        require(held >= units, ERC20InsufficientBalance(from, held, units));
        uint256 free = entry.free();
        require(free >= units, IERC7943Fungible.ERC7943InsufficientUnfrozenBalance(from, units, free));
        unchecked {
            _checkDenomination(from, held - units, minimum); // held >= units
        }
    }

    function _checkDenomination(address account, uint256 units, uint256 minimum) internal pure {
        require(units >= minimum || units == 0, IBond.BondBelowMinimumDenomination(account, units, minimum));
    }

    function _checkRecord(uint16 record) internal view {
        require(record != 0 && record <= _book.records, IBond.BondRecordPending(record, _book.records));
    }

    function _isEligible(address account) internal view returns (bool) {
        (uint256 eligible,) = TermsLib.transferRules();
        return REGISTRY.wordOf(account).isEligible(eligible);
    }

    /* ALLOWANCES */

    /// @dev Taking an approval back is always allowed; giving one needs a holder who could send.
    function _approve(address owner, address spender, uint256 value) internal {
        require(spender != address(0), ERC20InvalidSpender(spender));
        if (value != 0) {
            require(!_book.paused, IBond.BondPaused());
            require(_isEligible(owner), IERC7943Fungible.ERC7943CannotSend(owner));
            EntryWord entry = EntryLib.load(_entries[owner]);
            require(entry.frozen() == 0 || entry.free() != 0, IBond.BondHolderFrozen(owner));
        }

        _allowances[owner][spender] = value;

        emit IERC20.Approval(owner, spender, value);
    }

    /* PAID MARKS */

    function _isPaid(EntryWord entry, uint256 period) internal view returns (bool) {
        uint256 number = entry.number();
        return number != 0 && (_paidWords[period][number >> 8] >> (number & 255)) & 1 == 1;
    }

    /// @dev Marks a payment for holders who are owed it, and writes what is due into `due`.
    /// @return total Units that were marked.
    function _mark(uint256 period, address[] calldata holders, uint256[] memory due, Book memory current)
        internal
        returns (uint256 total)
    {
        mapping(uint256 word => uint256) storage words = _paidWords[period];
        uint256 position;
        uint256 word = words[0];
        for (uint256 i; i < due.length; ++i) {
            address holder = holders[i];
            Entry storage slot = _entries[holder];
            EntryWord entry = EntryLib.load(slot);
            uint256 units = period > entry.cursor() ? entry.units() : _unitsAt(holder, entry, period);
            if (units == 0) continue;

            uint256 number = entry.number();
            if (number == 0) {
                number = ++current.holders;
                EntryLib.store(slot, entry.withNumber(number));
            }
            if (number >> 8 != position) {
                words[position] = word;
                position = number >> 8;
                word = words[position];
            }
            uint256 bit = 1 << (number & 255);
            if (word & bit != 0) continue;
            word |= bit;

            unchecked {
                total += units; // at most the supply
            }
            uint256 frozen = entry.frozen();
            if (frozen != 0) units |= (frozen < units ? frozen : units) << 64;
            due[i] = units;
        }
        words[position] = word;
    }

    /* WHAT IT IS BUILT WITH */

    function _suite() internal view returns (Suite memory) {
        return Suite({
            authority: AUTHORITY,
            registry: REGISTRY,
            calendar: CALENDAR,
            offering: OFFERING,
            settlement: SETTLEMENT,
            servicing: SERVICING
        });
    }
}
