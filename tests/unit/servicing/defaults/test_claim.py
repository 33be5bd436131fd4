"""What a unit is owed once its bond was made due, against fractions of its own

├── every payment that was not funded: coupons, instalments, what ran to the day, the rest of the principal
├── each with interest from its own day; simple, on what is owed
├── a coupon that was funded is none of it, whether it was paid or not
├── units that were redeemed by a put have no part in it; a missed coupon of theirs is paid while it is cured
├── zero coupon: what it has grown to
└── a view before the first recovery, stored with it; later only interest is added
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_ACT_ICMA,
    NO_PROVISIONS,
    NO_RIGHTS,
    UNIT_DOWN,
    UNIT_HALF_UP,
    WHOLE,
    ZERO,
    date_of,
    day_of,
    defaults,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import DUE, FACE, PAYS, SPRING, earned, elected, fund, settle
from tests.unit.servicing.defaults.stage import (
    TERMS,
    atto,
    claim_of,
    made_due,
    missed_at,
    owing,
    penalty_share,
    recover,
    rolled,
    today,
)
from tests.unit.servicing.stage import to

pytestmark = pytest.mark.unit


def figures(world: World, bond: object, day: date) -> tuple[int, int]:
    claim = world.servicing.claimOn(bond, day_of(day))
    assert claim.day == day_of(day)
    return claim.principal, claim.interest


ASKED = [date(2020, 4, 20), date(2020, 4, 21), date(2020, 12, 31), date(2030, 1, 1)]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_claim__first_coupon_missed__is_it_and_the_rest(world: World, asked: date) -> None:
    bond = owing(world)
    made_due(world, bond, date(2020, 4, 20))
    assert figures(world, bond, asked) == claim_of([1], 2, date(2020, 4, 20), asked)


def test_claim__before_any_recovery__is_not_stored(world: World) -> None:
    bond = owing(world)
    made_due(world, bond, date(2020, 4, 20))
    assert world.servicing.claimOf(bond) == {"principal": 0, "interest": 0, "day": 0, "isClosed": False}


def test_claim__bond_that_is_not_due__is_refused(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))
    with world.refuses("RecoveryRefused", bond):
        world.servicing.claimOn(bond, day_of(date(2020, 4, 20)))


def test_claim__coupons_that_were_funded__are_none_of_it(world: World) -> None:
    bond = owing(world)
    world.ready(bond, 1)
    world.ready(bond, 2)
    world.ready(bond, 4)
    made_due(world, bond, date(2021, 2, 1), period=3)
    asked = date(2021, 6, 1)
    assert figures(world, bond, asked) == claim_of([3], 5, date(2021, 2, 1), asked)


def test_claim__coupon_is_recorded_and_not_paid__is_whole_and_the_next_has_no_days(world: World) -> None:
    bond = owing(world, recordBusinessDays=5)
    made_due(world, bond, date(2020, 6, 3))
    asked = date(2020, 9, 1)
    assert figures(world, bond, asked) == claim_of([1, 2], 3, DUE[2], asked)


def test_claim__asked_for_a_day_before_its_own__bears_nothing_yet(world: World) -> None:
    bond = owing(world, recordBusinessDays=5)
    made_due(world, bond, date(2020, 6, 3))
    principal, interest = figures(world, bond, date(2020, 6, 3))
    assert (principal, interest) == claim_of([1, 2], 3, DUE[2], date(2020, 6, 3))
    first = atto(earned(DUE[0], DUE[1]))
    assert interest == first * penalty_share(DUE[1], date(2020, 6, 3)) // WHOLE


def redeemed(world: World, units: int) -> Contract:
    """A bond whose first coupon was missed, and of which the holder has put units since, at 101."""
    bond = owing(world, rights=NO_RIGHTS.but(puts=[SPRING]))
    number = elected(world, bond, {world.holder: units})
    to(world, PAYS)
    made = fund(world, bond, number).only("ActionFunded")
    assert made.interest == int(units * earned(DUE[1], PAYS)), "since the record date, and not before"
    settle(world, bond, number, world.holder)
    assert bond.balanceOf(world.holder) == 100 - units
    return bond


def test_claim__units_that_were_put__have_no_part_in_it_nor_in_the_missed_coupon(world: World) -> None:
    """The rule of docs/default.md: once the bond is made due, a coupon goes with the units that are left."""
    bond = redeemed(world, 40)
    made_due(world, bond, date(2020, 4, 20))
    principal, interest = figures(world, bond, date(2020, 4, 20))
    assert (principal, interest) == claim_of([1], 2, date(2020, 4, 20), date(2020, 4, 20))
    owed = 110 * (principal + interest) // 10**18
    made = recover(world, bond, owed, date(2020, 4, 21)).only("RecoveryFunded")
    assert (made.units, made.principal, made.interest) == (110, 0, 0)
    with world.refuses("BondDueAlready", bond):
        world.servicing.fund(bond, 1, sender=world.paying_agent)


def test_claim__cured_before_it_is_made_due__units_that_were_put_are_paid_the_coupon(world: World) -> None:
    bond = redeemed(world, 40)
    before = world.cash.balanceOf(world.holder)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    coupon = int(100 * earned(DUE[0], DUE[1]))
    penalty = coupon * penalty_share(DUE[1], PAYS) // WHOLE
    assert world.cash.balanceOf(world.holder) - before == coupon + penalty


def test_claim__instalments__are_in_it_period_by_period(world: World) -> None:
    eighths = [Record(period=period, share=WHOLE // 8) for period in range(1, 9)]
    bond = owing(world, provisions=NO_PROVISIONS.but(instalments=eighths))
    made_due(world, bond, date(2020, 7, 1), period=2)
    asked, day = date(2020, 12, 1), date(2020, 7, 1)
    left, owed = Fraction(FACE), []
    for period in (1, 2):
        coupon = earned(DUE[period - 1], DUE[period], face=1) * left
        owed.append((atto(coupon) + FACE // 8 * 10**18, rolled(DUE[period])))
        left -= Fraction(FACE, 8)
    owed.append((atto(earned(DUE[2], day, face=1) * left) + atto(left), day))
    assert figures(world, bond, asked) == (
        sum(amount for amount, _ in owed),
        sum(amount * penalty_share(start, asked) // WHOLE for amount, start in owed),
    )


@pytest.mark.parametrize("rounding", [UNIT_DOWN, UNIT_HALF_UP])
def test_claim__rounded_per_unit__each_payment_is(world: World, rounding: int) -> None:
    bond = owing(world, rounding=rounding)
    made_due(world, bond, date(2020, 4, 20))
    half = Fraction(1, 2) if rounding == UNIT_HALF_UP else 0
    coupons = [int(earned(*days) + half) for days in ((DUE[0], DUE[1]), (DUE[1], date(2020, 4, 20)))]
    assert figures(world, bond, date(2020, 4, 20))[0] == (sum(coupons) + FACE) * 10**18


def test_claim__zero_coupon__is_what_it_has_grown_to(world: World) -> None:
    """Made due by a default of another bond: its own payment is years away."""
    accretion = Record(issuePrice=9_000, yieldRate=0, monthsPerCompounding=0)
    zero = owing(
        world,
        terms=TERMS.but(crossDefault=True),
        provisions=NO_PROVISIONS.but(accretion=accretion),
        kind=ZERO,
        couponRate=0,
        periods=1,
        monthsPerPeriod=24,
        dayCount=ACT_ACT_ICMA,
    )
    cause = owing(world)
    world.evm.warp(missed_at(1))
    number = world.servicing.noticeDefault(zero, cause, 1, 0, sender=world.holder).value
    world.servicing.elect(zero, number, 100, sender=world.holder)
    world.servicing.accelerate(zero, number, sender=world.outsider)
    value = world.servicing.accretedValue(zero, day_of(today(world)))
    assert 9_000 * 10**18 < value < 9_200 * 10**18
    assert figures(world, zero, today(world)) == (value, 0)


def test_claim__after_a_recovery__only_interest_is_added(world: World) -> None:
    bond = owing(world)
    made_due(world, bond, date(2020, 4, 20))
    recover(world, bond, 150 * 5_000, date(2020, 4, 21))
    stored = world.servicing.claimOf(bond)
    assert (stored.day, stored.isClosed) == (day_of(date(2020, 4, 20)), False)
    asked = date(2020, 10, 1)
    share = penalty_share(date(2020, 4, 20), asked)
    assert figures(world, bond, asked) == (
        stored.principal,
        stored.interest + stored.principal * share // WHOLE,
    )
    earlier = world.servicing.claimOn(bond, day_of(date(2020, 1, 1)))
    assert earlier == stored


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rate=st.integers(1, 300_000_000),
    face=st.integers(1, 10**12),
    penalty=st.integers(0, WHOLE),
    funded=st.sets(st.integers(1, 7)),
    wait=st.integers(0, 85),
    later=st.integers(0, 3_000),
)
def test_claim__any_default__is_what_fractions_say(
    deployed: World, rate: int, face: int, penalty: int, funded: set[int], wait: int, later: int
) -> None:
    """Some coupons are funded, the first of the others leads to the default some days after its grace."""
    missed = next(period for period in range(1, 9) if period not in funded)
    if missed == 8:
        return
    with deployed.sandbox():
        world = deployed
        bond = owing(
            world, terms=TERMS.but(penaltyRate=penalty), faceValue=face, couponRate=rate, recordBusinessDays=1
        )
        world.give_cash(world.paying_agent, 10**20)
        for period in range(1, missed):
            world.to_payment(bond, period)
            world.servicing.fund(bond, period, sender=world.paying_agent)
        day = date_of(day_of(rolled(DUE[missed])) + 6 + wait)
        made_due(world, bond, day, missed)
        state = world.servicing.stateOf(bond)
        day, asked = date_of(state.dueDay), day + timedelta(days=later)
        lost = list(range(missed, state.recordsAtDue + 1))
        expected = claim_of(lost, state.duePeriod, day, asked, rate=rate, face=face, penalty=penalty)
        assert figures(world, bond, asked) == expected
        assert state.duePeriod == state.recordsAtDue + 1


def test_penalty__terms_without__bears_nothing(world: World) -> None:
    bond = owing(world, terms=defaults(penaltyRate=0))
    made_due(world, bond, date(2020, 4, 20))
    assert figures(world, bond, date(2030, 1, 1))[1] == 0
