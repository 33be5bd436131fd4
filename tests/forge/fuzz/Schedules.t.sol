// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Provisions} from "../../../contracts/bond/interfaces/Provisions.sol";
import {PeriodUnit, Schedule, ScheduleLib} from "../../../contracts/bond/libraries/ScheduleLib.sol";
import {TermsCheckLib} from "../../../contracts/bond/libraries/TermsCheckLib.sol";
import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DateLib} from "../../../contracts/libraries/DateLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {FractionLib} from "../../../contracts/servicing/libraries/FractionLib.sol";
import {Naive} from "../suite/Naive.sol";
import {NaiveTime} from "../suite/NaiveTime.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice Whatever schedule is accepted: its days, its periods and their year fractions, against stepping through them.
contract SchedulesTest is Suite {
    using ScheduleLib for Schedule;

    function setUp() external {
        _deploySuite();
    }

    /* DAYS */

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_dueDay__anySchedule__inOrder(uint256 seed, uint256 pick) external view {
        Schedule memory schedule = _accepted(seed, 20_000, 30_000);
        uint256 k = bound(pick, 1, schedule.periods);

        uint24 due = schedule.dueDay(k);

        assertEq(due, NaiveTime.dueDay(schedule, k), "SCHEDULE-1: due days are those of stepping from the anchor");
        assertGe(due, uint256(schedule.dueDay(k - 1)) + 1, "SCHEDULE-2: no period is empty, and days are in order");
        assertEq(schedule.dueDay(0), schedule.issueDay, "SCHEDULE-2: from the issue day");
        assertEq(schedule.dueDay(schedule.periods), schedule.maturityDay, "SCHEDULE-2: to maturity");
        // Between stubs all periods are regular, and no stub is as long as two of them.
        uint256 before = schedule.dueDay(k - 1);
        assertGe(before, schedule.regularDay(int256(k) - 2), "SCHEDULE-3: a stub is shorter than two periods");
        assertLe(due, schedule.regularDay(int256(k) + 1), "SCHEDULE-3: at either end");
        if (k != 1) assertEq(before, schedule.regularDay(int256(k) - 1), "SCHEDULE-3: and there are two at most");
        if (!schedule.endOfMonth || k == schedule.periods) return;
        assertEq(due, NaiveTime.monthEnd(due), "SCHEDULE-3: an end of a month stays one");
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_periodOf__anyDay__inverseOfDueDay(uint256 seed, uint256 pick) external view {
        Schedule memory schedule = _accepted(seed, 20_000, 30_000);
        uint256 day = bound(pick, schedule.issueDay, schedule.maturityDay - 1);
        // Due days and their neighbours, more often than by chance.
        if (pick % 2 == 0) {
            day = schedule.dueDay((pick >> 8) % (uint256(schedule.periods) + 1));
            if ((pick >> 2) % 3 == 0 && day > schedule.issueDay) --day;
            if (day >= schedule.maturityDay) day = uint256(schedule.maturityDay) - 1;
        }

        uint256 period = schedule.periodOf(uint24(day));
        int256 cell = schedule.cellOf(uint24(day));

        assertEq(period, NaiveTime.periodOf(schedule, day), "SCHEDULE-4: a day lies in one period, the one around it");
        assertLe(schedule.regularDay(cell), day, "SCHEDULE-5: a day lies in one cell of the grid");
        assertGe(schedule.regularDay(cell + 1), day + 1, "SCHEDULE-5: which ends after it");
    }

    /// @dev Of any terms at all: what is refused is refused by name, what is accepted has all its days.
    function testFuzz_check__anySchedule__daysInOrder(
        uint24[3] calldata days_,
        uint16[3] calldata numbers,
        bool isMonthly,
        bool endOfMonth,
        bool plausible
    ) external view {
        Schedule memory schedule = Schedule({
            issueDay: days_[0],
            maturityDay: days_[1],
            anchorDay: days_[2],
            anchorPeriod: numbers[0],
            periods: numbers[1],
            step: numbers[2],
            unit: isMonthly ? PeriodUnit.MONTH : PeriodUnit.DAY,
            endOfMonth: endOfMonth
        });
        if (plausible) {
            schedule.issueDay = uint24(15_000 + schedule.issueDay % 20_000);
            schedule.maturityDay = schedule.issueDay + 1 + schedule.maturityDay % 4_000;
            schedule.anchorDay = uint24(bound(schedule.anchorDay, schedule.issueDay, schedule.maturityDay));
            schedule.periods = 1 + schedule.periods % 30;
            schedule.anchorPeriod = schedule.anchorPeriod % (schedule.periods + 1);
            if (schedule.anchorPeriod == 0) schedule.anchorDay = schedule.issueDay;
            if (schedule.anchorPeriod == schedule.periods) schedule.anchorDay = schedule.maturityDay;
            schedule.step = 1 + schedule.step % (schedule.unit == PeriodUnit.DAY ? 200 : 13);
        }
        if (!_isAccepted(schedule)) return;
        for (uint256 k = 1; k <= schedule.periods; ++k) {
            assertGe(schedule.dueDay(k), uint256(schedule.dueDay(k - 1)) + 1, "SCHEDULE-2: in order, of any schedule");
        }
        assertLe(schedule.maturityDay, 120_530, "SCHEDULE-2: and before the year 2300");
    }

    /* YEAR FRACTIONS */

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_fraction__anyConvention__sameAsCounted(uint256 seed, uint8 pick, uint256 first, uint256 second)
        external
        view
    {
        (Terms memory terms, uint24 start, uint24 end) = _stretch(seed, pick, first, second);

        (uint256 numerator, uint256 denominator) = FractionLib.between(terms, world.calendar, start, end);

        (uint256 n, uint256 d) = NaiveTime.fraction(terms.dayCount, terms.schedule, start, end);
        assertEq(numerator * d, n * denominator, "COUNT-1: the year fraction is that of counting");
        assertLe(numerator, 1 << 36, "COUNT-3: within its bounds");
        assertTrue(denominator != 0 && denominator < 1 << 36, "COUNT-3: with a denominator");
        _checkLength(terms, start, end, numerator, denominator);
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_fraction__splitStretch__addsUp(uint256 seed, uint8 pick, uint256 first, uint256 second)
        external
        view
    {
        uint8[6] memory additive = [
            uint8(DayCount.ACT_ACT_ICMA),
            uint8(DayCount.ACT_360),
            uint8(DayCount.ACT_365F),
            uint8(DayCount.ACT_ACT_ISDA),
            uint8(DayCount.NL_365),
            uint8(DayCount.BUS_252)
        ];
        (Terms memory terms, uint24 middle, uint24 end) = _stretch(seed, additive[pick % 6], first, second);
        uint24 start = terms.schedule.issueDay;

        (uint256 n1, uint256 d1) = FractionLib.between(terms, world.calendar, start, middle);
        (uint256 n2, uint256 d2) = FractionLib.between(terms, world.calendar, middle, end);
        (uint256 n, uint256 d) = FractionLib.between(terms, world.calendar, start, end);

        assertEq((n1 * d2 + n2 * d1) * d, n * d1 * d2, "COUNT-2: parts of a stretch add up to it");
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_fraction__regularPeriod__isItsPartOfAYear(uint256 seed, uint256 pick) external view {
        Terms memory terms;
        terms.schedule = _accepted(seed, 20_000, 30_000);
        if (terms.schedule.unit == PeriodUnit.DAY) return;
        int256 number = int256(bound(pick, 0, uint256(terms.schedule.periods) + 1)) - 1;
        uint24 start = terms.schedule.regularDay(number);

        (uint256 n, uint256 d) =
            FractionLib.between(terms, world.calendar, start, terms.schedule.regularDay(number + 1));

        assertEq(n * 12, d * terms.schedule.step, "COUNT-4: a regular period of ACT/ACT ICMA is its months of twelve");
    }

    /* CASES */

    /// @dev No convention is more than a few days a year from the calendar; BUS/252 has its own year.
    function _checkLength(Terms memory terms, uint24 start, uint24 end, uint256 n, uint256 d) private pure {
        if (terms.dayCount == DayCount.BUS_252) return;
        uint256 scaled = n * 365_000 / d;
        uint256 length = uint256(end - start) * 1_000;
        // Two hundredths, for 360 of 365 and leap years, and four days for ends of months; of ICMA with grids of days, none.
        uint256 margin = length / 50 + 4_000;
        if (terms.dayCount == DayCount.ACT_ACT_ICMA) margin = length / 8 + 4_000;
        assertLe(scaled, length + margin, "COUNT-3: a year fraction is about the days of a year");
        assertGe(scaled + margin, length, "COUNT-3: neither more nor less");
    }

    /// @return terms With a schedule in the years of the market.
    /// @return start Of a stretch within it.
    function _stretch(uint256 seed, uint8 pick, uint256 first, uint256 second)
        private
        view
        returns (Terms memory terms, uint24 start, uint24 end)
    {
        terms.dayCount = DayCount(pick % (uint8(type(DayCount).max) + 1));
        terms.calendar = MARKET;
        bool isShort = terms.dayCount == DayCount.BUS_252;
        uint256 low = isShort ? Naive.dayOf(FIRST_YEAR, 1, 1) : 15_000;
        uint256 high = isShort ? Naive.dayOf(LAST_YEAR, 12, 31) : 60_000;
        terms.schedule = _accepted(seed, low, high);
        if (terms.dayCount == DayCount.ACT_ACT_ICMA && terms.schedule.unit == PeriodUnit.DAY) {
            terms.dayCount = DayCount.ACT_365F;
        }
        start = uint24(bound(first, terms.schedule.issueDay, terms.schedule.maturityDay));
        end = uint24(bound(second, start, terms.schedule.maturityDay));
    }

    /// @return schedule One that is accepted, within some days: grids of days and months, anchored anywhere, with stubs of any
    /// kind at both ends.
    function _accepted(uint256 seed, uint256 low, uint256 high) private view returns (Schedule memory schedule) {
        seed = uint256(keccak256(abi.encode(seed)));
        schedule.unit = PeriodUnit(seed % 2);
        uint256 longest = (high - low) / (schedule.unit == PeriodUnit.DAY ? 12 : 360);
        uint256 usual = schedule.unit == PeriodUnit.DAY ? 400 : 13;
        schedule.step = uint16(1 + (seed >> 8) % (longest < usual ? longest : usual));
        schedule.anchorDay = uint24(low + (high - low) / 3 + (seed >> 24) % ((high - low) / 3));
        schedule.endOfMonth = schedule.unit == PeriodUnit.MONTH && (seed >> 56) % 3 == 0;
        if (schedule.endOfMonth) schedule.anchorDay = uint24(NaiveTime.monthEnd(schedule.anchorDay));

        uint256 days_ = schedule.step * (schedule.unit == PeriodUnit.DAY ? 1 : 31);
        uint256 after_ = (seed >> 64) % 40;
        uint256 before = (seed >> 80) % 40;
        while (schedule.anchorDay + (after_ + 2) * days_ > high) --after_;
        while (schedule.anchorDay < low + (before + 3) * days_) --before;
        schedule.anchorPeriod = uint16(before);
        schedule.periods = uint16(before + after_);
        _setEnds(schedule, seed);
        assertTrue(_isAccepted(schedule), "SCHEDULE-6: what should be accepted is");
    }

    /// @dev The issue day is the anchor, or anywhere before the first due day; maturity likewise.
    function _setEnds(Schedule memory schedule, uint256 seed) private pure {
        if (schedule.periods == 0) schedule.periods = 1;
        bool isAnchored = schedule.anchorPeriod == 0;
        bool endsOnAnchor = schedule.anchorPeriod == schedule.periods;
        schedule.issueDay = isAnchored ? schedule.anchorDay : uint24(NaiveTime.regularDay(schedule, 0));
        schedule.maturityDay = uint24(NaiveTime.regularDay(schedule, int256(uint256(schedule.periods))));
        if (endsOnAnchor) schedule.maturityDay = schedule.anchorDay;
        if (!isAnchored && (seed >> 96) % 2 == 0) {
            uint256 first = NaiveTime.regularDay(schedule, -1);
            uint256 due = NaiveTime.dueDay(schedule, 1);
            schedule.issueDay = uint24(first + (seed >> 104) % (due - first));
        }
        if (!endsOnAnchor && (seed >> 136) % 2 == 0) {
            uint256 from = NaiveTime.dueDay(schedule, schedule.periods - 1) + 1;
            uint256 to = NaiveTime.regularDay(schedule, int256(uint256(schedule.periods)) + 1);
            schedule.maturityDay = uint24(from + (seed >> 144) % (to + 1 - from));
        }
    }

    function _isAccepted(Schedule memory schedule) private view returns (bool accepted) {
        Terms memory terms = _terms(1);
        (terms.schedule, terms.dayCount) = (schedule, DayCount.ACT_365F);
        try this.check(terms) {
            accepted = true;
        } catch {}
    }

    function check(Terms calldata terms) external view {
        Provisions memory none;
        TermsCheckLib.check(terms, none, true);
    }
}
