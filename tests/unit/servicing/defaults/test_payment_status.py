"""Whether a payment was missed follows from time and money alone: nobody has to say so

├── NOT_DUE until the end of the pay day, OVERDUE from the next one, MISSED after the days of grace
├── whether or not anybody noticed the record date; rolled as the calendar stands
├── FUNDED once the money is there, in time or late
├── NOTHING_DUE: no interest, deferred, capitalised, or nobody held a unit
├── MERGED once the bond was made due
└── the last payment is that of the term as it was moved
"""

from datetime import date

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    DAY,
    FUNDED,
    MERGED,
    MISSED,
    NO_PROVISIONS,
    NO_RIGHTS,
    NOT_DUE,
    NOTHING_DUE,
    OVERDUE,
    call_right,
    day_of,
    defaults,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import DUE, acting
from tests.unit.servicing.defaults.stage import made_due, missed_at, owing
from tests.unit.servicing.stage import floater, instant

pytestmark = pytest.mark.unit

PAY = instant(DUE[1])


def status(world: World, bond: Contract, period: int) -> int:
    found, _ = world.servicing.paymentStatus(bond, period)
    return int(found)


@pytest.mark.parametrize("noticed", [True, False])
@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (PAY - 40 * DAY, NOT_DUE),
        (PAY - 1, NOT_DUE),
        (PAY, NOT_DUE),
        (PAY + DAY - 1, NOT_DUE),
        (PAY + DAY, OVERDUE),
        (PAY + 6 * DAY - 1, OVERDUE),
        (PAY + 6 * DAY, MISSED),
        (PAY + 400 * DAY, MISSED),
    ],
)
def test_status__over_time__by_time_alone(world: World, time: int, expected: int, noticed: bool) -> None:
    bond = owing(world)
    world.evm.warp(time)
    if noticed:
        bond.advance(sender=world.outsider)
    else:
        assert bond.book().records == 0, "nobody ever called"
    assert world.servicing.paymentStatus(bond, 1) == (expected, PAY + 6 * DAY)


@pytest.mark.parametrize("grace", [0, 1, 366])
def test_status__any_grace__ends_to_the_second(world: World, grace: int) -> None:
    bond = owing(world, terms=defaults(graceDays=grace))
    until = PAY + (grace + 1) * DAY
    world.evm.warp(until - 1)
    assert world.servicing.paymentStatus(bond, 1) == (OVERDUE if grace else NOT_DUE, until)
    world.evm.warp(until)
    assert world.servicing.paymentStatus(bond, 1) == (MISSED, until)


def test_status__due_on_a_saturday__counts_from_monday(world: World) -> None:
    bond = owing(world)
    monday = instant(date(2020, 9, 7))
    for time, expected in ((monday + DAY - 1, NOT_DUE), (monday + DAY, OVERDUE), (monday + 6 * DAY, MISSED)):
        world.evm.warp(time)
        assert status(world, bond, 3) == expected


@pytest.mark.parametrize("days", [0, 3, 100])
def test_status__money_is_there__funded(world: World, days: int) -> None:
    bond = owing(world)
    world.to_payment(bond)
    world.evm.warp(PAY + days * DAY)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    assert world.servicing.paymentStatus(bond, 1) == (FUNDED, 0)


@pytest.mark.parametrize("period", [0, 9, 65_535])
def test_status__no_such_payment__is_refused(world: World, period: int) -> None:
    bond = owing(world)
    with world.refuses("PaymentPeriodUnknown", bond, period, 8):
        world.servicing.paymentStatus(bond, period)


def test_status__no_bond__is_refused(world: World) -> None:
    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.paymentStatus(world.cash, 1)


def test_status__payment_of_a_year_without_a_calendar__is_not_due(world: World) -> None:
    bond = owing(world, periods=60)
    assert status(world, bond, 60) == NOT_DUE


