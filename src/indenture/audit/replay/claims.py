"""What a unit of a bond that was made due is owed, and how recoveries lower it."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from indenture.audit.model import to_date, unit_payment
from indenture.audit.model.deal import FACTOR_ONE, RATE_ONE
from indenture.audit.replay.amounts import penalty
from indenture.audit.replay.life import Claim
from indenture.audit.replay.register import Register

if TYPE_CHECKING:
    from indenture.audit.replay.world import World


def claim_on(world: World, register: Register, day: int, time: int) -> Claim:
    """With interest up to a day; the first one is all that was not paid."""
    stored = register.life.claim
    if not stored.day:
        return _first(world, register, day, time)
    if day <= stored.day:
        return stored
    rate = penalty(register, register.life.due_period, to_date(stored.day), to_date(day))
    return Claim(stored.principal, stored.interest + stored.principal * rate // RATE_ONE, day, stored.closed)


def _first(world: World, register: Register, day: int, time: int) -> Claim:
    """Every payment that was not funded, with interest from its day; what was not due yet, from that one."""
    life, deal = register.life, register.deal(time)
    principal = interest = 0
    for period in range(1, life.due_period + 1):
        recorded = period <= life.records_at_due
        if recorded and (register.address, period) in world.servicing.payments:
            continue
        each = unit_payment(deal, period)
        amount = floor(each.interest * FACTOR_ONE) + floor(each.principal * FACTOR_ONE)
        since = register.days[period][1] if recorded else life.due_day
        principal += amount
        interest += amount * penalty(register, period, to_date(since), to_date(day)) // RATE_ONE
    return Claim(principal, interest, day)


def owed_in_all(claim: Claim, units: int) -> int:
    """Base units that cover the claims of so many units, rounded down."""
    return (claim.principal + claim.interest) * units // FACTOR_ONE


def lowered(claim: Claim, amount: int, units: int) -> Claim:
    """After a recovery: the same for every unit, interest first; nothing is left where it covers all."""
    if amount >= owed_in_all(claim, units):
        return Claim(0, 0, claim.day)
    each = floor(Fraction(amount * FACTOR_ONE, units))
    interest = min(each, claim.interest)
    return Claim(claim.principal - (each - interest), claim.interest - interest, claim.day)
