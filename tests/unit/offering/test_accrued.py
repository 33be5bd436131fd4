"""Accrued interest of a tap: who pays gets the coupon or its price, before and after every record time

Interest runs from 5 December 2019; the first coupon is due on Saturday, 5 December 2020, and paid on Monday.
"""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    MULTIPLE,
    RATE,
    THIRTY_360,
    THIRTY_E_360,
    TO_BE_FIXED,
    date_of,
    day_of,
    months_after,
    year_fraction,
)
from tests.evm.chain import Contract
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

PAR, FACE, COUPON = 10_000, 10_000, Fraction(32_500_000, 10**9)
ISSUE = date(2019, 12, 5)


def china(when: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Unix time of an hour in China."""
    return day_of(when) * 86_400 + (hour - 8) * 3600 + minute * 60 + second


def tap(world: World, bond: Contract, settles_from: int, settles_by: int, **changes: Any) -> Tender:
    """A thousand units at par, published in the hours before payment, for two equal bidders."""
    world.evm.warp(settles_from - 20_000)
    tender = world.open_tender(
        bond,
        syndicate={world.underwriters[0]: 200},
        settlesFrom=settles_from,
        settlesBy=settles_by,
        takesUpBy=settles_by,
        **changes,
    )
    for bidder in world.investors[:2]:
        tender.bid(bidder, (PAR, 333))
    tender.finish()
    return tender


def issued(world: World, **terms: Any) -> Contract:
    return world.bond({world.holder: 100}, **({"periods": 4} | terms))


def paid(tender: Tender, bidder: str) -> int:
    return int(tender.settle(bidder).only("WinnerSettled").amount)


@pytest.mark.parametrize("convention", [ACT_ACT_ICMA, ACT_360, ACT_365F, THIRTY_360, THIRTY_E_360])
@pytest.mark.parametrize("day", [date(2019, 12, 6), date(2020, 2, 29), date(2020, 8, 31), date(2020, 12, 3)])
def test_settle__inside_a_period__pays_what_was_earned(world: World, convention: int, day: date) -> None:
    bond = issued(world, dayCount=convention)
    tender = tap(world, bond, china(day, 9), china(day, 18))
    earned = FACE * COUPON * year_fraction(convention, ISSUE, day, 12, (ISSUE, date(2020, 12, 5)))

    assert tender.due(world.investors[0]) == 333 * PAR + int(333 * earned)
    assert paid(tender, world.investors[0]) == 333 * PAR + int(333 * earned)
    taken = tender.take_up(world.underwriters[0]).only("RestTakenUp")
    assert (taken.units, taken.amount) == (200, 200 * PAR + int(200 * earned))


def test_settle__on_the_issue_day_or_before__pays_no_interest(world: World) -> None:
    bond = issued(world, issueDay=day_of(date(2019, 12, 20)))
    tender = tap(world, bond, china(date(2019, 12, 20), 9), china(date(2019, 12, 27)))

    assert paid(tender, world.investors[0]) == 333 * PAR
    world.evm.warp(china(date(2019, 12, 26)))
    assert paid(tender, world.investors[1]) == 333 * PAR, "the first day of payment counts for all of them"


def test_settle__day_of_the_zone__is_that_of_the_bond(world: World) -> None:
    """Half past eleven at night in China is not yet the next day, though the window reaches into it."""
    bond = issued(world)
    tender = tap(world, bond, china(date(2020, 3, 4), 23, 30), china(date(2020, 3, 6)))
    earned = FACE * COUPON * Fraction(90, 366)

    world.evm.warp(china(date(2020, 3, 5), 12))
    assert paid(tender, world.investors[0]) == 333 * PAR + int(333 * earned)


def test_settle__rounding__is_once_for_all_units_of_a_bidder(world: World) -> None:
    bond = issued(world, faceValue=7, couponRate=32_500_001)
    tender = tap(
        world, bond, china(date(2020, 3, 4), 9), china(date(2020, 3, 5)), lowest=3, highest=PAR, tick=PAR - 3
    )
    each = 7 * Fraction(32_500_001, 10**9) * Fraction(90, 366)

    amount = paid(tender, world.investors[0])

    assert amount - 333 * PAR == int(333 * each) == 18
    assert int(each) == 0, "unit by unit it would have been nothing"


# --- ex coupon


def test_settle__after_the_record_time__is_given_what_the_period_still_earns(world: World) -> None:
    """Of two who won the same, one pays before the books close, the other then: each for what he gets."""
    bond = issued(world)
    day = date(2020, 12, 4)  # Friday: the record day, until five in the afternoon
    tender = tap(world, bond, china(day, 9), china(date(2020, 12, 8)))
    early, late = world.investors[:2]
    coupon, earned = FACE * COUPON, FACE * COUPON * Fraction(365, 366)

    world.evm.warp(china(day, 16, 59, 59))
    assert bond.book().records == 0
    first = paid(tender, early)
    world.evm.warp(china(day, 17))
    second = paid(tender, late)

    assert first == 333 * PAR + int(333 * earned)
    assert second == 333 * PAR - int(333 * (coupon - earned))
    assert (bond.unitsAt(early, 1), bond.unitsAt(late, 1)) == (333, 0)
    assert 333 * 325 - 1 <= first - second <= 333 * 325, "the coupon that only one gets, but for the rounding"
    taken = tender.take_up(world.underwriters[0]).only("RestTakenUp")
    assert taken.amount == 200 * PAR - int(200 * (coupon - earned))


def test_settle__after_the_period_has_ended__still_for_the_first_day_of_payment(world: World) -> None:
    bond = issued(world)
    tender = tap(world, bond, china(date(2020, 12, 4), 9), china(date(2020, 12, 30)))
    rest = FACE * COUPON * Fraction(1, 366)

    world.evm.warp(china(date(2020, 12, 29)))
    assert paid(tender, world.investors[0]) == 333 * PAR - int(333 * rest)


def test_settle__record_date_that_nobody_noticed__counts_at_once(world: World) -> None:
    """The first payment after it notices it, before it is priced."""
    bond = issued(world)
    tender = tap(world, bond, china(date(2020, 12, 4), 18), china(date(2020, 12, 5)))
    rest = FACE * COUPON * Fraction(1, 366)
    assert bond.book().records == 0

    assert paid(tender, world.investors[0]) == 333 * PAR - int(333 * rest)
    assert bond.book().records == 1


# --- the record day is the payment day: due on Saturday, books closed on Monday


def test_settle__between_due_day_and_record_time__pays_for_both_periods(world: World) -> None:
    """Who buys until the books close gets the coupon that was due before, and pays for all of it."""
    bond = issued(world, recordBusinessDays=0)
    due, second_due, monday = date(2020, 12, 5), date(2021, 12, 5), date(2020, 12, 7)
    tender = tap(world, bond, china(monday, 9), china(date(2020, 12, 9)))
    early, late = world.investors[:2]
    earned = FACE * COUPON * year_fraction(ACT_ACT_ICMA, due, monday, 12, (due, second_due))

    world.evm.warp(china(monday, 16, 59, 59))
    first = paid(tender, early)
    world.evm.warp(china(monday, 17))
    second = paid(tender, late)

    assert first == 333 * PAR + int(333 * (FACE * COUPON + earned))
    assert second == 333 * PAR + int(333 * earned)
    assert (bond.unitsAt(early, 1), bond.unitsAt(late, 1)) == (333, 0)
    before = world.cash.balanceOf(early)
    world.ready(bond)
    world.servicing.pay(bond, 1, [early, late, world.holder], sender=world.outsider)
    assert world.cash.balanceOf(early) - before == first - second, "in the end both paid the same"


def test_settle__price_below_what_the_period_still_earns__is_nothing_at_all(world: World) -> None:
    """A bond for one base unit costs less than the interest that is deducted: nobody is paid to take it."""
    bond = issued(world, recordBusinessDays=10)
    day = date(2020, 11, 23)
    world.evm.warp(china(day))
    hours: dict[str, Any] = {"settlesFrom": china(day, 18), "settlesBy": china(day, 23)}
    tender = world.open_tender(bond, lowest=1, highest=1001, tick=10, **hours)
    tender.bid(world.investors[0], (1, 100))
    tender.finish()

    made = tender.settle(world.investors[0])

    assert (made.only("WinnerSettled").amount, made.only("WinnerSettled").balance) == (0, 5_000)
    assert made.only("ProceedsPaid").amount == 0
    assert bond.balanceOf(world.investors[0]) == 100


# --- bonds that were never issued


def test_settle__first_issue_after_a_record_date__all_winners_pay_the_same(world: World) -> None:
    """A bond that nobody holds yet has record dates, too."""
    bond = world.register(periods=24, monthsPerPeriod=1, dayCount=ACT_365F, couponRate=120_000_000)
    start = date(2020, 1, 3)  # the books of the first month closed on the 3rd, a Friday, at five
    tender = tap(world, bond, china(start, 9), china(date(2020, 1, 4), 9))
    world.evm.warp(china(start, 17))
    expected = 333 * PAR - int(333 * FACE * Fraction(12, 100) * Fraction(2, 365))

    amounts = [paid(tender, bidder) for bidder in world.investors[:2]]

    assert amounts == [expected, expected]
    assert bond.book().records == 1


def test_settle__before_interest_runs_but_after_a_record_date__the_coupon_is_deducted(world: World) -> None:
    """No interest has accrued on the first day of payment; who pays after the record date gets no coupon."""
    bond = world.register(periods=24, monthsPerPeriod=1, dayCount=ACT_365F, couponRate=120_000_000)
    tender = tap(world, bond, china(ISSUE, 9), china(date(2020, 1, 5)))
    early, late = world.investors[:2]
    coupon = FACE * Fraction(12, 100) * Fraction(31, 365)

    first = paid(tender, early)
    world.evm.warp(china(date(2020, 1, 3), 17))
    second = paid(tender, late)

    assert (first, second) == (333 * PAR, 333 * PAR - int(333 * coupon))


# --- with prices that differ


def test_settle__multiple_prices__interest_is_for_all_units_at_once(world: World) -> None:
    bond = issued(world)
    world.evm.warp(china(date(2020, 3, 4)))
    day = date(2020, 3, 4)
    tender = world.open_tender(bond, pricing=MULTIPLE, settlesFrom=china(day, 9), settlesBy=china(day, 18))
    tender.bid(world.investors[0], (PAR + 50, 101), (PAR, 33), (PAR - 70, 7))
    tender.finish()
    earned = FACE * COUPON * Fraction(90, 366)

    amount = paid(tender, world.investors[0])

    assert amount == 101 * (PAR + 50) + 33 * PAR + 7 * (PAR - 70) + int(141 * earned)


def test_settle__coupon_fixed_by_the_tender__accrues_from_the_issue_day(world: World) -> None:
    bond = world.register(couponRate=TO_BE_FIXED, periods=4)
    day = date(2020, 3, 4)
    world.evm.warp(china(day))
    tender = world.open_tender(bond, basis=RATE, settlesFrom=china(day, 9), settlesBy=china(day, 18))
    tender.bid(world.investors[0], (36_000_000, 1000))
    tender.finish()

    assert paid(tender, world.investors[0]) == 1000 * PAR + int(
        1000 * FACE * Fraction(36, 1000) * Fraction(90, 366)
    )


@pytest.mark.parametrize("months", [1, 3, 6])
def test_settle__every_few_days_of_a_year__the_books_say_which_coupon_is_paid_for(
    world: World, months: int
) -> None:
    """Whenever a tap is paid, it is paid for what its units earn of the coupons that they get."""
    bond = issued(
        world, periods=36 // months, monthsPerPeriod=months, dayCount=ACT_365F, recordBusinessDays=2
    )
    for offset in range(9, 365, 17):
        day = date_of(day_of(ISSUE) + offset)
        with world.sandbox():
            tender = tap(world, bond, china(day, 16), china(day, 18))
            world.evm.warp(china(day, 17, 30))
            amount = paid(tender, world.investors[0])
            period = next(n for n in range(1, 37) if months_after(ISSUE, n * months) > day)
            start, end = months_after(ISSUE, (period - 1) * months), months_after(ISSUE, period * months)
            records = bond.book().records
            assert records in (period - 1, period)
            days = (day - start).days if records < period else -(end - day).days
            interest = 333 * FACE * COUPON * Fraction(days, 365)
            expected = int(interest) if interest >= 0 else -int(-interest)
            assert amount == 333 * PAR + expected, day
