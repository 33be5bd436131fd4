// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../../../contracts/libraries/DateLib.sol";
import {DayCount, DayCountLib} from "../../../contracts/libraries/DayCountLib.sol";
import {Naive} from "../suite/Naive.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Dates, business days and day counts against counting one by one.
contract DatesTest is Suite {
    /// @dev 2299-12-31; counting to 9999 would take longer than it teaches, and the vectors go there.
    uint24 private constant LAST_DAY = 120_529;

    function setUp() external {
        _deploySuite();
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

    function testFuzz_addMonths__anyAnchor__clamped(uint24 day, uint256 months) external pure {
        day = uint24(bound(day, 0, LAST_DAY));
        months = bound(months, 0, 600);

        assertEq(DateLib.addMonths(day, months), Naive.addMonths(day, months), "DATE-2: same day, or the month's last");
    }

    function testFuzz_yearAndDayOfYear__anyDay__sameAsCounted(uint24 day) external pure {
        day = uint24(bound(day, 0, LAST_DAY));

        (uint16 year, uint256 index) = DateLib.yearAndDayOfYear(day);

        (uint256 y,,) = Naive.civil(day);
        assertEq(year, y, "DATE-3: the year of a day");
        assertEq(index, day - Naive.dayOf(y, 1, 1), "DATE-3: its place in the year");
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

    function testFuzz_periodFraction__regularPeriod__sameAsCounted(uint24 start, uint8 pick, uint8 convention)
        external
        pure
    {
        start = uint24(bound(start, 0, LAST_DAY));
        uint8[6] memory lengths = [1, 2, 3, 4, 6, 12];
        uint8 months = lengths[pick % 6];
        convention %= uint8(type(DayCount).max) + 1;
        uint24 end = uint24(Naive.addMonths(start, months));

        (uint256 numerator, uint256 denominator) = DayCountLib.periodFraction(DayCount(convention), start, end, months);

        (uint256 n, uint256 d) = Naive.fraction(DayCount(convention), start, end, months);
        assertEq(numerator * d, n * denominator, "COUNT-1: the year fraction of a period");
    }

    function testFuzz_yearFraction__splitPeriod__addsUp(uint24 start, uint16 first, uint16 second, bool by365)
        external
        pure
    {
        start = uint24(bound(start, 0, LAST_DAY));
        DayCount convention = by365 ? DayCount.ACT_365F : DayCount.ACT_360;
        uint24 middle = start + first;
        uint24 end = middle + second;

        (uint256 one,) = DayCountLib.yearFraction(convention, start, middle, 0, 0, 0);
        (uint256 two,) = DayCountLib.yearFraction(convention, middle, end, 0, 0, 0);
        (uint256 whole,) = DayCountLib.yearFraction(convention, start, end, 0, 0, 0);

        assertEq(one + two, whole, "COUNT-2: actual days add up");
    }
}
