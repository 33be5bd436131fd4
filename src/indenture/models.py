"""What clients take and give: frozen values, with money as ``Money`` and time as aware datetimes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntFlag

from indenture.identifiers import Isin, Lei
from indenture.membership import MemberClass, Role
from indenture.money import Currency, Money
from indenture.primary import ClassRule, Rules, Stage, TickBid


class Standing(IntFlag):
    """Standing of an account; it is active when it is admitted and nothing else is set."""

    ADMITTED = 1
    ACCOUNT_SUSPENDED = 2
    MEMBER_SUSPENDED = 4
    REMOVED = 8


class BidStatus(Enum):
    """What the book holds of a bidder."""

    NONE = "none"
    SEALED = "sealed"
    OPENED = "opened"
    FINISHED = "finished"
    """Nothing any more: paid, released, lapsed or forfeited."""


# Members


@dataclass(frozen=True, slots=True)
class Member:
    """A member, as the registry has it.

    Attributes:
        lei: Its LEI.
        member_class: Its class.
        jurisdiction: ISO 3166-1 alpha-2.
        admitted_at: Instant of the admission, UTC.
        suspended: Whether the whole member is suspended.
    """

    lei: Lei
    member_class: MemberClass
    jurisdiction: str
    admitted_at: datetime
    suspended: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a member, as the registry has it.

    Attributes:
        address: Its address.
        lei: The member.
        standing: Admitted, suspended, removed.
        verdicts: Bit ``i`` set: it may hold what asks for verdict ``i``.
        roles: What it may act as.
        until: Last instant at which admission and roles hold; None for no end.
    """

    address: str
    lei: Lei
    standing: Standing
    verdicts: int
    roles: Role
    until: datetime | None

    def is_active(self, at: datetime) -> bool:
        """Whether it is admitted, not suspended, not removed, and not expired at an instant."""
        return self.standing is Standing.ADMITTED and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class MemberAdmission:
    """A new member with its first account.

    Attributes:
        lei: Its LEI; the check digits are verified.
        member_class: Its class.
        jurisdiction: ISO 3166-1 alpha-2, two capital letters.
        account: Address of its first account.
        roles: What the account may act as.
        until: Last instant at which this holds, aware; None for no end.
        name: For people and logs; it does not go on the chain.
    """

    lei: str
    member_class: MemberClass
    jurisdiction: str
    account: str
    roles: Role
    until: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class AccountAdmission:
    """A further account of a member.

    Attributes:
        lei: LEI of the member.
        account: Address of the account.
        roles: What it may act as.
        until: Last instant at which this holds, aware; None for no end.
    """

    lei: str
    account: str
    roles: Role
    until: datetime | None = None


# Bonds


@dataclass(frozen=True, slots=True)
class PaymentDays:
    """The days of one payment, as the bond fixed them.

    Attributes:
        record_day: Day of record, in the bond's zone.
        pay_day: Payment day, in the bond's zone.
        record_time: Instant at which the books close; who holds before it is paid.
        pay_time: Instant at which the payment day begins.
    """

    record_day: date
    pay_day: date
    record_time: datetime
    pay_time: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """What an account holds of a bond.

    Attributes:
        bond: Address of the bond.
        isin: Its ISIN.
        account: The holder.
        units: Units held.
        frozen: Units that may not move; may be more than are held.
        pledged: Units given as collateral.
        face: Face of the units held.
    """

    bond: str
    isin: Isin
    account: str
    units: int
    frozen: int
    pledged: int
    face: Money

    @property
    def free(self) -> int:
        """Units that may move."""
        return max(0, self.units - self.frozen - self.pledged)


@dataclass(frozen=True, slots=True)
class RecordHolding:
    """Units of a holder at a record date."""

    account: str
    units: int


# Primary market


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


# Trades


@dataclass(frozen=True, slots=True)
class Trade:
    """A delivery against payment, as both sides sign it.

    Attributes:
        bond: Address of the bond.
        cash: Address of the token that is paid.
        seller: Delivers the units.
        buyer: Pays the amount.
        units: Whole units.
        amount: What is paid; zero for a delivery free of payment.
        valid_from: First instant at which it may settle.
        deadline: Last instant at which it may settle.
        seller_nonce: A number that the seller uses once.
        buyer_nonce: A number that the buyer uses once.
    """

    bond: str
    cash: str
    seller: str
    buyer: str
    units: int
    amount: Money
    valid_from: datetime
    deadline: datetime
    seller_nonce: int
    buyer_nonce: int


@dataclass(frozen=True, slots=True)
class SignedTrade:
    """A trade with the signatures of both sides."""

    trade: Trade
    seller_signature: bytes = field(repr=False)
    buyer_signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CleanTrade:
    """A delivery against payment at a clean price, as both sides sign it.

    What has accrued is added when it settles, and a payment whose record date passed since it was agreed goes
    to the buyer.

    Attributes:
        bond: Address of the bond.
        cash: Address of the token that is paid, the bond's currency.
        seller: Delivers the units.
        buyer: Pays for them.
        units: Whole units.
        clean: Amount for all units, without accrued interest.
        most_accrued: Most by which accrued interest, and payments that the seller had already, may move the
            amount either way; beyond it the trade does not settle.
        traded_at: Instant at which it was agreed.
        valid_from: First instant at which it may settle.
        deadline: Last instant at which it may settle.
        seller_nonce: A number that the seller uses once.
        buyer_nonce: A number that the buyer uses once.
    """

    bond: str
    cash: str
    seller: str
    buyer: str
    units: int
    clean: Money
    most_accrued: Money
    traded_at: datetime
    valid_from: datetime
    deadline: datetime
    seller_nonce: int
    buyer_nonce: int


@dataclass(frozen=True, slots=True)
class CleanProposal:
    """A trade at a clean price with the signature of the side that proposes it."""

    trade: CleanTrade
    proposer: str
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedCleanTrade:
    """A trade at a clean price with the signatures of both sides."""

    trade: CleanTrade
    seller_signature: bytes = field(repr=False)
    buyer_signature: bytes = field(repr=False)


# Payments


@dataclass(frozen=True, slots=True)
class Payment:
    """The escrow of one payment.

    Attributes:
        bond: Address of the bond.
        period: Interest period.
        funded: What the payer paid in.
        paid: What was sent to holders, withheld from them, or is kept for them by name.
        units: Units outstanding at the record date.
        units_paid: Units of the holders that were served.
        funded_at: Instant of the funding; None while it is not funded.
        payer: Who paid in, and gets the residue.
        is_last: Whether it redeems the bond; False while it is not funded.
        withholds: Whether tax is withheld from it; False while it is not funded.
        has_claims: Whether units of it were sold before the record date and delivered after it.
    """

    bond: str
    period: int
    funded: Money
    paid: Money
    units: int
    units_paid: int
    funded_at: datetime | None
    payer: str
    is_last: bool = False
    withholds: bool = False
    has_claims: bool = False

    @property
    def complete(self) -> bool:
        """Whether every holder of record is served."""
        return self.funded_at is not None and self.units_paid == self.units
