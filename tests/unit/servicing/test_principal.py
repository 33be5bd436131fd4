"""Instalments to the last unit, linkers and their floor, rounding per unit, bonds without coupon."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_365F,
    HOLDING_DOWN,
    INFLATION,
    LEVEL,
    NO_PROVISIONS,
    NO_RIGHTS,
    UNIT_DOWN,
    UNIT_HALF_UP,
    WHOLE,
    ZERO,
    day_of,
    months_after,
    schedule,
)
from tests.evm.chain import Contract, reverts
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, provided, quarterly, serve, to

pytestmark = pytest.mark.unit

ONE = 10**18


def instalments(*pairs: tuple[int, int]) -> Record:
    shares = [Record(period=period, share=percent * WHOLE // 100) for period, percent in pairs]
    return NO_PROVISIONS.but(instalments=shares)


# --- instalments


def test_instalments__a_fifth_a_year_in_years_three_to_seven__to_the_last_unit(world: World) -> None:
    """PR Jingchengtou: interest is on what is left, principal comes to the face."""
    held: dict[str, int] = {world.holder: 33, world.buyer: 1, world.spender: 999}
    bond = world.bond(
        held, provisions=instalments(*((year, 20) for year in range(3, 8))), periods=7, couponRate=50_000_000
    )
    people = list(held)
    principal = dict.fromkeys(people, 0)
    factors = [ONE, ONE, ONE, ONE * 4 // 5, ONE * 3 // 5, ONE * 2 // 5, ONE // 5]

    assert [world.servicing.poolFactor(bond, period) for period in range(1, 8)] == factors
    for period in range(1, 8):
        share = 2_000 if period > 2 else 0
        each = 10_000 * factors[period - 1] // ONE * 5 // 100
        for holder, units in held.items():
            assert world.servicing.amountOf(bond, period, units) == (units * each, units * share)
            principal[holder] += units * share
        made = serve(world, bond, period, *people)
        assert made.only("HoldersPaid").amount == sum(held.values()) * (each + share)
        assert made.only("PaymentCompleted").residue == 0
        assert bond.totalSupply() == (0 if period == 7 else 1033), "units stay until the end"

    assert principal == {who: units * 10_000 for who, units in held.items()}
    assert world.cash.balanceOf(world.servicing) == 0


def test_instalments__interest_and_principal__go_to_who_held_at_each_record(world: World) -> None:
    bond = world.bond({world.holder: 100}, provisions=instalments((1, 40), (2, 60)))
    world.to_record(bond, 1)
    bond.transfer(world.buyer, 100, sender=world.holder)
    first = serve(world, bond, 1, world.holder)
    second = serve(world, bond, 2, world.buyer)

    assert first.only("HoldersPaid").amount == 100 * (325 + 4_000)
    assert second.only("HoldersPaid").amount == 100 * (195 + 6_000)


def test_instalments__all_at_the_first_payment__are_refused(world: World) -> None:
    """The last one is at maturity: a bond of which nothing is left would still be held."""
    with world.refuses("BondTermInvalid", b"instalments".ljust(32, b"\0")):
        world.factory.register(world.terms(), instalments((1, 100)), NO_RIGHTS, sender=world.issuer)


def test_instalments__period_without_interest__pays_its_principal(world: World) -> None:
    bond = world.bond({world.holder: 100}, provisions=instalments((1, 40), (2, 60)), couponRate=0)

    assert serve(world, bond, 1, world.holder).only("HoldersPaid").amount == 400_000
    assert serve(world, bond, 2, world.holder).only("HoldersPaid").amount == 600_000


@pytest.mark.parametrize("period", [0, 3, 2**16 - 1])
def test_pool_factor__no_such_period__reverts(world: World, period: int) -> None:
    bond = world.bond()

    for view in ("poolFactor", "unitPayment"):
        with reverts("PaymentPeriodUnknown", bond, period, 2):
            world.servicing.do(view, bond, period)


# --- linkers


def linker(world: World, *levels: int, floored: bool, provisions: Any = None) -> Contract:
    """Of two years from 5 December 2019; the index of September of each year counts, against 100."""
    world.benchmark("CPI", LEVEL)
    given = builders.inflation(interpolated=False, floored=floored)
    bond = world.bond(
        {world.holder: 100, world.buyer: 3},
        provisions=(provisions or NO_PROVISIONS).but(inflation=given, fallbackDays=5),
        kind=INFLATION,
    )
    for year, level in enumerate(levels, start=2020):
        to(world, date(year, 12, 4))
        world.publish_value("CPI", day_of(date(year, 9, 1)), level * WHOLE // 100)
        world.fix(bond, year - 2019)
    return bond


@pytest.mark.parametrize(
    ("level", "floored", "principal"),
    [(9_750, True, 10_000), (9_750, False, 9_750), (10_000, True, 10_000), (11_234, True, 11_234)],
)
def test_linker__principal__is_floored_where_the_terms_say(
    world: World, level: int, floored: bool, principal: int
) -> None:
    bond = linker(world, 10_100, level, floored=floored)

    assert world.servicing.amountOf(bond, 1, 100) == ((101 * 325), 0)
    interest, repaid = world.servicing.amountOf(bond, 2, 100)
    assert interest == int(Fraction(100 * 325 * level, 10_000)), "interest has no floor"
    assert repaid == 100 * principal
    serve(world, bond, 1, world.holder, world.buyer)
    made = serve(world, bond, 2, world.holder, world.buyer)
    assert made.only("HoldersPaid").amount == sum(
        sum(world.servicing.amountOf(bond, 2, units)) for units in (100, 3)
    )


def test_linker__in_instalments__each_at_its_own_ratio(world: World) -> None:
    bond = linker(world, 12_000, 9_000, floored=True, provisions=instalments((1, 40), (2, 60)))

    assert world.servicing.amountOf(bond, 1, 100) == (100 * 325 * 12 // 10, 100 * 4_000 * 12 // 10)
    assert world.servicing.amountOf(bond, 2, 100) == (100 * 195 * 9 // 10, 100 * 6_000)


# --- rounding per unit


@pytest.mark.parametrize(
    ("rounding", "face", "each", "all_units"),
    [
        # 7 % of 7 for a year is 0.49, of 50 it is 3.5, of 51 3.57.
        (HOLDING_DOWN, 7, 0, 49),
        (UNIT_DOWN, 7, 0, 0),
        (UNIT_HALF_UP, 7, 0, 0),
        (HOLDING_DOWN, 50, 3, 350),
        (UNIT_DOWN, 50, 3, 300),
        (UNIT_HALF_UP, 50, 4, 400),
        (UNIT_HALF_UP, 51, 4, 400),
        (UNIT_DOWN, 51, 3, 300),
    ],
)
def test_rounding__of_a_unit_or_a_holding(
    world: World, rounding: int, face: int, each: int, all_units: int
) -> None:
    bond = world.bond({world.holder: 100}, faceValue=face, couponRate=70_000_000, rounding=rounding)

    assert world.servicing.amountOf(bond, 1, 1) == (each, 0)
    assert world.servicing.amountOf(bond, 1, 100) == (all_units, 0)
    if all_units == 0:
        world.to_payment(bond, 1)
        with world.refuses("PaymentNothingDue", bond, 1):
            world.servicing.fund(bond, 1, sender=world.paying_agent)
        return
    made = serve(world, bond, 1, world.holder)
    assert made.only("HoldersPaid").amount == all_units
    denominator = 1 if rounding else 10**9 * 12
    assert world.servicing.payment(bond, 1).each.interestDenominator == denominator


def test_rounding__half_up_of_an_odd_denominator__as_the_fraction(world: World) -> None:
    """365 days a year: no half lies between, and none is made up."""
    for face in (183, 182, 365, 1):
        bond = world.register(
            faceValue=face,
            couponRate=10**9,
            dayCount=ACT_365F,
            rounding=UNIT_HALF_UP,
            schedule=schedule(day_of(date(2021, 1, 1)), 1, 1),
        )
        exact = Fraction(face * 31, 365)
        expected = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        assert world.servicing.amountOf(bond, 1, 1)[0] == expected


def test_rounding__accrued_of_a_unit__stays_exact(world: World) -> None:
    """What is rounded is the coupon; accrued interest is taken off as it will be paid."""
    bond = quarterly(world, NO_PROVISIONS, rounding=UNIT_HALF_UP, faceValue=51)
    day = day_of(date(2020, 2, 1))
    earned = Fraction(51 * 32_500_000 * 58, 360 * WHOLE)

    cum = Fraction(*world.servicing.accruedPerUnit(bond, day, 0))
    ex = Fraction(*world.servicing.accruedPerUnit(bond, day, 1))

    assert (cum, cum - ex) == (earned, world.servicing.amountOf(bond, 1, 1)[0])


# --- bonds without coupon


def zero(world: World, price: int, **changes: Any) -> Contract:
    accretion = Record(issuePrice=price, yieldRate=0, monthsPerCompounding=0).but(**changes)
    given = schedule(day_of(DUE[0]), 1, 24)
    return world.bond(
        {world.holder: 100},
        provisions=NO_PROVISIONS.but(accretion=accretion),
        kind=ZERO,
        couponRate=0,
        schedule=given,
        dayCount=ACT_365F,
    )


def test_zero__straight_line__from_price_to_face(world: World) -> None:
    bond = zero(world, 9_269)
    days = (months_after(DUE[0], 24) - DUE[0]).days

    for passed in (0, 1, 365, days - 1, days, days + 100):
        value = Fraction(world.servicing.accretedValue(bond, day_of(DUE[0]) + passed), ONE)
        exact = 9_269 + Fraction(731 * min(passed, days), days)
        assert 0 <= exact - value < Fraction(1, ONE)


def test_zero__compound__as_by_hand(world: World) -> None:
    """At 4 % half-yearly: two cells, then half of the third by days."""
    bond = zero(world, 9_000, yieldRate=40_000_000, monthsPerCompounding=6)
    start, end = date(2020, 12, 5), date(2021, 6, 5)
    day = date(2021, 3, 1)

    value = Fraction(world.servicing.accretedValue(bond, day_of(day)), ONE)

    part = Fraction((day - start).days, (end - start).days)
    exact = 9_000 * Fraction(102, 100) ** 2 * (1 + Fraction(2, 100) * part)
    assert 0 <= exact - value < Fraction(1, 10**12)
    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 0))
    assert accrued == value - 9_000


def test_zero__growth_past_the_face__is_the_face(world: World) -> None:
    bond = zero(world, 9_999, yieldRate=200_000_000, monthsPerCompounding=12)

    assert world.servicing.accretedValue(bond, day_of(DUE[1])) == 10_000 * ONE


def test_zero__payment__is_the_face_alone(world: World) -> None:
    bond = zero(world, 9_000)

    assert world.servicing.amountOf(bond, 1, 100) == (0, 1_000_000)
    made = serve(world, bond, 1, world.holder)
    assert made.only("HoldersPaid").amount == 1_000_000
    assert "BondRedeemed" in made.names


def test_accreted_value__before_the_issue__reverts(world: World) -> None:
    for bond in (zero(world, 9_000), world.bond()):
        with reverts("AccrualDayInvalid", bond, day_of(DUE[0]) - 1):
            world.servicing.accretedValue(bond, day_of(DUE[0]) - 1)


def test_views__of_no_bond__revert(world: World) -> None:
    for view, rest in (
        ("unitPayment", (1,)),
        ("poolFactor", (1,)),
        ("accretedValue", (20_000,)),
        ("accruedPerUnit", (20_000, 0)),
        ("amountOf", (1, 1)),
        ("taxRatesOf", ([],)),
    ):
        with reverts("ServicingBondUnknown", world.cash):
            world.servicing.do(view, world.cash, *rest)


def test_fixings__of_a_bond_in_instalments__have_its_factor(world: World) -> None:
    shares = [Record(period=period, share=WHOLE // 4) for period in (1, 2, 3, 4)]
    tests = [builders.kpi_test(day=day_of(date(2020, 3, 1)))]
    bond = quarterly(world, provided(instalments=shares, tests=tests), kind=builders.KPI)
    to(world, DUE[1])
    assert [world.fix(bond, period).factor for period in (1,)] == [ONE * 3 // 4]
    assert world.servicing.poolFactor(bond, 2) == ONE * 3 // 4
