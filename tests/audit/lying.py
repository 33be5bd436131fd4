"""A node that lies: an HTTP proxy before a real one, which changes some answers on the way."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import urllib3

Lie = Callable[[str, list[Any], Any], Any]
"""Method, parameters and true result in, told result out."""

Change = Callable[[list[Any], Any], Any]
"""Parameters and true result of one method in, told result out."""


@dataclass(frozen=True)
class Refusal:
    """An error, told in the place of a result."""

    code: int
    message: str


class Lies(dict[str, Change]):
    """What is told otherwise, by method: answers to all other methods need not be looked at.

    Attributes:
        asked: What a liar makes of a question before it looks for the truth: method and parameters in,
            parameters out.
        elsewhere: Whether a method is answered by the liar's other node, on another chain.
    """

    asked: Callable[[str, list[Any]], list[Any]] | None = None
    elsewhere: Callable[[str], bool] | None = None

    def __call__(self, method: str, params: list[Any], result: Any) -> Any:
        change = self.get(method)
        return result if change is None else change(params, result)

    def concerns(self, method: str) -> bool:
        return method in self


def truth(method: str, params: list[Any], result: Any) -> Any:
    del method, params
    return result


def whole(method: str, body: bytes) -> bytes:
    """Leaves the body of an answer as it is."""
    del method
    return body


class LyingNode:
    """Forwards JSON-RPC, single or batched, and tells ``lie`` of each result.

    Args:
        target: The honest node.
        remember: Asks it only once for the same: for a chain that stands still.

    Attributes:
        lie: What it tells; the truth, unless set.
        other: A node on another chain, for what a lie answers from there.
        spoil: What it makes of the body of an answer to a method, last of all.
        told: How many answers were not the truth.
    """

    def __init__(self, target: str, *, remember: bool = False) -> None:
        self.target = target
        self.other = target
        self.lie: Lie = truth
        self.spoil: Callable[[str, bytes], bytes] = whole
        self.told = 0
        self.pool = urllib3.PoolManager(retries=False, maxsize=8)
        self._remember = remember
        self._known: dict[tuple[str, bytes], bytes] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.node = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, payload: bytes) -> bytes:
        if self.lie is truth and self.spoil is whole and not self._remember:
            return self._post(payload, self.target)
        asked = json.loads(payload)
        entries = asked if isinstance(asked, list) else [asked]
        if not entries:
            return self._post(payload, self.target)
        wanted = [self._question(entry) for entry in entries]
        known = self._known if self._remember else {}
        for target in (self.target, self.other):
            missing = dict.fromkeys(key for key in wanted if key[0] == target and key not in known)
            if missing:
                known |= self._truths(target, [question for _, question in missing])
        told = [self._tell(entry, known[key]) for entry, key in zip(entries, wanted, strict=True)]
        body = b"[" + b",".join(told) + b"]" if isinstance(asked, list) else told[0]
        spoilt = self.spoil(entries[0]["method"], body)
        self.told += spoilt != body
        return spoilt

    def _question(self, entry: dict[str, Any]) -> tuple[str, bytes]:
        """What is asked, of which node."""
        params, target, lie = entry["params"], self.target, self.lie
        if isinstance(lie, Lies) and lie.asked is not None:
            params = lie.asked(entry["method"], params)
            self.told += params != entry["params"]
        if isinstance(lie, Lies) and lie.elsewhere is not None and lie.elsewhere(entry["method"]):
            target = self.other
            self.told += 1
        return target, _dumps([entry["method"], params])

    def _truths(self, target: str, questions: list[bytes]) -> dict[tuple[str, bytes], bytes]:
        """A node's own results or errors, as JSON."""
        bodies = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            for number, (method, params) in enumerate(map(json.loads, questions))
        ]
        by_id = {entry["id"]: entry for entry in json.loads(self._post(_dumps(bodies), target))}
        return {
            (target, question): b'"result":' + _dumps(entry["result"])
            if "result" in entry
            else _error(entry["error"])
            for question, entry in ((q, by_id[number]) for number, q in enumerate(questions))
        }

    def _tell(self, entry: dict[str, Any], said: bytes) -> bytes:
        method, lie, result = entry["method"], self.lie, b'"result":'
        if said.startswith(result) and (not isinstance(lie, Lies) or lie.concerns(method)):
            told = lie(method, entry["params"], json.loads(said[len(result) :]))
            if isinstance(told, Refusal):
                false = _error({"code": told.code, "message": told.message})
            else:
                false = result + _dumps(told)
            self.told += false != said
            said = false
        return b'{"jsonrpc":"2.0","id":' + _dumps(entry["id"]) + b"," + said + b"}"

    def _post(self, payload: bytes, target: str) -> bytes:
        headers = {"Content-Type": "application/json"}
        return self.pool.request("POST", target, body=payload, headers=headers).data

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


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _error(value: Any) -> bytes:
    return b'"error":' + _dumps(value)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    node: LyingNode

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hung up has had enough; all else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


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
