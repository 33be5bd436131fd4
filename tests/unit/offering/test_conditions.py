"""mandate: every condition, one by one, refused by its name; and its nearest neighbour, which is not."""

from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ENCRYPTED,
    HOUR,
    MIXED,
    MULTIPLE,
    OPEN,
    RATE,
    TO_BE_FIXED,
    UNIFORM,
    class_rule,
    date_of,
    day_of,
    months_after,
)
from tests.evm.chain import Contract, fixed
from tests.evm.world import START, World

pytestmark = pytest.mark.unit

T = START  # when the tests begin; the default windows are an hour each from here on
BY_RATE = {"basis": RATE}
FIXED = {"lowest": 10_000, "highest": 10_000}

Changes = dict[str, Any]

#: Name of a condition; what is refused; its nearest neighbour that is taken; terms that are not the default.
CONDITIONS: list[tuple[str, Changes, Changes | None, Changes]] = [
    ("offered", {"offered": 0}, {"offered": 1}, {}),
    ("offered", {"offered": 1005}, {"offered": 1010}, {"minimumUnits": 10}),
    ("offered", {"offered": 2**44}, {"offered": 2**44 - 1}, {"units": 2**44, "faceValue": 1}),
    (
        "offered",
        {"offered": 2**43, "overAllotment": 2**43},
        {"offered": 2**43, "overAllotment": 2**43 - 1},
        {"units": 2**44},
    ),
    ("offered", {"offered": 1_000_001}, {"offered": 1_000_000}, {}),
    ("offered", {"overAllotment": 999_001}, {"overAllotment": 999_000}, {}),
    ("overAllotment", {"overAllotment": 5}, {"overAllotment": 20}, {"minimumUnits": 10}),
    ("minimumVolume", {"minimumVolume": 1001}, {"minimumVolume": 1000}, {}),
    ("nonCompetitive", {"nonCompetitive": 1000}, {"nonCompetitive": 999}, {}),
    ("nonCompetitive", {"nonCompetitive": 985}, {"nonCompetitive": 990}, {"minimumUnits": 10}),
    ("nonCompetitive", FIXED | {"nonCompetitive": 1}, FIXED, {}),
    ("nonCompetitive", FIXED | {"farOff": 1}, {"farOff": 65_535}, {}),
    ("minimumBid", {"minimumBid": 0}, {"minimumBid": 1}, {}),
    ("minimumBid", {"minimumBid": 9}, {"minimumBid": 10}, {"minimumUnits": 10}),
    ("maximumBid", {"minimumBid": 51, "maximumBid": 50}, {"minimumBid": 50, "maximumBid": 50}, {}),
    ("maximumBid", {"maximumBid": 1001}, {"maximumBid": 1000}, {}),
    ("maximumBid", {"maximumBid": 1501, "overAllotment": 500}, {"overAllotment": 500}, {}),
    ("basis", BY_RATE, None, {}),
    ("basis", {}, None, {"couponRate": TO_BE_FIXED}),
    ("tick", {"tick": 0}, {"tick": 1}, {}),
    ("highest", {"lowest": 10_000, "highest": 9_999, "tick": 1}, FIXED, {}),
    ("highest", {"highest": 10_105}, {"highest": 10_110}, {}),
    (
        "highest",
        {"lowest": 1, "highest": 4097, "tick": 1},
        {"lowest": 1, "highest": 4096, "tick": 1},
        {},
    ),
    ("lowest", {"lowest": 0, "highest": 100, "tick": 10}, {"lowest": 1, "highest": 101, "tick": 10}, {}),
    (
        "highest",
        BY_RATE | {"lowest": TO_BE_FIXED - 9, "highest": TO_BE_FIXED, "tick": 1},
        BY_RATE | {"lowest": 0, "highest": TO_BE_FIXED - 1, "tick": TO_BE_FIXED - 1},
        {"couponRate": TO_BE_FIXED},
    ),
    (
        "highest",
        {"lowest": 2**64 - 2, "highest": 2**64 - 1, "tick": 1},
        {"lowest": 1, "highest": 2**64 - 2, "tick": 2**64 - 3},
        {},
    ),
    (
        "highest",
        BY_RATE | {"offered": 2**19, "lowest": 0, "highest": 10_000_000, "tick": 5_000_000},
        BY_RATE | {"offered": 2**19, "lowest": 0, "highest": 9_999_999, "tick": 9_999_999},
        {
            "couponRate": TO_BE_FIXED,
            "units": 2**19,
            "faceValue": 2**100,
            "periods": 1200,
            "monthsPerPeriod": 1,
        },
    ),
    ("pricing", FIXED | {"pricing": MULTIPLE}, FIXED | {"pricing": UNIFORM}, {}),
    ("pricing", FIXED | {"pricing": MIXED}, None, {}),
    ("band", {"band": 1}, {"band": 1, "pricing": MIXED}, {}),
    ("band", {"band": 1, "pricing": MULTIPLE}, {"pricing": MULTIPLE}, {}),
    ("deposit", {"deposit": 2**112}, {"deposit": 2**112 - 1}, {}),
    ("opensAt", {"opensAt": T - 1}, {"opensAt": T}, {}),
    ("closesAt", {"opensAt": T + HOUR}, {"opensAt": T + HOUR - 1}, {}),
    ("closesAt", {"closesAt": T}, {"closesAt": T + 1}, {}),
    ("revealsBy", {"revealsBy": T + HOUR}, {"revealsBy": T + HOUR + 1}, {}),
    ("revealsBy", {"form": ENCRYPTED, "revealsBy": T + HOUR}, {"form": ENCRYPTED}, {}),
    ("revealsBy", {"form": OPEN, "revealsBy": T + HOUR + 1}, {"form": OPEN}, {}),
    ("overAllotsBy", {"overAllotsBy": T + 2 * HOUR + 1}, {"overAllotsBy": T + 2 * HOUR}, {}),
    (
        "overAllotsBy",
        {"overAllotment": 9, "overAllotsBy": T + 2 * HOUR},
        {"overAllotment": 9, "overAllotsBy": T + 2 * HOUR + 1},
        {},
    ),
    ("clearsBy", {"clearsBy": T + 2 * HOUR}, {"clearsBy": T + 2 * HOUR + 1}, {}),
    ("settlesFrom", {"settlesFrom": T + HOUR - 1}, {"settlesFrom": T + HOUR}, {}),
    (
        "settlesFrom",
        {"additionalSeconds": 900, "settlesFrom": T + 3 * HOUR + 900},
        {"additionalSeconds": 900, "settlesFrom": T + 3 * HOUR + 901},
        {},
    ),
    (
        "settlesBy",
        {"settlesFrom": T + HOUR, "settlesBy": T + 3 * HOUR},
        {"settlesFrom": T + HOUR, "settlesBy": T + 3 * HOUR + 1},
        {},
    ),
    ("settlesBy", {"settlesBy": T + 4 * HOUR}, {"settlesBy": T + 4 * HOUR + 1}, {}),
    (
        "takesUpBy",
        {"settlesBy": T + 8 * HOUR, "takesUpBy": T + 8 * HOUR - 1},
        {"settlesBy": T + 8 * HOUR, "takesUpBy": T + 8 * HOUR},
        {},
    ),
]


