"""A node of a chain that is only told of, with the limits and the faults of real ones."""

from __future__ import annotations

import gzip
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.ledger.chains import Block, ToldChain

from indenture.chain import Chain

Change = Callable[[list[dict[str, Any]], dict[str, Any]], list[dict[str, Any]]]
"""Logs as they are and the query, to logs as they are told."""


class Refused(Exception):
    """Answered with a JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}


class Busy(Exception):
    """Answered with an HTTP status and headers."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(str(status))
        self.status = status
        self.headers = headers


class Node:
    """Serves a chain over JSON-RPC.

    Attributes:
        chain: What it serves; may change at any time.
        before: Called with each method and its parameters before it is answered; may raise.
        change: What becomes of logs before they are told.
        reshape: What becomes of a whole answer's bytes.
        rezip: What becomes of the bytes of a zipped answer.
        has_batches: Whether it answers batches.
        ranges: Every range of ``eth_getLogs`` that was answered, in turn.
        calls: How often each method was asked.
        zipped: How many answers were zipped, for whoever asks so.
    """

    def __init__(self, chain: ToldChain) -> None:
        self.chain = chain
        self.before: Callable[[str, list[Any]], None] = lambda _method, _params: None
        self.change: Change = lambda logs, _query: logs
        self.reshape: Callable[[str, bytes], bytes] = lambda _method, body: body
        self.rezip: Callable[[bytes], bytes] = lambda content: content
        self.has_batches = True
        self.ranges: list[tuple[int, int]] = []
        self.calls: Counter[str] = Counter()
        self.zipped = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.node = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def connect(self, timeout: float = 10.0) -> Chain:
        return Chain.connect(self.url, timeout=timeout)

    def answer(self, payload: bytes) -> bytes:
        asked = json.loads(payload)
        if isinstance(asked, list):
            if not self.has_batches:
                error = {"code": -32600, "message": "batches are not served"}
                return json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
            return json.dumps([self._one(call) for call in asked]).encode()
        body = json.dumps(self._one(asked), separators=(",", ":")).encode()
        return self.reshape(asked["method"], body)

    def _one(self, call: dict[str, Any]) -> dict[str, Any]:
        envelope = {"jsonrpc": "2.0", "id": call["id"]}
        with self._lock:
            self.calls[call["method"]] += 1
            try:
                self.before(call["method"], call["params"])
                return envelope | {"result": getattr(self, call["method"])(*call["params"])}
            except Refused as refused:
                return envelope | {"error": refused.error}

    def eth_chainId(self) -> str:  # noqa: N802 (its name)
        return hex(31337)

    def eth_getBlockByNumber(self, tag: str, _full: bool) -> dict[str, Any] | None:  # noqa: N802
        blocks = self.chain.blocks
        number = len(blocks) - 1 if tag == "latest" else int(tag, 16)
        return _header(blocks[number]) if number < len(blocks) else None

    def eth_getLogs(self, query: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
        wanted = {address.lower() for address in query["address"]}
        blocks = self.chain.blocks[first : last + 1]
        logs = [log for block in blocks for log in block.logs if log["address"] in wanted]
        told = self.change(logs, query)
        self.ranges.append((first, last))
        return told

    def __enter__(self) -> Node:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    node: Node


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status, headers, content = 200, dict[str, str](), self.server.node.answer(payload)
        except Busy as busy:
            status, headers, content = busy.status, busy.headers, b"busy"
        if self.headers["Accept-Encoding"] == "gzip":
            headers, content = (
                headers | {"Content-Encoding": "gzip"},
                self.server.node.rezip(gzip.compress(content)),
            )
            self.server.node.zipped += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):  # nobody waits for it any more
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


def _header(block: Block) -> dict[str, Any]:
    return {
        "number": hex(block.number),
        "hash": block.hash,
        "parentHash": block.parent,
        "timestamp": hex(block.time),
    }


@contextmanager
def serving(chain: ToldChain) -> Iterator[Node]:
    with Node(chain) as node:
        yield node


def range_of(params: list[Any]) -> tuple[int, int]:
    """The range that an ``eth_getLogs`` asks for."""
    return int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)
