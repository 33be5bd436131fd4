"""What a bond pays: funded and pushed by the paying agent, claimed by holders, redeemed at the end."""

from __future__ import annotations

import click

from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import sent
from indenture.results import PayResult


@click.group()
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
    the last period the principal is in it.
    """
    from indenture.roles import PayingAgent
    from indenture.roles._fixings import require_fixed

    bond, suite = session.bond(isin), session.suite
    require_fixed(suite, bond, period)
    interest, principal = suite.servicing.amount_of(bond.address, period, bond.total_supply())
    expected = suite.money(bond.terms.currency, interest + principal)
    session.agree(f"Fund payment {period} of {isin}", f"{expected} if no unit is redeemed before")
    result = session.role(PayingAgent).fund(bond, period)
    return facts(
        "Payment funded",
        {
            "isin": bond.isin,
            "period": period,
            "interest": result.interest,
            "principal": result.principal,
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
    """Show the payments of a bond: days, escrow, what is paid."""
    bond, stamp = session.bond(isin), session.chain.block_stamp()
    rows: list[dict[str, object]] = []
    for period in range(1, bond.last_period(block=stamp) + 1):
        days = bond.payment_days(period, block=stamp)
        escrow = session.suite.servicing.payment(bond.address, period, block=stamp)
        rows.append(
            {
                "period": period,
                "due": bond.terms.due_day(period),
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


def paid(result: PayResult) -> dict[str, object]:
    """What to say of a payment to many."""
    return {
        "holders": result.count,
        "amount": result.amount,
        "tax withheld": result.tax,
        "currency": result.amount.currency.code,
        "kept": [f"{kept.account}: {kept.amount}" for kept in result.kept],
        "completed": result.completed,
        "residue": result.residue,
        "transactions": [tx.tx_hash for tx in result.transactions],
    }
