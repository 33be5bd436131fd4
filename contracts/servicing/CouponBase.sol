// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Schedule} from "../bond/libraries/ScheduleLib.sol";
import {CouponKind, Rounding} from "../bond/libraries/TermsLib.sol";
import {RoundingLib} from "../libraries/RoundingLib.sol";
import {InterestBase} from "./InterestBase.sol";
import {Fixing, UnitPayment} from "./interfaces/ServicingTypes.sol";
import {AccretionLib} from "./libraries/AccretionLib.sol";
import {Deal, InterestLib} from "./libraries/InterestLib.sol";

/// @title CouponBase
/// @notice What the parts share that compute: the interest of a unit, and its principal.
/// @dev FORMULAE
/// - Interest of a unit: face * factor * rate * year fraction (times the ratio of a price index), an exact fraction; factors, arrears and
///   indexed principal are kept to 1e-18, rounded down. docs/interest.md has each formula with its source.
abstract contract CouponBase is InterestBase {
    using InterestLib for Deal;

    /// @notice What a unit has earned or is owed: `numerator / (scale * 1e9 * denominator)` base units, in the scale of the deal.
    struct Earned {
        uint256 numerator;
        uint256 denominator;
    }

    /// @return earned What one unit is paid as interest for a whole period, arrears included.
    function _coupon(Deal memory deal, uint256 period) internal view returns (Earned memory earned) {
        earned.denominator = 1;
        Fixing memory found = _fixings[deal.bond][period];
        if (deal.terms.kind == CouponKind.ZERO || deal.isCapitalised(period)) return earned;
        if (found.isDeferred && period < deal.last) return earned;
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

    /// @param factor Of the principal, 1e18 = the face.
    /// @param ratio Of a price index, billionths.
    /// @param day Day of the redemption.
    /// @param price Billionths of the principal; of a bond without coupon, of what it has grown to.
    /// @return Principal of a unit, base units times the second number, and that number.
    function _priced(Deal memory deal, uint256 factor, uint256 ratio, uint24 day, uint256 price)
        internal
        view
        returns (uint256, uint128)
    {
        uint256 amount = deal.terms.faceValue * factor;
        uint256 denominator = InterestLib.FACTOR_SCALE;
        CouponKind kind = deal.terms.kind;
        if (kind == CouponKind.ZERO) amount = _accreted(deal, day);
        if (kind == CouponKind.INFLATION) {
            amount *= _flooredRatio(deal, ratio);
            denominator *= RoundingLib.RATE_SCALE;
        }
        (amount, denominator) = (amount * price, denominator * RoundingLib.RATE_SCALE);
        // Whole base units need no fraction, and are paid for less.
        return amount % denominator == 0 ? (amount / denominator, 1) : (amount, uint128(denominator));
    }

    function _flooredRatio(Deal memory deal, uint256 ratio) internal pure returns (uint256) {
        return deal.provisions.inflation.floored && ratio < RoundingLib.RATE_SCALE ? RoundingLib.RATE_SCALE : ratio;
    }

    /// @return value What a unit of a bond without coupon has grown to, by the terms as they were sealed, base units times 1e18.
    function _accreted(Deal memory deal, uint24 day) internal view returns (uint256 value) {
        Schedule memory schedule = deal.terms.schedule;
        uint24 moved = schedule.maturityDay;
        schedule.maturityDay = deal.sealedMaturity;
        value = AccretionLib.valueOn(deal.terms, deal.provisions.accretion, deal.calendar, day);
        schedule.maturityDay = moved;
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
