// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoundingLib} from "../../../contracts/libraries/RoundingLib.sol";
import {UnitPayment} from "../../../contracts/servicing/interfaces/ServicingTypes.sol";
import {FixingLib} from "../../../contracts/servicing/libraries/FixingLib.sol";
import {UnitPaymentLib} from "../../../contracts/servicing/libraries/UnitPaymentLib.sol";
import {Base} from "../Base.sol";

/// @notice Rounding is named, bounded, and never in favour of who is paid.
contract RoundingTest is Base {
    using UnitPaymentLib for UnitPayment;

    function testFuzz_mulDiv__anyFactors__bounded(uint128 a, uint128 b, uint128 denominator) external pure {
        uint256 d = bound(denominator, 1, type(uint128).max);
        uint256 product = uint256(a) * b;

        uint256 down = RoundingLib.mulDivDown(a, b, d);
        uint256 up = RoundingLib.mulDivUp(a, b, d);

        assertTrue(down * d <= product && product - down * d < d, "ROUND-2: down is the largest that fits");
        assertEq(up, down + (product % d == 0 ? 0 : 1), "ROUND-2: up is one more, unless it is exact");
    }

    /// @dev The quick way and the wide one, on both sides of the bound between them.
    function testFuzz_amountOf__narrowOrWide__theSame(
        uint256 seed,
        uint256 numerator,
        uint128 denominator,
        uint64 units
    ) external pure {
        uint256 edge = 1 << 192;
        if (seed % 3 == 0) numerator = (edge << ((seed >> 8) % 16)) - 2 + numerator % 4;
        else if (seed % 3 == 1) numerator %= edge;
        UnitPayment memory each;
        (each.interestNumerator, each.interestDenominator) =
        (numerator, uint128(bound(denominator, 1, type(uint128).max)));
        (each.principalNumerator, each.principalDenominator) = (numerator, each.interestDenominator);
        uint256 limit = numerator / each.interestDenominator;
        // An amount fits 248 bits, as the factory's bounds have it.
        if (limit != 0) units = uint64(bound(units, 0, limit > 1 << 184 ? 0 : type(uint64).max));

        uint256 wanted = _mulDiv(units, numerator, each.interestDenominator);

        assertEq(each.interestOf(units), wanted, "ROUND-3: interest is rounded down once, however large");
        assertEq(each.principalOf(units), wanted, "ROUND-3: and so is principal");
        assertEq(each.amountOf(units), numerator == 0 ? 0 : 2 * wanted, "ROUND-3: an amount is both");
    }

    function testFuzz_netOf__anyRate__taxRoundedDown(
        uint128 interest,
        uint64 over,
        uint128 principal,
        uint32 units,
        uint32 rate,
        uint40 penalty
    ) external pure {
        UnitPayment memory each = UnitPayment(interest, uint128(over) + 1, 1, principal);
        rate = uint32(bound(rate, 0, 1e9));
        if (units % 2 == 0) penalty = 0;

        uint256 tax = each.lateAmountOf(units, penalty) - each.netOf(units, rate, penalty);

        uint256 gross = uint256(units) * interest / (uint256(over) + 1);
        gross += (gross + uint256(units) * principal) * penalty / 1e9; // for being late; interest, too
        assertTrue(tax * 1e9 <= gross * rate && (tax + 1) * 1e9 > gross * rate, "TAX-1: tax on interest, rounded down");
        assertLe(tax, gross, "TAX-1: never more than the interest");
    }

    /// @dev What the parts lose is below one base unit each and part.
    function testFuzz_amountOf__splitHolding__neverMore(
        uint128 interest,
        uint64 over,
        uint128 principal,
        uint64 under,
        uint32[8] memory parts
    ) external pure {
        UnitPayment memory each = UnitPayment(interest, uint128(over) + 1, uint128(under) + 1, principal);
        uint256 units;
        uint256 sum;
        for (uint256 i; i < parts.length; ++i) {
            units += parts[i];
            sum += each.amountOf(parts[i]);
        }

        uint256 whole = each.amountOf(units);

        assertLe(sum, whole, "ROUND-4: splitting a holding never pays more");
        assertLe(whole - sum, 2 * (parts.length - 1), "ROUND-1: the residue is below one base unit a holder and part");
    }

    function testFuzz_roundHalfUp__anyFraction__nearest(int128 numerator, uint96 denominator) external pure {
        (int256 n, int256 d) = (numerator, int256(bound(denominator, 1, type(uint96).max)));

        int256 found = FixingLib.roundHalfUp(n, uint256(d));

        // The one whole number of which the fraction is less than a half above, or a half or less below.
        assertTrue(2 * n < 2 * found * d + d, "ROUND-5: half up, below zero as above");
        assertTrue(2 * n >= 2 * found * d - d, "ROUND-5: and nearest");
    }

    /// @dev Long multiplication and long division, bit by bit.
    function _mulDiv(uint256 a, uint256 b, uint256 denominator) private pure returns (uint256 quotient) {
        uint256 low;
        uint256 high;
        unchecked {
            for (uint256 i; i < 64; ++i) {
                if ((a >> i) & 1 == 0) continue;
                uint256 sum = low + (b << i);
                high += (i == 0 ? 0 : b >> (256 - i)) + (sum < low ? 1 : 0);
                low = sum;
            }
        }
        uint256 rest;
        for (uint256 i = 512; i > 0; --i) {
            uint256 bit = i > 256 ? (high >> (i - 257)) & 1 : (low >> (i - 1)) & 1;
            rest = rest * 2 + bit;
            quotient *= 2;
            if (rest >= denominator) (rest, quotient) = (rest - denominator, quotient + 1);
        }
    }
}
