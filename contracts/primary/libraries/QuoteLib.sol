// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {Basis} from "../interfaces/OfferingTypes.sol";

/// @title QuoteLib
/// @notice Quotes and levels, and what a rate is worth as a price.
library QuoteLib {
    /// @notice The quote of bids that leave it to the others.
    uint64 internal constant NON_COMPETITIVE = type(uint64).max;

    /// @dev Fixed point of discount factors: 10**27 is one.
    uint256 private constant ONE = 1e27;

    /// @return The quote of a level; level 0 is the best for the issuer.
    function quoteOf(Basis basis, uint64 lowest, uint64 tick, uint16 levels, uint256 level)
        internal
        pure
        returns (uint64)
    {
        uint256 steps = basis == Basis.RATE ? level : levels - 1 - level;
        return uint64(lowest + steps * tick); // at most the highest quote
    }

    /// @notice The average of levels, as a level: rounded to the tick, half up in the quote.
    /// @param sum Units, not zero.
    function averageLevel(Basis basis, uint256 weighted, uint256 sum) internal pure returns (uint256) {
        // A higher price is a lower level: half up in the price is half down in the level.
        return (2 * weighted + sum - (basis == Basis.PRICE ? 1 : 0)) / (2 * sum);
    }

    /// @notice The price at which a bond with a coupon yields a quoted rate, over whole periods, compounded each period.
    /// @dev face * (v**n + coupon / rate * (1 - v**n)) with v = 1 / (1 + rate / f): the present value of `n` coupons and of
    /// the face, ICMA Rule 803. v is rounded down to 27 digits, and so is each product of the power.
    /// @param faceValue Base units for one unit.
    /// @param coupon Billionths a year.
    /// @param rate Billionths a year.
    /// @param periods Number of periods.
    /// @param perYear Periods in a year.
    /// @return Base units for one unit, rounded half up.
    function priceAt(uint128 faceValue, uint32 coupon, uint32 rate, uint16 periods, uint256 perYear)
        internal
        pure
        returns (uint256)
    {
        if (rate == coupon) return faceValue;
        uint256 scale = perYear * RoundingLib.RATE_SCALE;
        if (rate == 0) return _halfUp(faceValue * (scale + uint256(coupon) * periods), scale);
        uint256 discount = _power(ONE * scale / (scale + rate), periods);
        // Face 128 bits, factor 90, rate 32: 251 bits with the sum.
        return _halfUp(faceValue * (discount * rate + (ONE - discount) * coupon), ONE * rate);
    }

    function _power(uint256 base, uint256 exponent) private pure returns (uint256 result) {
        result = ONE;
        for (; exponent != 0; exponent >>= 1) {
            if (exponent & 1 != 0) result = result * base / ONE;
            base = base * base / ONE;
        }
    }

    function _halfUp(uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (numerator + denominator / 2) / denominator; // the denominator is even
    }
}
