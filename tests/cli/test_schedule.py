"""What a bond pays, as a person and a program see it: every kind of term sheet, without any node."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import Run
from tests.cli.world import changed

from indenture import load_term_sheet
from indenture.analytics import Analysis

pytestmark = pytest.mark.unit

TERMS = Path(__file__).resolve().parents[2] / "terms"
SHEETS = sorted(path.stem for path in TERMS.glob("*.yaml") if not path.stem.endswith(("-book", "-tender")))
DAY_OR_NOTHING = re.compile(r"\d{4}-\d{2}-\d{2}|None")


def terms(name: str) -> Path:
    return TERMS / f"{name}.yaml"


# Every sheet


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", SHEETS)
def test_schedule__of_every_sheet__fits_the_terminal(
    name: str, columns: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    shown = run("schedule", terms(name))

    assert (shown.code, shown.err) == (0, "")
    assert max(len(line) for line in shown.out.splitlines()) <= columns
    assert "\x1b" not in shown.out, "a pipe has no colours"
    assert "Payments over time" in shown.out


@pytest.mark.parametrize("name", SHEETS)
def test_schedule__of_every_sheet__is_complete_for_machines(name: str, run: Run) -> None:
    payments = run("schedule", terms(name), "--json").json["payments"]

    assert len(payments) == load_term_sheet(terms(name)).period_count
    for row in payments:
        assert all(
            DAY_OR_NOTHING.fullmatch(str(row[key])) for key in ("from", "to", "due", "paid", "record_day")
        )
        money = [row[key] for key in ("interest", "principal", "total") if row[key] is not None]
        assert all(isinstance(each, str) and Decimal(each) >= 0 for each in money)
        assert (row["state"] == "open") == (row["total"] is None)


@pytest.mark.parametrize("name", SHEETS)
def test_svg__of_every_sheet__is_a_file_that_needs_nothing_else(name: str, run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "flows.svg"

    assert run("schedule", terms(name), "--svg", picture).code == 0

    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert root.tag.endswith("svg")
    assert not [each for each in root.iter() if "href" in str(each.attrib) or each.tag.endswith("image")]
    assert load_term_sheet(terms(name)).name in picture.read_text(encoding="utf-8").replace("&amp;", "&")


def test_svg__where_nobody_may_write__names_the_option(run: Run, tmp_path: Path) -> None:
    refused = run("schedule", terms("step-coupon"), "--svg", tmp_path / "no" / "flows.svg")

    assert refused.code == 2
    assert "--svg" in refused.err


# What is known, and what is not


def test_floating__without_assumption__is_open_and_says_what_it_follows(run: Run) -> None:
    shown = run("schedule", terms("floating-term"), "--json").json
    told = run("schedule", terms("floating-term")).out

    assert {row["rate_percent"] for row in shown["payments"]} == {None}
    assert [row["principal"] for row in shown["payments"]][-1] == "3000000000.00"
    assert shown["assumptions"] == []
    assert "open: it follows SHIBOR3M." in told


def test_floating__with_a_forward_rate__is_projected_and_says_so(run: Run) -> None:
    shown = run("schedule", terms("floating-term"), "--forward", "2.5", "--units", 1000, "--json").json

    assert {row["state"] for row in shown["payments"]} == {"projected"}
    assert {row["rate_percent"] for row in shown["payments"]} == {"3.1"}
    assert shown["payments"][0]["interest"] == "783.61"  # 100,000 at 3.1 % for 91/360, rounded down
    assert shown["assumptions"] == ["SHIBOR3M is 2.5 % from period 1 on"]


@pytest.mark.parametrize(("kpi", "last"), [("met", "3.1"), ("missed", "3.45")])
def test_kpi__is_known_until_its_first_test(kpi: str, last: str, run: Run) -> None:
    without = run("schedule", terms("sustainability-linked"), "--json").json["payments"]
    rows = run("schedule", terms("sustainability-linked"), "--kpi", kpi, "--json").json["payments"]

    assert [row["state"] for row in without] == ["terms", "terms", "open"]
    assert [row["rate_percent"] for row in rows] == ["3.1", "3.1", last]


def test_inflation__with_a_rate_of_inflation__grows(run: Run) -> None:
    rows = run("schedule", terms("inflation-linked"), "--inflation", 2, "--json").json["payments"]

    interest = [Decimal(row["interest"]) for row in rows]
    assert interest == sorted(interest)
    assert Decimal(rows[-1]["principal"]) > 1_120_000_000


def test_renewal__adds_periods_whose_rate_is_open_until_one_is_assumed(run: Run) -> None:
    once = run("schedule", terms("tiejian-19y4"), "--renew", 1, "--json").json["payments"]
    rated = run("schedule", terms("tiejian-19y4"), "--renew", 1, "--forward", "2.5", "--json").json[
        "payments"
    ]

    assert [row["state"] for row in once] == ["terms"] * 3 + ["open"] * 3
    assert [row["rate_percent"] for row in rated] == ["4.05"] * 3 + ["6.7"] * 3
    assert [row["principal"] for row in rated][2::3] == ["0.00", "1500000000.00"]


def test_deferral__moves_interest_to_the_next_payment(run: Run) -> None:
    rows = run("schedule", terms("tiejian-19y4"), "--defer", 1, "--units", 1000, "--json").json["payments"]

    assert [row["interest"] for row in rows] == ["0.00", "8264.02", "4050.00"]


def test_capitalisation__shows_the_factor(run: Run) -> None:
    rows = run("schedule", terms("payment-in-kind"), "--json").json["payments"]

    assert [row["factor"] for row in rows][:3] == ["1.0", "1.0425", "1.08680625"]
    assert [row["interest"] for row in rows][:4] == ["0.00"] * 4


def test_unpublished_years__are_marked_and_never_guessed(run: Run) -> None:
    rows = run("schedule", terms("huaxia-2025"), "--json").json["payments"]
    told = run("schedule", terms("huaxia-2025")).out
    guessed = run("schedule", terms("huaxia-2025"), "--weekdays", "--json").json

    assert [row["paid"] for row in rows] == ["2026-12-07", None, None]
    assert [row["due"] for row in rows] == ["2026-12-05", "2027-12-05", "2028-12-05"]
    assert "unpublished: the working days of CN-IB are known from 2019 to 2026." in told
    assert [row["paid"] for row in guessed["payments"]] == ["2026-12-07", "2027-12-06", "2028-12-05"]
    assert guessed["assumptions"][0].startswith("Monday to Friday are business days of CN-IB in 2027")


# The holding


def test_holding__by_face__is_that_of_its_units(run: Run) -> None:
    by_units = run("schedule", terms("step-coupon"), "--units", 1000, "--json").json
    by_face = run("schedule", terms("step-coupon"), "--amount", "100000", "--json").json

    assert by_units == by_face


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--amount", "150"), "--amount 150"),
        (("--units", "0"), "--units 0"),
        (("--units", "5", "--amount", "500"), "--units and --amount"),
        (("--forward", "2"), "--forward"),
        (("--inflation", "2"), "--inflation"),
        (("--kpi", "met"), "--kpi"),
        (("--renew", "1"), "--renew"),
        (("--defer", "1"), "--defer"),
        (("--clean", "100", "--dirty", "101", "--on", "2024-07-01"), "--clean and --dirty"),
        (("--clean", "100"), "--clean"),
        (("--on", "2024-07-01"), "--on"),
        (("--clean", "100", "--on", "2026-06-01"), "2026-06-01"),
        (("--clean", "100", "--on", "1.7.2024"), "--on"),
    ],
)
def test_options__that_do_not_fit__are_named(arguments: tuple[str, ...], named: str, run: Run) -> None:
    refused = run("schedule", terms("step-coupon"), *arguments)

    assert refused.code == 2
    assert named in refused.err
    assert refused.out == ""


# Value


def test_value__from_a_clean_price__is_that_of_analytics(run: Run) -> None:
    shown = run(
        "schedule", terms("step-coupon"), "--clean", "100.40", "--on", "2024-07-01", "--units", 1000, "--json"
    ).json["value"]
    expected = Analysis(load_term_sheet(terms("step-coupon"))).measures(date(2024, 7, 1), clean=100.40)

    assert Decimal(shown["yield_percent"]) == pytest.approx(
        Decimal(expected.yield_to_maturity * 100), abs=1e-6
    )
    assert Decimal(shown["modified_duration"]) == pytest.approx(Decimal(expected.modified), abs=1e-6)
    assert Decimal(shown["dirty"]) == Decimal(shown["clean"]) + Decimal(shown["accrued"])
    assert shown["to_pay"] == "100687.67"  # 100,400 and 30 days of 3,500 by 365


def test_value__price_and_yield__are_inverse(run: Run) -> None:
    at = ("--on", "2024-07-01", "--json")
    clean = run("schedule", terms("step-coupon"), "--clean", "100.40", *at).json["value"]
    back = run("schedule", terms("step-coupon"), "--yield", clean["yield_percent"], *at).json["value"]
    dirty = run("schedule", terms("step-coupon"), "--dirty", clean["dirty"], *at).json["value"]

    assert Decimal(back["clean"]) == pytest.approx(Decimal("100.40"), abs=1e-5)
    assert Decimal(dirty["clean"]) == pytest.approx(Decimal("100.40"), abs=1e-5)


def test_value__after_the_record_date__is_ex_with_negative_accrued(run: Run) -> None:
    at = ("--clean", "100.40", "--units", 100, "--json")
    cum = run("schedule", terms("step-coupon"), "--on", "2025-05-30", *at).json["value"]
    ex = run("schedule", terms("step-coupon"), "--on", "2025-05-31", *at).json["value"]

    assert cum["coupon"] == "cum: payment 4 is the buyer's"
    assert ex["coupon"] == "ex: payment 4 stays with the seller"
    assert Decimal(cum["accrued"]) > 0 > Decimal(ex["accrued"])
    assert ex["accrued_amount"] == "-0.95"


def test_value__with_a_curve__has_a_z_spread(run: Run, tmp_path: Path) -> None:
    curve = tmp_path / "curve.csv"
    curve.write_text("# zero rates\n2025-01-01,2.0\n2030-01-01,2.4\n", encoding="utf-8")
    at = ("--clean", "100", "--on", "2024-07-01", "--curve", curve)

    value = run("schedule", terms("step-coupon"), *at, "--json").json["value"]
    curve.write_text("2025-01-01,two\n", encoding="utf-8")
    refused = run("schedule", terms("step-coupon"), *at)

    assert Decimal(value["z_spread_basis_points"]) > 0
    assert (refused.code, "line 1" in refused.err, "--curve" in refused.err) == (2, True, True)


def test_value__of_what_is_open__asks_for_the_assumption_by_its_option(run: Run) -> None:
    at = ("--clean", "100", "--on", "2024-07-01")
    refused = run("schedule", terms("floating-term"), *at)
    valued = run("schedule", terms("floating-term"), *at, "--forward", "2.5", "--json").json

    assert refused.code == 2
    assert refused.lines[-1] == "Say what you assume: --forward 2.5."
    assert valued["assumptions"] == ["SHIBOR3M is 2.5 % from period 1 on"]
    assert valued["value"]["coupon"] == "cum: payment 8 is the buyer's"


# The picture


@pytest.mark.parametrize(
    ("name", "changes", "span"),
    [
        ("treasury-0619", {"semi-annual": "monthly", "2021-11-15 ": "2036-11-15 "}, "each year"),
        ("every-28-days", {"every 28 days": "every 1 days"}, "each month"),
        ("step-coupon", {}, "each payment"),
    ],
)
def test_drawing__of_many_payments__joins_them(
    name: str, changes: dict[str, str], span: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    sheet = tmp_path / "many.yaml"
    sheet.write_text(changed(terms(name).read_text(encoding="utf-8"), changes), encoding="utf-8")

    drawn = run("schedule", sheet).out.split("Payments over time")[1].splitlines()

    assert drawn[1].startswith(span)
    assert drawn[2].rstrip().endswith("interest")
    assert "█" in drawn[2] or "▄" in drawn[2]


def test_drawing__left_out__leaves_the_table(run: Run) -> None:
    shown = run("schedule", terms("step-coupon"), "--no-drawing")

    assert "Payments over time" not in shown.out
    assert "2026-06-01" in shown.out


# Rights


def test_rights__in_the_table_the_picture_and_json(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "flows.svg"

    shown = run("schedule", terms("callable-step-down"), "--svg", picture)
    found = run("schedule", terms("callable-step-down"), "--json").json

    assert "call, whole or in part  2023-04-15  2023-04-15  30 days before  102 %" in shown.out
    assert "C call" in shown.out
    assert [row["rights"] for row in found["payments"] if row["rights"]] == [
        ["call 102"],
        ["call 101"],
        ["call 100"],
    ]
    assert found["right_days"][0] == {
        "right": "call, whole or in part",
        "from": "2023-04-15",
        "to": "2023-04-15",
        "notice": "30 days before",
        "price_percent": "102",
    }
    drawn = picture.read_text(encoding="utf-8")
    assert "<title>2023-04-15: call 102</title>" in drawn
    assert "C: call." in drawn


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("callable-window", "call 102.875, call 100"),
        ("financial-street-2021", "put 100"),
        ("sinking-by-lot", "draws 500,000"),
        ("extendible", "may be extended"),
    ],
)
def test_rights__each_kind__stands_with_its_payment(name: str, words: str, run: Run) -> None:
    found = run("schedule", terms(name), "--json").json

    assert words in [", ".join(row["rights"]) for row in found["payments"]]


def test_rights__without_days__are_said_in_words(run: Run) -> None:
    events = run("schedule", terms("stated-events"), "--json").json
    defaults = run("schedule", terms("default-terms"), "--json").json

    assert events["rights"] == [
        "on CONTROL the holders may put it at 101 %",
        "on TAX the issuer may redeem it at 100 %",
    ]
    assert defaults["rights"] == [
        "a payment is missed after 5 days of grace",
        "what is overdue bears 7.665 % a year",
        "holders of 25 % of the units can then make it due",
        "so they can when another bond of the issuer is in default",
        "holders of 66.6666667 % of the units can change its terms",
    ]
    assert "right_days" not in events


def test_called__a_stub_and_the_price(run: Run) -> None:
    found = run("schedule", terms("callable-window"), "--units", 100, "--called", "2025-06-02", "--json").json

    last = found["payments"][-1]
    assert (len(found["payments"]), last["due"], last["year_fraction_exact"]) == (5, "2025-06-02", "1/5")
    assert (last["interest"], last["principal"]) == ("1150.00", "102875.00")
    assert found["assumptions"] == ["the issuer calls the bond for 2025-06-02 at 102.875 %"]


def test_put__of_the_real_issue__is_what_was_paid(run: Run) -> None:
    """On 9 August 2024: 19,000,000 units at par, and three years of 3.08 %."""
    found = run("schedule", terms("financial-street-2021"), "--put", "2024-08-09", "--json").json

    last = found["payments"][-1]
    assert (last["paid"], last["record_day"]) == ("2024-08-09", "2024-08-08")
    assert (last["interest"], last["principal"]) == ("58520000.00", "1900000000.00")


def test_called__the_real_tier_2_bond__after_five_years_at_par(run: Run) -> None:
    found = run("schedule", terms("boc-2019-tier2"), "--called", "2024-11-22", "--json").json

    last = found["payments"][-1]
    assert (last["period"], last["paid"]) == (5, "2024-11-22")
    assert (last["interest"], last["principal"]) == ("1203000000.00", "30000000000.00")


def test_extended__goes_on_at_its_rate(run: Run) -> None:
    found = run("schedule", terms("extendible"), "--extended", "--json").json

    assert [row["rate_percent"] for row in found["payments"]] == ["3.6", "3.6", "4.35", "4.35"]
    assert [row["rights"] for row in found["payments"]] == [[], [], [], []]


def test_value__callable__yields_to_each_end_and_to_worst(run: Run) -> None:
    found = run("schedule", terms("callable-step-down"), "--clean", 101, "--on", "2023-01-10", "--json").json[
        "yields"
    ]

    assert [(row["until"], row["day"], row["price_percent"]) for row in found] == [
        ("call", "2023-04-15", "102"),
        ("call", "2024-04-15", "101"),
        ("call", "2025-04-15", "100"),
        ("maturity", "2026-04-15", "100"),
        ("worst", "2025-04-15", "100"),
    ]
    assert found[-1]["yield_percent"] == found[2]["yield_percent"] == "4.129457"


def test_value__called__is_the_yield_to_that_call_alone(run: Run) -> None:
    on = ("--clean", 101, "--on", "2023-01-10", "--called", "2024-04-15", "--json")

    found = run("schedule", terms("callable-step-down"), *on).json

    assert found["value"]["yield_percent"] == "4.549185"
    assert "yields" not in found


def test_value__plain__has_no_table_of_ends(run: Run) -> None:
    assert (
        "yields"
        not in run("schedule", terms("boc-2019-sme"), "--clean", 101, "--on", "2020-06-05", "--json").json
    )


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("callable-step-down", ("--called", "2024-04-16"), "cannot be called for 2024-04-16"),
        ("callable-step-down", ("--put", "2024-04-15"), "cannot be put for 2024-04-15"),
        ("callable-step-down", ("--extended",), "cannot be extended"),
        ("callable-step-down", ("--called", "2024-04-15", "--extended"), "--called and --extended"),
        ("boc-2019-sme", ("--called", "2020-12-05"), "cannot be called"),
    ],
)
def test_ends__that_the_terms_do_not_give__are_refused(
    name: str, arguments: tuple[str, ...], named: str, run: Run
) -> None:
    shown = run("schedule", terms(name), *arguments)

    assert shown.code == 2
    assert named in shown.err