def test_status__no_interest__nothing_is_due_but_the_principal(world: World) -> None:
    bond = owing(world, couponRate=0)
    world.evm.warp(missed_at(8))
    assert [status(world, bond, period) for period in range(1, 9)] == [NOTHING_DUE] * 7 + [MISSED]


def test_status__capitalised__nothing_is_due_whether_it_is_fixed_or_not(world: World) -> None:
    provisions = NO_PROVISIONS.but(capitalisedUntil=2, fallbackDays=5)
    bond = owing(world, provisions=provisions)
    world.evm.warp(missed_at(3))
    expected = [NOTHING_DUE, NOTHING_DUE, MISSED]
    assert [status(world, bond, period) for period in (1, 2, 3)] == expected
    for period in (1, 2, 3):
        world.fix(bond, period)
    assert [status(world, bond, period) for period in (1, 2, 3)] == expected


def test_status__deferred__nothing_is_due_whether_it_is_fixed_or_not(world: World) -> None:
    provisions = NO_PROVISIONS.but(deferral=Record(noticeDays=31, bearsInterest=False), fallbackDays=5)
    bond = owing(world, provisions=provisions)
    world.servicing.deferInterest(bond, 1, sender=world.issuer)
    world.evm.warp(missed_at(2))
    assert [status(world, bond, period) for period in (1, 2)] == [NOTHING_DUE, MISSED]
    world.fix(bond, 1)
    assert [status(world, bond, period) for period in (1, 2)] == [NOTHING_DUE, MISSED]


def test_status__figures_are_not_fixed__is_missed_all_the_same(world: World) -> None:
    """Who does not fix a rate does not gain time by it."""
    world.benchmark("SHIBOR3M")
    bond = floater(world)
    world.evm.warp(PAY + 6 * DAY)
    assert status(world, bond, 1) == MISSED


def test_status__nobody_ever_held_a_unit__nothing_is_due(world: World) -> None:
    """A bond whose offering failed is no default, and none of the issuer's other bonds'."""
    bond = owing(world, {})
    world.evm.warp(missed_at(8))
    assert [status(world, bond, period) for period in (1, 8)] == [NOTHING_DUE] * 2


def test_status__made_due__what_is_not_funded_is_merged(world: World) -> None:
    bond = owing(world)
    world.to_payment(bond)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    made_due(world, bond, date(2020, 7, 1), period=2)
    assert world.servicing.paymentStatus(bond, 1) == (FUNDED, 0)
    assert [world.servicing.paymentStatus(bond, period) for period in (2, 3)] == [(MERGED, 0)] * 2
    with world.refuses("PaymentPeriodUnknown", bond, 4, 3):
        world.servicing.paymentStatus(bond, 4)


def called(world: World, day: date) -> Contract:
    rights = NO_RIGHTS.but(calls=[call_right(day)])
    bond = owing(world, rights=rights)
    world.servicing.call(bond, day_of(day), sender=world.issuer)
    return bond


@pytest.mark.parametrize("noticed", [True, False])
def test_status__called__the_last_payment_is_that_of_the_day(world: World, noticed: bool) -> None:
    day = date(2020, 5, 15)
    bond = called(world, day)
    world.evm.warp(instant(day) + 6 * DAY - 1)
    if noticed:
        bond.advance(sender=world.outsider)
    assert world.servicing.paymentStatus(bond, 2) == (OVERDUE, instant(day) + 6 * DAY)
    world.evm.warp(instant(day) + 6 * DAY)
    assert status(world, bond, 2) == MISSED
    with world.refuses("PaymentPeriodUnknown", bond, 3, 2):
        world.servicing.paymentStatus(bond, 3)


def test_status__no_terms_of_default__has_no_grace(world: World) -> None:
    bond = acting(world)
    world.evm.warp(PAY + DAY)
    assert world.servicing.paymentStatus(bond, 1) == (MISSED, PAY + DAY)
