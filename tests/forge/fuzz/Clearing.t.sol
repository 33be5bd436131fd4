// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/bond/libraries/TermsLib.sol";
import {
    Basis,
    Book,
    ClassRule,
    Conditions,
    Cuts,
    Opening,
    Pricing,
    Stage,
    TickBid
} from "../../../contracts/primary/interfaces/OfferingTypes.sol";
import {QuoteLib} from "../../../contracts/primary/libraries/QuoteLib.sol";
import {IBondToken} from "../suite/IBondToken.sol";
import {Market} from "../suite/Market.sol";
import {NaiveTender} from "../suite/NaiveTender.sol";

/// @notice Whole books, cleared level by level, against bids one by one; and against what a clearing price is.
contract ClearingTest is Market {
    uint160 private constant BIDS = 12;
    uint64 private constant LOT = 5;

    IBondToken private _byPrice;
    IBondToken private _byRate;

    function setUp() external {
        _setMarket(BIDS);
        Terms memory terms = _terms(1);
        (terms.units, terms.minimumUnits) = (10_000, LOT);
        _byPrice = _register(terms);
        (terms.isin, terms.couponRate) = (_terms(2).isin, type(uint32).max);
        _byRate = _register(terms);
        // A syndicate that stands ready for a rest.
        for (uint256 i; i < 2; ++i) {
            _mint(_holder(i), 1e12);
        }
    }

    /// @dev Bids come in any order; the naive way does not know in which.
    function testFuzz_clear__anyBook__sameAsBidByBid(uint256 seed) external {
        seed = uint256(keccak256(abi.encode(seed)));
        Conditions memory given = _any(seed);
        (uint256 id, uint256 commitments) = _open(given, seed);
        NaiveTender.Rules memory rules = _rules(given, id, commitments);
        NaiveTender.Entry[] memory entries = _bid(id, given, seed, seed >> 200);
        vm.warp(given.clearsBy);
        world.offering.closeBook(id);

        world.offering.clear(id);

        NaiveTender.Result memory wanted = NaiveTender.clear(rules, entries);
        Book memory book = world.offering.bookOf(id);
        assertTrue(
            (book.stage == Stage.FAILED) == wanted.failed,
            "CLEAR-5: fails when no price is found, or too little is sold"
        );
        if (wanted.failed) return;
        _checkResult(rules, book, wanted);
        if (given.pricing == Pricing.UNIFORM && given.farOff == 0) _checkPrice(rules, book, entries);
        if (given.pricing == Pricing.MIXED) {
            assertLe(
                book.marginalLevel, uint256(book.averageLevel) + given.band, "CLEAR-4: no winner is behind the band"
            );
        }
        _checkAllotments(id, book, entries, wanted);
    }

    /// @dev The same bids twice in the same book, in another order.
    function testFuzz_clear__anyOrder__sameResult(uint256 seed, uint256 first, uint256 second) external {
        seed = uint256(keccak256(abi.encode(seed)));
        Conditions memory given = _any(seed);
        (uint256 id,) = _open(given, seed);
        uint256 state = vm.snapshotState();
        bytes32 one = _cleared(id, given, seed, first);
        vm.revertToState(state);
        bytes32 other = _cleared(id, given, seed, second);

        assertEq(one, other, "CLEAR-7: the order in which bids arrive decides nothing");
    }

    function _cleared(uint256 id, Conditions memory given, uint256 seed, uint256 order) private returns (bytes32) {
        _bid(id, given, seed, order);
        vm.warp(given.clearsBy);
        world.offering.closeBook(id);
        world.offering.clear(id);
        return keccak256(abi.encode(world.offering.bookOf(id)));
    }

    /// @dev Of ranges, ticks and sums as wide as the conditions take them.
    function testFuzz_quoteOf__anyLevel__backAndForth(
        bool byRate,
        uint64 lowest,
        uint64 tick,
        uint16 levels,
        uint16 level
    ) external pure {
        levels = uint16(bound(levels, 1, 4096));
        tick = uint64(bound(tick, 1, type(uint64).max / levels));
        lowest = uint64(bound(lowest, 0, type(uint64).max - uint256(tick) * (levels - 1)));
        level = uint16(bound(level, 0, levels - 1));
        Basis basis = byRate ? Basis.RATE : Basis.PRICE;

        uint256 quote = QuoteLib.quoteOf(basis, lowest, tick, levels, level);

        uint256 steps = (quote - lowest) / tick;
        assertEq(quote, lowest + steps * tick, "CLEAR-6: a level's quote is on the grid");
        assertEq(
            byRate ? steps : levels - 1 - steps, level, "CLEAR-6: level 0 is the lowest rate, or the highest price"
        );
    }

    function testFuzz_averageLevel__anySums__nearestQuote(bool byRate, uint16 low, uint16 high, uint64 few, uint64 many)
        external
        pure
    {
        (low, high) = (uint16(bound(low, 0, 4095)), uint16(bound(high, 0, 4095)));
        (few, many) = (uint64(bound(few, 1, 1 << 44)), uint64(bound(many, 0, 1 << 44)));
        // Halves matter, and do not come by chance.
        if (few % 2 == 0) many = few;
        uint256 units = uint256(few) + many;
        uint256 weighted = uint256(few) * low + uint256(many) * high;

        uint256 found = QuoteLib.averageLevel(byRate ? Basis.RATE : Basis.PRICE, weighted, units);

        uint256 down = weighted / units;
        uint256 twice = 2 * (weighted - down * units);
        uint256 wanted = twice > units || (twice == units && byRate) ? down + 1 : down;
        assertEq(found, wanted, "CLEAR-6: half up in the quote: a higher price is a lower level");
    }

    /* WHAT MUST BE */

    function _checkResult(NaiveTender.Rules memory rules, Book memory book, NaiveTender.Result memory wanted)
        private
        pure
    {
        assertEq(book.competitive, wanted.competitive, "CLEAR-2: units for bids with a quote");
        assertEq(book.nonCompetitiveShare, wanted.unquoted, "CLEAR-2: units for bids without a quote");
        assertEq(book.takeUp, wanted.takeUp, "REST-1: units for the syndicate");
        assertEq(book.marginalBid, wanted.marginalBid, "CLEAR-2: units bid at the margin");
        assertEq(book.marginalShare, wanted.marginalShare, "CLEAR-2: units won at the margin");
        assertEq(_quote(book, book.marginalLevel), wanted.marginalQuote, "CLEAR-2: the marginal quote");
        assertEq(_quote(book, book.averageLevel), wanted.averageQuote, "CLEAR-2: the average quote");
        uint256 sold = uint256(book.competitive) + book.nonCompetitiveShare + book.takeUp;
        assertLe(sold, rules.available, "CLEAR-1: no more is allotted than offered");
    }

    /// @dev Tries every quote: the price is the best for the issuer at which all is asked for, or else the worst bid's.
    function _checkPrice(NaiveTender.Rules memory rules, Book memory book, NaiveTender.Entry[] memory entries)
        private
        pure
    {
        if (book.competitive == 0) return;
        uint256 found = _quote(book, book.marginalLevel);
        uint256 wanted = rules.available - book.nonCompetitiveShare;
        uint256 best = type(uint256).max;
        for (uint256 quote = rules.lowest; quote <= rules.highest; quote += rules.tick) {
            if (_askedAt(rules, entries, quote) < wanted) continue;
            if (best == type(uint256).max || NaiveTender.behind(rules, quote, best) < 0) best = quote;
        }
        if (best != type(uint256).max) assertEq(found, best, "CLEAR-3: the best quote at which all is asked for");
        else assertEq(_askedAt(rules, entries, found), book.competitive, "CLEAR-3: too little is asked for: all win");
    }

    /// @dev The right cuts prove it; then each bid has what handing out lot by lot gives it.
    function _checkAllotments(
        uint256 id,
        Book memory book,
        NaiveTender.Entry[] memory entries,
        NaiveTender.Result memory wanted
    ) private {
        if (book.stage == Stage.CLEARED) {
            Opening[] memory openings = new Opening[](entries.length);
            for (uint256 i; i < entries.length; ++i) {
                openings[i] = _opening(entries[i]);
            }
            world.offering.allocate(id, Cuts(wanted.marginalCut, wanted.unquotedCut), openings);
        }
        assertTrue(world.offering.bookOf(id).stage == Stage.PUBLISHED, "ALLOC-3: the right cut proves the shares");
        uint256 sum;
        for (uint256 i; i < entries.length; ++i) {
            (uint64[] memory found,) = world.offering.allotmentOf(id, _opening(entries[i]));
            assertEq(found[0], entries[i].allotted, "ALLOC-2: allotments are the largest remainders");
            assertLe(found[0], entries[i].units, "ALLOC-2: nobody gets more than he asked for");
            assertEq(found[0] % LOT, 0, "ALLOC-1: allotments are whole lots");
            sum += found[0];
        }
        assertEq(sum, wanted.competitive + wanted.unquoted, "ALLOC-1: allotments sum up to what was sold");
    }

    function _askedAt(NaiveTender.Rules memory rules, NaiveTender.Entry[] memory entries, uint256 quote)
        private
        pure
        returns (uint256 units)
    {
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].quote == NaiveTender.UNQUOTED) continue;
            if (NaiveTender.behind(rules, entries[i].quote, quote) <= 0) units += entries[i].units;
        }
    }

    function _quote(Book memory book, uint256 level) private pure returns (uint256) {
        uint256 steps = book.basis == Basis.RATE ? level : book.levels - 1 - level;
        return book.lowest + steps * book.tick;
    }

    /* BOOKS */

    /// @dev Few quotes, so that bids meet; few units, so that remainders do; some of every rule.
    function _any(uint256 seed) private view returns (Conditions memory given) {
        bool byRate = seed % 2 == 0;
        given = _conditions(byRate ? _byRate : _byPrice, uint64(1 + (seed >> 8) % 60) * LOT);
        uint64 steps = (seed >> 16) % 5 == 0 ? 0 : uint64((seed >> 24) % 24);
        (given.basis, given.lowest, given.tick) = (Basis(byRate ? 0 : 1), uint64(1_000 + (seed >> 32) % 9), 1);
        given.tick += uint64((seed >> 40) % 5);
        given.highest = given.lowest + steps * given.tick;
        if ((seed >> 128) % 3 == 0) given.minimumVolume = uint64((seed >> 136) % (given.offered + 1));
        (given.minimumBid, given.maximumBid) = (LOT, given.offered);
        if (steps == 0) return given;
        given.pricing = Pricing((seed >> 48) % 3);
        if ((seed >> 72) % 2 == 0) given.farOff = uint16(1 + (seed >> 80) % 6);
        if (given.pricing == Pricing.MIXED) given.band = uint16((seed >> 88) % 4);
        if ((seed >> 96) % 2 == 0) given.nonCompetitive = uint64((seed >> 104) % (given.offered / LOT)) * LOT;
    }

    function _open(Conditions memory given, uint256 seed) private returns (uint256 id, uint256 commitments) {
        ClassRule[] memory classes = new ClassRule[](2);
        (classes[0].maximum, classes[1].maximum) = (given.offered, given.offered);
        id = _mandate(given, classes);
        vm.startPrank(world.bookrunner);
        world.offering.acceptMandate(id, bytes32(0));
        if ((seed >> 112) % 2 == 0) {
            commitments = (seed >> 120) % (given.offered / LOT) * LOT;
            world.offering.invite(id, _holder(0), 1, uint64(commitments));
            vm.stopPrank();
            vm.prank(_holder(0));
            world.offering.joinSyndicate(id, 1, uint64(commitments));
            vm.startPrank(world.bookrunner);
        }
        world.offering.openBook(id);
        vm.stopPrank();
    }

    /// @param order Who comes first; the others follow in turn.
    function _bid(uint256 id, Conditions memory given, uint256 seed, uint256 order)
        private
        returns (NaiveTender.Entry[] memory entries)
    {
        entries = new NaiveTender.Entry[]((seed >> 144) % (BIDS + 1));
        for (uint256 j; j < entries.length; ++j) {
            uint256 i = (order % BIDS + j) % entries.length;
            uint256 each = uint256(keccak256(abi.encode(seed, i)));
            uint256 most = given.offered / LOT < 15 ? given.offered / LOT : 15;
            (entries[i].bidder, entries[i].account) = (bidders[i], address(uint160(100 - i)));
            entries[i].units = (1 + (each >> 8) % most) * LOT;
            entries[i].quote =
                given.lowest + (each >> 16) % ((given.highest - given.lowest) / given.tick + 1) * given.tick;
            if (each % 6 == 0 && given.nonCompetitive != 0) entries[i].quote = NaiveTender.UNQUOTED;
            _place(id, bidders[i], _opening(entries[i]).bids);
        }
    }

    function _opening(NaiveTender.Entry memory entry) private pure returns (Opening memory) {
        return Opening(entry.bidder, _one(uint64(entry.quote), uint64(entry.units), entry.account));
    }

    function _rules(Conditions memory given, uint256 id, uint256 commitments)
        private
        pure
        returns (NaiveTender.Rules memory)
    {
        return NaiveTender.Rules({
            offering: id,
            byRate: given.basis == Basis.RATE,
            pays: NaiveTender.Pays(uint8(given.pricing)),
            lot: LOT,
            lowest: given.lowest,
            highest: given.highest,
            tick: given.tick,
            farOff: given.farOff,
            band: given.band,
            available: given.offered,
            unquotedMost: given.nonCompetitive,
            commitments: commitments,
            leastVolume: given.minimumVolume
        });
    }
}
