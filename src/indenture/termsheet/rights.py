"""Blocks of a term sheet: what issuer and holders may do before it is repaid, and what follows default."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from indenture._fields import IsoDate, read_event, reader, scaled, whole
from indenture.errors import InputError

from .blocks import Block
from .coupon import Flag, UnsignedPercent

_PERCENT_DECIMALS = 7  # of a percent, to the billionth of the whole
_WHOLE = 10**9
_MOST_PRICE = 10 * _WHOLE
_MAX_UINT16 = 2**16 - 1
_MAX_UINT64 = 2**64 - 1
_MOST_DAYS = 366
#: Notice of an extension must end before the last payment is announced, 30 days before it is due.
_LEAST_EXTENSION_NOTICE = 31
_MOST_PERIODS = 1200

#: Percent of the principal at which it is redeemed; accrued interest is paid beside it.
RedemptionPrice = Annotated[Decimal, scaled(_PERCENT_DECIMALS, 1, _MOST_PRICE, " %")]
#: A part of the whole.
SharePercent = Annotated[Decimal, scaled(_PERCENT_DECIMALS, 0, _WHOLE, " %")]
#: Civil days of a notice.
NoticeDays = Annotated[int, whole(1, _MOST_DAYS)]

_PAR = Decimal(100)


class CallTerms(Block):
    """The issuer's right to redeem early.

    Attributes:
        start: First day for which he may; written ``from`` in the sheet.
        end: The last one; written ``to``, and left out for a single date.
        notice_days: Civil days before the day until which he may.
        price: Percent of the principal.
        in_part: Whether he may redeem a part.
    """

    start: Annotated[IsoDate, Field(alias="from")]
    end: Annotated[IsoDate | None, Field(alias="to")] = None
    notice_days: NoticeDays
    price: RedemptionPrice = _PAR
    in_part: Flag = False

    @property
    def last(self) -> date:
        """The last day for which he may."""
        return self.end or self.start


class PutTerms(Block):
    """The holders' right to be redeemed early.

    Attributes:
        opens: First day of the window of notice.
        closes: Its last day.
        pay_day: Day for which units are put.
        price: Percent of the principal.
        withdrawable: Whether an election may be taken back until the window closes.
    """

    opens: IsoDate
    closes: IsoDate
    pay_day: IsoDate
    price: RedemptionPrice = _PAR
    withdrawable: Flag = False


def _read_party(value: Any) -> bool:
    if value in ("issuer", "holders"):
        return bool(value == "holders")
    if isinstance(value, bool):
        return value
    raise InputError(f"{value!r} is nobody's right", hint="Write issuer or holders.")


class EventTerms(Block):
    """Early redemption on a stated event.

    Attributes:
        code: Name of the event, as on chain.
        by_holders: Whether holders may then put their units, else the issuer may redeem the bond; written
            ``right: holders`` or ``right: issuer`` in the sheet.
        notice_days: Civil days of the issuer's notice, or of the holders' window.
        price: Percent of the principal.
    """

    code: Annotated[str, reader(read_event)]
    by_holders: Annotated[bool, Field(alias="right"), reader(_read_party)]
    notice_days: NoticeDays
    price: RedemptionPrice = _PAR


class SinkingTerms(Block):
    """Units that are redeemed by lot at par, less what the issuer cancelled before.

    Attributes:
        period: Number of the payment with which they are.
        units: How many.
    """

    period: Annotated[int, whole(1, _MAX_UINT16)]
    units: Annotated[int, whole(1, _MAX_UINT64)]


class ExtensionTerms(Block):
    """The issuer's right to extend the maturity, once.

    Attributes:
        periods: Interest periods that are added.
        notice_days: Civil days before maturity until which he may.
        rate: Percent a year from maturity on; None for a rate that floats on.
    """

    periods: Annotated[int, whole(1, _MOST_PERIODS)]
    notice_days: Annotated[int, whole(_LEAST_EXTENSION_NOTICE, _MOST_DAYS)]
    rate: UnsignedPercent | None = None


class DefaultBlock(Block):
    """What follows when a payment is missed.

    Attributes:
        grace_days: Civil days after the payment day in which it can still be made without default.
        penalty_rate: Percent a year of 365 days on what is overdue, from the payment day on.
        acceleration_share: Percent of the units whose holders can make the bond due; 0 for no such right.
        cross_default: Whether a default of another bond of the issuer is one of this bond.
    """

    grace_days: Annotated[int, whole(0, _MOST_DAYS)] = 0
    penalty_rate: SharePercent = Decimal(0)
    acceleration_share: SharePercent = Decimal(0)
    cross_default: Flag = False


class RightsTerms(Block):
    """All of them.

    Attributes:
        calls: Of the issuer, to redeem early, in the order of their days.
        puts: Of the holders, to be redeemed early.
        events: Of either, on stated events.
        sinking: Units that are redeemed by lot, by payment.
        extension: Of the issuer, to repay later; None for none.
        defaults: What follows when a payment is missed; None where the law alone says it.
        amendment_share: Percent of the units whose holders can change the terms; None for never.
    """

    calls: tuple[CallTerms, ...] = ()
    puts: tuple[PutTerms, ...] = ()
    events: tuple[EventTerms, ...] = ()
    sinking: tuple[SinkingTerms, ...] = ()
    extension: ExtensionTerms | None = None
    defaults: DefaultBlock | None = None
    amendment_share: SharePercent | None = None
