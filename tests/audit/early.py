"""Bonds of every kind of coupon that end early, late or badly: indexed, stepped, floating, in instalments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.audit.fates import (
    DOCUMENT,
    TAX_LAW,
    Terms,
    act,
    at,
    call,
    elect,
    open_action,
    put,
    recover,
    settle,
)
from tests.audit.lives import (
    CARBON,
    END,
    ISSUE,
    NIGHT_RATE,
    PRICES,
    TAXES,
    TERM_RATE,
    Lives,
    define,
    fund,
    month,
    nights,
    pay,
    publish_term_rate,
    record,
    register,
    sell,
    travel,
)
from tests.audit.sheets import (
    DAYS,
    FIXED,
    FLOATING,
    INFLATION,
    KPI,
    STEP,
    day,
    floating,
    provisions,
    regular,
    rights,
)
from tests.audit.stage import begin

from indenture.chain import AnvilNode

_SPRING = regular(ISSUE, date(2020, 4, 6), 1, 3)
HALF_YEAR = regular(ISSUE, date(2020, 7, 6), 2, 3)
_DAY = timedelta(days=1)
_DEFAULTS = {
    "graceDays": 0,
    "penaltyRate": 100_000_000,
    "accelerationShare": 100_000_000,
    "crossDefault": False,
}
_PUT = put(date(2020, 4, 13), date(2020, 4, 20), date(2020, 5, 15), 1_003_000_001, withdrawable=True)
_STUB = regular(date(2019, 12, 20), date(2021, 3, 31), 3, 6, anchorDay=day(date(2020, 2, 29)), anchorPeriod=1)

SOLD: dict[str, Terms] = {
    "indexed": (
        {"kind": INFLATION, "couponRate": 15_000_000, "schedule": regular(ISSUE, END, 2, 6), "dayCount": 0},
        {
            "inflation": {
                "benchmark": PRICES,
                "lagMonths": 3,
                "interpolated": True,
                "floored": True,
                "places": 5,
                "base": 103_200_000_000,
            },
            "fallbackDays": 5,
        },
        {
            "events": [{"code": TAX_LAW, "byHolders": False, "noticeDays": 20, "price": 1_005_000_000}],
            "puts": [_PUT],
        },
    ),
    "figures": (
        {"kind": KPI, "couponRate": 31_000_000, "dayCount": 2, "rounding": 1, "schedule": HALF_YEAR},
        {
            "tests": [
                {
                    "benchmark": CARBON,
                    "day": day(date(2020, 3, 31)),
                    "period": 2,
                    "atMost": True,
                    "target": 120 * 10**9,
                    "step": 2_500_000,
                }
            ],
            "fallbackDays": 2,
        },
        {"extension": {"periods": 2, "noticeDays": 40, "rate": 52_000_000}},
    ),
    "loosened": (
        {"kind": FIXED, "couponRate": 30_000_000, "dayCount": 1, "adjusted": True},
        {},
        {"amendmentShare": 600_000_000},
    ),
    "kind": (
        {"kind": STEP, "couponRate": 40_000_000, "dayCount": 5, "rounding": 2},
        {"steps": [{"period": 2, "rate": 45_000_000}], "capitalisedUntil": 2},
        {"puts": [_PUT], "defaults": _DEFAULTS},
    ),
    "nights": (
        {
            "kind": FLOATING,
            "dayCount": 1,
            "adjusted": True,
            "schedule": regular(ISSUE, date(2020, 7, 20), 7, 28, unit=DAYS),
        },
        {
            "floating": floating(NIGHT_RATE, compounded=True, lag=2, spread=1_000_000, places=5),
            "fallbackDays": 2,
        },
        {"puts": [_PUT], "calls": [call(date(2020, 4, 1), date(2020, 7, 1), 10**9)]},
    ),
    "parts": (
        {"kind": FIXED, "couponRate": 37_000_000, "faceValue": 10_000, "dayCount": 3},
        {
            "instalments": [{"period": k, "share": 250_000_000} for k in (1, 2, 3, 4)],
            "withholdings": TAXES,
        },
        {
            "puts": [put(date(2020, 3, 10), date(2020, 4, 2), date(2020, 4, 6), 10**9, withdrawable=True)],
            "defaults": _DEFAULTS,
        },
    ),
    # Over before anybody notices.
    "forgotten": ({"schedule": _SPRING}, {}, {}),
}
# Never sold: what it would pay is compared all the same.
UNSOLD: dict[str, Terms] = {
    "stub": ({"schedule": {**_STUB, "endOfMonth": True}, "dayCount": 0}, {}, {"puts": [_PUT]}),
    "unissued": ({"schedule": _SPRING}, {}, {}),
}


def play(node: AnvilNode) -> Lives:
    """The whole story, from December 2019 to January 2021."""
    lives = Lives(begin(node))
    define(lives)
    for number, (name, terms) in enumerate((SOLD | UNSOLD).items()):
        register(lives, number, name, *terms)
    sell(lives, SOLD)
    publish_term_rate(lives)
    for number, level in ((10, 102_900), (11, 103_050), (12, 103_300)):
        month(lives, 2019, number, level)
    for name in ("figures", "kind"):
        lives.fix(name, 1)
    first_quarter(lives)
    april(lives)
    puts(lives)
    called(lives)
    defaults(lives)
    return lives


def night_payment(lives: Lives, period: int, due: date, since: date) -> date:
    """One period of four weeks: its nights, its fixing, its payment; gives the first night to come."""
    record(lives, due, ["nights"])
    travel(lives, due + 2 * _DAY)
    nights(lives, since, due + _DAY)
    lives.fix("nights", period)
    fund(lives, {"nights": period})
    pay(lives, {"nights": period})
    return due + 2 * _DAY


def first_quarter(lives: Lives) -> None:
    """A put on the day of an instalment: who held at the record date has the instalment from there."""
    story, since = lives.story, date(2020, 1, 2)
    for period, due in ((1, date(2020, 2, 3)), (2, date(2020, 3, 2))):
        since = night_payment(lives, period, due, since)
        month(lives, 2020, period, 103_300 + 200 * period)
    travel(lives, date(2020, 3, 11))
    number = open_action(lives, story.outsider, "openPut", "parts", 0)
    elect(lives, "parts", number, [(0, 50), (1, 20)])
    lives.of("forgotten", story.outsider, "advance")
    offers = [exchange_into(lives, name) for name in ("forgotten", "unissued")]
    night_payment(lives, 3, date(2020, 3, 30), since)
    month(lives, 2020, 3, 103_900)
    lives.publish(CARBON, date(2020, 3, 31), 121 * 10**9)
    record(lives, date(2020, 4, 6), ["parts", "figures", "loosened", "kind"])
    travel(lives, date(2020, 4, 7))
    act(lives, story.payer, "fundAction", "parts", number)
    settle(lives, "parts", number, [(0, 1)])
    for offer in offers:
        act(lives, story.issuer, "fundAction", "loosened", offer)
        settle(lives, "loosened", offer, [(2, 3)])
    due_now = {"parts": 1, "figures": 1, "loosened": 1}
    fund(lives, due_now)
    pay(lives, due_now)


def exchange_into(lives: Lives, name: str) -> int:
    """Offers a bond that is over when it is settled, though nobody says so: the old units are kept."""
    terms = {
        "newBond": lives[name],
        "newUnits": 1,
        "oldUnits": 1,
        "amount": 25,
        "opensAt": at("2020-03-11"),
        "closesAt": at("2020-04-02"),
        "payDay": day(date(2020, 4, 7)),
        "document": DOCUMENT,
    }
    number = open_action(lives, lives.story.issuer, "offerExchange", "loosened", terms)
    elect(lives, "loosened", number, [(2, 60), (3, 40)])
    return number


def april(lives: Lives) -> None:
    """Puts open, an extension with a rate of its own, a fixed coupon that floats from the third period on."""
    story = lives.story
    travel(lives, date(2020, 4, 10))
    for name in ("figures", "kind"):
        lives.fix(name, 2)
    for name in ("indexed", "kind", "nights"):
        open_action(lives, story.outsider, "openPut", name, 0)
    values = lives.read("loosened", "terms")._asdict()
    values |= {"schedule": values["schedule"]._asdict(), "kind": FLOATING, "couponRate": 0}
    rate = floating(TERM_RATE, lag=1, spread=5_000_000, places=3, fallbackRule=1, fallbackRate=21_000_000)
    amendment = {
        "effectiveDay": day(date(2020, 6, 1)),
        "closesAt": at("2020-06-24"),
        "clause": b"interest".ljust(32, b"\0"),
        "resolution": DOCUMENT,
    }
    given: tuple[Any, ...] = (values, provisions(floating=rate, fallbackDays=3), rights(), amendment)
    number = open_action(lives, story.issuer, "proposeTerms", "loosened", *given)
    elect(lives, "loosened", number, [(0, 300), (1, 250), (2, 100)])
    act(lives, story.outsider, "enactTerms", "loosened", number)
    travel(lives, date(2020, 4, 14))
    for name in ("indexed", "kind", "nights"):
        elect(lives, name, 1, [(0, 40), (4, 10)])
    travel(lives, date(2020, 4, 24))
    act(lives, story.issuer, "extendMaturity", "figures")


def puts(lives: Lives) -> None:
    """Indexed principal, capitalised interest, a rate compounded so far."""
    story = lives.story
    since = night_payment(lives, 4, date(2020, 4, 27), date(2020, 4, 1))
    act(lives, story.issuer, "call", "nights", day(date(2020, 6, 10)))
    travel(lives, date(2020, 5, 15))
    nights(lives, since, date(2020, 5, 14))
    month(lives, 2020, 4, 104_250)
    for name in ("indexed", "kind", "nights"):
        act(lives, story.payer, "fundAction", name, 1)
        settle(lives, name, 1, [(0, 4)])
    act(lives, story.issuer, "redeemOnEvent", "indexed", TAX_LAW, day(date(2020, 6, 17)), DOCUMENT)


def called(lives: Lives) -> None:
    """A floating coupon that ends inside its period; an indexed redemption on a day of its own."""
    since = night_payment(lives, 5, date(2020, 5, 25), date(2020, 5, 15))
    night_payment(lives, 6, date(2020, 6, 10), since)
    month(lives, 2020, 5, 104_100)
    record(lives, date(2020, 6, 17), ["indexed"])
    travel(lives, date(2020, 6, 18))
    lives.fix("indexed", 1)
    fund(lives, {"indexed": 1})
    pay(lives, {"indexed": 1})


def defaults(lives: Lives) -> None:
    """In the middle of instalments, and after interest was capitalised; the others end as they are."""
    story, h = lives.story, lives.story.holders
    record(lives, date(2020, 7, 6), ["parts", "figures", "loosened", "kind"])
    due_now = {"figures": 2, "loosened": 2}
    fund(lives, due_now)
    pay(lives, due_now)
    travel(lives, date(2020, 7, 10))
    for name in ("loosened", "figures", "kind"):
        lives.fix(name, 3)
    make_due(lives, "parts", 2, (0, 200))
    recover(lives, "parts", story.payer, 1_000_003, date(2020, 7, 15), last=False)
    act(lives, story.payer, "pay", "parts", 3, [who.address for who in h[:5]])
    record(lives, date(2020, 10, 6), ["figures", "loosened", "kind"])
    travel(lives, date(2020, 10, 20))
    fund(lives, {"figures": 3, "loosened": 3})
    pay(lives, {"figures": 3, "loosened": 3})
    for name in ("figures", "loosened", "kind"):
        lives.fix(name, 4)
    make_due(lives, "kind", 3, (1, 200))
    recover(lives, "kind", story.payer, 500_001, date(2020, 10, 22), last=False)
    act(lives, story.payer, "pay", "kind", 4, [who.address for who in h[:5]])
    record(lives, END, ["figures", "loosened"])
    fund(lives, {"figures": 4, "loosened": 4})
    pay(lives, {"figures": 4, "loosened": 4})


def make_due(lives: Lives, name: str, period: int, notice: tuple[int, int]) -> None:
    """A payment was missed; one holder's notice is enough."""
    who = lives.story.holders[notice[0]]
    number = open_action(lives, who, "noticeDefault", name, lives[name], period, 0)
    elect(lives, name, number, [notice])
    act(lives, lives.story.outsider, "accelerate", name, number)
