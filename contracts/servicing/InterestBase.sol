// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {Book, IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {TermsLib} from "../bond/libraries/TermsLib.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {Fixing, PartialCall, State, Version} from "./interfaces/ServicingTypes.sol";
import {FixingLib} from "./libraries/FixingLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";

/// @title InterestBase
/// @notice What the parts that fix and compute share.
abstract contract InterestBase is ServicingBase {
    using InterestLib for Deal;
    using ScheduleLib for Schedule;

    IBenchmarks public immutable BENCHMARKS;

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) ServicingBase(factory, next) {
        BENCHMARKS = benchmarks;
    }

    /// @return deal A bond with the terms that are in force at the start of a period; period 0 for those that were sealed.
    function _dealOf(IBond bond, uint256 period) internal view returns (Deal memory deal) {
        _checkBond(bond);
        State memory state = _states[bond];
        Version memory version = _versionAt(bond, state.versions, period);
        deal.bond = bond;
        deal.from = version.from;
        deal.terms = version.from == 0 ? bond.terms() : TermsLib.unsealFrom(version.source);
        deal.calendar = bond.suite().calendar;
        deal.sealedPeriods = deal.terms.schedule.periods;
        deal.sealedMaturity = deal.terms.schedule.maturityDay;
        _moveTerm(deal, state);
        deal.last = deal.terms.schedule.periods;
        (deal.price, deal.extendedFrom, deal.extendedRate) = (state.price, state.extendedFrom, state.extendedRate);
        deal.calls = new PartialCall[](state.calls);
        for (uint256 i; i < state.calls; ++i) {
            deal.calls[i] = _partialCalls[bond][i];
        }
        bool hasProvisions = TermsLib.hasProvisions(version.source);
        deal.scale = hasProvisions || state.calls != 0 || state.versions != 0 ? InterestLib.FACTOR_SCALE : 1;
        if (hasProvisions) deal.provisions = TermsLib.provisionsOf(version.source);
    }

    /// @dev Puts the end of the term where it was moved to.
    function _moveTerm(Deal memory deal, State memory state) private view {
        Schedule memory schedule = deal.terms.schedule;
        if (state.duePeriod != 0) {
            (schedule.periods, schedule.maturityDay, deal.isDue) = (state.duePeriod, state.dueDay, true);
            return;
        }
        Book memory book = deal.bond.book();
        if (book.last == 0) return;
        uint24 day = book.maturityDay;
        // Read before the number of periods changes: the sealed one may end on a day of its own.
        if (day == 0) day = schedule.dueDay(book.last);
        (schedule.periods, schedule.maturityDay) = (book.last, day);
    }

    /// @return The deal with the terms of another period.
    function _at(Deal memory deal, uint256 period) internal view returns (Deal memory) {
        return _states[deal.bond].versions == 0 ? deal : _dealOf(deal.bond, period);
    }

    /// @return previous The figures of the period before; where none were fixed, those that the terms began with.
    function _before(Deal memory deal, uint256 period) internal view returns (Fixing memory previous) {
        if (period > 1) {
            previous = _fixings[deal.bond][period - 1];
            if (previous.fixedAt != 0 || period != deal.from) return previous;
        }
        // A version leaves figures open where the terms before it left none.
        previous.rate = period > 1 ? _dealOf(deal.bond, period - 1).sealedRate(period - 1) : deal.terms.couponRate;
        previous.factor = uint128(deal.scheduledFactor(period - 1));
    }

    function _grownArrears(Deal memory deal, uint256 arrears, uint256 rate, uint256 numerator, uint256 denominator)
        internal
        pure
        returns (uint256)
    {
        if (!deal.provisions.deferral.bearsInterest) return arrears;
        return arrears + InterestLib.growth(arrears, rate, numerator, denominator);
    }

    function _observedDay(Deal memory deal, bytes8 code, uint24 day, uint8 lag) internal view returns (uint24) {
        return FixingLib.observedDay(BENCHMARKS, deal.calendar, code, deal.terms.calendar, day, lag);
    }

    /// @param from Day from which the days to the fallback count.
    function _requireFound(Deal memory deal, bool isFound, uint16 period, bytes8 benchmark, uint24 day, uint24 from)
        internal
        pure
    {
        uint256 fallbackDay = uint256(from) + deal.provisions.fallbackDays;
        require(isFound, FixingNotPublished(address(deal.bond), period, benchmark, day, fallbackDay));
    }
}
