"""What interest and principal are computed from: the terms, without names and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.provisions import CouponKind, Provisions, Rounding, Schedule


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """The part of a bond's terms that its payments follow from.

    Attributes:
        face_value: Face of one unit, base units of the currency.
        schedule: Due days, unadjusted.
        kind: Where the rate comes from.
        coupon_rate: Billionths a year; None while an offering is to fix it.
        day_count: Day count of the interest.
        rounding: How interest becomes whole base units.
        roll: Where a due day moves that is no business day.
        adjusted: Whether interest periods end on the rolled day.
        calendar: Market whose business days count.
        utc_offset: Minutes by which the bond's zone is ahead of UTC.
        provisions: What the terms provide for beyond that.
    """

    face_value: int
    schedule: Schedule
    kind: CouponKind
    coupon_rate: int | None
    day_count: DayCount
    rounding: Rounding = Rounding.HOLDING_DOWN
    roll: Convention = Convention.UNADJUSTED
    adjusted: bool = False
    calendar: str = ""
    utc_offset: int = 0
    provisions: Provisions = field(default_factory=Provisions)

    @property
    def issue_day(self) -> date:
        """First day that bears interest."""
        return self.schedule.issue_day
