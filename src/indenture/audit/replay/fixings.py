"""The figures of periods, as the Servicing told them."""

from __future__ import annotations

from dataclasses import replace

from indenture.audit.events import Event
from indenture.audit.model.deal import NOT_FIXED, Fixing
from indenture.audit.replay.register import Register


def apply_fixing(register: Register, event: Event) -> None:
    """Takes ``PeriodFixed`` or ``InterestDeferred`` in."""
    period = event["period"]
    known = register.fixings.get(period, NOT_FIXED)
    if event.name == "InterestDeferred":
        arrears = event["arrears"] if known.fixed_at else 0
        register.fixings[period] = replace(known, is_deferred=True, arrears=arrears)
        return
    register.fixings[period] = Fixing(
        rate=event["rate"],
        source=event["source"],
        is_deferred=known.is_deferred,
        fixed_at=event.time,
        value=event["value"],
        day=event["day"],
        index_ratio=event["indexRatio"],
        factor=event["factor"],
        arrears=event["arrears"],
    )
    register.fixed_periods = period


def unfix(register: Register, last: int) -> None:
    """The index that was fixed for the regular end of a period is not that of a day inside it."""
    if register.fixed_periods >= last:
        register.fixed_periods = last - 1
        register.fixings.pop(last, None)
