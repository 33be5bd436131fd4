"""Units that a lot draws: a call in part

├── called by the issuer, for a day of a right to call in part, in time, fewer units than there are
├── from ten days before the pay day on anybody counts the holders, in any batches and order: a row
├── once all are counted, and a block after it is there, the start is chosen by that block; then it is drawn
├── from the first count to the last draw nothing moves, is bound or released
├── units that are bound already are not drawn; frozen ones are
├── each holder once; exactly as many units as were called
└── the sample: multiples of units / most from a start: nobody is off his share by a whole unit
"""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import DAY, DRAWING, NO_RIGHTS, WHOLE, call_right, day_of, defaults
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    acting,
    balance,
    days_after,
    drawn,
    earned,
    free_units,
    fund,
    holding_amount,
    late_share,
    settle,
    tender_terms,
    with_penalty,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

CALLED, DRAWN = date(2020, 5, 15), date(2020, 5, 6)
PART = call_right(CALLED, price=1_020_000_000, inPart=True)
PRICE = Fraction(102, 100) * FACE


def callable_(world: World, holdings: dict[Any, int] | None = None, **terms: Any) -> Contract:
    rights = NO_RIGHTS.but(calls=[PART], defaults=defaults())
    return acting(world, holdings, rights=rights, **terms)


def called(world: World, bond: Contract, units: int) -> int:
    """A call by lot whose drawing may begin."""
    number: int = world.servicing.callByLot(bond, day_of(CALLED), units, sender=world.issuer).value
    to(world, DRAWN)
    return number


def count(world: World, bond: Contract, number: int, *holders: str) -> Receipt:
    made: Receipt = world.servicing.count(bond, number, list(holders), sender=world.outsider)
    return made


def draw(world: World, bond: Contract, number: int, *holders: str) -> Receipt:
    made: Receipt = world.servicing.draw(bond, number, list(holders), sender=world.outsider)
    return made


def block_hash(world: World, number: int) -> bytes:
    """As a contract sees it."""
    probe = world.evm.deploy_code(bytes.fromhex("6000354060005260206000f3"), sender=world.outsider)
    return world.evm.send(world.outsider, probe, number.to_bytes(32))


# --- the call


def test_call_by_lot__issuer__announces_the_drawing(world: World) -> None:
    bond = callable_(world)
    made = world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)
    action = made.only("ActionOpened").action
    assert (action.kind, action.most, action.price, action.period) == (DRAWING, 40, PART.price, 0)
    assert (action.payDay, action.payTime) == (day_of(CALLED), instant(CALLED))
    assert (action.opensAt, action.closesAt) == (instant(CALLED) - 10 * DAY, instant(CALLED))
    assert (action.withdrawable, action.elected) == (False, 0)
    assert not bond.book().shut, "units move until they are drawn"


@pytest.mark.parametrize("who", ["holder", "statutory", "paying_agent"])
def test_call_by_lot__anybody_else__is_refused(world: World, who: str) -> None:
    bond = callable_(world)
    sender = getattr(world, who)
    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=sender)


@pytest.mark.parametrize("day", [CALLED.replace(day=14), CALLED.replace(day=16), DUE[0]])
def test_call_by_lot__day_without_a_right__is_refused(world: World, day: date) -> None:
    bond = callable_(world)
    with world.refuses("CallRefused", bond, day_of(day)):
        world.servicing.callByLot(bond, day_of(day), 40, sender=world.issuer)


def test_call_by_lot__right_to_call_the_whole_only__is_refused(world: World) -> None:
    bond = acting(world, rights=NO_RIGHTS.but(calls=[PART.but(inPart=False)]))
    with world.refuses("CallRefused", bond, day_of(CALLED)):
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)


def test_call_by_lot__notice__to_the_second(world: World) -> None:
    bond = callable_(world)
    until = instant(CALLED) - 30 * DAY
    world.evm.warp(until)
    with world.sandbox():
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)
    world.evm.warp(until + 1)
    with world.refuses("NoticeTooLate", bond, until, until + 1):
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)


