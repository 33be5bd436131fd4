"""Places where nothing should be: asked for when the storage of a contract is not what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import LAYOUTS
from indenture.audit.prove.storage.solidity import UINT256, List, Struct, Table, Text, Type
from indenture.audit.replay import World

_LOW = 256


def suspects(world: World, address: str) -> Iterator[Cell]:
    """What anybody known could have in a contract, and where another code would keep its variables.

    Some of these places hold something by right: whoever asks knows which, and leaves them out.
    """
    for slot in range(_LOW):
        yield unnamed(slot)
    target = world.suite.targets.get(address)
    layout = LAYOUTS.get(target.kind) if target else None
    if layout is None:
        return
    accounts = _known(world)
    for variable, member in layout.variables.members.items():
        if isinstance(member.type, Table) and member.type.key.name == "address":
            nothing = _nothing(member.type.value)
            for account in accounts if nothing is not None else ():
                yield from layout.cells(variable, account, value=nothing)


def unnamed(slot: int) -> Cell:
    """A slot that nothing is known of."""
    return Cell(slot, 0, (f"slot {slot:#x}",), (("", 0, UINT256),))


def _known(world: World) -> list[str]:
    """Accounts that any event has named: members, holders, who has a power, and the contracts themselves."""
    holders = [account for register in world.bonds.values() for account in register.entries]
    powers = [account for _, account in world.authority.grants]
    return list(dict.fromkeys([*world.members.accounts, *holders, *powers, *world.suite.targets]))


def _nothing(kind: Type) -> object:
    """The value of a type that holds nothing; None where it takes another key to come to a value."""
    if isinstance(kind, Table | List | Text):
        return None
    return dict.fromkeys([m.name for m in kind.stored], 0) if isinstance(kind, Struct) else 0
