"""Bids as people write them, and what they come to in an offering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from indenture.errors import InputError
from indenture.money import Currency, to_decimal
from indenture.primary import NON_COMPETITIVE, Basis, ClassRule, Rules, TickBid, check_bids
from indenture.rounding import RATE_SCALE

if TYPE_CHECKING:
    from indenture.models import Bid

#: How one bid is written in an option.
METAVAR = "QUOTE:UNITS[:ACCOUNT]"

_PERCENT = "%"
_RATE_PLACES = 7
_NO_QUOTE = ("noncompetitive", "non-competitive")
_HOW = "Write a rate as 3.25%, a price as 99.50, and noncompetitive for a bid without a quote."
_QUOTE = re.compile(r"(?:([A-Z]{3}) ?)?(\d[\d_]*(?:\.\d+)?) ?(%?)", re.ASCII)
_UNITS = re.compile(r"\d[\d_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class WrittenQuote:
    """A quote that has not met its offering yet.

    Attributes:
        number: Percent a year, or the price of one unit.
        measure: ``%``, a currency code, or nothing.
    """

    number: Decimal
    measure: str

    def __str__(self) -> str:
        if self.measure == _PERCENT:
            return f"{self.number:f}%"
        return f"{self.measure} {self.number:f}".strip()


@dataclass(frozen=True, slots=True)
class WrittenBid:
    """A bid that has not met its offering yet.

    Attributes:
        place: Where it is written, for errors.
        quote: None for a bid without one.
        units: Whole bonds.
        account: Who gets the units; None for the bidder.
    """

    place: str
    quote: WrittenQuote | None
    units: int
    account: str | None = None


class BidType(click.ParamType):
    """One bid, such as 3.25%:100000."""

    name = "bid"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> WrittenBid:
        """Reads a bid, or fails as click does."""
        if isinstance(value, WrittenBid):
            return value
        try:
            return read_bid(str(value))
        except InputError as error:
            self.fail(f"{error.message}. {error.hint}".strip(), param, ctx)


def read_bid(text: str) -> WrittenBid:
    """Reads ``QUOTE:UNITS`` or ``QUOTE:UNITS:ACCOUNT``.

    Raises:
        InputError: It is neither, or a part of it is malformed.
    """
    quote, *rest = (part.strip() for part in text.split(":"))
    if len(rest) not in (1, 2):
        raise InputError(
            f"{text!r} is not a bid", hint=f"Write it as {METAVAR}: 3.25%:100000, or noncompetitive:5000."
        )
    account = read_account(rest[1]) if len(rest) > 1 else None
    return WrittenBid(f"bid {text}", read_quote(quote), read_units(rest[0]), account)


def read_quote(text: str) -> WrittenQuote | None:
    """Reads a rate, a price, or the word for neither.

    Raises:
        InputError: It is none of them.
    """
    if text.strip().lower() in _NO_QUOTE:
        return None
    match = _QUOTE.fullmatch(text.strip())
    if not match or (match[1] and match[3]):
        raise InputError(f"{text!r} is not a quote", hint=_HOW)
    return WrittenQuote(to_decimal(match[2]), match[1] or match[3])


def read_units(text: str) -> int:
    """Reads whole bonds; thousands may be set off by underscores.

    Raises:
        InputError: It is no whole number above zero.
    """
    if not _UNITS.fullmatch(text.strip()) or not int(text):
        raise InputError(
            f"{text!r} is not a number of units", hint="A unit is one bond: write 100000 or 100_000."
        )
    return int(text)


def read_account(text: str) -> str:
    """Reads an address.

    Raises:
        InputError: It is none.
    """
    from indenture.contracts.suite import checksum_address

    return checksum_address(text, "account")


def bids_for(
    written: Sequence[WrittenBid], *, bidder: str, rules: Rules, lot: int, currency: Currency
) -> tuple[Bid, ...]:
    """Bids as the SDK takes them, each one checked by itself, so that errors name it as it was written.

    Args:
        written: The bids.
        bidder: Who gets the units where no account is named.
        rules: The rules of the offering.
        lot: Units of the bond's minimum denomination.
        currency: Currency of prices.

    Raises:
        InputError: There are none; a quote is of the wrong kind, outside the range or between ticks; units
            are too few, too many or no whole lots; or two bids are for the same quote and account.
    """
    from indenture.models import Bid

    if not written:
        raise InputError("no bids were given", hint="Give --bid 3.25%:100000, once for each, or --file FILE.")
    seen: dict[tuple[int, str], WrittenBid] = {}
    found = []
    for bid in written:
        tick_bid = tick_bid_of(bid, bidder=bidder, rules=rules, currency=currency)
        check_alone(bid, tick_bid, rules, lot)
        first = seen.setdefault((tick_bid.quote, tick_bid.account), bid)
        if first is not bid:
            raise InputError(
                f"{first.place} and {bid.place} are for one quote and one account",
                hint="Join them: one bid with the sum of their units.",
            )
        found.append(Bid(bid.quote.number if bid.quote else None, bid.units, bid.account))
    return tuple(found)


def tick_bid_of(bid: WrittenBid, *, bidder: str, rules: Rules, currency: Currency) -> TickBid:
    """A bid in the book's units.

    Raises:
        InputError: Its quote is of the wrong kind, or finer than a rate or price can be.
    """
    quote = NON_COMPETITIVE
    if bid.quote is not None:
        _check_measure(bid, bid.quote, rules.basis, currency)
        quote = _base(bid, bid.quote, rules.basis, currency)
    return TickBid(quote, bid.units, bid.account or bidder)


def quote_words(quote: int, basis: Basis, currency: Currency) -> str:
    """A quote of the book for people: ``3.25 %``, ``CNY 99.50`` or ``non-competitive``."""
    if quote == NON_COMPETITIVE:
        return "non-competitive"
    if basis is Basis.PRICE:
        return str(currency.money_from_base(quote))
    whole, fraction = divmod(quote, RATE_SCALE // 100)
    digits = f"{fraction:0{_RATE_PLACES}d}".rstrip("0")
    return f"{whole}.{digits:0<2} %"


def _check_measure(bid: WrittenBid, quote: WrittenQuote, basis: Basis, currency: Currency) -> None:
    if basis is Basis.PRICE:
        if quote.measure == _PERCENT:
            raise InputError(
                f"{bid.place}: {quote} is a rate, and this tender asks for the price of one unit",
                hint=f"Write the price in {currency.code}, such as 99.50.",
            )
        if quote.measure not in ("", currency.code):
            raise InputError(
                f"{bid.place}: {quote} is not in {currency.code}, the currency of the bond",
                hint=f"Write the price of one unit in {currency.code}.",
            )
        return
    if not quote.measure:
        raise InputError(
            f"{bid.place}: {quote} may be a rate or a price, and this tender asks for the rate",
            hint=f"If you mean {quote} percent a year, write {quote}%.",
        )
    if quote.measure != _PERCENT:
        raise InputError(
            f"{bid.place}: {quote} is a price, and this tender asks for the rate",
            hint="Write the rate in percent a year, with its sign: 3.25%.",
        )


def _base(bid: WrittenBid, quote: WrittenQuote, basis: Basis, currency: Currency) -> int:
    try:
        if basis is Basis.PRICE:
            return currency.to_base(quote.number)
        base = quote.number * (RATE_SCALE // 100)
        if base != int(base):
            raise InputError(
                f"{quote} is finer than a rate can be", hint=f"Give at most {_RATE_PLACES} places."
            )
        return int(base)
    except InputError as error:
        raise InputError(f"{bid.place}: {error.message}", hint=error.hint) from None


def check_alone(bid: WrittenBid, tick_bid: TickBid, rules: Rules, lot: int) -> None:
    """Checks one bid by itself, and names it as it was written.

    The SDK checks all bids of a bidder together, and numbers them in the order of the book.

    Raises:
        InputError: The bid breaks a rule.
    """
    anything = ClassRule(minimum=0, maximum=tick_bid.units)
    try:
        check_bids(rules, anything, [tick_bid], lot=lot)
    except InputError as error:
        reason = error.message.removeprefix("bid 1: ")
        raise InputError(f"{bid.place}: {reason}", hint=error.hint) from None
