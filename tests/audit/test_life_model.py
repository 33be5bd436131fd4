"""The auditor's model of early redemption, parts, versions, penalties and claims, against worked examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from tests.audit.sheets import (
    DAYS,
    FLOATING,
    ZERO_COUPON,
    code,
    day,
    deal,
    floating,
    provisions,
    regular,
    terms,
)

from indenture.audit.model import (
    Each,
    PartialCall,
    Version,
    Workdays,
    accrued,
    rebate,
    redemption,
    unit_payment,
)
from indenture.audit.model.deal import RATE_ONE
from indenture.audit.replay.claims import lowered, owed_in_all
from indenture.audit.replay.life import Claim

pytestmark = pytest.mark.unit

ISSUE = date(2020, 1, 6)
HALF_YEARLY = regular(ISSUE, date(2022, 1, 6), 4, 6)


class EveryDay(Workdays):
    """A market that never closes."""

    def is_open(self, on: date) -> bool:
        return on.year >= ISSUE.year


def bond(**changes: Any) -> Any:
    """4 % half-yearly on a face of 100.00."""
    return terms(schedule=HALF_YEARLY, couponRate=40_000_000, **changes)


# --- the end of the term


def test_call__inside_a_period__pays_a_short_coupon_and_the_price() -> None:
    known = deal(bond(dayCount=2), maturity=date(2020, 10, 6))
    known = replace(known, last=2, price=1_020_000_000)

    assert known.schedule.maturity == date(2020, 10, 6)
    assert unit_payment(known, 1).principal == 0
    assert unit_payment(known, 2) == Each(Fraction(400 * 92, 365), Fraction(10_200))


def test_call__of_a_zero__pays_the_price_of_what_it_has_grown_to() -> None:
    given = provisions(accretion={"issuePrice": 9_000, "yieldRate": 0, "monthsPerCompounding": 0})
    once = regular(ISSUE, date(2021, 1, 5), 1, 365, unit=DAYS)
    zero = terms(schedule=once, kind=ZERO_COUPON, couponRate=0, dayCount=2, provisions=given)
    called = replace(deal(zero, maturity=ISSUE + timedelta(days=73)), price=1_010_000_000)

    assert unit_payment(deal(zero), 1).principal == 10_000
    assert unit_payment(called, 1) == Each(Fraction(0), Fraction(9_200) * Fraction(101, 100))


def test_extension__has_its_own_rate_from_its_first_period_on() -> None:
    known = replace(deal(bond()), last=6, extended=(5, 55_000_000))

    assert [known.sealed_rate(period) for period in (4, 5, 6)] == [40_000_000, 55_000_000, 55_000_000]
    assert unit_payment(known, 4).principal == 0
    assert unit_payment(known, 6) == Each(Fraction(275), Fraction(10_000))


def test_ends__a_closure_that_turns_periods_round__leaves_one_without_days() -> None:
    """The first of seven days is paid after the second would be; the third does not begin before."""
    weekly = terms(schedule=regular(ISSUE, date(2020, 2, 3), 4, 7, unit=DAYS), adjusted=True)
    known = deal(weekly, workdays=EveryDay, pay_days={1: day(date(2020, 1, 23))})

    assert [known.ends(period) for period in (1, 2, 3)] == [
        date(2020, 1, 23),
        date(2020, 1, 23),
        date(2020, 1, 27),
    ]
    assert known.whole(2) == 0


# --- parts


def test_call_in_part__is_paid_above_par_and_bears_no_interest_after() -> None:
    known = deal(bond(), calls=(PartialCall(2, 250_000_000, 1_010_000_000),))

    assert unit_payment(known, 1) == Each(Fraction(200), Fraction(0))
    assert unit_payment(known, 2) == Each(Fraction(200), Fraction(2_525))
    assert unit_payment(known, 3) == Each(Fraction(150), Fraction(0))
    assert unit_payment(known, 4) == Each(Fraction(150), Fraction(7_500))


def test_redemption__between_payments__is_the_price_and_what_has_accrued() -> None:
    known, on = deal(bond(dayCount=2)), date(2020, 3, 6)

    each = redemption(known, on, 995_000_000, 0)

    assert each == Each(Fraction(400 * 60, 365), Fraction(9_950))
    assert each.interest == accrued(known, on, 0)


def test_redemption__after_the_record_date__takes_the_coupon_off_in_whole_base_units() -> None:
    known, on = deal(bond(dayCount=2)), date(2020, 7, 3)
    too_much = Fraction(400 * 182, 365) - Fraction(400 * 179, 365)

    assert rebate(known, on, 1) == 4 > too_much > 3
    assert redemption(known, on, RATE_ONE, 1) == Each(Fraction(0), Fraction(9_996))
    assert redemption(known, on, 0, 1) == Each(Fraction(0), Fraction(0))


def test_redemption__rounded_by_the_unit__is_so_for_a_zero_too() -> None:
    given = provisions(accretion={"issuePrice": 9_000, "yieldRate": 0, "monthsPerCompounding": 0})
    once = regular(ISSUE, date(2021, 1, 5), 1, 365, unit=DAYS)
    zero = terms(schedule=once, kind=ZERO_COUPON, couponRate=0, dayCount=2, rounding=1, provisions=given)

    assert redemption(deal(zero), ISSUE + timedelta(days=1), RATE_ONE, 0) == Each(
        Fraction(0), Fraction(9_002)
    )


# --- versions


def test_versions__each_period_has_that_of_its_start() -> None:
    later = terms(schedule=HALF_YEARLY, couponRate=60_000_000)
    known = deal(bond(), versions=(Version(0, bond()), Version(3, later)))

    assert [unit_payment(known, period).interest for period in (1, 2, 3, 4)] == [200, 200, 300, 300]
    assert accrued(known, date(2021, 1, 6), 2) == 0
    assert accrued(known, date(2021, 7, 6), 2) == 300


def test_versions__where_figures_are_open_from_then_on__the_rate_before_is_what_terms_gave() -> None:
    loose = terms(
        schedule=HALF_YEARLY,
        kind=FLOATING,
        couponRate=0,
        provisions=provisions(floating=floating(code("X")), fallbackDays=1),
    )
    known = deal(bond(), versions=(Version(0, bond()), Version(3, loose))).at(3)

    assert (known.first, known.before(3).rate) == (3, 40_000_000)


# --- late and never


def test_penalty__is_on_interest_and_principal__rounded_on_its_own() -> None:
    each = Each(Fraction(1, 3), Fraction(100), penalty=10_000_000)

    assert each.amount_of(10) == 3 + 1_000 + 10
    assert each.taxable_of(10) == 3 + 10
    assert each.net_of(10, 200_000_000) == 1_013 - 2


def test_recovery__lowers_interest_first__each_unit_alike() -> None:
    one = 10**18
    claim = Claim(10_000 * one, 50 * one, 18_000)

    assert owed_in_all(claim, 3) == 30_150
    assert lowered(claim, 90, 3) == Claim(10_000 * one, 20 * one, 18_000)
    left = lowered(claim, 200, 3)
    assert (left.interest, claim.principal + claim.interest - left.principal) == (0, 200 * one // 3)
    assert lowered(claim, 30_150, 3) == Claim(0, 0, 18_000)
