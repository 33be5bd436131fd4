"""One ABI word as SQL: its value, and when it is a value of its type.

Words are compared as they are served: hex text of one length and lower case is in the order of its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

WORD = 64
"""Hex digits of a word."""

TEXTS = ("bytes2", "bytes8", "bytes12", "bytes20")
"""Types that hold ASCII in this suite, filled up with zeros: country, market, ISIN, LEI."""

WIDE = ("uint128", "uint256", "int256")
"""Types with values that no decimal of 38 digits holds."""

_RAISE = "CAST('does not fit' AS BOOLEAN)"
# Raises where it is evaluated; ``error()`` would too, but not inside ``TRY``.

_UNSIGNED = {"uint8": "UTINYINT", "uint16": "USMALLINT", "uint32": "UINTEGER", "uint64": "UBIGINT"}
# The database has these types itself: a cast of the whole word raises where it does not fit.

_LARGEST_DECIMAL = 10**38 - 1


@dataclass(frozen=True, slots=True)
class Frame:
    """Text that holds encoded values.

    Attributes:
        text: Expression of the text.
        start: Characters before its first hex digit.
        depth: How many pointers led here; keeps the names of nested lambdas apart.
    """

    text: str
    start: int = 0
    depth: int = 0

    def digits(self, at: int, count: int = WORD) -> str:
        """Expression of some hex digits, from a position on."""
        return f"substring({self.text}, {self.start + at + 1}, {count})"

    def rest(self, at: str) -> str:
        """Expression of all hex digits from a position on."""
        return f"substring({self.text}, {self.start + 1} + {at})"


class Field(NamedTuple):
    """A column, or a field of a struct.

    Attributes:
        name: Its name in SQL.
        sql_type: Its type.
        value: Expression of its value; it may raise where the value does not fit.
        fits: Conditions under which the value is right.
    """

    name: str
    sql_type: str
    value: str
    fits: tuple[str, ...] = ()


def checked(value: str, fits: Iterable[str], sql_type: str) -> str:
    """A value that raises where a condition does not hold."""
    condition = " AND ".join(fits)
    raises = f"CAST(CAST({_RAISE} AS VARCHAR) AS {sql_type})"
    return f"CASE WHEN {condition} THEN {value} ELSE {raises} END" if condition else value


def word_fields(name: str, kind: str, frame: Frame, at: int = 0) -> list[Field]:
    """Fields of a value of one word: one, or two where a decimal may not hold it.

    Args:
        name: Its name in SQL.
        kind: Its type in the ABI.
        frame: Where it stands.
        at: Hex digits before it there.
    """
    if kind in WIDE:
        return _wide(name, kind, frame, at)
    sql_type, value = _value(kind, frame, at)
    any_word_will_do = kind in _UNSIGNED or kind == "bytes32"
    fits = () if any_word_will_do else (_fits(kind, frame.digits(at)),)
    return [Field(name, sql_type, value, fits)]


def _literal(number: int) -> str:
    return f"'{number % (1 << 256):064x}'"


def _bits(kind: str) -> int:
    return int(kind.lstrip("uint"))


def _fits(kind: str, word: str) -> str:
    """Whether a word is a value of its type: what lies beside the value is zero, or repeats its sign."""
    if kind.startswith("bytes"):
        return f"ends_with({word}, '{'0' * (WORD - 2 * int(kind[5:]))}')"
    if kind.startswith("int"):
        half = 1 << (_bits(kind) - 1)
        return f"({word} <= {_literal(half - 1)} OR {word} >= {_literal(-half)})"
    bits = {"bool": 1, "address": 160}.get(kind) or _bits(kind)
    return f"{word} <= {_literal((1 << bits) - 1)}"


def _value(kind: str, frame: Frame, at: int) -> tuple[str, str]:
    """Type and value of a word that fits."""
    if kind == "bool":
        return "BOOLEAN", f"{frame.digits(at + WORD - 1, 1)} = '1'"
    if kind == "address":
        return "VARCHAR", f"'0x' || {frame.digits(at + 24, 40)}"
    if kind in TEXTS:
        return "VARCHAR", _text(frame.digits(at, 2 * int(kind[5:])))
    if kind.startswith("bytes"):
        return "VARCHAR", f"'0x' || {frame.digits(at, 2 * int(kind[5:]))}"
    return _signed(kind, frame, at) if kind.startswith("int") else _unsigned(kind, frame, at)


def _text(digits: str) -> str:
    """The characters without the zeros behind them; hex of the whole where one is not printable."""
    bare = f"rtrim({digits}, '0')"
    # An odd number of digits is left where the last character's own digit is zero, as in 0x50.
    even = f"{bare} || CASE WHEN strlen({bare}) % 2 = 1 THEN '0' ELSE '' END"
    return (
        f"CASE WHEN regexp_full_match({even}, '(?:[2-6][0-9a-f]|7[0-9a-e])*') "
        f"THEN decode(unhex({even})) ELSE '0x' || {digits} END"
    )


def _low(frame: Frame, at: int, bits: int) -> str:
    """The lower bits of a word, as a number without a sign."""
    count = bits // 4
    sql_type = {64: "UBIGINT", 128: "UHUGEINT"}[bits]
    return f"CAST('0x' || {frame.digits(at + WORD - count, count)} AS {sql_type})"


def _unsigned(kind: str, frame: Frame, at: int) -> tuple[str, str]:
    bits = _bits(kind)
    sql_type = "INTEGER" if bits < 32 else "BIGINT" if bits < 64 else "DECIMAL(38,0)"
    if kind in _UNSIGNED:
        return sql_type, f"CAST(CAST('0x' || {frame.digits(at)} AS {_UNSIGNED[kind]}) AS {sql_type})"
    return sql_type, f"CAST({_low(frame, at, 64 if bits <= 64 else 128)} AS {sql_type})"


def _signed(kind: str, frame: Frame, at: int) -> tuple[str, str]:
    sql_type = "INTEGER" if _bits(kind) <= 32 else "BIGINT"
    low = _low(frame, at, 64)
    negative = f"{frame.digits(at, 1)} = 'f'"
    value = f"CASE WHEN {negative} THEN -CAST(~{low} AS BIGINT) - 1 ELSE {low} END"
    return sql_type, f"CAST({value} AS {sql_type})"


def _wide(name: str, kind: str, frame: Frame, at: int) -> list[Field]:
    """A decimal where it holds the number, and the whole word where it does not."""
    word, low = frame.digits(at), _low(frame, at, 128)
    small = f"{word} <= {_literal(_LARGEST_DECIMAL)}"
    decimal = f"WHEN {small} THEN CAST({low} AS DECIMAL(38,0))"
    whole = f"WHEN NOT {small} THEN '0x' || {word}"
    if kind == "int256":
        negative = f"{word} >= {_literal(-_LARGEST_DECIMAL)}"
        decimal += f" WHEN {negative} THEN -CAST(~{low} AS DECIMAL(38,0)) - 1"
        whole = f"WHEN NOT ({small} OR {negative}) THEN '0x' || {word}"
    fits = (_fits(kind, word),) if kind == "uint128" else ()
    return [
        Field(name, "DECIMAL(38,0)", f"CASE {decimal} END", fits),
        Field(f"{name}_hex", "VARCHAR", f"CASE {whole} END"),
    ]
