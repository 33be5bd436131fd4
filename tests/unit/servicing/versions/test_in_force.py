"""Which terms apply: each period has those that were in force when it began, and the past keeps its own

├── coupons, day counts, rounding, steps, targets -> by version, period by period
├── fixed to floating and back; another benchmark -> fixings begin and end with the version
├── instalments, capitalised and deferred interest -> go on from what was there
├── maturity -> moves, earlier or later; the books close there
├── rights -> those of the version of the period concerned
└── accrued interest, claims, a call across the change -> each part by its own terms
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    DAY,
    FIXED,
    FLOATING,
    FROM_FIXED_RATE,
    FROM_PREVIOUS_RATE,
    FROM_PUBLISHED,
    INFLATION,
    KPI,
    LEVEL,
    NO_RIGHTS,
    PERCENT,
    PREVIOUS_RATE,
    STEP,
    THIRTY_E_360,
    UNIT_DOWN,
    WHOLE,
    call_right,
    day_of,
    extension,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.term.stage import WEEKDAYS
from tests.unit.servicing.versions.stage import (
    AMENDABLE,
    DUE,
    FACE,
    NEW_RATE,
    RATE,
    amendable,
    amount,
    change,
    consent,
    coupon,
    enact,
    moved,
    principal,
    propose,
    receive,
    so_far,
    terms_of,
    to,
)

pytestmark = pytest.mark.unit

ONE = 10**18


def with_terms(world: World, bond: Contract, version: int = 0, **changes: Any) -> Record:
    return terms_of(world, bond, version)[0].but(**changes)


def interest(world: World, bond: Contract, period: int, units: int = 100) -> int:
    found: int = world.servicing.amountOf(bond, period, units)[0]
    return found


# --- coupons


def test_coupon__lowered_from_period_3__a_whole_life(world: World) -> None:
    bond = amendable(world)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE))

    for period in range(1, 9):
        rate = RATE if period < 3 else NEW_RATE
        repaid = principal() if period == 8 else Fraction(0)
        expected = [amount(units, coupon(period, rate=rate), repaid) for units in (100, 50)]
        assert receive(world, bond, period) == expected, period
    assert bond.totalSupply() == 0
    assert world.cash.balanceOf(world.servicing) == world.servicing.keptFor(bond, world.paying_agent)


def test_coupon__to_nothing__a_payment_of_nothing(world: World) -> None:
    bond = amendable(world)
    change(world, bond, terms=with_terms(world, bond, couponRate=0))
    world.to_payment(bond, 3)

    with world.refuses("PaymentNothingDue", bond, 3):
        world.servicing.fund(bond, 3, sender=world.paying_agent)
    assert receive(world, bond, 8) == [100 * FACE, 50 * FACE]


def test_day_count_and_rounding__from_the_change_on(world: World) -> None:
    bond = amendable(world)
    change(
        world,
        bond,
        terms=with_terms(world, bond, dayCount=THIRTY_E_360, rounding=UNIT_DOWN),
        effective=DUE[4],
    )

    assert interest(world, bond, 4) == int(100 * coupon(4, convention=ACT_360))
    assert interest(world, bond, 5) == 100 * int(coupon(5, convention=THIRTY_E_360))


def test_versions__one_after_another__each_to_the_next(world: World) -> None:
    """Three resolutions, each on the terms of the one before."""
    bond = amendable(world)
    rates = {3: PERCENT, 4: 2 * PERCENT, 7: 3 * PERCENT}
    for version, (period, rate) in enumerate(rates.items()):
        terms = with_terms(world, bond, version, couponRate=rate)
        change(world, bond, terms=terms, version=version, effective=DUE[period - 1])

    expected = [RATE, RATE, PERCENT, 2 * PERCENT, 2 * PERCENT, 2 * PERCENT, 3 * PERCENT, 3 * PERCENT]
    assert [interest(world, bond, period) for period in range(1, 9)] == [
        int(100 * coupon(period, rate=rate)) for period, rate in enumerate(expected, 1)
    ]
    assert [world.servicing.versionAt(bond, period) for period in range(10)] == [0, 0, 0, 1, 2, 2, 2, 3, 3, 3]


def test_steps__from_fixed__as_the_new_terms_say(world: World) -> None:
    """A step for a period before the change is in the terms, and has no effect on it."""
    bond = amendable(world)
    steps = [Record(period=2, rate=PERCENT), Record(period=5, rate=7 * PERCENT)]
    change(world, bond, terms=with_terms(world, bond, kind=STEP), provisions=provided(steps=steps))

    rates = [RATE, RATE, PERCENT, PERCENT, 7 * PERCENT]
    assert [interest(world, bond, period) for period in range(1, 6)] == [
        int(100 * coupon(period, rate=rate)) for period, rate in enumerate(rates, 1)
    ]


def test_targets__from_fixed__are_tested_from_then_on(world: World) -> None:
    world.benchmark("CO2", builders.FIGURE)
    bond = amendable(world)
    tests = [builders.kpi_test(day=day_of(DUE[2]), period=4)]
    change(world, bond, terms=with_terms(world, bond, kind=KPI), provisions=provided(tests=tests))
    to(world, DUE[3])
    world.publish_value("CO2", day_of(DUE[2]), 121 * WHOLE)

    with world.refuses("FixingOutOfOrder", bond, 4, 3):
        world.servicing.fix(bond, 4, sender=world.outsider)
    rates = [world.fix(bond, period).rate for period in (3, 4)]

    assert rates == [RATE, RATE + 2_500_000]
    assert interest(world, bond, 2) == int(100 * coupon(2)), "which needs no fixing"
    assert interest(world, bond, 4) == int(100 * coupon(4, rate=RATE + 2_500_000))


# --- fixed and floating


def publish(world: World, name: str, period: int, value: int) -> None:
    """Two business days before a period begins; the clock goes there."""
    day = WEEKDAYS.before(DUE[period - 1], 2)
    to(world, day)
    world.publish_value(name, day_of(day), value)


def test_fixed_to_floating__fixings_begin_with_the_version(world: World) -> None:
    world.benchmark("SHIBOR3M")
    bond = amendable(world)
    floating = with_terms(world, bond, kind=FLOATING, couponRate=0)
    change(world, bond, terms=floating, provisions=provided(floating=builders.floating()))
    assert interest(world, bond, 2) == int(100 * coupon(2))
    with world.refuses("PeriodNotFixed", bond, 3):
        interest(world, bond, 3)
    publish(world, "SHIBOR3M", 3, 25_000_000)
    with world.refuses("FixingNotNeeded", bond):
        world.servicing.fix(bond, 2, sender=world.outsider)
    with world.refuses("FixingOutOfOrder", bond, 4, 3):
        world.servicing.fix(bond, 4, sender=world.outsider)

    found = world.fix(bond, 3)

    assert (found.rate, found.source, found.factor) == (31_000_000, FROM_PUBLISHED, ONE)
    assert world.servicing.fixedPeriods(bond) == 3
    assert receive(world, bond, 2) == [amount(units, coupon(2)) for units in (100, 50)]
    assert receive(world, bond, 3) == [amount(units, coupon(3, rate=31_000_000)) for units in (100, 50)]
    publish(world, "SHIBOR3M", 4, 26_000_000)
    assert world.fix(bond, 4).rate == 32_000_000


@pytest.mark.parametrize(("rule", "source"), [(PREVIOUS_RATE, FROM_PREVIOUS_RATE), (2, FROM_FIXED_RATE)])
def test_fixed_to_floating__nothing_is_published__the_rate_before_or_the_agreed_one(
    world: World, rule: int, source: int
) -> None:
    """The rate before is the coupon of the terms before, though the new ones have none."""
    world.benchmark("SHIBOR3M")
    bond = amendable(world)
    floating = builders.floating(fallbackRule=rule, fallbackRate=7 * PERCENT)
    wanted = with_terms(world, bond, kind=FLOATING, couponRate=0)
    change(world, bond, terms=wanted, provisions=provided(floating=floating))
    to(world, DUE[2] + timedelta(days=10))

    found = world.fix(bond, 3)

    assert (found.rate, found.source) == (RATE if rule == PREVIOUS_RATE else 7 * PERCENT, source)


def floater(world: World, **terms: Any) -> Contract:
    world.benchmark("SHIBOR3M")
    return amendable(
        world, kind=FLOATING, provisions=provided(floating=builders.floating()), couponRate=0, **terms
    )


def test_floating_to_fixed__fixings_end_with_the_version(world: World) -> None:
    bond = floater(world)
    fixed = with_terms(world, bond, kind=FIXED, couponRate=NEW_RATE)
    change(world, bond, terms=fixed, provisions=provided())
    for period in (1, 2):
        publish(world, "SHIBOR3M", period, 20_000_000)
        world.fix(bond, period)
    to(world, DUE[2])

    with world.refuses("FixingNotNeeded", bond):
        world.servicing.fix(bond, 3, sender=world.outsider)

    assert interest(world, bond, 2) == int(100 * coupon(2, rate=26_000_000))
    assert interest(world, bond, 3) == int(100 * coupon(3, rate=NEW_RATE))


def test_floating_to_another_benchmark__goes_on_in_order(world: World) -> None:
    """What ends is replaced: from period 3 on another index, with another spread."""
    bond = floater(world)
    world.benchmark("LPR")
    other = provided(floating=builders.floating("LPR", spread=1_000_000))
    change(world, bond, provisions=other)
    for period in (1, 2):
        publish(world, "SHIBOR3M", period, 20_000_000)
        world.fix(bond, period)
    publish(world, "LPR", 3, 30_000_000)

    assert world.fix(bond, 3).rate == 31_000_000
    assert interest(world, bond, 2) == int(100 * coupon(2, rate=26_000_000))


def test_floating_fixed_floating__a_gap_is_stepped_over(world: World) -> None:
    """Fixed for two periods: the first fixing after them is of the third version's first period."""
    bond = floater(world)
    fixed = with_terms(world, bond, kind=FIXED, couponRate=NEW_RATE)
    floating = terms_of(world, bond)[1]
    change(world, bond, terms=fixed, provisions=provided(), effective=DUE[2])
    again = with_terms(world, bond, 1, kind=FLOATING, couponRate=0)
    change(world, bond, terms=again, provisions=floating, version=1, effective=DUE[4])
    for period in (1, 2):
        publish(world, "SHIBOR3M", period, 20_000_000)
        if period == 2:
            to(world, DUE[2])
            with world.refuses("FixingOutOfOrder", bond, 5, 2):
                world.servicing.fix(bond, 5, sender=world.outsider)
        world.fix(bond, period)
    publish(world, "SHIBOR3M", 5, 40_000_000)

    assert world.fix(bond, 5).rate == 46_000_000
    rates = [26_000_000, 26_000_000, NEW_RATE, NEW_RATE, 46_000_000]
    assert [interest(world, bond, period) for period in range(1, 6)] == [
        int(100 * coupon(period, rate=rate)) for period, rate in enumerate(rates, 1)
    ]


