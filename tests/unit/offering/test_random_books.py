"""Whole random tenders, from the mandate to the last withdrawal, against a slow reading of the rules.

Every form, basis and way of pricing; ties, voids, caps, over-allotments, underwriters, clients, replaced and
withdrawn bids; opened, proved and settled in any order and in batches. Cuts, shares, prices, units and money
must be as the reference says.
"""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from tests.evm.builders import (
    CLEARED,
    CLOSED,
    ENCRYPTED,
    FAILED,
    MIXED,
    NON_COMPETITIVE,
    OPEN,
    PUBLISHED,
    RATE,
    SEALED,
    TO_BE_FIXED,
    day_of,
)
from tests.evm.builders import date_of as date_of_day
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.offering.accounts import assert_solvent, clean_up, withdraw_all
from tests.unit.primary.builders import market_of, rules_of
from tests.unit.primary.reference import Outcome, outcome_of

from indenture.primary import Basis, Form, Pricing, TickBid

pytestmark = pytest.mark.unit

SEEDS, BOOKS = 12, 80
FAR = 10**12  # more money than anybody spends


@dataclass
class Draw:
    """What is drawn of one tender."""

    conditions: dict[str, Any]
    terms: dict[str, Any]
    commitments: dict[str, int]
    over_allotted: int


