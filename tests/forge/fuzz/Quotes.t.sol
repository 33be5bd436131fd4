// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {DayCount} from "../../../contracts/libraries/DayCountLib.sol";
import {QuoteLib} from "../../../contracts/primary/libraries/QuoteLib.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Naive} from "../suite/Naive.sol";
import {NaivePrice} from "../suite/NaivePrice.sol";
import {Suite} from "../suite/Suite.sol";

/// @notice What a rate is worth as a price, and what a day inside a period costs.
contract QuotesTest is Suite {
    /// @dev As wide as markets are: rates to 20 %, fifty years, a face of up to a billion in the smallest coin.
    struct Case {
        uint128 face;
        uint32 coupon;
        uint32 rate;
        uint16 periods;
        uint8 months;
    }

    function setUp() external {
        _deploySuite();
    }

    function testFuzz_priceAt__anyRate__sameAsPeriodByPeriod(Case memory each) external pure {
        _fold(each);

        uint256 found = _price(each);

        (uint256 wanted, uint256 fraction) =
            NaivePrice.priceAt(each.face, each.coupon, each.rate, each.periods, each.months);
        // The contract carries 27 digits; what they lose weighs as the coupon over the rate does.
        uint256 lost = 4 * each.periods * uint256(each.face) * (each.coupon + each.rate + 1) / (each.rate + 1) + 1;
        uint256 middle = NaivePrice.ONE / 2;
        uint256 distance = fraction > middle ? fraction - middle : middle - fraction;
        if (distance > lost * 1e13) assertEq(found, wanted, "PRICE-1: the price is that of discounting each payment");
        else assertLe(found > wanted ? found - wanted : wanted - found, 1, "PRICE-1: next to a half, one of the two");
    }

    function testFuzz_priceAt__ownCoupon__par(Case memory each) external pure {
        _fold(each);
        each.rate = each.coupon;
        assertEq(_price(each), each.face, "PRICE-2: a bond that yields its coupon costs its face");
    }

    function testFuzz_priceAt__higherRate__notDearer(Case memory each, uint32 more) external pure {
        _fold(each);
        uint256 price = _price(each);

        each.rate += uint32(bound(more, 1, 50_000_000));

        assertLe(_price(each), price, "PRICE-2: who asks for more pays no more");
        if (each.rate > each.coupon) assertLe(_price(each), each.face, "PRICE-2: above the coupon, at most par");
        else assertGe(_price(each), each.face, "PRICE-2: below the coupon, at least par");
    }

    function testFuzz_accrued__anyDay__sameAsCounted(uint256 seed, uint24 pick, uint64 units) external {
        Terms memory terms = _anyTerms(seed);
        IBondToken bond = _register(terms);
        uint24 day = uint24(bound(pick, terms.schedule.issueDay, terms.schedule.maturityDay - 1));
        units = uint64(bound(units, 1, 1 << 40));
        uint16 period = uint16(NaivePrice.periodOf(terms, day));
        (uint256 start,) = NaivePrice.periodAround(terms, day);

        uint256 had = _accrued(bond, day, period - 1, units, NaivePrice.Coupon.RUNNING);
        uint256 toCome = _accrued(bond, day, period, units, NaivePrice.Coupon.LOST);
        if (period > 1) _accrued(bond, day, period - 2, units, NaivePrice.Coupon.BOTH);
        uint256 first = _accrued(bond, start, period - 1, units, NaivePrice.Coupon.RUNNING);
        assertEq(first, 0, "PRICE-4: nothing has accrued on the first day");
        uint256 whole = NaivePrice.accrued(terms, start, units, NaivePrice.Coupon.LOST);
        assertLe(had + toCome, whole, "PRICE-4: what is had and what is to come is a coupon");
        assertGe(had + toCome + 1, whole, "PRICE-4: but for what rounding takes");
    }

    function _accrued(IBondToken bond, uint256 day, uint16 records, uint64 units, NaivePrice.Coupon coupon)
        private
        view
        returns (uint256 interest)
    {
        (int256 numerator, uint256 denominator) = world.servicing.accruedPerUnit(bond, uint24(day), records);
        assertTrue(
            coupon == NaivePrice.Coupon.LOST ? numerator <= 0 : numerator >= 0,
            "PRICE-4: without the coupon once its record date has passed"
        );
        interest = units * uint256(numerator < 0 ? -numerator : numerator) / denominator;
        assertEq(
            interest,
            NaivePrice.accrued(bond.terms(), day, units, coupon),
            "PRICE-4: accrued interest is that of counting days"
        );
    }

    function _price(Case memory each) private pure returns (uint256) {
        return QuoteLib.priceAt(each.face, each.coupon, each.rate, each.periods, 12 / each.months);
    }

    function _fold(Case memory each) private pure {
        uint8[6] memory lengths = [1, 2, 3, 4, 6, 12];
        each.months = lengths[each.months % 6];
        each.face = uint128(bound(each.face, 1, 1e11));
        each.coupon = uint32(bound(each.coupon, 0, 200_000_000));
        each.rate = uint32(bound(each.rate, 0, 200_000_000));
        each.periods = uint16(bound(each.periods, 1, 50 * 12 / each.months));
    }

    function _anyTerms(uint256 seed) private view returns (Terms memory terms) {
        seed = uint256(keccak256(abi.encode(seed)));
        uint8[6] memory lengths = [1, 2, 3, 4, 6, 12];
        terms = _terms(1);
        terms.faceValue = uint128(1 + (seed >> 192) % 1e18);
        terms.couponRate = uint32((seed >> 160) % 1e9);
        terms.dayCount = DayCount((seed >> 64) % (uint8(type(DayCount).max) + 1));
        uint256 issueDay = 19_000 + (seed >> 128) % 4_000;
        uint256 months = lengths[(seed >> 96) % 6];
        // The years of the market.
        if (terms.dayCount == DayCount.BUS_252) (issueDay, months) = (20_100 + issueDay % 300, 1 + months % 6);
        terms.schedule = Naive.everyMonths(issueDay, months, 1 + (seed >> 32) % 4);
    }
}
