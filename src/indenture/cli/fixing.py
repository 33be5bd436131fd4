"""Fixing what the terms of bonds leave open, and the rights that they give their issuer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from indenture.cli._help import examples
from indenture.cli._output import Grid, View, facts, keyed
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, DAY, sent
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.figures import OpenPeriod, PeriodFixing


@click.command(
    epilog=examples("indenture fix", "indenture fix CND1000FLT56", "indenture fix CND1000FLT56 3"),
)
@sends
@click.argument("isin", required=False)
@click.argument("period", type=click.IntRange(min=1), required=False)
def fix(session: Session, isin: str | None, period: int | None) -> View:
    """Fix the figures of periods from what is published. Anyone may.

    Without ISIN everything of every bond that can be fixed now, with ISIN all of that bond, with PERIOD that
    one, which must be its next. What still waits is shown with what it waits for.
    """
    from indenture.roles import PayingAgent
    from indenture.roles.bond_figures import BondFigures

    what = "all bonds" if isin is None else isin
    if period is not None and isin is not None:
        following = BondFigures(session.suite, session.bond(isin)).next_fixing()
        if following is not None and following.period != period:
            raise InputError(
                f"period {period} of {isin} is not the next to be fixed, period {following.period} is",
                hint="Periods are fixed in their order, each once.",
            )
        session.agree(f"Fix period {period} of {isin}")
        result = session.role(PayingAgent).fix(isin)
    else:
        session.agree(f"Fix all that can be fixed now: {what}")
        with progress_of("Fix") as progress:
            result = session.role(PayingAgent).fix_due(isin, progress=progress)
    isins = {each.bond: session.bond(each.bond).isin for each in result.fixings}
    fixed = [{"isin": isins[each.bond], **fixing_row(each)} for each in result.fixings]
    waiting = [_waiting(each) for each in result.waiting]
    transactions = [each.tx_hash for each in result.transactions]
    return View(
        {
            "fixed": [keyed(row) for row in fixed],
            "waiting": [keyed(row) for row in waiting],
            "transactions": transactions,
        },
        [
            Grid("Fixed", fixed, empty="Nothing could be fixed.", spare=_SPARE),
            *([Grid("Waiting", [_short(row) for row in waiting])] if waiting else []),
        ],
    )


@click.command(epilog=examples("indenture defer CND1000CRY49 3"))
@sends
@click.argument("isin")
@click.argument("period", type=click.IntRange(min=1))
def defer(session: Session, isin: str, period: int) -> View:
    """Defer the interest of PERIOD, by the right of the terms (issuer).

    The days of notice that the terms name must be kept. What is deferred is paid with the next interest that
    is not.
    """
    from indenture.roles import Issuer

    session.agree(f"Defer the interest of period {period} of {isin}")
    result = session.role(Issuer).defer_interest(isin, period)
    about = {"isin": isin, "period": period, "arrears": result.arrears, **sent(result)}
    return facts("Interest deferred", about)


@click.command(epilog=examples("indenture renew CND1000CRY49"))
@sends
@click.argument("isin")
def renew(session: Session, isin: str) -> View:
    """Renew a bond for another cycle, by the right of its terms (issuer).

    A bond that is not renewed in time is redeemed at the end of its cycle.
    """
    from indenture.roles import Issuer

    session.agree(f"Renew {isin} for another cycle")
    result = session.role(Issuer).renew(isin)
    return facts(
        "Renewed",
        {"isin": isin, "last period": result.last_period, "maturity day": result.maturity, **sent(result)},
    )


@click.command(
    epilog=examples(
        "indenture accrued CND1000BOC15 --units 1000",
        "indenture accrued CND1000BOC15 --holder 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC --on 2021-06-01",
    ),
)
@reads
@click.argument("isin")
@click.option("--units", type=click.IntRange(min=1), help="Units; one unless given.")
@click.option("--holder", type=ADDRESS, help="The units of this account, instead.")
@click.option("--on", type=DAY, metavar="DAY", help="Value day: 2021-06-01; the chain's day unless given.")
def accrued(session: Session, isin: str, units: int | None, holder: str | None, on: date | None) -> View:
    """Show the interest that units have accrued, as a buyer would pay it."""
    from indenture.roles.bond_figures import BondFigures

    if units is not None and holder is not None:
        raise InputError("--units and --holder both name the units", hint="Give one of them.")
    figures = BondFigures(session.suite, session.bond(isin))
    if holder is not None:
        units = figures.bond.balance_of(holder)
        if not units:
            raise InputError(f"{holder} holds no units of {isin}", hint="Who does: indenture holdings.")
    found = figures.accrued(units or 1, on)
    return facts(
        f"Accrued interest of {isin}",
        {
            "day": found.day,
            "units": found.units,
            "period": found.period,
            "accrued": found.amount,
            "currency": found.amount.currency.code,
            "per 100": found.per_100,
            "coupon": coupon_words(
                found.period,
                is_ex=found.is_ex,
                is_pending=found.is_pending,
                is_flat=figures.bond_state().in_default,
            ),
        },
    )


def coupon_words(period: int, *, is_ex: bool, is_pending: bool, is_flat: bool = False) -> str:
    """Whose the coupon is of units that are sold."""
    if is_flat:
        return "flat: what is owed goes with the units (indenture default claim)"
    if is_ex:
        return f"ex: payment {period} stays with the seller"
    if is_pending:
        return f"cum, and payment {period - 1} is still the buyer's"
    return f"cum: payment {period} is the buyer's"


def fixing_row(each: PeriodFixing) -> dict[str, object]:
    """The figures of a period as a row."""
    return {
        "period": each.period,
        "rate": each.rate,
        "source": each.source,
        "value": each.value,
        "of": each.day,
        "ratio": each.index_ratio,
        "factor": each.factor,
        "arrears": each.arrears,
        "deferred": each.is_deferred,
        "fixed": each.fixed_at,
    }


_SPARE = ("fixed", "deferred", "arrears", "ratio", "factor")


def _short(row: dict[str, object]) -> dict[str, object]:
    """What a person reads; the rest of it is said in the words."""
    return {name: row[name] for name in ("isin", "waits for", "fallback from")}


def _waiting(each: OpenPeriod) -> dict[str, object]:
    return {
        "isin": each.isin,
        "period": each.period,
        "waits for": each.reason,
        "from": each.from_day,
        "benchmark": each.benchmark,
        "day": each.day,
        "fallback from": each.fallback_from,
    }
