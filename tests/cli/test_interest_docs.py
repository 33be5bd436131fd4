"""What the documents on interest and rights show is what the code computes: every example runs, in one go."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from scripts import make_cli_docs
from tests.cli.conftest import Run
from tests.cli.world import changed

from indenture import roles, termsheet
from indenture.daycount import DayCount
from indenture.termsheet import parse_term_sheet

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
DOCS = (
    "interest",
    "rights",
    "offers",
    "default",
    "versions",
    "daycounts",
    "schedules",
    "benchmarks",
    "termsheets",
)
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
    shown = re.search(
        r"^```text\n\$ indenture (schedule [^\n]*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL
    )
    assert shown, "the README shows no schedule"

    printed = run(*shown[1].split())

    assert (printed.code, printed.out.rstrip()) == (0, shown[2].rstrip())


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
        termsheet.RightsTerms,
        termsheet.CallTerms,
        termsheet.PutTerms,
        termsheet.EventTerms,
        termsheet.SinkingTerms,
        termsheet.ExtensionTerms,
        termsheet.DefaultBlock,
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


@pytest.mark.parametrize("name", ["rights", "README"])
def test_rights__as_a_term_sheet_has_them__are_read(name: str) -> None:
    text = README if name == "README" else text_of(name)
    (shown,) = (block[2] for block in _BLOCK.finditer(text) if block[2].startswith("rights:"))
    dates = {
        "issue_date: 2019-12-05": "issue_date: 2021-06-15",
        "maturity_date: 2021-12-05": "maturity_date: 2026-06-15",
    }
    sheet = changed((ROOT / "terms" / "boc-2019-sme.yaml").read_text(encoding="utf-8"), dates)

    rights = parse_term_sheet(sheet + shown).rights

    assert rights.calls[0].notice_days == 30
    assert rights.amendment_share == 750_000_000


@pytest.mark.parametrize("name", ["rights", "offers", "versions"])
def test_rights__methods_of_the_sdk__are_there(name: str) -> None:
    named = re.findall(r"`([A-Z]\w+)\.(\w+)`", text_of(name))
    found = [(role, act) for role, act in named if hasattr(roles, role)]

    assert found
    for role, act in found:
        assert hasattr(getattr(roles, role), act), f"{role}.{act}"


@pytest.mark.parametrize("name", ["rights", "offers", "versions", "default"])
def test_rights__errors_that_are_named__are_those_of_the_contracts(name: str) -> None:
    for error in set(re.findall(r"\(`([A-Z]\w+)`\)", text_of(name))) - {"Action"}:
        assert f"`{error}(" in text_of("errors") + text_of("events"), error


@pytest.mark.parametrize("name", ["rights", "offers", "versions"])
def test_rights__commands_of_the_tables__are_there(name: str) -> None:
    commands = {" ".join(words[1:]) for words, _ in make_cli_docs.walk()}
    for table in re.findall(r"(?:^\|.*\n)+", text_of(name), re.MULTILINE):
        head, _, *rows = (line.strip().strip("|").split("|") for line in table.splitlines())
        if "command" not in head[-1]:
            continue
        for row in rows:
            for command in re.findall(r"`([^`]+)`", row[-1]):
                assert command in commands


@pytest.mark.parametrize(
    "name",
    [*DOCS, "roadmap", "units", "architecture", "roles", *(f"decisions/{path.stem}" for path in DECISIONS)],
)
def test_links__lead_somewhere(name: str) -> None:
    text = text_of(name)
    for target, anchor in re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", text):
        file = (ROOT / "docs" / name).parent / target if target else ROOT / "docs" / f"{name}.md"
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor[1:] in anchors(file), f"{target}{anchor}"


def anchors(file: Path) -> set[str]:
    """What links into a document can name: its headings, as the host of the repository spells them."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
