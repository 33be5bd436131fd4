// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {UnitPayment} from "../interfaces/ServicingTypes.sol";

/// @title UnitPaymentLib
/// @notice From what one unit is paid to what a holding is paid.
library UnitPaymentLib {
    /// @dev Units have 64 bits: a numerator below this cannot overflow with them, and saves a holder of a batch 150 gas.
    uint256 private constant NARROW = 1 << 192;

    /// @return Whether amounts of a whole supply fit a word without care: the principal is whole base units, all is small.
    function isSimple(UnitPayment memory each) internal pure returns (bool) {
        return
            each.interestNumerator < NARROW && each.principalDenominator == 1 && each.principalNumerator < NARROW >> 1;
    }

    /// @return Interest of `units` units, rounded down once.
    function interestOf(UnitPayment memory each, uint256 units) internal pure returns (uint256) {
        return _share(units, each.interestNumerator, each.interestDenominator);
    }

    /// @return Principal of `units` units, rounded down once.
    function principalOf(UnitPayment memory each, uint256 units) internal pure returns (uint256) {
        return _share(units, each.principalNumerator, each.principalDenominator);
    }

    /// @return Interest and principal of `units` units.
    function amountOf(UnitPayment memory each, uint256 units) internal pure returns (uint256) {
        uint256 interest = interestOf(each, units);
        if (each.principalNumerator == 0) return interest;
        unchecked {
            return interest + principalOf(each, units); // each fits 249 bits
        }
    }

    /// @param penalty Billionths of the amount, for being late.
    /// @return Interest and principal of `units` units, and interest on both for being late, rounded down on its own.
    function lateAmountOf(UnitPayment memory each, uint256 units, uint256 penalty) internal pure returns (uint256) {
        uint256 amount = amountOf(each, units);
        return penalty == 0 ? amount : amount + amount * penalty / RoundingLib.RATE_SCALE;
    }

    /// @return What of it is interest.
    function taxableOf(UnitPayment memory each, uint256 units, uint256 penalty) internal pure returns (uint256) {
        uint256 interest = interestOf(each, units);
        return penalty == 0 ? interest : interest + amountOf(each, units) * penalty / RoundingLib.RATE_SCALE;
    }

    /// @param rate Billionths of the interest that are withheld.
    /// @param penalty Billionths of the amount, for being late.
    /// @return What is due on `units` units, less the tax on the interest, which is rounded down.
    function netOf(UnitPayment memory each, uint256 units, uint256 rate, uint256 penalty)
        internal
        pure
        returns (uint256)
    {
        uint256 amount = lateAmountOf(each, units, penalty);
        return rate == 0 ? amount : amount - taxableOf(each, units, penalty) * rate / RoundingLib.RATE_SCALE;
    }

    function _share(uint256 units, uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return numerator < NARROW
            ? RoundingLib.scaleDown(units, numerator, denominator)
            : RoundingLib.mulDivDown(units, numerator, denominator);
    }
}
