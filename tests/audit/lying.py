"""A node that lies: an HTTP proxy before a real one, which changes some answers on the way."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import urllib3

Lie = Callable[[str, list[Any], Any], Any]
"""Method, parameters and true result in, told result out."""


def truth(method: str, params: list[Any], result: Any) -> Any:
    del method, params
    return result


class LyingNode:
    """Forwards JSON-RPC, single or batched, and tells ``lie`` of each result."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.lie: Lie = truth
        self.told = 0
        self.pool = urllib3.PoolManager(retries=False)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.node = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, payload: bytes) -> bytes:
        response = self.pool.request(
            "POST", self.target, body=payload, headers={"Content-Type": "application/json"}
        )
        if self.lie is truth:
            return response.data
        asked, answers = json.loads(payload), json.loads(response.data)
        batched = isinstance(asked, list)
        by_id = {entry["id"]: entry for entry in (asked if batched else [asked])}
        for entry in answers if batched else [answers]:
            request = by_id[entry["id"]]
            if "result" in entry:
                told = self.lie(request["method"], request["params"], copy.deepcopy(entry["result"]))
                self.told += told != entry["result"]
                entry["result"] = told
        return json.dumps(answers).encode()

    def __enter__(self) -> LyingNode:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.pool.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    node: LyingNode


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        content = self.server.node.answer(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


def place_of(log: dict[str, Any]) -> tuple[int, int]:
    return int(log["blockNumber"], 16), int(log["logIndex"], 16)


def about_log(place: tuple[int, int], change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Lie:
    """Changes the log at a place, or leaves it out."""

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        told = []
        for log in result:
            if place_of(log) != place:
                told.append(log)
            elif (changed := change(log)) is not None:
                told.append(changed)
        return told

    return lie


def replaced(told: dict[str, Any]) -> Lie:
    """Tells another log at the place of one."""
    return about_log(place_of(told), lambda _: told)


def about_logs(changes: Mapping[tuple[int, int], Callable[[dict[str, Any]], dict[str, Any] | None]]) -> Lie:
    """A coherent lie: changes several logs at once."""

    def lie(method: str, params: list[Any], result: Any) -> Any:
        for place, change in changes.items():
            result = about_log(place, change)(method, params, result)
        return result

    return lie


def forged(logs: Sequence[dict[str, Any]]) -> Lie:
    """Tells of logs that never were, to whom asks for logs of their contract."""

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        asked = {address.lower() for address in params[0]["address"]}
        return [*result, *(log for log in logs if log["address"].lower() in asked)]

    return lie


def about_call(tx_hash: str, change: Callable[[str], str]) -> Lie:
    """Changes the input of a transaction."""

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_getTransactionByHash" or params[0] != tx_hash:
            return result
        return {**result, "input": change(result["input"])}

    return lie


def with_word(log: dict[str, Any], word: int, change: Callable[[int], int]) -> dict[str, Any]:
    """The log with one 32-byte word of its data changed."""
    data = bytearray.fromhex(log["data"][2:])
    end = 32 * (word + 1)
    value = change(int.from_bytes(data[end - 32 : end], "big"))
    data[end - 32 : end] = (value % 2**256).to_bytes(32, "big")
    return {**log, "data": "0x" + data.hex()}


def about_view(selector: str, needle: str, change: Callable[[str], str]) -> Lie:
    """Changes the answers to one function, where the arguments hold a piece of hex."""

    def lie(method: str, params: list[Any], result: Any) -> Any:
        if method != "eth_call":
            return result
        data = params[0].get("data") or params[0].get("input")
        if not data.startswith(selector) or needle.lower().removeprefix("0x") not in data[10:]:
            return result
        return change(result)

    return lie
