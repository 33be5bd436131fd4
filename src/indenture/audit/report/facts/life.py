"""The facts of a bond before it is repaid: events of holders, calls in part, versions, claim, recoveries."""

from __future__ import annotations

from typing import Any

from indenture.audit.findings import show
from indenture.audit.model import text, to_date
from indenture.audit.model.deal import FACTOR_ONE
from indenture.audit.replay import World
from indenture.audit.replay.life import DRAWING, KINDS, RESOLUTION, Action
from indenture.audit.replay.register import Register
from indenture.audit.report.facts.amounts import Amounts, moment, percent

Facts = dict[str, Any]


def life_facts(world: World, register: Register, amounts: Amounts) -> Facts:
    """What is told of it beside terms, register and payments."""
    life = register.life
    return {
        "versions": 1 + len(life.versions),
        "called_at_percent": percent(life.price) if life.price else None,
        "calls_in_part": [
            {"period": c.period, "share_percent": percent(c.share), "price_percent": percent(c.price)}
            for c in life.calls
        ],
        "events": [_event(world, register, action, amounts) for action in life.actions.values()],
        "claim": _claim(register, amounts),
        "recoveries": _recoveries(world, register, amounts),
    }


def _event(world: World, register: Register, action: Action, amounts: Amounts) -> Facts:
    payment, token = world.servicing.actions.get((register.address, action.number)), register.terms.currency
    raw = action.raw
    return {
        "number": action.number,
        "kind": KINDS[action.kind] if action.kind < len(KINDS) else str(action.kind),
        "code": text(action.code),
        "opens": moment(raw.opensAt),
        "closes": moment(raw.closesAt),
        "pay_date": to_date(raw.payDay).isoformat() if raw.payDay else None,
        "elected": action.elected,
        "settled": action.settled,
        "taken": payment.units_paid if payment else 0,
        "funded": amounts.show(token, payment.funded) if payment else None,
        "paid": amounts.show(token, payment.paid) if payment else None,
        "document": show(raw.document),
        "status": _status(action),
    }


def _status(action: Action) -> str:
    if action.kind >= RESOLUTION:
        return "carried" if action.decided else "not carried"
    if action.decided:
        return "settled" if action.settled == action.elected else "funded"
    if action.kind == DRAWING:
        return "drawn" if action.drawing is not None and action.drawing.is_complete else "announced"
    return "open"


def _claim(register: Register, amounts: Amounts) -> Facts | None:
    """What all units are owed after the last recovery, rounded down; None while the bond is not due."""
    life, token = register.life, register.terms.currency
    if not life.due_period:
        return None
    whole = {
        "principal": life.claim.principal * register.supply.units // FACTOR_ONE,
        "interest": life.claim.interest * register.supply.units // FACTOR_ONE,
    }
    return {
        "due_date": to_date(life.due_day).isoformat(),
        "day": to_date(life.claim.day).isoformat() if life.claim.day else None,
        "closed": life.claim.closed,
        **{name: amounts.show(token, base) for name, base in whole.items()},
    }


def _recoveries(world: World, register: Register, amounts: Amounts) -> list[Facts]:
    life, token = register.life, register.terms.currency
    found = []
    for record, days in sorted(register.days.items()):
        payment = world.servicing.payments.get((register.address, record))
        if not life.due_period or record <= life.records_at_due or payment is None:
            continue
        found.append(
            {
                "record": record,
                "record_date": to_date(days[0]).isoformat(),
                "pay_date": to_date(days[1]).isoformat(),
                "units": payment.units,
                "funded": amounts.show(token, payment.funded),
                "paid": amounts.show(token, payment.paid),
            }
        )
    return found
