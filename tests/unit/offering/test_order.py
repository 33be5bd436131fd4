"""order, withdraw, close

order, withdraw
├── stage is not OPEN, too early, too late -> OfferingStageWrong, OfferingNotOpen, OfferingClosed
├── order: no whole lots, below the least, above the most -> OrderUnitsInvalid
├── order: account may not hold the bond -> OrderAccountRefused
├── withdraw: no order -> OrderUnknown
├── cash moved another amount -> OrderCashMismatch
└── else -> the deposit is the price of the order, no more and no less
close
├── stage is not OPEN, too early -> OfferingStageWrong, OfferingStillOpen
├── nothing, or less than the minimum volume, was ordered -> FAILED
└── else -> CLOSED
"""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import DAY, STAGE_CLOSED, STAGE_FAILED, STAGE_NONE, STAGE_OPEN
from tests.evm.chain import Contract, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.fixture
def bond(world: World) -> Contract:
    for account in (world.holder, world.buyer, *world.investors):
        world.give_cash(account, 10**9)
    return world.register()


def test_order__by_a_member__takes_the_price(world: World, bond: Contract) -> None:
    offering_id = world.open(bond)

    made = world.offering.order(offering_id, 30, sender=world.holder)

    assert made.names == ["OrderPlaced", "Transfer"]
    assert made.only("OrderPlaced") == {
        "offeringId": offering_id,
        "account": world.holder,
        "units": 30,
        "deposit": 300_000,
        "totalOrdered": 30,
    }
    assert world.offering.orderOf(offering_id, world.holder) == {
        "units": 30,
        "deposit": 300_000,
        "settled": False,
    }
    assert world.cash.balanceOf(world.offering) == 300_000
    assert world.cash.balanceOf(world.holder) == 10**9 - 300_000
    assert world.offering.refundable(offering_id, world.holder) == 0
    assert world.offering.allotmentOf(offering_id, world.holder) == 0


@pytest.mark.parametrize("units", [50, 10, 30, 1])
def test_order__replaced__takes_or_gives_the_difference(world: World, bond: Contract, units: int) -> None:
    offering_id = world.open(bond)
    world.offering.order(offering_id, 30, sender=world.holder)

    made = world.offering.order(offering_id, units, sender=world.holder)

    assert made.only("OrderPlaced").totalOrdered == units
    assert world.cash.balanceOf(world.offering) == units * 10_000
    assert world.cash.balanceOf(world.holder) == 10**9 - units * 10_000
    assert world.offering.bookOf(offering_id).ordered == units


@pytest.mark.parametrize("units", [0, 9, 15, 11, 999, 110, 2**64 - 6])
def test_order__of_no_whole_lots_or_out_of_bounds__reverts(world: World, units: int) -> None:
    bond = world.register(minimumUnits=5)
    offering_id = world.open(bond, minimumOrder=10, maximumOrder=105)
    found = refused(lambda: world.offering.order(offering_id, units, sender=world.holder))
    if units == 15:
        assert found == "ERC20InsufficientBalance", "whole lots: only the cash is missing"
        return

    with world.refuses("OrderUnitsInvalid", units, 10, 105, 5):
        world.offering.order(offering_id, units, sender=world.holder)


@pytest.mark.parametrize("who", ["outsider", "issuer", "paying_agent"])
def test_order__by_who_may_not_hold__reverts(world: World, bond: Contract, who: str) -> None:
    offering_id, sender = world.open(bond), getattr(world, who)

    with world.refuses("OrderAccountRefused", sender):
        world.offering.order(offering_id, 30, sender=sender)


def test_order__too_little_cash__reverts(world: World, bond: Contract) -> None:
    offering_id = world.open(bond)

    with world.refuses("ERC20InsufficientBalance", world.spender, 0, 300_000):
        world.offering.order(offering_id, 30, sender=world.spender)


def test_order_and_withdraw__by_time__only_while_the_book_is_open(world: World, bond: Contract) -> None:
    now = world.evm.now
    offering_id = world.open(bond, opensAt=now + 10, closesAt=now + 20, settlesBy=now + 30)
    acts: list[Callable[[], object]] = [
        lambda: world.offering.order(offering_id, 30, sender=world.holder),
        lambda: world.offering.withdraw(offering_id, sender=world.holder),
    ]
    world.evm.warp(now + 9)
    for act in acts:
        with world.refuses("OfferingNotOpen", offering_id, now + 10, now + 9):
            act()
    for time in (now + 10, now + 19):
        world.evm.warp(time)
        for act in acts:
            act()
    world.evm.warp(now + 20)
    for act in acts:
        with world.refuses("OfferingClosed", offering_id, now + 20, now + 20):
            act()
    world.close(offering_id)
    for act in acts:
        with world.refuses("OfferingStageWrong", offering_id, STAGE_FAILED):
            act()


