"""CODE-1 and CODE-2: the code that runs is the code that was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_abi.abi import encode
from eth_abi.grammar import TupleType, parse
from eth_utils.crypto import keccak

from indenture.audit.findings import Finding
from indenture.audit.model import Terms
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO
from indenture.chain import BlockStamp, Chain, checksum, load_abi, octets
from indenture.chain.client import block_param
from indenture.errors import NodeRefused
from indenture.ledger.suite import BOND_PARTS, DELEGATES, PARTS, SINGLE, DeployedSuite, Target, interface_of

# What OpenZeppelin's Clones put around the implementation: a minimal proxy that knows nothing else.
_CLONE_HEAD = bytes.fromhex("363d3d373d3d3d363d73")
_HANDS_ON = ("NEXT", "EVENTS")
"""The views in which the first part of a bond's code names the second, and the second the third."""

_CLONE_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
_LAYOUT = 3
# A version of terms is data: its code begins with as many zeros as a bond's with the clone, and only stops.
_VERSION_HEAD = bytes(45)


def compare_code(chain: Chain, deployment: DeployedSuite, world: World, stamp: BlockStamp) -> None:
    """Compares the code of every contract and bond at a block."""
    _compare_delegates(chain, world, stamp)
    _compare_extension(chain, deployment, world, stamp)
    expected = expected_code(deployment, world, stamp.number)
    at = block_param(stamp)
    codes = chain.rpc.batch([("eth_getCode", (address, at)) for address in expected])
    for (address, (kind, wanted)), code in zip(expected.items(), codes, strict=True):
        if isinstance(code, NodeRefused):
            raise code
        found = _hash(octets(code, f"code of {address}"))
        if found != "0x" + wanted.removeprefix("0x"):
            _report(
                world,
                stamp,
                _label(deployment, world, address),
                kind,
                "code hash",
                wanted,
                found,
                "another code runs at this address",
            )


def expected_code(deployment: DeployedSuite, world: World, last: int) -> dict[str, tuple[str, str]]:
    """For each address: which check it is, and the hash of the code that must be there."""
    expected: dict[str, tuple[str, str]] = {}
    for name in (*SINGLE, *DELEGATES):
        deployed = deployment.contracts[name]
        expected[checksum(deployed.address)] = ("CODE-1", deployed.code_hash)
    for token in deployment.cash.values():
        if checksum(token.address) in world.cash:
            expected[checksum(token.address)] = ("CODE-1", token.code_hash)
    for name in BOND_PARTS:
        part = deployment.contracts.get(name)
        if part is not None and (world.has_bonds or part.block <= last):
            expected[checksum(part.address)] = ("CODE-1", part.code_hash)
    for bond, register in world.bonds.items():
        expected[bond] = ("CODE-2", _hash(clone_code(register.implementation, seal(register.sealed))))
        for version in register.life.versions:
            expected[version.source] = ("CODE-2", _hash(_VERSION_HEAD + seal(version.terms)))
    return expected


def _compare_delegates(chain: Chain, world: World, stamp: BlockStamp) -> None:
    """What a contract does not know it hands on: to its deployed parts, each once, and to no other."""
    for owner, parts in PARTS.items():
        kinds = {world.suite.delegates[kind]: kind for kind in parts}
        part = world.suite.one(owner)
        if not any(function.name == "NEXT" for function in load_abi(owner).functions):
            _compare_hidden(chain, world, stamp, part, kinds)
            continue
        while True:
            following = chain.call(part.call("NEXT"), block=stamp)
            if following == ZERO and not kinds:
                break
            kind = kinds.pop(following, None)
            if kind is None:
                expected = ", ".join(kinds) or ZERO
                message = f"another code runs in the {owner}'s name"
                _report(world, stamp, str(part), "CODE-1", "NEXT()", expected, following, message)
                break
            part = Target(kind, following, kind)


def _compare_hidden(
    chain: Chain, world: World, stamp: BlockStamp, owner: Target, kinds: Mapping[str, str]
) -> None:
    """A contract that does not say its next part has it in its code."""
    code = chain.code(owner.address, stamp)
    for address, kind in kinds.items():
        if bytes.fromhex(address[2:]) not in code:
            message = f"another code runs in the {owner.kind}'s name"
            _report(world, stamp, str(owner), "CODE-1", kind, address, "not in its code", message)


