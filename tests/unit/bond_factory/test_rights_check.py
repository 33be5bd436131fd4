"""Rights of issuer and holders: each is refused where it could not be used, or would mean two things

register, rights
├── nothing at all -> nothing is sealed, nothing is checked
├── a day, notice, price or share out of bounds -> BondTermInvalid with the name of the right
├── a right that contradicts the principal (instalments, capitalised, deferred) -> the same
└── else -> sealed in the code of the bond, and read back whole
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_365F,
    FLOATING,
    INFLATION,
    KPI,
    NO_DEFAULTS,
    NO_PROVISIONS,
    NO_RIGHTS,
    STEP,
    TO_BE_FIXED,
    WHOLE,
    ZERO,
    call_right,
    day_of,
    event_right,
    extension,
    put_right,
    schedule,
    sinking,
)
from tests.evm.chain import fixed
from tests.evm.world import World

pytestmark = pytest.mark.unit

ISSUE, MATURITY = date(2019, 12, 5), date(2024, 12, 5)
FIVE_YEARS = schedule(day_of(ISSUE), 10, 6)
NEXT = timedelta(days=1)
#: A put is paid before the last payment is announced.
MONTH = timedelta(days=31)
JUNE = date(2022, 6, 5)
MOST = 10 * WHOLE

INSTALMENTS = {"instalments": [Record(period=10, share=WHOLE)]}
CAPITALISED = {"capitalisedUntil": 2}
DEFERRED = {"deferral": Record(noticeDays=31, bearsInterest=False)}
RENEWED = {"renewal": builders.renewal(10), "fallbackDays": 5}
#: What makes terms of a kind sound: changes of the terms, and provisions.
SOUND: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {
    STEP: ({}, {"steps": [Record(period=2, rate=1)]}),
    FLOATING: ({}, {"floating": builders.floating(), "fallbackDays": 5}),
    INFLATION: ({}, {"inflation": builders.inflation(), "fallbackDays": 5}),
    KPI: ({}, {"tests": [builders.kpi_test(day=day_of(ISSUE))], "fallbackDays": 5}),
    ZERO: (
        {"schedule": schedule(day_of(ISSUE), 1, 60), "couponRate": 0},
        {"accretion": Record(issuePrice=9_000, yieldRate=0, monthsPerCompounding=0)},
    ),
}


@dataclass(frozen=True)
class Row:
    """Rights that are refused by this name, and, beside them, rights that are taken."""

    name: str
    bad: dict[str, Any]
    good: dict[str, Any] | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    provisions: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} {str(self.bad)[:50]} {list(self.provisions)}"


def call(first: date = JUNE, last: date | None = None, **changes: Any) -> dict[str, Any]:
    return {"calls": [call_right(first, last, **changes)]}


def calls(*days: tuple[date, date]) -> dict[str, Any]:
    return {"calls": [call_right(*each) for each in days]}


def put(opens: date, closes: date, pays: date, **changes: Any) -> dict[str, Any]:
    return {"puts": [put_right(opens, closes, pays, **changes)]}


def event(**changes: Any) -> dict[str, Any]:
    return {"events": [event_right(**changes)]}


def events(*each: Record) -> dict[str, Any]:
    return {"events": list(each)}


def sunk(*pairs: tuple[int, int]) -> dict[str, Any]:
    return {"sinking": [sinking(period, units) for period, units in pairs]}


def extended(periods: int = 2, **changes: Any) -> dict[str, Any]:
    return {"extension": extension(periods, **({"noticeDays": 31} | changes))}


def late(**changes: Any) -> dict[str, Any]:
    return {"defaults": NO_DEFAULTS.but(**changes)}


def of(kind: int, name: str, bad: dict[str, Any], good: dict[str, Any] | None = None) -> Row:
    terms, provisions = SOUND[kind]
    return Row(name, bad, good, {"kind": kind} | terms, provisions)


IN_PART = call(inPart=True)
CALLS = [
    Row("calls", call(ISSUE), call(ISSUE + NEXT)),
    Row("calls", call(MATURITY), call(MATURITY - NEXT)),
    Row("calls", call(JUNE, MATURITY), call(JUNE, MATURITY - NEXT)),
    Row("calls", call(JUNE, JUNE - NEXT), call(JUNE, JUNE)),
    Row(
        "calls",
        calls((JUNE, JUNE + NEXT), (JUNE + NEXT, MATURITY - NEXT)),
        calls((JUNE, JUNE + NEXT), (JUNE + 2 * NEXT, MATURITY - NEXT)),
    ),
    Row("calls", calls((JUNE, JUNE), (ISSUE + NEXT, ISSUE + NEXT))),
    Row("calls", call(noticeDays=0), call(noticeDays=1)),
    Row("calls", call(noticeDays=367), call(noticeDays=366)),
    Row("calls", call(price=0), call(price=1)),
    Row("calls", call(price=MOST + 1), call(price=MOST)),
    # A part of every unit: the principal has no other plan, and is not indexed.
    Row("inPart", IN_PART, call(inPart=False), provisions=INSTALMENTS),
    Row("inPart", IN_PART, call(inPart=False), provisions=CAPITALISED),
    Row("inPart", IN_PART, call(inPart=False), provisions=DEFERRED),
    of(INFLATION, "inPart", IN_PART, call()),
    of(ZERO, "inPart", IN_PART, call()),
]
PUTS = [
    Row("puts", put(ISSUE - NEXT, JUNE, JUNE + NEXT), put(ISSUE, JUNE, JUNE + NEXT)),
    Row("puts", put(JUNE, JUNE - NEXT, JUNE + NEXT), put(JUNE, JUNE, JUNE + NEXT)),
    Row("puts", put(JUNE, JUNE, JUNE), put(JUNE, JUNE, JUNE + NEXT)),
    Row("puts", put(JUNE, JUNE, MATURITY - MONTH + NEXT), put(JUNE, JUNE, MATURITY - MONTH)),
    Row("puts", put(JUNE, JUNE, JUNE + NEXT, price=0), put(JUNE, JUNE, JUNE + NEXT, price=1)),
    Row("puts", put(JUNE, JUNE, JUNE + NEXT, price=MOST + 1), put(JUNE, JUNE, JUNE + NEXT, price=MOST)),
]
EVENTS = [
    Row("events", event(code=bytes(8)), event(code=b"X".ljust(8, b"\0"))),
    Row("events", event(noticeDays=0), event(noticeDays=1)),
    Row("events", event(noticeDays=367), event(noticeDays=366)),
    Row("events", event(price=0), event(price=1)),
    Row("events", event(price=MOST + 1, byHolders=True), event(price=MOST, byHolders=True)),
    # One name is one right of the issuer, and one of the holders.
    Row("events", events(event_right(), event_right()), events(event_right(), event_right(byHolders=True))),
    Row(
        "events",
        events(event_right(byHolders=True), event_right("TAX"), event_right(byHolders=True, price=2 * WHOLE)),
        events(event_right(byHolders=True), event_right("TAX"), event_right(price=2 * WHOLE)),
    ),
]
SINKING = [
    Row("sinking", sunk((0, 1)), sunk((1, 1))),
    Row("sinking", sunk((2, 5), (2, 5)), sunk((2, 5), (3, 5))),
    Row("sinking", sunk((3, 5), (2, 5))),
    Row("sinking", sunk((2, 0)), sunk((2, 1))),
    Row("sinking", sunk((10, 1)), sunk((9, 1))),
    Row("sinking", sunk((2, 600_000), (3, 400_001)), sunk((2, 600_000), (3, 400_000))),
    Row("sinking", sunk((2, 2**64 - 1), (3, 2**64 - 1))),
    Row("sinking", sunk((2, 1)), {}, provisions=INSTALMENTS),
    Row("sinking", sunk((2, 1)), {}, provisions=CAPITALISED),
    Row("sinking", sunk((2, 1)), {}, provisions=DEFERRED),
]
EXTENSIONS = [
    Row("extension", extended(noticeDays=30), extended(noticeDays=31)),
    Row("extension", extended(noticeDays=367), extended(noticeDays=366)),
    Row("extension", extended(rate=TO_BE_FIXED), extended(rate=TO_BE_FIXED - 1)),
    Row("extension", extended(1201), extended(500)),
    Row("extension", extended(), {}, provisions=INSTALMENTS),
    Row("extension", extended(), {}, provisions=CAPITALISED),
    Row("extension", extended(), {}, provisions=DEFERRED),
    Row("extension", extended(), {}, provisions=RENEWED),
    of(FLOATING, "extension", extended(rate=1), extended(rate=0)),
    of(INFLATION, "extension", extended()),
    of(ZERO, "extension", extended()),
    # A stub at the end is no grid to go on by.
    Row(
        "extension",
        extended(),
        {},
        terms={"schedule": FIVE_YEARS.but(maturityDay=day_of(MATURITY) - 1), "dayCount": ACT_365F},
    ),
    # 1 January 2300 is the last day that a bond may have.
    Row("extension", extended(1101), extended(550)),
]
SHARES = [
    Row("graceDays", late(graceDays=367), late(graceDays=366)),
    Row("penaltyRate", late(penaltyRate=WHOLE + 1), late(penaltyRate=WHOLE)),
    Row("accelerationShare", late(accelerationShare=WHOLE + 1), late(accelerationShare=WHOLE)),
    Row("accelerationShare", late(accelerationShare=2**32 - 1), late(accelerationShare=1)),
    Row("amendmentShare", {"amendmentShare": WHOLE // 2}, {"amendmentShare": WHOLE // 2 + 1}),
    Row("amendmentShare", {"amendmentShare": 1}, late(crossDefault=True)),
    Row("amendmentShare", {"amendmentShare": WHOLE + 1}, {"amendmentShare": WHOLE}),
    # Products of face, factor, ratio and price fit a word.
    Row("faceValue", {"amendmentShare": WHOLE}, {}, {"faceValue": 2**80, "units": 1000}),
]
ROWS = [*CALLS, *PUTS, *EVENTS, *SINKING, *EXTENSIONS, *SHARES]


def registered(world: World, row: Row, rights: dict[str, Any]) -> Any:
    terms = world.terms(**({"schedule": FIVE_YEARS} | row.terms))
    return world.factory.register(
        terms, NO_PROVISIONS.but(**row.provisions), NO_RIGHTS.but(**rights), sender=world.issuer
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register__right_out_of_bounds__reverts_with_its_name(world: World, row: Row) -> None:
    with world.refuses("BondTermInvalid", fixed(row.name, 32)):
        registered(world, row, row.bad)


@pytest.mark.parametrize("row", [each for each in ROWS if each.good is not None], ids=str)
def test_register__right_at_its_bound__is_taken(world: World, row: Row) -> None:
    made = registered(world, row, row.good or {})

    assert world.factory.isBond(made.value)


@pytest.mark.parametrize("name", ["calls", "puts"])
def test_register__renewable_bond__may_have_rights_beyond_the_first_cycle(world: World, name: str) -> None:
    """A renewal moves maturity: what comes later can be agreed from the start, up to the last day of all."""
    late_rights = {
        "calls": [call_right(MATURITY), call_right(date(2299, 12, 31))],
        "puts": [put_right(MATURITY, date(2299, 11, 30), date(2299, 12, 1))],
    }
    too_late = {
        "calls": [call_right(date(2300, 1, 1))],
        "puts": [put_right(MATURITY, MATURITY, date(2299, 12, 2))],
    }
    row = Row(name, {}, provisions=RENEWED)

    assert registered(world, row, {name: late_rights[name]})
    with world.refuses("BondTermInvalid", fixed(name, 32)):
        registered(world, row, {name: too_late[name]})


def test_register__coupon_of_an_offering__may_have_rights(world: World) -> None:
    """Unlike provisions, no right needs the rate to be known."""
    rights = NO_RIGHTS.but(**(call() | late(graceDays=5) | {"amendmentShare": WHOLE}))

    bond = world.register(couponRate=TO_BE_FIXED, schedule=FIVE_YEARS, rights=rights)

    assert world.servicing.termsAt(bond, 0)[2] == rights


# --- what is sealed

FULL = NO_RIGHTS.but(
    calls=[call_right(JUNE, JUNE + NEXT, inPart=True, price=WHOLE + 1), call_right(date(2023, 6, 5))],
    puts=[put_right(JUNE, JUNE + NEXT, JUNE + 9 * NEXT, withdrawable=True)],
    events=[event_right(), event_right("CONTROL", byHolders=True, price=1_010_000_000)],
    sinking=[sinking(4, 100), sinking(6, 200)],
    extension=extension(2, noticeDays=31),
    defaults=builders.defaults(crossDefault=True),
    amendmentShare=750_000_000,
)


@pytest.mark.parametrize("kind", [None, STEP, FLOATING, KPI])
def test_rights__of_every_sort__are_sealed_said_and_read_back(world: World, kind: int | None) -> None:
    rights = FULL.but(extension=extension(2, noticeDays=31, rate=0)) if kind == FLOATING else FULL
    changes, given_provisions = ({}, {}) if kind is None else SOUND[kind]
    terms = world.terms(**({"schedule": FIVE_YEARS} | ({} if kind is None else {"kind": kind}) | changes))
    provisions = NO_PROVISIONS.but(**given_provisions)

    made = world.factory.register(terms, provisions, rights, sender=world.issuer)

    bond = world.evm.at(made.value, "Bond")
    said = made.only("BondRegistered")
    assert (said.provisions, said.rights) == (provisions, rights)
    assert world.servicing.termsAt(bond, 0) == (bond.terms(), provisions, rights)
    assert bond.provisions() == provisions


def test_rights__seal_terms__is_what_the_code_of_the_bond_holds(world: World) -> None:
    terms = world.terms(schedule=FIVE_YEARS).but(issuerAccount=world.issuer)
    packed = world.factory.sealTerms(terms, NO_PROVISIONS, FULL)

    bond = world.factory.register(terms, NO_PROVISIONS, FULL, sender=world.issuer).value

    assert packed in world.evm.code(bond)


def test_rights__none__cost_no_byte_of_code(world: World) -> None:
    plain = len(world.evm.code(world.register(schedule=FIVE_YEARS).address))
    other = len(world.evm.code(world.register(schedule=FIVE_YEARS, rights=FULL).address))

    assert plain < 300 < other


def test_rights__differ__the_address_does_too(world: World) -> None:
    """Whoever knows the address knows the rights."""
    terms = world.terms(schedule=FIVE_YEARS)
    with world.sandbox():
        first = world.factory.register(terms, NO_PROVISIONS, FULL, sender=world.issuer).value
    second = world.factory.register(terms, NO_PROVISIONS, FULL.but(sinking=[]), sender=world.issuer).value

    assert first != second


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.text("abcé ", min_size=1, max_size=30).filter(lambda s: len(s.encode()) <= 64),
    symbol=st.text("AB", min_size=1, max_size=35),
    count=st.integers(0, 6),
    taxed=st.booleans(),
    share=st.integers(WHOLE // 2 + 1, WHOLE),
)
def test_rights__any_lengths_before_them__are_read_back_whole(
    world: World, name: str, symbol: str, count: int, taxed: bool, share: int
) -> None:
    """They lie behind name, symbol and provisions in the code: no length of those moves them."""
    with world.sandbox():
        tax = {"taxAccount": "0x" + "ab" * 20, "withholdings": [Record(classes=2**24 - 1, rate=5)]}
        provisions = NO_PROVISIONS.but(**(tax if taxed else {}))
        rights = NO_RIGHTS.but(
            calls=[call_right(JUNE + i * NEXT) for i in range(count)], amendmentShare=share
        )
        bond = world.register(
            name=name, symbol=symbol, schedule=FIVE_YEARS, provisions=provisions, rights=rights
        )

        assert world.servicing.termsAt(bond, 0) == (bond.terms(), provisions, rights)
        assert (bond.name(), bond.symbol(), bond.provisions()) == (name, symbol, provisions)
