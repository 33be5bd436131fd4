"""What every account must have in the end, from all that the lives pay."""

from __future__ import annotations

from collections import Counter

from indenture.play.lives.life import Life

PURSE = 50_000_000_00
"""What each of those who pay has at the beginning, in each currency, in base units."""

Cash = Counter[tuple[str, str]]


def issued(cash: Cash, life: Life) -> None:
    """Holders pay the issue price to the issuer."""
    code = life.terms.currency.code
    for holder, units in life.holders.items():
        cash[holder, code] -= units * life.terms.issue_price_base
        cash[life.issuer, code] += units * life.terms.issue_price_base


def paid(cash: Cash, life: Life, amounts: dict[str, int]) -> None:
    """The paying agent pays holders."""
    code = life.terms.currency.code
    for holder, amount in amounts.items():
        cash[holder, code] += amount
        cash["paying-agent", code] -= amount


def traded(cash: Cash, code: str, seller: str, buyer: str, amount: int) -> None:
    """The buyer of units pays the seller."""
    cash[seller, code] += amount
    cash[buyer, code] -= amount
