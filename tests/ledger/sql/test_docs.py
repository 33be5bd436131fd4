"""The page of questions has those of the files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from indenture.ledger.state import PARTS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]


def test_questions_page__against_the_files__is_fresh() -> None:
    script = ROOT / "scripts" / "make_question_docs.py"
    found = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stderr


def test_questions_page__the_whole_state__has_each_part_once() -> None:
    page = (ROOT / "docs" / "questions.md").read_text("utf-8")
    told = page[page.index("| what | parts |") : page.index("An instant stands for")]

    assert sorted(re.findall(r"`(\w+)`", told)) == sorted(part.name for part in PARTS)
