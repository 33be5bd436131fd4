"""Holdings of a bond, and the days of its payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from indenture.identifiers import Isin
from indenture.money import Money


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
        pledged: Units that are bound, by elections or as collateral.
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
