"""What a winner pays for one unit, in base units of the currency."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from indenture.audit.model.tender.bids import MIXED, MULTIPLE, RATE, UNIFORM, Tender
from indenture.audit.model.tender.clearing import Clearing
from indenture.audit.model.terms import Terms

_RATE_ONE = 10**9
_HALF = Fraction(1, 2)


def issue_terms(tender: Tender, clearing: Clearing, terms: Terms) -> tuple[int, int]:
    """Coupon in billionths a year, and issue price: the marginal quote if uniform, else the average."""
    level = clearing.marginal_level if tender.pricing == UNIFORM else clearing.average_level
    quote = tender.quote_of(level)
    return (quote, terms.face_value) if tender.basis == RATE else (terms.rate, quote)


def price_of(
    tender: Tender, clearing: Clearing, terms: Terms, issued_at: tuple[int, int], quote: int | None
) -> int:
    """Price of one unit.

    Args:
        tender: The conditions.
        clearing: What the clearing came to.
        terms: The bond.
        issued_at: Coupon and issue price, as ``issue_terms`` gives them.
        quote: None for units without one: non-competitive, taken up, underwritten after the result.
    """
    rate, issue_price = issued_at
    if quote is None or tender.pricing == UNIFORM:
        return issue_price
    if tender.pricing == MIXED and tender.level(quote) <= clearing.average_level:
        return issue_price
    if tender.pricing not in (MULTIPLE, MIXED):
        raise ValueError(f"no such pricing: {tender.pricing}")
    return price_at_yield(terms, rate, quote) if tender.basis == RATE else quote


def price_at_yield(terms: Terms, coupon: int, asked: int) -> int:
    """The price at which a bond with a coupon yields a rate, over whole periods; half up, once.

    Every payment is discounted on its own: no closed formula, so that none can be wrong.
    """
    a_year = Fraction(12, terms.months)
    per_period = Fraction(coupon, _RATE_ONE) / a_year
    discount = 1 / (1 + Fraction(asked, _RATE_ONE) / a_year)
    worth, factor = Fraction(0), Fraction(1)
    for _ in range(terms.periods):
        factor *= discount
        worth += per_period * factor
    return floor(terms.face_value * (worth + factor) + _HALF)
