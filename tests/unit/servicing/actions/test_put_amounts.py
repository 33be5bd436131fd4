"""What a put unit is paid: its price and what has accrued, against fractions of its own

├── price x principal + interest from the last due day to the pay day; each holding rounded down once
├── rounded per unit where the terms say so
├── a pay day that is rolled: no interest for the delay, unless the terms adjust
├── the coupon was recorded for the holder already -> what it is too much is taken off, in whole base units
├── some of the principal was repaid -> the price is of the rest
└── zero coupon: price x what it has grown to, no interest beside it
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_ACT_ICMA,
    FLOATING,
    HOLDING_DOWN,
    NO_PROVISIONS,
    UNIT_DOWN,
    UNIT_HALF_UP,
    WHOLE,
    ZERO,
    day_of,
    floating,
    put_right,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    PAYS,
    RATE,
    SPRING,
    accrued,
    balance,
    earned,
    elected,
    fund,
    funded,
    holding_amount,
    opened,
    puttable,
    settle,
)
from tests.unit.servicing.stage import SHIBOR, provided, to

pytestmark = pytest.mark.unit

PRICE = Fraction(101, 100)


def put_to(world: World, bond: Contract, units: int, opens: date, pays: date) -> tuple[int, int]:
    """Elects, funds on the pay day and settles; says what the holder got, and what was taken in."""
    number = opened(world, bond, day=opens)
    world.servicing.elect(bond, number, units, sender=world.holder)
    to(world, pays)
    before = balance(world, world.holder)
    made = fund(world, bond, number)
    settle(world, bond, number, world.holder)
    taken = made.only("ActionFunded")
    return balance(world, world.holder) - before, taken.interest + taken.principal + taken.penalty


def in_window(opens: date, pays: date, **changes: int) -> Record:
    return put_right(opens, opens + timedelta(days=5), pays, **({"price": 1_010_000_000} | changes))


def test_put__in_time__pays_price_and_interest(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 37, world.buyer: 11})
    to(world, PAYS)
    interest, principal = accrued(PAYS), PRICE * FACE
    before = balance(world, world.holder), balance(world, world.buyer)

    made = fund(world, bond, number)

    whole = int(48 * interest), int(48 * principal)
    assert made.only("ActionFunded") == {
        "bond": bond.address,
        "action": number,
        "payer": world.paying_agent,
        "interest": whole[0],
        "principal": whole[1],
        "penalty": 0,
        "units": 48,
    }
    assert balance(world, world.servicing.address) == sum(whole)
    escrow = world.servicing.actionPayment(bond, number)
    assert (escrow.funded, escrow.paid, escrow.units, escrow.unitsPaid) == (sum(whole), 0, 48, 0)
    assert (escrow.payer, escrow.penalty, escrow.isLast) == (world.paying_agent, 0, False)

    settle(world, bond, number, world.holder, world.buyer)

    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [holding_amount(units, interest, principal) for units in (37, 11)]
    assert world.servicing.keptFor(bond, world.paying_agent) == sum(whole) - sum(gains)
    assert (bond.totalSupply(), bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (102, 63, 39)


def test_action_terms__before_the_money__say_what_it_will_be(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 37})
    each, units = world.servicing.actionTerms(bond, number)
    assert units == 37
    assert Fraction(each.interestNumerator, each.interestDenominator) == accrued(PAYS)
    assert Fraction(each.principalNumerator, each.principalDenominator) == PRICE * FACE


@pytest.mark.parametrize("price", [1, 333_333_333, 999_999_999, WHOLE, 1_234_567_891, 10 * WHOLE])
@pytest.mark.parametrize("units", [1, 7, 100])
def test_put__any_price__holding_is_rounded_down_once(world: World, price: int, units: int) -> None:
    bond = puttable(world, put=SPRING.but(price=price))
    got, taken = put_to(world, bond, units, date(2020, 4, 1), PAYS)
    assert got == taken == holding_amount(units, accrued(PAYS), Fraction(FACE * price, WHOLE))


@pytest.mark.parametrize("rounding", [UNIT_DOWN, UNIT_HALF_UP])
@pytest.mark.parametrize("price", [1_000_050_000, 999_999_999])
def test_put__rounded_per_unit__each_figure_is(world: World, rounding: int, price: int) -> None:
    bond = puttable(world, put=SPRING.but(price=price), rounding=rounding)
    got, _ = put_to(world, bond, 7, date(2020, 4, 1), PAYS)
    half = Fraction(1, 2) if rounding == UNIT_HALF_UP else 0
    assert got == 7 * (int(accrued(PAYS) + half) + FACE * price // WHOLE)


def test_put__pay_day_is_a_due_day__pays_the_price_alone(world: World) -> None:
    """The coupon of the quarter was recorded the day before, and is the holder's by itself."""
    pays = DUE[2]  # a Friday
    bond = puttable(world, put=in_window(date(2020, 5, 20), pays))
    got, _ = put_to(world, bond, 100, date(2020, 5, 20), pays)
    assert got == int(100 * PRICE * FACE)
    world.fund(bond, 2)
    before = balance(world, world.holder)
    world.servicing.pay(bond, 2, [world.holder], sender=world.outsider)
    assert balance(world, world.holder) - before == int(100 * earned(DUE[1], DUE[2]))


