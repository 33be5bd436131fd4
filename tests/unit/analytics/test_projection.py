"""Projections: what is known comes first, what is assumed is said, and nothing is guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.unit.interest.builders import CALENDAR, CALENDARS, MARKET, regular, terms_of

from indenture.analytics import Analysis, AssumptionMissing, Assumptions
from indenture.calendars import Calendar, Convention
from indenture.daycount import DayCount
from indenture.errors import CalendarYearMissing
from indenture.interest import (
    Benchmark,
    BenchmarkKind,
    Fixing,
    InterestTerms,
    Market,
    Series,
    Source,
)
from indenture.provisions import (
    NO_CAP,
    Accretion,
    CouponKind,
    Deferral,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
)
from indenture.termsheet import load_term_sheet

pytestmark = pytest.mark.unit

ISSUED = date(2022, 3, 14)
RATE = Benchmark("TERM6M", BenchmarkKind.RATE, MARKET)
CPI = Benchmark("CPI", BenchmarkKind.LEVEL, MARKET)


def analysed(terms: InterestTerms, **options: Any) -> Analysis:
    return Analysis(terms, calendars=CALENDARS, **options)


def floater() -> InterestTerms:
    floating = Floating(RATE.code, lag=2, spread=5_000_000, cap=NO_CAP, places=5)
    return terms_of(
        regular(ISSUED, 4, 6),
        kind=CouponKind.FLOATING,
        coupon_rate=0,
        day_count=DayCount.ACT_360,
        provisions=Provisions(floating=floating, fallback_days=5),
    )


# --- floating


def test_analysis__floating_and_nothing_assumed__refused() -> None:
    with pytest.raises(AssumptionMissing, match="payments depend on what TERM6M will be") as caught:
        analysed(floater())

    assert caught.value.name == "forward_rate"
    assert caught.value.hint == "Give Assumptions(forward_rate=...)."


def test_flows__floating__fixed_then_published_then_assumed() -> None:
    published = Series(RATE, {date(2022, 9, 12): 15_000_000})
    analysis = analysed(
        floater(),
        assumptions=Assumptions(forward_rate=Decimal("2.5")),
        fixings=(Fixing(1, 12_000_000, Source.PUBLISHED),),
        market=Market({RATE.code: published}, CALENDARS, date(2022, 10, 1)),
    )

    assert [flow.rate for flow in analysis.flows] == [Decimal("1.2"), 2, 3, 3]
    assert [flow.is_assumed for flow in analysis.flows] == [False, False, True, True]
    assert analysis.assumed == ("TERM6M is 2.5 % from period 3 on",)
    assert analysis.flows[2].interest == 3 * Fraction(184, 360)
    assert analysis.measures(date(2022, 10, 3), clean=100).assumed == analysis.assumed


def test_flows__all_fixed__nothing_is_assumed() -> None:
    fixings = tuple(Fixing(k, 12_000_000) for k in range(1, 5))

    assert analysed(floater(), fixings=fixings).assumed == ()


def test_flows__compounded__the_assumed_rate_with_spread() -> None:
    terms = floater()
    floating = replace(terms.provisions.floating, compounded=True, cap=28_000_000)
    terms = replace(terms, provisions=replace(terms.provisions, floating=floating))

    analysis = analysed(terms, assumptions=Assumptions(forward_rate=Decimal("2.5")))

    assert [flow.rate for flow in analysis.flows] == [Decimal("2.8")] * 4


# --- a price index


def linker() -> InterestTerms:
    inflation = Inflation(CPI.code, 3, interpolated=True, floored=True, places=5, base=100_000_000_000)
    return terms_of(
        kind=CouponKind.INFLATION,
        coupon_rate=15_000_000,
        provisions=Provisions(inflation=inflation, fallback_days=5),
    )


def test_analysis__inflation_and_nothing_assumed__refused() -> None:
    with pytest.raises(AssumptionMissing, match=r"depend on CPI after 2020-12-01") as caught:
        analysed(linker())

    assert caught.value.name == "inflation"


def test_flows__inflation_from_the_base__grows_by_it() -> None:
    analysis = analysed(linker(), assumptions=Assumptions(inflation=Decimal(2)))

    assert analysis.assumed == ("CPI grows by 2 % a year from 2020-12-01 on",)
    first, last = analysis.flows
    # 15 March is 14/31 on the way to the next month, which adds a little
    assert float(first.interest) == pytest.approx(1.5 * 1.02, rel=1e-3)
    assert float(last.principal) == pytest.approx(100 * 1.02**2, rel=1e-3)


def test_flows__inflation_from_the_last_level__known_first() -> None:
    levels = Series(CPI, {date(2021, 12, 1): 103_000_000_000, date(2022, 1, 1): 103_000_000_000})
    market = Market({CPI.code: levels}, CALENDARS, date(2022, 4, 1))

    analysis = analysed(linker(), assumptions=Assumptions(inflation=Decimal(0)), market=market)

    assert [flow.is_assumed for flow in analysis.flows] == [False, True]
    assert [flow.total for flow in analysis.flows] == [Fraction("1.545"), Fraction("104.545")]
    assert analysis.outstanding(date(2022, 5, 1)) == Fraction("1.03")
    assert analysis.accrued(date(2022, 9, 15)) == Fraction("1.5") * 184 / 365


def test_yield__no_inflation__is_the_real_yield() -> None:
    """As prices are per 100 of the indexed principal, no inflation gives the plain bond's yield."""
    plain = analysed(terms_of(coupon_rate=15_000_000)).yield_to_maturity(99, date(2022, 5, 1))

    ours = analysed(linker(), assumptions=Assumptions(inflation=Decimal(0)))

    assert ours.yield_to_maturity(99, date(2022, 5, 1)) == pytest.approx(plain, abs=1e-12)


