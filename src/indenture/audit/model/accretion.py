"""How a bond without coupon grows from its issue price to its face."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import count
from math import floor

from indenture.audit.model.dates import add_months
from indenture.audit.model.daycount import year_fraction
from indenture.audit.model.deal import RATE_ONE, Deal

ONE = 10**18
_YEAR = 12


def accreted(deal: Deal, on: date) -> int:
    """What a unit is worth on a day by its terms, base units times 1e18."""
    terms, accretion = deal.terms, deal.terms.provisions.accretion
    face, price = terms.face_value * ONE, accretion.issuePrice * ONE
    schedule = terms.schedule  # as sealed: a call does not make it grow faster
    if on >= schedule.maturity:
        return face
    if not accretion.yieldRate:
        market = deal.workdays(terms.market)
        so_far, whole = (
            year_fraction(terms.day_count, schedule.issue, day, schedule, market)
            for day in (on, schedule.maturity)
        )
        passed = so_far / whole
        return int(price + floor((face - price) * passed))
    return int(min(accretion.issuePrice * _growth(deal, on), face))


def _growth(deal: Deal, on: date) -> int:
    """From the issue to a day, 1e18 for none: whole cells by power, the last one in a straight line."""
    accretion, issue = deal.terms.provisions.accretion, deal.terms.schedule.issue
    months = accretion.monthsPerCompounding
    cells = next(n for n in count() if add_months(issue, (n + 1) * months) > on)
    start, end = (add_months(issue, n * months) for n in (cells, cells + 1))
    cell = Fraction(accretion.yieldRate * months, _YEAR * RATE_ONE)
    part = ONE + floor(ONE * cell * Fraction((on - start).days, (end - start).days))
    return _power(ONE + floor(ONE * cell), cells) * part // ONE


def _power(base: int, exponent: int) -> int:
    """By squaring from the lowest bit, rounded down at each step, as the terms have it."""
    result = ONE
    while exponent:
        exponent, odd = divmod(exponent, 2)
        if odd:
            result = result * base // ONE
        base = base * base // ONE
    return result
