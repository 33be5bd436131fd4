"""CODE-1 and CODE-2: the code that runs is the code that was meant."""

from __future__ import annotations

from eth_utils.crypto import keccak

from indenture.audit.findings import Finding
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO
from indenture.audit.suite import DELEGATES, SINGLE, DeployedSuite, Target
from indenture.chain import BlockStamp, Chain, checksum
from indenture.chain.client import block_param
from indenture.errors import NodeRefused

# What OpenZeppelin's Clones put around the implementation: a minimal proxy that knows nothing else.
_CLONE_HEAD = bytes.fromhex("363d3d373d3d3d363d73")
_CLONE_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
_LAYOUT = 1


def compare_code(chain: Chain, deployment: DeployedSuite, world: World, stamp: BlockStamp) -> None:
    """Compares the code of every contract and bond at a block."""
    _compare_delegates(chain, world, stamp)
    expected: dict[str, tuple[str, str]] = {}
    for name in (*SINGLE, *DELEGATES):
        deployed = deployment.contracts[name]
        expected[checksum(deployed.address)] = ("CODE-1", deployed.code_hash)
    for token in deployment.cash.values():
        if checksum(token.address) in world.cash:
            expected[checksum(token.address)] = ("CODE-1", token.code_hash)
    implementation = deployment.contracts.get("Bond")
    if implementation is not None and implementation.block <= stamp.number:
        expected[checksum(implementation.address)] = ("CODE-1", implementation.code_hash)
    for bond, register in world.bonds.items():
        code = clone_code(register.implementation, seal(register.sealed.raw))
        expected[bond] = ("CODE-2", "0x" + keccak(code).hex())
    at = block_param(stamp)
    codes = chain.rpc.batch([("eth_getCode", (address, at)) for address in expected])
    for (address, (kind, wanted)), code in zip(expected.items(), codes, strict=True):
        if isinstance(code, NodeRefused):
            raise code
        found = "0x" + keccak(bytes.fromhex(code[2:])).hex()
        if found != "0x" + wanted.removeprefix("0x"):
            _report(
                world,
                stamp,
                _label(world, address),
                kind,
                "code hash",
                wanted,
                found,
                "another code runs at this address",
            )


def _compare_delegates(chain: Chain, world: World, stamp: BlockStamp) -> None:
    """The Offering hands on what it does not know: to the deployed parts, each once, and to no other."""
    kinds = {address: kind for kind, address in world.suite.delegates.items()}
    part = world.suite.one("Offering")
    while True:
        following = chain.call(part.call("NEXT"), block=stamp)
        if following == ZERO and not kinds:
            return
        kind = kinds.pop(following, None)
        if kind is None:
            expected = ", ".join(kinds) or ZERO
            message = "another code runs in the Offering's name"
            _report(world, stamp, str(part), "CODE-1", "NEXT()", expected, following, message)
            return
        part = Target(kind, following, kind)


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


def _label(world: World, address: str) -> str:
    delegates = {at: f"{kind} {at}" for kind, at in world.suite.delegates.items()}
    return delegates.get(address) or world.suite.label(address)


def clone_code(implementation: str, sealed: bytes) -> bytes:
    """The whole code of a bond."""
    return _CLONE_HEAD + bytes.fromhex(implementation[2:]) + _CLONE_TAIL + sealed


def seal(terms: tuple[object, ...]) -> bytes:
    """Terms as they stand in the code of a bond; the table is in docs/audit.md."""
    (
        isin,
        issuer,
        issuer_account,
        currency,
        face_value,
        units,
        minimum_units,
        eligible,
        issue_day,
        periods,
        months,
        rate,
        day_count,
        roll,
        calendar,
        record_days,
        cut_off,
        utc_offset,
        prescription,
        sheet_hash,
        name,
        symbol,
    ) = terms
    label = str(name).encode()
    parts = (
        _number(eligible, 3),
        _number(minimum_units, 8),
        _address(currency),
        _number(_LAYOUT, 1),
        isin,
        issuer,
        _number(face_value, 16),
        _number(units, 8),
        _number(rate, 4),
        _number(issue_day, 3),
        _number(months, 1),
        _address(issuer_account),
        _number(periods, 2),
        _number(day_count, 1),
        _number(roll, 1),
        calendar,
        sheet_hash,
        _number(cut_off, 3),
        _number(utc_offset, 2),
        _number(record_days, 1),
        _number(prescription, 1),
        _number(len(label), 1),
        label,
        str(symbol).encode(),
    )
    return b"".join(bytes(part) for part in parts)  # type: ignore[call-overload]


def _number(value: object, size: int) -> bytes:
    plain = int(str(value))
    return plain.to_bytes(size, "big", signed=plain < 0)


def _address(value: object) -> bytes:
    return bytes.fromhex(str(value)[2:])
