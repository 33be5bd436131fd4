"""Headers against hashes that everybody knows, and headers that somebody has bent."""

from __future__ import annotations

from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.malice import BAD, bent

from indenture.proof import EMPTY_ROOT, Header, ProofFault, header_of, keccak

pytestmark = pytest.mark.unit

# Ethereum's first block, as every client has it.
GENESIS = {
    "parentHash": "0x" + "00" * 32,
    "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    "miner": "0x" + "00" * 20,
    "stateRoot": "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
    "transactionsRoot": "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    "receiptsRoot": "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    "logsBloom": "0x" + "00" * 256,
    "difficulty": "0x400000000",
    "number": "0x0",
    "gasLimit": "0x1388",
    "gasUsed": "0x0",
    "timestamp": "0x0",
    "extraData": "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
    "mixHash": "0x" + "00" * 32,
    "nonce": "0x0000000000000042",
    "hash": "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
}
# What each fork added, in order.
LATER: list[tuple[str, str]] = [
    ("baseFeePerGas", "0x3b9aca00"),
    ("withdrawalsRoot", "0x" + "0a" * 32),
    ("blobGasUsed", "0x0"),
    ("excessBlobGas", "0x20000"),
    ("parentBeaconBlockRoot", "0x" + "0b" * 32),
    ("requestsHash", "0x" + "0c" * 32),
]
NUMBERS = (
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "baseFeePerGas",
    "blobGasUsed",
    "excessBlobGas",
)


def sealed(raw: dict[str, Any]) -> dict[str, Any]:
    """A header with the hash of its fields, by the ``rlp`` package."""
    fields = [
        int(value, 16) if name in NUMBERS else bytes.fromhex(value[2:])
        for name, value in raw.items()
        if name != "hash"
    ]
    return raw | {"hash": "0x" + keccak(rlp.encode(fields)).hex()}


def test_header__first_block_of_ethereum__its_known_hash() -> None:
    header = header_of(GENESIS)

    assert header == Header(
        number=0,
        hash=bytes.fromhex(GENESIS["hash"][2:]),
        parent_hash=bytes(32),
        state_root=bytes.fromhex(GENESIS["stateRoot"][2:]),
        transactions_root=EMPTY_ROOT,
        receipts_root=EMPTY_ROOT,
        logs_bloom=0,
        time=0,
    )


@pytest.mark.parametrize("fields", range(len(LATER) + 1))
def test_header__of_each_fork__hash_over_the_fields_that_are_there(fields: int) -> None:
    first = {name: value for name, value in GENESIS.items() if name != "hash"}
    raw = sealed(first | dict(LATER[:fields]) | {"timestamp": "0x5f5e100", "number": "0xff"})
    others: dict[str, Any] = {
        "size": "0x220",
        "totalDifficulty": "0x0",
        "uncles": [],
        "requestsHash": raw.get("requestsHash"),
    }

    header = header_of(raw | others)

    assert (header.number, header.time) == (255, 100_000_000)
    assert "0x" + header.hash.hex() == raw["hash"]


@pytest.mark.parametrize("name", [*GENESIS, *dict(LATER)])
def test_header__a_field_left_out__fault(name: str) -> None:
    first = {field: value for field, value in GENESIS.items() if field != "hash"}
    raw = sealed(first | dict(LATER))

    with pytest.raises(ProofFault):
        header_of({field: value for field, value in raw.items() if field != name})


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([*GENESIS, *dict(LATER)]), BAD)
def test_header__a_field_bent__fault(name: str, value: object) -> None:
    first = {field: value for field, value in GENESIS.items() if field != "hash"}
    raw = sealed(first | dict(LATER))

    if bent(raw.get(name), value):
        with pytest.raises(ProofFault):
            header_of(raw | {name: value})


@pytest.mark.parametrize("raw", [None, [], "0x", 5, {}])
def test_header__nothing_of_the_kind__fault(raw: object) -> None:
    with pytest.raises(ProofFault):
        header_of(raw)