def draw(world: World, dice: Random) -> Draw:
    """Narrow and small on purpose, so that ties, full and empty levels, void bids and failures are common."""
    basis, pricing = dice.choice((0, 1)), dice.choice((0, 1, 2))
    levels, lot = dice.choice((1, 2, 3, 5, 9, 30)), dice.choice((1, 1, 7, 100))
    offered, added = (
        dice.randrange(1, dice.choice((3, 12, 60)) + 1),
        dice.choice((0, 0, dice.randrange(1, 10))),
    )
    pricing = 0 if levels == 1 else pricing
    tick = dice.choice((1, 250, 100_000))
    lowest = dice.choice((tick, 7, 30_000_000))
    return Draw(
        conditions={
            "form": dice.choice((OPEN, OPEN, SEALED, ENCRYPTED)),
            "basis": basis,
            "pricing": pricing,
            "offered": offered * lot,
            "overAllotment": added * lot,
            "minimumVolume": dice.choice((0, 0, dice.randrange(offered + 1))) * lot,
            "nonCompetitive": 0 if levels == 1 else dice.choice((0, dice.randrange(offered))) * lot,
            "lowest": lowest,
            "highest": lowest + (levels - 1) * tick,
            "tick": tick,
            "farOff": 0 if levels == 1 else dice.choice((0, 0, 1, 2, 5)),
            "band": dice.randrange(6) if pricing == MIXED else 0,
            "deposit": dice.choice((0, 1, 5_000)),
        },
        terms={
            "minimumUnits": lot,
            "faceValue": dice.choice((1, 10_000, 333_333)),
            "monthsPerPeriod": dice.choice((3, 6, 12)),
            "periods": dice.randrange(4, 12),
            "couponRate": TO_BE_FIXED if basis == RATE else 30_000_000,
            "issueDay": day_of(date_of_day(world.evm.now // 86_400)) + 20,
        },
        commitments={
            who: lot * dice.randrange(offered + added + 1)
            for who in dice.sample(world.underwriters, dice.randrange(4))
        },
        over_allotted=lot * dice.randrange(added + 1),
    )


def draw_bids(tender: Tender, bidder: str, accounts: list[str], dice: Random) -> list[tuple[int, int, str]]:
    """Bids of one bidder, for himself and his clients; together no more than there is."""
    given, lot = tender.conditions, tender.bond.terms().minimumUnits
    left = (given.offered + given.overAllotment) // lot
    bids: dict[tuple[int, str], int] = {}
    for _ in range(dice.randrange(1, 7)):
        level = dice.randrange((given.highest - given.lowest) // given.tick + 1)
        quote = given.lowest + level * given.tick
        if given.nonCompetitive and dice.random() < 0.25:
            quote = NON_COMPETITIVE
        units = min(left, dice.choice((1, 1, 2, dice.randrange(1, given.offered // lot + 1))))
        key = (quote, dice.choice([bidder, *accounts]))
        if units and key not in bids:
            bids[key], left = units * lot, left - units
    return [(quote, units, account) for (quote, account), units in bids.items()]


def fill(tender: Tender, dice: Random) -> None:
    """Some bid, some bid again, some withdraw."""
    world = tender.world
    people = [*world.investors, *world.underwriters]
    clients = [str(each) for each in (world.holder, world.buyer, world.spender)]
    for bidder in dice.sample(people, dice.randrange(len(people) + 1)):
        for _ in range(dice.choice((1, 1, 1, 2))):
            bids = draw_bids(tender, bidder, clients, dice)
            tender.bid(bidder, *bids)
        if dice.random() < 0.1:
            tender.withdraw(bidder)


def expected_of(tender: Tender, drawn: Draw) -> Outcome:
    """What the reference makes of it."""
    given, terms = drawn.conditions, drawn.terms
    rules = rules_of(
        form=Form(given["form"]),
        basis=Basis(given["basis"]),
        pricing=Pricing(given["pricing"]),
        offered=given["offered"],
        over_allotment=given["overAllotment"],
        minimum_volume=given["minimumVolume"],
        non_competitive=given["nonCompetitive"],
        minimum_bid=terms["minimumUnits"],
        maximum_bid=given["offered"] + given["overAllotment"],
        lowest=given["lowest"],
        highest=given["highest"],
        tick=given["tick"],
        far_off=given["farOff"],
        band=given["band"],
    )
    market = market_of(
        rules,
        lot=terms["minimumUnits"],
        face_value=terms["faceValue"],
        months_per_period=terms["monthsPerPeriod"],
        periods=terms["periods"],
    )
    books = {
        str(bidder): tuple(TickBid(bid.quote, bid.units, str(bid.account)) for bid in bids)
        for bidder, bids in tender.bids.items()
    }
    commitments = sum(drawn.commitments.values())
    return outcome_of(tender.id, rules, market, books, drawn.over_allotted, commitments)


def assert_book(tender: Tender, expected: Outcome) -> None:
    book = tender.book
    assert (book.issueRate, book.issuePrice) == (expected.issue_rate, expected.issue_price)
    assert book.takeUp == expected.take_up
    assert book.competitive + book.nonCompetitiveShare + book.takeUp == expected.volume
    if expected.marginal is not None:
        assert tender.quote_of(book.marginalLevel) == expected.marginal
        assert tender.quote_of(book.averageLevel) == expected.average
    for bidder in tender.bids:
        units = [expected.units[str(bidder), number] for number in range(len(tender.bids[bidder]))]
        assert tender.won(bidder) == units
        assert tender.due(bidder) == due_of(expected, bidder, units)


def due_of(expected: Outcome, bidder: str, units: list[int]) -> int:
    return sum(each * expected.price[str(bidder), number] for number, each in enumerate(units) if each)


def prove(tender: Tender, dice: Random) -> None:
    """In batches of any size."""
    openings, cuts = tender.openings(), tender.cuts()
    while tender.book.stage == CLEARED:
        size = dice.randrange(1, len(openings) + 1)
        tender.allocate(cuts, openings[:size])
        openings = openings[size:]


def settle_all(tender: Tender, dice: Random) -> None:
    winners = [bidder for bidder in tender.bids if sum(tender.won(bidder))]
    dice.shuffle(winners)
    while winners:
        size = dice.randrange(1, len(winners) + 1)
        tender.settle(*winners[:size])
        winners = winners[size:]


def run(world: World, dice: Random, seen: Counter[str]) -> None:
    drawn = draw(world, dice)
    bond = world.register(**drawn.terms)
    tender = world.open_tender(bond, syndicate=drawn.commitments, **drawn.conditions)
    people = [*world.investors, *world.underwriters]
    rich = {account: world.cash.balanceOf(account) for account in people}
    standing = {account: world.offering.depositOf(world.cash, account) for account in people}
    proceeds = world.cash.balanceOf(world.issuer)

    fill(tender, dice)
    tender.close()
    if drawn.conditions["form"] != OPEN:
        for bidder in dice.sample(list(tender.bids), len(tender.bids)):
            tender.open_bid(bidder)
    if drawn.conditions["overAllotment"] and (drawn.over_allotted or dice.random() < 0.5):
        tender.declare(drawn.over_allotted)
    assert tender.book.stage == CLOSED
    assert_solvent(world, tender)
    expected = expected_of(tender, drawn)
    tender.clear()

    assert (tender.book.stage == FAILED) is expected.failed
    seen["failed"] += expected.failed
    if not expected.failed:
        book = tender.book
        seen["short"] += book.stage == CLEARED
        seen["void"] += book.firstLevel > 0 or book.lastLevel < book.levels - 1
        seen["cut"] += tender.cuts().marginal != 2**256 - 1
        prove(tender, dice)
        assert tender.book.stage == PUBLISHED
        assert_book(tender, expected)
        tender.to("settlesFrom")
        settle_all(tender, dice)
        if expected.take_up:
            tender.take_up(*drawn.commitments)
            seen["taken up"] += 1
        assert_paid(tender, expected, drawn, rich, standing, proceeds)
    clean_up(tender)
    assert_solvent(world, tender)
    withdraw_all(world)


def assert_paid(
    tender: Tender,
    expected: Outcome,
    drawn: Draw,
    rich: dict[Any, int],
    standing: dict[Any, int],
    proceeds: int,
) -> None:
    """Units and money of each, and of the issuer."""
    world, units, paid = tender.world, Counter[str](), Counter[str]()
    for bidder, bids in tender.bids.items():
        won = [expected.units[str(bidder), number] for number in range(len(bids))]
        paid[bidder] += due_of(expected, bidder, won)
        for bid, each in zip(bids, won, strict=True):
            units[str(bid.account).lower()] += each
    for who in drawn.commitments:
        part = world.offering.takeUpOf(tender.id, who)[0]
        units[who.lower()] += part
        paid[who] += part * expected.issue_price
    assert tender.bond.totalSupply() == expected.volume == units.total()
    for account in (*rich, world.holder, world.buyer, world.spender):
        assert tender.bond.balanceOf(account) == units[account.lower()]
    for account, had in rich.items():
        still_held = tender.conditions.deposit * (
            (tender.bid_word(account) != bytes(32)) + world.offering.underwriterOf(tender.id, account).deposit
        )
        joined = tender.conditions.deposit * (account in drawn.commitments)  # held before `rich` was read
        has = world.cash.balanceOf(account) + world.offering.depositOf(world.cash, account) + still_held
        assert had + standing[account] + joined - has == paid[account], (
            "everybody pays his price, to the base unit"
        )
    assert world.cash.balanceOf(world.issuer) - proceeds == paid.total()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_tender__any_book_from_end_to_end__as_the_reference(world: World, seed: int) -> None:
    dice, seen = Random(f"tenders {seed}"), Counter[str]()
    for account in (*world.investors, *world.underwriters):
        world.give_cash(account, FAR)

    for _ in range(BOOKS):
        run(world, dice, seen)

    assert min(seen[each] for each in ("failed", "short", "void", "cut", "taken up")) > 0, seen
