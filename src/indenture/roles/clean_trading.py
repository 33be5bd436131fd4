"""Trades at a clean price: quoted, drawn up, proposed and accepted, settled with what has accrued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from indenture.chain import Receipt, Sender, send_all
from indenture.contracts import Bond, Suite
from indenture.contracts._base import checksum_address
from indenture.contracts.servicing import unit_payment_of
from indenture.dates import instant, to_timestamp
from indenture.errors import ContractRevert, InputError, InvalidAmount, InvalidDate, SignatureRefused
from indenture.figures import CleanQuote
from indenture.interest import UnitPayment, net_of
from indenture.models import CleanProposal, CleanTrade, SignedCleanTrade
from indenture.money import Money, to_decimal
from indenture.provisions import FACTOR_SCALE, NO_CAP, CouponKind
from indenture.results import CleanTradeResult, TxResult
from indenture.roles._checks import now, whole_units
from indenture.roles.bond_figures import BondFigures
from indenture.roles.trading import TradeNonces, sender_pool, trade_digest, trade_times
from indenture.rounding import RATE_SCALE

#: Gas that a trade at a clean price never needs more than, for trades that cannot be tried one by one.
CLEAN_TRADE_GAS = 1_500_000

_HIGHEST_PRICE = 10_000
#: How far a price index may rise before anything of it is fixed, for the bound of a trade.
_INDEX_MARGIN = 2

Price = Decimal | int | str


def quote_trade(
    suite: Suite,
    bond: Bond | str,
    units: int,
    price: Price,
    *,
    on: date | None = None,
    traded_at: datetime | None = None,
    seller: str | None = None,
) -> CleanQuote:
    """What a trade at a clean price comes to: clean, accrued, dirty, ex or cum, per 100 and in all.

    Args:
        suite: The contracts.
        bond: What is traded, by wrapper, ISIN or address.
        units: How many units.
        price: Clean price per 100 of the face, which instalments do not lower.
        on: Day on which it settles; None for today.
        traded_at: When it is agreed; None for now.
        seller: Who sells, where it may matter that he was paid already what is the buyer's.

    Raises:
        FixingRefused: The rate of the period is not known yet.
        TermsRefused: The books of the bond are closed by then.
        InputError: The price is none.
    """
    figures = BondFigures(suite, bond)
    time = now(suite.chain)
    agreed = traded_at or time
    accrued = figures.accrued(whole_units(units), on, traded_at=agreed)
    settles = max(time, instant(accrued.day, 0, figures.bond.terms.utc_offset))
    passed = range(figures.records_at(agreed) + 1, figures.records_at(settles) + 1)
    received = 0
    if seller is not None:
        account = checksum_address(seller, "seller")
        received = sum(_received(suite, figures.bond, account, units, period) for period in passed)
    shown = _price(price)
    return CleanQuote(
        bond=figures.bond.address,
        units=units,
        day=accrued.day,
        price=shown,
        accrued_per_100=accrued.per_100,
        clean=_clean_amount(figures, units, shown),
        accrued=accrued.amount,
        received=figures.money(received),
        is_ex=accrued.is_ex,
        is_pending=accrued.is_pending,
        claims=tuple(passed),
    )


def new_clean_trade(
    suite: Suite,
    *,
    bond: Bond | str,
    seller: str,
    buyer: str,
    units: int,
    price: Price,
    nonces: TradeNonces,
    most_accrued: Money | Decimal | int | str | None = None,
    traded_at: datetime | None = None,
    valid_from: datetime | None = None,
    deadline: datetime | None = None,
) -> CleanTrade:
    """Draws up a trade at a clean price for both sides to sign.

    What has accrued is added on the day on which it settles.  A payment whose record date passes between
    ``traded_at`` and that day goes to the buyer.

    Args:
        suite: The contracts.
        bond: What is sold, by wrapper, ISIN or address.
        seller: Who delivers.
        buyer: Who pays.
        units: How many units.
        price: Clean price per 100 of the face; the amount is rounded half up once.
        nonces: Where the numbers of both sides come from.
        most_accrued: Most by which accrued interest, and payments that the seller had already, may move the
            amount either way; None for what two coupons come to, and an instalment if there is one.
        traded_at: When it was agreed; None for the chain's time.
        valid_from: First instant at which it may settle; None for the chain's time.
        deadline: Last instant; None for a day later.

    Raises:
        InputError: Both sides are one, the price is none, or the instants contradict each other.
    """
    figures = BondFigures(suite, bond)
    seller, buyer = checksum_address(seller, "seller"), checksum_address(buyer, "buyer")
    if seller == buyer:
        raise InputError(f"{seller} is seller and buyer at once", hint="A trade needs two sides.")
    whole_units(units)
    agreed = traded_at or now(suite.chain)
    first, last = trade_times(suite, valid_from, deadline)
    if to_timestamp(agreed) > to_timestamp(last):
        raise InvalidDate(f"it was agreed at {agreed}, after the deadline {last}")
    cash = figures.bond.terms.currency
    if most_accrued is None:
        most = figures.money(_bound(figures, units))
    else:
        currency = suite.currency_at(cash)
        most = most_accrued if isinstance(most_accrued, Money) else currency.money(most_accrued)
        if most.currency != currency or most.base < 0:
            raise InvalidAmount(f"{most} is not an amount in {currency.code}")
    return CleanTrade(
        bond=figures.bond.address,
        cash=cash,
        seller=seller,
        buyer=buyer,
        units=units,
        clean=_clean_amount(figures, units, _price(price)),
        most_accrued=most,
        traded_at=agreed,
        valid_from=first,
        deadline=last,
        seller_nonce=nonces.take(seller),
        buyer_nonce=nonces.take(buyer),
    )


def accepted_trade(proposal: CleanProposal, account: str, signature: bytes) -> SignedCleanTrade:
    """A proposal with the signature of the other side."""
    if account == proposal.trade.seller:
        return SignedCleanTrade(proposal.trade, signature, proposal.signature)
    return SignedCleanTrade(proposal.trade, proposal.signature, signature)


def check_proposal(suite: Suite, proposal: CleanProposal, account: str) -> None:
    """What whoever accepts a proposal relies on: its sides, its bond and money, its signature.

    Raises:
        InputError: It is not made to this account, or not paid in the bond's currency.
        SignatureRefused: The proposer did not sign it; a wallet's signature is left to the contract.
    """
    trade, proposer = proposal.trade, proposal.proposer
    if {account, proposer} != {trade.seller, trade.buyer} or account == proposer:
        raise InputError(f"{account} is not the other side of the trade that {proposer} proposes")
    bond = suite.bond(trade.bond)
    if trade.cash != bond.terms.currency:
        raise InputError(
            f"the trade is paid in {trade.cash}, {bond.isin} in {bond.terms.currency}",
            hint="Accrued interest is of the bond's own currency: have it drawn up again.",
        )
    if suite.chain.code(proposer):
        return
    digest = trade_digest(suite, trade)
    if _signer(digest, proposal.signature) != proposer:
        raise SignatureRefused(
            "TradeSignatureInvalid",
            {"signer": proposer, "id": digest},
            message=f"{proposer} did not sign this trade",
            hint="Another key, chain, contract or content: ask for it again.",
            contract=suite.settlement.address,
        )


def submit_clean_trades(
    suite: Suite,
    senders: Sender | Sequence[Sender],
    trades: Sequence[SignedCleanTrade],
    *,
    tried: bool = True,
) -> list[CleanTradeResult]:
    """Settles trades at clean prices, pipelined; anyone may submit them.

    Args:
        suite: The contracts.
        senders: Who sends; several take turns.
        trades: Signed by both sides.
        tried: Whether each is tried by ``eth_call`` before it is sent; False where one delivers what another
            of them brings.

    Raises:
        TransactionError: The first trade that was refused; its two legs have not moved.
    """
    pool = sender_pool(suite, senders)
    items = [(pool[i % len(pool)], suite.settlement.settle_clean(trade)) for i, trade in enumerate(trades)]
    gas = None if tried else CLEAN_TRADE_GAS
    receipts = send_all(items, preflight=tried, gas=gas)
    return [_result(suite, signed.trade, done) for signed, done in zip(trades, receipts, strict=True)]


def submit_clean_trade(suite: Suite, sender: Sender, trade: SignedCleanTrade) -> CleanTradeResult:
    """Settles one trade at a clean price."""
    (result,) = submit_clean_trades(suite, sender, [trade])
    return result


def _result(suite: Suite, trade: CleanTrade, receipt: Receipt) -> CleanTradeResult:
    trade_id = suite.settlement.clean_trade_hash(trade)
    events = receipt.events(suite.settlement.abi, suite.settlement.address)
    (priced,) = (event for event in events if event.name == "TradePriced" and event["id"] == trade_id)
    claims = [
        event["period"]
        for event in receipt.events(suite.servicing.abi, suite.servicing.address)
        if event.name == "ClaimTransferred" and event["bond"] == trade.bond
    ]
    done = TxResult.of(receipt)
    return CleanTradeResult(
        done.tx_hash,
        done.block,
        done.gas_used,
        "0x" + trade_id.hex(),
        clean=trade.clean,
        accrued=suite.money(trade.cash, priced["accrued"]),
        received=suite.money(trade.cash, priced["received"]),
        claims=tuple(claims),
    )


def _price(price: Price) -> Decimal:
    number = to_decimal(price)
    if not 0 <= number <= _HIGHEST_PRICE:
        raise InvalidAmount(
            f"{number} is no price per 100 of the face", hint="At the face a bond costs 100 clean."
        )
    return number


def _clean_amount(figures: BondFigures, units: int, price: Decimal) -> Money:
    """Rounded half up to a base unit, once."""
    exact = units * figures.bond.terms.face_value * Fraction(price) / 100
    return figures.money((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))


def _signer(digest: bytes, signature: bytes) -> str | None:
    if len(signature) != 65:
        return None
    try:
        found = Signature(signature[:64] + bytes([signature[64] % 27]))
        return str(found.recover_public_key_from_msg_hash(digest).to_checksum_address())
    except (BadSignature, ValidationError):
        return None


def _received(suite: Suite, bond: Bond, seller: str, units: int, period: int) -> int:
    """What a seller was paid already for units that he sells with the payment.

    What he has a claim to himself goes on first, then what he was paid for such, then his own.
    """
    servicing, address = suite.servicing, bond.address
    escrow = servicing.payment(address, period)
    (claimed,) = servicing.claimed_by(address, period, [seller])
    (had,) = servicing.claims_paid_to(address, period, [seller])
    moved = min(claimed, units)
    repaid = min(had, units - moved)
    if bond.is_paid([seller], period)[0]:
        repaid = units - moved
    if not repaid or escrow.each is None:
        return 0
    _, (rate,) = servicing.tax_rates(address, [seller])
    return net_of(escrow.each, repaid, rate, escrow.penalty)


# The bound of what accrues


def _bound(figures: BondFigures, units: int) -> int:
    """What two coupons come to, and the instalments about: no honest settlement moves the amount further."""
    terms, last = figures.bond.terms, figures.last_period
    if terms.kind is CouponKind.ZERO:
        return units * (terms.face_value - terms.provisions.accretion.issue_price)
    period = figures.period_near(figures.today)
    near = range(max(1, period - 1), min(last, period + 1) + 1)
    servicing = figures.suite.servicing
    calls = [servicing.call("unitPayment", figures.bond.address, k) for k in near]
    found = figures.suite.chain.call_many(calls, errors=True)
    known = {k: unit_payment_of(raw) for k, raw in zip(near, found, strict=True) if not _is_refused(raw)}
    coupons = [each.interest for each in known.values()]
    if len(known) < len(near):
        coupons.append(max(_highest_coupon(figures, k) for k in near))
    exact = 2 * units * max(coupons) + units * _instalments(known, last)
    return -(-exact.numerator // exact.denominator)


def _is_refused(raw: object) -> bool:
    return isinstance(raw, ContractRevert)


def _instalments(known: dict[int, UnitPayment], last: int) -> Fraction:
    return sum((each.principal for k, each in known.items() if k != last), Fraction(0))


def _highest_coupon(figures: BondFigures, period: int) -> Fraction:
    """A coupon at the highest rate that the terms or the fixings name, with what is owed of those before."""
    terms = figures.terms_of(period)
    provisions = terms.provisions
    servicing, address = figures.suite.servicing, figures.bond.address
    count = servicing.fixed_periods(address)
    latest = servicing.fixing(address, count) if count else None
    rates = [
        terms.coupon_rate or 0,
        terms.rights.extension.rate,
        provisions.floating.fallback_rate,
        *(each.rate for each in provisions.steps),
    ]
    rates.append((terms.coupon_rate or 0) + sum(max(0, test.step) for test in provisions.tests))
    if provisions.floating.cap != NO_CAP:
        rates.append(provisions.floating.cap)
    factor, ratio = Fraction(1), Fraction(1)
    if latest is not None:
        rates.append(latest.rate)
        factor = Fraction(latest.factor + latest.arrears, FACTOR_SCALE)
    if terms.kind is CouponKind.INFLATION:
        ratio = Fraction(latest.index_ratio, RATE_SCALE) if latest else Fraction(_INDEX_MARGIN)
    days = (terms.due_day(period) - terms.due_day(period - 1)).days
    years = Fraction(days, 360)
    return terms.face_value * factor * ratio * max(rates) * years / RATE_SCALE
