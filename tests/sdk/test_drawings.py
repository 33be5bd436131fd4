"""Drawings by lot: sinking funds, calls of some units, and what the issuer cancels."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.sdk.bonds import EACH, UNITS, figures, issue, sheet_of
from tests.sdk.world import INVESTORS, ISIN, World

from indenture.errors import AccessRefused, InputError, PaymentRefused, TermsRefused, UnitsRefused
from indenture.money import CNY
from indenture.rights import ActionKind
from indenture.roles import Issuer

pytestmark = pytest.mark.integration

SINKING = (
    "rights: {sinking: [{period: 1, units: 100_000}], "
    "calls: [{from: 2020-06-05, to: 2021-11-05, notice_days: 30, price: 101, in_part: true}]}"
)
TIME = datetime(2020, 10, 20, 4, tzinfo=UTC)
DRAWN_FROM = datetime(2020, 11, 27, 4, tzinfo=UTC)
PAY_DAY = datetime(2020, 12, 7, 1, tzinfo=UTC)


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of(extra=SINKING))
    return world


def announced(world: World) -> int:
    world.at(TIME)
    number = world.paying_agent.draw_sinking(ISIN, 1).action
    assert number == 1
    world.at(DRAWN_FROM)
    return number


# Sinking funds


def test_draw_sinking__in_time__is_drawn_pro_rata_and_redeemed_at_par(issued: World) -> None:
    number = announced(issued)
    issued.investor(0).transfer(ISIN, issued.account(1), 150_000)

    steps: list[tuple[str, int, int]] = []
    drawn = issued.paying_agent.draw(ISIN, number, batch=2, progress=lambda *step: steps.append(step))

    assert steps[-1] == ("draw units", UNITS, UNITS)
    assert [name for name, _, _ in steps] == ["count units"] * 3 + ["draw units"] * 3
    assert (drawn.count, drawn.completed, drawn.units) == (INVESTORS, True, 100_000)
    assert len(drawn.transactions) == 3 + 2 + 3  # counted, waited for the lot, drawn
    for i, fair in ((0, 5_000), (1, 35_000), (2, 20_000), (3, 20_000), (4, 20_000)):
        assert abs(drawn.drawn[issued.account(i)] - fair) <= 1
    action = figures(issued).action(number)
    assert (action.kind, action.most, action.period) == (ActionKind.DRAWING, 100_000, 1)
    issued.at(PAY_DAY)
    funded = issued.paying_agent.fund_action(ISIN, number)
    settled = issued.paying_agent.settle_action(ISIN, number)
    assert funded.principal == settled.amount == CNY.money(10_000_000)
    assert (settled.taken, settled.completed) == (100_000, True)
    assert issued.bond.total_supply() == UNITS - 100_000


def test_draw__begun_and_left__shuts_the_books_until_it_is_done(issued: World) -> None:
    number = announced(issued)
    sender, servicing = issued.senders["outsider"], issued.suite.servicing
    sender.transact(servicing.count(issued.bond.address, number, [issued.account(3)]))

    assert figures(issued).bond_state().is_shut
    with pytest.raises(UnitsRefused) as shut:
        issued.investor(0).transfer(ISIN, issued.account(1), 1)
    issued.at(PAY_DAY)
    with pytest.raises(PaymentRefused) as waiting:
        issued.paying_agent.fund_action(ISIN, number)
    rest = issued.paying_agent.draw(ISIN, number)

    assert shut.value.name == "BondBooksShut"
    assert "is drawn from 0 of 1,000,000 units" in waiting.value.message
    assert (rest.count, rest.completed) == (INVESTORS, True)
    assert not figures(issued).bond_state().is_shut


def test_draw__counted_long_ago__casts_the_lot_anew(issued: World) -> None:
    number = announced(issued)
    sender, servicing = issued.senders["outsider"], issued.suite.servicing
    holders = [issued.account(i) for i in range(INVESTORS)]
    sender.transact(servicing.count(issued.bond.address, number, holders))
    issued.node.time.mine(300)

    drawn = issued.paying_agent.draw(ISIN, number)

    assert (drawn.count, drawn.units, drawn.completed) == (INVESTORS, 100_000, True)


def test_draw__too_early_twice_or_another_event__refused(issued: World) -> None:
    issued.at(TIME)
    issued.paying_agent.draw_sinking(ISIN, 1)
    with pytest.raises(TermsRefused, match="is drawn from 2020-11-26 16:00 UTC on") as early:
        issued.paying_agent.draw(ISIN, 1)
    issued.at(DRAWN_FROM)
    issued.paying_agent.draw(ISIN, 1)

    with pytest.raises(TermsRefused, match="event 1 of CND1000BOC15 is drawn: 100,000 units") as twice:
        issued.paying_agent.draw(ISIN, 1)
    with pytest.raises(TermsRefused, match="has no event 2"):
        issued.paying_agent.draw(ISIN, 2)
    with pytest.raises(TermsRefused, match="event 1 of CND1000BOC15 is a drawing, not a put"):
        issued.investor(0).elect(ISIN, 1, 1)

    assert (early.value.name, twice.value.name) == ("ActionNotOpen", "ActionDecided")


def test_fund_action__not_drawn__refused(issued: World) -> None:
    number = announced(issued)
    issued.at(PAY_DAY)

    with pytest.raises(PaymentRefused, match="is not drawn yet") as refused:
        issued.paying_agent.fund_action(ISIN, number)

    assert refused.value.name == "ActionNotPayable"


def test_draw_sinking__too_early_twice_or_without_fund__refused(issued: World) -> None:
    with pytest.raises(TermsRefused, match="it is too early") as early:
        issued.paying_agent.draw_sinking(ISIN, 1)
    with pytest.raises(TermsRefused, match="the terms have no sinking fund with it") as none:
        issued.paying_agent.draw_sinking(ISIN, 2)
    with pytest.raises(InputError, match="has no payment 0"):
        issued.paying_agent.draw_sinking(ISIN, 0)
    announced(issued)
    with pytest.raises(TermsRefused, match="it is event 1 already") as twice:
        issued.paying_agent.draw_sinking(ISIN, 1)

    assert {each.value.name for each in (early, none, twice)} == {"SinkingRefused"}
    assert early.value.hint == "Come from 2020-10-05 16:00 UTC on."
    assert none.value.hint == "They have one with payment 1."


def test_draw_sinking__enough_was_cancelled__draws_nothing(issued: World) -> None:
    issuer = issued.senders["issuer"].address
    eligible_for(issued)
    issued.investor(0).transfer(ISIN, issuer, 120_000)
    cancelled = issued.issuer.cancel_units(ISIN, 120_000)
    issued.at(TIME)

    result = issued.paying_agent.draw_sinking(ISIN, 1)

    assert (cancelled.units, cancelled.credit) == (120_000, 120_000)
    assert (result.action, result.pay_time) == (None, None)
    assert figures(issued).bond_state().sinking_credit == 20_000
    assert issued.bond.total_supply() == UNITS - 120_000
    with pytest.raises(TermsRefused, match="cancelled units cover it"):
        issued.paying_agent.draw_sinking(ISIN, 1)


def test_cancel_units__not_held_or_of_another__refused(issued: World) -> None:
    with pytest.raises(UnitsRefused, match="holds 0 units, 1 are needed"):
        issued.issuer.cancel_units(ISIN, 1)
    with pytest.raises(AccessRefused, match="did not register"):
        Issuer(issued.suite, issued.senders["investor 0"]).cancel_units(ISIN, 1)


# Calls by lot


def test_call_by_lot__some_units__are_drawn_and_redeemed_at_the_price(issued: World) -> None:
    result = issued.issuer.call_by_lot(ISIN, date(2020, 6, 5), 250)
    assert result.action == 1
    assert result.opens_at is not None
    assert result.pay_time is not None
    issued.at(result.opens_at + timedelta(hours=1))
    drawn = issued.paying_agent.draw(ISIN, 1)
    issued.at(result.pay_time + timedelta(hours=1))

    funded = issued.paying_agent.fund_action(ISIN, 1)
    settled = issued.paying_agent.settle_action(ISIN, 1)

    assert drawn.units == funded.units == settled.taken == 250
    assert all(abs(units - 50) <= 1 for units in drawn.drawn.values())
    assert funded.principal == CNY.money(25_250)
    assert funded.interest == CNY.money("406.25")  # half a year of 366 days: 183 of them


def test_call_by_lot__all_units_late_or_on_no_day__refused(issued: World) -> None:
    with pytest.raises(TermsRefused, match="and 1,000,000 are outstanding") as whole:
        issued.issuer.call_by_lot(ISIN, date(2020, 6, 5), UNITS)
    with pytest.raises(TermsRefused, match="cannot be called in part for 2020-06-04"):
        issued.issuer.call_by_lot(ISIN, date(2020, 6, 4), EACH)
    issued.at(datetime(2020, 5, 7, tzinfo=UTC))
    with pytest.raises(TermsRefused, match="30 days before 2020-06-05") as late:
        issued.issuer.call_by_lot(ISIN, date(2020, 6, 5), EACH)

    assert (whole.value.name, late.value.name) == ("PartialCallRefused", "NoticeTooLate")


def eligible_for(world: World) -> None:
    """Lets the issuer hold its own bond."""
    account = world.suite.registry.account(world.senders["issuer"].address)
    investor = world.suite.registry.account(world.account(0))
    assert account is not None
    assert investor is not None
    member = world.depository.member(investor.lei)
    assert member is not None
    world.depository.reclassify_member(account.lei, member.member_class, "CN")
