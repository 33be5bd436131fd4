"""Benchmarks, fixings, rights of the issuer, clean prices and claims by commands, each as its actor."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.desk import OPEN, Desk, admit_all
from tests.cli.world import ISIN, ISSUER_LEI, TERMS, changed

pytestmark = pytest.mark.integration


def sheet(folder: Path, name: str, changes: dict[str, str]) -> Path:
    """A sheet of the package, as a bond of the issuer of these tests."""
    path = folder / f"{name}.yaml"
    text = (TERMS / f"{name}.yaml").read_text(encoding="utf-8")
    path.write_text(changed(text, changes), encoding="utf-8")
    return path


def floating(folder: Path) -> Path:
    return sheet(
        folder,
        "floating-term",
        {
            "issuer: EXAMPLE00000FRNCN126": f"issuer: {ISSUER_LEI}",
            "issue_date: 2022-09-20": "issue_date: 2019-12-05",
            "maturity_date: 2025-09-20": "maturity_date: 2020-12-05",
        },
    )


def perpetual(folder: Path) -> Path:
    return sheet(
        folder,
        "tiejian-19y4",
        {
            "issuer: EXAMPLE0000TIEJIAN66": f"issuer: {ISSUER_LEI}",
            "issue_date: 2019-10-29": "issue_date: 2019-12-05",
            "maturity_date: 2022-10-29": "maturity_date: 2022-12-05",
        },
    )


# Benchmarks and calendars


def test_benchmark__defined_published_corrected_and_handed_over(desk: Desk, tmp_path: Path) -> None:
    define = ("benchmark", "define", "SHIBOR3M", "--kind", "rate", "--market", "CN-IB")
    own = ("--administrator", desk.world.address("outsider"), "--correctable-minutes", 30)
    values = tmp_path / "values.csv"
    values.write_text("2019-11-21, 3.0200\n2019-11-22, 3.0250  # Friday\n", encoding="utf-8")

    assert desk("depository", *define, *own)["kind"] == "rate"
    assert desk("outsider", "benchmark", "publish", "SHIBOR3M", "--file", values)["published"] == 2
    assert desk("outsider", "benchmark", "publish", "SHIBOR3M", "--file", values)["there_before"] == 2
    corrected = desk("outsider", "benchmark", "correct", "SHIBOR3M", "2019-11-22", "3.0240")
    shown = desk("outsider", "benchmark", "show", "SHIBOR3M")
    desk.at("2019-11-25T11:00")
    late = desk.tried("outsider", "benchmark", "correct", "SHIBOR3M", "2019-11-22", "3.0230")
    desk("depository", "benchmark", "hand-over", "SHIBOR3M", desk.world.address("client"))
    refused = desk.tried("outsider", "benchmark", "publish", "SHIBOR3M", "2019-11-25", "3.0")
    (listed,) = desk("outsider", "benchmark", "list")

    assert [(row["day"], Decimal(row["value"])) for row in corrected["values"]] == [
        ("2019-11-22", Decimal("3.024"))
    ]
    assert [row["counts"] for row in shown["values"]] == [False, False]
    assert shown["latest"] == "2019-11-22"
    assert (late.code, refused.code) == (7, 7)
    assert listed["administrator"] == desk.world.address("client")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--kind", "rate", "--basis", "360"), "--basis"),
        (("--kind", "overnight"), "--basis"),
        (("--kind", "overnight", "--basis", "360", "--correctable-minutes", "1440"), "below 1,440"),
    ],
)
def test_benchmark__whose_definition_contradicts_itself__names_the_option(
    arguments: tuple[str, ...], named: str, desk: Desk
) -> None:
    account = desk.world.address("outsider")
    given = ("benchmark", "define", "X", "--market", "CN-IB", "--administrator", account)

    refused = desk.tried("depository", *given, *arguments)

    assert refused.code == 2
    assert named in refused.err


@pytest.mark.parametrize(
    ("text", "named"),
    [("", "has no values"), ("2019-11-22;3\n", "line 1"), ("2019-11-22,3\n2019-11-22,4\n", "line 2")],
)
def test_benchmark__file_that_is_wrong__names_the_line(
    text: str, named: str, desk: Desk, tmp_path: Path
) -> None:
    values = tmp_path / "values.csv"
    values.write_text(text, encoding="utf-8")

    refused = desk.tried("outsider", "benchmark", "publish", "SHIBOR3M", "--file", values)

    assert refused.code == 2
    assert named in refused.err


def test_calendar__published_joined_and_shown(desk: Desk) -> None:
    assert desk("depository", "calendar", "publish", "T2", 2019, 2020)["years_changed"] == 2
    joined = desk("depository", "calendar", "join", "CN-IB", "T2")
    again = desk("depository", "calendar", "join", "T2", "CN-IB")
    (shown,) = desk("outsider", "calendar", "show", joined["market"], 2019)
    missing = desk.tried("depository", "calendar", "publish", "T2", 2100)

    assert (joined["market"], again["transactions"]) == ("CN-IB+T2", [])
    assert shown["parts"] == ["CN-IB", "T2"]
    assert {"04-19", "10-01"} <= set(shown["closed_weekdays"])  # Good Friday there, National Day here
    assert (missing.code, "2100" in missing.err) == (2, True)


# Fixings


def test_fix__of_a_floating_bond__waits_then_takes_what_is_published(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    administrator = ("--administrator", desk.world.address("outsider"))
    missing = desk.tried("issuer", "issue", "register", floating(tmp_path))
    desk(
        "depository", "benchmark", "define", "SHIBOR3M", "--kind", "rate", "--market", "CN-IB", *administrator
    )
    isin = desk("issuer", "issue", "register", floating(tmp_path))["isin"]
    early = desk("outsider", "fix")
    desk.at("2019-12-04T12:00")
    waits = desk("outsider", "fix", isin)
    desk("outsider", "benchmark", "publish", "SHIBOR3M", "2019-12-04", "3.0250")
    skipped = desk.tried("outsider", "fix", isin, 2)
    fixed = desk("outsider", "fix", isin, 1)
    shown = desk("outsider", "schedule", isin, "--units", 1000)
    desk.at("2020-01-10T12:00")
    accrued = desk("outsider", "accrued", isin, "--units", 1000)
    fund = desk.tried("paying_agent", "coupon", "fund", isin, 2)

    assert (missing.code, "SHIBOR3M" in missing.err) == (2, True)
    assert early["fixed"] == []
    assert early["waiting"][0]["from"] == "2019-12-04"
    assert (waits["waiting"][0]["benchmark"], waits["waiting"][0]["day"]) == ("SHIBOR3M", "2019-12-04")
    assert waits["waiting"][0]["fallback_from"] == "2019-12-09"
    assert (skipped.code, "period 1" in skipped.err) == (2, True)
    assert fixed["fixed"][0]["rate"].startswith("3.625")
    assert [row["state"] for row in shown["payments"]] == ["fixed", "open", "open", "open"]
    assert shown["payments"][0]["rate_percent"] == "3.625"
    assert accrued["accrued"] == "362.50"  # 100,000 at 3.625 % for 36/360
    assert accrued["coupon"] == "cum: payment 1 is the buyer's"
    assert (fund.code, "not fixed" in fund.err) == (7, True)


def test_rights__of_the_issuer__deferral_and_renewal(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    administrator = ("--administrator", desk.world.address("outsider"))
    desk("depository", "benchmark", "define", "CGB3Y", "--kind", "rate", "--market", "CN-IB", *administrator)
    isin = desk("issuer", "issue", "register", perpetual(tmp_path))["isin"]
    desk.at("2019-12-05T12:00")

    refused = desk.tried("other_investor", "defer", isin, 1)
    deferred = desk("issuer", "defer", isin, 1)
    fixed = desk("outsider", "fix", isin)
    renewed = desk("issuer", "renew", isin)
    rows = desk("outsider", "schedule", isin, "--units", 1000, "--forward", "2.5")["payments"]
    shown = desk("outsider", "issue", "show", isin)

    assert refused.code == 7
    assert (deferred["period"], deferred["arrears"]) == (1, None)
    assert [row["deferred"] for row in fixed["fixed"]] == [True]
    assert (renewed["last_period"], renewed["maturity_day"]) == (6, "2025-12-05")
    assert [row["state"] for row in rows] == [
        "fixed",
        "terms",
        "terms",
        "projected",
        "projected",
        "projected",
    ]
    assert [row["interest"] for row in rows][:3] == ["0.00", "8264.02", "4050.00"]
    assert (shown["periods"], shown["periods_fixed"], shown["maturity_day"]) == (6, 1, "2025-12-05")


def test_register__of_a_bond_that_withholds__needs_a_tax_account(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    terms = sheet(
        tmp_path,
        "withholding",
        {
            "issuer: EXAMPLE0000RETAILC09": f"issuer: {ISSUER_LEI}",
            "issue_date: 2024-04-10": "issue_date: 2019-12-05",
            "maturity_date: 2026-04-10": "maturity_date: 2020-12-05",
        },
    )

    refused = desk.tried("issuer", "issue", "register", terms)
    issued = desk("issuer", "issue", "register", terms, "--tax-account", desk.world.address("client"))

    assert (refused.code, "withholds tax" in refused.err) == (2, True)
    assert issued["isin"] == "CND1000TAX99"


# Clean prices and claims


def test_clean_trade__over_a_record_date__makes_a_claim(market: Desk, tmp_path: Path) -> None:
    address = market.world.address
    market("investor", "bid", "place", OPEN, "--bid", "100:500")
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", OPEN)
    market("outsider", "offer", "clear", OPEN)
    market.at("2019-12-05T09:00")
    market("outsider", "offer", "settle", OPEN)
    market.at("2020-12-04T10:00")
    file = tmp_path / "trade.json"
    sale = ("--isin", OPEN, "--units", 100, "--clean", "100.40", "--sell-to", address("other_investor"))

    quoted = market("investor", "trade", "quote", OPEN, "--units", 100, "--clean", "100.40")
    ex = market("investor", "trade", "quote", OPEN, "--units", 100, "--clean", "100.40", "--on", "2020-12-05")
    proposed = market("investor", "trade", "propose", file, *sale)
    shown = market("other_investor", "trade", "show", file)
    market("other_investor", "trade", "sign", file)
    market.at("2020-12-04T18:00")
    (settled,) = market("outsider", "trade", "submit", file)
    market("depository", "cash", "issue", address("paying_agent"), "10000")
    market("paying_agent", "coupon", "fund", OPEN, 1)
    (claim,) = market("outsider", "claims", "list", address("other_investor"))
    market.at("2020-12-07T09:00")
    paid = market("outsider", "claims", "pay", OPEN, 1)
    rest = market("outsider", "coupon", "pay", OPEN, 1)

    assert (quoted["clean"], quoted["coupon"]) == ("10040.00", "cum: payment 1 is the buyer's")
    assert quoted["accrued"] == "324.11"  # 365 of 366 days of 3.25 %
    assert ex["claims_of_the_buyer"] == [1]
    assert proposed["clean_amount"] == shown["instruction"]["clean_amount"] == "10040.00"
    assert shown["quote"]["dirty"] == "10364.11"
    assert (settled["paid"], settled["claims"]) == ("10364.11", [1])
    assert (claim["period"], claim["units"], claim["amount"], claim["funded"]) == (1, 100, "325.00", True)
    assert (paid["holders"], paid["amount"], paid["tax_withheld"]) == (1, "325.00", "0.00")
    assert rest["completed"] is True
    assert market("outsider", "claims", "list", address("other_investor")) == []


@pytest.mark.parametrize(
    ("price", "named"),
    [
        ((), "--amount and --clean"),
        (("--amount", "1", "--clean", "1"), "--amount and --clean"),
        (("--amount", "1", "--most-accrued", "1"), "--most-accrued"),
        (("--amount", "1", "--agreed", "2019-12-01T10:00Z"), "--agreed"),
    ],
)
def test_propose__whose_price_contradicts_itself__names_the_option(
    price: tuple[str, ...], named: str, market: Desk, tmp_path: Path
) -> None:
    sale = ("--isin", ISIN, "--units", 10, "--sell-to", market.world.address("other_investor"))

    refused = market.tried("investor", "trade", "propose", tmp_path / "trade.json", *sale, *price)

    assert refused.code == 2
    assert named in refused.err
