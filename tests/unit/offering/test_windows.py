"""Every act in every stage, and one second before, at and after each end of its window."""

from collections.abc import Callable

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACCEPTED,
    BOOK_OPEN,
    CANCELLED,
    CLEARED,
    CLOSED,
    ENCRYPTED,
    FAILED,
    HOUR,
    MANDATED,
    NONE,
    OPEN,
    PUBLISHED,
    SEALED,
)
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.offering.stages import REASON, STAGES, tender_in

pytestmark = pytest.mark.unit

Act = Callable[[World, Tender], object]
LATER = 3 * HOUR  # the book of these tests opens so much after its mandate


def bids(world: World, tender: Tender) -> list[Record]:
    return tender.bids_of(world.investors[4], [(10_000, 10)])


ACTS: dict[str, Act] = {
    "acceptMandate": lambda _, tender: tender.accept(),
    "invite": lambda world, tender: tender.invite(world.underwriters[1]),
    "joinSyndicate": lambda world, tender: tender.join(world.underwriters[1]),
    "openBook": lambda _, tender: tender.open(),
    "cancel": lambda world, tender: world.offering.cancel(tender.id, REASON, sender=world.issuer),
    "sealBid": lambda world, tender: tender.seal(world.investors[4], bids(world, tender)),
    "encryptBid": lambda world, tender: tender.seal(world.investors[4], bids(world, tender)),
    "placeBid": lambda world, tender: tender.place(world.investors[4], bids(world, tender)),
    "withdrawBid": lambda world, tender: tender.withdraw(world.investors[0]),
    "closeBook": lambda _, tender: tender._do("closeBook"),
    "openBid": lambda world, tender: tender.open_bid(world.investors[0]),
    "declareOverAllotment": lambda world, tender: tender._do("declareOverAllotment", 0, sender=world.issuer),
    "clear": lambda _, tender: tender._do("clear"),
    "allocate": lambda _, tender: tender.allocate(),
    "fail": lambda _, tender: tender._do("fail"),
    "underwriteMore": lambda world, tender: tender.underwrite_more(world.underwriters[0], 10),
    "settle": lambda _, tender: tender._do("settle", tender.openings()),
    "takeUp": lambda world, tender: tender._do("takeUp", [world.underwriters[0]]),
    "release": lambda _, tender: tender._do("release", tender.openings()),
    "lapse": lambda _, tender: tender._do("lapse", tender.openings()),
    "forfeit": lambda _, tender: tender._do("forfeit", tender.unopened),
    "discharge": lambda world, tender: tender.discharge(world.underwriters[0]),
}

#: The stages to which an act belongs.
BELONGS: dict[str, tuple[int, ...]] = {
    "acceptMandate": (MANDATED,),
    "invite": (ACCEPTED,),
    "joinSyndicate": (ACCEPTED,),
    "openBook": (ACCEPTED,),
    "cancel": (MANDATED, ACCEPTED, BOOK_OPEN),
    "sealBid": (BOOK_OPEN,),
    "placeBid": (BOOK_OPEN,),
    "withdrawBid": (BOOK_OPEN,),
    "closeBook": (BOOK_OPEN,),
    "openBid": (CLOSED,),
    "declareOverAllotment": (CLOSED,),
    "clear": (CLOSED,),
    "allocate": (CLEARED,),
    "fail": (MANDATED, ACCEPTED, BOOK_OPEN, CLOSED, CLEARED),
    "underwriteMore": (PUBLISHED,),
    "settle": (PUBLISHED,),
    "takeUp": (PUBLISHED,),
    "release": (PUBLISHED, FAILED, CANCELLED),
    "lapse": (PUBLISHED,),
    "forfeit": (CLOSED, CLEARED, PUBLISHED, FAILED, CANCELLED),
    "discharge": (PUBLISHED, FAILED, CANCELLED),
}
WRONG = [(act, stage) for act, stages in BELONGS.items() for stage in STAGES if stage not in stages]


@pytest.mark.parametrize(("act", "stage"), WRONG)
def test_act__in_a_stage_to_which_it_does_not_belong__reverts(world: World, act: str, stage: int) -> None:
    tender = tender_in(world, stage, form=OPEN if act == "placeBid" else SEALED)
    if stage < BOOK_OPEN or stage == CANCELLED:
        for account in (world.investors[0], world.underwriters[0]):
            tender.bids[account] = tender.bids_of(account, [(10_000, 10)])
    tender.bids.setdefault(world.underwriters[0], tender.bids_of(world.underwriters[0], [(10_000, 10)]))
    if stage == NONE and act in ("cancel", "declareOverAllotment"):
        with world.refuses("OfferingIssuerRefused", world.issuer):
            ACTS[act](world, tender)
        return

    with world.refuses("OfferingStageWrong", tender.id, stage):
        ACTS[act](world, tender)


# --- windows


def later(world: World) -> dict[str, int]:
    """Hours of a book that opens later."""
    return {"opensAt": world.evm.now + LATER, "closesAt": world.evm.now + LATER + HOUR}


