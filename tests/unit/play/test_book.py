"""A drawn book has the shape of its demand, and keeps the rules of the offering, with every seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InputError
from indenture.play.book import Bidder, Demand, draw_book, units_by_quote
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules, TickBid, check_bids, ordered

pytestmark = pytest.mark.unit

_START = datetime(2019, 12, 3, tzinfo=UTC)


def rules(minimum_bid: int = 10, maximum_bid: int = 10_000) -> Rules:
    hours = [_START + timedelta(hours=hour) for hour in range(6)]
    return Rules(
        form=Form.SEALED,
        basis=Basis.RATE,
        pricing=Pricing.UNIFORM,
        offered=10_000,
        minimum_bid=minimum_bid,
        maximum_bid=maximum_bid,
        lowest=30_000_000,
        highest=36_000_000,
        tick=100_000,
        opens_at=hours[0],
        closes_at=hours[1],
        reveals_by=hours[2],
        over_allots_by=hours[2],
        clears_by=hours[3],
        settles_from=hours[4],
        settles_by=hours[5],
        takes_up_by=hours[5],
    )


def demand(units: int = 27_000, *, low: int = 0, centre: int = 3, high: int = 7, each: int = 3) -> Demand:
    """Demand between some ticks above 3 %."""
    low, centre, high = (30_000_000 + tick * 100_000 for tick in (low, centre, high))
    return Demand(units, low, centre, high, each)


def bidders(count: int, maximum: int = 10_000) -> list[Bidder]:
    limits = ClassRule(minimum=10, maximum=maximum)
    return [Bidder(f"bank-{number}", limits) for number in range(count)]


def test_units_by_quote__tent__rises_to_the_centre_and_falls() -> None:
    found = units_by_quote(demand(1_000, low=0, centre=3, high=7), rules(), 1)

    # Heights 1/4 2/4 3/4 1 4/5 3/5 2/5 1/5, in all 4.5; what rounding leaves is at the centre.
    assert list(found.values()) == [55, 111, 166, 222 + 4, 177, 133, 88, 44]


def test_units_by_quote__thin_ends__go_to_the_centre() -> None:
    found = units_by_quote(demand(1_000), rules(minimum_bid=100), 1)

    assert sum(found.values()) == 1_000
    assert [quote for quote in found if found[quote] < 100] == []
    assert len(found) == 5


def test_units_by_quote__less_than_a_bid__is_refused() -> None:
    with pytest.raises(InputError, match="9 units in all are less than one tick bid of 10"):
        units_by_quote(demand(9), rules(), 1)


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 40),
    each=st.integers(1, 6),
    lot=st.sampled_from([1, 5, 10]),
    units=st.integers(5_000, 30_000),
)
def test_draw_book__any_seed__has_the_demand_and_keeps_the_rules(
    seed: int, count: int, each: int, lot: int, units: int
) -> None:
    asked, bounds = demand(units, each=each), bidders(count, maximum=40_000)
    limits = rules(maximum_bid=40_000)

    drawn = draw_book(asked, bounds, limits, lot, Random(seed))

    by_quote: dict[int, int] = {}
    for bidder in bounds:
        bids = drawn[bidder.account]
        for bid in bids:
            by_quote[bid.quote] = by_quote.get(bid.quote, 0) + bid.units
        check_bids(
            limits,
            bidder.class_rule,
            ordered(TickBid(bid.quote, bid.units, "0x" + "1" * 40) for bid in bids),
            lot=lot,
        )
    assert dict(sorted(by_quote.items())) == units_by_quote(asked, limits, lot)


def test_draw_book__same_seed__is_the_same() -> None:
    first, second = (draw_book(demand(), bidders(12), rules(), 1, Random("boc|0")) for _ in range(2))

    assert first == second
    assert first != draw_book(demand(), bidders(12), rules(), 1, Random("boc|1"))


def test_draw_book__client__gets_every_second_bid() -> None:
    limits = ClassRule(minimum=10, maximum=30_000)
    house = [Bidder("broker/house", limits, client="broker/clients"), Bidder("bank", limits)]

    drawn = draw_book(demand(each=4), house, rules(), 1, Random(1))

    accounts = [bid.account for bid in drawn["broker/house"]]
    assert accounts[:4] == ["broker/house", "broker/clients"] * 2
    assert {bid.account for bid in drawn["bank"]} == {"bank"}


def test_draw_book__more_than_classes_may__says_so() -> None:
    with pytest.raises(InputError, match="3 bidders cannot bid for 27000 units") as error:
        draw_book(demand(), bidders(3, maximum=5_000), rules(), 1, Random(1))

    assert "name more bidders" in error.value.hint
