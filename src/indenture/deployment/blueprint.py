"""How the contracts of the suite hang together: what each is built with, and what it must then answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from indenture.chain import Contract, ContractCall, load_artifact
from indenture.contracts._base import NOBODY
from indenture.deployment.parameters import DeployParameters
from indenture.errors import DeploymentError

Addresses = Mapping[str, str]

#: Parts of the Offering: each hands what it does not know to the one before it in this list.
OFFERING_PARTS = ("OfferingMandate", "OfferingClearing", "OfferingPayment", "Offering")

#: Parts of the Servicing, likewise.
SERVICING_PARTS = (
    "ServicingVersions",
    "ServicingDefault",
    "ServicingTerm",
    "ServicingDrawings",
    "ServicingActionPayments",
    "ServicingActions",
    "ServicingFixings",
    "ServicingAccruals",
    "ServicingCoupons",
    "Servicing",
)
#: Those of them that compute, and read benchmarks.
COMPUTING_PARTS = ("ServicingFixings", "ServicingAccruals", "ServicingCoupons")

#: Next parts that no getter tells, as one more function would cost every call.
_HIDDEN_PARTS = {"Settlement": "SettlementClean"}

#: What a bond works with, in the order of its constructor's struct.
BOND_SUITE = ("Authority", "MemberRegistry", "BusinessCalendar", "Offering", "Settlement", "Servicing")


@dataclass(frozen=True, slots=True)
class Part:
    """One contract to deploy.

    Attributes:
        key: Name in the deployment file; a cash token is ``cash:<code>``.
        artifact: Name of the compiled contract.
        args: Arguments of the constructor.
    """

    key: str
    artifact: str
    args: tuple[Any, ...]


#: Contracts that can be deployed at once, from the addresses of those before.
Wave = Callable[[Addresses], list[Part]]


def cash_key(code: str) -> str:
    """Key of a cash token."""
    return f"cash:{code}"


def artifact_of(key: str) -> str:
    """Name of the compiled contract of a key."""
    return "CashToken" if key.startswith("cash:") else key


def waves(parameters: DeployParameters, deployer: str) -> list[Wave]:
    """Contracts in waves; each wave is a function from the addresses so far to its parts."""

    def roots(_: Addresses) -> list[Part]:
        return [Part("Authority", "Authority", (deployer,)), Part("SettlementClean", "SettlementClean", ())]

    def registers(at: Addresses) -> list[Part]:
        authority = at["Authority"]
        return [
            Part("MemberRegistry", "MemberRegistry", (authority,)),
            Part("BusinessCalendar", "BusinessCalendar", (authority,)),
            Part("Settlement", "Settlement", (at["SettlementClean"],)),
        ]

    def money_and_factory(at: Addresses) -> list[Part]:
        authority, registry = at["Authority"], at["MemberRegistry"]
        common = (authority, registry, at["Settlement"])
        tokens = [
            Part(
                cash_key(token.code),
                "CashToken",
                (*common, token.name, token.symbol, token.decimals, token.limit_base),
            )
            for token in parameters.cash
        ]
        return [
            *tokens,
            Part("BondFactory", "BondFactory", (authority, registry)),
            Part("Benchmarks", "Benchmarks", (authority, at["BusinessCalendar"])),
        ]

    def parts_behind_one_address(number: int) -> Wave:
        def wave(at: Addresses) -> list[Part]:
            chains = (OFFERING_PARTS, SERVICING_PARTS)
            return [_part_of_chain(names, number, at) for names in chains if number < len(names)]

        return wave

    def events_of_bonds(at: Addresses) -> list[Part]:
        return [Part("BondEvents", "BondEvents", (bond_suite(at),))]

    def rest_of_bonds(at: Addresses) -> list[Part]:
        return [Part("BondExtension", "BondExtension", (bond_suite(at), at["BondEvents"]))]

    def code_of_bonds(at: Addresses) -> list[Part]:
        return [Part("Bond", "Bond", (bond_suite(at), at["BondExtension"]))]

    parts = [
        parts_behind_one_address(number) for number in range(max(len(OFFERING_PARTS), len(SERVICING_PARTS)))
    ]
    return [
        roots,
        registers,
        money_and_factory,
        *parts,
        events_of_bonds,
        rest_of_bonds,
        code_of_bonds,
    ]


def _part_of_chain(names: tuple[str, ...], number: int, at: Addresses) -> Part:
    name = names[number]
    common: tuple[str, ...] = (at["BondFactory"],)
    if names is OFFERING_PARTS:
        common = (*common, at["MemberRegistry"])
    elif name in COMPUTING_PARTS:
        common = (*common, at["Benchmarks"])
    after = (at[names[number - 1]],) if number else ()
    return Part(name, name, (*common, *after))


def bond_suite(at: Addresses) -> tuple[str, ...]:
    """What both parts of a bond are built with."""
    return tuple(at[name] for name in BOND_SUITE)


def wiring(parameters: DeployParameters, at: Addresses) -> Iterator[tuple[str, str, Any]]:
    """What each contract must answer: key, name of the getter, value."""
    authority, registry, factory = at["Authority"], at["MemberRegistry"], at["BondFactory"]
    for key in ("MemberRegistry", "BusinessCalendar", "BondFactory", "Benchmarks"):
        yield key, "authority", authority
    for token in parameters.cash:
        key = cash_key(token.code)
        yield key, "authority", authority
        yield key, "REGISTRY", registry
        yield key, "SETTLEMENT", at["Settlement"]
        yield key, "symbol", token.symbol
        yield key, "name", token.name
        yield key, "decimals", token.decimals
    yield "BondFactory", "REGISTRY", registry
    following = NOBODY
    for name in OFFERING_PARTS:
        yield name, "FACTORY", factory
        yield name, "REGISTRY", registry
        yield name, "NEXT", following
        following = at[name]
    yield "Benchmarks", "CALENDAR", at["BusinessCalendar"]
    following = NOBODY
    for name in SERVICING_PARTS:
        yield name, "FACTORY", factory
        yield name, "NEXT", following
        following = at[name]
    for name in COMPUTING_PARTS:
        yield name, "BENCHMARKS", at["Benchmarks"]
    yield "BondEvents", "suite", bond_suite(at)
    yield "BondExtension", "suite", bond_suite(at)
    yield "BondExtension", "EVENTS", at["BondEvents"]
    yield "Bond", "suite", bond_suite(at)
    yield "Bond", "NEXT", at["BondExtension"]


def wiring_calls(
    contracts: Mapping[str, Contract], parameters: DeployParameters, at: Addresses
) -> list[tuple[str, ContractCall, Any]]:
    """The same as calls: what is asked in words, the call, the value expected."""
    return [
        (f"{key}.{getter}", contracts[key].call(getter), expected)
        for key, getter, expected in wiring(parameters, at)
    ]


def code_hash(code: bytes) -> str:
    """Keccak-256 of code, as the deployment file has it."""
    return "0x" + keccak(code).hex()


def check_code(key: str, address: str, code: bytes) -> None:
    """Compares code on the chain with that of this release; only immutables may differ.

    Raises:
        DeploymentError: It is other code.
    """
    artifact = load_artifact(artifact_of(key))
    places = artifact.raw.get("immutableReferences") or []
    if masked(code, places) != masked(artifact.deployed_bytecode, places):
        raise DeploymentError(
            f"the code of {key} at {address} is not that of this release",
            hint="Use the release that deployed it; to deploy this one, move the deployment file away first.",
        )


def check_part(key: str, code: bytes, at: Addresses) -> None:
    """Looks for the next part of a contract in its immutables, where no getter says which it is.

    Raises:
        DeploymentError: It hands on to another contract.
    """
    part = _HIDDEN_PARTS.get(key)
    if part is None:
        return
    word = bytes.fromhex(at[part][2:]).rjust(32, b"\0")
    places = load_artifact(artifact_of(key)).raw.get("immutableReferences") or []
    found = [code[int(place["start"]) : int(place["start"]) + int(place["length"])] for place in places]
    if word not in found:
        raise DeploymentError(
            f"{key} at {at[key]} does not hand on to {part} at {at[part]}",
            hint="Do not use this suite: another contract would run in the place of that part.",
        )


def masked(code: bytes, places: list[dict[str, int]]) -> bytes:
    """Code with its immutables blanked."""
    blank = bytearray(code)
    for place in places:
        start, length = int(place["start"]), int(place["length"])
        blank[start : start + length] = bytes(len(blank[start : start + length]))
    return bytes(blank)
