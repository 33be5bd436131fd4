"""From a node's logs to the transactions of the suite: every log decoded, none passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from indenture.audit.findings import Finding, Findings
from indenture.audit.model.terms import text
from indenture.chain import BlockStamp, Chain, Log
from indenture.ledger.suite import Suite, Target


@dataclass(frozen=True, slots=True)
class Event:
    """One decoded log, with the time of its block."""

    target: Target
    name: str
    args: dict[str, Any]
    block: int
    time: int
    tx_hash: str
    index: int

    def __getitem__(self, name: str) -> Any:
        return self.args[name]

    @property
    def address(self) -> str:
        """The contract that said it."""
        return self.target.address

    @property
    def kind(self) -> str:
        """The kind of that contract."""
        return self.target.kind


@dataclass(frozen=True, slots=True)
class Transaction:
    """The events of one transaction, in order."""

    tx_hash: str
    block: int
    time: int
    events: tuple[Event, ...]

    def named(self, kind: str, name: str) -> list[Event]:
        """Its events of one name from contracts of one kind."""
        return [e for e in self.events if e.name == name and e.kind == kind]


@dataclass(slots=True)
class History:
    """All that a chain says of a suite, up to a block."""

    transactions: list[Transaction] = field(default_factory=list)
    stamps: dict[int, BlockStamp] = field(default_factory=dict)
    log_count: int = 0

    @property
    def last_time(self) -> int:
        """Time of the last block."""
        return self.stamps[max(self.stamps)].timestamp


def read_history(chain: Chain, suite: Suite, first: int, last: BlockStamp, findings: Findings) -> History:
    """Reads every log of the suite in a closed range of blocks.

    Bonds are found by their registration and join the suite; their logs are read in a second pass.
    """
    logs = chain.get_logs(suite.addresses(), first, last)
    bonds = _register_bonds(suite, logs)
    if bonds:
        since = min(bonds.values())
        logs += chain.get_logs(list(bonds), since, last)
        logs.sort(key=lambda log: (log.block_number, log.log_index))
    history = History(log_count=len(logs))
    numbers = sorted({log.block_number for log in logs} - {last.number})
    history.stamps = {stamp.number: stamp for stamp in chain.block_stamps(numbers)}
    history.stamps[last.number] = last
    _check_places(logs, history.stamps, suite, findings)
    events = list(_decode(logs, history.stamps, suite, findings))
    history.transactions = [
        Transaction(tx_hash, block, history.stamps[block].timestamp, tuple(group))
        for (block, tx_hash), group in groupby(events, key=lambda e: (e.block, e.tx_hash))
    ]
    return history


def _register_bonds(suite: Suite, logs: Sequence[Log]) -> dict[str, int]:
    """Addresses of registered bonds, and the block of each registration."""
    factory = suite.one("BondFactory")
    topic = next(t for t, event in factory.abi.events.items() if event.name == "BondRegistered")
    bonds: dict[str, int] = {}
    for log in logs:
        if log.address != factory.address or not log.topics or log.topics[0] != topic:
            continue
        try:
            args = factory.abi.events[topic].decode(log.topics, log.data)
        except ValueError:
            continue  # reported when it is decoded in its turn
        if args["bond"] not in suite.targets:
            suite.add("Bond", args["bond"], f"Bond {text(args['isin'])}")
            bonds[args["bond"]] = log.block_number
    return bonds


def _check_places(
    logs: Sequence[Log], stamps: dict[int, BlockStamp], suite: Suite, findings: Findings
) -> None:
    previous = (-1, -1)
    transactions: dict[str, tuple[int, int]] = {}
    for log in logs:
        place = (log.block_number, log.log_index)
        if log.block_hash != stamps[log.block_number].hash:
            _report(
                findings,
                suite,
                log,
                "LOG-3",
                "block hash",
                stamps[log.block_number].hash,
                log.block_hash,
                "a log lies in a block that is not on the chain",
            )
        if place == previous:
            _report(
                findings,
                suite,
                log,
                "LOG-3",
                "log index",
                "one log",
                "two",
                "two logs have the same place",
            )
        at = (log.block_number, log.tx_index)
        if transactions.setdefault(log.tx_hash, at) != at:
            _report(
                findings,
                suite,
                log,
                "LOG-3",
                "transaction index",
                str(transactions[log.tx_hash]),
                str(at),
                "one transaction lies at two places",
            )
        previous = place


def _decode(
    logs: Sequence[Log], stamps: dict[int, BlockStamp], suite: Suite, findings: Findings
) -> Iterator[Event]:
    for log in logs:
        target = suite.targets[log.address]
        declared = target.abi.events.get(log.topics[0]) if log.topics else None
        if declared is None:
            _report(
                findings,
                suite,
                log,
                "LOG-1",
                "topic",
                "an event of the suite",
                log.topics[0] if log.topics else "no topic",
                "a contract of the suite logged something that it does not declare",
            )
            continue
        try:
            args = declared.decode(log.topics, log.data)
        except ValueError as fault:
            _report(
                findings,
                suite,
                log,
                "LOG-2",
                declared.name,
                declared.signature,
                str(fault),
                "a log does not fit its event",
            )
            continue
        yield Event(
            target=target,
            name=declared.name,
            args=args,
            block=log.block_number,
            time=stamps[log.block_number].timestamp,
            tx_hash=log.tx_hash,
            index=log.log_index,
        )


def _report(
    findings: Findings, suite: Suite, log: Log, kind: str, key: str, expected: str, found: str, message: str
) -> None:
    findings.add(
        Finding(
            block=log.block_number,
            contract=suite.label(log.address),
            key=key,
            expected=expected,
            found=found,
            kind=kind,
            tx_hash=log.tx_hash,
            message=message,
            position=log.log_index,
        )
    )
