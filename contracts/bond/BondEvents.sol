// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Book, IBond, PaymentDays, Suite} from "./interfaces/IBond.sol";
import {IBondEvents} from "./interfaces/IBondEvents.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943Fungible.sol";
import {Register} from "./Register.sol";
import {EntryLib, EntryWord} from "./libraries/EntryLib.sol";
import {RecordDateLib} from "./libraries/RecordDateLib.sol";
import {RegisterLib} from "./libraries/RegisterLib.sol";

/// @title BondEvents
/// @notice The part of `Bond` for what the Servicing may beyond paying: move the term, bind and retire units, enter default.
/// @dev Who may, and when, is the Servicing's to say; here is what the register keeps whoever asks.
contract BondEvents is Register, IBondEvents {
    using RegisterLib for RegisterLib.Checkpoints;

    constructor(Suite memory parts) Register(parts) {}

    modifier onlyServicing() {
        require(msg.sender == SERVICING, IBond.BondCallerRefused(msg.sender));
        _;
    }

    /// @dev There is no further part.
    fallback() external {
        revert IBond.BondActUnknown(msg.sig);
    }

    /* TERM AND EVENTS */

    /// @inheritdoc IBondEvents
    function setTerm(uint16 last, uint24 maturity) external onlyServicing {
        Book memory current = _living();
        uint16 records = current.records;
        require(last > records, IBond.BondTermTooLate(last, maturity, records));
        // The next payment is announced anew, if it is the one whose days are moved.
        bool isMoved = last == records + 1 || RecordDateLib.lastPeriod(current) == records + 1;
        (current.last, current.maturityDay) = (last, maturity);
        if (isMoved) delete _paymentDays[records + 1];
        if (isMoved && current.nextTime != 0) (current.announced, current.nextTime) = (false, 1);
        _book = current;

        emit IBond.TermMoved(last, maturity);
        if (!isMoved || current.nextTime == 0) return;
        current = _advance();
        require(current.records == records, IBond.BondTermTooLate(last, maturity, records));
        _book = current;
    }

    /// @inheritdoc IBondEvents
    function enterDefault() external onlyServicing {
        Book memory current = _advance();
        require(!RecordDateLib.isInDefault(current), IBond.BondDefaulted(true));
        (current.last, current.maturityDay, current.nextTime) = (RecordDateLib.DEFAULTED, 0, type(uint40).max);
        (current.announced, current.closed, current.shut) = (false, false, false);
        _book = current;

        emit IBond.DefaultEntered(current.records);
    }

    /// @inheritdoc IBondEvents
    function setRecordDate(PaymentDays calldata days_, bool isFinal) external onlyServicing returns (uint16 record) {
        Book memory current = _advance();
        require(RecordDateLib.isInDefault(current), IBond.BondDefaulted(false));
        record = current.records + 1;
        require(!current.announced, IBond.BondRecordPending(record, current.records));
        (current.announced, current.nextTime) = (true, days_.recordTime);
        if (isFinal) current.maturityDay = RecordDateLib.FINAL;
        _book = current;
        _paymentDays[record] = days_;

        emit IBond.PaymentAnnounced(
            record, days_.recordDay, days_.recordDay, days_.payDay, days_.recordTime, days_.payTime
        );
    }

    /// @inheritdoc IBondEvents
    function bindUnits(address holder, uint64 units) external onlyServicing {
        _checkOpen(_noticed());
        require(_isEligible(holder), IERC7943Fungible.ERC7943CannotSend(holder));
        EntryWord entry = EntryLib.load(_entries[holder]);
        uint256 free = entry.free();
        require(free >= units, IERC7943Fungible.ERC7943InsufficientUnfrozenBalance(holder, units, free));
        _bind(holder, entry.pledged() + units);
    }

    /// @inheritdoc IBondEvents
    function bindDrawn(address holder, uint64 units) external onlyServicing {
        _bind(holder, EntryLib.load(_entries[holder]).pledged() + units);
    }

    /// @inheritdoc IBondEvents
    function releaseUnits(address holder, uint64 units) external onlyServicing {
        require(!_book.shut, IBond.BondBooksShut());
        uint256 bound = EntryLib.load(_entries[holder]).pledged();
        require(bound >= units, IBond.BondBelowBound(holder, bound, units));
        _bind(holder, bound - units);
    }

    /// @inheritdoc IBondEvents
    function retire(address holder, uint64 units) external onlyServicing {
        // In default as well, for what was paid in before it; not while a recovery is counted on the supply.
        Book memory current = _advance();
        require(!current.closed, IBond.BondBooksClosed());
        require(!RecordDateLib.isInDefault(current) || !current.announced, IBond.BondDefaulted(true));
        require(!current.shut, IBond.BondBooksShut());
        EntryWord entry = EntryLib.load(_entries[holder]);
        uint256 bound = entry.pledged();
        require(bound >= units && entry.units() >= units, IBond.BondBelowBound(holder, bound, units));
        _bind(holder, bound - units);

        _checkpoints.keepSupply(current);
        current.supply -= units;
        _book = current;
        entry = _checkpoints.keep(holder, EntryLib.load(_entries[holder]), current.records);
        EntryLib.store(_entries[holder], entry.minus(units));

        emit IERC20.Transfer(holder, address(0), units);
        if (current.supply == 0) emit IBond.BondRedeemed(current.records);
    }

    /// @inheritdoc IBondEvents
    function setShut(bool shut) external onlyServicing {
        Book memory current = _living();
        current.shut = shut;
        _book = current;

        emit IBond.BooksShut(shut);
    }

    /* VIEWS */

    /// @dev Asked at deployment.
    function suite() external view returns (Suite memory) {
        return _suite();
    }

    /// @inheritdoc IBondEvents
    function boundUnits() external view returns (uint64) {
        return _bound;
    }

    /* BOUND UNITS */

    function _bind(address holder, uint256 bound) internal {
        uint256 before = _entries[holder].pledged;
        _entries[holder].pledged = uint64(bound); // at most what is held, or was
        _bound = uint64(_bound + bound - before);

        emit IBond.UnitsBound(holder, uint64(bound));
    }

    /* CHECKS */

    /// @dev The book of a bond that still has a schedule and holders who can change, after all that is due.
    function _living() internal returns (Book memory current) {
        current = _advance();
        require(!current.closed, IBond.BondBooksClosed());
        require(!RecordDateLib.isInDefault(current), IBond.BondDefaulted(true));
    }
}
