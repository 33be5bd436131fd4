"""Where a watch tells what it sees: a file of JSON lines, or a webhook."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

from indenture.audit.findings import Finding
from indenture.audit.report.facts import finding_facts
from indenture.audit.watch import Sighting
from indenture.errors import InputError

Message = Mapping[str, Any]
Push = Callable[[Message], None]

_SECONDS = 5.0
_TRIES = 3
_MOST_WAITING = 1_000


class PushFailed(Exception):
    """A message did not arrive; the watch goes on."""


def push_to(target: str) -> Push:
    """A way to tell, by where to: ``http(s)://...`` is posted to, anything else is a file to append to.

    Raises:
        InputError: The file cannot be written.
    """
    if urlsplit(target).scheme in ("http", "https"):
        return _Webhook(target)
    path = Path(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as fault:
        raise InputError(
            f"nothing can be written to {target}: {fault.strerror}",
            hint="Give a file that can be written, or the URL of a webhook.",
        ) from None
    return _File(path)


class Delivery:
    """Tells one target, in order: what it refused waits, and goes first the next time.

    Args:
        push: How it is told.
        most: So many messages wait at most; then the oldest are lost, and that is said.
    """

    def __init__(self, push: Push, *, most: int = _MOST_WAITING) -> None:
        self._push = push
        self._most = most
        self._waiting: deque[Message] = deque()
        self._lost = 0

    def send(self, told: Iterable[Message]) -> None:
        """Sends what waits, then what is new.

        Raises:
            PushFailed: The target refused; all from there on waits for the next time.
        """
        self._waiting.extend(told)
        while len(self._waiting) > self._most:
            self._waiting.popleft()
            self._lost += 1
        while self._waiting:
            try:
                self._push(self._waiting[0])
            except PushFailed as fault:
                lost = f", {self._lost:,} older ones are lost" if self._lost else ""
                raise PushFailed(f"{fault}; waiting: {len(self._waiting):,}{lost}") from None
            self._waiting.popleft()
        self._lost = 0


def messages(sighting: Sighting, network: str) -> Iterator[Message]:
    """What a sighting has to tell, one message each; nothing when all is well.

    Each has ``kind`` (``reorganised``, ``withdrawn``, ``finding``, ``trouble`` or ``recovered``),
    ``network``, ``block``, and ``text``, a sentence that chat systems show.
    """
    head = {"network": network, "block": sighting.block.number}
    if sighting.trouble:
        yield {"kind": "trouble", **head, "text": f"{network}: {' '.join(sighting.trouble.split())}"}
    if sighting.recovered:
        yield {"kind": "recovered", **head, "text": f"{network}: the node answers again"}
    if sighting.undone_to is not None:
        text = f"{network}: the chain was reorganised above block {sighting.undone_to}"
        yield {"kind": "reorganised", **head, "undone_to": sighting.undone_to, "text": text}
    for kind, found in (("withdrawn", sighting.withdrawn), ("finding", sighting.findings)):
        for finding in found:
            facts = finding_facts(finding)
            yield {"kind": kind, **head, "finding": facts, "text": f"{network}: {_sentence(kind, finding)}"}


def _sentence(kind: str, finding: Finding) -> str:
    told = (
        f"{finding.kind} in block {finding.block}: {finding.message} ({finding.contract}, {finding.key}: "
        f"expected {finding.expected}, found {finding.found})"
    )
    return told if kind == "finding" else f"no longer stands after a reorganisation: {told}"


class _File:
    """Appends a line a message, and has it on the disk before it goes on."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, message: Message) -> None:
        line = json.dumps(message) + "\n"  # in ASCII: who looks at it in a terminal is safe from what it says
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as fault:
            raise PushFailed(f"{self._path}: {fault.strerror}") from None


class _Webhook:
    """Posts a message as JSON; a message that may have arrived can come twice."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._shown = f"{urlsplit(url).scheme}://{urlsplit(url).hostname}"
        self._pool = urllib3.PoolManager(
            retries=urllib3.Retry(_TRIES, backoff_factor=0.2, allowed_methods=None)
        )

    def __call__(self, message: Message) -> None:
        try:
            answer = self._pool.request("POST", self._url, json=message, timeout=_SECONDS)
        except urllib3.exceptions.HTTPError as fault:
            raise PushFailed(f"{self._shown}: {type(fault).__name__}") from None
        if answer.status >= 300:
            raise PushFailed(f"{self._shown}: HTTP {answer.status}")
