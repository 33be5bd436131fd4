// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBenchmarks} from "../benchmark/interfaces/IBenchmarks.sol";
import {IBond} from "../bond/interfaces/IBond.sol";
import {IBondFactory} from "../bond/interfaces/IBondFactory.sol";
import {Schedule, ScheduleLib} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Rounding, Terms, TermsLib} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {CouponBase} from "./CouponBase.sol";
import {InterestBase} from "./InterestBase.sol";
import {IServicingCoupons} from "./interfaces/IServicingCoupons.sol";
import {UnitPayment} from "./interfaces/ServicingTypes.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";
import {UnitPaymentLib} from "./libraries/UnitPaymentLib.sol";

/// @title ServicingCoupons
/// @notice The part of the Servicing that computes what bonds pay, period by period.
contract ServicingCoupons is CouponBase, IServicingCoupons {
    using InterestLib for Deal;
    using ScheduleLib for Schedule;
    using TermsLib for Terms;
    using UnitPaymentLib for UnitPayment;

    constructor(IBondFactory factory, IBenchmarks benchmarks, address next) InterestBase(factory, benchmarks, next) {}

    /* AMOUNTS */

    /// @inheritdoc IServicingCoupons
    function unitPayment(IBond bond, uint16 period) public view returns (UnitPayment memory each) {
        return _unitPayment(_dealOf(bond, period), period);
    }

    /// @inheritdoc IServicingCoupons
    function paymentTerms(IBond bond, uint16 period)
        external
        view
        returns (UnitPayment memory each, bool isLast, bool withholds)
    {
        Deal memory deal = _dealOf(bond, period);
        each = _unitPayment(deal, period);
        return (each, period == deal.last, deal.provisions.taxAccount != address(0));
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
    function poolFactor(IBond bond, uint16 period) external view returns (uint256) {
        Deal memory deal = _dealOf(bond, period);
        require(period != 0 && period <= deal.last, PaymentPeriodUnknown(address(bond), period, deal.last));
        return _factorBefore(deal, period);
    }

    /* OTHER VIEWS */

    /// @inheritdoc IServicingCoupons
    function lastPeriod(IBond bond) external view returns (uint16) {
        uint16 last = bond.book().last;
        return last == 0 ? bond.terms().schedule.periods : last;
    }

    /// @inheritdoc IServicingCoupons
    function periodOn(IBond bond, uint24 day) external view returns (uint16) {
        Deal memory deal = _dealOf(bond, 0);
        return deal.isOver(day) ? deal.last : uint16(deal.periodOf(day));
    }

    /// @inheritdoc IServicingCoupons
    function periodEnd(IBond bond, uint16 period) external view returns (uint24) {
        return _dealOf(bond, period).accrualDay(period);
    }

    /* INTERNAL */

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

    /// @return Principal of one unit that is due with a payment, base units times the second number.
    function _principal(Deal memory deal, uint256 period) internal view returns (uint256, uint128) {
        uint256 repaid;
        if (period == deal.last) {
            repaid = _factorBefore(deal, period);
        } else if (deal.provisions.instalments.length + deal.calls.length != 0) {
            repaid = deal.scheduledFactor(period - 1) - deal.scheduledFactor(period);
        }
        if (period == deal.last && deal.price != 0) {
            uint24 end = deal.terms.schedule.maturityDay;
            return _priced(deal, repaid, _fixings[deal.bond][period].indexRatio, end, deal.price);
        }
        if (deal.scale == 1) return (repaid == 0 ? 0 : deal.terms.faceValue, 1);
        uint256 amount = deal.terms.faceValue * repaid;
        for (uint256 i; i < deal.calls.length; ++i) {
            if (deal.calls[i].period != period || period == deal.last) continue;
            // Whole base units, as the call was.
            uint256 called = deal.terms.faceValue * deal.calls[i].share / RoundingLib.RATE_SCALE * InterestLib.SHARE;
            amount += called * deal.calls[i].price;
            amount -= called * RoundingLib.RATE_SCALE;
        }
        if (deal.terms.kind != CouponKind.INFLATION) return (amount, uint128(deal.scale));
        uint256 ratio = _flooredRatio(deal, _fixings[deal.bond][period].indexRatio);
        return (amount * ratio, uint128(deal.scale * RoundingLib.RATE_SCALE));
    }
}
