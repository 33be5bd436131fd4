"""The views that answer for calls, events of holders, default and versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import timedelta
from typing import Any

from indenture.audit.model import Each, day_number, redemption, to_date
from indenture.audit.probe import Probe, UnitPayment, expected_of
from indenture.audit.replay import World
from indenture.audit.replay.amounts import action_each, penalty
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.claims import claim_on
from indenture.audit.replay.life import RESOLUTION, Action, Claim
from indenture.audit.replay.register import Register
from indenture.audit.replay.rights import put_right
from indenture.audit.replay.status import status_of
from indenture.audit.views_servicing import escrow_of
from indenture.ledger.suite import Target

_NO_ACTION = (0, False, False, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ZERO, bytes(32))
_PAR, _ABOVE = 10**9, 1_037_500_001
_MOST_PERIODS = 60
_SOME_DAYS = 100
_DAY = timedelta(days=1)


def _state(world: World, _: int, bond: str) -> Iterator[Probe]:
    register = world.bonds[bond]
    life = register.life
    expected = (
        register.fixed_periods,
        len(life.actions),
        len(life.versions),
        len(life.calls),
        life.price,
        *life.extended,
        life.due_period,
        life.due_day,
        life.records_at_due,
    )
    yield Probe(_servicing(world), "stateOf", (bond,), expected)
    yield Probe(_servicing(world), "actionCount", (bond,), len(life.actions))


def _partial_call(world: World, _: int, bond: str, number: int) -> Iterator[Probe]:
    calls = world.bonds[bond].life.calls
    expected = astuple(calls[number]) if number < len(calls) else (0, 0, 0)
    yield Probe(_servicing(world), "partialCall", (bond, number), expected)


def _version(world: World, _: int, bond: str, number: int) -> Iterator[Probe]:
    register, target = world.bonds[bond], _servicing(world)
    versions = register.life.versions
    if number > len(versions):
        yield Probe(target, "version", (bond, number), (ZERO, 0))
        return
    found = versions[number - 1] if number else None
    yield Probe(target, "version", (bond, number), (found.source, found.first) if found else (bond, 0))
    terms = found.terms if found else register.terms
    yield Probe(target, "termsAt", (bond, number), (terms.raw, terms.provisions, terms.rights))


# --- events of holders


def _action(world: World, time: int, bond: str, number: int) -> Iterator[Probe]:
    target, action = _servicing(world), world.bonds[bond].life.actions.get(number)
    expected = _NO_ACTION if action is None else action.view
    yield Probe(target, "actionOf", (bond, number), expected)
    yield from _action_payment(world, time, bond, number)
    if action is None:
        return
    yield Probe(target, "drawingOf", (bond, number), _drawn(action))
    some = [1, 17, *action.elections.values()][:4]
    for units in some:
        yield Probe(target, "takenOf", (bond, number, units), action.taken(units))
    if action.kind < RESOLUTION and not action.decided:
        terms = expected_of(_action_terms, world.bonds[bond], action, time)
        yield Probe(target, "actionTerms", (bond, number), terms)


def _drawn(action: Action) -> tuple[int, int, int, int, int, bool]:
    drawing = action.drawing
    if drawing is None:
        return 0, 0, 0, 0, 0, False
    seed, seeded = drawing.seed or 0, drawing.seed is not None
    return drawing.units, drawing.counted, drawing.passed, seed, drawing.counted_in, seeded


def _action_terms(register: Register, action: Action, time: int) -> tuple[UnitPayment, int]:
    each = action_each(register, action, time)
    return UnitPayment(Each(each.interest, each.principal)), action.taken(action.elected)


def _action_payment(world: World, _: int, bond: str, number: int) -> Iterator[Probe]:
    escrow = escrow_of(world.servicing.actions.get((bond, number)), has_claims=False)
    yield Probe(_servicing(world), "actionPayment", (bond, number), escrow)


def _elected(world: World, _: int, bond: str, number: int, holder: str) -> Iterator[Probe]:
    action = world.bonds[bond].life.actions.get(number)
    units = action.elections.get(holder, 0) if action else 0
    yield Probe(_servicing(world), "electedBy", (bond, number, holder), units)


def _opened(world: World, time: int, bond: str, what: str, *numbers: int) -> Iterator[Probe]:
    """Of rights that are used once: puts of the terms in force, and sinking funds."""
    life = world.bonds[bond].life
    event = life.opened.get((what, *numbers), 0)
    if what == "sinking":
        yield Probe(_servicing(world), "sinkingOf", (bond, numbers[0]), event)
    elif what == "put" and (what, *numbers) == put_right(world.bonds[bond], numbers[-1], time):
        yield Probe(_servicing(world), "putOf", (bond, numbers[-1]), event)


def _bound(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[bond], "boundUnits", (), world.bonds[bond].bound)


def _credit(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(_servicing(world), "sinkingCredit", (bond,), world.bonds[bond].life.credit)


# --- early redemption and default


def _redemptions(world: World, time: int, bond: str) -> Iterator[Probe]:
    """What a unit would be paid that is redeemed on some days, at par and at an odd price."""
    register, target = world.bonds[bond], _servicing(world)
    if register.terms.is_rate_open or register.life.due_period:
        return
    deal, records = register.deal(time), register.records
    for on in (deal.today, deal.today + 40 * _DAY):
        if not deal.schedule.issue <= on < deal.ends(deal.last):
            continue
        for price in (0, _PAR, _ABOVE):
            each = expected_of(lambda d, p: UnitPayment(redemption(deal, d, p, records)), on, price)
            yield Probe(target, "redemptionTerms", (bond, day_number(on), price), each)


def _statuses(world: World, time: int, bond: str) -> Iterator[Probe]:
    """Whether each payment was missed, and what being late costs."""
    register, target = world.bonds[bond], _servicing(world)
    deal = register.deal(time)
    for period in sorted({*range(1, deal.last + 1)[:_MOST_PERIODS], deal.last}):
        status = expected_of(status_of, world, register, period, time)
        yield Probe(target, "paymentStatus", (bond, period), status)
        since = day_number(deal.due(period))
        cost = penalty(register, period, to_date(since), to_date(since + _SOME_DAYS))
        yield Probe(target, "penaltyOf", (bond, period, since, since + _SOME_DAYS), cost)
    yield from _period_on(world, time, bond)


def _period_on(world: World, time: int, bond: str) -> Iterator[Probe]:
    register = world.bonds[bond]
    deal = register.deal(time).at(0)
    for on in (deal.schedule.issue, deal.today, deal.schedule.maturity - _DAY, deal.schedule.maturity):
        number = expected_of(deal.period_on, on)
        yield Probe(_servicing(world), "periodOn", (bond, day_number(on)), number)


def _claim(world: World, time: int, bond: str) -> Iterator[Probe]:
    register, target = world.bonds[bond], _servicing(world)
    yield Probe(target, "claimOf", (bond,), astuple(register.life.claim))
    if register.life.due_period:
        today = day_number(register.terms.today(time))
        for day in (today, today + _SOME_DAYS):
            claim = expected_of(_claim_on, world, register, day, time)
            yield Probe(target, "claimOn", (bond, day), claim)


def _claim_on(world: World, register: Register, day: int, time: int) -> tuple[Any, ...]:
    claim: Claim = claim_on(world, register, day, time)
    return astuple(claim)


def _servicing(world: World) -> Target:
    return world.suite.one("Servicing")


LIFE_VIEWS: dict[str, Callable[..., Iterator[Probe]]] = {
    "state": _state,
    "partial call": _partial_call,
    "version": _version,
    "action": _action,
    "action payment": _action_payment,
    "elected": _elected,
    "opened": _opened,
    "bound": _bound,
    "credit": _credit,
    "redemptions": _redemptions,
    "statuses": _statuses,
    "claim": _claim,
}
"""Views by the kind of their key."""
