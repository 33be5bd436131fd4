// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateLib} from "../libraries/DateLib.sol";
import {DayCount, DayCountLib} from "../libraries/DayCountLib.sol";
import {IdentifierLib} from "../libraries/IdentifierLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";

/// @title LibraryHarness
/// @notice Opens the pure libraries to tests; never deployed by scripts.
contract LibraryHarness {
    /* DATES */

    function toCivil(uint24 day) external pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        return DateLib.toCivil(day);
    }

    function toDay(uint256 year, uint256 month, uint256 dayOfMonth) external pure returns (uint24) {
        return DateLib.toDay(year, month, dayOfMonth);
    }

    function addMonths(uint24 anchor, uint256 months) external pure returns (uint24) {
        return DateLib.addMonths(anchor, months);
    }

    function yearAndDayOfYear(uint24 day) external pure returns (uint16 year, uint256 index) {
        return DateLib.yearAndDayOfYear(day);
    }

    function monthOf(uint24 day) external pure returns (uint256) {
        return DateLib.monthOf(day);
    }

    function yearStart(uint256 year) external pure returns (uint24) {
        return DateLib.yearStart(year);
    }

    function weekday(uint24 day) external pure returns (uint256) {
        return DateLib.weekday(day);
    }

    function isLeapYear(uint256 year) external pure returns (bool) {
        return DateLib.isLeapYear(year);
    }

    function daysInMonth(uint256 year, uint256 month) external pure returns (uint256) {
        return DateLib.daysInMonth(year, month);
    }

    /* DAY COUNTS */

    function yearFraction(
        DayCount convention,
        uint24 start,
        uint24 end,
        uint8 monthsPerPeriod,
        uint24 refStart,
        uint24 refEnd
    ) external pure returns (uint256 numerator, uint256 denominator) {
        return DayCountLib.yearFraction(convention, start, end, monthsPerPeriod, refStart, refEnd);
    }

    function periodFraction(DayCount convention, uint24 start, uint24 end, uint8 monthsPerPeriod)
        external
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        return DayCountLib.periodFraction(convention, start, end, monthsPerPeriod);
    }

    /* ROUNDING */

    function mulDivDown(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return RoundingLib.mulDivDown(a, b, denominator);
    }

    function mulDivUp(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return RoundingLib.mulDivUp(a, b, denominator);
    }

    function couponDown(uint64 units, uint128 faceValue, uint32 rate, uint256 numerator, uint256 denominator)
        external
        pure
        returns (uint256)
    {
        return RoundingLib.couponDown(units, faceValue, rate, numerator, denominator);
    }

    /* IDENTIFIERS */

    function isValidLei(bytes20 lei) external pure returns (bool) {
        return IdentifierLib.isValidLei(lei);
    }

    function isValidIsin(bytes12 isin) external pure returns (bool) {
        return IdentifierLib.isValidIsin(isin);
    }

    /* GAS */

    /// @return valid The answer, so that the optimizer keeps the work.
    /// @return used Gas of the check alone, without the call around it.
    function gasOfLei(bytes20 lei) external view returns (bool valid, uint256 used) {
        used = gasleft();
        valid = IdentifierLib.isValidLei(lei);
        used -= gasleft();
    }

    /// @return valid The answer, so that the optimizer keeps the work.
    /// @return used Gas of the check alone, without the call around it.
    function gasOfIsin(bytes12 isin) external view returns (bool valid, uint256 used) {
        used = gasleft();
        valid = IdentifierLib.isValidIsin(isin);
        used -= gasleft();
    }
}
