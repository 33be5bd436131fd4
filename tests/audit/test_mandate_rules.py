"""OFFER-3: conditions that contradict the bond or each other, by name."""

from __future__ import annotations

from collections import namedtuple
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from tests.audit.market import NO_QUOTE, PRICE, RATE, SEALED
from tests.audit.sheets import regular, terms

from indenture.audit.checks.primary.mandate import rules
from indenture.audit.model.dates import day_number

pytestmark = pytest.mark.unit

ClassRule = namedtuple("ClassRule", ("minimum", "maximum", "additional"))
NOW = (day_number(date(2019, 12, 2))) * 86_400
HOUR, DAY = 3_600, 86_400
FITTING: dict[str, Any] = {
    "form": SEALED,
    "basis": PRICE,
    "pricing": 2,
    "offered": 40_000,
    "overAllotment": 5_000,
    "minimumVolume": 1_000,
    "nonCompetitive": 3_000,
    "minimumBid": 100,
    "maximumBid": 45_000,
    "lowest": 9_900,
    "highest": 10_100,
    "tick": 10,
    "deposit": 5_000,
    "farOff": 10,
    "band": 5,
    "additionalSeconds": 900,
    "opensAt": NOW,
    "closesAt": NOW + HOUR,
    "revealsBy": NOW + 2 * HOUR,
    "overAllotsBy": NOW + 3 * HOUR,
    "clearsBy": NOW + 4 * HOUR,
    "settlesFrom": NOW + 4 * HOUR + 901,
    "settlesBy": NOW + 6 * HOUR,
    "takesUpBy": NOW + 7 * HOUR,
}
CLASSES = (ClassRule(0, 40_000, 0), ClassRule(1_000, 45_000, 2_000))


def broken(
    classes: tuple[ClassRule, ...] = CLASSES,
    rate: int = 32_500_000,
    sheet: dict[str, Any] | None = None,
    **changes: Any,
) -> set[str]:
    """Names of the conditions that do not fit a bond of 100,000 units, of which 40,000 are out."""
    sealed = terms(units=100_000, minimumUnits=10, couponRate=rate, **(sheet or {}))
    bond: Any = SimpleNamespace(
        terms=sealed, supply=SimpleNamespace(units=40_000), due=sealed.due_date, ending=(sealed.periods, 0)
    )
    given = SimpleNamespace(**(FITTING | changes))
    return {name for name, fits in rules(given, classes, bond, NOW) if not fits}


def test_rules__conditions_that_fit__are_accepted() -> None:
    assert broken() == set()
    assert broken(basis=RATE, rate=2**32 - 1, lowest=0, highest=50_000_000, tick=100_000) == set()
    assert broken(lowest=10_000, highest=10_000, pricing=0, band=0, farOff=0, nonCompetitive=0) == set()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"offered": 0}, "offered"),
        ({"offered": 40_005}, "offered"),
        ({"offered": 50_000}, "offered"),
        ({"overAllotment": 5_001}, "overAllotment"),
        ({"minimumVolume": 40_010}, "minimumVolume"),
        ({"nonCompetitive": 40_000}, "nonCompetitive"),
        ({"nonCompetitive": 3_001}, "nonCompetitive"),
        ({"minimumBid": 9}, "minimumBid"),
        ({"minimumBid": 45_010}, "minimumBid"),
        ({"maximumBid": 45_010}, "maximumBid"),
        ({"basis": RATE}, "basis"),
        ({"rate": 2**32 - 1}, "basis"),
        ({"tick": 0}, "tick"),
        ({"tick": 3}, "highest"),
        ({"highest": 9_890}, "highest"),
        ({"tick": 1, "highest": 9_900 + 4_096}, "highest"),
        ({"highest": NO_QUOTE, "lowest": NO_QUOTE - 200}, "highest"),
        ({"lowest": 0, "highest": 100}, "lowest"),
        ({"pricing": 0}, "band"),
        ({"lowest": 10_100}, "pricing"),
        ({"lowest": 10_100, "pricing": 0, "band": 0, "nonCompetitive": 0}, "farOff"),
        ({"deposit": 2**112}, "deposit"),
        ({"opensAt": NOW - 1}, "opensAt"),
        ({"opensAt": NOW + HOUR}, "closesAt"),
        ({"closesAt": NOW}, "closesAt"),
        ({"revealsBy": NOW + HOUR}, "revealsBy"),
        ({"form": 0}, "revealsBy"),
        ({"overAllotsBy": NOW + 2 * HOUR}, "overAllotsBy"),
        ({"overAllotment": 0}, "overAllotsBy"),
        ({"clearsBy": NOW + 3 * HOUR}, "clearsBy"),
        ({"settlesFrom": NOW + 4 * HOUR + 900}, "settlesFrom"),
        ({"settlesBy": NOW + 4 * HOUR + 901}, "settlesBy"),
        ({"takesUpBy": NOW + 6 * HOUR - 1}, "takesUpBy"),
        ({"takesUpBy": NOW + 2 * 366 * DAY}, "takesUpBy"),
        ({"classes": ()}, "classes"),
        ({"classes": CLASSES * 5}, "classes"),
        ({"classes": (ClassRule(0, 45_010, 0),)}, "classes"),
        ({"classes": (ClassRule(20, 10, 0),)}, "classes"),
        ({"classes": (ClassRule(0, 10, 1),)}, "classes"),
        ({"additionalSeconds": 0}, "classes"),
        ({"classes": (ClassRule(0, 10, 0), ClassRule(0, 10, 10_001))}, "classes"),
    ],
)
def test_rules__one_that_does_not_fit__is_named(changes: dict[str, Any], name: str) -> None:
    assert name in broken(**changes)


def test_rules__by_rate__money_is_bounded_by_face_and_coupons() -> None:
    given: dict[str, Any] = {
        "basis": RATE,
        "rate": 2**32 - 1,
        "lowest": 0,
        "highest": 4_000_000_000,
        "tick": 10**9,
    }

    assert broken(**given) == set()
    assert "highest" in broken(**{**given, "highest": 2**32 - 1})


@pytest.mark.parametrize(
    "schedule",
    [
        regular(date(2019, 12, 5), date(2021, 12, 5), 24, 28, unit=0),
        regular(date(2019, 12, 5), date(2021, 12, 5), 3, 8),
        regular(date(2019, 12, 5), date(2021, 11, 5), 4, 6),
    ],
)
def test_rules__by_rate__periods_divide_a_year(schedule: dict[str, Any]) -> None:
    given: dict[str, Any] = {"basis": RATE, "lowest": 0, "highest": 50_000_000, "tick": 100_000}

    found = broken(rate=2**32 - 1, sheet={"schedule": schedule}, **given)

    assert "basis" in found
