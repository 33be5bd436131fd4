"""The primary market: bids, the book, the syndicate, and what was won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from indenture.identifiers import Isin
from indenture.money import Currency, Money
from indenture.primary import ClassRule, Rules, Stage, TickBid


class BidStatus(Enum):
    """What the book holds of a bidder."""

    NONE = "none"
    SEALED = "sealed"
    OPENED = "opened"
    FINISHED = "finished"
    """Nothing any more: paid, released, lapsed or forfeited."""


@dataclass(frozen=True, slots=True)
class Bid:
    """One tick bid, as people give it.

    Attributes:
        quote: Basis RATE: the coupon, percent a year; PRICE: the price of one unit, in the bond's currency.
            None for a bid that leaves it to the others (non-competitive).
        units: Whole bonds, whole lots of them.
        account: Who gets the units, where it is a client; None for the bidder, who pays in any case.
    """

    quote: Decimal | int | str | None
    units: int
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingBook:
    """An offering, as the chain has it.

    Attributes:
        offering_id: Its number.
        bond: Address of the bond.
        isin: ISIN of the bond.
        currency: Currency of prices and deposits.
        stage: Where it stands.
        rules: What the issuer set: form, quotes, units and times.
        classes: What each class of bidders must and may do; class 0 is everybody outside the syndicate.
        lot: Units of the minimum denomination; bids and allotments are whole lots.
        deposit: What each bidder, and each underwriter, gives and may lose.
        bookrunner: Who keeps the book.
        proceeds_account: Who gets the proceeds, and what is forfeited.
        encryption_key: X25519 public key of an ENCRYPTED book; None until the bookrunner accepted, and else.
        commitments: Units of the underwriters who joined, once the book is open.
        bidders: Bidders whose bids are in the clear.
        bid_units: Units of these bids with a quote.
        non_competitive_bid: Units of these bids without a quote.
        over_allotted: Units that the issuer added.
        over_allotment_declared: Whether the issuer has decided on it.
        take_up: Units that fall to the underwriters.
        additional: Units underwritten after the result.
        issued: Units issued up to ``settles_by``, additional ones not counted.
        issued_later: Units taken up after it.
        published_at: When the result was published; None until then.
        accrual_day: Day up to which interest has accrued at payment; None when none has.
    """

    offering_id: int
    bond: str
    isin: Isin
    currency: Currency
    stage: Stage
    rules: Rules
    classes: tuple[ClassRule, ...]
    lot: int
    deposit: Money
    bookrunner: str
    proceeds_account: str
    encryption_key: bytes | None
    commitments: int
    bidders: int
    bid_units: int
    non_competitive_bid: int
    over_allotted: int
    over_allotment_declared: bool
    take_up: int
    additional: int
    issued: int
    issued_later: int
    published_at: datetime | None
    accrual_day: date | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to the syndicate of an offering.

    Attributes:
        underwriter: Who is invited.
        bidder_class: His class, 1 or above.
        commitment: Units that he takes up at most if bids leave a rest; 0 for none.
        joined: Whether he accepted.
    """

    underwriter: str
    bidder_class: int
    commitment: int
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Funds:
    """Money of an account in the primary market, in one currency.

    Attributes:
        account: Whose.
        balance: What stands ready for bids and payments, and may be taken out at any time.
        held: What bids and places in syndicates hold, and may lose.
    """

    account: str
    balance: Money
    held: Money


@dataclass(frozen=True, slots=True)
class PlacedBids:
    """What a book holds of one bidder.

    Attributes:
        offering_id: The offering.
        bidder: Who bids, and pays.
        status: Sealed, opened, finished, or none.
        bids: His bids, where they are in the clear; in the order of the book.
        commitment: What he committed to, while they are sealed.
    """

    offering_id: int
    bidder: str
    status: BidStatus
    bids: tuple[TickBid, ...]
    commitment: bytes | None


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a bidder won.

    Attributes:
        offering_id: The offering.
        bidder: Who won, and pays.
        bids: His bids, in the order of the book.
        units: Units that each of them won.
        additional: Units that he underwrote after the result.
        amount: What he pays, or paid, for all of them; accrued interest included.
        settled: Whether it is paid for and issued.
        lapsed: Whether he did not pay in time, and lost it.
    """

    offering_id: int
    bidder: str
    bids: tuple[TickBid, ...]
    units: tuple[int, ...]
    additional: int
    amount: Money
    settled: bool
    lapsed: bool

    @property
    def won(self) -> int:
        """Units that all bids won, additional ones not counted."""
        return sum(self.units)
