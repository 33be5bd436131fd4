"""The page of questions has those of the files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]


def test_questions_page__against_the_files__is_fresh() -> None:
    script = ROOT / "scripts" / "make_question_docs.py"
    found = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stderr
