"""Snapshots of figures: compared, or written anew when ``SNAPSHOTS=update`` says so."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GAS = ROOT / "snapshots" / "gas.json"
PAGE = ROOT / "docs" / "gas.md"
#: Between these two lines of the page stands what is written by the test.
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

CURE = "If this is meant, run `make snapshots`, look at the difference, and commit it with the reason."


def updating() -> bool:
    return os.environ.get("SNAPSHOTS") == "update"


def write_gas(gas: Mapping[str, int]) -> None:
    GAS.write_text(json.dumps(gas, indent=1) + "\n", "utf-8")


def read_gas() -> dict[str, int]:
    return dict(json.loads(GAS.read_text("utf-8"))) if GAS.exists() else {}


def differences(old: Mapping[str, int], new: Mapping[str, int]) -> list[str]:
    """One line for each scenario that is not as it was."""
    lines = [f"{key}: {old[key]:,} -> {new[key]:,} ({new[key] - old[key]:+,})" for key in new if key in old]
    lines = [line for line in lines if not line.endswith("(+0)")]
    lines += [f"{key}: {new[key]:,} is new" for key in new.keys() - old.keys()]
    lines += [f"{key}: is no longer measured" for key in old.keys() - new.keys()]
    return sorted(lines)


def page_with(table: str) -> str:
    """The page with this table in its place."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
