"""Bonds that do not wait for maturity: called, put, bought back, drawn, extended, amended, in default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.audit.lives import END, ISSUE, TAXES, Lives, fund, now, pay, record, register
from tests.audit.lives import define as define_market
from tests.audit.lives import sell as sell_bonds
from tests.audit.lives import travel as travel_to
from tests.audit.sheets import FIXED, ZERO_COUPON, code, day, provisions, regular, rights
from tests.audit.stage import begin

from indenture.chain import AnvilNode, Receipt, Sender

HALF_YEAR = regular(ISSUE, date(2020, 7, 6), 2, 3)
DOCUMENT = b"\x77" * 32
TAX_LAW, CONTROL = code("TAXLAW"), code("CONTROL")
_DEFAULTS = {
    "graceDays": 5,
    "penaltyRate": 80_000_000,
    "accelerationShare": 250_000_000,
    "crossDefault": True,
}
_NO_RATE = {"couponRate": 0, "kind": ZERO_COUPON, "schedule": regular(ISSUE, END, 1, 12)}


def call(first: date, last: date, price: int, *, in_part: bool = False) -> dict[str, Any]:
    """A call with ten days of notice."""
    days = {"firstDay": day(first), "lastDay": day(last), "noticeDays": 10}
    return {**days, "price": price, "inPart": in_part}


def put(opens: date, closes: date, pays: date, price: int, *, withdrawable: bool) -> dict[str, Any]:
    days = {"opensDay": day(opens), "closesDay": day(closes), "payDay": day(pays)}
    return {**days, "price": price, "withdrawable": withdrawable}


Terms = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]

# Terms, provisions and rights by name; the issue price of what is sold is its face, but for the zero.
SOLD: dict[str, Terms] = {
    "called": (
        {"kind": FIXED, "couponRate": 40_000_000},
        {"withholdings": TAXES},
        {"calls": [call(date(2020, 5, 1), date(2020, 6, 30), 1_012_345_678)]},
    ),
    "zero": (
        _NO_RATE,
        {"accretion": {"issuePrice": 9_700, "yieldRate": 31_000_000, "monthsPerCompounding": 6}},
        {"calls": [call(date(2020, 5, 1), date(2020, 6, 30), 1_001_000_000)]},
    ),
    "parts": (
        {"kind": FIXED, "couponRate": 37_000_000, "faceValue": 10_000, "dayCount": 3},
        {},
        {
            "calls": [call(date(2020, 4, 6), date(2020, 10, 6), 1_005_000_000, in_part=True)],
            "sinking": [{"period": 2, "units": 120}, {"period": 3, "units": 20}],
        },
    ),
    "put": (
        {"kind": FIXED, "couponRate": 36_000_000, "adjusted": True, "dayCount": 1},
        {"withholdings": TAXES},
        {
            "puts": [
                put(date(2020, 2, 3), date(2020, 2, 14), date(2020, 3, 1), 995_000_000, withdrawable=True),
                put(date(2020, 5, 6), date(2020, 5, 15), date(2020, 6, 1), 10**9, withdrawable=False),
            ],
            "defaults": _DEFAULTS,
        },
    ),
    "bought": ({"kind": FIXED, "couponRate": 35_000_000, "dayCount": 5}, {}, {}),
    "extended": (
        {"kind": FIXED, "couponRate": 30_000_000, "schedule": HALF_YEAR},
        {},
        {"extension": {"periods": 2, "noticeDays": 40, "rate": 41_000_000}},
    ),
    "stated": (
        {"kind": FIXED, "couponRate": 33_000_000},
        {},
        {
            "events": [
                {"code": TAX_LAW, "byHolders": False, "noticeDays": 20, "price": 10**9},
                {"code": CONTROL, "byHolders": True, "noticeDays": 10, "price": 1_010_000_000},
            ]
        },
    ),
    "amended": (
        {"kind": FIXED, "couponRate": 32_000_000},
        {},
        {"amendmentShare": 666_666_667},
    ),
    "failing": ({"kind": FIXED, "couponRate": 38_000_000}, {}, {"defaults": _DEFAULTS}),
    "crossed": ({"kind": FIXED, "couponRate": 31_000_000}, {}, {"defaults": _DEFAULTS}),
    "overdue": (
        {"kind": FIXED, "couponRate": 39_000_000, "schedule": HALF_YEAR},
        {},
        {"defaults": {**_DEFAULTS, "accelerationShare": 0}},
    ),
}

FRESH: Terms = ({"kind": FIXED, "couponRate": 50_000_000, "minimumUnits": 5}, {}, {})
"""What another bond is exchanged for."""


def play(node: AnvilNode) -> Lives:
    """The whole story, from December 2019 to January 2021."""
    lives = Lives(begin(node))
    define_market(lives)
    for number, (name, terms) in enumerate((SOLD | {"fresh": FRESH}).items()):
        register(lives, number, name, *terms)
    sell_bonds(lives, SOLD)
    buy_back(lives)
    first_put(lives)
    exchange(lives)
    first_payments(lives)
    calls(lives)
    late_money(lives)
    amend(lives)
    sink(lives)
    july(lives)
    default(lives)
    overdue(lives)
    lot(lives)
    last_payments(lives)
    return lives


def act(lives: Lives, who: Sender, function: str, name: str, *args: Any) -> Receipt:
    """A function of the Servicing, on a bond."""
    return lives.do(who, "Servicing", function, lives[name], *args)


def elect(lives: Lives, name: str, number: int, elections: Sequence[tuple[int, int]]) -> None:
    """Holders by place, and what each elects."""
    for i, units in elections:
        act(lives, lives.story.holders[i], "elect", name, number, units)


def open_action(lives: Lives, who: Sender, function: str, name: str, *args: Any) -> int:
    """Opens an event of holders, and says its number."""
    act(lives, who, function, name, *args)
    return int(lives.story.read("Servicing", "actionCount", lives[name]))


def settle(lives: Lives, name: str, number: int, batches: Sequence[Sequence[int]], *more: Sender) -> None:
    """Holders by place; with each batch some more."""
    for batch in batches:
        held = [lives.story.holders[i].address for i in batch] + [who.address for who in more]
        act(lives, lives.story.outsider, "settleAction", name, number, held)


def at(text: str) -> int:
    """Unix time of the start of a day in China."""
    return day(date.fromisoformat(text)) * 86_400 - 8 * 3_600


# --- offers and puts


def offer(most: int, amount: int, opens: int, closes: str, pays: str) -> dict[str, Any]:
    return {
        "most": most,
        "amount": amount,
        "opensAt": opens,
        "closesAt": at(closes),
        "payDay": day(date.fromisoformat(pays)),
        "document": DOCUMENT,
    }


def buy_back(lives: Lives) -> None:
    """A tender that is cut pro rata, with an election taken back in part; another that lapses."""
    story, h = lives.story, lives.story.holders
    travel_to(lives, date(2020, 1, 7))
    terms = offer(200, 10_050, now(lives), "2020-01-16", "2020-01-17")
    first = open_action(lives, story.issuer, "offerTender", "bought", terms)
    terms = offer(0, 9_000, now(lives), "2020-01-17", "2020-01-19")
    second = open_action(lives, story.issuer, "offerTender", "bought", terms)
    elect(lives, "bought", first, [(0, 150), (1, 200), (2, 100)])
    elect(lives, "bought", second, [(3, 20)])
    act(lives, h[0], "withdraw", "bought", first, 31)
    lives.of("bought", h[0], "transfer", h[5].address, 10)
    travel_to(lives, date(2020, 1, 17))
    act(lives, story.payer, "fundAction", "bought", first)
    settle(lives, "bought", first, [(0, 1), (2, 3)])
    travel_to(lives, date(2020, 1, 31))
    act(lives, story.outsider, "release", "bought", second, [h[3].address])


def first_put(lives: Lives) -> None:
    """Opened by a stranger, paid in time; one holder is frozen, one cannot be paid."""
    story, h = lives.story, lives.story.holders
    number = open_action(lives, story.outsider, "openPut", "put", 0)
    travel_to(lives, date(2020, 2, 4))
    elect(lives, "put", number, [(0, 100), (1, 50), (4, 33)])
    act(lives, h[0], "withdraw", "put", number, 10)
    elect(lives, "put", number, [(0, 5)])
    travel_to(lives, date(2020, 3, 2))
    lives.of("put", story.operator, "setFrozenTokens", h[1].address, 10)
    act(lives, story.payer, "fundAction", "put", number)
    settle(lives, "put", number, [(0, 1)])
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[4].address])
    settle(lives, "put", number, [(4,)])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[4].address])
    lives.of("put", story.operator, "setFrozenTokens", h[1].address, 0)
    for i in (1, 4):
        act(lives, story.outsider, "collect", "put", h[i].address)


def exchange(lives: Lives) -> None:
    """Two old units for three new ones and cash; who may not hold the new bond keeps the old."""
    story, h = lives.story, lives.story.holders
    terms = {
        "newBond": lives["fresh"],
        "newUnits": 3,
        "oldUnits": 2,
        "amount": 25,
        "opensAt": now(lives),
        "closesAt": at("2020-03-13"),
        "payDay": day(date(2020, 3, 16)),
        "document": DOCUMENT,
    }
    number = open_action(lives, story.issuer, "offerExchange", "bought", terms)
    elect(lives, "bought", number, [(0, 40), (1, 20), (3, 2), (4, 10)])
    act(lives, h[0], "withdraw", "bought", number, 4)
    travel_to(lives, date(2020, 3, 16))
    act(lives, story.issuer, "fundAction", "bought", number)
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[4].address])
    settle(lives, "bought", number, [(0, 4), (1, 3)])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[4].address])


# --- the first payments


def first_payments(lives: Lives) -> None:
    """A call in part with one of them; another is late, within its days of grace."""
    act(lives, lives.story.issuer, "callInPart", "parts", 1, 250_000_000)
    names = ["parts", "put", "failing", "crossed", "called", "overdue", "extended"]
    record(lives, date(2020, 4, 6), names)
    due = {"parts": 1, "put": 1, "crossed": 1, "called": 1, "extended": 1}
    fund(lives, due)
    pay(lives, due)
    travel_to(lives, date(2020, 4, 10))
    fund(lives, {"failing": 1})
    pay(lives, {"failing": 1})


def calls(lives: Lives) -> None:
    """Two calls inside a period, an extension, a put whose elections stand; a redemption on its day."""
    story, issuer = lives.story, lives.story.issuer
    act(lives, issuer, "call", "called", day(date(2020, 5, 18)))
    act(lives, issuer, "call", "zero", day(date(2020, 6, 15)))
    act(lives, issuer, "extendMaturity", "extended")
    number = open_action(lives, story.outsider, "openPut", "put", 1)
    forgotten = tender(lives, "called", "2020-04-16", "2020-04-17", [(4, 7)])
    travel_to(lives, date(2020, 5, 7))
    elect(lives, "put", number, [(2, 60), (0, 20)])
    record(lives, date(2020, 5, 18), ["called"])
    act(lives, story.outsider, "release", "called", forgotten, [story.holders[4].address])
    fund(lives, {"called": 2})
    pay(lives, {"called": 2})


def late_money(lives: Lives) -> None:
    """Control has changed: holders may put. The other put is paid late, which cures a default."""
    story, h = lives.story, lives.story.holders
    travel_to(lives, date(2020, 5, 20))
    number = open_action(lives, story.operator, "declareEvent", "stated", CONTROL, DOCUMENT)
    elect(lives, "stated", number, [(0, 33), (3, 150)])
    travel_to(lives, date(2020, 6, 8))
    act(lives, story.payer, "fundAction", "stated", number)
    settle(lives, "stated", number, [(0, 3)])
    late = PUT_LATE
    act(lives, h[3], "noticeDefault", "put", lives["put"], 0, late)
    elect(lives, "put", late + 1, [(3, 40)])
    act(lives, story.payer, "fundAction", "put", late)
    settle(lives, "put", late, [(0, 1)])


def amend(lives: Lives) -> None:
    """The tax law has changed: redemption on a due day; holders carry new terms, and leave others alone."""
    story = lives.story
    issuer = story.issuer
    travel_to(lives, date(2020, 6, 9))
    act(lives, issuer, "redeemOnEvent", "stated", TAX_LAW, day(date(2020, 7, 6)), DOCUMENT)
    better = {"couponRate": 45_000_000, "schedule": regular(ISSUE, date(2021, 4, 6), 5, 3)}
    first = propose(lives, better, {"calls": [call(date(2020, 10, 6), date(2020, 12, 31), 10**9)]})
    second = propose(lives, {"couponRate": 1_000_000}, {})
    elect(lives, "amended", first, [(0, 300), (1, 250), (2, 120)])
    elect(lives, "amended", second, [(3, 5)])
    act(lives, story.outsider, "enactTerms", "amended", first)
    act(lives, story.outsider, "release", "amended", first, [story.holders[i].address for i in (0, 1, 2)])
    record(lives, date(2020, 6, 15), ["zero"])
    fund(lives, {"zero": 1})
    pay(lives, {"zero": 1})


def propose(lives: Lives, changes: dict[str, Any], more: dict[str, Any]) -> int:
    """Puts new terms of the amended bond to its holders."""
    values = lives.read("amended", "terms")._asdict()
    values["schedule"] = values["schedule"]._asdict()
    amendment = {
        "effectiveDay": day(date(2020, 7, 6)),
        "closesAt": at("2020-06-24"),
        "clause": b"interest".ljust(32, b"\0"),
        "resolution": DOCUMENT,
    }
    given = (values | changes, provisions(), rights(amendmentShare=666_666_667, **more), amendment)
    return open_action(lives, lives.story.issuer, "proposeTerms", "amended", *given)


def sink(lives: Lives) -> None:
    """What the issuer bought back counts; the rest is drawn; the next fund is covered."""
    story, h = lives.story, lives.story.holders
    lives.of("parts", h[4], "transfer", story.issuer.address, 70)
    act(lives, story.issuer, "cancelUnits", "parts", 45)
    number = open_action(lives, story.outsider, "drawSinking", "parts", 2)
    travel_to(lives, date(2020, 6, 29))
    row = [h[i].address for i in (3, 0, 4)], [story.issuer.address, h[1].address, h[2].address]
    lives.of("parts", story.operator, "setFrozenTokens", h[2].address, 190)
    draw(lives, "parts", number, row)
    record(lives, date(2020, 7, 6), JULY)
    travel_to(lives, date(2020, 7, 6))
    act(lives, story.payer, "fundAction", "parts", number)
    settle(lives, "parts", number, [(3, 0, 4), (1, 2)], story.issuer)
    lives.of("parts", story.operator, "setFrozenTokens", h[2].address, 0)
    act(lives, story.outsider, "collect", "parts", h[2].address)
    act(lives, story.issuer, "cancelUnits", "parts", 20)


def draw(lives: Lives, name: str, number: int, row: Sequence[list[str]], *, late: bool = False) -> None:
    """Counts all, batch by batch, and draws from all in another order; late, when the chain forgot."""
    for batch in row:
        act(lives, lives.story.outsider, "count", name, number, batch)
    lives.story.node.time.mine()  # its hash says where the sample starts
    if late:
        lives.story.node.time.mine(300)
        act(lives, lives.story.outsider, "draw", name, number, [])  # too late: another block will say it
        lives.story.node.time.mine()
    for batch in reversed(row):
        act(lives, lives.story.outsider, "draw", name, number, batch)


JULY = ["parts", "put", "stated", "extended", "amended", "failing", "crossed", "overdue"]
PUT_LATE = 2
"""The second event of the bond that is put."""


def july(lives: Lives) -> None:
    """Regular payments, an early redemption on a stated event; two bonds are not paid."""
    due = {"parts": 2, "put": 2, "stated": 2, "extended": 2, "amended": 2, "crossed": 2}
    settle(lives, "put", PUT_LATE, [(2,)])  # the coupon that was recorded meanwhile is taken off
    fund(lives, due)
    pay(lives, due)


def tender(lives: Lives, name: str, closes: str, pays: str, elections: Sequence[tuple[int, int]]) -> int:
    """An offer for all, opened now, elected and funded."""
    terms = offer(0, 9_900, now(lives), closes, pays)
    number = open_action(lives, lives.story.issuer, "offerTender", name, terms)
    elect(lives, name, number, elections)
    travel_to(lives, date.fromisoformat(pays))
    act(lives, lives.story.payer, "fundAction", name, number)
    return number


# --- default


def default(lives: Lives) -> None:
    """Notice, acceleration, one election annulled by a court; two recoveries, and the rest is lost.

    A tender was paid in before: who is settled before a recovery is recorded has his price, others a claim.
    """
    story, h = lives.story, lives.story.holders
    bought = tender(lives, "failing", "2020-07-09", "2020-07-10", [(3, 12), (4, 20)])
    travel_to(lives, date(2020, 7, 13))
    bond = lives["failing"]
    number = open_action(lives, h[0], "noticeDefault", "failing", bond, 2, 0)
    elect(lives, "failing", number, [(0, 240), (1, 100), (3, 10)])
    act(lives, h[3], "withdraw", "failing", number, 4)
    act(lives, story.operator, "annulElection", "failing", number, h[1].address, DOCUMENT)
    elect(lives, "failing", number, [(2, 40)])
    travel_to(lives, date(2020, 7, 15))
    act(lives, story.outsider, "accelerate", "failing", number)
    lives.of("failing", h[4], "transfer", h[5].address, 30)
    settle(lives, "failing", bought, [(3,)])
    act(lives, story.outsider, "release", "failing", number, [h[0].address, h[2].address])
    cross = open_action(lives, h[2], "noticeDefault", "crossed", bond, 0, 0)
    elect(lives, "crossed", cross, [(2, 50)])
    recover(lives, "failing", story.payer, 3_000_001, date(2020, 7, 21), last=False)
    settle(lives, "failing", bought, [(4,)])
    act(lives, story.payer, "pay", "failing", 3, [who.address for who in h[:6]])
    travel_to(lives, date(2020, 8, 3))
    story.do(story.operator, "CashToken", "mint", story.operator.address, 2_000_000)
    recover(lives, "failing", story.operator, 1_999_999, date(2020, 8, 5), last=True)
    act(lives, story.payer, "redeem", "failing", [who.address for who in h[:3]])
    act(lives, story.payer, "redeem", "failing", [who.address for who in h[3:6]])


def recover(lives: Lives, name: str, who: Sender, amount: int, on: date, *, last: bool) -> None:
    """Pays in a recovery, lets its record date pass, and waits for its payment day."""
    record_number = lives.read(name, "book").records + 1
    act(lives, who, "fundRecovery", name, amount, day(on), last, DOCUMENT)
    days = lives.read(name, "paymentDays", record_number)
    lives.story.node.time.mine(at=days.recordTime)
    lives.of(name, lives.story.outsider, "advance")
    lives.story.node.time.mine(at=days.payTime)


def overdue(lives: Lives) -> None:
    """The last payment was missed, and the one before: one claim, which is covered whole."""
    story, h = lives.story, lives.story.holders
    act(lives, story.outsider, "declareOverdue", "overdue")
    today = day(date(2020, 8, 6))
    claim = story.read("Servicing", "claimOn", lives["overdue"], today)
    supply = lives.read("overdue", "book").supply
    amount = (claim.principal + claim.interest) * supply // 10**18
    recover(lives, "overdue", story.payer, amount, date(2020, 8, 10), last=False)
    act(lives, story.payer, "redeem", "overdue", [who.address for who in h[:5]])


# --- the rest of the year


def lot(lives: Lives) -> None:
    """A sinking fund that is covered; a call by lot; the next payments, by the terms as they were changed."""
    story, h = lives.story, lives.story.holders
    travel_to(lives, date(2020, 9, 14))
    act(lives, story.issuer, "cancelUnits", "parts", 2)
    act(lives, story.outsider, "drawSinking", "parts", 3)
    number = open_action(lives, story.issuer, "callByLot", "parts", day(date(2020, 9, 28)), 50)
    travel_to(lives, date(2020, 9, 18))
    row = ([who.address for who in h[:4]], [h[4].address, story.issuer.address])
    draw(lives, "parts", number, row, late=True)
    travel_to(lives, date(2020, 9, 28))
    act(lives, story.payer, "fundAction", "parts", number)
    settle(lives, "parts", number, [(0, 1, 2, 3, 4)], story.issuer)


def last_payments(lives: Lives) -> None:
    """Elections that nobody needs are released; the extended bond ends, the amended one goes on."""
    story, h = lives.story, lives.story.holders
    record(lives, date(2020, 10, 6), ["parts", "extended", "amended"])
    fund(lives, {"parts": 3, "extended": 3, "amended": 3})
    pay(lives, {"parts": 3, "extended": 3, "amended": 3})
    travel_to(lives, date(2020, 10, 20))
    act(lives, story.outsider, "release", "crossed", 1, [h[2].address])
    act(lives, story.outsider, "release", "put", 3, [h[3].address])
    act(lives, story.outsider, "release", "amended", 2, [h[3].address])
    record(lives, END, ["extended", "amended"])
    fund(lives, {"extended": 4, "amended": 4})
    pay(lives, {"extended": 4, "amended": 4})
