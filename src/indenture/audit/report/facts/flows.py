"""Money and units of a bond over time: what holders paid in and were paid, and what was outstanding."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import accumulate
from typing import Any

from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.report.facts.amounts import Amounts
from indenture.audit.report.facts.books import Books

Facts = dict[str, Any]

_KINDS = ("subscription", "interest", "principal", "event")


def flow_facts(world: World, register: Register, books: Books, amounts: Amounts) -> list[Facts]:
    """Seen from the holders, day by day in the bond's time: paid in below zero, paid out above.

    The money of an event of holders (a put, a tender, a drawing) is one amount, kind ``event``.
    """
    token, minutes = register.terms.currency, register.terms.utc_offset
    flows: defaultdict[tuple[date, str], int] = defaultdict(int)
    numbers = [offering.number for offering in world.offerings.of_bond(register.address)]
    for day, amount in books.proceeds(numbers, minutes):
        flows[day, "subscription"] -= amount
    for day, period, units, amount, times in books.paid(register.address, minutes):
        payment = world.servicing.payments.get((register.address, period))
        principal = payment.each.principal_of(units) if payment else 0
        flows[day, "interest"] += times * (amount - principal)
        flows[day, "principal"] += times * principal
    for day, amount in books.settled(register.address, minutes):
        flows[day, "event"] += amount
    ordered = sorted(flows.items(), key=lambda each: (each[0][0], _KINDS.index(each[0][1])))
    return [
        {"date": day.isoformat(), "kind": kind, "amount": amounts.show(token, base)}
        for (day, kind), base in ordered
        if base
    ]


def supply_facts(books: Books, register: Register) -> list[Facts]:
    """Units issued, redeemed and left, on each day on which they changed."""
    days = books.supply("bond_transfer", register.address, register.terms.utc_offset)
    left = accumulate(issued - redeemed for _, issued, redeemed in days)
    return [
        {"date": day.isoformat(), "issued": issued, "redeemed": redeemed, "outstanding": outstanding}
        for (day, issued, redeemed), outstanding in zip(days, left, strict=True)
    ]
