"""Gas of fixed scenarios, to the unit."""

from __future__ import annotations

import pytest
from bench.stage import Stage
from tests.gas.snapshot import CURE, PAGE, differences, page_with, read_gas, updating, write_gas

from bench import report, scale, scenarios

pytestmark = pytest.mark.integration


def test_gas__fixed_scenarios__as_in_the_snapshot(stage: Stage) -> None:
    gas = scenarios.measure(stage)

    if updating():
        write_gas(gas)
    changed = differences(read_gas(), gas)
    assert not changed, "\n".join(["gas has changed:", *changed, CURE])


def test_page__table__is_that_of_the_snapshot() -> None:
    wanted = page_with(report.markdown(read_gas()))

    if updating():
        PAGE.write_text(wanted, "utf-8")
    assert PAGE.read_text("utf-8") == wanted, f"the table of docs/gas.md is stale. {CURE}"


def test_acts_of_everybody__many_holders__cost_the_same(stage: Stage) -> None:
    grown = scale.measure(stage, (10, 1_000))

    more = {act: gas[1_000] - gas[10] for act, gas in grown.acts.items() if gas[1_000] != gas[10]}
    assert not more, f"WORK-1: what concerns every holder costs the same for any number; more by {more}"
