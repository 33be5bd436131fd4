"""The rights of a term sheet: as on chain, there and back, and refused with field and line."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.provisions import CouponKind
from indenture.rights import (
    NO_RIGHTS,
    CallRight,
    DefaultTerms,
    EventRight,
    Extension,
    PutRight,
    Rights,
    Sinking,
)
from indenture.termsheet.conversion import rights_of
from indenture.termsheet.restored import restored_rights

from .sheets import (
    CAPITALISATION,
    COMPOUND,
    DEFERRAL,
    FALLBACK,
    FIXED,
    FLOATING,
    INFLATION,
    INSTALMENTS,
    RENEWAL,
    line_of,
    refused,
    sheet_of,
    sheet_text,
)

pytestmark = pytest.mark.unit

#: A sheet from 1 June 2021 to 1 June 2024, half-yearly.
ALL = """\
rights:
  calls:
    - {from: 2022-06-01, notice_days: 30, price: 102, in_part: true}
    - {from: 2023-06-01, to: 2024-05-31, notice_days: 15, price: 100.5}
  puts:
    - {opens: 2022-11-01, closes: 2022-11-10, pay_day: 2022-12-01, price: 99.9999999, withdrawable: true}
    - {opens: 2023-11-01, closes: 2023-11-10, pay_day: 2023-12-01}
  events:
    - {code: TAX, right: issuer, notice_days: 30}
    - {code: CONTROL, right: holders, notice_days: 45, price: 101}
  sinking:
    - {period: 2, units: 1_000}
    - {period: 4, units: 2_000}
  extension: {periods: 4, notice_days: 45, rate: 4.5}
  defaults: {grace_days: 5, penalty_rate: 7.665, acceleration_share: 25, cross_default: true}
  amendment_share: 66.6666667
