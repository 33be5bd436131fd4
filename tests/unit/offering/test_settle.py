"""settle, refund, refundable

settle
├── stage is not ALLOCATED -> OfferingStageWrong
├── after the last second for payment -> OfferingSettlementLapsed
├── a winner may not hold the bond now -> skipped, OrderSkipped
├── nobody is left to settle -> OrderNothingToSettle
├── the bond refuses -> its error, and no cash moves
└── else -> units to the winners, the price to the issuer, in one act
refund
├── nothing is free -> RefundNone
└── else -> what is free goes back to its account, whoever calls
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import DAY, FOREVER, HOLDER, STAGE_CLOSED
from tests.evm.chain import Actor, Contract, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.fixture
def scene(world: World) -> tuple[Contract, int]:
    """Three orders over twice what is offered, allocated: 50, 30 and 20 units at 10,000."""
    bond = world.register()
    offering_id = world.open(bond, offered=100, maximumOrder=100, price=10_000)
    first, second, third = world.investors[:3]
    for account, units in ((first, 100), (second, 60), (third, 40)):
        world.give_cash(account, units * 10_000)
        world.offering.order(offering_id, units, sender=account)
    world.close(offering_id)
    world.allocate(offering_id, (2**64 - 1, 0), sorted(world.investors[:3]))
    return bond, offering_id


def winners(world: World) -> tuple[Actor, Actor, Actor]:
    return world.investors[0], world.investors[1], world.investors[2]


def test_settle__winners__get_units_and_the_issuer_the_price(
    world: World, scene: tuple[Contract, int]
) -> None:
    bond, offering_id = scene
    first, second, third = winners(world)

    made = world.offering.settle(offering_id, [first, second], sender=world.outsider)

    assert made.only("OrdersSettled") == {
        "offeringId": offering_id,
        "accounts": [first, second],
        "units": [50, 30],
        "proceeds": 800_000,
        "actor": world.outsider,
    }
    assert [bond.balanceOf(each) for each in (first, second, third)] == [50, 30, 0]
    assert world.cash.balanceOf(world.issuer) == 800_000
    assert world.cash.balanceOf(world.offering) == 2_000_000 - 800_000
    assert world.offering.orderOf(offering_id, first) == {"units": 100, "deposit": 500_000, "settled": True}
    assert world.offering.allotmentOf(offering_id, first) == 50


def test_settle__twice_or_repeated__settles_once(world: World, scene: tuple[Contract, int]) -> None:
    bond, offering_id = scene
    first, second, _ = winners(world)

    world.offering.settle(offering_id, [first, first], sender=world.outsider)
    with world.refuses("OrderNothingToSettle", offering_id):
        world.offering.settle(offering_id, [first], sender=world.outsider)
    world.offering.settle(offering_id, [first, second], sender=world.outsider)

    assert (bond.balanceOf(first), bond.balanceOf(second), bond.totalSupply()) == (50, 30, 80)


def test_settle__strangers_only__reverts(world: World, scene: tuple[Contract, int]) -> None:
    for accounts in ([], [world.outsider], [world.holder, world.buyer]):
        with world.refuses("OrderNothingToSettle", scene[1]):
            world.offering.settle(scene[1], accounts, sender=world.outsider)


def test_settle__winner_suspended_in_between__is_skipped_and_keeps_his_money(
    world: World, scene: tuple[Contract, int]
) -> None:
    bond, offering_id = scene
    first, second, third = winners(world)
    world.suspend(first)

    made = world.offering.settle(offering_id, [first, second, third], sender=world.outsider)

    assert made.only("OrderSkipped") == {"offeringId": offering_id, "account": first}
    assert made.only("OrdersSettled").accounts == [second, third]
    assert bond.balanceOf(first) == 0
    assert world.offering.orderOf(offering_id, first).deposit == 1_000_000
    assert world.offering.refundable(offering_id, first) == 500_000, "the rest is reserved for his units"
    world.reinstate(first)
    world.offering.settle(offering_id, [first], sender=world.outsider)
    assert bond.balanceOf(first) == 50


def test_settle__all_winners_suspended__reverts(world: World, scene: tuple[Contract, int]) -> None:
    world.suspend(*winners(world))

    with world.refuses("OrderNothingToSettle", scene[1]):
        world.offering.settle(scene[1], list(winners(world)), sender=world.outsider)


def test_settle__bond_paused__reverts(world: World, scene: tuple[Contract, int]) -> None:
    bond, offering_id = scene
    world.pause(bond)

    with world.refuses("BondPaused"):
        world.offering.settle(offering_id, list(winners(world)), sender=world.outsider)


def test_settle__issuer_suspended__reverts_and_keeps_deposits(
    world: World, scene: tuple[Contract, int]
) -> None:
    world.suspend(world.issuer)

    with world.refuses("CashAccountRefused", world.issuer):
        world.offering.settle(scene[1], list(winners(world)), sender=world.outsider)


def test_settle__before_the_allocation__reverts(world: World) -> None:
    bond = world.register()
    offering_id = world.open(bond)
    world.give_cash(world.holder)
    world.offering.order(offering_id, 10, sender=world.holder)
    world.close(offering_id)

    with world.refuses("OfferingStageWrong", offering_id, STAGE_CLOSED):
        world.offering.settle(offering_id, [world.holder], sender=world.outsider)
    with world.refuses("RefundNone", offering_id, world.holder):
        world.offering.refund(offering_id, world.holder, sender=world.outsider)


def test_settle_and_refund__at_each_second__never_both_for_the_same_money(
    world: World, scene: tuple[Contract, int]
) -> None:
    """PROPERTIES 18: at every time at most one of settlement and full refund succeeds."""
    bond, offering_id = scene
    first, second, _ = winners(world)
    settles_by = world.offering.bookOf(offering_id).settlesBy
    world.evm.warp(settles_by)
    assert world.offering.refundable(offering_id, first) == 500_000
    world.offering.refund(offering_id, first, sender=world.outsider)
    with world.refuses("RefundNone", offering_id, first):
        world.offering.refund(offering_id, first, sender=world.outsider)
    world.offering.settle(offering_id, [first], sender=world.outsider)

    world.evm.warp(settles_by + 1)
    with world.refuses("OfferingSettlementLapsed", offering_id, settles_by, settles_by + 1):
        world.offering.settle(offering_id, [second], sender=world.outsider)
    made = world.offering.refund(offering_id, second, sender=world.outsider)

    assert made.only("DepositRefunded").amount == 600_000
    with world.refuses("RefundNone", offering_id, first):
        world.offering.refund(offering_id, first, sender=world.outsider)
    assert (bond.balanceOf(first), bond.balanceOf(second)) == (50, 0)


def test_refund__by_a_stranger__goes_to_the_account(world: World, scene: tuple[Contract, int]) -> None:
    first = winners(world)[0]

    made = world.offering.refund(scene[1], first, sender=world.outsider)

    assert made.only("DepositRefunded") == {
        "offeringId": scene[1],
        "account": first,
        "amount": 500_000,
        "actor": world.outsider,
    }
    assert world.cash.balanceOf(first) == 500_000
    assert world.cash.balanceOf(world.outsider) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(st.integers(1, 100), min_size=3, max_size=3),
    offered=st.integers(100, 250),
    price=st.integers(1, 10**6),
    acts=st.lists(
        st.tuples(st.sampled_from(["settle", "refund", "suspend", "reinstate", "lapse"]), st.integers(0, 2)),
        max_size=12,
    ),
)
def test_offering__any_acts_after_the_close__money_and_units_add_up(
    world: World, asked: list[int], offered: int, price: int, acts: list[tuple[str, int]]
) -> None:
    """DESIGN promise 3, PROPERTIES 23: everyone gets back his deposit less what he paid for."""
    with world.sandbox():
        bond = world.register()
        offering_id = world.open(bond, offered=offered, maximumOrder=100, price=price)
        people = world.investors[:3]
        for account, units in zip(people, asked, strict=True):
            world.give_cash(account, units * price)
            world.offering.order(offering_id, units, sender=account)
        world.close(offering_id)
        found = "AllocationCutWrong"
        rests = sorted({units * offered % sum(asked) for units in asked}, reverse=True)
        for cut in [
            (2**64 - 1, "0x" + "00" * 20),
            *((rest, who) for rest in rests for who in sorted(people)),
        ]:
            if found:
                found = refused(lambda cut=cut: world.allocate(offering_id, cut, sorted(people)))  # type: ignore[misc]
        assert found == ""

        for act, who in acts:
            account = people[who]
            if act in ("settle", "refund"):
                argument: object = [account] if act == "settle" else account
                refused(
                    lambda act=act, argument=argument: world.offering.do(  # type: ignore[misc]
                        act, offering_id, argument, sender=world.outsider
                    )
                )
            elif act == "lapse":
                world.evm.warp(world.evm.now + 2 * DAY)
            else:
                (world.suspend if act == "suspend" else world.reinstate)(account)
            check_sums(world, bond, offering_id, price, dict(zip(people, asked, strict=True)))

        world.evm.warp(world.evm.now + 5 * DAY)
        for account in people:
            world.reinstate(account)
            refused(lambda account=account: world.offering.refund(offering_id, account, sender=account))  # type: ignore[misc]
            assert (
                world.cash.balanceOf(account)
                == (asked[people.index(account)] - bond.balanceOf(account)) * price
            )
        assert world.cash.balanceOf(world.offering) == 0, "OFFER-1: nothing is left"


def check_sums(world: World, bond: Contract, offering_id: int, price: int, asked: dict[Actor, int]) -> None:
    deposits = 0
    for account, units in asked.items():
        order = world.offering.orderOf(offering_id, account)
        deposits += order.deposit
        won = bond.balanceOf(account)
        assert won in (0, world.offering.allotmentOf(offering_id, account))
        assert world.cash.balanceOf(account) == units * price - order.deposit - won * price, "OFFER-2"
    assert world.cash.balanceOf(world.offering) == deposits, "OFFER-3: deposits are there"
    assert world.cash.balanceOf(world.issuer) == bond.totalSupply() * price, "OFFER-4: proceeds"


def test_settle__cash_that_lies_or_blocks_the_issuer__issues_nothing(world: World) -> None:
    """PROPERTIES 19, 29: payment and issue are one act, for every weird cash token."""
    cash = world.deploy("WeirdCash", 6)
    bond = world.register(currency=cash.address)
    offering_id = world.open(bond, offered=10, price=100)
    cash.mint(world.holder, 1000, sender=world.outsider)
    cash.approve(world.offering, 1000, sender=world.holder)
    world.offering.order(offering_id, 10, sender=world.holder)
    world.close(offering_id)
    world.allocate(offering_id, (0, 0), [world.holder])
    errors = {1: "OrderCashMismatch", 2: "SafeERC20FailedOperation", 4: "OrderCashMismatch", 5: "CashBlocked"}
    for mode in (2, 4, 5):
        cash.setMode(mode, sender=world.outsider)
        found = refused(lambda: world.offering.settle(offering_id, [world.holder], sender=world.outsider))
        assert found == errors[mode]
        assert bond.totalSupply() == 0
    cash.setMode(3, sender=world.outsider)
    world.offering.settle(offering_id, [world.holder], sender=world.outsider)
    assert cash.balanceOf(world.issuer) == 1000


def test_settle__fee_switched_on_after_the_orders__reverts(world: World) -> None:
    """PROPERTIES 29: the issuer is booked what it got, or the settlement is refused."""
    cash = world.deploy("WeirdCash", 6)
    bond = world.register(currency=cash.address)
    offering_id = world.open(bond, offered=10, price=100)
    cash.mint(world.holder, 1000, sender=world.outsider)
    cash.approve(world.offering, 1000, sender=world.holder)
    world.offering.order(offering_id, 10, sender=world.holder)
    world.close(offering_id)
    world.allocate(offering_id, (0, 0), [world.holder])
    cash.setMode(1, sender=world.outsider)

    found = refused(lambda: world.offering.settle(offering_id, [world.holder], sender=world.outsider))

    assert found == "OrderCashMismatch", f"booked 1000, the issuer has {cash.balanceOf(world.issuer)}"


def test_settle__winner_who_became_frozen__gets_his_units(world: World, scene: tuple[Contract, int]) -> None:
    bond, offering_id = scene
    first = winners(world)[0]
    world.freeze(bond, first, 2**256 - 1)

    world.offering.settle(offering_id, [first], sender=world.outsider)

    assert bond.balanceOf(first) == 50


def test_settle__role_back_after_it_was_lost__settles(world: World, scene: tuple[Contract, int]) -> None:
    bond, offering_id = scene
    first = winners(world)[0]
    world.registry.setRoles(first, 0, FOREVER, sender=world.registrar)
    with world.refuses("OrderNothingToSettle", offering_id):
        world.offering.settle(offering_id, [first], sender=world.outsider)

    world.registry.setRoles(first, HOLDER, FOREVER, sender=world.registrar)
    world.offering.settle(offering_id, [first], sender=world.outsider)

    assert bond.balanceOf(first) == 50
