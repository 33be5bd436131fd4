"""A payment that comes late bears interest for it: a share of every amount, the same for every unit

├── rate x days / 365 from the pay day, in billionths, rounded down; none on the day itself
├── of interest and principal; each holding on its own, the rest to the payer
├── taxed like interest
├── in cash of any decimals; at most a hundred times the amount
└── cures the default, however late, until the bond is made due
"""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import DAY, NO_RIGHTS, WHOLE, day_of, defaults
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    balance,
    earned,
    late_share,
    taxing,
    with_penalty,
)
from tests.unit.servicing.defaults.stage import TERMS, missed_at, noticed, owing
from tests.unit.servicing.stage import instant

pytestmark = pytest.mark.unit

COUPON = earned(DUE[0], DUE[1])


def fund_late(world: World, bond: Contract, days: int, period: int = 1, second: int = 0) -> Any:
    world.to_payment(bond, period)
    pay_time = bond.paymentDays(period).payTime
    world.evm.warp(pay_time + days * DAY + second)
    return world.servicing.fund(bond, period, sender=world.paying_agent)


@pytest.mark.parametrize("second", [0, DAY - 1])
def test_fund__on_the_pay_day__bears_no_penalty(world: World, second: int) -> None:
    bond = owing(world)
    made = fund_late(world, bond, 0, second=second)
    assert not made.named("PenaltyFunded")
    assert world.servicing.payment(bond, 1).penalty == 0


@pytest.mark.parametrize("days", [1, 2, 5, 6, 100, 365, 366])
def test_fund__late__bears_the_penalty_of_the_days(world: World, days: int) -> None:
    bond = owing(world)
    share = late_share(TERMS.penaltyRate, days)
    before = balance(world, world.holder), balance(world, world.buyer)

    made = fund_late(world, bond, days, second=DAY - 1)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    paid = world.servicing.pay(bond, 1, [world.buyer], sender=world.outsider)

    interest = int(150 * COUPON)
    late = interest * share // WHOLE
    assert made.only("PaymentFunded").interest == interest
    assert made.only("PenaltyFunded") == {"bond": bond.address, "period": 1, "rate": share, "amount": late}
    payment = world.servicing.payment(bond, 1)
    assert (payment.funded, payment.penalty) == (interest + late, share)
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [with_penalty(int(units * COUPON), share) for units in (100, 50)]
    assert paid.only("PaymentCompleted").residue == interest + late - sum(gains) < 4


def test_fund__last_payment_late__bears_it_on_the_principal_too(world: World) -> None:
    bond = owing(world)
    for period in range(1, 8):
        world.to_payment(bond, period)
        world.servicing.fund(bond, period, sender=world.paying_agent)
    made = fund_late(world, bond, 50, period=8)
    share = late_share(TERMS.penaltyRate, 50)
    before = balance(world, world.holder)
    world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)
    coupon = earned(DUE[7], DUE[8])
    assert made.only("PenaltyFunded").amount == (int(150 * coupon) + 150 * FACE) * share // WHOLE
    assert balance(world, world.holder) - before == with_penalty(int(100 * coupon) + 100 * FACE, share)
    assert bond.totalSupply() == 0


@pytest.mark.parametrize("decimals", [0, 2, 6, 18])
def test_pay__cash_of_any_decimals__bears_the_same_penalty(world: World, decimals: int) -> None:
    """A year late at 7.3 %: of a coupon of 325, 23.725."""
    face = 10_000 * 10**decimals
    rights = NO_RIGHTS.but(defaults=TERMS)
    bond, cash = world.foreign_bond(decimals, faceValue=face, rights=rights)
    fund_late(world, bond, 365)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    amount = 32_500 * 10**decimals
    share = late_share(TERMS.penaltyRate, 365)
    assert share == 73_000_000
    assert cash.balanceOf(world.holder) == amount + amount * share // WHOLE


