// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DateLib} from "./DateLib.sol";

/// @notice How the days of an interest period become a fraction of a year.
enum DayCount {
    ACT_ACT_ICMA,
    ACT_360,
    ACT_365F,
    THIRTY_360,
    THIRTY_E_360
}

/// @title DayCountLib
/// @notice Fractions of a year, exact, as numerator and denominator.
/// @dev Sources: ICMA Rule 251.1 for ACT/ACT ICMA; ISDA 2006 Definitions 4.16 (d) ACT/365F, (e) ACT/360, (f) 30/360,
/// which is QuantLib's `Thirty360(BondBasis)` and has no rule for the end of February, (g) 30E/360.
library DayCountLib {
    /// @notice Thrown when a stretch of days is not in order, or leaves its reference period.
    error DayCountRangeInvalid(uint24 start, uint24 end, uint24 refStart, uint24 refEnd);

    /// @notice Thrown when the months of a period do not divide a year.
    error DayCountPeriodInvalid(uint8 monthsPerPeriod);

    /// @notice The fraction of a year from `start` (included) to `end` (excluded).
    /// @param start First day, days since 1970-01-01.
    /// @param end Day after the last, days since 1970-01-01.
    /// @param monthsPerPeriod Months of a coupon period, a divisor of 12; only ACT/ACT ICMA uses it.
    /// @param refStart First day of the regular period around both days; only ACT/ACT ICMA uses it.
    /// @param refEnd Due day of that period; only ACT/ACT ICMA uses it.
    /// @return numerator Below 2**24.
    /// @return denominator Below 2**28, never zero.
    function yearFraction(
        DayCount convention,
        uint24 start,
        uint24 end,
        uint8 monthsPerPeriod,
        uint24 refStart,
        uint24 refEnd
    ) internal pure returns (uint256 numerator, uint256 denominator) {
        require(start <= end, DayCountRangeInvalid(start, end, refStart, refEnd));

        if (convention == DayCount.ACT_ACT_ICMA) return _actActIcma(start, end, monthsPerPeriod, refStart, refEnd);
        if (convention == DayCount.ACT_360) return (end - start, 360);
        if (convention == DayCount.ACT_365F) return (end - start, 365);
        return (_thirtyDays(start, end, convention == DayCount.THIRTY_E_360), 360);
    }

    /// @notice The fraction of a year of one whole regular period.
    function periodFraction(DayCount convention, uint24 start, uint24 end, uint8 monthsPerPeriod)
        internal
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        return yearFraction({
            convention: convention,
            start: start,
            end: end,
            monthsPerPeriod: monthsPerPeriod,
            refStart: start,
            refEnd: end
        });
    }

    function _actActIcma(uint24 start, uint24 end, uint8 monthsPerPeriod, uint24 refStart, uint24 refEnd)
        private
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        require(monthsPerPeriod != 0 && 12 % monthsPerPeriod == 0, DayCountPeriodInvalid(monthsPerPeriod));
        require(
            refStart <= start && end <= refEnd && refStart < refEnd, DayCountRangeInvalid(start, end, refStart, refEnd)
        );
        uint256 periodsPerYear = 12 / monthsPerPeriod;
        if (start == refStart && end == refEnd) return (1, periodsPerYear);
        return (end - start, uint256(refEnd - refStart) * periodsPerYear);
    }

    /// @dev Days between, in months of thirty days. A 31st counts as the 30th; under 30/360 the end does so only if the
    /// start counts as a 30th.
    function _thirtyDays(uint24 start, uint24 end, bool european) private pure returns (uint256) {
        (uint256 startYear, uint256 startMonth, uint256 startDay) = DateLib.toCivil(start);
        (uint256 endYear, uint256 endMonth, uint256 endDay) = DateLib.toCivil(end);
        if (startDay == 31) startDay = 30;
        if (endDay == 31 && (european || startDay == 30)) endDay = 30;
        // Never below zero: `start <= end`, and the end day is lowered only to 30, which no start day exceeds.
        return (360 * endYear + 30 * endMonth + endDay) - (360 * startYear + 30 * startMonth + startDay);
    }
}
