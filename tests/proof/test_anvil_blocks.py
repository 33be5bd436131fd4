"""Blocks of a real node, of every fork and with every type of transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.proof.blocks import Filler, new_blocks, old_blocks

from indenture.chain import AnvilNode
from indenture.proof import (
    bloom_of,
    header_of,
    receipt_of,
    receipts_root,
    sender_of,
    storage_root,
    transactions_root,
    verify_account,
    verify_slot,
)

pytestmark = pytest.mark.integration

FORKS = ("frontier", "byzantium", "berlin", "london", "shanghai", "cancun", "prague")


@pytest.fixture(scope="module")
def filler() -> Iterator[Filler]:
    """A chain of the newest rules."""
    with AnvilNode(hardfork="prague", gas_limit=100_000_000) as node:
        yield Filler(node)


@pytest.fixture(scope="module")
def filled(filler: Filler) -> dict[str, int]:
    """Its blocks, by what they hold."""
    found = old_blocks(filler) | new_blocks(filler)
    filler.new(type=4, authorizationList=filler.authorized())
    return found | {"set code": filler.mine()}


def raw_block(filler: Filler, number: int) -> tuple[dict[str, Any], list[Any]]:
    """A block with its transactions, and its receipts."""
    (block, receipts) = filler.chain.rpc.batch(
        [("eth_getBlockByNumber", (hex(number), True)), ("eth_getBlockReceipts", (hex(number),))]
    )
    return block, receipts


def check(filler: Filler, number: int) -> tuple[dict[str, Any], list[Any]]:
    """Everything that a block's hash vouches for."""
    block, receipts = raw_block(filler, number)
    header = header_of(block)
    bloom = claimed = 0
    for receipt in map(receipt_of, receipts):
        claimed |= receipt.bloom
        for log in receipt.logs:
            for word in (log.address, *log.topics):
                bloom |= bloom_of(bytes.fromhex(word[2:]))

    assert "0x" + header.hash.hex() == block["hash"]
    assert header.number == number
    assert header.time == int(block["timestamp"], 16)
    assert receipts_root(receipts) == header.receipts_root
    assert transactions_root(block["transactions"]) == header.transactions_root
    assert [sender_of(tx) for tx in block["transactions"]] == [tx["from"] for tx in block["transactions"]]
    assert header.logs_bloom == claimed == bloom
    return block, receipts


@pytest.mark.parametrize("fork", FORKS)
def test_block__of_each_fork__roots_rebuilt(fork: str) -> None:
    with AnvilNode(hardfork=fork) as node:
        filler = Filler(node)
        filled = old_blocks(filler)

        assert [len(check(filler, number)[1]) for number in filled.values()] == [0, 1, 1, 1]
        check(filler, 0)


@pytest.mark.parametrize(
    ("name", "types", "logs"),
    [
        ("empty", [], 0),
        ("no replay protection", [0], 0),
        ("access list", [1], 0),
        ("fees", [2], 0),
        ("set code", [4], 0),
        ("failing", [2, 0], 0),
        ("logs", [2, 2, 0], 13),
        ("many logs", [2], 263),
        ("many transactions", [2] * 200, 67 * 5),
    ],
)
def test_block__of_each_content__roots_rebuilt(
    filler: Filler, filled: dict[str, int], name: str, types: list[int], logs: int
) -> None:
    block, receipts = check(filler, filled[name])

    assert [int(tx["type"], 16) for tx in block["transactions"]] == types
    assert sum(len(receipt_of(receipt).logs) for receipt in receipts) == logs
    assert {r["status"] for r in receipts} <= ({"0x0"} if name == "failing" else {"0x0", "0x1"})


def test_account__proofs_of_a_node__hold(filler: Filler, filled: dict[str, int]) -> None:
    words = {slot: slot + 1 for slot in range(40)}
    code = "".join(f"60{word:02x}60{slot:02x}55" for slot, word in words.items())
    address = filler.created(code)
    # The code writes when it is called, not when it is deployed.
    filler.new(to=address)
    filler.mine()
    slots = [0, 17, 39, 40, 1 << 200]
    stamp = filler.chain.block_stamp()
    (block, found) = filler.chain.rpc.batch(
        [
            ("eth_getBlockByNumber", (hex(stamp.number), False)),
            ("eth_getProof", (address, [f"0x{slot:064x}" for slot in slots], "latest")),
        ]
    )

    account = verify_account(header_of(block).state_root, address, found["accountProof"])
    proofs = [entry["proof"] for entry in found["storageProof"]]

    assert account.storage_root == storage_root(words)
    assert [verify_slot(account.storage_root, *pair) for pair in zip(slots, proofs, strict=True)] == [
        words.get(slot, 0) for slot in slots
    ]
