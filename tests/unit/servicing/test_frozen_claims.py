"""transferClaim: what is due on frozen units does not leave through a claim

The holder's hundred units are frozen after the record date, so that their payment is to be kept. An
accomplice sells him a hundred free ones; he sells them back, by a trade that both date before the record.
"""

from datetime import date
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import HOUR
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

BEFORE, RECORD = date(2020, 12, 3), date(2020, 12, 4)
COUPON = 325


@pytest.fixture
def bond(world: World) -> Contract:
    """An hour after its books were closed, and the free units are with the holder."""
    found = world.bond({world.holder: 100, world.buyer: 100})
    for account in (world.holder, world.buyer):
        world.give_cash(account, 10**7)
    to(world, RECORD, 18 * HOUR)
    found.advance(sender=world.outsider)
    return found


def sell_back(world: World, bond: Contract, **changes: Any) -> Record:
    """A hundred units from the holder to his accomplice, as if agreed before the record."""
    dated = {"tradedAt": instant(BEFORE, 12 * HOUR), "mostAccrued": 10**6, "units": 100}
    return world.clean_trade(bond, world.holder, world.buyer, **(dated | changes))


def bring_in(world: World, bond: Contract) -> None:
    """The accomplice sells the holder his free units."""
    trade = world.trade(bond, world.buyer, world.holder, units=100, sellerNonce=1, buyerNonce=1)
    world.settle(trade, world.buyer, world.holder)


@pytest.mark.parametrize("frozen", [1, 100])
@pytest.mark.parametrize("is_funded", [False, True])
def test_claim__frozen_seller__cannot_give_his_payment_away(
    world: World, bond: Contract, is_funded: bool, frozen: int
) -> None:
    world.freeze(bond, world.holder, frozen)
    bring_in(world, bond)
    if is_funded:
        world.fund(bond)
    trade = sell_back(world, bond)

    with world.refuses("ClaimFrozen", bond, world.holder, frozen):
        world.settle_clean(trade, world.holder, world.buyer)

    world.to_payment(bond)
    if not is_funded:
        world.fund(bond)
    before = world.cash.balanceOf(world.buyer)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    assert world.servicing.claimedBy(bond, 1, world.buyer) == 0
    assert world.cash.balanceOf(world.buyer) - before == 100 * COUPON, "of his own units of record"
    assert world.servicing.keptFor(bond, world.holder) == frozen * COUPON


def test_claim__frozen_in_between__cannot_hand_on_what_he_claims(world: World, bond: Contract) -> None:
    """What he bought himself, and has not been paid, stays with him as well."""
    bought = world.clean_trade(
        bond, world.buyer, world.holder, tradedAt=instant(BEFORE, 12 * HOUR), mostAccrued=10**6, units=100
    )
    world.settle_clean(bought, world.buyer, world.holder)
    world.freeze(bond, world.holder, 7)

    with world.refuses("ClaimFrozen", bond, world.holder, 7):
        world.settle_clean(sell_back(world, bond, sellerNonce=2, buyerNonce=2), world.holder, world.buyer)

    assert world.servicing.claimedBy(bond, 1, world.holder) == 100


def test_claim__seller_whose_units_were_released__gives_it_by_the_same_trade(
    world: World, bond: Contract
) -> None:
    """The refusal used no nonce up."""
    world.freeze(bond, world.holder, 100)
    bring_in(world, bond)
    trade = sell_back(world, bond)
    with world.refuses("ClaimFrozen", bond, world.holder, 100):
        world.settle_clean(trade, world.holder, world.buyer)
    world.freeze(bond, world.holder, 0)

    made = world.settle_clean(trade, world.holder, world.buyer)

    assert made.only("ClaimTransferred").units == 100


def test_claim__frozen_seller_whose_payment_is_kept__pays_the_buyer_himself(
    world: World, bond: Contract
) -> None:
    """After the payment there is nothing to claim: it comes off the price, and what was kept stays."""
    world.freeze(bond, world.holder, 100)
    bring_in(world, bond)
    world.ready(bond)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)

    made = world.settle_clean(sell_back(world, bond), world.holder, world.buyer)

    assert made.only("ClaimSettled").amount == 100 * COUPON
    assert world.servicing.keptFor(bond, world.holder) == 100 * COUPON
    assert world.servicing.claimedBy(bond, 1, world.buyer) == 0
