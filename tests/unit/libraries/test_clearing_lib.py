"""ClearingLib: ten thousand random books against a slow and literal reading of the rules, and edges."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import MIXED, MULTIPLE, NON_COMPETITIVE, PRICE, RATE, UNIFORM
from tests.unit.primary.builders import RandomBook
from tests.unit.primary.reference import outcome_of

from indenture.primary import Basis, Pricing

pytestmark = pytest.mark.unit

KINDS = [(pricing, basis) for pricing in Pricing for basis in Basis]
BOOKS_PER_KIND = 1_700

#: 61 levels, of which none is void, for a thousand units.
GIVEN = Record(
    basis=RATE,
    pricing=UNIFORM,
    levels=61,
    farOff=0,
    band=0,
    offered=1000,
    overAllotted=0,
    minimumVolume=0,
    nonCompetitive=0,
    nonCompetitiveBid=0,
    commitments=0,
)


def clear(primary: Any, bids: list[tuple[int, int]], **changes: Any) -> Record:
    """Clears bids of (level, units)."""
    given = GIVEN.but(**changes)
    receipt = primary.clear(given, [level for level, _ in bids], [units for _, units in bids])
    found: Record = receipt.value[0]
    return found


def given_of(book: RandomBook) -> Record:
    rules = book.rules
    unquoted = sum(bid.units for bids in book.books.values() for bid in bids if bid.quote == NON_COMPETITIVE)
    return Record(
        basis=rules.basis,
        pricing=rules.pricing,
        levels=rules.levels,
        farOff=rules.far_off,
        band=rules.band,
        offered=rules.offered,
        overAllotted=book.over_allotted,
        minimumVolume=rules.minimum_volume,
        nonCompetitive=rules.non_competitive,
        nonCompetitiveBid=unquoted,
        commitments=book.commitments,
    )


def bids_of(book: RandomBook) -> list[tuple[int, int]]:
    """Every bid with a quote, as (level, units)."""
    rules = book.rules
    bids = [bid for bids in book.books.values() for bid in bids if bid.quote != NON_COMPETITIVE]
    by_rate = rules.basis == Basis.RATE
    steps = [
        (bid.quote - rules.lowest if by_rate else rules.highest - bid.quote) // rules.tick for bid in bids
    ]
    return list(zip(steps, (bid.units for bid in bids), strict=True))


@pytest.mark.parametrize(("pricing", "basis"), KINDS, ids=[f"{p.name}-{b.name}" for p, b in KINDS])
def test_clear__any_book__as_the_reference(primary: Any, pricing: Pricing, basis: Basis) -> None:
    seen = {"failed": 0, "short": 0, "without a quote over the cap": 0, "void": 0, "taken up": 0}

    @settings(max_examples=BOOKS_PER_KIND, deadline=None)
    @given(st.integers(0, 2**64))
    def check(seed: int) -> None:
        book = RandomBook(Random(seed), pricing, basis)
        found = compare_with_reference(primary, book)
        seen["failed"] += not found.isPriced
        seen["short"] += 0 < found.marginalShare < found.marginalBid
        seen["without a quote over the cap"] += (
            0 < found.nonCompetitiveShare < given_of(book).nonCompetitiveBid
        )
        seen["void"] += found.firstLevel > 0 or found.lastLevel < book.rules.levels - 1
        seen["taken up"] += found.takeUp > 0

    check()
    assert min(seen.values()) > 10, seen


def compare_with_reference(primary: Any, book: RandomBook) -> Record:
    rules, given_ = book.rules, given_of(book)
    bids = bids_of(book)
    expected = outcome_of(
        book.offering_id, rules, book.market, book.books, book.over_allotted, book.commitments
    )

    found: Record = primary.clear(given_, [level for level, _ in bids], [units for _, units in bids]).value[0]

    assert found.isPriced is not expected.failed
    assert (found.firstLevel, found.lastLevel) == valid_range(bids, rules.levels, rules.far_off)
    if expected.failed:
        return found
    won = {"with": 0, "without": 0, "at the margin": 0}
    for (bidder, number), units in expected.units.items():
        quote = book.books[bidder][number].quote
        won["without" if quote == NON_COMPETITIVE else "with"] += units
        won["at the margin"] += units if quote == expected.marginal else 0
    assert (found.competitive, found.nonCompetitiveShare) == (won["with"], won["without"])
    assert found.takeUp == expected.take_up
    assert found.competitive + found.nonCompetitiveShare + found.takeUp == expected.volume
    if expected.marginal is None:
        assert (found.marginalLevel, found.averageLevel, found.marginalBid, found.marginalShare) == (
            0,
            0,
            0,
            0,
        )
        return found
    sign, best = (1, rules.lowest) if basis_is_rate(book) else (-1, rules.highest)
    assert best + sign * found.marginalLevel * rules.tick == expected.marginal
    assert best + sign * found.averageLevel * rules.tick == expected.average
    assert found.marginalShare == won["at the margin"]
    assert found.marginalBid == sum(units for level, units in bids if level == found.marginalLevel)
    return found


def basis_is_rate(book: RandomBook) -> bool:
    return bool(book.rules.basis == Basis.RATE)


def valid_range(bids: list[tuple[int, int]], levels: int, far_off: int) -> tuple[int, int]:
    units = sum(each for _, each in bids)
    if not far_off or not units:
        return 0, levels - 1
    average = Fraction(sum(level * each for level, each in bids), units)
    valid = [level for level in range(levels) if abs(level - average) <= far_off]
    return valid[0], valid[-1]


# --- by hand


def test_clear__every_level_of_the_widest_book__in_bounded_work(primary: Any) -> None:
    bids = [(level, 1) for level in range(4096)]
    given_ = GIVEN.but(levels=4096, offered=4096)

    found, used = primary.clear(given_, [level for level, _ in bids], [1] * 4096).value

    assert (found.marginalLevel, found.averageLevel, found.competitive) == (4095, 2048, 4096)
    assert used < 4_000_000, "the clearing fits a block with room to spare"


def test_clear__most_units_that_there_can_be__does_not_overflow(primary: Any) -> None:
    """A million bidders, who each bid for all that a book can offer, at the worst level."""
    most = 2**44 - 1

    found = clear(primary, [(4095, 2**63), (4095, 2**63 - 1)], levels=4096, offered=most, farOff=65535)

    assert (found.marginalLevel, found.averageLevel) == (4095, 4095)
    assert (found.marginalBid, found.marginalShare) == (2**64 - 1, most)


@pytest.mark.parametrize(("basis", "average"), [(RATE, 1), (PRICE, 0)])
def test_clear__average_between_two_ticks__half_up_in_the_quote(
    primary: Any, basis: int, average: int
) -> None:
    found = clear(primary, [(0, 500), (1, 500)], basis=basis, pricing=MULTIPLE)

    assert (found.marginalLevel, found.averageLevel) == (1, average)


def test_clear__void_rule__counts_all_bids_once_and_to_the_last_unit(primary: Any) -> None:
    """A level just as far from the average as allowed is valid; one unit more elsewhere, and it is void."""
    bids = [(0, 100), (10, 100)]

    assert clear(primary, bids, farOff=5).isPriced
    on_the_edge = clear(primary, bids, farOff=5)
    one_more = clear(primary, [(0, 100), (10, 101)], farOff=5)

    assert (on_the_edge.firstLevel, on_the_edge.lastLevel, on_the_edge.competitive) == (0, 10, 200)
    assert (one_more.firstLevel, one_more.lastLevel, one_more.competitive) == (1, 10, 101)


def test_clear__two_camps_far_apart__all_are_void_and_no_price_is_found(primary: Any) -> None:
    found = clear(primary, [(0, 100), (60, 100)], farOff=10, commitments=1000)

    assert not found.isPriced
    assert (found.firstLevel, found.lastLevel, found.competitive) == (20, 40, 0)


def test_clear__void_bids_in_front__neither_win_nor_take_what_others_win(primary: Any) -> None:
    """A low bid that is void does not use up what is offered."""
    found = clear(primary, [(0, 100), (40, 1000), (41, 1000)], farOff=12)

    assert (found.firstLevel, found.marginalLevel, found.marginalShare) == (27, 40, 1000)


def test_clear__mixed__drops_until_nothing_is_dropped(primary: Any) -> None:
    """Dropping level 20 lowers the average so that 10 goes, and then 6: one pass would stop too early."""
    bids = [(0, 500), (6, 40), (10, 60), (20, 400)]

    found = clear(primary, bids, pricing=MIXED, band=5)

    assert (found.marginalLevel, found.averageLevel, found.competitive) == (0, 0, 500)
    assert (found.marginalBid, found.marginalShare) == (500, 500)


def test_clear__mixed__a_level_that_would_be_dropped_alone_survives_among_worse_ones(primary: Any) -> None:
    """Level 8 is too far behind 0 and 8, but not behind 0, 8 and 9: what counts is the largest set."""
    bids = [(0, 500), (8, 100), (9, 400)]

    alone = clear(primary, bids[:2], pricing=MIXED, band=5)
    found = clear(primary, bids, pricing=MIXED, band=5)

    assert (alone.marginalLevel, alone.competitive) == (0, 500)
    assert (found.marginalLevel, found.averageLevel, found.competitive) == (9, 4, 1000)


def test_clear__mixed_with_a_short_last_level__averages_what_it_won(primary: Any) -> None:
    bids = [(0, 900), (10, 5000)]

    found = clear(primary, bids, pricing=MIXED, band=9)

    assert (found.marginalLevel, found.averageLevel, found.marginalShare) == (10, 1, 100)
    assert clear(primary, bids, pricing=MIXED, band=8).marginalLevel == 0


@pytest.mark.parametrize("levels", [1, 2])
def test_clear__no_bid_at_all__fails_but_at_a_fixed_price_that_is_underwritten(
    primary: Any, levels: int
) -> None:
    underwritten = clear(primary, [], levels=levels, commitments=700)

    assert underwritten.isPriced is (levels == 1)
    assert underwritten.takeUp == (700 if levels == 1 else 0)
    assert not clear(primary, [], levels=levels).isPriced


def test_clear__bids_without_a_quote_alone__make_no_price(primary: Any) -> None:
    found = clear(primary, [], nonCompetitive=900, nonCompetitiveBid=900, commitments=1000)

    assert not found.isPriced


def test_clear__volume__is_reached_to_the_unit_with_what_is_taken_up(primary: Any) -> None:
    parts = {"nonCompetitive": 200, "nonCompetitiveBid": 300, "commitments": 100}

    reached = clear(primary, [(3, 300)], minimumVolume=600, **parts)

    assert reached.isPriced
    assert (reached.competitive, reached.nonCompetitiveShare, reached.takeUp) == (300, 200, 100)
    assert not clear(primary, [(3, 300)], minimumVolume=601, **parts).isPriced


def test_clear__over_allotted__adds_to_what_quotes_compete_for(primary: Any) -> None:
    found = clear(primary, [(0, 700), (1, 900)], overAllotted=500, nonCompetitive=100, nonCompetitiveBid=50)

    assert (found.marginalLevel, found.marginalShare, found.competitive) == (1, 750, 1450)
    assert (found.nonCompetitiveShare, found.takeUp) == (50, 0)
