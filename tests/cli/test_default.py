"""Missed payments by commands: late, cured, made due, recovered."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.desk import Desk
from tests.cli.lives import BOND, OTHER

pytestmark = pytest.mark.integration


def first_payment(desk: Desk, isin: str = BOND) -> str:
    """Where the payment of 5 June 2020 stands; three days of grace."""
    row = desk("outsider", "default", "status", isin)["payments"][0]
    return str(row["status"])


def test_payment__by_the_clock_alone__is_late_then_missed(lives: Desk) -> None:
    stands = []
    for time in (
        "2020-06-04T12:00",
        "2020-06-05T23:00",
        "2020-06-06T01:00",
        "2020-06-08T23:00",
        "2020-06-09T01:00",
    ):
        lives.at(time)
        stands.append(first_payment(lives))

    assert stands == ["not-due", "not-due", "overdue", "overdue", "missed"]


def test_payment__that_is_late__is_cured_with_penalty_interest(lives: Desk) -> None:
    lives.at("2020-06-12T12:00")
    shown = lives("outsider", "default", "status", BOND)
    funded = lives("paying_agent", "coupon", "fund", BOND, 1)
    paid = lives("outsider", "coupon", "pay", BOND, 1)
    after = lives("outsider", "default", "status", BOND)

    assert shown["standing"] == "in default: a payment was missed, and can still be cured"
    assert [row["payment"] for row in shown["late"]] == [1]
    assert (shown["days_of_grace"], shown["penalty_interest"]) == (3, "5 % a year")
    # 1,625.00 for seven days at 5 %: 0.0958904 % of it
    assert (funded["interest"], funded["penalty"], funded["total"]) == ("1625.00", "1.55", "1626.55")
    assert paid["completed"] is True
    assert (after["standing"], after["late"]) == ("no payment is late", [])


def test_default__from_notice_to_the_last_recovery(lives: Desk, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(b"nothing more will come")
    lives.at("2020-06-09T12:00")
    noticed = lives("investor", "default", "notice", BOND, "--period", 1)
    lives("other_investor", "action", "elect", BOND, 1, 200)
    few = lives.tried("outsider", "default", "accelerate", BOND, 1)
    own = lives.tried("issuer", "action", "elect", BOND, 1, 50)
    lives("investor", "action", "elect", BOND, 1, 50)
    due = lives("outsider", "default", "accelerate", BOND, 1)
    shown = lives("outsider", "default", "status", BOND)
    owed = lives("outsider", "default", "claim", BOND, "--on", "2020-06-12")
    none = lives("outsider", "recovery", "list", BOND)
    lives("investor", "action", "release", BOND, 1)
    flat = lives("outsider", "trade", "quote", BOND, "--units", 100, "--clean", "40")
    accrued = lives("outsider", "accrued", BOND, "--units", 100)
    lives.at("2020-06-12T12:00")
    funded = lives("paying_agent", "recovery", "fund", BOND, "40000", "--record", "2020-06-15")
    second = lives.tried("paying_agent", "recovery", "fund", BOND, "100", "--record", "2020-06-16")
    lives.at("2020-06-16T09:00")
    paid = lives("outsider", "recovery", "pay", BOND, funded["recovery"])
    last = ("100", "--record", "2020-06-17", "--final")
    unsaid = lives.tried("depository", "recovery", "fund", BOND, *last)
    lives("depository", "cash", "issue", lives.world.address("depository"), "100")
    lives("depository", "recovery", "fund", BOND, *last, "--document", report)
    lives.at("2020-06-18T09:00")
    missing = lives.tried("outsider", "recovery", "pay", BOND, 7)
    burned = lives("outsider", "recovery", "pay", BOND, 3)
    listed = lives("outsider", "recovery", "list", BOND)
    holdings = lives("outsider", "holdings", BOND)["holdings"]
    payments = lives("outsider", "coupon", "show", BOND)
    terms = lives("outsider", "issue", "show", BOND)

    assert noticed["event"] == 1
    assert (few.code, own.code, second.code, unsaid.code, missing.code) == (7, 7, 7, 2, 2)
    assert "250" in few.err
    assert (due["up_to_payment"], due["due_on"]) == (2, "2020-06-09")
    assert shown["standing"].startswith("made due")
    assert shown["to_accelerate"] == "25 % of the units"
    # CNY 1.625 missed on 5 June, four days of the next coupon and the face from 9 June on
    assert Decimal(owed["principal_of_a_unit"]).quantize(Decimal("0.0001")) == Decimal("101.6605")
    assert Decimal(owed["interest_of_a_unit"]).quantize(Decimal("0.000001")) == Decimal("0.042669")
    assert owed["total"] == "101703.18"
    assert none == []
    assert (flat["dirty"], flat["accrued"]) == ("4000.00", "0.00")
    assert (
        flat["coupon"]
        == accrued["coupon"]
        == "flat: what is owed goes with the units (indenture default claim)"
    )
    assert (funded["recovery"], funded["pays"]) == (2, "2020-06-15T16:00:00Z")
    assert paid["amount"] == "40000.00"
    assert burned["completed"] is True
    assert [row["last"] for row in listed] == [False, True]
    assert holdings == []
    assert [row["period"] for row in payments] == [1]
    assert (terms["made_due"], terms["periods"]) == (True, 2)


def test_default__of_another_bond_of_the_issuer__is_one_of_this(lives: Desk) -> None:
    lives.at("2020-06-09T12:00")
    lives("paying_agent", "coupon", "fund", BOND, 1)

    none = lives.tried("investor", "default", "notice", BOND, "--period", 1)
    noticed = lives("investor", "default", "notice", BOND, "--cause", OTHER, "--period", 1)
    shown = lives("outsider", "action", "show", BOND, noticed["event"])

    assert none.code == 7
    assert (shown["cause"], shown["missed_payment"]) == (OTHER, 1)


def test_default__of_the_last_payment__needs_no_notice(lives: Desk) -> None:
    early = lives.tried("outsider", "default", "overdue", BOND)
    lives.at("2021-12-20T12:00")
    due = lives("outsider", "default", "overdue", BOND)

    assert early.code == 7
    assert due["up_to_payment"] == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("default", "claim", BOND),
        ("default", "accelerate", BOND, 1),
        ("recovery", "list", BOND),
        ("recovery", "fund", BOND, "100", "--record", "2020-06-15"),
        ("recovery", "pay", BOND, 2),
        ("default", "notice", BOND),
        ("default", "notice", BOND, "--period", 9),
    ],
)
def test_default__where_there_is_none__says_what_to_look_at(
    arguments: tuple[object, ...], lives: Desk
) -> None:
    refused = lives.tried("investor", *arguments)

    assert refused.code in (2, 7)
    assert refused.out == ""
    assert len(refused.lines) >= 2
