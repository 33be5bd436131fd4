"""What DuckDB reads of any log is what eth_abi reads; what eth_abi would not write is refused."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.encoding import damage, random_log, read
from tests.ledger.staged import drain, stage

from indenture.ledger import EVENT_TABLES, EventTable, Ledger
from indenture.ledger.tables import insert_page

pytestmark = pytest.mark.unit

LOGS = 24
every_event = pytest.mark.parametrize("table", EVENT_TABLES, ids=[t.name for t in EVENT_TABLES])


@every_event
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 64))
def test_decoding__any_values__are_those_of_eth_abi(ledger: Ledger, table: EventTable, seed: int) -> None:
    random = Random(seed)
    logs = [random_log(table, random) for _ in range(LOGS)]
    stage(ledger.con, table.kind, [log for log, _ in logs])

    inserted = insert_page(ledger.con, "page")

    assert drain(ledger.con, table) == dict(enumerate(row for _, row in logs))
    assert inserted == LOGS
    assert ledger.anomalies() == []


@every_event
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 64))
def test_decoding__damaged_log__is_refused_where_eth_abi_would_not_write_it(
    ledger: Ledger, table: EventTable, seed: int
) -> None:
    random = Random(seed)
    logs = [damage(random_log(table, random)[0], random) for _ in range(LOGS)]
    expected = [read(table, log) for log in logs]
    stage(ledger.con, table.kind, logs)

    insert_page(ledger.con, "page")

    assert drain(ledger.con, table) == {n: row for n, row in enumerate(expected) if row is not None}
    refused = {(a.block, a.kind, a.key) for a in ledger.anomalies()}
    ledger.con.execute("DELETE FROM anomaly")
    assert refused == {(n, "LOG-2", table.event.name) for n, row in enumerate(expected) if row is None}


@pytest.mark.parametrize("name", ["bond_transfer", "servicing_units_drawn", "bond_factory_bond_registered"])
def test_damage__of_any_log__is_sometimes_another_good_log(name: str) -> None:
    """Damage that is always noticed, or never, would prove nothing."""
    random = Random(5)
    table = next(t for t in EVENT_TABLES if t.name == name)

    outcomes = {read(table, damage(random_log(table, random)[0], random)) is None for _ in range(100)}

    assert outcomes == {True, False}
