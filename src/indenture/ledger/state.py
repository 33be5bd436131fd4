"""The whole state as of a block: members, powers, terms, registers, books, claims, payments and cash.

An engine that was opened as of a block shows every table and view as it was then (``engines``); here is which
rows of which views are in force, so that one call has them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from indenture.errors import InputError
from indenture.ledger import views
from indenture.ledger.engines import Engine
from indenture.ledger.questions import Answer

_UNTIL = ("to_block", "to_time")
"""Of what is in force, the end is not known."""

_IN_FORCE = ", in force from one block until the next"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the state: those rows of a view that are in force, or that stand for good.

    Attributes:
        name: The view.
        order: Columns that its rows are sorted by, and told apart.
        kept: What else a row must be, in SQL: what is nothing is left out.
        ends: Whether the view has history, of which the last is in force.
        named: Whether the ISIN stands before what tells the bond by its address alone.
    """

    name: str
    order: str
    kept: str = ""
    ends: bool = True
    named: bool = False

    @property
    def about(self) -> str:
        """What its rows are, in the words of the view."""
        words = " ".join(views.about(self.name).partition("\n\n")[0].split())
        return words.replace(_IN_FORCE, "")

    @property
    def sql(self) -> str:
        """The query."""
        conditions = [*(["to_block IS NULL"] if self.ends else []), *([self.kept] if self.kept else [])]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        told = "isin, told.*" if self.named else "*"
        bonds = (
            " LEFT JOIN (SELECT bond AS of_bond, isin FROM bonds) AS b ON of_bond = told.bond"
            if self.named
            else ""
        )
        return f"SELECT {told} FROM {self.name} AS told{bonds}{where} ORDER BY {self.order}"


PARTS = (
    Part("members", "lei"),
    Part("accounts", "account"),
    Part("grants", "role, account"),
    Part("power_functions", "target, selector"),
    Part("scheduled_calls", "operation", ends=False),
    Part("calendars", "market, year"),
    Part("joint_markets", "market", ends=False),
    Part("benchmarks", "code", ends=False),
    Part("bonds", "isin", ends=False),
    Part("bond_states", "isin", ends=False),
    Part("documents", "isin, name"),
    Part("fixings", "isin, period", ends=False),
    Part("positions", "isin, holder", "(units <> 0 OR frozen <> 0 OR bound <> 0)", named=True),
    Part("record_dates", "isin, period"),
    Part("record_holdings", "isin, period, holder", ends=False, named=True),
    Part("payments", "isin, kind, period", ends=False),
    Part("kept_amounts", "isin, account", "kept <> 0", named=True),
    Part("claims_held", "isin, period, buyer", "units <> 0"),
    Part("actions", "isin, number", ends=False),
    Part("defaults", "isin", ends=False),
    Part("offerings", "offering", ends=False),
    Part("syndicates", "offering, underwriter", ends=False),
    Part("book_entries", "offering, bidder"),
    Part("allotments", "offering, block, log_index", ends=False),
    Part("standing_deposits", "cash, account", "balance <> 0"),
    Part("cash_tokens", "cash", ends=False),
    Part("cash_balances", "cash, account", "balance <> 0"),
    Part("trusted_systems", "cash, trusted_system"),
    Part("allowances", "token, owner, spender", "coalesce(allowance, 1) <> 0"),
    Part("trades", "block, log_index", ends=False),
)
"""All parts, in the order in which one reads them."""


@dataclass(frozen=True, slots=True)
class State:
    """What held after a block.

    Attributes:
        block: The block.
        time: Time of the last block until then that the ledger knows: of one with events, or of its end.
        parts: Rows in force, by the name of their view; whole amounts as ``Decimal``, times as naive UTC.
    """

    block: int
    time: datetime | None
    parts: dict[str, Answer]


def state(engine: Engine, names: Iterable[str] | None = None) -> State:
    """The state as of the block that an engine was opened at.

    Args:
        engine: Of ``engines.open_engine(place, at=...)``: DuckDB or Spark.
        names: Parts that are wanted; None for all.

    Raises:
        InputError: There is no such part.
    """
    wanted = PARTS if names is None else [part(name) for name in names]
    ((seconds,),) = engine.run("SELECT max(time) FROM block").rows
    time = None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)
    return State(engine.head, time, {each.name: _in_force(engine.run(each.sql)) for each in wanted})


def part(name: str) -> Part:
    """The part of a name.

    Raises:
        InputError: There is none.
    """
    for each in PARTS:
        if each.name == name:
            return each
    raise InputError(
        f"the state has no part {name!r}", hint=f"It has: {', '.join(each.name for each in PARTS)}."
    )


def _in_force(answer: Answer) -> Answer:
    kept = [place for place, name in enumerate(answer.columns) if name not in _UNTIL]
    columns = tuple(answer.columns[place] for place in kept)
    return Answer(columns, [tuple(row[place] for place in kept) for row in answer.rows])
