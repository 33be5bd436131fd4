"""From the ledger's rows to the transactions of the suite: every log decoded, none passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from indenture.audit.findings import Finding
from indenture.chain import BlockStamp, checksum
from indenture.chain.abi import AbiEvent
from indenture.ledger import Anomaly, Ledger, LogRow
from indenture.ledger.suite import Suite, Target

_BEFORE_LOGS = -1

OUT_OF_PLACE = "LOG-3"
"""The kind of an anomaly that says where a log lies, not what it says."""


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


@dataclass(frozen=True)
class Transaction:
    """The events of one transaction, in order."""

    tx_hash: str
    block: int
    time: int
    events: tuple[Event, ...]

    def named(self, kind: str, name: str) -> list[Event]:
        """Its events of one name from contracts of one kind."""
        return self._named.get((kind, name), [])

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Event]]:
        named: dict[tuple[str, str], list[Event]] = {}
        for event in self.events:
            named.setdefault((event.target.kind, event.name), []).append(event)
        return named


class History:
    """All that a chain says of a suite, up to a block: read from the ledger, never all in memory.

    Attributes:
        ledger: Where it is read from.
        suite: The contracts up to that block.
        last: The last block.
    """

    def __init__(
        self,
        ledger: Ledger,
        suite: Suite,
        last: BlockStamp,
        tell: Callable[[Finding], None] | None = None,
    ) -> None:
        """``tell`` is told of each log that does not decode; None tells nobody."""
        self.ledger = ledger
        self.suite = suite
        self.last = last
        self._tell = tell or _nobody
        self._strange = {(a.block, a.log_index): a for a in ledger.anomalies() if a.log_index is not None}

    @property
    def log_count(self) -> int:
        """How many logs there are."""
        return self._number("SELECT count(*) FROM log WHERE block <= ?")

    def batches(self, first: int) -> Iterator[list[Transaction]]:
        """The transactions from a block on, a few thousand at a time."""
        for rows in self.ledger.rows(first, self.last.number):
            events = [event for row in rows if (event := self._decode(row)) is not None]
            grouped = groupby(events, key=lambda e: (e.block, e.tx_hash))
            yield [
                Transaction(tx_hash, block, (told := tuple(group))[0].time, told)
                for (block, tx_hash), group in grouped
            ]

    def blocks_with(self, names: Iterable[str]) -> list[int]:
        """Blocks in which an event of some name lies, in order."""
        found = self.ledger.con.execute(
            "SELECT DISTINCT block FROM log WHERE block <= ? AND list_contains(?, topics[1]) ORDER BY block",
            [self.last.number, self._topics(names)],
        )
        return [block for (block,) in found.fetchall()]

    def blocks(self) -> list[int]:
        """Blocks in which anything lies, in order."""
        found = self.ledger.con.execute(
            "SELECT DISTINCT block FROM log WHERE block <= ? ORDER BY block", [self.last.number]
        )
        return [block for (block,) in found.fetchall()]

    def _number(self, statement: str) -> int:
        ((number,),) = self.ledger.con.execute(statement, [self.last.number]).fetchall()
        return int(number)

    def _topics(self, names: Iterable[str]) -> list[str]:
        """First topics of events of some names."""
        wanted, targets = set(names), self.suite.targets.values()
        return sorted({t for who in targets for t, event in who.abi.events.items() if event.name in wanted})

    def _decode(self, row: LogRow) -> Event | None:
        """None of a log that says nothing which could be believed: that is a finding."""
        strange = self._strange.get((row.block, row.log_index))
        if strange is not None and strange.kind == OUT_OF_PLACE:
            return None
        target = self.suite.targets[checksum(row.contract)]
        topic = row.topics[0] if row.topics else ""
        declared: AbiEvent | None = target.abi.events.get(topic)
        if declared is None:
            self._unknown(row, target, topic)
            return None
        try:
            args = declared.decode(row.topics, bytes.fromhex(row.data[2:]))
        except (TypeError, ValueError) as fault:
            self._misfit(row, target, declared, str(fault))
            return None
        if strange is not None:
            self._tell(finding_of(strange, self.suite))
            return None
        return Event(target, declared.name, args, row.block, row.time, row.tx_hash, row.log_index)

    def _unknown(self, row: LogRow, target: Target, topic: str) -> None:
        text = "a contract of the suite logged something that it does not declare"
        found = topic or "no topic"
        self._tell(_finding(row, target, "LOG-1", "topic", "an event of the suite", found, text))

    def _misfit(self, row: LogRow, target: Target, declared: AbiEvent, fault: str) -> None:
        text = "a log does not fit its event"
        self._tell(_finding(row, target, "LOG-2", declared.name, declared.signature, fault, text))


def finding_of(anomaly: Anomaly, suite: Suite) -> Finding:
    """What the ledger could not believe, as a finding."""
    return Finding(
        block=anomaly.block,
        contract=suite.label(checksum(anomaly.contract)) if anomaly.contract else "the chain",
        key=anomaly.key,
        expected=anomaly.expected,
        found=anomaly.found,
        kind=anomaly.kind,
        tx_hash=anomaly.tx_hash,
        message=anomaly.message,
        position=_BEFORE_LOGS if anomaly.log_index is None else anomaly.log_index,
    )


def _finding(
    row: LogRow, target: Target, kind: str, key: str, expected: str, found: str, message: str
) -> Finding:
    return Finding(row.block, str(target), key, expected, found, kind, row.tx_hash, message, row.log_index)


def _nobody(finding: Finding) -> None:
    del finding
