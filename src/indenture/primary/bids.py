"""Tick bids, and the rules that all bids of a bidder must meet together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indenture.errors import InputError
from indenture.money import Currency

from .types import Basis

if TYPE_CHECKING:
    from .rules import ClassRule, Rules

#: The quote of a bid that leaves it to the others.
NON_COMPETITIVE = 2**64 - 1
#: Most tick bids of one bidder.
MAX_BIDS = 64

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TickBid:
    """One tick bid.

    Attributes:
        quote: Rate in billionths a year, or price in base units of the currency for one unit;
            ``NON_COMPETITIVE`` for a bid without a quote.
        units: Whole bonds, whole lots of them.
        account: Address that gets the units: the bidder, or a client of his. The bidder pays.
    """

    quote: int
    units: int
    account: str

    @property
    def is_competitive(self) -> bool:
        """Whether it has a quote."""
        return self.quote != NON_COMPETITIVE

    @property
    def key(self) -> tuple[int, int]:
        """What bids are ordered by, and what no two bids of one bidder share: quote, then account."""
        return self.quote, int(self.account, 16)


def ordered(bids: Iterable[TickBid]) -> tuple[TickBid, ...]:
    """The bids in the order in which they are sealed and opened: by quote, then by account."""
    return tuple(sorted(bids, key=lambda bid: bid.key))


def check_bids(
    rules: Rules,
    class_rule: ClassRule,
    bids: Sequence[TickBid],
    *,
    lot: int,
    currency: Currency | None = None,
) -> None:
    """Checks all bids of one bidder, as the contract does when they are opened or placed.

    Args:
        rules: The rules of the offering.
        class_rule: What the bidder's class must and may do.
        bids: All his bids, ``ordered``.
        lot: Units of the bond's minimum denomination.
        currency: In which messages say prices; base units without it.

    Raises:
        InputError: A rule is broken; names the bid (from 1), the value and the rule.
    """
    if not 1 <= len(bids) <= MAX_BIDS:
        raise InputError(
            f"{len(bids)} tick bids; a bidder has 1 to {MAX_BIDS}", hint="Join bids at neighbouring ticks."
        )
    previous: tuple[int, int] | None = None
    for number, bid in enumerate(bids, 1):
        _check_account(number, bid)
        _check_quote(number, bid, rules, currency)
        _check_units(number, bid, rules, lot)
        if previous is not None and bid.key <= previous:
            repeated = bid.key == previous
            raise InputError(
                f"bid {number}: quote {quote_text(bid.quote, rules.basis, currency)} for {bid.account} "
                f"{'is there twice' if repeated else 'comes after a later one'}",
                hint="Join the two bids." if repeated else "Sort bids by quote, then by account.",
            )
        previous = bid.key
    _check_total(sum(bid.units for bid in bids), class_rule)


def quote_text(quote: int, basis: Basis, currency: Currency | None = None) -> str:
    """A quote in words: percent a year, or money for one unit (base units without its currency)."""
    if quote == NON_COMPETITIVE:
        return "non-competitive"
    if basis is Basis.PRICE:
        return f"{quote} base units" if currency is None else str(currency.money_from_base(quote))
    whole, fraction = divmod(quote, 10_000_000)
    return f"{whole}.{fraction:07d}".rstrip("0").rstrip(".") + " %"


def _check_account(number: int, bid: TickBid) -> None:
    if not _ADDRESS.fullmatch(str(bid.account)) or not int(bid.account, 16):
        raise InputError(
            f"bid {number}: {bid.account!r} is no account", hint="Give an address, 0x and 40 digits."
        )


def _check_quote(number: int, bid: TickBid, rules: Rules, currency: Currency | None) -> None:
    if not bid.is_competitive:
        if not rules.non_competitive:
            raise InputError(
                f"bid {number}: has no quote, and this offering takes no non-competitive bids",
                hint="Give a quote.",
            )
        return
    said = f"bid {number}: quote {quote_text(bid.quote, rules.basis, currency)}"
    lowest, highest = (quote_text(quote, rules.basis, currency) for quote in (rules.lowest, rules.highest))
    if not rules.lowest <= bid.quote <= rules.highest:
        raise InputError(f"{said} is not between {lowest} and {highest}", hint="Quote inside the range.")
    if (bid.quote - rules.lowest) % rules.tick:
        below = bid.quote - (bid.quote - rules.lowest) % rules.tick
        raise InputError(
            f"{said} is between two ticks of {quote_text(rules.tick, rules.basis, currency)} from {lowest}",
            hint=f"The nearest are {quote_text(below, rules.basis, currency)} and "
            f"{quote_text(below + rules.tick, rules.basis, currency)}.",
        )


def _check_units(number: int, bid: TickBid, rules: Rules, lot: int) -> None:
    if isinstance(bid.units, bool) or not isinstance(bid.units, int):
        raise InputError(f"bid {number}: {bid.units!r} is not a whole number of units")
    if not rules.minimum_bid <= bid.units <= rules.maximum_bid:
        raise InputError(
            f"bid {number}: {bid.units} units is not between the {rules.minimum_bid} and "
            f"{rules.maximum_bid} units of a tick bid",
            hint="Bid more, or split the bid over several ticks.",
        )
    if bid.units % lot:
        raise InputError(
            f"bid {number}: {bid.units} units is not a whole number of lots of {lot}",
            hint="A lot is the bond's minimum denomination.",
        )


def _check_total(total: int, class_rule: ClassRule) -> None:
    if not class_rule.maximum:
        raise InputError(
            f"{total} units in all: the bidder's class may not bid",
            hint="Ask the bookrunner for an invitation to the syndicate.",
        )
    if not class_rule.minimum <= total <= class_rule.maximum:
        raise InputError(
            f"{total} units in all is not between the {class_rule.minimum} and {class_rule.maximum} units "
            "of the bidder's class",
            hint="Change the bids so that their sum fits.",
        )
