// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {RoundingLib} from "../../../contracts/libraries/RoundingLib.sol";
import {CouponLib, UnitPayment} from "../../../contracts/servicing/libraries/CouponLib.sol";
import {Base} from "../Base.sol";
import {Naive} from "../suite/Naive.sol";

/// @notice Rounding is named, bounded, and never in favour of who is paid.
contract RoundingTest is Base {
    using CouponLib for UnitPayment;

    function testFuzz_mulDiv__anyFactors__bounded(uint128 a, uint128 b, uint128 denominator) external pure {
        uint256 d = bound(denominator, 1, type(uint128).max);
        uint256 product = uint256(a) * b;

        uint256 down = RoundingLib.mulDivDown(a, b, d);
        uint256 up = RoundingLib.mulDivUp(a, b, d);

        assertTrue(down * d <= product && product - down * d < d, "ROUND-2: down is the largest that fits");
        assertEq(up, down + (product % d == 0 ? 0 : 1), "ROUND-2: up is one more, unless it is exact");
    }

    function testFuzz_amountDown__anyTerms__sameAsCounted(
        uint128 faceValue,
        uint32 rate,
        uint24 issueDay,
        uint8 pick,
        uint8 convention,
        uint64 units
    ) external pure {
        Terms memory terms = _terms(faceValue, rate, issueDay, pick, convention);
        uint256 start = Naive.addMonths(terms.issueDay, terms.monthsPerPeriod);
        uint256 end = Naive.addMonths(terms.issueDay, 2 * terms.monthsPerPeriod);
        (uint256 numerator, uint256 denominator) = Naive.fraction(terms.dayCount, start, end, terms.monthsPerPeriod);
        uint256 interest = units * (uint256(terms.faceValue) * terms.couponRate) * numerator / (1e9 * denominator);

        uint256 amount = CouponLib.unitPayment(terms, 2).amountDown(units);

        assertEq(amount, interest + units * uint256(terms.faceValue), "ROUND-3: interest floored once, principal whole");
    }

    /// @dev Money fits 128 bits and is whole, so what the parts lose is below one base unit each.
    function testFuzz_amountDown__splitHolding__neverMore(
        uint128 faceValue,
        uint32 rate,
        uint8 pick,
        uint8 convention,
        uint32[8] memory parts
    ) external pure {
        Terms memory terms = _terms(faceValue, rate, 20_000, pick, convention);
        UnitPayment memory each = CouponLib.unitPayment(terms, 1);
        uint256 units;
        uint256 sum;
        for (uint256 i; i < parts.length; ++i) {
            units += parts[i];
            sum += each.amountDown(parts[i]);
        }

        uint256 whole = each.amountDown(units);

        assertLe(sum, whole, "ROUND-4: splitting a holding never pays more");
        assertLe(whole - sum, parts.length - 1, "ROUND-1: the residue is below one base unit a holder");
    }

    function _terms(uint128 faceValue, uint32 rate, uint24 issueDay, uint8 pick, uint8 convention)
        private
        pure
        returns (Terms memory terms)
    {
        uint8[6] memory lengths = [1, 2, 3, 4, 6, 12];
        // The factory bounds units * face value by 2**120; units are up to 2**64 here.
        terms.faceValue = uint128(bound(faceValue, 1, 1 << 56));
        terms.couponRate = rate;
        terms.issueDay = uint24(bound(issueDay, 1, 60_000));
        terms.monthsPerPeriod = lengths[pick % 6];
        terms.dayCount = DayCount(convention % (uint8(type(DayCount).max) + 1));
        terms.periods = 2;
    }
}
