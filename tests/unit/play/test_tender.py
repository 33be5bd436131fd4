"""The published result has a line for each figure that there is, and none for what there is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from indenture.money import Currency
from indenture.play.tender import tender_facts, tender_table
from indenture.primary import (
    NON_COMPETITIVE,
    Basis,
    Form,
    Market,
    Pricing,
    Rules,
    TenderResult,
    TickBid,
    clear,
)

pytestmark = pytest.mark.unit

CNY = Currency("CNY", 2)
MARKET = Market(lot=1, face_value=10_000, months_per_period=12, periods=1)
HOURS = [datetime(2019, 12, 3, tzinfo=UTC) + timedelta(hours=hour) for hour in range(6)]
RULES = Rules(
    form=Form.SEALED,
    basis=Basis.RATE,
    pricing=Pricing.UNIFORM,
    offered=100,
    non_competitive=20,
    minimum_bid=1,
    maximum_bid=100,
    lowest=30_000_000,
    highest=36_000_000,
    tick=100_000,
    opens_at=HOURS[0],
    closes_at=HOURS[1],
    reveals_by=HOURS[2],
    over_allots_by=HOURS[2],
    clears_by=HOURS[3],
    settles_from=HOURS[4],
    settles_by=HOURS[5],
    takes_up_by=HOURS[5],
)


def result(
    *bids: tuple[int, int], rules: Rules = RULES, market: Market = MARKET, **more: int
) -> TenderResult:
    book = {
        f"0x{number:040x}": [TickBid(quote, units, f"0x{number:040x}")]
        for number, (quote, units) in enumerate(bids, start=1)
    }
    return TenderResult.of(clear(rules, market, book, **more), rules, market, CNY)


def test_tender_facts__margin_shared__has_multiple_and_ratio() -> None:
    facts = tender_facts(result((32_000_000, 60), (32_500_000, 120), (33_000_000, 20)))

    assert facts == {
        "Tender": "uniform price tender by rate",
        "On offer": "CNY 10,000.00",
        "Bid": "CNY 20,000.00 of 3 bidders, 2.00 times",
        "Allotted": "CNY 10,000.00",
        "Issue rate": "3.2500 %",
        "Issue price": "CNY 100.00 per CNY 100.00",
        "Marginal": "3.2500 %, 3.00 times: 33.3333 % of each bid there",
        "Average": "3.2200 %",
    }


def test_tender_facts__rest_and_non_competitive_bids__are_told() -> None:
    facts = tender_facts(result((32_000_000, 50), (NON_COMPETITIVE, 25), commitments=100))

    assert facts["Non-competitive"] == "CNY 2,000.00 of CNY 2,500.00"
    assert facts["Underwriters"] == "CNY 3,000.00 are left to them"
    assert facts["Marginal"].endswith(": 100.0000 % of each bid there")


def test_tender_facts__over_allotted__is_part_of_what_is_on_offer() -> None:
    rules = replace(RULES, over_allotment=50, over_allots_by=HOURS[2] + timedelta(minutes=1))

    facts = tender_facts(result((32_000_000, 90), (32_500_000, 90), rules=rules, over_allotted=50))

    assert facts["On offer"] == "CNY 15,000.00, CNY 5,000.00 of it over-allotted"
    assert facts["Bid"].endswith("1.20 times")


def test_tender_facts__by_price__has_prices() -> None:
    rules = replace(RULES, basis=Basis.PRICE, lowest=9_900, highest=10_100, tick=1, non_competitive=0)
    market = replace(MARKET, coupon_rate=14_300_000)

    facts = tender_facts(result((10_010, 60), (9_990, 60), rules=rules, market=market))

    assert facts["Issue rate"] == "1.4300 %"
    assert facts["Marginal"] == "CNY 99.90, 1.50 times: 66.6666 % of each bid there"
    assert facts["Average"] == "CNY 100.02"


def test_tender_facts__failed__says_why_and_no_quotes() -> None:
    facts = tender_facts(result((NON_COMPETITIVE, 20)))

    assert facts["Failed"] == "no bid with a quote won, so no price was found"
    assert not {"Issue rate", "Marginal", "Average", "Allotted"} & facts.keys()


def test_tender_table__lines__have_two_columns() -> None:
    lines = tender_table(result((32_000_000, 100))).splitlines()

    assert lines[0] == "Tender       uniform price tender by rate"
    assert all(line[11:13] == "  " for line in lines)
