"""Transactions of every type as a signer makes them, and as a malicious node might bend them."""

from __future__ import annotations

from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.malice import BAD, bent

from indenture.proof import ProofFault, keccak, sender_of, transaction_of, transactions_root

pytestmark = pytest.mark.unit

SIGNER = Account.from_key("0x" + "11" * 32)
OTHER = Account.from_key("0x" + "22" * 32)
ACCESS = [
    {"address": "0x" + "44" * 20, "storageKeys": ["0x" + "01" * 32, "0x" + "00" * 32]},
    {"address": "0x" + "55" * 20, "storageKeys": []},
]
CALL: dict[str, Any] = {"nonce": 7, "gas": 100_000, "to": OTHER.address, "value": 5, "data": b"\0\1\2"}
FEES: dict[str, Any] = {"chainId": 31337, "maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 0}
SIGNED: dict[str, dict[str, Any]] = {
    "legacy": CALL | {"gasPrice": 10**9},
    "legacy with replay protection": CALL | {"gasPrice": 10**9, "chainId": 31337},
    "legacy on a chain with a large number": CALL | {"gasPrice": 10**9, "chainId": 1 << 62},
    "legacy creation": CALL | {"gasPrice": 10**9, "chainId": 1, "to": b""},
    "access list": CALL | {"type": 1, "gasPrice": 10**9, "chainId": 1, "accessList": ACCESS},
    "fees": CALL | FEES | {"type": 2, "accessList": []},
    "fees and access list": CALL | FEES | {"type": 2, "accessList": ACCESS},
    "creation": CALL | FEES | {"type": 2, "to": b"", "value": 0},
    "blobs": CALL
    | FEES
    | {
        "type": 3,
        "accessList": ACCESS,
        "maxFeePerBlobGas": 10**9,
        "blobVersionedHashes": ["0x01" + "66" * 31],
    },
    "set code": CALL
    | FEES
    | {
        "type": 4,
        "accessList": ACCESS,
        "authorizationList": [
            OTHER.sign_authorization({"chainId": 0, "address": "0x" + "77" * 20, "nonce": nonce})
            for nonce in (0, 300)
        ],
    },
}
_NAMES = {
    0: ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s"),
    1: ("chainId", "nonce", "gasPrice", "gas", "to", "value", "input", "accessList", "yParity", "r", "s"),
}
_FEES = (
    "chainId",
    "nonce",
    "maxPriorityFeePerGas",
    "maxFeePerGas",
    "gas",
    "to",
    "value",
    "input",
    "accessList",
)
_NAMES[2] = (*_FEES, "yParity", "r", "s")
_NAMES[3] = (*_FEES, "maxFeePerBlobGas", "blobVersionedHashes", "yParity", "r", "s")
_NAMES[4] = (*_FEES, "authorizationList", "yParity", "r", "s")


def as_node_gives_it(name: str) -> dict[str, Any]:
    """A signed transaction, read from its bytes with the ``rlp`` package."""
    raw = bytes(SIGNER.sign_transaction(SIGNED[name]).raw_transaction)
    kind = raw[0] if raw[0] < 0x80 else 0
    fields = rlp.decode(raw[1:] if kind else raw)
    told = {field: _told(field, item) for field, item in zip(_NAMES[kind], fields, strict=True)}
    return told | {"type": hex(kind), "hash": "0x" + keccak(raw).hex(), "from": SIGNER.address.lower()}


def _told(name: str, item: Any) -> Any:
    if name == "to":
        return "0x" + item.hex() if item else None
    if name == "input":
        return "0x" + item.hex()
    if name == "accessList":
        return [
            {"address": "0x" + a.hex(), "storageKeys": ["0x" + k.hex() for k in keys]} for a, keys in item
        ]
    if name == "blobVersionedHashes":
        return ["0x" + one.hex() for one in item]
    if name == "authorizationList":
        parts = ("chainId", "address", "nonce", "yParity", "r", "s")
        return [
            {p: "0x" + v.hex() if p == "address" else _number(v) for p, v in zip(parts, one, strict=True)}
            for one in item
        ]
    return _number(item)


def _number(item: bytes) -> str:
    return hex(int.from_bytes(item, "big"))


@pytest.mark.parametrize("name", SIGNED)
def test_transaction__signed__hash_bytes_and_sender(name: str) -> None:
    signed = SIGNER.sign_transaction(SIGNED[name])
    raw = as_node_gives_it(name)

    found = transaction_of(raw)

    assert found.encoded == bytes(signed.raw_transaction)
    assert found.hash == bytes(signed.hash)
    assert found.sender() == sender_of(raw) == SIGNER.address.lower()


def test_transaction__old_names__read_too() -> None:
    raw = as_node_gives_it("fees")
    raw["v"] = raw.pop("yParity")
    legacy = as_node_gives_it("legacy")
    del legacy["type"]

    assert sender_of(raw) == sender_of(legacy) == SIGNER.address.lower()


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(sorted(SIGNED)), st.data())
def test_transaction__a_field_bent__fault(name: str, data: st.DataObject) -> None:
    raw = as_node_gives_it(name)
    field = data.draw(st.sampled_from(sorted(raw.keys() - {"from"})))
    value = data.draw(BAD)
    unsaid = field == "type" and value is None and name.startswith("legacy")
    if bent(raw[field], value) and not unsaid:
        with pytest.raises(ProofFault):
            transaction_of(raw | {field: value})


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_transaction__a_part_of_a_list_bent__fault(data: st.DataObject) -> None:
    raw = as_node_gives_it("set code")
    field = data.draw(st.sampled_from(["accessList", "authorizationList"]))
    entries = [dict(entry) for entry in raw[field]]
    part = data.draw(st.sampled_from(sorted(entries[0])))
    value = data.draw(BAD)
    if bent(entries[0][part], value):
        entries[0][part] = value
        with pytest.raises(ProofFault):
            transaction_of(raw | {field: entries})


@pytest.mark.parametrize("kind", ["0x5", "0x7e", "0x7f", "0x64"])
def test_transaction__unknown_type__said_which(kind: str) -> None:
    with pytest.raises(ProofFault, match=f"0 to 4, found {int(kind, 16)} .{kind}."):
        transaction_of(as_node_gives_it("fees") | {"type": kind})


def test_sender__signature_of_nobody__fault() -> None:
    raw = as_node_gives_it("fees")
    for r, s in ((0, 1), (1, 0), ((1 << 256) - 1, 1), (5, 5)):  # 5 is no point of the curve
        fields = raw | {"r": hex(r), "s": hex(s)}
        with pytest.raises(ProofFault) as fault:
            transaction_of(fields)
        nobody = transaction_of(fields | {"hash": fault.value.expected})
        with pytest.raises(ProofFault, match="secp256k1"):
            nobody.sender()


def test_transactions_root__of_a_block__over_all() -> None:
    raws = [as_node_gives_it(name) for name in SIGNED]

    assert transactions_root(raws) != transactions_root(raws[::-1])
    assert transactions_root([]) == transactions_root(())
