"""Working days of a case: those of a market that the package knows, or of a file that the case brings."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

from indenture._sheet import validated
from indenture.calendars import Calendar, available_calendars, load_calendar
from indenture.errors import InputError
from indenture.play.fields import Block, Day, Text, Whole

_FIRST_WEEKEND_DAY = 6


class YearBlock(Block):
    """A year: Monday to Friday are working days, but for the exceptions.

    Attributes:
        closed: Mondays to Fridays that are none.
        open: Saturdays and Sundays that are.
    """

    closed: tuple[Day, ...] = ()
    open: tuple[Day, ...] = ()


class CalendarSheet(Block):
    """A file with the working days of a market.

    Attributes:
        code: Code of the market, as term sheets name it.
        source: Where the days are from.
        years: Exceptions by year.
    """

    code: Text
    source: Text
    years: Annotated[dict[Whole, YearBlock], Field(min_length=1)]


def working_days(code: str, file: Path | None) -> Calendar:
    """The working days of a market.

    Args:
        code: Code of the market.
        file: A file with them; None for what comes with the package.

    Raises:
        InputError: The market is not known, or the file is of another one.
        TermSheetError: The file cannot be read, or something in it is wrong.
    """
    if file is None:
        if code not in available_calendars():
            raise InputError(f"{code!r} is not known", hint=f"Known: {', '.join(available_calendars())}.")
        return load_calendar(code)
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if not text:
        raise InputError(f"there is no file {file.name}", hint="It lies beside case.yaml.")
    days, sheet = validated(CalendarSheet, text, f"{file.parent.name}/{file.name}", "a calendar")
    if days.code != code:
        raise InputError(f"{file.name} has the working days of {days.code}", hint="Name that calendar.")
    for year, block in days.years.items():
        for name in ("closed", "open"):
            for position, day in enumerate(getattr(block, name)):
                if day.year != year or (day.isoweekday() >= _FIRST_WEEKEND_DAY) != (name == "open"):
                    raise sheet.problem(
                        ("years", str(year), name, position),
                        f"{day:%A} {day} is not such a day of {year}",
                        "Under closed are Mondays to Fridays, under open Saturdays and Sundays.",
                    )
    bitmaps = {year: _bitmap(year, block) for year, block in days.years.items()}
    return Calendar.from_bitmaps(code, bitmaps, source=days.source)


def _bitmap(year: int, block: YearBlock) -> int:
    bitmap, day = 0, date(year, 1, 1)
    while day.year == year:
        is_weekend = day.isoweekday() >= _FIRST_WEEKEND_DAY
        if day in block.open if is_weekend else day not in block.closed:
            bitmap |= 1 << (day.timetuple().tm_yday - 1)
        day += timedelta(days=1)
    return bitmap
