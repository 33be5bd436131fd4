"""The contracts that must be of the release, and what their constructors must have been given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from indenture.chain import checksum, load_artifact
from indenture.chain.abi import AbiFunction
from indenture.ledger.suite import BOND_PARTS, DELEGATES, PARTS, SINGLE, DeployedSuite

_NAMED = {
    "authority": "Authority",
    "registry": "MemberRegistry",
    "calendar": "BusinessCalendar",
    "factory": "BondFactory",
    "benchmarks": "Benchmarks",
    "offering": "Offering",
    "settlement": "Settlement",
    "servicing": "Servicing",
    "events": "BondEvents",
    "extension": "BondExtension",
}
"""Which contract each parameter of a constructor is; ``next`` is the part that follows."""

CHOSEN: Mapping[str, Any] = {
    "initialAdmin": "0x" + "0" * 39 + "1",
    "name": "",
    "symbol": "",
    "decimals_": 0,
    "limit": 0,
}
"""Arguments that follow from nothing, and what stands for them as long as they are not known.

Of them only name and decimals of a cash token are in a code.
"""


@dataclass(frozen=True, slots=True)
class Believed:
    """A constructor's argument that nothing else tells: read from the chain, and taken as it is.

    Attributes:
        contract: Name and address.
        name: The parameter.
        value: What was given.
    """

    contract: str
    name: str
    value: str


@dataclass(slots=True)
class Part:
    """One contract that must be of the release.

    Attributes:
        name: What it is called in the deployment.
        kind: Whose artefact it must be.
        address: Where it is.
        block: The block that it was deployed in.
        chosen: Its arguments of ``CHOSEN``, as far as they are known.
        is_foreign: Whether it is a token that knows no registry of members, or another's.
    """

    name: str
    kind: str
    address: str
    block: int
    chosen: dict[str, Any] = field(default_factory=dict)
    is_foreign: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.address}"

    @property
    def constructor(self) -> AbiFunction:
        """Its constructor."""
        return load_artifact(self.kind).abi.constructor

    @property
    def creation(self) -> bytes:
        """Its creation code, without arguments."""
        return load_artifact(self.kind).bytecode


class Parts:
    """All of them, up to a block.

    Args:
        deployment: Where the suite is.
        last: The block.
        has_bonds: Whether bonds run by then, or could: their code is in use, whatever block the file names.
    """

    def __init__(self, deployment: DeployedSuite, last: int, *, has_bonds: bool) -> None:
        self._deployment, self._last, self._has_bonds = deployment, last, has_bonds
        self.at = {name: checksum(found.address) for name, found in deployment.contracts.items()}

    def __iter__(self) -> Iterator[Part]:
        """Each after those whose code its constructor looks at."""
        used = (*reversed(DELEGATES), *SINGLE, *(BOND_PARTS if self._has_bonds else ()))
        for name in (*reversed(DELEGATES), *SINGLE, *BOND_PARTS):
            found = self._deployment.contracts.get(name)
            if found is not None and (name in used or found.block <= self._last):
                yield Part(name, name, self.at[name], found.block)
        for code, token in self._deployment.cash.items():
            if token.block <= self._last:
                yield Part(f"CashToken {code}", "CashToken", checksum(token.address), token.block)

    def arguments(self, part: Part) -> bytes:
        """What its constructor must have been given, encoded."""
        return part.constructor.encode(self._values(part, part.constructor.inputs))

    def _values(self, part: Part, inputs: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        return tuple(
            self._values(part, given["components"])
            if "components" in given
            else self._value(part, given["name"])
            for given in inputs
        )

    def _value(self, part: Part, name: str) -> Any:
        if name == "next":
            return self.at[_following(part.kind)]
        return self.at[_NAMED[name]] if name in _NAMED else part.chosen.get(name, CHOSEN[name])


def _following(kind: str) -> str:
    """The part to which a part hands on what it does not know."""
    row = next((owner, *parts) for owner, parts in PARTS.items() if kind in (owner, *parts))
    return row[row.index(kind) + 1]
