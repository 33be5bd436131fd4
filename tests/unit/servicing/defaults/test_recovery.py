"""Recoveries: money that comes back in parts, for whoever holds at the record date of each

├── paid in by the issuer, a paying agent, or by power; nobody else holds up the next one
├── at most what is owed; it lowers the claim of every unit alike, interest first
├── one record date at a time, a business day after today, a month at most; paid on the next business day
├── whoever holds then is paid, whoever held when payments were missed
├── what covers the claim is the last: units are burned with it; by power before, and what is left is lost
└── what was paid in = what holders got + the residue of the payer
"""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import NO_RIGHTS, WHOLE, day_of, defaults
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import balance, days_after, exchange_terms, with_own_units
from tests.unit.servicing.defaults.stage import (
    ATTO,
    DOCUMENT,
    TERMS,
    business_day_after,
    claim_of,
    distribute,
    made_due,
    missed_at,
    owing,
    penalty_share,
    recover,
    today,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

FELL = date(2020, 4, 20)
#: The first two record days: a Tuesday, and a Wednesday in summer.
FIRST, SECOND = date(2020, 4, 21), date(2020, 7, 1)


def fallen(world: World, holdings: dict[Any, int] | None = None, **changes: Any) -> Contract:
    """A bond that was made due on 20 April 2020 for the coupon of March."""
    bond = owing(world, holdings, **changes)
    made_due(world, bond, FELL)
    return bond


def owed_on(day: date) -> tuple[int, int]:
    return claim_of([1], 2, FELL, day)


def whole(claim: tuple[int, int], units: int = 150) -> int:
    """Base units that all units are owed."""
    return units * sum(claim) // ATTO


def test_recovery__agent__escrows_for_a_record_date_to_come(world: World) -> None:
    bond = fallen(world)
    principal, interest = owed_on(FELL)

    made = recover(world, bond, 600_000, FIRST)

    assert made.value == 2, "the record after the one of the coupon"
    assert made.only("ClaimSet") == {
        "bond": bond.address,
        "principal": principal,
        "interest": interest,
        "day": day_of(FELL),
    }
    each = 600_000 * ATTO // 150
    assert made.only("RecoveryFunded") == {
        "bond": bond.address,
        "record": 2,
        "payer": world.paying_agent,
        "amount": 600_000,
        "units": 150,
        "principal": principal - (each - interest),
        "interest": 0,
        "document": DOCUMENT,
    }
    announced = made.only("PaymentAnnounced")
    assert (announced.recordDay, announced.payDay) == (day_of(FIRST), day_of(days_after(FIRST, 1)))
    assert (announced.recordTime, announced.payTime) == (
        instant(FIRST, 17 * 3600),
        instant(days_after(FIRST, 1)),
    )
    assert not made.named("DefaultClosed")
    payment = world.servicing.payment(bond, 2)
    assert (payment.funded, payment.units, payment.isLast, payment.payer) == (
        600_000,
        150,
        False,
        world.paying_agent,
    )
    assert balance(world, world.servicing.address) == 600_000


@pytest.mark.parametrize("who", ["issuer", "paying_agent", "statutory"])
def test_recovery__issuer_agent_or_power__may(world: World, who: str) -> None:
    bond = fallen(world)
    sender = getattr(world, who)
    if who == "issuer":
        world.give_cash(sender)
    assert recover(world, bond, 1, FIRST, sender=sender).value == 2


@pytest.mark.parametrize("who", ["holder", "buyer", "outsider", "operator"])
def test_recovery__anybody_else__is_refused(world: World, who: str) -> None:
    """Who pays in a base unit would hold up the next recovery for a month."""
    bond = fallen(world)
    sender = getattr(world, who)
    selector = world.servicing.raw("fundRecovery", bond, 1, 1, False, DOCUMENT)[:4]
    with world.refuses("PowerMissing", sender, selector):
        recover(world, bond, 1, FIRST, sender=sender)


def test_recovery__bond_that_is_not_due__is_refused(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))
    with world.refuses("RecoveryRefused", bond):
        recover(world, bond, 1, date(2020, 3, 12))
    with world.refuses("ServicingBondUnknown", world.cash):
        recover(world, world.cash, 1, date(2020, 3, 12))


