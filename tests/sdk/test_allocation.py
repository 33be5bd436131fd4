"""The allocation in Python, against its definition."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.roles import allocation

pytestmark = pytest.mark.unit

ACCOUNTS = st.integers(1, 2**160 - 1).map(lambda n: f"0x{n:040x}")
BOOKS = st.dictionaries(ACCOUNTS, st.integers(1, 2**40), min_size=1, max_size=30)


@given(BOOKS, st.integers(1, 2**40))
def test_allocation__any_book__gives_all_and_is_fair(lots: dict[str, int], offered: int) -> None:
    given_lots, cut = allocation(lots, offered)

    ordered = sum(lots.values())
    assert sum(given_lots.values()) == min(ordered, offered)
    for account, asked in lots.items():
        share = min(Fraction(asked), Fraction(asked * offered, ordered))
        assert abs(given_lots[account] - share) < 1
        assert given_lots[account] <= asked
        assert given_lots[account] == by_cut(account, asked, offered, ordered, cut.remainder, cut.account)


def by_cut(account: str, asked: int, offered: int, ordered: int, remainder: int, last: str) -> int:
    """As the contract applies the cut, order by order."""
    if ordered <= offered:
        return asked
    own = asked * offered % ordered
    above = own > remainder or (own == remainder and int(account, 16) <= int(last, 16))
    return asked * offered // ordered + (1 if above and own else 0)


def test_allocation__equal_remainders__the_lower_account_first() -> None:
    low, high = "0x" + "0" * 39 + "1", "0x" + "f" * 40

    given_lots, cut = allocation({high: 1, low: 1}, 1)

    assert given_lots == {low: 1, high: 0}
    assert (cut.remainder, cut.account) == (1, low)