def test_put__pay_day_is_a_saturday__bears_nothing_for_the_delay(world: World) -> None:
    """Due on Saturday 5 September, paid on Monday: the same interest as that of a coupon of that day."""
    pays = DUE[3]
    bond = puttable(world, put=in_window(date(2020, 8, 20), pays))
    number = opened(world, bond, day=date(2020, 8, 20))
    action = world.servicing.actionOf(bond, number)
    world.servicing.elect(bond, number, 100, sender=world.holder)
    to(world, date(2020, 9, 6))
    with world.refuses("ActionNotDue", bond, number, action.payTime, world.evm.now):
        fund(world, bond, number)
    to(world, date(2020, 9, 7))
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert balance(world, world.holder) - before == int(100 * PRICE * FACE)


@pytest.mark.parametrize(("adjusted", "to_day"), [(False, date(2020, 8, 15)), (True, date(2020, 8, 17))])
def test_put__pay_day_is_a_saturday__interest_is_adjusted_where_that_of_coupons_is(
    world: World, adjusted: bool, to_day: date
) -> None:
    put = in_window(date(2020, 8, 3), date(2020, 8, 15))
    bond = puttable(world, put=put, adjusted=adjusted)
    got, _ = put_to(world, bond, 100, date(2020, 8, 3), date(2020, 8, 17))
    assert got == holding_amount(100, earned(DUE[2], to_day), PRICE * FACE)


@pytest.mark.parametrize("records", [2, 5, 10])
@pytest.mark.parametrize("rounding", [HOLDING_DOWN, UNIT_DOWN, UNIT_HALF_UP])
def test_put__coupon_was_recorded__what_it_is_too_much_is_taken_off(
    world: World, records: int, rounding: int
) -> None:
    """The pay day lies between record date and due day: the coupon is the holder's for the whole quarter."""
    pays = date(2020, 6, 4)  # the day before it is due
    bond = puttable(
        world, put=in_window(date(2020, 5, 6), pays), recordBusinessDays=records, rounding=rounding
    )
    got, _ = put_to(world, bond, 77, date(2020, 5, 6), pays)
    coupon, run = earned(DUE[1], DUE[2]), earned(DUE[1], pays)
    if rounding != HOLDING_DOWN:
        coupon = Fraction(int(coupon + (Fraction(1, 2) if rounding == UNIT_HALF_UP else 0)))
    principal = PRICE * FACE - ceil(coupon - run)
    assert got == 77 * int(principal) if rounding != HOLDING_DOWN else int(77 * principal)
    assert bond.unitsAt(world.holder, 2) == 100, "the coupon is still his"


