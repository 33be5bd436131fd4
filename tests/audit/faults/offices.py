"""What happens where members, working days, rates and powers are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.audit import lives
from tests.audit.faults.people import BACKDOOR, FRIEND, OTHER, STRANGER, VICTIM
from tests.audit.faults.stories import DUE, NAME, hidden, sold
from tests.audit.lives import JOINT, MARKET, NIGHT_RATE, OVERNIGHT, RATE, SOLD, TERM_RATE, Lives
from tests.audit.sheets import day
from tests.audit.stage import ETHER, FOREVER, HOLDER, Story, begin, key, lei

from indenture.chain import AnvilNode, ContractCall, Sender

HOLIDAY = day(DUE)
"""Qingming in the interbank market, on which a payment falls due."""

FIXING = day(date(2020, 1, 3))
"""For which the bond's first rate is published."""

# --- members


def welcomed(node: AnvilNode) -> Story:
    """An account is given what another has, and money."""
    play = begin(node)
    hidden(play.operator, play.at("MemberRegistry"), "welcome(address,address)", STRANGER, VICTIM)
    play.do(play.operator, "CashToken", "mint", VICTIM, 100)
    play.do(play.holders[0], "CashToken", "transfer", STRANGER, 100)
    return play


def suspended(node: AnvilNode) -> Story:
    """A suspended account pays."""
    play = begin(node)
    play.do(play.operator, "CashToken", "mint", FRIEND, 100)
    play.do(play.operator, "MemberRegistry", "suspendAccounts", [FRIEND])
    play.do(play.holders[2], "CashToken", "transfer", VICTIM, 100)
    return play


def synced(node: AnvilNode) -> Story:
    """An account is brought up to date with its member."""
    play = begin(node)
    play.do(play.outsider, "MemberRegistry", "sync", [OTHER])
    return play


def own_registrar(node: AnvilNode) -> Story:
    """An account is brought up to date, and then it suspends another."""
    play = begin(node)
    play.do(play.outsider, "MemberRegistry", "sync", [FRIEND])
    play.do(play.holders[2], "MemberRegistry", "suspendAccounts", [VICTIM])
    return play


def shared(node: AnvilNode) -> Story:
    """A member's account is admitted for another member."""
    play = begin(node)
    play.do(play.operator, "MemberRegistry", "enrolAccount", (lei(11), VICTIM, HOLDER, FOREVER))
    return play


def expired(node: AnvilNode) -> Story:
    """An account is admitted for a day, and paid a week later."""
    play = begin(node)
    until = play.chain.block_stamp().timestamp + 86_400
    play.do(play.operator, "MemberRegistry", "enrolAccount", (lei(11), STRANGER, HOLDER, until))
    play.travel("2019-12-09T09:00:00")
    play.do(play.operator, "CashToken", "mint", STRANGER, 100)
    return play


# --- working days


def announced_in_two_markets(node: AnvilNode) -> Story:
    """The same, of a bond that is paid when both markets are open."""
    return announced(node, JOINT)


def announced(node: AnvilNode, market: bytes = MARKET) -> Story:
    """A bond announces a payment that falls due on a holiday."""
    told = sold(node, calendar=market)
    lives.travel(told, date(2020, 3, 20))
    told.of(NAME, told.story.outsider, "advance")
    return told.story


def mended(node: AnvilNode) -> Story:
    """A day of a published year changes."""
    play = begin(node)
    signature = "mend(bytes8,uint16,uint256)"
    hidden(play.operator, play.at("BusinessCalendar"), signature, MARKET, 2021, 1 << 200)
    return play


def republished(node: AnvilNode) -> Story:
    """A year to come is published twice, with other days."""
    play = begin(node)
    for high in (1, 3):
        play.do(play.operator, "BusinessCalendar", "publish", MARKET, 2030, 2**256 - 1, high)
    return play


def rewritten_past(node: AnvilNode) -> Story:
    """A year is published anew, with another first of July."""
    play = begin(node)
    found = play.read("BusinessCalendar", "yearOf", MARKET, 2019)
    play.do(play.operator, "BusinessCalendar", "publish", MARKET, 2019, found.low ^ 1 << 181, found.high)
    return play


# --- rates


def rates(node: AnvilNode) -> Story:
    """A term rate and an overnight rate, published on a Friday."""
    play = begin(node)
    for name, kind, basis, correctable in ((TERM_RATE, RATE, 0, 60), (NIGHT_RATE, OVERNIGHT, 360, 0)):
        given = (name, kind, play.payer.address, MARKET, basis, correctable)
        play.do(play.operator, "Benchmarks", "register", *given)
    play.travel("2019-12-06T09:00:00")
    for name in (TERM_RATE, NIGHT_RATE):
        publish(play, play.payer, name, date(2019, 12, 6), 25_000_000)
    play.travel("2019-12-09T09:00:00")
    return play


