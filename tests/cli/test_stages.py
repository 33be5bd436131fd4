"""Where an event of holders stands, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from indenture.cli._events import LONG_STOP, Books, next_of, price_of, stage_of
from indenture.identifiers import Isin
from indenture.models import Action
from indenture.money import Currency
from indenture.rights import ActionKind

pytestmark = pytest.mark.unit

OPENS = datetime(2020, 3, 2, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
PAYS = CLOSES + timedelta(days=2)
CNY = Currency("CNY", 2)


def event(kind: ActionKind, *, elected: int = 0, settled: int = 0, decided: bool = False) -> Action:
    is_paid = kind not in (ActionKind.RESOLUTION, ActionKind.ACCELERATION)
    return Action(
        bond="0x" + "0" * 40,
        isin=Isin("CND1000BOC15"),
        number=3,
        kind=kind,
        code=None,
        withdrawable=True,
        is_decided=decided,
        opens_at=OPENS,
        closes_at=CLOSES,
        pay_time=PAYS if is_paid else None,
        pay_day=None,
        period=0,
        redemption=0,
        most=0,
        elected=elected,
        settled=settled,
        amount=CNY.money("98.75") if kind in (ActionKind.TENDER, ActionKind.EXCHANGE) else None,
        price=Decimal(101) if kind in (ActionKind.PUT, ActionKind.DRAWING) else None,
        new_units=11,
        old_units=10,
        target=None,
        document=None,
    )


def at(now: datetime, *, shut: bool = False, closed: bool = False, due: bool = False) -> Books:
    return Books(now=now, is_shut=shut, is_closed=closed, is_due=due)


def state(action: Action, books: Books) -> str:
    return stage_of(action, books).state


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (OPENS - timedelta(seconds=1), "announced"),
        (OPENS, "open"),
        (CLOSES, "closed"),
        (PAYS, "due"),
        (PAYS + timedelta(days=1), "late"),
        (PAYS + LONG_STOP, "late"),
    ],
)
def test_put__by_the_clock__stands(now: datetime, stands: str) -> None:
    assert state(event(ActionKind.PUT, elected=10), at(now)) == stands


def test_put__in_which_nobody_elected__is_over_at_its_close() -> None:
    assert state(event(ActionKind.PUT), at(CLOSES)) == "over: nobody elected"


def test_tender__without_money__lapses_and_says_how_to_get_free() -> None:
    lapsed = stage_of(event(ActionKind.TENDER, elected=10), at(PAYS + LONG_STOP))

    assert lapsed.state == "lapsed: not paid in time"
    assert lapsed.command == "action release"
    assert not lapsed.is_late
    assert state(event(ActionKind.TENDER, elected=10), at(PAYS + LONG_STOP - timedelta(seconds=1))) == "due"


def test_drawing__from_its_announcement__is_drawn_then_paid() -> None:
    empty, drawn = event(ActionKind.DRAWING), event(ActionKind.DRAWING, elected=10)

    assert state(empty, at(OPENS - timedelta(days=1))) == "announced"
    assert state(empty, at(OPENS)) == "to be drawn"
    assert state(empty, at(PAYS + timedelta(days=3))) == "to be drawn"
    assert state(drawn, at(OPENS, shut=True)) == "being drawn"
    assert state(drawn, at(CLOSES)) == "drawn"
    assert state(drawn, at(PAYS)) == "due"


def test_event__that_is_funded__is_settled_unless_the_books_close() -> None:
    funded = event(ActionKind.PUT, elected=10, settled=4, decided=True)

    assert state(funded, at(PAYS)) == "funded"
    assert state(funded, at(PAYS, due=True)) == "funded"
    assert stage_of(funded, at(PAYS, closed=True)).command == "action release"
    assert (
        state(event(ActionKind.PUT, elected=10, settled=10, decided=True), at(PAYS, closed=True)) == "settled"
    )


def test_event__of_a_bond_that_was_made_due__is_over() -> None:
    assert state(event(ActionKind.PUT, elected=10), at(OPENS, due=True)).startswith("over")


@pytest.mark.parametrize("kind", [ActionKind.RESOLUTION, ActionKind.ACCELERATION])
def test_vote__is_open_carried_or_not(kind: ActionKind) -> None:
    assert state(event(kind, elected=10), at(OPENS)) == "open"
    assert state(event(kind, elected=10, decided=True), at(OPENS)) == "carried"
    assert state(event(kind, elected=10), at(CLOSES)) == "over: not carried"
    assert stage_of(event(kind), at(CLOSES)).command == ""


def test_words__of_price_and_next_step() -> None:
    tender = event(ActionKind.TENDER, elected=10)

    assert price_of(tender) == "CNY 98.75 a unit"
    assert price_of(event(ActionKind.PUT)) == "101 % of the principal"
    assert price_of(event(ActionKind.EXCHANGE)) == "11 new for 10 old units, CNY 98.75 for each old one"
    assert price_of(event(ActionKind.RESOLUTION)) is None
    assert (
        next_of(tender, stage_of(tender, at(OPENS)), "CND1")
        == "holders elect: indenture action elect CND1 3 UNITS"
    )
    assert next_of(tender, stage_of(tender, at(CLOSES)), "CND1") == "the issuer pays in, once it is due"
