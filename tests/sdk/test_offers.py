"""Offers of the issuer: tenders, cut pro rata, and exchanges into another bond."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.sdk.bonds import DAY, EACH, HOUR, UNITS, figures, issue, make_person, sheet_of
from tests.sdk.world import ISIN, TENDER_TERMS, World

from indenture.contracts import Bond
from indenture.errors import (
    AccessRefused,
    InvalidAmount,
    InvalidDate,
    PaymentRefused,
    TermsRefused,
    UnitsRefused,
)
from indenture.identifiers import isin_from_body
from indenture.money import CNY, EUR
from indenture.results import ActionResult
from indenture.rights import ActionKind
from indenture.roles import Issuer, PayingAgent
from indenture.termsheet import load_term_sheet

pytestmark = pytest.mark.integration

#: Of another bond of the issuer.
OTHER = isin_from_body("CND1000NEW1")
THIRD = isin_from_body("CND1000NEW2")
CLOSES = datetime(2020, 2, 10, 9, tzinfo=UTC)
PAYS = date(2020, 2, 12)
PAY_DAY = datetime(2020, 2, 12, 1, tzinfo=UTC)
DOCUMENT = b"offer memorandum"


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of())
    return world


def tender(world: World, **changes: object) -> ActionResult:
    offer: dict[str, object] = {
        "price": "99.5",
        "most": 100_000,
        "closes": CLOSES,
        "pay_day": PAYS,
        "document": DOCUMENT,
    }
    return world.issuer.offer_tender(ISIN, **(offer | changes))  # type: ignore[arg-type]


def second_bond(world: World) -> Bond:
    world.issuer.register(sheet_of().model_copy(update={"isin": OTHER, "short_name": "NEW"}))
    return world.suite.bond(OTHER)


def exchange(world: World, **changes: object) -> ActionResult:
    offer: dict[str, object] = {
        "into": OTHER,
        "old_units": 10,
        "new_units": 11,
        "cash": "0.5",
        "closes": CLOSES,
        "pay_day": PAYS,
        "document": DOCUMENT,
    }
    return world.issuer.offer_exchange(ISIN, **(offer | changes))  # type: ignore[arg-type]


# Tender


def test_offer_tender__more_elected_than_bought__is_cut_pro_rata(issued: World) -> None:
    number = tender(issued).action
    assert number == 1
    steps: list[tuple[str, int, int]] = []
    for i, units in ((0, 150_000), (1, 50_000), (2, 1)):
        issued.investor(i).elect(ISIN, number, units)
    action = figures(issued).action(number)
    assert (action.kind, action.amount, action.most) == (ActionKind.TENDER, CNY.money("99.5"), 100_000)
    assert (action.price, action.withdrawable, action.elected) == (None, True, 200_001)
    issued.at(PAY_DAY)

    funded = issued.paying_agent.fund_action(ISIN, number)
    settled = issued.paying_agent.settle_action(
        ISIN, number, batch=2, progress=lambda *step: steps.append(step)
    )

    assert [step[1:] for step in steps] == [(0, 3), (2, 3), (3, 3)]
    assert funded.units == 100_000
    assert funded.principal == CNY.money(9_950_000)
    # 74,999 of 150,000, 24,999 of 50,000, and none of one.
    assert (settled.taken, settled.completed, settled.count) == (99_998, True, 3)
    assert [issued.bond.balance_of(issued.account(i)) for i in range(3)] == [125_001, 175_001, EACH]
    assert figures(issued).bond_state().bound_units == 0
    assert settled.residue is not None
    assert settled.residue == funded.total - settled.amount


def test_offer_tender__money_of_one_unit__is_the_same_price(issued: World) -> None:
    tender(issued, price=CNY.money("99.5"), most=None)

    assert figures(issued).action(1).amount == CNY.money("99.5")
    assert figures(issued).action(1).most == 0


def test_offer_tender__opens_later__takes_no_election_before(issued: World) -> None:
    opens = datetime(2020, 1, 6, 1, tzinfo=UTC)
    tender(issued, opens=opens)
    with pytest.raises(TermsRefused, match="is open from 2020-01-06 01:00 UTC"):
        issued.investor(0).elect(ISIN, 1, 1)
    issued.at(opens)

    assert issued.investor(0).elect(ISIN, 1, 1).elected == 1


@pytest.mark.parametrize(
    ("changes", "fault", "words"),
    [
        ({"price": "99.501"}, InvalidAmount, "not whole base units of one unit"),
        ({"price": 0}, InvalidAmount, "0 is no price"),
        ({"price": EUR.money(99)}, InvalidAmount, "no price of a unit in CNY"),
        ({"most": 0}, InvalidAmount, "most: 0 is not above zero"),
        ({"closes": datetime(2019, 12, 1, tzinfo=UTC)}, InvalidDate, "closes in the future|is not after"),
        ({"pay_day": date(2020, 2, 10)}, InvalidDate, "begins before it closes"),
        ({"opens": CLOSES}, InvalidDate, "is not after"),
        ({"pay_day": date(2020, 4, 13)}, InvalidDate, "more than 60 days after it closes"),
    ],
)
def test_offer_tender__out_of_range__refused(
    issued: World, changes: dict[str, object], fault: type[Exception], words: str
) -> None:
    with pytest.raises(fault, match=words):
        tender(issued, **changes)


def test_offer_tender__by_another_account__refused(issued: World) -> None:
    stranger = Issuer(issued.suite, issued.senders["bookrunner"])

    with pytest.raises(AccessRefused, match="did not register"):
        stranger.offer_tender(ISIN, price=99, closes=CLOSES, pay_day=PAYS, document=DOCUMENT)


def test_tender__not_funded_in_ten_days__has_lapsed_and_lets_go(issued: World) -> None:
    tender(issued)
    issued.investor(0).elect(ISIN, 1, 1000)
    issued.investor(1).elect(ISIN, 1, 1000)
    issued.at(PAY_DAY + 10 * DAY)

    with pytest.raises(PaymentRefused, match="lapsed at 2020-02-21 16:00 UTC, unfunded") as refused:
        issued.paying_agent.fund_action(ISIN, 1)
    released = issued.paying_agent.release(ISIN, 1)

    assert refused.value.name == "ActionNotPayable"
    assert released.count == 2
    assert figures(issued).bond_state().bound_units == 0


def test_settle_action__accrued_interest_of_a_person__is_taxed(world: World) -> None:
    taxed = "withholding: {rates: [{classes: [natural-person], percent: 20}, {classes: all, percent: 0}]}"
    make_person(world, 1)
    issue(world, sheet_of(extra=taxed), tax_account=world.senders["bookrunner"].address)
    tender(world, most=None)
    for i in range(2):
        world.investor(i).elect(ISIN, 1, 100_000)
    world.at(PAY_DAY)
    funded = world.paying_agent.fund_action(ISIN, 1)

    settled = world.paying_agent.settle_action(ISIN, 1)

    assert funded.interest == CNY.money("122540.98")  # 69 days of 366 on both
    assert settled.tax == CNY.money("12254.09")
    assert settled.completed


# Exchange


def test_fund_action__an_exchange_by_a_stranger__refused(issued: World) -> None:
    second_bond(issued)
    exchange(issued)
    issued.investor(0).elect(ISIN, 1, 100)
    issued.at(PAY_DAY)
    stranger = PayingAgent(issued.suite, issued.senders["investor 0"])

    with pytest.raises(AccessRefused, match="neither a paying agent nor the issuer") as refused:
        stranger.fund_action(ISIN, 1)

    assert refused.value.name == "ServicingCallerRefused"


def test_offer_exchange__settled__gives_new_units_and_cash_in_one_act(issued: World) -> None:
    other = second_bond(issued)
    number = exchange(issued).action
    assert number == 1
    action = figures(issued).action(number)
    assert (action.kind, action.target, action.amount) == (
        ActionKind.EXCHANGE,
        other.address,
        CNY.money("0.5"),
    )
    assert (action.new_units, action.old_units) == (11, 10)
    issued.investor(0).elect(ISIN, number, 100_000)
    issued.at(PAY_DAY)

    funded = issued.paying_agent.fund_action(ISIN, number)
    settled = issued.paying_agent.settle_action(ISIN, number)

    assert funded.principal == CNY.money(50_000)
    assert (settled.taken, settled.completed) == (100_000, True)
    assert other.balance_of(issued.account(0)) == 110_000
    assert issued.bond.total_supply() == UNITS - 100_000


def test_offer_exchange__who_may_not_hold_the_new_bond__keeps_the_old(issued: World) -> None:
    other = second_bond(issued)
    exchange(issued)
    issued.investor(0).elect(ISIN, 1, 100)
    issued.investor(1).elect(ISIN, 1, 100)
    issued.at(PAY_DAY)
    issued.paying_agent.fund_action(ISIN, 1)
    issued.depository.suspend_accounts([issued.account(1)])

    settled = issued.paying_agent.settle_action(ISIN, 1)

    assert (settled.taken, settled.completed) == (100, True)
    assert other.balance_of(issued.account(1)) == 0
    assert issued.bond.balance_of(issued.account(1)) == EACH


def test_elect__no_whole_lots_of_an_exchange__refused(issued: World) -> None:
    second_bond(issued)
    exchange(issued)

    with pytest.raises(UnitsRefused, match="101 units are not whole lots of 10") as refused:
        issued.investor(0).elect(ISIN, 1, 101)

    assert refused.value.name == "ElectionRefused"


def test_offer_exchange__a_bond_that_does_not_do__refused(issued: World) -> None:
    with pytest.raises(TermsRefused, match="cannot be exchanged into itself") as itself:
        exchange(issued, into=ISIN)
    second_bond(issued)
    with pytest.raises(InvalidAmount, match="new_units: 0"):
        exchange(issued, new_units=0)
    with pytest.raises(InvalidAmount, match="is no amount in CNY"):
        exchange(issued, cash=-1)

    open_coupon = load_term_sheet(TENDER_TERMS).model_copy(update={"isin": THIRD, "short_name": "OPEN"})
    issued.issuer.register(open_coupon)
    with pytest.raises(TermsRefused, match="an offering is to fix the coupon of"):
        exchange(issued, into=THIRD)

    assert itself.value.name == "ActionTermInvalid"


def test_claims_of_the_old_bond__after_an_exchange__follow_the_units(issued: World) -> None:
    """Whoever exchanged before the record date has no coupon of the old bond."""
    second_bond(issued)
    exchange(issued, cash=0)
    issued.investor(0).elect(ISIN, 1, EACH)
    issued.at(PAY_DAY + HOUR)
    funded = issued.paying_agent.fund_action(ISIN, 1)
    issued.paying_agent.settle_action(ISIN, 1)

    assert funded.principal == CNY.money(0)
    assert funded.interest == CNY.money("122540.98")  # 69 days of 366
    assert issued.investor(0).cash_flows(ISIN) == ()
    assert issued.bond.balance_of(issued.account(0)) == 0
