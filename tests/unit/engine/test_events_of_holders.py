"""Puts, lots and claims of bonds that live: the contracts against the model, from real record dates on."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_ACT_ICMA,
    FOLLOWING,
    MISSED,
    NO_RIGHTS,
    WHOLE,
    call_right,
    china_calendar,
    date_of,
    day_of,
    defaults,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.engine.twin import chain_fixing, chain_provisions, chain_schedule, runs
from tests.unit.servicing.actions.stage import DUE, drawn
from tests.unit.servicing.defaults.stage import recover, today
from tests.unit.servicing.stage import instant, to

from indenture.calendars import Calendar, Convention
from indenture.daycount import DayCount
from indenture.interest import (
    Fixing,
    Grid,
    InterestTerms,
    Life,
    claim_of,
    drawn_by_lot,
    grown_claim,
    made_due,
    redemption_terms,
    reduced_claim,
)
from indenture.provisions import CouponKind, Instalment, Provisions, Rounding, Schedule, Step

pytestmark = pytest.mark.unit

MARKET = "CN-IB"
CALENDARS = {MARKET: Calendar.from_bitmaps(MARKET, china_calendar())}
PENALTY = 51_100_000
QUARTERS = Schedule(DUE[0], DUE[8], DUE[0], 0, 8, 3)


@st.composite
def living_terms(draw: st.DrawFn) -> InterestTerms:
    """Eight quarters of any day count: a rate or steps, instalments or interest that is capitalised."""
    kind = draw(st.sampled_from([CouponKind.FIXED, CouponKind.STEP]))
    face = draw(st.sampled_from([1_000, 10_000, 10**9 + 8, 10**20]))
    how = draw(st.sampled_from(["bullet", "instalments", "capitalised"]))
    adjusted = draw(st.booleans()) and how != "capitalised"
    counts = [each for each in DayCount if not (adjusted and each == ACT_ACT_ICMA)]
    steps = (Step(3, draw(st.integers(0, 10**8))), Step(6, draw(st.integers(0, 10**8))))
    instalments = tuple(Instalment(period, WHOLE // 8) for period in range(1, 9)) if face % 8 == 0 else ()
    provisions = Provisions(
        steps=steps if kind is CouponKind.STEP else (),
        instalments=instalments if how == "instalments" else (),
        capitalised_until=draw(st.integers(1, 7)) if how == "capitalised" else 0,
        fallback_days=5,
    )
    return InterestTerms(
        face_value=face,
        schedule=QUARTERS,
        kind=kind,
        coupon_rate=draw(st.integers(0, 2 * 10**8)),
        day_count=draw(st.sampled_from(counts)),
        rounding=draw(st.sampled_from(list(Rounding))),
        roll=Convention(FOLLOWING),
        adjusted=adjusted,
        calendar=MARKET,
        utc_offset=480,
        provisions=provisions,
    )


def issued(world: World, terms: InterestTerms, holdings: dict[Any, int], **rights: Any) -> Contract:
    """The bond of these terms, with holders."""
    given_ = {"defaults": defaults(penaltyRate=PENALTY, accelerationShare=1)} | rights
    bond = world.bond(
        holdings,
        rights=NO_RIGHTS.but(**given_),
        provisions=chain_provisions(terms.provisions),
        schedule=chain_schedule(terms.schedule),
        faceValue=terms.face_value,
        units=10**8,
        kind=int(terms.kind),
        couponRate=terms.coupon_rate,
        dayCount=int(terms.day_count),
        rounding=int(terms.rounding),
        roll=int(terms.roll),
        adjusted=terms.adjusted,
    )
    world.give_cash(world.paying_agent, 10**23)
    return bond


def fix_all(world: World, bond: Contract, terms: InterestTerms) -> list[Fixing]:
    """All periods that have begun, where figures are left open."""
    if not terms.provisions.capitalised_until:
        return []
    begun = [period for period in range(1, 9) if instant(DUE[period - 1]) <= world.evm.now]
    return [fixed(world.fix(bond, period), period) for period in begun]


def fixed(found: Record, period: int) -> Fixing:
    return replace(chain_fixing(found), period=period)


def announced(bond: Contract) -> dict[int, date]:
    days = {period: bond.paymentDays(period).payDay for period in range(1, bond.book().records + 2)}
    return {period: date_of(day) for period, day in days.items() if day}


@runs(40)
@given(
    terms=living_terms(),
    day=st.dates(date(2019, 12, 10), date(2021, 11, 1)),
    ahead=st.integers(0, 3),
    price=st.sampled_from([WHOLE, 1_020_000_000, 987_654_321, 1, 10 * WHOLE]),
)
def test_redemption__of_a_bond_that_lives__as_the_model(
    deployed: World, terms: InterestTerms, day: date, ahead: int, price: int
) -> None:
    """Whatever record dates have passed by the day of the money."""
    with deployed.sandbox():
        world = deployed
        bond = issued(world, terms, {world.holder: 100})
        to(world, day)
        bond.advance(sender=world.outsider)
        fixings = fix_all(world, bond, terms)
        pays, records = day + timedelta(days=ahead), bond.book().records
        # The period of that day is fixed when it begins.
        assume(not fixings or pays < DUE[len(fixings)])
        found = world.servicing.redemptionTerms(bond, day_of(pays), price)
        grid = Grid(terms, CALENDARS, announced=announced(bond))
        each = redemption_terms(grid, pays, price, records=records, fixings=fixings)
        assert Fraction(found.principalNumerator, found.principalDenominator) == each.principal
        assert Fraction(found.interestNumerator, found.interestDenominator) == each.interest


@runs(40)
@given(
    terms=living_terms(),
    wait=st.integers(0, 85),
    missed=st.integers(1, 5),
    later=st.integers(0, 900),
    shares=st.lists(st.integers(1, WHOLE), max_size=3),
)
def test_claim__of_a_bond_that_was_made_due__as_the_model(
    deployed: World, terms: InterestTerms, wait: int, missed: int, later: int, shares: list[int]
) -> None:
    """And after each recovery."""
    with deployed.sandbox():
        world = deployed
        bond = issued(world, terms, {world.holder: 100, world.buyer: 37})
        to(world, DUE[missed])
        fix_all(world, bond, terms)
        _, until = world.servicing.paymentStatus(bond, missed)
        world.evm.warp(max(world.evm.now, until))
        assume(world.servicing.paymentStatus(bond, missed)[0] == MISSED)  # something is due with it
        number = world.servicing.noticeDefault(bond, bond, missed, 0, sender=world.outsider).value
        world.servicing.elect(bond, number, 1, sender=world.buyer)
        world.evm.warp(until + wait * 86_400)
        world.servicing.accelerate(bond, number, sender=world.outsider)
        state = world.servicing.stateOf(bond)
        if terms.provisions.capitalised_until:
            for period in range(world.servicing.fixedPeriods(bond) + 1, state.duePeriod + 1):
                # What is recorded before it is over is followed by a period that has not begun.
                assume(DUE[period - 1] <= today(world))
                world.fix(bond, period)
        count = world.servicing.fixedPeriods(bond)
        fixings = [fixed(world.servicing.fixing(bond, period), period) for period in range(1, count + 1)]
        life = made_due(Life(), state.duePeriod, date_of(state.dueDay))
        days = {period: day for period, day in announced(bond).items() if period <= state.recordsAtDue}
        grid = Grid(terms, CALENDARS, life=life, announced=days)
        for asked in (today(world) + timedelta(days=later), today(world)):
            claim = claim_of(
                grid,
                asked,
                penalty_rates=PENALTY,
                records=state.recordsAtDue,
                payment_days=days,
                fixings=fixings,
            )
            found = world.servicing.claimOn(bond, day_of(asked))
            assert (found.principal, found.interest) == (claim.principal, claim.interest)

        for share in shares:
            claim = grown_claim(claim, today(world), PENALTY)
            amount = claim.of(137) * share // WHOLE
            if not amount:
                break
            record = today(world) + timedelta(days=1)
            while not CALENDARS[MARKET].is_business_day(record):
                record += timedelta(days=1)
            recover(world, bond, amount, record)
            claim = reduced_claim(claim, amount, 137)
            stored = world.servicing.claimOf(bond)
            assert (stored.principal, stored.interest) == (claim.principal, claim.interest)
            if stored.isClosed:
                break
            world.evm.warp(bond.paymentDays(bond.book().records + 1).recordTime)
            bond.advance(sender=world.outsider)


@runs(25)
@given(
    holdings=st.lists(st.integers(1, 5_000), min_size=2, max_size=6),
    most=st.integers(1, 10_000),
    shuffled=st.permutations(range(6)),
)
def test_drawing__of_any_row__as_the_model(
    deployed: World, holdings: list[int], most: int, shuffled: list[int]
) -> None:
    with deployed.sandbox():
        world, people = deployed, deployed.investors[: len(holdings)]
        day = date(2020, 5, 15)
        right = call_right(day, inPart=True)
        terms = InterestTerms(
            10_000, QUARTERS, CouponKind.FIXED, 30_000_000, DayCount.ACT_360, calendar=MARKET
        )
        bond = issued(world, terms, dict(zip(people, holdings, strict=True)), calls=[right])
        most = min(most, sum(holdings) - 1)
        number = world.servicing.callByLot(bond, day_of(day), most, sender=world.issuer).value
        to(world, day - timedelta(days=5))
        row = [each for each in shuffled if each < len(people)]
        made = drawn(world, bond, number, *(people[each] for each in row))
        seed = world.servicing.drawingOf(bond, number).seed
        expected = drawn_by_lot([holdings[each] for each in row], most, seed)
        assert tuple(made.only("UnitsDrawn").drawn) == expected
