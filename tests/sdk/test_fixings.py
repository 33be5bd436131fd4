"""Rates that float, follow prices, or move with a figure: fixed by anyone, from what is published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.sdk.bonds import (
    DAY,
    HOUR,
    UNITS,
    administrator,
    business_days,
    define,
    figures,
    issue,
    pay,
    record_time,
    sheet_of,
)
from tests.sdk.world import ISIN, SETTLES_FROM, World

from indenture.errors import FixingRefused, InputError
from indenture.figures import FlowState
from indenture.interest import BenchmarkKind, Series, Source
from indenture.interest.floating import compounded_rate
from indenture.money import CNY
from indenture.roles import PayingAgent

pytestmark = pytest.mark.integration

TERM = """coupon: {kind: floating, frequency: quarterly, day_count: ACT/360, floating:
  {benchmark: SHIBOR3M, observation: term, lag: 1, spread: 0.60, floor: 1, cap: 4, places: 4,
   fallback: last-value, fallback_rate: 2.5}}"""
FIRST = date(2019, 12, 4)  # the business day before the issue
SECOND = date(2020, 3, 4)
NONE = timedelta(0)


def floating(
    world: World, rate: str | None = "3.0", terms: str = TERM, *, correctable: timedelta = NONE
) -> None:
    define(world, "SHIBOR3M", BenchmarkKind.RATE, correctable_for=correctable)
    issue(world, sheet_of(terms, maturity="2020-12-05", extra="fallback_days: 5"))
    if rate is not None:
        administrator(world).publish("SHIBOR3M", FIRST, rate)


# Term rates


def test_fix__a_term_rate__pays_it_with_its_spread(world: World) -> None:
    floating(world)

    result = world.paying_agent.fix(ISIN)

    (fixing,) = result.fixings
    assert (fixing.period, fixing.rate, fixing.value, fixing.day) == (1, Decimal("3.6"), Decimal(3), FIRST)
    assert (fixing.source, fixing.is_deferred, fixing.factor) == (Source.PUBLISHED, False, Decimal(1))
    assert fixing.fixed_at == world.chain.block_stamp(result.transactions[0].block).time
    (waiting,) = result.waiting
    assert (waiting.period, waiting.from_day) == (2, SECOND)
    assert figures(world).fixings() == (fixing,)
    paid = pay(world, 1)  # 91 days at 3.6 % of 100 yuan
    assert (paid.amount, paid.completed) == (CNY.money(910_000), True)


def test_fix__by_anyone__gives_the_same(world: World) -> None:
    floating(world)

    result = PayingAgent(world.suite, world.senders["outsider"]).fix(ISIN)

    assert result.fixings[0].rate == Decimal("3.6")


@pytest.mark.parametrize(("value", "rate"), [("9", 4), ("-2.5", 1), ("2.12344", Decimal("2.7234"))])
def test_fix__beyond_cap_and_floor__is_kept_between_them(
    world: World, value: str, rate: Decimal | int
) -> None:
    floating(world, value)

    assert world.paying_agent.fix(ISIN).fixings[0].rate == rate


def test_fix__nothing_published__says_what_is_missing_and_the_fallback(world: World) -> None:
    floating(world, None)

    with pytest.raises(FixingRefused, match="period 1 needs SHIBOR3M of 2019-12-04") as refused:
        world.paying_agent.fix(ISIN)

    assert refused.value.name == "FixingNotPublished"
    assert "none is published" in refused.value.message
    assert "from 2019-12-09 on" in refused.value.hint


def test_fix__a_value_that_can_be_corrected__does_not_count_yet(world: World) -> None:
    floating(world, correctable=timedelta(hours=2))

    with pytest.raises(FixingRefused, match="which counts from") as early:
        world.paying_agent.fix(ISIN)
    administrator(world).correct("SHIBOR3M", FIRST, "2.9")
    world.at(world.chain.block_stamp().time + 2 * HOUR + HOUR)

    assert early.value.name == "FixingNotPublished"
    assert world.paying_agent.fix(ISIN).fixings[0].rate == Decimal("3.5")


@pytest.mark.parametrize(
    ("rule", "earlier", "rate", "source"),
    [
        ("last-value", date(2019, 11, 20), Decimal("2.6"), Source.LAST_VALUE),
        ("last-value", date(2019, 10, 20), Decimal("2.5"), Source.PREVIOUS_RATE),
        ("previous-rate", date(2019, 11, 20), Decimal("2.5"), Source.PREVIOUS_RATE),
        ("fixed-rate", date(2019, 11, 20), Decimal("2.5"), Source.FIXED_RATE),
    ],
)
def test_fix__after_the_fallback_day__falls_back(
    world: World, rule: str, earlier: date, rate: Decimal, source: Source
) -> None:
    floating(world, None, TERM.replace("last-value", rule))
    administrator(world).publish("SHIBOR3M", earlier, "2.0")

    world.at(SETTLES_FROM + 4 * DAY)
    (fixing,) = world.paying_agent.fix_due(ISIN).fixings

    assert (fixing.rate, fixing.source) == (rate, source)
    assert (fixing.day, fixing.value) == ((earlier, 2) if source is Source.LAST_VALUE else (None, None))


def test_fix__a_value_that_comes_late_but_before_the_fixing__is_used(world: World) -> None:
    floating(world, None)
    world.at(SETTLES_FROM + 10 * DAY)
    administrator(world).publish("SHIBOR3M", FIRST, "3.0")

    assert world.paying_agent.fix(ISIN).fixings[0].source is Source.PUBLISHED


def test_fix__twice_or_too_early__refused(world: World) -> None:
    floating(world)
    world.paying_agent.fix(ISIN)

    with pytest.raises(FixingRefused, match="period 2 can be fixed from 2020-03-04 on") as early:
        world.paying_agent.fix(ISIN)
    with pytest.raises(FixingRefused) as twice:
        world.chain.call(world.suite.servicing.fix(world.bond.address, 1))

    assert (early.value.name, twice.value.name) == ("FixingTooEarly", "FixingOutOfOrder")


def test_fix__a_plain_bond__has_nothing_to_fix(world: World) -> None:
    issue(world, sheet_of())

    with pytest.raises(FixingRefused, match="leave nothing to fix") as refused:
        world.paying_agent.fix(ISIN)

    assert refused.value.name == "FixingNotNeeded"
    assert world.paying_agent.fix_due().count == 0
    assert figures(world).next_fixing() is None


def test_fix_due__of_all_bonds__fixes_what_can_be_and_names_the_rest(world: World) -> None:
    floating(world)
    administrator(world).sender.transact(world.bond.advance())
    world.at(datetime(2020, 6, 10, tzinfo=UTC))
    administrator(world).publish_many("SHIBOR3M", {SECOND: "2.4", date(2020, 6, 4): "1.5"})
    steps: list[tuple[str, int, int]] = []

    result = world.paying_agent.fix_due(progress=lambda *step: steps.append(step))

    assert [each.rate for each in result.fixings] == [Decimal("3.6"), 3, Decimal("2.1")]
    assert (result.count, len(result.transactions)) == (3, 3)
    assert [(each.isin, each.period) for each in result.waiting] == [(ISIN, 4)]
    assert steps == [("fix periods", 0, 1), ("fix periods", 1, 1)]


def test_fund__not_fixed__says_which_value_of_which_day_and_when_it_falls_back(world: World) -> None:
    floating(world)
    world.paying_agent.fix(ISIN)
    pay(world, 1)
    world.at(record_time(world, 2) + HOUR)

    with pytest.raises(FixingRefused, match="payment 2 of CND1000BOC15 is not fixed") as refused:
        world.paying_agent.fund(ISIN, 2)

    assert refused.value.name == "PeriodNotFixed"
    assert "can be fixed now" in refused.value.message  # the fallback applies since 9 March
    world.paying_agent.fix_due(ISIN)
    world.paying_agent.fund(ISIN, 2)


def test_cash_flows__of_a_floating_bond__are_known_as_far_as_they_are_fixed(world: World) -> None:
    floating(world)
    world.paying_agent.fix(ISIN)

    flows = world.investor(0).cash_flows(ISIN)

    assert [flow.state for flow in flows] == [FlowState.FIXED, *[FlowState.OPEN] * 3]
    assert flows[0].net == CNY.money(182_000)
    assert [flow.interest for flow in flows[1:]] == [None] * 3
    assert [flow.principal for flow in flows] == [CNY.money(n) for n in (0, 0, 0, 20_000_000)]


def test_register__a_benchmark_that_is_not_there__is_said_before_anything_is_sent(world: World) -> None:
    sheet = sheet_of(TERM, maturity="2020-12-05", extra="fallback_days: 5")
    sent = world.chain.nonce(world.senders["issuer"].address)

    with pytest.raises(InputError, match="there is no benchmark SHIBOR3M"):
        world.issuer.register(sheet)
    define(world, "SHIBOR3M", BenchmarkKind.FIGURE)
    with pytest.raises(InputError, match="is of kind figure, the terms need rate"):
        world.issuer.register(sheet)

    assert world.chain.nonce(world.senders["issuer"].address) == sent


# Compounded rates

COMPOUNDED = """coupon: {kind: floating, frequency: every 28 days, day_count: ACT/360, floating:
  {benchmark: DR001, observation: compounded, lag: 2, spread: 0.25, places: 5,
   fallback: last-value, fallback_rate: 2}}"""


def nights(world: World, start: date, end: date) -> dict[date, str]:
    """A rate for each business day, no two alike."""
    return {day: f"1.{80 + i % 17}" for i, day in enumerate(business_days(world, start, end))}


def compounding(world: World) -> None:
    define(world, "DR001", BenchmarkKind.OVERNIGHT, basis=360)
    administrator(world).publish_many("DR001", nights(world, date(2019, 11, 25), date(2019, 12, 2)))
    issue(world, sheet_of(COMPOUNDED, maturity="2020-01-30", extra="fallback_days: 3"))


def test_fix__overnight_rates__compound_to_the_rate_of_the_model(world: World) -> None:
    compounding(world)
    world.at(datetime(2019, 12, 31, 6, tzinfo=UTC))
    (waiting,) = world.paying_agent.fix_due(ISIN).waiting
    assert (waiting.day, waiting.published_until) == (date(2019, 12, 27), date(2019, 12, 2))
    assert waiting.fallback_from == date(2020, 1, 2)
    rates = nights(world, date(2019, 11, 25), date(2019, 12, 31))
    done = administrator(world).publish_many("DR001", rates)

    (fixing,) = world.paying_agent.fix_due(ISIN).fixings

    assert len(done.there) == 6
    state = world.suite.benchmarks.benchmark("DR001")
    assert state is not None
    series = Series(state.benchmark, {day: int(Decimal(rate) * 10**7) for day, rate in rates.items()})
    expected = compounded_rate(series, 5, date(2019, 12, 3), date(2019, 12, 30), None)
    assert expected is not None
    assert fixing.day == date(2019, 12, 30)  # two business days before 2 January
    assert fixing.rate == Decimal(expected) / 10**7 + Decimal("0.25")
    assert figures(world).payment(1, UNITS).interest.base == UNITS * 10_000 * int(
        fixing.rate * 10**7
    ) * 28 // (360 * 10**9)


def test_accrued__of_a_compounded_rate__follows_the_nights_so_far(world: World) -> None:
    compounding(world)
    world.at(datetime(2019, 12, 20, 6, tzinfo=UTC))
    administrator(world).publish_many("DR001", nights(world, date(2019, 12, 3), date(2019, 12, 18)))

    accrued = world.investor(0).accrued(ISIN)

    assert (accrued.day, accrued.period, accrued.is_ex) == (date(2019, 12, 20), 1, False)
    assert 0 < accrued.per_100 < Decimal("0.1")
    with pytest.raises(FixingRefused) as later:
        world.investor(0).accrued(ISIN, date(2019, 12, 30))
    assert later.value.name == "FixingNotPublished"


def test_fix__a_night_that_never_comes__is_carried_on_at_the_last_rate(world: World) -> None:
    compounding(world)
    world.at(datetime(2020, 1, 3, 6, tzinfo=UTC))
    administrator(world).publish_many("DR001", nights(world, date(2019, 12, 3), date(2019, 12, 26)))

    (fixing,) = world.paying_agent.fix_due(ISIN).fixings

    assert fixing.source is Source.LAST_VALUE


# Price indices

LINKED = """coupon: {kind: inflation, rate: 1.5, frequency: annual, day_count: ACT/ACT ICMA, inflation:
  {benchmark: CPI-CN, lag_months: 3, interpolated: true, base: 103.2, places: 5, floored: true}}"""
LEVELS = {date(2020, 9, 1): "105.0", date(2020, 10, 1): "106.2"}


def test_fix__a_price_index__raises_interest_and_principal(world: World) -> None:
    define(world, "CPI-CN", BenchmarkKind.LEVEL)
    issue(world, sheet_of(LINKED, maturity="2020-12-05", extra="fallback_days: 20"))
    world.at(record_time(world, 1) + 2 * DAY)
    with pytest.raises(FixingRefused, match="needs CPI-CN of 2020-09-01, which is not published"):
        world.paying_agent.fix(ISIN)
    administrator(world).publish("CPI-CN", date(2020, 9, 1), LEVELS[date(2020, 9, 1)])
    with pytest.raises(FixingRefused, match=r"needs CPI-CN of 2020-10-01, .* the latest is of 2020-09-01"):
        world.paying_agent.fix(ISIN)
    administrator(world).publish_many("CPI-CN", LEVELS)

    (fixing,) = world.paying_agent.fix(ISIN).fixings

    # 105 and four 31sts of 1.2 more, over 103.2
    assert (fixing.index_ratio, fixing.day) == (Decimal("1.01894"), date(2020, 12, 5))
    assert (fixing.rate, fixing.source) == (Decimal("1.5"), Source.PUBLISHED)
    due = figures(world).payment(1, UNITS)
    assert (due.interest, due.principal) == (CNY.money("1528410.00"), CNY.money("101894000.00"))
    assert pay(world, 1).completed


def test_fix__prices_that_fell__leave_the_principal_at_its_face(world: World) -> None:
    define(world, "CPI-CN", BenchmarkKind.LEVEL)
    issue(world, sheet_of(LINKED, maturity="2020-12-05", extra="fallback_days: 20"))
    world.at(datetime(2020, 12, 5, 6, tzinfo=UTC))
    administrator(world).publish_many("CPI-CN", {date(2020, 9, 1): "100", date(2020, 10, 1): "100"})

    world.paying_agent.fix(ISIN)

    due = figures(world).payment(1, UNITS)
    assert due.principal == CNY.money(100_000_000)
    assert due.interest == CNY.money("1453485.00")  # 1.5 % of 0.96899


# Figures

LINKED_TO_CO2 = """coupon: {kind: kpi, rate: 3.1, frequency: annual, day_count: ACT/ACT ICMA, kpi:
  [{figure: CO2, day: 2020-11-30, from: 2020-12-05, at_most: 120, step: 0.25}]}"""


@pytest.mark.parametrize(
    ("figure", "rate", "source"),
    [
        ("119.5", Decimal("3.1"), Source.PUBLISHED),
        ("121", Decimal("3.35"), Source.PUBLISHED),
        (None, Decimal("3.35"), Source.NOT_PUBLISHED),
    ],
)
def test_fix__a_figure__moves_the_rate_when_it_is_missed(
    world: World, figure: str | None, rate: Decimal, source: Source
) -> None:
    define(world, "CO2", BenchmarkKind.FIGURE)
    issue(world, sheet_of(LINKED_TO_CO2, extra="fallback_days: 30"))
    world.at(datetime(2020, 12, 6, 6, tzinfo=UTC))
    if figure:
        administrator(world).publish("CO2", date(2020, 11, 30), figure)
    else:
        (waiting,) = world.paying_agent.fix_due(ISIN).waiting
        assert (waiting.period, waiting.benchmark, waiting.day) == (2, "CO2", date(2020, 11, 30))
        assert waiting.fallback_from == date(2021, 1, 4)
        world.at(datetime(2021, 1, 4, 6, tzinfo=UTC))

    fixings = [*figures(world).fixings(), *world.paying_agent.fix_due(ISIN).fixings]

    assert [each.rate for each in fixings] == [Decimal("3.1"), rate]
    assert [each.source for each in fixings] == [Source.TERMS, source]
    assert fixings[1].value == (None if figure is None else Decimal(figure))
