// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {TermsLib} from "../bond/libraries/TermsLib.sol";
import {ServicingBase} from "./ServicingBase.sol";
import {Fixing} from "./interfaces/ServicingTypes.sol";
import {FixingLib} from "./libraries/FixingLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";

/// @title InterestBase
/// @notice What the parts that fix and compute share.
abstract contract InterestBase is ServicingBase {
    IBenchmarks public immutable BENCHMARKS;

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) ServicingBase(factory, next) {
        BENCHMARKS = benchmarks;
    }

    function _dealOf(IBond bond) internal view returns (Deal memory deal) {
        _checkBond(bond);
        deal.bond = bond;
        deal.terms = bond.terms();
        deal.last = deal.terms.schedule.periods + bond.book().extended;
        deal.calendar = bond.suite().calendar;
        deal.scale = 1;
        if (!TermsLib.hasProvisions(address(bond))) return deal;
        deal.provisions = TermsLib.provisionsOf(address(bond));
        deal.scale = InterestLib.FACTOR_SCALE;
    }

    /// @return previous The figures of the period before; before the first one, those of the issue.
    function _before(Deal memory deal, uint256 period) internal view returns (Fixing memory previous) {
        if (period > 1) return _fixings[deal.bond][period - 1];
        (previous.rate, previous.factor) = (deal.terms.couponRate, uint128(InterestLib.FACTOR_SCALE));
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
