"""What the storage of each contract must hold, to the last slot, rebuilt from the events."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.bond import bond_storage
from indenture.audit.prove.storage.cash import cash_storage
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.offering import offering_storage
from indenture.audit.prove.storage.registers import REGISTERS
from indenture.audit.prove.storage.servicing import servicing_storage
from indenture.audit.replay import World


def expected_storage(world: World, address: str, texts: tuple[str, str]) -> Iterator[Cell | Judged]:
    """Every slot of a contract that can hold something, with its word; nothing for what keeps nothing.

    Args:
        world: The suite after the last event.
        address: A contract of the suite, a bond, or the code that holds a version of terms.
        texts: Name and symbol of a cash token, which no event tells.

    Raises:
        ValueError: Its events add up to what no slot can hold; ``IMPOSSIBLE`` has what else they can do.
    """
    if address in world.bonds:
        return bond_storage(world.bonds[address])
    if address in world.cash:
        return cash_storage(world, world.cash[address], texts)
    target = world.suite.targets.get(address)
    if target is None:
        return iter(())
    if target.kind == "Offering":
        return offering_storage(world)
    if target.kind == "Servicing":
        return servicing_storage(world)
    return REGISTERS[target.kind](world)
