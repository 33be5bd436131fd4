"""transfer, transferFrom, approve, permit, tryTransferBatch

transfer, transferFrom
├── a side is no active member -> CashAccountRefused
├── too little cash, allowance -> ERC20InsufficientBalance, ERC20InsufficientAllowance
├── the spender is a trusted system -> no allowance is needed or used
└── else -> cash moves
tryTransferBatch
├── lists differ in length or pass 256 -> CashBatchInvalid
├── sender is no active member -> CashAccountRefused
├── too little cash -> ERC20InsufficientBalance
└── else -> each active receiver gets his amount; the bits say who
"""

import pytest
from tests.evm.chain import Actor, actor
from tests.evm.signing import domain, permit_digest, recovered, sign
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.fixture
def payer(world: World) -> Actor:
    world.give_cash(world.holder, 1000)
    return world.holder


def test_transfer__between_members__moves_cash(world: World, payer: Actor) -> None:
    made = world.cash.transfer(world.buyer, 300, sender=payer)

    assert made.value is True
    assert made.only("Transfer") == {"from": payer, "to": world.buyer, "value": 300}
    assert (world.cash.balanceOf(payer), world.cash.balanceOf(world.buyer)) == (700, 300)


def test_transfer__more_than_there_is__reverts(world: World, payer: Actor) -> None:
    with world.refuses("ERC20InsufficientBalance", payer, 1000, 1001):
        world.cash.transfer(world.buyer, 1001, sender=payer)


def test_transfer__to_or_by_a_stranger__reverts(world: World, payer: Actor) -> None:
    with world.refuses("CashAccountRefused", world.outsider):
        world.cash.transfer(world.outsider, 1, sender=payer)
    with world.refuses("CashAccountRefused", world.outsider):
        world.cash.transfer(payer, 0, sender=world.outsider)
    with world.refuses("CashAccountRefused", "0x" + "00" * 20):
        world.cash.transfer("0x" + "00" * 20, 1, sender=payer)


@pytest.mark.parametrize("side", ["payer", "receiver"])
@pytest.mark.parametrize("why", ["account suspended", "member suspended", "removed", "expired"])
def test_transfer__a_side_is_not_active__reverts(world: World, payer: Actor, side: str, why: str) -> None:
    """PROPERTIES 14: a blocked account's money leaves by no path."""
    subject = payer if side == "payer" else world.buyer
    world.cash.approve(world.spender, 500, sender=payer)
    if why == "account suspended":
        world.suspend(subject)
    elif why == "member suspended":
        world.suspend_member(subject)
    elif why == "removed":
        world.registry.removeAccounts([subject], sender=world.registrar)
    else:
        world.registry.setRoles(subject, 1, world.evm.now, sender=world.registrar)
        world.evm.warp(world.evm.now + 1)

    with world.refuses("CashAccountRefused", subject):
        world.cash.transfer(world.buyer, 1, sender=payer)
    with world.refuses("CashAccountRefused", subject):
        world.cash.transferFrom(payer, world.buyer, 1, sender=world.spender)


def test_transfer_from__within_the_allowance__lowers_it(world: World, payer: Actor) -> None:
    world.cash.approve(world.spender, 500, sender=payer)

    world.cash.transferFrom(payer, world.buyer, 200, sender=world.spender)

    assert world.cash.allowance(payer, world.spender) == 300
    assert world.cash.balanceOf(world.buyer) == 200
    with world.refuses("ERC20InsufficientAllowance", world.spender, 300, 301):
        world.cash.transferFrom(payer, world.buyer, 301, sender=world.spender)


def test_transfer_from__by_a_trusted_system__needs_and_uses_no_allowance(world: World, payer: Actor) -> None:
    system = actor("trusted system")
    world.cash.setTrustedSystem(system, True, sender=world.operator)
    world.cash.approve(system, 5, sender=payer)

    world.cash.transferFrom(payer, world.buyer, 200, sender=system)

    assert world.cash.allowance(payer, system) == 5
    world.cash.setTrustedSystem(system, False, sender=world.operator)
    with world.refuses("ERC20InsufficientAllowance", system, 5, 6):
        world.cash.transferFrom(payer, world.buyer, 6, sender=system)


def test_permit__signed_by_the_owner__approves_once(world: World, payer: Actor) -> None:
    deadline = world.evm.now + 60
    message = permit_digest(domain("Yuan", world.cash), payer, world.spender, 50, 0, deadline)
    signature = sign(payer, message)
    parts = (signature[64], signature[:32], signature[32:64])

    made = world.cash.permit(payer, world.spender, 50, deadline, *parts, sender=world.outsider)

    assert made.names == ["PermitUsed", "Approval"]
    assert made.only("PermitUsed") == {"owner": payer, "nonce": 0}
    assert world.cash.allowance(payer, world.spender) == 50
    with world.refuses("ERC2612ExpiredSignature", world.evm.now - 1):
        world.cash.permit(payer, world.spender, 50, world.evm.now - 1, *parts, sender=world.outsider)
    assert world.cash.nonces(payer) == 1
    again = permit_digest(domain("Yuan", world.cash), payer, world.spender, 50, 1, deadline)
    with world.refuses("ERC2612InvalidSigner", recovered(again, signature), payer):
        world.cash.permit(payer, world.spender, 50, deadline, *parts, sender=world.outsider)


def test_try_transfer_batch__some_not_active__pays_the_others(world: World, payer: Actor) -> None:
    """PROPERTIES 5: one blocked payee never delays another."""
    world.suspend(world.buyer)
    receivers = [world.spender, world.buyer, world.outsider, world.investors[0], world.spender, payer]

    made = world.cash.tryTransferBatch(receivers, [10, 20, 30, 0, 40, 50], sender=payer)

    assert made.value == 0b110001
    assert made.names == ["Transfer"] * 3
    assert (world.cash.balanceOf(payer), world.cash.balanceOf(world.spender)) == (950, 50)
    assert world.cash.balanceOf(world.buyer) == 0


def test_try_transfer_batch__lists_differ__reverts(world: World, payer: Actor) -> None:
    with world.refuses("CashBatchInvalid", 1, 2):
        world.cash.tryTransferBatch([world.buyer], [1, 2], sender=payer)


def test_try_transfer_batch__of_256__is_the_most(world: World, payer: Actor) -> None:
    made = world.cash.tryTransferBatch([world.buyer] * 256, [1] * 256, sender=payer)

    assert made.value == 2**256 - 1
    assert world.cash.balanceOf(world.buyer) == 256
    with world.refuses("CashBatchInvalid", 257, 257):
        world.cash.tryTransferBatch([world.buyer] * 257, [1] * 257, sender=payer)


def test_try_transfer_batch__too_little_cash__reverts(world: World, payer: Actor) -> None:
    with world.refuses("ERC20InsufficientBalance", payer, 400, 401):
        world.cash.tryTransferBatch([world.buyer, world.spender], [600, 401], sender=payer)


def test_try_transfer_batch__by_one_not_active__reverts(world: World, payer: Actor) -> None:
    world.suspend(payer)

    with world.refuses("CashAccountRefused", payer):
        world.cash.tryTransferBatch([world.buyer], [1], sender=payer)


def test_try_transfer_batch__empty__moves_nothing(world: World, payer: Actor) -> None:
    assert world.cash.tryTransferBatch([], [], sender=payer).value == 0
