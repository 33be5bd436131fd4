"""The independent model of a tender, against a plain pass over the levels, QuantLib and figures by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from indenture.audit.model.tender import (
    NON_COMPETITIVE,
    Bid,
    Entry,
    Tender,
    allot,
    clear,
    entry_share,
    faults,
    figures,
    lowest_score,
    part,
    share_out,
)
from indenture.audit.model.tender.bids import MIXED, MULTIPLE, PRICE, RATE, UNIFORM
from indenture.audit.model.tender.shares import NO_CUT
from indenture.audit.model.tender.underwriting import later_part

pytestmark = pytest.mark.unit


def account(number: int) -> str:
    return f"0x{number:040x}"


def tender(**changes: Any) -> Tender:
    """A tender by rate, from 2 % to 4 % in steps of a basis point."""
    values: dict[str, Any] = {
        "number": 7,
        "basis": RATE,
        "pricing": UNIFORM,
        "lowest": 20_000_000,
        "highest": 40_000_000,
        "tick": 100_000,
        "offered": 1_000,
        "minimum_volume": 0,
        "non_competitive": 0,
        "minimum_bid": 10,
        "maximum_bid": 10_000,
        "far_off": 0,
        "band": 0,
        "lot": 10,
        "commitments": 0,
    }
    return Tender(**(values | changes))


def bids_at(rules: Tender, levels: dict[int, int]) -> list[Bid]:
    """One bidder for each level."""
    return [
        Bid(account(n), account(n), rules.quote_of(level), units)
        for n, (level, units) in enumerate(levels.items(), 1)
    ]


def random_tender(rng: random.Random) -> Tender:
    lot, tick, levels = rng.choice((1, 10, 100)), rng.choice((1, 3, 100)), rng.choice((1, 2, 9, 40))
    lowest = rng.randrange(1, 10_000)
    return tender(
        basis=rng.choice((RATE, PRICE)),
        pricing=rng.choice((UNIFORM, MULTIPLE, MIXED)),
        lowest=lowest,
        highest=lowest + tick * (levels - 1),
        tick=tick,
        offered=lot * rng.randrange(5, 60),
        minimum_volume=lot * rng.choice((0, 0, 4, 60)),
        non_competitive=lot * rng.choice((0, 0, 3)),
        far_off=rng.choice((0, 0, 1, 5)),
        band=rng.choice((0, 1, 4)),
        lot=lot,
        commitments=lot * rng.choice((0, 0, 10, 100)),
    )


def random_bids(rng: random.Random, rules: Tender) -> list[Bid]:
    bids = []
    for n in range(1, rng.randrange(1, 12)):
        quotes = [rules.quote_of(rng.randrange(rules.levels)) for _ in range(rng.randrange(1, 4))]
        if rules.non_competitive and rng.random() < 0.4:
            quotes.append(NON_COMPETITIVE)
        bids += [
            Bid(account(n), account(rng.randrange(1, 30)), quote, rules.lot * rng.randrange(1, 20))
            for quote in sorted(set(quotes))
        ]
    return bids


def passed(rules: Tender, bids: Sequence[Bid]) -> tuple[int, ...]:
    """The clearing as one pass over sums by level: how the rule is stated, not how the model does it."""
    by_level = [0] * rules.levels
    unquoted = 0
    for bid in bids:
        if bid.quote == NON_COMPETITIVE:
            unquoted += bid.units
        elif rules.basis == RATE:
            by_level[(bid.quote - rules.lowest) // rules.tick] += bid.units
        else:
            by_level[(rules.highest - bid.quote) // rules.tick] += bid.units
    units, weight = sum(by_level), sum(level * n for level, n in enumerate(by_level))
    valid = range(rules.levels)
    if rules.far_off and units:
        reach = rules.far_off * units
        fitting = [level for level in valid if abs(level * units - weight) <= reach]
        valid = range(fitting[0], fitting[-1] + 1) if fitting else range(0)
    share_unquoted = min(unquoted, rules.non_competitive)
    room, total, weighted = rules.offered - share_unquoted, 0, 0
    record = (0, 0, 0, 0, 0)
    for level in valid:
        asked = by_level[level]
        if not asked or total == room:
            continue
        share = min(asked, room - total)
        total, weighted = total + share, weighted + share * level
        half = 0 if rules.basis == RATE else 1
        average = (2 * weighted + total - half) // (2 * total)
        if rules.pricing != MIXED or level <= average + rules.band:
            record = (level, average, asked, share, total)
    return (*record, share_unquoted)


def test_clear__random_books__agrees_with_the_pass_over_levels() -> None:
    rng = random.Random(20)
    won = 0
    for _ in range(3_000):
        rules = random_tender(rng)
        bids = random_bids(rng, rules)
        rng.shuffle(bids)
        found = clear(rules, bids)
        marginal, average, asked, share, competitive, unquoted = passed(rules, bids)
        assert (found.marginal_level, found.average_level) == (marginal, average)
        assert (found.marginal_bid, found.marginal_share) == (asked, share)
        assert found.competitive == competitive
        if competitive == 0 and rules.levels > 1:
            assert found.failed
            assert found.volume == 0
            continue
        won += 1
        rest = rules.offered - competitive - unquoted
        assert found.take_up == min(rest, rules.commitments)
        assert found.volume == competitive + unquoted + found.take_up <= rules.offered
        assert found.failed == (found.volume == 0 or found.volume < rules.minimum_volume)
    assert won > 1_000


def test_clear__uniform_by_rate__stops_at_the_offer() -> None:
    rules = tender()

    found = clear(rules, bids_at(rules, {0: 300, 10: 500, 20: 400, 30: 100}))

    assert (found.marginal_level, found.marginal_bid, found.marginal_share) == (20, 400, 200)
    assert found.competitive == 1_000
    assert not found.failed


def test_clear__mixed__drops_what_is_too_far_behind_until_nothing_is() -> None:
    """Levels 0, 10, 12: the average of all is 6, so 12 is dropped at band 5; then it is 5, and 10 stays."""
    rules = tender(pricing=MIXED, band=5)

    found = clear(rules, bids_at(rules, {0: 400, 10: 400, 12: 100}))

    assert (found.marginal_level, found.average_level, found.competitive) == (10, 5, 800)


def test_clear__mixed__one_drop_leads_to_another() -> None:
    """All: average 4.3, so 9 is dropped; then it is 2, and 4 is within 2; at band 1 it is not."""
    rules = tender(pricing=MIXED, band=2)
    bids = bids_at(rules, {0: 100, 4: 100, 9: 100})

    assert clear(rules, bids).marginal_level == 4
    narrow = tender(pricing=MIXED, band=1)
    assert (clear(narrow, bids).marginal_level, clear(narrow, bids).competitive) == (0, 100)


def test_clear__far_off__is_void_on_both_sides_and_averaged_once() -> None:
    """Average of all is level 50: from 0 to 20 and beyond 80 is too far."""
    rules = tender(far_off=30)

    found = clear(rules, bids_at(rules, {0: 100, 20: 100, 50: 200, 80: 100, 100: 100}))

    assert (found.first_level, found.last_level) == (20, 80)
    assert found.competitive == 400


def test_clear__no_quote_at_all__fails_but_at_a_fixed_price() -> None:
    several = tender(commitments=500, non_competitive=100)
    fixed = tender(lowest=30_000_000, highest=30_000_000, commitments=500)
    unquoted = [Bid(account(1), account(1), NON_COMPETITIVE, 100)]

    assert clear(several, unquoted).failed
    assert clear(several, unquoted).volume == 0
    assert not clear(fixed, []).failed
    assert clear(fixed, []).take_up == 500
    assert clear(tender(lowest=30_000_000, highest=30_000_000), []).failed


@pytest.mark.parametrize(("basis", "level"), [(RATE, 1), (PRICE, 0)])
def test_average__just_between_two_ticks__goes_up_in_the_quote(basis: int, level: int) -> None:
    rules = tender(basis=basis, pricing=MULTIPLE)

    assert clear(rules, bids_at(rules, {0: 100, 1: 100})).average_level == level


def test_allot__random_books__sums_up_to_the_clearing() -> None:
    rng = random.Random(21)
    for _ in range(1_000):
        rules = random_tender(rng)
        bids = list({(b.bidder, b.account, b.quote): b for b in random_bids(rng, rules)}.values())
        found = clear(rules, bids)
        given = allot(rules, found, bids)
        again = allot(rules, found, bids[::-1])
        assert given == again
        assert all(units % rules.lot == 0 and 0 <= units <= bid.units for bid, units in given.items())
        quoted = sum(units for bid, units in given.items() if bid.is_quoted)
        assert quoted == found.competitive
        assert sum(given.values()) - quoted == found.non_competitive_share


def test_share_out__never_more_than_a_lot_off__and_the_cut_gives_the_same() -> None:
    rng = random.Random(22)
    for _ in range(500):
        rules = tender(lot=rng.choice((1, 10)), number=rng.randrange(1, 9))
        entries = [
            Entry(account(rng.randrange(1, 2**150)), account(n), rules.lot * rng.randrange(1, 50))
            for n in range(1, rng.randrange(2, 20))
        ]
        total = sum(entry.units for entry in entries)
        share = rules.lot * rng.randrange(1, total // rules.lot + 1)
        given = share_out(rules, entries, share)
        cut = lowest_score(rules, entries, share)
        assert sum(given.values()) == share
        for entry in entries:
            assert abs(given[entry] - Fraction(entry.units * share, total)) < rules.lot
            assert entry_share(rules, entry, share, total, cut) == given[entry]
        if cut != NO_CUT:
            higher = [entry_share(rules, entry, share, total, cut + 1) for entry in entries]
            assert sum(higher) < share


def test_share_out__equals__are_parted_by_a_hash_of_offering_and_accounts() -> None:
    entries = [Entry(account(n), account(n), 10) for n in range(1, 9)]
    lucky = [
        frozenset(e for e, units in share_out(tender(number=n), entries, 40).items() if units)
        for n in range(1, 20)
    ]

    assert {len(each) for each in lucky} == {4}
    assert len(set(lucky)) > 10


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"quote": 20_050_000}, "bids[0].quote"),
        ({"quote": 40_100_000}, "bids[0].quote"),
        ({"quote": 19_900_000}, "bids[0].quote"),
        ({"quote": NON_COMPETITIVE}, "bids[0].quote"),
        ({"units": 15}, "bids[0].units"),
        ({"units": 0}, "bids[0].units"),
        ({"units": 10_010}, "bids[0].units"),
    ],
)
def test_faults__one_bid_out_of_bounds__is_named(change: dict[str, int], key: str) -> None:
    values: dict[str, Any] = {"bidder": account(1), "account": account(1), "quote": 30_000_000, "units": 100}

    found = list(faults(tender(), [Bid(**(values | change))], 0, 10**6))

    assert [fault.key for fault in found] == [key]


def test_faults__order_number_and_total__are_looked_at() -> None:
    rules = tender()
    low, high = bids_at(rules, {3: 100, 5: 100})

    assert list(faults(rules, [low, high], 200, 200)) == []
    assert [f.key for f in faults(rules, [high, low], 0, 500)] == ["bids"]
    assert [f.key for f in faults(rules, [low, low], 0, 500)] == ["bids"]
    assert [f.key for f in faults(rules, [], 0, 500)] == ["bids"]
    assert [f.key for f in faults(rules, [low, high], 210, 500)] == ["units"]
    assert [f.key for f in faults(rules, [low, high], 0, 0)] == ["units"]


def test_figures__treasury_of_one_year__have_the_shape_that_is_published() -> None:
    """Bid multiple 3.61, marginal multiple 1.30: rounded down, in ten-thousandths."""
    rules = tender(offered=1_120)
    bids = bids_at(rules, {0: 1_000, 20: 156, 40: 2_890})

    found = figures(rules, clear(rules, bids), sum(bid.units for bid in bids))

    assert found.bid_multiple == 36_125
    assert found.marginal_multiple == 13_000
    assert found.marginal_ratio == 769_230
    assert found.marginal_quote == 22_000_000


def test_part__random_commitments__sum_up_to_the_rest() -> None:
    rng = random.Random(23)
    for _ in range(1_000):
        lot = rng.choice((1, 10))
        commitments = [lot * rng.randrange(0, 40) for _ in range(rng.randrange(1, 9))]
        rest = lot * rng.randrange(0, sum(commitments) // lot + 1)
        parts = [part(rest, commitments, place, lot) for place in range(len(commitments))]
        assert sum(parts) == (rest if sum(commitments) else 0)
        left = min(lot * rng.randrange(0, 40), sum(commitments) - rest)
        for place, (mine, most) in enumerate(zip(parts, commitments, strict=True)):
            assert mine % lot == 0
            assert mine <= most
            assert 0 <= later_part(left, commitments, place, lot, mine) <= most - mine
