"""Clearing: results derived by hand."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from indenture.errors import InputError
from indenture.primary import (
    NON_COMPETITIVE,
    Basis,
    Market,
    Pricing,
    TickBid,
    allocate,
    clear,
    ordered,
    price_of,
)

from .builders import Books, account, books_of, market_of, rules_of

pytestmark = pytest.mark.unit

BEST, NEXT, THIRD = 30_000_000, 30_100_000, 30_200_000  # 3.00 %, 3.01 %, 3.02 %


def test_clear__uniform_by_rate__the_last_rate_that_is_needed() -> None:
    rules = rules_of(offered=1_000)
    books = books_of((1, BEST, 400), (2, NEXT, 400), (3, THIRD, 400), (4, 30_300_000, 100))

    found = clear(rules, market_of(rules), books)

    assert (found.marginal_level, found.marginal_bid, found.marginal_share) == (2, 400, 200)
    assert (found.competitive, found.take_up, found.bidders) == (1_000, 0, 4)
    assert (found.issue_rate, found.issue_price) == (THIRD, 10_000)
    # (0 * 400 + 1 * 400 + 2 * 200) / 1000 = 0.8, which is nearer to 1
    assert found.average_level == 1
    assert (found.bid_units, found.weighted) == (1_300, 400 + 800 + 300)


def test_clear__multiple_by_rate__coupon_is_the_average() -> None:
    rules = rules_of(pricing=Pricing.MULTIPLE)
    books = books_of((1, BEST, 400), (2, NEXT, 400), (3, THIRD, 400))

    found = clear(rules, market_of(rules), books)

    assert (found.marginal_level, found.issue_rate, found.issue_price) == (2, NEXT, 10_000)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis.RATE, NEXT),  # half of 3.00 % and half of 3.01 %: 3.005 %, half up in the rate
        (Basis.PRICE, NEXT),  # half and half too: half up in the price
    ],
)
def test_clear__average_between_two_ticks__half_up_in_the_quote(basis: Basis, expected: int) -> None:
    rules = rules_of(pricing=Pricing.MULTIPLE, basis=basis, offered=200)
    books = books_of((1, BEST, 100), (2, NEXT, 100))

    found = clear(rules, market_of(rules), books)

    assert rules.quote_of(found.average_level) == expected


def test_clear__by_price__highest_is_best_and_the_coupon_is_the_bond_s() -> None:
    rules = rules_of(basis=Basis.PRICE, lowest=9_900, highest=10_100, tick=50, offered=300)
    books = books_of((1, 10_100, 200), (2, 10_000, 200), (3, 9_950, 200))

    found = clear(rules, market_of(rules), books)

    assert (found.marginal_level, found.marginal_share) == (2, 100)
    assert (found.issue_price, found.issue_rate) == (10_000, 30_000_000)


def test_clear__non_competitive_over_the_cap__cap_is_taken_off_first() -> None:
    rules = rules_of(non_competitive=300)
    books = books_of((1, BEST, 600), (2, NEXT, 600), (3, NON_COMPETITIVE, 200), (4, NON_COMPETITIVE, 250))

    found = clear(rules, market_of(rules), books)

    assert (found.non_competitive_bid, found.non_competitive_share) == (450, 300)
    assert (found.competitive, found.marginal_share) == (700, 100)


def test_clear__non_competitive_under_the_cap__leaves_the_rest_to_the_others() -> None:
    rules = rules_of(non_competitive=300)
    books = books_of((1, BEST, 600), (2, NEXT, 600), (3, NON_COMPETITIVE, 200))

    found = clear(rules, market_of(rules), books)

    assert (found.non_competitive_share, found.competitive, found.marginal_share) == (200, 800, 200)


def test_clear__non_competitive_alone__fails_for_want_of_a_price() -> None:
    rules = rules_of(non_competitive=300)

    found = clear(rules, market_of(rules), books_of((3, NON_COMPETITIVE, 200)), commitments=1_000)

    assert found.failed == "no bid with a quote won, so no price was found"
    assert (found.volume, found.issue_rate, found.issue_price) == (0, 0, 0)


def test_clear__over_allotted__more_is_sold() -> None:
    rules = rules_of(over_allotment=500)
    books = books_of((1, BEST, 800), (2, NEXT, 800))

    found = clear(rules, market_of(rules), books, over_allotted=500)

    assert (found.competitive, found.marginal_share, found.over_allotted) == (1_500, 700, 500)


@pytest.mark.parametrize("units", [501, 7, -100])
def test_clear__over_allotted_more_than_allowed_or_broken_lots__refused(units: int) -> None:
    rules = rules_of(over_allotment=500)

    with pytest.raises(InputError, match=f"{units} units over-allotted are not whole lots of 100 up to 500"):
        clear(rules, market_of(rules, lot=100), {}, over_allotted=units)


def test_clear__rest__falls_to_the_underwriters_as_far_as_they_committed() -> None:
    rules = rules_of()

    found = clear(rules, market_of(rules), books_of((1, BEST, 600)), commitments=300)

    assert (found.competitive, found.take_up, found.volume) == (600, 300, 900)


def test_clear__below_the_minimum_volume__fails() -> None:
    rules = rules_of(minimum_volume=950)

    found = clear(rules, market_of(rules), books_of((1, BEST, 600)), commitments=300)

    assert found.failed == "900 units are less than the minimum volume of 950"
    assert (found.volume, found.issue_rate, found.issue_price) == (900, 0, 0)


def test_clear__minimum_volume_reached_to_the_unit__goes_on() -> None:
    rules = rules_of(minimum_volume=900)

    assert clear(rules, market_of(rules), books_of((1, BEST, 600)), commitments=300).failed is None


def test_clear__fixed_price_without_bids__underwriters_take_all() -> None:
    rules = rules_of(lowest=BEST, highest=BEST)

    found = clear(rules, market_of(rules), {}, commitments=1_000)

    assert (found.failed, found.take_up, found.competitive) == (None, 1_000, 0)
    assert (found.issue_rate, found.issue_price) == (BEST, 10_000)


def test_clear__fixed_price_and_nobody__fails() -> None:
    rules = rules_of(lowest=BEST, highest=BEST)

    assert clear(rules, market_of(rules), {}).failed == "nothing was bid, and nobody takes the issue up"


def test_clear__no_bids__fails_though_underwriters_would_take_all() -> None:
    rules = rules_of()

    assert clear(rules, market_of(rules), {}, commitments=1_000).failed is not None


def test_clear__far_off__void_on_both_sides_and_still_in_the_average() -> None:
    # Average of all: (0 * 100 + 20 * 500 + 60 * 100) / 700 = 22.86 ticks; within 10: levels 13 to 32.
    rules = rules_of(far_off=10)
    books = books_of((1, BEST, 100), (2, 32_000_000, 500), (3, 36_000_000, 100))

    found = clear(rules, market_of(rules), books)

    assert (found.first_level, found.last_level) == (13, 32)
    assert (found.competitive, found.marginal_level) == (500, 20)


def test_clear__exactly_as_far_off_as_allowed__valid() -> None:
    # Average (0 * 100 + 20 * 100) / 200 = 10 ticks: both bids are 10 away.
    rules = rules_of(far_off=10)
    books = books_of((1, BEST, 100), (2, 32_000_000, 100))

    assert clear(rules, market_of(rules), books).competitive == 200


def test_clear__all_bids_far_off__fails() -> None:
    rules = rules_of(far_off=9)
    books = books_of((1, BEST, 100), (2, 32_000_000, 100))

    assert clear(rules, market_of(rules), books).failed is not None


def test_clear__bidder_who_withdrew__does_not_count() -> None:
    rules = rules_of()

    assert clear(rules, market_of(rules), {account(2): (), **books_of((1, BEST, 100))}).bidders == 1


def test_clear__quote_on_no_level__refused() -> None:
    rules = rules_of()

    with pytest.raises(InputError, match=r"quote 3\.005 % is not one of 3 % to 3\.6 % by 0\.01 %"):
        clear(rules, market_of(rules), books_of((1, 30_050_000, 100)))


def test_clear__prices_without_a_coupon__refused() -> None:
    rules = rules_of(basis=Basis.PRICE)

    with pytest.raises(InputError, match="the bond has no coupon yet"):
        clear(rules, market_of(rules, coupon_rate=None), {})


# --- the mixed tender


def percent(text: str) -> int:
    return int(text.replace(".", "")) * 100_000


#: CNY 26bn as in the 28th issue of 2009: a band of 12 ticks, void beyond 50. The bids are of our own making,
#: in millions of units (CNY 100m): 280 for 260.
TREASURY = rules_of(
    pricing=Pricing.MIXED,
    offered=260_000_000,
    minimum_bid=200_000,
    maximum_bid=30_000_000,
    lowest=percent("0.50"),
    highest=percent("4.50"),
    far_off=50,
    band=12,
)
TREASURY_MARKET = Market(lot=1, face_value=10_000, months_per_period=12, periods=1)


def treasury_books(*bids: tuple[int, str, int]) -> Books:
    return books_of(*((bidder, percent(rate), millions * 1_000_000) for bidder, rate, millions in bids))


def test_clear__mixed_tender__ticks_drop_until_all_are_within_the_band() -> None:
    """The average moves as ticks drop, and takes a second one with it.

    Rate    bid   ticks above 1.40
    1.40     20    0
    1.42     40    2
    1.44     60    4
    1.46     60    6
    1.48     40    8
    1.59     30   19
    1.66     25   26
    2.40      5  100

    All 280: (0 + 80 + 240 + 360 + 320 + 570 + 650 + 500) / 280 = 9.71 ticks; 2.40 is 90.29 away, void.
    First 260 (10 at 1.66): (0 + 80 + 240 + 360 + 320 + 570 + 260) / 260 = 1830 / 260 = 7.04, that is 1.47;
    1.47 + 0.12 = 1.59, so 1.66 drops and 1.59 stays.
    Then 250: 1570 / 250 = 6.28, that is 1.46; 1.46 + 0.12 = 1.58, so 1.59 drops.
    Then 220: 1000 / 220 = 4.55, that is 1.45; 1.57 is the last that could stay, and 1.48 is below: the end.
    The coupon is 1.45 %; 220 are sold, and 40 remain.
    """
    books = treasury_books(
        (1, "1.40", 20),
        (1, "1.44", 30),
        (1, "1.46", 20),
        (2, "1.42", 30),
        (2, "1.44", 20),
        (2, "1.46", 20),
        (3, "1.46", 20),
        (3, "1.48", 30),
        (3, "1.66", 25),
        (4, "1.42", 10),
        (4, "1.44", 10),
        (4, "1.48", 10),
        (4, "1.59", 30),
        (5, "2.40", 5),
    )

    found = clear(TREASURY, TREASURY_MARKET, books)
    allocation = allocate(1, TREASURY_MARKET, TREASURY, found, books)

    assert found.bid_units == 280_000_000
    assert TREASURY.quote_of(found.last_level) < percent("2.40")
    assert TREASURY.quote_of(found.marginal_level) == percent("1.48")
    assert found.issue_rate == percent("1.45")
    assert (found.competitive, found.marginal_bid, found.marginal_share) == (
        220_000_000,
        40_000_000,
        40_000_000,
    )
    assert {bidder: allocation.won(bidder) for bidder in books} == {
        account(1): 70_000_000,
        account(2): 70_000_000,
        account(3): 50_000_000,
        account(4): 30_000_000,
        account(5): 0,
    }
    # At or below 1.45 % at par; 1.46 %: 101.45 / 1.0146 = 99.9901; 1.48 %: 101.45 / 1.0148 = 99.9704.
    prices = {
        rate: price_of(percent(rate), TREASURY, TREASURY_MARKET, found)
        for rate in ("1.40", "1.44", "1.46", "1.48")
    }
    assert prices == {"1.40": 10_000, "1.44": 10_000, "1.46": 9_999, "1.48": 9_997}


def test_clear__mixed_tender__exactly_at_the_band__stays() -> None:
    """1.58 in place of 1.59: (1000 + 30 * 18) / 250 = 6.16, that is 1.46; 1.58 is 12 above and stays."""
    books = treasury_books(
        (1, "1.40", 20), (2, "1.42", 40), (3, "1.44", 60), (4, "1.46", 60), (5, "1.48", 40), (6, "1.58", 30)
    )

    found = clear(TREASURY, TREASURY_MARKET, books)

    assert TREASURY.quote_of(found.marginal_level) == percent("1.58")
    assert (found.issue_rate, found.competitive) == (percent("1.46"), 250_000_000)


def test_clear__mixed_tender__last_tick_is_shared_when_the_band_holds() -> None:
    """The first 260 need 10 of the 25 at 1.50: (1000 + 30 * 9 + 10 * 10) / 260 = 5.27, that is 1.45."""
    books = treasury_books(
        (1, "1.40", 20),
        (2, "1.42", 40),
        (3, "1.44", 60),
        (4, "1.46", 60),
        (5, "1.48", 40),
        (6, "1.49", 30),
        (7, "1.50", 20),
        (8, "1.50", 5),
    )

    found = clear(TREASURY, TREASURY_MARKET, books)
    allocation = allocate(1, TREASURY_MARKET, TREASURY, found, books)

    assert (found.issue_rate, found.competitive) == (percent("1.45"), 260_000_000)
    assert (found.marginal_bid, found.marginal_share) == (25_000_000, 10_000_000)
    assert [allocation.won(account(number)) for number in (7, 8)] == [8_000_000, 2_000_000]


def test_clear__mixed_tender__a_level_out_of_the_band_is_brought_back_by_a_heavy_one_behind() -> None:
    """Dropping from the whole: 100 at 0, 10 at 8, 890 at 10 have the average 8.98, so that none is dropped.

    A pass that gave up at the first level out of the band (8 is more than 5 behind 0.73) would sell 100 only.
    """
    rules = rules_of(pricing=Pricing.MIXED, band=5)
    books = books_of((1, BEST, 100), (2, 30_800_000, 10), (3, 31_000_000, 890))

    found = clear(rules, market_of(rules), books)

    assert (found.competitive, found.average_level, found.marginal_level) == (1_000, 9, 10)


# --- speed


def test_clear__ten_thousand_tick_bids__well_under_a_tenth_of_a_second() -> None:
    rules = rules_of(offered=10**9, maximum_bid=10**9)
    market, random = market_of(rules), Random(1)
    books = {
        account(number): ordered(
            TickBid(BEST + tick * rules.tick, random.randrange(10, 10**6), account(number))
            for tick in random.sample(range(rules.levels), 10)
        )
        for number in range(1, 1_001)
    }
    times = []

    for _ in range(5):
        started = process_time()
        found = clear(rules, market, books)
        times.append(process_time() - started)

    assert found.competitive == 10**9
    assert min(times) < 0.05