@pytest.mark.parametrize("units", [0, 150, 151])
def test_call_by_lot__none_or_all_units__is_refused(world: World, units: int) -> None:
    bond = callable_(world)
    with world.refuses("PartialCallRefused", bond, 0, units):
        world.servicing.callByLot(bond, day_of(CALLED), units, sender=world.issuer)


def test_call_by_lot__bond_that_is_called__is_refused(world: World) -> None:
    bond = callable_(world)
    world.servicing.call(bond, day_of(CALLED), sender=world.issuer)
    with world.refuses("CallRefused", bond, day_of(CALLED)):
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)


# --- the count


def test_count__before_ten_days__is_refused_to_the_second(world: World) -> None:
    bond = callable_(world)
    world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer)
    opens = instant(CALLED) - 10 * DAY
    world.evm.warp(opens - 1)
    with world.refuses("ActionNotOpen", bond, 1, opens, instant(CALLED), opens - 1):
        count(world, bond, 1, world.holder)
    world.evm.warp(opens)
    count(world, bond, 1, world.holder)


@pytest.mark.parametrize("number", [0, 2])
def test_count__no_such_event__is_refused(world: World, number: int) -> None:
    bond = callable_(world)
    called(world, bond, 40)
    for act in (count, draw):
        with world.refuses("ActionUnknown", bond, number):
            act(world, bond, number, world.holder)


def test_count__another_event_of_holders__is_refused(world: World) -> None:
    bond = callable_(world)
    world.servicing.offerTender(bond, tender_terms(world), sender=world.issuer)
    for act in (count, draw):
        with world.refuses("ActionUnknown", bond, 1):
            act(world, bond, 1, world.holder)


def test_elect__in_a_drawing__is_refused(world: World) -> None:
    """Who is redeemed is the lot's to say."""
    bond = callable_(world)
    number = called(world, bond, 40)
    with world.refuses("ActionUnknown", bond, number):
        world.servicing.elect(bond, number, 1, sender=world.holder)
    drawn(world, bond, number, world.holder, world.buyer)
    mine = world.servicing.electedBy(bond, number, world.holder)
    with world.refuses("ElectionNotWithdrawable", bond, number, world.holder, mine):
        world.servicing.withdraw(bond, number, 1, sender=world.holder)
    with world.refuses("ElectionRefused", bond, number, world.holder, mine):
        world.servicing.annulElection(bond, number, world.holder, b"\x01" * 32, sender=world.statutory)


def test_count__in_two_batches__is_a_row(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)

    first = count(world, bond, number, world.buyer)

    assert first.only("DrawingBegun") == {"bond": bond.address, "action": number, "units": 150}
    assert first.only("HoldersCounted") == {
        "bond": bond.address,
        "action": number,
        "holders": [world.buyer],
        "counted": 50,
    }
    assert first.only("BooksShut").shut
    drawing = world.servicing.drawingOf(bond, number)
    assert (drawing.units, drawing.counted, drawing.countedIn, bond.book().shut) == (150, 50, 0, True)

    second = count(world, bond, number, world.holder)

    assert second.only("HoldersCounted").counted == 150
    assert not second.named("DrawingBegun")
    drawing = world.servicing.drawingOf(bond, number)
    assert (drawing.countedIn, drawing.isSeeded, drawing.passed) == (world.evm.number, False, 0)
    with world.refuses("ActionDecided", bond, number):
        count(world, bond, number)


def test_count__counted_or_without_free_units__is_refused(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.buyer)
    for who in (world.buyer, world.spender):
        with world.refuses("DrawingHolderWrong", bond, number, who):
            count(world, bond, number, who)
    with world.refuses("DrawingHolderWrong", bond, number, world.holder):
        count(world, bond, number, world.holder, world.holder)


