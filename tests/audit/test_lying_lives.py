"""Every word of every event of benchmarks, fixings, tax, claims and clean trades, changed in its turn."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.audit import lying
from tests.audit.lives import Lives
from tests.audit.telling import AuditUntil, Log, Logs, lie_of, named, one, raised

from indenture.ledger.suite import interface_of

pytestmark = pytest.mark.integration

PLACES = 3
# Each event, and what finds a change of it first.
EVENTS: dict[str, set[str]] = {
    "MarketsJoined": {"AUTH-2", "CALENDAR-2", "AUTH-1"},
    "BenchmarkDefined": {"BENCH-1", "AUTH-1", "AUTH-2"},
    "AdministratorSet": {"BENCH-1", "AUTH-1", "AUTH-2"},
    "ValuePublished": {"BENCH-1", "BENCH-2", "BENCH-3", "AUTH-2"},
    "PeriodFixed": {"FIX-1", "FIX-2", "AUTH-2", "PAY-1"},
    "InterestDeferred": {"DEFER-1", "AUTH-2", "PAY-1"},
    "BondRenewed": {"RENEW-1", "AUTH-2", "PAY-1"},
    "TermMoved": {"TERM-1"},
    "TaxWithheld": {"TAX-1", "PAY-1"},
    "ClaimTransferred": {"CLAIM-1", "PAY-1"},
    "ClaimSettled": {"CLAIM-1", "PAY-1"},
    "ClaimsPaid": {"CLAIM-2", "TAX-1", "AUTH-2", "PAY-1"},
    "TradePriced": {"TRADE-3", "TRADE-2", "CLAIM-1"},
}


def one_of(logs: Logs, name: str, place: int) -> Log:
    told = named(logs, name)
    return told[place % len(told)]


def changed_at(log: Log, place: int) -> Log:
    """A log with one topic, or one word of its data, changed; topics come first."""
    indexed = len(log["topics"]) - 1
    if place < indexed:
        topics = list(log["topics"])
        topics[place + 1] = topics[place + 1][:-1] + ("1" if topics[place + 1][-1] != "1" else "2")
        return {**log, "topics": topics}
    return lying.with_word(log, place - indexed, lambda value: value ^ 1)


def test_truth__of_the_lives__finds_nothing(audit_lives: AuditUntil) -> None:
    assert audit_lives(lying.truth).findings == ()


@pytest.mark.parametrize("name", EVENTS)
def test_events__a_word_changed__is_found_where_it_stands(
    name: str, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    log = one_of(lived_logs, name, 0)
    places = range(len(log["topics"]) - 1 + (len(log["data"]) - 2) // 64)

    for place in random.Random(name).sample(places, min(PLACES, len(places))):
        wrong = changed_at(log, place)
        lie = lying.replaced(wrong)
        result = audit_lives(lie, to=lying.place_of(log)[0] + 1)

        first = result.findings[0] if result.findings else None
        assert first is not None, f"{name}, place {place}"
        assert first.kind in EVENTS[name] | {"LOG-2", "LOG-4"}, f"{name}, place {place}: {first}"
        assert first.block == lying.place_of(log)[0], f"{name}, place {place}: {first}"


@pytest.mark.parametrize("name", EVENTS)
def test_events__dropped__is_found(name: str, lived_logs: Logs, audit_lives: AuditUntil) -> None:
    log = one_of(lived_logs, name, 0)

    result = audit_lives(lying.about_log(lying.place_of(log), lambda _: None))

    assert result.differences
    assert result.findings[0].block >= lying.place_of(log)[0]


# Fields of a fixing, by the name of a bond whose fixing has them.
FIELDS = (
    ("term", 1, "value", 2),
    ("term", 2, "rate", 0),
    ("term", 4, "source", 1),
    ("term", 3, "day", 3),
    ("nights", 2, "value", 2),
    ("nights", 3, "rate", 0),
    ("prices", 1, "indexRatio", 4),
    ("prices", 2, "value", 2),
    ("figures", 3, "rate", 0),
    ("figures", 2, "arrears", 6),
    ("kind", 2, "factor", 5),
    ("renewed", 3, "rate", 0),
)


def test_fixings__of_each_kind__are_recomputed(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    """One field of each fixing is one too high, all in one audit: each is found in its own transaction."""
    logs = {
        (bond, period): one(lived_logs, "PeriodFixed", bond=lived[bond], period=period)
        for bond, period, _, _ in FIELDS
    }
    result = audit_lives(lie_of(*((logs[bond, period], raised(word, 1)) for bond, period, _, word in FIELDS)))

    for bond, period, field, _ in FIELDS:
        own = [f for f in result.findings if f.tx_hash == logs[bond, period]["transactionHash"]]
        found = {f.key: f for f in own if f.kind == "FIX-2"}
        assert f"PeriodFixed.{field}" in found, (bond, period)
        if field != "source":
            wrong = found[f"PeriodFixed.{field}"]
            assert int(wrong.found) - int(wrong.expected) == 1, (bond, period)
    assert result.findings[0].kind == "FIX-2"


# Views of the contract, and the bond whose answer is falsified where there is one.
VIEWS = (
    ("BusinessCalendar", "partsOf"),
    ("Benchmarks", "benchmarkOf"),
    ("Benchmarks", "publicationOf"),
    ("Benchmarks", "valueOn"),
    ("Benchmarks", "lastValue"),
    ("Benchmarks", "indexOn"),
    ("Benchmarks", "authority"),
    ("Bond", "provisions"),
    ("Bond", "maturityDay"),
    ("Bond", "book"),
    ("Servicing", "payment"),
    ("Servicing", "fixing"),
    ("Servicing", "fixedPeriods"),
    ("Servicing", "lastPeriod"),
    ("Servicing", "unitPayment"),
    ("Servicing", "paymentTerms"),
    ("Servicing", "poolFactor"),
    ("Servicing", "accruedPerUnit"),
    ("Servicing", "accruedOf"),
    ("Servicing", "accruedAt"),
    ("Servicing", "accretedValue"),
    ("Servicing", "claimedBy"),
    ("Servicing", "claimsPaidTo"),
    ("Servicing", "transferredBy"),
    ("Servicing", "taxRatesOf"),
)


def test_views__false_answers__are_found(audit_lives: AuditUntil) -> None:
    """Every answer of these views is false: none of them goes unnoticed."""
    selectors = {
        "0x" + interface_of(contract).function(view).selector.hex(): view for contract, view in VIEWS
    }

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_call" or params[0]["data"][:10] not in selectors or len(result) < 66:
            return result
        return result[:65] + _other(result[65]) + result[66:]

    result = audit_lives(lie)

    assert {f.kind for f in result.findings} <= {"VIEW-1", "VIEW-2"}
    assert set(selectors.values()) <= {f.key.partition("(")[0] for f in result.findings}


def test_code__part_that_computes__is_compared(lived: Lives, audit_lives: AuditUntil) -> None:
    parts = {name: lived.story.deployment.contracts[name].address for name in PARTS}

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getCode" and params[0] in parts.values():
            return result[:-2] + ("00" if result[-2:] != "00" else "01")
        return result

    found = {f.contract.partition(" ")[0] for f in audit_lives(lie).findings}
    assert found == set(PARTS)


PARTS = ("Benchmarks", "ServicingCoupons", "ServicingFixings", "SettlementClean")


def _other(digit: str) -> str:
    return "0" if digit != "0" else "1"
