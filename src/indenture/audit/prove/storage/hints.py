"""Where a node says that something lies: places to ask for, and nothing that is believed.

Anvil keeps zeros in its tries of storage: a slot that was read or emptied stays there as a leaf that holds
zero, and no chain stores one (Yellow Paper, section 4.1).  Which slots these are follows from nothing, so it
is asked.  Its word changes nothing that is proved: a leaf of zero says what no leaf says.

To write down its whole state takes it long.  Who knows what it kept before asks for less: what the
transactions since have read is all that can have come to it.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from indenture.chain import Chain, checksum
from indenture.errors import NodeError

# A state of millions of events: most of the time the node takes to write down its history, which comes last.
_SECONDS = 900.0
_CHUNK = 1 << 20
# A private node of tens of millions of slots has no more to say; a liar could go on for ever.
_MOST = 4 << 30
_UNREADABLE = (NodeError, ValueError, LookupError, TypeError, AttributeError)
_TRACE = {"tracer": "prestateTracer", "tracerConfig": {"disableCode": True}}
_BEGIN, _END = b'"accounts":', b',"best_block_number"'


class Hints:
    """Slots that a node says it keeps, by contract; none where it is a node of a chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._traced: dict[tuple[int, int], dict[str, set[int]]] = {}

    @cached_property
    def keeps_zeros(self) -> bool:
        """Whether the node keeps zeros at all."""
        return self._chain.client.lower().startswith("anvil")

    def read(self, address: str, first: int, last: int) -> set[int]:
        """Slots of a contract that the transactions of some blocks have read or written."""
        if (first, last) not in self._traced:
            self._traced[first, last] = self._trace(first, last)
        return self._traced[first, last].get(address, set())

    def _trace(self, first: int, last: int) -> dict[str, set[int]]:
        read: defaultdict[str, set[int]] = defaultdict(set)
        calls = [("debug_traceBlockByNumber", (hex(block), _TRACE)) for block in range(first, last + 1)]
        try:
            for traces in self._chain.rpc.batch(calls, timeout=_SECONDS):
                for trace in traces:
                    for address, account in trace["result"].items():
                        read[checksum(address)] |= {int(slot, 16) for slot in account.get("storage", ())}
        except _UNREADABLE:
            return {}  # what cannot be read hints at nothing
        return read

    def slots(self, address: str) -> dict[int, int]:
        """Slots of a contract, with what the node says is in them."""
        return self._state.get(address, {})

    @cached_property
    def _state(self) -> dict[str, dict[int, int]]:
        if not self.keeps_zeros:
            return {}
        try:
            accounts = json.loads(self._accounts())
            return {checksum(address): _numbers(account["storage"]) for address, account in accounts.items()}
        except (*_UNREADABLE, HTTPError, OSError, EOFError, zlib.error):
            return {}  # what cannot be read hints at nothing

    def _accounts(self) -> bytes:
        """The accounts of the state, as JSON; the blocks and transactions behind them are not read."""
        response = self._chain.rpc.open("anvil_dumpState", timeout=_SECONDS)
        try:
            text = bytearray()
            for piece in _unzipped(response):
                text += piece
                if len(text) > _MOST:
                    raise EOFError
                if (end := text.find(_END, max(0, len(text) - len(piece) - len(_END)))) >= 0:
                    return bytes(text[text.index(_BEGIN) + len(_BEGIN) : end])
        finally:
            response.close()
        raise EOFError


def _unzipped(response: BaseHTTPResponse) -> Iterator[bytes]:
    """What a JSON-RPC answer of gzipped hex holds, piece by piece."""
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    rest = b""
    head, separator, first = response.read1(_CHUNK).partition(b'"0x')
    if not separator or b'"error"' in head:
        raise EOFError
    chunk = first
    while chunk:
        digits, quote, _ = (rest + chunk).partition(b'"')
        whole = len(digits) & ~1
        packed = bytes.fromhex(digits[:whole].decode("ascii"))
        while packed:
            yield inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
        rest = digits[whole:]
        chunk = b"" if quote else response.read1(_CHUNK)


def _numbers(storage: dict[str, Any]) -> dict[int, int]:
    return {int(slot, 16): int(word, 16) for slot, word in storage.items()}
