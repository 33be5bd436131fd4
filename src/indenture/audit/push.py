"""Where a watch tells what it sees: a file of JSON lines, or a webhook."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
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


def messages(sighting: Sighting, network: str) -> Iterator[Message]:
    """What a sighting has to tell, one message each; nothing when all is well.

    Each has ``kind`` (``reorganised``, ``withdrawn``, ``finding`` or ``trouble``), ``network``, ``block``,
    and ``text``, a sentence that chat systems show.
    """
    head = {"network": network, "block": sighting.block.number}
    if sighting.trouble:
        yield {"kind": "trouble", **head, "text": f"{network}: {sighting.trouble}"}
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
        line = json.dumps(message, ensure_ascii=False) + "\n"
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
