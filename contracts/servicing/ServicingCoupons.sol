// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Rounding, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {InterestBase} from "./InterestBase.sol";
import {IServicingCoupons} from "./interfaces/IServicingCoupons.sol";
import {Fixing, UnitPayment} from "./interfaces/ServicingTypes.sol";
import {AccretionLib} from "./libraries/AccretionLib.sol";
import {FixingLib, Lookup} from "./libraries/FixingLib.sol";
import {FractionLib} from "./libraries/FractionLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";
import {UnitPaymentLib} from "./libraries/UnitPaymentLib.sol";

/// @title ServicingCoupons
/// @notice The part of the Servicing that computes: coupons, principal, accrued interest, prices.
/// @dev FORMULAE
/// - Interest of a unit: face * factor * rate * year fraction (times the ratio of a price index), an exact fraction; factors, arrears and
///   indexed principal are kept to 1e-18, rounded down. docs/interest.md has each formula with its source.
contract ServicingCoupons is InterestBase, IServicingCoupons {
    using InterestLib for Deal;
    using ScheduleLib for Schedule;
    using TermsLib for Terms;
    using UnitPaymentLib for UnitPayment;

    /// @notice What a unit has earned or is owed: `numerator / (scale * 1e9 * denominator)` base units, in the scale of the deal.
    struct Earned {
        uint256 numerator;
        uint256 denominator;
    }

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) InterestBase(factory, benchmarks, next) {}

    /* AMOUNTS */

    /// @inheritdoc IServicingCoupons
    function unitPayment(IBond bond, uint16 period) public view returns (UnitPayment memory each) {
        return _unitPayment(_dealOf(bond), period);
    }

    /// @inheritdoc IServicingCoupons
    function paymentTerms(IBond bond, uint16 period)
        external
        view
        returns (UnitPayment memory each, bool isLast, bool withholds)
    {
        Deal memory deal = _dealOf(bond);
        each = _unitPayment(deal, period);
        return (each, period == deal.last, deal.provisions.taxAccount != address(0));
    }

    function _unitPayment(Deal memory deal, uint16 period) internal view returns (UnitPayment memory each) {
        IBond bond = deal.bond;
        require(period != 0 && period <= deal.last, PaymentPeriodUnknown(address(bond), period, deal.last));
        if (deal.needsFixing()) require(_fixings[bond][period].fixedAt != 0, PeriodNotFixed(address(bond), period));

        Earned memory interest = _coupon(deal, period);
        each.interestNumerator = interest.numerator;
        each.interestDenominator = _denominator(deal, interest);
        (each.principalNumerator, each.principalDenominator) = _principal(deal, period);
        if (deal.terms.rounding != Rounding.HOLDING_DOWN) _roundUnit(deal.terms.rounding, each);
    }

    /// @inheritdoc IServicingCoupons
    function amountOf(IBond bond, uint16 period, uint64 units)
        external
        view
        returns (uint256 interest, uint256 principal)
    {
        UnitPayment memory each = unitPayment(bond, period);
        return (each.interestOf(units), each.principalOf(units));
    }

    /// @inheritdoc IServicingCoupons
    function accruedPerUnit(IBond bond, uint24 day, uint16 records)
        public
        view
        returns (int256 numerator, uint256 denominator)
    {
        Deal memory deal = _dealOf(bond);
        if (day < deal.terms.schedule.issueDay) day = deal.terms.schedule.issueDay;
        bool isOver = day >= deal.accrualDay(deal.last);
        require(!isOver || records < deal.last, AccrualDayInvalid(address(bond), day));
        if (deal.terms.kind == CouponKind.ZERO) {
            uint256 value = AccretionLib.valueOn(deal.terms, deal.provisions.accretion, deal.calendar, day);
            uint256 price = uint256(deal.provisions.accretion.issuePrice) * AccretionLib.SCALE;
            return (int256(value) - int256(price), AccretionLib.SCALE);
        }
        uint256 period = isOver ? deal.last : deal.periodOf(day);
        require(records + 2 >= period, AccrualRecordsInvalid(address(bond), day, records));

        Earned memory earned = isOver ? _coupon(deal, period) : _accrued(deal, period, day);
        (numerator, denominator) = (int256(earned.numerator), earned.denominator);
        if (records + 1 < period) {
            (numerator, denominator) = _plus(numerator, denominator, _coupon(deal, period - 1), 1);
        }
        // Coupons that go to another; with short periods more than one.
        for (; period <= records; ++period) {
            (numerator, denominator) = _plus(numerator, denominator, _coupon(deal, period), -1);
        }
        denominator *= deal.scale * RoundingLib.RATE_SCALE;
    }

    /// @inheritdoc IServicingCoupons
    function accruedOf(IBond bond, uint64 units, uint24 day) public view returns (int256) {
        return _accruedOf(bond, units, day, bond.book().records);
    }

    /// @inheritdoc IServicingCoupons
    function accruedAt(IBond bond, uint64 units, uint40 tradedAt)
        external
        view
        returns (int256 accrued, uint16 records)
    {
        records = bond.book().records;
        while (records != 0 && bond.paymentDays(records).recordTime > tradedAt) {
            --records;
        }
        return (_accruedOf(bond, units, bond.terms().dayOf(block.timestamp), records), records);
    }

    /// @inheritdoc IServicingCoupons
    function accruedInterest(IBond bond, address holder, uint24 day) external view returns (int256) {
        return accruedOf(bond, uint64(IERC20(address(bond)).balanceOf(holder)), day);
    }

    /// @inheritdoc IServicingCoupons
    function dirtyAmount(IBond bond, uint64 units, uint256 cleanAmount, uint24 day) external view returns (uint256) {
        int256 amount = int256(cleanAmount) + accruedOf(bond, units, day);
        return amount < 0 ? 0 : uint256(amount);
    }

    /// @inheritdoc IServicingCoupons
    function poolFactor(IBond bond, uint16 period) external view returns (uint256) {
        Deal memory deal = _dealOf(bond);
        require(period != 0 && period <= deal.last, PaymentPeriodUnknown(address(bond), period, deal.last));
        return _factorBefore(deal, period);
    }

    /// @inheritdoc IServicingCoupons
    function accretedValue(IBond bond, uint24 day) external view returns (uint256) {
        Deal memory deal = _dealOf(bond);
        require(day >= deal.terms.schedule.issueDay, AccrualDayInvalid(address(bond), day));
        if (deal.terms.kind != CouponKind.ZERO) return uint256(deal.terms.faceValue) * AccretionLib.SCALE;
        return AccretionLib.valueOn(deal.terms, deal.provisions.accretion, deal.calendar, day);
    }

    /* OTHER VIEWS */

    /// @inheritdoc IServicingCoupons
    function lastPeriod(IBond bond) external view returns (uint16) {
        return bond.terms().schedule.periods + bond.book().extended;
    }

    function _accruedOf(IBond bond, uint64 units, uint24 day, uint16 records) internal view returns (int256) {
        (int256 numerator, uint256 denominator) = accruedPerUnit(bond, day, records);
        return numerator < 0
            ? -int256(RoundingLib.mulDivDown(units, uint256(-numerator), denominator))
            : int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator));
    }

    /* INTERNAL: AMOUNTS */

    /// @return earned What one unit is paid as interest for a whole period, arrears included.
    function _coupon(Deal memory deal, uint256 period) internal view returns (Earned memory earned) {
        earned.denominator = 1;
        Fixing memory found = _fixings[deal.bond][period];
        if (deal.terms.kind == CouponKind.ZERO || deal.isCapitalised(period) || found.isDeferred) return earned;
        bool isFixed = deal.needsFixing();
        if (isFixed) require(found.fixedAt != 0, PeriodNotFixed(address(deal.bond), period));

        uint256 rate = isFixed ? found.rate : deal.sealedRate(period);
        (uint256 numerator, uint256 denominator) = deal.fractionOf(period);
        earned = _earn(deal, period, found.indexRatio, rate, numerator, denominator);
        if (deal.terms.rounding == Rounding.HOLDING_DOWN) return earned;

        UnitPayment memory each;
        each.interestNumerator = earned.numerator;
        each.interestDenominator = _denominator(deal, earned);
        each.principalDenominator = 1;
        _roundUnit(deal.terms.rounding, each);
        return Earned(each.interestNumerator * deal.scale * RoundingLib.RATE_SCALE, 1);
    }

    /// @return What one unit has earned from the start of a period to a day inside it, arrears included.
    function _accrued(Deal memory deal, uint256 period, uint24 day) internal view returns (Earned memory) {
        Fixing memory found = _fixings[deal.bond][period];
        uint24 start = deal.accrualDay(period - 1);
        (uint256 numerator, uint256 denominator) = FractionLib.between(deal.terms, deal.calendar, start, day);
        uint256 rate = deal.sealedRate(period);
        if (deal.terms.kind == CouponKind.INFLATION) {
            _indexOn(deal, period, day, found);
        } else if (found.fixedAt != 0) {
            rate = found.rate;
        } else if (deal.terms.kind == CouponKind.FLOATING && deal.provisions.floating.compounded) {
            rate = _rateToDate(deal, period, start, day);
        } else {
            require(!deal.needsFixing(), PeriodNotFixed(address(deal.bond), period));
        }
        return _earn(deal, period, found.indexRatio, rate, numerator, denominator);
    }

    function _earn(
        Deal memory deal,
        uint256 period,
        uint256 ratio,
        uint256 rate,
        uint256 numerator,
        uint256 denominator
    ) internal view returns (Earned memory earned) {
        earned.denominator = denominator;
        earned.numerator = deal.notional(_factorBefore(deal, period), ratio) * rate * numerator;
        if (deal.provisions.deferral.noticeDays == 0) return earned;
        uint256 arrears = _before(deal, period).arrears;
        if (arrears == 0) return earned;
        arrears = _grownArrears(deal, arrears, rate, numerator, denominator);
        earned.numerator += deal.terms.faceValue * arrears * RoundingLib.RATE_SCALE * denominator;
    }

    /// @return Principal of one unit that is due with a payment, base units times the second number.
    function _principal(Deal memory deal, uint256 period) internal view returns (uint256, uint128) {
        uint256 repaid;
        if (period == deal.last) {
            repaid = _factorBefore(deal, period);
        } else if (deal.provisions.instalments.length != 0) {
            repaid = deal.scheduledFactor(period - 1) - deal.scheduledFactor(period);
        }
        if (deal.scale == 1) return (repaid == 0 ? 0 : deal.terms.faceValue, 1);
        uint256 amount = deal.terms.faceValue * repaid;
        if (deal.terms.kind != CouponKind.INFLATION) return (amount, uint128(deal.scale));
        uint256 ratio = _fixings[deal.bond][period].indexRatio;
        if (deal.provisions.inflation.floored && ratio < RoundingLib.RATE_SCALE) ratio = RoundingLib.RATE_SCALE;
        return (amount * ratio, uint128(deal.scale * RoundingLib.RATE_SCALE));
    }

    /// @return Principal of a unit at the start of a period, 1e18 = the face.
    function _factorBefore(Deal memory deal, uint256 period) internal view returns (uint256) {
        if (deal.provisions.capitalisedUntil != 0) {
            if (period > 1) {
                require(_fixings[deal.bond][period - 1].fixedAt != 0, PeriodNotFixed(address(deal.bond), period - 1));
            }
            return _before(deal, period).factor;
        }
        return deal.scheduledFactor(period - 1);
    }

    function _indexOn(Deal memory deal, uint256 period, uint24 day, Fixing memory found) internal view {
        Lookup memory look = Lookup({benchmarks: BENCHMARKS, calendar: deal.calendar, isLate: false});
        bool isFound = FixingLib.priceIndexed(look, found, deal.provisions.inflation, day);
        _requireFound(deal, isFound, uint16(period), deal.provisions.inflation.benchmark, day, day);
    }

    /// @return The rate compounded so far in a period, all in.
    function _rateToDate(Deal memory deal, uint256 period, uint24 start, uint24 day) internal view returns (uint32) {
        bytes8 code = deal.provisions.floating.benchmark;
        uint8 lag = deal.provisions.floating.lag;
        uint24 first = _observedDay(deal, code, start, lag);
        uint24 last = _observedDay(deal, code, day, lag);
        Lookup memory look = Lookup({benchmarks: BENCHMARKS, calendar: deal.calendar, isLate: false});
        Fixing memory found;
        bool isFound = FixingLib.compounded(look, found, deal.provisions.floating, first, last, 0, false);
        _requireFound(deal, isFound, uint16(period), code, last, last);
        return found.rate;
    }

    function _plus(int256 numerator, uint256 denominator, Earned memory other, int256 sign)
        internal
        pure
        returns (int256, uint256)
    {
        if (denominator == other.denominator) return (numerator + sign * int256(other.numerator), denominator);
        return (
            numerator * int256(other.denominator) + sign * int256(other.numerator * denominator),
            denominator * other.denominator
        );
    }

    function _denominator(Deal memory deal, Earned memory earned) internal pure returns (uint128) {
        return SafeCast.toUint128(deal.scale * RoundingLib.RATE_SCALE * earned.denominator);
    }

    function _roundUnit(Rounding rounding, UnitPayment memory each) internal pure {
        uint256 half = rounding == Rounding.UNIT_HALF_UP ? each.interestDenominator / 2 : 0;
        // An odd denominator has no half: rounding its half down is right, as no remainder lies between.
        each.interestNumerator = (each.interestNumerator + half) / each.interestDenominator;
        each.principalNumerator /= each.principalDenominator;
        (each.interestDenominator, each.principalDenominator) = (1, 1);
    }
}
