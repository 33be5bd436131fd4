"""Writes tests/vectors/*.json: what Python and Solidity must both compute.

Expected values come from QuantLib, from whole numbers of Python, or were typed in from the source named
beside them. Nothing here imports the package, so the vectors cannot repeat a mistake of ours.
"""

from __future__ import annotations

import json
import sys
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import QuantLib as ql

TARGET = Path(__file__).parents[1] / "tests" / "vectors"
EPOCH = date(1970, 1, 1)

Json = dict[str, Any]


# --- Dates --------------------------------------------------------------------------------------------------


def dates() -> Json:
    """Civil dates at the edges of months, leap years and centuries, and steps of months."""
    years = (1970, 1972, 1999, 2000, 2015, 2019, 2021, 2024, 2026, 2038, 2099, 2100, 2400, 9999)
    edges = ((1, 1), (1, 31), (2, 28), (3, 1), (6, 15), (12, 5), (12, 31))
    civil = [date(year, *edge) for year in years for edge in edges]
    civil += [date(year, 2, 29) for year in (1972, 2000, 2024, 2400)]
    anchors = (date(2019, 12, 5), date(2020, 2, 29), date(2023, 8, 31), date(2024, 1, 30), date(2024, 1, 31))
    steps = (
        0,
        1,
        2,
        3,
        6,
        11,
        12,
        13,
        24,
        36,
        48,
        120,
        600,
        -1,
        -2,
        -3,
        -6,
        -11,
        -12,
        -13,
        -24,
        -48,
        -120,
        -590,
    )
    ends = (date(2019, 11, 30), date(2020, 2, 29), date(2023, 2, 28), date(2023, 8, 31), date(2024, 1, 31))
    return {
        "source": "the Gregorian calendar of Python's datetime; month steps by QuantLib's Date + Period",
        "civil": [
            {
                "date": day.isoformat(),
                "day": (day - EPOCH).days,
                "day_of_year": day.timetuple().tm_yday - 1,
            }
            for day in sorted(civil)
        ],
        "add_months": [
            {"anchor": anchor.isoformat(), "months": months, "result": add_months(anchor, months).isoformat()}
            for anchor in anchors
            for months in steps
        ],
        "add_months_to_month_ends": [
            {
                "anchor": anchor.isoformat(),
                "months": months,
                "result": month_end(add_months(anchor, months)).isoformat(),
            }
            for anchor in ends
            for months in steps
        ],
        "month_ends": [
            {"date": day.isoformat(), "end": month_end(day).isoformat()} for day in sorted(set(civil))
        ],
        "not_dates": [
            [1969, 12, 31],
            [2023, 2, 29],
            [2100, 2, 29],
            [2024, 2, 30],
            [2024, 4, 31],
            [2024, 0, 1],
            [2024, 13, 1],
            [2024, 1, 0],
            [2024, 1, 32],
            [10000, 1, 1],
        ],
    }


def add_months(anchor: date, months: int) -> date:
    return from_ql(to_ql(anchor) + ql.Period(months, ql.Months))


def month_end(day: date) -> date:
    # Not by QuantLib, which ends in 2199.
    return day.replace(day=monthrange(day.year, day.month)[1])


# --- Day counts ---------------------------------------------------------------------------------------------

#: Short stretches around every trap: ends of months, of February in leap years and others, of years.
STRETCHES = (
    ("2022-02-23", "2023-02-23"),
    ("2022-02-23", "2026-02-23"),
    ("2022-08-31", "2023-02-28"),
    ("2023-06-15", "2023-12-15"),
    ("2023-12-15", "2024-02-29"),
    ("2023-12-15", "2024-06-15"),
    ("2019-12-05", "2020-12-05"),
    ("2020-01-30", "2020-01-31"),
    ("2020-01-31", "2020-02-29"),
    ("2020-02-28", "2020-03-31"),
    ("2020-02-29", "2020-03-30"),
    ("2020-02-29", "2020-03-31"),
    ("2020-02-29", "2021-02-28"),
    ("2021-02-28", "2022-02-28"),
    ("2021-02-28", "2021-03-31"),
    ("2021-01-29", "2021-03-31"),
    ("2021-01-30", "2021-03-31"),
    ("2021-01-31", "2021-03-31"),
    ("2021-03-31", "2021-03-31"),
    ("2021-12-31", "2022-01-01"),
    ("2019-12-31", "2020-01-01"),
    ("2020-02-28", "2020-02-29"),
    ("2020-02-29", "2020-03-01"),
    ("2023-02-28", "2023-03-01"),
    ("2023-02-28", "2023-03-30"),
    ("2023-02-28", "2023-03-31"),
    ("2023-02-28", "2024-02-28"),
    ("2023-02-28", "2024-02-29"),
    ("2024-02-28", "2024-03-31"),
    ("2024-02-29", "2025-02-28"),
    ("2024-02-29", "2028-02-29"),
    ("2023-07-01", "2024-07-01"),
    ("2003-11-01", "2004-05-01"),
    ("2000-01-30", "2000-06-30"),
    ("1999-07-01", "2100-07-01"),
    ("2099-12-31", "2101-03-01"),
)

