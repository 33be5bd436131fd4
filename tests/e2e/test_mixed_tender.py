"""The mixed tender of mof-2009-28, figure by figure as docs/cases.md works it out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.e2e.processes import ROOT
from tests.e2e.stage import Played, played

from indenture.contracts._base import topic_of
from indenture.models import Allotment

pytestmark = pytest.mark.integration

DOCUMENT = ROOT / "docs" / "cases.md"
TENDER, REOPENING = 1, 2

#: Units won with each bid, best quote first.
WON = {
    "bank-1": [20_000_000, 20_000_000, 15_000_000, 10_000_000, 5_000_000, 0],
    "bank-2": [15_000_000, 20_000_000, 10_000_000, 10_000_000, 0, 0],
    "bank-3": [10_000_000, 15_000_000, 10_000_000, 10_000_000, 5_000_000, 10_000_000, 0, 0],
    "bank-4": [5_000_000, 5_000_000, 0, 0],
    "broker-1": [0, 5_000_000, 0],
    "broker-2": [5_000_000, 5_000_000, 0],
}
PAID = {
    "bank-1": "6999300000.00",
    "bank-2": "6499900000.00",
    "bank-3": "5998200000.00",
    "bank-4": "1000000000.00",
    "broker-1": "499500000.00",
}
TAKEN_UP = {"bank-1": 14_285_714, "bank-2": 14_285_714, "bank-3": 10_714_286, "bank-4": 10_714_286}
TAKEN_UP_LATER = {"bank-1": 2_857_142, "bank-2": 2_857_143, "bank-3": 2_142_857, "bank-4": 2_142_858}
HELD_IN_NOVEMBER = {
    "bank-1": 87_142_856,
    "bank-2": 82_142_857,
    "bank-3": 72_857_143,
    "bank-4": 22_857_144,
    "insurer": 5_000_000,
}

#: Units won in the reopening, best price last, as the book has them: by quote, upwards.
REOPENED = {
    "bank-1": [3_888_889, 2_000_000],
    "bank-2": [3_333_333, 3_000_000],
    "bank-3": [2_777_778, 1_000_000, 3_000_000],
    "bank-4": [2_000_000, 7_000_000],
    "broker-1": [0, 2_000_000],
}
REOPENED_PAID = {
    "bank-1": "590967560.61",
    "bank-2": "635619783.90",
    "bank-3": "680252107.53",
    "bank-4": "903493424.65",
    "broker-1": "200745205.47",
}
REDEEMED = {
    "bank-1": "9436209895.35",
    "bank-2": "8974139951.70",
    "bank-3": "8077370037.03",
    "bank-4": "3231270115.92",
    "broker-1": "202860000.00",
    "insurer": "507150000.00",
}


@pytest.fixture(scope="module")
def mof(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with played("mof-2009-28", tmp_path_factory.mktemp("mof")) as case:
        yield case


def allotments(mof: Played, offering: int) -> dict[str, Allotment]:
    found = {each.bidder: each for each in mof.bookrunner().allotments(offering)}
    bidders = WON if offering == TENDER else REOPENED
    return {bidder: found[mof.address(bidder)] for bidder in bidders}


def test_tender__average_of_all_bids__makes_two_of_them_void(mof: Played) -> None:
    book = mof.suite.offering.book(TENDER)

    assert book.bid_units == 289_200_000
    # Levels count ticks from 0.50 %, so that 1.48 % is level 98; the average is exactly there.
    assert (book.weighted, book.weighted % book.bid_units) == (98 * 289_200_000, 0)
    assert (book.first_level, book.last_level) == (48, 148)
    quotes = book.rules.quote_of(book.first_level), book.rules.quote_of(book.last_level)
    assert quotes == (9_800_000, 19_800_000)  # 0.98 % to 1.98 %


def test_tender__result__is_the_fixed_point_of_the_band(mof: Played) -> None:
    book, tender = mof.suite.offering.book(TENDER), mof.result.tenders[0]

    assert book.rules.quote_of(book.marginal_level) == 15_500_000
    assert (book.marginal_bid, book.marginal_share) == (20_000_000, 20_000_000)
    assert tender.issue_rate == tender.average_rate == Decimal("1.4300")
    assert tender.marginal_rate == Decimal("1.5500")
    assert (tender.allotted, tender.take_up) == (210_000_000, 50_000_000)
    assert (tender.bid_multiple, tender.marginal_multiple) == (Decimal("1.11"), Decimal("1.00"))
    assert tender.issue_price is not None
    assert tender.issue_price.amount == 100
    assert mof.suite.bonds()[0].terms.coupon_rate == 14_300_000


def test_tender__bids__win_all_or_nothing(mof: Played) -> None:
    assert {bidder: list(each.units) for bidder, each in allotments(mof, TENDER).items()} == WON


def test_tender__winners__pay_par_up_to_the_average_and_their_own_rate_behind_it(mof: Played) -> None:
    found = allotments(mof, TENDER)

    assert {bidder: str(found[bidder].amount.amount) for bidder in PAID} == PAID
    assert found["bank-2"].additional == 10_000_000
    assert (found["broker-2"].settled, found["broker-2"].lapsed) == (False, True)
    assert [bidder for bidder, each in found.items() if not each.settled] == ["broker-2"]


def test_tender__rest__is_taken_up_in_two_rounds(mof: Played) -> None:
    events = mof.suite.offering.events("RestTakenUp", indexed=[topic_of(TENDER)])
    rounds: dict[bool, dict[str, tuple[int, int]]] = {False: {}, True: {}}
    for event in events:
        rounds[event["later"]][event["underwriter"]] = event["units"], event["amount"]

    for later, expected in ((False, TAKEN_UP), (True, TAKEN_UP_LATER)):
        assert rounds[later] == {
            mof.address(bank): (units, units * 10_000) for bank, units in expected.items()
        }


def test_tender__holders_afterwards__are_the_winners_and_the_client(mof: Played) -> None:
    bond = mof.suite.bonds()[0]
    cleared = mof.suite.offering.events("OfferingMandated", indexed=[topic_of(REOPENING)])[0].block_number

    held = bond.balances([mof.address(each) for each in HELD_IN_NOVEMBER], block=cleared)

    assert dict(zip(HELD_IN_NOVEMBER, held, strict=True)) == HELD_IN_NOVEMBER
    assert bond.total_supply(block=cleared) == 270_000_000


def test_reopening__result__average_is_rounded_half_up_in_the_price(mof: Played) -> None:
    book, tender = mof.suite.offering.book(REOPENING), mof.result.tenders[1]

    assert tender.average_price is not None
    assert tender.average_price == tender.issue_price
    assert tender.average_price.amount == Decimal("100.04")
    assert tender.marginal_price is not None
    assert tender.marginal_price.amount == Decimal("99.98")
    assert (book.marginal_bid, book.marginal_share) == (18_000_000, 10_000_000)
    assert (tender.bid, tender.allotted) == (39_000_000, 30_000_000)
    assert (tender.bid_multiple, tender.marginal_multiple) == (Decimal("1.30"), Decimal("1.80"))
    assert tender.marginal_ratio == Decimal("55.5555")


def test_reopening__margin__residue_goes_to_the_largest_remainders(mof: Played) -> None:
    assert {bidder: list(each.units) for bidder, each in allotments(mof, REOPENING).items()} == REOPENED


def test_reopening__winners__pay_accrued_interest_of_90_days(mof: Played) -> None:
    found = allotments(mof, REOPENING)

    assert {bidder: str(each.amount.amount) for bidder, each in found.items()} == REOPENED_PAID


def test_maturity__holders__get_coupon_and_principal(mof: Played) -> None:
    paid = mof.suite.servicing.events("HoldersPaid")
    before = paid[0].block_number - 1
    cash = mof.suite.cash("CNY")
    accounts = [mof.address(each) for each in REDEEMED]
    gained = [
        Decimal(after - earlier) / 100
        for earlier, after in zip(cash.balances(accounts, block=before), cash.balances(accounts), strict=True)
    ]

    assert {name: f"{each:.2f}" for name, each in zip(REDEEMED, gained, strict=True)} == REDEEMED
    assert [str(each.amount.amount) for each in mof.result.payments] == ["429000000.00", "30000000000.00"]


def test_play__audit__has_no_difference(mof: Played) -> None:
    assert mof.result.audit.differences == 0
    assert mof.result.bonds[0].outstanding == 0


def test_document__figures_of_these_tests__stand_in_it() -> None:
    figures = set(re.findall(r"\d[\d,]*(?:\.\d+)?", DOCUMENT.read_text(encoding="utf-8")))
    counts = [TAKEN_UP, TAKEN_UP_LATER, HELD_IN_NOVEMBER]
    units = {value for each in counts for value in each.values()}
    units |= {value for each in REOPENED.values() for value in each if value}
    amounts = {value for each in (PAID, REOPENED_PAID, REDEEMED) for value in each.values()}

    assert {f"{value:,}" for value in units} - figures == set()
    assert {f"{Decimal(value):,}" for value in amounts} - figures == set()
