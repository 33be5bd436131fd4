"""What the servicing knows of a bond's life beyond its payments, in plain values.

Amounts are base units of the bond's currency, prices and shares billionths.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indenture.contracts._base import NOBODY
from indenture.dates import from_day_number, from_timestamp
from indenture.rights import ActionKind

_NO_DOCUMENT = bytes(32)


@dataclass(frozen=True, slots=True)
class TermState:
    """What moved a bond off its sealed terms.

    Attributes:
        fixed_periods: Periods that are fixed.
        actions: Events of holders so far.
        versions: Later versions of the terms.
        calls: Redemptions in part, by factor.
        price: Of the principal at the last payment, billionths, where the bond was called; 0 for par.
        extended_from: First period of the extension; 0 while the maturity is not extended.
        extended_rate: Billionths a year from then on, where the rate does not float.
        due_period: Period in which the bond was made due; 0 while it was not.
        due_day: Day on which it was; None while it was not.
        records_at_due: Record dates that had passed by then; the next ones are those of recoveries.
    """

    fixed_periods: int
    actions: int
    versions: int
    calls: int
    price: int
    extended_from: int
    extended_rate: int
    due_period: int
    due_day: date | None
    records_at_due: int

    @classmethod
    def of(cls, raw: Any) -> TermState:
        """Reads the struct of the chain."""
        return cls(
            fixed_periods=raw.fixedPeriods,
            actions=raw.actions,
            versions=raw.versions,
            calls=raw.calls,
            price=raw.price,
            extended_from=raw.extendedFrom,
            extended_rate=raw.extendedRate,
            due_period=raw.duePeriod,
            due_day=from_day_number(raw.dueDay) if raw.duePeriod else None,
            records_at_due=raw.recordsAtDue,
        )


@dataclass(frozen=True, slots=True)
class PartialCallState:
    """A redemption in part, of every unit.

    Attributes:
        period: The payment with which it is made.
        share: Billionths of the face.
        price: Billionths of the principal that is redeemed.
    """

    period: int
    share: int
    price: int


@dataclass(frozen=True, slots=True)
class ActionState:
    """An event in which holders take part, or are drawn.

    Attributes:
        kind: What it is.
        withdrawable: Whether an election may be taken back while it is open.
        is_decided: Whether it is funded; for a resolution and an acceleration, carried.
        opens_at: From when holders elect; for a drawing, from when it is drawn.
        closes_at: When that ends.
        pay_time: From when it is paid; None where nothing is.
        pay_day: Day to which interest accrues; of a resolution, the effective day.
        period: Of a sinking fund's drawing, an acceleration or a resolution: the payment.
        redemption: Of an acceleration: the unfunded put or drawing; of a resolution: the version it changes;
            once funded: record dates that had passed.
        most: Most units that are taken; 0 for all. Of a resolution: the end of the term in force.
        elected: Units that are elected, or drawn.
        settled: Those of them that were settled or released.
        amount: Price of a unit without accrued interest, or cash beside new units.
        price: Billionths of the principal: of a put or a drawing.
        new_units: What ``old_units`` units are exchanged for.
        old_units: Units that are exchanged together.
        target: Exchange: the new bond. Resolution: the code of the terms. Acceleration: the bond in default.
        document: Hash of what it rests on; None for none.
    """

    kind: ActionKind
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
    amount: int
    price: int
    new_units: int
    old_units: int
    target: str | None
    document: bytes | None

    @classmethod
    def of(cls, raw: Any) -> ActionState | None:
        """Reads the struct of the chain; None where there is no such event."""
        if not raw.opensAt:
            return None
        return cls(
            kind=ActionKind(raw.kind),
            withdrawable=raw.withdrawable,
            is_decided=raw.isDecided,
            opens_at=from_timestamp(raw.opensAt),
            closes_at=from_timestamp(raw.closesAt),
            pay_time=from_timestamp(raw.payTime) if raw.payTime else None,
            pay_day=from_day_number(raw.payDay) if raw.payDay else None,
            period=raw.period,
            redemption=raw.redemption,
            most=raw.most,
            elected=raw.elected,
            settled=raw.settled,
            amount=raw.amount,
            price=raw.price,
            new_units=raw.newUnits,
            old_units=raw.oldUnits,
            target=None if raw.target == NOBODY else raw.target,
            document=None if raw.document == _NO_DOCUMENT else raw.document,
        )


@dataclass(frozen=True, slots=True)
class DrawingState:
    """A drawing by lot: holders are put into a row, then it is drawn from each of them.

    Attributes:
        units: Units among which it is drawn; 0 before it has begun.
        counted: Those of them that stand in the row.
        passed: Those of them from which it was drawn.
        seed: Offset of the sample, below ``units``; 0 until it is found.
        counted_in: Block in which the row was complete; 0 until then.
        is_seeded: Whether the seed is found: by a block after that.
    """

    units: int
    counted: int
    passed: int
    seed: int
    counted_in: int
    is_seeded: bool

    @property
    def is_complete(self) -> bool:
        """Whether it is drawn from everybody."""
        return self.units != 0 and self.passed == self.units

    @classmethod
    def of(cls, raw: Any) -> DrawingState:
        """Reads the struct of the chain."""
        return cls(raw.units, raw.counted, raw.passed, raw.seed, raw.countedIn, raw.isSeeded)


@dataclass(frozen=True, slots=True)
class ClaimState:
    """What a unit of a bond that was made due is owed, base units times 1e18.

    Attributes:
        principal: What was due, less what was recovered; bears interest.
        interest: Interest for being late, less what was recovered.
        day: Day up to which interest is in it; None while the claim is not set.
        is_closed: Whether the last recovery was announced.
    """

    principal: int
    interest: int
    day: date | None
    is_closed: bool

    @classmethod
    def of(cls, raw: Any) -> ClaimState:
        """Reads the struct of the chain."""
        day = from_day_number(raw.day) if raw.day else None
        return cls(raw.principal, raw.interest, day, raw.isClosed)


@dataclass(frozen=True, slots=True)
class VersionState:
    """A version of the terms.

    Attributes:
        source: Contract whose code holds them; the bond itself for those that were sealed.
        from_period: First period to which they apply; 0 for those that were sealed.
    """

    source: str
    from_period: int