#: Months of a period, its two ends, and the day up to which interest accrues.
ICMA = (
    (12, "2019-12-05", "2020-12-05", "2020-12-05"),
    (12, "2019-12-05", "2020-12-05", "2020-06-01"),
    (12, "2025-01-02", "2026-01-02", "2025-07-02"),
    (6, "2023-06-15", "2023-12-15", "2023-12-15"),
    (6, "2023-12-15", "2024-06-15", "2024-06-15"),
    (6, "2023-12-15", "2024-06-15", "2024-02-29"),
    (6, "2023-12-15", "2024-06-15", "2023-12-15"),
    (3, "2024-01-31", "2024-04-30", "2024-03-15"),
    (1, "2024-01-31", "2024-02-29", "2024-02-15"),
)


def day_counts() -> Json:
    """Year fractions as reduced fractions, each compared with QuantLib's floating one."""
    counters = {
        "ACT_360": (ql.Actual360(), 360),
        "ACT_365F": (ql.Actual365Fixed(), 365),
        "THIRTY_360": (ql.Thirty360(ql.Thirty360.BondBasis), 360),
        "THIRTY_E_360": (ql.Thirty360(ql.Thirty360.EurobondBasis), 360),
        "NL_365": (ql.Actual365Fixed(ql.Actual365Fixed.NoLeap), 365),
        "THIRTY_360_US": (ql.Thirty360(ql.Thirty360.USA), 360),
    }
    rows = []
    for convention, (counter, base) in counters.items():
        for start, end in STRETCHES:
            first, last = to_ql(start), to_ql(end)
            row = fraction_row(convention, start, end, Fraction(counter.dayCount(first, last), base))
            rows.append(row | whole_stretch(start, end))
            agree(row, counter.yearFraction(first, last))
    isda = ql.ActualActual(ql.ActualActual.ISDA)
    for start, end in STRETCHES:
        row = fraction_row("ACT_ACT_ISDA", start, end, act_act_isda(start, end))
        rows.append(row | whole_stretch(start, end))
        agree(row, isda.yearFraction(to_ql(start), to_ql(end)))
    for start, end in STRETCHES:
        # Once with maturity elsewhere, once with it at the end of the stretch.
        for maturity in ("2150-01-01", end):
            counter = ql.Thirty360(ql.Thirty360.ISDA, to_ql(maturity))
            days = counter.dayCount(to_ql(start), to_ql(end))
            row = fraction_row("THIRTY_E_360_ISDA", start, end, Fraction(days, 360))
            rows.append(row | whole_stretch(start, end) | {"maturity": maturity})
            agree(row, counter.yearFraction(to_ql(start), to_ql(end)))
    icma = ql.ActualActual(ql.ActualActual.ISMA)
    for months, start, end, on in ICMA:
        first, last, day = to_ql(start), to_ql(end), to_ql(on)
        row = fraction_row(
            "ACT_ACT_ICMA", start, on, Fraction(day - first, last - first) * Fraction(months, 12)
        )
        grid = {"months_per_period": months, "ref_start": start, "ref_end": end, "maturity": end}
        rows.append(row | grid)
        agree(row, icma.yearFraction(first, day, first, last))
    return {"source": f"QuantLib {ql.__version__}; THIRTY_360 is its Thirty360(BondBasis)", "fractions": rows}


