"""A full life of each kind of bond: played once, and held against figures that were worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.e2e.lived import LIVES, Lived
from tests.e2e.worked_events import BY_LOT, EVENTS
from tests.e2e.worked_lives import BOTH, CHINA, EUROPE, Worked, worked

from indenture.dates import civil_day, to_timestamp
from indenture.interest import (
    Fixing,
    Grid,
    Market,
    Publications,
    Source,
    fix_on,
    needs_fixing,
    unit_payment,
)
from indenture.play.acts.benchmarks import Publish, billionths
from indenture.play.acts.fixings import Defer, Fix, Renew
from indenture.play.acts.trading import Transfer
from indenture.play.lives.life import Life
from indenture.play.lives.loader import calendars_of, lives_folder
from indenture.play.lives.timetable import moments_of

pytestmark = pytest.mark.integration

# Those that no option, event of holders or default touches; test_lives_events.py has the others.
LABELS = [life.label for life in LIVES.lives if life.label not in {*EVENTS, BY_LOT}]
CALENDARS = {"CN-IB": CHINA, "T2": EUROPE, "CN-IB+T2": BOTH}

# Units at the two record dates of the bond that is traded at clean prices; the coupon of 1,000 units that the
# bank sold before the first is the insurer's.
TRADED = {
    1: {"bank": 5_000, "fund": 3_334, "insurer": 1_666},
    2: {"bank": 3_000, "fund": 3_834, "insurer": 3_166},
}


def payments(life: Life) -> list[Worked]:
    published = {each.day: Fraction(each.value) for each in life.published}
    return worked(life.label, published)


def holdings(life: Life, payment: Worked) -> Counter[str]:
    """Who held how much at the record: 17:00 of the working day before."""
    if life.label == "clean-trades":
        return Counter(TRADED[payment.period])
    calendar = CALENDARS[life.terms.business_days.calendar]
    before = payment.day - timedelta(days=1)
    while not calendar.isBusinessDay(_ql(before)):
        before -= timedelta(days=1)
    zone = timezone(timedelta(minutes=life.terms.record.time_zone_offset))
    record = datetime(before.year, before.month, before.day, 17, tzinfo=zone)
    held = Counter(life.holders)
    for own in life.acts:
        if isinstance(own.act, Transfer) and own.at < record:
            held[own.act.by] -= own.act.units
            held[own.act.to] += own.act.units
    return held


def amounts(life: Life, payment: Worked) -> dict[str, int]:
    """What each holder is due, interest and principal rounded down apart."""
    return {
        holder: int(payment.interest * units) + int(payment.principal * units)
        for holder, units in holdings(life, payment).items()
    }


def _ql(day: date) -> Any:
    import QuantLib as ql

    return ql.Date(day.day, day.month, day.year)


# --- All of them --------------------------------------------------------------------------------------------


def test_lives__all__are_repaid_and_audited_without_a_difference(lived: Lived) -> None:
    assert [life.label for life in lived.result.lives] == [life.label for life in LIVES.lives]
    assert lived.result.audit.findings == ()
    assert {(life.outstanding, life.differences) for life in lived.result.lives} == {(0, 0)}
    assert all(lived.said[life.kind] for life in lived.result.lives)


def test_lives__json__has_one_object_of_texts_a_kind(lived: Lived) -> None:
    data = lived.result.as_json()

    assert list(data) == ["lives", "audit", "seconds"]
    assert data["lives"][0] == {
        "kind": "fixed half-yearly",
        "isin": "CND1000TB062",
        "currency": "CNY",
        "periods": "30",
        "payments": "30",
        "redemptions": "0",
        "recoveries": "0",
        "interest": "490500.00",
        "principal": "1000000.00",
        "penalty": "0.00",
        "recovered": "0.00",
        "tax": "0.00",
        "residues": "0.04",
        "fixings": "0",
        "outstanding": "0",
        "differences": "0",
    }
    assert len({each["kind"] for each in data["lives"]}) == len(data["lives"]) == 32
    assert data["audit"]["differences"] == 0


@pytest.mark.parametrize("label", LABELS)
def test_lives__payments__are_those_worked_out_by_hand(lived: Lived, label: str) -> None:
    life, bond = lived.life(label), lived.bond(label)
    funded, completed = lived.told(label, "PaymentFunded"), lived.told(label, "PaymentCompleted")
    expected = payments(life)

    assert list(funded) == list(completed) == [payment.period for payment in expected]
    for payment in expected:
        number = payment.period
        each = lived.suite.servicing.payment(bond.address, number).each
        assert each is not None
        assert (each.interest, each.principal) == (payment.interest, payment.principal), number
        days = bond.payment_days(number)
        assert days is not None
        assert days.pay_day == payment.day
        total = sum(holdings(life, payment).values())
        assert funded[number]["interest"] == int(payment.interest * total)
        assert funded[number]["principal"] == int(payment.principal * total)
        paid = sum(amounts(life, payment).values())
        assert (
            completed[number]["residue"]
            == sum(funded[number][part] for part in ("interest", "principal")) - paid
        )
        completed_on = lived.suite.chain.block_stamp(completed[number].block_number).time
        assert civil_day(completed_on, life.terms.record.time_zone_offset) == payment.day


@pytest.mark.parametrize("label", LABELS)
def test_lives__row__is_the_sum_of_its_payments(lived: Lived, label: str) -> None:
    life, played = lived.life(label), lived.played(label)
    money, due = life.terms.currency.money_from_base, payments(life)
    interest = sum(int(each.interest * life.units) for each in due)
    principal = sum(int(each.principal * life.units) for each in due)
    paid = sum(sum(amounts(life, each).values()) for each in due)

    assert played.payments == len(due)
    assert (played.interest, played.principal) == (money(interest), money(principal))
    assert played.residues == money(interest + principal - paid)
    assert played.tax.amount == (Decimal("1495.55") if label == "withholding" else 0)


# --- What is fixed ------------------------------------------------------------------------------------------


def model_fixings(life: Life) -> tuple[Grid, list[Fixing]]:
    """The fixings by the package's own pure model, from what was published by the time of each."""
    calendars = calendars_of(lives_folder())
    published = {
        code: Publications(benchmark, calendars[benchmark.market])
        for code, benchmark in life.benchmarks.items()
    }
    extended = life.terms.provisions.renewal.periods * sum(isinstance(own.act, Renew) for own in life.acts)
    deferred = {own.act.period for own in life.acts if isinstance(own.act, Defer)}
    grid = Grid(life.terms.interest_terms, calendars, extended=extended)
    fixings: list[Fixing] = []
    for moment in moments_of(life):
        now, act = to_timestamp(moment.at), moment.act
        if isinstance(act, Publish):
            kind = life.benchmarks[act.benchmark].kind
            for day, value in act.values.items():
                published[act.benchmark].publish(day, int(billionths(kind, value)), now)
        if isinstance(act, Fix):
            today = civil_day(moment.at, life.terms.record.time_zone_offset)
            market = Market({code: each.as_of(now) for code, each in published.items()}, calendars, today)
            previous = fixings[-1] if fixings else None
            fixings.append(fix_on(grid, act.period, previous, market, deferred=act.period in deferred))
    return grid, fixings


