"""QuantLib's view of a bond: its schedule, day count and legs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import QuantLib as ql

from indenture.calendars import Calendar
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.interest import Grid
from indenture.provisions import PeriodUnit, Schedule
from indenture.schedule import cell_of, regular_day

from .flows import Flow

_MONTHS_PER_YEAR = 12
_COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
}


def to_ql(day: date) -> ql.Date:
    """A date of QuantLib's."""
    return ql.Date(day.day, day.month, day.year)


def ql_schedule(grid: Grid) -> ql.Schedule:
    """The regular days around all due days, as QuantLib's ISMA count needs them.

    It finds notional periods around a stub by itself, but not always those of the bond: from a clamped day
    after the 28th, and around a bond that is called in its first period, or has stubs at both ends. So it
    gets no stub: what is cut off of a notional period is a part of it. It knows periods that divide a year;
    for others it gets the years before maturity.
    """
    s = grid.terms.schedule
    if not _divides_a_year(s):
        first, last = to_ql(grid.due[0]), to_ql(grid.due[-1])
        years = ql.Period(1, ql.Years)
        free, rule = ql.NullCalendar(), ql.DateGeneration.Backward
        return ql.Schedule(first, last, years, free, ql.Unadjusted, ql.Unadjusted, rule, s.end_of_month)
    first, last = cell_of(s, grid.due[0]), cell_of(s, grid.due[-1])
    days = [to_ql(regular_day(s, cell)) for cell in range(first, last + 2)]
    return ql.Schedule(
        days,
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.Period(s.step, ql.Months),
        ql.DateGeneration.Forward,
        s.end_of_month,
        [True] * (len(days) - 1),
    )


def ql_counter(grid: Grid) -> ql.DayCounter:
    """The bond's day count.

    Raises:
        InputError: BUS/252 without a calendar.
    """
    count = grid.terms.day_count
    if count is DayCount.ACT_ACT_ICMA:
        return ql.ActualActual(ql.ActualActual.ISMA, ql_schedule(grid))
    if count is DayCount.THIRTY_E_360_ISDA:
        return ql.Thirty360(ql.Thirty360.ISDA, to_ql(grid.terms.schedule.maturity_day))
    if count is DayCount.BUS_252:
        if grid.calendar is None:
            raise InputError(
                f"BUS/252 needs the calendar {grid.terms.calendar}", hint="Give it among the calendars."
            )
        return ql.Business252(ql_calendar(grid.calendar))
    return _COUNTERS[count]


def ql_calendar(calendar: Calendar) -> ql.Calendar:
    """A calendar whose holidays are all days that are no business days of ours.

    QuantLib keeps counts of business days by the name of a calendar, so that the name tells its days apart.
    """
    made = ql.BespokeCalendar(f"{calendar.code} {hash(tuple(calendar.years.items()))}")
    for year, bitmap in calendar.years.items():
        first = date(year, 1, 1)
        for index in range((date(year + 1, 1, 1) - first).days):
            if not bitmap >> index & 1:
                made.addHoliday(to_ql(first + timedelta(days=index)))
    return made


def _divides_a_year(s: Schedule) -> bool:
    return s.unit is PeriodUnit.MONTH and _MONTHS_PER_YEAR % s.step == 0


def unadjusted_leg(grid: Grid, flows: Sequence[Flow], counter: ql.DayCounter) -> list[ql.CashFlow]:
    """All payments on their due days: what yields are computed on.

    QuantLib's ISMA count throws on a payment that was rolled past its schedule. Each payment is one coupon of
    all its amount for its own fraction of a year: only coupons know their period, and a second payment on the
    same day can count a day less than none under 30E/360 ISDA.
    """
    leg: list[ql.CashFlow] = []
    for flow in flows:
        start, end, amount = to_ql(grid.due[flow.period - 1]), to_ql(flow.due), float(flow.total)
        years = counter.yearFraction(start, end, start, end)
        if years > 0:
            leg.append(ql.FixedRateCoupon(end, amount, 1 / years, counter, start, end))
        else:
            leg.append(ql.SimpleCashFlow(amount, end))
    return leg


def paid_leg(flows: Sequence[Flow], settlement: date) -> list[ql.CashFlow]:
    """All payments on their payment days, or due days where those are not known: what curves discount."""
    return [
        ql.SimpleCashFlow(float(flow.total), to_ql(max(flow.payment_day or flow.due, settlement)))
        for flow in flows
    ]
