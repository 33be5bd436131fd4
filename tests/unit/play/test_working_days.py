"""A case may bring the working days that the package lacks; they are those that others know."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import QuantLib as ql

from indenture.calendars import load_calendar
from indenture.errors import InputError, TermSheetError
from indenture.play import available_cases
from indenture.play.working_days import working_days

pytestmark = pytest.mark.unit

FILES = [folder / "working-days.yaml" for folder in available_cases().values()]

SHEET = """\
code: CN-IB
source: a notice
years:
  2010:
    closed: [2010-01-01, 2010-02-15]
    open: [2010-02-20]
"""


@pytest.mark.parametrize("file", [f for f in FILES if f.is_file()], ids=lambda file: file.parent.name)
def test_working_days__of_a_case__are_those_of_quantlib(file: Path) -> None:
    calendar, oracle = working_days("CN-IB", file), ql.China(ql.China.IB)

    assert len(calendar.years) == 2
    for year in calendar.years:
        day = date(year, 1, 1)
        while day.year == year:
            known = oracle.isBusinessDay(ql.Date(day.day, day.month, day.year))
            assert calendar.is_business_day(day) == known, day
            day += timedelta(days=1)


def test_working_days__without_a_file__are_those_of_the_package() -> None:
    assert working_days("CN-IB", None) == load_calendar("CN-IB")
    with pytest.raises(InputError, match="'XX' is not known") as error:
        working_days("XX", None)
    assert "CN-IB" in error.value.hint


def test_working_days__exceptions__close_weekdays_and_open_weekends(tmp_path: Path) -> None:
    file = tmp_path / "days.yaml"
    file.write_text(SHEET)

    calendar = working_days("CN-IB", file)

    assert not calendar.is_business_day(date(2010, 2, 15))
    assert calendar.is_business_day(date(2010, 2, 20))
    assert calendar.is_business_day(date(2010, 2, 16))
    assert not calendar.is_business_day(date(2010, 2, 21))


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("2010-02-15]", "2010-02-14]", "Sunday 2010-02-14 is not such a day of 2010", 5),
        ("2010-02-20", "2010-02-22", "Monday 2010-02-22 is not such a day of 2010", 6),
        ("2010-02-20", "2011-02-19", "2011-02-19 is not such a day of 2010", 6),
        ("2010-02-20", "2010-02-30", "'2010-02-30' is not a date", 6),
        ("closed:", "shut:", "is not a field of a calendar", 5),
    ],
)
def test_working_days__mistake__is_named_with_its_line(
    tmp_path: Path, old: str, new: str, reason: str, line: int
) -> None:
    file = tmp_path / "days.yaml"
    file.write_text(SHEET.replace(old, new))

    with pytest.raises(TermSheetError) as error:
        working_days("CN-IB", file)

    assert reason in error.value.reason
    assert error.value.line == line


def test_working_days__of_another_market_or_missing__are_refused(tmp_path: Path) -> None:
    file = tmp_path / "days.yaml"
    with pytest.raises(InputError, match=r"there is no file days\.yaml"):
        working_days("CN-IB", file)

    file.write_text(SHEET)

    with pytest.raises(InputError, match=r"days\.yaml has the working days of CN-IB"):
        working_days("JP", file)
