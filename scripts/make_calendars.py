"""Writes the calendars that come with the package, from QuantLib (a development dependency).

After a QuantLib release that confirms a further year, raise ``LAST_YEAR`` and ``VERSION``, run
``python scripts/make_calendars.py``, and review the difference: it must show the new year and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import QuantLib as ql

CODE = "CN-IB"
VERSION = 1
FIRST_YEAR = 2019
LAST_YEAR = 2026  # the last year whose days are confirmed: QuantLib itself knows only weekends beyond it
TARGET = Path(__file__).parents[1] / "src" / "indenture" / "_calendars" / f"{CODE}.yaml"

HEADER = f"""\
# Working days of the China interbank bond market.
#
# Written by scripts/make_calendars.py; do not edit by hand. Every Monday to Friday is a business day except
# those under closed_weekdays; every Saturday and Sunday is not, except those under open_weekends (days worked
# in exchange for a holiday). business_days is a checksum. Years that are missing here are not announced: no
# date can be rolled in them.

code: {CODE}
name: China interbank bond market
version: {VERSION}
source: QuantLib {ql.__version__}, China(IB), after the State Council's yearly holiday notices
years:
"""


def is_business_day(calendar: ql.Calendar, day: date) -> bool:
    """Asks QuantLib."""
    return bool(calendar.isBusinessDay(ql.Date(day.day, day.month, day.year)))


def year_block(calendar: ql.Calendar, year: int) -> str:
    """The YAML of one year."""
    days = [
        date(year, 1, 1) + timedelta(days=index)
        for index in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    working = {day for day in days if is_business_day(calendar, day)}
    return (
        f"  {year}:\n"
        f"    business_days: {len(working)}\n"
        f"    closed_weekdays:\n{as_list(day for day in days if day.isoweekday() < 6 and day not in working)}"
        f"    open_weekends:\n{as_list(day for day in days if day.isoweekday() >= 6 and day in working)}"
    )


def as_list(days: Iterable[date]) -> str:
    """The YAML of a list of days."""
    return "".join(f"      - {day.isoformat()}\n" for day in days)


def render() -> str:
    """The whole file."""
    calendar = ql.China(ql.China.IB)
    return HEADER + "".join(year_block(calendar, year) for year in range(FIRST_YEAR, LAST_YEAR + 1))


def main(arguments: list[str]) -> int:
    """Writes the file, or with ``--check`` only compares it; gives the exit code."""
    if "--check" not in arguments:
        TARGET.write_text(render(), encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != render():
        print(f"stale: {TARGET.name}; run python scripts/make_calendars.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
