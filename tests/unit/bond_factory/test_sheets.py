"""What term sheets say is what the factory takes: every example, and dates of every shape."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.evm.artefacts import Record
from tests.evm.world import World
from tests.unit.domain.shapes import Shape, shapes

from indenture.contracts.provisions import encode_provisions, encode_schedule
from indenture.contracts.rights import encode_rights
from indenture.schedule import due_day, regular_day
from indenture.termsheet import TermSheet, load_term_sheet

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
SHEETS = sorted(path.stem for path in TERMS.glob("*.yaml") if not path.stem.endswith(("-book", "-tender")))


def record(value: Any) -> Any:
    """A struct of the SDK as the tests' own."""
    if isinstance(value, Mapping):
        return Record({name: record(each) for name, each in value.items()})
    return [record(each) for each in value] if isinstance(value, list) else value


def registered(world: World, sheet: TermSheet) -> Any:
    """The bond of a sheet; identifiers and accounts are the world's."""
    provisions = encode_provisions(sheet.provisions)
    if sheet.withholding is not None:
        provisions["taxAccount"] = str(world.operator)
    bond = world.register(
        provisions=record(provisions),
        rights=record(encode_rights(sheet.rights)),
        faceValue=sheet.face_value_base,
        units=sheet.units,
        minimumUnits=sheet.minimum_units,
        schedule=record(encode_schedule(sheet.schedule)),
        kind=int(sheet.coupon.kind),
        couponRate=sheet.rate,
        dayCount=int(sheet.coupon.day_count),
        rounding=int(sheet.rounding),
        roll=int(sheet.business_days.roll),
        adjusted=sheet.business_days.adjusted,
        calendar=sheet.business_days.calendar.encode().ljust(8, b"\0"),
    )
    return bond, provisions


@pytest.mark.parametrize("name", SHEETS)
def test_register__example_sheet__accepted(world: World, name: str) -> None:
    sheet = load_term_sheet(TERMS / f"{name}.yaml")

    bond, provisions = registered(world, sheet)

    assert bond.maturityDay() == encode_schedule(sheet.schedule)["maturityDay"]
    sealed = bond.provisions()
    assert sealed.taxAccount.lower() == str(provisions.pop("taxAccount")).lower()
    for field, value in provisions.items():
        assert sealed[field] == record(value), field
    _, _, rights = world.servicing.termsAt(bond, 0)
    for field, value in encode_rights(sheet.rights).items():
        assert rights[field] == record(value), field


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=shapes())
def test_register__dates_of_any_shape__accepted(world: World, shape: Shape) -> None:
    s = shape.schedule
    changes = {"schedule": record(encode_schedule(s)), "dayCount": 1}

    with world.sandbox():
        bond = world.register(**changes)

        assert bond.terms().schedule == record(encode_schedule(s))


def test_register__period_of_two_regular_ones__is_the_longest(world: World) -> None:
    """The bound is where the SDK draws it: a first period of exactly two regular ones is accepted."""
    sheet = load_term_sheet(TERMS / "stubs-end-of-month.yaml")
    s = sheet.schedule
    encoded = encode_schedule(s)
    longest = (regular_day(s, -1) - due_day(s, 0)).days + encoded["issueDay"]

    world.register(schedule=record(encoded | {"issueDay": longest}))
    with world.refuses("BondTermInvalid", b"issueDay".ljust(32, b"\0")):
        world.register(schedule=record(encoded | {"issueDay": longest - 1}))
