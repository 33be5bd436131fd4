"""A small story with a bit of everything, so that an audit of it is quick: to be lied about many times."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.audit.market import OPEN, PRICE, Market, conditions
from tests.audit.sheets import provisions, regular, rights
from tests.audit.stage import BANK, FACE, FOREVER, FUND, HOLDER, ISIN, Story, begin, key, lei

from indenture.chain import AnvilNode

_UNITS = 1_000


def play(node: AnvilNode, *, otherwise: bool = False) -> Story:
    """Members, money, a bond sold at a price, trades, powers, a coupon, a scheduled call.

    Args:
        node: Where to.
        otherwise: Whether one transfer after the coupon is of another amount: a chain with another suffix.
    """
    story = begin(node)
    admit(story)
    register(story)
    sell(story)
    trade(story)
    use_powers(story)
    pay_coupon(story)
    story.do(story.holders[2], "CashToken", "transfer", story.holders[3].address, 55 if otherwise else 44)
    schedule(story)
    node.time.mine(3)  # blocks in which nothing happens
    return story


def admit(story: Story) -> None:
    """One more account, a suspension and its end, and money for everybody."""
    h = story.holders
    receivers = [*(holder.address for holder in h[:6]), story.payer.address]
    story.do(story.operator, "CashToken", "mintBatch", receivers, [10**9] * len(receivers))
    story.do(story.operator, "CashToken", "mint", story.operator.address, 5_000)
    story.do(story.operator, "CashToken", "burn", 2_000)
    story.do(story.operator, "MemberRegistry", "enrolAccount", (lei(11), key(50).address, HOLDER, FOREVER))
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[5].address])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[5].address])
    story.do(story.operator, "MemberRegistry", "reclassifyMember", lei(14), FUND, b"CN", [h[4].address])


def register(story: Story) -> None:
    """One bond, two coupons."""
    terms: dict[str, Any] = {
        "isin": ISIN,
        "issuer": lei(1),
        "issuerAccount": story.issuer.address,
        "currency": story.at("CashToken"),
        "faceValue": FACE,
        "units": _UNITS,
        "minimumUnits": 1,
        "eligible": 1 << BANK | 1 << FUND,
        "schedule": regular(date(2019, 12, 5), date(2021, 12, 5), 2, 12),
        "kind": 0,
        "couponRate": 33_333_333,
        "dayCount": 2,
        "rounding": 0,
        "roll": 1,
        "adjusted": False,
        "calendar": b"CN-IB\0\0\0",
        "recordBusinessDays": 1,
        "cutOff": 17 * 3600,
        "utcOffset": 480,
        "prescriptionYears": 3,
        "termSheetHash": b"\x11" * 32,
        "name": "A bond to be lied about",
        "symbol": "LIE",
    }
    story.terms = terms
    story.do(story.issuer, "BondFactory", "register", terms, provisions(), rights())
    story.bond = story.read("BondFactory", "bondOf", ISIN)
    story.do(story.issuer, "Bond", "setDocument", b"prospectus".ljust(32, b"\0"), "ipfs://lie", b"\3" * 32)


def sell(story: Story) -> None:
    """An open book at one price: three bidders, all of whom pay."""
    h = story.holders
    times = [f"2019-12-03T{hour}:00:00" for hour in ("10", "12", "12", "12", "13")]
    times += ["2019-12-05T09:00:00", "2019-12-05T12:00:00", "2019-12-05T12:00:00"]
    rules: dict[str, Any] = {
        "form": OPEN,
        "basis": PRICE,
        "lowest": FACE,
        "highest": FACE,
        "tick": 1,
        "offered": _UNITS,
        "minimumVolume": _UNITS,
        "minimumBid": 1,
        "maximumBid": _UNITS,
        "deposit": 100,
    }
    market = Market(story, conditions(story, story.bond, times, **rules), [(0, _UNITS, 0)])
    market.open_book()
    for bidder, units in ((h[0], 500), (h[1], 400), (h[2], 300)):
        market.place(bidder, (FACE, units))
    story.travel("2019-12-03T12:00:00")
    market.do(story.outsider, "closeBook", market.number)
    market.do(story.outsider, "clear", market.number)
    market.do(story.bookrunner, "allocate", market.number, *market.at_cut_levels())
    story.travel("2019-12-05T09:00:00")
    market.do(story.outsider, "settle", market.number, market.openings(h[:3]))


def trade(story: Story) -> None:
    """Transfers of both kinds, an allowance, and trades against money."""
    h = story.holders
    story.do(h[0], "Bond", "transfer", h[3].address, 50)
    story.do(h[1], "Bond", "approve", h[2].address, 30)
    story.do(h[2], "Bond", "transferFrom", h[1].address, h[4].address, 20)
    story.do(h[1], "CashToken", "transfer", h[2].address, 777)
    story.do(h[2], "CashToken", "approve", h[3].address, 1_000)
    story.trade(h[0], h[1], 25, 250_000)
    story.trade(h[1], h[5], 10, 101_000)
    story.do(h[3], "Settlement", "cancel", 5, 0b1011)


def use_powers(story: Story) -> None:
    """A freeze, a forced transfer, a pause, a new limit and a working day less."""
    h = story.holders
    story.do(story.operator, "Bond", "setFrozenTokens", h[3].address, 15)
    story.do(story.operator, "Bond", "setPaused", True)
    story.do(story.operator, "Bond", "forcedTransfer", h[4].address, h[5].address, 5)
    story.do(story.operator, "Bond", "setPaused", False)
    story.do(story.operator, "CashToken", "setSupplyLimit", 10**15)
    story.do(story.operator, "BusinessCalendar", "publish", b"CN-IB\0\0\0", 2030, 2**256 - 1, 1)


def pay_coupon(story: Story) -> None:
    """The first coupon, one part of it claimed by its holder."""
    h = story.holders
    story.travel("2020-12-04T17:00:00")
    story.do(h[0], "Bond", "transfer", h[1].address, 7)
    story.do(story.payer, "Servicing", "fund", story.bond, 1)
    story.travel("2020-12-07T09:00:00")
    story.do(h[0], "Servicing", "claim", story.bond, 1)
    rest = [a.address for a in h[1:6] if story.read("Bond", "unitsAt", a.address, 1)]
    story.do(story.payer, "Servicing", "pay", story.bond, 1, rest)


def schedule(story: Story) -> None:
    """A role of an outsider's, with a delay, and what it schedules."""
    registry = story.at("MemberRegistry")
    act = story.call("MemberRegistry", "suspendAccounts", [story.holders[5].address])
    role = story.read("Authority", "getTargetFunctionRole", registry, act.data[:4])
    story.do(story.operator, "Authority", "labelRole", 77, "a label that nothing depends on")
    story.do(story.operator, "Authority", "grantRole", role, story.outsider.address, 3_600)
    story.do(story.outsider, "Authority", "schedule", registry, act.data, 0)
    story.travel("2020-12-08T09:00:00")
    story.do(story.outsider, "Authority", "execute", registry, act.data)