def row_id(value: object) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("condition", "bad", "good", "terms"), CONDITIONS, ids=row_id)
def test_mandate__condition_out_of_range__reverts_by_its_name(
    world: World, condition: str, bad: Changes, good: Changes | None, terms: Changes
) -> None:
    bond = world.register(**terms)

    with world.refuses("OfferingConditionInvalid", fixed(condition, 32)):
        world.tender(bond, **bad).mandate()
    if good is not None:
        world.tender(bond, **good).mandate()


def test_mandate__last_second_for_units_and_the_next__thirty_days_before_maturity(world: World) -> None:
    """Units can be issued as long as the last record date has not been announced."""
    bond = world.register(periods=1)
    maturity = START - 3600 - 8 * 3600 + 368 * 86_400  # 5 December 2020, 00:00 in China
    last = maturity - 30 * 86_400 - 1

    with world.refuses("OfferingConditionInvalid", fixed("takesUpBy", 32)):
        world.tender(bond, takesUpBy=last + 1).mandate()
    world.tender(bond, takesUpBy=last).mandate()


@pytest.mark.parametrize("months", [1, 12])
def test_mandate__after_maturity__reverts(world: World, months: int) -> None:
    """There is nothing to issue any more, however far the next due day would be."""
    bond = world.register(periods=2, monthsPerPeriod=months, units=2000)
    maturity = day_of(months_after(date_of(bond.terms().schedule.issueDay), 2 * months)) * 86_400 - 8 * 3600
    for start in (
        maturity - 20 * 86_400,
        maturity - HOUR,
        maturity + 1,
        maturity + 3 * 86_400,
        maturity + 40 * 86_400,
    ):
        with world.sandbox():
            world.evm.warp(start)
            with world.refuses("OfferingConditionInvalid", fixed("takesUpBy", 32)):
                world.tender(bond, offered=1000).mandate()


