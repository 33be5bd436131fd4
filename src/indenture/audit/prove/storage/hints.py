"""Where a node says that something lies: places to ask for, and nothing that is believed.

Anvil keeps zeros in its tries of storage: a slot that was read or emptied stays there as a leaf that holds
zero, and no chain stores one (Yellow Paper, section 4.1).  Which slots these are follows from nothing, so it
is asked.  Its word changes nothing that is proved: a leaf of zero says what no leaf says.
"""

from __future__ import annotations

import json
import zlib
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
_BEGIN, _END = b'"accounts":', b',"best_block_number"'


class Hints:
    """Slots that a node says it keeps, by contract; none where it is a node of a chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def slots(self, address: str) -> dict[int, int]:
        """Slots of a contract, with what the node says is in them."""
        return self._state.get(address, {})

    @cached_property
    def _state(self) -> dict[str, dict[int, int]]:
        if not self._chain.client.lower().startswith("anvil"):
            return {}
        try:
            accounts = json.loads(self._accounts())
            return {checksum(address): _numbers(account["storage"]) for address, account in accounts.items()}
        except (NodeError, HTTPError, OSError, EOFError, ValueError, LookupError, TypeError, AttributeError):
            return {}  # what cannot be read hints at nothing

    def _accounts(self) -> bytes:
        """The accounts of the state, as JSON; the blocks and transactions behind them are not read."""
        response = self._chain.rpc.open("anvil_dumpState", timeout=_SECONDS)
        try:
            text = bytearray()
            for piece in _unzipped(response):
                text += piece
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
        yield inflate.decompress(bytes.fromhex(digits[:whole].decode("ascii")))
        rest = digits[whole:]
        chunk = b"" if quote else response.read1(_CHUNK)


def _numbers(storage: dict[str, Any]) -> dict[int, int]:
    return {int(slot, 16): int(word, 16) for slot, word in storage.items()}