def sealed(world: World, **changes: object) -> Tender:
    tender = tender_in(world, ACCEPTED, **(later(world) | changes))
    tender.open()
    return tender


def bid_early(world: World, tender: Tender) -> None:
    world.evm.warp(tender.conditions.opensAt)
    tender.bid(world.investors[0], (10_000, 300))
    tender.bid(world.underwriters[0], (10_000, 500))


def closed(world: World, **changes: object) -> Tender:
    tender = sealed(world, **changes)
    bid_early(world, tender)
    tender.close()
    return tender


def bidden(world: World) -> Tender:
    """Nobody has closed the book yet."""
    tender = sealed(world)
    bid_early(world, tender)
    tender.to("closesAt")
    return tender


def opened(world: World, **changes: object) -> Tender:
    tender = closed(world, **changes)
    tender.open_all()
    return tender


def cleared(world: World) -> Tender:
    tender = sealed(world)
    bid_early(world, tender)
    tender.bid(world.investors[1], (10_000, 777))
    tender.close()
    tender.open_all()
    tender.clear()
    assert tender.book.stage == CLEARED
    return tender


def published(world: World) -> Tender:
    tender = opened(world)
    tender.clear()
    assert tender.book.stage == PUBLISHED
    return tender


#: Act; which; how it is prepared; first and last second, if there is one: a condition, and seconds to add.
Moment = tuple[str, int] | None
WINDOWS: list[tuple[str, str, Callable[[World], Tender], Moment, Moment]] = [
    ("openBook", "", lambda w: tender_in(w, ACCEPTED, **later(w)), None, ("opensAt", 0)),
    ("cancel", "mandated", lambda w: tender_in(w, MANDATED), None, ("closesAt", -1)),
    ("cancel", "accepted", lambda w: tender_in(w, ACCEPTED), None, ("closesAt", -1)),
    ("cancel", "open", lambda w: tender_in(w, BOOK_OPEN), None, ("closesAt", -1)),
    ("sealBid", "", sealed, ("opensAt", 0), ("closesAt", -1)),
    ("encryptBid", "", lambda w: sealed(w, form=ENCRYPTED), ("opensAt", 0), ("closesAt", -1)),
    ("placeBid", "", lambda w: sealed(w, form=OPEN), ("opensAt", 0), ("closesAt", -1)),
    ("withdrawBid", "", lambda w: tender_in(w, BOOK_OPEN), None, ("closesAt", -1)),
    ("closeBook", "sealed", sealed, ("closesAt", 0), ("revealsBy", -1)),
    ("closeBook", "open", lambda w: sealed(w, form=OPEN), ("closesAt", 0), None),
    ("openBid", "closed", closed, None, ("revealsBy", -1)),
    ("openBid", "nobody closed", bidden, None, ("revealsBy", -1)),
    (
        "declareOverAllotment",
        "",
        lambda w: opened(w, overAllotment=90),
        ("revealsBy", 0),
        ("overAllotsBy", -1),
    ),
    ("clear", "without over-allotment", opened, ("revealsBy", 0), ("clearsBy", 0)),
    ("clear", "undeclared", lambda w: opened(w, overAllotment=90), ("overAllotsBy", 0), ("clearsBy", 0)),
    ("allocate", "", cleared, None, ("clearsBy", 0)),
    ("fail", "mandated", lambda w: tender_in(w, MANDATED, **later(w)), ("opensAt", 1), None),
    ("fail", "accepted", lambda w: tender_in(w, ACCEPTED, **later(w)), ("opensAt", 1), None),
    ("fail", "open", lambda w: tender_in(w, BOOK_OPEN), ("clearsBy", 1), None),
    ("fail", "closed", lambda w: tender_in(w, CLOSED), ("clearsBy", 1), None),
    ("fail", "cleared", lambda w: tender_in(w, CLEARED), ("clearsBy", 1), None),
    ("underwriteMore", "", published, None, ("revealsBy", 900)),
    ("settle", "", published, ("settlesFrom", 0), ("settlesBy", 0)),
    ("takeUp", "", published, ("settlesFrom", 0), ("takesUpBy", 0)),
    ("lapse", "", published, ("settlesBy", 1), None),
    ("forfeit", "closed", lambda w: tender_in(w, CLOSED), ("revealsBy", 0), None),
    ("discharge", "", published, ("takesUpBy", 1), None),
]


@pytest.mark.parametrize(
    ("act", "prepare", "first", "last"),
    [(act, prepare, first, last) for act, _, prepare, first, last in WINDOWS],
    ids=[f"{act}-{how}".rstrip("-") for act, how, *_ in WINDOWS],
)
def test_act__at_each_end_of_its_window__is_done_just_inside(
    world: World, act: str, prepare: Callable[[World], Tender], first: Moment, last: Moment
) -> None:
    tender = prepare(world)
    if first is not None:
        begin = tender.conditions[first[0]] + first[1]
        world.evm.warp(max(world.evm.now, begin - 1))
        if world.evm.now < begin:
            with world.refuses("OfferingTooEarly", tender.id, begin, begin - 1):
                ACTS[act](world, tender)
        world.evm.warp(begin)
        with world.sandbox():
            ACTS[act](world, tender)
    if last is not None:
        end = tender.conditions[last[0]] + last[1]
        world.evm.warp(end)
        with world.sandbox():
            ACTS[act](world, tender)
        world.evm.warp(end + 1)
        with world.refuses("OfferingTooLate", tender.id, end, end + 1):
            ACTS[act](world, tender)


