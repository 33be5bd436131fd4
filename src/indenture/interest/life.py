"""What moves a bond off the terms that were sealed: calls, extension, later terms, and being made due.

Nothing here decides whether somebody may; each act gives the life after it, as the contracts do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from indenture.provisions import Schedule
from indenture.rights import Extension
from indenture.rounding import RATE_SCALE
from indenture.schedule import cell_of, due_day

from .errors import EarlyRedemptionRefused
from .terms import InterestTerms


@dataclass(frozen=True, slots=True)
class PartialCall:
    """A redemption in part, of every unit.

    Attributes:
        period: The payment with which it is made.
        share: Billionths of the face; whole base units of a unit.
        price: Billionths of the principal that is redeemed.
    """

    period: int
    share: int
    price: int = RATE_SCALE


@dataclass(frozen=True, slots=True)
class Version:
    """Terms that replaced those before them.

    Attributes:
        terms: What interest is computed from.
        start: First period to which they apply.
    """

    terms: InterestTerms
    start: int


@dataclass(frozen=True, slots=True)
class Life:
    """What has moved a bond off its sealed terms.

    Attributes:
        last: The last period, where it was moved; 0 for that of the terms.
        ends: Day, unadjusted, on which it ends; None for its regular day.
        price: Of the principal at the last payment, billionths, where the bond was called; 0 for par.
        calls: Redemptions in part, in the order of their periods.
        extended_from: First period of an extension; 0 while there is none.
        extended_rate: Billionths a year from then on, where the rate does not float.
        versions: Later versions of the terms, in the order of their periods.
        due_period: The period in which the bond was made due; 0 while it was not.
        due_day: The day on which it was, or at which that period began where that is later.
    """

    last: int = 0
    ends: date | None = None
    price: int = 0
    calls: tuple[PartialCall, ...] = ()
    extended_from: int = 0
    extended_rate: int = 0
    versions: tuple[Version, ...] = ()
    due_period: int = 0
    due_day: date | None = None

    @property
    def is_due(self) -> bool:
        """Whether the bond was made due: it has a claim instead of payments, and trades flat."""
        return self.due_period > 0

    def schedule_of(self, s: Schedule, renewed: int = 0) -> Schedule:
        """Due days with the end where it was moved.

        Args:
            s: As the terms have them.
            renewed: Periods by which the bond is renewed further.

        Raises:
            InvalidDate: The end is outside the years 1 to 9999.
        """
        if self.due_period and self.due_day:
            return replace(s, periods=self.due_period, maturity_day=self.due_day)
        last = (self.last or s.periods) + renewed
        if renewed or self.ends is None:
            # Of the schedule before it changes: its own end may be on a day off the grid.
            return s if last == s.periods else replace(s, periods=last, maturity_day=due_day(s, last))
        return replace(s, periods=last, maturity_day=self.ends)


#: Of a bond that lives as its terms say.
AS_SEALED = Life()


def called(terms: InterestTerms, life: Life, day: date, price: int) -> Life:
    """The life of a bond that is redeemed early, as a whole: the term ends on the day.

    With the period that ends on it, else with a short one; the last payment has the interest up to the day,
    and the principal at the price. Of a bond without coupon the price is of what it has grown to.

    Args:
        terms: As sealed.
        life: The life before.
        day: Unadjusted.
        price: Billionths of the principal.

    Raises:
        EarlyRedemptionRefused: The bond was called before, or the day is not within its term.
    """
    s = life.schedule_of(terms.schedule)
    if life.price or life.is_due:
        raise EarlyRedemptionRefused(day, "the bond was called, or made due, before")
    if not s.issue_day < day < s.maturity_day:
        raise EarlyRedemptionRefused(day, f"it is not between {s.issue_day} and {s.maturity_day}")
    # By the sealed grid, as the contract: one that was moved differs only at its end.
    period = _period_of(terms.schedule, day)
    is_due_day = period > 1 and due_day(terms.schedule, period - 1) == day
    if is_due_day:
        return replace(life, last=period - 1, ends=None, price=price)
    return replace(life, last=period, ends=day, price=price)


def called_in_part(terms: InterestTerms, life: Life, call: PartialCall) -> Life:
    """The life of a bond of which a share is redeemed with a payment, from every unit alike.

    Raises:
        EarlyRedemptionRefused: The share is not whole base units or leaves nothing, or the payment is not
            after that of the call before and before the last one.
    """
    day = due_day(terms.schedule, call.period)
    before = life.calls[-1].period if life.calls else 0
    last = life.schedule_of(terms.schedule).periods
    if not before < call.period < last:
        raise EarlyRedemptionRefused(day, f"payment {call.period} is not between {before} and {last}")
    called_so_far = sum(each.share for each in life.calls)
    if not 0 < call.share < RATE_SCALE - called_so_far or terms.face_value * call.share % RATE_SCALE:
        raise EarlyRedemptionRefused(
            day, f"{call.share} billionths of {terms.face_value} is not a part in whole base units"
        )
    return replace(life, calls=(*life.calls, call))


def extended_by(terms: InterestTerms, life: Life, extension: Extension) -> Life:
    """The life of a bond whose maturity the issuer has extended."""
    last = life.schedule_of(terms.schedule).periods
    return replace(
        life,
        last=last + extension.periods,
        ends=None,
        extended_from=last + 1,
        extended_rate=extension.rate,
    )


def made_due(life: Life, period: int, day: date, *, at_maturity: bool = False, price: int = 0) -> Life:
    """The life of a bond that holders made due, or whose last payment was missed.

    Args:
        life: The life before; a call that has not come to its day is overtaken by holders.
        period: The period in which it was made due.
        day: The day on which it was, or at which that period began where that is later.
        at_maturity: Whether its last payment was missed, instead.
        price: Of the principal that is claimed, billionths, where it is not the face: a bond without coupon
            is owed what it has grown to.
    """
    return replace(life, due_period=period, due_day=day, price=life.price if at_maturity else price)


def _period_of(s: Schedule, day: date) -> int:
    """The period of a day by the grid, as the contract finds it: a long first period is number 1."""
    number = max(1, cell_of(s, day) + 1)
    return s.periods if day < s.maturity_day and number > s.periods else number
