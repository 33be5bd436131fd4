"""One value, two readers: a person and a program."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from indenture.cli._output import Facts, Grid, View, facts, grid, plain, show, text
from indenture.cli._session import say
from indenture.daycount import DayCount
from indenture.membership import MemberClass, Role
from indenture.money import CNY
from indenture.primary import Stage

pytestmark = pytest.mark.unit

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "for_a_program", "for_a_person"),
    [
        (None, None, "-"),
        (True, True, "yes"),
        (1234567, 1234567, "1,234,567"),
        (Decimal("1.10"), "1.10", "1.10"),
        (Decimal("1E+2"), "100", "100"),
        (CNY.money("20650000000"), "20650000000.00", "CNY 20,650,000,000.00"),
        (date(2020, 12, 7), "2020-12-07", "2020-12-07"),
        (datetime(2019, 12, 3, 9, tzinfo=CHINA), "2019-12-03T01:00:00Z", "2019-12-03 01:00:00 UTC"),
        (datetime(2019, 12, 3, 9, tzinfo=UTC), "2019-12-03T09:00:00Z", "2019-12-03 09:00:00 UTC"),
        (b"\x01\xff", "0x01ff", "0x01ff"),
        (MemberClass.SECURITIES_FIRM, "securities-firm", "securities-firm"),
        (Role.HOLDER | Role.PAYING_AGENT, "holder, paying-agent", "holder, paying-agent"),
        (Role(0), "none", "none"),
        (DayCount.ACT_ACT_ICMA, "ACT/ACT ICMA", "ACT/ACT ICMA"),
        (Stage.PUBLISHED, "published", "published"),
        ((1, "a"), [1, "a"], "1, a"),
        ((), [], "-"),
    ],
)
def test_value__of_any_kind__is_shown_to_both(value: Any, for_a_program: Any, for_a_person: str) -> None:
    assert plain(value) == for_a_program
    assert text(value) == for_a_person


def test_show__as_json__is_one_value_with_plain_keys(capsys: pytest.CaptureFixture[str]) -> None:
    show(facts("Bond", {"Units outstanding": 3, "pay-day": None}), as_json=True)

    assert json.loads(capsys.readouterr().out) == {"units_outstanding": 3, "pay_day": None}


def test_show__one_currency_in_a_column__stands_in_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    show(grid("Paid", [{"amount": CNY.money(5)}, {"amount": CNY.money(1000)}]), as_json=False)

    title, head, _, first, second = capsys.readouterr().out.strip().splitlines()
    assert (title, head.strip()) == ("Paid", "amount, CNY")
    assert (first.strip(), second.strip()) == ("5.00", "1,000.00")


def test_show__no_rows__says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show(View([], [Grid("Orders", [], "None yet.")]), as_json=False)

    assert capsys.readouterr().out.split() == ["Orders", "None", "yet."]


def test_show__long_values__are_folded_never_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    show(View({}, [Facts("Tx", {"transaction": "0x" + "ab" * 32})]), as_json=False)

    assert capsys.readouterr().out.count("ab") == 32


FOREIGN = "\x1b[2J\u202eABC\u009b[bold]x[/bold] [/] :bank: \U000e0041"
"""What anybody may have written on a chain: it moves no cursor, turns nothing round, and is no markup."""


@pytest.mark.parametrize("block", ["facts", "grid", "empty", "note", "title"])
def test_show__words_of_a_stranger__are_spelt_out(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    blocks: dict[str, Facts | Grid] = {
        "facts": Facts("Bond", {"name": FOREIGN}),
        "grid": Grid("Bonds", [{"name": FOREIGN}]),
        "empty": Grid("Bonds", [], empty=FOREIGN),
        "note": Grid("Bonds", [{"name": "a"}], notes=[FOREIGN]),
        "title": Facts(FOREIGN, {"name": "a"}),
    }

    show(View({}, [blocks[block]]), as_json=False)

    out = capsys.readouterr().out
    assert r"\u001b[2J\u202eABC\u009b[bold]x[/bold] [/] :bank: \ue0041" in " ".join(out.split())
    assert all(letter.isprintable() or letter == "\n" for letter in out)


def test_show__words_of_a_stranger_as_json__are_the_same_value(capsys: pytest.CaptureFixture[str]) -> None:
    show(View({"name": FOREIGN, "city": "北京\n"}), as_json=True)

    out = capsys.readouterr().out
    assert json.loads(out) == {"name": FOREIGN, "city": "北京\n"}
    assert "北京" in out
    assert all(letter.isprintable() or letter == "\n" for letter in out)


def test_say__words_of_a_stranger__are_spelt_out(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"Error: {FOREIGN}\nand a second line")

    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(r"Error: \u001b[2J\u202eABC\u009b")
    assert second == "and a second line"
