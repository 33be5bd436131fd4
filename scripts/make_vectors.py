"""Writes tests/vectors/*.json: what Python and Solidity must both compute.

Expected values come from QuantLib, from whole numbers of Python, or were typed in from the source named
beside them. Nothing here imports the package, so the vectors cannot repeat a mistake of ours.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from fractions import Fraction
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
    return {
        "source": "the Gregorian calendar of Python's datetime; month steps by QuantLib's Date + Period",
        "civil": [
            {
                "date": day.isoformat(),
                "day": (day - EPOCH).days,
                "day_of_year": day.timetuple().tm_yday - 1,
                "weekday": day.isoweekday(),
            }
            for day in sorted(civil)
        ],
        "add_months": [
            {"anchor": anchor.isoformat(), "months": months, "result": add_months(anchor, months).isoformat()}
            for anchor in anchors
            for months in (0, 1, 2, 3, 6, 11, 12, 13, 24, 36, 48, 120, 600)
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
    }
    rows = []
    for convention, (counter, base) in counters.items():
        for start, end in STRETCHES:
            first, last = to_ql(start), to_ql(end)
            row = fraction_row(convention, start, end, Fraction(counter.dayCount(first, last), base))
            rows.append(row | {"months_per_period": 12, "ref_start": start, "ref_end": end})
            agree(row, counter.yearFraction(first, last))
    icma = ql.ActualActual(ql.ActualActual.ISMA)
    for months, start, end, on in ICMA:
        first, last, day = to_ql(start), to_ql(end), to_ql(on)
        row = fraction_row(
            "ACT_ACT_ICMA", start, on, Fraction(day - first, last - first) * Fraction(months, 12)
        )
        rows.append(row | {"months_per_period": months, "ref_start": start, "ref_end": end})
        agree(row, icma.yearFraction(first, day, first, last))
    return {"source": f"QuantLib {ql.__version__}; THIRTY_360 is its Thirty360(BondBasis)", "fractions": rows}


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
        "coupon_down": [
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
    for make in (dates, day_counts, rounding, identifiers):
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
