"""What the model makes of a book: clearing, allotments, prices, parts.  The chain's own word is not asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from indenture.audit.model.tender import (
    Bid,
    Clearing,
    Figures,
    Tender,
    allot,
    charge,
    clear,
    figures,
    issue_terms,
    price_of,
)
from indenture.audit.model.tender.underwriting import later_part, part
from indenture.audit.replay.register import Register


@dataclass(frozen=True, slots=True)
class Due:
    """What a winner gets and pays.

    Attributes:
        receipts: Who gets how many units; what one account gets in a row is one movement.
        units: Allotted to his bids.
        added: Underwritten after the result.
        amount: Base units that he pays, interest included.
    """

    receipts: tuple[tuple[str, int], ...]
    units: int
    added: int
    amount: int


class Outcome:
    """A cleared book."""

    def __init__(self, tender: Tender, bids: tuple[Bid, ...], register: Register) -> None:
        self.tender = tender
        self.bids = bids
        self.issue_rate, self.issue_price = 0, 0
        self._register = register
        if not self.clearing.failed:
            self.issue_rate, self.issue_price = issue_terms(tender, self.clearing, register.terms)

    @cached_property
    def clearing(self) -> Clearing:
        """The clearing."""
        return clear(self.tender, self.bids)

    @cached_property
    def allotments(self) -> dict[Bid, int]:
        """Units for each bid."""
        return allot(self.tender, self.clearing, self.bids)

    @cached_property
    def by_bidder(self) -> dict[str, list[tuple[Bid, int]]]:
        """Bids and their units for each bidder, in the order in which they were opened."""
        found: dict[str, list[tuple[Bid, int]]] = {}
        for bid, units in self.allotments.items():
            found.setdefault(bid.bidder, []).append((bid, units))
        return found

    @cached_property
    def won(self) -> Counter[str]:
        """Units for each bidder."""
        return Counter({bidder: sum(units for _, units in own) for bidder, own in self.by_bidder.items()})

    @property
    def figures(self) -> Figures:
        """The result as markets publish it."""
        return figures(self.tender, self.clearing, sum(bid.units for bid in self.bids))

    @property
    def sold(self) -> int:
        """Units that winners and underwriters are to pay for, without additional ones."""
        return self.clearing.volume

    def price(self, quote: int | None) -> int:
        """Base units for one unit of a winning quote; None for units without one."""
        issued_at = (self.issue_rate, self.issue_price)
        return price_of(self.tender, self.clearing, self._register.terms, issued_at, quote)

    def due(self, bidder: str, added: int, day: int, time: int) -> Due:
        """What a bidder gets and pays now.

        Args:
            bidder: Who bids.
            added: Units that he underwrote after the result.
            day: The day up to which interest accrues; 0 for none.
            time: When he pays.
        """
        won = [(bid, units) for bid, units in self.by_bidder.get(bidder, ()) if units]
        price = sum(units * self.price(bid.quote if bid.is_quoted else None) for bid, units in won)
        price += added * self.issue_price
        receipts = [(bid.account, units) for bid, units in won] + ([(bidder, added)] if added else [])
        units = self.won[bidder]
        return Due(_in_a_row(receipts), units, added, self.cost(price, day, units + added, time))

    def cost(self, price: int, day: int, units: int, time: int) -> int:
        """A price with interest, or less a coupon that goes to another, but never below nothing."""
        return max(0, price + charge(self._register.deal(time), day, self._register.records, units))

    def parts(self, commitments: Sequence[int], place: int, issued: int | None) -> tuple[int, int]:
        """An underwriter's part of what bids left, and of what was not paid.

        Args:
            commitments: Of those who joined, in the order of the syndicate.
            place: Which of them.
            issued: Units issued by ``settlesBy``; None before that.
        """
        first = part(self.clearing.take_up, commitments, place, self.tender.lot)
        if issued is None:
            return first, 0
        rest = min(self.sold - issued, sum(commitments) - self.clearing.take_up)
        return first, later_part(rest, commitments, place, self.tender.lot, first)


def _in_a_row(receipts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """One entry for neighbouring ones of the same account."""
    rows = groupby(receipts, key=lambda receipt: receipt[0])
    return tuple((account, sum(units for _, units in same)) for account, same in rows)
