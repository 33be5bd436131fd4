// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {PeriodUnit, Schedule} from "../../../contracts/bond/libraries/ScheduleLib.sol";
import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";

/// @notice What the contracts compute, once more in the plainest way: by counting, one step at a time.
/// @dev Shares no code with the contracts, so that a mistake has to be made twice to stay unseen.
library Naive {
    /* DATES */

    function isLeap(uint256 year) internal pure returns (bool) {
        if (year % 400 == 0) return true;
        if (year % 100 == 0) return false;
        return year % 4 == 0;
    }

    function monthLength(uint256 year, uint256 month) internal pure returns (uint256) {
        if (month == 4 || month == 6 || month == 9 || month == 11) return 30;
        if (month == 2) return isLeap(year) ? 29 : 28;
        return 31;
    }

    function civil(uint256 day) internal pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        year = 1970;
        month = 1;
        while (day >= (isLeap(year) ? 366 : 365)) day -= isLeap(year++) ? 366 : 365;
        while (day >= monthLength(year, month)) day -= monthLength(year, month++);
        dayOfMonth = day + 1;
    }

    function dayOf(uint256 year, uint256 month, uint256 dayOfMonth) internal pure returns (uint256 day) {
        for (uint256 each = 1970; each < year; ++each) {
            day += isLeap(each) ? 366 : 365;
        }
        for (uint256 each = 1; each < month; ++each) {
            day += monthLength(year, each);
        }
        day += dayOfMonth - 1;
    }

    function addMonths(uint256 day, uint256 months) internal pure returns (uint256) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = civil(day);
        for (; months > 0; --months) {
            if (++month == 13) (year, month) = (year + 1, 1);
        }
        uint256 length = monthLength(year, month);
        return dayOf(year, month, dayOfMonth < length ? dayOfMonth : length);
    }

    /// @return The schedule of a bond whose periods all have so many months, from its issue on.
    function everyMonths(uint256 issueDay, uint256 months, uint256 periods) internal pure returns (Schedule memory) {
        return Schedule({
            issueDay: uint24(issueDay),
            maturityDay: uint24(addMonths(issueDay, months * periods)),
            anchorDay: uint24(issueDay),
            anchorPeriod: 0,
            periods: uint16(periods),
            step: uint16(months),
            unit: PeriodUnit.MONTH,
            endOfMonth: false
        });
    }

    /* BUSINESS DAYS OF THE TESTS' MARKET */

    /// @dev Monday to Friday, without New Year's Day, the first three days of May and the first week of October.
    function isBusinessDay(uint256 day) internal pure returns (bool) {
        if ((day + 3) % 7 >= 5) return false; // day 0 was a Thursday
        (, uint256 month, uint256 dayOfMonth) = civil(day);
        return !((month == 1 && dayOfMonth == 1) || (month == 5 && dayOfMonth <= 3) || (month == 10 && dayOfMonth <= 7));
    }

    function roll(uint256 day, RollConvention convention) internal pure returns (uint256) {
        if (convention == RollConvention.UNADJUSTED || isBusinessDay(day)) return day;
        uint256 later = day;
        while (!isBusinessDay(later)) ++later;
        uint256 earlier = day;
        while (!isBusinessDay(earlier)) --earlier;
        (, uint256 month,) = civil(day);
        (, uint256 laterMonth,) = civil(later);
        (, uint256 earlierMonth,) = civil(earlier);
        if (convention == RollConvention.FOLLOWING) return later;
        if (convention == RollConvention.PRECEDING) return earlier;
        if (convention == RollConvention.MODIFIED_FOLLOWING) return laterMonth == month ? later : earlier;
        return earlierMonth == month ? earlier : later;
    }

    function businessDaysBefore(uint256 day, uint256 count) internal pure returns (uint256) {
        while (count > 0) {
            if (isBusinessDay(--day)) --count;
        }
        return day;
    }

    /* YEAR FRACTIONS OF WHOLE PERIODS */

    function fraction(DayCount convention, uint256 start, uint256 end, uint256 months)
        internal
        pure
        returns (uint256 numerator, uint256 denominator)
    {
        if (convention == DayCount.ACT_ACT_ICMA) return (months, 12);
        if (convention == DayCount.ACT_360) return (end - start, 360);
        if (convention == DayCount.ACT_365F) return (end - start, 365);
        (uint256 y1, uint256 m1, uint256 d1) = civil(start);
        (uint256 y2, uint256 m2, uint256 d2) = civil(end);
        if (d1 == 31) d1 = 30;
        if (d2 == 31 && (convention == DayCount.THIRTY_E_360 || d1 == 30)) d2 = 30;
        return (360 * (y2 - y1) + 30 * m2 + d2 - 30 * m1 - d1, 360);
    }

    /* IDENTIFIERS */

    /// @dev The decimal digits of the characters, A = 10 to Z = 35, written one after the other; empty when a character
    /// is neither a digit nor a capital letter.
    function digitsOf(bytes memory text) internal pure returns (bytes memory digits) {
        for (uint256 i; i < text.length; ++i) {
            uint8 character = uint8(text[i]);
            if (character >= 48 && character <= 57) {
                digits = bytes.concat(digits, bytes1(character - 48));
            } else if (character >= 65 && character <= 90) {
                uint8 value = character - 55;
                digits = bytes.concat(digits, bytes1(value / 10), bytes1(value % 10));
            } else {
                return "";
            }
        }
    }

    function isIsin(bytes memory text) internal pure returns (bool) {
        bytes memory digits = digitsOf(text);
        if (digits.length == 0 || !isLetter(text[0]) || !isLetter(text[1]) || isLetter(text[11])) return false;
        uint256 sum;
        for (uint256 i; i < digits.length; ++i) {
            uint256 digit = uint8(digits[digits.length - 1 - i]);
            if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    function isLei(bytes memory text) internal pure returns (bool) {
        bytes memory digits = digitsOf(text);
        if (digits.length == 0 || isLetter(text[18]) || isLetter(text[19])) return false;
        uint256 rest;
        for (uint256 i; i < digits.length; ++i) {
            rest = (rest * 10 + uint8(digits[i])) % 97;
        }
        uint256 check = (uint8(text[18]) - 48) * 10 + uint8(text[19]) - 48;
        return rest == 1 && check >= 2 && check <= 98;
    }

    /// @return The ISIN with country code CN and these nine digits.
    function isin(uint256 number) internal pure returns (bytes12) {
        bytes memory text = bytes.concat("CN", decimal(number, 9), "0");
        while (!isIsin(text)) text[11] = bytes1(uint8(text[11]) + 1);
        return bytes12(text);
    }

    /// @return An LEI with these twelve digits.
    function lei(uint256 number) internal pure returns (bytes20) {
        bytes memory text = bytes.concat("3003AZ", decimal(number, 12), "02");
        for (uint256 check = 2; !isLei(text); ++check) {
            text[18] = bytes1(uint8(48 + check / 10));
            text[19] = bytes1(uint8(48 + check % 10));
        }
        return bytes20(text);
    }

    function isLetter(bytes1 character) private pure returns (bool) {
        return character >= "A" && character <= "Z";
    }

    function decimal(uint256 number, uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = length; i > 0; number /= 10) {
            text[--i] = bytes1(uint8(48 + number % 10));
        }
    }
}
