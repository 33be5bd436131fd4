// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {CouponKind, Rounding, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {CouponBase} from "./CouponBase.sol";
import {InterestBase} from "./InterestBase.sol";
import {IServicingAccruals} from "./interfaces/IServicingAccruals.sol";
import {Fixing, UnitPayment} from "./interfaces/ServicingTypes.sol";
import {AccretionLib} from "./libraries/AccretionLib.sol";
import {FixingLib, Lookup} from "./libraries/FixingLib.sol";
import {FractionLib} from "./libraries/FractionLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";

/// @title ServicingAccruals
/// @notice The part of the Servicing that computes what lies between payments: accrued interest, prices, early redemption.
contract ServicingAccruals is CouponBase, IServicingAccruals {
    using InterestLib for Deal;
    using TermsLib for Terms;

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) InterestBase(factory, benchmarks, next) {}

    /* ACCRUED INTEREST */

    /// @inheritdoc IServicingAccruals
    function accruedPerUnit(IBond bond, uint24 day, uint16 records)
        public
        view
        returns (int256 numerator, uint256 denominator)
    {
        Deal memory deal = _dealOf(bond, 0);
        if (deal.isDue) return (0, 1); // it trades flat
        if (day < deal.terms.schedule.issueDay) day = deal.terms.schedule.issueDay;
        bool isOver = deal.isOver(day);
        require(!isOver || records < deal.last, AccrualDayInvalid(address(bond), day));
        if (deal.terms.kind == CouponKind.ZERO) {
            uint256 value = _accreted(deal, day);
            uint256 price = uint256(deal.provisions.accretion.issuePrice) * AccretionLib.SCALE;
            return (int256(value) - int256(price), AccretionLib.SCALE);
        }
        uint256 period = isOver ? deal.last : deal.periodOf(day);
        require(records + 2 >= period, AccrualRecordsInvalid(address(bond), day, records));

        deal = _at(deal, period);
        Earned memory earned = isOver ? _coupon(deal, period) : _accrued(deal, period, day);
        (numerator, denominator) = (int256(earned.numerator), earned.denominator);
        if (records + 1 < period) {
            (numerator, denominator) = _plus(numerator, denominator, _coupon(_at(deal, period - 1), period - 1), 1);
        }
        // Coupons that go to another; with short periods more than one.
        for (; period <= records; ++period) {
            (numerator, denominator) = _plus(numerator, denominator, _coupon(_at(deal, period), period), -1);
        }
        denominator *= deal.scale * RoundingLib.RATE_SCALE;
    }

    /// @inheritdoc IServicingAccruals
    function accruedOf(IBond bond, uint64 units, uint24 day) public view returns (int256) {
        return _accruedOf(bond, units, day, bond.book().records);
    }

    /// @inheritdoc IServicingAccruals
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

    /// @inheritdoc IServicingAccruals
    function accruedInterest(IBond bond, address holder, uint24 day) external view returns (int256) {
        return accruedOf(bond, uint64(IERC20(address(bond)).balanceOf(holder)), day);
    }

    /// @inheritdoc IServicingAccruals
    function dirtyAmount(IBond bond, uint64 units, uint256 cleanAmount, uint24 day) external view returns (uint256) {
        int256 amount = int256(cleanAmount) + accruedOf(bond, units, day);
        return amount < 0 ? 0 : uint256(amount);
    }

    /// @inheritdoc IServicingAccruals
    function accretedValue(IBond bond, uint24 day) external view returns (uint256) {
        Deal memory deal = _dealOf(bond, 0);
        require(day >= deal.terms.schedule.issueDay, AccrualDayInvalid(address(bond), day));
        if (deal.terms.kind != CouponKind.ZERO) return uint256(deal.terms.faceValue) * AccretionLib.SCALE;
        return _accreted(deal, day);
    }

    /// @inheritdoc IServicingAccruals
    function redemptionTerms(IBond bond, uint24 day, uint256 price) external view returns (UnitPayment memory each) {
        uint16 records = bond.book().records;
        Deal memory deal = _dealOf(bond, 0);
        (each.principalDenominator, each.interestDenominator) = (1, 1);
        if (price != 0) {
            uint256 period = deal.periodOf(day);
            deal = _at(deal, period);
            Fixing memory found;
            if (deal.terms.kind == CouponKind.INFLATION) _indexOn(deal, period, day, found);
            // Who is recorded for a payment has his instalment from there, whatever the day.
            bool isGrowing = deal.provisions.capitalisedUntil != 0;
            uint256 factor = isGrowing ? _factorBefore(deal, period) : _at(deal, records + 1).scheduledFactor(records);
            (each.principalNumerator, each.principalDenominator) = _priced(deal, factor, found.indexRatio, day, price);
        }
        // What a bond without coupon has grown to holds all interest.
        if (price == 0 || deal.terms.kind != CouponKind.ZERO) _addAccrued(each, bond, day, records);
        if (deal.terms.rounding != Rounding.HOLDING_DOWN) _roundUnit(deal.terms.rounding, each);
    }

    /* INTERNAL */

    function _gcd(uint256 a, uint256 b) internal pure returns (uint256) {
        while (b != 0) {
            (a, b) = (b, a % b);
        }
        return a;
    }

    /// @dev Accrued interest beside the principal; below zero, it is taken off the principal.
    function _addAccrued(UnitPayment memory each, IBond bond, uint24 day, uint16 records) internal view {
        (int256 numerator, uint256 denominator) = accruedPerUnit(bond, day, records);
        if (numerator < 0) {
            // The coupon goes to whom it is recorded for: what it is too much is taken off the principal, in whole base units.
            uint256 rebate = Math.ceilDiv(uint256(-numerator), denominator) * each.principalDenominator;
            each.principalNumerator = each.principalNumerator > rebate ? each.principalNumerator - rebate : 0;
            return;
        }
        // Fractions of several periods need not fit: what is cut off then is less than 2**-126 of them, against the holder.
        if (denominator > type(uint128).max) {
            uint256 divisor = _gcd(uint256(numerator), denominator);
            (numerator, denominator) = (numerator / int256(divisor), denominator / divisor);
        }
        uint256 shift = denominator > type(uint128).max ? Math.log2(denominator) - 126 : 0;
        each.interestNumerator = uint256(numerator) >> shift;
        each.interestDenominator = uint128((denominator >> shift) + (shift == 0 ? 0 : 1));
    }

    function _accruedOf(IBond bond, uint64 units, uint24 day, uint16 records) internal view returns (int256) {
        (int256 numerator, uint256 denominator) = accruedPerUnit(bond, day, records);
        return numerator < 0
            ? -int256(RoundingLib.mulDivDown(units, uint256(-numerator), denominator))
            : int256(RoundingLib.mulDivDown(units, uint256(numerator), denominator));
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
}
