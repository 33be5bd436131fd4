"""A bond's life as it is read from the chain, and the model that goes on from it: both pay the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.sdk.bonds import figures, fund, issue, sheet_of
from tests.sdk.world import ISIN, World

from indenture.analytics import Analysis
from indenture.calendars import load_calendar
from indenture.cli._flows import flows_of
from indenture.cli._marks import marks_of
from indenture.cli._payments import view_of
from indenture.cli._situation import Situation, life_of, situation_of
from indenture.errors import InputError
from indenture.interest import (
    Grid,
    Life,
    PartialCall,
    accrued,
    called,
    claim_of,
    extended_by,
    grown_claim,
    made_due,
    redemption_terms,
    reduced_claim,
    unit_payment,
)
from indenture.rights import Extension

pytestmark = pytest.mark.integration

RIGHTS = (
    "rights: {calls: [{from: 2020-12-05, to: 2021-11-05, notice_days: 30, price: 101, in_part: true}], "
    "extension: {periods: 1, notice_days: 60, rate: 4}, amendment_share: 75, "
    "defaults: {grace_days: 5, penalty_rate: 3.65, acceleration_share: 25}}"
)
PENALTY = 36_500_000
CALENDARS = {"CN-IB": load_calendar("CN-IB")}


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of(extra=RIGHTS))
    return world


def read(world: World) -> Life:
    return life_of(world.suite, world.bond)


def situation(world: World) -> Situation:
    """What `indenture schedule` reads of a registered bond."""
    session = SimpleNamespace(suite=world.suite, chain=world.suite.chain, bond=lambda _isin: world.bond)
    return situation_of(cast("Any", session), ISIN)


def grid_of(world: World) -> Grid:
    return Grid(world.bond.terms.interest_terms, CALENDARS, life=read(world))


def check(world: World, *days: date) -> None:
    """Every payment, and what has accrued on days, by the chain and by the model."""
    grid, bond, servicing = grid_of(world), world.bond, world.suite.servicing
    for period in range(1, grid.periods + 1):
        ours, theirs = unit_payment(grid, period), servicing.unit_payment(bond.address, period)
        assert (ours.interest, ours.principal) == (theirs.interest, theirs.principal), period
    records = bond.book().records
    for day in days:
        found = accrued(grid, day, records=records).amount
        assert found == servicing.accrued_per_unit(bond.address, day, records)
        each = redemption_terms(grid, day, 1_005_000_000, records=records)
        theirs = servicing.redemption_terms(bond.address, day, 1_005_000_000)
        assert (each.interest, each.principal) == (theirs.interest, theirs.principal), day


def test_life__of_a_bond_as_sealed__is_none(issued: World) -> None:
    assert read(issued) == Life()
    check(issued, date(2020, 3, 1))


def test_life__called_in_part_then_whole__ends_on_the_day(issued: World) -> None:
    issued.issuer.call_in_part(ISIN, 1, 20)
    check(issued, date(2020, 3, 1))
    issued.issuer.call(ISIN, date(2021, 3, 5))

    life = read(issued)

    part = PartialCall(1, 200_000_000, 1_010_000_000)
    terms = issued.bond.terms.interest_terms
    assert life == called(terms, Life(calls=(part,)), date(2021, 3, 5), 1_010_000_000)
    check(issued, date(2020, 3, 1), date(2020, 12, 4))


def test_life__extended__goes_on(issued: World) -> None:
    issued.issuer.extend_maturity(ISIN)

    terms = issued.bond.terms.interest_terms
    assert read(issued) == extended_by(terms, Life(), Extension(1, 60, 40_000_000))
    check(issued, date(2020, 3, 1))


def test_life__later_terms__each_period_by_its_own(issued: World) -> None:
    coupon = "coupon: {rate: 2, frequency: annual, day_count: ACT/365F}"
    number = issued.issuer.propose_terms(
        ISIN,
        sheet_of(coupon, extra=RIGHTS, maturity="2022-12-05"),
        effective_day=date(2020, 12, 5),
        closes=datetime(2020, 6, 30, 9, tzinfo=UTC),
        clause="coupon",
        resolution=b"the resolution",
    ).action
    assert number is not None
    for i in range(4):
        issued.investor(i).elect(ISIN, number, 200_000)
    issued.paying_agent.enact_terms(ISIN, number)

    life = read(issued)

    assert [version.start for version in life.versions] == [2]
    assert (life.last, life.ends) == (3, date(2022, 12, 5))
    check(issued, date(2020, 6, 1), date(2020, 12, 4))
    grid = grid_of(issued)
    assert unit_payment(grid, 3).principal == issued.bond.terms.face_value


def test_life__made_due__the_claim_and_what_recoveries_leave_of_it(issued: World) -> None:
    fund(issued, 1)
    issued.at(datetime(2021, 12, 20, 4, tzinfo=UTC))
    issued.paying_agent.declare_overdue(ISIN)
    servicing, bond = issued.suite.servicing, issued.bond

    life = read(issued)
    assert life == made_due(Life(), 2, date(2021, 12, 5), at_maturity=True)
    paid = figures(issued).payment_days(2)
    assert paid is not None
    today = date(2021, 12, 20)
    claim = claim_of(
        grid_of(issued),
        today,
        penalty_rates=PENALTY,
        records=2,
        payment_days={2: paid.pay_day},
        funded={1},
    )
    theirs = servicing.claim_on(bond.address, today)
    assert (claim.principal, claim.interest) == (theirs.principal, theirs.interest)

    issued.paying_agent.fund_recovery(ISIN, 1_000_000, date(2021, 12, 24))
    claim = reduced_claim(claim, 100_000_000, 1_000_000)
    later = today + timedelta(days=40)
    claim, theirs = grown_claim(claim, later, PENALTY), servicing.claim_on(bond.address, later)
    assert (claim.principal, claim.interest) == (theirs.principal, theirs.interest)
    assert accrued(grid_of(issued), later).amount == Fraction(0)

    found = situation(issued)
    grid = found.grid()
    flows = flows_of(found.sheet, grid, 100, days=lambda period: found.days(period))
    view = view_of(found, 100, flows, marks=marks_of(found.sheet.rights, grid))
    assert "right_days" not in view.data
    assert any(
        "Made due on 2021-12-05" in note for block in view.blocks for note in getattr(block, "notes", ())
    )
    with pytest.raises(InputError, match="was made due on 2021-12-05"):
        Analysis(found.sheet, life=found.life)


def test_situation__of_a_called_bond__shows_what_it_pays(issued: World) -> None:
    issued.issuer.call(ISIN, date(2021, 3, 5))

    found = situation(issued)

    assert (found.grid().periods, found.grid().due[-1]) == (2, date(2021, 3, 5))
    assert found.sheet.rights == issued.bond.terms.rights
    assert found.days(2).payment_day == date(2021, 3, 5)
    assert unit_payment(found.grid(), 2).principal == issued.bond.terms.face_value * 101 // 100
