"""Messages of the errors of interest: what is published, what is fixed from it, and the issuer's rights.

``revert_messages`` says how a template is written.
"""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

FIXING: Texts = {
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
}

BENCHMARK: Texts = {
    "BenchmarkExists": ("there is a benchmark {code:text} already", "Take another code."),
    "BenchmarkUnknown": ("there is no benchmark {code:text}", "The depository registers it first."),
    "BenchmarkInvalid": (
        "benchmark {code:text}: its {field:text} is empty or contradicts its kind",
        "An overnight rate has a basis of 360 or 365 days, others none; corrections end within a week.",
    ),
    "BenchmarkCallerRefused": (
        "{caller} may not publish {code:text}, {administrator} does",
        "Send with the administrator's account, or have the depository name another.",
    ),
    "BenchmarkDayAhead": ("{day:day} has begun nowhere yet, so {code:text} has no value", "Publish it then."),
    "BenchmarkPublished": (
        "{code:text} of {day:day} is published, and can be corrected no more",
        "What counts stays: publish the next day.",
    ),
    "BenchmarkDayRefused": (
        "{code:text} cannot be published for {day:day}; its latest day is {lastDay:day}",
        "Days go up; a price index is for the first of a month, an overnight rate for the next business day, "
        "once the rate before it counts.",
    ),
    "BenchmarkValueInvalid": (
        "{value} billionths is no value of {code:text}",
        "A rate is between -100 % and 100 %, a price index above zero.",
    ),
}

TERMS: Texts = {
    "DeferralRefused": (
        "the interest of period {period} of {bond} cannot be deferred",
        "The terms must give the right, for the period fixed last or the next one; "
        "never for the last payment.",
    ),
    "NoticeTooLate": (
        "notice for {bond} was to be given by {until:time}, and it is {time:time}",
        "The right is gone for this date: the bond pays as its terms say.",
    ),
    "RenewalRefused": ("the terms of {bond} give no right to renew", "It ends on its maturity date."),
    "RenewalTooEarly": (
        "{bond} can be renewed from {from:time} on, and it is {time:time}",
        "One cycle at a time: wait until the last one has begun.",
    ),
    "AccrualDayInvalid": (
        "{bond} bears no interest on {day:day}",
        "It does from its issue day to the day before it ends.",
    ),
    "AccrualRecordsInvalid": (
        "with {records} record dates passed, accrued interest of {bond} on {day:day} cannot be told",
        "More than one payment is pending then: settle the trade on an earlier day.",
    ),
}

PARTS: Texts = {
    "SettlementPartMissing": (
        "there is no part of the settlement at {part}",
        "Deploy the parts in their order, the last one first.",
    ),
    "ServicingPartMissing": (
        "there is no part of the servicing at {part}",
        "Deploy the parts in their order, the last one first.",
    ),
    "ServicingActUnknown": (
        "the servicing has no act {selector}",
        "The SDK and the deployment are of different versions.",
    ),
}