@pytest.mark.parametrize("label", LABELS)
def test_lives__fixings_and_payments__are_those_of_the_model(lived: Lived, label: str) -> None:
    life, bond, servicing = lived.life(label), lived.bond(label).address, lived.suite.servicing
    grid, fixings = model_fixings(life)

    assert bool(fixings) == needs_fixing(life.terms.interest_terms)
    assert servicing.fixings(bond, range(1, len(fixings) + 1)) == fixings
    assert lived.played(label).fixings == len(fixings)
    assert lived.played(label).periods == grid.periods
    for payment in payments(life):
        each = servicing.payment(bond, payment.period).each
        assert each is not None
        of_model = unit_payment(grid, payment.period, fixings)
        assert (each.interest, each.principal) == (of_model.interest, of_model.principal)


@pytest.mark.parametrize(
    ("label", "rates"),
    [
        (
            "floating-collar",
            ["2.258", "2.90", "2.847", "2.74", "2.8365", "2.883", "2.769", "2.20"],
        ),
        ("kpi-step", ["3.10", "3.10", "3.20"]),
        ("perpetual", ["4.05", "4.05", "4.05", "6.62", "6.62", "6.62"]),
        ("pik-then-cash", ["8.5"] * 10),
        ("inflation-linked", ["0.75"] * 6),
    ],
)
def test_lives__rates__are_those_worked_out_by_hand(lived: Lived, label: str, rates: list[str]) -> None:
    bond = lived.bond(label).address

    fixings = lived.suite.servicing.fixings(bond, range(1, len(rates) + 1))

    assert [each.rate for each in fixings if each] == [int(Decimal(rate) * 10**7) for rate in rates]


def test_lives__value_that_never_came__the_last_before_stands_in_for_it(lived: Lived) -> None:
    bond = lived.bond("floating-collar").address

    fifth, sixth = lived.suite.servicing.fixings(bond, [5, 6])

    assert fifth is not None
    assert sixth is not None
    assert (fifth.source, fifth.day) == (Source.PUBLISHED, date(2023, 9, 19))
    assert (sixth.source, sixth.day, sixth.value) == (Source.LAST_VALUE, date(2023, 12, 15), 22_830_000)


