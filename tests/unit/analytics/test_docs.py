"""The examples of docs/analytics.md run, and print what the page says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = re.findall(
    r"```python\n(.*?)```\n\n```\n(.*?)```", (ROOT / "docs" / "analytics.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize(("code", "output"), EXAMPLES, ids=["fixed", "assumed", "floating", "ends"])
def test_docs__example__prints_what_it_says(code: str, output: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout == output
