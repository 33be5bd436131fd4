"""The facts of one bond: terms, register, offerings, payments, cash flows, trades, powers, documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from indenture.audit.events import Event, History
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import DAY_COUNTS, KINDS, ROLLS, SOURCES, Each, text, to_date, unit_payment
from indenture.audit.model.schedule import UNITS
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.report.amounts import Amounts, moment, percent
from indenture.audit.report.life_facts import life_facts
from indenture.audit.report.tender_facts import tender_facts

Facts = dict[str, Any]

_POWERS = ("Frozen", "ForcedTransfer", "PauseSet")


def bond_facts(world: World, register: Register, history: History, amounts: Amounts) -> Facts:
    """All facts of one bond."""
    terms, token = register.terms, register.terms.currency
    events = [e for tx in history.transactions for e in tx.events if _concerns(e, register.address)]
    return {
        "isin": terms.isin,
        "name": terms.name,
        "symbol": terms.symbol,
        "address": register.address,
        "issuer": terms.issuer,
        "issuer_account": terms.issuer_account,
        "currency": amounts.code(token),
        "face_value": amounts.show(token, terms.face_value),
        "units_authorised": terms.units,
        "minimum_units": terms.minimum_units,
        "kind": KINDS[terms.kind],
        "rate_percent": None if terms.is_rate_open else percent(terms.rate),
        "periods": register.ending[0],
        "period_length": f"{terms.schedule.step} {UNITS[terms.schedule.unit]}",
        "day_count": DAY_COUNTS[terms.day_count],
        "roll": ROLLS[terms.roll],
        "calendar": terms.market,
        "issue_date": to_date(terms.issue_day).isoformat(),
        "maturity_date": register.deal(0).schedule.maturity.isoformat(),
        "term_sheet_hash": "0x" + terms.term_sheet_hash.hex(),
        "status": _status(register),
        **life_facts(world, register, amounts),
        "units_issued": sum(e["value"] for e in events if e.name == "Transfer" and int(e["from"], 16) == 0),
        "units_outstanding": register.supply.units,
        "register": _holdings(world, register),
        "offerings": list(_tenders(world, register, amounts)),
        "fixings": _fixings(register),
        "payments": _payments(world, register, amounts, history.last_time),
        "cash_flows": list(_flows(world, register, events, amounts)),
        "trades": [_trade(e, amounts) for e in events if e.name == "TradeSettled"],
        "powers": [_power(e) for e in events if e.name in _POWERS],
        "documents": [
            {"name": text(name), "uri": document.uri, "hash": "0x" + document.hash.hex()}
            for name, document in register.documents.by_name.items()
        ],
    }


def _concerns(event: Event, bond: str) -> bool:
    return event.address == bond or event.args.get("bond") == bond or event.kind == "Offering"


def _status(register: Register) -> str:
    if register.life.due_period:
        return "in default" if register.redeemed_in is None else "closed after default"
    if register.redeemed_in is not None:
        return "redeemed"
    if not register.issued:
        return "registered"
    return "paused" if register.paused else "outstanding"


def _holdings(world: World, register: Register) -> Facts:
    records = list(range(1, register.records + 1))
    rows: list[Facts] = []
    for account, entry in register.entries.items():
        at = [entry.units_at(record) for record in records]
        now = register.units_of(account)
        if now or any(at) or entry.frozen:
            rows.append(
                {
                    "account": account,
                    "lei": text(world.members.of(account).lei),
                    "at_record": at,
                    "now": now,
                    "frozen": min(entry.frozen, entry.units),
                    "bound": entry.pledged,
                }
            )
    rows.sort(key=lambda row: (-max([row["now"], *row["at_record"][-1:]]), row["account"]))
    totals = [register.supply.units_at(record) for record in records]
    return {"records": records, "totals": totals, "outstanding": register.supply.units, "rows": rows}


def _tenders(world: World, register: Register, amounts: Amounts) -> Iterator[Facts]:
    """Of an offering whose falsified conditions come to nothing, the findings tell all there is to tell."""
    for offering in world.offerings.of_bond(register.address):
        try:
            yield tender_facts(offering, amounts)
        except IMPOSSIBLE:
            continue


def _payments(world: World, register: Register, amounts: Amounts, time: int) -> list[Facts]:
    deal, token = register.deal(time), register.terms.currency
    facts = []
    for period in range(1, register.ending[0] + 1):
        days = register.days.get(period)
        payment = world.servicing.payments.get((register.address, period))
        fact: Facts = {
            "period": period,
            "due_date": deal.due(period).isoformat(),
            "record_date": to_date(days[0]).isoformat() if days else None,
            "pay_date": to_date(days[1]).isoformat() if days else None,
            "status": "to come" if days is None else "announced",
        }
        if period <= register.records:
            units = register.supply.units_at(period)
            each = payment.each if payment else _each(register, period, time)
            fact |= {
                "units": units,
                "interest": amounts.show(token, each.interest_of(units)) if each else None,
                "principal": amounts.show(token, each.principal_of(units)) if each else None,
                "status": "due",
            }
        if payment is not None:
            done = payment.residue is not None
            fact |= {
                "funded": amounts.show(token, payment.funded),
                "paid": amounts.show(token, payment.paid),
                "paid_holders": payment.holders_paid,
                "residue": amounts.show(token, payment.residue or 0) if done else None,
                "status": "paid" if done else "funded",
            }
        facts.append(fact)
    return facts


def _each(register: Register, period: int, time: int) -> Each | None:
    """What a unit is to be paid; nothing while its figures are not fixed."""
    try:
        return unit_payment(register.deal(time), period)
    except IMPOSSIBLE:
        return None


def _fixings(register: Register) -> list[Facts]:
    """The figures that were fixed, period by period."""
    return [
        {
            "period": period,
            "rate_percent": percent(found.rate),
            "source": SOURCES[found.source],
            "value": str(found.value),
            "day": to_date(found.day).isoformat() if found.day else None,
            "index_ratio": str(found.index_ratio) if found.index_ratio else None,
            "factor": str(found.factor),
            "arrears": str(found.arrears),
            "deferred": found.is_deferred,
            "fixed": moment(found.fixed_at),
        }
        for period, found in sorted(register.fixings.items())
        if found.fixed_at and found.source < len(SOURCES)
    ]


def _flows(world: World, register: Register, events: list[Event], amounts: Amounts) -> Iterator[Facts]:
    """Seen from the holders: what they paid in, and what they were paid."""
    token = register.terms.currency
    by_day: dict[tuple[str, str], list[int]] = {}
    for event in events:
        on = datetime.fromtimestamp(event.time + 60 * register.terms.utc_offset, UTC).date().isoformat()
        if event.name == "ProceedsPaid":
            offering = world.offerings.offerings.get(event["offeringId"])
            if offering is not None and offering.bond == register.address:
                by_day.setdefault((on, "subscription"), []).append(-event["amount"])
        elif event.name in ("HoldersPaid", "ClaimsPaid"):
            total = event["amount"]
            payment = world.servicing.payments.get((register.address, event["period"]))
            principal = payment.each.principal_of(event["units"]) if payment else 0
            by_day.setdefault((on, "interest"), []).append(total - principal)
            by_day.setdefault((on, "principal"), []).append(principal)
    for (on, kind), parts in by_day.items():
        if sum(parts):
            yield {"date": on, "kind": kind, "amount": amounts.show(token, sum(parts))}


def _trade(event: Event, amounts: Amounts) -> Facts:
    return {
        "block": event.block,
        "time": moment(event.time),
        "seller": event["seller"],
        "buyer": event["buyer"],
        "units": event["units"],
        "amount": amounts.show(event["cash"], event["amount"]),
        "currency": amounts.code(event["cash"]),
        "tx_hash": event.tx_hash,
    }


def _power(event: Event) -> Facts:
    what = {"Frozen": "frozen units set", "ForcedTransfer": "forced transfer", "PauseSet": "pause"}[
        event.name
    ]
    values = {name: str(value) for name, value in event.args.items()}
    return {
        "block": event.block,
        "time": moment(event.time),
        "act": what,
        **values,
        "tx_hash": event.tx_hash,
    }
