// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {KpiTest, Renewal} from "../bond/interfaces/Provisions.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {InterestBase} from "./InterestBase.sol";
import {IServicingFixings} from "./interfaces/IServicingFixings.sol";
import {Fixing, FixingSource} from "./interfaces/ServicingTypes.sol";
import {FixingLib, Lookup} from "./libraries/FixingLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";

/// @title ServicingFixings
/// @notice The part of the Servicing that fixes what the terms leave open: rates, ratios, factors; and deferral.
/// @dev - A figure is fixed once, period by period, from what is published, by anyone. When nothing is published in time the fallback
///   of the terms applies, so that no silence holds up a payment.
contract ServicingFixings is InterestBase, IServicingFixings {
    using InterestLib for Deal;
    using ScheduleLib for Schedule;
    using TermsLib for Terms;

    /// @dev Principal or arrears that grow past this, 2**70 of 1e18 or 1,180 times the face, would not fit the amounts.
    uint256 internal constant MOST_FACTOR = 1 << 70;

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) InterestBase(factory, benchmarks, next) {}

    /* FIXING */

    /// @inheritdoc IServicingFixings
    function fix(IBond bond, uint16 period) external {
        _checkServed(bond);
        Deal memory deal = _dealOf(bond, period);
        require(deal.needsFixing(), FixingNotNeeded(address(bond)));
        // The end of an adjusted period is the day that was announced, once it can be.
        if (deal.terms.adjusted) bond.advance();
        uint16 next = _nextToFix(deal);
        require(period == next && period <= deal.last, FixingOutOfOrder(address(bond), period, next));

        Fixing memory previous = _before(deal, period);
        Fixing memory found = _fixings[bond][period];
        _findRate(deal, period, previous.rate, found);
        _rollForward(deal, period, previous, found);
        found.fixedAt = uint40(block.timestamp);
        _fixings[bond][period] = found;
        _states[bond].fixedPeriods = period;

        emit PeriodFixed(
            bond,
            period,
            found.rate,
            found.source,
            found.value,
            found.day,
            found.indexRatio,
            found.factor,
            found.arrears,
            msg.sender
        );
    }

    /// @inheritdoc IServicingFixings
    function deferInterest(IBond bond, uint16 period) external {
        _checkServed(bond);
        Deal memory deal = _dealOf(bond, period);
        uint16 noticeDays = deal.provisions.deferral.noticeDays;
        uint16 latest = _nextToFix(deal) - 1;
        Fixing memory found = _fixings[bond][period];
        _checkIssuer(deal);
        require(
            noticeDays != 0 && period != 0 && period < deal.last && !found.isDeferred
                && (period == latest || period == latest + 1),
            DeferralRefused(address(bond), period)
        );
        _checkNotice(deal, period, noticeDays);

        found.isDeferred = true;
        if (found.fixedAt != 0) _rollForward(deal, period, _before(deal, period), found);
        _fixings[bond][period] = found;

        emit InterestDeferred(bond, period, found.arrears, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IServicingFixings
    function fixing(IBond bond, uint16 period) external view returns (Fixing memory) {
        return _fixings[bond][period];
    }

    /// @inheritdoc IServicingFixings
    function fixedPeriods(IBond bond) external view returns (uint16) {
        return _states[bond].fixedPeriods;
    }

    /* INTERNAL */

    /// @return next The period that is fixed next: where the terms before a version left nothing open, its first.
    function _nextToFix(Deal memory deal) internal view returns (uint16 next) {
        next = _states[deal.bond].fixedPeriods + 1;
        uint16 versions = _states[deal.bond].versions;
        for (uint256 i = 1; i <= versions && deal.from > next; ++i) {
            uint16 from = _versions[deal.bond][i].from;
            if (from > next && !_dealOf(deal.bond, next).needsFixing()) next = from;
        }
    }

    function _findRate(Deal memory deal, uint16 period, uint32 previous, Fixing memory found) internal view {
        CouponKind kind = deal.terms.kind;
        uint24 start = deal.accrualDay(period - 1);
        bool isSealed = kind == CouponKind.STEP || period == deal.from || period == deal.extendedFrom;
        found.rate = isSealed ? deal.sealedRate(period) : previous;
        if (kind == CouponKind.FLOATING) return _findFloating(deal, period, start, previous, found);
        Renewal memory renewal = deal.provisions.renewal;
        uint16 sealedPeriods = deal.sealedPeriods;
        if (renewal.periods != 0 && period > sealedPeriods && (period - 1 - sealedPeriods) % renewal.periods == 0) {
            uint24 day = _observedDay(deal, renewal.benchmark, start, renewal.lag);
            Lookup memory look = _look(deal, period, day, day);
            bool isFound = FixingLib.renewed(look, found, renewal, day, previous);
            return _requireFound(deal, isFound, period, renewal.benchmark, day, day);
        }
        if (kind == CouponKind.INFLATION) {
            uint24 due = deal.terms.schedule.dueDay(period);
            Lookup memory look = _look(deal, period, start, due);
            bool isFound = FixingLib.priceIndexed(look, found, deal.provisions.inflation, due);
            if (!isFound && look.isLate) {
                // Not even a month of the year before: the ratio stays, so that no silence holds up a payment for ever.
                found.source = FixingSource.PREVIOUS_RATE;
                found.indexRatio =
                    period == 1 ? uint64(RoundingLib.RATE_SCALE) : _fixings[deal.bond][period - 1].indexRatio;
                isFound = true;
            }
            return _requireFound(deal, isFound, period, deal.provisions.inflation.benchmark, due, due);
        }
        Lookup memory from = _look(deal, period, start, start);
        if (kind == CouponKind.KPI) _findKpi(deal, period, start, from, found);
    }

    function _findFloating(Deal memory deal, uint16 period, uint24 start, uint32 previous, Fixing memory found)
        internal
        view
    {
        bytes8 code = deal.provisions.floating.benchmark;
        uint8 lag = deal.provisions.floating.lag;
        uint24 day = _observedDay(deal, code, start, lag);
        bool isFound;
        if (deal.provisions.floating.compounded) {
            uint24 first = day;
            day = _observedDay(deal, code, deal.accrualDay(period), lag);
            isFound = FixingLib.compounded(
                _look(deal, period, day, day), found, deal.provisions.floating, first, day, previous, period == 1
            );
        } else {
            isFound = FixingLib.term(
                _look(deal, period, day, day), found, deal.provisions.floating, day, previous, period == 1
            );
        }
        _requireFound(deal, isFound, period, code, day, day);
    }

    function _findKpi(Deal memory deal, uint16 period, uint24 start, Lookup memory look, Fixing memory found)
        internal
        view
    {
        int256 rate = int256(uint256(found.rate));
        for (uint256 i; i < deal.provisions.tests.length; ++i) {
            KpiTest memory test = deal.provisions.tests[i];
            if (test.period != period) continue;
            bool isFound = FixingLib.tested(look, found, test);
            _requireFound(deal, isFound, period, test.benchmark, test.day, start);
            if (FixingLib.isMissed(test, found)) rate += test.step;
        }
        found.rate = FixingLib.bounded(rate);
    }

    /// @param from Day, in the bond's zone, from which the period can be fixed.
    /// @param observed Day from which the days to the fallback count.
    function _look(Deal memory deal, uint16 period, uint24 from, uint24 observed)
        internal
        view
        returns (Lookup memory)
    {
        uint24 today = deal.terms.dayOf(block.timestamp);
        require(today >= from, FixingTooEarly(address(deal.bond), period, from, today));
        return Lookup({
            benchmarks: BENCHMARKS,
            calendar: deal.calendar,
            isLate: today >= uint256(observed) + deal.provisions.fallbackDays
        });
    }

    /// @dev Factor and arrears after a period whose rate is known.
    function _rollForward(Deal memory deal, uint16 period, Fixing memory previous, Fixing memory found) internal view {
        found.factor = previous.factor;
        found.arrears = 0;
        if (deal.provisions.instalments.length + deal.calls.length != 0) {
            found.factor = uint128(deal.scheduledFactor(period));
            return;
        }
        if (!deal.isCapitalised(period) && !found.isDeferred) return;

        (uint256 numerator, uint256 denominator) = deal.fractionOf(period);
        uint256 added = InterestLib.growth(previous.factor, found.rate, numerator, denominator);
        if (found.isDeferred) {
            uint256 arrears = _grownArrears(deal, previous.arrears, found.rate, numerator, denominator) + added;
            found.arrears = uint128(arrears < MOST_FACTOR ? arrears : MOST_FACTOR);
        } else {
            uint256 factor = previous.factor + added;
            found.factor = uint128(factor < MOST_FACTOR ? factor : MOST_FACTOR);
        }
    }

    function _checkIssuer(Deal memory deal) internal view {
        require(msg.sender == deal.terms.issuerAccount, ServicingCallerRefused(address(deal.bond), msg.sender));
    }

    function _checkNotice(Deal memory deal, uint256 period, uint16 noticeDays) internal view {
        uint24 due = deal.terms.schedule.dueDay(period);
        uint256 until = deal.terms.instant(due, 0) - uint256(noticeDays) * 1 days;
        require(block.timestamp <= until, NoticeTooLate(address(deal.bond), until, block.timestamp));
    }
}