@pytest.mark.parametrize(
    "record",
    [
        date(2020, 4, 19),
        FELL,
        date(2020, 4, 25),  # a Saturday
        date(2020, 5, 1),  # a holiday
        date(2020, 5, 22),  # 32 days
    ],
)
def test_recovery__record_day_that_does_not_fit__is_refused(world: World, record: date) -> None:
    bond = fallen(world)
    with world.refuses("RecoveryDayWrong", bond, day_of(record), day_of(FELL)):
        recover(world, bond, 1, record)


@pytest.mark.parametrize(
    ("record", "paid"),
    [
        (date(2020, 4, 26), date(2020, 4, 27)),  # a Sunday that is worked
        (date(2020, 4, 30), date(2020, 5, 6)),
        (date(2020, 5, 21), date(2020, 5, 22)),
    ],
)
def test_recovery__paid_on_the_next_business_day(world: World, record: date, paid: date) -> None:
    bond = fallen(world)
    made = recover(world, bond, 1, record).only("PaymentAnnounced")
    assert (made.recordDay, made.payDay, made.payTime) == (day_of(record), day_of(paid), instant(paid))


def test_recovery__zero_or_more_than_is_owed__is_refused(world: World) -> None:
    bond = fallen(world)
    owed = whole(owed_on(FELL))
    for amount in (0, owed + 1):
        with world.refuses("RecoveryAmountWrong", bond, amount, owed):
            recover(world, bond, amount, FIRST)


def test_recovery__another_is_pending__waits_for_its_record_date(world: World) -> None:
    bond = fallen(world)
    recover(world, bond, 1_000, FIRST)
    world.evm.warp(instant(FIRST, 17 * 3600) - 1)
    with world.refuses("BondRecordPending", 2, 1):
        recover(world, bond, 1_000, date(2020, 4, 22))
    world.evm.warp(instant(FIRST, 17 * 3600))
    assert recover(world, bond, 1_000, date(2020, 4, 22)).value == 3


def test_recovery__before_its_pay_day__is_not_paid(world: World) -> None:
    bond = fallen(world)
    recover(world, bond, 1_000, FIRST)
    world.evm.warp(instant(FIRST, 17 * 3600))
    bond.advance(sender=world.outsider)
    pay_time = bond.paymentDays(2).payTime
    with world.refuses("PaymentNotDue", bond, 2, pay_time, world.evm.now):
        world.servicing.pay(bond, 2, [world.holder], sender=world.outsider)


def test_recovery__not_whole__is_no_redemption(world: World) -> None:
    bond = fallen(world)
    recover(world, bond, 1_000, FIRST)
    world.evm.warp(bond.paymentDays(2).payTime)
    bond.advance(sender=world.outsider)
    with world.refuses("PaymentNotFunded", bond, 65_535):
        world.servicing.redeem(bond, [world.holder], sender=world.outsider)


