"""Trades agreed before a record time and settled after it: transferClaim, payClaims, claimedBy, transferredBy

The buyer pays for the coupon and gets it
├── the payment is still to be made -> he claims it; payClaims pays him
├── the seller has been paid -> it is taken off the price
├── the seller bought in the same way -> what he claims goes on; what he was paid goes off the price
├── the seller had fewer units then -> ClaimExceedsUnits
└── several payments -> each of them
payClaims
├── not funded, not due, nothing claimed -> PaymentNotFunded, PaymentNotDue, PaymentNothingDue
└── else -> once each; kept for who cannot be paid or is frozen
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ALL_CLASSES,
    BANK,
    DAY,
    HOUR,
    NO_PROVISIONS,
    day_of,
    days_schedule,
)
from tests.evm.chain import Actor, Contract
from tests.evm.world import World
from tests.unit.servicing.stage import instant, provided, quarterly, to

pytestmark = pytest.mark.unit

AGREED, RECORD = date(2020, 12, 3), date(2020, 12, 4)
COUPON = 325


@pytest.fixture
def bond(world: World) -> Contract:
    found = world.bond({world.holder: 100, world.buyer: 20})
    for account in (world.holder, world.buyer, world.spender, world.investors[0]):
        world.give_cash(account, 10_000_000)
    return found


def late(world: World, bond: Contract, seller: Actor, buyer: Actor, nonce: int = 7, **changes: Any) -> Any:
    """Settles ten units that were agreed on the third of December at noon."""
    usual = {"tradedAt": instant(AGREED, 12 * HOUR), "sellerNonce": nonce, "buyerNonce": nonce}
    trade = world.clean_trade(bond, seller, buyer, **(usual | {"mostAccrued": 10**6} | changes))
    return world.settle_clean(trade, seller, buyer)


def ex(world: World) -> None:
    """An hour after the books were closed."""
    to(world, RECORD, 18 * HOUR)


def pay(world: World, bond: Contract, *holders: str, period: int = 1) -> Any:
    return world.servicing.pay(bond, period, list(holders), sender=world.outsider)


def pay_claims(world: World, bond: Contract, *buyers: str, period: int = 1) -> Any:
    return world.servicing.payClaims(bond, period, list(buyers), sender=world.outsider)


def claims(world: World, bond: Contract, *accounts: str, period: int = 1) -> list[int]:
    return [world.servicing.claimedBy(bond, period, each) for each in accounts]


# --- not paid yet


def test_claim__settled_after_the_record__is_the_buyers(world: World, bond: Contract) -> None:
    ex(world)
    before = world.cash.balanceOf(world.holder)

    made = late(world, bond, world.holder, world.buyer)

    earned = int(10 * Fraction(COUPON * 365, 366))
    priced = made.only("TradePriced")
    assert (priced.accrued, priced.received, priced.records) == (earned, 0, 0)
    assert world.cash.balanceOf(world.holder) - before == 100_000 + earned, "as if the coupon were to come"
    assert made.only("ClaimTransferred") == {
        "bond": bond.address,
        "period": 1,
        "seller": world.holder,
        "buyer": world.buyer,
        "units": 10,
    }
    assert claims(world, bond, world.buyer, world.holder) == [10, 0]
    assert world.servicing.transferredBy(bond, 1, world.holder) == 10
    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (100, 20), "the books stay closed"


@pytest.mark.parametrize("funded_first", [True, False])
def test_pay__with_claims__each_gets_his_units(world: World, bond: Contract, funded_first: bool) -> None:
    ex(world)
    bond.advance(sender=world.outsider)
    if funded_first:
        world.fund(bond)
    late(world, bond, world.holder, world.buyer)
    if not funded_first:
        world.fund(bond)
    world.to_payment(bond)
    before = {who: world.cash.balanceOf(who) for who in (world.holder, world.buyer)}

    made = pay(world, bond, world.holder, world.buyer)
    claimed = pay_claims(world, bond, world.buyer)

    assert (made.only("HoldersPaid").units, made.only("HoldersPaid").amount) == (110, 110 * COUPON)
    assert claimed.only("ClaimsPaid") == {
        "bond": bond.address,
        "period": 1,
        "buyers": [world.buyer],
        "units": 10,
        "amount": 10 * COUPON,
        "actor": world.outsider,
    }
    assert world.cash.balanceOf(world.holder) - before[world.holder] == 90 * COUPON
    assert world.cash.balanceOf(world.buyer) - before[world.buyer] == 30 * COUPON
    assert claimed.only("PaymentCompleted").residue == 0
    assert world.cash.balanceOf(world.servicing) == 0


ACTS = ("pay holder", "pay buyer", "pay claims")


@pytest.mark.parametrize("order", list(permutations(ACTS)), ids="-".join)
def test_pay__in_any_order__completes_with_the_last(
    world: World, bond: Contract, order: tuple[str, ...]
) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer)
    world.ready(bond)
    acts = {
        "pay holder": lambda: pay(world, bond, world.holder),
        "pay buyer": lambda: pay(world, bond, world.buyer),
        "pay claims": lambda: pay_claims(world, bond, world.buyer),
    }

    made = [acts[name]() for name in order]

    assert ["PaymentCompleted" in each.names for each in made] == [False, False, True]
    assert world.servicing.payment(bond, 1).paid == 120 * COUPON


def test_pay__seller_of_all__is_owed_nothing(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer, units=100)
    world.ready(bond)

    with world.refuses("PaymentNothingDue", bond, 1):
        pay(world, bond, world.holder)
    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.claim(bond, 1, sender=world.holder)
    pay(world, bond, world.holder, world.buyer)
    assert "PaymentCompleted" in pay_claims(world, bond, world.buyer).names


def test_claim__more_than_was_held_at_the_record__reverts(world: World, bond: Contract) -> None:
    """Units that came after the record date bring no payment with them."""
    ex(world)
    bond.transfer(world.holder, 20, sender=world.buyer)
    late(world, bond, world.holder, world.spender, units=95)

    with world.refuses("ClaimExceedsUnits", bond, 1, world.holder, 100, 101):
        late(world, bond, world.holder, world.spender, 8, units=6)
    late(world, bond, world.holder, world.spender, 8, units=5)
    newcomer = world.investors[0]
    bond.transfer(newcomer, 10, sender=world.holder)
    with world.refuses("ClaimExceedsUnits", bond, 1, newcomer, 0, 10):
        late(world, bond, newcomer, world.spender, 9)


@pytest.mark.parametrize("traded", [RECORD - timedelta(days=1), RECORD])
def test_claim__agreed_at_the_record_time__belongs_to_the_seller(
    world: World, bond: Contract, traded: date
) -> None:
    """Who agrees in the second of the record time is ex."""
    ex(world)
    second = 17 * HOUR if traded == RECORD else 17 * HOUR - 1 + DAY
    at = instant(traded, second)

    made = late(world, bond, world.holder, world.buyer, tradedAt=at)

    is_cum = traded != RECORD
    assert made.only("TradePriced").records == (0 if is_cum else 1)
    assert claims(world, bond, world.buyer) == [10 if is_cum else 0]


# --- paid before


def test_claim__seller_was_paid__is_taken_off_the_price(world: World, bond: Contract) -> None:
    ex(world)
    world.ready(bond)
    pay(world, bond, world.holder)
    before = world.cash.balanceOf(world.holder)

    made = late(world, bond, world.holder, world.buyer)

    priced = made.only("TradePriced")
    days = (date(2020, 12, 7) - date(2020, 12, 5)).days
    assert priced.received == 10 * COUPON
    assert priced.accrued == int(10 * (COUPON + Fraction(COUPON * days, 365)))
    assert world.cash.balanceOf(world.holder) - before == 100_000 + priced.accrued - priced.received
    assert made.only("ClaimSettled") == {
        "bond": bond.address,
        "period": 1,
        "seller": world.holder,
        "buyer": world.buyer,
        "units": 10,
        "amount": 10 * COUPON,
    }
    assert claims(world, bond, world.buyer) == [0]
    assert world.servicing.claimsPaidTo(bond, 1, world.buyer) == 10


def test_claim__seller_was_paid__no_more_than_he_held(world: World, bond: Contract) -> None:
    ex(world)
    world.ready(bond)
    pay(world, bond, world.holder)
    bond.transfer(world.holder, 20, sender=world.buyer)
    late(world, bond, world.holder, world.spender, units=100)

    with world.refuses("ClaimExceedsUnits", bond, 1, world.holder, 100, 101):
        late(world, bond, world.holder, world.spender, 8, units=1)


# --- chains


def test_chain__claims__go_on_to_the_last(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.spender, 1)
    late(world, bond, world.spender, world.investors[0], 2, units=6)

    assert claims(world, bond, world.spender, world.investors[0]) == [4, 6]
    assert world.servicing.transferredBy(bond, 1, world.spender) == 0
    world.ready(bond)
    pay(world, bond, world.holder, world.buyer)
    made = pay_claims(world, bond, world.spender, world.investors[0])
    assert made.only("PaymentCompleted").residue == 0


def test_chain__paid_in_between_by_a_stranger__stops_nobody(world: World, bond: Contract) -> None:
    """Whoever pays the one in the middle does not keep the next trade from settling."""
    ex(world)
    late(world, bond, world.holder, world.spender, 1)
    world.ready(bond)
    pay_claims(world, bond, world.spender)
    before = world.cash.balanceOf(world.spender)

    made = late(world, bond, world.spender, world.investors[0], 2)

    priced = made.only("TradePriced")
    assert priced.received == 10 * COUPON
    assert world.cash.balanceOf(world.spender) - before == 100_000 + priced.accrued - 10 * COUPON
    again = late(world, bond, world.investors[0], world.buyer, 3)
    assert again.only("TradePriced").received == 10 * COUPON, "and so on"
    bond.transfer(world.spender, 1, sender=world.buyer)
    with world.refuses("ClaimExceedsUnits", bond, 1, world.spender, 0, 1):
        late(world, bond, world.spender, world.buyer, 4, units=1)


def test_chain__own_units_and_claims__claims_go_first(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer, 1)
    late(world, bond, world.buyer, world.spender, 2, units=25)

    assert claims(world, bond, world.buyer, world.spender) == [0, 25]
    assert world.servicing.transferredBy(bond, 1, world.buyer) == 15
    world.ready(bond)
    pay(world, bond, world.holder, world.buyer)
    assert pay_claims(world, bond, world.spender).only("ClaimsPaid").amount == 25 * COUPON
    assert world.servicing.payment(bond, 1).unitsPaid == 120


def test_chain__back_to_the_first__is_paid_as_a_claim(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.spender, 1)
    late(world, bond, world.spender, world.holder, 2)
    world.ready(bond)

    pay(world, bond, world.holder, world.buyer)
    made = pay_claims(world, bond, world.holder)

    assert made.only("ClaimsPaid").units == 10
    assert made.only("PaymentCompleted").residue == 0


def test_chain__some_paid_some_claimed__each_in_its_way(world: World, bond: Contract) -> None:
    """Of ten units the coupon was paid on, of ten others it is claimed: both went to one buyer."""
    ex(world)
    late(world, bond, world.holder, world.spender, 1)
    world.ready(bond)
    pay_claims(world, bond, world.spender)
    late(world, bond, world.holder, world.spender, 2)
    assert claims(world, bond, world.spender) == [10]

    made = late(world, bond, world.spender, world.investors[0], 3, units=20)

    assert made.only("ClaimTransferred").units == 10
    assert made.only("ClaimSettled").units == 10
    assert made.only("TradePriced").received == 10 * COUPON
    assert claims(world, bond, world.spender, world.investors[0]) == [0, 10]


# --- several payments


def test_claims__of_two_periods__both_go_along(world: World) -> None:
    """Periods of two weeks, books closed ten business days before: two record dates pass in a period."""
    issued = day_of(date(2020, 1, 9))
    bond = world.bond(
        {world.holder: 100},
        schedule=days_schedule(issued, 12, 14),
        dayCount=1,
        recordBusinessDays=10,
        couponRate=360_000_000,
    )
    for account in (world.holder, world.buyer):
        world.give_cash(account, 10**7)
    world.to_record(bond, 1)
    agreed = world.evm.now
    world.to_record(bond, 3)
    today = (world.evm.now + 8 * 3600) // DAY
    assert (today - issued) // 14 + 1 <= 3, "the third period has not ended"

    made = late(world, bond, world.holder, world.buyer, tradedAt=agreed)

    assert [event.period for event in made.named("ClaimTransferred")] == [2, 3]
    assert made.only("TradePriced").records == 1
    for number in (2, 3):
        world.ready(bond, number)
        assert (
            world.servicing.payClaims(bond, number, [world.buyer], sender=world.outsider)
            .only("ClaimsPaid")
            .amount
            == 10 * 140
        )


def test_accrued__two_records_ahead__takes_both_coupons_off(world: World) -> None:
    """A buyer who gets neither pays for neither."""
    bond = world.register(
        schedule=days_schedule(day_of(date(2019, 12, 5)), 12, 14), dayCount=1, couponRate=360_000_000
    )
    day = day_of(date(2019, 12, 12))

    found = [Fraction(*world.servicing.accruedPerUnit(bond, day, records)) for records in range(5)]

    assert found == [70, 70 - 140, 70 - 280, 70 - 420, 70 - 560]


def test_claims__of_a_deferred_period__are_of_nothing(world: World) -> None:
    bond = quarterly(world, provided(deferral=Record(noticeDays=31, bearsInterest=True)))
    for account in (world.holder, world.buyer):
        world.give_cash(account, 10**7)
    world.servicing.deferInterest(bond, 1, sender=world.issuer)
    to(world, date(2019, 12, 5))
    world.fix(bond, 1)
    to(world, date(2020, 3, 1))
    agreed = world.evm.now
    world.to_record(bond, 1)

    made = late(world, bond, world.holder, world.buyer, tradedAt=agreed)

    assert made.only("ClaimTransferred").units == 10
    world.to_payment(bond, 1)
    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.fund(bond, 1, sender=world.paying_agent)
    with world.refuses("PaymentNotFunded", bond, 1):
        pay_claims(world, bond, world.buyer)


# --- payClaims


def test_pay_claims__too_early_or_nothing__reverts(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer)
    with world.refuses("PaymentNotFunded", bond, 1):
        pay_claims(world, bond, world.buyer)
    world.fund(bond)
    pay_time = world.servicing.payment(bond, 1).payTime
    with world.refuses("PaymentNotDue", bond, 1, pay_time, world.evm.now):
        pay_claims(world, bond, world.buyer)
    with world.refuses("PaymentPeriodUnknown", bond, 3, 2):
        pay_claims(world, bond, world.buyer, period=3)
    world.to_payment(bond)
    for buyers in ([], [world.holder], [world.outsider, world.spender]):
        with world.refuses("PaymentNothingDue", bond, 1):
            pay_claims(world, bond, *buyers)


def test_pay_claims__twice__pays_once(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer)
    world.ready(bond)

    made = pay_claims(world, bond, world.buyer, world.buyer)

    assert (made.only("ClaimsPaid").units, made.only("ClaimsPaid").amount) == (10, 10 * COUPON)
    with world.refuses("PaymentNothingDue", bond, 1):
        pay_claims(world, bond, world.buyer)


def test_pay_claims__suspended_buyer__is_kept_for_him(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer)
    world.ready(bond)
    world.suspend(world.buyer)

    made = pay_claims(world, bond, world.buyer)

    assert made.only("AmountKept").amount == 10 * COUPON
    world.reinstate(world.buyer)
    world.servicing.collect(bond, world.buyer, sender=world.outsider)


@pytest.mark.parametrize(("frozen", "kept"), [(4, 4), (10, 10), (2**256 - 1, 10)])
def test_pay_claims__frozen_buyer__is_kept_for_him(
    world: World, bond: Contract, frozen: int, kept: int
) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer)
    world.ready(bond)
    world.freeze(bond, world.buyer, frozen)

    made = pay_claims(world, bond, world.buyer)

    assert made.only("ClaimsPaid").amount == 10 * COUPON
    assert world.servicing.keptFor(bond, world.buyer) == kept * COUPON


def test_pay_claims__frozen_seller__what_is_left_is_kept(world: World, bond: Contract) -> None:
    ex(world)
    late(world, bond, world.holder, world.buyer, units=40)
    world.freeze(bond, world.holder, 55)
    world.ready(bond)

    made = pay(world, bond, world.holder)

    assert made.only("HoldersPaid").amount == 60 * COUPON
    assert world.servicing.keptFor(bond, world.holder) == 55 * COUPON


def test_pay_claims__residue__comes_back_with_the_last(world: World) -> None:
    """Claims round once more: each part rounds down by less than a base unit."""
    bond = world.bond({world.holder: 100, world.buyer: 20}, faceValue=7, couponRate=33_333_333)
    for account in (world.holder, world.buyer, world.spender):
        world.give_cash(account, 10**6)
    ex(world)
    late(world, bond, world.holder, world.spender, 1, units=13)
    late(world, bond, world.buyer, world.spender, 2, units=5)
    world.ready(bond)
    funded = world.servicing.payment(bond, 1).funded
    each = Fraction(7 * 33_333_333, 10**9)

    pay(world, bond, world.holder, world.buyer)
    made = pay_claims(world, bond, world.spender)

    paid = sum(int(units * each) for units in (87, 15, 18))
    assert made.only("PaymentCompleted").residue == funded - paid
    assert 0 <= funded - paid < 3
    assert world.servicing.keptFor(bond, world.paying_agent) == funded - paid


# --- tax


@pytest.mark.parametrize("is_paid", [True, False])
def test_claim__with_tax__net_of_the_seller_or_gross_to_the_buyer(world: World, is_paid: bool) -> None:
    """The seller is a bank and taxed, the buyer a fund and not."""
    entries = [Record(classes=1 << BANK, rate=200_000_000), Record(classes=ALL_CLASSES, rate=0)]
    provisions = NO_PROVISIONS.but(taxAccount=world.cash_issuer, withholdings=entries)
    bond = world.bond({world.holder: 100}, provisions=provisions)
    for account in (world.holder, world.buyer):
        world.give_cash(account, 10**7)
    ex(world)
    if is_paid:
        world.ready(bond)
        pay(world, bond, world.holder)

    made = late(world, bond, world.holder, world.buyer)

    if is_paid:
        assert made.only("TradePriced").received == 10 * COUPON * 8 // 10
        return
    world.ready(bond)
    assert pay(world, bond, world.holder).only("TaxWithheld").gross == 90 * COUPON
    claimed = pay_claims(world, bond, world.buyer)
    assert "TaxWithheld" not in claimed.names
    assert claimed.only("ClaimsPaid").amount == 10 * COUPON
