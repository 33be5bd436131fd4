// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBenchmarks} from "../../benchmark/interfaces/IBenchmarks.sol";
import {Fallback, Floating, Inflation, KpiTest, Renewal} from "../../bond/interfaces/Provisions.sol";
import {IBusinessCalendar, RollConvention} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../../libraries/DateLib.sol";
import {Fixing, FixingSource} from "../interfaces/ServicingTypes.sol";

/// @notice Where to look, and when a fallback applies.
/// @param isLate Whether a fallback may stand in by now.
struct Lookup {
    IBenchmarks benchmarks;
    IBusinessCalendar calendar;
    bool isLate;
}

/// @title FixingLib
/// @notice Looks up published values for a period, and falls back by rule when none comes. Each function writes rate, source, value
/// and day, or the index ratio, into a fixing; its answer is whether there was something to write.
library FixingLib {
    uint256 internal constant WHOLE = 1e9;
    /// @dev Days before the observed one in which a last value is looked for.
    uint256 internal constant LOOKBACK = 31;
    /// @dev Months before the observed one in which a last price index is looked for.
    uint256 internal constant LOOKBACK_MONTHS = 12;

    /// @param otherwise Market of the bond, where the benchmark is not registered: its fallback then applies in time.
    /// @return The day observed for a period that begins, or ends, on `day`: a business day of the benchmark's market.
    function observedDay(
        IBenchmarks benchmarks,
        IBusinessCalendar calendar,
        bytes8 code,
        bytes8 otherwise,
        uint24 day,
        uint256 lag
    ) internal view returns (uint24) {
        bytes8 market = benchmarks.benchmarkOf(code).market;
        if (market == 0) market = otherwise;
        return
            lag == 0
                ? calendar.roll(market, day, RollConvention.PRECEDING)
                : calendar.businessDaysBefore(market, day, lag);
    }

    /// @notice A term rate, observed on `day`.
    /// @param previous Rate of the period before.
    function term(
        Lookup memory look,
        Fixing memory found,
        Floating memory floating,
        uint24 day,
        uint32 previous,
        bool isFirst
    ) internal view returns (bool) {
        (bool isThere, int64 value) = look.benchmarks.valueOn(floating.benchmark, day);
        if (isThere) {
            (found.source, found.value, found.day) = (FixingSource.PUBLISHED, value, day);
        } else {
            if (!_isGivenUp(look, floating.benchmark, day)) return false;
            if (floating.fallbackRule == Fallback.LAST_VALUE) {
                (isThere, found.value, found.day) = look.benchmarks.lastValue(floating.benchmark, day, LOOKBACK);
                found.source = FixingSource.LAST_VALUE;
            }
        }
        if (isThere) found.rate = _allIn(floating, _rounded(floating, found.value, 1));
        else _fallBack(found, floating, previous, isFirst);
        return true;
    }

    /// @notice The rate compounded in arrears from `first` to `last`: (I1 / I0 - 1) * basis / days, rounded once.
    function compounded(
        Lookup memory look,
        Fixing memory found,
        Floating memory floating,
        uint24 first,
        uint24 last,
        uint32 previous,
        bool isFirst
    ) internal view returns (bool) {
        (bool hasStart,, uint256 start) = look.benchmarks.indexOn(floating.benchmark, first);
        (bool hasEnd, bool isComplete, uint256 end) = look.benchmarks.indexOn(floating.benchmark, last);
        if (!hasStart || !hasEnd || !isComplete) {
            if (!look.isLate) return false;
            if (!hasStart || !hasEnd || floating.fallbackRule != Fallback.LAST_VALUE) {
                _fallBack(found, floating, previous, isFirst);
                return true;
            }
        }
        found.source = isComplete ? FixingSource.PUBLISHED : FixingSource.LAST_VALUE;
        found.day = last;
        int256 rate;
        if (last > first) {
            uint256 basis = look.benchmarks.benchmarkOf(floating.benchmark).basis;
            rate = _rounded(
                floating, (int256(end) - int256(start)) * int256(WHOLE * basis), start * uint256(last - first)
            );
        }
        found.value = int64(rate);
        found.rate = _allIn(floating, rate);
        return true;
    }

    /// @notice The rate of a new cycle: a term rate with spread and step-up; else the rate before it with the step-up.
    function renewed(Lookup memory look, Fixing memory found, Renewal memory renewal, uint24 day, uint32 previous)
        internal
        view
        returns (bool)
    {
        (bool isThere, int64 value) = look.benchmarks.valueOn(renewal.benchmark, day);
        if (!isThere && !_isGivenUp(look, renewal.benchmark, day)) return false;
        (found.source, found.value, found.day) =
            isThere ? (FixingSource.PUBLISHED, value, day) : (FixingSource.PREVIOUS_RATE, int64(0), uint24(0));
        int256 base = isThere ? int256(value) + renewal.spread : int256(uint256(previous));
        found.rate = bounded(base + renewal.stepUp);
        return true;
    }

    /// @notice A figure, tested: a miss adds the step to the rate in `found`.
    function tested(Lookup memory look, Fixing memory found, KpiTest memory test) internal view returns (bool) {
        (bool isThere, int64 value) = look.benchmarks.valueOn(test.benchmark, test.day);
        if (!isThere && !_isGivenUp(look, test.benchmark, test.day)) return false;
        (found.source, found.value, found.day) =
            isThere ? (FixingSource.PUBLISHED, value, test.day) : (FixingSource.NOT_PUBLISHED, int64(0), uint24(0));
        return true;
    }

    /// @return Whether a published figure misses its test.
    function isMissed(KpiTest memory test, Fixing memory found) internal pure returns (bool) {
        if (found.source == FixingSource.NOT_PUBLISHED) return true;
        return test.atMost ? found.value > test.target : found.value < test.target;
    }

    /// @notice The ratio of a price index on `day` to its base, half up to the places of the terms.
    function priceIndexed(Lookup memory look, Fixing memory found, Inflation memory inflation, uint24 day)
        internal
        view
        returns (bool)
    {
        (uint256 year, uint256 month, uint256 dayOfMonth) = DateLib.toCivil(day);
        uint24 first = DateLib.addMonths(uint24(day + 1 - dayOfMonth), -int256(uint256(inflation.lagMonths)));
        found.source = FixingSource.PUBLISHED;
        (bool isThere, int256 numerator) = _level(look, found, inflation.benchmark, first);
        if (!isThere) return false;
        uint256 denominator = 1;
        if (inflation.interpolated && dayOfMonth != 1) {
            int256 next;
            (isThere, next) = _level(look, found, inflation.benchmark, DateLib.addMonths(first, 1));
            if (!isThere) return false;
            denominator = DateLib.daysInMonth(year, month);
            numerator = numerator * int256(denominator) + (next - numerator) * int256(dayOfMonth - 1);
        }
        uint256 step = 10 ** (9 - inflation.places);
        int256 ratio = roundHalfUp(numerator * int256(WHOLE / step), inflation.base * denominator) * int256(step);
        found.indexRatio = SafeCast.toUint64(uint256(ratio)); // both indices are above zero
        (found.value, found.day) = (int64(numerator / int256(denominator)), day);
        return true;
    }

    /// @return The rate, at least 0 and at most what the chain can hold.
    function bounded(int256 rate) internal pure returns (uint32) {
        if (rate < 0) return 0;
        return rate > int256(uint256(type(uint32).max)) ? type(uint32).max : uint32(uint256(rate));
    }

    /// @return `numerator / denominator`, a half rounded towards plus infinity.
    function roundHalfUp(int256 numerator, uint256 denominator) internal pure returns (int256) {
        int256 doubled = 2 * numerator + int256(denominator);
        int256 divisor = 2 * int256(denominator);
        int256 quotient = doubled / divisor;
        return doubled < 0 && quotient * divisor != doubled ? quotient - 1 : quotient;
    }

    /// @return A rate, `numerator / denominator` billionths, to the places of the terms.
    function _rounded(Floating memory floating, int256 numerator, uint256 denominator) private pure returns (int256) {
        uint256 step = 10 ** (7 - floating.places);
        return roundHalfUp(numerator, denominator * step) * int256(step);
    }

    function _allIn(Floating memory floating, int256 rate) private pure returns (uint32) {
        rate += floating.spread;
        if (rate < int256(uint256(floating.floor))) return floating.floor;
        return rate > int256(uint256(floating.cap)) ? floating.cap : uint32(uint256(rate));
    }

    /// @dev Rates of a fallback are all in: no spread, floor or cap.
    function _fallBack(Fixing memory found, Floating memory floating, uint32 previous, bool isFirst) private pure {
        bool isFixed = isFirst || floating.fallbackRule == Fallback.FIXED_RATE;
        found.source =
            floating.fallbackRule == Fallback.FIXED_RATE ? FixingSource.FIXED_RATE : FixingSource.PREVIOUS_RATE;
        (found.rate, found.value, found.day) = (isFixed ? floating.fallbackRate : previous, 0, 0);
    }

    /// @return Whether a fallback may stand in: it is late, and no value lies there that only can still be corrected.
    function _isGivenUp(Lookup memory look, bytes8 code, uint24 day) private view returns (bool) {
        return look.isLate && look.benchmarks.publicationOf(code, day).finalAt <= block.timestamp;
    }

    function _level(Lookup memory look, Fixing memory found, bytes8 code, uint24 day)
        private
        view
        returns (bool isThere, int256 level)
    {
        int64 value;
        (isThere, value) = look.benchmarks.valueOn(code, day);
        if (!isThere && look.isLate) {
            (isThere, value,) = look.benchmarks.lastValue(code, day, LOOKBACK_MONTHS);
            found.source = FixingSource.LAST_VALUE;
        }
        return (isThere, value);
    }
}
