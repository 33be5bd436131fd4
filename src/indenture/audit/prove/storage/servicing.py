"""What the storage of the Servicing must hold: escrows, amounts, claims, fixings, and what moved a bond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.escrow import escrow
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.layout import SERVICING
from indenture.audit.replay import World
from indenture.audit.replay.life import Action, Drawing
from indenture.audit.replay.register import Register

_ACTION_ESCROWS = 1 << 16
"""Escrows of events of holders lie beyond those of payments."""


def servicing_storage(world: World) -> Iterator[Cell | Judged]:
    """Every slot of the Servicing."""
    book = world.servicing
    for bond, period in dict.fromkeys([*book.payments, *book.has_claims]):
        yield from payment_row(world, bond, period)
    for bond, number in book.actions:
        yield from action_payment_row(world, bond, number)
    for bond, holder in book.kept:
        yield from kept_row(world, bond, holder)
    for bond, period, account in dict.fromkeys([*book.claimed, *book.claims_paid]):
        yield from claimed_row(world, bond, period, account)
    for bond, period, account in book.transferred:
        yield from transferred_row(world, bond, period, account)
    for bond, register in world.bonds.items():
        yield from servicing_page(world, bond)
        for action in register.life.actions.values():
            row = action.drawing.row if action.drawing else {}
            for holder in dict.fromkeys([*action.elections, *row]):
                yield from election_row(world, bond, action.number, holder)


def servicing_page(world: World, bond: str) -> Iterator[Cell]:
    """What became of a bond, whoever holds it."""
    register = world.bonds[bond]
    yield from _state(register)
    yield from _versions(register)
    for action in register.life.actions.values():
        yield from SERVICING.cells("_actions", bond, action.number, value=action.view)
        if action.drawing is not None:
            yield from SERVICING.cells("_drawings", bond, action.number, value=_drawing(action.drawing))
    yield from _opened(register)


def payment_row(world: World, bond: str, period: int) -> Iterator[Cell | Judged]:
    """The escrow of a payment; nothing of one that nobody funded or sold."""
    book, place = world.servicing, (bond, period)
    payment, has_claims = book.payments.get(place), place in book.has_claims
    if payment is not None or has_claims:
        yield from escrow(bond, period, payment, has_claims=has_claims)


def action_payment_row(world: World, bond: str, number: int) -> Iterator[Cell | Judged]:
    """The escrow of an event of holders; nothing of one that nobody funded."""
    payment = world.servicing.actions.get((bond, number))
    if payment is not None:
        yield from escrow(bond, _ACTION_ESCROWS | number, payment, has_claims=False)


def kept_row(world: World, bond: str, holder: str) -> Iterator[Cell]:
    """What is kept for a holder."""
    yield from SERVICING.cells("_kept", bond, holder, value=world.servicing.kept.get((bond, holder), 0))


def claimed_row(world: World, bond: str, period: int, account: str) -> Iterator[Cell]:
    """What an account has bought of a payment, before and after it was paid."""
    book, place = world.servicing, (bond, period, account)
    yield from SERVICING.cells("_claimed", *place, value=book.claimed.get(place, 0))
    yield from SERVICING.cells("_claimsPaid", *place, value=book.claims_paid.get(place, 0))


def transferred_row(world: World, bond: str, period: int, account: str) -> Iterator[Cell]:
    """What an account has sold of a payment."""
    units = world.servicing.transferred.get((bond, period, account), 0)
    yield from SERVICING.cells("_transferred", bond, period, account, value=units)


def election_row(world: World, bond: str, number: int, holder: str) -> Iterator[Cell]:
    """What a holder has in an event."""
    action = world.bonds[bond].life.actions[number]
    yield from SERVICING.cells("_elections", bond, number, holder, value=_election(action, holder))


def _state(register: Register) -> Iterator[Cell]:
    bond, life = register.address, register.life
    state = (
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
    yield from SERVICING.cells("_states", bond, value=state)
    yield from SERVICING.cells("_credits", bond, value=life.credit)
    yield from SERVICING.cells("_claims", bond, value=astuple(life.claim))


def _versions(register: Register) -> Iterator[Cell]:
    bond, life = register.address, register.life
    for period, fixing in register.fixings.items():
        yield from SERVICING.cells("_fixings", bond, period, value=astuple(fixing))
    for number, call in enumerate(life.calls):
        yield from SERVICING.cells("_partialCalls", bond, number, value=astuple(call))
    for number, version in enumerate(life.versions, 1):
        yield from SERVICING.cells("_versions", bond, number, value=(version.source, version.first))


def _drawing(drawing: Drawing) -> tuple[int, int, int, int, int, bool]:
    is_seeded = drawing.seed is not None
    seed = drawing.seed or 0
    return drawing.units, drawing.counted, drawing.passed, seed, drawing.counted_in, is_seeded


def _election(action: Action, holder: str) -> tuple[int, int, bool, bool]:
    """What a holder has in an event; his place in the row of a drawing too, until his units are settled."""
    units = action.elections.get(holder, 0)
    if action.drawing is None or holder not in action.drawing.row:
        return units, 0, False, False
    drawing, is_drawn = action.drawing, holder in action.drawing.drawn
    start, held = drawing.row[holder]
    if is_drawn and not units and _drawn(action, drawing, start, held):
        return 0, 0, False, False
    return units, start, True, is_drawn


def _drawn(action: Action, drawing: Drawing, start: int, held: int) -> int:
    """Units that were drawn of a holder, by the systematic sample."""
    most, seed = min(int(action.raw.most), drawing.units), drawing.seed or 0
    return ((start + held) * most + seed) // drawing.units - (start * most + seed) // drawing.units


def _opened(register: Register) -> Iterator[Cell]:
    """The event that a right, a sinking fund or a default has opened, by the Servicing's own key."""
    for (kind, *numbers), action in register.life.opened.items():
        if kind == "put":
            version, right = map(int, map(str, numbers))
            key = version << 16 | right
        else:
            key = 1 << 33 if kind == "acceleration" else 1 << 32 | int(str(numbers[0]))
        yield from SERVICING.cells("_actionBy", register.address, key, value=action)