def test_draw__not_all_are_counted__is_refused(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    with world.refuses("DrawingNotCounted", bond, number, 0, 0):
        draw(world, bond, number, world.holder)
    count(world, bond, number, world.buyer)
    world.evm.mine(10)
    with world.refuses("DrawingNotCounted", bond, number, 50, 150):
        draw(world, bond, number, world.buyer)


@pytest.mark.parametrize("blocks", [0, 1])
def test_draw__block_that_chooses_the_start_is_not_there__is_refused(world: World, blocks: int) -> None:
    """Who lays the row does not know it, and who draws cannot pick another."""
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.buyer, world.holder)
    world.evm.mine(blocks)
    with world.refuses("DrawingNotCounted", bond, number, 150, 150):
        draw(world, bond, number, world.buyer, world.holder)
    world.evm.mine(2 - blocks)
    draw(world, bond, number, world.buyer, world.holder)


@pytest.mark.parametrize("blocks", [2, 3, 257])
def test_draw__in_two_batches__says_what_it_does(world: World, blocks: int) -> None:
    """The start is that of the block after the count, however late within the 256 that the chain knows."""
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.buyer, world.holder)
    world.evm.mine(blocks)
    chosen = block_hash(world, world.evm.number - blocks + 1)

    first = draw(world, bond, number, world.holder)

    data = encode(["bytes32", "address", "uint256"], [chosen, bond.address, number])
    seed = int.from_bytes(keccak(data)) % 150
    assert first.only("DrawingSeeded") == {"bond": bond.address, "action": number, "seed": seed}
    # The buyer stands first in the row, whoever is drawn from first.
    his, mine = (50 * 40 + seed) // 150 - seed // 150, (150 * 40 + seed) // 150 - (50 * 40 + seed) // 150
    assert first.only("UnitsDrawn") == {
        "bond": bond.address,
        "action": number,
        "holders": [world.holder],
        "drawn": [mine],
    }
    assert first.only("UnitsBound") == {"holder": world.holder, "bound": mine}
    assert not first.named("DrawingCompleted")

    second = draw(world, bond, number, world.buyer)

    assert not second.named("DrawingSeeded")
    assert second.only("DrawingCompleted") == {"bond": bond.address, "action": number, "drawn": 40}
    assert not second.only("BooksShut").shut
    assert (bond.book().shut, world.events_of(bond).boundUnits()) == (False, 40)
    assert world.servicing.electedBy(bond, number, world.buyer) == his
    assert world.servicing.electedBy(bond, number, world.holder) == mine
    assert (his + mine, world.servicing.actionOf(bond, number).elected) == (40, 40)


def test_draw__block_is_forgotten__another_one_to_come_chooses(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.buyer, world.holder)
    world.evm.mine(258)
    made = draw(world, bond, number, world.buyer)
    assert made.names == ["HoldersCounted"], "counted anew, as it were"
    assert made.only("HoldersCounted").holders == []
    drawing = world.servicing.drawingOf(bond, number)
    assert (drawing.countedIn, drawing.isSeeded, drawing.passed) == (world.evm.number, False, 0)
    world.evm.mine()
    with world.refuses("DrawingNotCounted", bond, number, 150, 150):
        draw(world, bond, number, world.buyer)
    world.evm.mine()
    draw(world, bond, number, world.buyer, world.holder)
    assert world.servicing.actionOf(bond, number).elected == 40


def test_draw__drawn_or_not_counted__is_refused(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.buyer, world.holder)
    world.evm.mine(2)
    draw(world, bond, number, world.buyer)
    for who in (world.buyer, world.spender):
        with world.refuses("DrawingHolderWrong", bond, number, who):
            draw(world, bond, number, who)
    with world.refuses("DrawingHolderWrong", bond, number, world.holder):
        draw(world, bond, number, world.holder, world.holder)


