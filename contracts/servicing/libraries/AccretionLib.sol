// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Accretion} from "../../bond/interfaces/Provisions.sol";
import {Schedule} from "../../bond/libraries/ScheduleLib.sol";
import {Terms} from "../../bond/libraries/TermsLib.sol";
import {IBusinessCalendar} from "../../calendar/interfaces/IBusinessCalendar.sol";
import {DateLib} from "../../libraries/DateLib.sol";
import {RoundingLib} from "../../libraries/RoundingLib.sol";
import {FractionLib} from "./FractionLib.sol";

/// @title AccretionLib
/// @notice How a bond without coupon grows from its issue price to its face.
/// @dev Straight: with the year fraction. Compound: price * (1 + y * m / 12) ** n, then linearly inside the cell of m months, as
/// accretion tables of original issue discount bonds do; growth has 18 decimals, each step rounded down. None passes the face.
library AccretionLib {
    uint256 internal constant SCALE = 1e18;

    /// @param day From the issue day on.
    /// @return Base units of one unit, times 1e18.
    function valueOn(Terms memory terms, Accretion memory accretion, IBusinessCalendar calendar, uint24 day)
        internal
        view
        returns (uint256)
    {
        uint256 face = uint256(terms.faceValue) * SCALE;
        Schedule memory schedule = terms.schedule;
        if (day >= schedule.maturityDay) return face;
        uint256 price = uint256(accretion.issuePrice) * SCALE;
        if (accretion.yieldRate == 0) {
            (uint256 numerator, uint256 denominator) = FractionLib.between(terms, calendar, schedule.issueDay, day);
            (uint256 whole, uint256 wholeDenominator) =
                FractionLib.between(terms, calendar, schedule.issueDay, schedule.maturityDay);
            return price + RoundingLib.mulDivDown(face - price, numerator * wholeDenominator, denominator * whole);
        }
        uint256 value = accretion.issuePrice * _growth(accretion, schedule.issueDay, day);
        return value < face ? value : face;
    }

    /// @return From the issue day to a day, 1e18 = none.
    function _growth(Accretion memory accretion, uint24 issueDay, uint24 day) private pure returns (uint256) {
        uint256 months = accretion.monthsPerCompounding;
        uint256 cells = (DateLib.monthIndex(day) - DateLib.monthIndex(issueDay)) / months;
        uint24 start = DateLib.addMonths(issueDay, int256(cells * months));
        if (start > day) start = DateLib.addMonths(issueDay, int256(--cells * months));
        uint24 end = DateLib.addMonths(issueDay, int256((cells + 1) * months));

        // A whole cell adds rate / scale; what has passed of the last one adds its part of it.
        uint256 rate = accretion.yieldRate * months * SCALE;
        uint256 scale = 12 * RoundingLib.RATE_SCALE;
        uint256 part = SCALE + rate * (day - start) / (scale * (end - start));
        return _power(SCALE + rate / scale, cells) * part / SCALE;
    }

    /// @return result `base ** exponent` in 18 decimals, by squaring, rounded down at each step.
    function _power(uint256 base, uint256 exponent) private pure returns (uint256 result) {
        result = SCALE;
        while (exponent != 0) {
            if (exponent & 1 == 1) result = result * base / SCALE;
            exponent >>= 1;
            if (exponent != 0) base = base * base / SCALE;
        }
    }
}
