"""The transactions behind some events: who called which contract with what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from indenture.audit.events import Event
from indenture.chain import Chain, checksum
from indenture.chain.abi import AbiFunction
from indenture.errors import NodeRefused
from indenture.ledger.suite import interface_of


@dataclass(frozen=True, slots=True)
class DirectCall:
    """What a transaction itself calls; ``to`` is None for a deployment."""

    sender: str
    to: str | None
    data: bytes

    def decode(self, kind: str) -> tuple[str, Any] | None:
        """Name and arguments of the call, read with the interface of a kind of contract."""
        function = _selectors(kind).get(self.data[:4])
        if function is None:
            return None
        try:
            return function.name, function.input_codec.decode(self.data[4:])
        except ValueError:
            return None


class Calls:
    """Transactions by hash, and hashes of blocks, fetched many at a time and once each."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._known: dict[str, DirectCall | None] = {}
        self._hashes: dict[int, bytes | None] = {}

    def prefetch(self, hashes: Iterable[str]) -> None:
        """Fetches what will be asked for."""
        wanted = [h for h in dict.fromkeys(hashes) if h not in self._known]
        answers = self._chain.rpc.batch([("eth_getTransactionByHash", (h,)) for h in wanted])
        for tx_hash, raw in zip(wanted, answers, strict=True):
            if isinstance(raw, NodeRefused):
                raise raw
            self._known[tx_hash] = None if raw is None else _read(raw)

    def get(self, tx_hash: str) -> DirectCall | None:
        """A transaction; None when the node has no such one."""
        if tx_hash not in self._known:
            self.prefetch([tx_hash])
        return self._known[tx_hash]

    def prefetch_blocks(self, blocks: Iterable[int]) -> None:
        """Fetches the hashes of blocks."""
        wanted = [block for block in dict.fromkeys(blocks) if block not in self._hashes]
        answers = self._chain.rpc.batch([("eth_getBlockByNumber", (hex(block), False)) for block in wanted])
        for block, raw in zip(wanted, answers, strict=True):
            if isinstance(raw, NodeRefused):
                raise raw
            self._hashes[block] = None if raw is None else bytes.fromhex(raw["hash"][2:])

    def block_hash(self, block: int) -> bytes | None:
        """The hash of a block; None when there is no such one."""
        if block not in self._hashes:
            self.prefetch_blocks([block])
        return self._hashes[block]

    def arguments(self, event: Event, *functions: str) -> Any:
        """Arguments of the transaction behind an event.

        None unless it calls one of some functions of the event's own contract.
        """
        call = self.get(event.tx_hash)
        decoded = call.decode(event.kind) if call and call.to == event.address else None
        return decoded[1] if decoded and decoded[0] in functions else None


def _read(raw: dict[str, Any]) -> DirectCall:
    to = raw.get("to")
    return DirectCall(checksum(raw["from"]), checksum(to) if to else None, bytes.fromhex(raw["input"][2:]))


@cache
def _selectors(kind: str) -> dict[bytes, AbiFunction]:
    return {function.selector: function for function in interface_of(kind).functions}
