"""The vectors of working days."""

import json
from typing import Any

import pytest
from tests.evm.artefacts import ROOT


@pytest.fixture(scope="session")
def business_days() -> dict[str, Any]:
    """Counts of QuantLib, with the bitmaps that they are of."""
    file = ROOT / "tests" / "vectors" / "business_days.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
