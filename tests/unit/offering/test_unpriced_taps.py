"""Taps whose accrued interest nobody can compute

mandate
├── the rate of the period is not fixed -> PeriodNotFixed
├── the index of the day is not published -> FixingNotPublished
└── known, or no interest has accrued -> mandated
lapse, discharge
└── it can be computed no more, as a record date passed and its coupon is not fixed -> deposits are returned
"""

from datetime import date
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.builders import FLOATING, HOUR, INFLATION, LEVEL, MANDATED, PERCENT, WHOLE, code, day_of
from tests.evm.chain import Contract
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.servicing.stage import (
    DUE,
    NIGHT,
    SHIBOR,
    compounder,
    floater,
    instant,
    provided,
    publish_nights,
    quarterly,
    to,
)

pytestmark = pytest.mark.unit

TAPPED = date(2019, 12, 20)
#: Ten business days before the first payment: its books close at five.
RECORD = date(2020, 2, 20)
DEPOSIT = 5_000


def tap(world: World, bond: Contract, day: date, **changes: Any) -> Tender:
    """Agreed at nine, paid for from one in the afternoon."""
    to(world, day, 9 * HOUR)
    return world.tender(bond, **changes)


def levels(world: World, *months: date) -> None:
    for month in months:
        world.publish_value("CPI", day_of(month), 102 * WHOLE)


def stands(world: World, account: str) -> int:
    return int(world.offering.depositOf(world.cash, account))


# --- mandate


def test_mandate__tap_of_a_floater_that_is_not_fixed__reverts(world: World) -> None:
    world.benchmark(SHIBOR)
    bond = floater(world)
    tender = tap(world, bond, TAPPED)

    with world.refuses("PeriodNotFixed", bond, 1):
        tender.mandate()
    world.publish_value(SHIBOR, day_of(date(2019, 12, 3)), PERCENT)
    world.fix(bond, 1)
    tender.mandate()
    assert (tender.book.stage, tender.book.accrualDay) == (MANDATED, day_of(TAPPED))


def test_mandate__tap_of_a_linker_whose_index_is_not_published__reverts(world: World) -> None:
    """With a lag of a month, the day needs a part of the month that it lies in."""
    world.benchmark("CPI", LEVEL)
    bond = quarterly(world, provided(inflation=builders.inflation(lagMonths=1)), kind=INFLATION)
    levels(world, date(2019, 11, 1))
    tender = tap(world, bond, TAPPED)
    day = day_of(TAPPED)

    with world.refuses("FixingNotPublished", bond, 1, code("CPI"), day, day + 5):
        tender.mandate()
    levels(world, date(2019, 12, 1))
    tender.mandate()
    assert tender.book.stage == MANDATED


def test_mandate__tap_of_a_compounded_floater_without_its_nights__reverts(world: World) -> None:
    """The rate so far is that of two business days before: it needs the night before that day."""
    bond = compounder(world)
    publish_nights(world, date(2019, 12, 3), date(2019, 12, 16), 2 * PERCENT)
    tender = tap(world, bond, TAPPED)
    observed = day_of(date(2019, 12, 18))

    with world.refuses("FixingNotPublished", bond, 1, code(NIGHT), observed, observed + 5):
        tender.mandate()
    world.publish_value(NIGHT, observed - 1, 2 * PERCENT)
    tender.mandate()
    assert tender.book.stage == MANDATED


def test_mandate__first_issue_of_a_floater__needs_no_rate_yet(world: World) -> None:
    """Nothing has accrued by the issue day."""
    terms: dict[str, Any] = {"kind": FLOATING, "periods": 4, "monthsPerPeriod": 3}
    bond = world.register(provisions=provided(floating=builders.floating()), **terms)
    tender = tap(world, bond, DUE[0])

    tender.mandate()

    assert tender.book.accrualDay == 0


# --- lapse, discharge


@pytest.fixture
def unpriced(world: World) -> Tender:
    """A tap of a linker on its record day, to be paid for after the books have closed.

    Its day needs the index of November; the coupon, which is taken off then, that of December.
    """
    world.benchmark("CPI", LEVEL)
    index = builders.inflation(interpolated=False)
    bond = quarterly(world, provided(inflation=index), kind=INFLATION, recordBusinessDays=10)
    levels(world, date(2019, 11, 1))
    to(world, RECORD, 9 * HOUR)
    tender = world.open_tender(
        bond,
        syndicate={world.underwriters[0]: 300},
        settlesFrom=instant(RECORD, 18 * HOUR),
        deposit=DEPOSIT,
    )
    for bidder, units in zip(world.investors[:2], (600, 100), strict=True):
        tender.bid(bidder, (10_000, units))
    tender.finish()
    tender.to("settlesFrom")
    return tender


def test_lapse__accrued_interest_cannot_be_computed__everybody_keeps_his_deposit(
    world: World, unpriced: Tender
) -> None:
    """Nobody could pay: an issuer must not earn by the silence of who publishes the index."""
    with world.refuses("PeriodNotFixed", unpriced.bond, 1):
        unpriced.settle(world.investors[0])

    made = unpriced.lapse(*world.investors[:2])

    assert [event.amount for event in made.named("DepositReleased")] == [DEPOSIT, DEPOSIT]
    assert [stands(world, each) for each in world.investors[:2]] == [DEPOSIT, DEPOSIT]
    assert stands(world, world.issuer) == 0


def test_discharge__accrued_interest_cannot_be_computed__the_underwriter_keeps_his_deposit(
    world: World, unpriced: Tender
) -> None:
    with world.refuses("PeriodNotFixed", unpriced.bond, 1):
        unpriced.take_up(world.underwriters[0])
    unpriced.to("takesUpBy", plus=1)

    made = unpriced.discharge(world.underwriters[0])

    assert made.only("DepositReleased").amount == DEPOSIT
    assert (stands(world, world.underwriters[0]), stands(world, world.issuer)) == (DEPOSIT, 0)


def test_lapse__accrued_interest_could_be_computed__who_did_not_pay_loses(
    world: World, unpriced: Tender
) -> None:
    """The same tap, and the index comes in time."""
    levels(world, date(2019, 12, 1))
    world.fix(unpriced.bond, 1)
    unpriced.settle(world.investors[0])

    made = unpriced.lapse(world.investors[1])

    assert made.only("DepositForfeited").account == world.investors[1]
    assert (stands(world, world.investors[1]), stands(world, world.issuer)) == (0, DEPOSIT)
