"""What units are paid that an event of holders takes, and what being late costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor

from indenture.audit.model import Each, rebate, redemption, to_date
from indenture.audit.model.deal import RATE_ONE
from indenture.audit.replay.life import Action
from indenture.audit.replay.register import Register

DAY_SECONDS = 86_400
MOST_PENALTY = 100 * RATE_ONE
"""Billionths: interest for being late stops there, a hundred times the amount."""

_YEAR = 365


def penalty(register: Register, period: int, since: date, until: date) -> int:
    """Billionths of an amount that are owed for being late from one day to another."""
    rate = register.deal(0).at(period).terms.rights.defaults.penaltyRate
    days = max(0, (until - since).days)
    return min(floor(Fraction(rate * days, _YEAR)), MOST_PENALTY)


def payment_penalty(register: Register, period: int, time: int) -> int:
    """Of a payment that is funded at a moment."""
    _, pay_day, _, pay_time = register.days[period]
    if time < pay_time + DAY_SECONDS:
        return 0
    return penalty(register, period, to_date(pay_day), register.terms.today(time))


def action_penalty(register: Register, action: Action, time: int) -> int:
    """Of what the terms promise, and is funded at a moment; offers lapse instead."""
    pay_time = action.raw.payTime
    if not action.is_promised or time < pay_time + DAY_SECONDS:
        return 0
    period = register.deal(time).at(0).period_on(to_date(action.raw.payDay))
    return penalty(register, period, register.terms.today(pay_time), register.terms.today(time))


def action_each(register: Register, action: Action, time: int) -> Each:
    """What one unit is paid that an event takes, were it funded at a moment."""
    deal, on, raw = register.deal(time), to_date(action.raw.payDay), action.raw
    each = redemption(deal, on, raw.price, register.records)
    if not raw.price:
        taken_off = rebate(deal, on, register.records)
        each = replace(each, principal=Fraction(max(0, raw.amount - taken_off)))
    return replace(each, penalty=action_penalty(register, action, time))


def settled_each(register: Register, action: Action, funded: Each, units: int, time: int) -> Each:
    """What one unit is paid when it is settled: what was recorded since the funding is had from there.

    Args:
        register: The bond.
        action: The event.
        funded: What one unit was to be paid when it was funded; never more in all.
        units: Units that it was funded for.
        time: When it is settled.
    """
    if register.records == action.raw.redemption or register.life.due_period:
        return funded
    now = replace(action_each(register, action, time), penalty=0)
    is_less = now.amount_of(units) < replace(funded, penalty=0).amount_of(units)
    return replace(now, penalty=funded.penalty) if is_less else funded
