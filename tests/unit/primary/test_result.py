"""The published result of a tender."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from indenture.identifiers import Isin
from indenture.money import CNY
from indenture.primary import NON_COMPETITIVE, Basis, Market, Pricing, TenderResult, clear

from .builders import Books, books_of, market_of, rules_of

pytestmark = pytest.mark.unit

BEST, NEXT = 30_000_000, 30_100_000


def published(
    books: Books, *, isin: str | None = None, over_allotted: int = 0, **changes: object
) -> TenderResult:
    rules = rules_of(**changes)
    market = market_of(rules)
    clearing = clear(rules, market, books, over_allotted=over_allotted)
    return TenderResult.of(clearing, rules, market, CNY, isin=Isin(isin) if isin else None)


def test_tender_result__treasury_of_one_year__shape_of_the_published_one() -> None:
    """CNY 112bn at 2.3000 %, marginal rate 2.3700 %, bid multiple 3.61, marginal multiple 1.30.

    Volumes of our own making, in units of CNY 100, as billions of face:
    14 at 2.25, 88 at 2.30, 13 at 2.37 of which 10 win, 289.32 at 2.45.
    Bid: 404.32 / 112 = 3.61. Margin: 13 / 10 = 1.30.
    Average, in ticks from 2.30: (-5 * 14 + 0 * 88 + 7 * 10) / 112 = 0.
    """
    billion = 10_000_000
    rules = rules_of(
        pricing=Pricing.MIXED,
        offered=112 * billion,
        minimum_bid=200_000,
        maximum_bid=112 * billion,
        lowest=20_000_000,
        highest=30_000_000,
        band=12,
        far_off=50,
    )
    market = Market(lot=1, face_value=10_000, months_per_period=12, periods=1)
    books = books_of(
        (1, 22_500_000, 14 * billion),
        (2, 23_000_000, 88 * billion),
        (3, 23_700_000, 8 * billion),
        (4, 23_700_000, 5 * billion),
        (5, 24_500_000, 28_932 * billion // 100),
    )

    found = TenderResult.of(clear(rules, market, books), rules, market, CNY)

    assert found.method == "mixed tender by rate"
    assert (str(found.amount_of(found.offered)), found.bidders) == ("CNY 112,000,000,000.00", 5)
    assert found.allotted == found.offered
    assert str(found.issue_rate) == "2.3000"
    assert str(found.marginal_rate) == "2.3700"
    assert str(found.average_rate) == "2.3000"
    assert (str(found.bid_multiple), found.bid_multiple_exact) == ("3.61", Fraction(361, 100))
    assert (str(found.marginal_multiple), found.marginal_multiple_exact) == ("1.30", Fraction(13, 10))
    assert str(found.marginal_ratio) == "76.9230"
    assert str(found.issue_price) == "CNY 100.00"


def test_tender_result__multiples_and_ratio__rounded_down() -> None:
    """1,999 for 1,000 is 1.99, and 999 at the margin for 400 is 2.4975 and 40.0400 %."""
    found = published(books_of((1, BEST, 600), (2, NEXT, 999), (3, 30_200_000, 400)))

    assert (found.bid_multiple, found.marginal_multiple) == (Decimal("1.99"), Decimal("2.49"))
    assert found.marginal_multiple_exact == Fraction(999, 400)
    assert found.marginal_ratio == Decimal("40.0400")


def test_tender_result__by_price__prices_and_no_rates() -> None:
    found = published(
        books_of((1, 10_050, 600), (2, 10_000, 600)),
        basis=Basis.PRICE,
        pricing=Pricing.MULTIPLE,
        lowest=9_900,
        highest=10_100,
        tick=10,
    )

    assert found.method == "multiple price tender by price"
    assert (found.marginal_rate, found.average_rate) == (None, None)
    assert (str(found.marginal_price), str(found.average_price)) == ("CNY 100.00", "CNY 100.30")
    assert (str(found.issue_price), str(found.issue_rate)) == ("CNY 100.30", "3.0000")


def test_tender_result__as_dict__text_where_a_reader_might_round() -> None:
    found = published(
        books_of((1, BEST, 600), (2, NEXT, 999), (3, NON_COMPETITIVE, 300)),
        isin="CND1000BOC15",
        non_competitive=200,
        over_allotment=100,
        over_allotted=100,
    )

    assert json.loads(json.dumps(found.as_dict())) == {
        "isin": "CND1000BOC15",
        "method": "uniform price tender by rate",
        "currency": "CNY",
        "face_value": "100.00",
        "offered": 1_100,
        "over_allotted": 100,
        "bid": 1_899,
        "non_competitive_bid": 300,
        "allotted": 1_100,
        "non_competitive": 200,
        "take_up": 0,
        "bidders": 3,
        "issue_rate_percent": "3.0100",
        "issue_price": "100.00",
        "marginal_rate_percent": "3.0100",
        "marginal_price": None,
        "average_rate_percent": "3.0000",
        "average_price": None,
        "bid_multiple": "1.72",
        "bid_multiple_exact": "1899/1100",
        "marginal_multiple": "3.33",
        "marginal_multiple_exact": "333/100",
        "marginal_ratio_percent": "30.0300",
        "failed": None,
    }


def test_tender_result__failed__says_why_and_no_more() -> None:
    found = published(books_of((1, BEST, 600)), minimum_volume=700)

    assert found.failed == "600 units are less than the minimum volume of 700"
    assert (found.allotted, found.take_up, found.bid) == (0, 0, 600)
    assert (found.issue_rate, found.issue_price, found.marginal_rate, found.average_rate) == (None,) * 4
    assert (found.marginal_multiple, found.marginal_ratio) == (None, None)
    assert found.as_dict()["issue_rate_percent"] is None


def test_tender_result__nothing_won_with_a_quote__no_margin() -> None:
    rules = rules_of(lowest=BEST, highest=BEST)
    market = market_of(rules)

    found = TenderResult.of(clear(rules, market, {}, commitments=1_000), rules, market, CNY)

    assert (found.marginal_rate, found.marginal_multiple, found.take_up) == (None, None, 1_000)
    assert str(found.issue_rate) == "3.0000"


@pytest.mark.parametrize(
    ("rate", "text"), [(32_500_000, "3.2500"), (32_512_345, "3.2512345"), (0, "0.0000"), (1, "0.0000001")]
)
def test_tender_result__issue_rate__four_places_or_as_many_as_it_has(rate: int, text: str) -> None:
    found = published(books_of((1, rate, 1_000)), lowest=rate, highest=rate, tick=1)

    assert f"{found.issue_rate:f}" == text
