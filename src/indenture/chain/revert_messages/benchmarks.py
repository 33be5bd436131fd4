"""Messages of benchmarks: who publishes them, for which day, which value."""

from __future__ import annotations

from indenture.chain.revert_messages._texts import Texts
from indenture.errors import BenchmarkRefused

TEXTS: Texts = {
    BenchmarkRefused: {
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
        "BenchmarkDayAhead": (
            "{day:day} has begun nowhere yet, so {code:text} has no value",
            "Publish it then.",
        ),
        "BenchmarkPublished": (
            "{code:text} of {day:day} is published, and can be corrected no more",
            "What counts stays: publish the next day.",
        ),
        "BenchmarkDayRefused": (
            "{code:text} cannot be published for {day:day}; its latest day is {lastDay:day}",
            "Days go up; a price index is for the first of a month, "
            "an overnight rate for the next business day, once the rate before it counts.",
        ),
        "BenchmarkValueInvalid": (
            "{value} billionths is no value of {code:text}",
            "A rate is between -100 % and 100 %, a price index above zero.",
        ),
    },
}
