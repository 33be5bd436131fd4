"""What a winner pays for one unit."""

from __future__ import annotations

from fractions import Fraction

from indenture.errors import InputError
from indenture.rounding import RATE_SCALE

from .bids import NON_COMPETITIVE, quote_text
from .clearing import Clearing
from .rules import Market, Rules
from .types import Basis, Pricing

_MONTHS_PER_YEAR = 12


def exact_price_at(rate: int, coupon: int, market: Market) -> Fraction:
    """The price at which a bond yields a rate over all its periods, in base units for one unit, exact.

    Whole periods, compounded each period (ICMA Rule 803): with n periods, f of them a year, face F and
    v = 1 / (1 + rate / f), it is F * (v**n + coupon / rate * (1 - v**n)); at a rate of 0 it is
    F * (1 + coupon * n / f).

    Args:
        rate: Billionths a year.
        coupon: Billionths a year.
        market: Face, length and number of periods.
    """
    if rate < 0 or coupon < 0:
        raise InputError(f"rate {rate} or coupon {coupon} is negative")
    if not market.months_per_period:
        raise InputError(
            "no price follows from a rate: periods are not all regular, or do not divide a year",
            hint="Let bids quote a price.",
        )
    year = _MONTHS_PER_YEAR // market.months_per_period * RATE_SCALE
    if rate == 0:
        return Fraction(market.face_value * (year + coupon * market.periods), year)
    discount = Fraction(year, year + rate) ** market.periods
    return market.face_value * (discount + Fraction(coupon, rate) * (1 - discount))


def price_at(rate: int, coupon: int, market: Market) -> int:
    """``exact_price_at``, rounded half up to the base unit."""
    price = exact_price_at(rate, coupon, market)
    return (2 * price.numerator + price.denominator) // (2 * price.denominator)


def price_of(quote: int, rules: Rules, market: Market, clearing: Clearing) -> int:
    """What a winning bid pays for one unit, in base units, without accrued interest.

    Args:
        quote: Quote of the bid; ``NON_COMPETITIVE`` also for what underwriters take up or add.
        rules: The rules of the offering.
        market: What it must know of its bond.
        clearing: The result.

    Raises:
        InputError: The issue failed, or no bid with this quote won.
    """
    if clearing.failed is not None:
        raise InputError(f"the issue failed: {clearing.failed}", hint="Nobody pays anything.")
    if quote == NON_COMPETITIVE:
        return clearing.issue_price
    level = rules.level_of(quote)
    if not clearing.competitive or not clearing.first_level <= level <= clearing.marginal_level:
        said = quote_text(quote, rules.basis)
        raise InputError(f"a bid with quote {said} won nothing", hint="Only winners pay.")
    at_issue_price = rules.pricing is Pricing.UNIFORM or (
        rules.pricing is Pricing.MIXED and level <= clearing.average_level
    )
    if at_issue_price:
        return clearing.issue_price
    if rules.basis is Basis.PRICE:
        return quote
    return price_at(quote, clearing.issue_rate, market)
