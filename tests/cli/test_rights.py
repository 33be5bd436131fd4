"""The issuer's rights by commands: shown, called in whole and in part, extended, an event."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.desk import Desk
from tests.cli.lives import BOND, NEW

pytestmark = pytest.mark.integration


def test_show__every_right__with_whose_until_when_and_the_command(lives: Desk) -> None:
    lives.at("2020-05-18T09:00")

    shown = lives("outsider", "rights", "show", BOND)

    rows = {row["right"]: row for row in shown["rights"]}
    assert list(rows) == [
        "call, whole or in part",
        "put 1",
        "on TAXLAW",
        "on CONTROL",
        "sinking fund, 100 units",
        "extension by 1 period, at 4 %",
    ]
    assert rows["call, whole or in part"]["for"] == "2021-03-05 to 2021-06-05"
    assert rows["call, whole or in part"]["until"] == "2021-05-05T16:00:00Z"  # midnight of 6 May in China
    assert (rows["put 1"]["now"], rows["put 1"]["until"]) == ("yes", "2020-05-22T16:00:00Z")
    assert rows["on CONTROL"]["command"] == f"event declare {BOND} CONTROL"
    assert rows["sinking fund, 100 units"]["now"] == "later"
    assert shown["days_of_grace"] == 3
    assert shown["to_change_the_terms"] == "75 % of the units"
    assert shown["terms"]["puts"][0]["pay_day"] == "2020-06-05"


def test_call__of_the_whole_bond__ends_it_and_is_paid_like_maturity(lives: Desk) -> None:
    lives.at("2021-02-01T12:00")
    for period in (1, 2):
        lives("paying_agent", "coupon", "fund", BOND, period)

    called = lives("issuer", "call", "whole", BOND, "2021-03-05")
    shown = lives("outsider", "rights", "show", BOND)
    lives.at("2021-03-05T09:00")
    funded = lives("paying_agent", "coupon", "fund", BOND, 3)
    redeemed = lives("outsider", "redeem", BOND)

    assert (called["last_period"], called["ends_on"], called["price"]) == (3, "2021-03-05", "101")
    assert shown["called_at"] == "101 % of the principal"
    assert [row["now"] for row in shown["rights"] if row["whose"] == "issuer"] == ["no more: called"] * 3
    assert funded["interest"] == "803.57"  # 90 of 182 half-yearly days of 1.625 %
    assert funded["principal"] == "101000.00"
    assert redeemed["units_outstanding"] == 0


def test_call__too_late__says_until_when(lives: Desk) -> None:
    lives.at("2021-05-06T12:00")

    refused = lives.tried("issuer", "call", "whole", BOND, "2021-06-05")

    assert refused.code == 7
    assert "2021-05-05 16:00 UTC" in refused.err


def test_call__of_somebody_else__names_who_registered(lives: Desk) -> None:
    refused = lives.tried("investor", "call", "whole", BOND, "2021-06-05")

    assert refused.code == 7
    assert lives.world.address("issuer") in refused.err


def test_call__in_part__lowers_what_is_paid_later(lives: Desk) -> None:
    called = lives("issuer", "call", "part", BOND, 3, "--share", "25%")
    rows = lives("outsider", "rights", "show", BOND)
    lives.at("2021-06-04T18:00")
    funded = lives("paying_agent", "coupon", "fund", BOND, 3)

    assert (called["share"], called["price"]) == ("25", "101")
    assert rows["called_in_part"] == ["25 % with payment 3 at 101 %"]
    assert funded["principal"] == "25250.00"


@pytest.mark.parametrize("share", ["lots", "0", "100%", "0.001%"])
def test_call__in_part__of_what_is_no_part__is_refused(share: str, lives: Desk) -> None:
    refused = lives.tried("issuer", "call", "part", BOND, 3, "--share", share)

    assert refused.code == 2, refused.err
    assert refused.out == ""


def test_event__redeems_with_what_proves_it(lives: Desk, tmp_path: Path) -> None:
    opinion = tmp_path / "opinion.pdf"
    opinion.write_bytes(b"the law has changed")

    redeemed = lives("issuer", "event", "redeem", BOND, "TAXLAW", "2020-03-05", "--document", opinion)

    assert (redeemed["last_period"], redeemed["ends_on"], redeemed["price"]) == (1, "2020-03-05", "100")
    assert redeemed["document"].startswith("0x")


@pytest.mark.parametrize("document", ["no-such-file.pdf", "0x1234"])
def test_event__whose_document_is_none__says_what_to_give(document: str, lives: Desk) -> None:
    refused = lives.tried("issuer", "event", "declare", BOND, "CONTROL", "--document", document)

    assert refused.code == 2
    assert document in refused.err


def test_event__that_is_not_stated__is_refused(lives: Desk) -> None:
    refused = lives.tried("issuer", "event", "declare", BOND, "FLOOD", "--document", "0x" + "11" * 32)

    assert refused.code == 7
    assert "FLOOD" in refused.err


def test_extend__moves_the_maturity_once(lives: Desk) -> None:
    extended = lives("issuer", "extend", BOND)
    again = lives.tried("issuer", "extend", BOND)

    assert (extended["last_period"], extended["maturity_day"], extended["rate"]) == (5, "2022-06-05", "4")
    assert again.code == 7


def test_show__of_a_bond_that_nobody_holds__is_there_too(lives: Desk) -> None:
    assert lives("outsider", "rights", "show", NEW)["units_bound"] == 0
