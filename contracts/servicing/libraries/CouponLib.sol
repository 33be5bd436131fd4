// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Terms, TermsLib} from "../../bond/libraries/TermsLib.sol";
import {DayCountLib} from "../../libraries/DayCountLib.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";

/// @notice What one unit is paid, as an exact fraction.
/// @param numerator Interest of one unit, base units of the currency, times `denominator`.
/// @param principal Base units of the currency.
struct UnitPayment {
    uint256 numerator;
    uint256 denominator;
    uint256 principal;
}

/// @title CouponLib
/// @notice What a bond pays, from its sealed terms.
library CouponLib {
    /// @notice The payment of a period: face value * rate * year fraction, on the unadjusted dates.
    function unitPayment(Terms memory terms, uint16 period) internal pure returns (UnitPayment memory) {
        (uint256 numerator, uint256 denominator) = DayCountLib.periodFraction({
            convention: terms.dayCount,
            start: TermsLib.dueDay(terms, period - 1),
            end: TermsLib.dueDay(terms, period),
            monthsPerPeriod: terms.monthsPerPeriod
        });
        return UnitPayment({
            numerator: uint256(terms.faceValue) * terms.couponRate * numerator,
            denominator: RoundingLib.RATE_SCALE * denominator,
            principal: period == terms.periods ? terms.faceValue : 0
        });
    }

    /// @return interest Of `units` units, rounded down once.
    function interestDown(UnitPayment memory each, uint256 units) internal pure returns (uint256 interest) {
        return RoundingLib.scaleDown(units, each.numerator, each.denominator);
    }

    /// @return Interest and principal of `units` units, rounded down once.
    function amountDown(UnitPayment memory each, uint256 units) internal pure returns (uint256) {
        unchecked {
            return interestDown(each, units) + units * each.principal; // at most 2**249 + 2**192
        }
    }
}
