"""Audits through the liar, and what they come to."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.audit import lying, stage
from tests.audit.lies import story
from tests.audit.lies.case import Kind, Told
from tests.audit.lies.facts import Facts
from tests.audit.lies.kinds import KINDS

from indenture.audit import audit
from indenture.audit.anchors import Anchors
from indenture.audit.findings import Finding
from indenture.chain import AnvilNode, Chain
from indenture.errors import IndentureError

ROOT = Path(__file__).resolve().parents[3]
SNAPSHOT = ROOT / "snapshots" / "lies.json"
PAGE = ROOT / "docs" / "audit.md"
BEGIN, END = "<!-- lies:begin -->", "<!-- lies:end -->"

_GROUPS = (
    *("logs", "receipts", "logs and receipts", "headers", "chain"),
    *("transactions", "views", "code", "proofs", "no answers"),
)
_AFTER_READING = ("receipts", "transactions", "views", "code", "proofs")

Outcomes = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """What an audit found; or the error with which it ended."""

    findings: tuple[Finding, ...]
    error: IndentureError | None

    @property
    def found(self) -> bool:
        return bool(self.findings) or self.error is not None

    @property
    def names(self) -> list[str]:
        """The checks, or the kind of error."""
        if self.error is not None:
            return [type(self.error).__name__]
        return sorted({finding.kind for finding in self.findings})

    def named_by(self, kind: Kind) -> list[str]:
        """Those of them that may name a lie of a kind."""
        return [name for name in self.names if self.error is not None or name in kind.by]

    @property
    def text(self) -> str:
        return str(self.error or [(f.kind, f.block, f.contract, f.key) for f in self.findings[:5]])

    def tells(self, kind: Kind, told: Told) -> bool:
        """Whether it names the lie: one of the checks that may, and the place."""
        if self.error is not None:
            return kind.refused
        return any(
            finding.kind in kind.by
            and told.block in (None, finding.block)
            and told.contract.lower() in finding.contract.lower()
            for finding in self.findings
        )


@dataclass(frozen=True)
class Trial:
    """A story, the truth about it, and who lies about it.

    Attributes:
        facts: The truth.
        liar: The proxy before the node.
        folder: Where ledgers are: one with all events of the story, and copies of it.
        noted: What cases came to, by kind and in order.
    """

    facts: Facts
    liar: lying.LyingNode
    folder: Path
    noted: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def audit(self, told: Told, *, proving: bool, group: str = "logs") -> Outcome:
        """Audits through the lie; where it is not about logs, the auditor has read them before."""
        self.liar.told = 0
        self.liar.lie, self.liar.spoil = told.as_lie(), told.spoil
        try:
            found = audit(
                Chain.connect(self.liar.url, timeout=5),
                self.facts.story.deployment,
                to=told.to,
                ledger=self._read_before() if group in _AFTER_READING else None,
                proving=proving,
                anchors=Anchors(told.pins, (self.facts.story.chain,) * told.peer) if proving else None,
            )
        except IndentureError as error:
            return Outcome((), error)
        finally:
            self.liar.lie, self.liar.spoil = lying.truth, lying.whole
        return Outcome(found.findings, None)

    def _read_before(self) -> Path:
        copy = self.folder / "again.duckdb"
        copy.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        return Path(shutil.copyfile(self.folder / "read.duckdb", copy))

    def note(self, kind: Kind, number: int, proved: Outcome) -> None:
        """Keeps what a case came to, and what it comes to without proof."""
        told = kind.told(self.facts, number)
        plain = self.audit(told, proving=False, group=kind.group)
        said = plain.names if self.liar.told else None
        case = {"told": told.words, "proved": proved.named_by(kind), "plain": said}
        self.noted.setdefault(kind.name, []).append(case)


@contextmanager
def on_trial() -> Iterator[Trial]:
    """Plays the story, on a node of its own."""
    with AnvilNode(timestamp=stage.START) as node:
        facts = Facts.of(story.play(node))
        with (
            AnvilNode(timestamp=stage.START) as other,
            lying.LyingNode(node.url, remember=True) as liar,
            TemporaryDirectory() as folder,
        ):
            story.play(other, otherwise=True)
            liar.other = other.url
            audit(facts.story.chain, facts.story.deployment, ledger=Path(folder) / "read.duckdb")
            yield Trial(facts, liar, Path(folder))


def table(outcomes: Outcomes) -> str:
    """Of each kind how many cases, how many were found and by what, and how many are missed without proof."""
    rows = ["| lie | cases | found | by | missed without `--prove` |", "|---|---|---|---|---|"]
    total = found = missed = 0
    for kind in sorted(KINDS, key=lambda kind: _GROUPS.index(kind.group)):
        cases = outcomes[kind.name]
        by = sorted({name if "-" in name else "an error" for case in cases for name in case["proved"]})
        here = sum(bool(case["proved"]) for case in cases)
        asked = [case for case in cases if case["plain"] is not None]
        silent = sum(not case["plain"] for case in asked)
        total, found, missed = total + len(cases), found + here, missed + silent
        words = ", ".join(f"`{name}`" if "-" in name else name for name in by)
        without = f"{silent} of {len(asked)}" if asked else "not asked for"
        rows.append(f"| {kind.name} | {len(cases)} | {here} | {words} | {without} |")
    rows.append(f"| **all** | **{total}** | **{found}** | | **{missed}** |")
    return "\n".join(rows)


def updating() -> bool:
    return os.environ.get("SNAPSHOTS") == "update"


def write_snapshot(outcomes: Outcomes) -> None:
    SNAPSHOT.write_text(json.dumps(outcomes, indent=1) + "\n", "utf-8")
    PAGE.write_text(page_with(table(outcomes)), "utf-8")


def read_snapshot() -> Outcomes:
    return dict(json.loads(SNAPSHOT.read_text("utf-8"))) if SNAPSHOT.exists() else {}


def page_with(text: str) -> str:
    """The page with this table in its place."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"
