"""Clearing, allotment and prices against a slow and literal reading of the same rules, on random books."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.primary import (
    NO_CUT,
    NON_COMPETITIVE,
    Basis,
    Clearing,
    Pricing,
    allocate,
    check_bids,
    clear,
    price_of,
    score,
)
from indenture.primary.rules import ClassRule

from .builders import RandomBook
from .reference import outcome_of

pytestmark = pytest.mark.unit

KINDS = [(pricing, basis) for pricing in Pricing for basis in Basis]
BOOKS_PER_KIND = 1_700


def cleared(book: RandomBook) -> Clearing:
    return clear(
        book.rules,
        book.market,
        book.books,
        over_allotted=book.over_allotted,
        commitments=book.commitments,
    )


def assert_as_reference(book: RandomBook) -> Clearing:
    rules, market = book.rules, book.market
    expected = outcome_of(book.offering_id, rules, market, book.books, book.over_allotted, book.commitments)

    clearing = cleared(book)
    allocation = allocate(book.offering_id, market, rules, clearing, book.books)

    assert (clearing.failed is not None) == expected.failed
    assert clearing.volume == expected.volume
    if expected.failed:
        assert not any(map(allocation.won, book.books))
        assert (clearing.issue_rate, clearing.issue_price) == (0, 0)
        return clearing
    assert clearing.take_up == expected.take_up
    assert (clearing.issue_rate, clearing.issue_price) == (expected.issue_rate, expected.issue_price)
    if expected.marginal is None:
        assert clearing.competitive == 0
    else:
        assert rules.quote_of(clearing.marginal_level) == expected.marginal
        assert rules.quote_of(clearing.average_level) == expected.average
    for (bidder, number), units in expected.units.items():
        assert allocation.allotments[bidder][number] == units
        if units:
            quote = book.books[bidder][number].quote
            assert price_of(quote, rules, market, clearing) == expected.price[bidder, number]
    return clearing


def assert_conserved(book: RandomBook, clearing: Clearing) -> None:
    """What is allotted is what was cleared, no bid gets more than it asked, all is whole lots."""
    allocation = allocate(book.offering_id, book.market, book.rules, clearing, book.books)
    with_quote = without = 0
    for bidder, bids in book.books.items():
        for bid, units in zip(bids, allocation.allotments[bidder], strict=True):
            assert 0 <= units <= bid.units
            assert units % book.market.lot == 0
            if bid.quote == NON_COMPETITIVE:
                without += units
            else:
                with_quote += units
    if clearing.failed is None:
        assert (with_quote, without) == (clearing.competitive, clearing.non_competitive_share)
        assert clearing.volume <= book.rules.offered + book.over_allotted
        assert without <= book.rules.non_competitive
        assert clearing.take_up <= book.commitments


@pytest.mark.parametrize(("pricing", "basis"), KINDS, ids=lambda kind: kind.label)
def test_clear_and_allocate__ten_thousand_books__as_the_reference(pricing: Pricing, basis: Basis) -> None:
    random = Random(f"{pricing.label} {basis.label}")
    seen = {"failed": 0, "shared": 0, "non-competitive over the cap": 0, "void": 0, "taken up": 0}

    for _ in range(BOOKS_PER_KIND):
        book = RandomBook(random, pricing, basis)
        clearing = assert_as_reference(book)
        assert_conserved(book, clearing)
        seen["failed"] += clearing.failed is not None
        seen["shared"] += 0 < clearing.marginal_share < clearing.marginal_bid
        seen["non-competitive over the cap"] += (
            0 < clearing.non_competitive_share < clearing.non_competitive_bid
        )
        seen["void"] += bool(clearing.first_level) or clearing.last_level < book.rules.levels - 1
        seen["taken up"] += clearing.take_up > 0

    assert min(seen.values()) > 20, seen


@given(st.randoms(use_true_random=False), st.sampled_from(KINDS))
@settings(max_examples=300)
def test_clear_and_allocate__any_book__as_the_reference(random: Random, kind: tuple[Pricing, Basis]) -> None:
    book = RandomBook(random, *kind)

    assert_conserved(book, assert_as_reference(book))


@given(st.integers(0, 2**32), st.sampled_from(KINDS), st.randoms())
@settings(max_examples=200)
def test_clear_and_allocate__bidders_in_any_order__the_same(
    seed: int, kind: tuple[Pricing, Basis], order: Random
) -> None:
    book = RandomBook(Random(seed), *kind)
    clearing = cleared(book)
    allocation = allocate(book.offering_id, book.market, book.rules, clearing, book.books)
    shuffled = list(book.books)
    order.shuffle(shuffled)

    book.books = {bidder: book.books[bidder] for bidder in shuffled}

    assert cleared(book) == clearing
    assert allocate(book.offering_id, book.market, book.rules, clearing, book.books) == allocation


@given(st.integers(0, 2**32), st.sampled_from(KINDS))
@settings(max_examples=200)
def test_allocate__cuts__tell_by_score_who_gets_a_lot_of_the_residue(
    seed: int, kind: tuple[Pricing, Basis]
) -> None:
    """As the contract proves it: floor(asked * share / bid) lots, plus one from the cut on."""
    book = RandomBook(Random(seed), *kind)
    lot, clearing = book.market.lot, cleared(book)
    allocation = allocate(book.offering_id, book.market, book.rules, clearing, book.books)
    sides = {
        "marginal": (clearing.marginal_share, clearing.marginal_bid, allocation.cuts.marginal),
        "without": (
            clearing.non_competitive_share,
            clearing.non_competitive_bid,
            allocation.cuts.non_competitive,
        ),
    }
    if clearing.failed is not None:
        assert (allocation.cuts.marginal, allocation.cuts.non_competitive) == (NO_CUT, NO_CUT)
        return

    for bidder, bids in book.books.items():
        for bid, units in zip(bids, allocation.allotments[bidder], strict=True):
            if bid.is_competitive and (
                not clearing.competitive or book.rules.level_of(bid.quote) != clearing.marginal_level
            ):
                continue
            share, total, cut = sides["marginal" if bid.is_competitive else "without"]
            if share == total:
                assert (units, cut) == (bid.units, NO_CUT)
                continue
            lots, remainder = divmod(bid.units // lot * (share // lot), total // lot)
            reached = score(book.offering_id, bidder, bid.account, remainder) >= cut
            assert units == (lots + reached) * lot


@given(st.integers(0, 2**32), st.sampled_from(KINDS))
@settings(max_examples=200)
def test_random_book__every_bidder__meets_the_rules(seed: int, kind: tuple[Pricing, Basis]) -> None:
    """The books above are ones that a contract would have taken."""
    book = RandomBook(Random(seed), *kind)
    limits = ClassRule(minimum=0, maximum=book.rules.offered + book.rules.over_allotment)

    assert list(book.rules.problems(market=book.market, classes=[limits])) == []
    for bids in book.books.values():
        total = sum(bid.units for bid in bids)
        check_bids(book.rules, ClassRule(minimum=0, maximum=total), bids, lot=book.market.lot)
