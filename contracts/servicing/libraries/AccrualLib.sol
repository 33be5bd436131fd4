// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Terms, TermsLib} from "../../bond/libraries/TermsLib.sol";
import {DateLib} from "../../libraries/DateLib.sol";
import {DayCountLib} from "../../libraries/DayCountLib.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";

/// @title AccrualLib
/// @notice Interest that a unit has earned inside a period.
library AccrualLib {
    /// @notice The interest period of a day, counted from 1. The day is one from the issue day to the day before maturity.
    function periodOf(Terms memory terms, uint24 day) internal pure returns (uint16 period) {
        (uint256 fromYear, uint256 fromMonth,) = DateLib.toCivil(terms.issueDay);
        (uint256 toYear, uint256 toMonth,) = DateLib.toCivil(day);
        uint256 passed = (toYear * 12 + toMonth - fromYear * 12 - fromMonth) / terms.monthsPerPeriod;
        // The month of the day may begin before the period does.
        if (TermsLib.dueDay(terms, passed) > day) --passed;
        return uint16(passed + 1); // at most `terms.periods`
    }

    /// @notice What a buyer pays a seller for interest, as an exact fraction of base units for one unit.
    /// @dev From the start of the period to the day; less the coupon of the period, where its record date has passed and it
    /// goes to another; plus the coupon of the period before, where the day is past its end and its record date is still to come.
    /// @param day Value day, from the issue day to the day before maturity.
    /// @param records Record dates that have passed.
    /// @return numerator Base units times `denominator`.
    /// @return denominator Not zero.
    /// @return isEx Whether the buyer is given it.
    function accrued(Terms memory terms, uint24 day, uint16 records)
        internal
        pure
        returns (uint256 numerator, uint256 denominator, bool isEx)
    {
        uint16 period = periodOf(terms, day);
        (uint24 start, uint24 end) = (TermsLib.dueDay(terms, period - 1), TermsLib.dueDay(terms, period));
        (numerator, denominator) = DayCountLib.yearFraction({
            convention: terms.dayCount,
            start: start,
            end: day,
            monthsPerPeriod: terms.monthsPerPeriod,
            refStart: start,
            refEnd: end
        });
        isEx = records >= period;
        bool isPending = records + 1 < period;
        if (isEx || isPending) {
            if (isPending) (start, end) = (TermsLib.dueDay(terms, period - 2), start);
            (uint256 whole, uint256 wholeDenominator) =
                DayCountLib.periodFraction(terms.dayCount, start, end, terms.monthsPerPeriod);
            // Fractions have at most 28 bits each.
            numerator = isEx
                ? whole * denominator - numerator * wholeDenominator
                : whole * denominator + numerator * wholeDenominator;
            denominator *= wholeDenominator;
        }
        numerator *= uint256(terms.faceValue) * terms.couponRate;
        denominator *= RoundingLib.RATE_SCALE;
    }
}
