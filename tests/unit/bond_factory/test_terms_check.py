"""TermsCheckLib: each term that is refused, by its name, and its neighbour that is taken

A row: name of the term, what is refused, what is taken instead; both are changes of sound terms of a kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_365F,
    ACT_ACT_ICMA,
    ALL_CLASSES,
    FIXED,
    FLOATING,
    INFLATION,
    KPI,
    NO_ACCRETION,
    NO_DEFERRAL,
    NO_FLOATING,
    NO_INFLATION,
    NO_PROVISIONS,
    NO_RIGHTS,
    STEP,
    TO_BE_FIXED,
    UNADJUSTED,
    ZERO,
    day_of,
    days_schedule,
    schedule,
)
from tests.evm.chain import fixed, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

ISSUE = day_of(date(2020, 1, 31))
LAST_DAY = day_of(date(2300, 1, 1))
FOUR = schedule(ISSUE, 4, 6)


def steps(*pairs: tuple[int, int]) -> list[Record]:
    return [Record(period=period, rate=rate) for period, rate in pairs]


def instalments(*pairs: tuple[int, int]) -> list[Record]:
    return [Record(period=period, share=share) for period, share in pairs]


def figures(*changes: Mapping[str, Any]) -> list[Record]:
    return [builders.kpi_test(**({"day": ISSUE} | dict(each))) for each in changes]


def renewed(**changes: Any) -> dict[str, Any]:
    return {"renewal": RENEWAL.but(**changes), "fallbackDays": 5}


def taxes(*pairs: tuple[int, int]) -> list[Record]:
    return [Record(classes=classes, rate=rate) for classes, rate in pairs]


FLOAT, INDEX = builders.floating(), builders.inflation()
ACCRETION = Record(issuePrice=9_000, yieldRate=0, monthsPerCompounding=0)
RENEWAL = builders.renewal(2)
DEFERRAL = Record(noticeDays=31, bearsInterest=True)
TAX: dict[str, Any] = {"taxAccount": "0x" + "12" * 20, "withholdings": taxes((ALL_CLASSES, 1))}

#: Sound terms and provisions of each kind.
SOUND: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {
    FIXED: ({}, {}),
    STEP: ({}, {"steps": steps((2, 1), (4, 2))}),
    ZERO: ({"schedule": schedule(ISSUE, 1, 24), "couponRate": 0}, {"accretion": ACCRETION}),
    FLOATING: ({}, {"floating": FLOAT, "fallbackDays": 5}),
    INFLATION: ({}, {"inflation": INDEX, "fallbackDays": 5}),
    KPI: ({}, {"tests": figures({}), "fallbackDays": 5}),
}


@dataclass(frozen=True)
class Row:
    """What is refused and what is taken: changes of terms and of provisions."""

    name: str
    bad: dict[str, Any] = field(default_factory=dict)
    bad_provisions: dict[str, Any] = field(default_factory=dict)
    good: dict[str, Any] | None = None
    good_provisions: dict[str, Any] | None = None
    kind: int = FIXED

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.bad or ''}{list(self.bad_provisions) or ''}"[:60]


def core(name: str, bad: Any, good: Any) -> Row:
    return Row(name, {name: bad}, good={name: good}, good_provisions={})


def with_schedule(name: str, bad: Record, good: Record, **terms: Any) -> Row:
    """Terms that are the same but for the schedule; by ACT/365F unless told otherwise."""
    common = {"dayCount": ACT_365F} | terms
    return Row(name, {"schedule": bad} | common, good={"schedule": good} | common, good_provisions={})


def of(kind: int, name: str, bad: dict[str, Any], good: dict[str, Any] | None = None) -> Row:
    """Provisions only."""
    return Row(name, {}, bad, {}, good, kind)


def front(maturity: date, issue: date, periods: int = 4) -> Record:
    """Counted back from maturity, half-yearly."""
    return FOUR.but(
        issueDay=day_of(issue),
        maturityDay=day_of(maturity),
        anchorDay=day_of(maturity),
        anchorPeriod=periods,
        periods=periods,
    )


MATURITY = date(2022, 1, 31)
CORE = [
    core("faceValue", 0, 1),
    core("units", 0, 1),
    Row("units", {"units": 2**64 - 1, "faceValue": 2**57}, good={"units": 2**60, "faceValue": 2**60 - 1}),
    core("minimumUnits", 0, 1),
    core("minimumUnits", 1_000_001, 1_000_000),
    core("eligible", 0, 1),
    core("calendar", bytes(8), b"\0" * 7 + b"x"),
    core("recordBusinessDays", 11, 10),
    core("recordBusinessDays", 255, 0),
    core("cutOff", 86_401, 86_400),
    core("cutOff", 2**24 - 1, 0),
    core("utcOffset", -721, -720),
    core("utcOffset", 841, 840),
    core("utcOffset", -(2**15), 0),
    core("termSheetHash", bytes(32), b"\0" * 31 + b"x"),
    core("name", "", "x"),
    core("name", "x" * 65, "x" * 64),
    core("name", "é" * 33, "é" * 32),
    core("symbol", "", "x"),
    core("symbol", "x" * 36, "x" * 35),
]

STUB = schedule(ISSUE, 4, 6, maturityDay=day_of(date(2022, 1, 1)))
DATES = [
    with_schedule("issueDay", FOUR.but(issueDay=0, anchorDay=0), FOUR),
    with_schedule("issueDay", FOUR.but(issueDay=LAST_DAY, anchorDay=LAST_DAY), FOUR),
    with_schedule("issueDay", FOUR.but(issueDay=2**24 - 1, anchorDay=2**24 - 1), FOUR),
    with_schedule("maturityDay", FOUR.but(maturityDay=ISSUE), STUB),
    with_schedule("maturityDay", FOUR.but(maturityDay=ISSUE - 1), STUB),
    with_schedule("maturityDay", FOUR.but(maturityDay=LAST_DAY + 1), STUB),
    with_schedule(
        "maturityDay",
        schedule(ISSUE, 5, 600, maturityDay=LAST_DAY + 1),
        schedule(ISSUE, 5, 600, maturityDay=LAST_DAY),
    ),
    with_schedule("periods", FOUR.but(periods=0), FOUR),
    with_schedule("periods", schedule(ISSUE, 1201, 1), schedule(ISSUE, 1200, 1)),
    with_schedule("periods", FOUR.but(periods=2**16 - 1), FOUR),
    with_schedule("step", FOUR.but(step=0), FOUR),
    with_schedule("step", FOUR.but(step=12_001), FOUR),
    with_schedule("step", days_schedule(ISSUE, 1, 12_001), days_schedule(ISSUE, 1, 12_000)),
    # The anchor is the issue day, maturity, or a day between them.
    with_schedule("anchorDay", FOUR.but(anchorDay=ISSUE + 1), FOUR),
    with_schedule("anchorDay", FOUR.but(anchorDay=ISSUE - 1), FOUR),
    with_schedule("anchorDay", FOUR.but(anchorPeriod=1), FOUR.but(anchorPeriod=1, anchorDay=ISSUE + 182)),
    with_schedule("anchorDay", FOUR.but(anchorPeriod=5, anchorDay=ISSUE + 900), FOUR),
    with_schedule(
        "anchorDay",
        front(MATURITY, date(2020, 1, 31)).but(anchorDay=day_of(MATURITY) - 1),
        front(MATURITY, date(2020, 1, 31)),
    ),
    with_schedule(
        "endOfMonth",
        schedule(day_of(date(2020, 1, 30)), 4, 6, endOfMonth=True),
        schedule(day_of(date(2020, 1, 31)), 4, 6, endOfMonth=True),
    ),
    with_schedule(
        "endOfMonth", days_schedule(ISSUE, 4, 31).but(endOfMonth=True), days_schedule(ISSUE, 4, 31)
    ),
    # A first period is less than two regular ones, and has a day.
    with_schedule(
        "issueDay",
        front(MATURITY, date(2019, 7, 30)),
        front(MATURITY, date(2019, 7, 31)),
    ),
    with_schedule(
        "issueDay",
        front(MATURITY, date(2020, 7, 31)),
        front(MATURITY, date(2020, 7, 30)),
    ),
    # So is a last one.
    with_schedule(
        "maturityDay",
        FOUR.but(maturityDay=day_of(date(2021, 7, 31))),
        FOUR.but(maturityDay=day_of(date(2021, 8, 1))),
    ),
    with_schedule(
        "maturityDay",
        FOUR.but(maturityDay=day_of(date(2022, 8, 1))),
        FOUR.but(maturityDay=day_of(date(2022, 7, 31))),
    ),
    with_schedule(
        "maturityDay",
        days_schedule(ISSUE, 4, 7).but(maturityDay=ISSUE + 36),
        days_schedule(ISSUE, 4, 7).but(maturityDay=ISSUE + 35),
    ),
    # ICMA counts regular periods of months.
    Row(
        "dayCount",
        {"schedule": days_schedule(ISSUE, 4, 91), "dayCount": ACT_ACT_ICMA},
        good={"schedule": days_schedule(ISSUE, 4, 91), "dayCount": ACT_365F},
    ),
    Row(
        "dayCount",
        {"adjusted": True, "dayCount": ACT_ACT_ICMA},
        good={"adjusted": True, "dayCount": ACT_365F},
    ),
    Row(
        "adjusted",
        {"adjusted": True, "dayCount": ACT_365F, "roll": UNADJUSTED},
        good={"adjusted": False, "dayCount": ACT_365F, "roll": UNADJUSTED},
    ),
]

HALF = 500_000_000
PROVISIONS = [
    # Coupons.
    of(FIXED, "steps", {"steps": steps((2, 1))}),
    of(STEP, "steps", {"steps": []}, {"steps": steps((2, 1))}),
    of(STEP, "steps", {"steps": steps((1, 1))}, {"steps": steps((2, 1))}),
    of(STEP, "steps", {"steps": steps((0, 1))}),
    of(STEP, "steps", {"steps": steps((5, 1))}, {"steps": steps((4, 1))}),
    of(STEP, "steps", {"steps": steps((3, 1), (3, 2))}, {"steps": steps((3, 1), (4, 2))}),
    of(STEP, "steps", {"steps": steps((3, 1), (2, 2))}, {"steps": steps((2, 1), (3, 2))}),
    of(STEP, "steps", {"steps": steps((2, TO_BE_FIXED))}, {"steps": steps((2, TO_BE_FIXED - 1))}),
    of(FIXED, "floating", {"floating": FLOAT}),
    of(FLOATING, "floating", {"floating": NO_FLOATING}, {"floating": FLOAT}),
    of(
        FLOATING,
        "floor",
        {"floating": FLOAT.but(floor=2, cap=1)},
        {"floating": FLOAT.but(floor=2, cap=2)},
    ),
    of(
        FLOATING,
        "places",
        {"floating": FLOAT.but(places=8)},
        {"floating": FLOAT.but(places=7)},
    ),
    of(
        FLOATING,
        "lag",
        {"floating": FLOAT.but(compounded=True, lag=0)},
        {"floating": FLOAT.but(compounded=True, lag=1)},
    ),
    of(FLOATING, "fallbackDays", {"fallbackDays": 367}, {"fallbackDays": 366}),
    # On the day itself it would forestall what is published that day.
    *(
        of(kind, "fallbackDays", {"fallbackDays": 0}, {"fallbackDays": 1})
        for kind in (FLOATING, INFLATION, KPI)
    ),
    of(FIXED, "fallbackDays", {"renewal": RENEWAL}, renewed() | {"fallbackDays": 1}),
    of(FIXED, "inflation", {"inflation": INDEX}),
    of(INFLATION, "inflation", {"inflation": NO_INFLATION}, {"inflation": INDEX}),
    of(INFLATION, "inflation", {"inflation": INDEX.but(base=0)}, {"inflation": INDEX}),
    of(
        INFLATION,
        "inflation",
        {"inflation": INDEX.but(lagMonths=0)},
        {"inflation": INDEX.but(lagMonths=1)},
    ),
    of(
        INFLATION,
        "inflation",
        {"inflation": INDEX.but(lagMonths=25)},
        {"inflation": INDEX.but(lagMonths=24)},
    ),
    of(
        INFLATION,
        "inflation",
        {"inflation": INDEX.but(places=10)},
        {"inflation": INDEX.but(places=9)},
    ),
    of(FIXED, "tests", {"tests": figures({})}),
    of(KPI, "tests", {"tests": []}, {"tests": figures({})}),
    of(KPI, "tests", {"tests": figures({"benchmark": bytes(8)})}, {"tests": figures({})}),
    of(KPI, "tests", {"tests": figures({"period": 1})}, {"tests": figures({"period": 2})}),
    of(KPI, "tests", {"tests": figures({"period": 0})}),
    of(KPI, "tests", {"tests": figures({"period": 5})}, {"tests": figures({"period": 4})}),
    of(
        KPI,
        "tests",
        {"tests": figures({"period": 3}, {"period": 2})},
        {"tests": figures({"period": 2}, {"period": 2}, {"period": 3})},
    ),
    of(
        KPI,
        "tests",
        {"tests": figures({"day": day_of(date(2020, 8, 1))})},
        {"tests": figures({"day": day_of(date(2020, 7, 31))})},
    ),
    of(FIXED, "accretion", {"accretion": ACCRETION}),
    of(FIXED, "accretion", {"accretion": NO_ACCRETION.but(yieldRate=1)}),
    of(ZERO, "accretion", {"accretion": NO_ACCRETION}, {"accretion": ACCRETION}),
    of(
        ZERO,
        "accretion",
        {"accretion": ACCRETION.but(issuePrice=0)},
        {"accretion": ACCRETION.but(issuePrice=1)},
    ),
    of(
        ZERO,
        "accretion",
        {"accretion": ACCRETION.but(issuePrice=10_000)},
        {"accretion": ACCRETION.but(issuePrice=9_999)},
    ),
    of(
        ZERO,
        "accretion",
        {"accretion": ACCRETION.but(yieldRate=1)},
        {"accretion": ACCRETION.but(yieldRate=1, monthsPerCompounding=1)},
    ),
    of(ZERO, "accretion", {"accretion": ACCRETION.but(monthsPerCompounding=6)}),
    Row("couponRate", {"couponRate": 1}, {}, kind=ZERO),
    Row("periods", {"schedule": FOUR}, {}, kind=ZERO),
    # Principal.
    of(
        FIXED,
        "instalments",
        {"instalments": instalments((2, HALF), (4, HALF - 100_000))},
        {"instalments": instalments((2, HALF), (4, HALF))},
    ),
    of(FIXED, "instalments", {"instalments": instalments((2, HALF), (4, HALF + 100_000))}),
    of(
        FIXED,
        "instalments",
        {"instalments": instalments((2, HALF), (3, HALF))},
        {"instalments": instalments((4, 2 * HALF))},
    ),
    of(FIXED, "instalments", {"instalments": instalments((2, HALF), (2, HALF))}),
    of(FIXED, "instalments", {"instalments": instalments((0, HALF), (4, HALF))}),
    of(
        FIXED,
        "instalments",
        {"instalments": instalments((1, 0), (4, 2 * HALF))},
        {"instalments": instalments((1, 100_000), (4, 2 * HALF - 100_000))},
    ),
    # Each is whole base units of a unit of 10,000.
    of(
        FIXED,
        "instalments",
        {"instalments": instalments((1, 333_333_333), (4, 666_666_667))},
        {"instalments": instalments((1, 333_300_000), (4, 666_700_000))},
    ),
    of(ZERO, "instalments", {"instalments": instalments((1, 2 * HALF))}),
    of(FIXED, "capitalisedUntil", {"capitalisedUntil": 4}, {"capitalisedUntil": 3}),
    of(FIXED, "capitalisedUntil", {"capitalisedUntil": 1, "instalments": instalments((4, 2 * HALF))}),
    of(ZERO, "capitalisedUntil", {"capitalisedUntil": 1}),
    of(INFLATION, "capitalisedUntil", {"capitalisedUntil": 1}),
    # Rights.
    of(FIXED, "renewal", renewed(benchmark=bytes(8)), renewed()),
    of(FIXED, "renewal", renewed(noticeDays=30), renewed(noticeDays=31)),
    of(FIXED, "renewal", renewed(periods=1201), renewed(periods=1200)),
    of(FIXED, "renewal", renewed() | {"capitalisedUntil": 1}),
    of(FIXED, "renewal", renewed() | {"instalments": instalments((4, 2 * HALF))}),
    *(of(kind, "renewal", renewed()) for kind in (STEP, ZERO, FLOATING, INFLATION, KPI)),
    Row(
        "renewal",
        {"schedule": STUB, "dayCount": ACT_365F},
        renewed(),
        {"schedule": FOUR},
        renewed(),
    ),
    of(FIXED, "deferral", {"deferral": DEFERRAL.but(noticeDays=30)}, {"deferral": DEFERRAL}),
    of(
        FIXED,
        "deferral",
        {"deferral": DEFERRAL.but(noticeDays=367)},
        {"deferral": DEFERRAL.but(noticeDays=366)},
    ),
    of(FIXED, "renewal", renewed(noticeDays=367), renewed(noticeDays=366)),
    of(FIXED, "renewal", renewed(lag=11), renewed(lag=10)),
    of(FLOATING, "lag", {"floating": FLOAT.but(lag=11)}, {"floating": FLOAT.but(lag=10)}),
    of(FIXED, "deferral", {"deferral": DEFERRAL.but(noticeDays=1)}, {"deferral": NO_DEFERRAL}),
    of(FIXED, "deferral", {"deferral": DEFERRAL, "capitalisedUntil": 1}),
    of(FIXED, "deferral", {"deferral": DEFERRAL, "instalments": instalments((4, 2 * HALF))}),
    *(of(kind, "deferral", {"deferral": DEFERRAL}) for kind in (ZERO, INFLATION)),
    *(
        of(kind, "deferral", {"deferral": DEFERRAL.but(noticeDays=30)}, {"deferral": DEFERRAL})
        for kind in (STEP, FLOATING, KPI)
    ),
    *(
        Row("adjusted", {"adjusted": True, "dayCount": ACT_365F}, right, {"dayCount": ACT_365F}, right)
        for right in ({"capitalisedUntil": 1}, {"deferral": DEFERRAL})
    ),
    # Tax.
    of(FIXED, "taxAccount", {"taxAccount": "0x" + "12" * 20}, TAX),
    of(FIXED, "taxAccount", {"withholdings": taxes((ALL_CLASSES, 0))}),
    of(
        FIXED,
        "withholdings",
        TAX | {"withholdings": taxes((ALL_CLASSES, 10**9 + 1))},
        TAX | {"withholdings": taxes((ALL_CLASSES, 10**9))},
    ),
    of(
        FIXED,
        "withholdings",
        TAX | {"withholdings": taxes((ALL_CLASSES - 1, 0))},
        TAX | {"withholdings": taxes((0, 5), (ALL_CLASSES, 0))},
    ),
    of(FIXED, "withholdings", TAX | {"withholdings": taxes((ALL_CLASSES, 0), (4, 0))}),
    # What an offering fixes is a plain coupon.
    Row("couponRate", {"couponRate": TO_BE_FIXED}, TAX, {"couponRate": TO_BE_FIXED}, {}),
    Row("couponRate", {"couponRate": TO_BE_FIXED}, {"steps": steps((2, 1))}, kind=STEP),
    # Products of face, factor, rate and fraction fit a word.
    Row("faceValue", {"faceValue": 2**80}, TAX, {"faceValue": 2**80 - 1}, TAX),
    Row("faceValue", {"faceValue": 2**80}, {}, {"faceValue": 2**80 - 1}, {}, FLOATING),
]
ROWS = [*CORE, *DATES, *PROVISIONS]


def registered(world: World, row: Row, changes: dict[str, Any], provisions: dict[str, Any]) -> Any:
    terms, given = SOUND[row.kind]
    usual = {"kind": row.kind, "schedule": FOUR}
    units: dict[str, Any] = {"units": 1000} if "faceValue" in changes and "units" not in changes else {}
    found = world.terms(**(usual | terms | units | changes))
    return world.factory.register(
        found, NO_PROVISIONS.but(**(given | provisions)), NO_RIGHTS, sender=world.issuer
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register__term_out_of_bounds__reverts_with_its_name(world: World, row: Row) -> None:
    """PROPERTIES 9: every parameter changes the outcome, and zero is not «unlimited»."""
    with world.refuses("BondTermInvalid", fixed(row.name, 32)):
        registered(world, row, row.bad, row.bad_provisions)


@pytest.mark.parametrize("row", [each for each in ROWS if each.good is not None], ids=str)
def test_register__term_at_its_bound__is_taken(world: World, row: Row) -> None:
    made = registered(world, row, row.good or {}, row.good_provisions or {})

    assert world.factory.isBond(made.value)


@pytest.mark.parametrize("currency", ["0x" + "00" * 20, "0x" + "12" * 20])
def test_register__currency_without_code__reverts(world: World, currency: str) -> None:
    with world.refuses("BondTermInvalid", fixed("currency", 32)):
        world.factory.register(world.terms(currency=currency), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)


@pytest.mark.parametrize("kind", SOUND)
def test_register__sound_terms_of_each_kind__are_sealed_and_read_back(world: World, kind: int) -> None:
    """DESIGN promise 5: what was registered is what the bond says, field by field."""
    terms, given = SOUND[kind]
    wanted = world.terms(**({"kind": kind, "schedule": FOUR} | terms))
    provisions = NO_PROVISIONS.but(**(given | TAX | {"fallbackDays": 7}))

    made = world.factory.register(wanted, provisions, NO_RIGHTS, sender=world.issuer)
    bond = world.evm.at(made.value, "Bond")

    assert bond.terms() == wanted.but(issuerAccount=str(world.issuer))
    assert bond.provisions() == provisions
    event = made.only("BondRegistered")
    assert (event.terms, event.provisions) == (bond.terms(), provisions)
    assert bond.symbol() == wanted.symbol


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.text("abcdefgh é", min_size=1, max_size=30).filter(lambda s: len(s.encode()) <= 64),
    symbol=st.text("AB", min_size=1, max_size=35),
    rates=st.lists(st.integers(0, TO_BE_FIXED - 1), min_size=1, max_size=3),
    notice=st.integers(31, 366),
    classes=st.integers(0, ALL_CLASSES),
    rate=st.integers(0, 10**9),
)
def test_provisions__any_lengths__are_read_back_whole(
    world: World, name: str, symbol: str, rates: list[int], notice: int, classes: int, rate: int
) -> None:
    """They lie behind name and symbol in the code: no length of those moves them."""
    with world.sandbox():
        provisions = NO_PROVISIONS.but(
            steps=steps(*((number + 2, each) for number, each in enumerate(rates))),
            deferral=Record(noticeDays=notice, bearsInterest=bool(rate % 2)),
            taxAccount="0x" + "ab" * 20,
            withholdings=taxes((classes, rate), (ALL_CLASSES, 0)),
        )
        bond = world.register(kind=STEP, schedule=FOUR, name=name, symbol=symbol, provisions=provisions)

        assert bond.provisions() == provisions
        assert (bond.name(), bond.symbol()) == (name, symbol)
        assert world.servicing.taxRatesOf(bond, [world.outsider]) == ("0x" + "ab" * 20, [0])


def test_provisions__of_a_plain_bond__are_nothing_at_all(world: World) -> None:
    """No byte of code is paid for: the code is that of the clone, the fixed part and two texts."""
    bond = world.register(name="Plain", symbol="P")
    end = 0x2D + 160 + 25 + len("Plain") + len("P")

    assert bond.provisions() == NO_PROVISIONS
    assert not any(world.evm.code(bond.address)[end:]), "the EVM may pad it"


@pytest.mark.parametrize("field", ["isin", "faceValue", "couponRate", "schedule", "rounding", "kind"])
def test_register__one_field_changed__is_another_address(world: World, field: str) -> None:
    """The address follows from what was sealed: whoever knows it knows the terms."""
    base = world.terms(schedule=FOUR)
    other: dict[str, Any] = {
        "isin": builders.isin(990),
        "faceValue": 10_001,
        "couponRate": 1,
        "schedule": schedule(ISSUE, 5, 6),
        "rounding": 1,
        "kind": STEP,
    }
    provisions = NO_PROVISIONS.but(steps=steps((2, 1))) if field == "kind" else NO_PROVISIONS

    with world.sandbox():
        first = world.factory.register(base, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer).value
    second = world.factory.register(
        base.but(**{field: other[field]}), provisions, NO_RIGHTS, sender=world.issuer
    ).value

    assert first != second


@pytest.mark.parametrize(
    ("issue_day", "found"), [(1, "DateYearOutOfRange"), (180, "DateYearOutOfRange"), (181, "")]
)
def test_register__issued_in_1970__needs_a_notional_period_before(
    world: World, issue_day: int, found: str
) -> None:
    terms = world.terms(schedule=schedule(issue_day, 2, 6))

    assert (
        refused(lambda: world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)) == found
    )


def test_kinds__all_of_them__are_in_the_table() -> None:
    assert sorted(SOUND) == [FIXED, STEP, ZERO, FLOATING, INFLATION, KPI]
    assert {row.kind for row in ROWS} == set(SOUND)
    names = {row.name for row in PROVISIONS}
    assert {"steps", "floating", "inflation", "tests", "accretion", "instalments", "renewal"} <= names
    assert {"deferral", "capitalisedUntil", "withholdings", "taxAccount", "fallbackDays"} <= names
