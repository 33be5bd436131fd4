"""What stands around the payments of a bond: face and term, sums, tax, slips of the pen, a file of them."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.conftest import Run

pytestmark = pytest.mark.unit

TERMS = Path(__file__).resolve().parents[2] / "terms"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for every column, however wide the terminal is in which the tests run."""
    monkeypatch.setenv("COLUMNS", "200")


def terms(name: str) -> Path:
    return TERMS / f"{name}.yaml"


def test_schedule__header__names_face_and_term(run: Run) -> None:
    shown = run("schedule", terms("pr-jingchengtou"), "--units", "1_000")
    data = run("schedule", terms("discount-bill"), "--json").json

    assert "face     CNY 100,000.00" in shown.out.splitlines()
    assert "term     2019-04-22 to 2026-04-22" in shown.out.splitlines()
    assert "issue price 99.25 %" in run("schedule", terms("discount-bill")).out.splitlines()
    assert (data["issue_date"], data["maturity_date"]) == ("2025-03-10", "2025-09-08")
    assert (data["face"], data["issue_price_percent"]) == ("2000000000.00", "99.25")


def test_schedule__header_of_a_called_bond__ends_when_it_is_called(run: Run) -> None:
    shown = run("schedule", terms("callable-window"), "--called", "2025-06-02", "--json").json

    assert (shown["issue_date"], shown["maturity_date"]) == ("2023-03-20", "2025-06-02")


def test_sums__of_all_payments__stand_below_them(run: Run) -> None:
    shown = run("schedule", terms("pr-jingchengtou"), "--units", 1000)
    data = run("schedule", terms("pr-jingchengtou"), "--units", 1000, "--json").json

    foot = next(line.split() for line in shown.out.splitlines() if line.startswith("Σ"))
    for name in ("interest", "principal", "total"):
        total = sum(Decimal(row[name]) for row in data["payments"])
        assert Decimal(data["sum"][name]) == total
        assert f"{total:,}" in foot


def test_sums__while_a_payment_is_open__are_open(run: Run) -> None:
    shown = run("schedule", terms("floating-term"), "--json").json

    assert shown["sum"] == {"interest": None, "principal": "3000000000.00", "total": None}
    foot = next(
        line.split()
        for line in run("schedule", terms("floating-term")).out.splitlines()
        if line.startswith(" Σ")
    )
    assert foot == ["Σ", "open", "3,000,000,000.00", "open"]


def test_sums__of_one_payment__are_not_said_again(run: Run) -> None:
    assert "Σ" not in run("schedule", terms("discount-bill")).out


def test_holder__of_a_class_that_is_taxed__sees_tax_and_what_is_left(run: Run) -> None:
    shown = run("schedule", terms("withholding"), "--units", 7, "--holder", "natural-person")
    data = run("schedule", terms("withholding"), "--units", 7, "--holder", "natural-person", "--json").json

    # Seven times 1.32, of which a fifth, rounded down, is tax.
    assert [(row["tax"], row["net"]) for row in data["payments"]] == [("1.84", "7.40")] * 3 + [
        ("1.84", "707.40")
    ]
    assert (data["sum"]["tax"], data["sum"]["net"]) == ("7.36", "729.60")
    assert data["rights"] == ["20 % of the interest is withheld as tax"]
    assert "7.36" in shown.out
    free = run("schedule", terms("withholding"), "--units", 7, "--holder", "bank", "--json").json
    assert {(row["tax"], row["net"] == row["total"]) for row in free["payments"]} == {("0.00", True)}


def test_holder__of_interest_that_is_open__has_open_tax(run: Run, tmp_path: Path) -> None:
    text = terms("floating-term").read_text(encoding="utf-8")
    (tmp_path / "taxed.yaml").write_text(f"{text}withholding: {{rates: [{{classes: all, percent: 10}}]}}\n")

    rows = run("schedule", "taxed.yaml", "--holder", "bank", "--json").json["payments"]

    assert {(row["tax"], row["net"]) for row in rows} == {(None, None)}


