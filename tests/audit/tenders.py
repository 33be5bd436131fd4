"""The offerings of the story: failed, cancelled, never closed, uniform, mixed, and a tap by price."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.audit.market import (
    BASIS_POINT,
    ENCRYPTED,
    MIXED,
    MULTIPLE,
    NO_QUOTE,
    OPEN,
    PRICE,
    Market,
    conditions,
)
from tests.audit.sheets import provisions, regular, rights
from tests.audit.stage import Story

BY_OFFERING = 2**32 - 1
EVERYBODY = (0, 40_000, 0)


def fail(story: Story) -> None:
    """An open book, without deposits, in which too little is bid."""
    h = story.holders
    times = [f"2019-12-02T{hour}:00:00" for hour in ("10", "12", "12", "12", "13", "13", "15", "16")]
    rules = conditions(story, story.bond, times, form=OPEN, minimumVolume=20_000, deposit=0)
    market = Market(story, rules, [EVERYBODY, EVERYBODY])
    market.join(h[1], 1, 1_000)
    market.open_book()
    market.place(h[0], (250 * BASIS_POINT, 200))
    market.place(h[0], (250 * BASIS_POINT, 300), (260 * BASIS_POINT, 400))
    market.place(h[1], (270 * BASIS_POINT, 500))
    market.place(h[2], (270 * BASIS_POINT, 600))
    market.do(h[2], "withdrawBid", market.number, market.bids[h[2].address])
    story.travel("2019-12-02T12:00:00")
    market.do(story.outsider, "closeBook", market.number)
    market.do(story.outsider, "clear", market.number)
    market.do(story.outsider, "release", market.number, market.openings([h[1]]))
    market.do(story.outsider, "release", market.number, market.openings([h[0]]))


def cancel(story: Story) -> None:
    """A sealed book that the issuer cancels, and one that nobody closes."""
    h = story.holders
    for reason, opens in ((b"markets", "13"), (b"", "14")):
        times = [f"2019-12-02T{hour}:00:00" for hour in (opens, "15", "16", "16", "17", "18", "19", "20")]
        market = Market(story, conditions(story, story.bond, times), [EVERYBODY, EVERYBODY])
        market.join(h[0], 1, 1_000)
        market.open_book()
        market.seal(h[3], (250 * BASIS_POINT, 300))
        if reason:
            market.do(story.issuer, "cancel", market.number, reason.ljust(32, b"\0"))
        else:
            story.travel("2019-12-02T17:00:01")
            market.do(story.outsider, "fail", market.number)
        market.do(story.outsider, "forfeit", market.number, [market.unopened(h[3])])
        market.do(story.outsider, "discharge", market.number, [h[0].address])


def uniform(story: Story) -> None:
    """A sealed tender by rate: a syndicate, a marginal tick, a bid never opened, one never paid."""
    h = story.holders
    story.travel("2019-12-03T09:00:00")
    times = [f"2019-12-{hour}:00" for hour in ("03T10:00", "03T15:00", "03T16:00", "03T17:00", "03T18:00")]
    times += ["2019-12-03T18:30:00", "2019-12-04T12:00:00", "2019-12-05T12:00:00"]
    extra = {"overAllotment": 5_000, "nonCompetitive": 3_000, "additionalSeconds": 900}
    classes = [EVERYBODY, (1_000, 45_000, 2_000), (2_000, 45_000, 0)]
    market = Market(story, conditions(story, story.bond, times, **extra), classes)
    story.uniform = market.number
    market.do(h[0], "fundDeposit", story.at("CashToken"), 12_000)
    market.do(h[5], "fundDeposit", story.at("CashToken"), 3_000)
    market.do(h[5], "withdrawDeposit", story.at("CashToken"), 1_000)
    market.do(story.bookrunner, "invite", market.number, h[0].address, 2, 10_000)  # and thought better of it
    market.join(h[0], 1, 20_000)
    market.join(h[1], 1, 10_000)
    market.do(story.bookrunner, "invite", market.number, h[2].address, 2, 0)
    market.open_book()
    _bid(story, market)
    story.travel("2019-12-03T15:00:00")
    market.do(story.outsider, "closeBook", market.number)
    for i in (0, 2, 3, 4, 5, 6, 7, 8, 11, 12):
        market.unseal(h[i] if i % 2 else story.outsider, h[i])
    market.forget(h[9])
    unopened = market.unopened(h[10])
    market.forget(h[10])
    story.travel("2019-12-03T16:00:00")
    market.do(story.issuer, "declareOverAllotment", market.number, 5_000)
    market.do(story.outsider, "clear", market.number)
    _prove(story, market)
    market.do(h[0], "underwriteMore", market.number, market.bids[h[0].address], 1_000)
    market.do(h[0], "underwriteMore", market.number, market.bids[h[0].address], 1_200)
    market.do(story.outsider, "forfeit", market.number, [unopened])
    _pay(story, market)


def _bid(story: Story, market: Market) -> None:
    h = story.holders
    market.seal(h[0], (240 * BASIS_POINT, 100))
    market.seal(h[0], (250 * BASIS_POINT, 4_000), (300 * BASIS_POINT, 3_000))
    market.seal(h[2], (260 * BASIS_POINT, 3_000), (310 * BASIS_POINT, 5_010))
    market.seal(h[3], (255 * BASIS_POINT, 2_000), (255 * BASIS_POINT, 1_500, h[4].address))
    market.seal(h[4], (270 * BASIS_POINT, 4_500))
    market.seal(h[5], (280 * BASIS_POINT, 6_000))
    market.seal(h[6], (290 * BASIS_POINT, 5_000))
    market.seal(h[7], (310 * BASIS_POINT, 7_000), (NO_QUOTE, 2_000))
    market.seal(h[8], (310 * BASIS_POINT, 4_000), (NO_QUOTE, 1_970))
    market.seal(h[9], (240 * BASIS_POINT, 9_000))
    market.seal(h[10], (240 * BASIS_POINT, 9_000))
    market.seal(h[11], (262 * BASIS_POINT, 5_000))
    market.seal(h[12], (265 * BASIS_POINT, 1_000, h[9].address))
    market.do(h[9], "withdrawBid", market.number, [])


def _prove(story: Story, market: Market) -> None:
    """One prover never ends, one begins with a wrong cut."""
    cuts, openings = market.at_cut_levels()
    market.do(story.issuer, "allocate", market.number, cuts, openings[:1])
    market.do(story.bookrunner, "allocate", market.number, (cuts[0] - 1, cuts[1]), openings[:2])
    for batch in (openings[:1], openings[1:]):
        market.do(story.bookrunner, "allocate", market.number, cuts, batch)


def _pay(story: Story, market: Market) -> None:
    h = story.holders
    story.travel("2019-12-03T18:30:00")
    money = story.read("CashToken", "balanceOf", h[11].address)
    story.do(h[11], "CashToken", "transfer", h[0].address, money)
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[12].address])
    market.do(story.bookrunner, "settle", market.number, market.openings([h[0], h[11], h[2], h[3]]))
    rest = [h[i] for i in (4, 5, 6, 7, 8, 12)]
    market.do(story.outsider, "settle", market.number, market.openings(rest))
    story.travel("2019-12-04T12:00:01")
    market.do(story.outsider, "lapse", market.number, market.openings([h[11], h[12]]))
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[12].address])
    story.do(h[0], "CashToken", "transfer", h[11].address, money)
    market.do(story.bookrunner, "takeUp", market.number, [h[0].address])
    story.travel("2019-12-05T12:00:01")
    market.do(story.outsider, "discharge", market.number, [h[0].address, h[1].address])
    market.do(story.issuer, "withdrawDeposit", story.at("CashToken"), 9_000)


def mixed(story: Story) -> None:
    """An open book by rate: a void bid, one behind the band, a rest for underwriters, own yields."""
    h = story.holders
    terms = {
        **story.terms,
        "isin": story.mixed_isin,
        "faceValue": 100_000_000,
        "units": 2_000,
        "minimumUnits": 1,
        "schedule": regular(date(2019, 12, 5), date(2022, 12, 5), 6, 6),
        "name": "A bond sold by a mixed tender",
        "symbol": "MIX",
    }
    story.do(story.issuer, "BondFactory", "register", terms, provisions(), rights())
    bond = story.read("BondFactory", "bondOf", story.mixed_isin)
    story.travel("2019-12-06T09:00:00")
    times = [f"2019-12-06T{hour}:00:00" for hour in ("10", "12", "12", "12", "14")]
    times += ["2019-12-09T09:00:00", "2019-12-09T18:00:00", "2019-12-10T12:00:00"]
    rules: dict[str, Any] = {
        "form": OPEN,
        "pricing": MIXED,
        "offered": 1_000,
        "minimumVolume": 500,
        "nonCompetitive": 100,
        "minimumBid": 10,
        "maximumBid": 1_000,
        "lowest": 100 * BASIS_POINT,
        "highest": 500 * BASIS_POINT,
        "tick": BASIS_POINT // 2,
        "deposit": 1_000_000,
        "farOff": 200,
        "band": 12,
    }
    market = Market(story, conditions(story, bond, times, **rules), [(0, 1_000, 0), (10, 1_000, 0)])
    story.mixed = market.number
    market.join(h[0], 1, 300)
    market.join(h[3], 1, 150)
    market.open_book()
    market.place(h[0], (300 * BASIS_POINT, 200))
    market.place(h[1], (303 * BASIS_POINT, 150), (NO_QUOTE, 80))
    market.place(h[2], (305 * BASIS_POINT, 250))
    market.place(h[3], (320 * BASIS_POINT, 200))
    market.place(h[4], (480 * BASIS_POINT, 10))
    market.place(h[5], (NO_QUOTE, 70))
    story.travel("2019-12-06T12:00:00")
    market.do(story.outsider, "closeBook", market.number)
    market.do(story.outsider, "clear", market.number)
    market.do(story.outsider, "allocate", market.number, *market.at_cut_levels())
    market.do(story.outsider, "release", market.number, market.openings([h[3], h[4]]))
    story.travel("2019-12-09T09:00:00")
    market.do(story.outsider, "settle", market.number, market.openings([h[0], h[1], h[2], h[5]]))
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[3].address])
    market.do(story.outsider, "takeUp", market.number, [h[3].address, h[0].address])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[3].address])
    story.travel("2019-12-09T18:00:01")
    market.do(story.outsider, "takeUp", market.number, [h[3].address])
    story.travel("2019-12-10T12:00:01")
    market.do(story.outsider, "discharge", market.number, [h[3].address])
    market.do(story.outsider, "discharge", market.number, [h[0].address])


def fixed(story: Story) -> None:
    """A fixed price for which nobody pays: the bond is never issued, and yet has to look at its calendar."""
    h = story.holders
    terms = {
        **story.terms,
        "isin": story.fixed_isin,
        "couponRate": 33_333_333,
        "name": "A bond that nobody paid for",
        "symbol": "FIX",
    }
    story.do(story.issuer, "BondFactory", "register", terms, provisions(), rights())
    bond = story.read("BondFactory", "bondOf", story.fixed_isin)
    story.travel("2019-12-11T09:00:00")
    times = [f"2019-12-11T{hour}:00:00" for hour in ("10", "12", "12", "12", "13", "13", "14", "14")]
    rules: dict[str, Any] = {
        "form": OPEN,
        "basis": PRICE,
        "lowest": 10_007,
        "highest": 10_007,
        "tick": 1,
        "offered": 1_000,
        "maximumBid": 1_000,
    }
    market = Market(story, conditions(story, bond, times, **rules), [(0, 1_000, 0), (0, 1_000, 0)])
    market.join(h[2], 1, 700)
    market.open_book()
    for i in (6, 7):
        market.place(h[i], (10_007, 200))
    story.travel("2019-12-11T12:00:00")
    market.do(story.outsider, "closeBook", market.number)
    market.do(story.outsider, "clear", market.number)
    story.travel("2019-12-11T14:00:01")
    market.do(story.outsider, "lapse", market.number, market.openings([h[6]]))
    story.bond, first = bond, story.bond
    story.do(story.operator, "Bond", "setPaused", True)
    market.do(story.outsider, "lapse", market.number, market.openings([h[7]]))
    story.do(story.operator, "Bond", "setPaused", False)
    story.bond = first
    market.do(story.outsider, "discharge", market.number, [h[2].address])


def tap(story: Story) -> None:
    """More of the first bond, by price, in an encrypted book; paid on both sides of a record date."""
    h = story.holders
    times = [f"2020-11-{hour}:00" for hour in ("11T09:00", "17T12:00", "17T13:00", "17T13:00", "17T14:00")]
    times += ["2020-12-03T09:00:00", "2020-12-07T00:00:00", "2020-12-07T00:00:00"]
    rules: dict[str, Any] = {
        "form": ENCRYPTED,
        "basis": PRICE,
        "pricing": MULTIPLE,
        "offered": 10_000,
        "maximumBid": 10_000,
        "lowest": 9_907,
        "highest": 10_107,
        "tick": 10,
    }
    market = Market(story, conditions(story, story.bond, times, **rules), [(0, 10_000, 0)])
    story.tap = market.number
    market.open_book()
    market.seal(h[0], (10_057, 3_000, story.wallet), (10_067, 1_000, story.wallet))
    market.seal(h[1], (10_007, 2_500))
    market.seal(h[2], (9_997, 2_000))
    market.seal(h[5], (9_987, 1_500))
    market.seal(h[3], (9_907, 1_000))  # and is never released
    market.seal(h[4], (9_917, 1_000))
    market.seal(h[7], (10_107, 1_000))
    story.travel("2020-11-17T12:00:00")
    for i in range(6):  # the first opening closes the book
        market.unseal(story.bookrunner, h[i])
    unopened = market.unopened(h[7])
    market.forget(h[7])
    story.travel("2020-11-17T13:00:00")
    market.do(story.outsider, "clear", market.number)
    market.do(story.outsider, "forfeit", market.number, [unopened])
    story.tap_market = market


def pay_tap_before_the_record_date(story: Story) -> None:
    h, market = story.holders, story.tap_market
    story.travel("2020-12-03T09:00:00")
    market.do(story.outsider, "settle", market.number, market.openings([h[0], h[1]]))


def pay_tap_after_the_record_date(story: Story) -> None:
    """Ex coupon; and the issuer cannot receive just then."""
    h, market = story.holders, story.tap_market
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [story.issuer.address])
    market.do(story.outsider, "settle", market.number, market.openings([h[2], h[5]]))
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [story.issuer.address])
    market.do(story.outsider, "release", market.number, market.openings([h[4]]))
