// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Schedule, ScheduleLib} from "../../bond/libraries/ScheduleLib.sol";
import {Terms} from "../../bond/libraries/TermsLib.sol";
import {IBusinessCalendar} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {DayCount, DayCountLib} from "../../libraries/DayCountLib.sol";

/// @title FractionLib
/// @notice Year fractions of a bond: by every convention, over any stretch of days.
library FractionLib {
    using ScheduleLib for Schedule;

    /// @notice The fraction of a year from `start` (included) to `end` (excluded).
    /// @return numerator Below 2**36.
    /// @return denominator Below 2**36, never zero.
    function between(Terms memory terms, IBusinessCalendar calendar, uint24 start, uint24 end)
        internal
        view
        returns (uint256 numerator, uint256 denominator)
    {
        // A closure declared between two announcements can turn an adjusted period round: it then has no days.
        if (start >= end) return (0, 1);
        if (terms.dayCount == DayCount.ACT_ACT_ICMA) return _actActIcma(terms.schedule, start, end);
        if (terms.dayCount == DayCount.BUS_252) {
            return (calendar.businessDaysBetween(terms.calendar, start, end), 252);
        }
        return DayCountLib.yearFraction(terms.dayCount, start, end, terms.schedule.maturityDay);
    }

    /// @dev ICMA Rule 251.1: days over the days of the notional period they lie in, each worth its part of a year. A stub is
    /// cut at the notional periods around it; only the first and the last of them can be in part.
    function _actActIcma(Schedule memory schedule, uint24 start, uint24 end)
        private
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        int256 cell = schedule.cellOf(start);
        uint24 from = schedule.regularDay(cell);
        denominator = 1;
        while (start < end) {
            uint24 to = schedule.regularDay(++cell);
            uint24 until = to < end ? to : end;
            if (start == from && until == to) {
                numerator += denominator;
            } else {
                numerator = numerator * (to - from) + denominator * (until - start);
                denominator *= to - from;
            }
            (start, from) = (until, to);
        }
        numerator *= schedule.step;
        denominator *= 12;
    }
}
