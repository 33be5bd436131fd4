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
from indenture.audit.replay.servicing import ServicingBook

_ACTION_ESCROWS = 1 << 16
"""Escrows of events of holders lie beyond those of payments."""


def servicing_storage(world: World) -> Iterator[Cell | Judged]:
    """Every slot of the Servicing."""
    yield from _escrows(world.servicing)
    yield from _amounts(world.servicing)
    for register in world.bonds.values():
        yield from _state(register)
        yield from _versions(register)
        for action in register.life.actions.values():
            yield from _action(register.address, action)
        yield from _opened(register)


def _escrows(book: ServicingBook) -> Iterator[Cell | Judged]:
    for bond, period in dict.fromkeys([*book.payments, *book.has_claims]):
        payment = book.payments.get((bond, period))
        yield from escrow(bond, period, payment, has_claims=(bond, period) in book.has_claims)
    for (bond, number), payment in book.actions.items():
        yield from escrow(bond, _ACTION_ESCROWS | number, payment, has_claims=False)


def _amounts(book: ServicingBook) -> Iterator[Cell]:
    for (bond, holder), amount in book.kept.items():
        yield from SERVICING.cells("_kept", bond, holder, value=amount)
    for variable, table in (
        ("_claimed", book.claimed),
        ("_transferred", book.transferred),
        ("_claimsPaid", book.claims_paid),
    ):
        for (bond, period, account), units in table.items():
            yield from SERVICING.cells(variable, bond, period, account, value=units)


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


def _action(bond: str, action: Action) -> Iterator[Cell]:
    yield from SERVICING.cells("_actions", bond, action.number, value=action.view)
    row = action.drawing.row if action.drawing else {}
    for holder in dict.fromkeys([*action.elections, *row]):
        election = _election(action, holder)
        yield from SERVICING.cells("_elections", bond, action.number, holder, value=election)
    if action.drawing is not None:
        yield from SERVICING.cells("_drawings", bond, action.number, value=_drawing(action.drawing))


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
