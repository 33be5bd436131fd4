"""What a bond knows of itself and of its holders, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

#: What ``frozen`` reads when all units are frozen, for ever.
ALL_FROZEN = 2**64 - 1
#: What is given to freeze all units, for ever.
FREEZE_ALL = 2**256 - 1
#: What ``last`` reads of a bond that is in default.
IN_DEFAULT = 2**16 - 1


@dataclass(frozen=True, slots=True)
class BondBook:
    """What the bond knows of itself.

    Attributes:
        supply: Units outstanding.
        next_time: When something is due next; None before the first issue, and after the last record date.
        records: Number of record dates that have passed (and been noticed).
        announced: Whether the days of the next payment are fixed.
        paused: Whether transfers are stopped.
        closed: Whether the last record date has passed.
        last: The last period, where it was moved: by a renewal, an extension, a call; 0 as sealed, and
            ``IN_DEFAULT`` where the bond was made due.
        maturity_day: Day, unadjusted, on which the last period ends, where it was moved off the schedule.
        shut: Whether nothing moves while a drawing by lot counts the holdings.
    """

    supply: int
    next_time: datetime | None
    records: int
    announced: bool
    paused: bool
    closed: bool
    last: int = 0
    maturity_day: date | None = None
    shut: bool = False

    @property
    def in_default(self) -> bool:
        """Whether the bond was made due: record dates are those of recoveries."""
        return self.last == IN_DEFAULT


@dataclass(frozen=True, slots=True)
class BondEntry:
    """What the register has of one account.

    Attributes:
        units: Units held; once the last payment is marked, the units that it redeemed.
        frozen: Units that may not move; ``ALL_FROZEN`` for all, for ever.
        pledged: Units that are bound, by elections or as collateral.
    """

    units: int
    frozen: int
    pledged: int


@dataclass(frozen=True, slots=True)
class BondDocument:
    """A document of the bond.

    Attributes:
        name: Its name.
        uri: Where it can be had.
        digest: Hash of its bytes.
        modified: Instant of the last change.
    """

    name: str
    uri: str
    digest: bytes
    modified: datetime