def test_draw__complete__is_refused(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    drawn(world, bond, number, world.buyer, world.holder)
    for act in (count, draw):
        with world.refuses("ActionDecided", bond, number):
            act(world, bond, number)


@pytest.mark.parametrize("counted", [False, True])
def test_draw__under_way__nothing_moves(world: World, counted: bool) -> None:
    bond = callable_(world)
    offer = tender_terms(world, closesAt=instant(date(2020, 6, 1)), payDay=day_of(DUE[2]))
    world.servicing.offerTender(bond, offer, sender=world.issuer)
    world.servicing.elect(bond, 1, 10, sender=world.holder)
    number = called(world, bond, 40)
    count(world, bond, number)
    if counted:
        count(world, bond, number, world.buyer, world.holder)
    with world.refuses("BondBooksShut"):
        bond.transfer(world.buyer, 1, sender=world.holder)
    with world.refuses("BondBooksShut"):
        bond.forcedTransfer(world.holder, world.buyer, 1, sender=world.statutory)
    with world.refuses("BondBooksShut"):
        world.servicing.elect(bond, 1, 1, sender=world.holder)
    with world.refuses("BondBooksShut"):
        world.servicing.withdraw(bond, 1, 1, sender=world.holder)
    with world.refuses("BondBooksShut"):
        world.servicing.annulElection(bond, 1, world.holder, b"\x01" * 32, sender=world.statutory)
    if not counted:
        count(world, bond, number, world.buyer, world.holder)
    world.evm.mine(2)
    draw(world, bond, number, world.holder, world.buyer)
    world.servicing.withdraw(bond, 1, 1, sender=world.holder)
    bond.transfer(world.buyer, 1, sender=world.holder)


def test_count__two_at_a_time__one_waits(world: World) -> None:
    bond = callable_(world)
    first, second = (
        world.servicing.callByLot(bond, day_of(CALLED), 40, sender=world.issuer).value for _ in range(2)
    )
    to(world, DRAWN)
    count(world, bond, first, world.holder, world.buyer)
    with world.refuses("ActionNotPayable", bond, second):
        count(world, bond, second, world.holder)
    world.evm.mine(2)
    draw(world, bond, first, world.holder, world.buyer)
    made = drawn(world, bond, second, world.holder, world.buyer)
    assert world.servicing.drawingOf(bond, second).units == 110
    assert made.only("DrawingCompleted").drawn == 40
    assert world.events_of(bond).boundUnits() == 80


def test_count__bound_units__are_left_out(world: World) -> None:
    bond = callable_(world)
    offer = tender_terms(world, closesAt=instant(date(2020, 6, 1)), payDay=day_of(DUE[2]))
    world.servicing.offerTender(bond, offer, sender=world.issuer)
    world.servicing.elect(bond, 1, 90, sender=world.holder)
    world.servicing.elect(bond, 1, 50, sender=world.buyer)
    number = called(world, bond, 40)
    with world.refuses("DrawingHolderWrong", bond, number, world.buyer):
        count(world, bond, number, world.buyer)
    made = drawn(world, bond, number, world.holder)
    assert world.servicing.drawingOf(bond, number).units == 10
    assert made.only("DrawingCompleted").drawn == 10, "no more than there is"
    assert bond.entryOf(world.holder).pledged == 100


def test_count__all_units_are_bound__is_refused(world: World) -> None:
    bond = callable_(world)
    offer = tender_terms(world, closesAt=instant(date(2020, 6, 1)), payDay=day_of(DUE[2]))
    world.servicing.offerTender(bond, offer, sender=world.issuer)
    for who, units in ((world.holder, 100), (world.buyer, 50)):
        world.servicing.elect(bond, 1, units, sender=who)
    number = called(world, bond, 40)
    with world.refuses("ActionNotPayable", bond, number):
        count(world, bond, number)


@pytest.mark.parametrize("frozen", [30, 2**70])
def test_draw__frozen_units__are_drawn_and_their_money_kept(world: World, frozen: int) -> None:
    bond = callable_(world)
    world.freeze(bond, world.holder, frozen)
    number = called(world, bond, 149)
    drawn(world, bond, number, world.holder, world.buyer)
    mine = world.servicing.electedBy(bond, number, world.holder)
    assert mine >= 99
    to(world, CALLED)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert bond.balanceOf(world.holder) == 100 - mine
    assert world.servicing.keptFor(bond, world.holder) == holding_amount(mine, earned(DUE[1], CALLED), PRICE)


def test_draw__frozen_while_it_is_drawn__changes_nothing(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    count(world, bond, number, world.holder, world.buyer)
    world.freeze(bond, world.holder, 100)
    world.evm.mine(2)
    draw(world, bond, number, world.holder, world.buyer)
    assert world.servicing.actionOf(bond, number).elected == 40


def test_draw__suspended_holder_and_paused_bond__are_no_hindrance(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    world.suspend(world.holder)
    world.pause(bond)
    drawn(world, bond, number, world.holder, world.buyer)
    assert world.servicing.actionOf(bond, number).elected == 40


def test_draw__books_close_meanwhile__is_refused_and_nothing_is_stuck(world: World) -> None:
    """A call of the whole for the next day: all are redeemed, whoever the lot would have drawn."""
    bond = acting(world, rights=NO_RIGHTS.but(calls=[PART], defaults=defaults()), periods=2)
    number = called(world, bond, 40)
    count(world, bond, number, world.holder)
    world.ready(bond, 2)
    assert (bond.book().closed, bond.book().shut) == (True, False)
    for act in (count, draw):
        with world.refuses("BondBooksClosed"):
            act(world, bond, number, world.buyer)
    world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)
    assert bond.totalSupply() == 0


# --- the sample


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_draw__any_holdings_and_order__everybody_has_his_share_to_less_than_a_unit(
    deployed: World, data: st.DataObject
) -> None:
    with deployed.sandbox():
        world = deployed
        people = data.draw(st.permutations([world.holder, world.buyer, *world.investors]))
        units = data.draw(st.lists(st.integers(1, 10**6) | st.integers(1, 9), min_size=2, max_size=8))
        holdings = dict(zip(people, units, strict=False))
        whole = sum(units)
        most = data.draw(st.integers(1, whole - 1))
        bond = callable_(world, holdings, units=10**8)
        number = called(world, bond, most)
        row = data.draw(st.permutations(list(holdings)))
        cuts = sorted(data.draw(st.sets(st.integers(0, len(row)), max_size=3)) | {0, len(row)})
        for start, end in pairwise(cuts):
            count(world, bond, number, *row[start:end])
        world.evm.mine(2)
        hit: dict[str, int] = {}
        for who in data.draw(st.permutations(row)):
            hit[who] = draw(world, bond, number, who).only("UnitsDrawn").drawn[0]

        seed = world.servicing.drawingOf(bond, number).seed
        assert sum(hit.values()) == most == world.servicing.actionOf(bond, number).elected
        assert seed < whole
        # Units are hit at multiples of whole / most, moved by the start: each hit once, in the row.
        position = 0
        for who in row:
            share = Fraction(holdings[who] * most, whole)
            assert share - 1 < hit[who] < share + 1
            assert hit[who] <= holdings[who]
            hits = range(position + 1, position + holdings[who] + 1)
            if whole < 5_000:
                assert hit[who] == sum((unit * most + seed) % whole < most for unit in hits)
            position += holdings[who]
        for account, found in hit.items():
            assert bond.entryOf(account).pledged == found == world.servicing.electedBy(bond, number, account)
        assert world.events_of(bond).boundUnits() == most


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    holdings=st.lists(st.integers(1, 300), min_size=2, max_size=6),
    bound=st.lists(st.integers(0, 300), min_size=6, max_size=6),
    most=st.integers(1, 400),
)
def test_draw__some_units_are_bound__the_lot_is_over_the_others(
    deployed: World, holdings: list[int], bound: list[int], most: int
) -> None:
    with deployed.sandbox():
        world, people = deployed, deployed.investors[: len(holdings)]
        bond = callable_(world, dict(zip(people, holdings, strict=True)))
        offer = tender_terms(world, closesAt=instant(date(2020, 6, 1)), payDay=day_of(DUE[2]))
        world.servicing.offerTender(bond, offer, sender=world.issuer)
        free = dict(zip(people, holdings, strict=True))
        for who, units in zip(people, bound, strict=False):
            if taken := min(units, free[who]):
                world.servicing.elect(bond, 1, taken, sender=who)
                free[who] -= taken
        most = min(most, sum(holdings) - 1)
        number = called(world, bond, most)
        row = [who for who in people if free[who]]
        if not row:
            return
        drawn(world, bond, number, *row)
        whole = sum(free.values())
        hit = {who: world.servicing.electedBy(bond, number, who) for who in row}
        assert sum(hit.values()) == min(most, whole)
        for who in row:
            share = Fraction(free[who] * min(most, whole), whole)
            assert abs(hit[who] - share) < 1
            assert free_units(bond, who) == free[who] - hit[who] >= 0


# --- the money


def test_drawing__life__to_the_money(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    to(world, CALLED)
    with world.refuses("ActionNotPayable", bond, number):
        fund(world, bond, number)
    count(world, bond, number, world.holder, world.buyer)
    world.evm.mine(2)
    draw(world, bond, number, world.holder)
    with world.refuses("ActionNotPayable", bond, number):
        fund(world, bond, number)
    draw(world, bond, number, world.buyer)
    taken = [world.servicing.electedBy(bond, number, who) for who in (world.holder, world.buyer)]
    before = [balance(world, who) for who in (world.holder, world.buyer)]

    made = fund(world, bond, number).only("ActionFunded")
    settled = settle(world, bond, number, world.holder, world.buyer)

    interest = earned(DUE[1], CALLED)
    assert (made.units, made.interest, made.principal) == (40, int(40 * interest), int(40 * PRICE))
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [holding_amount(units, interest, PRICE) for units in taken]
    assert settled.only("ActionCompleted").residue == made.interest + made.principal - sum(gains)
    assert (bond.totalSupply(), bond.balanceOf(world.holder)) == (110, 100 - taken[0])


def test_drawing__late__bears_penalty_and_may_be_left_after_ten_days(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    drawn(world, bond, number, world.holder, world.buyer)
    mine = world.servicing.electedBy(bond, number, world.holder)
    world.evm.warp(instant(CALLED) + 10 * DAY)
    world.servicing.release(bond, number, [world.holder], sender=world.holder)
    before = balance(world, world.buyer)
    fund(world, bond, number)
    settle(world, bond, number, world.buyer)
    share = late_share(defaults().penaltyRate, 10)
    amount = holding_amount(40 - mine, earned(DUE[1], CALLED), PRICE)
    assert balance(world, world.buyer) - before == with_penalty(amount, share)
    assert free_units(bond, world.holder) == 100


def test_drawing__nobody_drew__is_drawn_later(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    to(world, days_after(CALLED, 3))
    drawn(world, bond, number, world.holder, world.buyer)
    made = fund(world, bond, number).only("ActionFunded")
    whole = int(40 * earned(DUE[1], CALLED)) + int(40 * PRICE)
    assert made.interest + made.principal == whole
    assert made.penalty == whole * late_share(defaults().penaltyRate, 3) // WHOLE


def test_draw__bond_was_made_due__is_refused_and_the_books_are_open(world: World) -> None:
    bond = callable_(world)
    number = called(world, bond, 40)
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    world.servicing.elect(bond, notice, 50, sender=world.holder)
    count(world, bond, number, world.holder, world.buyer)
    world.evm.mine(2)
    draw(world, bond, number, world.holder)
    world.servicing.accelerate(bond, notice, sender=world.outsider)
    assert not bond.book().shut
    with world.refuses("BondDueAlready", bond):
        draw(world, bond, number, world.buyer)
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    world.servicing.release(bond, notice, [world.holder], sender=world.outsider)
    bond.transfer(world.buyer, 100, sender=world.holder)
