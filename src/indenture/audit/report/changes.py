"""What changed between two reports: items that are new, gone or have other fields, list by list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indenture.audit.report.files import MOST_POWERS

Facts = Mapping[str, Any]

NEW, GONE, CHANGED = "new", "gone", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        kind: ``new``, ``gone`` or ``changed``.
        section: Of what: ``findings``, ``bonds``, ``holders``, ``payments``, ``cash``, ``members`` and so on.
        of: Of which, in words: an ISIN and an account, a member, a role.
        field: What of it changed; empty when it is new or gone as a whole.
        before: What it was, as the report writes it; None when it is new.
        after: What it is; None when it is gone.
    """

    kind: str
    section: str
    of: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class _List:
    """A list of a report: how its items are told apart, and named.

    Attributes:
        section: What its changes are listed under.
        key: Fields that tell items apart.
        names: How many of them name an item; the others are for who reads the report itself.
        parts: Lists within its items, by the field that holds them; a dot leads into an object.
        skipped: Fields that are not compared.
    """

    section: str
    key: tuple[str, ...]
    parts: tuple[tuple[str, _List], ...] = ()
    skipped: tuple[str, ...] = ()
    names: int | None = None


_WHOLE = "audit"
_TOTALS = ("differences", "logs", "events", "transactions", "blocks_with_events")
_FINDING = ("kind", "contract", "key", "expected", "found", "tx_hash")
_BOND = _List(
    "bonds",
    ("isin", "address"),
    parts=(
        ("register.rows", _List("holders", ("account",))),
        ("payments", _List("payments", ("period",))),
        ("kept", _List("kept amounts", ("account",))),
        ("fixings", _List("fixings", ("period",))),
        ("calls_in_part", _List("calls", ("period",))),
        ("events", _List("events of holders", ("number",))),
        ("recoveries", _List("recoveries", ("record",))),
        ("offerings", _List("offerings", ("id",), skipped=("demand", "bids", "bidder_states", "syndicate"))),
        ("documents", _List("documents", ("name",))),
    ),
    names=1,
    # What grows with every day or trade, and what other sections tell.
    skipped=("cash_flows", "trades", "powers", "outstanding", "register"),
)
_LISTS = (
    ("findings", _List("findings", _FINDING, skipped=("position",))),
    ("notices", _List("notices", ("kind", "contract", "about", "message"), skipped=("block",))),
    ("bonds", _BOND),
    (
        "cash",
        _List(
            "cash",
            ("code", "address"),
            parts=(("balances", _List("balances", ("account",))),),
            skipped=("supply",),
            names=1,
        ),
    ),
    ("members", _List("members", ("lei",), parts=(("accounts", _List("accounts", ("address",))),))),
    ("powers", _List("powers in force", ("role", "account"))),
    ("powers_used", _List("powers used", ("block", "tx_hash", "act", "contract", "about", "detail"))),
    ("calendars", _List("calendars", ("market",))),
    ("contracts", _List("contracts", ("name", "address"))),
)


def changes_between(earlier: Facts, later: Facts) -> list[Change]:
    """Every change, section by section."""
    found = [
        change
        for name, shape in _LISTS
        for change in _compare(shape, *_uncut(name, earlier[name], later[name]), "")
    ]
    old, new = _totals(earlier), _totals(later)
    found += [
        Change(CHANGED, _WHOLE, "", name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
    ranks = {section: rank for rank, section in enumerate(dict.fromkeys((_WHOLE, *_sections(_LISTS))))}
    return sorted(found, key=lambda change: ranks[change.section])


def _totals(report: Facts) -> dict[str, Any]:
    proved = {f"proved {name}": count for name, count in (report["proved"] or {}).items()}
    return {**{name: report[name] for name in _TOTALS}, **proved}


def _uncut(
    name: str, earlier: Sequence[Facts], later: Sequence[Facts]
) -> tuple[Sequence[Facts], Sequence[Facts]]:
    """Uses of powers from where neither list was cut, which would look like a change; other lists whole."""
    if name != "powers_used":
        return earlier, later
    cut = [uses[0]["block"] for uses in (earlier, later) if len(uses) >= MOST_POWERS]
    first = max(cut, default=-1)
    kept = [[use for use in uses if use["block"] > first] for uses in (earlier, later)]
    return kept[0], kept[1]


def _sections(lists: Sequence[tuple[str, _List]]) -> Iterator[str]:
    for _, shape in lists:
        yield shape.section
        yield from _sections(shape.parts)


def _compare(shape: _List, before: Sequence[Facts], after: Sequence[Facts], within: str) -> Iterator[Change]:
    old, new = _by_key(shape, before), _by_key(shape, after)
    for key in dict.fromkeys((*old, *new)):
        of = " ".join(filter(None, (within, *(str(part) for part in key[: shape.names] if part is not None))))
        left, right = old.get(key), new.get(key)
        if left is None or right is None:
            kind = NEW if left is None else GONE
            yield Change(kind, shape.section, of, "", _plain(shape, left), _plain(shape, right))
        else:
            yield from _fields(shape, left, right, of)
        for field, part in shape.parts:
            yield from _compare(part, _within(left, field), _within(right, field), of)


def _by_key(shape: _List, items: Sequence[Facts]) -> dict[tuple[Any, ...], Facts]:
    """Items by what tells them apart; of two that nothing does, each keeps its place."""
    found: dict[tuple[Any, ...], Facts] = {}
    for item in items:
        key = tuple(item[field] for field in shape.key)
        while key in found:
            key = (*key, "again")
        found[key] = item
    return found


def _fields(shape: _List, before: Facts, after: Facts, of: str) -> Iterator[Change]:
    left, right = _plain(shape, before) or {}, _plain(shape, after) or {}
    for field in dict.fromkeys((*left, *right)):
        if left.get(field) != right.get(field):
            yield Change(CHANGED, shape.section, of, field, left.get(field), right.get(field))


def _plain(shape: _List, item: Facts | None) -> dict[str, Any] | None:
    """The fields of an item that are compared: neither its key nor what other sections tell."""
    if item is None:
        return None
    left_out = {*shape.key, *shape.skipped, *(field.partition(".")[0] for field, _ in shape.parts)}
    return {field: value for field, value in item.items() if field not in left_out}


def _within(item: Facts | None, field: str) -> Sequence[Facts]:
    found: Any = item
    for name in field.split("."):
        found = found[name] if found else ()
    items: Sequence[Facts] = found or ()
    return items
