"""The money of an event: when, how much, by whom

├── not before the pay day, to the second; once; not without elections, not for what takes no money
├── on the pay day: no penalty, whatever the hour
├── later: rate x days / 365 of every amount, in billionths, rounded down; each holding on its own
├── more record dates passed since -> the coupons are taken off, the penalty is of what is left
├── the payer has too little, or cash moves another amount -> refused
└── the money is measured: it is in the escrow, and nothing else is
"""

from datetime import date
from fractions import Fraction
from math import ceil

import pytest
from tests.evm.builders import DAY, NO_RIGHTS, PERCENT, WHOLE, date_of, defaults
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    PAYS,
    accrued,
    acting,
    balance,
    days_after,
    earned,
    elected,
    fund,
    funded,
    holding_amount,
    late_share,
    opened,
    puttable,
    settle,
    tender_terms,
    with_penalty,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

INTEREST, PRINCIPAL = accrued(PAYS), Fraction(101, 100) * FACE


def test_fund__before_the_pay_day__is_refused_to_the_second(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 10})
    pay_time = instant(PAYS)
    world.evm.warp(pay_time - 1)
    with world.refuses("ActionNotDue", bond, number, pay_time, pay_time - 1):
        fund(world, bond, number)
    world.evm.warp(pay_time)
    assert fund(world, bond, number).only("ActionFunded").penalty == 0


def test_fund__twice__is_refused(world: World) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 10})
    with world.refuses("ActionDecided", bond, number):
        fund(world, bond, number)
    settle(world, bond, number, world.holder)
    with world.refuses("ActionDecided", bond, number):
        fund(world, bond, number)


def test_fund__nobody_elected__is_refused(world: World) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    to(world, PAYS)
    with world.refuses("ActionNotPayable", bond, number):
        fund(world, bond, number)


def test_fund__no_such_event__is_refused(world: World) -> None:
    bond = puttable(world)
    with world.refuses("ActionUnknown", bond, 1):
        fund(world, bond, 1)


def test_fund__no_bond__is_refused(world: World) -> None:
    with world.refuses("ServicingBondUnknown", world.cash):
        fund(world, world.cash, 1)


def test_fund__notice_of_default__takes_no_money(world: World) -> None:
    bond = acting(world, rights=NO_RIGHTS.but(defaults=defaults()))
    to(world, date(2020, 3, 20))
    world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder)
    world.servicing.elect(bond, 1, 10, sender=world.holder)
    with world.refuses("ActionNotDue", bond, 1, 0, world.evm.now):
        fund(world, bond, 1)


def test_fund__payer_has_too_little__is_refused(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 10})
    to(world, PAYS)
    needed = holding_amount(10, INTEREST, PRINCIPAL)
    world.give_cash(world.spender, needed - 1)
    with world.refuses("PaymentUnderfunded", bond, 0, needed - 1, needed):
        world.servicing.fundAction(bond, number, sender=world.spender)
    world.give_cash(world.spender, 1)
    made = world.servicing.fundAction(bond, number, sender=world.spender)
    assert made.only("ActionFunded").payer == world.spender
    assert (balance(world, world.spender), balance(world, world.servicing.address)) == (0, needed)


@pytest.mark.parametrize("second", [0, 1, DAY - 1])
def test_fund__any_hour_of_the_pay_day__bears_no_penalty(world: World, second: int) -> None:
    bond = puttable(world, defaults=defaults())
    number = elected(world, bond, {world.holder: 10})
    to(world, PAYS, second)
    made = fund(world, bond, number).only("ActionFunded")
    assert (made.penalty, made.interest, made.principal) == (0, int(10 * INTEREST), int(10 * PRINCIPAL))


@pytest.mark.parametrize("rate", [0, 1, 5 * PERCENT, 87_654_321, WHOLE])
@pytest.mark.parametrize("days", [1, 2, 9])
def test_fund__late__bears_the_penalty_of_the_days(world: World, rate: int, days: int) -> None:
    bond = puttable(world, defaults=defaults(penaltyRate=rate))
    number = elected(world, bond, {world.holder: 37, world.buyer: 11})
    to(world, days_after(PAYS, days), 0 if days == 1 else DAY - 1)
    share = late_share(rate, days)
    before = balance(world, world.holder), balance(world, world.buyer)

    made = fund(world, bond, number).only("ActionFunded")
    settle(world, bond, number, world.holder, world.buyer)

    whole = int(48 * INTEREST) + int(48 * PRINCIPAL)
    assert (made.interest + made.principal, made.penalty) == (whole, whole * share // WHOLE)
    assert world.servicing.actionPayment(bond, number).penalty == share
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [with_penalty(holding_amount(units, INTEREST, PRINCIPAL), share) for units in (37, 11)]
    assert world.servicing.keptFor(bond, world.paying_agent) == made.penalty + whole - sum(gains) < 6


def test_fund__after_the_next_record_date__the_coupon_is_taken_off(world: World) -> None:
    """Interest of the put stops on its day: what the coupon of the quarter pays beyond is no gift."""
    bond = puttable(world, defaults=defaults(penaltyRate=10 * PERCENT))
    number = elected(world, bond, {world.holder: 100})
    world.to_record(bond, 2)
    today = date(2020, 6, 4)
    to(world, today, 20 * 3600)
    before = balance(world, world.holder)

    made = fund(world, bond, number).only("ActionFunded")
    settle(world, bond, number, world.holder)

    rebate = ceil(earned(DUE[1], DUE[2]) - INTEREST)
    share = late_share(10 * PERCENT, (today - PAYS).days)
    assert (made.interest, made.principal) == (0, 100 * (int(PRINCIPAL) - rebate))
    assert balance(world, world.holder) - before == with_penalty(100 * (int(PRINCIPAL) - rebate), share)
    assert bond.unitsAt(world.holder, 2) == 100, "the coupon of the whole quarter is his"


def test_fund__after_two_record_dates__both_coupons_are_taken_off(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 100})
    world.to_record(bond, 3)
    made = fund(world, bond, number).only("ActionFunded")
    rebate = ceil(earned(DUE[1], DUE[2]) + earned(DUE[2], DUE[3]) - INTEREST)
    assert (made.interest, made.principal) == (0, 100 * (int(PRINCIPAL) - rebate))
    assert [bond.supplyAt(period) for period in (1, 2, 3)] == [150] * 3


def test_fund__put_a_year_late__is_still_taken(world: World) -> None:
    """What is promised does not lapse."""
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 100})
    to(world, date(2021, 4, 20))
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert bond.balanceOf(world.holder) == 0


def test_fund__tender_late__pays_its_price_without_penalty(world: World) -> None:
    """The issuer need not buy: holders are free after ten days."""
    bond = acting(world, rights=NO_RIGHTS.but(defaults=defaults()))
    world.servicing.offerTender(bond, tender_terms(world), sender=world.issuer)
    world.servicing.elect(bond, 1, 40, sender=world.holder)
    action = world.servicing.actionOf(bond, 1)
    world.evm.warp(action.payTime + 10 * DAY - 1)
    made = fund(world, bond, 1).only("ActionFunded")
    assert (made.penalty, made.principal) == (0, 40 * 9_900)
    assert made.interest == int(40 * earned(DUE[0], date_of(action.payDay)))
