"""What clients take and give: frozen values, with money as ``Money`` and time as aware datetimes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from indenture.identifiers import Isin, Lei
from indenture.membership import MemberClass, Role
from indenture.money import Money

if TYPE_CHECKING:
    from indenture.chain import Receipt


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


# Results


@dataclass(frozen=True, slots=True)
class TxResult:
    """A mined transaction.

    Attributes:
        tx_hash: Its hash.
        block: Number of its block.
        gas_used: What it cost.
    """

    tx_hash: str
    block: int
    gas_used: int

    @classmethod
    def of(cls, receipt: Receipt) -> TxResult:
        """Shortens a receipt."""
        return TxResult(receipt.tx_hash, receipt.block_number, receipt.gas_used)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Several mined transactions of one act.

    Attributes:
        count: How many things were done: members admitted, orders placed.
        transactions: In the order in which they were sent; empty when there was nothing to do.
    """

    count: int
    transactions: tuple[TxResult, ...]

    @property
    def gas_used(self) -> int:
        """What all of them cost."""
        return sum(tx.gas_used for tx in self.transactions)

    @classmethod
    def of(cls, count: int, receipts: Sequence[Receipt]) -> BatchResult:
        """Shortens receipts."""
        return BatchResult(count, tuple(TxResult.of(receipt) for receipt in receipts))


@dataclass(frozen=True, slots=True)
class StandingResult(TxResult):
    """A member that was suspended, reinstated or reclassified, with all its accounts.

    Attributes:
        accounts: How many accounts followed.
        further: Transactions after the first, for members with many accounts.
    """

    accounts: int
    further: tuple[TxResult, ...]


@dataclass(frozen=True, slots=True)
class OrderResult(TxResult):
    """An order that was placed, replaced or withdrawn.

    Attributes:
        units: Its units now.
        deposit: Money held for it now.
    """

    units: int
    deposit: Money


@dataclass(frozen=True, slots=True)
class CloseResult(TxResult):
    """A book that was closed.

    Attributes:
        ordered: Units ordered.
        failed: Whether too little was ordered, so that everybody gets his money back.
    """

    ordered: int
    failed: bool


@dataclass(frozen=True, slots=True)
class AllocationResult(BatchResult):
    """An allocation that was proved; ``count`` is the number of orders.

    Attributes:
        ordered: Units ordered.
        allotted: Units given.
        allotments: Units of each order, by account.
    """

    ordered: int
    allotted: int
    allotments: dict[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettlementResult(BatchResult):
    """Orders that were paid for and issued; ``count`` is their number.

    Attributes:
        units: Units issued.
        proceeds: What the issuer got.
        skipped: Accounts that may not hold the bond now; their money stays theirs.
    """

    units: int
    proceeds: Money
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoneyResult(TxResult):
    """Money that moved.

    Attributes:
        amount: How much.
    """

    amount: Money


@dataclass(frozen=True, slots=True)
class IssueResult(BatchResult):
    """Money that was issued; ``count`` is the number of receivers.

    Attributes:
        amount: The sum.
    """

    amount: Money


@dataclass(frozen=True, slots=True)
class ClaimResult(TxResult):
    """A payment that its holder took.

    Attributes:
        amount: What was due.
        kept: What of it could not be sent, and is kept by name: the part on frozen units.
    """

    amount: Money
    kept: Money


@dataclass(frozen=True, slots=True)
class TradeResult(TxResult):
    """A trade that was settled.

    Attributes:
        trade_id: The EIP-712 hash that both sides signed, hex.
    """

    trade_id: str


@dataclass(frozen=True, slots=True)
class FundResult(TxResult):
    """A payment that was escrowed.

    Attributes:
        interest: Interest of all units.
        principal: Principal of all units; zero before maturity.
        units: Units outstanding at the record date.
    """

    interest: Money
    principal: Money
    units: int

    @property
    def total(self) -> Money:
        """What was taken from the payer."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class KeptAmount:
    """Money that could not be sent, and is kept in the holder's name."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PayResult(BatchResult):
    """Holders that were served; ``count`` is their number.

    Attributes:
        amount: What is due to them, sent or kept.
        kept: What of it is kept by name.
        completed: Whether all holders of record are served now.
        residue: What was left over by rounding, kept for the payer; None until completed.
    """

    amount: Money
    kept: tuple[KeptAmount, ...]
    completed: bool
    residue: Money | None


@dataclass(frozen=True, slots=True)
class IssuedBond:
    """A bond that was registered.

    Attributes:
        isin: Its ISIN.
        address: Its address.
        transactions: The registration, then one for each document.
    """

    isin: Isin
    address: str
    transactions: tuple[TxResult, ...]