# --- figures


def linked() -> InterestTerms:
    test = KpiTest("CO2", date(2023, 12, 31), 3, True, 120, 2_500_000)
    return terms_of(
        regular(ISSUED, 4), kind=CouponKind.KPI, coupon_rate=31_000_000, provisions=Provisions(tests=(test,))
    )


def test_analysis__figure_and_nothing_assumed__refused() -> None:
    with pytest.raises(AssumptionMissing, match="the rate depends on CO2 of 2023-12-31") as caught:
        analysed(linked())

    assert caught.value.name == "kpi_met"


@pytest.mark.parametrize(("met", "last", "word"), [(True, "3.1", "meet"), (False, "3.35", "miss")])
def test_flows__figure__met_or_missed(met: bool, last: str, word: str) -> None:
    analysis = analysed(linked(), assumptions=Assumptions(kpi_met=met))

    assert [flow.rate for flow in analysis.flows] == [Decimal(rate) for rate in ("3.1", "3.1", last, last)]
    assert analysis.assumed == (f"figures that are not published {word} their targets",)


def test_flows__figure_published_before_its_period__counts() -> None:
    figures = {"CO2": Series(Benchmark("CO2", BenchmarkKind.FIGURE), {date(2023, 12, 31): 121})}
    market = Market(figures, CALENDARS, date(2024, 1, 31))

    analysis = analysed(linked(), market=market)

    assert analysis.flows[2].rate == Decimal("3.35")


# --- renewal and deferral


def perpetual() -> InterestTerms:
    renewal = Renewal(2, 30, RATE.code, 1, 12_000_000, 30_000_000)
    provisions = Provisions(renewal=renewal, deferral=Deferral(31, True))
    return terms_of(regular(ISSUED, 2), coupon_rate=40_000_000, provisions=provisions)


@pytest.mark.parametrize(
    ("assumptions", "name"),
    [
        (Assumptions(), "renewals"),
        (Assumptions(renewals=0), "deferred"),
        (Assumptions(renewals=1, deferred=()), "forward_rate"),
    ],
)
def test_analysis__perpetual__each_thing_must_be_assumed(assumptions: Assumptions, name: str) -> None:
    with pytest.raises(AssumptionMissing) as caught:
        analysed(perpetual(), assumptions=assumptions)

    assert caught.value.name == name


def test_flows__not_renewed__ends_with_the_cycle() -> None:
    analysis = analysed(perpetual(), assumptions=Assumptions(renewals=0, deferred=()))

    assert [flow.total for flow in analysis.flows] == [4, 104]
    assert analysis.assumed == ("the issuer renews the bond 0 more times", "the issuer defers no interest")


def test_flows__renewed_and_deferred__reset_and_arrears() -> None:
    assumed = Assumptions(renewals=1, deferred=(1, 2), forward_rate=Decimal("1.8"))

    analysis = analysed(perpetual(), assumptions=assumed)

    assert [flow.rate for flow in analysis.flows] == [4, 4, 6, 6]
    owed = Fraction(4) * Fraction("1.04") + 4
    assert [flow.total for flow in analysis.flows] == [0, 0, owed * Fraction("1.06") + 6, 106]
    assert analysis.assumed == (
        "the issuer renews the bond 1 more time",
        "the issuer defers the interest of periods 1, 2",
        "TERM6M is 1.8 % at each renewal",
    )


# --- principal