@pytest.mark.parametrize("start", [0, 5, 100])
def test_mandate__window_over_two_record_dates__reverts(world: World, start: int) -> None:
    """Accrued interest speaks of one period: nobody pays when the coupon after it is another's, too."""
    bond = world.register(periods=24, monthsPerPeriod=1)
    world.evm.warp(world.evm.now + start * 86_400)
    period = 1 if start < 3 else bond_period(bond, world.evm.now + 8 * 3600)
    due = day_of(months_after(date_of(bond.terms().schedule.issueDay), period + 1)) * 86_400 - 8 * 3600
    last = due - 30 * 86_400 - 1

    with world.refuses("OfferingConditionInvalid", fixed("takesUpBy", 32)):
        world.tender(bond, takesUpBy=last + 1).mandate()
    world.tender(bond, takesUpBy=last).mandate()


def bond_period(bond: Contract, time: int) -> int:
    """The number of the period in which a day lies."""
    issue, day = date_of(bond.terms().schedule.issueDay), date_of(time // 86_400)
    return next(period for period in range(1, 99) if months_after(issue, period) > day)


CLASSES: list[tuple[str, list[Record], list[Record] | None, Changes]] = [
    ("classes", [], [class_rule()], {}),
    ("classes", [class_rule()] * 9, [class_rule()] * 8, {}),
    ("classes", [class_rule(501, 500)], [class_rule(500, 500)], {}),
    ("classes", [class_rule(), class_rule(0, 1001)], [class_rule(), class_rule(0, 0)], {}),
    ("classes", [class_rule(0, 1501)], [class_rule(0, 1500)], {"overAllotment": 500}),
    ("additional", [class_rule(additional=1)], None, {"additionalSeconds": 900, "settlesFrom": T + 9 * HOUR}),
    ("additional", [class_rule(), class_rule(additional=1)], None, {}),
    (
        "additional",
        [class_rule(), class_rule(additional=10_001)],
        [class_rule(), class_rule(additional=10_000)],
        {"additionalSeconds": 900, "settlesFrom": T + 9 * HOUR},
    ),
]


@pytest.mark.parametrize(("condition", "bad", "good", "changes"), CLASSES, ids=row_id)
def test_mandate__class_out_of_range__reverts_by_its_name(
    world: World, condition: str, bad: list[Record], good: list[Record] | None, changes: Changes
) -> None:
    bond = world.register()

    with world.refuses("OfferingConditionInvalid", fixed(condition, 32)):
        world.tender(bond, bad, **changes).mandate()
    if good is not None:
        world.tender(bond, good, **changes).mandate()


def test_mandate__units_of_the_bond__have_room_for_what_may_be_underwritten_later(world: World) -> None:
    classes = [class_rule(), class_rule(additional=3_333), class_rule(additional=100)]
    changes: Changes = {
        "additionalSeconds": 900,
        "settlesFrom": T + 9 * HOUR,
        "offered": 1000,
        "overAllotment": 200,
    }

    narrow, wide = world.register(units=1598), world.register(units=1200 + 399)

    with world.refuses("OfferingConditionInvalid", fixed("offered", 32)):
        world.tender(narrow, classes, **changes).mandate()
    world.tender(wide, classes, **changes).mandate()


def test_mandate__tap__counts_what_was_issued_before(world: World) -> None:
    bond = world.register(units=1000)
    world.place(bond, {world.holder: 400})
    world.evm.warp(world.evm.now + HOUR + 1)

    with world.refuses("OfferingConditionInvalid", fixed("offered", 32)):
        world.tender(bond, offered=601).mandate()
    world.tender(bond, offered=600).mandate()


@pytest.mark.parametrize("field", ["form", "basis", "pricing"])
def test_mandate__value_that_is_none__reverts(world: World, field: str) -> None:
    tender = world.tender()
    tender.conditions[field] = 3

    with world.refuses(""):
        tender.mandate()
