"""The whole state as of a block is that of the auditor's replay, part by part."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.ledger import deployments
from tests.ledger.sql.rebuilt import COLUMNS
from tests.ledger.sql.told import Look, Told

from indenture.errors import InputError
from indenture.ledger import Ledger
from indenture.ledger.engines import DuckEngine, open_engine
from indenture.ledger.questions import Answer
from indenture.ledger.state import PARTS, state
from indenture.ledger.views import VIEWS

pytestmark = pytest.mark.integration


def test_state__as_of_blocks__is_that_of_the_replay(told: Told) -> None:
    for look in _some(told):
        with open_engine(told.path, at=look.block) as engine:
            found = state(engine)

        assert found.block == look.block
        for name, expected in look.rebuilt.items():
            assert _rows(name, found.parts[name]) == expected, (name, look.block)
        assert _held(found.parts["positions"]) == look.held, look.block


def test_state__every_story_has_something__in_every_part(all_told: dict[str, Told]) -> None:
    """What no chain has is compared with nothing."""
    looks = [look for told in all_told.values() for look in _some(told)]

    assert {name for look in looks for name, rows in look.rebuilt.items() if rows} == set(COLUMNS)


@pytest.mark.parametrize(
    ("said", "is_shut"),
    [
        ([("bond_record_passed", "period", 2)], True),
        ([("bond_record_passed", "period", 3)], False),  # the last record date opens the books for good
        ([("bond_default_entered", "records", 2), ("servicing_bond_made_due", "period", 3)], False),
        ([("bond_books_shut", "shut", False)], False),
    ],
)
def test_bond_states__books_that_a_drawing_shut__open_again(
    said: list[tuple[str, str, object]], is_shut: bool
) -> None:
    """No chain of the stories ends a bond while its books are shut; this is said by hand."""
    bond = "0x" + "b" * 40
    before = [("bond_factory_bond_registered", "bond", bond), ("bond_term_moved", "last", 3)]
    with Ledger.open(None, deployments.suite(), threads=1) as ledger:
        for block, (table, column, value) in enumerate([*before, ("bond_books_shut", "shut", True), *said]):
            of = "contract, bond" if table == "servicing_bond_made_due" else "contract"
            ledger.con.execute(
                f"INSERT INTO {table} (block, log_index, {of}, {column}) "
                f"VALUES (?, 0, {'?, ?' if ',' in of else '?'}, ?)",
                [block, *([bond] * len(of.split(", "))), value],
            )
        rows = DuckEngine(ledger.con).run("SELECT is_shut FROM bond_states").rows

    assert rows == [(is_shut,)]


def test_state__of_one_part__asks_for_no_other(all_told: dict[str, Told]) -> None:
    engine = all_told["story"].engine

    assert list(state(engine, ["members"]).parts) == ["members"]
    with pytest.raises(InputError, match="no part 'wealth'"):
        state(engine, ["wealth"])


def test_state__at_an_instant__is_that_of_the_last_block_until_then(all_told: dict[str, Told]) -> None:
    told = all_told["lives"]
    half = told.looks[len(told.looks) // 2].block
    ((seconds,),) = told.rows(f"SELECT max(time) FROM block WHERE number <= {half}")
    ((block,),) = told.rows(f"SELECT max(number) FROM block WHERE time <= {seconds}")
    at = datetime.fromtimestamp(seconds, UTC)
    with open_engine(told.path, at=at) as engine, open_engine(told.path, at=block) as same:
        found = state(engine, ["positions"])

        assert (found.block, found.time) == (block, at.replace(tzinfo=None))
        assert found == state(same, ["positions"])


def test_parts__every_one__says_what_it_holds_and_has_no_end() -> None:
    assert {each.name for each in PARTS} <= set(VIEWS)
    assert all(each.about and "\n\n" not in each.about for each in PARTS)


def _some(told: Told) -> list[Look]:
    """The last look, one on the way, and two at what is soon over: each takes an engine of its own."""
    even = told.looks[:: -(len(told.looks) // 2)][:2]
    passing = [look for look in told.looks if look.rebuilt["claims_held"] or look.rebuilt["scheduled_calls"]]
    return [*even, *(look for look in passing[:2] if look not in even)]


def _rows(name: str, answer: Answer) -> set[tuple[Any, ...]]:
    """The columns that the replay knows."""
    assert not {"to_block", "to_time"} & set(answer.columns)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    for row in rows:
        if name == "allowances" and row["allowance"] is None:
            row["allowance"] = int(row["allowance_hex"], 16)
        if name == "calendars":
            low = int(row["low_hex"], 16) if row["low"] is None else int(row["low"])
            row["bits"] = int(row["high"]) << 256 | low
    found = [tuple(row[column] for column in COLUMNS[name].split(", ")) for row in rows]
    assert len(found) == len(set(found)), name
    return set(found)


def _held(answer: Answer) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return {(row["bond"], row["holder"]): (row["units"], row["frozen"], row["bound"]) for row in rows}
