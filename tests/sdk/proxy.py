"""A small proxy before a node that plays the faults of a network."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import urllib3


class FaultyProxy:
    """Forwards JSON-RPC; requests that hold ``method`` meet the ``fault``, as often as ``times`` says.

    Faults: ``close`` forwards and then closes without an answer; ``refuse`` closes without forwarding;
    ``hang`` holds the line; ``drip`` answers a byte at a time, for ever; ``flood`` as fast as it can;
    ``html`` answers with a web page; ``nest`` with brackets in brackets; ``result`` and ``error`` answer with
    ``error`` as the one or the other.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.fault = ""
        self.method = ""
        self.times = 0
        self.error: Any = {}
        self.seen: list[str] = []
        self.released = threading.Event()
        self.pool = urllib3.PoolManager(retries=False)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def play(self, fault: str, method: str = "", times: int = 1, error: Any = None) -> None:
        """Prepares a fault."""
        self.fault, self.method, self.times, self.error = fault, method, times, error

    def count(self, method: str) -> int:
        """How many requests held the method."""
        return sum(method in body for body in self.seen)

    def fault_for(self, body: bytes) -> str:
        text = body.decode()
        self.seen.append(text)
        if self.times > 0 and self.method in text:
            self.times -= 1
            return self.fault
        return ""

    def __enter__(self) -> FaultyProxy:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.pool.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultyProxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = proxy.fault_for(body)
        if fault == "hang":
            proxy.released.wait(30)
        if fault in ("hang", "refuse"):
            self.close_connection = True
        elif fault == "html":
            self._answer(b"<html>not a node</html>")
        elif fault == "nest":
            self._answer(b"[" * 300_000)
        elif fault in ("error", "result"):
            answer = {"jsonrpc": "2.0", "id": json.loads(body)["id"], fault: proxy.error}
            self._answer(json.dumps(answer).encode())
        elif fault == "drip":
            self._endless(b" ", pause=0.05)
        elif fault == "flood":
            self._endless(b" " * (1 << 16), pause=0)
        else:
            headers = {"Content-Type": "application/json"}
            data = proxy.pool.request("POST", proxy.target, body=body, headers=headers).data
            if fault == "close":
                self.close_connection = True
            else:
                self._answer(data)

    def _answer(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _endless(self, part: bytes, *, pause: float) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 40))
        self.end_headers()
        while not self.server.proxy.released.wait(pause):
            try:
                self.wfile.write(part)
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the base)
        pass


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
