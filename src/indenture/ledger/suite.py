"""The contracts under audit: which address is what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from indenture.chain import Abi, ContractCall, checksum, load_abi

SINGLE = (
    "Authority",
    "MemberRegistry",
    "BusinessCalendar",
    "Benchmarks",
    "BondFactory",
    "Offering",
    "Settlement",
    "Servicing",
)
"""The contracts of which a suite has one each."""

PARTS = {
    "Offering": ("OfferingPayment", "OfferingClearing", "OfferingMandate"),
    "Servicing": (
        "ServicingCoupons",
        "ServicingAccruals",
        "ServicingFixings",
        "ServicingActions",
        "ServicingActionPayments",
        "ServicingDrawings",
        "ServicingTerm",
        "ServicingDefault",
        "ServicingVersions",
    ),
    "Settlement": ("SettlementClean",),
}
"""Codes that a contract runs in its own name: they keep nothing and say nothing themselves."""

DELEGATES = tuple(part for parts in PARTS.values() for part in parts)
"""All of them."""

BOND_PARTS = ("BondEvents", "BondExtension", "Bond")
"""Codes that bonds run in their own name: the first does what the second does not know."""

_INTERFACES = {"Offering": "IOffering", "Servicing": "IServicing"}
# One address may answer for two codes: the interface has all of it.


class DeployedContract(Protocol):
    """What the auditor needs of an entry of a deployment file."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def block(self) -> int:
        """The block that it was deployed in."""

    @property
    def code_hash(self) -> str:
        """Keccak-256 of its code, 0x-prefixed hex."""


class DeployedSuite(Protocol):
    """What the auditor needs of a deployment file."""

    @property
    def chain_id(self) -> int:
        """The chain it is on."""

    @property
    def network(self) -> str:
        """Name of the network."""

    @property
    def block(self) -> int:
        """The first block of the suite."""

    @property
    def contracts(self) -> Mapping[str, DeployedContract]:
        """Contracts by name."""

    @property
    def cash(self) -> Mapping[str, DeployedContract]:
        """Cash tokens by currency code."""


@dataclass(frozen=True, slots=True)
class Target:
    """One contract under audit."""

    kind: str
    address: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.address}"

    def call(self, function: str, *args: object) -> ContractCall:
        """A view of it, encoded."""
        own = function in (f.name for f in self.abi.functions)
        found = (self.abi if own else load_abi(self.kind)).function(function, len(args))
        return ContractCall(self.address, found.encode(args), found, args)

    @property
    def abi(self) -> Abi:
        """Its interface."""
        return interface_of(self.kind)


def interface_of(kind: str) -> Abi:
    """All that a contract of a kind answers and says."""
    return load_abi(_INTERFACES.get(kind, kind))


@dataclass(slots=True)
class Suite:
    """Every contract under audit by address; bonds join as they are registered.

    Attributes:
        delegates: Addresses of codes that run in the name of another contract, by kind.
    """

    targets: dict[str, Target] = field(default_factory=dict)
    cash_codes: dict[str, str] = field(default_factory=dict)
    delegates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, deployment: DeployedSuite, last: int) -> Suite:
        """The contracts that a deployment names, up to a block: a cash token may have joined later."""
        suite = cls()
        for kind in SINGLE:
            suite.add(kind, deployment.contracts[kind].address, kind)
        for kind in DELEGATES:
            suite.delegates[kind] = checksum(deployment.contracts[kind].address)
        for code, token in deployment.cash.items():
            if token.block > last:
                continue
            suite.add("CashToken", token.address, f"CashToken {code}")
            suite.cash_codes[checksum(token.address)] = code
        return suite

    def add(self, kind: str, address: str, name: str) -> Target:
        """Takes a contract in."""
        target = Target(kind, checksum(address), name)
        self.targets[target.address] = target
        return target

    def one(self, kind: str) -> Target:
        """The only contract of a kind."""
        return next(t for t in self.targets.values() if t.kind == kind)

    def all(self, kind: str) -> list[Target]:
        """The contracts of a kind."""
        return [t for t in self.targets.values() if t.kind == kind]

    def label(self, address: str) -> str:
        """Name and address; the bare address of a stranger."""
        target = self.targets.get(address)
        return str(target) if target else address

    def addresses(self, kinds: Iterable[str] | None = None) -> list[str]:
        """Addresses, of some kinds or of all."""
        wanted = None if kinds is None else set(kinds)
        return [t.address for t in self.targets.values() if wanted is None or t.kind in wanted]
