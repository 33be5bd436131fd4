"""callInPart, partialCall, poolFactor

├── caller is not the issuer -> ServicingCallerRefused
├── no right to call in part for the day the period ends on; called as a whole -> CallRefused
├── after the notice date -> NoticeTooLate
├── nothing, all, or no whole base units of a unit -> PartialCallRefused
├── a period that is recorded, the last, or not after the calls before it -> PartialCallRefused
└── else -> with the payment a share of every unit is redeemed at the price; later interest is on the rest
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ALL_CLASSES,
    DAY,
    FLOATING,
    HOLDING_DOWN,
    NO_PROVISIONS,
    NO_RIGHTS,
    STEP,
    UNIT_DOWN,
    UNIT_HALF_UP,
    WHOLE,
    call_right,
    day_of,
    days_schedule,
    schedule,
)
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.term.stage import (
    DUE,
    FACE,
    PRICE,
    RATE,
    amount,
    call,
    callable_bond,
    instant,
    interest,
    principal,
    receive,
    to,
)

pytestmark = pytest.mark.unit

ONE = 10**18
ONE_DAY = timedelta(days=1)
#: On every due day but the last, at 101, by notice of 30 days.
IN_PART = call_right(DUE[1], DUE[8] - ONE_DAY, price=PRICE, inPart=True)


def in_part(world: World, bond: Contract, period: int, percent: Fraction | int) -> Receipt:
    """Calls so many percent of the face."""
    share = Fraction(percent) * WHOLE / 100
    assert share.denominator == 1
    made: Receipt = world.servicing.callInPart(bond, period, int(share), sender=world.issuer)
    return made


def partly_callable(world: World, **changes: Any) -> Contract:
    return callable_bond(world, IN_PART, **changes)


# --- who, and by what right


@pytest.mark.parametrize("caller", ["holder", "paying_agent", "operator", "statutory", "admin", "outsider"])
def test_call_in_part__by_anybody_but_the_issuer__reverts(world: World, caller: str) -> None:
    bond, sender = partly_callable(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.callInPart(bond, 2, WHOLE // 4, sender=sender)


def test_call_in_part__right_for_the_whole_only__reverts(world: World) -> None:
    bond = callable_bond(world)

    with world.refuses("CallRefused", bond, day_of(DUE[2])):
        in_part(world, bond, 2, 25)


def test_call_in_part__both_rights__each_for_what_it_is(world: World) -> None:
    """A right for the whole that comes first does not hide the one in part."""
    whole = call_right(DUE[2], price=1_030_000_000)
    part = call_right(DUE[3], price=1_020_000_000, inPart=True)
    bond = callable_bond(world, whole, part)

    with world.refuses("CallRefused", bond, day_of(DUE[2])):
        in_part(world, bond, 2, 25)
    assert in_part(world, bond, 3, 25).only("BondCalledInPart").price == 1_020_000_000
    with world.sandbox():
        assert call(world, bond, DUE[3]).only("BondCalled").price == 1_020_000_000


@pytest.mark.parametrize("period", [0, 9, 2**16 - 1])
def test_call_in_part__period_that_is_none__reverts(world: World, period: int) -> None:
    bond = partly_callable(world)
    days = {0: DUE[0], 9: date(2022, 3, 5), 2**16 - 1: None}
    day = days[period]

    if day is None:
        with world.refuses("DateYearOutOfRange", 2019 + (2**16 - 1) * 3 // 12 + 1):
            in_part(world, bond, period, 25)
        return
    with world.refuses("CallRefused", bond, day_of(day)):
        in_part(world, bond, period, 25)


def test_call_in_part__period_that_ends_outside_the_right__reverts(world: World) -> None:
    bond = callable_bond(world, call_right(DUE[3], DUE[5], inPart=True))

    for period in (2, 6):
        with world.refuses("CallRefused", bond, day_of(DUE[period])):
            in_part(world, bond, period, 25)
    for period in (3, 4, 5):
        in_part(world, bond, period, 25)


def test_call_in_part__notice__to_its_very_second(world: World) -> None:
    bond = partly_callable(world)
    until = instant(DUE[2]) - 30 * DAY
    world.evm.warp(until)
    with world.sandbox():
        in_part(world, bond, 2, 25)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        in_part(world, bond, 2, 25)


# --- what may be called


@pytest.mark.parametrize(
    "share",
    [
        0,
        WHOLE,
        WHOLE + 1,
        2**64 - 1,
        # Of 10,000 base units a hundred-thousandth is a tenth of one.
        10_000,
        250_000_001,
        WHOLE - 1,
    ],
)
def test_call_in_part__share_that_is_none__reverts(world: World, share: int) -> None:
    bond = partly_callable(world)

    with world.refuses("PartialCallRefused", bond, 2, share):
        world.servicing.callInPart(bond, 2, share, sender=world.issuer)


@pytest.mark.parametrize("share", [WHOLE // FACE, WHOLE - WHOLE // FACE])
def test_call_in_part__least_and_most__are_taken(world: World, share: int) -> None:
    """One base unit of a unit, or all but one."""
    bond = partly_callable(world)

    world.servicing.callInPart(bond, 2, share, sender=world.issuer)

    assert world.servicing.poolFactor(bond, 3) == ONE - share * 10**9


def test_call_in_part__more_than_is_left__reverts(world: World) -> None:
    bond = partly_callable(world)
    in_part(world, bond, 2, 60)
    for percent in (40, 41, 99):
        with world.refuses("PartialCallRefused", bond, 3, percent * WHOLE // 100):
            in_part(world, bond, 3, percent)

    in_part(world, bond, 3, 39)
    assert world.servicing.poolFactor(bond, 4) == ONE // 100


def test_call_in_part__not_after_the_calls_before_it__reverts(world: World) -> None:
    """One for each payment, in their order: whoever was told what is left can rely on it."""
    bond = partly_callable(world)
    in_part(world, bond, 4, 25)

    for period in (2, 3, 4):
        with world.refuses("PartialCallRefused", bond, period, WHOLE // 4):
            in_part(world, bond, period, 25)
    in_part(world, bond, 5, 25)


def test_call_in_part__last_payment__reverts(world: World) -> None:
    """What is left goes with it anyway: at par, or by a call of the whole."""
    schedule_ = schedule(day_of(DUE[0]), 8, 3, maturityDay=day_of(DUE[8]) + 1)
    bond = callable_bond(world, call_right(DUE[1], DUE[8], inPart=True), schedule=schedule_)

    with world.refuses("CallRefused", bond, day_of(DUE[8]) + 1):
        in_part(world, bond, 8, 25)


def test_call_in_part__last_payment_after_the_term_was_moved__reverts(world: World) -> None:
    """Only a call of the whole moves it earlier, and that ends every right to call."""
    bond = partly_callable(world)
    call(world, bond, DUE[4])

    for period in (2, 3, 4):
        with world.refuses("CallRefused", bond, day_of(DUE[period])):
            in_part(world, bond, period, 25)


def test_call_in_part__recorded_already__reverts(world: World) -> None:
    """With notice of a day, and books that close three days before."""
    right = call_right(DUE[1], DUE[7], inPart=True, noticeDays=1)
    bond = callable_bond(world, right, recordBusinessDays=3)
    world.to_record(bond, 1)

    with world.refuses("PartialCallRefused", bond, 1, WHOLE // 4):
        in_part(world, bond, 1, 25)


def test_call_in_part__record_time_that_nobody_noticed__reverts(world: World) -> None:
    """Who holds at the record date knows what he is paid."""
    right = call_right(DUE[1], DUE[7], inPart=True, noticeDays=1)
    bond = callable_bond(world, right, recordBusinessDays=3)
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.evm.warp(record_time)

    with world.refuses("PartialCallRefused", bond, 1, WHOLE // 4):
        in_part(world, bond, 1, 25)


def test_call_in_part__while_units_are_frozen_or_paused__is_no_bar(world: World) -> None:
    bond = partly_callable(world)
    world.pause(bond)
    world.freeze(bond, world.holder, 2**256 - 1)

    assert in_part(world, bond, 2, 25).names == ["BondCalledInPart"]


# --- what is paid


def test_call_in_part__is_said_and_kept(world: World) -> None:
    bond = partly_callable(world)

    made = in_part(world, bond, 2, 25)

    assert made.only("BondCalledInPart") == {
        "bond": bond.address,
        "period": 2,
        "share": WHOLE // 4,
        "price": PRICE,
        "actor": world.issuer,
    }
    assert world.servicing.stateOf(bond).calls == 1
    assert world.servicing.partialCall(bond, 0) == {"period": 2, "share": WHOLE // 4, "price": PRICE}
    factors = [world.servicing.poolFactor(bond, period) for period in range(1, 9)]
    assert factors == [ONE] * 2 + [ONE * 3 // 4] * 6
    assert (world.servicing.lastPeriod(bond), bond.book().last) == (8, 0), "the term stays"


def test_call_in_part__a_whole_life__as_by_hand(world: World) -> None:
    """A quarter with the second payment, half with the fifth; the rest at par at the end."""
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)
    called = {2: Fraction(1, 4), 5: Fraction(1, 2)}
    left = Fraction(1)
    for period in range(1, 9):
        if period == 4:
            in_part(world, bond, 5, 50)
        share = called.get(period, Fraction(0))
        repaid = principal(factor=left) if period == 8 else principal(PRICE, factor=share)
        expected = [
            amount(units, interest(DUE[period - 1], DUE[period], factor=left), repaid) for units in (100, 50)
        ]

        assert receive(world, bond, period) == expected, period
        left -= share
        held = 0 if period == 8 else 100
        assert bond.balanceOf(world.holder) == held, "no unit is burned before the end"

    assert left == Fraction(1, 4)
    assert world.cash.balanceOf(world.servicing) == world.servicing.keptFor(bond, world.paying_agent)


def test_call_in_part__accrued_interest__is_on_what_is_left(world: World) -> None:
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)
    inside, after = DUE[1] + timedelta(days=40), DUE[2] + timedelta(days=40)

    assert Fraction(*world.servicing.accruedPerUnit(bond, day_of(inside), 1)) == interest(DUE[1], inside)
    left = Fraction(3, 4)
    assert Fraction(*world.servicing.accruedPerUnit(bond, day_of(after), 2)) == interest(
        DUE[2], after, factor=left
    )


def test_call_in_part__ex_coupon__takes_off_the_whole_coupon_on_what_was_outstanding(world: World) -> None:
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)
    day = DUE[2] - ONE_DAY

    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 2))

    assert accrued == interest(DUE[1], day) - interest(DUE[1], DUE[2])


def test_call_in_part__tap_afterwards__new_units_are_as_the_old(world: World) -> None:
    """Fungible: the face of all is the same, and what is left of it."""
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)
    receive(world, bond, 2)
    world.place(bond, {world.spender: 40}, price=7_500)

    got = receive(world, bond, 3, world.holder, world.buyer, world.spender)

    each = interest(DUE[2], DUE[3], factor=Fraction(3, 4))
    assert got == [amount(units, each) for units in (100, 50, 40)]


def test_call_in_part__then_the_whole__the_price_of_what_is_left(world: World) -> None:
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)
    day = date(2020, 7, 14)

    call(world, bond, day)

    left = Fraction(3, 4)
    assert receive(world, bond, 2)[0] == amount(
        100, interest(DUE[1], DUE[2]), principal(PRICE, factor=Fraction(1, 4))
    )
    expected = amount(100, interest(DUE[2], day, factor=left), principal(PRICE, factor=left))
    assert receive(world, bond, 3)[0] == expected


def test_call_in_part__then_the_whole_before_it__takes_all_at_once(world: World) -> None:
    """A part that was called for a later day goes with the rest, at the price of the whole."""
    part = call_right(DUE[4], price=1_050_000_000, inPart=True)
    bond = callable_bond(world, call_right(DUE[2], price=1_020_000_000), part)
    in_part(world, bond, 4, 25)

    call(world, bond, DUE[2])

    assert receive(world, bond, 2)[0] == amount(100, interest(DUE[1], DUE[2]), principal(1_020_000_000))
    assert bond.balanceOf(world.holder) == 0


def test_call_in_part__then_the_whole_on_the_same_day__is_one_price(world: World) -> None:
    """No part is redeemed beside the whole."""
    bond = partly_callable(world)
    in_part(world, bond, 4, 25)

    call(world, bond, DUE[4])

    assert world.servicing.amountOf(bond, 4, 100)[1] == 100 * principal(PRICE)


@pytest.mark.parametrize("rounding", [HOLDING_DOWN, UNIT_DOWN, UNIT_HALF_UP])
def test_call_in_part__price_that_is_no_whole_number__is_rounded_down(world: World, rounding: int) -> None:
    """A quarter of 10,000 at 101.0055 % is 2,525.1375."""
    right = call_right(DUE[2], price=1_010_055_000, inPart=True)
    bond = callable_bond(world, right, rounding=rounding)
    in_part(world, bond, 2, 25)
    exact = Fraction("2525.1375")

    expected = int(77 * exact) if rounding == HOLDING_DOWN else 77 * int(exact)

    assert world.servicing.amountOf(bond, 2, 77)[1] == expected


def test_call_in_part__below_par__is_paid_less(world: World) -> None:
    bond = callable_bond(world, call_right(DUE[2], price=900_000_000, inPart=True))
    in_part(world, bond, 2, 50)

    assert world.servicing.amountOf(bond, 2, 100)[1] == 100 * principal(900_000_000, factor=Fraction(1, 2))
    assert world.servicing.poolFactor(bond, 3) == ONE // 2


def test_call_in_part__tax__is_of_the_interest_only(world: World) -> None:
    tax = {"taxAccount": world.cash_issuer, "withholdings": [Record(classes=ALL_CLASSES, rate=200_000_000)]}
    bond = partly_callable(world, provisions=provided(**tax))
    in_part(world, bond, 1, 25)
    gross = int(100 * interest(DUE[0], DUE[1]))

    got = receive(world, bond, 1)

    assert got[0] == gross - int(gross * Fraction(1, 5)) + 100 * principal(PRICE, factor=Fraction(1, 4))


def test_call_in_part__steps_and_floaters__each_rate_on_what_is_left(world: World) -> None:
    steps = [Record(period=3, rate=90_000_000)]
    bond = partly_callable(world, kind=STEP, provisions=NO_PROVISIONS.but(steps=steps))
    in_part(world, bond, 2, 40)
    left = Fraction(6, 10)
    assert world.servicing.amountOf(bond, 3, 100)[0] == int(
        100 * interest(DUE[2], DUE[3], rate=90_000_000, factor=left)
    )

    world.benchmark("SHIBOR3M")
    floater = partly_callable(
        world, kind=FLOATING, provisions=provided(floating=builders.floating()), couponRate=0
    )
    in_part(world, floater, 2, 40)
    to(world, DUE[2])
    for period, day in ((1, date(2019, 12, 3)), (2, date(2020, 3, 3)), (3, date(2020, 6, 3))):
        world.publish_value("SHIBOR3M", day_of(day), 20_000_000)
        world.fix(floater, period)
    rate = 26_000_000
    assert world.servicing.fixing(floater, 3).factor == ONE * 6 // 10
    assert world.servicing.amountOf(floater, 3, 100)[0] == int(
        100 * interest(DUE[2], DUE[3], rate=rate, factor=left)
    )


def test_call_in_part__after_the_period_was_fixed__counts_all_the_same(world: World) -> None:
    """A floating period is fixed at its start, and a part is called with its payment."""
    world.benchmark("SHIBOR3M")
    right = call_right(DUE[1], DUE[7], price=PRICE, inPart=True, noticeDays=5)
    bond = callable_bond(
        world, right, kind=FLOATING, provisions=provided(floating=builders.floating()), couponRate=0
    )
    world.publish_value("SHIBOR3M", day_of(date(2019, 12, 3)), 20_000_000)
    world.fix(bond, 1)

    in_part(world, bond, 1, 25)

    assert world.servicing.amountOf(bond, 1, 100) == (
        int(100 * interest(DUE[0], DUE[1], rate=26_000_000)),
        100 * principal(PRICE, factor=Fraction(1, 4)),
    )
    assert world.servicing.poolFactor(bond, 2) == ONE * 3 // 4


def test_call_in_part__periods_of_days__by_the_same_rule(world: World) -> None:
    issue = day_of(DUE[0])
    right = Record(firstDay=issue + 56, lastDay=issue + 56, noticeDays=5, price=WHOLE, inPart=True)
    bond = callable_bond(world, right, schedule=days_schedule(issue, 20, 28))

    in_part(world, bond, 2, 25)

    assert world.servicing.poolFactor(bond, 3) == ONE * 3 // 4


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shares=st.dictionaries(st.integers(1, 7), st.integers(1, 4_000), max_size=5),
    price=st.integers(1, 2 * WHOLE),
    rate=st.integers(0, 10**9),
    units=st.integers(1, 10**6),
)
def test_call_in_part__any_parts__as_fractions(
    world: World, shares: dict[int, int], price: int, rate: int, units: int
) -> None:
    """Shares in hundredths of a percent of the face, which are whole base units of it."""
    with world.sandbox():
        right = call_right(DUE[1], DUE[7], price=price, inPart=True, noticeDays=5)
        bond = callable_bond(world, right, couponRate=rate)
        left = Fraction(1)
        for period, share in sorted(shares.items()):
            part = Fraction(share, 10_000)
            if part < left:
                in_part(world, bond, period, part * 100)
                left -= part
            else:
                shares = {each: of for each, of in shares.items() if each != period}

        left = Fraction(1)
        for period in range(1, 9):
            part = Fraction(shares.get(period, 0), 10_000)
            assert Fraction(world.servicing.poolFactor(bond, period), ONE) == left
            repaid = principal(factor=left) if period == 8 else principal(price, factor=part)
            earned = interest(DUE[period - 1], DUE[period], rate=rate, factor=left)
            found = world.servicing.amountOf(bond, period, units)
            assert found == (int(units * earned), int(units * repaid))
            left -= part


def test_call_in_part__rate_and_face__are_what_the_terms_say(world: World) -> None:
    """The sealed terms stay: what is left is a factor, as in the tables of other systems."""
    bond = partly_callable(world)
    in_part(world, bond, 2, 25)

    terms = world.servicing.termsAt(bond, 0)
    assert (terms[0].faceValue, terms[0].couponRate) == (FACE, RATE)
    assert terms[2] == NO_RIGHTS.but(calls=[IN_PART])
