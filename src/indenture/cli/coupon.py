"""What a bond pays: funded and pushed by the paying agent, claimed by holders, redeemed at the end."""

from __future__ import annotations

from collections.abc import Iterable

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import sent
from indenture.results import KeptAmount, PayResult


@click.group(cls=Suggesting)
def coupon() -> None:
    """Fund, pay and claim a bond's payments."""


_batch = click.option("--batch", type=int, default=100, show_default=True, help="Holders in one transaction.")


@coupon.command("fund", epilog=examples("indenture coupon fund CND1000BOC15 1"))
@sends
@click.argument("isin")
@click.argument("period", type=int)
def fund(session: Session, isin: str, period: int) -> View:
    """Put payment PERIOD into escrow, from your own account, after its record date.

    The amount follows from the terms, from what is fixed (indenture fix) and from the units outstanding; for
    the last period the principal is in it. After the payment day penalty interest comes on top, where the
    terms have it.
    """
    from indenture.roles import PayingAgent
    from indenture.roles._fixings import require_fixed
    from indenture.roles.bond_figures import BondFigures

    bond, suite = session.bond(isin), session.suite
    require_fixed(suite, bond, period)
    is_recorded = bond.book().records >= period
    units = bond.supply_at(period) if is_recorded else bond.total_supply()
    interest, principal = suite.servicing.amount_of(bond.address, period, units)
    expected = str(suite.money(bond.terms.currency, interest + principal))
    if not is_recorded:
        expected += " if no unit is redeemed before"
    penalty = BondFigures(suite, bond).payment_status(period).penalty
    late = [f"it is late: {penalty.normalize():f} % of it as penalty interest"] if penalty else []
    session.agree(f"Fund payment {period} of {isin}", expected, *late)
    result = session.role(PayingAgent).fund(bond, period)
    return facts(
        "Payment funded",
        {
            "isin": bond.isin,
            "period": period,
            "interest": result.interest,
            "principal": result.principal,
            "penalty": result.penalty,
            "total": result.total,
            "currency": result.total.currency.code,
            "units": result.units,
            **sent(result),
        },
    )


@coupon.command("pay", epilog=examples("indenture coupon pay CND1000BOC15 1"))
@sends
@click.argument("isin")
@click.argument("period", type=int)
@_batch
def pay(session: Session, isin: str, period: int, batch: int) -> View:
    """Pay coupon PERIOD to every holder of record who is not served yet. Anyone may."""
    from indenture.roles import PayingAgent

    session.agree(f"Pay coupon {period} of {isin} to all holders of record, {batch} a transaction")
    with progress_of("Pay") as progress:
        result = session.role(PayingAgent).pay(session.bond(isin), period, batch=batch, progress=progress)
    return facts("Coupon paid", {"isin": isin, "period": period, **paid(result)})


@coupon.command("claim", epilog=examples("indenture coupon claim CND1000BOC15 1"))
@sends
@click.argument("isin")
@click.argument("period", type=int)
def claim(session: Session, isin: str, period: int) -> View:
    """Take what you are owed of payment PERIOD."""
    from indenture.roles import Investor

    session.agree(f"Claim payment {period} of {isin}")
    result = session.role(Investor).claim(session.bond(isin), period)
    return facts(
        "Claimed",
        {
            "isin": isin,
            "period": period,
            "amount": result.amount,
            "tax withheld": result.tax,
            "kept": result.kept,
            "currency": result.amount.currency.code,
            **sent(result),
        },
    )


@coupon.command("show", epilog=examples("indenture coupon show CND1000BOC15"))
@reads
@click.argument("isin")
def show(session: Session, isin: str) -> View:
    """Show the payments of a bond: days, escrow, what is paid.

    What a bond that was made due pays is in indenture recovery list.
    """
    from indenture.roles.bond_figures import BondFigures

    bond, stamp = session.bond(isin), session.chain.block_stamp()
    state = BondFigures(session.suite, bond).bond_state()
    last = state.records_at_due if state.in_default else state.last_period
    rows: list[dict[str, object]] = []
    for period in range(1, last + 1):
        days = bond.payment_days(period, block=stamp)
        escrow = session.suite.servicing.payment(bond.address, period, block=stamp)
        rows.append(
            {
                "period": period,
                "due": state.maturity_day if period == state.last_period else bond.terms.due_day(period),
                "record": days.record_time if days else None,
                "pay day": days.pay_day if days else None,
                "funded": session.suite.money(bond.terms.currency, escrow.funded),
                "paid": session.suite.money(bond.terms.currency, escrow.paid),
                "tax": "withheld" if escrow.withholds else "-",
                "units served": f"{escrow.units_paid:,} of {escrow.units:,}",
            }
        )
    return grid(f"Payments of {bond.isin}", rows)


@click.command(epilog=examples("indenture redeem CND1000BOC15"))
@sends
@click.argument("isin")
@_batch
def redeem(session: Session, isin: str, batch: int) -> View:
    """Pay the last coupon and the principal, and burn the units.

    Goes to all holders of record who are not served yet; anyone may. The last payment must be funded
    (indenture coupon fund) and its payment day have come.
    """
    from indenture.roles import PayingAgent

    session.agree(f"Redeem {isin}: pay all holders of record and burn their units, {batch} a transaction")
    bond = session.bond(isin)
    with progress_of("Redeem") as progress:
        result = session.role(PayingAgent).redeem(bond, batch=batch, progress=progress)
    return facts("Redeemed", {"isin": isin, **paid(result), "units outstanding": bond.total_supply()})


def kept_words(amounts: Iterable[KeptAmount]) -> list[str]:
    """Amounts that are kept by name."""
    return [f"{each.account}: {each.amount}" for each in amounts]


def paid(result: PayResult) -> dict[str, object]:
    """What to say of a payment to many."""
    return {
        "holders": result.count,
        "amount": result.amount,
        "tax withheld": result.tax,
        "currency": result.amount.currency.code,
        "kept": kept_words(result.kept),
        "completed": result.completed,
        "residue": result.residue,
        "transactions": [tx.tx_hash for tx in result.transactions],
    }
