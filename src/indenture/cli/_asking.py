"""A ledger is opened, asked, and what it answers is shown: amounts exact, times in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._blocks import BLOCK
from indenture.cli._output import Grid, View
from indenture.cli._progress import working
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.ledger.engines import Engine
    from indenture.ledger.questions import Answer, Question, Value

At = int | str | datetime | None

AT = click.option(
    "--at",
    type=BLOCK,
    metavar="BLOCK",
    help="As it was after a block: a number, or an instant with its zone for the last block until then.",
)
SPARK = click.option(
    "--spark",
    metavar="MASTER",
    help="Let Apache Spark answer, from an exported folder: local[2], spark://host:7077, yarn, ...",
)

_KEPT = 5
"""So many columns of an answer are shown on any terminal."""

_PLACES = ("from_log_index", "log_index", "from_time", "from_block", "block")
"""Columns that are left out first where a terminal has no room, and the bond's address, beside its ISIN."""

_NAMES = {
    "isin": ("SELECT 1 AS one FROM bonds WHERE isin = $value", "bond", "isin, name FROM bonds"),
    "offering": (
        "SELECT 1 AS one FROM offerings WHERE offering = $value",
        "offering",
        "offering, isin, stage FROM offerings",
    ),
}
"""Parameters that name something: whether it is there, what it is, and what lists them all."""


def engine_of(place: Path, at: At, spark: str | None) -> AbstractContextManager[Engine]:
    """Opens a ledger, as of a block."""
    from indenture.ledger.engines import open_engine

    if isinstance(at, str):
        raise InputError(f"a ledger knows no {at} block", hint="Give a number, or an instant with its zone.")
    return open_engine(place, at=at, spark=spark)


def answered(asked: Question, place: Path, given: Mapping[str, str], at: At, spark: str | None) -> View:
    """The answer to a worked question."""
    with engine_of(place, at, spark) as engine, working("Asking"):
        bound = asked.bind(given, engine.head)
        answer = engine.run(asked.sql, bound)
        if not answer.rows:
            _require_known(engine, bound)
    return answer_view(asked.title, answer, (asked.answer,))


def answer_view(title: str, answer: Answer, notes: tuple[str, ...]) -> View:
    """For programs as it is: amounts are decimals; for people whole numbers, with their commas."""
    shown = [{name: _whole(value) for name, value in row.items()} for row in exact_rows(answer)]
    return View(exact_rows(answer), [Grid(title, shown, notes=notes, spare=_spare(answer.columns))])


def _spare(columns: Sequence[str]) -> list[str]:
    """Columns that a person misses least, the first first."""
    least = [*(["bond"] if "isin" in columns else []), *(name for name in _PLACES if name in columns)]
    others = [name for name in columns if name not in least]
    return [*least, *others[: _KEPT - 1 : -1]]


def exact_rows(answer: Answer) -> list[dict[str, object]]:
    """Rows by column, as programs get them; times of a ledger are UTC and do not say so."""
    return [dict(zip(answer.columns, map(timed, row), strict=True)) for row in answer.rows]


def timed(value: object) -> object:
    """A time with its zone, anything else as it is."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def pairs_of(parameters: Sequence[str]) -> dict[str, str]:
    """Parameters as they were typed: NAME=VALUE."""
    given: dict[str, str] = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"{pair!r} is no parameter", hint="Write NAME=VALUE, such as isin=CND100000015.")
        given[name] = value
    return given


def _require_known(engine: Engine, bound: Mapping[str, Value]) -> None:
    """No row is an answer where there is such a bond; where there is none, it was mistyped or comes later."""
    for name, (known, what, listing) in _NAMES.items():
        value = bound.get(name)
        if value is not None and not engine.run(known, {"value": value}).rows:
            raise InputError(
                f"up to block {engine.head} the ledger knows no {what} {value}",
                hint=f'Give another, or a later block: indenture ledger query LEDGER "SELECT {listing}".',
            )


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Decimal) and value.as_tuple().exponent == 0 else value
