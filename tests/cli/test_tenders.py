"""Books of each form by commands: how they are bid in, cleared, paid, and how they come to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.desk import ENCRYPTED, OPEN, SEALED, Desk

pytestmark = pytest.mark.integration


def test_encrypted__opened_by_the_bookrunner__mixed_price(market: Desk) -> None:
    """Average of what wins: 300 at 3.20 and 500 at 3.25 is 3.23 and a bit; 3.31 is out of the band."""
    market("investor", "bid", "place", ENCRYPTED, "--bid", "3.20%:300")
    market("other_investor", "bid", "place", ENCRYPTED, "--bid", "3.25%:400")
    market("underwriter", "bid", "place", ENCRYPTED, "--bid", "3.31%:100")
    assert market("outsider", "offer", "status", ENCRYPTED)["demand"] == []
    market.at("2019-12-03T16:30")

    opened = market("bookrunner", "offer", "open-bids", ENCRYPTED)
    market.at("2019-12-03T17:00")
    tender = market("outsider", "offer", "clear", ENCRYPTED)["tender"]
    market.at("2019-12-05T09:00")
    settled = market("outsider", "offer", "settle", ENCRYPTED)
    taken_up = market("outsider", "offer", "take-up", ENCRYPTED)
    refunded = market("underwriter", "bid", "refund", ENCRYPTED)

    assert (opened["bidders_opened"], opened["bidders_not_opened"]) == (3, 0)
    assert (tender["issue_rate_percent"], tender["marginal_rate_percent"]) == ("3.2300", "3.2500")
    assert (tender["allotted"], tender["take_up"]) == (700, 100)
    rows = market("outsider", "offer", "result", ENCRYPTED, "--allotments")["allotments"]
    paid = {row["bidder"]: row["pays"] for row in rows}
    # Who quoted better than the average pays par; behind it, the price at which 3.23 % yields 3.25 %.
    assert paid[market.world.address("investor")] == "30000.00"
    assert paid[market.world.address("other_investor")] == "39984.00"
    assert (settled["count"], settled["proceeds"]) == (2, "69984.00")
    assert (taken_up["count"], taken_up["units"], taken_up["proceeds"]) == (1, 100, "10000.00")
    assert refunded["amount"] == "500.00"
    assert market.acts(ENCRYPTED) == []


def test_open__by_price__each_pays_his_own(market: Desk) -> None:
    market("investor", "bid", "place", OPEN, "--bid", "100.10:500")
    market("investor", "bid", "replace", OPEN, "--bid", "100.10:300", "--bid", "CNY 99.90:300")
    market("other_investor", "bid", "place", OPEN, "--bid", "100.00:100")
    market("other_investor", "bid", "withdraw", OPEN)
    market("other_investor", "bid", "place", OPEN, "--bid", "99.90:300", "--bid", "99:100")
    seen = market("outsider", "offer", "preview", OPEN)
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", OPEN)
    tender = market("outsider", "offer", "clear", OPEN)["tender"]

    assert tender == seen["tender"]
    assert (tender["marginal_price"], tender["issue_rate_percent"]) == ("99.90", "3.2500")
    assert tender["marginal_ratio_percent"] == "83.3333"
    market.at("2019-12-05T09:00")
    assert (
        market("outsider", "offer", "settle", OPEN)["proceeds"]
        == str(300 * 100 + 30 + 500 * 99 + 450) + ".00"
    )


def test_sealed__opened_by_nobody__loses_its_deposit(market: Desk) -> None:
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:400")
    market("other_investor", "bid", "place", SEALED, "--bid", "3.20%:400")
    market.at("2019-12-03T16:00")
    market("investor", "bid", "open", SEALED)
    market.at("2019-12-03T17:00")

    assert market.acts(SEALED) == ["offer clear", "offer forfeit"]
    assert market("outsider", "offer", "forfeit", SEALED)["bidders"] == 1
    told = market("other_investor", "bid", "show", SEALED)

    assert market("outsider", "deposit", "show", market.world.address("issuer"))["ready"] == "500.00"
    assert told["in_the_book"].startswith("nothing any more")
    assert told["missing"] is False
    again = market.tried("outsider", "offer", "forfeit", SEALED)
    assert again.code == 2
    assert "nothing of this left to do" in again.err


def test_failed__too_little_was_bid__says_why_and_gives_back(market: Desk) -> None:
    market("investor", "bid", "place", OPEN, "--bid", "100:50")
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", OPEN)

    failed = market("outsider", "offer", "clear", OPEN)
    shown = market.tried("outsider", "offer", "result", OPEN)

    assert failed["tender"]["failed"] == "250 units are less than the minimum volume of 300"
    assert shown.code == 0
    assert "250 units are less than the minimum volume of 300" in shown.out
    assert market.acts(OPEN) == ["offer refunds", "offer discharge"]
    assert market("outsider", "offer", "finish", OPEN)["bidders_unlocked"] == 1
    assert market("investor", "deposit", "withdraw")["amount"] == "500.00"
    assert market("underwriter", "deposit", "show", market.world.address("underwriter"))["ready"] == "500.00"


def test_lapsed__a_winner_without_money__leaves_it_to_the_underwriter(market: Desk) -> None:
    market("investor", "bid", "place", OPEN, "--bid", "100:400")
    market("other_investor", "bid", "place", OPEN, "--bid", "100:100")
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", OPEN)
    assert market("outsider", "offer", "clear", OPEN)["tender"]["take_up"] == 200
    market("other_investor", "cash", "transfer", market.world.address("investor"), "149500")
    market.at("2019-12-05T09:00")

    settled = market("outsider", "offer", "settle", OPEN)
    shown = market.tried("outsider", "offer", "settle", OPEN)
    market("outsider", "offer", "take-up", OPEN)
    market.at("2019-12-05T17:01")
    acts = market.acts(OPEN)
    lapsed = market("outsider", "offer", "lapse", OPEN)

    assert [row["reason"] for row in settled["skipped"]] == ["the money is not there"]
    assert (settled["count"], shown.code) == (1, 0)
    assert "Nobody could be settled" in shown.out
    assert acts == ["offer lapse"]
    assert lapsed["winners"] == 1
    assert market("other_investor", "bid", "show", OPEN)["lapsed"] is True
    assert market("outsider", "deposit", "show", market.world.address("issuer"))["ready"] == "500.00"


def test_cancelled__with_a_document__unlocks_all(market: Desk, tmp_path: Path) -> None:
    reason = tmp_path / "resolution.pdf"
    reason.write_bytes(b"the issuer has changed its mind")
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:400")

    market("issuer", "offer", "cancel", SEALED, "--reason", reason)

    assert market.acts(SEALED) == ["offer discharge", "offer forfeit"]
    assert market("outsider", "offer", "forfeit", SEALED)["bidders"] == 1
    assert market("outsider", "deposit", "show", market.world.address("investor"))["ready"] == "500.00"


def test_never_closed__ended_by_anyone__costs_nobody_his_deposit(market: Desk) -> None:
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:400")
    market.at("2019-12-03T17:30")
    late = market.tried("outsider", "offer", "close", SEALED)
    market.at("2019-12-03T18:01")

    assert late.code == 7
    assert "the book can be closed only until 2019-12-03 17:00 +08:00, 30 minutes ago" in late.err
    assert market.acts(SEALED) == ["offer fail"]
    assert market("outsider", "offer", "fail", SEALED)["stage"] == "cancelled"


def test_result__as_a_table__draws_the_demand_and_marks_the_cut(market: Desk) -> None:
    market("investor", "bid", "place", OPEN, "--bid", "100.10:300")
    market("other_investor", "bid", "place", OPEN, "--bid", "99.90:600", "--bid", "99:100")
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", OPEN)
    market("outsider", "offer", "clear", OPEN)

    shown = market.tried("outsider", "offer", "result", OPEN)

    picture = shown.out.split("Demand, ")[1].splitlines()
    assert picture[1].strip() == "│ 800 on offer"
    assert [line.split()[1] for line in picture[2:5]] == ["100.10", "99.90", "99.00"]
    assert picture[3].endswith("◀ cut: 83.3333 % of 600")
    assert "▒" not in picture[2]
    assert "█" not in picture[4]
