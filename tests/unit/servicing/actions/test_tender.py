"""A tender: the issuer offers a price, holders sell, above the most he buys pro rata

├── offered by the issuer alone, with a window to come and a day after it
├── all that is elected, or each election x most / elected, rounded down; the rest is free
├── clean price + accrued to the day of settlement; a recorded coupon is taken off, below zero is refused
└── unfunded for ten days -> lapsed
"""

from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import DAY, TENDER, UNIT_DOWN, day_of
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    acting,
    balance,
    earned,
    free_units,
    fund,
    holding_amount,
    settle,
    tender_terms,
    with_own_units,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

OPENED, SETTLED = date(2020, 4, 1), date(2020, 4, 15)


def spring(world: World, **changes: Any) -> Record:
    """Open from 1 to 10 April, settled on the fifteenth."""
    given_ = {"opensAt": instant(OPENED), "closesAt": instant(date(2020, 4, 11)), "payDay": day_of(SETTLED)}
    return tender_terms(world, **(given_ | changes))


def offered(world: World, bond: Contract, elections: dict[Any, int], **changes: Any) -> int:
    """A tender that is over; the day of its settlement has come."""
    number: int = world.servicing.offerTender(bond, spring(world, **changes), sender=world.issuer).value
    to(world, OPENED)
    for who, units in elections.items():
        world.servicing.elect(bond, number, units, sender=who)
    world.evm.warp(max(world.evm.now, world.servicing.actionOf(bond, number).payTime))
    return number


def test_offer_tender__issuer__says_its_terms(world: World) -> None:
    bond = acting(world)
    offer = spring(world, most=70)
    made = world.servicing.offerTender(bond, offer, sender=world.issuer)
    action = made.only("ActionOpened").action
    assert (action.kind, action.withdrawable, action.most, action.amount) == (TENDER, True, 70, offer.amount)
    assert (action.opensAt, action.closesAt) == (offer.opensAt, offer.closesAt)
    assert (action.payDay, action.payTime, action.price) == (offer.payDay, instant(SETTLED), 0)
    assert action.document == offer.document


@pytest.mark.parametrize("who", ["holder", "statutory", "paying_agent", "bookrunner"])
def test_offer_tender__anybody_else__is_refused(world: World, who: str) -> None:
    bond = acting(world)
    sender = getattr(world, who)
    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.offerTender(bond, tender_terms(world), sender=sender)


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"amount": 0}, "amount"),
        ({"opensAt": 0}, "opensAt"),
        ({"closesAt": 1}, "closesAt"),
        ({"opensAt": 2**39, "closesAt": 2**39}, "closesAt"),
        ({"payDay": day_of(date(2020, 4, 10))}, "payDay"),
        ({"payDay": day_of(date(2020, 6, 11))}, "payDay"),  # units would be bound for more than 60 days
    ],
)
def test_offer_tender__term_out_of_range__is_refused(world: World, changes: Any, term: str) -> None:
    bond = acting(world)
    with world.refuses("ActionTermInvalid", term.encode().ljust(32, b"\0")):
        world.servicing.offerTender(bond, spring(world, **changes), sender=world.issuer)


def test_offer_tender__day_of_settlement_is_a_weekend__is_rolled(world: World) -> None:
    """The issuer names the day himself: interest runs to the day on which is paid."""
    bond = acting(world)
    world.servicing.offerTender(bond, spring(world, payDay=day_of(date(2020, 4, 18))), sender=world.issuer)
    action = world.servicing.actionOf(bond, 1)
    assert (action.payDay, action.payTime) == (day_of(date(2020, 4, 20)), instant(date(2020, 4, 20)))


def test_tender__below_the_most__all_is_taken_at_price_and_interest(world: World) -> None:
    bond = acting(world)
    number = offered(world, bond, {world.holder: 37, world.buyer: 11}, most=48)
    before = balance(world, world.holder), balance(world, world.buyer)
    made = fund(world, bond, number).only("ActionFunded")
    settle(world, bond, number, world.holder, world.buyer)
    interest = earned(DUE[1], SETTLED)
    assert (made.units, made.principal, made.interest) == (48, 48 * 9_900, int(48 * interest))
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [holding_amount(units, interest, Fraction(9_900)) for units in (37, 11)]
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (63, 39)