def test_two_floating_versions__none_is_stepped_over(world: World) -> None:
    """Floating from 3, by another index from 4: what was not fixed in time is still fixed in order."""
    for name in ("SHIBOR3M", "LPR"):
        world.benchmark(name)
    bond = amendable(world)
    first = with_terms(world, bond, kind=FLOATING, couponRate=0)
    change(world, bond, terms=first, provisions=provided(floating=builders.floating()))
    second = provided(floating=builders.floating("LPR"))
    change(world, bond, provisions=second, version=1, effective=DUE[3])
    publish(world, "SHIBOR3M", 3, 20_000_000)
    publish(world, "LPR", 4, 30_000_000)

    with world.refuses("FixingOutOfOrder", bond, 4, 3):
        world.servicing.fix(bond, 4, sender=world.outsider)
    assert [world.fix(bond, period).rate for period in (3, 4)] == [26_000_000, 36_000_000]


# --- principal


def test_instalments__from_a_bullet__begin_with_the_change(world: World) -> None:
    shares = [Record(period=4, share=WHOLE // 4), Record(period=8, share=WHOLE * 3 // 4)]
    bond = amendable(world)
    change(world, bond, provisions=provided(instalments=shares), effective=DUE[3])

    assert [Fraction(world.servicing.poolFactor(bond, period), ONE) for period in (1, 4, 5, 8)] == [
        1,
        1,
        Fraction(3, 4),
        Fraction(3, 4),
    ]
    assert receive(world, bond, 4)[0] == amount(100, coupon(4), principal() / 4)
    left = Fraction(3, 4)
    assert receive(world, bond, 5)[0] == amount(100, coupon(5, factor=left))
    assert receive(world, bond, 8)[0] == amount(100, coupon(8, factor=left), principal(factor=left))


def test_instalments__to_another_plan__what_was_repaid_stays(world: World) -> None:
    shares = [Record(period=period, share=WHOLE // 4) for period in (2, 4, 6, 8)]
    later = [*shares[:2], Record(period=8, share=WHOLE // 2)]
    bond = amendable(world, provisions=provided(instalments=shares))
    change(world, bond, provisions=provided(instalments=later), effective=DUE[4])

    factors = [Fraction(world.servicing.poolFactor(bond, period), ONE) for period in range(1, 9)]
    assert factors == [1, 1, Fraction(3, 4), Fraction(3, 4)] + [Fraction(1, 2)] * 4
    repaid = [world.servicing.amountOf(bond, period, 100)[1] for period in range(1, 9)]
    assert repaid == [0, 250_000, 0, 250_000, 0, 0, 0, 500_000]
    assert sum(repaid) == 100 * FACE


def grown(factor: int, period: int, rate: int = RATE) -> int:
    return factor + int(factor * coupon(period, rate=rate) / FACE)


@pytest.mark.parametrize("until", [2, 4, 6])
def test_capitalised__for_longer_or_shorter__goes_on_from_what_has_grown(world: World, until: int) -> None:
    """Sealed until 4; the change is from period 3 on, with a rate of its own."""
    bond = amendable(world, provisions=provided(capitalisedUntil=4))
    change(
        world,
        bond,
        terms=with_terms(world, bond, couponRate=NEW_RATE),
        provisions=provided(capitalisedUntil=until),
    )
    factor = ONE
    for period in range(1, 9):
        to(world, DUE[period - 1])
        world.fix(bond, period)
        rate = RATE if period < 3 else NEW_RATE
        assert world.servicing.poolFactor(bond, period) == factor
        if period <= until:
            assert world.servicing.amountOf(bond, period, 100) == (0, 0)
            factor = grown(factor, period, rate)
            continue
        left = Fraction(factor, ONE)
        assert interest(world, bond, period) == int(100 * coupon(period, rate=rate, factor=left))
    assert world.servicing.amountOf(bond, 8, 100)[1] == int(100 * FACE * Fraction(factor, ONE))


def test_deferral__begins_with_the_change(world: World) -> None:
    given = provided(deferral=Record(noticeDays=31, bearsInterest=False))
    bond = amendable(world)
    change(world, bond, provisions=given)
    to(world, DUE[2])
    for period in (1, 2):
        with world.refuses("DeferralRefused", bond, period):
            world.servicing.deferInterest(bond, period, sender=world.issuer)
    world.servicing.deferInterest(bond, 3, sender=world.issuer)
    world.fix(bond, 3)
    to(world, DUE[3])
    world.fix(bond, 4)

    assert world.servicing.amountOf(bond, 3, 100) == (0, 0)
    arrears = int(coupon(3) / FACE * ONE)
    assert interest(world, bond, 4) == int(100 * (coupon(4) + FACE * Fraction(arrears, ONE)))


def test_deferred_before__is_paid_under_the_new_terms(world: World) -> None:
    """Period 2 was deferred under the old terms; 3 pays it, at whatever coupon 3 has."""
    given = provided(deferral=Record(noticeDays=31, bearsInterest=True))
    bond = amendable(world, provisions=given)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE))
    for period in (1, 2):
        to(world, DUE[period - 1])
        if period == 2:
            world.servicing.deferInterest(bond, 2, sender=world.issuer)
        world.fix(bond, period)
    to(world, DUE[2])
    world.fix(bond, 3)

    arrears = int(coupon(2) / FACE * ONE)
    arrears += int(arrears * coupon(3, rate=NEW_RATE) / FACE)
    owed = coupon(3, rate=NEW_RATE) + FACE * Fraction(arrears, ONE)
    assert interest(world, bond, 3) == int(100 * owed)


def test_called_in_part_before__the_new_coupon_is_on_what_is_left(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], inPart=True)])
    bond = amendable(world, rights=rights)
    world.servicing.callInPart(bond, 2, WHOLE // 4, sender=world.issuer)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE), rights=rights)
    world.servicing.callInPart(bond, 5, WHOLE // 4, sender=world.issuer)

    left = Fraction(3, 4)
    assert interest(world, bond, 3) == int(100 * coupon(3, rate=NEW_RATE, factor=left))
    assert world.servicing.amountOf(bond, 5, 100)[1] == 250_000
    assert receive(world, bond, 8)[0] == amount(
        100, coupon(8, rate=NEW_RATE, factor=Fraction(1, 2)), principal(factor=Fraction(1, 2))
    )


def test_index__goes_on_with_a_new_coupon(world: World) -> None:
    world.benchmark("CPI", LEVEL)
    given = builders.inflation(interpolated=False)
    bond = amendable(world, kind=INFLATION, provisions=provided(inflation=given))
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE))
    for period, month in enumerate((date(2019, 12, 1), date(2020, 3, 1), date(2020, 6, 1)), 1):
        to(world, DUE[period])
        world.publish_value("CPI", day_of(month), (100 + period) * WHOLE)
        world.fix(bond, period)

    assert interest(world, bond, 2) == int(100 * coupon(2) * Fraction(102, 100))
    assert interest(world, bond, 3) == int(100 * coupon(3, rate=NEW_RATE) * Fraction(103, 100))


# --- the end of the term


@pytest.mark.parametrize("periods", [3, 6, 12])
def test_maturity__moved__the_books_close_there(world: World, periods: int) -> None:
    """Earlier or later; the payments before it are as they were."""
    bond = amendable(world)
    wanted = moved(with_terms(world, bond, couponRate=NEW_RATE), periods)

    made = change(world, bond, terms=wanted)

    assert made.names == ["TermsEnacted", "TermMoved"]
    assert made.only("TermMoved") == {"last": periods, "maturityDay": day_of(DUE[periods])}
    assert (world.servicing.lastPeriod(bond), bond.maturityDay()) == (periods, day_of(DUE[periods]))
    assert receive(world, bond, 2) == [amount(units, coupon(2)) for units in (100, 50)]
    expected = [amount(units, coupon(periods, rate=NEW_RATE), principal()) for units in (100, 50)]
    assert receive(world, bond, periods) == expected
    assert bond.totalSupply() == 0


def test_maturity__back_and_forth__the_last_word_counts(world: World) -> None:
    bond = amendable(world)
    change(world, bond, terms=moved(with_terms(world, bond), 12))
    change(world, bond, terms=moved(with_terms(world, bond, 1), 5), version=1, effective=DUE[3])
    assert world.servicing.lastPeriod(bond) == 5
    change(world, bond, terms=moved(with_terms(world, bond, 2), 8), version=2, effective=DUE[4])

    assert world.servicing.lastPeriod(bond) == 8
    assert receive(world, bond, 5)[0] == amount(100, coupon(5))
    assert receive(world, bond, 8)[0] == amount(100, coupon(8), principal())


def test_maturity__sealed_stub_made_regular__the_last_period_is_whole(world: World) -> None:
    schedule = builders.schedule(day_of(DUE[0]), 8, 3, maturityDay=day_of(DUE[8]) - 10)
    bond = amendable(world, schedule=schedule)
    short = coupon(8) - FACE * Fraction(RATE, WHOLE) * Fraction(10, 360)
    assert interest(world, bond, 8) == int(100 * short)

    change(world, bond, terms=moved(with_terms(world, bond), 8))

    assert bond.maturityDay() == day_of(DUE[8])
    assert receive(world, bond, 8)[0] == amount(100, coupon(8), principal())


def test_maturity__shortened_in_the_days_of_an_announcement__is_announced_anew(world: World) -> None:
    """The fourth payment is announced; the resolution ends the bond with the fifth, not the eighth."""
    bond = amendable(world)
    number = propose(
        world,
        bond,
        terms=moved(with_terms(world, bond), 5),
        effective=DUE[4],
        closesAt=day_of(DUE[4]) * DAY,
    )
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})
    world.to_record(bond, 3)
    to(world, DUE[4] - timedelta(days=20))
    bond.advance(sender=world.outsider)
    days = bond.paymentDays(4)

    enact(world, bond, number)

    assert bond.paymentDays(4) == days
    world.to_record(bond, 5)
    assert bond.book().closed


