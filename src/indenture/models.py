"""What clients take and give: frozen values, with money as ``Money`` and time as aware datetimes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, IntFlag

from indenture.identifiers import Isin, Lei
from indenture.membership import MemberClass, Role
from indenture.money import Money


class Standing(IntFlag):
    """Standing of an account; it is active when it is admitted and nothing else is set."""

    ADMITTED = 1
    ACCOUNT_SUSPENDED = 2
    MEMBER_SUSPENDED = 4
    REMOVED = 8


class Method(IntEnum):
    """How a book is built."""

    FIXED_RATE = 0


class Stage(IntEnum):
    """Where an offering stands."""

    NONE = 0
    OPEN = 1
    CLOSED = 2
    ALLOCATED = 3
    FAILED = 4


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
class OfferingConditions:
    """What the issuer sets when it opens an offering.

    Attributes:
        offered: Units on offer.
        price: Price of one unit, in the bond's currency.
        opens_at: First second of the book, aware.
        closes_at: First second at which the book is closed, aware.
        settles_by: Last second at which winners pay and get their units, aware.
        bookrunner: Account that keeps the book; has role BOOKRUNNER.
        minimum_volume: Units ordered below which the issue fails and everybody gets his money back.
        minimum_order: Least units of an order; None for the bond's minimum denomination.
        maximum_order: Most units of an order; None for all that is offered.
    """

    offered: int
    price: Money
    opens_at: datetime
    closes_at: datetime
    settles_by: datetime
    bookrunner: str
    minimum_volume: int = 0
    minimum_order: int | None = None
    maximum_order: int | None = None


@dataclass(frozen=True, slots=True)
class OfferingBook:
    """An offering, as the chain has it.

    Attributes:
        offering_id: Its number.
        bond: Address of the bond.
        method: How the book is built.
        stage: Where it stands.
        opens_at: First second of the book.
        closes_at: First second at which the book is closed.
        settles_by: Last second for payment.
        price: Price of one unit.
        offered: Units on offer.
        minimum_volume: Units ordered below which the issue fails.
        minimum_order: Least units of an order.
        maximum_order: Most units of an order.
        lot: Orders and allotments are multiples of it.
        ordered: Units of all living orders.
        allotted: Units given to orders.
        proceeds_account: Who gets the proceeds.
    """

    offering_id: int
    bond: str
    method: Method
    stage: Stage
    opens_at: datetime
    closes_at: datetime
    settles_by: datetime
    price: Money
    offered: int
    minimum_volume: int
    minimum_order: int
    maximum_order: int
    lot: int
    ordered: int
    allotted: int
    proceeds_account: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order.

    Attributes:
        offering_id: The offering.
        account: Who ordered.
        units: Units asked for; zero when withdrawn.
        deposit: Money held for it.
        settled: Whether it was paid for and issued.
        allotment: Units given; zero before the allocation is proved.
    """

    offering_id: int
    account: str
    units: int
    deposit: Money
    settled: bool
    allotment: int


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


# Payments


@dataclass(frozen=True, slots=True)
class Payment:
    """The escrow of one payment.

    Attributes:
        bond: Address of the bond.
        period: Interest period.
        funded: What the payer paid in.
        paid: What was sent to holders, or is kept for them by name.
        units: Units outstanding at the record date.
        units_paid: Units of the holders that were served.
        funded_at: Instant of the funding; None while it is not funded.
        payer: Who paid in, and gets the residue.
    """

    bond: str
    period: int
    funded: Money
    paid: Money
    units: int
    units_paid: int
    funded_at: datetime | None
    payer: str

    @property
    def complete(self) -> bool:
        """Whether every holder of record is served."""
        return self.funded_at is not None and self.units_paid == self.units
