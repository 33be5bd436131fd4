"""Lives: read and checked, put into one order of time, and told in a table, without a chain."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
import QuantLib as ql

from indenture.audit import AuditResult
from indenture.cli._output import show
from indenture.cli.play import _lives_view
from indenture.deployment import Deployment
from indenture.errors import CaseError, InputError
from indenture.money import Currency
from indenture.play import LifePlayed, LivesResult, load_lives
from indenture.play.acts.clock import AdvanceTo
from indenture.play.acts.fixings import Fix
from indenture.play.acts.servicing import Fund, Pay, Redeem
from indenture.play.lives.life import Life
from indenture.play.lives.loader import DAYS_FILE, lives_folder
from indenture.play.lives.timetable import deferred_periods, moments_of, paid_periods
from indenture.play.working_days import working_days
from indenture.provisions import CouponKind

pytestmark = pytest.mark.unit

LIVES = load_lives()
TERMS = Path(__file__).parents[3] / "terms"


def life(label: str) -> Life:
    return next(each for each in LIVES.lives if each.label == label)


def change(file: Path, old: str, new: str) -> int:
    """Changes the first place of a file, and returns its line."""
    before, found, after = file.read_text().partition(old)
    assert found
    file.write_text(before + new + after)
    return before.count("\n") + 1


# --- Those of the package -----------------------------------------------------------------------------------


def test_load_lives__of_the_package__there_is_one_of_each_kind() -> None:
    terms = [each.terms for each in LIVES.lives]
    provisions = [each.provisions for each in terms]

    assert {each.coupon.kind for each in terms} == set(CouponKind)
    assert all(
        any(has)
        for has in (
            [each.floating.compounded for each in provisions],
            [each.instalments for each in provisions],
            [each.capitalised_until for each in provisions],
            [each.renewal.periods and each.deferral.notice_days for each in provisions],
            [each.withholdings for each in provisions],
        )
    )
    assert len({each.isin for each in terms}) == len({each.kind for each in LIVES.lives}) == 32
    assert all(len(each.holders) >= 3 for each in LIVES.lives)


def test_load_lives__steps__are_in_order_of_time_and_end_with_the_audit() -> None:
    times = [step.act.at for step in LIVES.case.steps if isinstance(step.act, AdvanceTo)]

    assert times == sorted(set(times))
    assert LIVES.case.steps[-1].act.word == "audit"
    told = [step.subject for step in LIVES.case.steps if step.is_told and step.subject]
    assert sorted(told) == sorted(each.kind for each in LIVES.lives)


def test_load_lives__only_some__has_only_their_acts() -> None:
    lives = load_lives(only=["step"])

    assert [each.label for each in lives.lives] == ["step"]
    assert {step.subject for step in lives.case.steps} == {"", "step"}


def test_load_lives__unknown__lists_those_that_there_are() -> None:
    with pytest.raises(InputError, match="there is no life 'stop'") as error:
        load_lives(only=["stop"])

    assert "perpetual" in error.value.hint


def test_lives__sheets__are_those_of_the_examples() -> None:
    """The wheel has no folder terms/, so the lives have copies; some are sheets of their own."""
    copies = sorted((lives_folder() / "terms").glob("*.yaml"))
    own = [file.name for file in copies if not (TERMS / file.name).is_file()]

    assert own == [
        "bought-back.yaml",
        "business-252.yaml",
        "compounded-half-year.yaml",
        "cross-default.yaml",
        "drawn-by-lot.yaml",
        "exchanged-new.yaml",
        "exchanged-old.yaml",
        "floating-collar.yaml",
        "joint-quarters.yaml",
        "late-coupon.yaml",
        "overdue.yaml",
        "puttable.yaml",
        "restructured-2023.yaml",
        "restructured.yaml",
    ]
    for file in copies:
        if file.name not in own:
            assert file.read_text() == (TERMS / file.name).read_text(), file.name


def test_lives__working_days__are_those_of_quantlib() -> None:
    calendar, oracle = working_days("CN-IB", lives_folder() / DAYS_FILE), ql.China(ql.China.IB)

    assert sorted(calendar.years) == list(range(2006, 2019))
    for year, bitmap in calendar.years.items():
        first = ql.Date(1, 1, year)
        known = [oracle.isBusinessDay(first + day) for day in range(366 if ql.Date.isLeap(year) else 365)]
        assert [bool(bitmap >> day & 1) for day in range(len(known))] == known


# --- When what happens --------------------------------------------------------------------------------------


def test_moments_of__golden_payment__is_funded_after_the_record_and_paid_on_monday() -> None:
    moments = [
        (moment.at, type(moment.act))
        for moment in moments_of(life("fixed-half-yearly"))
        if getattr(moment.act, "period", None) == 18
    ]

    assert moments == [
        (datetime(2015, 11, 13, 10, tzinfo=UTC), Fund),  # Friday, 18:00 in China
        (datetime(2015, 11, 16, 2, tzinfo=UTC), Pay),  # Monday, 10:00
    ]


def test_paid_periods__capitalised_deferred_or_without_coupon__are_left_out() -> None:
    assert paid_periods(life("pik-then-cash")) == (5, 6, 7, 8, 9, 10)
    assert paid_periods(life("perpetual")) == (1, 3, 4, 5, 6)
    assert deferred_periods(life("perpetual")) == {2}
    assert paid_periods(life("zero-compound")) == (1,)


@pytest.mark.parametrize(
    ("label", "period", "at"),
    [
        ("floating-collar", 5, datetime(2023, 9, 19, 12, tzinfo=UTC)),  # 20:00 of the day observed
        ("floating-collar", 6, datetime(2023, 12, 23, 22, tzinfo=UTC)),  # five days after the 19th, 06:00
        ("compounded", 1, datetime(2024, 4, 23, 19, tzinfo=UTC)),
        ("inflation-linked", 1, datetime(2023, 7, 18, 8, tzinfo=UTC)),
        ("kpi-step", 3, datetime(2025, 5, 31, 22, tzinfo=UTC)),
    ],
)
def test_moments_of__fixing__is_when_it_can_first_be(label: str, period: int, at: datetime) -> None:
    (moment,) = [
        each for each in moments_of(life(label)) if isinstance(each.act, Fix) and each.act.period == period
    ]

    assert moment.at == at


@pytest.mark.parametrize("each", LIVES.lives, ids=lambda each: each.label)
def test_moments_of__last_payment__redeems(each: Life) -> None:
    acts = [moment.act for moment in moments_of(each)]

    assert [type(act) for act in acts].count(Redeem) == 1
    late = [own for own in each.acts if isinstance(own.act, Fund)]
    funded = len([act for act in acts if isinstance(act, Fund)])
    assert funded - len(late) == len(paid_periods(each))


# --- Mistakes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("step.yaml", "terms: step-coupon", "terms: stop-coupon", "terms", "cannot be read"),
        ("step.yaml", "kind: step", "kind: step\nkinds: 2", "kinds", "is not a field here"),
        ("step.yaml", "transfer: {by", "transfers: {by", "acts.0.transfers", "is not an act"),
        ("step.yaml", "at: 2023-01-10 10:00", "at: 2023-01-10", "acts.0.at", "is not an instant"),
        ("step.yaml", "to: bank", "to: bonk", "transfer.to", "is nobody in this case"),
        ("step.yaml", "to: bank", "to: insurer", "transfer.to", "nobody can deliver to himself"),
        ("step.yaml", "claim: {period: 3", "claim: {period: 6", "claim.period", "6 is after the last, 5"),
        ("step.yaml", "transfer: {by: insurer, to: bank, units: 666}", "renew: {}", "renew.bond", "no right"),
        (
            "step.yaml",
            "transfer: {by: insurer, to: bank, units: 666}",
            "defer: {period: 2}",
            "defer.bond",
            "no right",
        ),
        (
            "step.yaml",
            "transfer: {by: insurer, to: bank, units: 666}",
            "fix: {period: 2, by: bank}",
            "fix.bond",
            "leaves nothing to fix",
        ),
        ("perpetual.yaml", "  CGB3Y:", "  CGB4Y:", "published.CGB4Y", "'CGB4Y' is not defined"),
        (
            "perpetual.yaml",
            "2022-10-28: 2.42",
            "2022-10-38: 2.42",
            "published.CGB3Y.2022-10-38",
            "is not a date",
        ),
        ("compounded.yaml", "from: 2024", "form: 2024", "published.ESTR.form", "is not a date"),
        ("withholding.yaml", "tax_account: tax-office\n", "", "register.tax_account", "withholds tax"),
        ("kpi-step.yaml", "benchmark: CO2", "benchmark: CO3", "publish.benchmark", "'CO3' is not defined"),
        ("kpi-step.yaml", "118.4}", "118.4000000001}", "publish.values.2024-12-31", "billionths"),
        ("clean-trades.yaml", "trade: late, seller", "trade: cum, seller", "agree.trade", "agreed twice"),
        (
            "clean-trades.yaml",
            "settle_trade: {trade: cum",
            "settle_trade: {trade: com",
            "settle_trade.trade",
            "not agreed",
        ),
        (
            "clean-trades.yaml",
            "buyer: insurer, units: 1_000",
            "buyer: bank, units: 1_000",
            "agree.buyer",
            "himself",
        ),
        ("clean-trades.yaml", "price: 99.80", "price: 99.800001", "agree.price", "base units"),
        ("lives.yaml", "  - step\n", "  - stop\n", "lives", "is not"),
        ("lives.yaml", "kind: overnight", "kind: nightly", "benchmarks.ESTR.kind", "'nightly' is not known"),
    ],
)
def test_load_lives__mistake__is_told_with_its_file_and_field(
    folder: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    change(folder / file, old, new)

    with pytest.raises(CaseError) as error:
        load_lives(folder)

    assert error.value.path == f"lives/{file}"
    assert error.value.field == field
    assert reason in error.value.reason


def test_load_lives__mistake_in_an_act__is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "clean-trades.yaml", "buyers: insurer", "buyers: nobody")

    with pytest.raises(CaseError) as error:
        load_lives(folder)

    assert error.value.line == line


def test_load_lives__more_units_than_the_terms__are_refused(folder: Path) -> None:
    change(folder / "compounded.yaml", "bank: 5,", "bank: 7_500,")

    with pytest.raises(CaseError, match=r"offer\.units: 7,505 are more than the 7,500"):
        load_lives(folder)


# --- What is shown ------------------------------------------------------------------------------------------


def played(kind: str, code: str) -> LifePlayed:
    money = Currency(code, 2).money_from_base
    return LifePlayed(
        label=kind,
        kind=kind,
        isin="CND1000TB062",
        periods=30,
        payments=30,
        redemptions=0,
        recoveries=0,
        interest=money(490_500_00),
        principal=money(1_181_147_82),
        penalty=money(0),
        recovered=money(0),
        tax=money(1_495_55),
        residues=money(1_04),
        fixings=10,
        outstanding=0,
        differences=0,
    )


RESULT = LivesResult(
    lives=(played("overnight, arrears", "EUR"), played("stubs, month end", "CNY")),
    audit=AuditResult(
        5_000, 4_000, 0, (), "build/report/lives/audit.html", 5_000, "0x" + "11" * 32, 900, (), ()
    ),
    seconds={"deploy": 0.5, "play": 18.25, "audit": 12.0, "total": 30.75},
    deployment=cast("Deployment", None),
)


def test_lives_view__at_100_columns__has_one_line_a_life(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    show(_lives_view(RESULT), as_json=False)

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    (row,) = (line for line in lines if line.startswith("overnight, arrears"))
    assert row.split() == [
        *("overnight,", "arrears", "CND1000TB062", "30", "of", "30", "490,500.00", "1,181,147.82"),
        *("1,495.55", "1.04", "10", "0"),
    ]


def test_lives_json__has_texts_only() -> None:
    data = _lives_view(RESULT).data

    assert [each["currency"] for each in data["lives"]] == ["EUR", "CNY"]
    assert all(isinstance(value, str) for each in data["lives"] for value in each.values())
    assert data["seconds"]["total"] == pytest.approx(30.8)