def test_maturity__renewable__a_shorter_first_cycle_can_still_be_renewed(world: World) -> None:
    bond = amendable(world, provisions=provided(renewal=builders.renewal(8)))
    to(world, DUE[0])
    change(world, bond, terms=moved(with_terms(world, bond), 4))

    world.servicing.renew(bond, sender=world.issuer)

    assert world.servicing.lastPeriod(bond) == 12


# --- rights


def test_rights__to_call__from_the_first_changed_period_on(world: World) -> None:
    """The right of a version is for days in its periods; the old one for days in the old ones."""
    bond = amendable(world, rights=AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], price=WHOLE)]))
    given = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], price=1_050_000_000)])
    change(world, bond, rights=given, effective=DUE[4])

    for day, price in ((DUE[3], WHOLE), (DUE[4] - timedelta(days=1), WHOLE), (DUE[4], 1_050_000_000)):
        with world.sandbox():
            made = world.servicing.call(bond, day_of(day), sender=world.issuer)
            assert made.only("BondCalled").price == price


def test_rights__given_up__are_gone(world: World) -> None:
    bond = amendable(world, rights=AMENDABLE.but(calls=[call_right(DUE[1], DUE[7])]))
    change(world, bond, rights=AMENDABLE)

    with world.refuses("CallRefused", bond, day_of(DUE[3])):
        world.servicing.call(bond, day_of(DUE[3]), sender=world.issuer)
    assert terms_of(world, bond, 1)[2] == AMENDABLE


