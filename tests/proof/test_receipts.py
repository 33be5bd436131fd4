"""Receipts of every type against the ``rlp`` package, and bent ones."""

from __future__ import annotations

from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.malice import BAD, bent

from indenture.proof import ProofFault, ReceiptLog, list_root, receipt_of, receipts_root

pytestmark = pytest.mark.unit

BLOOM = "0x" + "00" * 255 + "05"
LOGS: list[dict[str, Any]] = [
    {"address": "0x" + "aB" * 20, "topics": [], "data": "0x"},
    {"address": "0x" + "cd" * 20, "topics": ["0x" + f"{n}E" * 32 for n in range(4)], "data": "0x00FF"},
]


def raw(**fields: Any) -> dict[str, Any]:
    """A receipt as a node gives it."""
    first = {"type": "0x2", "status": "0x1", "cumulativeGasUsed": "0x5208", "logsBloom": BLOOM, "logs": LOGS}
    return {name: value for name, value in (first | fields).items() if value is not None}


def encoded(outcome: bytes, kind: int) -> bytes:
    """The same receipt, by the package."""
    logs = [
        [
            bytes.fromhex(log["address"][2:]),
            [bytes.fromhex(t[2:]) for t in log["topics"]],
            bytes.fromhex(log["data"][2:]),
        ]
        for log in LOGS
    ]
    body = rlp.encode([outcome, 21_000, bytes.fromhex(BLOOM[2:]), logs])
    return (bytes([kind]) if kind else b"") + bytes(body)


@pytest.mark.parametrize("kind", range(5))
def test_receipt__of_each_type__as_the_package_has_it(kind: int) -> None:
    found = receipt_of(raw(type=hex(kind)))

    assert found.encoded == encoded(b"\1", kind)
    assert receipt_of(raw(type=hex(kind), status="0x0")).encoded == encoded(b"", kind)
    assert found.bloom == 5


def test_receipt__before_byzantium__root_in_the_place_of_a_status() -> None:
    assert receipt_of(raw(type=None, status=None, root="0x" + "99" * 32)).encoded == encoded(b"\x99" * 32, 0)


def test_receipt__logs__lower_case_in_order() -> None:
    assert receipt_of(raw()).logs == (
        ReceiptLog("0x" + "ab" * 20, [], "0x"),
        ReceiptLog("0x" + "cd" * 20, ["0x" + f"{n}e" * 32 for n in range(4)], "0x00ff"),
    )


@pytest.mark.parametrize("kind", ["0x5", "0x7e", "0x7f"])
def test_receipt__unknown_type__said_which(kind: str) -> None:
    with pytest.raises(ProofFault, match=f"0 to 4, found {int(kind, 16)} .{kind}."):
        receipt_of(raw(type=kind))


@pytest.mark.parametrize(
    "fields", [{"status": None}, {"logs": None}, {"logsBloom": None}, {"cumulativeGasUsed": None}]
)
def test_receipt__a_field_left_out__fault(fields: dict[str, Any]) -> None:
    with pytest.raises(ProofFault):
        receipt_of(raw(**fields))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["type", "status", "cumulativeGasUsed", "logsBloom", "logs"]), BAD)
def test_receipt__a_field_bent__another_one_or_a_fault(name: str, value: object) -> None:
    told = raw() | {name: value}
    if not bent(raw()[name], value) or (name == "type" and value is None):
        return
    try:
        found = receipt_of(told)
    except ProofFault:
        return
    assert found.encoded != encoded(b"\1", 2)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["address", "topics", "data"]), BAD)
def test_receipt__a_log_bent__another_one_or_a_fault(name: str, value: object) -> None:
    if not bent(LOGS[1][name], value):
        return
    try:
        found = receipt_of(raw(logs=[LOGS[0], LOGS[1] | {name: value}]))
    except ProofFault:
        return
    assert found.encoded != encoded(b"\1", 2)


@pytest.mark.parametrize("logs", [[None], ["0x"], [[]], [{}], [LOGS[0] | {"topics": ["0x" + "11" * 32] * 5}]])
def test_receipt__no_logs_at_all__fault(logs: list[Any]) -> None:
    with pytest.raises(ProofFault):
        receipt_of(raw(logs=logs))


def test_receipts_root__of_a_block__over_all_in_order() -> None:
    receipts = [raw(type=hex(n % 5)) for n in range(200)]

    assert receipts_root(receipts) == list_root([encoded(b"\1", n % 5) for n in range(200)])
