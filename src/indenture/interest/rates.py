"""Rates: what the terms alone say, rounding, and limits. All in billionths a year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from indenture.errors import InputError
from indenture.provisions import FACTOR_SCALE, NO_CAP, CouponKind, Floating
from indenture.rounding import RATE_SCALE

from .life import PartialCall
from .terms import InterestTerms

if TYPE_CHECKING:
    from .grid import Grid

#: Highest rate that a word of the chain holds.
MAX_RATE = NO_CAP
#: A billionth of the face, as a factor.
_SHARE = FACTOR_SCALE // RATE_SCALE
#: Decimal places of a percent that billionths have.
_PERCENT_PLACES = 7

_OBSERVED = (CouponKind.FLOATING, CouponKind.INFLATION, CouponKind.KPI)


def needs_fixing(terms: InterestTerms) -> bool:
    """Whether periods are fixed one by one, because more than the terms decides on what they pay."""
    provisions = terms.provisions
    return (
        terms.kind in _OBSERVED
        or provisions.capitalised_until > 0
        or provisions.deferral.notice_days > 0
        or provisions.renewal.periods > 0
    )


def rate_of_terms(terms: InterestTerms, period: int) -> int:
    """The rate that the terms state for a period: the coupon rate, or the last step before it.

    Raises:
        InputError: An offering is to fix the coupon rate.
    """
    rate = terms.coupon_rate
    if terms.kind is CouponKind.STEP:
        for step in terms.provisions.steps:
            if step.period > period:
                break
            rate = step.rate
    if rate is None:
        raise InputError(
            "the coupon rate is not fixed yet, a tender is to fix it",
            hint="Wait for the result, or give the terms an expected rate.",
        )
    return rate


def sealed_rate(grid: Grid, period: int) -> int:
    """The rate that the terms in force state for a period: as ``rate_of_terms``, after an extension its own.

    Raises:
        InputError: An offering is to fix the coupon rate.
    """
    life = grid.life
    if life.extended_from and period >= life.extended_from:
        return life.extended_rate
    return rate_of_terms(grid.terms, period)


def half_up(numerator: int, denominator: int) -> int:
    """The whole number next to a fraction, the upper one in the middle, also below zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def rounded(numerator: int, denominator: int, places: int) -> int:
    """A rate in billionths, rounded half up to decimal places of a percent."""
    unit: int = 10 ** (_PERCENT_PLACES - places)
    return half_up(numerator, denominator * unit) * unit


def with_spread(rate: int, floating: Floating) -> int:
    """A benchmark's rounded rate with the spread, kept between floor and cap."""
    return min(max(rate + floating.spread, floating.floor), floating.cap)


def limited(rate: int) -> int:
    """A rate kept between zero and the highest that can be stored."""
    return min(max(rate, 0), MAX_RATE)


def interest_down(factor: int, rate: int, fraction: Fraction) -> int:
    """Interest on a factor (1e18 = the face) for a fraction of a year, rounded down, in the same scale."""
    return factor * rate * fraction.numerator // (RATE_SCALE * fraction.denominator)


def scheduled_factor(terms: InterestTerms, period: int, calls: Sequence[PartialCall] = ()) -> int:
    """The factor after the payment of a period, where nothing is added to the principal.

    Args:
        terms: What interest is computed from.
        period: Number of the period.
        calls: Redemptions in part.
    """
    repaid = sum(each.share for each in terms.provisions.instalments if each.period <= period)
    repaid += sum(each.share for each in calls if each.period <= period)
    return FACTOR_SCALE - repaid * _SHARE


def share_of(terms: InterestTerms, period: int, calls: Sequence[PartialCall] = ()) -> int:
    """What the instalment of a period, or a call in part with its payment, takes off the factor."""
    repaid = sum(each.share for each in terms.provisions.instalments if each.period == period)
    return _SHARE * (repaid + sum(each.share for each in calls if each.period == period))