def test_rights__the_share_itself__counts_when_its_period_is_there(world: World) -> None:
    """Sealed terms ask for three quarters; the new ones, from period 3 on, for all."""
    bond = amendable(world)
    change(world, bond, rights=NO_RIGHTS.but(amendmentShare=WHOLE))
    for day, needed in ((DUE[1], 113), (DUE[2], 150)):
        to(world, day)
        number = propose(world, bond, version=1, effective=DUE[6], closesAt=world.evm.now + 5 * DAY)
        consent(world, bond, number, {world.holder: 100, world.buyer: 12})
        with world.refuses("ShareNotReached", bond, number, 112, needed):
            enact(world, bond, number)
        for holder, units in ((world.holder, 100), (world.buyer, 12)):
            world.servicing.withdraw(bond, number, units, sender=holder)


def test_rights__never_again__is_for_ever(world: World) -> None:
    bond = amendable(world)
    change(world, bond, rights=NO_RIGHTS)
    to(world, DUE[2])
    number = propose(world, bond, version=1, effective=DUE[6])
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})

    with world.refuses("ShareNotReached", bond, number, 150, 0):
        enact(world, bond, number)


def test_rights__to_extend__of_the_version_then_in_force(world: World) -> None:
    bond = amendable(world)
    given = AMENDABLE.but(extension=extension(4, noticeDays=31, rate=5 * PERCENT))
    change(world, bond, rights=given)

    world.servicing.extendMaturity(bond, sender=world.issuer)

    assert world.servicing.lastPeriod(bond) == 12
    assert interest(world, bond, 9) == int(100 * coupon(9, rate=5 * PERCENT))


