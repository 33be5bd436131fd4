"""call

├── not a bond of this depository, not its issuer -> ServicingBondUnknown, ServicingCallerRefused
├── no right for the day, or called before -> CallRefused
├── after the notice date -> NoticeTooLate
├── the books of what would be the last payment have closed, or would have -> BondTermTooLate
└── else -> the term ends on the day, at the price of the right; BondCalled, TermMoved
"""

from datetime import date, timedelta

import pytest
from tests.evm.builders import DAY, NO_RIGHTS, WHOLE, call_right, date_of, day_of, days_schedule
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.term.stage import (
    ANY_DAY,
    DUE,
    END,
    JULY,
    PRICE,
    call,
    callable_bond,
    instant,
    pays_on,
    to,
    with_rights,
)

pytestmark = pytest.mark.unit

ONE_DAY = timedelta(days=1)
STRANGERS = ("holder", "bookrunner", "paying_agent", "operator", "statutory", "admin", "outsider")


# --- who, and by what right


@pytest.mark.parametrize("caller", STRANGERS)
def test_call__by_anybody_but_the_issuer__reverts(world: World, caller: str) -> None:
    bond, sender = callable_bond(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.call(bond, day_of(JULY), sender=sender)


def test_call__another_account_of_the_issuer__reverts(world: World) -> None:
    """The account that is sealed, and no other."""
    bond = callable_bond(world)
    world.admit_account(world.leis[world.issuer], world.outsider, 2)

    with world.refuses("ServicingCallerRefused", bond, world.outsider):
        world.servicing.call(bond, day_of(JULY), sender=world.outsider)


def test_call__no_bond__reverts(world: World) -> None:
    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.call(world.cash, day_of(JULY), sender=world.issuer)


def test_call__bond_of_another_servicing__reverts(world: World) -> None:
    bond = world.lone_bond(rights=NO_RIGHTS.but(calls=[ANY_DAY]), periods=8, monthsPerPeriod=3)

    with world.refuses("ServicingBondUnknown", bond):
        call(world, bond, JULY)


def test_call__no_right_at_all__reverts(world: World) -> None:
    bond = with_rights(world)

    with world.refuses("CallRefused", bond, day_of(JULY)):
        call(world, bond, JULY)


@pytest.mark.parametrize("day", [DUE[0], DUE[1] - ONE_DAY, DUE[8], DUE[8] + ONE_DAY, date(2199, 1, 1)])
def test_call__day_outside_the_right__reverts(world: World, day: date) -> None:
    bond = callable_bond(world)

    with world.refuses("CallRefused", bond, day_of(day)):
        call(world, bond, day)


@pytest.mark.parametrize("day", [365, 2**24 - 1])
def test_call__day_that_no_bond_has__reverts(world: World, day: int) -> None:
    bond = callable_bond(world)

    with world.refuses("CallRefused", bond, day):
        world.servicing.call(bond, day, sender=world.issuer)


def test_call__several_rights__each_with_its_own_days_price_and_notice(world: World) -> None:
    """A schedule of prices that falls to par: three dates, and a last stretch of any day."""
    rights = [
        call_right(DUE[2], price=1_020_000_000, noticeDays=60),
        call_right(DUE[4], price=1_010_000_000, noticeDays=40),
        call_right(DUE[6], DUE[8] - ONE_DAY, price=WHOLE, noticeDays=10),
    ]
    bond = callable_bond(world, *rights)
    for day in (DUE[2] - ONE_DAY, DUE[2] + ONE_DAY, DUE[3], DUE[6] - ONE_DAY):
        with world.refuses("CallRefused", bond, day_of(day)):
            call(world, bond, day)

    for day, right in ((DUE[2], rights[0]), (DUE[4], rights[1]), (DUE[7], rights[2])):
        with world.sandbox():
            until = instant(day) - right.noticeDays * DAY
            world.evm.warp(until)
            assert call(world, bond, day).only("BondCalled").price == right.price


# --- notice


@pytest.mark.parametrize("day", [date(2021, 3, 5), date(2021, 7, 14), date(2021, 7, 11)])
@pytest.mark.parametrize("notice", [5, 30, 366])
def test_call__notice__to_its_very_second(world: World, day: date, notice: int) -> None:
    """Before the day begins in the bond's zone, whether it is a business day or not."""
    bond = callable_bond(world, call_right(day - ONE_DAY, day + ONE_DAY, noticeDays=notice))
    until = instant(day) - notice * DAY
    world.evm.warp(until)
    with world.sandbox():
        call(world, bond, day)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        call(world, bond, day)


def test_call__notice_of_a_day_but_the_books_are_closed__reverts(world: World) -> None:
    """Notice may be shorter than it takes to close the books: the last payment must still be to come."""
    bond = callable_bond(world, call_right(DUE[1], DUE[7], noticeDays=1), recordBusinessDays=3)
    world.to_record(bond, 1)

    with world.refuses("BondTermTooLate", 1, 0, 1):
        call(world, bond, DUE[1])


def test_call__notice_of_a_day_but_the_record_time_has_passed__reverts(world: World) -> None:
    """Ten business days before the payment the books close."""
    bond = callable_bond(world, call_right(DUE[1], DUE[7], noticeDays=1), recordBusinessDays=10)
    world.to_record(bond, 1)
    to(world, JULY - ONE_DAY)
    bond.advance(sender=world.outsider)

    with world.refuses("BondTermTooLate", 3, day_of(JULY), 2):
        call(world, bond, JULY)


# --- what it does


def test_call__on_a_due_day__the_term_ends_with_the_period(world: World) -> None:
    bond = callable_bond(world)

    made = call(world, bond, END)

    assert made.names == ["BondCalled", "TermMoved"]
    assert made.only("BondCalled") == {
        "bond": bond.address,
        "last": 4,
        "day": day_of(END),
        "price": PRICE,
        "code": bytes(8),
        "document": bytes(32),
        "actor": world.issuer,
    }
    assert made.only("TermMoved") == {"last": 4, "maturityDay": 0}
    assert (world.servicing.lastPeriod(bond), bond.maturityDay()) == (4, day_of(END))
    assert world.servicing.stateOf(bond).price == PRICE
    assert bond.terms().schedule.periods == 8, "what was sealed stays"


def test_call__between_due_days__the_term_ends_with_a_short_period(world: World) -> None:
    bond = callable_bond(world)

    made = call(world, bond, JULY)

    assert (made.only("BondCalled").last, made.only("BondCalled").day) == (3, day_of(JULY))
    assert made.only("TermMoved") == {"last": 3, "maturityDay": day_of(JULY)}
    assert (world.servicing.lastPeriod(bond), bond.maturityDay()) == (3, day_of(JULY))
    ends = [world.servicing.periodEnd(bond, period) for period in (1, 2, 3)]
    assert ends == [day_of(each) for each in (DUE[1], DUE[2], JULY)]
    on = [world.servicing.periodOn(bond, day_of(day)) for day in (DUE[2], JULY - ONE_DAY, JULY, DUE[8])]
    assert on == [3, 3, 3, 3]


def test_call__in_the_first_period__is_its_only_payment(world: World) -> None:
    bond = callable_bond(world, call_right(date(2020, 2, 3), noticeDays=5))

    made = call(world, bond, date(2020, 2, 3))

    assert made.only("BondCalled").last == 1
    world.to_record(bond, 1)
    assert bond.book().closed
    assert bond.paymentDays(1).payDay == day_of(pays_on(date(2020, 2, 3)))


def test_call__on_the_eve_of_maturity__is_a_day_less_of_the_last_period(world: World) -> None:
    bond = callable_bond(world)

    made = call(world, bond, DUE[8] - ONE_DAY)

    assert (made.only("BondCalled").last, bond.maturityDay()) == (8, day_of(DUE[8]) - 1)


def test_call__periods_of_days__by_the_same_rule(world: World) -> None:
    """Four weeks each: on a due day, and three days after one."""
    issue = date(2019, 12, 5)
    given = days_schedule(day_of(issue), 26, 28)
    for offset, period, moved in ((280, 10, 0), (283, 11, day_of(issue) + 283)):
        day = issue + timedelta(days=offset)
        bond = callable_bond(world, call_right(day), schedule=given)
        made = call(world, bond, day)
        assert made.only("TermMoved") == {"last": period, "maturityDay": moved}


def test_call__announced_payment__is_announced_anew(world: World) -> None:
    """Notice of five days, in the weeks in which the quarter's payment is announced already."""
    bond = callable_bond(world, call_right(DUE[1], DUE[7], noticeDays=5))
    day = DUE[2] - timedelta(days=10)
    world.to_record(bond, 1)
    to(world, DUE[2] - timedelta(days=20))
    bond.advance(sender=world.outsider)
    assert bond.book().announced

    made = call(world, bond, day)

    assert made.names == ["BondCalled", "TermMoved", "PaymentAnnounced"]
    assert made.only("PaymentAnnounced").dueDay == day_of(day)
    assert bond.paymentDays(2).payDay == day_of(pays_on(day))


def test_call__before_the_issue__is_no_bar(world: World) -> None:
    bond = world.register(rights=NO_RIGHTS.but(calls=[ANY_DAY]), periods=8, monthsPerPeriod=3)

    call(world, bond, JULY)

    assert (world.servicing.lastPeriod(bond), bond.book().supply) == (3, 0)


@pytest.mark.parametrize("state", ["paused", "holder suspended", "units frozen", "units bound"])
def test_call__whatever_stops_transfers__stops_no_call(world: World, state: str) -> None:
    bond = callable_bond(world)
    if state == "paused":
        world.pause(bond)
    elif state == "holder suspended":
        world.suspend(world.holder)
    else:
        world.freeze(bond, world.holder, 2**256 - 1)

    assert "BondCalled" in call(world, bond, JULY).names


# --- once


def test_call__again__reverts(world: World) -> None:
    """Neither earlier nor later, nor the same day: the holders were told."""
    bond = callable_bond(world)
    call(world, bond, END)

    for day in (JULY, END, DUE[5]):
        with world.refuses("CallRefused", bond, day_of(day)):
            call(world, bond, day)
    with world.refuses("CallRefused", bond, day_of(DUE[2])):
        world.servicing.callInPart(bond, 2, WHOLE // 2, sender=world.issuer)


def test_call__after_maturity__reverts(world: World) -> None:
    bond = callable_bond(world)
    world.to_record(bond, 8)

    with world.refuses("NoticeTooLate", bond, instant(DUE[7]) - 30 * DAY, world.evm.now):
        call(world, bond, DUE[7])


def called_and(world: World) -> Contract:
    bond = callable_bond(world)
    call(world, bond, END)
    return bond


def test_called__the_books_close__at_the_new_record_date(world: World) -> None:
    bond = called_and(world)
    days = world.to_record(bond, 4)

    assert days.payDay == day_of(pays_on(END))
    assert date_of(days.recordDay).isoweekday() == 5, "the due day is a Saturday, paid on Monday"
    assert bond.book().closed
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)
    with world.refuses("PaymentPeriodUnknown", bond, 5, 4):
        world.servicing.fund(bond, 5, sender=world.paying_agent)
