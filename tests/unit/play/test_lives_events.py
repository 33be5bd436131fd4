"""Lives with options, events of holders, default and new terms: when what happens, and mistakes in files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.unit.play.test_lives import RESULT, change, life

from indenture.cli._output import show
from indenture.cli.play import _lives_view
from indenture.errors import CaseError
from indenture.play import load_lives
from indenture.play.acts import ACTS
from indenture.play.lives.timetable import (
    Conclude,
    course_of,
    made_due_at,
    moments_of,
    paid_periods,
    payment_days,
)
from indenture.rights import ActionKind

pytestmark = pytest.mark.unit


def test_acts__events_of_holders__there_is_one_to_open_each_kind() -> None:
    opens = {
        ActionKind.PUT: "open_put",
        ActionKind.TENDER: "offer_tender",
        ActionKind.EXCHANGE: "offer_exchange",
        ActionKind.DRAWING: "draw_sinking",
        ActionKind.RESOLUTION: "propose_terms",
        ActionKind.ACCELERATION: "notice_default",
    }

    assert set(opens) == set(ActionKind)
    for word in opens.values():
        assert word in ACTS
        assert any(own.act.word == word for each in load_lives().lives for own in each.acts)


# --- When what happens --------------------------------------------------------------------------------------


def test_course_of__called__ends_on_the_day() -> None:
    called = life("called")

    assert course_of(called).ends == date(2025, 7, 8)
    assert paid_periods(called) == (1, 2, 3, 4, 5)
    assert payment_days(called, 5)[0] == date(2025, 7, 8)


def test_course_of__extended_or_amended__ends_later() -> None:
    assert paid_periods(life("extended")) == (1, 2, 3, 4)
    assert payment_days(life("extended"), 4)[0] == date(2026, 5, 20)
    assert paid_periods(life("new-terms")) == (1, 2, 3, 4, 5, 6)
    assert payment_days(life("new-terms"), 6)[0] == date(2025, 4, 21)  # the 20th is a Sunday


def test_paid_periods__missed_or_merged__are_left_out() -> None:
    assert paid_periods(life("cured")) == (1, 3, 4)
    assert paid_periods(life("default")) == (1,)
    assert paid_periods(life("cross-default")) == (1, 2)
    assert paid_periods(life("overdue")) == ()
    assert made_due_at(life("default")) == datetime(2024, 3, 5, 2, tzinfo=UTC)
    assert made_due_at(life("cured")) is None


def test_moments_of__made_due__ends_after_the_last_recovery() -> None:
    *_, redeemed, last = moments_of(life("default"))

    assert redeemed.act.word == "redeem"
    assert isinstance(last.act, Conclude)
    assert last.at > redeemed.at


def test_lives__issuer_of_another_life__is_one_member() -> None:
    assert life("cross-default").issuer == life("cured").issuer == "cured-issuer"
    assert life("exchanged-into").issuer == "exchanged-issuer"
    assert life("called").issuer == "called-issuer"


# --- Mistakes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("called.yaml", "day: 2025-07-08", "day: 2024-07-08", "call.day", "lies in no call right"),
        ("called.yaml", "day: 2025-07-08", "day: July", "acts.1.call.day", "is not a date"),
        ("called.yaml", "call: {day: 2025-07-08}", "call: {}", "acts.1.call.day", "is missing"),
        ("put.yaml", "right: 1", "right: 2", "open_put.right", "2 is after the last put of the terms, 1"),
        ("put.yaml", "right: 1", "right: 0", "acts.0.open_put.right", "is not above zero"),
        ("put.yaml", "by: bank, units: 200", "by: bonk, units: 200", "elect.by", "is nobody in this case"),
        ("put.yaml", "units: 200", "units: some", "acts.1.elect.units", "is not a whole number"),
        ("called-in-part.yaml", "share: 20", "share: 100", "call_in_part.share", "no part of the face"),
        ("called-in-part.yaml", "share: 20", "share: 0", "acts.0.call_in_part.share", "is not above zero"),
        ("called-in-part.yaml", "period: 4", "period: 11", "call_in_part.period", "11 is after the last, 10"),
        (
            "called-in-part.yaml",
            "call_in_part: {period: 4, share: 20}",
            "extend_maturity: {}",
            "extend_maturity.bond",
            "gives no right to extend it",
        ),
        (
            "extended.yaml",
            "extend_maturity: {}",
            "call_in_part: {period: 1, share: 20}",
            "call_in_part.bond",
            "gives no right to call a part",
        ),
        (
            "by-lot.yaml",
            "draw_sinking: {period: 2}",
            "draw_sinking: {period: 3}",
            "draw_sinking.period",
            "3 has no sinking fund",
        ),
        ("by-lot.yaml", "day: 2024-02-01", "day: 2023-02-01", "call_by_lot.day", "no right to call a part"),
        ("stated-events.yaml", "code: CONTROL", "code: TAX", "declare_event.code", "is no event for holders"),
        (
            "stated-events.yaml",
            "code: TAX",
            "code: CONTROL",
            "redeem_on_event.code",
            "is no event for the issuer",
        ),
        ("tender.yaml", "closes: 2022-09-16", "closes: 2022-08-16", "offer_tender.closes", "is over"),
        (
            "tender.yaml",
            "pay_day: 2022-09-20",
            "pay_day: 2022-09-10",
            "offer_tender.pay_day",
            "before the close",
        ),
        ("tender.yaml", "price: 98.75", "price: free", "acts.0.offer_tender.price", "free"),
        ("exchanged.yaml", "into: exchanged-into", "into: exchanged", "offer_exchange.into", "no other bond"),
        ("exchanged.yaml", "into: exchanged-into", "into: tender", "offer_exchange.into", "no other bond"),
        (
            "exchanged.yaml",
            "into: exchanged-into",
            "into: nothing",
            "offer_exchange.into",
            "no bond is registered",
        ),
        ("exchanged.yaml", "cash: 0.50", "cash: 0.505", "offer_exchange.cash", "0.505"),
        (
            "exchanged-into.yaml",
            "issuer_of: exchanged",
            "issuer_of: tender",
            "register.by",
            "the term sheet names",
        ),
        (
            "cross-default.yaml",
            "cause: cured",
            "cause: default",
            "notice_default.cause",
            "is no cause of default",
        ),
        (
            "cross-default.yaml",
            "cause: cured",
            "cause: nothing",
            "notice_default.cause",
            "no bond is registered as 'nothing'",
        ),
        ("cured.yaml", "unpaid: [2]", "unpaid: 2", "unpaid", "must be a list"),
        ("default.yaml", "amount: 400_000", "amount: 400_000.001", "fund_recovery.amount", "400000.001"),
        ("default.yaml", "amount: 123_400, ", "", "fund_recovery.amount", "is missing"),
        ("default.yaml", "final: true", "final: perhaps", "acts.12.fund_recovery.final", "boolean"),
        ("new-terms.yaml", "terms/restructured-2023", "terms/puttable", "propose_terms.terms", "the bond is"),
        ("new-terms.yaml", "closes: 2023-02-28", "closes: 2023-01-28", "propose_terms.closes", "is over"),
        (
            "new-terms.yaml",
            "  - {at: 2023-02-06 10:00, elect",
            "  - {at: 2023-01-06 10:00, enact_terms: {action: 1}}\n  - {at: 2023-02-06 10:00, elect",
            "enact_terms.bond",
            "has no terms proposed by now",
        ),
        (
            "tender.yaml",
            "offer_tender: {price",
            "offer_tenders: {price",
            "acts.0.offer_tenders",
            "is not an act",
        ),
        (
            "tender.yaml",
            "fund_action: {action: 1}",
            "notice_default: {by: bank}",
            "notice_default.bond",
            "lets no share of the holders make it due",
        ),
    ],
)
def test_load_lives__mistake_in_an_event__is_told_with_its_file_and_field(
    folder: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    change(folder / file, old, new)

    with pytest.raises(CaseError) as error:
        load_lives(folder)

    assert error.value.path == f"lives/{file}"
    assert error.value.field == field
    assert reason in error.value.reason


# --- What is shown ------------------------------------------------------------------------------------------


def test_lives_view__life_with_events__has_a_line_of_what_was_beside_the_schedule(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    plain, life_ = RESULT.lives
    late = replace(life_, redemptions=2, recoveries=3, penalty=plain.tax, recovered=plain.principal)

    show(_lives_view(replace(RESULT, lives=(plain, late))), as_json=False)

    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if line.startswith("stubs, month end")]
    assert rows[-1] == ["stubs,", "month", "end", "2", "1,495.55", "3", "1,181,147.82"]
    assert len([line for line in lines if line.startswith("overnight, arrears")]) == 1