def test_extended__and_then_changed__the_new_coupon_counts(world: World) -> None:
    """The rate of the extension is the term of its time: a later resolution changes it like any other."""
    bond = amendable(world, rights=AMENDABLE.but(extension=extension(4, noticeDays=31, rate=5 * PERCENT)))
    world.servicing.extendMaturity(bond, sender=world.issuer)
    wanted = moved(with_terms(world, bond, couponRate=NEW_RATE), 12)
    change(world, bond, terms=wanted, rights=AMENDABLE, effective=DUE[10])

    rates = {8: RATE, 9: 5 * PERCENT, 10: 5 * PERCENT, 11: NEW_RATE, 12: NEW_RATE}
    assert {period: interest(world, bond, period) for period in rates} == {
        period: int(100 * coupon(period, rate=rate)) for period, rate in rates.items()
    }


# --- across the change


def test_accrued__on_both_sides__each_by_its_own_terms(world: World) -> None:
    bond = amendable(world)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE, dayCount=ACT_365F))

    for period, rate, convention in ((2, RATE, ACT_360), (3, NEW_RATE, ACT_365F)):
        day = DUE[period - 1] + timedelta(days=40)
        found = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), period - 1))
        assert found == so_far(period, 40, rate=rate, convention=convention)


def test_accrued__with_the_coupon_before_pending__is_the_sum_of_both(world: World) -> None:
    """A trade agreed before the record date, settled after the change: the old coupon goes with it."""
    bond = amendable(world)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE, dayCount=ACT_365F))
    day = DUE[2] + timedelta(days=5)

    found = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 1))

    assert found == coupon(2) + so_far(3, 5, rate=NEW_RATE, convention=ACT_365F)


