"""What a bond with a floating rate is measured by: discount margin and effective duration.

A yield, and the durations that are made from it, take all coupons as given. Those of a floating rate move
with the benchmark, so that its price hardly does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import QuantLib as ql

from indenture.errors import InputError
from indenture.provisions import CouponKind

if TYPE_CHECKING:
    from .analysis import Analysis

_ACCURACY = 1e-14
_STEP = 1e-3
#: Percent by which the benchmark is moved, both ways: more than any rounding of rates.
_BUMP = Decimal("0.1")


def discount_margin(
    analysis: Analysis, clean: float, settlement: date, *, records: int | None = None
) -> float:
    """What is to be added to the assumed benchmark for payments, discounted by it, to be worth the price.

    ``dirty = Σ payment(k) × Π 1 / (1 + (forward + margin) × fraction(j))``, over the periods up to each
    payment, the first from the settlement day on. At par on the first day of a period it is the spread.

    Args:
        analysis: The bond, with the forward rate that is assumed.
        clean: Price per 100 of the principal outstanding, without accrued interest.
        settlement: The day of payment.
        records: Record dates that have passed.

    Returns:
        A fraction: 0.006 is 60 basis points.

    Raises:
        InputError: The rate does not float, no forward rate is assumed, or no margin makes the price.
    """
    forward = _forward(analysis)
    amounts = [float(flow.total) for flow in analysis.flows]
    value = analysis.value(clean, settlement, records=records)

    def excess(margin: float) -> float:
        return _worth(analysis, amounts, float(forward) / 100 + margin, settlement, records) - value

    try:
        return float(ql.Brent().solve(excess, _ACCURACY, 0.0, _STEP))
    except RuntimeError:
        raise InputError(
            f"no discount margin makes the price {clean} on {settlement}", hint="Prices are per 100."
        ) from None


def effective_duration(
    analysis: Analysis, clean: float, settlement: date, *, records: int | None = None
) -> float:
    """Relative fall of the dirty price for a rise of the benchmark, at the same discount margin, in years.

    Coupons that are not fixed yet rise with it, within floor and cap; the one that runs is fixed, and of a
    compounded one that part which has passed.

    Raises:
        InputError: As ``discount_margin``.
    """
    margin = discount_margin(analysis, clean, settlement, records=records)
    forward = _forward(analysis)
    lower, upper = (
        _moved_worth(analysis, forward + bump, margin, settlement, records) for bump in (-_BUMP, _BUMP)
    )
    return (lower - upper) / (2 * float(_BUMP) / 100) / analysis.value(clean, settlement, records=records)


def _forward(analysis: Analysis) -> Decimal:
    forward = analysis.assumptions.forward_rate
    if analysis.grid.terms.kind is not CouponKind.FLOATING:
        raise InputError("only a floating rate has a discount margin", hint="Ask for its yield.")
    if forward is None:
        raise InputError(
            "a discount margin is over a benchmark, and nothing is assumed of it",
            hint="Give Assumptions(forward_rate=...), which it is measured against.",
        )
    return forward


def _moved_worth(
    analysis: Analysis, forward: Decimal, margin: float, settlement: date, records: int | None
) -> float:
    """The worth of the payments if the benchmark were another from the settlement day on."""
    moved = analysis.with_forward_rate(forward)
    current = analysis.grid.period_of(settlement)
    free = _unfixed_share(analysis, current, settlement)
    amounts = [
        float(then.total if now.period > current else now.total + (then.total - now.total) * free)
        if now.period >= current
        else float(now.total)
        for now, then in zip(analysis.flows, moved.flows, strict=True)
    ]
    return _worth(analysis, amounts, float(forward) / 100 + margin, settlement, records)


def _unfixed_share(analysis: Analysis, period: int, settlement: date) -> float:
    """How much of the running coupon still moves: nothing of a term rate, the rest of a compounded one."""
    if not analysis.grid.terms.provisions.floating.compounded:
        return 0
    whole = analysis.grid.fraction(period)
    return float(1 - analysis.grid.fraction_to(period, settlement) / whole)


def _worth(
    analysis: Analysis, amounts: Sequence[float], rate: float, settlement: date, records: int | None
) -> float:
    """What a buyer gets, discounted by a simple rate for each period; what is due already is paid at once."""
    grid, current = analysis.grid, analysis.grid.period_of(settlement)
    passed = current - 1 if records is None else records
    discount, worth = 1.0, 0.0
    for flow, amount in zip(analysis.flows, amounts, strict=True):
        if flow.period >= current:
            years = flow.fraction
            if flow.period == current:
                years -= grid.fraction_to(current, settlement)
            discount /= 1 + rate * float(years)
        if flow.period > passed:
            worth += amount * discount
    return worth
