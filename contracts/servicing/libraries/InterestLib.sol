// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBond} from "../../bond/interfaces/IBond.sol";
import {Provisions} from "../../bond/interfaces/Provisions.sol";
import {PeriodUnit, Schedule, ScheduleLib} from "../../bond/libraries/ScheduleLib.sol";
import {CouponKind, Terms} from "../../bond/libraries/TermsLib.sol";
import {IBusinessCalendar} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {PartialCall} from "../interfaces/ServicingTypes.sol";
import {FractionLib} from "./FractionLib.sol";

/// @notice A bond with all that its amounts follow from.
/// @param terms With the term as it was moved.
/// @param calls Redemptions in part of every unit.
/// @param last The last period, as moved.
/// @param from First period of the version of the terms; 0 for those that were sealed.
/// @param sealedPeriods Number of periods before the term was moved.
/// @param sealedMaturity Maturity before it was moved.
/// @param price Of the principal at the last payment, billionths; 0 for par.
/// @param isDue Whether the bond was made due.
/// @param scale 1e18 where the principal of a unit can differ from its face, else 1.
struct Deal {
    IBond bond;
    Terms terms;
    Provisions provisions;
    IBusinessCalendar calendar;
    PartialCall[] calls;
    uint16 last;
    uint16 from;
    uint16 sealedPeriods;
    uint24 sealedMaturity;
    uint64 price;
    uint16 extendedFrom;
    uint32 extendedRate;
    bool isDue;
    uint256 scale;
}

/// @title InterestLib
/// @notice Dates, rates and factors of a period.
library InterestLib {
    using ScheduleLib for Schedule;

    uint256 internal constant FACTOR_SCALE = 1e18;
    /// @dev Days; by more than this no payment day is moved.
    uint24 internal constant LONGEST_CLOSURE = 31;
    /// @dev From billionths to factors.
    uint256 internal constant SHARE = FACTOR_SCALE / RoundingLib.RATE_SCALE;

    /// @return The day on which interest of a period ends: the due day; where interest is adjusted, the day it is paid on, as announced
    /// or as the calendar stands.
    function accrualDay(Deal memory deal, uint256 period) internal view returns (uint24) {
        uint24 due = deal.terms.schedule.dueDay(period);
        if (!deal.terms.adjusted || period == 0 || (deal.isDue && period == deal.last)) return due;
        uint24 day = rolledDay(deal, period);
        // A short first period that is rolled back beyond the issue has no days; nor has one that a closure, declared between two
        // announcements, turns round: the next one does not begin before it has ended.
        if (day < deal.terms.schedule.issueDay) day = deal.terms.schedule.issueDay;
        if (deal.terms.schedule.unit == PeriodUnit.MONTH) return day;
        while (--period != 0 && deal.terms.schedule.dueDay(period) + LONGEST_CLOSURE > due) {
            uint24 earlier = rolledDay(deal, period);
            if (earlier > day) day = earlier;
        }
        return day;
    }

    /// @return day The payment day of a period, as announced or as the calendar stands.
    function rolledDay(Deal memory deal, uint256 period) internal view returns (uint24 day) {
        day = deal.bond.paymentDays(uint16(period)).payDay;
        if (day == 0) {
            day = deal.calendar.roll(deal.terms.calendar, deal.terms.schedule.dueDay(period), deal.terms.roll);
        }
    }

    /// @return period The period in whose interest a day lies.
    function periodOf(Deal memory deal, uint24 day) internal view returns (uint256 period) {
        period = deal.terms.schedule.periodOf(day);
        if (!deal.terms.adjusted) return period;
        // No day is rolled that is far off: its year may not be published.
        Schedule memory schedule = deal.terms.schedule;
        while (
            period > 1 && day < schedule.dueDay(period - 1) + LONGEST_CLOSURE && day < accrualDay(deal, period - 1)
        ) {
            --period;
        }
        while (
            period < deal.last && day + LONGEST_CLOSURE >= schedule.dueDay(period) && day >= accrualDay(deal, period)
        ) {
            ++period;
        }
    }

    /// @return Whether a day lies at or after the end of the last period.
    function isOver(Deal memory deal, uint24 day) internal view returns (bool) {
        uint24 due = deal.terms.schedule.dueDay(deal.last);
        if (!deal.terms.adjusted) return day >= due;
        return day + LONGEST_CLOSURE >= due && day >= accrualDay(deal, deal.last);
    }

    /// @return The fraction of a year of a whole period.
    function fractionOf(Deal memory deal, uint256 period) internal view returns (uint256, uint256) {
        return FractionLib.between(deal.terms, deal.calendar, accrualDay(deal, period - 1), accrualDay(deal, period));
    }

    /// @return Whether the terms leave figures of each period open.
    function needsFixing(Deal memory deal) internal pure returns (bool) {
        CouponKind kind = deal.terms.kind;
        Provisions memory provisions = deal.provisions;
        return kind == CouponKind.FLOATING || kind == CouponKind.INFLATION || kind == CouponKind.KPI
            || provisions.capitalisedUntil != 0 || provisions.deferral.noticeDays != 0
            || provisions.renewal.periods != 0;
    }

    /// @return rate Billionths a year that the terms alone give for a period.
    function sealedRate(Deal memory deal, uint256 period) internal pure returns (uint32 rate) {
        rate = deal.terms.couponRate;
        for (uint256 i; i < deal.provisions.steps.length && deal.provisions.steps[i].period <= period; ++i) {
            rate = deal.provisions.steps[i].rate;
        }
        if (deal.from < deal.extendedFrom && period >= deal.extendedFrom) rate = deal.extendedRate;
    }

    /// @return factor Principal of a unit after a period, by instalments and calls in part, 1e18 = the face.
    function scheduledFactor(Deal memory deal, uint256 period) internal pure returns (uint256 factor) {
        factor = FACTOR_SCALE;
        for (uint256 i; i < deal.provisions.instalments.length; ++i) {
            if (deal.provisions.instalments[i].period > period) break;
            factor -= deal.provisions.instalments[i].share * SHARE;
        }
        for (uint256 i; i < deal.calls.length; ++i) {
            if (deal.calls[i].period <= period) factor -= deal.calls[i].share * SHARE;
        }
    }

    /// @return Whether interest of a period is added to the principal; that of the last one is paid, whenever it comes.
    function isCapitalised(Deal memory deal, uint256 period) internal pure returns (bool) {
        return period <= deal.provisions.capitalisedUntil && period < deal.last;
    }

    /// @return amount Principal of a unit that bears interest, base units times `deal.scale`.
    /// @param ratio Of a price index, billionths; only an inflation-linked bond uses it.
    function notional(Deal memory deal, uint256 factor, uint256 ratio) internal pure returns (uint256 amount) {
        amount = uint256(deal.terms.faceValue) * (deal.scale == 1 ? 1 : factor);
        if (deal.terms.kind == CouponKind.INFLATION) amount = amount * ratio / RoundingLib.RATE_SCALE;
    }

    /// @return What is added to a factor or to arrears at a rate over a fraction of a year, rounded down to 1e-18.
    function growth(uint256 amount, uint256 rate, uint256 numerator, uint256 denominator)
        internal
        pure
        returns (uint256)
    {
        return amount * rate * numerator / (RoundingLib.RATE_SCALE * denominator);
    }
}
