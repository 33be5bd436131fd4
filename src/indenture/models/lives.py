"""What has become of a bond: its term as moved, missed payments, its claim, versions of its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from indenture.money import Money
from indenture.rights import PaymentStatus

if TYPE_CHECKING:
    from indenture.contracts.bond_terms import BondTerms


@dataclass(frozen=True, slots=True)
class PartialCall:
    """A redemption in part, of every unit.

    Attributes:
        period: The payment with which it is made.
        share: Percent of the face.
        price: Percent of the principal that is redeemed.
    """

    period: int
    share: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BondState:
    """What moved a bond off its sealed terms.

    Attributes:
        last_period: The last period, as moved; in default the one in which the bond was made due.
        maturity_day: Day, unadjusted, on which it ends; in default the day on which the bond was made due.
        is_called: Whether it is redeemed early.
        price: Percent of the principal at the last payment; 100 unless it was called.
        partial_calls: Redemptions in part, in order of their payments.
        extended_from: First period of the extension; 0 while the maturity is not extended.
        extended_rate: Percent a year from then on; None where it was not extended, or the rate floats.
        actions: Events of holders so far.
        versions: Later versions of the terms.
        fixed_periods: Periods that are fixed.
        due_period: Period in which the bond was made due; 0 while it was not.
        due_day: Day on which it was; None while it was not.
        records_at_due: Record dates that had passed by then; payments with later numbers are recoveries.
        is_shut: Whether nothing moves while a drawing by lot counts the holdings.
        bound_units: Units that elections and drawings bind.
        sinking_credit: Units cancelled that still count towards the sinking fund.
    """

    last_period: int
    maturity_day: date
    is_called: bool
    price: Decimal
    partial_calls: tuple[PartialCall, ...]
    extended_from: int
    extended_rate: Decimal | None
    actions: int
    versions: int
    fixed_periods: int
    due_period: int
    due_day: date | None
    records_at_due: int
    is_shut: bool
    bound_units: int
    sinking_credit: int

    @property
    def in_default(self) -> bool:
        """Whether the bond was made due."""
        return self.due_period != 0


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """Whether a payment was missed, by time alone.

    Attributes:
        period: Number of the payment.
        status: Where it stands.
        until: When its grace ends, or ended; None where nothing is due, and once it is funded or merged.
        penalty: Interest for being late that funding it now would cost, percent of each amount.
    """

    period: int
    status: PaymentStatus
    until: datetime | None
    penalty: Decimal


@dataclass(frozen=True, slots=True)
class BondClaim:
    """What a bond that was made due owes.

    Attributes:
        day: Day up to which interest is in it.
        principal: Owed on one unit, in the currency, exact; bears interest.
        interest: Interest for being late of one unit, exact.
        units: Units outstanding.
        total: What all of them are owed, rounded down.
        is_set: Whether it is stored, by a first recovery; until then it follows from the payments missed.
        is_closed: Whether the last recovery was announced.
    """

    day: date
    principal: Decimal
    interest: Decimal
    units: int
    total: Money
    is_set: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """A version of the terms.

    Attributes:
        number: 0 for those that were sealed at issue.
        from_period: First period to which they apply; 0 for those that were sealed.
        source: Contract whose code holds them.
        terms: The terms.
        action: Event in which holders consented; 0 for the sealed ones.
        clause: What was changed, as the term sheet numbers it; empty for the sealed ones.
        resolution: Hash of the resolution; None for the sealed ones.
        effective_day: Day from which it was to apply; None for the sealed ones.
    """

    number: int
    from_period: int
    source: str
    terms: BondTerms
    action: int = 0
    clause: str = ""
    resolution: bytes | None = None
    effective_day: date | None = None
