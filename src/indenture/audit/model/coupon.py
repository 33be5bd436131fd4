"""What one unit is paid, what it has earned, and what of it is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor, trunc
from typing import Any

from indenture.audit.model.accretion import accreted
from indenture.audit.model.deal import FACTOR_ONE, NOT_FIXED, RATE_ONE, Deal, NotKnown
from indenture.audit.model.fixing import compounded_so_far, price_index
from indenture.audit.model.terms import FLOATING, HOLDING_DOWN, INFLATION, UNIT_HALF_UP, ZERO_COUPON

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Each:
    """What one unit is paid, exact base units.

    Attributes:
        penalty: Billionths of each amount that are paid on top, for being late.
    """

    interest: Fraction = Fraction(0)
    principal: Fraction = Fraction(0)
    penalty: int = 0

    def interest_of(self, units: int) -> int:
        """Interest of a holding, rounded down once."""
        return floor(units * self.interest)

    def principal_of(self, units: int) -> int:
        """Principal of a holding, rounded down once."""
        return floor(units * self.principal)

    def late_of(self, units: int) -> int:
        """What a holding is paid for being late, rounded down on its own."""
        return (self.interest_of(units) + self.principal_of(units)) * self.penalty // RATE_ONE

    def amount_of(self, units: int) -> int:
        """All that a holding is paid."""
        return self.interest_of(units) + self.principal_of(units) + self.late_of(units)

    def taxable_of(self, units: int) -> int:
        """What of it is interest."""
        return self.interest_of(units) + self.late_of(units)

    def tax_of(self, units: int, rate: int) -> int:
        """What is withheld from a holding's interest, rounded down."""
        return self.taxable_of(units) * rate // RATE_ONE

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
    deal = deal.at(period)
    if deal.terms.needs_fixing:
        deal.fixed(period)
    principal = _principal(deal, period)
    if deal.terms.rounding != HOLDING_DOWN:
        principal = Fraction(floor(principal))
    return Each(_coupon(deal, period), principal)


def redemption(deal: Deal, on: date, price: int, records: int) -> Each:
    """What a unit is paid that is redeemed early.

    Args:
        deal: The bond.
        on: The day of its redemption.
        price: Billionths of the principal, at that moment; 0 for none, where a price is agreed.
        records: Record dates that have passed: who held then is paid, and repaid, by those payments.
    """
    principal, deal = Fraction(0), deal.at(0)
    if price:
        period = deal.period_on(on)
        deal = deal.at(period)
        indexed = deal.terms.kind == INFLATION
        ratio = price_index(deal, on, late=False).ratio if indexed else RATE_ONE
        # Who is recorded for a payment has his instalment from there, whatever the day.
        growing = deal.terms.provisions.capitalisedUntil
        factor = deal.factor_before(period) if growing else deal.at(records + 1).scheduled_factor(records)
        principal = _priced(deal, factor, ratio, on, price)
    interest = Fraction(0)
    if not price or deal.terms.kind != ZERO_COUPON:  # what a zero has grown to holds all interest
        interest = accrued(deal, on, records)
    if interest < 0:
        # A coupon was recorded that the unit does not earn: it is taken off, in whole base units.
        principal, interest = max(Fraction(0), principal - ceil(-interest)), Fraction(0)
    if deal.terms.rounding == HOLDING_DOWN:
        return Each(interest, principal)
    return Each(_per_unit(deal, interest), Fraction(floor(principal)))


def rebate(deal: Deal, on: date, records: int) -> int:
    """Whole base units of a unit that a recorded coupon is more than what has accrued."""
    return max(0, ceil(-accrued(deal, on, records)))


def accrued(deal: Deal, on: date, records: int) -> Fraction:
    """What a buyer owes a seller for interest of one unit; below zero where coupons stay with the seller.

    Args:
        deal: The bond.
        on: Value day; one before the issue day counts as that.
        records: Record dates that have passed when the trade is agreed.
    """
    deal = deal.at(0)
    if deal.is_due:
        return Fraction(0)  # it trades flat
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
    then = deal.at(period)
    earned = _coupon(then, period) if is_over else _earned(then, period, on)
    pending = _coupon(deal.at(period - 1), period - 1) if records + 1 < period else Fraction(0)
    return earned + pending - sum(_coupon(deal.at(k), k) for k in range(period, records + 1))


def accrued_amount(deal: Deal, units: int, on: date, records: int) -> int:
    """The same for some units, rounded towards zero once."""
    return trunc(units * accrued(deal, on, records))


def accreted_value(deal: Deal, on: date) -> int:
    """What a unit is worth by its terms, base units times 1e18; a bond with a coupon its face."""
    deal = deal.at(0)
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
    is_deferred = deal.is_deferred(period) and period < deal.last
    if terms.kind == ZERO_COUPON or deal.is_capitalised(period) or is_deferred:
        return Fraction(0)
    found = deal.fixed(period) if terms.needs_fixing else NOT_FIXED
    rate = found.rate if terms.needs_fixing else deal.sealed_rate(period)
    exact = _interest(deal, period, rate, deal.whole(period), found.index_ratio)
    return exact if terms.rounding == HOLDING_DOWN else _per_unit(deal, exact)


def _per_unit(deal: Deal, exact: Fraction) -> Fraction:
    """Interest of one unit, rounded as the terms round it per unit."""
    return Fraction(floor(exact + _HALF if deal.terms.rounding == UNIT_HALF_UP else exact))


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
    if period == deal.last:
        ratio = deal.fixed(period).index_ratio if deal.terms.kind == INFLATION else RATE_ONE
        return _priced(deal, factor, ratio, deal.schedule.maturity, deal.price)
    face = deal.terms.face_value
    repaid = Fraction(face * (deal.scheduled_factor(period - 1) - deal.scheduled_factor(period)), FACTOR_ONE)
    called = (call for call in deal.calls if call.period == period)
    above_par = sum(Fraction(face * c.share * (c.price - RATE_ONE), RATE_ONE**2) for c in called)
    if deal.terms.kind != INFLATION or not repaid:
        return repaid + above_par
    return repaid * _floored(deal, deal.fixed(period).index_ratio)


def _priced(deal: Deal, factor: int, ratio: int, on: date, price: int) -> Fraction:
    """Principal of one unit on a day at a price of it; 0 for par, which is the face of a zero too."""
    amount = Fraction(deal.terms.face_value * factor, FACTOR_ONE)
    if price and deal.terms.kind == ZERO_COUPON:
        amount = Fraction(accreted(deal, on), FACTOR_ONE)
    if deal.terms.kind == INFLATION:
        amount *= _floored(deal, ratio)
    return amount * Fraction(price or RATE_ONE, RATE_ONE)


def _floored(deal: Deal, ratio: int) -> Fraction:
    """The ratio of a price index by which principal is multiplied."""
    floored = deal.terms.provisions.inflation.floored
    return Fraction(max(ratio, RATE_ONE) if floored else ratio, RATE_ONE)
