"""docs/ledger.md tells of the tables that there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def test_ledger_docs__checked__are_fresh() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_ledger_docs.py"), "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
