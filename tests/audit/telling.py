"""Logs of the story: found by what they say, and changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tests.audit import lying

from indenture.audit import AuditResult
from indenture.chain.abi import AbiEvent
from indenture.ledger.suite import SINGLE, interface_of

AuditThrough = Callable[[lying.Lie], AuditResult]


class AuditUntil(Protocol):
    """Audits through a liar, up to a block."""

    def __call__(self, lie: lying.Lie, to: int | None = None) -> AuditResult: ...


Log = dict[str, Any]
Logs = list[Log]

KINDS = (*SINGLE, "Bond", "CashToken")
EVENTS = {t: e for kind in KINDS for t, e in interface_of(kind).events.items()}


def event_of(log: Log) -> AbiEvent:
    return EVENTS[log["topics"][0]]


def named(logs: Logs, name: str, **args: Any) -> Logs:
    """Logs of a name, with some arguments."""
    found = [log for log in logs if event_of(log).name == name]
    return [log for log in found if args.items() <= said(log).items()]


def said(log: Log) -> dict[str, Any]:
    return event_of(log).decode(log["topics"], bytes.fromhex(log["data"][2:]))


def one(logs: Logs, name: str, **args: Any) -> Log:
    (log,) = named(logs, name, **args)
    return log


def beside(logs: Logs, log: Log, name: str, **args: Any) -> Log:
    """The log of a name in the same transaction."""
    same = [other for other in logs if other["transactionHash"] == log["transactionHash"]]
    return one(same, name, **args)


def raised(word: int, by: int) -> Callable[[Log], Log]:
    return lambda log: lying.with_word(log, word, lambda value: value + by)


def lie_of(*changes: tuple[Log, Callable[[Log], Log | None]]) -> lying.Lie:
    return lying.about_logs({lying.place_of(log): change for log, change in changes})


def kinds(result: AuditResult) -> set[str]:
    return {finding.kind for finding in result.findings}
