"""Answers that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts
from tests.audit.lying import Change


def _first(method: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda asked, body: change(body) if asked == method else body


_SOMEHOW = ("PROVE-1", "PROVE-2", "PROVE-4", "PROVE-5", "VIEW-2")
_METHODS = (
    "eth_getLogs",
    "eth_getBlockByNumber",
    "eth_call",
    "eth_getTransactionByHash",
    "eth_getBlockReceipts",
)
_DEEP = 50_000
_BROKEN: Mapping[str, Callable[[bytes], bytes]] = {
    "JSON that is cut short": lambda body: body[: len(body) // 2],
    "a page of HTML": lambda _: b"<html>busy</html>",
    "nothing": lambda _: b"",
    "lists in lists": lambda _: b"[" * _DEEP + b"]" * _DEEP,
    "null results": lambda body: (
        body[: body.index(b'"result":') + 9] + b"null}" if body[:1] == b"{" else b"[]"
    ),
}


def _broken(words: str, change: Callable[[bytes], bytes]) -> None:
    @kind("no answers", words, cases=len(_METHODS), by=_SOMEHOW, refused=True)
    def make(facts: Facts, rng: Dice) -> Told:
        del facts
        method = rng.turn(_METHODS)
        return Told(f"{method}: {words}", spoil=_first(method, change))


for _how, _spoil in _BROKEN.items():
    _broken(_how, _spoil)


_SHAPES: tuple[tuple[str, Change], ...] = (
    ("eth_getBlockByNumber", lambda _, truth: truth and dict.fromkeys(truth)),
    ("eth_getBlockByNumber", lambda *_: []),
    ("eth_getLogs", lambda _, logs: [dict.fromkeys(log) for log in logs]),
    ("eth_getCode", lambda *_: None),
    ("eth_getCode", lambda *_: "0x1"),
    ("eth_call", lambda *_: 5),
    ("eth_getTransactionByHash", lambda *_: {}),
    ("eth_getBlockReceipts", lambda *_: {"logs": []}),
    ("eth_getProof", lambda *_: [5]),
)


@kind(
    "no answers",
    "of another shape",
    cases=len(_SHAPES),
    by=_SOMEHOW,
    refused=True,
)
def of_another_shape(facts: Facts, rng: Dice) -> Told:
    del facts
    method, change = rng.turn(_SHAPES)
    return Told(f"{method} of another shape", {method: change})
