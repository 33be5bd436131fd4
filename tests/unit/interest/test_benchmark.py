"""Published values, their order, correction, and the compounded index."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.interest import INDEX_SCALE, Benchmark, BenchmarkKind, PublicationRefused, Publications, Series

from .builders import CALENDAR, MARKET

pytestmark = pytest.mark.unit

NIGHT = Benchmark("ESTR", BenchmarkKind.OVERNIGHT, MARKET, basis=360, correctable_for=3600)
FRIDAY, MONDAY, TUESDAY = date(2024, 6, 7), date(2024, 6, 10), date(2024, 6, 11)


def at(day: date, hour: int = 8) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())


def index_of(series: Series, day: date) -> int:
    index = series.index(day, CALENDAR)
    assert index is not None
    return index


def published() -> Publications:
    """Friday and Monday are published, each the next morning."""
    publications = Publications(NIGHT, CALENDAR)
    publications.publish(FRIDAY, 39_000_000, at(MONDAY))
    publications.publish(MONDAY, 40_000_000, at(TUESDAY))
    return publications


# --- the index


def test_index__weekend__three_nights_at_fridays_rate() -> None:
    series = published().as_of(at(TUESDAY, 12))

    assert series.index(FRIDAY, CALENDAR) == INDEX_SCALE
    assert series.index(MONDAY, CALENDAR) == 10**18 + 10**18 * 39_000_000 * 3 // (360 * 10**9)
    assert series.index(TUESDAY, CALENDAR) == (
        index_of(series, MONDAY) * (360 * 10**9 + 40_000_000) // (360 * 10**9)
    )


def test_index__business_day_before_not_published__is_not_there_but_can_be_carried_on() -> None:
    series = published().as_of(at(TUESDAY, 12))
    wednesday = TUESDAY + timedelta(days=1)

    assert series.index(wednesday, CALENDAR) is None
    assert series.carried_index(wednesday) == (
        index_of(series, MONDAY) * (360 * 10**9 + 2 * 40_000_000) // (360 * 10**9)
    )


@pytest.mark.parametrize(("days", "known"), [(31, True), (32, False)])
def test_carried_index__last_value_too_old__none(days: int, known: bool) -> None:
    series = published().as_of(at(TUESDAY, 12))

    assert (series.carried_index(MONDAY + timedelta(days=days)) is not None) is known


def test_index__before_the_first_day__none() -> None:
    series = published().as_of(at(TUESDAY, 12))

    assert series.index(date(2024, 6, 6), CALENDAR) is None
    assert series.carried_index(date(2024, 6, 6)) is None


@settings(deadline=None)
@given(st.lists(st.integers(-20_000_000, 90_000_000), min_size=2, max_size=60), st.sampled_from([360, 365]))
def test_index__any_rates__less_than_a_unit_a_day_below_the_exact_product(
    rates: list[int], basis: int
) -> None:
    days = [FRIDAY]
    while len(days) < len(rates):
        days.append(CALENDAR.add_business_days(days[-1], 1))
    benchmark = Benchmark("ON", BenchmarkKind.OVERNIGHT, MARKET, basis)
    series = Series(benchmark, dict(zip(days, rates, strict=True)))

    product = Fraction(1)
    for day, after, rate in zip(days, days[1:], rates, strict=False):
        product *= 1 + Fraction(rate * (after - day).days, basis * 10**9)

    index = series.index(days[-1], CALENDAR)
    assert index is not None
    assert 0 <= product * INDEX_SCALE - index < 2 * len(rates)


# --- publication


def test_as_of__while_correctable__does_not_count() -> None:
    publications = published()

    assert publications.as_of(at(TUESDAY, 9) - 1).value(MONDAY) is None
    assert publications.as_of(at(TUESDAY, 9)).value(MONDAY) == 40_000_000


def test_publish__again_in_time__corrects_and_counts_no_later() -> None:
    publications = published()

    publications.publish(MONDAY, 41_000_000, at(TUESDAY) + 3599)

    assert publications.as_of(at(TUESDAY, 9)).value(MONDAY) == 41_000_000


def test_publish__again_too_late__refused() -> None:
    publications = published()

    with pytest.raises(PublicationRefused, match="40000000 stands for good"):
        publications.publish(MONDAY, 41_000_000, at(TUESDAY, 9))


@pytest.mark.parametrize(
    ("day", "moment", "reason"),
    [
        (date(2024, 6, 12), at(date(2024, 6, 12)), "the next business day is 2024-06-11"),
        (date(2024, 6, 15), at(date(2024, 6, 15)), "no business day"),
        (date(2024, 6, 6), at(date(2024, 6, 12)), "2024-06-10 is published"),
        (TUESDAY, at(TUESDAY, 8) + 10, "can still be corrected"),
        (TUESDAY, at(MONDAY, 9), "has begun nowhere"),
    ],
)
def test_publish__night_out_of_order__refused(day: date, moment: int, reason: str) -> None:
    with pytest.raises(PublicationRefused, match=reason) as caught:
        published().publish(day, 1, moment)

    assert (caught.value.benchmark, caught.value.day) == ("ESTR", day)


def test_publish__ten_hours_before_utc__day_has_begun_in_the_east() -> None:
    publications = Publications(Benchmark("SHIBOR3M", BenchmarkKind.RATE, MARKET))

    publications.publish(TUESDAY, 1, at(MONDAY, 10))

    with pytest.raises(PublicationRefused):
        publications.publish(TUESDAY + timedelta(days=1), 1, at(MONDAY, 23))


def test_publish__level_inside_a_month__refused() -> None:
    publications = Publications(Benchmark("CPI", BenchmarkKind.LEVEL, MARKET))

    with pytest.raises(PublicationRefused, match="first day of a month"):
        publications.publish(date(2024, 6, 2), 1, at(TUESDAY))


# --- looking back


@pytest.mark.parametrize(("days", "found"), [(1, MONDAY), (31, MONDAY), (32, None)])
def test_last_before__days_back__found_or_not(days: int, found: date | None) -> None:
    series = Series(Benchmark("RATE", BenchmarkKind.RATE), {FRIDAY: 1, MONDAY: 2})

    assert series.last_before(MONDAY + timedelta(days=days)) == found


def test_last_before__same_day__is_not_before() -> None:
    series = Series(Benchmark("RATE", BenchmarkKind.RATE), {MONDAY: 2})

    assert series.last_before(MONDAY) is None
