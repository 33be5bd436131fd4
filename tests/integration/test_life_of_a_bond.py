"""Whole lives of bonds, with the register and the cash rebuilt from the events alone."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from tests.evm.builders import ACT_365F, DAY, MODIFIED_FOLLOWING, day_of
from tests.evm.chain import Contract, Event, actor, refused
from tests.evm.world import World

pytestmark = pytest.mark.integration

ZERO = "0x" + "00" * 20
PERIODS = 48


class Ledger:
    """Balances of one token as its `Transfer` events tell them."""

    def __init__(self, token: Contract, known: dict[str, int] | None = None) -> None:
        self.token = token
        self.balances = Counter(known or {})

    def read(self, events: list[Event]) -> None:
        for event in events:
            if event.name == "Transfer" and event.address == self.token.address:
                self.balances[event.arguments["from"]] -= event.value
                self.balances[event.to] += event.value

    def check(self) -> None:
        for account, amount in self.balances.items():
            if account != ZERO:
                assert self.token.balanceOf(account) == amount, "EVENT-1: balances follow from the events"
        assert self.token.totalSupply() == -self.balances[ZERO], "EVENT-2: so does the supply"


class Life:
    """One bond with random trades, freezes, claims and pushes; what each earns is summed up beside it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice, self.people = world, Random(seed), world.investors
        self.bond = world.register(
            issueDay=day_of(date(2019, 12, 31)),
            periods=PERIODS,
            monthsPerPeriod=1,
            dayCount=ACT_365F,
            roll=MODIFIED_FOLLOWING,
            faceValue=333,
            couponRate=47_111_113,
        )
        world.place(self.bond, {who: 50 + 37 * i for i, who in enumerate(self.people)})
        held = {str(who): self.bond.balanceOf(who) for who in self.people}
        self.units = Ledger(self.bond, held | {ZERO: -self.bond.totalSupply()})
        self.start = {who: world.cash.balanceOf(who) for who in self.people}
        self.earned: Counter[str] = Counter()
        self.residues = 0

    def trade(self) -> None:
        seller, buyer = self.dice.sample(self.people, 2)
        units = self.dice.randint(1, 60)
        if units <= self.bond.balanceOf(seller):
            self.units.read(self.bond.transfer(buyer, units, sender=seller).events)
        self.world.evm.warp(self.world.evm.now + self.dice.randint(0, 2 * DAY))

    def pay(self, period: int) -> None:
        """Two holders claim, the others are paid, one of all has units frozen."""
        world, bond = self.world, self.bond
        frozen, order = self.dice.choice(self.people), self.dice.sample(self.people, len(self.people))
        world.freeze(bond, frozen, self.dice.randint(1, 300))
        owed = [who for who in order if bond.unitsAt(who, period)]
        for who in owed[:2]:
            self.units.read(world.servicing.claim(bond, period, sender=who).events)
        if owed[2:] and period == PERIODS:
            self.units.read(world.servicing.redeem(bond, owed[2:], sender=world.outsider).events)
        elif owed[2:]:
            self.units.read(world.servicing.pay(bond, period, owed[2:], sender=world.outsider).events)
        world.freeze(bond, frozen, 0)
        if world.servicing.keptFor(bond, frozen):
            world.servicing.collect(bond, frozen, sender=world.outsider)

    def live(self, period: int) -> None:
        world, bond = self.world, self.bond
        for _ in range(4):
            self.trade()
        days = world.to_record(bond, period)
        held = {who: bond.unitsAt(who, period) for who in self.people}
        assert sum(held.values()) == bond.supplyAt(period)
        if period < PERIODS:
            self.trade()
        world.fund(bond, period)
        world.evm.warp(max(world.evm.now, days.payTime))

        self.pay(period)

        payment = world.servicing.payment(bond, period)
        assert payment.unitsPaid == payment.units
        self.residues += payment.funded - payment.paid
        for who, units in held.items():
            self.earned[who] += sum(world.servicing.amountOf(bond, period, units))
        self.units.check()


@pytest.mark.parametrize("seed", [2019, 2020, 2021])
def test_life__four_years_of_monthly_coupons_with_trades__adds_up(world: World, seed: int) -> None:
    """48 payments, random trades, freezes, pushes and claims; to the last fen.

    PROPERTIES 2, 3, 6: what all get is the funded amount less the residue, whatever the order of claims.
    """
    life = Life(world, seed)

    for period in range(1, PERIODS + 1):
        life.live(period)

    assert life.bond.totalSupply() == 0
    for who in life.people:
        assert world.cash.balanceOf(who) - life.start[who] == life.earned[who]
    assert world.servicing.keptFor(life.bond, world.paying_agent) == life.residues
    assert world.cash.balanceOf(world.servicing) == life.residues


def test_life__two_bonds_side_by_side__share_neither_units_nor_money(world: World) -> None:
    """One Servicing, one Offering and one Settlement serve all bonds, and keep them apart."""
    first = world.bond({world.holder: 100})
    second = world.bond({world.buyer: 70}, faceValue=20_000)
    world.ready(first)
    world.ready(second)
    world.freeze(second, world.buyer, 70)

    world.servicing.pay(first, 1, [world.holder, world.buyer], sender=world.outsider)
    world.servicing.pay(second, 1, [world.holder, world.buyer], sender=world.outsider)

    assert world.servicing.keptFor(second, world.buyer) == 70 * 650
    assert world.servicing.keptFor(first, world.buyer) == 0
    with world.refuses("KeptAmountNone", first, world.buyer):
        world.servicing.collect(first, world.buyer, sender=world.outsider)
    assert world.cash.balanceOf(world.servicing) == 70 * 650


def test_life__lost_account__keeps_its_coupons_and_its_units_move_by_law(world: World) -> None:
    """PEERS 3: what was owed at a record date stays the old account's; the units go on by forced transfer."""
    bond = world.bond({world.holder: 100})
    world.to_record(bond)
    world.registry.removeAccounts([world.holder], sender=world.registrar)
    desk = actor("new desk of the holder")
    world.admit_account(world.leis[world.holder], desk)

    bond.forcedTransfer(world.holder, desk, 100, sender=world.statutory)
    world.ready(bond)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)

    assert world.servicing.keptFor(bond, world.holder) == 32_500
    assert refused(lambda: world.servicing.claim(bond, 1, sender=desk)) == "PaymentNothingDue"
    world.ready(bond, 2)
    world.servicing.claim(bond, 2, sender=desk)
    assert world.cash.balanceOf(desk) == 1_032_500
