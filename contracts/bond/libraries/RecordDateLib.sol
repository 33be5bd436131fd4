// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Book, IBond, PaymentDays} from "../interfaces/IBond.sol";
import {IBusinessCalendar} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {BookLib, BookWord} from "./BookLib.sol";
import {Schedule, ScheduleLib} from "./ScheduleLib.sol";
import {Terms, TermsLib} from "./TermsLib.sol";

/// @title RecordDateLib
/// @notice How a bond comes to know its record and payment days.
/// @dev Two steps for each period: within 30 days before the unadjusted due day the payment is announced, from the
/// calendar as it is published then; later the record time passes. Nothing rolled is fixed earlier, because next year's
/// working days may not be known yet. The lead covers ten business days and the longest closure of a market.
library RecordDateLib {
    using ScheduleLib for Schedule;

    uint256 internal constant LEAD = 30 days;
    /// @dev Last period of a bond in default: it has no schedule any more.
    uint16 internal constant DEFAULTED = type(uint16).max;
    /// @dev In place of a maturity in default: the record date that is announced is the last.
    uint24 internal constant FINAL = 1;

    /// @notice Takes the one step that is due, changes the book in memory, and emits its event.
    /// @return announced The days of the next payment, when this step fixed them; else zeros.
    function step(Book memory book, IBusinessCalendar calendar) internal returns (PaymentDays memory announced) {
        if (book.announced) {
            uint40 recordTime = book.nextTime;
            pass(book);
            emit IBond.RecordPassed(book.records, recordTime, book.supply);
            return announced;
        }
        uint40 from = announceableFrom(book);
        if (block.timestamp < from) {
            book.nextTime = from;
            return announced;
        }
        uint24 dueDay;
        (announced, dueDay) = daysOf(TermsLib.unseal(), book, calendar);
        book.announced = true;
        book.nextTime = announced.recordTime;
        emit IBond.PaymentAnnounced(
            book.records + 1, dueDay, announced.recordDay, announced.payDay, announced.recordTime, announced.payTime
        );
    }

    /// @return The book as it would stand now, were everything noticed that is due. Writes nothing.
    function foresee(Book memory book, IBusinessCalendar calendar) internal view returns (BookWord) {
        Terms memory terms = TermsLib.unseal();
        while (block.timestamp >= book.nextTime && !book.closed) {
            if (book.announced) {
                pass(book);
                continue;
            }
            uint40 from = announceableFrom(book);
            if (block.timestamp < from) {
                book.nextTime = from;
            } else {
                (PaymentDays memory announced,) = daysOf(terms, book, calendar);
                book.announced = true;
                book.nextTime = announced.recordTime;
            }
        }
        return BookLib.pack(book);
    }

    function pass(Book memory book) private view {
        ++book.records;
        book.announced = false;
        if (isInDefault(book) && book.maturityDay == FINAL) (book.last, book.maturityDay) = (book.records, 0);
        book.closed = book.records == lastPeriod(book);
        // A drawing that is not complete by then takes nothing any more.
        if (book.closed) book.shut = false;
        book.nextTime = book.closed || isInDefault(book) ? type(uint40).max : announceableFrom(book);
    }

    /// @return The last period, as moved.
    function lastPeriod(Book memory book) internal view returns (uint16) {
        return book.last == 0 ? TermsLib.periods() : book.last;
    }

    function isInDefault(Book memory book) internal pure returns (bool) {
        return book.last == DEFAULTED;
    }

    /// @return Unix time from which the days of the next payment may be fixed.
    /// @dev Read field by field: a transfer that notices a record date pays for it.
    function announceableFrom(Book memory book) private view returns (uint40) {
        uint16 period = book.records + 1;
        bool isMoved = period == book.last && book.maturityDay != 0;
        return uint40((isMoved ? TermsLib.timeOf(book.maturityDay) : TermsLib.dueTime(period)) - LEAD);
    }

    function daysOf(Terms memory terms, Book memory book, IBusinessCalendar calendar)
        private
        view
        returns (PaymentDays memory days_, uint24 dueDay)
    {
        uint16 period = book.records + 1;
        dueDay = period == book.last && book.maturityDay != 0 ? book.maturityDay : terms.schedule.dueDay(period);
        days_.payDay = calendar.roll(terms.calendar, dueDay, terms.roll);
        days_.recordDay = calendar.businessDaysBefore(terms.calendar, days_.payDay, terms.recordBusinessDays);
        days_.recordTime = TermsLib.instant(terms, days_.recordDay, terms.cutOff);
        days_.payTime = TermsLib.instant(terms, days_.payDay, 0);
    }
}
