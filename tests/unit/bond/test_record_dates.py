"""unitsAt, supplyAt, checkpointAt against a model that keeps every balance at every record time.

PROPERTIES 6: what is owed follows the balance at the record time, whatever moves later.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.evm.builders import DAY, Market, china_calendar, day_of, expected_days
from tests.evm.chain import refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

PERIODS = 36
MARKET = Market(china_calendar())


class RegisterModel(RuleBasedStateMachine):
    """Moves, issues, freezes, payments and jumps in time; the ghost is a plain dictionary."""

    make_world: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make_world()
        self.sandbox = self.world.sandbox()
        self.sandbox.__enter__()
        self.people = [self.world.holder, self.world.buyer, *self.world.investors[:2]]
        self.now: Counter[str] = Counter()
        self.at_records: list[Counter[str]] = []
        self.paid: set[tuple[str, int]] = set()

    def teardown(self) -> None:
        self.sandbox.__exit__(None, None, None)

    @initialize(units=st.integers(1, 500), roll=st.integers(0, 4), record_days=st.integers(0, 5))
    def start(self, units: int, roll: int, record_days: int) -> None:
        self.bond = self.world.register(
            lone=True,
            issueDay=day_of(date(2019, 12, 31)),
            periods=PERIODS,
            monthsPerPeriod=1,
            roll=roll,
            recordBusinessDays=record_days,
        )
        self.terms = self.bond.terms()
        self.times = [
            expected_days(self.terms, period, MARKET).recordTime for period in range(1, PERIODS + 1)
        ]
        self.issue(0, units)

    def pass_records(self) -> None:
        """The ghost keeps all balances at each record time that the clock has reached."""
        while len(self.at_records) < PERIODS and self.times[len(self.at_records)] <= self.world.evm.now:
            self.at_records.append(Counter(self.now))

    @property
    def is_closed(self) -> bool:
        return len(self.at_records) == PERIODS

    @rule(who=st.integers(0, 3), units=st.integers(1, 500))
    def issue(self, who: int, units: int) -> None:
        holder, bond = self.people[who], self.bond
        found = refused(lambda: bond.issue([holder], [units], sender=self.world.issuing))
        assert found == ("BondBooksClosed" if self.is_closed else "")
        if not found:
            self.now[holder] += units

    @rule(giver=st.integers(0, 3), taker=st.integers(0, 3), units=st.integers(1, 600), forced=st.booleans())
    def move(self, giver: int, taker: int, units: int, forced: bool) -> None:
        source, target, bond = self.people[giver], self.people[taker], self.bond
        act: Callable[[], Any] = (
            (lambda: bond.forcedTransfer(source, target, units, sender=self.world.statutory))
            if forced
            else (lambda: bond.transfer(target, units, sender=source))
        )
        found = refused(act)
        assert (found == "") == (not self.is_closed and source != target and units <= self.now[source])
        if not found:
            self.now[source] -= units
            self.now[target] += units

    @rule(days=st.integers(0, 20), hours=st.integers(0, 23))
    def wait(self, days: int, hours: int) -> None:
        self.world.evm.warp(self.world.evm.now + days * DAY + hours * 3600)
        self.pass_records()

    @rule(months=st.integers(2, 8))
    def wait_long(self, months: int) -> None:
        """Several record dates go by without a movement."""
        self.world.evm.warp(self.world.evm.now + months * 30 * DAY)
        self.pass_records()

    @precondition(lambda self: len(self.at_records) < PERIODS)
    @rule(early=st.booleans())
    def wait_for_the_record(self, early: bool) -> None:
        """Just at a record time, or the second before."""
        time = self.times[len(self.at_records)] - early
        self.world.evm.warp(max(self.world.evm.now, time))
        self.pass_records()

    @precondition(lambda self: self.at_records)
    @rule(who=st.lists(st.integers(0, 3), max_size=5), back=st.integers(0, 40))
    def pay(self, who: list[int], back: int) -> None:
        period = max(1, len(self.at_records) - back)
        holders = [self.people[i] for i in who]
        self.bond.advance(sender=self.world.outsider)
        units = self.bond.markPaid(period, holders, sender=self.world.paying).value
        for holder, paid in zip(holders, units, strict=True):
            due = 0 if (holder, period) in self.paid else self.at_records[period - 1][holder]
            assert paid == due, f"period {period}"
            if due:
                self.paid.add((holder, period))
                if period == PERIODS:
                    self.now[holder] = 0

    @rule()
    def advance(self) -> None:
        self.bond.advance(sender=self.world.outsider)

    @invariant()
    def balances_agree(self) -> None:
        if not hasattr(self, "bond"):
            return
        for holder in self.people:
            assert self.bond.balanceOf(holder) == self.now[holder], "REGISTER-1: balances"
        assert self.bond.totalSupply() == self.now.total(), "REGISTER-2: supply is the sum of the balances"

    @invariant()
    def records_agree(self) -> None:
        if not hasattr(self, "bond"):
            return
        with self.world.evm.sandbox():
            self.bond.advance(sender=self.world.outsider)
            assert self.bond.book().records == len(self.at_records)
            for record, held in list(enumerate(self.at_records, 1))[-6:]:
                found = {holder: self.bond.unitsAt(holder, record) for holder in self.people}
                assert found == {holder: held[holder] for holder in self.people}, f"RECORD-1: record {record}"
                assert self.bond.supplyAt(record) == held.total(), f"RECORD-2: supply at record {record}"

    @rule()
    def look_at_all_records(self) -> None:
        self.bond.advance(sender=self.world.outsider)
        for record, held in enumerate(self.at_records, 1):
            for holder in self.people:
                assert self.bond.unitsAt(holder, record) == held[holder], f"RECORD-1: record {record}"
            assert self.bond.supplyAt(record) == held.total(), f"RECORD-2: supply at record {record}"


def test_register__any_history__is_that_of_the_model(deployed: World) -> None:
    RegisterModel.make_world = staticmethod(lambda: deployed)
    settings_here = settings(
        max_examples=60,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    RegisterModel.TestCase.settings = settings_here
    RegisterModel.TestCase("runTest").runTest()


def test_checkpoint_at__after_a_change__spans_the_records_before_it(world: World) -> None:
    bond = world.lone_bond(periods=12, monthsPerPeriod=1)
    world.to_record(bond, 3)

    bond.transfer(world.buyer, 40, sender=world.holder)
    world.to_record(bond, 5)
    bond.transfer(world.buyer, 60, sender=world.holder)

    assert bond.checkpointAt(world.holder, 3) == {"units": 100, "since": 0, "previous": 0}
    assert bond.checkpointAt(world.holder, 5) == {"units": 60, "since": 3, "previous": 3}
    assert bond.checkpointAt(world.buyer, 3) == {"units": 0, "since": 0, "previous": 0}
    assert bond.checkpointAt(world.buyer, 5) == {"units": 40, "since": 3, "previous": 0}
    assert [bond.unitsAt(world.holder, record) for record in range(1, 6)] == [100, 100, 100, 60, 60]
    assert [bond.unitsAt(world.buyer, record) for record in range(1, 6)] == [0, 0, 0, 40, 40]
    assert bond.entryOf(world.holder) == {
        "units": 0,
        "frozen": 0,
        "pledged": 0,
        "cursor": 5,
        "checkpoint": 5,
        "number": 1,
    }


def test_units_at__nothing_moves__writes_nothing(world: World) -> None:
    """Record dates cost nothing until something moves."""
    bond = world.lone_bond(periods=12, monthsPerPeriod=1)
    before = bond.entryOf(world.holder)
    world.to_record(bond, 12)

    assert bond.entryOf(world.holder) == before
    assert all(bond.unitsAt(world.holder, record) == 100 for record in range(1, 13))


def test_transfer__second_one_after_a_record_date__writes_no_checkpoint(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)
    bond.transfer(world.buyer, 40, sender=world.holder)
    bond.transfer(world.buyer, 40, sender=world.holder)
    bond.transfer(world.holder, 10, sender=world.buyer)

    assert bond.checkpointAt(world.holder, 1).units == 100
    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (100, 0)
