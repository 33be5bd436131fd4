"""One ``eth_getLogs`` answer, from the socket to a file: nothing of it becomes a Python object.

The file has no name, so it is gone with the process however that ends; DuckDB opens it by its descriptor.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SocketTimeout

from indenture.chain import Rpc
from indenture.errors import NodeUnavailable
from indenture.ledger.refusals import Later, Less, Slow, meaning, wait_of

_CHUNK = 1 << 18
_HEAD = 1 << 12
_TAIL = 1 << 10
_LARGEST_ERROR = 1 << 20
# Of one block, which has no smaller range.  60 million gas pay for 150,000 logs, without topics and data, and
# those are 70 MB.
_LARGEST_BLOCK = 1 << 29
_SECONDS_OF_A_BODY = 60.0

_RESULT = re.compile(rb'"result"\s*:\s*\[')
# After the logs only the other members of JSON-RPC may follow: a body that was cut short has something else.
_END = re.compile(rb'\](\s*,\s*"(?:id|jsonrpc|error)"\s*:\s*(?:"[^"]*"|\d+|null))*\s*\}\s*$')

_KEY_REFUSED = (401, 403)
_TOO_LARGE_OR_SLOW = (408, 413, 504, 524)
_OK = 200
# No name of a member has any of these, so they can only be digits.
_CAPITALS = (b"A", b"B", b"C", b"D", b"E", b"F")


@dataclass(frozen=True, slots=True)
class Body:
    """An array of logs in a file.

    Attributes:
        file: The file, which holds the array and nothing else.
        size: Its bytes.
        has_capitals: Whether any hex may have capital letters.
    """

    file: IO[bytes]
    size: int
    has_capitals: bool

    @property
    def holds_logs(self) -> bool:
        """Whether the array is not empty."""
        return self.size > len("[]")

    @property
    def path(self) -> str:
        """A path that opens the file in this process."""
        return f"/dev/fd/{self.file.fileno()}"


class Broken(Exception):
    """The answer did not come, or not whole; asked again it may."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fetch_logs(
    rpc: Rpc, query: Mapping[str, Any], blocks: int, *, largest: int, stopped: Callable[[], bool]
) -> Body:
    """Asks once for the logs of a range.

    Args:
        rpc: The node.
        query: The filter of ``eth_getLogs``.
        blocks: How many blocks it covers.
        largest: Bytes at which a body of several blocks is given up.
        stopped: Whether nobody wants the answer any more.

    Raises:
        Later: The node is busy.
        Less: The range is too large for the node or for ``largest``; or one block has more than 512 MB.
        Slow: The answer did not come in time.
        Broken: The answer did not come, or not whole.
        Never: The node does not do this.
        NodeUnavailable: It lets nobody in, or not with this key.
    """
    response = _opened(rpc, query)
    reading = _Reading(response, blocks, largest, stopped)
    try:
        body = reading.body(rpc.url)
    except SocketTimeout as fault:
        raise Slow(f"nothing within {rpc.timeout:g} s") from fault
    except (HTTPError, OSError) as fault:
        raise Broken(str(fault) or type(fault).__name__) from fault
    finally:
        # A connection that was read to its end is used again, any other is not.
        response.release_conn() if reading.is_done else response.close()
    return body


def _opened(rpc: Rpc, query: Mapping[str, Any]) -> BaseHTTPResponse:
    try:
        return rpc.open("eth_getLogs", [query], timeout=rpc.timeout)
    except SocketTimeout as fault:
        raise Slow(f"nothing within {rpc.timeout:g} s") from fault
    except (HTTPError, OSError) as fault:
        raise Broken(str(fault) or type(fault).__name__) from fault


class _Reading:
    """One answer on its way into a file."""

    def __init__(
        self, response: BaseHTTPResponse, blocks: int, largest: int, stopped: Callable[[], bool]
    ) -> None:
        self.is_done = False
        self._response = response
        self._blocks = blocks
        self._largest = largest if blocks > 1 else _LARGEST_BLOCK
        self._stopped = stopped
        self._size = 0
        self._has_capitals = False

    def body(self, url: str) -> Body:
        """The logs, and nothing else of the answer."""
        if self._response.status != _OK:
            raise _refused(self._response, self._blocks, url)
        head = _head(self._response)
        start = _RESULT.search(head)
        if start is None:
            raise _refused(self._response, self._blocks, url, head)
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (the body keeps it)
        try:
            self._write(file, head[start.end() - 1 :])
            self._copy(file)
            self._cut(file)
        except BaseException:
            file.close()
            raise
        return Body(file, self._size, self._has_capitals)

    def _copy(self, file: IO[bytes]) -> None:
        deadline = time.monotonic() + _SECONDS_OF_A_BODY
        while chunk := self._response.read1(_CHUNK):
            self._write(file, chunk)
            if self._stopped():
                raise Broken("nobody waits for it any more")
            if self._size > self._largest:
                raise Less(f"more than {self._largest} bytes")
            if time.monotonic() > deadline:
                raise Slow(f"not read within {_SECONDS_OF_A_BODY:g} s")
        self.is_done = True

    def _write(self, file: IO[bytes], chunk: bytes) -> None:
        file.write(chunk)
        self._size += len(chunk)
        self._has_capitals |= any(letter in chunk for letter in _CAPITALS)

    def _cut(self, file: IO[bytes]) -> None:
        """Leaves the array alone in the file: what follows it goes."""
        tail = os.pread(file.fileno(), _TAIL, max(0, self._size - _TAIL))
        end = _END.search(tail)
        if end is None:
            raise Broken("the answer was cut short")
        self._size -= len(tail) - end.start() - 1
        file.truncate(self._size)


def _head(response: BaseHTTPResponse) -> bytes:
    head = b""
    while len(head) < _HEAD and (chunk := response.read(_HEAD)):
        head += chunk
    return head


def _refused(response: BaseHTTPResponse, blocks: int, url: str, head: bytes = b"") -> Exception:
    """What an answer means that holds no logs."""
    status = response.status
    if status in _KEY_REFUSED:
        return NodeUnavailable(url, f"HTTP {status}: it does not let you in with this URL", maybe_sent=True)
    body = head + (response.read(_LARGEST_ERROR) or b"")
    if (error := _error_in(body)) is not None:
        found = meaning(error, blocks)
        if isinstance(found, Later):
            found.seconds = wait_of(response.headers.get("Retry-After"))
        return found
    if status in _TOO_LARGE_OR_SLOW:
        return Slow(f"HTTP {status}")
    if status != _OK:
        return Later(f"HTTP {status}", wait_of(response.headers.get("Retry-After")))
    return Broken("the answer holds no list of logs")


def _error_in(body: bytes) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is None:
        return None
    return error if isinstance(error, dict) else {"message": str(error)}
