"""Bonds whose term can be moved, and what a unit of them earns, not computed as the contracts do."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    ACT_ACT_ISDA,
    BUS_252,
    NL_365,
    NO_RIGHTS,
    THIRTY_360,
    THIRTY_E_360,
    WHOLE,
    Market,
    call_right,
    china_calendar,
    date_of,
    day_of,
    year_fraction,
)
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.stage import instant, to

#: Issue and due days of eight quarters; the fifths of September and December 2020 are Saturdays.
DUE = [date(2019 + (11 + 3 * i) // 12, (11 + 3 * i) % 12 + 1, 5) for i in range(9)]
FACE, RATE = 10_000, 33_333_333
WEEKDAYS = Market(china_calendar())
#: A day in the third quarter, the one on which the fourth ends, and the price of a call on either.
JULY, END = date(2020, 7, 14), DUE[4]
PRICE = 1_010_000_000
#: Every day from the first due day to the eve of maturity, at 101, by notice of 30 days.
ANY_DAY = call_right(DUE[1], DUE[8] - timedelta(days=1), price=PRICE)
CONVENTIONS = (ACT_360, ACT_365F, ACT_ACT_ICMA, THIRTY_360, THIRTY_E_360, ACT_ACT_ISDA, NL_365, BUS_252)


def with_rights(
    world: World, rights: Record | None = None, holdings: Mapping[str, int] | None = None, **terms: Any
) -> Contract:
    """Eight quarters by ACT/360; the holder has a hundred units, the buyer fifty, unless told otherwise."""
    usual: dict[str, Any] = {
        "periods": 8,
        "monthsPerPeriod": 3,
        "dayCount": ACT_360,
        "faceValue": FACE,
        "couponRate": RATE,
    }
    held: Mapping[str, int] = {world.holder: 100, world.buyer: 50} if holdings is None else holdings
    return world.bond(held, rights=rights or NO_RIGHTS, **(usual | terms))


def callable_bond(world: World, *rights: Record, **changes: Any) -> Contract:
    """A bond with these rights to call; with none of them, one for any day at 101."""
    return with_rights(world, NO_RIGHTS.but(calls=list(rights or (ANY_DAY,))), **changes)


def call(world: World, bond: Contract, day: date) -> Receipt:
    made: Receipt = world.servicing.call(bond, day_of(day), sender=world.issuer)
    return made


def receive(world: World, bond: Contract, period: int, *holders: str) -> list[int]:
    """Funds and pays a period on its payment day; says what each holder got."""
    people = holders or (world.holder, world.buyer)
    world.ready(bond, period)
    before = [world.cash.balanceOf(each) for each in people]
    if world.servicing.payment(bond, period).isLast:
        world.servicing.redeem(bond, list(people), sender=world.outsider)
    else:
        world.servicing.pay(bond, period, list(people), sender=world.outsider)
    return [world.cash.balanceOf(each) - had for each, had in zip(people, before, strict=True)]


# --- figures, in fractions


def fraction(convention: int, start: date, end: date, months: int = 3) -> Fraction:
    """The part of a year between two days of one period of a bond that runs from 5 December 2019 to 2021."""
    days = [start + timedelta(days=i) for i in range((end - start).days)]
    if convention == ACT_ACT_ISDA:
        return sum((Fraction(1, 366 if _is_leap(day.year) else 365) for day in days), Fraction(0))
    if convention == NL_365:
        return Fraction(sum((day.month, day.day) != (2, 29) for day in days), 365)
    if convention == BUS_252:
        return Fraction(sum(WEEKDAYS.is_open(day) for day in days), 252)
    whole = (max(due for due in DUE if due <= start), min(due for due in DUE if due >= end))
    return year_fraction(convention, start, end, months, whole)


def _is_leap(year: int) -> bool:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days == 366


def interest(
    start: date, end: date, *, rate: int = RATE, factor: Fraction = Fraction(1), convention: int = ACT_360
) -> Fraction:
    """Interest of one unit between two days of one period, base units."""
    return FACE * factor * Fraction(rate, WHOLE) * fraction(convention, start, end)


def principal(price: int = WHOLE, factor: Fraction = Fraction(1)) -> Fraction:
    return FACE * factor * Fraction(price, WHOLE)


def amount(units: int, earned: Fraction, repaid: Fraction = Fraction(0)) -> int:
    """What a holding gets: each rounded down once."""
    return int(units * earned) + int(units * repaid)


def pays_on(due: date) -> date:
    """The payment day of a due day: the next business day."""
    return date_of(day_of(WEEKDAYS.roll(due, 1)))


__all__ = ["instant", "to"]
