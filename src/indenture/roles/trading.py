"""Trades: drawn up, signed by both sides, settled in one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import overload

from eth_account.signers.local import LocalAccount

from indenture.chain import Receipt, Sender, send_all, send_each
from indenture.contracts import Bond, Suite
from indenture.contracts._base import checksum_address
from indenture.dates import to_timestamp
from indenture.errors import InputError, InvalidDate, TransactionError
from indenture.models import CleanTrade, SignedTrade, Trade
from indenture.money import Money
from indenture.results import BatchResult, TradeResult, TxResult
from indenture.roles._checks import is_whole, now, require_one_chain, whole_units

_WORD = 256
_DEADLINE = timedelta(days=1)
#: Gas that a trade never needs more than, for trades that build on each other and cannot be tried one by one.
TRADE_GAS = 400_000


class TradeNonces:
    """Hands out numbers for trades, each once.

    Numbers need not be used in order, so a trade that waits holds up no other.  What was signed but is not
    settled is not on the chain: keep one of these for each side as long as such trades are about.

    Args:
        suite: The contracts.
        start: First number to think of; a program of its own may begin at another.
    """

    def __init__(self, suite: Suite, *, start: int = 0) -> None:
        self._suite = suite
        self._start = start
        self._next: dict[str, int] = {}
        self._words: dict[tuple[str, int], int] = {}
        self._lock = Lock()

    def take(self, account: str) -> int:
        """The next number that the account has not used, cancelled or been given here."""
        return self.take_many(account, 1)[0]

    def take_many(self, account: str, count: int) -> list[int]:
        """Several numbers at once."""
        account = checksum_address(account)
        taken: list[int] = []
        with self._lock:
            nonce = self._next.get(account, self._start)
            while len(taken) < count:
                if not self._used(account, nonce):
                    taken.append(nonce)
                nonce += 1
            self._next[account] = nonce
        return taken

    def _used(self, account: str, nonce: int) -> bool:
        key = (account, nonce // _WORD)
        if key not in self._words:
            (self._words[key],) = self._suite.settlement.nonce_words(account, [key[1]])
        return bool(self._words[key] >> nonce % _WORD & 1)


def free_nonces(suite: Suite, account: str, count: int, *, start: int = 0) -> list[int]:
    """The lowest numbers that an account has not used on chain; for several trades, see ``TradeNonces``."""
    return TradeNonces(suite, start=start).take_many(account, count)


def cancel_nonces(suite: Suite, sender: Sender, nonces: Sequence[int]) -> BatchResult:
    """Withdraws the sender's signature from trades that have not settled: those with these numbers of his."""
    require_one_chain(suite, sender)
    masks: dict[int, int] = {}
    for nonce in nonces:
        if not is_whole(nonce) or not 0 <= nonce < 1 << 256:
            raise InputError(f"{nonce!r} is not the number of a trade")
        masks[nonce // _WORD] = masks.get(nonce // _WORD, 0) | 1 << nonce % _WORD
    calls = [suite.settlement.cancel(word, mask) for word, mask in masks.items()]
    return BatchResult.of(len(set(nonces)), sender.send_many(calls))


def new_trade(
    suite: Suite,
    *,
    bond: Bond | str,
    seller: str,
    buyer: str,
    units: int,
    amount: Money | Decimal | int | str,
    nonces: TradeNonces,
    valid_from: datetime | None = None,
    deadline: datetime | None = None,
) -> Trade:
    """Draws up a trade for both sides to sign.

    Args:
        suite: The contracts.
        bond: What is sold, by wrapper, ISIN or address.
        seller: Who delivers.
        buyer: Who pays.
        units: How many units.
        amount: What is paid for them, in the bond's currency; zero for a delivery free of payment.
        nonces: Where the numbers of both sides come from.
        valid_from: First instant at which it may settle; None for the chain's time.
        deadline: Last instant; None for a day later.

    Raises:
        InputError: Both sides are one, an amount is not one, or the instants contradict each other.
    """
    target = suite.bond(bond)
    seller, buyer = checksum_address(seller, "seller"), checksum_address(buyer, "buyer")
    if seller == buyer:
        raise InputError(f"{seller} is seller and buyer at once", hint="A trade needs two sides.")
    cash = target.terms.currency
    currency = suite.currency_at(cash)
    money = amount if isinstance(amount, Money) else currency.money(amount)
    if money.currency != currency or money.base < 0:
        raise InputError(f"{money} is not an amount in {currency.code}")
    first, last = trade_times(suite, valid_from, deadline)
    return Trade(
        bond=target.address,
        cash=cash,
        seller=seller,
        buyer=buyer,
        units=whole_units(units),
        amount=money,
        valid_from=first,
        deadline=last,
        seller_nonce=nonces.take(seller),
        buyer_nonce=nonces.take(buyer),
    )


def trade_times(
    suite: Suite, valid_from: datetime | None, deadline: datetime | None
) -> tuple[datetime, datetime]:
    """First and last instant at which a trade may settle: the chain's time and a day later, unless given."""
    first = valid_from or now(suite.chain)
    last = deadline or first + _DEADLINE
    if to_timestamp(last) < to_timestamp(first):
        raise InvalidDate(f"the deadline {last} is before {first}")
    return first, last


def sign_trade(account: LocalAccount, trade: Trade | CleanTrade, suite: Suite) -> bytes:
    """Signs a trade (EIP-712), for this chain and this settlement contract only."""
    signed = account.unsafe_sign_hash(trade_digest(suite, trade))  # type: ignore[arg-type]  # 32 bytes
    return bytes(signed.signature)


def trade_digest(suite: Suite, trade: Trade | CleanTrade) -> bytes:
    """What both sides of a trade sign."""
    if isinstance(trade, CleanTrade):
        return suite.settlement.clean_trade_hash(trade)
    return suite.settlement.trade_hash(trade)


@overload
def submit_trades(
    suite: Suite, senders: Sender | Sequence[Sender], trades: Sequence[SignedTrade], *, tried: bool = True
) -> list[TradeResult]: ...


@overload
def submit_trades(
    suite: Suite,
    senders: Sender | Sequence[Sender],
    trades: Sequence[SignedTrade],
    *,
    tried: bool = True,
    keep_errors: bool,
) -> list[TradeResult | TransactionError]: ...


def submit_trades(
    suite: Suite,
    senders: Sender | Sequence[Sender],
    trades: Sequence[SignedTrade],
    *,
    tried: bool = True,
    keep_errors: bool = False,
) -> list[TradeResult] | list[TradeResult | TransactionError]:
    """Settles trades, pipelined; anyone may submit them.

    Args:
        suite: The contracts.
        senders: Who sends; several take turns.  Trades that build on each other need one sender, which keeps
            their order.
        trades: Signed by both sides.
        tried: Whether each is tried by ``eth_call`` before it is sent.  Up to 64 are tried against one
            state, so where one delivers what another of them brings, give False.
        keep_errors: Puts the error of a trade that was refused in its place, and goes on with the others.

    Raises:
        TransactionError: The first trade that was refused, unless ``keep_errors``; its two legs have not
            moved.
    """
    pool = sender_pool(suite, senders)
    items = [(pool[i % len(pool)], suite.settlement.settle(trade)) for i, trade in enumerate(trades)]
    gas = None if tried else TRADE_GAS
    if keep_errors:
        each = send_each(items, preflight=tried, gas=gas)
        return [result if isinstance(result, TransactionError) else _result(suite, result) for result in each]
    return [_result(suite, receipt) for receipt in send_all(items, preflight=tried, gas=gas)]


def sender_pool(suite: Suite, senders: Sender | Sequence[Sender]) -> list[Sender]:
    """Who sends trades, one or several."""
    pool = [senders] if isinstance(senders, Sender) else list(senders)
    if not pool:
        raise InputError("nobody was named to send the trades")
    for sender in pool:
        require_one_chain(suite, sender)
    return pool


def submit_trade(suite: Suite, sender: Sender, trade: SignedTrade) -> TradeResult:
    """Settles one trade."""
    (result,) = submit_trades(suite, sender, [trade])
    return result


def _result(suite: Suite, receipt: Receipt) -> TradeResult:
    topic = suite.settlement.topic("TradeSettled")
    settled = (log.topics[1] for log in receipt.logs if log.topics and log.topics[0] == topic)
    done = TxResult.of(receipt)
    return TradeResult(done.tx_hash, done.block, done.gas_used, next(settled))
