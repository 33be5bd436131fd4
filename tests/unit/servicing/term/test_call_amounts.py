"""What is paid when a bond is called: interest to the day, and the price of what is outstanding

├── interest -> of the short period, by the day count of the terms, for the part that has passed
├── price -> of the principal outstanding; rounded as the terms round
├── no coupon -> of what it has grown to by its terms
├── a price index -> of the day, floored where the terms say
├── floating -> the rate of the period; compounded, to the day
└── instalments, capitalised or deferred interest -> what is left, with all that was put off
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    FIXED_RATE,
    FLOATING,
    HOLDING_DOWN,
    INFLATION,
    LEVEL,
    NO_PROVISIONS,
    NO_RIGHTS,
    OVERNIGHT,
    STEP,
    UNIT_DOWN,
    UNIT_HALF_UP,
    WHOLE,
    ZERO,
    call_right,
    day_of,
    event_right,
    months_after,
    schedule,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import NIGHT, provided, publish_nights
from tests.unit.servicing.term.stage import (
    CONVENTIONS,
    DUE,
    END,
    FACE,
    JULY,
    PRICE,
    RATE,
    amount,
    call,
    callable_bond,
    fraction,
    interest,
    principal,
    receive,
    to,
    with_rights,
)

pytestmark = pytest.mark.unit

ONE = 10**18


# --- interest


def test_called__on_a_due_day__a_whole_coupon_and_the_price(world: World) -> None:
    bond = callable_bond(world)
    call(world, bond, END)
    whole = [interest(DUE[i], DUE[i + 1]) for i in range(4)]

    assert [receive(world, bond, period) for period in (1, 2, 3)] == [
        [amount(units, each) for units in (100, 50)] for each in whole[:3]
    ]
    assert receive(world, bond, 4) == [amount(units, whole[3], principal(PRICE)) for units in (100, 50)]
    assert bond.totalSupply() == 0


@pytest.mark.parametrize(
    "day", [DUE[2] + timedelta(days=1), JULY, date(2020, 8, 31), date(2021, 2, 28), date(2021, 3, 1)]
)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_called__between_due_days__interest_to_the_day(world: World, convention: int, day: date) -> None:
    bond = callable_bond(world, dayCount=convention)
    call(world, bond, day)
    start = max(due for due in DUE if due <= day)
    period = DUE.index(start) + 1
    earned = interest(start, day, convention=convention)

    assert receive(world, bond, period) == [amount(units, earned, principal(PRICE)) for units in (100, 50)]
    assert world.servicing.amountOf(bond, period, 7) == (int(7 * earned), int(7 * principal(PRICE)))
    before = interest(DUE[period - 2], start, convention=convention)
    assert world.servicing.amountOf(bond, period - 1, 7) == (int(7 * before), 0), "the others stay whole"


def test_called__interest_is_adjusted__to_the_day_it_is_paid_on(world: World) -> None:
    """Called for a Saturday: paid on Monday, with interest until then."""
    bond = callable_bond(world, adjusted=True, dayCount=ACT_365F)
    day = date(2020, 7, 11)
    call(world, bond, day)

    earned = FACE * Fraction(RATE, WHOLE) * Fraction((date(2020, 7, 13) - DUE[2]).days, 365)
    assert receive(world, bond, 3)[0] == amount(100, earned, principal(PRICE))


def test_called__interest_is_unadjusted__to_the_day_itself(world: World) -> None:
    bond = callable_bond(world)
    day = date(2020, 7, 11)
    call(world, bond, day)

    assert receive(world, bond, 3)[0] == amount(100, interest(DUE[2], day), principal(PRICE))
    assert builders.date_of(bond.paymentDays(3).payDay) == date(2020, 7, 13)


def test_called__steps__the_rate_of_the_period_it_ends_in(world: World) -> None:
    steps = [Record(period=3, rate=40_000_000), Record(period=4, rate=90_000_000)]
    bond = callable_bond(world, kind=STEP, provisions=provided(steps=steps))
    call(world, bond, JULY)

    assert receive(world, bond, 3)[1] == amount(50, interest(DUE[2], JULY, rate=40_000_000), principal(PRICE))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    offset=st.integers((DUE[1] - DUE[0]).days, (DUE[8] - DUE[0]).days - 1),
    price=st.integers(1, 2 * WHOLE),
    rate=st.integers(0, 10**9),
    convention=st.sampled_from(CONVENTIONS),
    rounding=st.sampled_from((HOLDING_DOWN, UNIT_DOWN, UNIT_HALF_UP)),
)
def test_called__any_day_price_rate_and_rounding__as_fractions(
    world: World, offset: int, price: int, rate: int, convention: int, rounding: int
) -> None:
    with world.sandbox():
        day = DUE[0] + timedelta(days=offset)
        bond = callable_bond(
            world,
            call_right(day, price=price),
            couponRate=rate,
            dayCount=convention,
            rounding=rounding,
        )
        call(world, bond, day)
        start = max(due for due in DUE if due < day)
        earned, repaid = interest(start, day, rate=rate, convention=convention), principal(price)
        if rounding == UNIT_HALF_UP:
            earned = Fraction(int(earned + Fraction(1, 2)))
        if rounding != HOLDING_DOWN:
            earned, repaid = Fraction(int(earned)), Fraction(int(repaid))

        found = world.servicing.amountOf(bond, DUE.index(start) + 1, 77)

        assert found == (int(77 * earned), int(77 * repaid))


# --- price


@pytest.mark.parametrize(
    ("price", "rounding", "hundred"),
    [
        (WHOLE, HOLDING_DOWN, 1_000_000),
        (1_015_000_000, HOLDING_DOWN, 1_015_000),
        (985_000_000, HOLDING_DOWN, 985_000),
        (10 * WHOLE, HOLDING_DOWN, 10_000_000),
        # 100.000015 % of 10,000 is 10,000.0015: the holding, or each unit of it, is rounded down.
        (1_000_000_150, HOLDING_DOWN, 1_000_000),
        (1_000_090_000, HOLDING_DOWN, 1_000_090),
        (1_000_090_000, UNIT_DOWN, 1_000_000),
        (1_000_090_000, UNIT_HALF_UP, 1_000_000),
        (1, HOLDING_DOWN, 0),
        (100_000, HOLDING_DOWN, 100),
    ],
)
def test_called__price__of_the_principal(world: World, price: int, rounding: int, hundred: int) -> None:
    bond = callable_bond(world, call_right(END, price=price), rounding=rounding)
    call(world, bond, END)

    assert world.servicing.amountOf(bond, 4, 100)[1] == hundred
    assert world.servicing.amountOf(bond, 3, 100)[1] == 0


def test_called__residue_of_rounding__goes_back_to_the_payer(world: World) -> None:
    """Three holders of a unit each are paid less than was funded for three."""
    holdings = dict.fromkeys((world.holder, world.buyer, world.spender), 1)
    bond = callable_bond(world, call_right(JULY, price=1_000_050_000), holdings=holdings)
    call(world, bond, JULY)
    each, all_of_it = (amount(u, interest(DUE[2], JULY), principal(1_000_050_000)) for u in (1, 3))

    got = receive(world, bond, 3, *holdings)

    assert got == [each] * 3
    assert world.servicing.keptFor(bond, world.paying_agent) == all_of_it - 3 * each > 0


def test_called__at_par__every_unit_is_paid_whole_base_units(world: World) -> None:
    bond = callable_bond(world, call_right(END, price=WHOLE))
    call(world, bond, END)

    each = world.servicing.unitPayment(bond, 4)

    assert (each.principalNumerator, each.principalDenominator) == (FACE, 1)


# --- no coupon


def zero(world: World, price: int, right: Record, **changes: int) -> Contract:
    """Grows over two years to 10,000, by ACT/365F where it is straight."""
    accretion = Record(issuePrice=price, yieldRate=0, monthsPerCompounding=0).but(**changes)
    return callable_bond(
        world,
        right,
        provisions=NO_PROVISIONS.but(accretion=accretion),
        kind=ZERO,
        couponRate=0,
        schedule=schedule(day_of(DUE[0]), 1, 24),
        dayCount=ACT_365F,
    )


@pytest.mark.parametrize("price", [WHOLE, 1_020_000_000])
@pytest.mark.parametrize("day", [date(2020, 3, 9), JULY, date(2021, 12, 4)])
def test_called__no_coupon__the_price_of_what_it_has_grown_to(world: World, day: date, price: int) -> None:
    bond = zero(world, 9_269, call_right(day, price=price))
    with world.sandbox():
        call(world, bond, day)
        until = (months_after(DUE[0], 24) - DUE[0]).days
        exact = (9_269 + Fraction(731 * (day - DUE[0]).days, until)) * Fraction(price, WHOLE)

        assert world.servicing.accretedValue(bond, day_of(day)) == int(
            (9_269 * ONE) + Fraction(731 * ONE * (day - DUE[0]).days, until)
        )
        assert receive(world, bond, 1) == [int(units * exact) for units in (100, 50)]
        assert world.servicing.amountOf(bond, 1, 1)[0] == 0
    assert world.servicing.amountOf(bond, 1, 100)[1] == 100 * FACE, "not called, it is the face"


def test_called__no_coupon_compounding__the_same_path_as_before(world: World) -> None:
    """At 4 % half-yearly: a cell and some days of the next; nothing is stretched to the new end."""
    bond = zero(world, 9_000, call_right(JULY), yieldRate=40_000_000, monthsPerCompounding=6)
    before = world.servicing.accretedValue(bond, day_of(JULY))
    call(world, bond, JULY)

    cell = Fraction((JULY - date(2020, 6, 5)).days, (date(2020, 12, 5) - date(2020, 6, 5)).days)
    exact = 9_000 * Fraction(102, 100) * (1 + Fraction(2, 100) * cell)
    assert world.servicing.accretedValue(bond, day_of(JULY)) == before
    assert 0 <= exact - Fraction(before, ONE) < Fraction(1, 10**12)
    assert receive(world, bond, 1) == [int(units * Fraction(before, ONE)) for units in (100, 50)]


def test_called__no_coupon__accrued_until_then_is_what_has_grown(world: World) -> None:
    bond = zero(world, 9_269, call_right(JULY))
    call(world, bond, JULY)
    day = date(2020, 5, 20)

    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 0))

    assert accrued == Fraction(world.servicing.accretedValue(bond, day_of(day)), ONE) - 9_269
    whole = Fraction(*world.servicing.accruedPerUnit(bond, day_of(JULY), 0))
    assert whole == Fraction(world.servicing.accretedValue(bond, day_of(JULY)), ONE) - 9_269


# --- a price index


def linker(world: World, *rights: Record, floored: bool = True, levels: tuple[int, ...] = ()) -> Contract:
    """Interpolated, three months behind, against 100; published by month from September 2019."""
    world.benchmark("CPI", LEVEL)
    bond = callable_bond(
        world,
        *rights,
        kind=INFLATION,
        provisions=provided(inflation=builders.inflation(floored=floored)),
    )
    for month, level in enumerate(levels):
        day = months_after(date(2019, 9, 1), month)
        to(world, months_after(day, 1))
        world.publish_value("CPI", day_of(day), level * WHOLE // 100)
    return bond


def ratio_on(day: date, levels: tuple[int, ...]) -> Fraction:
    """The ratio of a day to 100, to five places, half up: interpolated between two months, three behind."""
    month = (day.year - 2019) * 12 + day.month - 9 - 3
    length = (months_after(day.replace(day=1), 1) - day.replace(day=1)).days
    exact = levels[month] + Fraction((levels[month + 1] - levels[month]) * (day.day - 1), length)
    return Fraction(int(exact * 10 + Fraction(1, 2)), 100_000)


LEVELS = (10_000, 10_020, 10_050, 10_090, 10_140, 10_200, 10_270, 10_350, 10_440, 10_540, 10_650)
FALLING = tuple(10_000 - 30 * i for i in range(11))


@pytest.mark.parametrize("levels", [LEVELS, FALLING])
@pytest.mark.parametrize("floored", [True, False])
def test_called__index__of_the_day_of_the_call(world: World, floored: bool, levels: tuple[int, ...]) -> None:
    """The short period has its own ratio; only the principal is floored."""
    right = call_right(JULY, price=PRICE, noticeDays=1)
    bond = linker(world, right, floored=floored, levels=levels[:9])
    for period in (1, 2):
        world.fix(bond, period)
    call(world, bond, JULY)
    to(world, JULY - timedelta(days=1))

    found = world.fix(bond, 3)

    ratio = ratio_on(JULY, levels)
    assert Fraction(found.indexRatio, WHOLE) == ratio
    assert found.day == day_of(JULY)
    floor = max(ratio, Fraction(1)) if floored else ratio
    earned = FACE * ratio * Fraction(RATE, WHOLE) * fraction(ACT_360, DUE[2], JULY)
    assert receive(world, bond, 3) == [amount(units, earned, principal(PRICE) * floor) for units in (100, 50)]


def test_called__index_fixed_for_the_regular_end__is_fixed_anew_for_the_day(world: World) -> None:
    """The index of 5 September is known on 1 August; the bond is then called for 20 August."""
    day = date(2020, 8, 20)
    bond = linker(world, call_right(day, noticeDays=5), levels=LEVELS[:11])
    for period in (1, 2, 3):
        world.fix(bond, period)
    assert Fraction(world.servicing.fixing(bond, 3).indexRatio, WHOLE) == ratio_on(DUE[3], LEVELS)
    to(world, day - timedelta(days=6))

    call(world, bond, day)

    assert (world.servicing.fixedPeriods(bond), world.servicing.fixing(bond, 3).fixedAt) == (2, 0)
    with world.refuses("PeriodNotFixed", bond, 3):
        world.servicing.amountOf(bond, 3, 1)
    assert Fraction(world.fix(bond, 3).indexRatio, WHOLE) == ratio_on(day, LEVELS)
    earned = FACE * ratio_on(day, LEVELS) * Fraction(RATE, WHOLE) * fraction(ACT_360, DUE[2], day)
    repaid = principal() * ratio_on(day, LEVELS)
    assert receive(world, bond, 3)[0] == amount(100, earned, repaid)


def test_called__index_on_a_due_day__what_was_fixed_stays(world: World) -> None:
    bond = linker(world, call_right(DUE[3], noticeDays=5), levels=LEVELS[:11])
    for period in (1, 2, 3):
        world.fix(bond, period)

    call(world, bond, DUE[3])

    assert world.servicing.fixedPeriods(bond) == 3
    assert world.servicing.amountOf(bond, 3, 100)[1] == int(100 * principal() * ratio_on(DUE[3], LEVELS))


# --- floating rates


def test_called__floating__the_rate_of_the_period_for_its_days(world: World) -> None:
    world.benchmark("SHIBOR3M")
    bond = callable_bond(
        world, kind=FLOATING, provisions=provided(floating=builders.floating()), couponRate=0
    )
    to(world, DUE[2])
    for period, day in ((1, date(2019, 12, 3)), (2, date(2020, 3, 3)), (3, date(2020, 6, 3))):
        world.publish_value("SHIBOR3M", day_of(day), 20_000_000 + period * 1_000_000)
        world.fix(bond, period)

    call(world, bond, JULY)

    assert world.servicing.fixing(bond, 3).rate == 29_000_000, "what was fixed stays"
    earned = interest(DUE[2], JULY, rate=29_000_000)
    assert receive(world, bond, 3) == [amount(units, earned, principal(PRICE)) for units in (100, 50)]


def test_called__compounded__to_the_day_with_its_own_lag(world: World) -> None:
    """A rate of 2 % each day from two business days before to two before, by 360; and 60 basis points."""
    world.benchmark(NIGHT, OVERNIGHT)
    floating = builders.floating(NIGHT, compounded=True, fallbackRule=FIXED_RATE, fallbackRate=1)
    bond = callable_bond(world, kind=FLOATING, provisions=provided(floating=floating), couponRate=0)
    publish_nights(world, date(2020, 6, 2), date(2020, 6, 12), 20_000_000)
    for period in (1, 2):
        world.fix(bond, period)
    call(world, bond, JULY)
    publish_nights(world, date(2020, 6, 15), JULY, 20_000_000)

    found = world.fix(bond, 3)

    # Two business days before 5 June, and before 14 July; each working day stands for those until the next.
    day, last, growth = date(2020, 6, 3), date(2020, 7, 10), Fraction(1)
    days = (last - day).days
    while day < last:
        after = builders.Market(builders.china_calendar()).roll(day + timedelta(days=1), 1)
        growth *= 1 + Fraction(20_000_000 * (after - day).days, 360 * WHOLE)
        day = after
    exact = (growth - 1) * 360 / days
    rate = int(exact * 10**7 + Fraction(1, 2)) * 100
    assert found.rate == rate + 6_000_000
    assert receive(world, bond, 3)[0] == amount(
        100, interest(DUE[2], JULY, rate=found.rate), principal(PRICE)
    )


# --- principal that has a plan of its own


def test_called__in_instalments__the_price_of_what_is_left(world: World) -> None:
    shares = [Record(period=period, share=WHOLE // 8) for period in range(1, 9)]
    bond = callable_bond(world, provisions=provided(instalments=shares))
    call(world, bond, JULY)

    for period in (1, 2):
        left = Fraction(9 - period, 8)
        assert receive(world, bond, period)[0] == amount(
            100, interest(DUE[period - 1], DUE[period], factor=left), principal(WHOLE // 8)
        )
    left = Fraction(6, 8)
    earned, repaid = interest(DUE[2], JULY, factor=left), principal(PRICE, factor=left)
    assert receive(world, bond, 3) == [amount(units, earned, repaid) for units in (100, 50)]
    assert bond.totalSupply() == 0


def test_called__in_instalments_on_a_due_day__no_instalment_beside_the_price(world: World) -> None:
    shares = [Record(period=period, share=WHOLE // 8) for period in range(1, 9)]
    bond = callable_bond(world, provisions=provided(instalments=shares))
    call(world, bond, END)

    assert world.servicing.amountOf(bond, 4, 100)[1] == 100 * principal(PRICE, factor=Fraction(5, 8))
    assert world.servicing.poolFactor(bond, 4) == ONE * 5 // 8


def grown(factor: int, start: date, end: date) -> int:
    """A factor with the interest of a period, rounded down to 1e-18."""
    return factor + int(factor * Fraction(RATE, WHOLE) * fraction(ACT_360, start, end))


def test_called__capitalised__what_has_grown_and_the_short_interest_on_it(world: World) -> None:
    """Interest of the last period is paid, though the terms would add it."""
    bond = callable_bond(world, provisions=provided(capitalisedUntil=6))
    factor = ONE
    for period in (1, 2):
        to(world, DUE[period - 1])
        world.fix(bond, period)
        factor = grown(factor, DUE[period - 1], DUE[period])
    call(world, bond, JULY)
    to(world, DUE[2])

    world.fix(bond, 3)

    left = Fraction(factor, ONE)
    earned, repaid = interest(DUE[2], JULY, factor=left), principal(PRICE, factor=left)
    assert receive(world, bond, 3) == [amount(units, earned, repaid) for units in (100, 50)]


def test_called__capitalised_and_fixed_before__the_last_period_is_paid_all_the_same(world: World) -> None:
    bond = callable_bond(world, call_right(JULY, noticeDays=5), provisions=provided(capitalisedUntil=6))
    factor = ONE
    for period in (1, 2, 3):
        to(world, DUE[period - 1])
        world.fix(bond, period)
        if period < 3:
            factor = grown(factor, DUE[period - 1], DUE[period])

    call(world, bond, JULY)

    left = Fraction(factor, ONE)
    earned, repaid = interest(DUE[2], JULY, factor=left), principal(factor=left)
    assert receive(world, bond, 3)[0] == amount(100, earned, repaid)


@pytest.mark.parametrize("bears", [False, True])
def test_called__deferred__the_arrears_go_with_the_last_payment(world: World, bears: bool) -> None:
    deferral = Record(noticeDays=31, bearsInterest=bears)
    bond = callable_bond(world, provisions=provided(deferral=deferral))
    arrears = 0
    for period in (1, 2):
        to(world, DUE[period - 1])
        world.servicing.deferInterest(bond, period, sender=world.issuer)
        world.fix(bond, period)
        base = grown(arrears, DUE[period - 1], DUE[period]) if bears else arrears
        arrears = base + grown(ONE, DUE[period - 1], DUE[period]) - ONE
    assert world.servicing.fixing(bond, 2).arrears == arrears
    call(world, bond, JULY)
    to(world, DUE[2])
    world.fix(bond, 3)

    owed = FACE * Fraction(grown(arrears, DUE[2], JULY) if bears else arrears, ONE)
    earned = interest(DUE[2], JULY) + owed
    assert receive(world, bond, 3) == [amount(units, earned, principal(PRICE)) for units in (100, 50)]


def test_called__deferred_in_the_period_that_becomes_the_last__is_paid(world: World) -> None:
    """Nothing can be put off beyond the end: what was deferred before the call goes with it."""
    deferral = Record(noticeDays=31, bearsInterest=False)
    bond = callable_bond(world, call_right(END, noticeDays=5), provisions=provided(deferral=deferral))
    for period in (1, 2, 3, 4):
        to(world, DUE[period - 1])
        world.fix(bond, period)
    world.servicing.deferInterest(bond, 4, sender=world.issuer)
    assert world.servicing.amountOf(bond, 4, 100) == (0, 0)

    call(world, bond, END)

    assert receive(world, bond, 4)[0] == amount(100, interest(DUE[3], DUE[4]), principal())
    with world.refuses("DeferralRefused", bond, 4):
        world.servicing.deferInterest(bond, 4, sender=world.issuer)


# --- on a stated event


def test_redeemed_on_an_event__the_same_amounts_at_its_own_price(world: World) -> None:
    rights = NO_RIGHTS.but(events=[event_right(price=995_000_000)])
    bond = with_rights(world, rights)
    world.servicing.redeemOnEvent(
        bond, builders.code("TAXLAW"), day_of(JULY), b"\x01" * 32, sender=world.issuer
    )

    expected = [amount(units, interest(DUE[2], JULY), principal(995_000_000)) for units in (100, 50)]
    assert receive(world, bond, 3) == expected


# --- days that fall together


@pytest.mark.parametrize(("adjusted", "days"), [(False, 1), (True, 0)])
def test_called__for_the_sunday_after_a_due_saturday__both_are_paid_on_monday(
    world: World, adjusted: bool, days: int
) -> None:
    """Two payments on one day, with one record time: the second has the interest of the days between."""
    saturday = DUE[3]
    bond = callable_bond(world, adjusted=adjusted)
    call(world, bond, saturday + timedelta(days=1))
    world.to_record(bond, 4)
    assert bond.paymentDays(3) == bond.paymentDays(4)
    monday = saturday + timedelta(days=2)

    quarter = ((monday if adjusted else saturday) - DUE[2]).days
    first = FACE * Fraction(RATE * quarter, WHOLE * 360)
    last = FACE * Fraction(RATE * days, WHOLE * 360)
    assert receive(world, bond, 3) == [amount(units, first) for units in (100, 50)]
    assert receive(world, bond, 4) == [amount(units, last, principal(PRICE)) for units in (100, 50)]


@pytest.mark.parametrize("convention", [ACT_360, ACT_ACT_ICMA])
def test_called__in_a_long_first_period__by_the_notional_periods_in_it(world: World, convention: int) -> None:
    """Issued on 5 December 2019, first due on 14 May 2020, then each quarter: called for 20 April."""
    day = date(2020, 4, 20)
    given = schedule(
        day_of(DUE[0]),
        7,
        3,
        anchorDay=day_of(date(2020, 5, 14)),
        anchorPeriod=1,
        maturityDay=day_of(date(2021, 11, 14)),
    )
    bond = callable_bond(world, call_right(day), schedule=given, dayCount=convention)

    call(world, bond, day)

    assert world.servicing.lastPeriod(bond) == 1
    # Notional quarters from 14 November and 14 February.
    parts = Fraction((date(2020, 2, 14) - DUE[0]).days, 92) + Fraction((day - date(2020, 2, 14)).days, 90)
    exact = parts / 4 if convention == ACT_ACT_ICMA else Fraction((day - DUE[0]).days, 360)
    expected = amount(100, FACE * Fraction(RATE, WHOLE) * exact, principal())
    assert receive(world, bond, 1)[0] == expected
