"""proposeTerms

├── caller is not the issuer -> ServicingCallerRefused; bond made due -> BondDueAlready
├── closes in the past, no clause, no resolution -> ActionTermInvalid
├── new terms that the factory would not register -> BondTermInvalid
├── from a period that has begun, is fixed, has another version, or is none -> AmendmentRefused(effectiveDay)
├── what identifies the bond, who may hold it, how its days are found, tax -> AmendmentRefused with the name
├── what was repaid, capitalised or deferred before -> the same
└── else -> sealed in code of their own, and put to the holders: TermsProposed, ActionOpened
"""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_365F,
    ALL_CLASSES,
    DAY,
    FIXED,
    FLOATING,
    INFLATION,
    KPI,
    LEVEL,
    NO_PROVISIONS,
    NO_RIGHTS,
    NOBODY,
    PRECEDING,
    STEP,
    TO_BE_FIXED,
    UNIT_DOWN,
    WHOLE,
    ZERO,
    call_right,
    day_of,
    isin,
    lei,
)
from tests.evm.chain import fixed
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.versions.stage import (
    AMENDABLE,
    CLAUSE,
    DUE,
    NEW_RATE,
    RESOLUTION,
    amendable,
    change,
    moved,
    proposal,
    propose,
    terms_of,
    to,
)

pytestmark = pytest.mark.unit

