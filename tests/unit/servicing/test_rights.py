"""deferInterest, renew, capitalised interest

deferInterest
├── caller is not the issuer -> ServicingCallerRefused
├── no such right, not the period fixed last or the next, the last period, deferred before -> DeferralRefused
├── after the notice date -> NoticeTooLate
└── else -> nothing is paid; the arrears go with the next payment
renew
├── caller is not the issuer -> ServicingCallerRefused
├── no such right -> RenewalRefused
├── before the last cycle has begun -> RenewalTooEarly
├── after the notice date -> NoticeTooLate
└── else -> another cycle, at a new rate; not renewed is redeemed
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    DAY,
    FROM_PREVIOUS_RATE,
    FROM_PUBLISHED,
    FROM_TERMS,
    NO_RIGHTS,
    PERCENT,
    STEP,
    WHOLE,
    day_of,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, instant, provided, quarterly, serve, to

pytestmark = pytest.mark.unit

RATE, FACE, ONE = 32_500_000, 10_000, 10**18
LENGTHS = [91, 92, 92, 91]  # days of the four quarters
STRANGERS = ("holder", "outsider", "operator", "paying_agent", "admin", "statutory", "bookrunner")


def growth(amount: int, days: int, rate: int = RATE) -> int:
    return amount * rate * days // (WHOLE * 360)


# --- deferral


def deferrable(world: World, *, bears: bool = True, **terms: Any) -> Contract:
    return quarterly(world, provided(deferral=Record(noticeDays=31, bearsInterest=bears)), **terms)


def defer(world: World, bond: Contract, period: int) -> Any:
    return world.servicing.deferInterest(bond, period, sender=world.issuer)


def test_defer__next_period__is_said_and_nothing_is_paid(world: World) -> None:
    bond = deferrable(world)

    made = defer(world, bond, 1)

    assert made.only("InterestDeferred") == {
        "bond": bond.address,
        "period": 1,
        "arrears": 0,
        "actor": world.issuer,
    }
    found = world.servicing.fixing(bond, 1)
    assert (found.isDeferred, found.fixedAt) == (True, 0)
    to(world, DUE[0])
    fixed = world.fix(bond, 1)
    assert (fixed.arrears, fixed.source, fixed.isDeferred) == (growth(ONE, 91), FROM_TERMS, True)
    assert world.servicing.amountOf(bond, 1, 100) == (0, 0)
    world.to_payment(bond, 1)
    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.fund(bond, 1, sender=world.paying_agent)
    with world.refuses("PaymentNotFunded", bond, 1):
        world.servicing.claim(bond, 1, sender=world.holder)


@pytest.mark.parametrize("first", ["fix", "defer"])
def test_defer__before_or_after_the_fixing__comes_to_the_same(world: World, first: str) -> None:
    bond = deferrable(world)
    to(world, DUE[0])
    if first == "fix":
        before = world.fix(bond, 1)
        made = defer(world, bond, 1)
        assert made.only("InterestDeferred").arrears == growth(ONE, 91)
        assert world.servicing.fixing(bond, 1) == before.but(isDeferred=True, arrears=growth(ONE, 91))
    else:
        defer(world, bond, 1)
        world.fix(bond, 1)

    assert world.servicing.fixing(bond, 1).arrears == growth(ONE, 91)


@pytest.mark.parametrize("bears", [True, False])
def test_defer__two_periods__arrears_go_with_the_third(world: World, bears: bool) -> None:
    bond = deferrable(world, bears=bears)
    arrears = 0
    for period in (1, 2):
        to(world, DUE[period - 1])
        world.fix(bond, period)
        defer(world, bond, period)
        days = LENGTHS[period - 1]
        arrears += (growth(arrears, days) if bears else 0) + growth(ONE, days)
        assert world.servicing.fixing(bond, period).arrears == arrears
    to(world, DUE[2])
    world.fix(bond, 3)
    arrears += growth(arrears, LENGTHS[2]) if bears else 0
    before = world.cash.balanceOf(world.holder)

    made = serve(world, bond, 3, world.holder)

    each = FACE * (Fraction(RATE * LENGTHS[2], WHOLE * 360) + Fraction(arrears, ONE))
    assert made.only("HoldersPaid").amount == int(100 * each)
    assert world.cash.balanceOf(world.holder) - before == int(100 * each)
    assert world.servicing.fixing(bond, 3).arrears == 0, "nothing is owed any more"
    to(world, DUE[3])
    world.fix(bond, 4)
    last = FACE * Fraction(RATE * LENGTHS[3], WHOLE * 360)
    assert world.servicing.amountOf(bond, 4, 100) == (int(100 * last), 100 * FACE)


@pytest.mark.parametrize("caller", STRANGERS)
def test_defer__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = deferrable(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.deferInterest(bond, 1, sender=sender)


def test_defer__without_the_right__reverts(world: World) -> None:
    for bond in (world.bond(), quarterly(world, provided(capitalisedUntil=1))):
        with world.refuses("DeferralRefused", bond, 1):
            defer(world, bond, 1)


def test_defer__wrong_period__reverts(world: World) -> None:
    bond = deferrable(world)
    to(world, DUE[0])
    world.fix(bond, 1)

    for period in (0, 3, 4, 5, 2**16 - 1):
        with world.refuses("DeferralRefused", bond, period):
            defer(world, bond, period)
    defer(world, bond, 2)
    with world.refuses("DeferralRefused", bond, 2):
        defer(world, bond, 2)
    to(world, DUE[1])
    world.fix(bond, 2)
    with world.refuses("DeferralRefused", bond, 1):
        defer(world, bond, 1)


def test_defer__last_period__reverts(world: World) -> None:
    """What is owed at the end is owed."""
    bond = deferrable(world)
    for period in (1, 2, 3):
        to(world, DUE[period - 1])
        world.fix(bond, period)

    with world.refuses("DeferralRefused", bond, 4):
        defer(world, bond, 4)
    to(world, DUE[3])
    world.fix(bond, 4)
    with world.refuses("DeferralRefused", bond, 4):
        defer(world, bond, 4)


def test_defer__notice__to_its_very_second(world: World) -> None:
    bond = deferrable(world)
    until = instant(DUE[1]) - 31 * DAY
    world.evm.warp(until)
    with world.sandbox():
        defer(world, bond, 1)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        defer(world, bond, 1)


def test_defer__early_fixing_by_a_stranger__cannot_take_the_right(world: World) -> None:
    """The next period can be fixed at most some days ahead: not before the notice of this one ends."""
    world.benchmark("SHIBOR3M")
    bad = provided(floating=builders.floating(lag=30), deferral=Record(noticeDays=31, bearsInterest=True))
    terms = world.terms(kind=builders.FLOATING, periods=4, monthsPerPeriod=3)

    with world.refuses("BondTermInvalid", b"lag".ljust(32, b"\0")):
        world.factory.register(terms, bad, NO_RIGHTS, sender=world.issuer)


# --- capitalised interest


def test_capitalised__interest__is_added_and_paid_at_the_end(world: World) -> None:
    bond = quarterly(world, provided(capitalisedUntil=2), {world.holder: 100, world.buyer: 7})
    factor = ONE
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        assert world.servicing.poolFactor(bond, period) == factor
        found = world.fix(bond, period)
        if period <= 2:
            factor += growth(factor, LENGTHS[period - 1])
            assert world.servicing.amountOf(bond, period, 100) == (0, 0)
        assert (found.factor, found.rate, found.arrears) == (factor, RATE, 0)
    assert growth(ONE, 91) < factor - ONE - growth(ONE, 92), "interest on interest"
    world.to_payment(bond, 1)
    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.fund(bond, 1, sender=world.paying_agent)

    paid = serve(world, bond, 3, world.holder, world.buyer).only("HoldersPaid").amount
    each = Fraction(FACE * factor * RATE * LENGTHS[2], ONE * WHOLE * 360)
    assert paid == int(100 * each) + int(7 * each)
    made = serve(world, bond, 4, world.holder, world.buyer)
    last = Fraction(FACE * factor * RATE * LENGTHS[3], ONE * WHOLE * 360)
    principal = Fraction(FACE * factor, ONE)
    expected = sum(int(units * last) + int(units * principal) for units in (100, 7))
    assert made.only("HoldersPaid").amount == expected
    assert "BondRedeemed" in made.names


def test_capitalised__steps__apply_to_what_is_added(world: World) -> None:
    """A rate that steps up while nothing is paid is not forgotten."""
    steps = [Record(period=2, rate=60_000_000)]
    bond = quarterly(world, provided(capitalisedUntil=3, steps=steps), kind=STEP)
    factor = ONE
    for period, rate in ((1, RATE), (2, 60_000_000), (3, 60_000_000)):
        to(world, DUE[period - 1])
        factor += growth(factor, LENGTHS[period - 1], rate)
        assert world.fix(bond, period).factor == factor


def test_capitalised__factor__ends_where_the_amounts_would_not_fit(world: World) -> None:
    """At 429 % a year for a hundred years it would pass any number; payments stay possible."""
    bond = quarterly(
        world,
        provided(capitalisedUntil=8),
        periods=9,
        monthsPerPeriod=12,
        couponRate=2**32 - 2,
        dayCount=builders.ACT_365F,
    )
    for period in range(1, 9):
        to(world, date(2018 + period, 12, 5) if period > 1 else DUE[0])
        found = world.fix(bond, period)

    assert found.factor == 2**70
    assert world.servicing.poolFactor(bond, 9) == 2**70


# --- renewal


def renewable(world: World, provisions: Record | None = None, **terms: Any) -> Contract:
    """A year of quarters, which may become another, at the one-year rate of the day before."""
    world.benchmark("CGB1Y")
    return quarterly(world, provisions or provided(renewal=builders.renewal(4)), **terms)


def renew(world: World, bond: Contract, sender: str | None = None) -> Any:
    return world.servicing.renew(bond, sender=sender or world.issuer)


def test_renew__in_time__is_another_cycle(world: World) -> None:
    bond = renewable(world)
    to(world, DUE[0])

    made = renew(world, bond)

    assert made.only("BondRenewed") == {"bond": bond.address, "lastPeriod": 8, "actor": world.issuer}
    assert made.only("TermMoved") == {"last": 8, "maturityDay": 0}
    assert (bond.book().last, world.servicing.lastPeriod(bond)) == (8, 8)
    assert bond.maturityDay() == day_of(date(2021, 12, 5))
    assert bond.terms().schedule.periods == 4, "what was sealed stays"


@pytest.mark.parametrize("caller", STRANGERS)
def test_renew__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = renewable(world), getattr(world, caller)
    to(world, DUE[0])

    with world.refuses("ServicingCallerRefused", bond, sender):
        renew(world, bond, sender)


def test_renew__without_the_right__reverts(world: World) -> None:
    for bond in (world.bond(), quarterly(world, provided(capitalisedUntil=1))):
        with world.refuses("RenewalRefused", bond):
            renew(world, bond)


def test_renew__one_cycle_at_a_time(world: World) -> None:
    bond = renewable(world)
    starts = instant(DUE[0])
    world.evm.warp(starts - 1)
    with world.refuses("RenewalTooEarly", bond, starts, starts - 1):
        renew(world, bond)
    world.evm.warp(starts)
    renew(world, bond)

    starts = instant(DUE[4])
    for time in (world.evm.now, starts - 1):
        world.evm.warp(time)
        with world.refuses("RenewalTooEarly", bond, starts, time):
            renew(world, bond)
    world.evm.warp(starts)
    renew(world, bond)
    assert world.servicing.lastPeriod(bond) == 12


def test_renew__notice__to_its_very_second(world: World) -> None:
    bond = renewable(world)
    until = instant(DUE[4]) - 31 * DAY
    world.evm.warp(until)
    with world.sandbox():
        renew(world, bond)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        renew(world, bond)


def test_renew__not_done__redeems_at_the_end_of_the_cycle(world: World) -> None:
    bond = renewable(world)
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        world.fix(bond, period)
    world.ready(bond, 4)

    assert bond.book().closed
    with world.refuses("PaymentKindWrong", bond, 4, 4):
        world.servicing.pay(bond, 4, [world.holder], sender=world.outsider)
    made = world.servicing.redeem(bond, [world.holder], sender=world.outsider)
    assert "BondRedeemed" in made.names
    with world.refuses("NoticeTooLate", bond, instant(DUE[4]) - 31 * DAY, world.evm.now):
        renew(world, bond)


def test_renew__done__the_books_stay_open_to_the_new_end(world: World) -> None:
    bond = renewable(world)
    to(world, DUE[0])
    renew(world, bond)
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        world.fix(bond, period)
    made = serve(world, bond, 4, world.holder)

    assert made.only("HoldersPaid").amount == int(100 * FACE * Fraction(RATE * 91, WHOLE * 360))
    assert not bond.book().closed
    assert bond.balanceOf(world.holder) == 100
    bond.transfer(world.buyer, 40, sender=world.holder)
    world.to_record(bond, 8)
    assert bond.book().closed
    assert world.servicing.amountOf(bond, 4, 1)[1] == 0
    due = [date_of_period(bond, number) for number in (5, 8)]
    assert due == [date(2021, 3, 5), date(2021, 12, 6)], "the last due day is a Sunday"


def date_of_period(bond: Contract, number: int) -> date:
    return builders.date_of(bond.paymentDays(number).payDay)


def test_renew__rate__is_new_for_a_cycle_and_steps_up_once(world: World) -> None:
    bond = renewable(world)
    to(world, DUE[0])
    renew(world, bond)
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        assert world.fix(bond, period).rate == RATE
    observed = date(2020, 12, 4)
    to(world, observed - timedelta(days=1))
    with world.refuses("FixingTooEarly", bond, 5, day_of(observed), day_of(observed) - 1):
        world.servicing.fix(bond, 5, sender=world.outsider)
    to(world, observed)
    world.publish_value("CGB1Y", day_of(observed), 2 * PERCENT)

    first = world.fix(bond, 5)
    rates = []
    for period, start in ((6, date(2021, 3, 5)), (7, date(2021, 6, 5)), (8, date(2021, 9, 5))):
        to(world, start)
        rates.append(world.fix(bond, period).rate)

    assert (first.rate, first.source, first.day) == (62_000_000, FROM_PUBLISHED, day_of(observed))
    assert rates == [first.rate] * 3


def test_renew__no_rate_published__the_one_before_steps_up(world: World) -> None:
    bond = renewable(world)
    to(world, DUE[0])
    renew(world, bond)
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        world.fix(bond, period)
    observed = day_of(date(2020, 12, 4))
    to(world, date(2020, 12, 8), 86_399)
    with world.refuses("FixingNotPublished", bond, 5, builders.code("CGB1Y"), observed, observed + 5):
        world.servicing.fix(bond, 5, sender=world.outsider)
    to(world, date(2020, 12, 9))

    found = world.fix(bond, 5)

    assert (found.rate, found.source, found.value) == (RATE + 30_000_000, FROM_PREVIOUS_RATE, 0)


def test_renew__and_defer__interest_of_the_old_last_period(world: World) -> None:
    """Once it is renewed, the period that was to be the last can be deferred like any other."""
    rights = provided(renewal=builders.renewal(4), deferral=Record(noticeDays=31, bearsInterest=False))
    bond = renewable(world, rights)
    for period in (1, 2, 3):
        to(world, DUE[period - 1])
        world.fix(bond, period)
    to(world, DUE[3])
    with world.refuses("DeferralRefused", bond, 4):
        defer(world, bond, 4)
    renew(world, bond)
    defer(world, bond, 4)

    assert world.fix(bond, 4).arrears == growth(ONE, 91)
