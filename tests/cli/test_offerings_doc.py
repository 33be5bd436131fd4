"""The rules for people agree with the code: the example runs, and every name in the tables exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from scripts import make_cli_docs

from indenture import roles
from indenture.chain import load_abi
from indenture.sealing import ciphertext_length

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "offerings.md").read_text(encoding="utf-8")


def stages() -> Iterator[dict[str, str]]:
    """The table of acts, row by row."""
    table = TEXT.split("\n| act | who |")[1].split("\n\n")[0].splitlines()
    head = ["act", "who", *(cell.strip() for cell in table[0].strip("| ").split("|"))]
    for line in table[2:]:
        yield dict(zip(head, (cell.strip() for cell in line.strip("|").split("|")), strict=True))


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_example__prints_what_it_says() -> None:
    found = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", TEXT, re.DOTALL)
    assert found, "there is no Python block with its output after it"
    code, output = found.groups()

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout == output


def test_stages__every_command__exists() -> None:
    known = {
        " ".join(words[1:]) for words, command in make_cli_docs.walk() if not isinstance(command, click.Group)
    }

    named = {name for row in stages() for name in quoted(row["command"])}
    typed = {" ".join(line.split()[1:3]) for line in re.findall(r"^indenture .*", TEXT, re.MULTILINE)}

    assert named | typed <= known
    groups = ("offer", "syndicate", "bid")
    acts = {name for name in known if name.split()[0] in groups}
    looks = {
        name for name in acts if name.split()[1] in ("check", "preview", "status", "result", "list", "show")
    }
    assert acts - looks - {"offer finish"} == named


def test_stages__every_event__is_told() -> None:
    known = {entry.name for entry in load_abi("IOffering").events.values()}

    named = {name for row in stages() for name in quoted(row["event"])}

    assert named <= known
    money = {"DepositFunded", "DepositWithdrawn", "DepositHeld"}
    assert known - named == money


def test_stages__every_method__is_a_roles() -> None:
    for row in stages():
        for name in quoted(row["SDK"]):
            role, method = name.split(".")
            assert callable(getattr(getattr(roles, role), method)), name


def test_sealing__lengths__are_those_of_ciphertexts() -> None:
    said = re.search(
        r"(\d+) bytes for up to 8 bids, (\d+) up to 16, ([\d,]+) up to 32, ([\d,]+) up to 64", TEXT
    )
    assert said

    assert [int(each.replace(",", "")) for each in said.groups()] == [
        ciphertext_length(bids) for bids in (8, 16, 32, 64)
    ]


def test_links__lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target
