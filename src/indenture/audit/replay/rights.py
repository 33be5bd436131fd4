"""Which right of the terms an event of holders comes from: the contract does not repeat it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from indenture.audit.events import Event
from indenture.audit.model import to_date
from indenture.audit.replay.life import ACCELERATION, DRAWING, PUT
from indenture.audit.replay.register import Register

Right = tuple[object, ...]

_DAY = timedelta(days=1)


def right_of(register: Register, event: Event) -> Right | None:
    """The right that can be used once, and that was used here; None for others."""
    action = event["action"]
    if action.kind == ACCELERATION:
        return ("acceleration",)
    if action.kind == DRAWING and action.period:
        return ("sinking", action.period)
    if action.kind == PUT and not any(event["code"]):
        number = put_number(register, event)
        return None if number is None else put_right(register, number, event.time)
    return None


def put_right(register: Register, number: int, time: int) -> Right:
    """How a put of the terms is known at a moment: each version has its own."""
    deal = register.deal(time).at(0)
    period = deal.period_on(deal.today)
    return ("put", len([v for v in register.life.versions if v.first <= period]), number)


def put_number(register: Register, event: Event) -> int | None:
    """The first put of the terms in force that was not opened, and whose window and price these are."""
    for number, put in enumerate(rights_now(register, event.time).puts):
        right = put_right(register, number, event.time)
        if not register.life.is_open(right) and fits(register, put, event["action"]):
            return number
    return None


def fits(register: Register, put: Any, action: Any) -> bool:
    """Whether an event is that of a put."""
    window = (
        register.terms.seconds(to_date(put.opensDay), 0),
        register.terms.seconds(to_date(put.closesDay) + _DAY, 0),
    )
    told = (action.opensAt, action.closesAt, action.price, action.withdrawable)
    return told == (*window, put.price, put.withdrawable)


def rights_now(register: Register, time: int) -> Any:
    """The rights of the terms in force at a moment."""
    deal = register.deal(time).at(0)
    return rights_of(register, deal.period_on(deal.today), time)


def rights_of(register: Register, period: int, time: int) -> Any:
    """The rights of the terms of a period."""
    return register.deal(time).at(period).terms.rights
