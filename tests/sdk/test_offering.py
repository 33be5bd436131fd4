"""Orders, allocation, settlement, refunds: investor and bookrunner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.sdk.world import (
    CLOSES,
    INVESTORS,
    ISIN,
    OPENS,
    SETTLES_BY,
    TERMS,
    WEALTH,
    World,
    key_of,
    lei_of,
)

from indenture.errors import (
    IndentureError,
    InputError,
    InvalidAmount,
    MembershipRefused,
    OfferingRefused,
    PaymentRefused,
)
from indenture.membership import MemberClass, Role
from indenture.models import MemberAdmission, Stage
from indenture.money import CNY
from indenture.roles import allocation, place_orders

pytestmark = pytest.mark.integration


# Orders


def test_order__in_an_open_book__takes_the_deposit(world: World) -> None:
    number, investor = world.open_book(), world.investor(0)

    result = investor.order(number, 1_000)

    assert (result.units, result.deposit) == (1_000, CNY.money(100_000))
    assert investor.cash_balance() == CNY.money(WEALTH * 2 - 100_000)
    order = investor.order_of(number)
    assert (order.units, order.deposit, order.settled, order.allotment) == (
        1_000,
        CNY.money(100_000),
        False,
        0,
    )


def test_order__again__replaces_and_gives_back(world: World) -> None:
    number, investor = world.open_book(), world.investor(0)
    investor.order(number, 1_000)

    investor.order(number, 400)

    assert investor.cash_balance() == CNY.money(WEALTH * 2 - 40_000)
    assert world.bookrunner.book(number).ordered == 400


def test_withdraw_order__all_money_comes_back(world: World) -> None:
    number, investor = world.open_book(), world.investor(0)
    investor.order(number, 1_000)

    investor.withdraw_order(number)

    assert investor.cash_balance() == CNY.money(WEALTH * 2)
    assert investor.order_of(number).units == 0
    assert world.bookrunner.orders(number) == ()
    with pytest.raises(OfferingRefused) as refused:
        investor.withdraw_order(number)
    assert refused.value.name == "OrderUnknown"


@pytest.mark.parametrize(
    ("units", "error", "words"),
    [
        (0, InvalidAmount, "is not above zero"),
        (-1, InvalidAmount, "is not above zero"),
        (1.5, InvalidAmount, "is not a whole number"),
        (True, InvalidAmount, "is not a whole number"),
        (2**64, InvalidAmount, "is too large"),
        (99, OfferingRefused, "is not between 100 and 150,000,000"),
        (150_000_001, OfferingRefused, "is not between"),
        (140_000_000, PaymentRefused, ""),
    ],
)
def test_order__bad_units__clear_and_nothing_taken(
    world: World, units: Any, error: type[IndentureError], words: str
) -> None:
    number = world.open_book(minimum_order=100, maximum_order=150_000_000)
    investor = world.investor(0)
    investor.transfer_cash(world.account(1), WEALTH)

    with pytest.raises(error) as refused:
        investor.order(number, units)

    assert words in refused.value.message
    assert investor.cash_balance() == CNY.money(WEALTH)
    assert world.bookrunner.book(number).ordered == 0


def test_order__by_an_outsider__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(MembershipRefused, match="is not an account of a member"):
        world.outsider.order(number, 100)


def test_order__member_of_a_class_that_may_not_hold_it__names_the_classes(world: World) -> None:
    number = world.open_book()
    world.depository.reclassify_member(lei_of("investor 0"), MemberClass.NATURAL_PERSON, "CN")

    with pytest.raises(MembershipRefused, match="is of class natural-person; the bond is for operator, bank"):
        world.investor(0).order(number, 100)


@pytest.mark.parametrize("suspended", [True, False], ids=["suspended", "not a holder"])
def test_order__not_in_good_standing__says_why(world: World, suspended: bool) -> None:
    number = world.open_book()
    if suspended:
        world.depository.suspend_member(lei_of("investor 0"), "because")
    else:
        world.depository.set_roles(world.account(0), Role.DEALER)

    words = "which is suspended" if suspended else "lacks the role HOLDER"
    with pytest.raises(MembershipRefused, match=words):
        world.investor(0).order(number, 100)


def test_order__before_the_book_opens_and_after_it_closed__refused(world: World) -> None:
    world.issuer.register(TERMS)
    number = world.issuer.open_offering(ISIN, world.conditions())

    with pytest.raises(OfferingRefused) as early:
        world.investor(0).order(number, 100)
    world.at(CLOSES)
    with pytest.raises(OfferingRefused) as late:
        world.investor(0).order(number, 100)

    assert (early.value.name, late.value.name) == ("OfferingNotOpen", "OfferingClosed")


def test_order__unknown_offering__refused(world: World) -> None:
    for number in (7, 0, True):
        with pytest.raises(InputError, match="offering"):
            world.investor(0).order(number, 100)


def test_place_orders__many__are_pipelined(world: World) -> None:
    number = world.open_book()

    results = place_orders(
        world.suite, number, [(world.senders[f"investor {i}"], 100 + i) for i in range(INVESTORS)]
    )

    assert [result.deposit for result in results] == [CNY.money(100 * (100 + i)) for i in range(INVESTORS)]
    assert world.suite.offering.orders(number) == {world.account(i): 100 + i for i in range(INVESTORS)}
    assert place_orders(world.suite, number, []) == []


@pytest.mark.parametrize(
    ("orders", "error"),
    [
        ([("investor 0", 100), ("outsider", 100)], MembershipRefused),
        ([("investor 0", 100), ("investor 0", 200)], InputError),
        ([("investor 0", 100), ("investor 1", 0)], InvalidAmount),
        ([("investor 0", 100), ("bookrunner", 100)], PaymentRefused),
    ],
)
def test_place_orders__one_is_bad__none_is_placed(
    world: World, orders: list[tuple[str, int]], error: type[IndentureError]
) -> None:
    number = world.open_book()

    with pytest.raises(error):
        place_orders(world.suite, number, [(world.senders[actor], units) for actor, units in orders])

    assert world.bookrunner.book(number).ordered == 0


# Closing and allocation


def test_close__enough_ordered__is_closed(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    world.at(CLOSES)

    result = world.bookrunner.close(number)

    assert (result.ordered, result.failed) == (5 * 108_000_000 + 10, False)


def test_close__too_little_ordered__fails_and_all_money_comes_back(world: World) -> None:
    number = world.open_book(minimum_volume=1_000)
    world.investor(0).order(number, 999)
    world.at(CLOSES)

    result = world.bookrunner.close(number)

    assert result.failed
    assert world.bookrunner.book(number).stage is Stage.FAILED
    assert world.investor(0).refund(number).amount == CNY.money(99_900)
    assert world.investor(0).cash_balance() == CNY.money(WEALTH * 2)


def test_close__too_early__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(OfferingRefused) as refused:
        world.bookrunner.close(number)

    assert refused.value.name == "OfferingStillOpen"


@pytest.mark.parametrize("batch", [2, 400])
def test_allocate__more_ordered_than_offered__pro_rata_to_the_last_unit(world: World, batch: int) -> None:
    number = world.open_book()
    world.order_all(number)
    world.at(CLOSES)
    world.bookrunner.close(number)

    result = world.bookrunner.allocate(number, batch=batch)

    assert result.allotted == 200_000_000 == sum(result.allotments.values())
    assert (result.count, len(result.transactions)) == (INVESTORS, 3 if batch == 2 else 1)
    on_chain = {order.account: order.allotment for order in world.bookrunner.orders(number)}
    assert on_chain == result.allotments


def test_allocate__broken_off__is_taken_up_where_it_stopped(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    world.at(CLOSES)
    world.bookrunner.close(number)
    orders = world.suite.offering.orders(number)
    _, cut = allocation(orders, 200_000_000)
    first = sorted(orders, key=lambda account: int(account, 16))[:2]
    world.senders["bookrunner"].transact(world.suite.offering.allocate(number, cut, first))

    world.bookrunner.allocate(number)

    assert world.bookrunner.book(number).stage is Stage.ALLOCATED


def test_allocate__less_ordered_than_offered__everybody_gets_all(world: World) -> None:
    number = world.open_book()
    world.investor(0).order(number, 10)
    world.investor(1).order(number, 20)

    result = world.allocate(number)

    assert result.allotments == {world.account(0): 10, world.account(1): 20}


def test_allocate__book_still_open_or_allocated_already__says_so(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    with pytest.raises(OfferingRefused, match="is still open"):
        world.bookrunner.allocate(number)
    world.allocate(number)
    with pytest.raises(OfferingRefused, match="is allocated already"):
        world.bookrunner.allocate(number)


# Payment and issue


def test_settle__winners__pay_and_get_their_units(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    allotments = world.allocate(number).allotments

    result = world.bookrunner.settle(number, batch=2)

    assert (result.count, result.units, len(result.transactions)) == (INVESTORS, 200_000_000, 3)
    assert result.proceeds == CNY.money(20_000_000_000)
    issuer = world.suite.cash().balance_of(world.senders["issuer"].address)
    assert CNY.money_from_base(issuer) == result.proceeds
    assert {account: world.bond.balance_of(account) for account in allotments} == allotments


def test_settle__winner_suspended_meanwhile__is_left_out_and_keeps_his_money(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    world.allocate(number)
    world.depository.suspend_member(lei_of("investor 0"), "because")

    result = world.bookrunner.settle(number)

    assert result.skipped == (world.account(0),)
    assert result.count == INVESTORS - 1
    world.depository.reinstate_member(lei_of("investor 0"), "over")
    world.at(SETTLES_BY + timedelta(seconds=1))
    assert world.investor(0).refund(number).amount == CNY.money(10_800_000_000)


def test_settle__again__nothing_is_left(world: World) -> None:
    world.issue()

    with pytest.raises(OfferingRefused, match="has nothing left to settle"):
        world.bookrunner.settle(1)


def test_settle__before_the_allocation__refused(world: World) -> None:
    number = world.open_book()
    world.order_all(number)

    with pytest.raises(OfferingRefused, match="is still open"):
        world.bookrunner.settle(number)


def test_settle__after_the_deadline__refused(world: World) -> None:
    number = world.open_book()
    world.order_all(number)
    world.allocate(number)
    world.at(SETTLES_BY + timedelta(seconds=1))

    with pytest.raises(OfferingRefused) as refused:
        world.bookrunner.settle(number)

    assert refused.value.name == "OfferingSettlementLapsed"


def test_refund__after_issue__returns_the_rest_once(world: World) -> None:
    world.issue()
    investor = world.investor(0)
    units = investor.holding(ISIN).units

    result = investor.refund(1)

    assert result.amount == CNY.money(100 * (108_000_000 - units))
    assert investor.cash_balance() == CNY.money(WEALTH * 2 - 100 * units)
    with pytest.raises(PaymentRefused) as refused:
        investor.refund(1)
    assert refused.value.name == "RefundNone"


def test_refund_all__everybody_is_square(world: World) -> None:
    world.issue()

    result = world.bookrunner.refund_all(1)

    assert result.count == INVESTORS
    assert world.suite.cash().balance_of(world.suite.offering.address) == 0
    assert world.bookrunner.refund_all(1).transactions == ()


def test_refund__while_the_book_is_open__refused(world: World) -> None:
    number = world.open_book()
    world.investor(0).order(number, 100)

    with pytest.raises(PaymentRefused) as refused:
        world.investor(0).refund(number)
    assert refused.value.name == "RefundNone"


# Minimum denomination


def test_offering__lots__orders_and_allotments_are_whole_lots(world: World, tmp_path: Any) -> None:
    file = tmp_path / "terms.yaml"
    file.write_text(TERMS.read_text().replace("minimum_denomination: 100 ", "minimum_denomination: 100_000 "))
    world.issuer.register(file)
    number = world.issuer.open_offering(ISIN, world.conditions(minimum_order=1_000))
    world.at(OPENS)

    with pytest.raises(OfferingRefused, match="is not a multiple of the minimum denomination, 1,000 units"):
        world.investor(0).order(number, 1_500)
    for i in range(INVESTORS):
        world.investor(i).order(number, 108_000_000 + i * 1_000)
    result = world.allocate(number)

    assert sum(result.allotments.values()) == 200_000_000
    assert all(units % 1_000 == 0 for units in result.allotments.values())
    assert {order.account: order.allotment for order in world.bookrunner.orders(number)} == result.allotments


def test_offering__newcomer_after_the_opening__may_order(world: World) -> None:
    number = world.open_book()
    world.depository.admit_members(
        [MemberAdmission(lei_of("late"), MemberClass.BANK, "CN", key_of("outsider").address, Role.HOLDER)]
    )
    world.cash_issuer.issue([(world.outsider.account, 100)])

    assert world.outsider.order(number, 1).deposit == CNY.money(100)
