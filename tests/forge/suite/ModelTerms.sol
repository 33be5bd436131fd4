// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BenchmarkKind} from "../../../contracts/benchmark/interfaces/IBenchmarks.sol";
import {Fallback, Floating, Inflation, KpiTest, Provisions} from "../../../contracts/bond/interfaces/Provisions.sol";
import {CouponKind, Rounding, Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {RollConvention} from "../../../contracts/calendar/interfaces/IBusinessCalendar.sol";
import {Fixing, FixingSource} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {Naive} from "./Naive.sol";
import {NaiveTime} from "./NaiveTime.sol";

/// @notice What bonds say and pay by their terms, and what published values make of it.
/// @dev By the formulae of docs/interest.md, one after the other, and not by the contracts' code.
abstract contract ModelTerms {
    uint256 internal constant FACE = 1e18;
    uint256 internal constant WHOLE = 1e9;

    struct Period {
        uint256 dueDay;
        uint256 payDay;
        uint256 recordDay;
        uint256 recordTime;
        uint256 payTime;
        // Of the interest, which may end on the day that is paid on; and its fraction of a year.
        uint256 start;
        uint256 end;
        uint256 numerator;
        uint256 denominator;
    }

    /// @dev What one unit is paid, as fractions.
    struct Unit {
        uint256 interest;
        uint256 interestOver;
        uint256 principal;
        uint256 principalOver;
    }

    struct Said {
        int64 value;
        uint256 finalAt;
        uint256 index;
    }

    struct Series {
        BenchmarkKind kind;
        uint256 basis;
        uint256 correctable;
        uint256 lastDay;
    }

    /// @dev What nights have compounded to at the start of a day; complete when no night before it is missing.
    struct Index {
        uint256 day;
        uint256 level;
        bool isThere;
        bool isComplete;
    }

    /// @dev What is looked for, and whether a fallback may stand in.
    struct Search {
        bytes8 code;
        uint256 today;
        uint256 before;
        bool isFirst;
        bool isLate;
    }

    address[] public bonds;
    mapping(address bond => Terms) internal _terms;
    mapping(address bond => bytes) internal _provisions;
    mapping(address bond => bytes32) public sealedHash;
    mapping(address bond => Period[]) internal _periods;
    mapping(address bond => mapping(uint256 period => Fixing)) internal _fixings;
    mapping(address bond => uint256) public fixedPeriods;
    mapping(bytes8 code => Series) public series;
    mapping(bytes8 code => mapping(uint256 day => Said)) internal _said;

    /* BONDS */

    function addBond(address bond, Terms calldata terms) external {
        Provisions memory none;
        _addBond(bond, terms, none);
    }

    function addBond(address bond, Terms calldata terms, Provisions calldata provisions) external {
        _addBond(bond, terms, provisions);
    }

    function _addBond(address bond, Terms memory terms, Provisions memory provisions) private {
        bonds.push(bond);
        _terms[bond] = terms;
        _provisions[bond] = abi.encode(provisions);
        sealedHash[bond] = keccak256(abi.encode(terms));
        _addPeriods(bond, terms.schedule.periods);
    }

    function _addPeriods(address bond, uint256 count) internal {
        Terms memory terms = _terms[bond];
        for (; count > 0; --count) {
            uint256 k = _periods[bond].length + 1;
            Period memory each;
            each.dueDay = NaiveTime.dueDay(terms.schedule, k);
            each.payDay = Naive.roll(each.dueDay, terms.roll);
            each.recordDay = Naive.businessDaysBefore(each.payDay, terms.recordBusinessDays);
            each.payTime = _instant(terms, each.payDay, 0);
            each.recordTime = _instant(terms, each.recordDay, terms.cutOff);
            each.start = k == 1 ? terms.schedule.issueDay : _periods[bond][k - 2].end;
            each.end = terms.adjusted ? each.payDay : each.dueDay;
            (each.numerator, each.denominator) =
                NaiveTime.fraction(terms.dayCount, terms.schedule, each.start, each.end);
            _periods[bond].push(each);
        }
    }

    /// @dev The one thing that terms may leave to an offering.
    function fixCoupon(address bond, uint32 rate) external {
        _terms[bond].couponRate = rate;
        sealedHash[bond] = keccak256(abi.encode(_terms[bond]));
    }

    function bondCount() external view returns (uint256) {
        return bonds.length;
    }

    function termsOf(address bond) external view returns (Terms memory) {
        return _terms[bond];
    }

    function provisionsOf(address bond) public view returns (Provisions memory) {
        return abi.decode(_provisions[bond], (Provisions));
    }

    function provisionsHash(address bond) external view returns (bytes32) {
        return keccak256(_provisions[bond]);
    }

    /// @return The last period, as renewed so far.
    function lastOf(address bond) public view returns (uint256) {
        return _periods[bond].length;
    }

    function periodOf(address bond, uint256 period) public view returns (Period memory) {
        return _periods[bond][period - 1];
    }

    function fixingOf(address bond, uint256 period) external view returns (Fixing memory) {
        return _fixings[bond][period];
    }

    /// @return The civil day of now in the zone of the bond.
    function today(address bond) public view returns (uint256) {
        return uint256(int256(block.timestamp) + int256(_terms[bond].utcOffset) * 60) / 1 days;
    }

    /* AMOUNTS */

    function needsFixing(address bond) public view returns (bool) {
        CouponKind kind = _terms[bond].kind;
        if (kind == CouponKind.FLOATING || kind == CouponKind.INFLATION || kind == CouponKind.KPI) return true;
        Provisions memory provisions = provisionsOf(bond);
        return
            provisions.capitalisedUntil != 0 || provisions.deferral.noticeDays != 0 || provisions.renewal.periods != 0;
    }

    /// @return Whether the figures of a period are known.
    function isKnown(address bond, uint256 period) public view returns (bool) {
        return !needsFixing(bond) || _fixings[bond][period].fixedAt != 0;
    }

    /// @return Principal at the start of a period, 1e18 = the face.
    function factorBefore(address bond, uint256 period) public view returns (uint256) {
        Provisions memory provisions = provisionsOf(bond);
        if (provisions.capitalisedUntil != 0) return period == 1 ? FACE : _fixings[bond][period - 1].factor;
        return _scheduled(provisions, period - 1);
    }

    function unitOf(address bond, uint256 period) public view returns (Unit memory unit) {
        Terms memory terms = _terms[bond];
        Provisions memory provisions = provisionsOf(bond);
        unit.interestOver = unit.principalOver = FACE * WHOLE;
        bool pays =
            terms.kind != CouponKind.ZERO && period > provisions.capitalisedUntil && !_fixings[bond][period].isDeferred;
        if (pays) _addInterest(bond, period, terms, provisions, unit);
        _addPrincipal(bond, period, terms, provisions, unit);
        if (terms.rounding == Rounding.HOLDING_DOWN) return unit;
        // One unit is rounded, and a holding is so many of them.
        uint256 whole = unit.interest / unit.interestOver;
        bool isUp =
            terms.rounding == Rounding.UNIT_HALF_UP && 2 * (unit.interest % unit.interestOver) >= unit.interestOver;
        unit = Unit(whole + (isUp ? 1 : 0), 1, unit.principal / unit.principalOver, 1);
    }

    function _addInterest(
        address bond,
        uint256 period,
        Terms memory terms,
        Provisions memory provisions,
        Unit memory unit
    ) private view {
        Period memory each = _periods[bond][period - 1];
        uint256 rate = needsFixing(bond) ? _fixings[bond][period].rate : _sealedRate(terms, provisions, period);
        uint256 notional = terms.faceValue * factorBefore(bond, period);
        if (terms.kind == CouponKind.INFLATION) notional = notional * _fixings[bond][period].indexRatio / WHOLE;
        unit.interest = notional * rate * each.numerator;
        unit.interestOver = FACE * WHOLE * each.denominator;
        uint256 arrears = period == 1 ? 0 : _fixings[bond][period - 1].arrears;
        if (provisions.deferral.bearsInterest) arrears += arrears * rate * each.numerator / (WHOLE * each.denominator);
        unit.interest += terms.faceValue * arrears * WHOLE * each.denominator;
    }

    function _addPrincipal(
        address bond,
        uint256 period,
        Terms memory terms,
        Provisions memory provisions,
        Unit memory unit
    ) private view {
        uint256 repaid;
        if (period == lastOf(bond)) repaid = factorBefore(bond, period);
        else repaid = _scheduled(provisions, period - 1) - _scheduled(provisions, period);
        uint256 ratio = WHOLE;
        if (terms.kind == CouponKind.INFLATION) {
            ratio = _fixings[bond][period].indexRatio;
            if (provisions.inflation.floored && ratio < WHOLE) ratio = WHOLE;
        }
        unit.principal = terms.faceValue * repaid * ratio;
    }

    /// @return Whether anything is due for a period at all.
    function paysAnything(address bond, uint256 period) external view returns (bool) {
        Unit memory unit = unitOf(bond, period);
        return unit.interest != 0 || unit.principal != 0;
    }

    /// @return interest Of units.
    /// @return principal Of units.
    function dueParts(address bond, uint256 period, uint256 units)
        public
        view
        returns (uint256 interest, uint256 principal)
    {
        Unit memory unit = unitOf(bond, period);
        return (units * unit.interest / unit.interestOver, units * unit.principal / unit.principalOver);
    }

    function due(address bond, uint256 period, uint256 units) public view returns (uint256) {
        (uint256 interest, uint256 principal) = dueParts(bond, period, units);
        return interest + principal;
    }

    function _sealedRate(Terms memory terms, Provisions memory provisions, uint256 period)
        private
        pure
        returns (uint256 rate)
    {
        rate = terms.couponRate;
        for (uint256 i; i < provisions.steps.length; ++i) {
            if (provisions.steps[i].period <= period) rate = provisions.steps[i].rate;
        }
    }

    function _scheduled(Provisions memory provisions, uint256 period) private pure returns (uint256 factor) {
        factor = FACE;
        for (uint256 i; i < provisions.instalments.length; ++i) {
            if (provisions.instalments[i].period <= period) factor -= provisions.instalments[i].share * WHOLE;
        }
    }

    /* PUBLISHED VALUES */

    function addSeries(bytes8 code, BenchmarkKind kind, uint256 basis, uint256 correctable) external {
        series[code] = Series(kind, basis, correctable, 0);
    }

    function say(bytes8 code, uint256 day, int64 value) external {
        Series storage each = series[code];
        Said storage said = _said[code][day];
        if (said.finalAt == 0) {
            said.finalAt = block.timestamp + each.correctable;
            if (each.kind == BenchmarkKind.OVERNIGHT) {
                said.index = each.lastDay == 0 ? FACE : _carried(code, each.lastDay, day);
            }
            each.lastDay = day;
        }
        said.value = value;
    }

    function counts(bytes8 code, uint256 day) public view returns (bool) {
        return _said[code][day].finalAt != 0 && block.timestamp >= _said[code][day].finalAt;
    }

    function _carried(bytes8 code, uint256 from, uint256 to) private view returns (uint256) {
        uint256 scale = series[code].basis * WHOLE;
        Said memory said = _said[code][from];
        return said.index * uint256(int256(scale) + int256(said.value) * int256(to - from)) / scale;
    }

    /* FIXINGS */

    /// @return isReady Whether the next period can be fixed now.
    /// @return found What it is then.
    function foreseeFixing(address bond, uint256 period) public view returns (bool isReady, Fixing memory found) {
        Terms memory terms = _terms[bond];
        if (!needsFixing(bond) || period != fixedPeriods[bond] + 1 || period > lastOf(bond)) return (false, found);
        Provisions memory provisions = provisionsOf(bond);
        uint32 before = period == 1 ? terms.couponRate : _fixings[bond][period - 1].rate;
        Search memory search = Search("", today(bond), before, period == 1, false);
        found.isDeferred = _fixings[bond][period].isDeferred;
        found.rate = before;
        Period memory each = _periods[bond][period - 1];
        uint256 sealedPeriods = terms.schedule.periods;
        if (terms.kind == CouponKind.FLOATING) {
            isReady = _floating(search, provisions, each, found);
        } else if (period > sealedPeriods && (period - 1 - sealedPeriods) % provisions.renewal.periods == 0) {
            isReady = _renewed(search, provisions, each, found);
        } else if (search.today < each.start) {
            return (false, found);
        } else if (terms.kind == CouponKind.INFLATION) {
            isReady = _indexed(search, provisions, each, found);
            if (!isReady && search.today >= each.dueDay + provisions.fallbackDays) {
                (isReady, found.source, found.value, found.day) = (true, FixingSource.PREVIOUS_RATE, 0, 0);
                found.indexRatio = period == 1 ? uint64(WHOLE) : _fixings[bond][period - 1].indexRatio;
            }
        } else if (terms.kind == CouponKind.KPI) {
            isReady = _tested(search, provisions, period, each, found);
        } else {
            isReady = true;
            found.rate = terms.kind == CouponKind.STEP ? uint32(_sealedRate(terms, provisions, period)) : before;
        }
        if (isReady) _roll(bond, period, found);
    }

    function fix(address bond, uint256 period, Fixing calldata found) external {
        _fixings[bond][period] = found;
        _fixings[bond][period].fixedAt = uint40(block.timestamp);
        fixedPeriods[bond] = period;
    }

    /// @return Whether the issuer may defer the interest of a period now.
    function mayDefer(address bond, uint256 period) external view returns (bool) {
        uint256 noticeDays = provisionsOf(bond).deferral.noticeDays;
        uint256 latest = fixedPeriods[bond];
        if (noticeDays == 0 || period == 0 || period >= lastOf(bond) || _fixings[bond][period].isDeferred) {
            return false;
        }
        if (period != latest && period != latest + 1) return false;
        return block.timestamp <= _instant(_terms[bond], _periods[bond][period - 1].dueDay - noticeDays, 0);
    }

    function defer(address bond, uint256 period) external {
        Fixing storage found = _fixings[bond][period];
        found.isDeferred = true;
        if (found.fixedAt == 0) return;
        Fixing memory again = found;
        _roll(bond, period, again);
        found.arrears = again.arrears;
    }

    /// @return Whether the issuer may renew the bond now: in its last cycle, until notice.
    function mayRenew(address bond) external view returns (bool) {
        Terms memory terms = _terms[bond];
        Provisions memory provisions = provisionsOf(bond);
        if (provisions.renewal.periods == 0) return false;
        uint256 last = lastOf(bond);
        uint256 begun = last == terms.schedule.periods ? 0 : last - provisions.renewal.periods;
        uint256 from = _instant(terms, begun == 0 ? terms.schedule.issueDay : _periods[bond][begun - 1].dueDay, 0);
        uint256 until = _instant(terms, _periods[bond][last - 1].dueDay - provisions.renewal.noticeDays, 0);
        return block.timestamp >= from && block.timestamp <= until;
    }

    function renew(address bond) external {
        _addPeriods(bond, provisionsOf(bond).renewal.periods);
    }

    /// @dev Factor and arrears after a period.
    function _roll(address bond, uint256 period, Fixing memory found) private view {
        Provisions memory provisions = provisionsOf(bond);
        Period memory each = _periods[bond][period - 1];
        (uint256 factor, uint256 arrears) = period == 1
            ? (FACE, 0)
            : (uint256(_fixings[bond][period - 1].factor), uint256(_fixings[bond][period - 1].arrears));
        uint256 added = factor * found.rate * each.numerator / (WHOLE * each.denominator);
        if (period <= provisions.capitalisedUntil) factor += added;
        if (provisions.instalments.length != 0) factor = _scheduled(provisions, period);
        if (provisions.deferral.bearsInterest) {
            arrears += arrears * found.rate * each.numerator / (WHOLE * each.denominator);
        }
        found.factor = uint128(factor);
        found.arrears = found.isDeferred ? uint128(arrears + added) : 0;
    }

    function _floating(Search memory search, Provisions memory provisions, Period memory each, Fixing memory found)
        private
        view
        returns (bool)
    {
        Floating memory floating = provisions.floating;
        search.code = floating.benchmark;
        uint256 first = _observed(each.start, floating.lag);
        uint256 last = floating.compounded ? _observed(each.end, floating.lag) : first;
        if (search.today < last) return false;
        search.isLate = search.today >= last + provisions.fallbackDays;
        return
            floating.compounded
                ? _compounded(search, floating, first, last, found)
                : _term(search, floating, last, found);
    }

    function _term(Search memory search, Floating memory floating, uint256 day, Fixing memory found)
        private
        view
        returns (bool)
    {
        uint256 from = day;
        if (!counts(search.code, day)) {
            if (!search.isLate || _isAwaited(search.code, day)) return false;
            if (floating.fallbackRule == Fallback.LAST_VALUE) {
                while (day + 31 > from && !counts(search.code, day)) --day;
            }
            if (!counts(search.code, day)) {
                _fallBack(search, floating, found);
                return true;
            }
        }
        found.source = day == from ? FixingSource.PUBLISHED : FixingSource.LAST_VALUE;
        (found.value, found.day) = (_said[search.code][day].value, uint24(day));
        found.rate = _allIn(floating, _nearest(found.value, int256(10 ** (7 - uint256(floating.places)))));
        return true;
    }

    function _compounded(
        Search memory search,
        Floating memory floating,
        uint256 first,
        uint256 last,
        Fixing memory found
    ) private view returns (bool) {
        Index memory start = _index(search.code, first);
        Index memory end = _index(search.code, last);
        bool isThere = start.isThere && end.isThere;
        if (!isThere || !end.isComplete) {
            if (!search.isLate) return false;
            if (!isThere || floating.fallbackRule != Fallback.LAST_VALUE) {
                _fallBack(search, floating, found);
                return true;
            }
        }
        found.source = end.isComplete ? FixingSource.PUBLISHED : FixingSource.LAST_VALUE;
        found.day = uint24(last);
        int256 rate = _simple(search.code, start, end, floating.places);
        found.value = int64(rate);
        found.rate = _allIn(floating, rate);
        return true;
    }

    /// @return The simple rate a year at which one index becomes another, to so many places of a percent.
    function _simple(bytes8 code, Index memory start, Index memory end, uint256 places) private view returns (int256) {
        if (start.day == end.day) return 0;
        int256 step = int256(10 ** (7 - places));
        int256 over = int256(start.level * (end.day - start.day)) * step;
        int256 numerator = (int256(end.level) - int256(start.level)) * int256(WHOLE * series[code].basis);
        return _floorDiv(2 * numerator + over, 2 * over) * step;
    }

    /// @return index At the start of the day, from the last night published in the thirty-one days before.
    function _index(bytes8 code, uint256 day) private view returns (Index memory index) {
        uint256 last = day;
        while (last + 31 > day && !counts(code, last)) --last;
        index.day = day;
        index.isThere = counts(code, last);
        if (!index.isThere) return index;
        index.level = _carried(code, last, day);
        index.isComplete = true;
        for (uint256 each = last + 1; each < day; ++each) {
            if (Naive.isBusinessDay(each)) index.isComplete = false;
        }
    }

    /// @dev Said, and still correctable: no fallback stands in for it.
    function _isAwaited(bytes8 code, uint256 day) private view returns (bool) {
        return _said[code][day].finalAt > block.timestamp;
    }

    function _fallBack(Search memory search, Floating memory floating, Fixing memory found) private pure {
        bool isFixed = floating.fallbackRule == Fallback.FIXED_RATE;
        found.source = isFixed ? FixingSource.FIXED_RATE : FixingSource.PREVIOUS_RATE;
        found.rate = isFixed || search.isFirst ? floating.fallbackRate : uint32(search.before);
    }

    function _renewed(Search memory search, Provisions memory provisions, Period memory each, Fixing memory found)
        private
        view
        returns (bool)
    {
        bytes8 code = provisions.renewal.benchmark;
        uint256 day = _observed(each.start, provisions.renewal.lag);
        if (search.today < day) return false;
        int256 rate = int256(search.before);
        found.source = FixingSource.PREVIOUS_RATE;
        if (counts(code, day)) {
            (found.source, found.value, found.day) = (FixingSource.PUBLISHED, _said[code][day].value, uint24(day));
            rate = int256(found.value) + provisions.renewal.spread;
        } else if (search.today < day + provisions.fallbackDays || _isAwaited(code, day)) {
            return false;
        }
        found.rate = _bounded(rate + provisions.renewal.stepUp);
        return true;
    }

    /// @dev Index of the month `lagMonths` before that of the day it is for; between two months by the days of the month.
    function _indexed(Search memory search, Provisions memory provisions, Period memory each, Fixing memory found)
        private
        view
        returns (bool)
    {
        Inflation memory inflation = provisions.inflation;
        search.code = inflation.benchmark;
        search.isLate = search.today >= each.dueDay + provisions.fallbackDays;
        (uint256 year, uint256 month, uint256 dayOfMonth) = Naive.civil(each.dueDay);
        uint256 day = NaiveTime.shiftMonths(Naive.dayOf(year, month, 1), -int256(uint256(inflation.lagMonths)));
        found.source = FixingSource.PUBLISHED;
        (bool isThere, uint256 level) = _level(search, day, found);
        if (!isThere) return false;
        uint256 length = 1;
        if (inflation.interpolated && dayOfMonth > 1) {
            uint256 next;
            (isThere, next) = _level(search, Naive.addMonths(day, 1), found);
            if (!isThere) return false;
            length = Naive.monthLength(year, month);
            level = level * (length - (dayOfMonth - 1)) + next * (dayOfMonth - 1);
        }
        uint256 step = 10 ** (9 - uint256(inflation.places));
        uint256 over = inflation.base * length * step;
        found.indexRatio = uint64((2 * level * WHOLE + over) / (2 * over) * step);
        (found.value, found.day) = (int64(uint64(level / length)), uint24(each.dueDay));
        return true;
    }

    function _level(Search memory search, uint256 day, Fixing memory found)
        private
        view
        returns (bool isThere, uint256 level)
    {
        if (!counts(search.code, day)) {
            if (!search.isLate) return (false, 0);
            found.source = FixingSource.LAST_VALUE;
            for (uint256 i; i < 12 && !counts(search.code, day); ++i) {
                day = NaiveTime.shiftMonths(day, -1);
            }
        }
        return (counts(search.code, day), uint256(uint64(_said[search.code][day].value)));
    }

    function _tested(
        Search memory search,
        Provisions memory provisions,
        uint256 period,
        Period memory each,
        Fixing memory found
    ) private view returns (bool) {
        int256 rate = int256(search.before);
        for (uint256 i; i < provisions.tests.length; ++i) {
            KpiTest memory test = provisions.tests[i];
            if (test.period != period) continue;
            bool isThere = counts(test.benchmark, test.day);
            bool isLate = search.today >= each.start + provisions.fallbackDays;
            if (!isThere && (!isLate || _isAwaited(test.benchmark, test.day))) return false;
            int64 value = isThere ? _said[test.benchmark][test.day].value : int64(0);
            (found.value, found.day) = isThere ? (value, test.day) : (int64(0), uint24(0));
            found.source = isThere ? FixingSource.PUBLISHED : FixingSource.NOT_PUBLISHED;
            bool isMet = isThere && (test.atMost ? value <= test.target : value >= test.target);
            if (!isMet) rate += test.step;
        }
        found.rate = _bounded(rate);
        return true;
    }

    /* NUMBERS AND DAYS */

    function _observed(uint256 day, uint256 lag) private pure returns (uint256) {
        return lag == 0 ? Naive.roll(day, RollConvention.PRECEDING) : Naive.businessDaysBefore(day, lag);
    }

    function _allIn(Floating memory floating, int256 rate) private pure returns (uint32) {
        rate += floating.spread;
        if (rate < int256(uint256(floating.floor))) rate = int256(uint256(floating.floor));
        if (rate > int256(uint256(floating.cap))) rate = int256(uint256(floating.cap));
        return uint32(uint256(rate));
    }

    function _bounded(int256 rate) private pure returns (uint32) {
        if (rate < 0) return 0;
        return rate > int256(uint256(type(uint32).max)) ? type(uint32).max : uint32(uint256(rate));
    }

    /// @return The multiple of a step that is nearest, the upper one of two.
    function _nearest(int256 value, int256 step) private pure returns (int256) {
        return _floorDiv(2 * value + step, 2 * step) * step;
    }

    function _floorDiv(int256 a, int256 b) private pure returns (int256 quotient) {
        quotient = a / b;
        if (a % b != 0 && a < 0) --quotient;
    }

    function _instant(Terms memory terms, uint256 day, uint256 second) internal pure returns (uint256) {
        return uint256(int256(day * 86_400 + second) - int256(terms.utcOffset) * 60);
    }
}
