"""Lives with options, events of holders, default and new terms, held against figures worked out by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from tests.e2e.cash_of_lives import PURSE, Cash, issued, paid, traded
from tests.e2e.lived import LIVES, Lived
from tests.e2e.test_lives import LABELS as PLAIN
from tests.e2e.test_lives import amounts, payments
from tests.e2e.worked_events import BY_LOT, EVENTS, Held, Told, default_lost, told

from indenture.contracts._base import topic_of
from indenture.dates import civil_day
from indenture.roles.bond_figures import BondFigures

pytestmark = pytest.mark.integration

LABELS = [life.label for life in LIVES.lives if life.label in {*EVENTS, BY_LOT}]
#: A claim is kept to the 1e-18 of a base unit, and rounded down with every recovery.
CLOSE = Fraction(1, 10**12)


def drawings(lived: Lived) -> list[list[tuple[str, int]]]:
    """Of each drawing of the life that is drawn by lot, whose units were drawn, in the order of the row."""
    names = {lived.address(name): name for name in ("bank", "fund", "insurer")}
    events = _all(lived, "UnitsDrawn")
    return [
        [
            (names[holder], units)
            for event in events
            if event["action"] == number
            for holder, units in zip(event["holders"], event["drawn"], strict=True)
        ]
        for number in (1, 2, 3)
    ]


def worked(lived: Lived, label: str) -> Told:
    """What a life must come to."""
    drawn: list[Held] = [dict(each) for each in drawings(lived)]
    return told(label, drawn)


def _all(lived: Lived, name: str) -> list[Any]:
    address = lived.bond(BY_LOT).address
    return list(lived.suite.servicing.events(name, indexed=[topic_of(address)]))


@pytest.mark.parametrize("label", LABELS)
def test_lives_events__payments__are_those_worked_out_by_hand(lived: Lived, label: str) -> None:
    life = lived.life(label)
    funded, late = lived.told(label, "PaymentFunded"), lived.told(label, "PenaltyFunded")
    completed = lived.told(label, "PaymentCompleted")
    due = [each for each in worked(lived, label).paid if not each.is_event]

    assert sorted(funded) == [each.number for each in due]
    for each in due:
        event, penalty = funded[each.number], late.get(each.number)
        found = (event["interest"], event["principal"], penalty["amount"] if penalty else 0)
        assert found == each.funded, each.number
        assert event["units"] == each.units
        done = completed[each.number]
        assert done["residue"] == each.residue
        time = lived.suite.chain.block_stamp(done.block_number).time
        assert civil_day(time, life.terms.record.time_zone_offset) == each.day


@pytest.mark.parametrize("label", LABELS)
def test_lives_events__units_taken__are_paid_what_was_worked_out(lived: Lived, label: str) -> None:
    life = lived.life(label)
    funded = lived.told(label, "ActionFunded", "action")
    settled = lived.told(label, "ActionSettled", "action")
    completed = lived.told(label, "ActionCompleted", "action")
    due = [each for each in worked(lived, label).paid if each.is_event]

    assert sorted(funded) == sorted(completed) == [each.number for each in due]
    for each in due:
        event = funded[each.number]
        assert (event["interest"], event["principal"], event["penalty"]) == each.funded
        assert event["units"] == each.units
        assert settled[each.number]["taken"] == sum(each.held.values())
        assert settled[each.number]["amount"] == sum(each.amounts.values())
        assert completed[each.number]["residue"] == each.residue
        time = lived.suite.chain.block_stamp(event.block_number).time
        assert civil_day(time, life.terms.record.time_zone_offset) == each.day


@pytest.mark.parametrize("label", LABELS)
def test_lives_events__row__is_the_sum_of_what_was_paid(lived: Lived, label: str) -> None:
    played, life, due = lived.played(label), lived.life(label), worked(lived, label)
    money = life.terms.currency.money_from_base
    funded = [each.funded for each in due.paid]

    assert played.payments == sum(not each.is_event for each in due.paid)
    assert played.redemptions == sum(each.is_event for each in due.paid)
    assert played.recoveries == len(due.recoveries)
    assert played.interest == money(sum(interest for interest, _, _ in funded))
    assert played.principal == money(sum(principal for _, principal, _ in funded))
    assert played.penalty == money(sum(late for _, _, late in funded))
    assert played.recovered == money(sum(each.amount for each in due.recoveries))
    residues = [each.residue for each in due.paid] + [each.residue for each in due.recoveries]
    assert played.residues == money(sum(residues))


@pytest.mark.parametrize("label", ["default", "cross-default", "overdue"])
def test_lives_events__recoveries__are_those_worked_out_by_hand(lived: Lived, label: str) -> None:
    life = lived.life(label)
    funded, completed = (
        lived.told(label, "RecoveryFunded", "record"),
        lived.told(label, "PaymentCompleted"),
    )
    due = worked(lived, label).recoveries

    assert [event["amount"] for event in funded.values()] == [each.amount for each in due]
    assert list(funded) == [each.number for each in due]
    for each in due:
        done = completed[each.number]
        assert done["residue"] == each.residue
        time = lived.suite.chain.block_stamp(done.block_number).time
        assert civil_day(time, life.terms.record.time_zone_offset) == each.day


def test_lives_events__default__what_is_lost_was_worked_out_by_hand(lived: Lived) -> None:
    (closed,) = lived.told("default", "DefaultClosed", "record").values()
    claim = BondFigures(lived.suite, lived.bond("default")).claim()

    assert claim is not None
    assert claim.is_closed
    for found, lost in zip((closed["principal"], closed["interest"]), default_lost(), strict=True):
        assert abs(Fraction(found, 10**18) - lost) < CLOSE


def test_lives_events__cross_default__the_claim_is_covered(lived: Lived) -> None:
    (closed,) = lived.told("cross-default", "DefaultClosed", "record").values()

    assert (closed["principal"], closed["interest"]) == (0, 0)
    (noticed,) = lived.told("cross-default", "DefaultNoticed", "period").values()
    assert (noticed["cause"], noticed["period"]) == (lived.bond("cured").address, 2)


def test_lives_events__tender__is_cut_pro_rata(lived: Lived) -> None:
    (event,) = [each for each in worked(lived, "tender").paid if each.is_event]

    assert event.held == {"bank": 1_499, "insurer": 499, "fund": 0}
    assert event.residue > 2 * 9_875  # two units that rounding left over


def test_lives_events__drawings__are_systematic_samples(lived: Lived) -> None:
    asked = (1_300, 2_000, 1_000)  # of 2,000 the 700 that were cancelled count
    left = {"bank": 4_301, "fund": 3_333, "insurer": 1_666}
    for number, (most, row) in enumerate(zip(asked, drawings(lived), strict=True), start=1):
        (seeded,) = [each for each in _all(lived, "DrawingSeeded") if each["action"] == number]
        seed, supply, before = seeded["seed"], sum(left.values()), 0
        assert seed < supply
        for holder, drawn in row:
            after = before + left[holder]
            assert drawn == (after * most + seed) // supply - (before * most + seed) // supply
            before = after
        assert before == supply
        assert sum(units for _, units in row) == most
        for holder, drawn in row:
            left[holder] -= drawn


def test_lives_events__exchange__new_units_are_issued_for_the_old(lived: Lived) -> None:
    new = lived.bond("exchanged-into")

    assert new.units_at([lived.address(name) for name in ("bank", "fund", "insurer")], 1) == [
        2_301,
        833,
        1_116,
    ]


def test_lives_events__states__say_what_moved_each_bond(lived: Lived) -> None:
    def state(label: str) -> Any:
        return BondFigures(lived.suite, lived.bond(label)).bond_state()

    assert (state("called").is_called, state("called").price) == (True, Fraction("102.875"))
    assert [(each.period, each.share) for each in state("called-in-part").partial_calls] == [(4, 20), (6, 25)]
    assert (state("extended").extended_from, state("extended").last_period) == (3, 4)
    assert (state("new-terms").versions, state("new-terms").last_period) == (1, 6)
    assert (state("default").due_period, state("default").records_at_due) == (3, 2)
    assert state("by-lot").sinking_credit == 0


def test_lives__cash_at_the_end__is_what_follows_from_all_payments(lived: Lived) -> None:
    expected: Cash = Counter()
    for life in lived.lives.lives:
        issued(expected, life)
        if life.label in PLAIN:
            for payment in payments(life):
                paid(expected, life, amounts(life, payment))
            continue
        due = worked(lived, life.label)
        for amounts_paid in [each.amounts for each in due.paid] + [each.amounts for each in due.recoveries]:
            paid(expected, life, amounts_paid)
        for trade in due.trades:
            traded(expected, life.terms.currency.code, *trade)
    # The saver's tax: a fifth of 1,666 * 1.32, and three times of 1,333 * 1.32.
    tax = 439_82 + 3 * 351_91
    expected["saver", "CNY"] -= tax
    expected["tax-office", "CNY"] += tax
    # Trades: 998.00 a unit of ten, with what accrued; and the coupon of 1,000 units, which is the buyer's.
    for trade in (
        ("bank", "insurer", 103_041_12 - 3_250_00),
        ("bank", "fund", 99_741_13),
        ("fund", "insurer", 49_913_35),
    ):
        traded(expected, "CNY", *trade)
    for name in ("bank", "fund", "insurer", "saver", "paying-agent"):
        for code in ("CNY", "EUR"):
            expected[name, code] += PURSE

    found = {(name, code): lived.suite.cash(code).balance_of(lived.address(name)) for name, code in expected}

    assert found == expected
