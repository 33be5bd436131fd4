"""The demonstration, as a person runs it: what it prints, and that it leaves nothing behind."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.processes import ROOT, Command, needs_proc, until

pytestmark = pytest.mark.integration

CASE = ROOT / "src" / "indenture" / "cases" / "boc-2019"

HOLDERS = 60
TENDER = {
    "isin": "CND1000BOC15",
    "method": "uniform price tender by rate",
    "currency": "CNY",
    "offered": 200_000_000,
    "over_allotted": 0,
    "allotted": 200_000_000,
    "take_up": 0,
    "bidders": 63,  # 64 sealed their bids, one lost what opens them
    "issue_rate_percent": "3.2500",
    "issue_price": "100.00",
    "marginal_rate_percent": "3.2500",
    "failed": None,
}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Starts commands, and ends them whatever the test does."""
    started: list[Command] = []

    def run(*arguments: str) -> Command:
        started.append(Command(tmp_path, *arguments))
        return started[-1]

    yield run
    for command in started:
        command.close()


@needs_proc
def test_demo__json__is_one_object_with_exact_amounts(start: Any, tmp_path: Path) -> None:
    demo = start("demo", "--json", "--report", str(tmp_path / "report"))

    assert demo.wait() == 0, demo.err

    result = json.loads(demo.out)
    assert list(result) == ["case", "bond", "tender", "payments", "trades", "audit", "seconds"]
    assert result["case"] == "boc-2019"
    assert result["bond"] == {
        "isin": "CND1000BOC15",
        "units": 200_000_000,
        "face_value": "100.00",
        "holders": HOLDERS,
    }
    assert {name: result["tender"][name] for name in TENDER} == TENDER
    assert Decimal("2.65") < Decimal(result["tender"]["bid_multiple"]) < Decimal("2.75")
    assert result["payments"] == [
        {"date": "2020-12-07", "kind": "coupon", "amount": "650000000.00", "paid_holders": 73},
        {"date": "2021-12-06", "kind": "coupon", "amount": "650000000.00", "paid_holders": 74},
        {"date": "2021-12-06", "kind": "principal", "amount": "20000000000.00", "paid_holders": 74},
    ]
    assert result["trades"] == 214
    assert result["audit"]["differences"] == 0
    assert result["audit"]["events"] > 1_000
    assert Path(result["audit"]["report"]).is_file()
    assert json.loads((tmp_path / "report" / "audit.json").read_text())
    assert result["seconds"]["total"] < 60
    assert demo.living() == []


@needs_proc
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)],
    ids=lambda v: str(v),
)
def test_demo__ended_half_way__leaves_nothing_running(start: Any, sent: signal.Signals, code: int) -> None:
    demo = start("demo")
    assert until(lambda: "Open the book" in demo.err, 60), demo.err
    assert any("anvil" in line for line in demo.living())

    demo.process.send_signal(sent)

    assert demo.wait(20) == code
    assert until(lambda: demo.living() == [], 10), demo.living()
    assert "Traceback" not in demo.err
    if sent is signal.SIGINT:
        assert demo.err.splitlines()[-1] == "Interrupted."


@needs_proc
def test_play__act_refused_half_way__names_it_and_leaves_nothing_running(start: Any, tmp_path: Path) -> None:
    folder = tmp_path / "early"
    shutil.copytree(CASE, folder)
    acts = folder / "acts.yaml"
    text = acts.read_text()
    funding = "  - fund: {bond: boc, period: 1, by: paying-agent}\n"
    early = "  - advance_to: {at: 2020-12-04 18:00}\n"
    assert funding in text
    # Funded before the record date, and before the trading, which only takes time.
    head = text[: text.index("  # --- The first year of trading.")]
    acts.write_text(head + funding + early + "  - audit:\n")
    line = acts.read_text().splitlines().index(funding.rstrip()) + 1

    play = start("play", str(folder))

    assert play.wait() == 7
    assert f"Error: early/acts.yaml:{line}: fund: " in play.err
    assert play.out == ""
    assert play.living() == []
