"""The demand curve: its figures are exact, and its picture agrees with them."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.builders import BIDDER, rules_of

from indenture.cli._curve import ROWS, Rung, draw, rungs_of, units_by_level
from indenture.cli._output import Picture, View, show
from indenture.money import CNY
from indenture.primary import NON_COMPETITIVE, Basis, Market, Pricing, Rules, TickBid, clear

pytestmark = pytest.mark.unit

MARKET = Market(lot=10, face_value=10_000, months_per_period=12, periods=2)


def demand(rules: Rules, *bids: tuple[int, int]) -> tuple[Rung, ...]:
    """The demand of bids of one bidder, quotes as levels; -1 for none."""
    found = [TickBid(NON_COMPETITIVE if at < 0 else rules.quote_of(at), units, BIDDER) for at, units in bids]
    clearing = clear(rules, MARKET, {BIDDER: found})
    return rungs_of(rules, CNY, units_by_level(rules, found), clearing)


def test_demand__with_a_margin_that_is_not_filled__marks_the_cut() -> None:
    rungs = demand(rules_of(), (-1, 50), (20, 400), (25, 600), (30, 100))

    assert [(rung.quote, rung.cumulative, rung.won) for rung in rungs] == [
        ("non-competitive", 50, 50),
        ("3.20 %", 450, 400),
        ("3.25 %", 1_050, 550),
        ("3.30 %", 1_150, 0),
    ]
    assert [rung.is_cut for rung in rungs] == [False, False, True, False]


def test_demand__more_without_a_quote_than_may_be__counts_up_to_that() -> None:
    rungs = demand(rules_of(non_competitive=20), (-1, 100), (20, 400))

    assert [(rung.units, rung.won, rung.cumulative) for rung in rungs] == [(100, 20, 20), (400, 400, 420)]


def test_demand__void_bids__are_shown_and_do_not_count() -> None:
    rungs = demand(rules_of(far_off=10), (0, 10), (20, 400), (21, 400), (60, 10))

    assert [rung.is_void for rung in rungs] == [True, False, False, True]
    assert [rung.cumulative for rung in rungs] == [0, 400, 800, 800]


def test_demand__outside_the_band__loses_though_there_are_units_left() -> None:
    rungs = demand(rules_of(pricing=Pricing.MIXED, band=5), (20, 400), (30, 100))

    assert [rung.won for rung in rungs] == [400, 0]
    assert "filled" in draw(rungs, 1_000, 100)[1]


def test_demand__of_an_issue_that_fails__wins_nothing() -> None:
    rungs = demand(rules_of(minimum_volume=500), (20, 400))

    assert [rung.won for rung in rungs] == [0]
    assert "cut" not in "\n".join(draw(rungs, 1_000, 100))


def test_picture__line_by_line() -> None:
    rungs = demand(rules_of(), (-1, 100), (20, 400), (25, 1_000), (30, 500))

    # Names, figures and the remark leave 28 of 80 columns for 2,000 units: the issue ends in the middle.
    assert draw(rungs, 1_000, 80) == [
        "                               │ 1,000 on offer",
        "non-competitive  █             │                  100",
        "         3.20 %   ██████       │                  500",
        "         3.25 %         ███████▒▒▒▒▒▒▒          1,500  ◀ cut: 50.0000 % of 1,000",
        "         3.30 %                │      ▒▒▒▒▒▒▒   2,000",
    ]


def test_picture__nothing_bid__is_none() -> None:
    assert draw(demand(rules_of()), 1_000, 80) == []


def test_picture__many_quotes__are_joined_and_the_cut_stands_alone() -> None:
    rungs = demand(rules_of(offered=1_000, maximum_bid=1_000), *((at, 30) for at in range(61)))

    lines = draw(rungs, 1_000, 120)

    assert len(lines) <= ROWS + 1
    (cut,) = [line for line in lines if "cut" in line]
    assert cut.split()[:2] == ["3.33", "%"]
    assert lines[1].startswith("3.00 % to 3.0")


@given(
    bids=st.lists(st.tuples(st.integers(-1, 60), st.integers(1, 40)), max_size=40),
    offered=st.integers(1, 60),
    width=st.integers(20, 200),
    by_price=st.booleans(),
)
def test_picture__of_any_book__is_no_wider_than_its_bars_and_loses_no_unit(
    bids: list[tuple[int, int]], offered: int, width: int, *, by_price: bool
) -> None:
    basis = Basis.PRICE if by_price else Basis.RATE
    rules = rules_of(offered=offered * 10, basis=basis, non_competitive=0 if offered == 1 else 10)
    market = Market(10, 10_000, 12, 2, 30_000_000 if by_price else None)
    found = [
        TickBid(NON_COMPETITIVE if at < 0 else rules.quote_of(at), units * 10, BIDDER) for at, units in bids
    ]
    clearing = clear(rules, market, {BIDDER: found})
    rungs = rungs_of(rules, CNY, units_by_level(rules, found), clearing)

    lines = draw(rungs, rules.offered, width)

    assert sum(rung.units for rung in rungs) == sum(bid.units for bid in found)
    if clearing.failed is None:
        assert sum(rung.won for rung in rungs) == clearing.allotted
    assert len({len(line.split("  ◀")[0].rstrip()) for line in lines[1:]}) <= 1
    assert sum("◀" in line for line in lines) == (clearing.failed is None and clearing.competitive > 0)


def test_picture__on_a_terminal_without_blocks__is_drawn_with_letters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    rungs = demand(rules_of(), (20, 400), (25, 1_000))

    show(View({}, [Picture("Demand", lambda width: draw(rungs, 1_000, width))]), as_json=False)

    narrow.seek(0)
    drawn = narrow.read()
    assert "#" in drawn
    assert ":::" in drawn
    assert "< cut: 60.0000 % of 1,000" in drawn
