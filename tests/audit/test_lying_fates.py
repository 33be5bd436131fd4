"""Words of every event of a bond before maturity, changed in their turn; and every view of it, falsified."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.audit import lying
from tests.audit.lives import Lives
from tests.audit.telling import AuditUntil, Log, Logs, named
from tests.audit.test_lying_lives import changed_at

from indenture.ledger.suite import interface_of

pytestmark = pytest.mark.integration

PLACES = 2
# Each event, and what finds a change of one of its words first.
EVENTS: dict[str, set[str]] = {
    "TermMoved": {"TERM-1"},
    "BondCalled": {"CALL-1", "AUTH-2"},
    "BondCalledInPart": {"CALL-1", "AUTH-2"},
    "MaturityExtended": {"EXTEND-1"},
    "UnitsCancelled": {"CANCEL-1"},
    "ActionOpened": {"ACTION-1", "SINK-1", "AUTH-2"},
    "UnitsElected": {"ELECT-1"},
    "ElectionWithdrawn": {"ELECT-1"},
    "ElectionReleased": {"ELECT-1", "BOUND-1"},
    "ElectionAnnulled": {"ELECT-1", "BOUND-1", "AUTH-1", "AUTH-2"},
    "UnitsBound": {"BOUND-1", "TERMS-1"},
    "BooksShut": {"DRAW-1", "TERMS-1"},
    "DrawingBegun": {"DRAW-1", "AUTH-2"},
    "HoldersCounted": {"DRAW-1", "AUTH-2"},
    "DrawingSeeded": {"DRAW-1", "AUTH-2"},
    "UnitsDrawn": {"DRAW-1", "BOUND-1", "AUTH-2"},
    "DrawingCompleted": {"DRAW-1"},
    "SinkingSatisfied": {"SINK-1"},
    "ActionFunded": {"REDEEM-1", "LATE-1", "AUTH-2"},
    "ActionSettled": {"REDEEM-2", "BOUND-1", "TAX-1", "AUTH-2"},
    "ActionCompleted": {"REDEEM-3"},
    "PenaltyFunded": {"LATE-1"},
    "DefaultNoticed": {"DEFAULT-1", "ACTION-1", "AUTH-2"},
    "BondMadeDue": {"DEFAULT-2", "AUTH-2"},
    "DefaultEntered": {"DEFAULT-2"},
    "ClaimSet": {"RECOVER-1"},
    "RecoveryFunded": {"RECOVER-1", "RECOVER-2", "AUTH-1", "AUTH-2"},
    "DefaultClosed": {"RECOVER-2"},
    "TermsProposed": {"VERSION-1", "ACTION-1", "AUTH-2"},
    "TermsEnacted": {"VERSION-2", "TERM-1", "AUTH-2"},
}


def one_of(logs: Logs, name: str) -> Log:
    told = named(logs, name)
    return told[len(told) // 2]


@pytest.mark.parametrize("name", EVENTS)
def test_events__a_word_changed__is_found_where_it_stands(
    name: str, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = one_of(fated_logs, name)
    places = range(len(log["topics"]) - 1 + (len(log["data"]) - 2) // 64)

    for place in random.Random(name).sample(places, min(PLACES, len(places))):
        lie = lying.replaced(changed_at(log, place))
        result = check_fates(lie, to=lying.place_of(log)[0] + 1)

        first = result.findings[0] if result.findings else None
        assert first is not None, f"{name}, place {place}"
        assert first.kind in EVENTS[name] | {"PAY-1", "LOG-2", "LOG-4"}, f"{name}, place {place}: {first}"
        assert first.block == lying.place_of(log)[0], f"{name}, place {place}: {first}"


@pytest.mark.parametrize("name", sorted({*EVENTS} - {"SinkingSatisfied"}))
def test_events__dropped__is_found(name: str, fated_logs: Logs, check_fates: AuditUntil) -> None:
    log = one_of(fated_logs, name)

    result = check_fates(lying.about_log(lying.place_of(log), lambda _: None))

    assert result.differences
    assert result.findings[0].block >= lying.place_of(log)[0]


def test_sinking_fund__covered_and_not_told__is_found_by_the_view(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    log = one_of(fated_logs, "SinkingSatisfied")

    result = audit_fates(lying.about_log(lying.place_of(log), lambda _: None), to=lying.place_of(log)[0] + 1)

    assert f"sinkingCredit({fated['parts']})" in {finding.key for finding in result.findings}


VIEWS = (
    ("Bond", "book"),
    ("Bond", "entryOf"),
    ("Bond", "boundUnits"),
    ("Bond", "maturityDay"),
    ("Servicing", "stateOf"),
    ("Servicing", "partialCall"),
    ("Servicing", "actionOf"),
    ("Servicing", "actionCount"),
    ("Servicing", "actionPayment"),
    ("Servicing", "actionTerms"),
    ("Servicing", "takenOf"),
    ("Servicing", "electedBy"),
    ("Servicing", "drawingOf"),
    ("Servicing", "sinkingOf"),
    ("Servicing", "sinkingCredit"),
    ("Servicing", "putOf"),
    ("Servicing", "paymentStatus"),
    ("Servicing", "penaltyOf"),
    ("Servicing", "claimOf"),
    ("Servicing", "claimOn"),
    ("Servicing", "version"),
    ("Servicing", "versionAt"),
    ("Servicing", "termsAt"),
    ("Servicing", "periodOn"),
    ("Servicing", "periodEnd"),
    ("Servicing", "redemptionTerms"),
)


def test_views__false_answers__are_found(audit_fates: AuditUntil) -> None:
    """Every answer of these views is false: none of them goes unnoticed."""
    selectors = {
        "0x" + interface_of(contract).function(view).selector.hex(): view for contract, view in VIEWS
    }

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_call" or params[0]["data"][:10] not in selectors or len(result) < 66:
            return result
        return result[:65] + ("0" if result[65] != "0" else "1") + result[66:]

    result = audit_fates(lie)

    assert {f.kind for f in result.findings} <= {"VIEW-1", "VIEW-2"}
    assert set(selectors.values()) <= {f.key.partition("(")[0] for f in result.findings}


PARTS = (
    "BondEvents",
    "ServicingAccruals",
    "ServicingActions",
    "ServicingActionPayments",
    "ServicingDrawings",
    "ServicingTerm",
    "ServicingDefault",
    "ServicingVersions",
)


def test_code__of_the_parts_and_of_a_version__is_compared(fated: Lives, audit_fates: AuditUntil) -> None:
    parts = {fated.story.deployment.contracts[name].address for name in PARTS}
    source = fated.story.read("Servicing", "version", fated["amended"], 1).source

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getCode" and params[0] in {*parts, source}:
            return result[:-2] + ("00" if result[-2:] != "00" else "01")
        return result

    found = {(f.kind, f.contract.partition(" ")[0]) for f in audit_fates(lie).findings}
    code = {(kind, name) for kind in ("CODE-1", "CODE-3") for name in PARTS}
    assert found == {*code, ("CODE-2", source)}


def test_parts__another_next_part__is_found(fated: Lives, audit_fates: AuditUntil) -> None:
    """The second part of a bond's code hands on to another than the deployed one."""
    selector = "0x" + interface_of("BondExtension").function("EVENTS").selector.hex()

    result = audit_fates(lying.about_view(selector, "", lambda told: told[:-1] + _other(told[-1])))

    assert [(f.kind, f.key) for f in result.findings] == [("CODE-1", "EVENTS()")]


def _other(digit: str) -> str:
    return "0" if digit != "0" else "1"
