"""The cash flows of a bond, from its term sheet or from the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View
from indenture.cli._session import Session, reads
from indenture.errors import InputError


@click.command(
    epilog=examples(
        "indenture schedule terms/boc-2019-sme.yaml",
        "indenture schedule terms/boc-2019-sme.yaml --units 1000",
        "indenture schedule terms/mof-2009-28.yaml --coupon 1.44%",
        "indenture schedule CND1000BOC15 --rpc http://127.0.0.1:8545",
    )
)
@reads
@click.argument("bond", metavar="TERMS_OR_ISIN")
@click.option("--units", type=int, help="Units of the holding; the whole issue unless given.")
@click.option(
    "--coupon",
    metavar="RATE",
    help="For a term sheet whose coupon a tender is to fix: take this one, as 1.44%.",
)
def schedule(session: Session, bond: str, units: int | None, coupon: str | None) -> View:
    """Show what a bond pays, and when.

    TERMS_OR_ISIN is a term sheet, read without any node, or the ISIN of a registered bond. A day that
    depends on working days which are not announced yet is shown as «-», and so is interest while a tender is
    to fix the coupon.
    """
    from indenture.calendars import load_calendar
    from indenture.dates import format_offset
    from indenture.schedule import build_schedule, cash_flows
    from indenture.termsheet import TermSheet, load_term_sheet

    if not Path(bond).suffix:
        if coupon is not None:
            raise InputError(
                "--coupon is for term sheets", hint="A registered bond has its own, or none yet."
            )
        return _registered(session, bond, units)
    terms: TermSheet = load_term_sheet(bond)
    if coupon is not None:
        terms = terms.with_rate(_percent(coupon))
    periods = build_schedule(terms, load_calendar(terms.business_days.calendar), allow_unpublished=True)
    is_fixed = terms.coupon.rate is not None
    # Days do not depend on the rate: any will do for them.
    flows = cash_flows(terms if is_fixed else terms.with_rate(1), terms.units if units is None else units)
    rows: list[dict[str, object]] = [
        {
            "period": period.index,
            "from": period.start,
            "due": period.end,
            "record": period.record_time,
            "paid": period.payment_day,
            "interest": flow.interest if is_fixed else None,
            "principal": flow.principal,
            "total": flow.total if is_fixed else None,
        }
        for period, flow in zip(periods, flows, strict=True)
    ]
    record = terms.record
    about: dict[str, object] = {
        "name": terms.name,
        "isin": terms.isin,
        "units": terms.units if units is None else units,
        "coupon": f"{terms.coupon.rate_label} {terms.coupon.frequency.label}, {terms.coupon.day_count.label}",
        "calendar": f"{terms.business_days.calendar}, {terms.business_days.roll.label}",
        "record": f"{record.cut_off // 3600:02d}:{record.cut_off % 3600 // 60:02d} "
        f"{format_offset(record.time_zone_offset)}, {record.business_days_before} business days before",
    }
    days = [period.record_day for period in periods]
    return _view(bond, about, terms.currency.code, rows, days)


def _registered(session: Session, isin: str, units: int | None) -> View:
    """The same from the chain: its own days, where they are fixed, and its own amounts."""
    from indenture.money import Money

    found = session.bond(isin)
    terms = found.terms
    holding = terms.units if units is None else units
    rows: list[dict[str, object]] = []
    record_days: list[date | None] = []
    for period in range(1, terms.periods + 1):
        days = found.payment_days(period)
        interest, principal = session.suite.servicing.amount_of(found.address, period, holding)
        money = [
            session.suite.money(terms.currency, base) for base in (interest, principal, interest + principal)
        ]
        amounts: dict[str, Money | None] = dict(zip(("interest", "principal", "total"), money, strict=True))
        if terms.coupon_rate is None:
            amounts |= {"interest": None, "total": None}
        record_days.append(days.record_day if days else None)
        rows.append(
            {
                "period": period,
                "from": terms.due_day(period - 1),
                "due": terms.due_day(period),
                "record": days.record_time if days else None,
                "paid": days.pay_day if days else None,
                **amounts,
            }
        )
    about: dict[str, object] = {
        "name": terms.name,
        "isin": terms.isin,
        "units": holding,
        "coupon": f"{_coupon_words(terms.coupon_rate)}, {terms.day_count.label}",
        "calendar": f"{terms.calendar}, {terms.roll.label}",
    }
    currency = session.suite.currency_at(terms.currency).code
    return _view(isin, about, currency, rows, record_days)


def _percent(text: str) -> Decimal:
    """A rate as bids write it."""
    from indenture.cli._bids import read_quote

    quote = read_quote(text)
    if quote is None or quote.measure != "%":
        raise InputError(f"{text!r} is not a rate", hint="Write it in percent a year, with its sign: 1.44%.")
    return quote.number


def _coupon_words(rate: int | None) -> str:
    from indenture.primary.result import percent_of

    return "rate by tender" if rate is None else f"{percent_of(rate):f} %"


def _view(
    title: str,
    about: dict[str, object],
    currency: str,
    rows: list[dict[str, object]],
    record_days: Sequence[date | None],
) -> View:
    """JSON has everything; a person sees days, and what fits on a terminal."""
    shown = [
        {
            "#": row["period"],
            "due": row["due"],
            "record": day,
            "paid": row["paid"],
            "interest": row["interest"],
            "principal": row["principal"],
        }
        for row, day in zip(rows, record_days, strict=True)
    ]
    return View(
        {**about, "currency": currency, "payments": rows}, [Facts(title, about), Grid("Payments", shown)]
    )
