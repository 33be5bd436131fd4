"""Two reports of one deployment compared: what changed, and whether the later one continues the earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from indenture._visible import visible
from indenture.audit.report.changes import CHANGED, NEW, Change, changes_between
from indenture.audit.report.files import read_report
from indenture.errors import InputError

Facts = Mapping[str, Any]

_PREFIX_SAYS = {
    "same": "both end at the same block",
    "prefix": "the later one continues the earlier: its last block is on the later one's chain",
    "shared": "they share their history up to block {block}; of what follows, no hash is there to compare",
    "broken": "the later one does NOT continue the earlier one: block {block} has another hash",
}


@dataclass(frozen=True, slots=True)
class Continuity:
    """Whether the earlier report is a part of the later one's history.

    Attributes:
        verdict: ``same`` (one last block), ``prefix``, ``shared`` (up to ``block``, more cannot be told) or
            ``broken`` (``block`` has two hashes).
        block: The last block that both know, or the first that differs.
    """

    verdict: str
    block: int

    def __str__(self) -> str:
        return _PREFIX_SAYS[self.verdict].format(block=f"{self.block:,}")


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two reports, the earlier one first.

    Attributes:
        earlier: Last block, its hash and time, and the number of findings of the earlier report.
        later: The same of the later one.
        continuity: Whether the later continues the earlier.
        changes: Every change, by section.
    """

    earlier: Facts
    later: Facts
    continuity: Continuity
    changes: tuple[Change, ...]

    def of(self, section: str) -> tuple[Change, ...]:
        """The changes of one section."""
        return tuple(change for change in self.changes if change.section == section)

    def as_json(self) -> dict[str, Any]:
        """For machines; the changes of a section are a list under its name."""
        sections: dict[str, list[dict[str, Any]]] = {}
        for change in self.changes:
            told = {name: getattr(change, name) for name in ("kind", "of", "field", "before", "after")}
            sections.setdefault(change.section, []).append(told)
        return {
            "earlier": dict(self.earlier),
            "later": dict(self.later),
            "continuity": {"verdict": self.continuity.verdict, "block": self.continuity.block},
            "changes": sections,
        }

    def as_text(self) -> str:
        """For people: the continuity first, then the changes section by section."""
        return "\n".join(map(visible, self._lines())) + "\n"

    def _lines(self) -> Iterator[str]:
        for name, report in (("earlier", self.earlier), ("later", self.later)):
            yield (
                f"{name:<8} block {report['to_block']:,}, {report['as_of']}, "
                f"{report['differences']:,} difference{'s' * (report['differences'] != 1)}, "
                f"{report['to_block_hash']}"
            )
        yield str(self.continuity)
        if not self.changes:
            yield "nothing else differs"
        section = ""
        for (of_section, of), group in groupby(self.changes, key=lambda change: (change.section, change.of)):
            if of_section != section:
                section = of_section
                yield ""
                yield section
            changes = list(group)
            yield from (f"  {_line(change)}" for change in changes if change.kind != CHANGED)
            fields = [
                f"{change.field} {_show(change.before)} -> {_show(change.after)}"
                for change in changes
                if change.kind == CHANGED
            ]
            yield from _listed(of, fields)


def diff(
    first: Path | Facts, second: Path | Facts, *, hash_of: Callable[[int], str | None] | None = None
) -> Difference:
    """Compares two reports of one deployment: of two blocks, or of two auditors.

    Args:
        first: A report: its folder, its ``audit.json``, or its facts.
        second: Another one; the order does not matter, but of one block the first counts as the earlier.
        hash_of: Hash of a block by its number, None where it is not known: a node's or a ledger's, for what
            the later report does not tell.

    Raises:
        InputError: One is no report, or they are of different chains or deployments.
    """
    a, b = _facts(first), _facts(second)
    try:
        return _difference(a, b, hash_of)
    except (AttributeError, KeyError, TypeError) as fault:
        raise InputError(
            f"the reports cannot be compared: one is damaged ({fault!r})",
            hint="Take them from who made them.",
        ) from None


