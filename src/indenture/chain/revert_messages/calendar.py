"""Messages of the business calendar, and of dates."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import CalendarRefused

TEXTS: Texts = {
    CalendarRefused: {
        "CalendarDayPast": (
            "{day:day} in calendar {market:text} is today or past",
            "Only days to come can be changed.",
        ),
        "CalendarMarketInvalid": (
            "the market code is empty, or names a market of the other sort: joint, or with days of its own",
            "Give a code such as CN-IB; what has days of its own is not joint.",
        ),
        "CalendarPartsInvalid": (
            "{market:text} cannot be a joint market of these parts",
            "Give two to four markets that have a published year of their own.",
        ),
        "CalendarYearInvalid": (
            "the working days of {year:plain} are not a year's",
            "A year from 1970 to 2400 with at least one working day, and no bit beyond its last day.",
        ),
        "CalendarYearNotPublished": (
            "the working days of {year:plain} in calendar {market:text} are not published",
            "The depository publishes the year first.",
        ),
        "DateInvalid": (
            "there is no day {year:plain}-{month}-{dayOfMonth}",
            "Days run from 1970-01-01 to 9999-12-31.",
        ),
        "DateYearOutOfRange": ("a date would fall into the year {year:plain}", "Days run to 9999-12-31."),
    },
}
