"""What the documents on interest show is what the code computes: every example runs, in one go."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.cli.conftest import Run

from indenture import termsheet
from indenture.daycount import DayCount

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
DOCS = ("interest", "daycounts", "schedules", "benchmarks", "termsheets")
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCS)
def test_examples__print_what_they_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    blocks = list(_BLOCK.finditer(text_of(name)))
    assert any(block[1] == "python" for block in blocks)

    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block[2], f"docs/{name}.md", "exec"), names)  # noqa: S102 - our own documents
        said = after[2] if after is not None and after[1] == "" and printed.getvalue() else ""
        assert printed.getvalue() == said, block[2]


def test_readme__schedule__is_what_the_command_prints(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    shown = re.search(r"^```text\n\$ indenture (schedule .*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown, "the README shows no schedule"

    assert run(*shown[1].split()).out.rstrip() == shown[2].rstrip()


def test_termsheets__every_field__is_there() -> None:
    text = text_of("termsheets")
    blocks: list[type[BaseModel]] = [
        termsheet.TermSheet,
        termsheet.CouponTerms,
        termsheet.FloatingTerms,
        termsheet.InflationTerms,
        termsheet.KpiTerms,
        termsheet.AccretionTerms,
        termsheet.CapitalisationTerms,
        termsheet.DeferralTerms,
        termsheet.PrincipalTerms,
        termsheet.RenewalTerms,
        termsheet.WithholdingTerms,
        termsheet.BusinessDayTerms,
        termsheet.RecordTerms,
    ]
    for block in blocks:
        for name, field in block.model_fields.items():
            assert f"`{field.alias or name}`" in text, f"{block.__name__}.{name}"


def test_termsheets__every_sheet__is_listed() -> None:
    text = text_of("termsheets")
    for path in (ROOT / "terms").glob("*.yaml"):
        if not path.stem.endswith(("-book", "-tender")):
            assert f"../terms/{path.name}" in text


def test_daycounts__every_convention__is_there() -> None:
    for convention in DayCount:
        assert f"`{convention.label}`" in text_of("daycounts")


@pytest.mark.parametrize("name", [*DOCS, "roadmap", "units", "architecture"])
def test_links__lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text_of(name)):
        assert (ROOT / "docs" / target).exists(), target