def test_order__unknown_offering__reverts(world: World, bond: Contract) -> None:
    with world.refuses("OfferingStageWrong", 77, STAGE_NONE):
        world.offering.order(77, 30, sender=world.holder)
    with world.refuses("OfferingStageWrong", 77, STAGE_NONE):
        world.offering.withdraw(77, sender=world.holder)
    with world.refuses("OfferingStageWrong", 77, STAGE_NONE):
        world.offering.close(77, sender=world.holder)
    with world.refuses("OfferingStageWrong", 77, STAGE_NONE):
        world.offering.settle(77, [world.holder], sender=world.holder)
    with world.refuses("OfferingStageWrong", 77, STAGE_NONE):
        world.allocate(77, (0, 0), [world.holder])
    with world.refuses("RefundNone", 77, world.holder):
        world.offering.refund(77, world.holder, sender=world.holder)


def test_withdraw__of_an_order__gives_all_back(world: World, bond: Contract) -> None:
    offering_id = world.open(bond)
    world.offering.order(offering_id, 30, sender=world.holder)
    world.offering.order(offering_id, 5, sender=world.buyer)

    made = world.offering.withdraw(offering_id, sender=world.holder)

    assert made.names == ["OrderWithdrawn", "DepositRefunded", "Transfer"]
    assert made.only("OrderWithdrawn") == {
        "offeringId": offering_id,
        "account": world.holder,
        "units": 30,
        "totalOrdered": 5,
    }
    assert made.only("DepositRefunded").amount == 300_000
    assert world.cash.balanceOf(world.holder) == 10**9
    assert world.offering.orderOf(offering_id, world.holder).units == 0
    with world.refuses("OrderUnknown", offering_id, world.holder):
        world.offering.withdraw(offering_id, sender=world.holder)


def test_withdraw__by_one_who_may_not_hold_any_more__gives_all_back(world: World, bond: Contract) -> None:
    offering_id = world.open(bond)
    world.offering.order(offering_id, 30, sender=world.holder)
    world.registry.setRoles(world.holder, 0, 2**40 - 1, sender=world.registrar)

    world.offering.withdraw(offering_id, sender=world.holder)

    assert world.cash.balanceOf(world.holder) == 10**9


def test_close__too_early__reverts(world: World, bond: Contract) -> None:
    offering_id = world.open(bond)
    closes_at = world.evm.now + DAY
    world.evm.warp(closes_at - 1)

    with world.refuses("OfferingStillOpen", offering_id, closes_at, closes_at - 1):
        world.offering.close(offering_id, sender=world.bookrunner)


@pytest.mark.parametrize(
    ("minimum", "ordered", "stage"),
    [
        (0, 0, STAGE_FAILED),
        (0, 1, STAGE_CLOSED),
        (30, 29, STAGE_FAILED),
        (30, 30, STAGE_CLOSED),
        (30, 31, STAGE_CLOSED),
    ],
)
def test_close__by_volume__fails_below_the_minimum(
    world: World, bond: Contract, minimum: int, ordered: int, stage: int
) -> None:
    offering_id = world.open(bond, minimumVolume=minimum)
    if ordered:
        world.offering.order(offering_id, ordered, sender=world.holder)

    made = world.close(offering_id)

    failed = stage == STAGE_FAILED
    assert made.names == ["BookClosed", "OfferingFailed"] if failed else ["BookClosed"]
    assert made.only("BookClosed") == {
        "offeringId": offering_id,
        "ordered": ordered,
        "actor": world.outsider,
    }
    assert world.offering.bookOf(offering_id).stage == stage
    assert world.offering.refundable(offering_id, world.holder) == (ordered * 10_000 if failed else 0)
    with world.refuses("OfferingStageWrong", offering_id, stage):
        world.offering.close(offering_id, sender=world.outsider)