def _difference(a: Facts, b: Facts, hash_of: Callable[[int], str | None] | None) -> Difference:
    _require_same_deployment(a, b)
    earlier, later = (b, a) if b["to_block"] < a["to_block"] else (a, b)
    return Difference(
        earlier=_head(earlier),
        later=_head(later),
        continuity=_continuity(earlier, later, hash_of),
        changes=tuple(changes_between(earlier, later)),
    )


def _facts(report: Path | Facts) -> Facts:
    return read_report(report) if isinstance(report, Path) else report


def _head(report: Facts) -> dict[str, Any]:
    names = ("network", "chain_id", "from_block", "to_block", "to_block_hash", "as_of", "differences")
    return {name: report[name] for name in names}


# --- one chain, one deployment


def _require_same_deployment(a: Facts, b: Facts) -> None:
    for key, what in (
        ("chain_id", "chain"),
        ("genesis", "first block of the chain"),
        ("from_block", "first block"),
    ):
        if a[key] != b[key] and None not in (a[key], b[key]):
            _refuse(what, a, a[key], b, b[key])
    places: list[dict[str, str]] = [
        {c["name"]: c["address"] for c in report["contracts"]} for report in (a, b)
    ]
    for name in places[0].keys() & places[1].keys():
        if places[0][name] != places[1][name]:
            _refuse(f"address of {name}", a, places[0][name], b, places[1][name])
    hashes = _hashes(a), _hashes(b)
    common = hashes[0].keys() & hashes[1].keys()
    if common and hashes[0][first := min(common)] != hashes[1][first] and first == a["from_block"]:
        _refuse(f"hash of block {first}", a, hashes[0][first], b, hashes[1][first])


def _refuse(what: str, a: Facts, left: object, b: Facts, right: object) -> None:
    names = [f"{report['network']} (chain {report['chain_id']})" for report in (a, b)]
    raise InputError(
        f"the reports are of different deployments: the {what} is {left} in that of {names[0]}, "
        f"{right} in that of {names[1]}",
        hint="Compare two reports of one deployment.",
    )


# --- does the later continue the earlier?


def _continuity(earlier: Facts, later: Facts, hash_of: Callable[[int], str | None] | None) -> Continuity:
    known, told = _hashes(earlier), _hashes(later)
    end = earlier["to_block"]
    if hash_of is not None and end not in told and (found := hash_of(end)) is not None:
        told[end] = found
    common = sorted(known.keys() & told.keys())
    for block in common:
        if known[block] != told[block]:
            return Continuity("broken", block)
    if end in common:
        return Continuity("same" if end == later["to_block"] else "prefix", end)
    return Continuity("shared", common[-1] if common else earlier["from_block"])


def _hashes(report: Facts) -> dict[int, str]:
    return {int(each["block"]): str(each["hash"]) for each in report["block_hashes"]}


# --- in words

_LINE = 80
"""Characters of a line that every terminal has."""


def _line(change: Change) -> str:
    told = change.after if change.kind == NEW else change.before
    shown = [f"{name} {_show(value)}" for name, value in (told or {}).items() if value not in (None, "", [])]
    return f"{change.kind} {change.of}" + (f": {', '.join(shown)}" if shown else "")


def _listed(of: str, fields: list[str]) -> Iterator[str]:
    """What changed of one thing: in its line where there is room, else each field in a line."""
    line = f"  {of}: {', '.join(fields)}" if of else f"  {', '.join(fields)}"
    if not fields:
        return
    if len(line) <= _LINE or len(fields) == 1:
        yield line
        return
    indent = "    " if of else "  "
    if of:
        yield f"  {of}"
    yield from (f"{indent}{field}" for field in fields)


def _show(value: Any) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(_show, value))})"
    if isinstance(value, Mapping):
        return f"({', '.join(f'{name} {_show(part)}' for name, part in value.items())})"
    return (
        "none"
        if value is None
        else f"{value:,}"
        if isinstance(value, int) and value is not True
        else str(value)
    )