def test_pay__withholding__tax_is_of_the_penalty_too(world: World) -> None:
    bond = owing(world, provisions=taxing(world))
    days = 100
    share = late_share(TERMS.penaltyRate, days)
    people = world.holder, world.buyer, world.cash_issuer
    before = [balance(world, who) for who in people]
    fund_late(world, bond, days)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    gross = [with_penalty(int(units * COUPON), share) for units in (100, 50)]
    tax = [gross[0] // 5, gross[1] // 10]
    gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
    assert gains == [gross[0] - tax[0], gross[1] - tax[1], sum(tax)]


@pytest.mark.parametrize("frozen", [1, 40, 100])
def test_pay__some_units_are_frozen__their_penalty_is_kept_with_them(world: World, frozen: int) -> None:
    bond = owing(world)
    share = late_share(TERMS.penaltyRate, 100)
    fund_late(world, bond, 100)
    world.freeze(bond, world.holder, frozen)
    before = balance(world, world.holder)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    got, kept = balance(world, world.holder) - before, world.servicing.keptFor(bond, world.holder)
    assert got == with_penalty(int((100 - frozen) * COUPON), share)
    assert got + kept == with_penalty(int(100 * COUPON), share)


def test_fund__hundred_years_at_the_highest_rate__stops_at_a_hundred_times(world: World) -> None:
    bond = owing(world, terms=defaults(penaltyRate=WHOLE))
    world.to_payment(bond)
    from_day = day_of(DUE[1])
    for years, share in ((1, WHOLE), (100, 100 * WHOLE), (101, 100 * WHOLE), (40_000, 100 * WHOLE)):
        assert world.servicing.penaltyOf(bond, 1, from_day, from_day + 365 * years) == share
    assert world.servicing.penaltyOf(bond, 1, from_day, from_day) == 0
    assert world.servicing.penaltyOf(bond, 1, from_day + 1, from_day) == 0


@pytest.mark.parametrize("days", [6, 95])
def test_fund__missed__is_cured_until_the_bond_is_made_due(world: World, days: int) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    world.evm.warp(instant(DUE[1]) + days * DAY)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    with world.refuses("DefaultNotFound", bond, bond, 1, 0):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    with world.refuses("DefaultNotFound", bond, bond, 1, 0):
        world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder)


def test_fund__made_due__is_refused(world: World) -> None:
    """From then on there is one claim, and recoveries."""
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    world.servicing.accelerate(bond, number, sender=world.outsider)
    for period in (1, 2, 8):
        with world.refuses("BondDueAlready", bond):
            world.servicing.fund(bond, period, sender=world.paying_agent)


def test_fund__who_bought_in_between__has_no_part_of_the_penalty(world: World) -> None:
    """It belongs to the record date of the payment, like all of it."""
    bond = owing(world)
    world.evm.warp(missed_at(1))
    bond.transfer(world.spender, 100, sender=world.holder)
    fund_late(world, bond, 10)
    before = balance(world, world.holder)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    assert balance(world, world.holder) - before == with_penalty(
        int(100 * COUPON), late_share(TERMS.penaltyRate, 10)
    )
    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.pay(bond, 1, [world.spender], sender=world.outsider)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rate=st.integers(0, 300_000_000),
    face=st.integers(1, 10**12),
    penalty=st.integers(0, WHOLE),
    days=st.integers(0, 2000),
    holdings=st.lists(st.integers(1, 10**6), min_size=1, max_size=5),
)
def test_late_payment__any_figures__holders_and_residue_come_to_what_was_paid_in(
    deployed: World, rate: int, face: int, penalty: int, days: int, holdings: list[int]
) -> None:
    with deployed.sandbox():
        world, people = deployed, deployed.investors[: len(holdings)]
        bond = owing(
            world,
            dict(zip(people, holdings, strict=True)),
            terms=defaults(penaltyRate=penalty),
            faceValue=face,
            couponRate=rate,
            units=10**8,
        )
        world.give_cash(world.paying_agent, 10**21)
        if rate == 0:
            return
        fund_late(world, bond, days)
        before = [balance(world, who) for who in people]
        made = world.servicing.pay(bond, 1, people, sender=world.outsider)
        gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
        coupon, share = earned(DUE[0], DUE[1], rate, face), late_share(penalty, days)
        assert gains == [with_penalty(int(units * coupon), share) for units in holdings]
        residue = made.only("PaymentCompleted").residue
        assert residue + sum(gains) == world.servicing.payment(bond, 1).funded
        assert 0 <= residue <= (2 + Fraction(share, WHOLE)) * len(holdings)
