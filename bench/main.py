"""``make bench``: measures, prints, and writes ``build/bench/gas.json``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console

from bench import books, growth, plain, scale, scenarios, schedules, throughput
from bench.report import Bench, console
from bench.stage import HOLDERS, ROOT, Stage, staged
from indenture.errors import IndentureError

OUTPUT = ROOT / "build" / "bench" / "gas.json"
FEW = 10

Result = TypeVar("Result")

_log = Console(stderr=True, highlight=False)


def main() -> int:
    """Runs the bench; the exit code says whether it ran, not whether targets were reached."""
    options = _parse()
    try:
        bench = _measure(options.holders)
        audits = _told(
            f"audits of {growth.FEW:,} to {options.events:,} events", lambda: growth.measure(options.events)
        )
    except IndentureError as error:
        _log.print(str(error), markup=False)
        return error.exit_code
    facts = bench.as_json() | {"audits": [each.as_json() for each in audits]}
    result = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(result, "utf-8")
    if options.json:
        sys.stdout.write(result)
    else:
        bench.print(console())
        console().print(growth.table(audits))
    _log.print(f"written: {OUTPUT.relative_to(ROOT)}")
    return 0


def sizes(stage: Stage) -> dict[str, int]:
    """Runtime bytes of each contract of the suite, as deployed."""
    deployment = stage.suite.deployment
    places = {name: deployed.address for name, deployed in deployment.contracts.items()}
    places |= {"CashToken": deployment.cash["CNY"].address}
    return {name: len(stage.chain.code(address)) for name, address in sorted(places.items())}


def _measure(holders: int) -> Bench:
    with staged() as stage:
        gas = _told("scenarios", lambda: scenarios.measure(stage))
        plain_gas = _told("a plain ERC-20", lambda: plain.measure(stage))
        start = time.monotonic()
        grown = _told(
            f"one bond with {FEW:,} and with {holders:,} holders",
            lambda: scale.measure(stage, (FEW, holders)),
        )
        seconds = time.monotonic() - start
        contract_sizes, client = sizes(stage), stage.chain.client
    with staged(max(HOLDERS, throughput.ALL)) as stage:
        speeds = _told("the SDK beside web3.py", lambda: throughput.measure(stage))
    with staged(books.EQUAL) as stage:
        large = _told("books of 10,000 and of 1,000 tick bids", lambda: books.measure(stage))
    made = _told(f"{schedules.COUNT:,} schedules beside QuantLib", schedules.measure)
    return Bench(client, gas, plain_gas, grown, seconds, contract_sizes, speeds, large, made)


def _told(what: str, work: Callable[[], Result]) -> Result:
    start = time.monotonic()
    _log.print(f"bench: {what} ...")
    result = work()
    _log.print(f"bench: {what}: {time.monotonic() - start:.1f} s")
    return result


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure gas and throughput.")
    parser.add_argument("--json", action="store_true", help="print the JSON instead of tables")
    parser.add_argument("--holders", type=int, default=10_000, help="the many holders of one bond (10,000)")
    parser.add_argument(
        "--events", type=int, default=growth.MANY, help=f"of the largest audit ({growth.MANY:,})"
    )
    options = parser.parse_args()
    if options.holders <= FEW:
        parser.error(f"--holders must be above {FEW}")
    if options.events < growth.FEW:
        parser.error(f"--events must be at least {growth.FEW}")
    return options