def test_accrued__ex_coupon_before_the_change__takes_off_the_old_coupon(world: World) -> None:
    bond = amendable(world)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE))
    days = (DUE[2] - DUE[1]).days - 1

    found = Fraction(*world.servicing.accruedPerUnit(bond, day_of(DUE[2]) - 1, 2))

    assert found == so_far(2, days) - coupon(2)


def test_called__in_a_changed_period__by_its_terms(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], price=1_010_000_000)])
    bond = amendable(world, rights=rights)
    change(world, bond, terms=with_terms(world, bond, couponRate=NEW_RATE), rights=rights)
    day = DUE[4] + timedelta(days=33)

    world.servicing.call(bond, day_of(day), sender=world.issuer)

    expected = amount(100, so_far(5, 33, rate=NEW_RATE), principal(1_010_000_000))
    assert receive(world, bond, 5)[0] == expected


def test_funded_before__a_change_takes_nothing_back(world: World) -> None:
    """What one unit is paid is a fact from the funding on."""
    bond = amendable(world)
    world.ready(bond, 1)
    before = world.servicing.payment(bond, 1)

    change(world, bond, terms=with_terms(world, bond, couponRate=0))

    assert world.servicing.payment(bond, 1) == before
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    plan=st.lists(
        st.tuples(
            st.integers(2, 8),
            st.integers(0, 10**9),
            st.sampled_from((ACT_360, ACT_365F, THIRTY_E_360)),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    ),
    units=st.integers(1, 10**6),
)
def test_versions__any_plan__each_period_by_the_one_at_its_start(
    world: World, plan: list[tuple[int, int, int]], units: int
) -> None:
    with world.sandbox():
        bond = amendable(world)
        in_force = {0: (RATE, ACT_360)}
        for version, (period, rate, convention) in enumerate(sorted(plan)):
            terms = with_terms(world, bond, version, couponRate=rate, dayCount=convention)
            change(world, bond, terms=terms, version=version, effective=DUE[period - 1])
            in_force[period] = (rate, convention)

        for period in range(1, 9):
            rate, convention = in_force[max(first for first in in_force if first <= period)]
            expected = int(units * coupon(period, rate=rate, convention=convention))
            assert interest(world, bond, period, units) == expected
