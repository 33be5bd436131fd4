"""fund, payment, amountOf

├── not a bond of this depository -> ServicingBondUnknown
├── period is 0 or after the last -> PaymentPeriodUnknown
├── funded before -> PaymentAlreadyFunded
├── record date has not passed -> PaymentRecordPending
├── payer has too little cash -> PaymentUnderfunded
├── cash moved another amount, or not -> PaymentCashMismatch, or the token's error
└── else -> what is owed to all is escrowed, PaymentFunded
"""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import ACT_360, ACT_365F, ACT_ACT_ICMA, THIRTY_360, date_of, months_after
from tests.evm.chain import refused, reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_fund__after_the_record_date__escrows_what_is_owed(world: World) -> None:
    bond = world.bond({world.holder: 100, world.buyer: 50})
    days = world.to_record(bond, 1)
    world.give_cash(world.paying_agent, 48_750)

    made = world.servicing.fund(bond, 1, sender=world.paying_agent)

    assert made.names == ["PaymentFunded", "Transfer"]
    assert made.only("PaymentFunded") == {
        "bond": bond.address,
        "period": 1,
        "payer": world.paying_agent,
        "interest": 48_750,
        "principal": 0,
        "units": 150,
    }
    assert world.servicing.payment(bond, 1) == {
        "funded": 48_750,
        "paid": 0,
        "units": 150,
        "unitsPaid": 0,
        "fundedAt": world.evm.now,
        "payTime": days.payTime,
        "isLast": False,
        "withholds": False,
        "hasClaims": False,
        "payer": world.paying_agent,
        "penalty": 0,
        "each": {
            "interestNumerator": 10_000 * 32_500_000 * 12,
            "interestDenominator": 10**9 * 12,
            "principalDenominator": 1,
            "principalNumerator": 0,
        },
    }
    assert world.cash.balanceOf(world.servicing) == 48_750
    assert world.cash.balanceOf(world.paying_agent) == 0


def test_fund__notices_the_record_date_itself(world: World) -> None:
    bond = world.bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.give_cash(world.paying_agent)
    world.evm.warp(record_time)

    made = world.servicing.fund(bond, 1, sender=world.paying_agent)

    assert made.names == ["PaymentAnnounced", "RecordPassed", "PaymentFunded", "Transfer"]


def test_fund__a_second_before_the_record_time__reverts(world: World) -> None:
    bond = world.bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.give_cash(world.paying_agent)
    world.evm.warp(record_time - 1)

    with world.refuses("PaymentRecordPending", bond, 1, record_time):
        world.servicing.fund(bond, 1, sender=world.paying_agent)


def test_fund__long_before__reverts(world: World) -> None:
    bond = world.bond()

    with world.refuses("PaymentRecordPending", bond, 1, 0):
        world.servicing.fund(bond, 1, sender=world.paying_agent)


@pytest.mark.parametrize("period", [0, 3, 2**16 - 1])
def test_fund__unknown_period__reverts(world: World, period: int) -> None:
    bond = world.bond()

    for act in ("fund", "claim"):
        with world.refuses("PaymentPeriodUnknown", bond, period, 2):
            world.servicing.do(act, bond, period, sender=world.paying_agent)
    with world.refuses("PaymentPeriodUnknown", bond, period, 2):
        world.servicing.pay(bond, period, [world.holder], sender=world.paying_agent)
    with reverts("PaymentPeriodUnknown", bond, period, 2):
        world.servicing.amountOf(bond, period, 1)


def test_fund__twice__reverts(world: World) -> None:
    bond = world.bond()
    world.ready(bond)
    world.give_cash(world.buyer)

    for payer in (world.paying_agent, world.buyer):
        with world.refuses("PaymentAlreadyFunded", bond, 1):
            world.servicing.fund(bond, 1, sender=payer)


def test_fund__too_little_cash__reverts(world: World) -> None:
    """Part of a payment is no payment."""
    bond = world.bond({world.holder: 100})
    world.to_record(bond, 1)
    world.give_cash(world.paying_agent, 32_499)

    with world.refuses("PaymentUnderfunded", bond, 1, 32_499, 32_500):
        world.servicing.fund(bond, 1, sender=world.paying_agent)


