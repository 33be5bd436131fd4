"""Bonds whose figures are fixed, and the days of their lives."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    DAY,
    FLOATING,
    NO_PROVISIONS,
    OVERNIGHT,
    Market,
    china_calendar,
    day_of,
)
from tests.evm.chain import Contract
from tests.evm.world import World

SHIBOR, NIGHT = "SHIBOR3M", "FDR001"
WEEKDAYS = Market(china_calendar())
#: Issue and due days of a quarterly bond from 5 December 2019.
DUE = [date(2019, 12, 5), date(2020, 3, 5), date(2020, 6, 5), date(2020, 9, 5), date(2020, 12, 5)]


def instant(day: date, second: int = 0) -> int:
    """Unix time of a second of a day in China."""
    return day_of(day) * DAY + second - 8 * 3600


def to(world: World, day: date, second: int = 0) -> None:
    world.evm.warp(max(world.evm.now, instant(day, second)))


def provided(**changes: Any) -> Record:
    """Provisions, with a fallback after five days."""
    return NO_PROVISIONS.but(**({"fallbackDays": 5} | changes))


def quarterly(
    world: World, provisions: Record, holdings: Mapping[str, int] | None = None, **terms: Any
) -> Contract:
    """Four quarters by ACT/360; the holder has a hundred units."""
    given = {"periods": 4, "monthsPerPeriod": 3, "dayCount": ACT_360} | terms
    return world.bond(holdings, provisions=provisions, **given)


def floater(world: World, **changes: Any) -> Contract:
    """Three months' SHIBOR of two days before and 60 basis points, of which nothing is published yet."""
    return quarterly(world, provided(floating=builders.floating(**changes)), kind=FLOATING)


def compounder(world: World, correctable: int = 0, **changes: Any) -> Contract:
    """Overnight rates compounded in arrears, observed two days ahead."""
    world.benchmark(NIGHT, OVERNIGHT, correctable=correctable)
    floating = builders.floating(NIGHT, compounded=True, **changes)
    return quarterly(world, provided(floating=floating), kind=FLOATING)


def publish_nights(world: World, first: date, last: date, rate: int) -> None:
    """The same rate for each business day; the clock goes along."""
    day = first
    while day <= last:
        if WEEKDAYS.is_open(day):
            to(world, day)
            world.publish_value(NIGHT, day_of(day), rate)
        day = builders.date_of(day_of(day) + 1)


def serve(world: World, bond: Contract, period: int, *holders: str) -> Any:
    """Moves to the payment day, funds and pays."""
    world.ready(bond, period)
    if world.servicing.payment(bond, period).isLast:
        return world.servicing.redeem(bond, list(holders), sender=world.outsider)
    return world.servicing.pay(bond, period, list(holders), sender=world.outsider)
