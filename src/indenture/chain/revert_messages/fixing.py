"""Messages of the servicing's fixings, and of what accrues from them."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import FixingRefused, TermsRefused

TEXTS: Texts = {
    FixingRefused: {
        "FixingNotNeeded": ("the terms of {bond} leave nothing to fix", "Fund and pay it as it is."),
        "FixingOutOfOrder": (
            "period {period} of {bond} cannot be fixed, {next} is the next",
            "Periods are fixed in their order, each once.",
        ),
        "FixingTooEarly": (
            "period {period} of {bond} cannot be fixed before {day:day}, and it is {today:day}",
            "Fix it on that day or later.",
        ),
        "FixingNotPublished": (
            "period {period} of {bond} needs {benchmark:text} of {day:day}, which does not count yet",
            "Its administrator publishes it; if not, the fallback applies from {fallbackDay:day} on.",
        ),
        "PeriodNotFixed": (
            "period {period} of {bond} is not fixed yet",
            "Anyone may fix it once its values are published; then try again.",
        ),
    },
    TermsRefused: {
        "AccrualDayInvalid": (
            "{bond} bears no interest on {day:day}",
            "It does from its issue day to the day before it ends.",
        ),
        "AccrualRecordsInvalid": (
            "with {records} record dates passed, accrued interest of {bond} on {day:day} cannot be told",
            "More than one payment is pending then: settle the trade on an earlier day.",
        ),
    },
}
