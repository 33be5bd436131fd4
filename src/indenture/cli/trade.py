"""Trades: signed by both sides, submitted by anyone, settled against payment or not at all."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._session import Session, reads, say, sends, signs
from indenture.cli._values import ADDRESS, AMOUNT, INSTANT, sent
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.cli._tradefile import TradeFile

#: Random numbers this long do not meet.
_NONCE_BITS = 64

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def trade() -> None:
    """Sign, submit and cancel trades, delivery versus payment.

    One side writes a file with the trade and its signature (trade propose), the other adds its own (trade
    sign), and anyone submits it (trade submit). A signature is good for one trade, on one chain, until
    its deadline.
    """


@trade.command(
    "propose",
    epilog=examples(
        "indenture trade propose trade.json --isin CND1000BOC15 --units 1000 --amount 100500.00 \\",
        "    --sell-to 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@signs
@click.argument("file", type=_FILE)
@click.option("--isin", required=True, help="The bond.")
@click.option("--sell-to", "buyer", type=ADDRESS, help="You sell, to this account.")
@click.option("--buy-from", "seller", type=ADDRESS, help="You buy, from this account.")
@click.option("--units", type=click.IntRange(min=1), required=True, help="Whole bonds.")
@click.option(
    "--amount", type=AMOUNT, required=True, help="What is paid for all of them; 0 for free of payment."
)
@click.option(
    "--from", "valid_from", type=INSTANT, help="First moment at which it may settle; now unless given."
)
@click.option(
    "--until", type=INSTANT, help="Last moment at which it may settle; two days later unless given."
)
@click.option("--wallet", type=ADDRESS, help="The contract wallet that you sign for, where you do.")
def propose(
    session: Session,
    file: Path,
    isin: str,
    buyer: str | None,
    seller: str | None,
    units: int,
    amount: Decimal,
    valid_from: datetime | None,
    until: datetime | None,
    wallet: str | None,
) -> View:
    """Write the trade FILE with your signature, for the other side to sign."""
    from indenture.cli._tradefile import TradeFile
    from indenture.roles import TradeNonces, new_trade

    if (buyer is None) == (seller is None):
        raise InputError("say who the other side is", hint="Give one of --sell-to and --buy-from.")
    if file.exists():
        raise InputError(
            f"{file} exists already", hint="Choose another name, or add your signature: trade sign."
        )
    suite, bond = session.suite, session.bond(isin)
    own = wallet or session.account.address
    start = valid_from or session.chain.block_stamp().time
    sides = (seller or own, buyer or own)
    agreed = new_trade(
        suite,
        bond=bond,
        seller=sides[0],
        buyer=sides[1],
        units=units,
        amount=amount,
        # What was signed but is not settled is not on the chain: two trades in a row must not share a number.
        nonces=TradeNonces(suite, start=secrets.randbits(_NONCE_BITS)),
        valid_from=start,
        deadline=until or start + timedelta(days=2),
    )
    return _add_signature(session, file, TradeFile(agreed, {}), own)


@trade.command("sign", epilog=examples("indenture trade sign trade.json --keystore buyer.keystore.json"))
@signs
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--wallet", type=ADDRESS, help="The contract wallet that you sign for, where you do.")
def sign(session: Session, file: Path, wallet: str | None) -> View:
    """Add your signature to the trade FILE. Read it first: indenture trade show FILE."""
    from indenture.cli._tradefile import read_trade

    return _add_signature(session, file, read_trade(file, session.suite), wallet or session.account.address)


@trade.command("show", epilog=examples("indenture trade show trade.json"))
@reads
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def show(session: Session, file: Path) -> View:
    """Show what the trade FILE says, in words, and who has signed."""
    from indenture.cli._tradefile import as_json, read_trade

    read = read_trade(file, session.suite)
    told = _told(session, file, read)
    words = {name: told.data[name] for name in ("isin", "trade", "signed_by")}
    return View({**as_json(read, session.suite), **words}, told.blocks)


@trade.command(
    "submit",
    epilog=examples("indenture trade submit trade.json", "indenture trade submit trades/*.json --yes"),
)
@sends
@click.argument(
    "files", type=click.Path(path_type=Path, dir_okay=False, exists=True), nargs=-1, required=True
)
def submit(session: Session, files: tuple[Path, ...]) -> View:
    """Submit trades that both sides have signed; anyone may.

    Bonds and cash move together, or neither moves.
    """
    from indenture.cli._tradefile import read_trade
    from indenture.roles.trading import submit_trades

    signed = [read_trade(file, session.suite).signed for file in files]
    session.agree(
        f"Settle {len(signed)} trades",
        *(f"{each.trade.units:,} units for {each.trade.amount}" for each in signed[:10]),
        *([f"and {len(signed) - 10} more"] if len(signed) > 10 else []),
    )
    results = submit_trades(session.suite, session.sender, signed)
    return grid(
        "Settled",
        [
            {"file": str(file), "trade": result.trade_id, **sent(result)}
            for file, result in zip(files, results, strict=True)
        ],
    )


@trade.command("cancel", epilog=examples("indenture trade cancel trade.json"))
@sends
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--wallet", type=ADDRESS, help="The contract wallet that you act for, where you do.")
def cancel(session: Session, file: Path, wallet: str | None) -> View:
    """Withdraw from the trade FILE, signed but not settled.

    The nonce of your side is used up, so that it can never settle.
    """
    from indenture.cli._tradefile import read_trade
    from indenture.roles import Investor

    agreed = read_trade(file, session.suite).trade
    session.agree(f"Withdraw from the trade {file}", f"{agreed.units:,} units for {agreed.amount}")
    result = session.role(lambda suite, sender: Investor(suite, sender, wallet=wallet)).cancel_trade(agreed)
    return facts("Cancelled", {"file": str(file), **sent(result)})


def _add_signature(session: Session, file: Path, read: TradeFile, own: str) -> View:
    from indenture.cli._tradefile import Side, write_trade
    from indenture.roles.trading import sign_trade

    sides: dict[str, Side] = {read.trade.seller: "seller", read.trade.buyer: "buyer"}
    if own not in sides:
        raise InputError(
            f"{own} is neither seller nor buyer of {file}",
            hint="Use the key of one of them; for a contract wallet, name it with --wallet.",
        )
    signature = sign_trade(session.account, read.trade, session.suite)
    signed = read.with_signature(sides[own], signature)
    write_trade(file, signed, session.suite)
    say(f"Signed as {sides[own]}, {own}.")
    return _told(session, file, signed)


def _told(session: Session, file: Path, read: TradeFile) -> View:
    agreed = read.trade
    return facts(
        "Trade",
        {
            "file": str(file),
            "isin": session.bond(agreed.bond).isin,
            "seller": agreed.seller,
            "buyer": agreed.buyer,
            "units": agreed.units,
            "amount": agreed.amount,
            "currency": agreed.amount.currency.code,
            "from": agreed.valid_from,
            "until": agreed.deadline,
            "seller nonce": str(agreed.seller_nonce),
            "buyer nonce": str(agreed.buyer_nonce),
            "signed by": list(read.signatures),
            "trade": session.suite.settlement.trade_hash(agreed),
        },
    )