ONE_DAY = timedelta(days=1)
SHARES = [Record(period=period, share=WHOLE // 4) for period in (2, 4, 6, 8)]


# --- who


@pytest.mark.parametrize("caller", ["holder", "paying_agent", "operator", "statutory", "admin", "outsider"])
def test_propose__by_anybody_but_the_issuer__reverts(world: World, caller: str) -> None:
    bond, sender = amendable(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        propose(world, bond, sender=sender)


def test_propose__no_bond__reverts(world: World) -> None:
    bond = amendable(world)
    terms, provisions, rights = terms_of(world, bond)
    amendment = Record(effectiveDay=1, closesAt=2, clause=CLAUSE, resolution=RESOLUTION)

    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.proposeTerms(world.cash, terms, provisions, rights, amendment, sender=world.issuer)


# --- what is said and kept


def test_propose__new_coupon__is_put_to_the_holders(world: World) -> None:
    bond = amendable(world)
    terms, provisions, rights = terms_of(world, bond)
    wanted = terms.but(couponRate=NEW_RATE, termSheetHash=b"\x22" * 32)

    made = proposal(world, bond, terms=wanted)

    assert made.names == ["ActionOpened", "TermsProposed"]
    said = made.only("TermsProposed")
    assert (said.bond, said.action, said.terms) == (bond.address, 1, wanted)
    assert (said.provisions, said.rights) == (provisions, rights)
    assert said.amendment == {
        "effectiveDay": day_of(DUE[2]),
        "closesAt": world.evm.now + 30 * DAY,
        "clause": CLAUSE,
        "resolution": RESOLUTION,
    }
    action = made.only("ActionOpened").action
    assert action == world.servicing.actionOf(bond, 1)
    assert (action.kind, action.withdrawable, action.isDecided) == (builders.RESOLUTION, True, False)
    assert (action.opensAt, action.closesAt, action.payTime) == (world.evm.now, said.amendment.closesAt, 0)
    assert (action.payDay, action.period, action.document) == (day_of(DUE[2]), 3, RESOLUTION)
    assert action.target == said.source != NOBODY
    assert world.servicing.stateOf(bond).versions == 0, "nothing has changed yet"
    assert terms_of(world, bond) == (terms, provisions, rights)


def test_propose__code_of_the_new_terms__is_what_the_factory_seals(world: World) -> None:
    """Data, which nobody can call: it begins with STOP."""
    bond = amendable(world)
    terms, provisions, rights = terms_of(world, bond)
    wanted = terms.but(couponRate=NEW_RATE)

    source = proposal(world, bond, terms=wanted).only("TermsProposed").source

    code = world.evm.code(source)
    packed = world.factory.sealTerms(wanted, provisions, rights)
    assert code[0] == 0
    assert packed in code
    assert not world.factory.isBond(source)
    assert world.evm.send(world.outsider, source, b"\x12\x34\x56\x78") == b""


# --- times


@pytest.mark.parametrize("offset", [-1, 0])
def test_propose__closes_in_the_past__reverts(world: World, offset: int) -> None:
    bond = amendable(world)

    with world.refuses("ActionTermInvalid", fixed("closesAt", 32)):
        propose(world, bond, closesAt=world.evm.now + offset)
    propose(world, bond, closesAt=world.evm.now + 1)


@pytest.mark.parametrize("name", ["clause", "resolution"])
def test_propose__without_clause_or_resolution__reverts(world: World, name: str) -> None:
    bond = amendable(world)

    missing: dict[str, Any] = {name: bytes(32)}
    with world.refuses("ActionTermInvalid", fixed("clause", 32)):
        propose(world, bond, **missing)


# --- from which period


@pytest.mark.parametrize(
    ("effective", "period"),
    [(DUE[1], 2), (DUE[1] + ONE_DAY, 3), (DUE[2], 3), (DUE[6] + ONE_DAY, 8), (DUE[7], 8)],
)
def test_propose__effective_day__is_of_the_first_period_from_it_on(
    world: World, effective: date, period: int
) -> None:
    bond = amendable(world)

    number = propose(world, bond, effective=effective)

    assert world.servicing.actionOf(bond, number).period == period


@pytest.mark.parametrize("effective", [DUE[0] - ONE_DAY, DUE[0], DUE[7] + ONE_DAY, DUE[8], date(2150, 1, 1)])
def test_propose__effective_day_of_no_period__reverts(world: World, effective: date) -> None:
    """The first one has begun before there is anybody to ask; after the last begins none."""
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
        propose(world, bond, effective=effective)


def test_propose__period_begins_today__reverts(world: World) -> None:
    """To the second at which the day begins in the bond's zone."""
    bond = amendable(world)
    starts = day_of(DUE[2]) * DAY - 8 * 3600
    world.evm.warp(starts - 1)
    bond.advance(sender=world.outsider)
    with world.sandbox():
        propose(world, bond, effective=DUE[2])
    world.evm.warp(starts)

    with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
        propose(world, bond, effective=DUE[2])


def test_propose__period_that_is_fixed__reverts(world: World) -> None:
    """A floating rate is fixed two days ahead: what was fixed stays."""
    world.benchmark("SHIBOR3M")
    floating = provided(floating=builders.floating())
    bond = amendable(world, kind=FLOATING, provisions=floating, couponRate=0)
    to(world, date(2020, 3, 3))
    for period, day in ((1, date(2019, 12, 3)), (2, date(2020, 3, 3))):
        world.publish_value("SHIBOR3M", day_of(day), 20_000_000)
        world.fix(bond, period)

    with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
        propose(world, bond, effective=DUE[1])
    propose(world, bond, effective=DUE[2])


def test_propose__period_of_a_version_before__reverts(world: World) -> None:
    bond = amendable(world)
    change(world, bond, effective=DUE[4])

    for effective in (DUE[2], DUE[4]):
        with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
            propose(world, bond, effective=effective, version=1)
    propose(world, bond, effective=DUE[5], version=1)


def test_propose__several_at_once__each_has_its_number(world: World) -> None:
    """Alternatives for holders to choose from."""
    bond = amendable(world)

    assert [propose(world, bond) for _ in range(3)] == [1, 2, 3]
    assert world.servicing.actionCount(bond) == 3


# --- what may not change

KEPT: list[tuple[str, Any]] = [
    ("isin", isin(777)),
    ("issuer", lei(777)),
    ("issuerAccount", "0x" + "77" * 20),
    ("faceValue", 9_999),
    ("units", 999_999),
    ("minimumUnits", 2),
    ("eligible", 1),
    ("roll", PRECEDING),
    ("adjusted", True),
    ("calendar", fixed("XX-YY", 8)),
    ("recordBusinessDays", 2),
    ("cutOff", 0),
    ("utcOffset", 0),
    ("prescriptionYears", 3),
    ("name", "Other"),
    ("symbol", "O"),
]
SCHEDULE: list[tuple[str, dict[str, Any]]] = [
    ("issueDay", {"issueDay": day_of(DUE[0]) - 1, "anchorDay": day_of(DUE[0]) - 1}),
    ("anchor", {"anchorDay": day_of(DUE[8]), "anchorPeriod": 8}),
    ("step", {"step": 6, "maturityDay": day_of(date(2023, 12, 5))}),
    ("unit", {"step": 91, "unit": 0, "maturityDay": day_of(DUE[0]) + 8 * 91}),
]


@pytest.mark.parametrize(("field", "value"), KEPT, ids=[name for name, _ in KEPT])
def test_propose__what_identifies_the_bond__stays(world: World, field: str, value: Any) -> None:
    bond = amendable(world)
    terms = terms_of(world, bond)[0]

    with world.refuses("AmendmentRefused", bond, fixed("terms", 32)):
        propose(world, bond, terms=terms.but(**{field: value}))


def test_propose__another_currency__reverts(world: World) -> None:
    bond = amendable(world)
    other = world.deploy("WeirdCash", 6)

    with world.refuses("AmendmentRefused", bond, fixed("terms", 32)):
        propose(world, bond, terms=terms_of(world, bond)[0].but(currency=other.address))


@pytest.mark.parametrize(("name", "changes"), SCHEDULE, ids=[name for name, _ in SCHEDULE])
def test_propose__how_days_are_found__stays(world: World, name: str, changes: dict[str, Any]) -> None:
    bond = amendable(world)
    terms = terms_of(world, bond)[0]

    with world.refuses("AmendmentRefused", bond, fixed("terms", 32)):
        propose(world, bond, terms=terms.but(schedule=terms.schedule.but(**changes)))


def test_propose__end_of_month__stays(world: World) -> None:
    schedule = builders.schedule(day_of(date(2019, 12, 31)), 8, 3)
    bond = amendable(world, schedule=schedule)
    terms = terms_of(world, bond)[0]

    with world.refuses("AmendmentRefused", bond, fixed("terms", 32)):
        propose(
            world, bond, effective=date(2020, 6, 30), terms=terms.but(schedule=schedule.but(endOfMonth=True))
        )


CHANGEABLE: list[tuple[str, dict[str, Any]]] = [
    ("couponRate", {"couponRate": 0}),
    ("couponRate", {"couponRate": TO_BE_FIXED - 1}),
    ("dayCount", {"dayCount": ACT_365F}),
    ("rounding", {"rounding": UNIT_DOWN}),
    ("termSheetHash", {"termSheetHash": b"\x33" * 32}),
]


@pytest.mark.parametrize(("name", "changes"), CHANGEABLE, ids=[name for name, _ in CHANGEABLE])
def test_propose__what_may_change__is_taken(world: World, name: str, changes: dict[str, Any]) -> None:
    bond = amendable(world)

    assert propose(world, bond, terms=terms_of(world, bond)[0].but(**changes)) == 1


def test_propose__nothing_new__is_taken(world: World) -> None:
    """A resolution may only waive, and name a document."""
    assert propose(world, amendable(world)) == 1


def test_propose__coupon_that_an_offering_would_fix__reverts(world: World) -> None:
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("couponRate", 32)):
        propose(world, bond, terms=terms_of(world, bond)[0].but(couponRate=TO_BE_FIXED))


# --- kinds


def test_propose__fixed_steps_floating_targets__each_may_become_the_other(world: World) -> None:
    bond = amendable(world)
    terms = terms_of(world, bond)[0]
    kinds = {
        STEP: provided(steps=[Record(period=3, rate=1)]),
        FLOATING: provided(floating=builders.floating()),
        KPI: provided(tests=[builders.kpi_test(day=day_of(DUE[2]), period=4)]),
        FIXED: provided(),
    }
    for kind, provisions in kinds.items():
        assert propose(world, bond, terms=terms.but(kind=kind), provisions=provisions)


@pytest.mark.parametrize("kind", [ZERO, INFLATION])
def test_propose__an_index_or_growth_that_was_not_sealed__reverts(world: World, kind: int) -> None:
    """What the principal follows cannot begin in the middle."""
    bond = amendable(world)
    provisions = {
        ZERO: provided(accretion=Record(issuePrice=9_000, yieldRate=0, monthsPerCompounding=0)),
        INFLATION: provided(inflation=builders.inflation()),
    }

    with world.refuses("AmendmentRefused", bond, fixed("kind", 32)):
        propose(world, bond, terms=terms_of(world, bond)[0].but(kind=kind), provisions=provisions[kind])


def test_propose__index_that_was_sealed__stays(world: World) -> None:
    world.benchmark("CPI", LEVEL)
    bond = amendable(world, kind=INFLATION, provisions=provided(inflation=builders.inflation()))
    terms = terms_of(world, bond)[0]

    with world.refuses("AmendmentRefused", bond, fixed("kind", 32)):
        propose(world, bond, terms=terms.but(kind=FIXED), provisions=provided())
    for changes in ({"floored": False}, {"base": 50 * WHOLE}, {"lagMonths": 2}, {"places": 3}):
        with world.refuses("AmendmentRefused", bond, fixed("inflation", 32)):
            propose(world, bond, provisions=provided(inflation=builders.inflation(**changes)))
    propose(world, bond, terms=terms.but(couponRate=NEW_RATE))


# --- the end of the term


@pytest.mark.parametrize("periods", [3, 4, 7, 9, 12])
def test_propose__another_maturity__is_a_regular_day(world: World, periods: int) -> None:
    bond = amendable(world)

    assert propose(world, bond, terms=moved(terms_of(world, bond)[0], periods)) == 1


@pytest.mark.parametrize(("periods", "days"), [(8, 1), (8, -1), (7, 5), (9, -10)])
def test_propose__maturity_between_due_days__reverts(world: World, periods: int, days: int) -> None:
    bond = amendable(world, dayCount=ACT_365F)
    terms = terms_of(world, bond)[0]
    schedule = terms.schedule.but(periods=periods, maturityDay=day_of(DUE[periods]) + days)

    with world.refuses("AmendmentRefused", bond, fixed("maturityDay", 32)):
        propose(world, bond, terms=terms.but(schedule=schedule))


@pytest.mark.parametrize("periods", [1, 2])
def test_propose__maturity_before_the_first_changed_period__reverts(world: World, periods: int) -> None:
    """What would end before the change begins is a call, not a change."""
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("maturityDay", 32)):
        propose(world, bond, terms=moved(terms_of(world, bond)[0], periods))


def stub(world: World) -> Any:
    """Eight quarters, the last of which is ten days short."""
    schedule = builders.schedule(day_of(DUE[0]), 8, 3, maturityDay=day_of(DUE[8]) - 10)
    return amendable(world, schedule=schedule, dayCount=ACT_365F)


def test_propose__sealed_stub__may_stay_or_become_regular_or_shorter(world: World) -> None:
    for periods in (None, 8, 7, 3):
        bond = stub(world)
        terms = terms_of(world, bond)[0]
        propose(world, bond, terms=terms if periods is None else moved(terms, periods))


def test_propose__longer_than_a_sealed_stub__reverts(world: World) -> None:
    """Register and Servicing would not agree on what was its last day."""
    bond = stub(world)

    with world.refuses("AmendmentRefused", bond, fixed("maturityDay", 32)):
        propose(world, bond, terms=moved(terms_of(world, bond)[0], 9))


def test_propose__after_a_call__only_the_same_end(world: World) -> None:
    """A short period of a call is its end from there on: terms may say so, and no other."""
    rights = AMENDABLE.but(calls=[call_right(date(2021, 7, 14))])
    bond = amendable(world, rights=rights, dayCount=ACT_365F)
    world.servicing.call(bond, day_of(date(2021, 7, 14)), sender=world.issuer)
    terms = terms_of(world, bond)[0]
    ended = terms.but(schedule=terms.schedule.but(periods=7, maturityDay=day_of(date(2021, 7, 14))))
    bare = rights.but(calls=[])

    assert propose(world, bond, terms=ended, rights=bare) == 1
    assert propose(world, bond, terms=moved(terms, 8), rights=bare) == 2, "but it cannot be enacted"


# --- provisions


def test_propose__tax__stays(world: World) -> None:
    """What is withheld follows the law, and the account that was sealed."""
    entry = [Record(classes=ALL_CLASSES, rate=5)]
    tax = provided(taxAccount=world.cash_issuer, withholdings=entry)
    bond = amendable(world, provisions=tax)

    for other in (
        provided(),
        tax.but(taxAccount=world.issuer),
        tax.but(withholdings=[Record(classes=ALL_CLASSES, rate=6)]),
    ):
        with world.refuses("AmendmentRefused", bond, fixed("taxAccount", 32)):
            propose(world, bond, provisions=other)
    propose(world, bond, provisions=tax.but(fallbackDays=9))


def test_propose__renewal__stays(world: World) -> None:
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("renewal", 32)):
        propose(world, bond, provisions=provided(renewal=builders.renewal(8)))
    renewable = amendable(world, provisions=provided(renewal=builders.renewal(8)))
    for other in (NO_PROVISIONS, provided(renewal=builders.renewal(8, stepUp=0))):
        with world.refuses("AmendmentRefused", renewable, fixed("renewal", 32)):
            propose(world, renewable, provisions=other)


