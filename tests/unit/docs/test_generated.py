"""What scripts generate is what is committed."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

SCRIPTS = ("make_calendars.py", "make_cli_docs.py", "make_contract_docs.py", "make_vectors.py")
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("script", SCRIPTS)
def test_generated_files__checked__are_fresh(script: str) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
