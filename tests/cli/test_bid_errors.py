"""Bad input in the primary market: it says what is wrong and what to do, and sends nothing."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from tests.cli.desk import LEIS, OPEN, SEALED, Desk, admit_all
from tests.cli.world import ISIN, small_sheet, small_terms

from indenture.cli._progress import working

pytestmark = pytest.mark.integration


def blocks(market: Desk) -> int:
    return market.world.node.connect().block_stamp().number


@pytest.mark.parametrize(
    ("offering", "bids", "said", "hint"),
    [
        (SEALED, ["3.20:300"], "3.20 may be a rate or a price, and this tender asks for the rate",
         "If you mean 3.20 percent a year, write 3.20%."),
        (SEALED, ["CNY 99.50:300"], "CNY 99.50 is a price, and this tender asks for the rate",
         "Write the rate in percent a year, with its sign: 3.25%."),
        (OPEN, ["3.25%:300"], "3.25% is a rate, and this tender asks for the price of one unit",
         "Write the price in CNY, such as 99.50."),
        (OPEN, ["USD 99.50:300"], "USD 99.50 is not in CNY, the currency of the bond",
         "Write the price of one unit in CNY."),
        (SEALED, ["3.205%:300"], "between two ticks of 0.01 %", "The nearest are 3.2 % and 3.21 %."),
        (SEALED, ["3.61%:300"], "is not between 3 % and 3.6 %", "Quote inside the range."),
        (SEALED, ["3.123456789%:300"], "3.123456789% is finer than a rate can be", "Give at most 7 places."),
        (OPEN, ["99.505:300"], "CNY 99.505 is not a whole number of base units", "CNY has 2 decimals."),
        (SEALED, ["3.20%:305"], "305 units is not a whole number of lots of 10",
         "A lot is the bond's minimum denomination."),
        (SEALED, ["3.20%:5"], "5 units is not between the 10 and 800 units of a tick bid",
         "Bid more, or split the bid over several ticks."),
        (SEALED, ["3.20%:100", "3.20%:200"],
         "bid 3.20%:100 and bid 3.20%:200 are for one quote and one account",
         "Join them: one bid with the sum of their units."),
        (SEALED, ["3.20%:500", "3.25%:500"], "1000 units in all is not between the 10 and 800 units",
         "Change the bids so that their sum fits."),
        (SEALED, [], "no bids were given", "Give --bid 3.25%:100000, once for each, or --file FILE."),
    ],
)  # fmt: skip
def test_bid__against_the_rules__names_the_bid_and_the_rule(
    market: Desk, offering: str, bids: list[str], said: str, hint: str
) -> None:
    before = blocks(market)

    outcome = market.tried("investor", "bid", "place", offering, *(f"--bid={bid}" for bid in bids))

    assert outcome.code == 2
    assert said in outcome.lines[-2]
    assert outcome.lines[-1] == hint
    assert outcome.out == ""
    assert blocks(market) == before


@pytest.mark.parametrize(
    "bid", ["3.20%", "3.20%:300:0x12", "x%:300", "3.20%:many", "3.20%:0", "3,25%:300", ":"]
)
def test_bid__that_is_none__is_a_usage_error(market: Desk, bid: str) -> None:
    outcome = market.tried("investor", "bid", "place", SEALED, f"--bid={bid}")

    assert outcome.code == 2
    assert "Invalid value for '--bid'" in outcome.lines[-1]


def test_bid__isin_with_a_wrong_digit__says_which(market: Desk) -> None:
    outcome = market.tried("investor", "bid", "place", "CND1000BOC16", "--bid", "3.20%:300")

    assert outcome.code == 2
    assert "the check digit is 6, expected 5" in outcome.err


def test_bid__bond_that_nobody_registered__is_not_known(market: Desk) -> None:
    outcome = market.tried("investor", "bid", "place", "CND1000MOF27", "--bid", "3.20%:300")

    assert outcome.code == 2
    assert "CND1000MOF27" in outcome.lines[-2]


def test_offer__unknown_number__says_so(market: Desk) -> None:
    outcome = market.tried("investor", "offer", "status", "7")

    assert outcome.code == 2
    assert outcome.lines == ["Error: there is no offering 7", "Mandate one first, or check the number."]


def test_offer__bond_without_one__says_who_makes_it(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    desk("issuer", "issue", "register", small_terms(tmp_path))

    outcome = desk.tried("investor", "offer", "status", ISIN)

    assert outcome.code == 2
    assert outcome.lines == [
        f"Error: {ISIN} has no offering",
        "Its issuer makes one: indenture offer mandate.",
    ]


def test_bid__before_the_book_is_open__says_when_by_the_markets_clocks(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    desk("depository", "cash", "issue", desk.world.address("investor"), "1000.00")
    desk("issuer", "issue", "register", small_terms(tmp_path))
    desk.at("2019-12-02T10:00")
    keeper = desk.world.address("bookrunner")
    desk(
        "issuer", "offer", "mandate", "--bond", ISIN, "--sheet", small_sheet(tmp_path), "--bookrunner", keeper
    )
    desk("bookrunner", "offer", "accept", ISIN)

    closed = desk.tried("investor", "bid", "place", ISIN, "--bid", "3.20%:300")
    desk("bookrunner", "offer", "open", ISIN)
    early = desk.tried("investor", "bid", "place", ISIN, "--bid", "3.20%:300")

    assert (closed.code, early.code) == (7, 7)
    assert closed.lines[-2] == f"Error: offering 1 of {ISIN} takes no bids: its book is not open"
    assert "Next: 2019-12-03 09:00 +08:00, in 23 hours: the book must be open" in closed.lines[-1]
    assert (
        f"offering 1 of {ISIN}: bids are taken from 2019-12-03 09:00 +08:00, in 23 hours" in early.lines[-2]
    )
    assert early.lines[-1] == "Come back then."


def test_bid__after_the_close__says_that_it_is_over(market: Desk) -> None:
    market.at("2019-12-03T16:00")

    outcome = market.tried("investor", "bid", "place", SEALED, "--bid", "3.20%:300")

    assert outcome.code == 7
    assert "bids are taken only until 2019-12-03 16:00 +08:00" in outcome.lines[-2]
    assert "Next: 2019-12-03 17:00 +08:00" in outcome.lines[-1]


def test_bid__placed_twice_or_replaced_without_a_first__asks_what_is_meant(market: Desk) -> None:
    unplaced = market.tried("investor", "bid", "replace", SEALED, "--bid", "3.20%:300")
    market("investor", "bid", "place", SEALED, "--bid", "3.20%:300")
    again = market.tried("investor", "bid", "place", SEALED, "--bid", "3.20%:400")

    assert (unplaced.code, again.code) == (2, 2)
    assert unplaced.lines[-1] == "Place them: indenture bid place."
    assert again.lines[-1] == "All of them are replaced together: indenture bid replace."


def test_bid__without_the_money_for_the_deposit__is_refused(market: Desk) -> None:
    market("investor", "cash", "transfer", market.world.address("other_investor"), "149600")

    outcome = market.tried("investor", "bid", "place", SEALED, "--bid", "3.20%:300")

    assert outcome.code == 7
    assert "CNY 500.00" in outcome.err
    assert "CNY 400.00" in outcome.err


# Files and sheets


def test_file__of_bids__is_placed_as_one(market: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(f"quote,units,account\n3.20 %,300,\nnoncompetitive,20,{market.world.address('client')}\n")

    assert market("investor", "bid", "place", SEALED, "--file", file, "--bid", "3.25%:100")["bids"] == 3


def test_file__with_a_wrong_line__names_it(market: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bids.yaml"
    file.write_text("bids:\n  - {quote: 3.20 %, units: 300}\n  - {quote: 3.25, units: 100}\n")

    outcome = market.tried("investor", "bid", "place", SEALED, "--file", file)

    assert outcome.code == 2
    assert "bids.yaml:3: 3.25 may be a rate or a price" in outcome.lines[-2]


def test_mandate__sheet_of_another_bond__is_refused(market: Desk, tmp_path: Path) -> None:
    keeper = market.world.address("bookrunner")
    outcome = market.tried(
        "issuer", "offer", "mandate", "--bond", OPEN, "--sheet", small_sheet(tmp_path), "--bookrunner", keeper
    )

    assert outcome.code == 2
    assert f"is the sheet of {ISIN}, not of {OPEN}" in outcome.lines[-2]


def test_mandate__sheet_with_two_problems__names_fields_and_lines(market: Desk, tmp_path: Path) -> None:
    sheet = small_sheet(
        tmp_path, {"maximum: 800 units, non": "maximum: 805 units, non", "tick: 0.01": "tick: 0.013"}
    )

    outcome = market.run("offer", "check", sheet, "--terms", small_terms(tmp_path))

    assert outcome.code == 2
    assert "sheet.yaml:9: quotes.highest: 3.6 % is not whole ticks of 0.013 % above 3 %" in outcome.err
    assert "sheet.yaml:10: bids.maximum: 805 units is not a whole number of lots of 10" in outcome.err


def test_accept__by_another__names_the_bookrunner(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    desk("issuer", "issue", "register", small_terms(tmp_path))
    desk.at("2019-12-02T10:00")
    keeper = desk.world.address("bookrunner")
    desk(
        "issuer", "offer", "mandate", "--bond", ISIN, "--sheet", small_sheet(tmp_path), "--bookrunner", keeper
    )

    outcome = desk.tried("investor", "offer", "accept", ISIN)

    assert outcome.code == 7
    assert keeper in outcome.err


def test_join__uninvited__says_whom_to_ask(market: Desk) -> None:
    outcome = market.tried("investor", "syndicate", "join", SEALED)

    assert outcome.code == 2
    assert "is not invited" in outcome.lines[-2]


def test_preview__sheet_without_bids__says_what_is_missing(market: Desk, tmp_path: Path) -> None:
    outcome = market.run("offer", "preview", small_sheet(tmp_path))

    assert outcome.code == 2
    assert outcome.lines[-1] == "Give its bond with --terms, and the bids with --bids."


def test_result__before_there_is_one__says_what_is_next(market: Desk) -> None:
    outcome = market.tried("investor", "offer", "result", SEALED)

    assert outcome.code == 7
    assert "Next: 2019-12-03 16:00 +08:00" in outcome.lines[-1]


def test_clear__too_early__says_when(market: Desk) -> None:
    market.at("2019-12-03T16:00")
    market("outsider", "offer", "close", SEALED)

    outcome = market.tried("outsider", "offer", "clear", SEALED)

    assert outcome.code == 7
    # The node's clock runs on: an hour less what it took to get here.
    said = r"the book can be cleared from 2019-12-03 17:00 \+08:00, in (1 hour|59 minutes)"
    assert re.search(said, outcome.lines[-2])


def test_waiting__longer_than_a_second__is_told_in_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    """Where nothing can move, one line says what takes so long; what is quick says nothing."""
    with working("Quick"):
        pass
    with working("Slow"):
        time.sleep(1.2)

    assert capfd.readouterr().err == "Slow ...\n"


def test_invite__names_of_a_sheet_without_accounts__names_them(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    desk("issuer", "issue", "register", small_terms(tmp_path))
    desk.at("2019-12-02T10:00")
    more = "class: lead, commitment: 200 units}\n  - {member: bank-2, class: lead}"
    sheet = small_sheet(tmp_path, {"class: lead, commitment: 200 units}": more})
    keeper, lead = desk.world.address("bookrunner"), desk.world.address("underwriter")
    desk("issuer", "offer", "mandate", "--bond", ISIN, "--sheet", sheet, "--bookrunner", keeper)
    desk("bookrunner", "offer", "accept", ISIN)
    invite = ("syndicate", "invite", ISIN, "--sheet", sheet)

    none = desk.tried("bookrunner", *invite)
    strange = desk.tried("bookrunner", *invite, "--account", f"bank-9={lead}")
    neither = desk.tried("bookrunner", "syndicate", "invite", ISIN)

    assert (none.code, strange.code, neither.code) == (2, 2, 2)
    assert none.lines[-2:] == [
        "Error: no account is known of lead-bank, bank-2",
        "Name it: --account lead-bank=0x...",
    ]
    assert "has no seat of 'bank-9'" in strange.lines[-2]
    assert neither.lines[-2] == "Error: say who is invited"


def test_invite__an_lei_in_a_sheet__finds_its_account(desk: Desk, tmp_path: Path) -> None:
    admit_all(desk)
    desk("issuer", "issue", "register", small_terms(tmp_path))
    desk.at("2019-12-02T10:00")
    sheet = small_sheet(tmp_path, {"member: lead-bank": f"member: {LEIS['underwriter']}"})
    keeper = desk.world.address("bookrunner")
    desk("issuer", "offer", "mandate", "--bond", ISIN, "--sheet", sheet, "--bookrunner", keeper)
    desk("bookrunner", "offer", "accept", ISIN)

    invited = desk("bookrunner", "syndicate", "invite", ISIN, "--sheet", sheet)

    assert invited["accounts"] == [desk.world.address("underwriter")]