def test_propose__instalments_of_the_past__stay(world: World) -> None:
    """From period 5 on: those with payments 2 and 4 are as they were."""
    bond = amendable(world, provisions=provided(instalments=SHARES))
    later = [
        *SHARES[:2],
        Record(period=7, share=WHOLE // 2 - WHOLE // 10),
        Record(period=8, share=WHOLE // 10),
    ]
    other = [Record(period=2, share=WHOLE // 2), Record(period=8, share=WHOLE // 2)]

    propose(world, bond, provisions=provided(instalments=later), effective=DUE[4])
    for changed in (other, []):
        with world.refuses("AmendmentRefused", bond, fixed("instalments", 32)):
            propose(world, bond, provisions=provided(instalments=changed), effective=DUE[4])


def test_propose__instalments_from_a_bullet__begin_with_the_change(world: World) -> None:
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("instalments", 32)):
        propose(world, bond, provisions=provided(instalments=SHARES))
    whole = [Record(period=3, share=WHOLE // 4), Record(period=8, share=WHOLE * 3 // 4)]
    propose(world, bond, provisions=provided(instalments=whole))


@pytest.mark.parametrize(
    ("sealed", "wanted", "ok"),
    [(4, 4, True), (4, 2, True), (4, 6, True), (4, 1, False), (4, 0, False), (1, 4, False), (0, 4, False)],
)
def test_propose__capitalised_interest__of_the_past_stays(
    world: World, sealed: int, wanted: int, ok: bool
) -> None:
    """From period 3 on, what the first two periods did must not be told otherwise."""
    bond = amendable(world, provisions=provided(capitalisedUntil=sealed))
    provisions = provided(capitalisedUntil=wanted)

    if ok:
        propose(world, bond, provisions=provisions)
        return
    with world.refuses("AmendmentRefused", bond, fixed("capitalisedUntil", 32)):
        propose(world, bond, provisions=provisions)


def test_propose__deferral__may_begin_but_not_end(world: World) -> None:
    """Arrears may be owed: what keeps them stays."""
    given = provided(deferral=Record(noticeDays=40, bearsInterest=False))
    bond = amendable(world, provisions=given)
    with world.refuses("AmendmentRefused", bond, fixed("deferral", 32)):
        propose(world, bond, provisions=provided())
    propose(world, bond, provisions=provided(deferral=Record(noticeDays=31, bearsInterest=True)))

    propose(world, amendable(world), provisions=given)


def test_propose__calls_in_part_were_made__no_other_plan_of_the_principal(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], inPart=True)])
    bond = amendable(world, rights=rights)
    world.servicing.callInPart(bond, 2, WHOLE // 4, sender=world.issuer)
    half = [Record(period=4, share=WHOLE // 2), Record(period=8, share=WHOLE // 2)]
    bare = rights.but(calls=[])

    for provisions, name in (
        (provided(instalments=half), "instalments"),
        (provided(deferral=Record(noticeDays=31, bearsInterest=False)), "instalments"),
    ):
        with world.refuses("AmendmentRefused", bond, fixed(name, 32)):
            propose(world, bond, provisions=provisions, rights=bare)
    propose(world, bond, terms=terms_of(world, bond)[0].but(couponRate=NEW_RATE))


# --- what the factory checks


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("termSheetHash", {"terms": {"termSheetHash": bytes(32)}}),
        ("steps", {"terms": {"kind": STEP}}),
        ("floating", {"terms": {"kind": FLOATING}}),
        ("calls", {"rights": {"calls": [call_right(DUE[8])]}}),
        ("amendmentShare", {"rights": {"amendmentShare": WHOLE // 2}}),
        ("sinking", {"rights": {"sinking": [builders.sinking(8, 1)]}}),
        ("fallbackDays", {"provisions": {"fallbackDays": 367}}),
    ],
)
def test_propose__terms_that_no_bond_could_have__revert(
    world: World, name: str, changes: dict[str, dict[str, Any]]
) -> None:
    bond = amendable(world)
    terms, provisions, rights = terms_of(world, bond)

    with world.refuses("BondTermInvalid", fixed(name, 32)):
        propose(
            world,
            bond,
            terms=terms.but(**changes.get("terms", {})),
            provisions=provisions.but(**changes.get("provisions", {})),
            rights=rights.but(**changes.get("rights", {})),
        )


def test_propose__rights__any_that_are_sound(world: World) -> None:
    """They may be given, taken, and the share itself be changed."""
    bond = amendable(world)

    for rights in (NO_RIGHTS, AMENDABLE.but(amendmentShare=WHOLE, calls=[call_right(DUE[5])])):
        propose(world, bond, rights=rights)
