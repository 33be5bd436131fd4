"""Blocks of a term sheet: principal, capitalisation, renewal, deferral and withholding."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from indenture._fields import ClassLabel, IsoDate, labelled, read_account, reader, scaled, whole
from indenture.membership import MemberClass

from .blocks import Block
from .coupon import BenchmarkCode, Flag, Lag, SignedPercent
from .frequency import Frequency

_SHARE_DECIMALS = 7  # of a percent, to the billionth of the whole
_WHOLE = 10**9
#: Notice must end before the days of a payment are announced, 30 days before it is due.
_LEAST_NOTICE = 31
_MOST_NOTICE = 366


class InstalmentTerms(Block):
    """A part of the principal that is repaid before or at maturity.

    Attributes:
        on: Due date of the payment.
        percent: Percent of the face.
    """

    on: IsoDate
    percent: Annotated[Decimal, scaled(_SHARE_DECIMALS, 1, _WHOLE, " %")]


class PrincipalTerms(Block):
    """How the principal is repaid.

    Attributes:
        instalments: Its parts, in the order of their dates; the last at maturity.
    """

    instalments: tuple[InstalmentTerms, ...]


class CapitalisationTerms(Block):
    """Interest that is added to the principal instead of being paid.

    Attributes:
        until: Last due date whose interest is added.
    """

    until: IsoDate


class RenewalTerms(Block):
    """The issuer's right to renew the bond at the end of each cycle, at a new rate.

    Attributes:
        every: Length of a cycle after the first, which ends on the maturity date.
        notice_days: Civil days before the end of a cycle until which he may.
        benchmark: Code of the rate that the new one is made from.
        lag: Business days of the benchmark's market between observation and cycle.
        spread: Percent a year, added to it.
        step_up: Percent a year that a renewal adds.
    """

    every: Annotated[
        Frequency, labelled(Frequency.from_span, ["3 years", "18 months", "52 weeks", "90 days"])
    ]
    notice_days: Annotated[int, whole(_LEAST_NOTICE, _MOST_NOTICE)]
    benchmark: BenchmarkCode
    lag: Lag
    spread: SignedPercent
    step_up: SignedPercent = Decimal(0)


class DeferralTerms(Block):
    """The issuer's right to defer interest.

    Attributes:
        notice_days: Civil days before a due date until which he may.
        bears_interest: Whether arrears bear interest, at the rate of the period.
    """

    notice_days: Annotated[int, whole(_LEAST_NOTICE, _MOST_NOTICE)]
    bears_interest: Flag = False


def _read_classes(value: Any) -> Any:
    return tuple(MemberClass) if value == "all" else value


class WithholdingRate(Block):
    """Tax on the interest of holders of some classes.

    Attributes:
        classes: Classes; all of them is written ``all`` in the sheet.
        percent: Percent of the interest.
    """

    classes: Annotated[tuple[ClassLabel, ...], reader(_read_classes)]
    percent: Annotated[Decimal, scaled(_SHARE_DECIMALS, 0, _WHOLE, " %")]

    @property
    def for_all(self) -> bool:
        """Whether it is for every class."""
        return set(self.classes) == set(MemberClass)


class WithholdingTerms(Block):
    """Tax that is withheld from interest.

    Attributes:
        account: Account that receives it; None where it is given at registration.
        rates: The first that has the holder's class applies; the last is for all.
    """

    account: Annotated[str, reader(read_account)] | None = None
    rates: tuple[WithholdingRate, ...]
