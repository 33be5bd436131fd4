"""Discount margin and effective duration of floating rates, by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indenture.analytics import Analysis, Assumptions, discount_margin, effective_duration, project
from indenture.calendars import load_calendar
from indenture.errors import InputError
from indenture.termsheet import load_term_sheet, parse_term_sheet

pytestmark = pytest.mark.unit

TERMS = Path(__file__).resolve().parents[3] / "terms"
#: First day of a period of both: the rate of a term rate is fixed, that of a compounded one begins.
TERM_START, COMPOUNDED_START = date(2023, 12, 20), date(2024, 10, 31)
FORWARD = 0.025


def floater(name: str, forward: str | None = "2.5", **changes: str) -> Analysis:
    text = (TERMS / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert f"{old}:" in text
        text = "\n".join(
            f"    {old}: {new}" if line.strip().startswith(f"{old}:") else line for line in text.splitlines()
        )
    rate = None if forward is None else Decimal(forward)
    return Analysis(parse_term_sheet(text), assumptions=Assumptions(forward_rate=rate, weekdays=True))


@pytest.mark.parametrize(
    ("name", "start", "spread"),
    [("floating-term", TERM_START, 0.0060), ("floating-compounded", COMPOUNDED_START, 0.0045)],
)
def test_discount_margin__at_par_when_a_period_begins__is_the_spread(
    name: str, start: date, spread: float
) -> None:
    assert discount_margin(floater(name), 100, start) == pytest.approx(spread, abs=1e-12)


def test_discount_margin__below_par_within_a_period__discounts_to_the_price() -> None:
    settled, analysis = date(2024, 2, 1), floater("floating-term")

    margin = discount_margin(analysis, 99.2, settled)

    rate, worth, discount = FORWARD + margin, 0.0, 1.0
    starts = [settled, *(flow.due for flow in analysis.flows if flow.due > settled)]
    for flow, start in zip(analysis.flows[5:], starts, strict=False):
        discount /= 1 + rate * (flow.due - start).days / 360
        worth += float(flow.total) * discount
    assert worth == pytest.approx(99.2 + float(analysis.accrued(settled)), abs=1e-10)
    assert margin > 0.0060


def test_effective_duration__term_rate_at_par__ends_at_the_next_fixing() -> None:
    analysis, years = floater("floating-term"), 91 / 360

    found = effective_duration(analysis, 100, TERM_START)

    # After the coupon that is fixed it is at par again: (1 + 0.031 t) / (1 + (f + 0.006) t), by f.
    assert found == pytest.approx(years / (1 + 0.031 * years), abs=1e-6)
    modified = analysis.modified_duration(0.031, TERM_START)
    assert modified > 6 * found


def test_effective_duration__compounded_rate_at_par__is_nothing() -> None:
    assert effective_duration(floater("floating-compounded"), 100, COMPOUNDED_START) == pytest.approx(
        0, abs=1e-9
    )


def test_effective_duration__within_a_compounded_period__is_of_what_has_accrued() -> None:
    """At par a coupon of which d days of t have run is worth less by what those days bear, and no more."""
    analysis, settled = floater("floating-compounded"), date(2024, 12, 16)
    run, rest = 46 / 360, 46 / 360

    found = effective_duration(analysis, 100, settled)

    rate = FORWARD + discount_margin(analysis, 100, settled)
    coupon = 0.0295 * (run + rest)
    # d/df of (1 + coupon(f)) / (1 + (f + margin) rest), where only the rest of the coupon moves.
    dirty = (1 + coupon) / (1 + rate * rest)
    slope = rest / (1 + rate * rest) - (1 + coupon) * rest / (1 + rate * rest) ** 2
    assert found == pytest.approx(-slope / dirty, abs=2e-4)


def test_effective_duration__held_by_its_floor__is_that_of_a_fixed_coupon() -> None:
    """The floor of 6 % is far above: no coupon moves, and the price falls as a fixed bond's does."""
    analysis = floater("floating-term", floor="6", cap="8", fallback_rate="6")

    found = effective_duration(analysis, 100, TERM_START)

    yield_ = analysis.yield_to_maturity(100, TERM_START)
    assert found == pytest.approx(analysis.modified_duration(yield_, TERM_START), rel=0.01)


def test_discount_margin__coupon_due_and_its_record_date_to_come__is_paid_at_once() -> None:
    analysis = floater("floating-term")

    without = discount_margin(analysis, 99.5, TERM_START)

    assert discount_margin(analysis, 99.5, TERM_START, records=4) == pytest.approx(without, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "forward", "reason"),
    [
        ("boc-2019-sme", "2.5", "only a floating rate"),
        ("floating-term", None, "payments depend on what SHIBOR3M will be"),
    ],
)
def test_discount_margin__no_floating_rate_or_no_forward__refused(
    name: str, forward: str | None, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        discount_margin(floater(name, forward), 100, date(2020, 6, 5))


def test_discount_margin__all_coupons_fixed_and_no_forward__asks_for_one() -> None:
    terms = load_term_sheet(TERMS / "floating-term.yaml").interest_terms
    calendars = {"CN-IB": load_calendar("CN-IB")}
    fixed = project(terms, Assumptions(forward_rate=Decimal(2)), calendars=calendars).fixings

    with pytest.raises(InputError, match="is over a benchmark, and nothing is assumed of it"):
        discount_margin(Analysis(terms, fixings=fixed), 100, TERM_START)


def test_discount_margin__price_that_none_makes__refused() -> None:
    with pytest.raises(InputError, match="no discount margin makes the price"):
        discount_margin(floater("floating-term"), -500, TERM_START)