def _compare_extension(chain: Chain, deployment: DeployedSuite, world: World, stamp: BlockStamp) -> None:
    """The code of bonds hands on what it does not know: to the deployed parts, and to no other."""
    parts = [deployment.contracts.get(name) for name in reversed(BOND_PARTS)]
    bond = parts[0]
    if bond is None or not (world.has_bonds or bond.block <= stamp.number):
        return
    for name, view, part, following in zip(reversed(BOND_PARTS), _HANDS_ON, parts, parts[1:], strict=False):
        if part is None or following is None:
            continue
        code = Target(name, checksum(part.address), name)
        found, wanted = chain.call(code.call(view), block=stamp), checksum(following.address)
        if found != wanted:
            message = "another code runs in the name of bonds"
            _report(world, stamp, str(code), "CODE-1", f"{view}()", wanted, found, message)


def _report(
    world: World,
    stamp: BlockStamp,
    contract: str,
    kind: str,
    key: str,
    expected: str,
    found: str,
    message: str,
) -> None:
    world.findings.add(
        Finding(
            block=stamp.number,
            contract=contract,
            key=key,
            expected=expected,
            found=found,
            kind=kind,
            tx_hash=None,
            message=message,
        )
    )


def _hash(code: bytes) -> str:
    return "0x" + keccak(code).hex()


def _label(deployment: DeployedSuite, world: World, address: str) -> str:
    names = {checksum(deployed.address): name for name, deployed in deployment.contracts.items()}
    return f"{names[address]} {address}" if address in names else world.suite.label(address)


def clone_code(implementation: str, sealed: bytes) -> bytes:
    """The whole code of a bond."""
    return _CLONE_HEAD + bytes.fromhex(implementation[2:]) + _CLONE_TAIL + sealed


def seal(sealed: Terms) -> bytes:
    """Terms as they stand in the code of a bond, or of a version; the table is in docs/checks.md."""
    terms: Any = sealed.raw
    schedule, name, symbol = terms.schedule, terms.name.encode(), terms.symbol.encode()
    _, provisions_type, rights_type = interface_of("Servicing").function("termsAt").output_codec.types
    provisions = _encoded(provisions_type, sealed.provisions)
    parts = (
        _number(terms.eligible, 3),
        _number(terms.minimumUnits, 8),
        _address(terms.currency),
        _number(_LAYOUT, 1),
        terms.isin,
        terms.issuer,
        _number(terms.faceValue, 16),
        _number(terms.units, 8),
        _number(terms.couponRate, 4),
        _number(terms.kind, 1),
        _number(terms.dayCount, 1),
        _number(terms.rounding, 1),
        _number(terms.adjusted, 1),
        _address(terms.issuerAccount),
        terms.calendar,
        _number(terms.roll, 1),
        _number(terms.recordBusinessDays, 1),
        _number(terms.prescriptionYears, 1),
        _number(len(name), 1),
        terms.termSheetHash,
        _number(schedule.issueDay, 3),
        _number(schedule.maturityDay, 3),
        _number(schedule.anchorDay, 3),
        _number(schedule.anchorPeriod, 2),
        _number(schedule.periods, 2),
        _number(schedule.step, 2),
        _number(schedule.unit, 1),
        _number(schedule.endOfMonth, 1),
        _number(terms.cutOff, 3),
        _number(terms.utcOffset, 2),
        _number(len(symbol), 1),
        _number(len(provisions), 2),
        name,
        symbol,
        provisions,
        _encoded(rights_type, sealed.rights),
    )
    return b"".join(bytes(part) for part in parts)


def _encoded(kind: str, value: Any) -> bytes:
    """As the ABI encodes it; nothing where all of it is zero."""
    encoded = encode((kind,), (value,))
    return b"" if encoded == encode((kind,), (_zero_of(kind),)) else encoded


def _zero_of(kind: str) -> Any:
    """The value of a type that Solidity starts with."""
    parsed = parse(kind)
    if parsed.is_array:
        return ()
    if isinstance(parsed, TupleType):
        return tuple(_zero_of(part.to_type_str()) for part in parsed.components)
    if parsed.base == "bytes":
        return b""
    return {"bool": False, "address": ZERO}.get(parsed.base, 0)


def _number(value: int, size: int) -> bytes:
    return int(value).to_bytes(size, "big", signed=value < 0)


def _address(value: str) -> bytes:
    return bytes.fromhex(value[2:])
