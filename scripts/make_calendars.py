"""Writes the calendars that come with the package, from QuantLib (a development dependency).

After a QuantLib release that confirms a further year, raise the market's ``last_year`` and ``version``, run
``python scripts/make_calendars.py``, and review the difference: it must show the new year and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import QuantLib as ql

FIRST_YEAR = 2019
FOLDER = Path(__file__).parents[1] / "src" / "indenture" / "_calendars"

HEADER = """\
# Working days of {about}.
#
# Written by scripts/make_calendars.py; do not edit by hand. Every Monday to Friday is a business day except
# those under closed_weekdays; every Saturday and Sunday is not, except those under open_weekends (days worked
# in exchange for a holiday). business_days is a checksum. Years that are missing here are not announced: no
# date can be rolled in them.

code: {code}
name: {name}
version: {version}
source: QuantLib {quantlib}, {source}
years:
"""


@dataclass(frozen=True)
class Market:
    """A calendar to write."""

    code: str
    name: str
    about: str
    version: int
    last_year: int
    source: str
    calendar: ql.Calendar


MARKETS = (
    Market(
        code="CN-IB",
        name="China interbank bond market",
        about="the China interbank bond market",
        version=1,
        last_year=2026,  # the last whose days are confirmed: QuantLib itself knows only weekends beyond it
        source="China(IB), after the State Council's yearly holiday notices",
        calendar=ql.China(ql.China.IB),
    ),
    Market(
        code="T2",
        name="T2, the Eurosystem's payment system",
        about="T2, the Eurosystem's payment system",
        version=1,
        last_year=2028,  # its holidays are fixed for good (ECB, 14 December 2000); some years ahead will do
        source="TARGET",
        calendar=ql.TARGET(),
    ),
)


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
        f"    closed_weekdays:{as_list(day for day in days if day.isoweekday() < 6 and day not in working)}\n"
        f"    open_weekends:{as_list(day for day in days if day.isoweekday() >= 6 and day in working)}\n"
    )


def as_list(days: Iterable[date]) -> str:
    """The YAML of a list of days, after its key."""
    return "".join(f"\n      - {day.isoformat()}" for day in days) or " []"


def render(market: Market) -> str:
    """The whole file."""
    header = HEADER.format(
        about=market.about,
        code=market.code,
        name=market.name,
        version=market.version,
        quantlib=ql.__version__,
        source=market.source,
    )
    years = range(FIRST_YEAR, market.last_year + 1)
    return header + "".join(year_block(market.calendar, year) for year in years)


def main(arguments: list[str]) -> int:
    """Writes the files, or with ``--check`` only compares them; gives the exit code."""
    stale = []
    for market in MARKETS:
        file, text = FOLDER / f"{market.code}.yaml", render(market)
        if "--check" not in arguments:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(file.name)
    if stale:
        print(f"stale: {', '.join(stale)}; run python scripts/make_calendars.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
