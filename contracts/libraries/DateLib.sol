// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title DateLib
/// @notice Civil dates of the Gregorian calendar as numbers: days since 1970-01-01.
/// @dev A day is a `uint24`, enough for 45,000 years; dates are made up to the year 9999, where other systems end too.
///
/// METHOD
/// Years are counted from 1 March, so that the leap day is the last day of its year, and days are counted in quarters:
/// a century then has 146,097 of them and a year 1,461, both whole, and divisions find century and year. The months
/// from March on follow the line (153 * m + 2) / 5, days before month m.
library DateLib {
    /// @notice Thrown when a year, month and day name no day between 1970-01-01 and 9999-12-31.
    error DateInvalid(uint256 year, uint256 month, uint256 dayOfMonth);

    /// @notice Thrown when a computed date lies outside 1970-01-01 to 9999-12-31.
    error DateYearOutOfRange(int256 year);

    uint256 internal constant FIRST_YEAR = 1970;
    uint256 internal constant LAST_YEAR = 9999;
    /// @dev 9999-12-31.
    uint256 private constant LAST_DAY = 2_932_896;

    /// @dev Days from 0000-03-01 to 1970-01-01.
    uint256 private constant EPOCH = 719_468;
    uint256 private constant QUARTERS_PER_CENTURY = 146_097;
    uint256 private constant QUARTERS_PER_YEAR = 1_461;
    /// @dev Days from 1 March to 31 December, both included.
    uint256 private constant MARCH_TO_DECEMBER = 306;

    /// @return year Calendar year.
    /// @return month 1 to 12.
    /// @return dayOfMonth 1 to 31.
    function toCivil(uint24 day) internal pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        uint256 index;
        (year, index) = _marchYear(day);
        // Bounds: index < 366, so nothing below can overflow or go under zero.
        unchecked {
            uint256 marchMonth = (5 * index + 2) / 153;
            dayOfMonth = index - (153 * marchMonth + 2) / 5 + 1;
            month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
            if (marchMonth >= 10) ++year;
        }
    }

    /// @notice The day of a civil date; reverts if there is no such date.
    function toDay(uint256 year, uint256 month, uint256 dayOfMonth) internal pure returns (uint24) {
        require(
            year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && dayOfMonth >= 1
                && dayOfMonth <= daysInMonth(year, month),
            DateInvalid(year, month, dayOfMonth)
        );
        return _toDay(year, month, dayOfMonth);
    }

    /// @notice The same day of the month some months later or earlier, clamped to the length of that month.
    /// @dev Compute every date of a schedule from the same anchor: 31 January, 28 February, 31 March. Reverts outside the
    /// years 1970 to 9999.
    function addMonths(uint24 anchor, int256 months) internal pure returns (uint24) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = toCivil(anchor);
        int256 index = int256(year * 12 + month - 1) + months;
        require(
            index >= int256(FIRST_YEAR * 12) && index < int256((LAST_YEAR + 1) * 12), DateYearOutOfRange(index / 12)
        );
        unchecked {
            (year, month) = (uint256(index) / 12, uint256(index) % 12 + 1);
        }
        // The 28th exists in every month: most dates need no table.
        if (dayOfMonth > 28) {
            uint256 length = daysInMonth(year, month);
            if (dayOfMonth > length) dayOfMonth = length;
        }
        return _toDay(year, month, dayOfMonth);
    }

    /// @notice The day some days later or earlier; reverts outside the years 1970 to 9999.
    function addDays(uint24 day, int256 count) internal pure returns (uint24) {
        int256 sum = int256(uint256(day)) + count;
        require(sum >= 0 && sum <= int256(LAST_DAY), DateYearOutOfRange(1970 + sum / 366));
        return uint24(uint256(sum));
    }

    /// @return The last day of the month of a day.
    function monthEnd(uint24 day) internal pure returns (uint24) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = toCivil(day);
        return uint24(day + daysInMonth(year, month) - dayOfMonth);
    }

    /// @return Months since the year 0: differences count months.
    function monthIndex(uint24 day) internal pure returns (uint256) {
        (uint256 year, uint256 month,) = toCivil(day);
        return year * 12 + month - 1;
    }

    /// @return year Calendar year.
    /// @return index Day of the year, from 0: the bit of the day in a calendar year's bitmap.
    function yearAndDayOfYear(uint24 day) internal pure returns (uint16 year, uint256 index) {
        (uint256 marchYear, uint256 marchIndex) = _marchYear(day);
        // Bounds: a uint24 day lies before the year 47,906, which fits 16 bits; the indices are below 366.
        unchecked {
            if (marchIndex >= MARCH_TO_DECEMBER) return (uint16(marchYear + 1), marchIndex - MARCH_TO_DECEMBER);
            return (uint16(marchYear), marchIndex + (isLeapYear(marchYear) ? 60 : 59));
        }
    }

    /// @return 1 to 12.
    function monthOf(uint24 day) internal pure returns (uint256) {
        (, uint256 month,) = toCivil(day);
        return month;
    }

    /// @return 1 January of a year from 1970 to 9999.
    function yearStart(uint256 year) internal pure returns (uint24) {
        return toDay(year, 1, 1);
    }

    function isLeapYear(uint256 year) internal pure returns (bool) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /// @param month 1 to 12; anything else is the caller's mistake and gives no meaning.
    function daysInMonth(uint256 year, uint256 month) internal pure returns (uint256) {
        if (month == 2) return isLeapYear(year) ? 29 : 28;
        // Long months are the odd ones up to July and the even ones from August.
        return 30 + ((month + month / 8) & 1);
    }

    /// @return year Year that began on the last 1 March.
    /// @return index Days since that 1 March.
    function _marchYear(uint24 day) private pure returns (uint256 year, uint256 index) {
        // Bounds: day < 2**24, so all products stay far below 2**256.
        unchecked {
            uint256 quarters = 4 * (uint256(day) + EPOCH) + 3;
            uint256 century = quarters / QUARTERS_PER_CENTURY;
            quarters = (quarters % QUARTERS_PER_CENTURY) | 3;
            year = 100 * century + quarters / QUARTERS_PER_YEAR;
            index = quarters % QUARTERS_PER_YEAR / 4;
        }
    }

    function _toDay(uint256 year, uint256 month, uint256 dayOfMonth) private pure returns (uint24) {
        // Bounds: the year is 1970 to 9999, so the result is at least 0 and below 2**22.
        unchecked {
            if (month <= 2) --year;
            uint256 marchMonth = (month + 9) % 12;
            uint256 index = (153 * marchMonth + 2) / 5 + dayOfMonth - 1;
            return uint24(365 * year + year / 4 - year / 100 + year / 400 + index - EPOCH);
        }
    }
}
