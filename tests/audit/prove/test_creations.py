"""Blocks from which it was read who created a contract: a node can answer one question in two ways."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.audit.stage import Story

from indenture.audit.prove.transactions import prove_blocks
from indenture.proof import ProofFault, header_of, transaction_of, transactions_root

pytestmark = pytest.mark.integration

Block = dict[str, Any]


@pytest.fixture(scope="module")
def block(played: Story) -> Block:
    """The block that created the Servicing."""
    number = played.deployment.contracts["Servicing"].block
    found: Block = played.chain.rpc.request("eth_getBlockByNumber", [hex(number), True])
    return found


def faults(told: Any, true: Block) -> list[str]:
    """What is found of a block that a node tells, where the true one is proved."""
    number = int(true["number"], 16)
    return [fault.what for _, fault in prove_blocks({number: told}, lambda _: str(true["hash"]))]


def creation(block: Block) -> Block:
    return next(raw for raw in block["transactions"] if not raw["to"])


def another_input(block: Block) -> None:
    raw = creation(block)
    raw["input"] = raw["input"][:-2] + ("00" if raw["input"][-2:] != "00" else "01")


def another_sender(block: Block) -> None:
    creation(block)["from"] = "0x" + "12" * 20


def none_at_all(block: Block) -> None:
    block["transactions"] = []


def hashes_only(block: Block) -> None:
    block["transactions"] = [raw["hash"] for raw in block["transactions"]]


def no_transactions(block: Block) -> None:
    del block["transactions"]


def test_block__as_it_is__is_proved(block: Block) -> None:
    assert faults(block, block) == []


@pytest.mark.parametrize("change", [another_input, another_sender, none_at_all, hashes_only, no_transactions])
def test_block__changed__is_found(block: Block, change: Callable[[Block], None]) -> None:
    told = copy.deepcopy(block)
    change(told)

    assert faults(told, block)


def test_block__forged_whole__is_not_the_proved_one(block: Block) -> None:
    """Root and hash fit the false input; only the chain of headers does not."""
    told = copy.deepcopy(block)
    another_input(told)
    raw = creation(told)
    raw["hash"] = _computed(transaction_of, raw)
    told["transactionsRoot"] = "0x" + transactions_root(told["transactions"]).hex()
    told["hash"] = _computed(header_of, told)

    assert faults(told, block) == [f"the hash of block {int(block['number'], 16)} as read"]


@pytest.mark.parametrize("told", [None, [], "0x", {}])
def test_block__none__is_found(block: Block, told: Any) -> None:
    assert faults(told, block)


def _computed(read: Callable[[Block], object], raw: Block) -> str:
    """The hash that the fields of a changed answer have."""
    with pytest.raises(ProofFault) as fault:
        read(raw)
    (computed,) = {str(fault.value.expected), str(fault.value.found)} - {raw["hash"]}
    return computed