def test_windows__of_the_table__are_all_tried_from_outside(world: World) -> None:
    """None of the rows above begins inside its window."""
    for act, how, prepare, first, _ in WINDOWS:
        if first is None:
            continue
        with world.sandbox():
            tender = prepare(world)
            assert world.evm.now < tender.conditions[first[0]] + first[1], (act, how)


def test_clear__over_allotment_declared__need_not_wait_for_its_end(world: World) -> None:
    tender = opened(world, overAllotment=90)
    tender.declare(0)
    assert world.evm.now == tender.conditions.revealsBy

    tender._do("clear")

    assert tender.book.stage == PUBLISHED


def test_clear__after_the_end_for_the_over_allotment__without_it(world: World) -> None:
    """An issuer that says nothing delays nobody."""
    tender = opened(world, overAllotment=90)
    tender.to("overAllotsBy")

    tender._do("clear")

    assert tender.book.overAllotted == 0


def test_reveal__in_the_last_second__counts(world: World) -> None:
    """PROPERTIES 23: there is no advantage in being last, but being last is in time."""
    tender = closed(world)
    tender.to("revealsBy", plus=-1)
    tender.open_bid(world.investors[0])

    tender.to("revealsBy")
    with world.refuses("OfferingTooLate", tender.id, world.evm.now - 1, world.evm.now):
        tender.open_bid(world.underwriters[0])
    tender.clear()

    assert tender.won(world.investors[0]) == [300]
    assert tender.book.bidders == 1


def test_open_book__when_its_hours_have_begun__is_too_late(world: World) -> None:
    """A bookrunner cannot open it in its last second, for a friend alone."""
    tender = tender_in(world, ACCEPTED, **later(world))
    tender.to("closesAt", plus=-1)

    with world.refuses("OfferingTooLate", tender.id, tender.conditions.opensAt, world.evm.now):
        tender.open()
    world.offering.cancel(tender.id, REASON, sender=world.issuer)


def test_open_bid__book_that_nobody_closed__closes_it(world: World) -> None:
    """Whoever comes first after the close need not wait for another."""
    tender = bidden(world)

    first = tender.open_bid(world.investors[0])
    second = tender.open_bid(world.underwriters[0])

    assert [event.name for event in first.events] == ["BookClosed", "BidsOpened"]
    assert first.only("BookClosed") == {"offeringId": tender.id, "actor": world.outsider}
    assert [event.name for event in second.events] == ["BidsOpened"]
    assert tender.book.stage == CLOSED
    with world.refuses("OfferingStageWrong", tender.id, CLOSED):
        tender._do("closeBook")


def test_open_bid__that_is_none__does_not_close_the_book(world: World) -> None:
    tender = bidden(world)

    with world.refuses("BidUnknown", tender.id, world.investors[4]):
        tender.open_bid(world.investors[4], bids=bids(world, tender))
    assert tender.book.stage == BOOK_OPEN


def test_close__at_the_last_second__leaves_one_to_open_a_bid(world: World) -> None:
    tender = sealed(world)
    bid_early(world, tender)
    tender.to("revealsBy", plus=-1)

    tender._do("closeBook")
    tender.open_all()

    assert tender.book.bidUnits == 800


def test_fail__book_that_nobody_closed__is_cancelled_and_bids_are_not_lost(world: World) -> None:
    tender = sealed(world)
    bid_early(world, tender)
    tender.to("clearsBy", plus=1)

    made = tender._do("fail")

    assert made.only("OfferingCancelled") == {
        "offeringId": tender.id,
        "reason": b"never closed".ljust(32, b"\0"),
        "actor": world.outsider,
    }
    assert tender.book.stage == CANCELLED
    tender.forfeit(world.investors[0], world.underwriters[0])
    assert world.offering.depositOf(world.cash, world.investors[0]) == 5_000
    assert world.offering.depositOf(world.cash, world.issuer) == 0


@pytest.mark.parametrize("stage", [MANDATED, ACCEPTED, CLOSED, CLEARED])
def test_fail__in_time__says_in_which_stage_it_was(world: World, stage: int) -> None:
    tender = tender_in(world, stage)
    tender.to("clearsBy", plus=1)

    made = tender._do("fail")

    assert made.only("OfferingFailed") == {
        "offeringId": tender.id,
        "stage": stage,
        "volume": 0,
        "actor": world.outsider,
    }
    assert tender.book.stage == FAILED


def test_discharge__failed_or_cancelled__at_once(world: World) -> None:
    for stage in (FAILED, CANCELLED):
        with world.sandbox():
            tender = tender_in(world, stage)
            tender.discharge(world.underwriters[0])
            assert world.offering.depositOf(world.cash, world.underwriters[0]) == 5_000
