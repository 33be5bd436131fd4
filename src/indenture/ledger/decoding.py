"""ABI values as SQL: expressions that DuckDB evaluates over whole columns of logs.

An expression gives the value or raises; ``TRY`` around all of them makes NULL of a log that does not fit.
A log fits when it is, to the last digit, what an encoder makes of the values that are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from indenture.ledger.names import column_name
from indenture.ledger.words import WORD, Field, Frame, checked, word_fields

Param = Mapping[str, Any]
"""A parameter, as in the JSON of an ABI."""


def fields_of(params: Sequence[Param], frame: Frame) -> list[list[Field]]:
    """Fields of parameters that stand in one frame: a list for each, in their order."""
    return [_fields(param, frame, at) for param, at in _placed(params)]


def layout(params: Sequence[Param], frame: Frame) -> tuple[list[str], str]:
    """How parameters lie in their frame.

    Returns:
        Conditions that pointers are those of an encoder: each value follows the one before, without a gap.
        And an expression of the hex digits of all.
    """
    end = str(sum(_head(p) for p in params))
    conditions = []
    for param, at in _placed(params):
        if _is_dynamic(param):
            begin = f"2 * {_number(frame, at)}"
            conditions.append(f"{begin} = {end}")
            end = f"{begin} + {_size(param, _tail(frame, at))}"
    return conditions, end


def struct(members: Sequence[Field]) -> str:
    """Expression of a struct of fields."""
    return "{" + ", ".join(f"'{m.name}': {m.value}" for m in members) + "}"


def fits_of(members: Sequence[Field]) -> tuple[str, ...]:
    """Conditions under which all fields are right."""
    return tuple(condition for member in members for condition in member.fits)


def _placed(params: Sequence[Param]) -> Iterator[tuple[Param, int]]:
    """Parameters with the hex digits before them in their frame."""
    at = 0
    for param in params:
        yield param, at
        at += _head(param)


def _head(param: Param) -> int:
    """Hex digits that a parameter takes up in its frame: a pointer, or itself."""
    if param["type"] == "tuple" and not _is_dynamic(param):
        return sum(_head(c) for c in param["components"])
    return WORD


def _is_dynamic(param: Param) -> bool:
    kind = str(param["type"])
    if kind == "tuple":
        return any(_is_dynamic(c) for c in param["components"])
    return kind in ("string", "bytes") or kind.endswith("[]")


def _fields(param: Param, frame: Frame, at: int) -> list[Field]:
    name = column_name(str(param["name"]))
    if _is_dynamic(param):
        return [_behind_pointer(name, param, _tail(frame, at), frame.depth + 1)]
    if param["type"] == "tuple":
        members = _members(param, Frame(frame.text, frame.start + at, frame.depth))
        return [Field(name, _struct_type(members), struct(members), fits_of(members))]
    return word_fields(name, str(param["type"]), frame, at)


def _members(param: Param, frame: Frame) -> list[Field]:
    return [field for found in fields_of(param["components"], frame) for field in found]


def _struct_type(members: Sequence[Field]) -> str:
    return f"STRUCT({', '.join(f'{m.name} {m.sql_type}' for m in members)})"


def _number(frame: Frame, at: int) -> str:
    """A length, or an offset in bytes; more than four bytes of it point beyond any log, and raise."""
    return f"CAST(CAST('0x' || {frame.digits(at)} AS UINTEGER) AS BIGINT)"


def _tail(frame: Frame, at: int) -> str:
    """What a pointer points to, with all that follows in the frame."""
    return frame.rest(f"2 * {_number(frame, at)}")


def _size(param: Param, tail: str) -> str:
    """Hex digits of a value behind a pointer."""
    kind, frame = str(param["type"]), Frame(tail)
    if kind == "tuple":
        return layout(param["components"], frame)[1]
    if kind.endswith("[]"):
        return f"{WORD} + {_head(_element(param))} * {_number(frame, 0)}"
    return f"{WORD} + {_padded(_number(frame, 0))}"


def _padded(length: str) -> str:
    """Hex digits of so many bytes, filled up to whole words."""
    return f"{WORD} * (({length} + 31) // 32)"


def _behind_pointer(name: str, param: Param, tail: str, depth: int) -> Field:
    """A value behind a pointer; a lambda gives its text a name, so that it is cut out once."""
    kind, frame = str(param["type"]), Frame(f"t{depth}", 0, depth)
    fits: Sequence[str] = ()
    if kind == "tuple":
        members = _members(param, frame)
        sql_type, value = _struct_type(members), struct(members)
        fits = (*layout(param["components"], frame)[0], *fits_of(members))
    elif kind.endswith("[]"):
        sql_type, value = _list(param, frame)
    else:
        sql_type, value, fits = "VARCHAR", *_octets(kind, frame)
    return Field(
        name, sql_type, f"list_transform([{tail}], lambda {frame.text}: {checked(value, fits, sql_type)})[1]"
    )


def _element(param: Param) -> Param:
    element = {**param, "type": str(param["type"]).removesuffix("[]")}
    if _is_dynamic(element):
        raise ValueError(f"{param['name']}: a list of {element['type']}, which no event of the suite has")
    return element


def _list(param: Param, frame: Frame) -> tuple[str, str]:
    """Type and value of a list: its text is cut into elements at once."""
    element = _element(param)
    size = _head(element)
    item = Frame(f"e{frame.depth}", 0, frame.depth)
    (field,) = _fields(element, item, 0)
    text = f"substring({frame.text}, {WORD + 1}, {size} * {_number(frame, 0)})"
    items = f"regexp_extract_all({text}, '.{{{size}}}')"
    value = checked(field.value, field.fits, field.sql_type)
    return f"{field.sql_type}[]", f"list_transform({items}, lambda {item.text}: {value})"


def _octets(kind: str, frame: Frame) -> tuple[str, list[str]]:
    """Value of bytes or a string, and the condition that zeros fill them up."""
    length = _number(frame, 0)
    body = f"substring({frame.text}, {WORD + 1}, 2 * {length})"
    padding = f"{_padded(length)} - 2 * {length}"
    zeros = f"substring({frame.text}, {WORD + 1} + 2 * {length}, {padding}) = repeat('0', {padding})"
    return f"decode(unhex({body}))" if kind == "string" else f"'0x' || {body}", [zeros]
