"""mint, mintBatch, burn, setSupplyLimit, setTrustedSystem, views

├── caller has not the role -> AccessManagedUnauthorized
├── amount is zero -> CashAmountZero
├── receiver is no active member -> CashAccountRefused
├── supply would pass the limit -> CashSupplyLimitExceeded
└── else -> supply and balance follow
"""

import pytest
from tests.evm.world import CASH_LIMIT, World

pytestmark = pytest.mark.unit


def test_mint__to_a_member__is_issued(world: World) -> None:
    made = world.cash.mint(world.holder, 500, sender=world.cash_issuer)

    assert made.names == ["Transfer", "CashIssued"]
    assert made.only("CashIssued") == {"to": world.holder, "amount": 500, "actor": world.cash_issuer}
    assert world.cash.totalSupply() == world.cash.balanceOf(world.holder) == 500


@pytest.mark.parametrize("caller", ["admin", "operator", "issuer", "holder", "statutory", "registrar"])
def test_mint_and_burn__by_anybody_else__revert(world: World, caller: str) -> None:
    sender = getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        world.cash.mint(world.holder, 1, sender=sender)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.cash.mintBatch([world.holder], [1], sender=sender)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.cash.burn(1, sender=sender)


def test_mint__zero__reverts(world: World) -> None:
    with world.refuses("CashAmountZero"):
        world.cash.mint(world.holder, 0, sender=world.cash_issuer)
    with world.refuses("CashAmountZero"):
        world.cash.burn(0, sender=world.cash_issuer)


def test_mint__to_one_not_active__reverts(world: World) -> None:
    world.suspend(world.holder)
    for account in (world.holder, world.outsider, "0x" + "00" * 20):
        with world.refuses("CashAccountRefused", account):
            world.cash.mint(account, 1, sender=world.cash_issuer)


def test_mint__up_to_the_limit__one_more_is_refused(world: World) -> None:
    world.cash.mint(world.holder, CASH_LIMIT, sender=world.cash_issuer)

    with world.refuses("CashSupplyLimitExceeded", CASH_LIMIT + 1, CASH_LIMIT):
        world.cash.mint(world.holder, 1, sender=world.cash_issuer)


def test_mint_batch__to_several__is_issued(world: World) -> None:
    made = world.cash.mintBatch([world.holder, world.buyer], [3, 4], sender=world.cash_issuer)

    assert [event.amount for event in made.named("CashIssued")] == [3, 4]
    assert world.cash.totalSupply() == 7


def test_mint_batch__one_is_wrong__none_is_issued(world: World) -> None:
    with world.refuses("CashAccountRefused", world.outsider):
        world.cash.mintBatch([world.holder, world.outsider], [3, 4], sender=world.cash_issuer)
    with world.refuses("CashBatchInvalid", 2, 1):
        world.cash.mintBatch([world.holder, world.buyer], [3], sender=world.cash_issuer)


def test_burn__what_the_cash_issuer_holds__is_redeemed(world: World) -> None:
    world.give_cash(world.holder, 10)
    world.cash.transfer(world.cash_issuer, 10, sender=world.holder)

    made = world.cash.burn(6, sender=world.cash_issuer)

    assert made.only("CashRedeemed") == {"from": world.cash_issuer, "amount": 6, "actor": world.cash_issuer}
    assert (world.cash.totalSupply(), world.cash.balanceOf(world.cash_issuer)) == (4, 4)
    with world.refuses("ERC20InsufficientBalance", world.cash_issuer, 4, 5):
        world.cash.burn(5, sender=world.cash_issuer)


def test_set_supply_limit__to_zero__stops_every_issue(world: World) -> None:
    """PROPERTIES 9: zero is not «unlimited»."""
    made = world.cash.setSupplyLimit(0, sender=world.operator)

    assert made.only("SupplyLimitSet") == {"oldLimit": CASH_LIMIT, "newLimit": 0, "actor": world.operator}
    assert world.cash.supplyLimit() == 0
    with world.refuses("CashSupplyLimitExceeded", 1, 0):
        world.cash.mint(world.holder, 1, sender=world.cash_issuer)


@pytest.mark.parametrize("caller", ["admin", "cash_issuer", "holder", "statutory"])
def test_settings__by_anybody_else__revert(world: World, caller: str) -> None:
    sender = getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        world.cash.setSupplyLimit(1, sender=sender)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.cash.setTrustedSystem(sender, True, sender=sender)


def test_set_trusted_system__on_and_off__is_told(world: World) -> None:
    made = world.cash.setTrustedSystem(world.outsider, True, sender=world.operator)

    assert made.only("TrustedSystemSet") == {
        "system": world.outsider,
        "trusted": True,
        "actor": world.operator,
    }
    assert world.cash.isTrustedSystem(world.outsider)
    world.cash.setTrustedSystem(world.outsider, False, sender=world.operator)
    assert not world.cash.isTrustedSystem(world.outsider)


def test_views__of_the_token__are_those_of_the_deployment(world: World) -> None:
    assert (world.cash.name(), world.cash.symbol(), world.cash.decimals()) == ("Yuan", "CNY", 2)
    batch = world.cash.kind.functions["tryTransferBatch"][0].selector
    for interface, known in ((batch, True), (bytes.fromhex("01ffc9a7"), True), (b"\xff" * 4, False)):
        assert world.cash.supportsInterface(interface) is known