def test_recovery__who_holds_at_its_record_date__is_paid(world: World) -> None:
    """Whoever held when payments were missed; and the next one goes to who holds then."""
    bond = fallen(world)
    people = world.holder, world.buyer, world.spender
    recover(world, bond, 1_000_000, FIRST)
    bond.transfer(world.spender, 37, sender=world.holder)
    world.evm.warp(instant(FIRST, 17 * 3600))
    bond.transfer(world.spender, 50, sender=world.buyer)
    before = [balance(world, who) for who in people]
    distribute(world, bond, 2, *people)
    gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
    assert gains == [1_000_000 * units // 150 for units in (63, 50, 37)]

    to(world, date(2020, 6, 30))
    assert recover(world, bond, 77_777, SECOND).value == 3
    before = [balance(world, who) for who in people]
    distribute(world, bond, 3, *people)
    gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
    assert gains == [77_777 * units // 150 for units in (63, 0, 87)]
    assert world.servicing.payment(bond, 3).unitsPaid == 150


def test_recovery__interest_is_paid_first_and_the_rest_grows(world: World) -> None:
    bond = fallen(world)
    principal, interest = owed_on(FELL)
    recover(world, bond, 10, FIRST)
    each = 10 * ATTO // 150
    claim = world.servicing.claimOf(bond)
    assert (claim.principal, claim.interest) == (principal, interest - each)
    asked = date(2020, 7, 1)
    to(world, asked)
    recover(world, bond, 300_000, date(2020, 7, 2))
    grown = interest - each + principal * penalty_share(FELL, asked) // WHOLE
    paid = 300_000 * ATTO // 150
    claim = world.servicing.claimOf(bond)
    assert claim.day == day_of(asked)
    assert (claim.principal, claim.interest) == (principal - (paid - grown), 0)


def test_recovery__frozen_units__their_part_is_kept(world: World) -> None:
    bond = fallen(world)
    recover(world, bond, 150_000, FIRST)
    world.freeze(bond, world.holder, 30)
    before = balance(world, world.holder)
    distribute(world, bond, 2, world.holder, world.buyer)
    assert balance(world, world.holder) - before == 70_000
    assert world.servicing.keptFor(bond, world.holder) == 30_000


def test_recovery__sold_before_its_record_date_and_delivered_after__goes_to_the_buyer(world: World) -> None:
    bond = fallen(world)
    recover(world, bond, 150_000, FIRST)
    agreed = world.evm.now
    world.evm.warp(instant(FIRST, 18 * 3600))
    bond.advance(sender=world.outsider)
    trade = world.clean_trade(bond, world.holder, world.spender, tradedAt=agreed)
    world.give_cash(world.spender, trade.cleanAmount)
    world.settle_clean(trade, world.holder, world.spender)
    sides = world.holder, world.spender
    before = [balance(world, who) for who in sides]
    distribute(world, bond, 2, world.holder, world.buyer)
    world.servicing.payClaims(bond, 2, [world.spender], sender=world.outsider)
    gains = [balance(world, who) - had for who, had in zip(sides, before, strict=True)]
    assert gains == [90_000, 10_000]


def test_recovery__residue__is_the_payers(world: World) -> None:
    bond = fallen(world, {world.holder: 100, world.buyer: 49})
    recover(world, bond, 1_000, FIRST)
    made = distribute(world, bond, 2, world.holder, world.buyer)
    residue = 1_000 - 1_000 * 100 // 149 - 1_000 * 49 // 149
    assert made.only("PaymentCompleted").residue == residue == 1
    assert world.servicing.keptFor(bond, world.paying_agent) == residue


# --- the last one


def test_recovery__covers_the_claim__closes_it_and_burns(world: World) -> None:
    bond = fallen(world)
    owed = whole(owed_on(FELL))
    made = recover(world, bond, owed, FIRST)
    assert made.only("DefaultClosed") == {
        "bond": bond.address,
        "record": 2,
        "principal": 0,
        "interest": 0,
        "actor": world.paying_agent,
    }
    assert world.servicing.claimOf(bond).isClosed
    with world.refuses("RecoveryRefused", bond):
        recover(world, bond, 1, date(2020, 4, 22))
    bond.transfer(world.spender, 10, sender=world.holder)
    world.evm.warp(instant(FIRST, 17 * 3600))
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.spender, 10, sender=world.holder)

    before = balance(world, world.holder)
    redeemed = distribute(world, bond, 2, world.holder, world.buyer, world.spender)

    assert balance(world, world.holder) - before == owed * 90 // 150
    assert (bond.totalSupply(), redeemed.only("BondRedeemed").period) == (0, 2)
    assert redeemed.only("PaymentCompleted").residue < 3
    with world.refuses("RecoveryRefused", bond):
        recover(world, bond, 1, date(2020, 5, 6))


def test_recovery__in_two_parts_that_cover_it__the_second_is_final(world: World) -> None:
    bond = fallen(world)
    principal, interest = owed_on(FELL)
    recover(world, bond, 777_777, FIRST)
    distribute(world, bond, 2, world.holder, world.buyer)
    left = principal + interest - 777_777 * ATTO // 150
    asked = date(2020, 4, 22)
    claim = world.servicing.claimOn(bond, day_of(asked))
    grown = left * penalty_share(FELL, asked) // WHOLE
    assert claim.principal + claim.interest == left + grown
    amount = 150 * (claim.principal + claim.interest) // ATTO
    made = recover(world, bond, amount, date(2020, 4, 23))
    assert made.only("DefaultClosed").principal == 0
    distribute(world, bond, 3, world.holder, world.buyer)
    assert bond.totalSupply() == 0


def test_recovery__final_by_power__what_is_left_is_lost(world: World) -> None:
    bond = fallen(world)
    principal, interest = owed_on(FELL)
    made = recover(world, bond, 300_000, FIRST, final=True)
    each = 300_000 * ATTO // 150
    closed = made.only("DefaultClosed")
    assert (closed.principal, closed.interest) == (principal + interest - each, 0)
    distribute(world, bond, 2, world.holder, world.buyer)
    assert (bond.totalSupply(), world.servicing.claimOf(bond).isClosed) == (0, True)


@pytest.mark.parametrize("who", ["issuer", "paying_agent"])
def test_recovery__final_without_covering_and_without_power__is_refused(world: World, who: str) -> None:
    """Nobody cuts off what he owes."""
    bond = fallen(world)
    sender = getattr(world, who)
    world.give_cash(sender)
    selector = world.servicing.raw("fundRecovery", bond, 1, 1, True, DOCUMENT)[:4]
    with world.refuses("PowerMissing", sender, selector):
        recover(world, bond, 300_000, FIRST, final=True, sender=sender)
    recover(world, bond, whole(owed_on(FELL)), FIRST, final=True, sender=sender)


def test_recovery__between_the_final_one_and_its_record_date__nothing_is_issued(world: World) -> None:
    """More units than it was counted for would leave the last ones without money: an exchange takes none."""
    bond, target = owing(world, {world.investors[0]: 20}), fallen(world)
    offer = exchange_terms(world, target, amount=0, payDay=day_of(date(2020, 4, 28)))
    number = world.servicing.offerExchange(bond, offer, sender=world.issuer).value
    world.servicing.elect(bond, number, 20, sender=world.investors[0])
    to(world, date(2020, 4, 28))
    world.servicing.fundAction(bond, number, sender=world.paying_agent)
    now = claim_of([1], 2, FELL, date(2020, 4, 28))
    recover(world, target, whole(now), date(2020, 4, 30))
    world.servicing.settleAction(bond, number, [world.investors[0]], sender=world.outsider)
    assert (target.totalSupply(), bond.balanceOf(world.investors[0])) == (150, 20)


def test_recovery__issuer_holds_units__has_his_part_like_anybody(world: World) -> None:
    bond = with_own_units(world, 60, rights=NO_RIGHTS.but(defaults=TERMS.but(accelerationShare=WHOLE // 10)))
    made_due(world, bond, FELL)
    recover(world, bond, 150_000, FIRST)
    before = balance(world, world.issuer)
    distribute(world, bond, 2, world.holder, world.buyer, world.issuer)
    assert balance(world, world.issuer) - before == 60_000


def test_recovery__many__each_costs_the_same(world: World) -> None:
    """Work does not grow with those that came before."""
    bond = fallen(world)
    gas, record = [], FIRST
    for number in range(2, 14):
        made = recover(world, bond, 10_000, record)
        assert made.value == number
        gas.append(made.gas)
        distribute(world, bond, number, world.holder, world.buyer)
        record = business_day_after(today(world))
    assert max(gas[1:]) - min(gas[1:]) < 10_000, "but for a slot that is written for the first time"


def test_recovery__units_of_a_claim_smaller_than_a_base_unit__nothing_is_left_to_pay(world: World) -> None:
    bond = owing(world, {world.holder: 1}, terms=defaults(accelerationShare=1), faceValue=1)
    made_due(world, bond, FELL)
    made = recover(world, bond, 1, FIRST)
    assert made.only("DefaultClosed").record == 2
    distribute(world, bond, 2, world.holder)
    assert bond.totalSupply() == 0


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_recoveries__any__holders_and_residue_come_to_what_was_paid_in(
    deployed: World, data: st.DataObject
) -> None:
    """With trading in between; the claim follows an independent account of its own, in fractions."""
    with deployed.sandbox():
        world, people = deployed, deployed.investors[:4]
        holdings = data.draw(st.lists(st.integers(1, 10**6), min_size=4, max_size=4))
        penalty = data.draw(st.integers(0, WHOLE))
        face = data.draw(st.sampled_from([1, 7, 10_000, 10**10]))
        bond = owing(
            world,
            dict(zip(people, holdings, strict=True)),
            terms=TERMS.but(accelerationShare=1, penaltyRate=penalty),
            faceValue=face,
            units=10**8,
        )
        world.give_cash(world.paying_agent, 10**20)
        number = noticed_by(world, bond, people[0])
        to(world, FELL)
        world.servicing.accelerate(bond, number, sender=world.outsider)
        world.servicing.release(bond, number, [people[0]], sender=world.outsider)
        units = sum(holdings)
        day, principal, interest = FELL, *claim_of([1], 2, FELL, FELL, face=face, penalty=penalty)
        paid_in = 0
        start = [balance(world, who) for who in people]
        while True:
            now = today(world)
            interest += principal * penalty_share(day, now, penalty) // WHOLE
            day = now
            owed = units * (principal + interest) // ATTO
            if owed == 0:
                break
            amount = data.draw(st.integers(1, owed) | st.just(owed))
            made = recover(world, bond, amount, business_day_after(now))
            paid_in += amount
            each = Fraction(amount * ATTO, units)
            taken = min(interest, int(each))
            interest, principal = interest - taken, principal - (int(each) - taken)
            stored = world.servicing.claimOf(bond)
            if amount == owed:
                assert made.only("DefaultClosed").principal == 0
                distribute(world, bond, made.value, *people)
                break
            assert (stored.principal, stored.interest) == (principal, interest)
            giver, taker = data.draw(st.permutations(people))[:2]
            if has := bond.balanceOf(giver):
                bond.transfer(taker, data.draw(st.integers(1, has)), sender=giver)
            record_time = bond.paymentDays(made.value).recordTime
            world.evm.warp(record_time)
            bond.advance(sender=world.outsider)
            held = [bond.balanceOf(who) for who in people]
            before = [balance(world, who) for who in people]
            distribute(world, bond, made.value, *people)
            gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
            assert gains == [amount * mine // units for mine in held]
            assert made.value < 60
            if made.value > 6:
                break
        got = sum(balance(world, who) for who in people) - sum(start)
        residue = world.servicing.keptFor(bond, world.paying_agent)
        assert got + residue == paid_in
        assert balance(world, world.servicing.address) == residue


def noticed_by(world: World, bond: Contract, who: Any) -> int:
    world.evm.warp(missed_at(1))
    number: int = world.servicing.noticeDefault(bond, bond, 1, 0, sender=who).value
    world.servicing.elect(bond, number, 1, sender=who)
    return number
