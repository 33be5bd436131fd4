"""JSON-RPC over HTTP: one deadline a call, batches in one post, and no send that repeats itself.

web3's own provider repeats a request up to five times, each time with the full timeout, and repeats
``eth_sendRawTransaction`` as well.  Here a deadline covers the whole call, only reads are repeated (when the
connection broke, not when time ran out), and a failure says whether the request may have reached the node.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from indenture.errors import InputError, NodeRefused, NodeUnavailable

RpcCall = tuple[str, Sequence[Any]]

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_READ_TRIES = 3
_CHUNK = 1 << 16
# Far above any answer that is asked for (the largest are batches of blocks with their receipts), and what a
# node that never stops sending may take of memory.
_LARGEST = 1 << 29
# Nodes cap a batch (geth: 1,000 entries); posts of this size already cost next to nothing each.
_BATCH_MAX = 250
# One batch carries the work of many calls, so its deadline grows with it.
_BATCH_SECONDS_PER_CALL = 0.1


class Rpc:
    """A connection pool to one node; safe to use from several threads."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                f"{url!r} is not the URL of a node", hint="Give it as http://host:port or https://host/path."
            )
        self.timeout = timeout
        # What errors print: a provider's access key sits in the path or the user part, so neither is shown.
        self.url = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        self.full_url = url
        headers = dict(_HEADERS)
        if not _is_this_machine(parts.hostname):
            headers["Accept-Encoding"] = "gzip"
        if parts.username is not None:
            headers |= urllib3.make_headers(basic_auth=f"{parts.username}:{parts.password or ''}")
            self._target = url.replace(f"{parts.netloc.rpartition('@')[0]}@", "", 1)
        else:
            self._target = url
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=16, retries=False, headers=headers)
        self._ids = itertools.count(1)

    def request(
        self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None, resend: bool = True
    ) -> Any:
        """Makes one call and returns its result.

        Args:
            method: JSON-RPC method.
            params: Its parameters, ready for JSON.
            timeout: Seconds for the whole call, repeats included.
            resend: Whether a broken connection may be tried again; False for everything that is not a read.

        Raises:
            NodeRefused: The node answered with an error.
            NodeUnavailable: No answer; ``maybe_sent`` says whether the node may have seen the request.
        """
        answer = self._post(self._body(method, params), timeout or self.timeout, resend=resend)
        if not isinstance(answer, dict):
            raise NodeUnavailable(self.url, "the answer is not JSON-RPC", maybe_sent=True)
        result = self._result(method, answer)
        if isinstance(result, NodeRefused):
            raise result
        return result

    def batch(
        self, calls: Sequence[RpcCall], *, timeout: float | None = None, resend: bool = True
    ) -> list[Any]:
        """Makes many calls in as few posts as possible.

        Returns:
            One entry a call, in order: its result, or the ``NodeRefused`` that it got (not raised).
        """
        results: list[Any] = []
        for start in range(0, len(calls), _BATCH_MAX):
            results += self._batch(calls[start : start + _BATCH_MAX], timeout, resend=resend)
        return results

    def open(self, method: str, params: Sequence[Any] = (), *, timeout: float) -> urllib3.BaseHTTPResponse:
        """Makes one call and hands out the answer unread, for answers too large to hold.

        Nothing is repeated and nothing judged: faults of the connection are those of urllib3, and whoever
        asked reads the body, then releases or closes the response.

        Args:
            method: JSON-RPC method, one that only reads.
            params: Its parameters, ready for JSON.
            timeout: Seconds without a byte.
        """
        payload = json.dumps(self._body(method, params), separators=(",", ":")).encode()
        return self._pool.request(
            "POST", self._target, body=payload, timeout=timeout, preload_content=False, redirect=False
        )

    def _batch(self, calls: Sequence[RpcCall], timeout: float | None, *, resend: bool) -> list[Any]:
        bodies = [self._body(method, params) for method, params in calls]
        limit = timeout or self.timeout + _BATCH_SECONDS_PER_CALL * len(calls)
        answer = self._post(bodies, limit, resend=resend)
        if isinstance(answer, dict) and resend:
            return [
                self._one(method, params, timeout) for method, params in calls
            ]  # batches are switched off
        if not isinstance(answer, list):
            raise NodeUnavailable(self.url, "the node does not answer batches", maybe_sent=True)
        by_id = {entry.get("id"): entry for entry in answer if isinstance(entry, dict) and _is_id(entry)}
        missing = {"error": {"code": -32603, "message": "the node left this call of a batch unanswered"}}
        return [
            self._result(method, by_id.get(body["id"], missing))
            for (method, _), body in zip(calls, bodies, strict=True)
        ]

    def _one(self, method: str, params: Sequence[Any], timeout: float | None) -> Any:
        try:
            return self.request(method, params, timeout=timeout)
        except NodeRefused as refused:
            return refused

    def _body(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _result(self, method: str, answer: dict[str, Any]) -> Any:
        error = answer.get("error")
        if error is None:
            return answer.get("result")
        if not isinstance(error, dict):
            error = {"message": str(error)}
        code = error.get("code")
        return NodeRefused(
            method, code if isinstance(code, int) else 0, str(error.get("message")), error.get("data")
        )

    def _post(self, body: dict[str, Any] | list[dict[str, Any]], seconds: float, *, resend: bool) -> Any:
        payload = json.dumps(body, separators=(",", ":")).encode()
        deadline = time.monotonic() + seconds
        for attempt in itertools.count(1):
            last = not resend or attempt == _READ_TRIES
            try:
                status, content = self._exchange(payload, deadline)
            except NewConnectionError as fault:
                raise NodeUnavailable(self.url, _plain(fault)) from None
            except (ReadTimeoutError, ConnectTimeoutError, TimeoutError) as fault:
                # A connection that was never made carried nothing.
                sent = not isinstance(fault, ConnectTimeoutError)
                raise NodeUnavailable(self.url, f"nothing within {seconds:g} s", maybe_sent=sent) from None
            except (HTTPError, OSError) as fault:
                if last:
                    raise NodeUnavailable(self.url, _plain(fault), maybe_sent=True) from None
            else:
                busy = status in (429, 502, 503, 504)
                if not busy or last:
                    return self._parse(status, content, _asked(body))
            time.sleep(max(0.0, min(0.05 * 2**attempt, deadline - time.monotonic())))
        raise AssertionError("unreachable")

    def _exchange(self, payload: bytes, deadline: float) -> tuple[int, bytes]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        response = self._pool.request(
            "POST",
            self._target,
            body=payload,
            timeout=urllib3.Timeout(total=left),
            preload_content=False,
            redirect=False,
        )
        chunks, size = [], 0
        try:
            # A socket's timeout starts anew with each packet: look at the clock between them.
            while chunk := response.read1(_CHUNK):
                chunks.append(chunk)
                size += len(chunk)
                if size > _LARGEST:
                    raise NodeUnavailable(
                        self.url, f"an answer of more than {_LARGEST >> 20} MiB", maybe_sent=True
                    )
                if time.monotonic() > deadline:
                    raise TimeoutError
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return response.status, b"".join(chunks)

    def _parse(self, status: int, content: bytes, asked: str) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError):  # text, or brackets in brackets without end
            reason = f"HTTP {status}" if status != 200 else f"the answer to {asked} is not JSON"
            raise NodeUnavailable(self.url, reason, maybe_sent=True) from None


def _is_id(entry: dict[str, Any]) -> bool:
    """Whether an answer's id can be looked up: a list or an object cannot."""
    return isinstance(entry.get("id"), int)


def _is_this_machine(host: str) -> bool:
    """Whether bytes cost nothing on the way: logs zip to a tenth and less, at half a gigabyte a second."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked(body: dict[str, Any] | list[dict[str, Any]]) -> str:
    """What was asked for: of a batch, its methods, each once."""
    entries = body if isinstance(body, list) else [body]
    return ", ".join(dict.fromkeys(str(entry["method"]) for entry in entries))


def _plain(fault: BaseException) -> str:
    """The cause in a few words, without the connection object that urllib3 prints first."""
    if isinstance(fault, MaxRetryError) and fault.reason is not None:
        fault = fault.reason
    if isinstance(fault, NameResolutionError):
        return "the host name is not known"
    if isinstance(fault, ProtocolError):
        return "the connection broke in the middle"
    text = str(fault)
    return "connection refused" if "refused" in text else text.rpartition(": ")[2] or type(fault).__name__
