"""Checks of a term sheet's fields against each other: each gives (field, what is wrong, what to do)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .amounts import Contradictions, amount_contradictions, list_contradictions, rate_contradictions
from .coupons import coupon_contradictions
from .dates import date_contradictions
from .provisos import plainness_contradictions, proviso_contradictions
from .rights import right_contradictions

if TYPE_CHECKING:
    from indenture.termsheet.sheet import TermSheet


def contradictions_of(terms: TermSheet) -> Contradictions:
    """Everything in which a term sheet contradicts itself."""
    amounts, dates = amount_contradictions(terms), date_contradictions(terms)
    problems = [*amounts, *dates, *rate_contradictions(terms), *list_contradictions(terms)]
    # Periods and amounts can only be asked for where dates make a grid and amounts are whole, and provisions
    # where their days are those of periods.
    problems = problems or [*coupon_contradictions(terms), *proviso_contradictions(terms)]
    return problems or [*plainness_contradictions(terms), *right_contradictions(terms)]