"""
PAR = 10**9


def test_rights__every_field__as_on_chain() -> None:
    assert sheet_of(FIXED, ALL).rights == Rights(
        calls=(
            CallRight(date(2022, 6, 1), date(2022, 6, 1), 30, 1_020_000_000, in_part=True),
            CallRight(date(2023, 6, 1), date(2024, 5, 31), 15, 1_005_000_000),
        ),
        puts=(
            PutRight(
                date(2022, 11, 1), date(2022, 11, 10), date(2022, 12, 1), 999_999_999, withdrawable=True
            ),
            PutRight(date(2023, 11, 1), date(2023, 11, 10), date(2023, 12, 1), PAR),
        ),
        events=(
            EventRight("TAX", by_holders=False, notice_days=30, price=PAR),
            EventRight("CONTROL", by_holders=True, notice_days=45, price=1_010_000_000),
        ),
        sinking=(Sinking(2, 1000), Sinking(4, 2000)),
        extension=Extension(4, 45, 45_000_000),
        defaults=DefaultTerms(5, 76_650_000, 250_000_000, cross_default=True),
        amendment_share=666_666_667,
    )


def test_rights__no_block__are_none() -> None:
    assert sheet_of().rights == NO_RIGHTS
    assert sheet_of().rights_terms is None


def test_rights__floating_coupon__is_extended_at_a_rate_that_floats_on() -> None:
    sheet = sheet_of(FLOATING, "rights:\n  extension: {periods: 4, notice_days: 31}\n" + FALLBACK)

    assert sheet.rights.extension == Extension(4, 31, 0)


def test_rights__renewable_bond__can_be_called_after_its_first_cycle() -> None:
    sheet = sheet_of(FIXED, RENEWAL + "rights:\n  calls:\n    - {from: 2026-06-01, notice_days: 30}\n")

    assert sheet.rights.calls[0].first_day == date(2026, 6, 1)


def test_rights__coupon_left_to_a_tender__are_sealed_with_it() -> None:
    sheet = sheet_of(FIXED.replace("3.25", "tender"), ALL)

    assert sheet.rights.calls


# --- there and back


@st.composite
def rights(draw: st.DrawFn) -> Rights:
    """Any rights that the chain could hold."""
    days = st.dates(date(2021, 1, 1), date(2200, 1, 1))
    prices, notice = st.integers(1, 10 * PAR), st.integers(1, 366)
    return Rights(
        calls=tuple(
            draw(st.lists(st.builds(CallRight, days, days, notice, prices, st.booleans()), max_size=4))
        ),
        puts=tuple(draw(st.lists(st.builds(PutRight, days, days, days, prices, st.booleans()), max_size=4))),
        events=tuple(
            draw(st.lists(st.builds(EventRight, st.just("TAX"), st.booleans(), notice, prices), max_size=3))
        ),
        sinking=tuple(draw(st.lists(st.builds(Sinking, st.integers(1, 1200), st.integers(1, 2**64 - 1))))),
        extension=draw(
            st.just(Extension())
            | st.builds(Extension, st.integers(1, 1200), st.integers(31, 366), st.integers(0, 2**32 - 2))
        ),
        defaults=draw(
            st.builds(
                DefaultTerms, st.integers(0, 366), st.integers(0, PAR), st.integers(0, PAR), st.booleans()
            )
        ),
        amendment_share=draw(st.just(0) | st.integers(PAR // 2 + 1, PAR)),
    )


@settings(max_examples=500, deadline=None)
@given(rights())
def test_restored__any_rights__are_the_rights_again(found: Rights) -> None:
    assert rights_of(restored_rights(found, CouponKind.FIXED)) == found


def test_restored__floating__names_no_rate_of_the_extension() -> None:
    terms = restored_rights(Rights(extension=Extension(2, 31)), CouponKind.FLOATING)

    assert terms is not None
    assert terms.extension is not None
    assert terms.extension.rate is None


@st.composite
def call_lists(draw: st.DrawFn) -> list[tuple[date, date | None, int, Decimal]]:
    """Calls in order, without overlap, of a bond from June 2021 to June 2024."""
    cuts = sorted(draw(st.lists(st.integers(40, 1090), min_size=2, max_size=8, unique=True)))
    days = [date(2021, 6, 1) + timedelta(days=each) for each in cuts]
    prices = st.decimals("0.0000001", "1000", places=7)
    calls = []
    for first, last in zip(days[::2], days[1::2], strict=False):
        end = draw(st.sampled_from([None, first, last]))
        calls.append((first, end, draw(st.integers(1, 30)), draw(prices)))
    return calls


@settings(deadline=None)
@given(call_lists())
def test_calls__any_right_list__is_read(calls: list[tuple[date, date | None, int, Decimal]]) -> None:
    lines = [
        f"    - {{from: {first}, {f'to: {end}, ' if end else ''}notice_days: {notice}, price: {price}}}\n"
        for first, end, notice, price in calls
    ]

    found = sheet_of(FIXED, "rights:\n  calls:\n" + "".join(lines)).rights.calls

    assert found == tuple(
        CallRight(first, end or first, notice, int(price * 10**7)) for first, end, notice, price in calls
    )


# --- refused


def check(old: str, new: str, field: str, reason: str) -> None:
    """A sheet with all rights, in which one part of the text is another."""
    assert old in ALL
    error = refused(sheet_text(FIXED, ALL.replace(old, new, 1)))

    assert (error.field, error.others) == (field, ())
    assert reason in error.reason
    # No line is added before it.
    assert error.line == line_of(sheet_text(FIXED, ALL), old)


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (
            "from: 2022-06-01, notice_days: 30",
            "from: 2021-06-01, notice_days: 30",
            "rights.calls.0.from",
            "2021-06-01 is not after issue_date 2021-06-01",
        ),
        (
            "from: 2022-06-01, notice_days: 30",
            "from: 2021-06-20, notice_days: 30",
            "rights.calls.0.notice_days",
            "30 days before 2021-06-20 the bond is not issued yet",
        ),
        ("to: 2024-05-31", "to: 2024-06-01", "rights.calls.1.to", "is not before maturity_date 2024-06-01"),
        ("to: 2024-05-31", "to: 2023-05-31", "rights.calls.1.to", "2023-05-31 is before 2023-06-01"),
        (
            "from: 2023-06-01",
            "from: 2022-06-01",
            "rights.calls.1.from",
            "2022-06-01 is not after 2022-06-01, until which the call above lasts",
        ),
        ("notice_days: 15", "notice_days: 0", "rights.calls.1.notice_days", "0 is not between 1 and 366"),
        ("notice_days: 15", "notice_days: 367", "rights.calls.1.notice_days", "not between 1 and 366"),
        ("price: 102", "price: 0", "rights.calls.0.price", "0 % is not between 0.0000001 and 1000 %"),
        ("price: 102", "price: 1000.1", "rights.calls.0.price", "is not between"),
        ("price: 102", "price: 100.12345678", "rights.calls.0.price", "more than 7 decimals"),
        ("opens: 2022-11-01", "opens: 2021-05-31", "rights.puts.0.opens", "is before issue_date 2021-06-01"),
        ("closes: 2022-11-10", "closes: 2022-10-31", "rights.puts.0.closes", "is before 2022-11-01, when"),
        (
            "pay_day: 2022-12-01",
            "pay_day: 2022-11-10",
            "rights.puts.0.pay_day",
            "2022-11-10 is not after 2022-11-10, when the window closes",
        ),
        (
            "pay_day: 2022-12-01",
            "pay_day: 2024-06-01",
            "rights.puts.0.pay_day",
            "is not before maturity_date 2024-06-01",
        ),
        (
            "pay_day: 2023-12-01",
            "pay_day: 2024-06-30",
            "rights.puts.1.pay_day",
            "is not before maturity_date 2024-06-01",
        ),
        (
            "pay_day: 2023-12-01",
            "pay_day: 2024-05-02",
            "rights.puts.1.pay_day",
            "2024-05-02 is less than 31 days before 2024-06-01",
        ),
        (
            "opens: 2023-11-01, closes: 2023-11-10, pay_day: 2023-12-01",
            "opens: 2022-11-12, closes: 2022-11-13, pay_day: 2022-12-01",
            "rights.puts.1.pay_day",
            "2022-12-01 is the day of another put already",
        ),
        ("right: issuer", "right: nobody", "rights.events.0.right", "'nobody' is nobody's right"),
        ("code: TAX", "code: TAXATION1", "rights.events.0.code", "is not one to eight ASCII characters"),
        (
            "code: CONTROL, right: holders",
            "code: TAX, right: issuer",
            "rights.events.1.code",
            "right already",
        ),
        ("period: 4", "period: 2", "rights.sinking.1.period", "2 is not after 2 of the one above"),
        ("period: 4", "period: 6", "rights.sinking.1.period", "6 is not before the last payment, number 6"),
        ("units: 2_000", "units: 0", "rights.sinking.1.units", "0 is not between 1 and"),
        (
            "notice_days: 45, rate: 4.5",
            "notice_days: 30, rate: 4.5",
            "rights.extension.notice_days",
            "30 is not",
        ),
        (
            "{periods: 4,",
            "{periods: 600,",
            "rights.extension.periods",
            "600 periods more end after 2300-01-01",
        ),
        (", rate: 4.5", "", "rights.extension.rate", "is missing"),
        (
            "acceleration_share: 25",
            "acceleration_share: 100.1",
            "rights.defaults.acceleration_share",
            "is not",
        ),
        (
            "acceleration_share: 25",
            "acceleration_share: 0",
            "rights.defaults.cross_default",
            "no share of the holders can make this one due",
        ),
        ("penalty_rate: 7.665", "penalty_rate: 101", "rights.defaults.penalty_rate", "101 % is not between"),
        ("grace_days: 5", "grace_days: 367", "rights.defaults.grace_days", "367 is not between 0 and 366"),
        ("amendment_share: 66.6666667", "amendment_share: 50", "rights.amendment_share", "a minority could"),
        ("amendment_share: 66.6666667", "amendment_share: 100.1", "rights.amendment_share", "is not between"),
    ],
)
def test_rights__one_field_wrong__is_named_with_its_line(old: str, new: str, field: str, reason: str) -> None:
    if new == "":
        text = sheet_text(FIXED, ALL.replace(old, new, 1))
        error = refused(text)
        assert (error.field, error.reason, error.others) == (field, reason, ())
        assert error.line == line_of(text, "  extension:")
        return
    check(old, new, field, reason)


def test_sinking__more_units_than_the_issue__are_refused() -> None:
    text = sheet_text(FIXED, ALL.replace("units: 2_000", "units: 9_001", 1))

    error = refused(text)

    assert error.field == "rights.sinking"
    assert error.reason == "redeems 10,001 units of an issue of 10,000"
    assert error.line == line_of(text, "  sinking:")


@pytest.mark.parametrize(
    ("extra", "what"),
    [(INSTALMENTS, "instalments"), (CAPITALISATION, "capitalisation"), (DEFERRAL, "deferral")],
)
@pytest.mark.parametrize(
    ("right", "field"),
    [
        ("calls:\n    - {from: 2023-06-01, notice_days: 30, in_part: true}", "rights.calls.0.in_part"),
        ("sinking:\n    - {period: 2, units: 10}", "rights.sinking"),
        ("extension: {periods: 2, notice_days: 31, rate: 4}", "rights.extension"),
    ],
)
def test_rights__of_a_part__need_a_principal_that_stays(
    extra: str, what: str, right: str, field: str
) -> None:
    error = refused(sheet_text(FIXED, f"{extra}rights:\n  {right}\n"))

    assert (error.field, error.others) == (field, ())
    assert f"contradicts {what}" in error.reason


@pytest.mark.parametrize("extra", [INSTALMENTS, CAPITALISATION, DEFERRAL])
def test_calls__of_the_whole__go_with_any_principal(extra: str) -> None:
    sheet = sheet_of(FIXED, f"{extra}rights:\n  calls:\n    - {{from: 2023-06-01, notice_days: 30}}\n")

    assert sheet.rights.calls


@pytest.mark.parametrize(
    ("coupon", "issue_price", "kind"), [(COMPOUND, "91.19", "zero"), (INFLATION, "100", "inflation")]
)
def test_rights__zero_and_inflation__neither_in_part_nor_extended(
    coupon: str, issue_price: str, kind: str
) -> None:
    extra = "" if kind == "zero" else FALLBACK
    part = "rights:\n  calls:\n    - {from: 2023-06-01, notice_days: 30, in_part: true}\n"
    longer = "rights:\n  extension: {periods: 1, notice_days: 31, rate: 3}\n"

    error = refused(sheet_text(coupon, part + extra, issue_price=issue_price))
    assert error.field == "rights.calls.0.in_part"
    assert f"contradicts a coupon of kind {kind}" in error.reason
    error = refused(sheet_text(coupon, longer + extra, issue_price=issue_price))
    assert (error.field, error.reason) == ("rights.extension", f"has no meaning for a coupon of kind {kind}")
    whole = part.replace(", in_part: true", "")
    assert sheet_of(coupon, whole + extra, issue_price=issue_price).rights.calls


def test_extension__renewable_bond__is_refused() -> None:
    error = refused(
        sheet_text(FIXED, RENEWAL + "rights:\n  extension: {periods: 2, notice_days: 31, rate: 4}\n")
    )

    assert (error.field, error.reason) == ("rights.extension", "contradicts renewal, which says it already")


def test_extension__rate_of_a_floating_bond__is_refused() -> None:
    error = refused(
        sheet_text(FLOATING, "rights:\n  extension: {periods: 2, notice_days: 31, rate: 4}\n" + FALLBACK)
    )

    assert (error.field, error.reason) == ("rights.extension.rate", "4 % contradicts a rate that floats on")


def test_extension__last_period_a_stub__is_refused() -> None:
    coupon = FIXED + "  stub: short-back\n"
    text = sheet_text(coupon, "rights:\n  extension: {periods: 2, notice_days: 31, rate: 4}\n")

    error = refused(text.replace("maturity_date: 2024-06-01", "maturity_date: 2024-04-01"))

    assert error.field == "rights.extension"
    assert "a bond whose last period is a stub, to 2024-04-01, cannot go on" in error.reason


def test_put__day_rolled_back_into_its_window__is_refused() -> None:
    """Sunday 31 July 2022 is rolled back to the 29th, when holders could still elect."""
    put = "rights:\n  puts:\n    - {opens: 2022-07-01, closes: 2022-07-30, pay_day: 2022-07-31}\n"

    error = refused(sheet_text(FIXED, put, roll="modified-following"))

    assert error.field == "rights.puts.0.pay_day"
    assert "2022-07-31 is rolled back to 2022-07-29, not after 2022-07-30" in error.reason
    assert sheet_of(FIXED, put).rights.puts


@pytest.mark.parametrize(
    ("block", "field", "reason"),
    [
        ("rights:\n", "rights", "is empty"),
        ("rights: {}\n", "rights", "gives no right"),
        ("rights:\n  calls: []\n", "rights.calls", "is empty"),
        ("rights:\n  puts: []\n", "rights.puts", "is empty"),
        ("rights:\n  defaults: {}\n", "rights.defaults", "says nothing"),
        ("rights:\n  call: []\n", "rights.call", "is not a field of a term sheet"),
        ("rights:\n  calls:\n    - {from: 2022-06-01}\n", "rights.calls.0.notice_days", "is missing"),
        ("rights:\n  calls: 5\n", "rights.calls", "must be a list"),
        ("rights:\n  amendment_share: 0\n", "rights.amendment_share", "0 %: a minority could"),
    ],
)
def test_rights__empty_or_malformed__are_refused(block: str, field: str, reason: str) -> None:
    error = refused(sheet_text(FIXED, block))

    assert error.field == field
    assert error.reason.startswith(reason)


def test_face_value__of_more_than_80_bits__is_too_much_for_rights() -> None:
    text: Any = sheet_text(FIXED, ALL.replace("units: 1_000", "units: 1").replace("units: 2_000", "units: 1"))
    text = text.replace("decimals: 2", "decimals: 18").replace("amount: 1_000_000", "amount: 20_000_000")
    text = text.replace("face_value: 100", "face_value: 2_000_000").replace("units: 10_000", "units: 10")
    text = text.replace("minimum_denomination: 100", "minimum_denomination: 2_000_000")

    error = refused(text)

    assert error.field == "face_value"
    assert "too much for rights" in error.reason
