// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {Naive} from "./Naive.sol";
import {NaiveTime} from "./NaiveTime.sol";

/// @notice Prices, accrued interest and parts of a rest, counted one period, one day, one lot at a time.
/// @dev Shares no code with the contracts, so that a mistake has to be made twice to stay unseen.
library NaivePrice {
    /// @dev Which coupons come with units, beside what is to come: see `accrued`.
    enum Coupon {
        RUNNING,
        BOTH,
        LOST
    }

    /// @dev 40 digits behind the point, more than the contracts carry; times twelve, so that a month's rate is exact.
    uint256 internal constant ONE = 12e39;

    /// @notice What a bond is worth that pays a coupon and is to yield a rate: from its end back, one period at a time.
    /// @return price Base units for one unit, rounded half up.
    /// @return fraction What was rounded, of `ONE`.
    function priceAt(uint256 face, uint256 coupon, uint256 rate, uint256 periods, uint256 months)
        internal
        pure
        returns (uint256 price, uint256 fraction)
    {
        uint256 interest = face * coupon * months * (ONE / 12e9);
        uint256 worth = face * ONE;
        for (; periods > 0; --periods) {
            worth = mulDiv(worth + interest, 12e9, 12e9 + rate * months);
        }
        fraction = worth % ONE;
        price = worth / ONE + (fraction >= ONE / 2 ? 1 : 0);
    }

    /// @return interest Of units, rounded down. RUNNING: what they have earned from the start of the period to the day.
    /// BOTH: with the whole period before. LOST: what they will earn from the day to the end of the period.
    function accrued(Terms memory terms, uint256 day, uint256 units, Coupon coupon)
        internal
        pure
        returns (uint256 interest)
    {
        (uint256 start, uint256 end) = periodAround(terms, day);
        (uint256 numerator, uint256 denominator) = NaiveTime.fraction(terms.dayCount, terms.schedule, start, day);
        if (coupon != Coupon.RUNNING) {
            if (coupon == Coupon.BOTH) (start, end) = periodAround(terms, start - 1);
            (uint256 whole, uint256 over) = NaiveTime.fraction(terms.dayCount, terms.schedule, start, end);
            numerator =
                coupon == Coupon.BOTH ? whole * denominator + numerator * over : whole * denominator - numerator * over;
            denominator *= over;
        }
        interest = units * terms.faceValue * terms.couponRate * numerator / (denominator * 1e9);
    }

    /// @return period The one that a day lies in, counted from 1.
    function periodOf(Terms memory terms, uint256 day) internal pure returns (uint256 period) {
        while (Naive.addMonths(terms.schedule.issueDay, period * terms.schedule.step) <= day) ++period;
    }

    /// @return start First day of the period that a day lies in.
    /// @return end Its due day.
    function periodAround(Terms memory terms, uint256 day) internal pure returns (uint256 start, uint256 end) {
        end = terms.schedule.issueDay;
        for (uint256 k = 1; end <= day; ++k) {
            (start, end) = (end, Naive.addMonths(terms.schedule.issueDay, k * terms.schedule.step));
        }
    }

    /// @notice Gives a rest to several commitments, lot by lot: a lot goes to the first one whose part of the whole, with
    /// those before him, reaches it.
    /// @return parts Lots.
    function parts(uint256 rest, uint256[] memory commitments) internal pure returns (uint256[] memory) {
        uint256 total;
        for (uint256 i; i < commitments.length; ++i) {
            total += commitments[i];
        }
        uint256[] memory given = new uint256[](commitments.length);
        for (uint256 lot = 1; lot <= rest; ++lot) {
            uint256 i;
            uint256 upTo = commitments[0];
            while (upTo * rest < lot * total) upTo += commitments[++i];
            ++given[i];
        }
        return given;
    }

    /// @return a * b / c, rounded down, where a * b does not fit; b and c are below 2**64.
    function mulDiv(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) {
        uint256 whole = a / c;
        return whole * b + (a % c) * b / c;
    }
}
