// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DateLib} from "./DateLib.sol";

/// @notice How the days of an interest period become a fraction of a year.
enum DayCount {
    ACT_ACT_ICMA,
    ACT_360,
    ACT_365F,
    THIRTY_360,
    THIRTY_E_360,
    ACT_ACT_ISDA,
    NL_365,
    THIRTY_360_US,
    THIRTY_E_360_ISDA,
    BUS_252
}

/// @title DayCountLib
/// @notice Fractions of a year, exact, as numerator and denominator, for the conventions that need no grid and no calendar.
/// @dev Sources: ISDA 2006 Definitions 4.16 (b) ACT/ACT ISDA, (d) ACT/365F, (e) ACT/360, (f) 30/360, which has no rule for the
/// end of February, (g) 30E/360, (h) 30E/360 ISDA; ISO 20022 A014 NL/365; SIFMA Standard Securities Calculation Methods for 30/360
/// US, which has one. In QuantLib: `ActualActual(ISDA)`, `Actual365Fixed`, `Actual360`, `Thirty360` as `BondBasis`,
/// `EurobondBasis`, `ISDA` with its termination date, `USA`; `Actual365Fixed(NoLeap)`.
library DayCountLib {
    /// @notice Thrown when a stretch of days is not in order.
    error DayCountRangeInvalid(uint24 start, uint24 end);

    /// @notice Thrown when a convention needs more than two days: the grid of ACT/ACT ICMA, the calendar of BUS/252.
    error DayCountNotPlain(DayCount convention);

    /// @notice The fraction of a year from `start` (included) to `end` (excluded).
    /// @param start First day, days since 1970-01-01.
    /// @param end Day after the last.
    /// @param maturity Maturity of the bond; only 30E/360 ISDA uses it.
    /// @return numerator Below 2**28.
    /// @return denominator Below 2**18, never zero.
    function yearFraction(DayCount convention, uint24 start, uint24 end, uint24 maturity)
        internal
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        require(start <= end, DayCountRangeInvalid(start, end));

        if (convention == DayCount.ACT_360) return (end - start, 360);
        if (convention == DayCount.ACT_365F) return (end - start, 365);
        if (convention == DayCount.ACT_ACT_ISDA) return _actActIsda(start, end);
        if (convention == DayCount.NL_365) return (end - start - (_leapDaysUntil(end) - _leapDaysUntil(start)), 365);
        require(convention != DayCount.ACT_ACT_ICMA && convention != DayCount.BUS_252, DayCountNotPlain(convention));
        return (_thirtyDays(convention, start, end, maturity), 360);
    }

    /// @dev Days of leap years in 366ths, others in 365ths.
    function _actActIsda(uint24 start, uint24 end) private pure returns (uint256 numerator, uint256 denominator) {
        (uint256 year,) = DateLib.yearAndDayOfYear(start);
        (uint256 lastYear,) = DateLib.yearAndDayOfYear(end);
        uint256 leapDays;
        uint256 from = start;
        for (; year <= lastYear; ++year) {
            uint256 to = year == lastYear ? end : DateLib.yearStart(year + 1);
            if (DateLib.isLeapYear(year)) leapDays += to - from;
            from = to;
        }
        uint256 otherDays = end - start - leapDays;
        if (leapDays == 0) return (otherDays, 365);
        if (otherDays == 0) return (leapDays, 366);
        return (otherDays * 366 + leapDays * 365, 365 * 366);
    }

    /// @return Number of 29 Februaries from the epoch up to and with a day.
    function _leapDaysUntil(uint24 day) private pure returns (uint256) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = DateLib.toCivil(day);
        // Years before this one, and this one once its leap day has come.
        uint256 passed = month > 2 || (month == 2 && dayOfMonth == 29) ? year : year - 1;
        return passed / 4 - passed / 100 + passed / 400;
    }

    /// @dev Days between, in months of thirty days. Four conventions, one rule each for a month's end: apart they would read worse.
    // solhint-disable-next-line code-complexity
    function _thirtyDays(DayCount convention, uint24 start, uint24 end, uint24 maturity)
        private
        pure
        returns (uint256)
    {
        (uint256 startYear, uint256 startMonth, uint256 startDay) = DateLib.toCivil(start);
        (uint256 endYear, uint256 endMonth, uint256 endDay) = DateLib.toCivil(end);
        bool startsOnMonthEnd = startDay == DateLib.daysInMonth(startYear, startMonth);
        bool endsOnMonthEnd = endDay == DateLib.daysInMonth(endYear, endMonth);

        if (convention == DayCount.THIRTY_E_360_ISDA) {
            if (startsOnMonthEnd) startDay = 30;
            if (endsOnMonthEnd && (endMonth != 2 || end != maturity)) endDay = 30;
        } else if (convention == DayCount.THIRTY_E_360) {
            if (startDay == 31) startDay = 30;
            if (endDay == 31) endDay = 30;
        } else {
            if (convention == DayCount.THIRTY_360_US && startMonth == 2 && startsOnMonthEnd) {
                if (endMonth == 2 && endsOnMonthEnd) endDay = 30;
                startDay = 30;
            }
            if (startDay == 31) startDay = 30;
            if (endDay == 31 && startDay == 30) endDay = 30;
        }
        uint256 from = 360 * startYear + 30 * startMonth + startDay;
        uint256 to = 360 * endYear + 30 * endMonth + endDay;
        // 28 February to 1 March counts three days, and the last of February may count as a 30th and so as later than the end.
        return to > from ? to - from : 0;
    }
}