def whole_stretch(start: str, end: str) -> Json:
    """What only ACT/ACT ICMA and 30E/360 ISDA use."""
    return {"months_per_period": 12, "ref_start": start, "ref_end": end, "maturity": "2150-01-01"}


def act_act_isda(start: str, end: str) -> Fraction:
    """A day of a leap year is a 366th, any other a 365th."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = {False: 0, True: 0}
    for year in range(first.year, last.year + 1):
        days[is_leap(year)] += (min(last, date(year + 1, 1, 1)) - max(first, date(year, 1, 1))).days
    return Fraction(days[False], 365) + Fraction(days[True], 366)


def is_leap(year: int) -> bool:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days == 366


def fraction_row(convention: str, start: str, end: str, fraction: Fraction) -> Json:
    return {
        "convention": convention,
        "start": start,
        "end": end,
        "numerator": fraction.numerator,
        "denominator": fraction.denominator,
    }


def agree(row: Json, value: float) -> None:
    if abs(row["numerator"] / row["denominator"] - value) > 1e-14:
        raise SystemExit(f"QuantLib says {value} for {row}")


# --- Business days ------------------------------------------------------------------------------------------

MARKETS = {"CN-IB": ql.China(ql.China.IB), "T2": ql.TARGET()}
#: Years of the bitmaps below, which a test may publish.
YEARS = (2024, 2025, 2026)

COUNTED = (
    ("2024-01-01", "2024-01-01"),
    ("2024-01-01", "2024-01-02"),
    ("2024-02-08", "2024-02-19"),
    ("2024-02-29", "2024-03-01"),
    ("2024-12-31", "2025-01-02"),
    ("2025-01-02", "2025-07-02"),
    ("2025-12-25", "2026-01-05"),
    ("2024-01-01", "2026-12-31"),
    ("2026-12-31", "2027-01-01"),
)


def business_days() -> Json:
    """Working days between two days, of two markets and of both together; BUS/252 is the count by 252."""
    joint = ql.JointCalendar(*MARKETS.values(), ql.JoinHolidays)
    markets = MARKETS | {"CN-IB+T2": joint}
    return {
        "source": f"QuantLib {ql.__version__}: China(IB), TARGET, and JointCalendar(JoinHolidays) of them",
        "bitmaps": {
            code: {str(year): hex(bitmap(market, year)) for year in YEARS} for code, market in MARKETS.items()
        },
        "parts": {"CN-IB+T2": list(MARKETS)},
        "between": [
            {
                "market": code,
                "start": start,
                "end": end,
                "days": market.businessDaysBetween(to_ql(start), to_ql(end)),
            }
            for code, market in markets.items()
            for start, end in COUNTED
        ],
    }


def bitmap(market: ql.Calendar, year: int) -> int:
    """Bit i: whether the (0-based) i-th day of the year is a business day."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=index) for index in range(366))
    return sum(1 << i for i, day in enumerate(days) if day.year == year and market.isBusinessDay(to_ql(day)))


