"""Worked questions: each a file of SQL that says in its head what it asks, needs and answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb

from indenture.errors import InputError
from indenture.ledger.views import comment_of, files, text_of

_PARAMETER = re.compile(r"\$(\w+) (text|number|day|block)(\??): (.*)")

HINT = "A query only reads; `indenture ledger tables` names what is there."

Value = str | int | None
"""What a parameter is bound to; days as ``2026-12-05``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question needs to know.

    Attributes:
        kind: ``text``, ``number``, ``day`` or ``block``; a block that is not given is the last one.
        is_optional: Whether the question is asked of all without it.
    """

    name: str
    kind: str
    is_optional: bool
    about: str

    def read(self, given: str | int) -> Value:
        """The value, as SQL takes it.

        Raises:
            InputError: It is not of this kind.
        """
        text = str(given).strip()
        try:
            if self.kind == "day":
                return date.fromisoformat(text).isoformat()
            return text if self.kind == "text" else int(text)
        except ValueError:
            wanted = {"day": "a day such as 2026-12-05"}.get(self.kind, "a whole number")
            raise InputError(
                f"{self.name}: {text!r} is not {wanted}", hint=f"{self.name}: {self.about}"
            ) from None


@dataclass(frozen=True, slots=True)
class Question:
    """One worked question.

    Attributes:
        title: What is asked.
        answer: What each row of the answer says.
        sql: The query, with ``$name`` for its parameters.
    """

    number: int
    name: str
    title: str
    parameters: tuple[Parameter, ...]
    answer: str
    sql: str

    def bind(self, given: Mapping[str, str | int], head: int) -> dict[str, Value]:
        """The parameters as SQL takes them.

        Args:
            given: Values by name.
            head: The block that stands where none is given.

        Raises:
            InputError: One is missing, unknown, not of its kind, or a block that is not there yet.
        """
        known = {p.name for p in self.parameters}
        if strange := sorted(set(given) - known):
            raise InputError(
                f"question {self.number} takes no {', '.join(strange)}",
                hint=f"It takes: {', '.join(p.name for p in self.parameters) or 'nothing'}.",
            )
        bound: dict[str, Value] = {}
        for parameter in self.parameters:
            if parameter.name in given:
                bound[parameter.name] = parameter.read(given[parameter.name])
                self._check_block(parameter, bound[parameter.name], head)
            elif parameter.kind == "block":
                bound[parameter.name] = head
            elif parameter.is_optional:
                bound[parameter.name] = None
            else:
                raise InputError(
                    f"question {self.number} needs {parameter.name}: {parameter.about}",
                    hint=f"Add {parameter.name}=... to it.",
                )
        return bound

    @staticmethod
    def _check_block(parameter: Parameter, value: Value, head: int) -> None:
        if parameter.kind == "block" and isinstance(value, int) and not 0 <= value <= head:
            raise InputError(
                f"{parameter.name}: {value} is no block up to {head}, where the ledger ends",
                hint="Give an earlier block, or read the ledger on.",
            )


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a query: whole amounts as ``int`` or ``Decimal``, times as naive UTC."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@cache
def questions() -> tuple[Question, ...]:
    """All of them, in the order of their numbers."""
    return tuple(_question(file) for file in files("questions"))


def question(key: str | int) -> Question:
    """The question of a number or a name.

    Raises:
        InputError: There is none.
    """
    found = [q for q in questions() if str(key) in (str(q.number), q.name)]
    if not found:
        raise InputError(
            f"there is no question {key!r}",
            hint=f"There are: {', '.join(f'{q.number} {q.name}' for q in questions())}.",
        )
    return found[0]


def run(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Value] | None = None) -> Answer:
    """Runs a query over a ledger whose views are installed.

    Raises:
        InputError: The query is wrong; in DuckDB's words.
    """
    try:
        cursor = con.execute(sql, dict(parameters or {}))
        columns = tuple(str(column[0]) for column in cursor.description or ())
        return Answer(columns, cursor.fetchall() if columns else [])
    except duckdb.Error as fault:
        raise InputError(f"the query does not run: {fault}", hint=HINT) from None


def _question(file: str) -> Question:
    number, _, name = file.partition("_")
    text = text_of("questions", file)
    title, *parts = comment_of(text).split("\n\n")
    takes = [line for part in parts[:-1] for line in part.splitlines()]
    matches = [_PARAMETER.fullmatch(line) for line in takes]
    if not all(matches):
        raise ValueError(f"questions/{file}.sql: a parameter is written as `$name kind: what it is`")
    return Question(
        number=int(number),
        name=name,
        title=" ".join(title.split()),
        parameters=tuple(Parameter(m[1], m[2], m[3] == "?", m[4]) for m in matches if m),
        answer=" ".join(parts[-1].split()),
        sql=text,
    )
