"""How an audit grows with the number of events: a whole one with proofs, of lawful chains of each size.

    python -m bench.growth [--events 2000000]

Each audit runs in a process of its own, so that its memory is its own; its chain is built before.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.churn import Size, churned
from bench.report import console
from bench.stage import ROOT
from indenture.audit import audit
from indenture.chain import Chain
from indenture.deployment import Deployment

FEW, MANY = 10_000, 2_000_000
_STEP = 10
_ORDER = (
    "reading events",
    "replaying events",
    "comparing with the chain",
    "proving blocks",
    "proving accounts",
)


@dataclass(frozen=True, slots=True)
class Growth:
    """One audit.

    Attributes:
        events: Events that were replayed.
        blocks: Blocks that were proved.
        built: Seconds that the chain took to build.
        seconds: Seconds of each step.
        total: Seconds of the whole, without the start of Python.
        peak: Most memory of the process, in MB.
        findings: What was found: nothing, on a lawful chain.
    """

    events: int
    blocks: int
    built: float
    seconds: dict[str, float]
    total: float
    peak: float
    findings: int

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "events": self.events,
            "blocks": self.blocks,
            "seconds": {step: round(took, 2) for step, took in self.seconds.items()},
            "total_seconds": round(self.total, 2),
            "microseconds_an_event": round(self.total / self.events * 1e6, 1),
            "peak_megabytes": round(self.peak),
            "findings": self.findings,
        }


def sizes(many: int = MANY) -> list[int]:
    """From few to many events: tenfold each time, and the last step a larger one."""
    found = [FEW]
    while found[-1] * _STEP * _STEP <= many:
        found.append(found[-1] * _STEP)
    return [*(events for events in found if events < many), many]


def measure(many: int = MANY) -> list[Growth]:
    """One audit of each size."""
    return [_of(events) for events in sizes(many)]


def table(growth: Sequence[Growth]) -> Table:
    """The audits side by side."""
    found = Table(title="Whole audits with proofs, seconds by step", title_justify="left", title_style="bold")
    steps = [step for step in _ORDER if any(step in each.seconds for each in growth)]
    for heading in ("events", "blocks", *steps, "all, s", "µs an event", "MB", "findings"):
        found.add_column(heading, justify="right")
    for each in growth:
        found.add_row(
            f"{each.events:,}",
            f"{each.blocks:,}",
            *(f"{each.seconds.get(step, 0):,.1f}" for step in steps),
            f"{each.total:,.1f}",
            f"{each.total / each.events * 1e6:,.0f}",
            f"{each.peak:,.0f}",
            f"{each.findings}",
        )
    return found


def _of(events: int) -> Growth:
    start = time.monotonic()
    with churned(Size.of(events)) as stage, tempfile.TemporaryDirectory() as folder:
        built = time.monotonic() - start
        file = Path(folder) / "deployment.json"
        stage.suite.deployment.save(file)
        command = [sys.executable, "-m", "bench.growth", "--audit", stage.node.url, str(file)]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return Growth(built=built, **json.loads(told))


def _audited(url: str, file: str) -> dict[str, Any]:
    """The audit itself, in its own process."""
    seconds: dict[str, float] = {}
    began = {"": time.monotonic()}

    def progress(step: str, done: int, total: int) -> None:
        del done, total
        (before, since), now = next(iter(began.items())), time.monotonic()
        seconds[before] = seconds.get(before, 0.0) + now - since
        began.clear()
        began[step] = now

    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = audit(
            Chain.connect(url, timeout=120),
            Deployment.load(file),
            ledger=Path(folder) / "events.duckdb",
            proving=True,
            progress=progress,
        )
    progress("", 0, 0)
    seconds.pop("", None)
    return {
        "events": found.events,
        "blocks": found.blocks,
        "seconds": seconds,
        "total": time.monotonic() - start,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "findings": found.differences,
    }


def main() -> int:
    """Measures and prints; or is the audit that is measured."""
    parser = argparse.ArgumentParser(prog="bench.growth", description="Audits of growing chains.")
    parser.add_argument("--events", type=int, default=MANY, help=f"of the largest chain ({MANY:,})")
    parser.add_argument("--audit", nargs=2, metavar=("URL", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.audit:
        json.dump(_audited(*options.audit), sys.stdout)
        return 0
    console().print(table(measure(options.events)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
