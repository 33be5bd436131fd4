"""Trades: signed by both sides, submitted by anyone, settled against payment or not at all."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._session import Session, reads, say, sends, signs
from indenture.cli._values import ADDRESS, AMOUNT, DAY, INSTANT, sent
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.cli._tradefile import TradeFile
    from indenture.figures import CleanQuote
    from indenture.models import CleanTrade, Trade

#: Random numbers this long do not meet.
_NONCE_BITS = 64

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Suggesting)
def trade() -> None:
    """Sign, submit and cancel trades, delivery versus payment.

    One side writes a file with the trade and its signature (trade propose), the other adds its own (trade
    sign), and anyone submits it (trade submit). The price is an amount, or a clean price to which accrued
    interest is added on the day it settles. A signature is good for one trade, on one chain, until
    its deadline.
    """


@trade.command(
    "propose",
    epilog=examples(
        "indenture trade propose trade.json --isin CND1000BOC15 --units 1000 --amount 100500.00 \\",
        "    --sell-to 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "indenture trade propose trade.json --isin CND1000BOC15 --units 1000 --clean 100.40 \\",
        "    --sell-to 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@signs
@click.argument("file", type=_FILE)
@click.option("--isin", required=True, help="The bond.")
@click.option("--sell-to", "buyer", type=ADDRESS, help="You sell, to this account.")
@click.option("--buy-from", "seller", type=ADDRESS, help="You buy, from this account.")
@click.option("--units", type=click.IntRange(min=1), required=True, help="Whole bonds.")
@click.option("--amount", type=AMOUNT, help="What is paid for all of them; 0 for free of payment.")
@click.option(
    "--clean",
    type=AMOUNT,
    help="Or a clean price per 100 of the face: what has accrued is added when it settles.",
)
@click.option(
    "--most-accrued",
    type=AMOUNT,
    help="At a clean price: most by which accrued interest may move the amount; two coupons unless given.",
)
@click.option("--agreed", type=INSTANT, help="At a clean price: when it was agreed; now unless given.")
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
    amount: Decimal | None,
    clean: Decimal | None,
    most_accrued: Decimal | None,
    agreed: datetime | None,
    valid_from: datetime | None,
    until: datetime | None,
    wallet: str | None,
) -> View:
    """Write the trade FILE with your signature, for the other side to sign.

    At a clean price the coupon of a record date that passes before it settles goes to the buyer; what it
    comes to today is shown (also: indenture trade quote).
    """
    from indenture.cli._tradefile import TradeFile
    from indenture.roles import TradeNonces, new_clean_trade, new_trade

    if (buyer is None) == (seller is None):
        raise InputError("say who the other side is", hint="Give one of --sell-to and --buy-from.")
    if file.exists():
        raise InputError(
            f"{file} exists already", hint="Choose another name, or add your signature: trade sign."
        )
    _check_price(amount, clean, most_accrued, agreed)
    suite = session.suite
    own = wallet or session.account.address
    start = valid_from or session.chain.block_stamp().time
    shared: dict[str, Any] = {
        "bond": session.bond(isin),
        "seller": seller or own,
        "buyer": buyer or own,
        "units": units,
        # What was signed but is not settled is not on the chain: two trades in a row must not share a number.
        "nonces": TradeNonces(suite, start=secrets.randbits(_NONCE_BITS)),
        "valid_from": start,
        "deadline": until or start + timedelta(days=2),
    }
    if clean is None:
        drawn: Trade | CleanTrade = new_trade(suite, **shared, amount=amount or 0)
    else:
        drawn = new_clean_trade(suite, **shared, price=clean, most_accrued=most_accrued, traded_at=agreed)
    return _add_signature(session, file, TradeFile(drawn, {}), own)


def _check_price(
    amount: Decimal | None, clean: Decimal | None, most_accrued: Decimal | None, agreed: datetime | None
) -> None:
    if (amount is None) == (clean is None):
        raise InputError("say what is paid", hint="Give one of --amount and --clean.")
    if clean is None and (most_accrued is not None or agreed is not None):
        option = "--agreed" if most_accrued is None else "--most-accrued"
        raise InputError(
            f"{option} is for a clean price", hint="Give --clean instead of --amount, or leave it out."
        )


@trade.command(
    "quote",
    epilog=examples(
        "indenture trade quote CND1000BOC15 --units 1000 --clean 100.40",
        "indenture trade quote CND1000BOC15 --units 1000 --clean 100.40 --on 2020-12-04",
    ),
)
@reads
@click.argument("isin")
@click.option("--units", type=click.IntRange(min=1), required=True, help="Whole bonds.")
@click.option("--clean", type=AMOUNT, required=True, help="Clean price per 100 of the face.")
@click.option(
    "--on", type=DAY, metavar="DAY", help="Day on which it settles: 2020-12-04; today unless given."
)
@click.option("--agreed", type=INSTANT, help="When it was agreed; now unless given.")
@click.option("--seller", type=ADDRESS, help="Who sells, where he may have had what is the buyer's.")
def quote(
    session: Session,
    isin: str,
    units: int,
    clean: Decimal,
    on: date | None,
    agreed: datetime | None,
    seller: str | None,
) -> View:
    """Show what a trade at a clean price comes to: clean, accrued, dirty, cum or ex."""
    from indenture.roles import quote_trade

    found = quote_trade(session.suite, isin, units, clean, on=on, traded_at=agreed, seller=seller)
    return facts(f"Quote of {isin}", _quoted(session, found))


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
    words = {name: told.data[name] for name in ("isin", "trade", "signed_by", "quote") if name in told.data}
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
    from indenture.models import SignedCleanTrade, SignedTrade
    from indenture.roles import submit_clean_trades, submit_trades

    signed = [read_trade(file, session.suite).signed for file in files]
    session.agree(
        f"Settle {len(signed)} trades",
        *(f"{each.trade.units:,} units for {_amount_words(each.trade)}" for each in signed[:10]),
        *([f"and {len(signed) - 10} more"] if len(signed) > 10 else []),
    )
    plain = [each for each in signed if isinstance(each, SignedTrade)]
    clean = [each for each in signed if isinstance(each, SignedCleanTrade)]
    done = iter(submit_trades(session.suite, session.sender, plain) if plain else [])
    priced = iter(submit_clean_trades(session.suite, session.sender, clean) if clean else [])
    rows: list[dict[str, object]] = []
    for file, each in zip(files, signed, strict=True):
        if isinstance(each, SignedCleanTrade):
            settled = next(priced)
            price = {
                "paid": settled.amount,
                "accrued": settled.accrued,
                "received": settled.received,
                "claims": list(settled.claims),
            }
            rows.append({"file": str(file), "trade": settled.trade_id, **price, **sent(settled)})
        else:
            result = next(done)
            price = {"paid": each.trade.amount, "accrued": None, "received": None, "claims": []}
            rows.append({"file": str(file), "trade": result.trade_id, **price, **sent(result)})
    return grid("Settled", rows)


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
    session.agree(f"Withdraw from the trade {file}", f"{agreed.units:,} units for {_amount_words(agreed)}")
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


def _amount_words(trade: Trade | CleanTrade) -> str:
    from indenture.models import Trade

    return str(trade.amount) if isinstance(trade, Trade) else f"{trade.clean} and what has accrued"


def _quoted(session: Session, found: CleanQuote) -> dict[str, object]:
    """A quote in words and amounts."""
    from indenture.cli.fixing import coupon_words
    from indenture.roles.bond_figures import BondFigures

    figures = BondFigures(session.suite, found.bond)
    period, is_flat = figures.period_near(found.day), figures.bond_state().in_default
    return {
        "units": found.units,
        "settles on": found.day,
        "clean price": found.price,
        "accrued per 100": found.accrued_per_100,
        "dirty price": found.dirty_price,
        "clean": found.clean,
        "accrued": found.accrued,
        "received by the seller": found.received,
        "dirty": found.dirty,
        "currency": found.dirty.currency.code,
        "coupon": coupon_words(period, is_ex=found.is_ex, is_pending=found.is_pending, is_flat=is_flat),
        "claims of the buyer": list(found.claims),
    }


def _priced(session: Session, agreed: CleanTrade) -> dict[str, object]:
    """What a trade at a clean price comes to on the first day on which it can settle."""
    from indenture.cashflows import round_fraction
    from indenture.dates import civil_day
    from indenture.roles import quote_trade

    bond, now = session.bond(agreed.bond), session.chain.block_stamp().time
    face = bond.terms.face_value * agreed.units
    # Per 100 of the face, as the quote wants it; rounded up to nine places it comes to the same amount.
    price = round_fraction(Fraction(agreed.clean.base * 100, face), 9)
    day = civil_day(max(now, agreed.valid_from), bond.terms.utc_offset)
    found = quote_trade(
        session.suite, bond, agreed.units, price, on=day, traded_at=agreed.traded_at, seller=agreed.seller
    )
    return _quoted(session, found)


def _told(session: Session, file: Path, read: TradeFile) -> View:
    from indenture.models import CleanTrade
    from indenture.roles.trading import trade_digest

    agreed = read.trade
    price: dict[str, object] = (
        {
            "clean amount": agreed.clean,
            "most accrued": agreed.most_accrued,
            "agreed at": agreed.traded_at,
            "currency": agreed.clean.currency.code,
        }
        if isinstance(agreed, CleanTrade)
        else {"amount": agreed.amount, "currency": agreed.amount.currency.code}
    )
    told = facts(
        "Trade",
        {
            "file": str(file),
            "isin": session.bond(agreed.bond).isin,
            "seller": agreed.seller,
            "buyer": agreed.buyer,
            "units": agreed.units,
            **price,
            "from": agreed.valid_from,
            "until": agreed.deadline,
            "seller nonce": str(agreed.seller_nonce),
            "buyer nonce": str(agreed.buyer_nonce),
            "signed by": list(read.signatures),
            "trade": trade_digest(session.suite, agreed),
        },
    )
    if not isinstance(agreed, CleanTrade):
        return told
    quoted = facts("What it comes to", _priced(session, agreed))
    return View({**told.data, "quote": quoted.data}, [*told.blocks, *quoted.blocks])
