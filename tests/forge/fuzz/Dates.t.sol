// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../../../contracts/libraries/DateLib.sol";
import {Naive} from "../suite/Naive.sol";
import {NaiveTime} from "../suite/NaiveTime.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Dates and business days against counting one by one.
contract DatesTest is Suite {
    /// @dev 2299-12-31; counting to 9999 would take longer than it teaches, and the vectors go there.
    uint24 private constant LAST_DAY = 120_529;
    uint256 private constant LAST_OF_ALL = 2_932_896; // 9999-12-31
    bytes8 private constant OTHER_MARKET = "OTHER";
    bytes8 private constant JOINT_MARKET = "JOINT";

    function setUp() external {
        _deploySuite();
        // Another market, in which every third day is free, and both together.
        for (uint256 year = FIRST_YEAR; year <= LAST_YEAR; ++year) {
            uint256 low = type(uint256).max;
            uint256 first = Naive.dayOf(year, 1, 1);
            for (uint256 i; i < 256; ++i) {
                if (!_isOtherDay(first + i)) low -= 1 << i;
            }
            uint112 high;
            for (uint256 i = 256; i < (Naive.isLeap(year) ? 366 : 365); ++i) {
                if (_isOtherDay(first + i)) high += uint112(1 << (i - 256));
            }
            world.calendar.publish(OTHER_MARKET, uint16(year), low, high);
        }
        bytes8[] memory parts = new bytes8[](2);
        (parts[0], parts[1]) = (MARKET, OTHER_MARKET);
        world.calendar.join(JOINT_MARKET, parts);
    }

    function testFuzz_toCivil__anyDay__sameAsCounted(uint24 day) external pure {
        day = uint24(bound(day, 0, LAST_DAY));

        (uint256 year, uint256 month, uint256 dayOfMonth) = DateLib.toCivil(day);

        (uint256 y, uint256 m, uint256 d) = Naive.civil(day);
        assertTrue(year == y && month == m && dayOfMonth == d, "DATE-1: the civil date of a day");
        assertEq(DateLib.toDay(year, month, dayOfMonth), day, "DATE-1: and back");
    }

    function testFuzz_toDay__anyCivilDate__inverse(uint256 year, uint256 month, uint256 dayOfMonth) external pure {
        year = bound(year, 1970, 9999);
        month = bound(month, 1, 12);
        dayOfMonth = bound(dayOfMonth, 1, Naive.monthLength(year, month));

        (uint256 y, uint256 m, uint256 d) = DateLib.toCivil(DateLib.toDay(year, month, dayOfMonth));

        assertTrue(year == y && month == m && dayOfMonth == d, "DATE-1: up to the year 9999");
    }

    function testFuzz_addMonths__eitherWay__clamped(uint24 day, uint256 months, bool back) external pure {
        day = uint24(bound(day, 0, LAST_DAY));
        (uint256 year, uint256 month,) = Naive.civil(day);
        uint256 most = back ? (year - 1970) * 12 + month - 1 : 1_200;
        int256 count = int256(bound(months, 0, most < 1_200 ? most : 1_200));
        if (back) count = -count;

        uint24 found = DateLib.addMonths(day, count);

        assertEq(found, NaiveTime.shiftMonths(day, count), "DATE-2: same day, or the month's last, either way");
        (,, uint256 dayOfMonth) = Naive.civil(day);
        if (dayOfMonth <= 28) assertEq(DateLib.addMonths(found, -count), day, "DATE-2: and back, up to the 28th");
    }

    function testFuzz_addMonths__outOfRange__refused(uint24 day, uint32 beyond, bool back) external {
        day = uint24(bound(day, 0, LAST_OF_ALL));
        (uint256 year, uint256 month,) = DateLib.toCivil(day);
        int256 since = int256((year - 1970) * 12 + month - 1);
        int256 count = back ? -since - 1 - int256(uint256(beyond)) : 12 * 8_030 - since + int256(uint256(beyond));

        vm.expectRevert();
        this.addMonths(day, count);
    }

    function testFuzz_addDays__eitherWay__withinTheYears(uint24 day, int40 count) external {
        day = uint24(bound(day, 0, LAST_OF_ALL));
        int256 sum = int256(uint256(day)) + count;

        if (sum < 0 || sum > int256(LAST_OF_ALL)) {
            vm.expectRevert();
            this.addDays(day, count);
        } else {
            assertEq(DateLib.addDays(day, count), uint256(sum), "DATE-5: days later or earlier");
        }
    }

    function testFuzz_monthEnd__anyDay__sameAsStepped(uint24 day) external pure {
        day = uint24(bound(day, 0, LAST_DAY));

        assertEq(DateLib.monthEnd(day), NaiveTime.monthEnd(day), "DATE-6: the last day of the month");
    }

    function testFuzz_yearAndDayOfYear__anyDay__sameAsCounted(uint24 day) external pure {
        day = uint24(bound(day, 0, LAST_DAY));

        (uint16 year, uint256 index) = DateLib.yearAndDayOfYear(day);

        (uint256 y, uint256 m,) = Naive.civil(day);
        assertEq(year, y, "DATE-3: the year of a day");
        assertEq(index, day - Naive.dayOf(y, 1, 1), "DATE-3: its place in the year");
        assertEq(DateLib.monthIndex(day), y * 12 + m - 1, "DATE-3: its month, of all");
    }

    function testFuzz_roll__anyDay__sameAsStepped(uint256 seed, uint8 convention, uint8 count) external view {
        uint256 day = bound(seed, Naive.dayOf(FIRST_YEAR, 2, 1), Naive.dayOf(LAST_YEAR, 11, 30));
        convention %= uint8(type(RollConvention).max) + 1;
        count %= 11;

        uint24 rolled = world.calendar.roll(MARKET, uint24(day), RollConvention(convention));
        uint24 before = world.calendar.businessDaysBefore(MARKET, uint24(day), count);

        assertEq(rolled, Naive.roll(day, RollConvention(convention)), "DATE-4: rolled by convention");
        assertEq(before, Naive.businessDaysBefore(day, count), "DATE-4: business days before");
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_businessDaysBetween__anyStretch__sameAsCounted(uint256 first, uint256 length) external view {
        uint256 begin = Naive.dayOf(FIRST_YEAR, 1, 1);
        uint256 end = Naive.dayOf(LAST_YEAR + 1, 1, 1);
        uint256 start = bound(first, begin, end);
        end = bound(length, start, end - start > 800 ? start + 800 : end);

        uint256 count = world.calendar.businessDaysBetween(MARKET, uint24(start), uint24(end));
        uint256 joint = world.calendar.businessDaysBetween(JOINT_MARKET, uint24(start), uint24(end));

        assertEq(count, NaiveTime.businessDays(start, end), "DATE-7: business days between, the first one counts");
        for (; start < end; ++start) {
            if (Naive.isBusinessDay(start) && _isOtherDay(start)) --joint;
        }
        assertEq(joint, 0, "DATE-8: of a joint market, those of all its parts");
    }

    function addMonths(uint24 day, int256 count) external pure returns (uint24) {
        return DateLib.addMonths(day, count);
    }

    function addDays(uint24 day, int256 count) external pure returns (uint24) {
        return DateLib.addDays(day, count);
    }

    function _isOtherDay(uint256 day) private pure returns (bool) {
        return day % 3 != 0;
    }
}
