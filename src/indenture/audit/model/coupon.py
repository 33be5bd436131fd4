"""What one unit is paid, what it has earned, and what of it is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, trunc
from typing import Any

from indenture.audit.model.accretion import accreted
from indenture.audit.model.deal import FACTOR_ONE, NOT_FIXED, RATE_ONE, Deal, NotKnown
from indenture.audit.model.fixing import compounded_so_far, price_index
from indenture.audit.model.terms import FLOATING, HOLDING_DOWN, INFLATION, UNIT_HALF_UP, ZERO_COUPON

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Each:
    """What one unit is paid, exact base units."""

    interest: Fraction = Fraction(0)
    principal: Fraction = Fraction(0)

    def interest_of(self, units: int) -> int:
        """Interest of a holding, rounded down once."""
        return floor(units * self.interest)

    def principal_of(self, units: int) -> int:
        """Principal of a holding, rounded down once."""
        return floor(units * self.principal)

    def amount_of(self, units: int) -> int:
        """All that a holding is paid."""
        return self.interest_of(units) + self.principal_of(units)

    def tax_of(self, units: int, rate: int) -> int:
        """What is withheld from a holding's interest, rounded down."""
        return self.interest_of(units) * rate // RATE_ONE

    def net_of(self, units: int, rate: int) -> int:
        """What is left of a holding's amount after tax."""
        return self.amount_of(units) - self.tax_of(units, rate)


def unit_payment(deal: Deal, period: int) -> Each:
    """What one unit is paid for a period, rounded where the terms round per unit.

    Raises:
        NotKnown: There is no such period, or it is not fixed yet.
    """
    if not 1 <= period <= deal.last:
        raise NotKnown(f"there is no period {period}")
    if deal.terms.needs_fixing:
        deal.fixed(period)
    principal = _principal(deal, period)
    if deal.terms.rounding != HOLDING_DOWN:
        principal = Fraction(floor(principal))
    return Each(_coupon(deal, period), principal)


def accrued(deal: Deal, on: date, records: int) -> Fraction:
    """What a buyer owes a seller for interest of one unit; below zero where coupons stay with the seller.

    Args:
        deal: The bond.
        on: Value day; one before the issue day counts as that.
        records: Record dates that have passed when the trade is agreed.
    """
    on = max(on, deal.terms.schedule.issue)
    is_over = on >= deal.ends(deal.last)
    if is_over and records >= deal.last:
        raise NotKnown(f"no interest runs on {on}")
    if deal.terms.kind == ZERO_COUPON:
        price = Fraction(deal.terms.provisions.accretion.issuePrice)
        return Fraction(accreted(deal, on), FACTOR_ONE) - price
    period = deal.last if is_over else deal.period_of(on)
    if records + 2 < period:
        raise NotKnown("more than one payment is pending")
    earned = _coupon(deal, period) if is_over else _earned(deal, period, on)
    pending = _coupon(deal, period - 1) if records + 1 < period else Fraction(0)
    return earned + pending - sum(_coupon(deal, k) for k in range(period, records + 1))


def accrued_amount(deal: Deal, units: int, on: date, records: int) -> int:
    """The same for some units, rounded towards zero once."""
    return trunc(units * accrued(deal, on, records))


def accreted_value(deal: Deal, on: date) -> int:
    """What a unit is worth by its terms, base units times 1e18; a bond with a coupon its face."""
    if on < deal.terms.schedule.issue:
        raise NotKnown(f"it was not issued on {on}")
    if deal.terms.kind != ZERO_COUPON:
        return deal.terms.face_value * FACTOR_ONE
    return accreted(deal, on)


def tax_rate(withholdings: Sequence[Any], verdicts: int) -> int:
    """Billionths that are withheld from an account: by the first entry with its class, else by the last."""
    if not withholdings:
        return 0
    return int(next((w.rate for w in withholdings if w.classes & verdicts), withholdings[-1].rate))


def _coupon(deal: Deal, period: int) -> Fraction:
    """Interest that one unit is paid for a whole period, arrears included."""
    terms = deal.terms
    if terms.kind == ZERO_COUPON or deal.is_capitalised(period) or deal.is_deferred(period):
        return Fraction(0)
    found = deal.fixed(period) if terms.needs_fixing else NOT_FIXED
    rate = found.rate if terms.needs_fixing else deal.sealed_rate(period)
    exact = _interest(deal, period, rate, deal.whole(period), found.index_ratio)
    if terms.rounding == HOLDING_DOWN:
        return exact
    return Fraction(floor(exact + _HALF if terms.rounding == UNIT_HALF_UP else exact))


def _earned(deal: Deal, period: int, on: date) -> Fraction:
    """Interest of one unit from the start of a period to a day in it, arrears included."""
    start = deal.ends(period - 1)
    found, rate, ratio = deal.fixings.get(period, NOT_FIXED), deal.sealed_rate(period), 0
    if deal.terms.kind == INFLATION:
        ratio = price_index(deal, on, late=False).ratio
    elif found.fixed_at:
        rate = found.rate
    elif deal.terms.kind == FLOATING and deal.terms.provisions.floating.compounded:
        rate = compounded_so_far(deal, start, on)
    elif deal.terms.needs_fixing:
        raise NotKnown(f"period {period} is not fixed")
    return _interest(deal, period, rate, deal.fraction(start, on), ratio)


def _interest(deal: Deal, period: int, rate: int, fraction: Fraction, ratio: int) -> Fraction:
    """Interest of one unit over a stretch of a period, and the arrears that it brings along."""
    face = deal.terms.face_value
    principal = Fraction(face * deal.factor_before(period), FACTOR_ONE)
    if deal.terms.kind == INFLATION:
        # Indexed principal is kept to 1e-18.
        principal = Fraction(floor(principal * FACTOR_ONE * Fraction(ratio, RATE_ONE)), FACTOR_ONE)
    interest = principal * Fraction(rate, RATE_ONE) * fraction
    arrears = deal.before(period).arrears
    return (
        interest + Fraction(face * deal.grown(arrears, rate, fraction), FACTOR_ONE) if arrears else interest
    )


def _principal(deal: Deal, period: int) -> Fraction:
    """Principal of one unit that is due with a payment."""
    factor = deal.factor_before(period)
    left = 0 if period == deal.last else factor
    if period != deal.last and deal.terms.provisions.instalments:
        left = deal.scheduled_factor(period)
    repaid = Fraction(deal.terms.face_value * (factor - left), FACTOR_ONE)
    if deal.terms.kind != INFLATION or not repaid:
        return repaid
    ratio = deal.fixed(period).index_ratio
    if deal.terms.provisions.inflation.floored:
        ratio = max(ratio, RATE_ONE)
    return repaid * Fraction(ratio, RATE_ONE)