def test_measures__instalments__price_of_what_is_outstanding() -> None:
    halves = Provisions(instalments=(Instalment(1, 500_000_000), Instalment(2, 500_000_000)))
    analysis = analysed(terms_of(provisions=halves))
    day = date(2022, 9, 15)

    found = analysis.measures(day, yield_=0.0325)

    assert analysis.outstanding(day) == Fraction(1, 2)
    assert found.dirty == pytest.approx(100 * 1.0325 ** (184 / 365), rel=1e-9)
    assert [float(flow.factor) for flow in analysis.flows] == [1, 0.5]


def test_measures__zero__yield_of_the_accretion() -> None:
    terms = terms_of(
        regular(ISSUED, 1, 60),
        kind=CouponKind.ZERO,
        coupon_rate=0,
        face_value=10**12,
        provisions=Provisions(accretion=Accretion(863_837_598_531, 29_710_000, 12)),
    )
    analysis = analysed(terms)

    found = analysis.measures(ISSUED, clean=86.38375985311)

    assert found.accrued == 0
    assert found.yield_to_maturity == pytest.approx(0.8638375985311 ** (-1 / 5) - 1, abs=1e-10)
    assert found.macaulay == pytest.approx(5)
    assert found.current_yield == 0


# --- calendars


def adjusted() -> InterestTerms:
    return terms_of(
        regular(date(2025, 1, 2), 3), day_count=DayCount.ACT_365F, adjusted=True, roll=Convention.FOLLOWING
    )


def published_to(year: int) -> dict[str, Calendar]:
    years = {each: bitmap for each, bitmap in CALENDAR.years.items() if each <= year}
    return {MARKET: Calendar.from_bitmaps(MARKET, years)}


def test_analysis__adjusted_beyond_the_calendar__refused() -> None:
    with pytest.raises(CalendarYearMissing):
        Analysis(adjusted(), calendars=published_to(2026))


def test_analysis__weekdays_assumed__adjusted_periods_and_payment_days() -> None:
    """2 January 2027 is a Saturday, 2 January 2028 a Sunday."""
    analysis = Analysis(adjusted(), calendars=published_to(2026), assumptions=Assumptions(weekdays=True))

    assert [flow.payment_day for flow in analysis.flows] == [
        date(2026, 1, 2),
        date(2027, 1, 4),
        date(2028, 1, 3),
    ]
    assert analysis.flows[1].end == date(2027, 1, 4)
    assert analysis.assumed == ("Monday to Friday are business days of X-TARGET in 2027 to 2028",)


def test_flows__announced_day__is_kept() -> None:
    analysis = analysed(adjusted(), announced={1: date(2026, 1, 6)})

    assert analysis.flows[0].payment_day == date(2026, 1, 6)
    assert analysis.flows[0].end == date(2026, 1, 6)


def test_flows__no_calendar__no_payment_days() -> None:
    analysis = Analysis(terms_of(), calendars={})

    assert [flow.payment_day for flow in analysis.flows] == [None, None]


def test_outstanding__capitalised__grows() -> None:
    terms = terms_of(regular(ISSUED, 3), coupon_rate=80_000_000, provisions=Provisions(capitalised_until=2))
    analysis = analysed(terms)

    assert analysis.outstanding(date(2024, 5, 1)) == Fraction("1.1664")
    assert analysis.yield_to_maturity(100, date(2024, 3, 14)) == pytest.approx(0.08, abs=1e-10)
    assert analysis.assumed == ()


def test_analysis__years_missing_around_published_ones__each_is_named() -> None:
    years = {2026: CALENDAR.years[2026]}
    calendars = {MARKET: Calendar.from_bitmaps(MARKET, years)}

    analysis = Analysis(adjusted(), calendars=calendars, assumptions=Assumptions(weekdays=True))

    assert analysis.assumed == ("Monday to Friday are business days of X-TARGET in 2025, 2027, 2028",)


# --- the sheets of the project

SHEETS = sorted(
    path
    for path in (Path(__file__).parents[3] / "terms").glob("*.yaml")
    if not path.stem.endswith(("-book", "-tender"))
)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_analysis__every_sheet__is_priced_at_its_own_yield(path: Path) -> None:
    terms = load_term_sheet(path)
    if terms.coupon.kind is CouponKind.FIXED and terms.coupon.rate is None:
        terms = terms.with_rate(3)
    assumed = Assumptions(
        forward_rate=Decimal("2.5"),
        inflation=Decimal(2),
        kpi_met=True,
        renewals=1,
        deferred=(),
        weekdays=True,
    )
    analysis = Analysis(terms, assumptions=assumed)
    day = terms.issue_date + (terms.maturity_date - terms.issue_date) / 3

    found = analysis.measures(day, clean=99.5)

    assert analysis.clean_price(found.yield_to_maturity, day) == pytest.approx(99.5, abs=1e-9)
    assert sum(flow.principal for flow in analysis.flows) >= 100
    assert found.modified > 0
