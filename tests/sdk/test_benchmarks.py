"""Benchmarks: defined by the depository, published and corrected by their administrators; joint markets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.bonds import DAY, HOUR, administrator, business_days, define, issue, pay, pay_time, sheet_of
from tests.sdk.world import World

from indenture.calendars import join, load_calendar
from indenture.errors import (
    AccessRefused,
    BenchmarkRefused,
    CalendarRefused,
    CalendarYearMissing,
    IndentureError,
    InputError,
    InvalidAmount,
)
from indenture.interest import BenchmarkKind
from indenture.money import CNY
from indenture.roles import (
    BenchmarkAdministrator,
    Depository,
    all_benchmarks,
    benchmark_info,
    published_values,
)

pytestmark = pytest.mark.integration

RATE, NIGHT, LEVEL, FIGURE = tuple(BenchmarkKind)
MONDAY = date(2019, 12, 2)  # on which the chain begins


# Definitions


def test_register_benchmark__a_rate__is_there_for_all(world: World) -> None:
    define(world, "SHIBOR3M", RATE, correctable_for=2 * HOUR)
    define(world, "DR001", NIGHT, basis=365)

    shibor, dr001 = all_benchmarks(world.suite)

    assert shibor == benchmark_info(world.suite, "SHIBOR3M")
    assert (shibor.code, shibor.kind, shibor.market, shibor.basis) == ("SHIBOR3M", RATE, "CN-IB", 0)
    assert (shibor.correctable_for, shibor.last_day) == (2 * HOUR, None)
    assert shibor.administrator == administrator(world).sender.address
    assert (dr001.kind, dr001.basis) == (NIGHT, 365)
    assert administrator(world).benchmarks() == (shibor, dr001)
    assert BenchmarkAdministrator(world.suite, world.senders["issuer"]).benchmarks() == ()


def test_register_benchmark__twice__refused(world: World) -> None:
    define(world, "CO2", FIGURE)

    with pytest.raises(BenchmarkRefused, match="there is a benchmark CO2 already") as refused:
        define(world, "CO2", RATE)

    assert refused.value.name == "BenchmarkExists"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"basis": 360}, BenchmarkRefused, "its basis is empty or contradicts"),
        ({"kind": NIGHT}, BenchmarkRefused, "its basis is empty or contradicts"),
        ({"correctable_for": timedelta(days=8)}, BenchmarkRefused, "its correctableFor is empty"),
        ({"code": "NINECHARS"}, InputError, "is not one to 8 ASCII characters"),
        ({"market": "MOON"}, CalendarYearMissing, "2019 are not published"),
        ({"administrator": "0x12"}, InputError, "is not an address"),
    ],
)
def test_register_benchmark__contradictions__refused(
    world: World, options: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    given: dict[str, Any] = {
        "code": "RATE",
        "kind": RATE,
        "administrator": world.senders["issuer"].address,
        "market": "CN-IB",
    }
    given |= options

    with pytest.raises(error, match=words):
        world.depository.register_benchmark(**given)


def test_register_benchmark__by_another__refused(world: World) -> None:
    other = Depository(world.suite, world.senders["issuer"])

    with pytest.raises(AccessRefused):
        other.register_benchmark("X", FIGURE, other.sender.address, market="CN-IB")


def test_set_administrator__moves_the_publication(world: World) -> None:
    define(world, "CO2", FIGURE)
    issuer = BenchmarkAdministrator(world.suite, world.senders["issuer"])
    with pytest.raises(BenchmarkRefused, match="may not publish CO2") as refused:
        issuer.publish("CO2", MONDAY, 120)

    world.depository.set_administrator("CO2", issuer.sender.address)

    assert refused.value.name == "BenchmarkCallerRefused"
    assert issuer.publish("CO2", MONDAY, 120).values[0].value == 120
    with pytest.raises(BenchmarkRefused, match="may not publish CO2"):
        administrator(world).publish("CO2", MONDAY, 121)


# Publication


def test_publish__a_rate__is_read_as_it_was_given(world: World) -> None:
    define(world, "SHIBOR3M", RATE, correctable_for=2 * HOUR)

    result = administrator(world).publish("SHIBOR3M", MONDAY, "3.0175")

    (value,) = result.values
    assert (value.benchmark, value.day, value.value, value.index) == (
        "SHIBOR3M",
        MONDAY,
        Decimal("3.0175"),
        None,
    )
    assert value.final_at == world.chain.block_stamp(result.transactions[0].block).time + 2 * HOUR
    assert published_values(world.suite, "SHIBOR3M") == (value,)
    assert benchmark_info(world.suite, "SHIBOR3M").last_day == MONDAY
    assert world.suite.benchmarks.value_on("SHIBOR3M", MONDAY) is None
    world.at(value.final_at + HOUR)
    assert world.suite.benchmarks.value_on("SHIBOR3M", MONDAY) == 30_175_000
    assert world.suite.benchmarks.last_value("SHIBOR3M", MONDAY + 5 * DAY, 31) == (MONDAY, 30_175_000)


@pytest.mark.parametrize(
    ("kind", "day", "value", "name"),
    [
        (RATE, MONDAY + 3 * DAY, "3", "BenchmarkDayAhead"),
        (RATE, MONDAY, "100.0000001", "BenchmarkValueInvalid"),
        (LEVEL, MONDAY, "100", "BenchmarkDayRefused"),
        (LEVEL, date(2019, 12, 1), "0", "BenchmarkValueInvalid"),
        (NIGHT, date(2019, 12, 1), "1.8", "BenchmarkDayRefused"),
    ],
)
def test_publish__what_cannot_be__refused(
    world: World, kind: BenchmarkKind, day: date, value: str, name: str
) -> None:
    define(world, "X", kind, basis=360 if kind is NIGHT else 0)

    with pytest.raises(BenchmarkRefused) as refused:
        administrator(world).publish("X", day, value)

    assert refused.value.name == name


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.5, "is a float"), ("3.00000001", "more than 7 decimals"), ("1e99", "is too large")],
)
def test_publish__bad_numbers__refused(world: World, value: Any, words: str) -> None:
    define(world, "X", RATE)

    with pytest.raises(InvalidAmount, match=words):
        administrator(world).publish("X", MONDAY, value)


def test_publish__no_such_benchmark__refused(world: World) -> None:
    with pytest.raises(BenchmarkRefused, match="there is no benchmark X"):
        administrator(world).publish("X", MONDAY, 1)
    with pytest.raises(InputError, match="there is no benchmark X"):
        published_values(world.suite, "X")


def test_publish__an_earlier_day__refused(world: World) -> None:
    define(world, "X", RATE, {MONDAY: 3})

    with pytest.raises(BenchmarkRefused, match="days go up") as refused:
        administrator(world).publish("X", date(2019, 11, 29), 3)

    assert refused.value.name == "BenchmarkDayRefused"


def test_correct__while_it_can_be__then_no_more(world: World) -> None:
    define(world, "X", RATE, {MONDAY: 3}, correctable_for=2 * HOUR)
    (first,) = published_values(world.suite, "X")

    result = administrator(world).correct("X", MONDAY, "3.1")

    assert result.values[0].value == Decimal("3.1")
    assert result.values[0].final_at == first.final_at
    assert published_values(world.suite, "X") == result.values
    world.at(first.final_at + HOUR)
    with pytest.raises(BenchmarkRefused, match="stays as it is") as refused:
        administrator(world).correct("X", MONDAY, "3.2")
    assert refused.value.name == "BenchmarkPublished"
    with pytest.raises(BenchmarkRefused, match="has no value of 2019-12-03 to correct"):
        administrator(world).correct("X", MONDAY + DAY, "3.2")


def test_publish_many__twice__passes_over_what_is_there(world: World) -> None:
    define(world, "DR001", NIGHT, basis=360)
    nights = business_days(world, date(2019, 9, 2), MONDAY)
    values = {day: Decimal("1.8") + Decimal(i) / 1000 for i, day in enumerate(nights)}
    steps: list[tuple[str, int, int]] = []

    first = administrator(world).publish_many(
        "DR001", dict(list(values.items())[:10]), progress=lambda *step: steps.append(step)
    )
    rest = administrator(world).publish_many("DR001", values)

    assert (first.count, len(first.transactions), steps[-1]) == (10, 10, ("publish values", 10, 10))
    assert (rest.count, rest.there) == (len(nights) - 10, tuple(nights[:10]))
    found = published_values(world.suite, "DR001", nights[5])
    assert [each.day for each in found] == nights[5:]
    assert found[0].value == values[nights[5]]
    assert found[-1].index is not None
    assert found[-1].index > 1
    with pytest.raises(BenchmarkRefused, match="is published with another value"):
        administrator(world).publish_many("DR001", values | {nights[3]: "1.9"})


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2019, 11, 28), MONDAY], "1 business days before it have no rate"),
        ([date(2019, 11, 30), MONDAY], "CN-IB is closed"),
    ],
)
def test_publish_many__nights_with_a_gap__refused_before_any_is_sent(
    world: World, days: list[date], words: str
) -> None:
    define(world, "DR001", NIGHT, basis=360)

    with pytest.raises(BenchmarkRefused, match=words):
        administrator(world).publish_many("DR001", dict.fromkeys(days, "1.8"))

    assert published_values(world.suite, "DR001") == ()


def test_publish_many__nights_that_can_be_corrected__go_one_by_one(world: World) -> None:
    define(world, "DR001", NIGHT, basis=360, correctable_for=HOUR)
    friday = date(2019, 11, 29)
    with pytest.raises(InputError, match="cannot go out at once"):
        administrator(world).publish_many("DR001", {friday: "1.8", MONDAY: "1.9"})
    administrator(world).publish("DR001", friday, "1.8")

    with pytest.raises(BenchmarkRefused, match="can still be corrected"):
        administrator(world).publish("DR001", MONDAY, "1.9")
    world.at(world.chain.block_stamp().time + 2 * HOUR)
    result = administrator(world).publish("DR001", MONDAY, "1.9")

    assert result.values[0].index == 1 + Decimal("0.018") * 3 / 360
    # It does not count yet, but Friday's does, and no night lies between.
    assert world.suite.benchmarks.index_on("DR001", MONDAY) == (1_000_150_000_000_000_000, True)


# Joint markets


def test_join_markets__two__closes_on_the_holidays_of_both(world: World) -> None:
    world.depository.publish_calendar(load_calendar("T2"), [2019, 2020])

    done = world.depository.join_markets(["CN-IB", "T2"])
    again = world.depository.join_markets(["T2", "CN-IB"])

    calendar = world.suite.calendar
    assert (done.count, again.count) == (1, 0)
    assert calendar.parts("CN-IB+T2") == ("CN-IB", "T2")
    assert not calendar.is_business_day("CN-IB+T2", date(2019, 12, 25))  # T2 is closed
    assert not calendar.is_business_day("CN-IB+T2", date(2020, 1, 27))  # CN-IB is closed
    model = join("CN-IB+T2", [load_calendar("CN-IB"), load_calendar("T2")])
    start, end = date(2019, 12, 20), date(2020, 2, 10)
    assert calendar.business_days_between("CN-IB+T2", start, end) == model.business_days_between(start, end)


def test_publish_calendar__a_joint_one__publishes_its_parts_and_joins_them(world: World) -> None:
    done = world.depository.publish_calendar(load_calendar("CN-IB+T2"), [2019, 2020])

    assert done.count == 3  # two years of T2, and the joint market
    assert world.suite.calendar.year("CN-IB+T2", 2020).version


def test_join_markets__a_part_without_days__refused(world: World) -> None:
    with pytest.raises(CalendarRefused, match="cannot be a joint market of these parts") as refused:
        world.depository.join_markets(["CN-IB", "T2"])
    with pytest.raises(InputError, match="1 calendars cannot be joined"):
        world.depository.join_markets(["CN-IB"])

    assert refused.value.name == "CalendarPartsInvalid"


def test_register__a_sheet_of_two_markets__needs_them_joined_and_pays_by_them(world: World) -> None:
    sheet = sheet_of(
        "coupon: {rate: 3.6, frequency: quarterly, day_count: ACT/360, first_coupon_date: 2019-12-25}",
        maturity="2020-06-25",
        calendar="[CN-IB, T2]",
    )
    with pytest.raises(InputError, match="which are no joint market here"):
        world.issuer.register(sheet)
    world.depository.publish_calendar(load_calendar("CN-IB+T2"), [2019, 2020])

    issue(world, sheet)

    # Christmas closes the one market, the Dragon Boat Festival the other; its make-up Sunday the first again.
    assert pay_time(world, 1) == datetime(2019, 12, 26, 16, tzinfo=UTC)
    assert pay_time(world, 3) == datetime(2020, 6, 28, 16, tzinfo=UTC)
    assert pay(world, 1).amount == CNY.money(200_000)  # 20 days
