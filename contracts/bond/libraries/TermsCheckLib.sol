// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RollConvention} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../../libraries/DateLib.sol";
import {DayCount} from "../../libraries/DayCountLib.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {IBondFactory} from "../interfaces/IBondFactory.sol";
import {
    Accretion,
    Deferral,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
    Step,
    Withholding
} from "../interfaces/Provisions.sol";
import {PeriodUnit, Schedule, ScheduleLib} from "./ScheduleLib.sol";
import {CouponKind, Terms, TermsLib} from "./TermsLib.sol";

/// @title TermsCheckLib
/// @notice What terms must keep so that every amount of the bond can be computed, fits, and means one thing.
library TermsCheckLib {
    using ScheduleLib for Schedule;

    /// @dev 2300-01-01: beyond any bond, and leaves the calendar's own end its margin.
    uint24 internal constant LAST_DAY = 120_530;
    /// @dev Notice must end before the days of a payment are announced, 30 days before it is due.
    uint16 internal constant LEAST_NOTICE = 31;
    uint16 internal constant MOST_NOTICE = 366;
    /// @dev In business days: a period is then never fixed before notice for the one before it has ended.
    uint8 internal constant MOST_LAG = 10;
    uint24 internal constant ALL_CLASSES = type(uint24).max;

    /// @param isPlain Whether there are no provisions.
    function check(Terms memory terms, Provisions memory provisions, bool isPlain) internal view {
        _checkCore(terms);
        _checkSchedule(terms);
        if (isPlain && (terms.kind == CouponKind.FIXED)) return;
        _check(terms.couponRate != TermsLib.TO_BE_FIXED, "couponRate");
        // Products of face, factor, rate and year fraction then fit 256 bits.
        _check(terms.faceValue < 1 << 80, "faceValue");
        _checkCoupon(terms, provisions);
        _checkPrincipal(terms, provisions);
        _checkRights(terms, provisions);
        _checkWithholdings(provisions);
        // On the day itself, a fallback would forestall what is published that day.
        bool isObserving = provisions.floating.benchmark | provisions.inflation.benchmark | provisions.renewal.benchmark
                != 0 || provisions.tests.length != 0;
        _check(provisions.fallbackDays <= 366 && (provisions.fallbackDays != 0 || !isObserving), "fallbackDays");
    }

    function _checkCore(Terms memory terms) private view {
        _check(terms.currency.code.length != 0, "currency");
        _check(terms.faceValue != 0, "faceValue");
        // What a payment can come to must fit the escrow's 128 bits: units * faceValue, with a coupon of at most 430 %.
        _check(terms.units != 0 && uint256(terms.units) * terms.faceValue < 1 << 120, "units");
        _check(terms.minimumUnits != 0 && terms.minimumUnits <= terms.units, "minimumUnits");
        _check(terms.eligible != 0, "eligible");
        _check(terms.calendar != 0, "calendar");
        _check(terms.recordBusinessDays <= 10, "recordBusinessDays");
        _check(terms.cutOff <= 1 days, "cutOff");
        _check(terms.utcOffset >= -12 * 60 && terms.utcOffset <= 14 * 60, "utcOffset");
        _check(terms.termSheetHash != 0, "termSheetHash");
        uint256 length = bytes(terms.name).length;
        _check(length != 0 && length <= 64, "name");
        length = bytes(terms.symbol).length;
        _check(length != 0 && length <= 35, "symbol");
    }

    function _checkSchedule(Terms memory terms) private pure {
        Schedule memory schedule = terms.schedule;
        uint16 periods = schedule.periods;
        _check(schedule.issueDay != 0 && schedule.issueDay < LAST_DAY, "issueDay");
        _check(schedule.maturityDay > schedule.issueDay && schedule.maturityDay <= LAST_DAY, "maturityDay");
        _check(periods != 0 && periods <= 1200, "periods");
        _check(schedule.step != 0 && schedule.step <= 12_000, "step");
        _check(
            schedule.anchorPeriod == 0
                ? schedule.anchorDay == schedule.issueDay
                : schedule.anchorPeriod <= periods && schedule.anchorDay > schedule.issueDay,
            "anchorDay"
        );
        _check(schedule.anchorPeriod != periods || schedule.anchorDay == schedule.maturityDay, "anchorDay");
        bool isMonthly = schedule.unit == PeriodUnit.MONTH;
        _check(
            !schedule.endOfMonth || (isMonthly && schedule.anchorDay == DateLib.monthEnd(schedule.anchorDay)),
            "endOfMonth"
        );
        // Stubs are shorter than two regular periods, and no period is empty.
        _check(schedule.issueDay < schedule.dueDay(1) && schedule.issueDay >= schedule.regularDay(-1), "issueDay");
        _check(
            schedule.maturityDay > schedule.dueDay(periods - 1)
                && schedule.maturityDay <= schedule.regularDay(int256(uint256(periods)) + 1),
            "maturityDay"
        );
        // ICMA counts regular periods of months: days that are moved contradict it.
        _check(terms.dayCount != DayCount.ACT_ACT_ICMA || (isMonthly && !terms.adjusted), "dayCount");
        _check(!terms.adjusted || terms.roll != RollConvention.UNADJUSTED, "adjusted");
    }

    function _checkCoupon(Terms memory terms, Provisions memory provisions) private pure {
        uint16 periods = terms.schedule.periods;
        CouponKind kind = terms.kind;

        uint256 count = provisions.steps.length;
        _check((count != 0) == (kind == CouponKind.STEP), "steps");
        uint16 last = 1;
        for (uint256 i; i < count; ++i) {
            Step memory step = provisions.steps[i];
            _check(step.period > last && step.period <= periods && step.rate != TermsLib.TO_BE_FIXED, "steps");
            last = step.period;
        }

        Floating memory floating = provisions.floating;
        _check((floating.benchmark != 0) == (kind == CouponKind.FLOATING), "floating");
        _check(floating.floor <= floating.cap, "floor");
        _check(floating.places <= 7, "places");
        _check(floating.lag <= MOST_LAG && (!floating.compounded || floating.lag != 0), "lag");

        Inflation memory inflation = provisions.inflation;
        _check((inflation.benchmark != 0) == (kind == CouponKind.INFLATION), "inflation");
        // From one index point on, the ratio of any published value fits 64 bits.
        bool isIndexed = inflation.base >= RoundingLib.RATE_SCALE && inflation.lagMonths != 0;
        _check(kind != CouponKind.INFLATION || isIndexed, "inflation");
        _check(inflation.places <= 9 && inflation.lagMonths <= 24, "inflation");

        count = provisions.tests.length;
        _check((count != 0) == (kind == CouponKind.KPI), "tests");
        last = 1;
        for (uint256 i; i < count; ++i) {
            KpiTest memory test = provisions.tests[i];
            _check(test.benchmark != 0 && test.period >= last && test.period <= periods, "tests");
            _check(test.period > 1 && test.day <= terms.schedule.dueDay(test.period - 1), "tests");
            last = test.period;
        }

        Accretion memory accretion = provisions.accretion;
        if (kind != CouponKind.ZERO) {
            _check(accretion.issuePrice == 0 && accretion.yieldRate == 0, "accretion");
            return;
        }
        _check(terms.couponRate == 0, "couponRate");
        _check(periods == 1, "periods");
        _check(accretion.issuePrice != 0 && accretion.issuePrice < terms.faceValue, "accretion");
        _check((accretion.yieldRate == 0) == (accretion.monthsPerCompounding == 0), "accretion");
    }

    function _checkPrincipal(Terms memory terms, Provisions memory provisions) private pure {
        uint16 periods = terms.schedule.periods;
        uint256 count = provisions.instalments.length;
        uint16 last;
        uint256 total;
        for (uint256 i; i < count; ++i) {
            Instalment memory instalment = provisions.instalments[i];
            _check(instalment.period > last && instalment.share != 0, "instalments");
            // Each is whole base units of a unit: what rounding took from one would never be repaid.
            _check(uint256(terms.faceValue) * instalment.share % RoundingLib.RATE_SCALE == 0, "instalments");
            last = instalment.period;
            total += instalment.share;
        }
        // What is repaid comes to the face, neither more nor less, and ends at maturity.
        _check(count == 0 || (last == periods && total == RoundingLib.RATE_SCALE), "instalments");
        _check(count == 0 || terms.kind != CouponKind.ZERO, "instalments");

        uint16 until = provisions.capitalisedUntil;
        _check(until < periods && (until == 0 || count == 0), "capitalisedUntil");
        _check(until == 0 || (terms.kind != CouponKind.ZERO && terms.kind != CouponKind.INFLATION), "capitalisedUntil");
    }

    function _checkRights(Terms memory terms, Provisions memory provisions) private pure {
        // What is added to principal or arrears is fixed when the period begins, and an adjusted end is not known by then.
        bool isOpen = provisions.capitalisedUntil != 0 || provisions.deferral.noticeDays != 0;
        _check(!isOpen || !terms.adjusted, "adjusted");
        bool isPlain = provisions.instalments.length == 0 && provisions.capitalisedUntil == 0;
        Schedule memory schedule = terms.schedule;
        Renewal memory renewal = provisions.renewal;
        if (renewal.periods != 0) {
            _check(terms.kind == CouponKind.FIXED && isPlain && renewal.benchmark != 0, "renewal");
            _check(_isNotice(renewal.noticeDays) && renewal.periods <= 1200, "renewal");
            _check(renewal.lag <= MOST_LAG, "renewal");
            _check(schedule.endsRegularly(), "renewal");
        }
        Deferral memory deferral = provisions.deferral;
        if (deferral.noticeDays != 0) {
            bool isBearing = terms.kind != CouponKind.ZERO && terms.kind != CouponKind.INFLATION;
            _check(_isNotice(deferral.noticeDays) && isBearing && isPlain, "deferral");
        }
    }

    function _isNotice(uint16 noticeDays) private pure returns (bool) {
        return noticeDays >= LEAST_NOTICE && noticeDays <= MOST_NOTICE;
    }

    function _checkWithholdings(Provisions memory provisions) private pure {
        uint256 count = provisions.withholdings.length;
        _check((count == 0) == (provisions.taxAccount == address(0)), "taxAccount");
        for (uint256 i; i < count; ++i) {
            Withholding memory entry = provisions.withholdings[i];
            _check(entry.rate <= RoundingLib.RATE_SCALE, "withholdings");
            // Nobody is left without a rate.
            _check(i + 1 < count || entry.classes == ALL_CLASSES, "withholdings");
        }
    }

    function _check(bool ok, bytes32 term) private pure {
        require(ok, IBondFactory.BondTermInvalid(term));
    }
}
