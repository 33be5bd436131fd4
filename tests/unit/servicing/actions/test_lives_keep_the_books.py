"""Units and money over any life with events: puts, offers, lots, coupons, a default and its recoveries

At every moment the supply is what the holders have, bound units are theirs, elections add up, and the escrow
holds what was paid in and not given out, and what is kept by name. At the end every unit is burned, and the
escrow is empty.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.evm.builders import (
    ACCELERATION,
    DAY,
    DRAWING,
    NO_PROVISIONS,
    NO_RIGHTS,
    WHOLE,
    call_right,
    code,
    day_of,
    defaults,
    event_right,
    put_right,
    sinking,
)
from tests.evm.chain import Contract, refused
from tests.evm.world import World
from tests.unit.servicing.actions.stage import DUE, acting, exchange_terms, taxing, tender_terms

pytestmark = pytest.mark.unit

PERIODS = 4
RIGHTS = NO_RIGHTS.but(
    puts=[
        put_right(
            date(2020, 1, 2), date(2020, 1, 20), date(2020, 2, 3), price=1_013_377_331, withdrawable=True
        ),
        put_right(date(2020, 5, 6), date(2020, 5, 25), date(2020, 6, 4), price=987_654_321),
    ],
    events=[event_right("CONTROL", byHolders=True, noticeDays=20, price=1_005_000_001)],
    calls=[call_right(date(2020, 1, 10), date(2020, 9, 1), price=1_020_202_020, inPart=True)],
    sinking=[sinking(2, 61), sinking(3, 97)],
    defaults=defaults(crossDefault=True, accelerationShare=WHOLE // 3),
)
#: What would be a fault of the books, whoever does whatever in whatever order.
FAULTS = {"Panic", "Error", "unknown", "without a reason", "BondBelowBound", "PaymentCashMismatch"}
PEOPLE = st.integers(0, 3)
GROUPS = st.lists(PEOPLE, min_size=1, max_size=4)
EVENTS = st.integers(0, 2)
SHARES = st.lists(st.integers(0, 300), min_size=4, max_size=4)
OPENED = ("put", "later put", "event", "tender", "exchange")


class Life(RuleBasedStateMachine):
    """Four people, four quarters; every act is tried by whom it is for, and may be refused for a reason."""

    make_world: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make_world()
        self.sandbox = self.world.sandbox()
        self.sandbox.__enter__()
        self.people = [self.world.holder, self.world.buyer, *self.world.investors[:2]]
        self.bond: Contract | None = None

    def teardown(self) -> None:
        try:
            if self.bond is not None:
                self.end()
        finally:
            self.sandbox.__exit__(None, None, None)

    @initialize(
        rounding=st.integers(0, 2),
        face=st.sampled_from([1, 7, 51, 10_000, 10**12 + 1]),
        rate=st.integers(0, 200_000_000),
        tax=st.sampled_from([None, 200_000_000, 333_333_333]),
        holdings=st.lists(st.integers(100, 999), min_size=4, max_size=4),
        records=st.integers(0, 3),
    )
    def start(
        self, rounding: int, face: int, rate: int, tax: int | None, holdings: list[int], records: int
    ) -> None:
        world = self.world
        bond = acting(
            world,
            dict(zip(self.people, holdings, strict=True)),
            rights=RIGHTS,
            provisions=NO_PROVISIONS if tax is None else taxing(world, tax),
            faceValue=face,
            couponRate=rate,
            rounding=rounding,
            periods=PERIODS,
            recordBusinessDays=records,
        )
        world.give_cash(world.paying_agent, 10**19)
        self.target = world.register(issueDay=day_of(DUE[1]), units=1_500, faceValue=face)
        self.bond = bond

    # --- what may happen

    def tried(self, act: Callable[[], object]) -> str:
        name = refused(act)
        assert name not in FAULTS, name
        return name

    @property
    def life(self) -> Contract:
        assert self.bond is not None
        return self.bond

    @property
    def now(self) -> int:
        return self.world.evm.now

    @property
    def today(self) -> int:
        """In the bond's zone."""
        return (self.now + 8 * 3600) // DAY

    @property
    def has_events(self) -> bool:
        return self.bond is not None and len(self.events()) != 0

    @property
    def is_due(self) -> bool:
        return self.bond is not None and self.world.servicing.stateOf(self.bond).duePeriod != 0

    def events(self) -> range:
        return range(1, self.world.servicing.actionCount(self.bond) + 1)

    def event(self, which: int) -> int:
        """One of the latest events."""
        return max(1, len(self.events()) - which)

    @rule(days=st.integers(1, 40), second=st.integers(0, DAY - 1))
    def wait(self, days: int, second: int) -> None:
        self.world.evm.warp(self.now + days * DAY + second)
        self.tried(lambda: self.life.advance(sender=self.world.outsider))

    @rule(giver=PEOPLE, taker=PEOPLE, units=st.integers(1, 300))
    def move(self, giver: int, taker: int, units: int) -> None:
        source, to = self.people[giver], self.people[taker]
        self.tried(lambda: self.life.transfer(to, units, sender=source))

    @rule(who=PEOPLE, units=st.integers(0, 400))
    def freeze(self, who: int, units: int) -> None:
        self.world.freeze(self.life, self.people[who], units)

    @rule(what=st.sampled_from([*OPENED]), most=st.integers(1, 900), elections=SHARES)
    def invite(self, what: str, most: int, elections: list[int]) -> None:
        """Something in which holders elect, and what they elect at once."""
        world, bond, issuer = self.world, self.life, self.world.issuer
        servicing, offer = world.servicing, {"payDay": self.today + 9}
        acts: dict[str, Callable[[], object]] = {
            "put": lambda: servicing.openPut(bond, 0, sender=world.outsider),
            "later put": lambda: servicing.openPut(bond, 1, sender=world.outsider),
            "event": lambda: servicing.declareEvent(bond, code("CONTROL"), bytes(32), sender=issuer),
            "tender": lambda: servicing.offerTender(
                bond, tender_terms(world, most=most, amount=most * 17, **offer), sender=issuer
            ),
            "exchange": lambda: servicing.offerExchange(
                bond, exchange_terms(world, self.target, amount=most % 3, **offer), sender=issuer
            ),
        }
        if self.tried(acts[what]):
            return
        number = len(self.events())
        self.world.evm.warp(max(self.now, servicing.actionOf(bond, number).opensAt))
        for who, units in enumerate(elections):
            self.elect_in(number, who, 2 * units)

    @rule(sinks=st.booleans(), most=st.integers(1, 900), period=st.integers(2, 3), ahead=st.integers(31, 40))
    def announce(self, sinks: bool, most: int, period: int, ahead: int) -> None:
        """A lot, and the day from which it is drawn."""
        servicing, bond, issuer = self.world.servicing, self.life, self.world.issuer
        if sinks:
            refusal = self.tried(lambda: servicing.drawSinking(bond, period, sender=issuer))
        else:
            refusal = self.tried(lambda: servicing.callByLot(bond, self.today + ahead, most, sender=issuer))
        if not refusal and (number := len(self.events())):
            self.world.evm.warp(max(self.now, servicing.actionOf(bond, number).opensAt))

    @precondition(lambda self: self.has_events)
    @rule(which=EVENTS, who=PEOPLE, units=st.integers(1, 200), back=st.booleans())
    def elect(self, which: int, who: int, units: int, back: bool) -> None:
        number = self.event(which)
        if back:
            act, has = self.world.servicing.withdraw, self.world.servicing.electedBy
            most = min(2 * units, has(self.life, number, self.people[who]))
            self.tried(lambda: act(self.life, number, most, sender=self.people[who]))
        else:
            self.elect_in(number, who, 2 * units)

    @precondition(lambda self: self.has_events)
    @rule(which=EVENTS, who=PEOPLE)
    def annul(self, which: int, who: int) -> None:
        act, desk, number = self.world.servicing.annulElection, self.world.statutory, self.event(which)
        self.tried(lambda: act(self.life, number, self.people[who], b"\x01" * 32, sender=desk))

    @precondition(lambda self: self.has_events)
    @rule(which=EVENTS, group=GROUPS, stage=st.integers(0, 3), days=st.integers(0, 12))
    def proceed(self, which: int, group: list[int], stage: int, days: int) -> None:
        """What comes next in an event, or some of it: counted, drawn, paid for, settled."""
        number = self.event(which)
        action = self.world.servicing.actionOf(self.life, number)
        if action.kind == DRAWING:
            for each in group if stage < 1 else range(len(self.people)):
                self.count_in(number, [each])
            for each in group if stage < 2 else range(len(self.people)):
                self.draw_in(number, [each])
        if stage > 1 and action.payTime < self.now + 60 * DAY:
            self.world.evm.warp(max(self.now, action.payTime + days * DAY))
            agent = self.world.paying_agent
            self.tried(lambda: self.world.servicing.fundAction(self.life, number, sender=agent))
        if stage > 2:
            self.settle_in(number, group)

    @precondition(lambda self: self.has_events)
    @rule(which=EVENTS, group=GROUPS)
    def settle(self, which: int, group: list[int]) -> None:
        self.settle_in(self.event(which), group)

    @precondition(lambda self: self.has_events)
    @rule(which=EVENTS, group=GROUPS, himself=st.booleans())
    def release(self, which: int, group: list[int], himself: bool) -> None:
        who = [self.people[each] for each in (group[:1] if himself else group)]
        sender, number = who[0] if himself else self.world.outsider, self.event(which)
        self.tried(lambda: self.world.servicing.release(self.life, number, who, sender=sender))

    @precondition(lambda self: self.bond is not None and self.bond.book().records)
    @rule(back=st.integers(0, 2), group=GROUPS, fund=st.booleans())
    def pay(self, back: int, group: list[int], fund: bool) -> None:
        """One of the latest payments, or recoveries."""
        record = max(1, self.life.book().records - back)
        if fund:
            self.fund(record)
        self.pay_out(record, group)

    @precondition(lambda self: self.bond is not None and not self.is_due)
    @rule(days=st.integers(0, 150), group=GROUPS)
    def fall(self, days: int, group: list[int]) -> None:
        """The latest coupon is missed, and whoever has free units gives notice."""
        servicing, period = self.world.servicing, max(1, self.life.book().records)
        _, until = servicing.paymentStatus(self.life, period)
        if until < self.now + days * DAY:
            self.world.evm.warp(max(self.now, until))
        sender = self.world.outsider
        if self.tried(lambda: servicing.noticeDefault(self.life, self.life, period, 0, sender=sender)):
            return
        number = len(self.events())
        for each in group:
            entry = self.life.entryOf(self.people[each])
            self.elect_in(number, each, max(0, entry.units - entry.pledged - entry.frozen))
        self.tried(lambda: servicing.accelerate(self.life, number, sender=sender))

    @precondition(lambda self: self.bond is not None and self.bond.book().closed)
    @rule(days=st.integers(0, 12))
    def declare_overdue(self, days: int) -> None:
        self.world.evm.warp(self.now + days * DAY)
        self.tried(lambda: self.world.servicing.declareOverdue(self.life, sender=self.world.outsider))

    @precondition(lambda self: self.is_due)
    @rule(share=st.integers(1, WHOLE), ahead=st.integers(1, 5), group=GROUPS)
    def recover(self, share: int, ahead: int, group: list[int]) -> None:
        """A part of what is owed, or all of it; and to the day on which it is paid."""
        amount, record = max(1, self.owed() * share // WHOLE), self.today + ahead
        act, agent = self.world.servicing.fundRecovery, self.world.paying_agent
        self.tried(lambda: act(self.life, amount, record, False, bytes(32), sender=agent))
        number = self.life.book().records + 1
        if self.life.book().announced:
            self.world.evm.warp(max(self.now, self.life.paymentDays(number).payTime))
            self.life.advance(sender=self.world.outsider)
            self.pay_out(number, group)

    @rule(who=PEOPLE)
    def collect(self, who: int) -> None:
        act = self.world.servicing.collect
        self.tried(lambda: act(self.life, self.people[who], sender=self.world.outsider))

    # --- how

    def elect_in(self, number: int, who: int, units: int) -> None:
        if units:
            act = self.world.servicing.elect
            self.tried(lambda: act(self.life, number, units, sender=self.people[who]))

    def count_in(self, number: int, group: list[int]) -> None:
        act, who = self.world.servicing.count, [self.people[each] for each in group]
        self.tried(lambda: act(self.life, number, who, sender=self.world.outsider))

    def draw_in(self, number: int, group: list[int]) -> None:
        self.world.evm.mine(2)
        act, who = self.world.servicing.draw, [self.people[each] for each in group]
        self.tried(lambda: act(self.life, number, who, sender=self.world.outsider))

    def settle_in(self, number: int, group: list[int]) -> None:
        act, who = self.world.servicing.settleAction, [self.people[each] for each in group]
        self.tried(lambda: act(self.life, number, who, sender=self.world.outsider))

    def fund(self, period: int) -> None:
        self.tried(lambda: self.world.servicing.fund(self.life, period, sender=self.world.paying_agent))

    def pay_out(self, record: int, group: list[int]) -> None:
        servicing, who = self.world.servicing, [self.people[each] for each in group]
        sender = self.world.outsider
        if servicing.payment(self.life, record).isLast:
            self.tried(lambda: servicing.redeem(self.life, who, sender=sender))
        else:
            self.tried(lambda: servicing.pay(self.life, record, who, sender=sender))

    # --- what must hold

    def owed(self) -> int:
        """Base units of the claims of all, today."""
        claim = self.world.servicing.claimOn(self.life, self.today)
        return int((claim.principal + claim.interest) * self.life.totalSupply() // 10**18)

    def kept(self) -> int:
        accounts = (*self.people, self.world.cash_issuer, self.world.paying_agent)
        return sum(self.world.servicing.keptFor(self.bond, each) for each in accounts)

    @invariant()
    def units_are_somebodys(self) -> None:
        if self.bond is None:
            return
        for each in (self.bond, self.target):
            assert each.totalSupply() == sum(each.balanceOf(who) for who in self.people)
        entries = [self.bond.entryOf(who) for who in self.people]
        assert all(entry.pledged <= entry.units for entry in entries)
        assert self.world.events_of(self.bond).boundUnits() == sum(entry.pledged for entry in entries)

    @invariant()
    def elections_add_up(self) -> None:
        if self.bond is None:
            return
        servicing = self.world.servicing
        bound = 0
        for number in self.events():
            action = servicing.actionOf(self.bond, number)
            mine = sum(servicing.electedBy(self.bond, number, who) for who in self.people)
            assert mine == action.elected - action.settled
            bound += mine
        assert bound == self.world.events_of(self.bond).boundUnits()

    @invariant()
    def escrow_holds_what_is_owed(self) -> None:
        if self.bond is None:
            return
        servicing, open_ = self.world.servicing, 0
        for record in range(1, PERIODS + 20):
            payment = servicing.payment(self.bond, record)
            assert payment.paid <= payment.funded
            if payment.fundedAt and payment.unitsPaid < payment.units:
                open_ += payment.funded - payment.paid
        for number in self.events():
            action, escrow = (
                servicing.actionOf(self.bond, number),
                servicing.actionPayment(self.bond, number),
            )
            assert escrow.paid <= escrow.funded
            if escrow.fundedAt and action.settled < action.elected:
                open_ += escrow.funded - escrow.paid
        assert self.world.cash.balanceOf(self.world.servicing) == open_ + self.kept()

    # --- the end

    def end(self) -> None:
        """Finishes what is under way: every unit is burned, and nothing stays in the escrow."""
        world, bond, servicing = self.world, self.bond, self.world.servicing
        assert bond is not None
        for who in self.people:
            world.freeze(bond, who, 0)
        self.finish_drawings()
        if servicing.stateOf(bond).duePeriod:
            self.recover_whole()
        else:
            self.redeem()
        for number in self.events():
            for who in self.people:
                if servicing.electedBy(bond, number, who):
                    self.free(number, who)
        self.units_are_somebodys()
        self.elections_add_up()
        self.escrow_holds_what_is_owed()
        for account in (*self.people, world.cash_issuer, world.paying_agent):
            if servicing.keptFor(bond, account):
                servicing.collect(bond, account, sender=world.outsider)
        assert bond.totalSupply() == world.events_of(bond).boundUnits() == 0
        assert world.cash.balanceOf(servicing) == 0

    def finish_drawings(self) -> None:
        """No drawing can be stuck: whoever is left is counted, and drawn from."""
        assert self.bond is not None
        if not self.bond.book().shut:
            return
        for number in self.events():
            drawing = self.world.servicing.drawingOf(self.bond, number)
            if drawing.units and drawing.passed != drawing.units:
                for each in range(len(self.people)):
                    self.count_in(number, [each])
                for each in range(len(self.people)):
                    self.draw_in(number, [each])
        assert not self.bond.book().shut

    def free(self, number: int, who: Any) -> None:
        """By the money that is there, or by going."""
        servicing, sender = self.world.servicing, self.world.outsider
        if servicing.actionOf(self.bond, number).kind == ACCELERATION:
            over = servicing.actionOf(self.bond, number).closesAt
            self.world.evm.warp(max(self.now, over))
        if refused(lambda: servicing.settleAction(self.bond, number, [who], sender=sender)):
            servicing.release(self.bond, number, [who], sender=sender)

    def settle_funded(self) -> None:
        """What is paid in for events is given out, as long as it can be."""
        for number in self.events():
            if self.world.servicing.actionPayment(self.bond, number).fundedAt:
                self.settle_in(number, [0, 1, 2, 3])

    def redeem(self) -> None:
        world, bond, servicing = self.world, self.bond, self.world.servicing
        assert bond is not None
        self.settle_funded()
        for period in range(1, PERIODS + 1):
            world.to_payment(bond, period)
            self.fund(period)
            if servicing.payment(bond, period).fundedAt:
                self.pay_out(period, [0, 1, 2, 3])
                payment = servicing.payment(bond, period)
                assert payment.unitsPaid == payment.units

    def recover_whole(self) -> None:
        world, bond, servicing = self.world, self.bond, self.world.servicing
        assert bond is not None
        self.settle_funded()
        days = bond.paymentDays(bond.book().records + 1)
        if bond.book().announced:
            world.evm.warp(max(self.now, days.recordTime))
            bond.advance(sender=world.outsider)
        self.settle_funded()
        if not servicing.claimOf(bond).isClosed and (owed := self.owed()):
            record = self.today + 1
            while not world.calendar.isBusinessDay(bond.terms().calendar, record):
                record += 1
            servicing.fundRecovery(bond, owed, record, False, bytes(32), sender=world.paying_agent)
            world.evm.warp(bond.paymentDays(bond.book().records + 1).recordTime)
            bond.advance(sender=world.outsider)
        for record in range(1, bond.book().records + 1):
            if servicing.payment(bond, record).fundedAt:
                world.evm.warp(max(self.now, servicing.payment(bond, record).payTime))
                self.pay_out(record, [0, 1, 2, 3])


def test_books__any_life__add_up_and_end_empty(deployed: World) -> None:
    Life.make_world = staticmethod(lambda: deployed)
    Life.TestCase.settings = settings(
        max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Life.TestCase("runTest").runTest()
