"""Whether a payment was missed: by time alone, from terms, calendar and what was funded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import to_date, unit_payment
from indenture.audit.replay.amounts import DAY_SECONDS
from indenture.audit.replay.register import Register

if TYPE_CHECKING:
    from indenture.audit.replay.world import World

_FAR = 31 * DAY_SECONDS

NOTHING_DUE, NOT_DUE, FUNDED, OVERDUE, MISSED, MERGED = range(6)
STATUSES = ("nothing due", "not due", "funded", "overdue", "missed", "merged")
"""In the order in which the contract numbers them."""


def status_of(world: World, register: Register, period: int, time: int) -> tuple[int, int]:
    """The status of a payment, and when its grace ends; 0 where nothing is due.

    Raises:
        LookupError: There is no such period, or its day is in a year that nobody has published.
    """
    life, last = register.life, register.ending[0]
    if not 1 <= period <= last:
        raise LookupError(f"there is no period {period}")
    # What is funded under a number that came after a default is a recovery.
    is_payment = not life.due_period or period <= life.records_at_due
    if is_payment and (register.address, period) in world.servicing.payments:
        return FUNDED, 0
    if life.due_period:
        return MERGED, 0
    pay_time, until = _grace(register, period, time)
    if time < pay_time:
        return NOT_DUE, until
    if not _is_owed(register, period, time):
        return NOTHING_DUE, 0
    if time < pay_time + DAY_SECONDS:
        return NOT_DUE, until
    return (OVERDUE if time < until else MISSED), until


def is_missed(world: World, register: Register, period: int, redemption: int, time: int) -> bool:
    """Whether there is a default: a payment, a redemption that was promised, or the whole bond."""
    life = register.life
    if life.due_period:
        return register.supply.units != 0 and (not life.claim.closed or life.claim.principal != 0)
    if redemption:
        action = life.actions[redemption]
        if action.drawing is not None and not action.drawing.is_complete:
            return False  # it takes nothing yet
        deal = register.deal(time).at(0)
        day = deal.period_on(to_date(action.raw.payDay))
        grace = deal.at(day).terms.rights.defaults.graceDays
        is_open = action.is_promised and action.elected != 0 and not action.decided and not register.closed
        # Who draws late gives the payer his days of grace from there on.
        since = max(action.raw.payTime, action.raw.closesAt)
        return is_open and time >= since + (grace + 1) * DAY_SECONDS
    return period != 0 and status_of(world, register, period, time)[0] == MISSED


def _grace(register: Register, period: int, time: int) -> tuple[int, int]:
    """When a payment is due, as announced or as the calendar stands, and when its grace ends."""
    deal = register.deal(time)
    days = deal.at(period).terms.rights.defaults.graceDays
    terms, due = register.terms, deal.due(period)
    if period in register.days:
        pay_time = register.days[period][3]
    elif terms.seconds(due, 0) > time + _FAR:
        pay_time = terms.seconds(due, 0)  # the calendar need not be published yet
    else:
        pay_time = terms.seconds(deal.workdays(terms.market).roll(due, terms.roll), 0)
    return pay_time, pay_time + (days + 1) * DAY_SECONDS


def _is_owed(register: Register, period: int, time: int) -> bool:
    """Whether something is due with a payment, as far as can be said."""
    units = register.supply.units_at(period) if period <= register.records else register.supply.units
    if not units:
        return False
    deal = register.deal(time)
    try:
        each = unit_payment(deal, period)
    except IMPOSSIBLE:
        # Not fixed yet: what the terms or the issuer said before decides.
        return not deal.is_deferred(period) and period > deal.at(period).terms.provisions.capitalisedUntil
    return bool(each.interest or each.principal)