def test_tender__above_the_most__each_is_cut_and_the_rest_is_free(world: World) -> None:
    people = [world.holder, world.buyer, *world.investors[:2]]
    elections = dict(zip(people, (37, 11, 7, 1), strict=True))
    bond = acting(world, dict.fromkeys(people, 40))
    number = offered(world, bond, elections, most=20)
    taken = [units * 20 // 56 for units in elections.values()]
    assert taken == [13, 3, 2, 0]
    assert [world.servicing.takenOf(bond, number, units) for units in elections.values()] == taken

    made = fund(world, bond, number).only("ActionFunded")
    assert made.units == 20, "money for the most, of which rounding leaves some"
    settled = settle(world, bond, number, *people)

    assert settled.only("ActionSettled").taken == sum(taken)
    assert [bond.balanceOf(who) for who in people] == [40 - units for units in taken]
    assert [free_units(bond, who) for who in people] == [40 - units for units in taken]
    residue = settled.only("ActionCompleted").residue
    assert residue == made.interest + made.principal - settled.only("ActionSettled").amount
    assert residue >= 2 * 9_900


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(elections=st.lists(st.integers(1, 10**9), min_size=1, max_size=6), most=st.integers(1, 2 * 10**9))
def test_tender__any_elections__pro_rata_to_less_than_a_unit_each(
    deployed: World, elections: list[int], most: int
) -> None:
    with deployed.sandbox():
        world, people = deployed, deployed.investors[: len(elections)]
        holdings = dict(zip(people, elections, strict=True))
        bond = acting(world, holdings, faceValue=10**4, units=10**11)
        number = offered(world, bond, holdings, most=most, amount=1)
        world.give_cash(world.paying_agent, 10**18)
        fund(world, bond, number)
        settle(world, bond, number, *people)
        whole = sum(elections)
        for who, units in holdings.items():
            exact = Fraction(units * min(most, whole), whole)
            assert exact - 1 < units - bond.balanceOf(who) <= exact
        assert whole - bond.totalSupply() <= min(most, whole)
        assert world.events_of(bond).boundUnits() == 0


def test_tender__coupon_is_recorded__is_taken_off_the_price(world: World) -> None:
    bond = acting(world, recordBusinessDays=2)
    day = date(2020, 6, 4)
    closes = instant(date(2020, 6, 1))
    number = offered(world, bond, {world.holder: 100}, closesAt=closes, payDay=day_of(day))
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    rebate = ceil(earned(DUE[1], DUE[2]) - earned(DUE[1], day))
    assert rebate == 1
    assert balance(world, world.holder) - before == 100 * (9_900 - rebate)


def test_tender__coupon_that_is_recorded_is_more_than_the_price__is_refused(world: World) -> None:
    """A holder never pays for selling."""
    bond = acting(world, recordBusinessDays=10, couponRate=300_000_000)
    day, closes = date(2020, 6, 1), instant(date(2020, 5, 20))
    rebate = ceil(earned(DUE[1], DUE[2], 300_000_000) - earned(DUE[1], day, 300_000_000))
    short = offered(world, bond, {world.holder: 50}, closesAt=closes, payDay=day_of(day), amount=rebate - 1)
    with world.refuses("ActionTermInvalid", b"amount".ljust(32, b"\0")):
        fund(world, bond, short)
    world.evm.warp(world.servicing.actionOf(bond, short).payTime + 10 * DAY)
    world.servicing.release(bond, short, [world.holder], sender=world.outsider)
    assert free_units(bond, world.holder) == 100


def test_tender__price_is_just_the_coupon_that_is_recorded__pays_nothing(world: World) -> None:
    bond = acting(world, recordBusinessDays=10, couponRate=300_000_000)
    day, closes = date(2020, 6, 1), instant(date(2020, 5, 20))
    rebate = ceil(earned(DUE[1], DUE[2], 300_000_000) - earned(DUE[1], day, 300_000_000))
    number = offered(world, bond, {world.holder: 50}, closesAt=closes, payDay=day_of(day), amount=rebate)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert (balance(world, world.holder) - before, bond.balanceOf(world.holder)) == (0, 50)


def test_tender__rounded_per_unit__interest_is(world: World) -> None:
    bond = acting(world, rounding=UNIT_DOWN)
    number = offered(world, bond, {world.holder: 77})
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert balance(world, world.holder) - before == 77 * (9_900 + int(earned(DUE[1], SETTLED)))


def test_tender__issuer_may_sell_to_himself__like_anybody(world: World) -> None:
    """Only votes are not his."""
    bond = with_own_units(world, 60)
    number = offered(world, bond, {world.issuer: 60, world.holder: 10})
    fund(world, bond, number)
    settle(world, bond, number, world.issuer, world.holder)
    assert (bond.balanceOf(world.issuer), bond.totalSupply()) == (0, 80)
