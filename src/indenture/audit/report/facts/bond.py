"""The facts of one bond: terms, register, offerings, payments, cash flows, trades, powers, documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import DAY_COUNTS, KINDS, ROLLS, SOURCES, Each, text, to_date, unit_payment
from indenture.audit.model.schedule import UNITS
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.replay.servicing import Payment
from indenture.audit.replay.status import NOT_DUE, STATUSES, status_of
from indenture.audit.report.facts.amounts import Amounts, moment, percent
from indenture.audit.report.facts.books import Books, Trade
from indenture.audit.report.facts.flows import flow_facts, supply_facts
from indenture.audit.report.facts.holdings import holding_facts
from indenture.audit.report.facts.life import life_facts
from indenture.audit.report.facts.tender import tender_facts
from indenture.audit.report.files import MOST_TRADES

Facts = dict[str, Any]


def bond_facts(
    world: World, register: Register, books: Books, amounts: Amounts, powers: Sequence[Facts], time: int
) -> Facts:
    """All facts of one bond.

    Args:
        world: The rebuilt state.
        register: The bond.
        books: What the ledger tells of it.
        amounts: How amounts are written.
        powers: Every use of a power that the report lists.
        time: Unix time of the last block.
    """
    terms, token = register.terms, register.terms.currency
    supply = supply_facts(books, register)
    traded, traded_units = books.traded(register.address)
    movements, moved = books.moved("bond_transfer", register.address)
    label = world.suite.label(register.address)
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
        "status": bond_status(register),
        **life_facts(world, register, amounts),
        "units_issued": sum(day["issued"] for day in supply),
        "units_outstanding": register.supply.units,
        "units_moved": moved,
        "movements": movements,
        "outstanding": supply,
        "register": holding_facts(world, register),
        "offerings": list(_tenders(world, register, amounts)),
        "fixings": _fixings(register),
        "payments": _payments(world, register, books, amounts, time),
        "kept": _kept(world, register, amounts),
        "cash_flows": flow_facts(world, register, books, amounts),
        "trade_count": traded,
        "traded_units": traded_units,
        "trades": [_trade(trade, amounts) for trade in books.trades(register.address, MOST_TRADES)],
        "powers": [use for use in powers if use["contract"] == label],
        "documents": [
            {"name": text(name), "uri": document.uri, "hash": "0x" + document.hash.hex()}
            for name, document in register.documents.by_name.items()
        ],
    }


def bond_status(register: Register) -> str:
    """How a bond stands, in a word or two."""
    if register.life.due_period:
        return "in default" if register.redeemed_in is None else "closed after default"
    if register.redeemed_in is not None:
        return "redeemed"
    if not register.issued:
        return "registered"
    return "paused" if register.paused else "outstanding"


def _tenders(world: World, register: Register, amounts: Amounts) -> Iterator[Facts]:
    """Of an offering whose falsified conditions come to nothing, the findings tell all there is to tell."""
    for offering in world.offerings.of_bond(register.address):
        try:
            yield tender_facts(offering, amounts)
        except IMPOSSIBLE:
            continue


def _payments(world: World, register: Register, books: Books, amounts: Amounts, time: int) -> list[Facts]:
    deal, taxes = register.deal(time), books.taxes(register.address)
    facts = []
    for period in range(1, register.ending[0] + 1):
        days = register.days.get(period)
        payment = world.servicing.payments.get((register.address, period))
        tax = taxes.get(period, 0) if payment else None
        facts.append(
            {
                "period": period,
                "due_date": deal.due(period).isoformat(),
                "record_date": to_date(days[0]).isoformat() if days else None,
                "pay_date": to_date(days[1]).isoformat() if days else None,
                "status": _payment_status(world, register, payment, period, time),
                **_due(register, payment, period, amounts, time),
                **_escrow(payment, tax, amounts, register.terms.currency),
            }
        )
    return facts


def _payment_status(world: World, register: Register, payment: Payment | None, period: int, time: int) -> str:
    if payment is not None:
        return "funded" if payment.residue is None else "paid"
    try:
        status, _ = status_of(world, register, period, time)
    except IMPOSSIBLE:
        status = NOT_DUE
    if status != NOT_DUE:
        return STATUSES[status]
    if period <= register.records:
        return "due"
    return "announced" if period in register.days else "to come"


def _due(register: Register, payment: Payment | None, period: int, amounts: Amounts, time: int) -> Facts:
    """What all units are to be paid; nothing before the record date."""
    if period > register.records:
        return {"units": None, "interest": None, "principal": None}
    token, units = register.terms.currency, register.supply.units_at(period)
    each = payment.each if payment else _each(register, period, time)
    return {
        "units": units,
        "interest": amounts.show(token, each.interest_of(units)) if each else None,
        "principal": amounts.show(token, each.principal_of(units)) if each else None,
    }


def _escrow(payment: Payment | None, tax: int | None, amounts: Amounts, token: str) -> Facts:
    """What was funded and paid; nothing before it was funded."""
    if payment is None:
        return dict.fromkeys(("funded", "paid", "tax", "paid_holders", "residue"))
    done = payment.residue is not None
    return {
        "funded": amounts.show(token, payment.funded),
        "paid": amounts.show(token, payment.paid),
        "tax": amounts.show(token, tax or 0),
        "paid_holders": payment.holders_paid,
        "residue": amounts.show(token, payment.residue or 0) if done else None,
    }


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


def _kept(world: World, register: Register, amounts: Amounts) -> list[Facts]:
    """What the Servicing keeps for holders who could not be sent their money."""
    kept = {
        holder: base
        for (bond, holder), base in world.servicing.kept.items()
        if bond == register.address and base
    }
    return [
        {"account": holder, "amount": amounts.show(register.terms.currency, base)}
        for holder, base in sorted(kept.items(), key=lambda each: (-each[1], each[0]))
    ]


def _trade(trade: Trade, amounts: Amounts) -> Facts:
    return {
        "block": trade.block,
        "time": moment(trade.time),
        "seller": trade.seller,
        "buyer": trade.buyer,
        "units": trade.units,
        "amount": amounts.show(trade.cash, trade.amount),
        "currency": amounts.code(trade.cash),
        "tx_hash": trade.tx_hash,
    }