def test_fund__by_anybody_with_the_cash__is_taken(world: World) -> None:
    bond = world.bond()
    world.to_record(bond, 1)
    world.give_cash(world.holder)

    world.servicing.fund(bond, 1, sender=world.holder)

    assert world.servicing.payment(bond, 1).payer == world.holder


def test_fund__last_payment__has_the_principal(world: World) -> None:
    bond = world.bond({world.holder: 100})
    world.to_record(bond, 2)

    made = world.fund(bond, 2)

    event = made.only("PaymentFunded")
    assert (event.interest, event.principal) == (32_500, 1_000_000)
    assert world.cash.balanceOf(world.servicing) == 1_032_500


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        (0, ""),
        (1, "PaymentCashMismatch"),
        (2, "SafeERC20FailedOperation"),
        (3, ""),
        (4, "PaymentCashMismatch"),
        (5, "CashBlocked"),
    ],
    ids=["plain", "takes a fee", "returns false", "returns nothing", "lies", "reverts"],
)
def test_fund__weird_cash__is_escrowed_whole_or_not_at_all(world: World, mode: int, error: str) -> None:
    """PROPERTIES 29: measured, not believed; every failure is atomic."""
    bond, cash = world.foreign_bond()
    world.to_record(bond, 1)
    cash.setMode(mode, sender=world.outsider)

    assert refused(lambda: world.servicing.fund(bond, 1, sender=world.paying_agent)) == error

    assert cash.balanceOf(world.servicing) == (0 if error else 65_000)
    assert world.servicing.payment(bond, 1).funded == (0 if error else 65_000)


def test_fund__cash_re_enters__is_refused_inside(world: World) -> None:
    bond, cash = world.foreign_bond()
    world.to_record(bond, 1)
    cash.setMode(6, sender=world.outsider)
    cash.setReentry(world.servicing, world.servicing.raw("fund", bond, 1), sender=world.outsider)

    world.servicing.fund(bond, 1, sender=world.paying_agent)

    assert not cash.reentered()
    assert cash.answer() == bytes.fromhex("3ee5aeb5"), "ReentrancyGuardReentrantCall"


def test_fund__units_issued_after_the_record_date__cost_nothing_yet(world: World) -> None:
    bond = world.register()
    world.place(bond, {world.holder: 100})
    world.to_record(bond, 1)

    assert world.fund(bond, 1).only("PaymentFunded").units == 100


DAY_COUNTS = (ACT_ACT_ICMA, ACT_360, ACT_365F, THIRTY_360, 4)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    units=st.integers(0, 2**64 - 1),
    face=st.integers(1, 10**12),
    rate=st.integers(0, 2**32 - 1),
    months=st.sampled_from([1, 3, 6, 12]),
    day_count=st.sampled_from(DAY_COUNTS),
    issue_day=st.integers(18_000, 21_000),
    period=st.integers(1, 8),
)
def test_amount_of__any_terms__is_the_exact_fraction_rounded_down(
    world: World, units: int, face: int, rate: int, months: int, day_count: int, issue_day: int, period: int
) -> None:
    """DESIGN promise 4: rounding is named and bounded; the day count is computed here from dates."""
    with world.sandbox():
        bond = world.register(
            faceValue=face,
            couponRate=rate,
            monthsPerPeriod=months,
            periods=8,
            dayCount=day_count,
            issueDay=issue_day,
        )
        start = months_after(date_of(issue_day), (period - 1) * months)
        end = months_after(date_of(issue_day), period * months)
        fraction = {
            ACT_ACT_ICMA: Fraction(months, 12),
            ACT_360: Fraction((end - start).days, 360),
            ACT_365F: Fraction((end - start).days, 365),
        }.get(day_count)
        if fraction is None:
            first, last = min(start.day, 30), end.day
            if last == 31 and (day_count == 4 or first == 30):
                last = 30
            days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
            fraction = Fraction(days, 360)

        interest, principal = world.servicing.amountOf(bond, period, units)

        assert interest == int(units * face * Fraction(rate, 10**9) * fraction)
        assert principal == (units * face if period == 8 else 0)