def test_csv__of_the_payments__has_what_json_has(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "flows.csv"
    data = run("schedule", terms("callable-window"), "--units", 3, "--csv", file, "--json").json

    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == len(data["payments"]) == 10
    for row, payment in zip(rows, data["payments"], strict=True):
        assert row == {**{k: str(v) for k, v in payment.items()}, "rights": "; ".join(payment["rights"])}


def test_csv__of_what_is_open__is_empty_there(run: Run, tmp_path: Path) -> None:
    run("schedule", terms("floating-term"), "--csv", tmp_path / "flows.csv")

    rows = list(csv.DictReader((tmp_path / "flows.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["rate_percent"], row["interest"], row["state"]) for row in rows} == {("", "", "open")}


def test_csv__where_nobody_may_write__names_the_option(run: Run, tmp_path: Path) -> None:
    refused = run("schedule", terms("step-coupon"), "--csv", tmp_path / "no" / "flows.csv")

    assert refused.code == 2
    assert "--csv" in refused.err


def test_remarks__of_a_rate_that_may_be_a_slip__are_shown(run: Run, tmp_path: Path) -> None:
    text = terms("boc-2019-sme").read_text(encoding="utf-8").replace("rate: 3.25 ", "rate: 0.0325 ")
    (tmp_path / "slip.yaml").write_text(text)

    shown, data = run("schedule", "slip.yaml"), run("schedule", "slip.yaml", "--json").json

    remark = "coupon.rate: 0.0325 % a year; if 3.25 % is meant, write 3.25"
    assert data["remarks"] == [remark]
    assert f"look twice {remark}" in shown.out.splitlines()
    assert run("schedule", terms("boc-2019-sme"), "--json").json["remarks"] == []


def test_remarks__of_a_price_that_may_be_a_slip__are_shown(run: Run) -> None:
    shown = run("schedule", terms("boc-2019-sme"), "--clean", "1.004", "--on", "2020-06-05", "--json").json

    assert shown["remarks"] == ["clean: 1.004 % of the principal; if 100.4 % is meant, write 100.4"]


# What is asked for


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["CND1000BOC16"], "the check digit is 6, expected 5"),
        (["."], ". is a folder, and no term sheet"),
        (["no.yaml"], "no.yaml: cannot be read: No such file or directory\nCheck the path."),
        ([TERMS / "boc-2019-smes.yml"], f"Did you mean {TERMS}/boc-2019-sme.yaml?"),
        ([TERMS / "boc-2019-book.yaml"], "boc-2019-book.yaml is the sheet of an offering, and no term sheet"),
    ],
)
def test_schedule__no_bond__says_what_is_wrong_with_it(
    given: list[str | Path], message: str, run: Run
) -> None:
    refused = run("schedule", *given)

    assert (refused.code, refused.out) == (2, "")
    assert message in refused.err


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--clean", "0", "'0' is no price: give it per 100, such as 100.40."),
        ("--dirty", "-3", "'-3' is no price"),
        ("--clean", "100,4", "Decimals follow a point: 100.4."),
        ("--yield", "three", "'three' is not a number."),
        ("--on", "31/12/2020", "Write year, month, day: 2020-12-31."),
        ("--units", "1e5", "Write it in digits, without decimals: 1_000_000."),
        ("--units", "1,000", "Set thousands off by underscores, or by nothing: 1_000."),
        ("--amount", "EUR 1000", "Give the number alone, without the currency: 1000."),
        ("--holder", "banks", "is not one of"),
    ],
)
def test_schedule__option_that_cannot_be_read__says_how(
    option: str, value: str, message: str, run: Run
) -> None:
    refused = run("schedule", terms("boc-2019-sme"), option, value)

    assert (refused.code, refused.out) == (2, "")
    assert message in " ".join(refused.err.split())


@pytest.mark.parametrize("sign", ["", "%", " %"])
def test_schedule__percents_with_their_sign_or_without__are_the_same(sign: str, run: Run) -> None:
    shown = run("schedule", terms("boc-2019"), "--coupon", f"3.25{sign}", "--yield", f"3.25{sign}",
                "--on", "2019-12-05", "--json").json  # fmt: skip

    assert shown["payments"][0]["rate_percent"] == "3.25"
    assert shown["value"]["clean"] == "100.000000"


def test_value__of_a_floating_rate__has_its_margin_and_a_duration_to_the_next_fixing(run: Run) -> None:
    asked = ("schedule", terms("floating-term"), "--forward", "2.5", "--clean", 100, "--on", "2023-12-20")

    shown, value = run(*asked), run(*asked, "--json").json["value"]

    assert value["discount_margin_basis_points"] == "60.0000"
    assert value["effective_duration"] == "0.250812"
    assert "discount margin    60.0000 bp" in shown.out.splitlines()
    assert "effective duration 0.250812 years" in shown.out.splitlines()
    fixed = run("schedule", terms("step-coupon"), "--clean", 100, "--on", "2024-07-01", "--json").json[
        "value"
    ]
    assert "discount_margin_basis_points" not in fixed


@pytest.mark.parametrize(
    ("how", "yield_percent"),
    [("compounded", "1.521245"), ("simple", "1.515487"), ("continuous", "1.509790")],
)
def test_value__compounded_in_another_way__is_another_yield(how: str, yield_percent: str, run: Run) -> None:
    asked = (
        "schedule",
        terms("discount-bill"),
        "--clean",
        "99.25",
        "--on",
        "2025-03-10",
        "--compounding",
        how,
    )

    shown, value = run(*asked), run(*asked, "--json").json["value"]

    assert (value["yield_percent"], value["compounding"]) == (yield_percent, how)
    said = "" if how == "compounded" else f" {how}"
    assert f"yield             {yield_percent} %{said}" in shown.out.splitlines()
    assert (value["duration"] is None) == (how != "compounded")


def test_value__that_depends_on_days_that_are_not_published__names_the_option(
    run: Run, tmp_path: Path
) -> None:
    text = terms("huaxia-2025").read_text(encoding="utf-8").replace("ACT/ACT ICMA", "BUS/252")
    (tmp_path / "bus.yaml").write_text(text)
    asked = ("schedule", "bus.yaml", "--coupon", 2, "--clean", 100, "--on", "2026-01-05")

    refused = run(*asked)

    assert refused.code == 2
    assert refused.lines[-1] == "Say what you assume: --weekdays, Monday to Friday."
    assert run(*asked, "--weekdays").code == 0


def test_value__compounded_without_a_price__asks_for_one(run: Run) -> None:
    refused = run("schedule", terms("discount-bill"), "--compounding", "simple")

    assert (refused.code, refused.lines[0]) == (2, "Error: --compounding needs a price or a yield")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["shedule"], "Did you mean schedule?"),
        (["calender", "show"], "Did you mean calendar?"),
        (["call", "hole"], "Did you mean whole?"),
        (["issue", "registre"], "Did you mean register?"),
        (["bonds"], "No such command 'bonds'."),
    ],
)
def test_command__mistyped__is_suggested(typed: list[str], meant: str, run: Run) -> None:
    refused = run(*typed)

    assert refused.code == 2
    assert refused.lines[-1].endswith(meant)
