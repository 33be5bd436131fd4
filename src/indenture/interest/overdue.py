"""What is owed on payments that are late, and what a unit of a bond is owed that was made due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indenture.errors import InvalidAmount
from indenture.rounding import RATE_SCALE

from .amounts import UnitPayment, amount_of, interest_of, unit_payment
from .errors import InterestError
from .fixing import Fixing
from .grid import Grid

#: Of the amounts of a claim: base units times this.
CLAIM_SCALE = 10**18
#: Interest for being late stops to grow at a hundred times the amount.
MOST_PENALTY = 100 * RATE_SCALE
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Claim:
    """What a unit of a bond that was made due is owed.

    Attributes:
        principal: What was due, less what was recovered, base units times 1e18; bears interest.
        interest: Interest for being late, less what was recovered, base units times 1e18.
        day: Day up to which interest is in it.
    """

    principal: int
    interest: int
    day: date

    @property
    def total(self) -> int:
        """Both, base units times 1e18."""
        return self.principal + self.interest

    def of(self, units: int) -> int:
        """What a holding is owed, base units, rounded down once."""
        return self.total * units // CLAIM_SCALE


# --- Late payments ------------------------------------------------------------------------------------------


def penalty_of(rate: int, since: date, until: date) -> int:
    """Interest for being late, billionths of an amount, rounded down.

    Args:
        rate: Penalty rate of the terms, billionths a year of 365 days.
        since: Payment day.
        until: Day of the funding.
    """
    return min(rate * max((until - since).days, 0) // _YEAR, MOST_PENALTY)


def late_amount_of(each: UnitPayment, units: int, penalty: int) -> int:
    """Interest and principal of a holding, and interest on both for being late, which is rounded down apart.

    Args:
        each: What one unit is paid.
        units: Units held.
        penalty: Billionths of the amount; 0 in time.
    """
    amount = amount_of(each, units)
    return amount + amount * penalty // RATE_SCALE


def taxable_of(each: UnitPayment, units: int, penalty: int) -> int:
    """What of ``late_amount_of`` is interest, which tax is withheld from."""
    return interest_of(each, units) + amount_of(each, units) * penalty // RATE_SCALE


def net_of(each: UnitPayment, units: int, tax_rate: int, penalty: int = 0) -> int:
    """``late_amount_of`` less the tax, which is rounded down.

    Args:
        each: What one unit is paid.
        units: Units held.
        tax_rate: Billionths of the interest that are withheld.
        penalty: Billionths of the amount; 0 in time.
    """
    tax = taxable_of(each, units, penalty) * tax_rate // RATE_SCALE
    return late_amount_of(each, units, penalty) - tax


# --- Bonds that were made due -------------------------------------------------------------------------------


def claim_of(
    grid: Grid,
    day: date,
    *,
    penalty_rates: Mapping[int, int] | int,
    records: int,
    payment_days: Mapping[int, date],
    funded: Collection[int] = (),
    fixings: Sequence[Fixing] = (),
) -> Claim:
    """The claim of one unit before any recovery: every payment that was not funded, with interest since.

    Args:
        grid: The bond's days, with a life in which it was made due.
        day: Day up to which interest is in it.
        penalty_rates: Penalty rate of the terms, billionths a year; by period where versions have others.
        records: Record dates that had passed when it was made due.
        payment_days: The announced days of the payments that are recorded.
        funded: Payments that were funded.
        fixings: Of its periods, in their order; empty for a bond that needs none.

    Raises:
        InterestError: The bond was not made due.
        PeriodNotFixed: A payment follows from what is not fixed.
        CalendarYearMissing: One depends on a year that is not published.
    """
    life = grid.life
    if life.due_day is None:
        raise InterestError("the bond was not made due", hint="It pays as its terms say.")
    principal = interest = 0
    for period in range(1, life.due_period + 1):
        is_recorded = period <= records
        if is_recorded and period in funded:
            continue
        each = unit_payment(grid, period, fixings)
        amount = each.interest_numerator * CLAIM_SCALE // each.interest_denominator
        amount += each.principal_numerator * CLAIM_SCALE // each.principal_denominator
        rate = penalty_rates if isinstance(penalty_rates, int) else penalty_rates[period]
        since = payment_days[period] if is_recorded else life.due_day
        principal += amount
        interest += amount * penalty_of(rate, since, day) // RATE_SCALE
    return Claim(principal, interest, day)


def grown_claim(claim: Claim, day: date, penalty_rate: int) -> Claim:
    """A claim with the interest up to a later day; as it is on an earlier one."""
    if day <= claim.day:
        return claim
    earned = claim.principal * penalty_of(penalty_rate, claim.day, day) // RATE_SCALE
    return replace(claim, interest=claim.interest + earned, day=day)


def reduced_claim(claim: Claim, amount: int, units: int) -> Claim:
    """A claim after a recovery for all units: interest is paid first; nothing is left of one that is covered.

    Args:
        claim: With the interest up to the day of the funding.
        amount: What is recovered, base units.
        units: Units outstanding.

    Raises:
        InvalidAmount: It is nothing, or more than is owed.
    """
    total = claim.of(units)
    if not 0 < amount <= total:
        raise InvalidAmount(f"a recovery of {amount} base units is not between 1 and {total}, which is owed")
    if amount == total:
        return replace(claim, principal=0, interest=0)
    each = amount * CLAIM_SCALE // units
    interest = min(each, claim.interest)
    return replace(claim, interest=claim.interest - interest, principal=claim.principal - (each - interest))


def recovered(amount: int, units: int, held: int) -> int:
    """What a holding gets of a recovery, base units, rounded down."""
    return amount * held // units
