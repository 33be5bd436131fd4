"""Puts, offers, lots and their elections by commands, each as its actor."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.desk import Desk
from tests.cli.lives import BOND, NEW

pytestmark = pytest.mark.integration

HASH = "0x" + "11" * 32
TENDER = ("--closes", "2020-03-10T17:00+08:00", "--pay-day", "2020-03-13", "--document", HASH)


def events(desk: Desk, isin: str = BOND) -> list[str]:
    """Where each event stands."""
    return [row["state"] for row in desk("outsider", "action", "list", isin)]


def test_put__from_its_window_to_its_money(lives: Desk) -> None:
    lives.at("2020-05-18T09:00")
    none = lives("outsider", "action", "list", BOND)
    opened = lives("outsider", "put", "open", BOND)
    again = lives.tried("outsider", "put", "open", BOND)
    lives("investor", "action", "elect", BOND, 1, 200)
    lives("other_investor", "action", "elect", BOND, 1, 100)
    back = lives("other_investor", "action", "withdraw", BOND, 1, 40)
    shown = lives("outsider", "action", "show", BOND, 1, "--account", lives.world.address("investor"))
    bound = {row["units"]: row["bound"] for row in lives("outsider", "holdings", BOND)["holdings"]}
    moved = lives.tried("investor", "action", "elect", BOND, 1, 301)
    lives.at("2020-05-25T09:00")
    late = lives.tried("underwriter", "action", "elect", BOND, 1, 10)
    early = lives.tried("issuer", "action", "fund", BOND, 1)
    lives.at("2020-06-05T09:00")
    due = events(lives)
    funded = lives("issuer", "action", "fund", BOND, 1)
    settled = lives("outsider", "action", "settle", BOND, 1)
    holdings = lives("outsider", "holdings", BOND)

    assert none == []
    assert (opened["event"], opened["pays"]) == (1, "2020-06-04T16:00:00Z")
    assert again.code == 7
    assert (back["units"], back["elected_now"]) == (40, 60)
    assert (shown["kind"], shown["state"], shown["elected"], shown["elected_by_it"]) == (
        "put",
        "open",
        260,
        200,
    )
    assert shown["next"] == f"holders elect: indenture action elect {BOND} 1 UNITS"
    assert bound == {500: 200, 300: 60, 150: 0, 50: 0}
    assert [moved.code, late.code, early.code] == [7, 7, 7]
    assert due == ["due"]
    assert (funded["units"], funded["principal"], funded["interest"]) == (260, "26000.00", "0.00")
    assert (settled["holders"], settled["units_taken"], settled["completed"]) == (2, 260, True)
    assert events(lives) == ["settled"]
    assert sum(row["units"] for row in holdings["holdings"]) == 740


def test_tender__above_its_most__is_cut_pro_rata(lives: Desk) -> None:
    lives.at("2020-03-02T09:00")
    offered = lives("issuer", "buyback", "tender", BOND, "--price", "98.75", "--most", 100, *TENDER)
    lives("investor", "action", "elect", BOND, 1, 150)
    lives("other_investor", "action", "elect", BOND, 1, 101)
    lives.at("2020-03-13T09:00")
    shown = lives("outsider", "action", "show", BOND, 1, "--account", lives.world.address("other_investor"))
    lives("issuer", "action", "fund", BOND, 1)
    settled = lives("outsider", "action", "settle", BOND, 1)

    assert offered["event"] == 1
    assert (shown["price"], shown["taken_of_it_so_far"]) == ("CNY 98.75 a unit", 40)  # 101 of 251 of 100
    assert (settled["units_taken"], settled["completed"]) == (99, True)


def test_tender__that_is_not_paid__lapses_and_sets_free(lives: Desk) -> None:
    lives.at("2020-03-02T09:00")
    lives("issuer", "buyback", "tender", BOND, "--price", "98.75", *TENDER)
    for actor, units in (("investor", 150), ("other_investor", 20), ("underwriter", 10)):
        lives(actor, "action", "elect", BOND, 1, units)
    early = lives.tried("investor", "action", "release", BOND, 1)
    lives.at("2020-03-24T09:00")
    stands = events(lives)
    late = lives.tried("issuer", "action", "fund", BOND, 1)
    freed = lives("investor", "action", "release", BOND, 1)
    others = lives("outsider", "action", "release", BOND, 1, "--all")

    assert (early.code, late.code) == (7, 7)
    assert stands == ["lapsed: not paid in time"]
    assert (freed["units"], freed["elected_now"], others["holders"]) == (150, 0, 2)


def test_exchange__into_another_bond__with_cash(lives: Desk) -> None:
    lives.at("2020-03-02T09:00")
    ratio = ("--into", NEW, "--old", 10, "--new", 11, "--cash", "0.50")
    lives("issuer", "buyback", "exchange", BOND, *ratio, *TENDER)
    broken = lives.tried("investor", "action", "elect", BOND, 1, 105)
    lives("investor", "action", "elect", BOND, 1, 100)
    lives.at("2020-03-13T09:00")
    shown = lives("outsider", "action", "show", BOND, 1)
    lives("issuer", "action", "fund", BOND, 1)
    settled = lives("outsider", "action", "settle", BOND, 1)
    (holding,) = lives("outsider", "holdings", NEW)["holdings"]

    assert broken.code == 7
    assert (shown["into"], shown["price"]) == (NEW, "11 new for 10 old units, CNY 0.50 for each old one")
    assert settled["units_taken"] == 100
    assert holding["units"] == 110


def test_sinking_fund__less_what_was_cancelled__is_drawn_by_lot(lives: Desk) -> None:
    address = lives.world.address
    lives.at("2020-10-20T09:00")
    cancelled = lives("issuer", "buyback", "cancel", BOND, 30)
    announced = lives("outsider", "sinking", "announce", BOND, 2)
    early = lives.tried("outsider", "action", "draw", BOND, 1)
    lives.at("2020-11-28T09:00")
    drawn = lives("outsider", "action", "draw", BOND, 1)
    lives("paying_agent", "coupon", "fund", BOND, 1)
    lives.at("2020-12-07T09:00")
    funded = lives("issuer", "action", "fund", BOND, 1)
    settled = lives("outsider", "action", "settle", BOND, 1)

    assert (cancelled["units"], cancelled["sinking_fund_credit"]) == (30, 30)
    assert announced["event"] == 1
    assert early.code == 7
    assert (drawn["units_drawn"], drawn["completed"], drawn["holders_counted"]) == (70, True, 4)
    shares = {row["holder"]: row["drawn"] for row in drawn["drawn"]}
    assert shares[address("investor")] in (36, 37)  # 70 of 970 of 500, rounded down or up
    assert funded["principal"] == "7000.00"
    assert settled["completed"] is True


def test_lot__announced_for_a_day_of_the_call(lives: Desk) -> None:
    called = lives("issuer", "call", "lot", BOND, "2021-06-05", "--units", 100)

    assert (called["event"], called["opens"]) == (1, "2021-05-27T16:00:00Z")
    assert events(lives) == ["announced"]


def test_event__of_control__opens_a_put_at_once(lives: Desk, tmp_path: Path) -> None:
    notice = tmp_path / "notice.pdf"
    notice.write_bytes(b"new owner")
    lives.at("2020-03-02T09:00")

    declared = lives("issuer", "event", "declare", BOND, "CONTROL", "--document", notice)
    (row,) = lives("outsider", "action", "list", BOND)

    assert (declared["event"], declared["closes"]) == (1, "2020-03-12T16:00:00Z")
    assert (row["kind"], row["code"], row["price"]) == ("put", "CONTROL", "101 % of the principal")


def test_annul__by_power__sets_the_units_free(lives: Desk) -> None:
    lives.at("2020-03-02T09:00")
    lives("issuer", "buyback", "tender", BOND, "--price", "98.75", *TENDER)
    lives("investor", "action", "elect", BOND, 1, 150)
    holder = lives.world.address("investor")

    refused = lives.tried("outsider", "action", "annul", BOND, 1, holder, "--document", HASH)
    annulled = lives("depository", "action", "annul", BOND, 1, holder, "--document", HASH)

    assert refused.code == 7
    assert (annulled["units"], annulled["elected_now"]) == (150, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("action", "show", BOND, 7),
        ("action", "elect", BOND, 7, 10),
        ("put", "open", BOND, 2),
        ("sinking", "announce", BOND, 3),
        ("action", "show", "CND1000BOC16", 1),
    ],
)
def test_event__that_is_not_there__is_refused_in_words(arguments: tuple[object, ...], lives: Desk) -> None:
    refused = lives.tried("investor", *arguments)

    assert refused.code in (2, 7)
    assert refused.out == ""
    assert len(refused.lines) >= 2


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (("--price", "free"), "free"),
        (("--price", "98.75", "--closes", "2020-03-10T17:00"), "time zone"),
        (("--price", "98.75", "--pay-day", "2020-03-09"), "2020-03-09"),
        (("--price", "98.755"), "98.755"),
    ],
)
def test_tender__whose_terms_are_wrong__names_them(changed: tuple[str, ...], named: str, lives: Desk) -> None:
    lives.at("2020-03-02T09:00")

    refused = lives.tried("issuer", "buyback", "tender", BOND, *TENDER, *changed)

    assert refused.code == 2
    assert named in refused.err