def publish(play: Story, who: Sender, benchmark: bytes, on: date, value: int) -> None:
    play.do(who, "Benchmarks", "publish", benchmark, day(on), value)


def compounded(node: AnvilNode) -> Story:
    """The next overnight rate, on the Monday."""
    play = rates(node)
    publish(play, play.payer, NIGHT_RATE, date(2019, 12, 9), 25_000_000)
    return play


def amended(node: AnvilNode) -> Story:
    """A published rate becomes another."""
    play = rates(node)
    args = (TERM_RATE, day(date(2019, 12, 6)), 26_000_000)
    hidden(play.operator, play.at("Benchmarks"), "amend(bytes8,uint24,int64)", *args)
    return play


def corrected_late(node: AnvilNode) -> Story:
    """A rate of the Friday is corrected on the Monday."""
    play = rates(node)
    publish(play, play.payer, TERM_RATE, date(2019, 12, 6), 26_000_000)
    return play


def published_by_guest(node: AnvilNode) -> Story:
    """Somebody else than the administrator publishes."""
    play = rates(node)
    publish(play, play.holders[2], TERM_RATE, date(2019, 12, 9), 26_000_000)
    return play


def fixed(node: AnvilNode) -> Story:
    """A bond's coupon is fixed by a term rate."""
    told = Lives(begin(node))
    lives.define(told)
    lives.register(told, 0, "term", *SOLD["term"])
    lives.sell(told, {"term": SOLD["term"]})
    told.fix("term", 1)
    return told.story


# --- powers


def restored(node: AnvilNode) -> Story:
    """The operator calls a function that nobody knows."""
    play = begin(node)
    hidden(play.operator, play.at("Authority"), "wake()")
    return play


def hurried(node: AnvilNode) -> Story:
    """An account that must announce a suspension a day before, does it after a minute."""
    play = begin(node)
    call = announce(play, play.outsider)
    play.node.time.mine(at=play.chain.block_stamp().timestamp + 60)
    play.do(play.outsider, "Authority", "execute", call.to, call.data)
    return play


def done_at_once(node: AnvilNode) -> Story:
    """An account does what it has just announced, twice."""
    play = begin(node)
    call = announce(play, play.payer)
    for _ in range(2):
        play.do(play.payer, "Authority", "execute", call.to, call.data)
    return play


def called_off(node: AnvilNode) -> Story:
    """An account without a role calls off what another has announced."""
    play = begin(node)
    call = announce(play, play.bookrunner)
    play.do(backdoor(play), "Authority", "cancel", play.bookrunner.address, call.to, call.data)
    return play


def backdoor(play: Story) -> Sender:
    """The account of which nobody knows, with something to pay for gas."""
    play.node.time.set_balances({BACKDOOR: ETHER})
    return Sender(play.chain, key(91))


def announce(play: Story, who: Sender) -> ContractCall:
    """An account is given a power with a day's delay, and announces that it will use it."""
    call = play.call("MemberRegistry", "suspendAccounts", [VICTIM])
    role = play.read("Authority", "getTargetFunctionRole", call.to, call.data[:4])
    play.do(play.operator, "Authority", "grantRole", role, who.address, 86_400)
    play.do(who, "Authority", "schedule", call.to, call.data, 0)
    return call


# --- bonds

LISTED = 1
"""The bond that the crooked list has elsewhere."""


def registered(node: AnvilNode) -> Story:
    """A bond is registered."""
    told = Lives(begin(node))
    lives.register(told, LISTED, NAME, {}, {})
    return told.story


def registered_twice(node: AnvilNode) -> Story:
    """Two bonds are registered under one ISIN."""
    told = Lives(begin(node))
    for name in (NAME, "another"):
        lives.register(told, 0, name, {}, {})
    return told.story


def registered_by_another(node: AnvilNode) -> Story:
    """Somebody registers a bond of an issuer."""
    play = begin(node)
    terms = {"issuerAccount": play.issuer.address}
    told = Lives(replace(play, issuer=play.holders[2]))
    lives.register(told, 0, NAME, terms, {})
    return play


def registered_short(node: AnvilNode) -> Story:
    """A bond repays nine tenths of its face."""
    told = Lives(begin(node))
    parts = [{"period": 2, "share": 500_000_000}, {"period": 4, "share": 400_000_000}]
    lives.register(told, 0, NAME, {"faceValue": 10_000}, {"instalments": parts})
    return told.story
