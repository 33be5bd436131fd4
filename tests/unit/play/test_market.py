"""What a seed draws is always possible."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InputError
from indenture.play.market import Market, price_of

pytestmark = pytest.mark.unit

CLEAN = (Decimal("99.50"), Decimal("100.50"))


@pytest.mark.parametrize(
    ("units", "clean", "accrued", "expected"),
    [
        (1, "100", "0", 10_000),
        (1_000, "100.40", "1.6116438", 10_201_164),
        (1, "99.985", "0", 9_999),  # half a fen is rounded up
        (1, "99.9849999", "0", 9_998),
    ],
)
def test_price__clean_and_accrued__is_rounded_half_up_once(
    units: int, clean: str, accrued: str, expected: int
) -> None:
    assert price_of(units, 10_000, Decimal(clean), Decimal(accrued)) == expected


@given(seed=st.integers(0, 200), lot=st.sampled_from([1, 10]))
def test_plan__any_seed__stays_within_what_accounts_have_at_the_start(seed: int, lot: int) -> None:
    units = dict.fromkeys("abcd", 1000)
    cash = dict.fromkeys("abcd", 50000000)
    market = Market(dict(units), dict(cash), 10_000, lot, Decimal("1.25"))

    planned = market.plan("abcd", "abcd", 12, (10, 100), CLEAN, Random(seed))

    sold, paid = Counter[str](), Counter[str]()
    for trade in planned:
        assert trade.seller != trade.buyer
        assert trade.units % lot == 0
        sold[trade.seller] += trade.units
        paid[trade.buyer] += trade.amount
    assert all(units[name] - sold[name] >= lot and cash[name] >= paid[name] for name in "abcd")


def test_plan__same_seed__is_the_same() -> None:
    def draw() -> list[object]:
        market = Market({"a": 10_000, "b": 10_000}, {"a": 10**9, "b": 10**9}, 10_000, 1, Decimal(0))
        return list(market.plan("ab", "ab", 20, (1, 50), CLEAN, Random("boc-2019|0")))

    assert draw() == draw()


def test_plan__more_than_the_accounts_can__says_how_many_are_possible() -> None:
    market = Market({"a": 100}, {"b": 10**9}, 10_000, 1, Decimal(0))

    with pytest.raises(InputError, match="only 4 of 10 trades are possible"):
        market.plan("a", "b", 10, (20, 20), CLEAN, Random(1))