# --- Schedules ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """A schedule to write.

    ``front`` and ``back`` say what the first and last period are: empty for regular, short, or long.
    """

    name: str
    issue: str
    maturity: str
    anchor: str
    anchor_period: int
    step: int
    unit: str = "MONTH"
    end_of_month: bool = False
    front: str = ""
    back: str = ""

    def regular(self, number: int) -> date:
        """A day of the grid, by QuantLib."""
        steps = (number - self.anchor_period) * self.step
        day = from_ql(to_ql(self.anchor) + ql.Period(steps, UNITS[self.unit]))
        return month_end(day) if self.end_of_month else day


UNITS = {"MONTH": ql.Months, "DAY": ql.Days}
GRIDS = (
    Grid("BOC-2019", "2019-12-05", "2021-12-05", "2019-12-05", 0, 12),
    Grid("treasury 0619", "2006-11-15", "2021-11-15", "2006-11-15", 0, 6),
    Grid("leap-year bond", "2023-06-15", "2025-06-15", "2023-06-15", 0, 6),
    Grid("from a 31st", "2023-08-31", "2025-08-31", "2023-08-31", 0, 3),
    Grid("from a 30th of January", "2024-01-30", "2025-01-30", "2024-01-30", 0, 1),
    Grid("ends of months from February", "2023-02-28", "2025-02-28", "2023-02-28", 0, 6, end_of_month=True),
    Grid("ends of months from April", "2024-04-30", "2026-04-30", "2024-04-30", 0, 3, end_of_month=True),
    Grid("short front", "2024-02-10", "2027-06-15", "2027-06-15", 4, 12, front="short"),
    Grid("long front", "2024-02-10", "2027-06-15", "2027-06-15", 3, 12, front="long"),
    Grid("short back", "2024-02-10", "2026-12-01", "2024-02-10", 0, 6, back="short"),
    Grid("long back", "2024-02-10", "2026-12-01", "2024-02-10", 0, 6, back="long"),
    Grid(
        "long front of ends of months",
        "2021-07-12",
        "2026-03-31",
        "2022-03-31",
        1,
        6,
        end_of_month=True,
        front="long",
    ),
    Grid(
        "stubs at both ends",
        "2021-07-12",
        "2026-05-15",
        "2022-03-31",
        1,
        6,
        end_of_month=True,
        front="long",
        back="short",
    ),
    Grid("one short period", "2024-02-10", "2024-07-01", "2024-02-10", 0, 12, back="short"),
    Grid("every two years", "2020-02-29", "2028-02-29", "2020-02-29", 0, 24),
    Grid("every 28 days", "2024-02-01", "2026-01-29", "2024-02-01", 0, 28, "DAY"),
    Grid("weekly, short front", "2024-02-01", "2024-04-30", "2024-04-30", 13, 7, "DAY", front="short"),
    Grid("every 91 days, long back", "2024-02-01", "2026-03-15", "2024-02-01", 0, 91, "DAY", back="long"),
)


def schedules() -> Json:
    """Due days of regular and irregular grids, days of the grid around them, ICMA fractions by its cells."""
    return {
        "source": f"QuantLib {ql.__version__}: Schedule for due days, Date + Period for the grid, "
        "ActualActual(ISMA) for each part of a stretch in a cell of it",
        "schedules": [schedule(grid) for grid in GRIDS],
    }


def schedule(grid: Grid) -> Json:
    due = [from_ql(day) for day in ql_schedule(grid)]
    # With end of month, QuantLib moves the first date too, although nothing is due on it.
    due[0] = date.fromisoformat(grid.issue)
    periods = len(due) - 1
    for number in range(1, periods):
        if grid.regular(number) != due[number]:
            raise SystemExit(f"{grid.name}: QuantLib has {due[number]} for {grid.regular(number)}")
    starts, ends = grid.regular(0), grid.regular(periods)
    if (stub(starts, due[0]), stub(due[-1], ends)) != (grid.front, grid.back):
        raise SystemExit(f"{grid.name}: its stubs are not where they should be")
    numbers = (-2, -1, 0, 1, periods, periods + 1, periods + 3)
    found: Json = {
        "name": grid.name,
        "issue_day": grid.issue,
        "maturity_day": grid.maturity,
        "anchor_day": grid.anchor,
        "anchor_period": grid.anchor_period,
        "periods": periods,
        "step": grid.step,
        "unit": grid.unit,
        "end_of_month": grid.end_of_month,
        "due": [day.isoformat() for day in due],
        "regular": [{"number": number, "day": grid.regular(number).isoformat()} for number in numbers],
    }
    if grid.unit == "MONTH":
        found["icma"] = [icma_row(grid, *stretch) for stretch in stretches(due)]
    return found


def stub(first: date, second: date) -> str:
    """What the distance between a regular day and the end of the schedule makes of the period between."""
    return "" if first == second else "short" if first < second else "long"


def ql_schedule(grid: Grid) -> list[ql.Date]:
    issue, maturity = to_ql(grid.issue), to_ql(grid.maturity)
    step = ql.Period(grid.step, UNITS[grid.unit])
    first, next_to_last = ql.Date(), ql.Date()
    if grid.anchor not in (grid.issue, grid.maturity) or grid.front == "long":
        first = to_ql(grid.regular(1))
    if grid.back == "long":
        whole = 1
        while grid.regular(whole + 1) < date.fromisoformat(grid.maturity):
            whole += 1
        next_to_last = to_ql(grid.regular(whole - 1))
    rule = ql.DateGeneration.Backward if grid.anchor == grid.maturity else ql.DateGeneration.Forward
    free = (ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted)
    return list(ql.Schedule(issue, maturity, step, *free, rule, grid.end_of_month, first, next_to_last))


def stretches(due: list[date]) -> list[tuple[str, str]]:
    """Every period, the whole life, and pieces that begin and end inside periods."""
    pieces = [*pairwise(due), (due[0], due[-1])]
    pieces += [
        (due[0], due[0]),
        (due[0], due[0] + timedelta(days=17)),
        (due[-1] - timedelta(days=40), due[-1]),
    ]
    pieces.append((due[0] + timedelta(days=30), due[-1] - timedelta(days=3)))
    return [(start.isoformat(), end.isoformat()) for start, end in pieces]


def cells(grid: Grid, start: str, end: str) -> list[tuple[date, date, date, date]]:
    """The parts of a stretch in each cell of the grid, with the cell."""
    since, until = date.fromisoformat(start), date.fromisoformat(end)
    found = []
    for number in range(-3, 100):
        low, high = grid.regular(number), grid.regular(number + 1)
        if low < until and high > since:
            found.append((max(low, since), min(high, until), low, high))
        if high >= until:
            break
    return found


def icma_row(grid: Grid, start: str, end: str) -> Json:
    counter, total = ql.ActualActual(ql.ActualActual.ISMA), Fraction(0)
    for since, until, low, high in cells(grid, start, end):
        part = Fraction((until - since).days, (high - low).days) * Fraction(grid.step, 12)
        value = counter.yearFraction(*(to_ql(day) for day in (since, until, low, high)))
        agree({"numerator": part.numerator, "denominator": part.denominator, "start": start}, value)
        total += part
    return {"start": start, "end": end, "numerator": total.numerator, "denominator": total.denominator}


# --- Rounding -----------------------------------------------------------------------------------------------

MUL_DIV = (
    (0, 0, 1),
    (7, 3, 2),
    (6, 3, 2),
    (1, 1, 3),
    (2, 1, 3),
    (10**18, 10**18, 10**9),
    (2**256 - 1, 2**256 - 1, 2**256 - 1),
    (2**256 - 1, 1, 2),
    (2**128, 2**128 - 1, 2**256 - 1),
    (2**200 + 1, 2**100 + 1, 2**60 + 1),
)

#: Units, face in base units, rate in billionths, fraction, and what it is.
COUPONS = (
    (200_000_000, 10_000, 32_500_000, (1, 1), "BOC-2019: CNY 650,000,000.00 a year"),
    (1, 10_000, 32_500_000, (1, 1), "BOC-2019: 3.25 per unit"),
    (
        1,
        10_000,
        32_700_000,
        (1, 2),
        "treasury 0619: half a fen of 1.635 is not paid",
    ),
    (2, 10_000, 32_700_000, (1, 2), "treasury 0619: two units get it"),
    (1, 100_000_000, 32_500_000, (1, 2), "leap-year bond, ICMA"),
    (1, 100_000_000, 32_500_000, (183, 360), "leap-year bond, ACT/360"),
    (1, 100_000_000, 32_500_000, (183, 365), "leap-year bond, ACT/365F"),
    (1, 100_000_000, 32_500_000, (76, 366), "leap-year bond, accrued to 2024-02-29"),
    (3, 333, 1, (1, 365), "rounds to nothing"),
    (0, 10_000, 32_500_000, (1, 1), "no units"),
    (2**64 - 1, 2**128 - 1, 2**32 - 1, (1, 12), "the widest arguments"),
)


def rounding() -> Json:
    """Products over divisors in both directions, and coupons; long numbers stand as text."""
    return {
        "source": "Python's whole numbers; amounts of the named cases by QuantLib and the press",
        "mul_div": [
            {
                "a": str(a),
                "b": str(b),
                "denominator": str(d),
                "down": str(a * b // d),
                "up": str(-(-a * b // d)),
            }
            for a, b, d in MUL_DIV
        ],
        "coupons": [
            {
                "units": str(units),
                "face_value": str(face),
                "rate": rate,
                "numerator": fraction[0],
                "denominator": fraction[1],
                "amount": str(units * face * rate * fraction[0] // (10**9 * fraction[1])),
                "note": note,
            }
            for units, face, rate, fraction, note in COUPONS
        ],
    }


# --- Identifiers --------------------------------------------------------------------------------------------

#: Real identifiers, as published by their registrars.
ISINS = ("US0378331005", "US5949181045", "GB0002634946", "AU0000XVGZA3", "DE0007164600", "CH0012221716")
LEIS = (
    "54930053HGCFWVHYZX42",
    "5493002ERZU2K9PZDL40",
    "5493001KQW6DM7KEDR62",
    "549300E7TSGLCOVSY746",
    "HWUPKR0MPOU8FGXBT394",
    "INR2EJN1ERAN0W5ZP974",
    "7LTWFZYICNSX8D621K86",
)


def identifiers() -> Json:
    """Identifiers that are right, and each way to be wrong; bytes outside ASCII stand as Latin-1."""
    return {
        "source": "ISO 6166, ISO 17442; real identifiers and their mutations",
        "isins": {
            "valid": [*ISINS, "CND1000BOC15"],
            "invalid": [
                {"value": "CND1000BOC19", "why": "check digit"},
                {"value": "US0378331050", "why": "two digits exchanged"},
                {"value": "US0378331006", "why": "check digit"},
                {"value": "us0378331005", "why": "lower case"},
                {"value": "U50378331005", "why": "digit in the country code"},
                {"value": "0S0378331005", "why": "digit in the country code"},
                {"value": "US037833100A", "why": "letter as check digit"},
                {"value": "US03783310 5", "why": "space"},
                {"value": "US0378\u00b331005", "why": "not ASCII"},
                {"value": "\x00" * 12, "why": "empty bytes"},
                *({"value": f"US03{c}8331005", "why": "neighbour of the alphabet"} for c in "/:@[`"),
            ],
        },
        "leis": {
            "valid": list(LEIS),
            "invalid": [
                {"value": "54930053HGCFWVHYZX41", "why": "check digits"},
                {"value": "54930035HGCFWVHYZX42", "why": "two digits exchanged"},
                {"value": "54930053GHCFWVHYZX42", "why": "two letters exchanged"},
                {"value": "54930053hgcfwvhyzx42", "why": "lower case"},
                {"value": "54930053HGCFWVHYZXA2", "why": "letter in the check digits"},
                {"value": "54930053HGCFWVHYZX4B", "why": "letter in the check digits"},
                {"value": "54930053HGCF VHYZX42", "why": "space"},
                {"value": "54930053HGCF\u00d6VHYZX42", "why": "not ASCII"},
                {"value": "\x00" * 20, "why": "empty bytes"},
                *({"value": f"54930053H{c}CFWVHYZX42", "why": "neighbour of the alphabet"} for c in "/:@[`"),
                *(
                    {
                        "value": alias(right, wrong),
                        "why": f"check digits {wrong} leave the remainder of {right}",
                    }
                    for right, wrong in (("97", "00"), ("98", "01"), ("02", "99"))
                ),
            ],
        },
    }


def alias(right: str, wrong: str) -> str:
    """An LEI prefix whose right check digits are ``right``, with other digits of the same remainder."""
    for number in range(1000):
        prefix = f"INDENTURE000000{number:03d}"
        digits = "".join(str(int(character, 36)) for character in prefix)
        if int(digits + right) % 97 == 1:
            return prefix + wrong
    raise SystemExit(f"no prefix found for {right}")


# --- QuantLib and files -------------------------------------------------------------------------------------


def to_ql(day: date | str) -> ql.Date:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return ql.Date(day.day, day.month, day.year)


def from_ql(day: ql.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def main(arguments: list[str]) -> int:
    """Writes the files, or with ``--check`` only compares them; gives the exit code."""
    stale = []
    TARGET.mkdir(parents=True, exist_ok=True)
    for make in (dates, day_counts, business_days, schedules, rounding, identifiers):
        file = TARGET / f"{make.__name__}.json"
        text = json.dumps(make(), indent=1) + "\n"
        if "--check" not in arguments:
            file.write_text(text, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != text:
            stale.append(file.name)
    if stale:
        print(f"stale: {', '.join(stale)}; run python scripts/make_vectors.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
