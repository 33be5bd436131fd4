"""What issuer and holders of a bond may do before it is repaid, and what follows when it is not.

Prices are billionths of the principal (1,000,000,000 is par), rates billionths a year, shares billionths of
the units.  The order of every enum, and the names of every field in snake case, are those of the contracts'
``Rights.sol`` and ``ServicingTypes.sol``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum


class ActionKind(IntEnum):
    """An event in which holders take part, or are drawn, with some of their units.

    ISO 15022: BPUT, TEND, EXOF, DRAW, CONS, DFLT.
    """

    PUT = 0
    TENDER = 1
    EXCHANGE = 2
    DRAWING = 3
    RESOLUTION = 4
    ACCELERATION = 5


class PaymentStatus(IntEnum):
    """Whether a payment was missed, by time alone."""

    NOTHING_DUE = 0
    """Capitalised, deferred, or nothing to pay."""
    NOT_DUE = 1
    """Its day has not come."""
    FUNDED = 2
    """Escrowed."""
    OVERDUE = 3
    """In its days of grace."""
    MISSED = 4
    """In default."""
    MERGED = 5
    """Part of the claim of a bond that was made due."""


@dataclass(frozen=True, slots=True)
class CallRight:
    """The issuer's right to redeem before maturity (ISO 15022: MCAL; in part by factor PRED, by lot DRAW).

    Attributes:
        first_day: First day, unadjusted, for which the bond may be called.
        last_day: The last one; the same for a single date.
        notice_days: Civil days before that day until which he may.
        price: Billionths of the principal that is redeemed; accrued interest is paid beside it.
        in_part: Whether he may redeem a part.
    """

    first_day: date
    last_day: date
    notice_days: int
    price: int
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class PutRight:
    """The holders' right to be redeemed before maturity, each for the units that he elects (BPUT).

    Attributes:
        opens_day: First day of the window of notice.
        closes_day: Its last day.
        pay_day: Day, unadjusted, for which the units are put.
        price: Billionths of the principal.
        withdrawable: Whether an election may be taken back until the window closes.
    """

    opens_day: date
    closes_day: date
    pay_day: date
    price: int
    withdrawable: bool = False


@dataclass(frozen=True, slots=True)
class EventRight:
    """Early redemption on a stated event: a change of tax law, of control, of regulatory treatment.

    Attributes:
        code: Name of the event, at most eight ASCII characters.
        by_holders: Whether it opens a put of the holders; else a call of the issuer, for the whole bond.
        notice_days: Civil days: of the call's notice, or of the put's window.
        price: Billionths of the principal.
    """

    code: str
    by_holders: bool
    notice_days: int
    price: int


@dataclass(frozen=True, slots=True)
class Sinking:
    """Units that are drawn by lot and redeemed at par with a payment, less what was cancelled before.

    Attributes:
        period: The payment with which they are.
        units: How many.
    """

    period: int
    units: int


@dataclass(frozen=True, slots=True)
class Extension:
    """The issuer's right to extend the maturity, once (EXTM).

    Attributes:
        periods: Periods that are added; 0 when there is no such right.
        notice_days: Civil days before maturity until which he may.
        rate: Billionths a year from maturity on; 0 where the rate floats.
    """

    periods: int = 0
    notice_days: int = 0
    rate: int = 0


@dataclass(frozen=True, slots=True)
class DefaultTerms:
    """What follows when a payment is missed.

    Attributes:
        grace_days: Civil days after the payment day until which it can be made without default.
        penalty_rate: Interest on what is overdue, billionths a year of 365 days, from the payment day on.
        acceleration_share: Billionths of the units whose holders can make the bond due by notice; 0 for no
            such right.
        cross_default: Whether a default of another bond of the issuer is one of this bond.
    """

    grace_days: int = 0
    penalty_rate: int = 0
    acceleration_share: int = 0
    cross_default: bool = False


@dataclass(frozen=True, slots=True)
class Rights:
    """All of them; the default gives none.

    Attributes:
        calls: Of the issuer, to redeem early.
        puts: Of the holders, to be redeemed early.
        events: Of either, on stated events.
        sinking: Units that are redeemed by lot, by payment.
        extension: Of the issuer, to repay later.
        defaults: What follows when a payment is missed.
        amendment_share: Billionths of the units whose holders can change the terms; 0 for never.
    """

    calls: tuple[CallRight, ...] = ()
    puts: tuple[PutRight, ...] = ()
    events: tuple[EventRight, ...] = ()
    sinking: tuple[Sinking, ...] = ()
    extension: Extension = field(default_factory=Extension)
    defaults: DefaultTerms = field(default_factory=DefaultTerms)
    amendment_share: int = 0


#: Of a bond that pays and is repaid as scheduled.
NO_RIGHTS = Rights()
