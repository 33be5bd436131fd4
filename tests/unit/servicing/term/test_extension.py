"""extendMaturity, and calls of a bond that is extended or renewed

extendMaturity
├── caller is not the issuer -> ServicingCallerRefused
├── no such right, extended before, or called -> ExtensionRefused
├── after the notice date -> NoticeTooLate
└── else -> so many periods more, at the rate of the extension; a floating rate goes on by its rule
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ACT_ACT_ICMA,
    DAY,
    FLOATING,
    KPI,
    NO_RIGHTS,
    PERCENT,
    STEP,
    call_right,
    code,
    day_of,
    event_right,
    extension,
    months_after,
    year_fraction,
)
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.term.stage import (
    DUE,
    FACE,
    RATE,
    amount,
    call,
    instant,
    principal,
    receive,
    to,
    with_rights,
)

pytestmark = pytest.mark.unit

#: Due days of four more quarters.
MORE = [months_after(DUE[0], 3 * i) for i in range(13)]
EXTENDED = NO_RIGHTS.but(extension=extension(4, noticeDays=31, rate=5 * PERCENT))


def extendable(world: World, rights: Record = EXTENDED, **terms: Any) -> Contract:
    return with_rights(world, rights, **terms)


def extend(world: World, bond: Contract, sender: str | None = None) -> Receipt:
    made: Receipt = world.servicing.extendMaturity(bond, sender=sender or world.issuer)
    return made


def quarter(number: int, rate: int, convention: int = ACT_360) -> Fraction:
    """Interest of one unit for a whole period."""
    start, end = MORE[number - 1], MORE[number]
    return Fraction(FACE * rate, builders.WHOLE) * year_fraction(convention, start, end, 3, (start, end))


@pytest.mark.parametrize("caller", ["holder", "paying_agent", "operator", "statutory", "admin", "outsider"])
def test_extend__by_anybody_but_the_issuer__reverts(world: World, caller: str) -> None:
    bond, sender = extendable(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        extend(world, bond, sender)


def test_extend__without_the_right__reverts(world: World) -> None:
    bond = extendable(world, NO_RIGHTS)

    with world.refuses("ExtensionRefused", bond):
        extend(world, bond)


def test_extend__in_time__adds_the_periods(world: World) -> None:
    bond = extendable(world)

    made = extend(world, bond)

    assert made.names == ["MaturityExtended", "TermMoved"]
    said = {"bond": bond.address, "last": 12, "rate": 5 * PERCENT, "actor": world.issuer}
    assert made.only("MaturityExtended") == said
    assert made.only("TermMoved") == {"last": 12, "maturityDay": 0}
    state = world.servicing.stateOf(bond)
    assert (state.extendedFrom, state.extendedRate, state.price) == (9, 5 * PERCENT, 0)
    assert bond.maturityDay() == day_of(date(2022, 12, 5))
    assert world.servicing.lastPeriod(bond) == 12


def test_extend__once(world: World) -> None:
    bond = extendable(world)
    extend(world, bond)

    with world.refuses("ExtensionRefused", bond):
        extend(world, bond)


def test_extend__notice__to_its_very_second(world: World) -> None:
    bond = extendable(world)
    until = instant(DUE[8]) - 31 * DAY
    world.evm.warp(until)
    with world.sandbox():
        extend(world, bond)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        extend(world, bond)


def test_extend__after_a_call__reverts(world: World) -> None:
    rights = EXTENDED.but(calls=[call_right(DUE[1], DUE[7])])
    bond = extendable(world, rights)
    call(world, bond, DUE[4])

    with world.refuses("ExtensionRefused", bond):
        extend(world, bond)


@pytest.mark.parametrize("convention", [ACT_360, ACT_ACT_ICMA])
def test_extend__a_whole_life__at_the_old_rate_and_then_at_the_new(world: World, convention: int) -> None:
    bond = extendable(world, dayCount=convention)
    extend(world, bond)

    for period in range(1, 13):
        rate = RATE if period <= 8 else 5 * PERCENT
        repaid = principal() if period == 12 else Fraction(0)
        earned = quarter(period, rate, convention)
        got = receive(world, bond, period)
        assert got == [amount(units, earned, repaid) for units in (100, 50)], period
        if period == 8:
            assert bond.totalSupply() == 150, "the old maturity is a payment among others"
            bond.transfer(world.buyer, 10, sender=world.holder)
            bond.transfer(world.holder, 10, sender=world.buyer)
    assert bond.totalSupply() == 0


def test_extend__not_done__is_redeemed_at_the_old_end(world: World) -> None:
    bond = extendable(world)

    assert receive(world, bond, 8) == [amount(units, quarter(8, RATE), principal()) for units in (100, 50)]
    assert bond.totalSupply() == 0


def test_extend__accrued__on_both_sides_of_the_old_end(world: World) -> None:
    bond = extendable(world)
    extend(world, bond)

    for start, period, rate in ((DUE[7], 8, RATE), (DUE[8], 9, 5 * PERCENT)):
        day = start + timedelta(days=20)
        accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), period - 1))
        assert accrued == Fraction(FACE * rate * 20, 360 * builders.WHOLE)


def test_extend__steps__end_with_the_old_term(world: World) -> None:
    steps = [Record(period=3, rate=6 * PERCENT), Record(period=7, rate=9 * PERCENT)]
    bond = extendable(world, kind=STEP, provisions=provided(steps=steps))
    extend(world, bond)

    found = [world.servicing.amountOf(bond, period, 100)[0] for period in (6, 8, 9, 12)]

    rates = (6 * PERCENT, 9 * PERCENT, 5 * PERCENT, 5 * PERCENT)
    assert found == [
        int(100 * quarter(period, rate)) for period, rate in zip((6, 8, 9, 12), rates, strict=True)
    ]


def test_extend__floating__goes_on_by_its_rule(world: World) -> None:
    world.benchmark("SHIBOR3M")
    rights = NO_RIGHTS.but(extension=extension(4, noticeDays=31, rate=0))
    floating = provided(floating=builders.floating())
    bond = extendable(world, rights, kind=FLOATING, provisions=floating, couponRate=0)
    extend(world, bond)
    to(world, DUE[8])
    for period in range(1, 10):
        observed = builders.Market(builders.china_calendar()).before(MORE[period - 1], 2)
        world.publish_value("SHIBOR3M", day_of(observed), 10_000_000 + period * 1_000_000)
        world.fix(bond, period)

    assert world.servicing.fixing(bond, 9).rate == 25_000_000
    assert world.servicing.amountOf(bond, 9, 100) == (int(100 * quarter(9, 25_000_000)), 0)


def test_extend__targets__the_rate_of_the_extension_and_no_test_any_more(world: World) -> None:
    """A sustainability-linked bond: what was tested counts until the old end."""
    world.benchmark("CO2", builders.FIGURE)
    tests = [builders.kpi_test(day=day_of(DUE[1]), period=5)]
    bond = extendable(world, kind=KPI, provisions=provided(tests=tests))
    extend(world, bond)
    to(world, DUE[1])
    world.publish_value("CO2", day_of(DUE[1]), 121 * builders.WHOLE)

    for period in range(1, 11):
        to(world, MORE[period - 1])
        world.fix(bond, period)

    rates = [world.servicing.fixing(bond, period).rate for period in (4, 5, 8, 9, 10)]
    assert rates == [RATE, RATE + 2_500_000, RATE + 2_500_000, 5 * PERCENT, 5 * PERCENT]
    assert world.servicing.amountOf(bond, 9, 100)[0] == int(100 * quarter(9, 5 * PERCENT))


def test_extend__in_the_days_of_the_announcement__keeps_them(world: World) -> None:
    """Notice of 31 days ends before the days of the payment are fixed."""
    bond = extendable(world)
    world.to_record(bond, 7)
    world.evm.warp(instant(DUE[8]) - 31 * DAY)

    made = extend(world, bond)

    assert made.names == ["MaturityExtended", "TermMoved"]
    world.to_record(bond, 8)
    assert not bond.book().closed


# --- called all the same


def test_extended__redeemed_on_an_event__at_the_rate_of_the_extension(world: World) -> None:
    rights = EXTENDED.but(events=[event_right(noticeDays=5)])
    bond = extendable(world, rights)
    extend(world, bond)
    day = date(2022, 7, 14)
    to(world, date(2022, 3, 1))

    world.servicing.redeemOnEvent(bond, code("TAXLAW"), day_of(day), b"\x01" * 32, sender=world.issuer)

    assert world.servicing.lastPeriod(bond) == 11
    earned = Fraction(FACE * 5 * PERCENT * (day - MORE[10]).days, 360 * builders.WHOLE)
    assert receive(world, bond, 11)[0] == amount(100, earned, principal())


def test_extended__called_before_the_old_end__the_extension_is_gone(world: World) -> None:
    rights = EXTENDED.but(calls=[call_right(DUE[1], DUE[7])])
    bond = extendable(world, rights)
    extend(world, bond)

    call(world, bond, DUE[4])

    assert receive(world, bond, 4)[0] == amount(100, quarter(4, RATE), principal())
    assert bond.totalSupply() == 0


def renewable(world: World, *calls: Record) -> Contract:
    """Two years that may become four and more, with these rights to call."""
    world.benchmark("CGB1Y")
    provisions = provided(renewal=builders.renewal(8))
    return with_rights(world, NO_RIGHTS.but(calls=list(calls)), provisions=provisions)


def test_renewed__called_in_the_second_cycle__at_its_rate(world: World) -> None:
    day = date(2022, 7, 14)
    bond = renewable(world, call_right(day, noticeDays=30))
    with world.refuses("CallRefused", bond, day_of(day)):
        call(world, bond, day)
    to(world, DUE[0])
    world.servicing.renew(bond, sender=world.issuer)

    call(world, bond, day)

    assert world.servicing.lastPeriod(bond) == 11
    for period in range(1, 12):
        to(world, MORE[period - 1])
        if period == 9:
            observed = builders.Market(builders.china_calendar()).before(DUE[8], 1)
            world.publish_value("CGB1Y", day_of(observed), 2 * PERCENT)
        world.fix(bond, period)
    rate = 2 * PERCENT + 12_000_000 + 30_000_000
    earned = Fraction(FACE * rate * (day - MORE[10]).days, 360 * builders.WHOLE)
    assert receive(world, bond, 11)[0] == amount(100, earned, principal())
    with world.refuses("RenewalRefused", bond):
        world.servicing.renew(bond, sender=world.issuer)


def test_renewable__called_in_the_first_cycle__cannot_be_renewed(world: World) -> None:
    bond = renewable(world, call_right(DUE[4]))
    to(world, DUE[0])
    call(world, bond, DUE[4])

    with world.refuses("RenewalRefused", bond):
        world.servicing.renew(bond, sender=world.issuer)
    with world.refuses("ExtensionRefused", bond):
        extend(world, bond)
