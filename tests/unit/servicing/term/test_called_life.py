"""A bond that is called lives on until its last payment: trades, record dates, taps, tax, freezes, redemption

├── transfers until the books close; who holds then is redeemed, whatever was held at the call
├── accrued interest runs to the day, and no further
├── new units may be issued while the books are open, and are redeemed with the rest
├── tax is taken of the interest, not of the price
└── nothing is left: every base unit that was funded is paid, kept or given back
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import ALL_CLASSES, DAY, day_of
from tests.evm.chain import refused
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.term.stage import (
    DUE,
    END,
    JULY,
    PRICE,
    amount,
    call,
    callable_bond,
    interest,
    pays_on,
    principal,
    receive,
    to,
)

pytestmark = pytest.mark.unit

ONE_DAY = timedelta(days=1)


def test_called__transfers_go_on_until_the_books_close(world: World) -> None:
    """Called, sold, recorded, redeemed: the buyer is paid for what he holds at the record date."""
    bond = callable_bond(world)
    call(world, bond, JULY)
    bond.transfer(world.spender, 20, sender=world.holder)
    coupons = [interest(DUE[0], DUE[1]), interest(DUE[1], DUE[2])]
    people = (world.holder, world.buyer, world.spender)
    assert receive(world, bond, 1, *people) == [amount(units, coupons[0]) for units in (80, 50, 20)]
    bond.transfer(world.buyer, 30, sender=world.holder)
    assert receive(world, bond, 2, *people) == [amount(units, coupons[1]) for units in (50, 80, 20)]
    bond.transfer(world.holder, 80, sender=world.buyer)

    got = receive(world, bond, 3, *people)

    assert got == [amount(units, interest(DUE[2], JULY), principal(PRICE)) for units in (130, 0, 20)]
    assert bond.totalSupply() == 0
    assert [bond.balanceOf(each) for each in people] == [0, 0, 0]
    assert world.cash.balanceOf(world.servicing) == world.servicing.keptFor(bond, world.paying_agent)


def test_called__redemption__burns_and_says_so(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.ready(bond, 3)
    with world.refuses("PaymentKindWrong", bond, 3, 3):
        world.servicing.pay(bond, 3, [world.holder], sender=world.outsider)

    made = world.servicing.redeem(bond, [world.holder], sender=world.outsider)
    assert "BondRedeemed" not in made.names
    made = world.servicing.redeem(bond, [world.buyer], sender=world.outsider)

    assert made.only("BondRedeemed") == {"period": 3}
    with world.refuses("PaymentNothingDue", bond, 3):
        world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)


def test_called__claimed_by_the_holder_himself(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.ready(bond, 3)
    had = world.cash.balanceOf(world.holder)

    world.servicing.claim(bond, 3, sender=world.holder)

    assert world.cash.balanceOf(world.holder) - had == amount(100, interest(DUE[2], JULY), principal(PRICE))
    assert bond.balanceOf(world.holder) == 0


# --- accrued interest


@pytest.mark.parametrize("day", [DUE[2], DUE[2] + ONE_DAY, date(2020, 7, 1), JULY - ONE_DAY, JULY])
def test_called__accrued__runs_to_the_day(world: World, day: date) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.to_record(bond, 2)

    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 2))

    assert accrued == interest(DUE[2], day)
    assert world.servicing.accruedOf(bond, 7, day_of(day)) == int(7 * accrued)


def test_called__accrued_beyond_the_day__is_the_whole_last_coupon(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)

    for day in (JULY + ONE_DAY, DUE[3], DUE[8]):
        assert Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 2)) == interest(DUE[2], JULY)
    world.to_record(bond, 3)
    with world.refuses("AccrualDayInvalid", bond, day_of(JULY)):
        world.servicing.accruedOf(bond, 1, day_of(JULY))


def test_called__accrued_after_the_books_closed__is_what_the_holder_gives_up(world: World) -> None:
    """Between record and end nothing moves, but a value in a report is below zero: ex-coupon."""
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.to_record(bond, 3)
    day = JULY - ONE_DAY

    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 3))

    assert accrued == interest(DUE[2], day) - interest(DUE[2], JULY)


def test_called__clean_trade_on_the_last_open_day__has_interest_of_the_short_period(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.to_record(bond, 2)
    to(world, JULY - ONE_DAY)
    world.give_cash(world.buyer)
    trade = world.clean_trade(bond, world.holder, world.buyer, units=30, cleanAmount=303_000)

    made = world.settle_clean(trade, world.holder, world.buyer)

    accrued = int(30 * interest(DUE[2], JULY - ONE_DAY))
    assert made.only("TradePriced").accrued == accrued
    assert made.only("TradeSettled").amount == 303_000 + accrued


# --- new units


def test_called__tap_while_the_books_are_open__is_redeemed_with_the_rest(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, END)
    to(world, DUE[1])
    world.place(bond, {world.spender: 40})

    assert bond.totalSupply() == 190
    got = receive(world, bond, 4, world.holder, world.buyer, world.spender)
    assert got == [amount(units, interest(DUE[3], DUE[4]), principal(PRICE)) for units in (100, 50, 40)]
    assert bond.totalSupply() == 0


def test_called__offering_that_ends_after_the_books_close__is_refused(world: World) -> None:
    """Nobody subscribes to units that could not be issued any more."""
    bond = callable_bond(world)
    call(world, bond, JULY)
    to(world, pays_on(JULY) - timedelta(days=2))

    assert refused(lambda: world.place(bond, {world.spender: 40})) != ""
    assert bond.totalSupply() == 150


def test_called__subscription_of_before__is_settled_or_given_back(world: World) -> None:
    """A tap whose result is there when the bond is called: it settles while the books are open."""
    bond = callable_bond(world, holdings={})
    tender = world.sell(bond, {world.holder: 100})
    call(world, bond, JULY)

    tender.settle(world.holder)

    assert bond.totalSupply() == 100
    assert receive(world, bond, 3, world.holder)[0] == amount(100, interest(DUE[2], JULY), principal(PRICE))


# --- tax, freezes


def test_called__tax__is_of_the_interest_not_of_the_price(world: World) -> None:
    tax = {"taxAccount": world.cash_issuer, "withholdings": [Record(classes=ALL_CLASSES, rate=200_000_000)]}
    bond = callable_bond(world, provisions=provided(**tax))
    call(world, bond, JULY)
    had = world.cash.balanceOf(world.cash_issuer)

    got = receive(world, bond, 3)

    gross = [int(units * interest(DUE[2], JULY)) for units in (100, 50)]
    taxes = [int(each * Fraction(1, 5)) for each in gross]
    assert got == [
        earned - tax + int(units * principal(PRICE))
        for units, earned, tax in zip((100, 50), gross, taxes, strict=True)
    ]
    assert world.cash.balanceOf(world.cash_issuer) - had == sum(taxes)


@pytest.mark.parametrize("frozen", [1, 60, 100, 2**256 - 1])
def test_called__frozen_units__their_part_is_kept(world: World, frozen: int) -> None:
    bond = callable_bond(world)
    call(world, bond, JULY)
    world.freeze(bond, world.holder, frozen)
    free = 100 - min(frozen, 100)

    got = receive(world, bond, 3)

    whole, part = (amount(units, interest(DUE[2], JULY), principal(PRICE)) for units in (100, free))
    assert got[0] == part
    assert world.servicing.keptFor(bond, world.holder) == whole - part
    world.freeze(bond, world.holder, 0)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert bond.balanceOf(world.holder) == 0


# --- lives


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    offset=st.integers(60, 700),
    holdings=st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 10**6)), max_size=6),
    price=st.integers(1, 3 * 10**9),
    rate=st.integers(0, 10**9),
)
def test_called__any_life__all_that_was_funded_is_paid_kept_or_given_back(
    world: World,
    offset: int,
    holdings: list[int],
    moves: list[tuple[int, int, int]],
    price: int,
    rate: int,
) -> None:
    with world.sandbox():
        day = DUE[0] + timedelta(days=offset)
        right = Record(firstDay=day_of(day), lastDay=day_of(day), noticeDays=5, price=price, inPart=False)
        held = dict(zip(world.investors, holdings, strict=False))
        bond = callable_bond(world, right, holdings=held, couponRate=rate, units=10**7)
        call(world, bond, day)
        start = max(due for due in DUE if due < day)
        last = DUE.index(start) + 1
        if last > 1:
            world.to_record(bond, last - 1)
        for giver, taker, units in moves:
            sender, receiver = world.investors[giver], world.investors[taker]
            if giver != taker and held.get(sender, 0) >= units:
                bond.transfer(receiver, units, sender=sender)
                held[sender] -= units
                held[receiver] = held.get(receiver, 0) + units
        people = list(world.investors)
        expected = [
            amount(held.get(each, 0), interest(start, day, rate=rate), principal(price)) for each in people
        ]
        world.to_payment(bond, last)
        if not sum(expected):
            return
        before = world.cash.balanceOf(world.servicing)

        assert receive(world, bond, last, *people) == expected
        assert bond.totalSupply() == 0
        escrow = world.servicing.payment(bond, last)
        assert escrow.paid == sum(expected)
        residue = escrow.funded - escrow.paid
        assert 0 <= residue < 2 * len(people)
        assert world.cash.balanceOf(world.servicing) - before == residue
        assert world.servicing.keptFor(bond, world.paying_agent) == residue
        assert world.evm.now >= instant_of(day)


def instant_of(day: date) -> int:
    return day_of(day) * DAY - 8 * 3600
