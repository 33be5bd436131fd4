"""Trying a call before it is sent: by an estimate of its gas, or as it is where the gas is given."""

from __future__ import annotations

from typing import Any

from indenture.chain.client import call_object
from indenture.chain.node_words import HINTS, meaning
from indenture.chain.pipeline_item import Item
from indenture.chain.reverts import refusal
from indenture.chain.rpc import Rpc, RpcCall
from indenture.errors import ContractRevert, NodeRefused, TransactionRefused

# State moves between the estimate and the block: room for storage that others touch first.
_GAS_ROOM_PERCENT = 20


def trial(item: Item) -> RpcCall:
    """What the node is asked."""
    fields = call_object(item.call, item.sender.address)
    if item.gas is None:
        return "eth_estimateGas", (fields, "pending")
    return "eth_call", ({**fields, "gas": hex(item.gas)}, "pending")


def read_trial(item: Item, answer: Any, rpc: Rpc) -> None:
    """Keeps the gas that the call needs, or the error for which it would fail."""
    if not isinstance(answer, NodeRefused):
        if item.gas is None:
            item.gas = int(answer, 16) * (100 + _GAS_ROOM_PERCENT) // 100
        return
    error = refusal(answer, item.call)
    if isinstance(error, ContractRevert) and error.raw == "0x" and item.gas is None:
        # Some nodes estimate without giving the reason: the call itself has it.
        fields = call_object(item.call, item.sender.address)
        try:
            rpc.request("eth_call", [fields, "pending"])
        except NodeRefused as refused:
            again = refusal(refused, item.call)
            error = again if isinstance(again, ContractRevert) else error
    if isinstance(error, NodeRefused):
        item.error = TransactionRefused(
            item.call.what, error.reason, hint=HINTS.get(meaning(error), error.hint)
        )
    else:
        item.error = error
