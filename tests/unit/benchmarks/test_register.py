"""register, setAdministrator, benchmarkOf

├── caller is not the operator -> AccessManagedUnauthorized
├── code is taken -> BenchmarkExists
├── a field is empty or contradicts another -> BenchmarkInvalid with its name
├── setAdministrator: of none, or nobody -> BenchmarkUnknown, BenchmarkInvalid
└── else -> BenchmarkDefined, AdministratorSet
"""

from typing import Any

import pytest
from tests.evm.builders import FIGURE, LEVEL, MARKET, NOBODY, OVERNIGHT, TERM_RATE, code
from tests.evm.chain import fixed
from tests.evm.world import World

pytestmark = pytest.mark.unit

WEEK = 604_800
SHIBOR = code("SHIBOR3M")


def register(world: World, sender: str | None = None, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "code": SHIBOR,
        "kind": TERM_RATE,
        "administrator": world.administrator,
        "market": MARKET,
        "basis": 0,
        "correctableFor": 3600,
    } | changes
    return world.benchmarks.register(*given.values(), sender=sender or world.operator)


def test_register__by_the_operator__is_said_and_kept(world: World) -> None:
    made = register(world, kind=OVERNIGHT, basis=365)

    assert made.names == ["BenchmarkDefined"]
    assert made.only("BenchmarkDefined") == {
        "code": SHIBOR,
        "kind": OVERNIGHT,
        "administrator": world.administrator,
        "market": MARKET,
        "basis": 365,
        "correctableFor": 3600,
        "actor": world.operator,
    }
    assert world.benchmarks.benchmarkOf(SHIBOR) == {
        "administrator": world.administrator,
        "market": MARKET,
        "kind": OVERNIGHT,
        "basis": 365,
        "correctableFor": 3600,
        "lastDay": 0,
    }
    assert world.benchmarks.CALENDAR() == world.calendar.address


@pytest.mark.parametrize("caller", ["admin", "statutory", "registrar", "issuer", "administrator", "outsider"])
def test_register__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        register(world, sender)
    register(world)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.benchmarks.setAdministrator(SHIBOR, sender, sender=sender)


def test_register__same_code_again__reverts(world: World) -> None:
    register(world)

    with world.refuses("BenchmarkExists", SHIBOR):
        register(world, kind=LEVEL)


@pytest.mark.parametrize(
    ("field", "bad", "good"),
    [
        ("code", {"code": bytes(8)}, {"code": bytes(7) + b"x"}),
        ("administrator", {"administrator": NOBODY}, {}),
        ("market", {"market": bytes(8)}, {"market": code("NOT-YET")}),
        ("basis", {"basis": 360}, {}),
        ("basis", {"kind": LEVEL, "basis": 365}, {"kind": LEVEL}),
        ("basis", {"kind": FIGURE, "basis": 1}, {"kind": FIGURE}),
        ("basis", {"kind": OVERNIGHT}, {"kind": OVERNIGHT, "basis": 360}),
        ("basis", {"kind": OVERNIGHT, "basis": 364}, {"kind": OVERNIGHT, "basis": 365}),
        ("basis", {"kind": OVERNIGHT, "basis": 366}, {"kind": OVERNIGHT, "basis": 365}),
        ("correctableFor", {"correctableFor": WEEK + 1}, {"correctableFor": WEEK}),
        ("correctableFor", {"correctableFor": 2**32 - 1}, {"correctableFor": 0}),
    ],
)
def test_register__a_field_that_cannot_be__reverts_with_its_name(
    world: World, field: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    with world.refuses("BenchmarkInvalid", bad.get("code", SHIBOR), fixed(field, 32)):
        register(world, **bad)
    register(world, **good)


def test_register__unknown_kind__reverts(world: World) -> None:
    with world.refuses(""):
        register(world, kind=4)


def test_set_administrator__another__publishes_from_now_on(world: World) -> None:
    register(world)
    day = world.evm.now // 86_400
    world.publish_value("SHIBOR3M", day - 1, 1)

    made = world.benchmarks.setAdministrator(SHIBOR, world.outsider, sender=world.operator)

    assert made.only("AdministratorSet") == {
        "code": SHIBOR,
        "administrator": world.outsider,
        "actor": world.operator,
    }
    with world.refuses("BenchmarkCallerRefused", SHIBOR, world.administrator, world.outsider):
        world.publish_value("SHIBOR3M", day, 2)
    world.benchmarks.publish(SHIBOR, day, 2, sender=world.outsider)
    assert world.benchmarks.benchmarkOf(SHIBOR).lastDay == day


def test_set_administrator__of_none_or_nobody__reverts(world: World) -> None:
    with world.refuses("BenchmarkUnknown", SHIBOR):
        world.benchmarks.setAdministrator(SHIBOR, world.outsider, sender=world.operator)
    register(world)
    with world.refuses("BenchmarkInvalid", SHIBOR, fixed("administrator", 32)):
        world.benchmarks.setAdministrator(SHIBOR, NOBODY, sender=world.operator)
