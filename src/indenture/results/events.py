"""What acts in a bond's life came to: its term moved, events of holders, default, versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from indenture.money import Money
from indenture.results.payments import FundResult, KeptAmount
from indenture.results.transactions import BatchResult, TxResult


@dataclass(frozen=True, slots=True)
class CallResult(TxResult):
    """A bond that is redeemed early.

    Attributes:
        last_period: Its last payment now.
        day: Day, unadjusted, on which it ends.
        price: Percent of the principal.
    """

    last_period: int
    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class PartialCallResult(TxResult):
    """A part of every unit that is redeemed with a payment.

    Attributes:
        period: The payment.
        share: Percent of the face.
        price: Percent of the principal that is redeemed.
    """

    period: int
    share: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class ExtensionResult(TxResult):
    """A bond whose maturity was extended.

    Attributes:
        last_period: Its last period now.
        maturity: Day, unadjusted, on which that period ends.
        rate: Percent a year from the old maturity on; None where it floats.
    """

    last_period: int
    maturity: date
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class CancelResult(TxResult):
    """Units of the issuer's own that were cancelled.

    Attributes:
        units: How many.
        credit: Cancelled units that count towards the sinking fund now.
    """

    units: int
    credit: int


@dataclass(frozen=True, slots=True)
class ActionResult(TxResult):
    """An event of holders that was opened.

    Attributes:
        action: Its number; None for a sinking fund that needs no drawing, as enough was cancelled.
        opens_at: From when holders elect, or it is drawn; None without an event.
        closes_at: When that ends.
        pay_time: From when it is paid; None where nothing is.
    """

    action: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    pay_time: datetime | None


@dataclass(frozen=True, slots=True)
class ElectionResult(TxResult):
    """Units with which a holder takes part in an event, or no longer does.

    Attributes:
        action: Number of the event.
        units: How many were elected, taken back or released by this act.
        elected: Units of the holder that are elected now.
    """

    action: int
    units: int
    elected: int


@dataclass(frozen=True, slots=True)
class ActionFundResult(FundResult):
    """The price of an event that was escrowed; ``units`` is the most that is taken.

    Attributes:
        action: Number of the event.
    """

    action: int


@dataclass(frozen=True, slots=True)
class SettleResult(BatchResult):
    """Holders that were settled; ``count`` is their number.

    Attributes:
        action: Number of the event.
        taken: Units that were taken, and burned.
        amount: What is due on them: sent, withheld or kept.
        tax: What of it was withheld.
        kept: What of it is kept by name.
        completed: Whether every election is settled now.
        residue: What was left over by rounding, kept for the payer; None until completed.
    """

    action: int
    taken: int
    amount: Money
    tax: Money
    kept: tuple[KeptAmount, ...]
    completed: bool
    residue: Money | None


@dataclass(frozen=True, slots=True)
class DrawResult(BatchResult):
    """Holders that were counted in a drawing by lot; ``count`` is their number.

    Attributes:
        action: Number of the drawing.
        drawn: Units drawn of each holder of whom any were.
        completed: Whether every holder is counted now, and the books are open again.
    """

    action: int
    drawn: dict[str, int]
    completed: bool

    @property
    def units(self) -> int:
        """Units that were drawn."""
        return sum(self.drawn.values())


@dataclass(frozen=True, slots=True)
class MadeDueResult(TxResult):
    """A bond that was made due: every unit has one claim.

    Attributes:
        period: What is owed up to this payment is in the claim.
        day: Day on which interest of the terms ends.
    """

    period: int
    day: date


@dataclass(frozen=True, slots=True)
class RecoveryResult(TxResult):
    """A recovery that was escrowed.

    Attributes:
        record: Its number as a payment: of ``pay``, or of ``redeem`` where it is final.
        amount: How much.
        record_time: Who holds before it is paid.
        pay_time: From when it is paid.
        principal: Owed on one unit after it, in the currency.
        interest: Interest for being late of one unit after it.
        is_final: Whether nothing more will come.
    """

    record: int
    amount: Money
    record_time: datetime
    pay_time: datetime
    principal: Decimal
    interest: Decimal
    is_final: bool


@dataclass(frozen=True, slots=True)
class EnactResult(TxResult):
    """New terms that are in force.

    Attributes:
        version: Their number.
        from_period: First period to which they apply.
    """

    version: int
    from_period: int