def test_put__coupon_is_worth_more_than_the_price__pays_nothing(world: World) -> None:
    """A price of one billionth, and a coupon of a quarter taken off: never below zero."""
    pays = date(2020, 6, 4)
    bond = puttable(world, put=in_window(date(2020, 5, 20), pays, price=1), recordBusinessDays=2)
    got, taken = put_to(world, bond, 100, date(2020, 5, 20), pays)
    assert (got, taken) == (0, 0)
    assert bond.balanceOf(world.holder) == 0


def test_put__record_date_on_the_pay_day__money_in_the_morning_pays_the_coupon(world: World) -> None:
    """Nobody is recorded yet: who is redeemed before gets the whole quarter with it, and nothing later."""
    pays = DUE[2]
    bond = puttable(world, put=in_window(date(2020, 5, 20), pays), recordBusinessDays=0)
    got, _ = put_to(world, bond, 100, date(2020, 5, 20), pays)
    assert got == holding_amount(100, earned(DUE[1], DUE[2]), PRICE * FACE)
    world.to_record(bond, 2)
    assert (bond.unitsAt(world.holder, 2), bond.supplyAt(2)) == (0, 50)


def instalments() -> Record:
    eighths = [Record(period=period, share=WHOLE // 8) for period in range(1, 9)]
    return NO_PROVISIONS.but(instalments=eighths)


def test_put__some_of_the_principal_is_repaid__is_of_the_rest(world: World) -> None:
    bond = puttable(world, provisions=instalments())
    got, _ = put_to(world, bond, 100, date(2020, 4, 1), PAYS)
    left = Fraction(7, 8) * FACE
    assert got == holding_amount(100, accrued(PAYS, face=1) * left, PRICE * left)


def test_put__instalment_is_recorded__is_of_what_is_left_after_it(world: World) -> None:
    pays = date(2020, 6, 4)
    bond = puttable(
        world, put=in_window(date(2020, 5, 20), pays), recordBusinessDays=2, provisions=instalments()
    )
    got, _ = put_to(world, bond, 100, date(2020, 5, 20), pays)
    before, after = Fraction(7, 8) * FACE, Fraction(6, 8) * FACE
    rebate = ceil((earned(DUE[1], DUE[2], face=1) - earned(DUE[1], pays, face=1)) * before)
    assert got == int(100 * (PRICE * after - rebate))


def test_put__instalment_of_the_pay_day_is_not_recorded_yet__is_paid_with_it(world: World) -> None:
    """Money in the morning, record date in the evening: neither interest nor instalment is lost."""
    pays = DUE[2]
    put = in_window(date(2020, 5, 20), pays)
    bond = puttable(world, put=put, recordBusinessDays=0, provisions=instalments())
    got, _ = put_to(world, bond, 100, date(2020, 5, 20), pays)
    left = Fraction(7, 8) * FACE
    assert got == holding_amount(100, earned(DUE[1], DUE[2], face=1) * left, PRICE * left)
    world.to_record(bond, 2)
    assert bond.unitsAt(world.holder, 2) == 0


@pytest.mark.parametrize(("pays", "records"), [(PAYS, 1), (date(2020, 6, 4), 2), (DUE[2], 1), (DUE[2], 0)])
def test_put__interest_is_capitalised__is_paid_once(world: World, pays: date, records: int) -> None:
    """Added to the principal at the end of a quarter, whichever record dates have passed."""
    provisions = NO_PROVISIONS.but(capitalisedUntil=4, fallbackDays=5)
    opens = pays - timedelta(days=20)
    put = in_window(opens, pays, price=WHOLE)
    bond = puttable(world, put=put, recordBusinessDays=records, provisions=provisions)
    number = opened(world, bond, day=opens)
    world.servicing.elect(bond, number, 100, sender=world.holder)
    to(world, pays)
    for period, start in enumerate(DUE, start=1):
        if start <= pays:
            world.fix(bond, period)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    factor = Fraction(1)
    for start, end in pairwise(DUE):
        if end > pays:
            run = earned(start, pays, face=1) * factor
            break
        factor += Fraction(int(earned(start, end, face=1) * factor * 10**18), 10**18)
    assert balance(world, world.holder) - before == holding_amount(100, run * FACE, factor * FACE)


def test_put__zero_coupon__pays_price_of_what_it_has_grown_to(world: World) -> None:
    provisions = NO_PROVISIONS.but(accretion=Record(issuePrice=9_000, yieldRate=0, monthsPerCompounding=0))
    bond = puttable(
        world,
        provisions=provisions,
        kind=ZERO,
        couponRate=0,
        periods=1,
        monthsPerPeriod=12,
        dayCount=ACT_ACT_ICMA,
    )
    got, _ = put_to(world, bond, 77, date(2020, 4, 1), PAYS)
    value = Fraction(world.servicing.accretedValue(bond, world.servicing.actionOf(bond, 1).payDay), 10**18)
    assert 9_000 < value < 10_000
    assert got == int(77 * value * PRICE)


def test_put__rate_that_floats__is_paid_once_it_is_fixed(world: World) -> None:
    """2.00 % and a spread of 60 basis points; until it is fixed nobody knows what to pay in."""
    world.benchmark(SHIBOR)
    provisions = provided(floating=floating())
    bond = puttable(world, kind=FLOATING, couponRate=0, provisions=provisions)
    number = elected(world, bond, {world.holder: 77})
    to(world, PAYS)
    with world.refuses("PeriodNotFixed", bond, 2):
        fund(world, bond, number)
    for period, day in ((1, date(2019, 12, 3)), (2, date(2020, 3, 3))):
        world.publish_value(SHIBOR, day_of(day), 20_000_000)
        world.fix(bond, period)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    interest = earned(DUE[1], PAYS, rate=26_000_000)
    assert balance(world, world.holder) - before == holding_amount(77, interest, PRICE * FACE)


def test_put__unfunded_coupon_is_no_hindrance(world: World) -> None:
    """The coupon of the quarter before was never paid: it stays a debt of its own."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 100})
    assert world.servicing.payment(bond, 1).fundedAt == 0
    settle(world, bond, number, world.holder)
    before = balance(world, world.holder)
    world.fund(bond, 1)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    assert balance(world, world.holder) - before >= int(100 * earned(DUE[0], DUE[1]))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rate=st.integers(0, 300_000_000),
    face=st.integers(1, 10**12),
    price=st.integers(1, 10 * WHOLE),
    day=st.integers(1, 80),
    records=st.integers(0, 10),
    units=st.integers(1, 100),
)
def test_put__any_terms_and_day__is_what_fractions_say(
    deployed: World, rate: int, face: int, price: int, day: int, records: int, units: int
) -> None:
    """Pay days of a whole quarter, before and after its record date, whatever the figures."""
    with deployed.sandbox():
        world, opens, pays = deployed, date(2020, 3, 7), date(2020, 3, 16) + timedelta(days=day)
        put = put_right(opens, opens, pays, price=price)
        bond = puttable(world, put=put, faceValue=face, couponRate=rate, recordBusinessDays=records)
        number = opened(world, bond, day=opens)
        world.servicing.elect(bond, number, units, sender=world.holder)
        world.evm.warp(world.servicing.actionOf(bond, number).payTime)
        before = balance(world, world.holder)
        world.give_cash(world.paying_agent, 10**20)
        fund(world, bond, number)
        settle(world, bond, number, world.holder)
        got = balance(world, world.holder) - before

        recorded = bond.book().records
        run = earned(DUE[1] if pays < DUE[2] else DUE[2], pays, rate, face)
        if recorded == 2 and pays < DUE[2]:
            run -= earned(DUE[1], DUE[2], rate, face)
        principal = Fraction(face * price, WHOLE)
        if run < 0:
            principal, run = max(Fraction(0), principal - ceil(-run)), Fraction(0)
        assert got == holding_amount(units, run, principal)


def test_put__rate__is_that_of_the_terms() -> None:
    """The figures above are not all zero."""
    assert RATE > 0
    assert accrued(PAYS) > 37
