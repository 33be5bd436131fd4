"""The ledger's logs against those that the receipts prove: none left out, none added, none changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indenture.ledger import LogRow

_FIELDS = ("contract", "topics", "data", "tx_hash", "tx_index", "time", "block")
_NAMES = {"tx_hash": "transaction", "tx_index": "place of the transaction"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A log that the ledger has otherwise than the chain.

    Attributes:
        row: The log as it is proved; as the ledger has it, where the chain has none.
        key: What of the log differs.
        expected: What is proved.
        found: What the ledger has.
        message: The difference in a sentence.
    """

    row: LogRow
    key: str
    expected: str
    found: str
    message: str


def differences(proved: Sequence[LogRow], read: Sequence[LogRow]) -> Iterator[Difference]:
    """How the logs of a block in the ledger differ from those that its receipts prove.

    Logs are told apart by their index in the block.
    """
    if list(proved) == list(read):
        return
    there, here = _by_index(proved), _by_index(read)
    for index in sorted(there.keys() | here.keys()):
        ours, theirs = here.get(index, []), there.get(index, [])
        if not theirs:
            for row in ours:
                yield Difference(row, _key(index), "no log", _text(row), "a log was added")
        elif not ours:
            for row in theirs:
                yield Difference(row, _key(index), _text(row), "no log", "a log was left out")
        else:
            yield from _changed(index, theirs[0], ours[0])
            for row in ours[1:]:
                yield Difference(row, _key(index), "one log", _text(row), "a log was repeated")


def _changed(index: int, theirs: LogRow, ours: LogRow) -> Iterator[Difference]:
    for name in _FIELDS:
        expected, found = getattr(theirs, name), getattr(ours, name)
        if expected == found:
            continue
        if name == "topics" and len(expected) == len(found):
            place = next(i for i, pair in enumerate(zip(expected, found, strict=True)) if pair[0] != pair[1])
            name, expected, found = f"topic {place}", expected[place], found[place]
        what = _NAMES.get(name, name)
        yield Difference(
            theirs,
            f"{_key(index)} {what}",
            _short(expected),
            _short(found),
            f"a log was changed in its {what}",
        )
        return


def _by_index(rows: Sequence[LogRow]) -> dict[int, list[LogRow]]:
    found: dict[int, list[LogRow]] = {}
    for row in rows:
        found.setdefault(row.log_index, []).append(row)
    return found


def _key(index: int) -> str:
    return f"log {index}"


def _text(row: LogRow) -> str:
    return _short(f"{row.contract} {' '.join(row.topics)} {row.data}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"
