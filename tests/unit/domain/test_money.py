"""Money: exact both ways, or refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InvalidAmount
from indenture.money import CNY, JPY, Currency, Money, to_decimal

pytestmark = pytest.mark.unit

MAX_UINT256 = 2**256 - 1


@given(st.integers(-MAX_UINT256, MAX_UINT256), st.integers(0, 18))
def test_to_base__what_from_base_gave__is_the_same(base: Any, decimals: int) -> None:
    currency = Currency("XXX", decimals)

    assert currency.to_base(currency.from_base(base)) == base
    assert currency.money_from_base(base).base == base


@pytest.mark.parametrize(
    ("amount", "base"),
    [("103.25", 10325), (Decimal("0.01"), 1), (7, 700), ("1e3", 100_000), ("0e500", 0), ("-1", -100)],
)
def test_to_base__exact_amount__whole_base_units(amount: Any, base: Any) -> None:
    assert CNY.to_base(amount) == base


@pytest.mark.parametrize(
    "amount",
    [1.0, True, None, b"1", "0.001", "1e-999999", "1e999999", "1e78", "nan", "Infinity", "one", "", "1" * 80],
)
def test_to_base__float_bool_fraction_or_nonsense__refused(amount: Any) -> None:
    with pytest.raises(InvalidAmount):
        CNY.to_base(amount)


@pytest.mark.parametrize("base", [True, 1.0, "1", 10**78])
def test_from_base__not_a_uint256__refused(base: Any) -> None:
    with pytest.raises(InvalidAmount):
        CNY.from_base(base)


@pytest.mark.parametrize(
    ("code", "decimals"), [("cny", 2), ("CNYX", 2), ("ÇNY", 2), ("CNY", -1), ("CNY", 19), ("CNY", True)]
)
def test_currency__impossible__refused(code: str, decimals: int) -> None:
    with pytest.raises(InvalidAmount):
        Currency(code, decimals)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (CNY.money("650000000"), "CNY 650,000,000.00"),
        (CNY.money_from_base(1), "CNY 0.01"),
        (CNY.money("-1234.5"), "CNY -1,234.50"),
        (JPY.money(1234567), "JPY 1,234,567"),
        (CNY.money("1e12"), "CNY 1,000,000,000,000.00"),
    ],
)
def test_str__money__has_code_groups_and_all_decimals(money: Money, text: str) -> None:
    assert str(money) == text


def test_add_and_subtract__one_currency__exact() -> None:
    assert CNY.money("0.1") + CNY.money("0.2") == CNY.money("0.3")
    assert CNY.money("1") - CNY.money("0.01") == CNY.money("0.99")


def test_add__two_currencies__refused() -> None:
    with pytest.raises(InvalidAmount, match="different currencies"):
        CNY.money(1) + JPY.money(1)


def test_money__amount_is_no_decimal__refused() -> None:
    with pytest.raises(InvalidAmount):
        Money(1, CNY)  # type: ignore[arg-type]


def test_to_decimal__float__hint_says_what_to_give() -> None:
    with pytest.raises(InvalidAmount) as caught:
        to_decimal(0.1)  # type: ignore[arg-type]

    assert "Decimal" in caught.value.hint
