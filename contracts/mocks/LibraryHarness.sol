// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Accretion} from "../bond/interfaces/Provisions.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {Terms} from "../bond/libraries/TermsLib.sol";
import {IBusinessCalendar} from "../calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../libraries/DateLib.sol";
import {DayCount, DayCountLib} from "../libraries/DayCountLib.sol";
import {IdentifierLib} from "../libraries/IdentifierLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {AccretionLib} from "../servicing/libraries/AccretionLib.sol";
import {FixingLib} from "../servicing/libraries/FixingLib.sol";
import {FractionLib} from "../servicing/libraries/FractionLib.sol";

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

    function monthEnd(uint24 day) external pure returns (uint24) {
        return DateLib.monthEnd(day);
    }

    function addDays(uint24 day, int256 count) external pure returns (uint24) {
        return DateLib.addDays(day, count);
    }

    function addMonths(uint24 anchor, int256 months) external pure returns (uint24) {
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

    function isLeapYear(uint256 year) external pure returns (bool) {
        return DateLib.isLeapYear(year);
    }

    function daysInMonth(uint256 year, uint256 month) external pure returns (uint256) {
        return DateLib.daysInMonth(year, month);
    }

    /* DAY COUNTS */

    function yearFraction(DayCount convention, uint24 start, uint24 end, uint24 maturity)
        external
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        return DayCountLib.yearFraction(convention, start, end, maturity);
    }

    /// @param market Only BUS/252 uses it.
    function fraction(
        DayCount convention,
        Schedule calldata schedule,
        IBusinessCalendar calendar,
        bytes8 market,
        uint24 start,
        uint24 end
    ) external view returns (uint256 numerator, uint256 denominator) {
        Terms memory terms;
        (terms.dayCount, terms.schedule, terms.calendar) = (convention, schedule, market);
        return FractionLib.between(terms, calendar, start, end);
    }

    /* SCHEDULES */

    function regularDay(Schedule calldata schedule, int256 number) external pure returns (uint24) {
        return ScheduleLib.regularDay(schedule, number);
    }

    function dueDay(Schedule calldata schedule, uint256 number) external pure returns (uint24) {
        return ScheduleLib.dueDay(schedule, number);
    }

    function periodOf(Schedule calldata schedule, uint24 day) external pure returns (uint256) {
        return ScheduleLib.periodOf(schedule, day);
    }

    /* ACCRETION AND FIXINGS */

    function accretedValue(
        uint128 face,
        Schedule calldata schedule,
        DayCount convention,
        Accretion calldata accretion,
        uint24 day
    ) external view returns (uint256) {
        Terms memory terms;
        (terms.dayCount, terms.schedule, terms.faceValue) = (convention, schedule, face);
        return AccretionLib.valueOn(terms, accretion, IBusinessCalendar(address(0)), day);
    }

    function roundHalfUp(int256 numerator, uint256 denominator) external pure returns (int256) {
        return FixingLib.roundHalfUp(numerator, denominator);
    }

    /* ROUNDING */

    function mulDivDown(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return RoundingLib.mulDivDown(a, b, denominator);
    }

    function mulDivUp(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return RoundingLib.mulDivUp(a, b, denominator);
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
