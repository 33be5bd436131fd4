"""What the cases of the package write down, without a chain."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from indenture.play import Case, available_cases, load_case
from indenture.play.acts import ACTS
from indenture.play.acts.bidding import QuoteRange
from indenture.play.acts.book_lines import BookLine
from indenture.play.book import Bidder, Demand, draw_book
from indenture.primary import Clearing, Market, Rules, TickBid, clear, load_offering_sheet
from indenture.termsheet import load_term_sheet

pytestmark = pytest.mark.unit

DOCUMENT = Path(__file__).parents[3] / "docs" / "cases.md"
BILLIONTHS = 10_000_000


@pytest.mark.parametrize("name", available_cases())
def test_case__tender__is_printed_and_audited(name: str) -> None:
    words = [step.act.word for step in load_case(name).steps]

    assert words.count("tender_result") == words.count("mandate") >= 1
    assert words[-1] == "audit"


def test_document__every_act_and_case__stands_in_it() -> None:
    named = set(re.findall(r"`([a-z0-9_-]+)`", DOCUMENT.read_text(encoding="utf-8")))

    assert ACTS.keys() - named == set()
    assert available_cases().keys() - named == set()


@pytest.mark.parametrize(("name", "rate", "least", "most"), [
    ("boc-2019", "3.25", "2.65", "2.75"),
    ("huaxia-2025", "1.84", "4.41", "4.41"),
])  # fmt: skip
def test_case__any_seed__comes_to_the_rate_and_the_cover_of_the_press(
    name: str, rate: str, least: str, most: str
) -> None:
    case = load_case(name)

    for seed in range(60):
        clearing, offered = drawn(case, seed)

        assert Decimal(clearing.issue_rate) / BILLIONTHS == Decimal(rate)
        assert Decimal(least) <= Decimal(clearing.bid_units) / offered <= Decimal(most)


def drawn(case: Case, seed: int) -> tuple[Clearing, int]:
    """The book of a case as a play with this seed draws it, cleared; and what is offered."""
    acts = {step.act.word: step.act for step in case.steps}
    terms = load_term_sheet(case.folder / acts["register"].terms)  # type: ignore[attr-defined]
    sheet = load_offering_sheet(case.folder / acts["mandate"].sheet)  # type: ignore[attr-defined]
    rules, market = sheet.rules(terms), Market.of(terms)
    seats = {case.account_of(seat.member): seat.bidder_class for seat in sheet.syndicate(terms)}
    classes, rng = sheet.class_rules(terms), Random(f"{case.name}|{seed}")
    book: dict[str, list[TickBid]] = {}
    for act in (step.act for step in case.steps):
        if act.word == "bids":
            bidders = [Bidder(name, classes[seats.get(name, 0)]) for name in case.accounts(*act.by)]  # type: ignore[attr-defined]
            bids = draw_book(demand(act.quotes, act.times, act.each, rules), bidders, rules, act.step, rng)  # type: ignore[attr-defined]
            for account, lines in bids.items():
                book[account] = [TickBid(line.quote, line.units, "0x" + "1" * 40) for line in lines]
        elif act.word == "replace_bids":
            book |= written(case, act.book)  # type: ignore[attr-defined]
        elif act.word == "lose_bids" and rules.form.label == "sealed":
            (lost,) = case.accounts(act.by)  # type: ignore[attr-defined]
            del book[lost]
    more = rules.over_allotment
    return clear(rules, market, book, over_allotted=more), rules.offered + more


def demand(quotes: QuoteRange, times: Decimal, each: int, rules: Rules) -> Demand:
    low, centre, high = (int(quote * BILLIONTHS) for quote in (quotes.low, quotes.centre, quotes.high))
    return Demand(int(rules.offered * times), low, centre, high, each)


def written(case: Case, lines: tuple[BookLine, ...]) -> dict[str, list[TickBid]]:
    found: dict[str, list[TickBid]] = {}
    for line in lines:
        (bidder,) = case.accounts(line.bidder)
        assert line.quote is not None
        bid = TickBid(int(line.quote * BILLIONTHS), line.units, "0x" + "1" * 40)
        found.setdefault(bidder, []).append(bid)
    return found
