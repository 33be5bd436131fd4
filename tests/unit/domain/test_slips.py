"""Slips of the pen: what an error says that a tired person meant."""

import pytest

from indenture._slips import date_hint, nearest, number_hint
from indenture.daycount import DayCount

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("4.6%", "without their sign: 4.6."),
        ("4.6 %", "without their sign: 4.6."),
        ("0600_000", "zeros out: 600_000."),
        ("4,6 %", "without their sign: 4.6."),
        ("4,6", "follow a point: 4.6."),
        ("600,000,000", "or by nothing: 600_000_000."),
        ("600 000 000.50", "or by nothing: 600_000_000.50."),
        ("1'000'000", "or by nothing: 1_000_000."),
        ("460bp", "in percent: 4.6."),
        ("-25 bps", "in percent: -0.25."),
        ("600m", "Write it out: 600_000_000."),
        ("1.5 bn", "Write it out: 1_500_000_000."),
        ("2 Million", "Write it out: 2_000_000."),
        ("CNY 600_000_000", "without the currency: 600_000_000."),
        ("1000 EUR", "without the currency: 1000."),
        ("ten", "in digits"),
        ("", "in digits"),
    ],
)
def test_number_hint__as_people_write__says_how(text: str, meant: str) -> None:
    assert meant in number_hint(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("31/12/2026", "2026-12-31."),
        ("12/31/2026", "2026-12-31."),
        ("5.12.2019", "2019-05-12 or 2019-12-05."),
        ("04-03-2026", "2026-03-04 or 2026-04-03."),
        ("15 April 2026", "2026-04-15."),
        ("15-Apr-2026", "2026-04-15."),
        ("April 15, 2026", "2026-04-15."),
        ("1st of May", "2019-12-05."),
        ("3rd March 2027", "2027-03-03."),
        ("20260415", "2026-04-15."),
        ("2026-4-15", "2026-04-15."),
        ("2026/04/15", "2026-04-15."),
        ("2026年4月15日", "2026-04-15."),
        ("2026-04-15T00:00:00Z", "2026-04-15."),
        ("2026-02-30", "February 2026 has 28 days."),
        ("2024-02-30", "February 2024 has 29 days."),
        ("2026-13-01", "2019-12-05."),
        ("0000-01-01", "2019-12-05."),
        ("31/02/2026", "2019-12-05."),
        ("15 Foo 2026", "2019-12-05."),
        ("soon", "2019-12-05."),
    ],
)
def test_date_hint__as_people_write__says_how(text: str, meant: str) -> None:
    assert date_hint(text).endswith(meant)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Actual/Actual (ICMA)", "Did you mean ACT/ACT ICMA?"),
        ("ACT/ACT", "Did you mean ACT/ACT ICMA or ACT/ACT ISDA?"),
        ("ACT/365", "Did you mean ACT/365F?"),
        ("30E/360 (ISDA)", "Did you mean 30E/360 ISDA?"),
        ("act360", "Did you mean ACT/360?"),
        ("weekly", ""),
        ("", ""),
    ],
)
def test_nearest__day_count_as_documents_name_it__is_found(word: str, meant: str) -> None:
    assert nearest(word, [each.label for each in DayCount]) == meant


def test_nearest__nothing_to_choose_from__says_nothing() -> None:
    assert nearest("frequency", []) == ""
