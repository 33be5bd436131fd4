"""A life: a bond of one kind, who takes it, what is published for it, and what happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, RootModel

from indenture.calendars import Calendar
from indenture.interest import Benchmark
from indenture.play.acts.base import Act
from indenture.play.acts.benchmarks import KindField, Value
from indenture.play.fields import Block, Day, Instant, Name, Selector, Text, Whole
from indenture.play.loader import CaseBlock
from indenture.termsheet import TermSheet

_ZERO_OR_MORE = Field(ge=0)


class BenchmarkBlock(Block):
    """A benchmark of ``lives.yaml``.

    Attributes:
        kind: What its values are.
        calendar: Market on whose working days it is published.
        basis: Days of a year that overnight rates count by.
        correctable_for: Seconds in which a value may still be corrected.
    """

    kind: KindField
    calendar: Text
    basis: Annotated[int, _ZERO_OR_MORE] = 0
    correctable_for: Annotated[int, _ZERO_OR_MORE] = 0


class LivesBlock(CaseBlock):
    """What ``lives.yaml`` says: as ``case.yaml``, and more.

    Attributes:
        lives: Names of the files of the lives, in the order in which they are shown.
        benchmarks: What is published, by code.
    """

    lives: Annotated[tuple[Name, ...], Field(min_length=1)]
    benchmarks: dict[Text, BenchmarkBlock]


class DaysBlock(RootModel[dict[Day, Value]]):
    """Values by day."""


class SeriesBlock(Block):
    """Values of consecutive working days.

    Attributes:
        start: The first day.
        values: One for each working day from there on.
    """

    start: Day = Field(alias="from")
    values: tuple[Value, ...]


class LifeBlock(Block):
    """What the file of a life says.

    Attributes:
        kind: The kind of bond, in a few words.
        terms: Its term sheet, a file of the folder ``terms``.
        holders: Who takes it at the issue, and how many units.
        tax_account: Who receives what is withheld.
        issuer_of: The life whose issuer is this one's, too.
        unpaid: Payments that are not made in their time; acts may make them later.
        published: Values that are published for it in time, by code: a ``SeriesBlock`` or ``DaysBlock``.
        acts: What happens beyond what happens to every bond: ``{at: instant, word: {field: value}}``.
    """

    kind: Text
    terms: Text
    holders: Annotated[dict[Name, Whole], Field(min_length=3)]
    tax_account: Selector | None = None
    issuer_of: Name | None = None
    unpaid: tuple[Whole, ...] = ()
    published: dict[Text, dict[str, Any]] = Field(default_factory=dict)
    acts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A value that is published.

    Attributes:
        at: When.
        code: Of what.
        day: The day that it is of.
        value: Percent of a rate, else the level or figure itself.
    """

    at: datetime
    code: str
    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class OwnAct:
    """An act that the file of a life writes down.

    Attributes:
        at: When.
        act: What.
        line: Where it stands.
    """

    at: datetime
    act: Act
    line: int


@dataclass(frozen=True, slots=True)
class Life:
    """A life, read and checked.

    Attributes:
        label: How acts call its bond: the name of its file.
        kind: The kind of bond, in a few words.
        folder: The folder of the lives.
        file: The term sheet's file, within the folder of the lives.
        terms: The term sheet.
        holders: Units that each takes at the issue.
        tax_account: Who receives what is withheld.
        issuer_of: The life whose issuer is this one's; its own label for one of its own.
        unpaid: Payments that are not made in their time.
        published: What is published for it.
        acts: What happens beyond what happens to every bond.
        calendars: Working days, by market.
        benchmarks: What it follows, by code.
    """

    label: str
    kind: str
    folder: Path
    file: str
    terms: TermSheet
    holders: Mapping[str, int]
    tax_account: str | None
    issuer_of: str
    unpaid: tuple[int, ...]
    published: tuple[Published, ...]
    acts: tuple[OwnAct, ...]
    calendars: Mapping[str, Calendar]
    benchmarks: Mapping[str, Benchmark]

    @property
    def issuer(self) -> str:
        """How acts call the issuer."""
        return f"{self.issuer_of}-issuer"

    @property
    def units(self) -> int:
        """Units that are issued."""
        return sum(self.holders.values())


class At(Block):
    """When an act of a life happens."""

    at: Instant
