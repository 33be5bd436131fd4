"""Events in which holders of a bond take part, or are drawn, with some of their units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from indenture.identifiers import Isin
from indenture.money import Money
from indenture.rights import ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An event of holders, as the chain has it.

    Attributes:
        bond: Address of the bond.
        isin: Its ISIN.
        number: Number of the event, from 1, for this bond.
        kind: What it is.
        code: The stated event that opened a put; None for none.
        withdrawable: Whether an election may be taken back while it is open.
        is_decided: Whether it is funded; for a resolution and an acceleration, whether it was carried.
        opens_at: From when holders elect; for a drawing, from when it is drawn.
        closes_at: When that ends.
        pay_time: From when it is paid; None where nothing is.
        pay_day: Day to which interest accrues; of a resolution, the effective day.
        period: Of a sinking fund's drawing its payment, of an acceleration the missed one, of a resolution
            the first with the new terms; else 0.
        redemption: Of an acceleration the unfunded put or drawing, of a resolution the version that it
            changes; else 0.
        most: Most units that are bought, of a tender; units to be drawn, of a drawing; 0 for all.
        elected: Units that are elected, or drawn.
        settled: Those of them that were settled or released after the end.
        amount: Price of a unit without accrued interest, of a tender; cash for one old unit, of an exchange.
        price: Percent of the principal: of a put or a drawing.
        new_units: What ``old_units`` units are exchanged for; 0 unless it is an exchange.
        old_units: Units that are exchanged together.
        target: Of an exchange the new bond, of a resolution the code of the proposed terms, of an
            acceleration the bond in default.
        document: Hash of what the event, resolution or offer rests on.
    """

    bond: str
    isin: Isin
    number: int
    kind: ActionKind
    code: str | None
    withdrawable: bool
    is_decided: bool
    opens_at: datetime
    closes_at: datetime
    pay_time: datetime | None
    pay_day: date | None
    period: int
    redemption: int
    most: int
    elected: int
    settled: int
    amount: Money | None
    price: Decimal | None
    new_units: int
    old_units: int
    target: str | None
    document: bytes | None

    def is_open(self, at: datetime) -> bool:
        """Whether holders can elect at an instant; for a drawing, whether it can be drawn."""
        return self.opens_at <= at < self.closes_at and not self.is_decided
