// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {PeriodUnit, Schedule} from "../../../contracts/bond/libraries/ScheduleLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {Naive} from "./Naive.sol";

/// @notice Due days and year fractions in the plainest way: by stepping through the grid and looking at every day.
/// @dev Shares no code with the contracts, so that a mistake has to be made twice to stay unseen.
library NaiveTime {
    /* SCHEDULES */

    /// @return day The same day some months later or, below zero, earlier, or the last of that month.
    function shiftMonths(uint256 day, int256 months) internal pure returns (uint256) {
        if (months >= 0) return Naive.addMonths(day, uint256(months));
        (uint256 year, uint256 month, uint256 dayOfMonth) = Naive.civil(day);
        for (; months < 0; ++months) {
            if (--month == 0) (year, month) = (year - 1, 12);
        }
        uint256 length = Naive.monthLength(year, month);
        return Naive.dayOf(year, month, dayOfMonth < length ? dayOfMonth : length);
    }

    function monthEnd(uint256 day) internal pure returns (uint256) {
        (, uint256 month,) = Naive.civil(day);
        while (true) {
            (, uint256 next,) = Naive.civil(day + 1);
            if (next != month) return day;
            ++day;
        }
        return 0;
    }

    function regularDay(Schedule memory schedule, int256 number) internal pure returns (uint256 day) {
        int256 steps = (number - int256(uint256(schedule.anchorPeriod))) * int256(uint256(schedule.step));
        if (schedule.unit == PeriodUnit.DAY) return uint256(int256(uint256(schedule.anchorDay)) + steps);
        day = shiftMonths(schedule.anchorDay, steps);
        if (schedule.endOfMonth) day = monthEnd(day);
    }

    function dueDay(Schedule memory schedule, uint256 period) internal pure returns (uint256) {
        if (period == 0) return schedule.issueDay;
        if (period == schedule.periods) return schedule.maturityDay;
        return regularDay(schedule, int256(period));
    }

    /// @return period The one that a day between issue and maturity lies in.
    function periodOf(Schedule memory schedule, uint256 day) internal pure returns (uint256 period) {
        while (dueDay(schedule, period) <= day) ++period;
    }

    /* YEAR FRACTIONS */

    /// @return numerator Of the fraction of a year from `start` to `end`.
    function fraction(DayCount convention, Schedule memory schedule, uint256 start, uint256 end)
        internal
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        if (start == end) return (0, 1);
        if (convention == DayCount.ACT_ACT_ICMA) return _byCells(schedule, start, end);
        if (convention == DayCount.ACT_360) return (end - start, 360);
        if (convention == DayCount.ACT_365F) return (end - start, 365);
        if (convention == DayCount.ACT_ACT_ISDA) return _byYears(start, end);
        if (convention == DayCount.NL_365) return (_daysButLeap(start, end), 365);
        if (convention == DayCount.BUS_252) return (businessDays(start, end), 252);
        return (_thirties(convention, start, end, schedule.maturityDay), 360);
    }

    function businessDays(uint256 start, uint256 end) internal pure returns (uint256 count) {
        for (; start < end; ++start) {
            if (Naive.isBusinessDay(start)) ++count;
        }
    }

    /// @dev Each day is worth a part of the regular period that it lies in; whole ones need no division.
    function _byCells(Schedule memory schedule, uint256 start, uint256 end)
        private
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        int256 number = int256(uint256(schedule.anchorPeriod));
        while (regularDay(schedule, number) > start) --number;
        while (regularDay(schedule, number + 1) <= start) ++number;
        denominator = 1;
        for (; start < end; ++number) {
            uint256 from = regularDay(schedule, number);
            uint256 to = regularDay(schedule, number + 1);
            uint256 until = to < end ? to : end;
            if (until - start == to - from) {
                numerator += denominator;
            } else {
                (numerator, denominator) =
                (numerator * (to - from) + (until - start) * denominator, denominator * (to - from));
            }
            start = until;
        }
        return (numerator * schedule.step, denominator * 12);
    }

    /// @dev ISDA 2006 4.16(b), year by year.
    function _byYears(uint256 start, uint256 end) private pure returns (uint256, uint256) {
        uint256 leap;
        uint256 other;
        (uint256 year,,) = Naive.civil(start);
        while (start < end) {
            uint256 next = Naive.dayOf(year + 1, 1, 1);
            uint256 until = next < end ? next : end;
            if (Naive.isLeap(year)) leap += until - start;
            else other += until - start;
            (start, year) = (until, year + 1);
        }
        return (leap * 365 + other * 366, 365 * 366);
    }

    /// @dev Every 29 February after the first day, up to and with the last, is passed over.
    function _daysButLeap(uint256 start, uint256 end) private pure returns (uint256 count) {
        count = end - start;
        (uint256 year,,) = Naive.civil(start);
        for (uint256 leapDay; leapDay <= end; ++year) {
            if (!Naive.isLeap(year)) continue;
            leapDay = Naive.dayOf(year, 2, 29);
            if (leapDay > start && leapDay <= end) --count;
        }
    }

    /// @dev The table of the conventions: which last days of a month count as the 30th.
    function _thirties(DayCount convention, uint256 start, uint256 end, uint256 maturity)
        private
        pure
        returns (uint256)
    {
        (uint256 y1, uint256 m1, uint256 d1) = Naive.civil(start);
        (uint256 y2, uint256 m2, uint256 d2) = Naive.civil(end);
        bool lastOfFebruary1 = m1 == 2 && d1 == Naive.monthLength(y1, 2);
        bool lastOfFebruary2 = m2 == 2 && d2 == Naive.monthLength(y2, 2);
        if (convention == DayCount.THIRTY_360) {
            if (d1 == 31) d1 = 30;
            if (d2 == 31 && d1 == 30) d2 = 30;
        } else if (convention == DayCount.THIRTY_E_360) {
            if (d1 == 31) d1 = 30;
            if (d2 == 31) d2 = 30;
        } else if (convention == DayCount.THIRTY_360_US) {
            if (lastOfFebruary1 && lastOfFebruary2) d2 = 30;
            if (lastOfFebruary1) d1 = 30;
            if (d2 == 31 && (d1 == 30 || d1 == 31)) d2 = 30;
            if (d1 == 31) d1 = 30;
        } else {
            if (lastOfFebruary1 || d1 == 31) d1 = 30;
            if ((lastOfFebruary2 && end != maturity) || d2 == 31) d2 = 30;
        }
        int256 count = 360 * (int256(y2) - int256(y1)) + 30 * (int256(m2) - int256(m1)) + int256(d2) - int256(d1);
        return count > 0 ? uint256(count) : 0;
    }
}