def test_lives__prices_fell_below_the_base__the_coupon_shrinks_and_the_face_is_repaid(lived: Lived) -> None:
    last = lived.suite.servicing.fixing(lived.bond("inflation-linked").address, 6)

    assert last is not None
    assert last.index_ratio == 988_780_000
    assert lived.played("inflation-linked").principal.amount == 1_000_000


def test_lives__interest_added__the_principal_has_grown(lived: Lived) -> None:
    servicing, bond = lived.suite.servicing, lived.bond("pik-then-cash").address

    assert [servicing.pool_factor(bond, period) for period in (1, 2, 5, 10)] == [
        10**18,
        1_042_500_000_000_000_000,
        1_181_147_825_039_062_500,
        1_181_147_825_039_062_500,
    ]


def test_lives__principal_repaid_in_parts__interest_is_on_what_is_left(lived: Lived) -> None:
    servicing = lived.suite.servicing

    shares = [servicing.pool_factor(lived.bond("amortising").address, period) for period in range(1, 8)]

    assert shares == [10**17 * tenths for tenths in (10, 10, 10, 8, 6, 4, 2)]


def test_lives__interest_deferred__is_owed_with_interest(lived: Lived) -> None:
    second, third = lived.suite.servicing.fixings(lived.bond("perpetual").address, [2, 3])

    assert second is not None
    assert third is not None
    assert (second.is_deferred, second.arrears) == (True, 40_500_000_000_000_000)
    assert (third.is_deferred, third.arrears) == (False, 0)


def test_lives__without_coupon__the_bond_grows_to_its_face(lived: Lived) -> None:
    servicing = lived.suite.servicing
    zero, bill = lived.bond("zero-compound").address, lived.bond("discount-bill").address

    # 91.18 * 1.0155 ** 2, after two half-years; 99.25 and half of 0.75, after 91 of 182 days.
    assert (
        servicing.accreted_value(zero, date(2024, 3, 15))
        == Decimal("91.18") * Decimal("1.0155") ** 2 * 10**20
    )
    assert servicing.accreted_value(bill, date(2025, 6, 9)) == Decimal("99.625") * 10**20


# --- Days ---------------------------------------------------------------------------------------------------


def test_lives__treasury_0619__november_2015_is_the_golden_case(lived: Lived) -> None:
    """Record on Friday the 13th, due on Sunday the 15th, paid on Monday the 16th, nothing for the delay."""
    bond = lived.bond("fixed-half-yearly")

    days = bond.payment_days(18)

    assert days is not None
    assert (days.record_day, days.pay_day) == (date(2015, 11, 13), date(2015, 11, 16))
    assert bond.terms.due_day(18) == date(2015, 11, 15)
    assert lived.told("fixed-half-yearly", "PaymentFunded")[18]["interest"] == 16_350_00


# --- Tax and trades -----------------------------------------------------------------------------------------


def test_lives__tax__is_a_fifth_of_the_saver_and_nothing_of_others(lived: Lived) -> None:
    events = lived.suite.servicing.events("TaxWithheld")

    assert [(each["holder"], each["gross"], each["tax"]) for each in events] == [
        (lived.address("saver"), 2_199_12, 439_82),
        *[(lived.address("saver"), 1_759_56, 351_91)] * 3,
    ]


def test_lives__clean_trades__accrued_interest_and_claims_follow_the_record(lived: Lived) -> None:
    priced = lived.suite.settlement.events("TradePriced")[:3]  # those of other lives come years later
    claims = lived.suite.servicing.events("ClaimTransferred")
    paid = lived.suite.servicing.events("ClaimsPaid")

    # 365 of 366 days of 3.25, 1,000 times; the same less the coupon; 3 of 365 days and the coupon, 500 times.
    assert [(each["cleanAmount"], each["accrued"], each["received"], each["records"]) for each in priced] == [
        (99_800_00, 3_241_12, 0, 0),
        (99_750_00, -8_87, 0, 1),
        (49_900_00, 1_638_35, 1_625_00, 0),
    ]
    assert [(each["seller"], each["buyer"], each["units"]) for each in claims][:1] == [
        (lived.address("bank"), lived.address("insurer"), 1_000)
    ]
    assert [(each["buyers"], each["units"], each["amount"]) for each in paid] == [
        ((lived.address("insurer"),), 1_000, 3_250_00)
    ]