def test_refund__of_a_failed_offering__gives_each_all_back(world: World, bond: Contract) -> None:
    """PROPERTIES 23: refunds are pulled, and each stands alone."""
    offering_id = world.open(bond, minimumVolume=500)
    for account in world.investors:
        world.offering.order(offering_id, 10, sender=account)
    world.close(offering_id)
    world.suspend(world.investors[0])

    with world.refuses("CashAccountRefused", world.investors[0]):
        world.offering.refund(offering_id, world.investors[0], sender=world.outsider)
    for account in world.investors[1:]:
        made = world.offering.refund(offering_id, account, sender=world.outsider)
        assert made.only("DepositRefunded") == {
            "offeringId": offering_id,
            "account": account,
            "amount": 100_000,
            "actor": world.outsider,
        }
        with world.refuses("RefundNone", offering_id, account):
            world.offering.refund(offering_id, account, sender=account)
    world.reinstate(world.investors[0])
    world.offering.refund(offering_id, world.investors[0], sender=world.outsider)
    assert world.cash.balanceOf(world.offering) == 0


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=25),
    price=st.integers(1, 10**6),
)
def test_book__any_acts__deposits_are_the_price_of_the_living_orders(
    world: World, bond: Contract, acts: list[tuple[int, int]], price: int
) -> None:
    with world.sandbox():
        offering_id = world.open(bond, price=price)
        orders: dict[str, int] = {}
        for who, units in acts:
            account = world.investors[who]
            if units:
                world.offering.order(offering_id, units, sender=account)
                orders[account] = units
            else:
                found = refused(lambda account=account: world.offering.withdraw(offering_id, sender=account))  # type: ignore[misc]
                assert found == ("" if orders.pop(account, 0) else "OrderUnknown")

        assert world.offering.bookOf(offering_id).ordered == sum(orders.values())
        assert world.cash.balanceOf(world.offering) == price * sum(orders.values())
        for account in world.investors:
            spent = price * orders.get(account, 0)
            assert world.cash.balanceOf(account) == 10**9 - spent
            assert world.offering.orderOf(offering_id, account).deposit == spent


MODES = [
    (1, "OrderCashMismatch"),
    (2, "SafeERC20FailedOperation"),
    (3, ""),
    (4, "OrderCashMismatch"),
    (5, "CashBlocked"),
]


@pytest.mark.parametrize(
    ("mode", "error"), MODES, ids=["takes a fee", "returns false", "nothing", "lies", "reverts"]
)
def test_order__weird_cash__is_taken_whole_or_refused(world: World, mode: int, error: str) -> None:
    """PROPERTIES 29: refused at the door, and nothing is half done."""
    cash = world.deploy("WeirdCash", 6)
    bond = world.register(currency=cash.address)
    offering_id = world.open(bond)
    cash.mint(world.holder, 10**9, sender=world.outsider)
    cash.approve(world.offering, 10**9, sender=world.holder)
    cash.setMode(mode, sender=world.outsider)

    assert refused(lambda: world.offering.order(offering_id, 30, sender=world.holder)) == error

    taken = 0 if error else 300_000
    assert world.offering.orderOf(offering_id, world.holder).deposit == taken
    assert cash.balanceOf(world.offering) == taken
    if not error:
        return
    cash.setMode(0, sender=world.outsider)
    world.offering.order(offering_id, 30, sender=world.holder)
    cash.setMode(mode, sender=world.outsider)
    if mode != 1:
        assert refused(lambda: world.offering.withdraw(offering_id, sender=world.holder)) == error
        assert world.offering.orderOf(offering_id, world.holder).units == 30


@pytest.mark.parametrize("act", ["order", "withdraw", "settle", "refund"])
def test_order__cash_re_enters__is_refused_inside(world: World, act: str) -> None:
    cash = world.deploy("WeirdCash", 6)
    bond = world.register(currency=cash.address)
    offering_id = world.open(bond)
    cash.mint(world.holder, 10**9, sender=world.outsider)
    cash.approve(world.offering, 10**9, sender=world.holder)
    arguments = {"order": (30,), "withdraw": (), "settle": ([world.holder],), "refund": (world.holder,)}[act]
    cash.setReentry(world.offering, world.offering.raw(act, offering_id, *arguments), sender=world.outsider)
    cash.setMode(6, sender=world.outsider)

    world.offering.order(offering_id, 30, sender=world.holder)

    assert not cash.reentered()
    assert cash.answer() == bytes.fromhex("3ee5aeb5"), "ReentrancyGuardReentrantCall"
    assert world.offering.bookOf(offering_id).stage == STAGE_OPEN
