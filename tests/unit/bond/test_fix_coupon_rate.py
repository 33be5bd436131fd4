"""fixCouponRate

├── caller is not the Offering -> BondCallerRefused
├── coupon is sealed in the terms, or was fixed before -> BondCouponFixed
├── the rate is the one that says «to be fixed» -> BondCouponFixed
└── else -> fixed for ever, CouponFixed; the terms say it
"""

import pytest
from tests.evm.builders import DAY, RATE, TO_BE_FIXED
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.fixture
def bond(world: World) -> Contract:
    """Takes its coupon from a stand-in of the Offering."""
    return world.register(lone=True, couponRate=TO_BE_FIXED)


@pytest.mark.parametrize("rate", [0, 1, 32_500_000, TO_BE_FIXED - 1])
def test_fix_coupon_rate__open_coupon__is_in_the_terms_from_then_on(
    world: World, bond: Contract, rate: int
) -> None:
    sealed = bond.terms()
    assert sealed.couponRate == TO_BE_FIXED

    made = bond.fixCouponRate(rate, sender=world.issuing)

    assert made.names == ["CouponFixed"]
    assert made.only("CouponFixed") == {"rate": rate}
    assert bond.terms() == sealed.but(couponRate=rate), "and nothing else has changed"


@pytest.mark.parametrize("rate", [0, 32_500_000, 33_000_000])
def test_fix_coupon_rate__fixed_before__reverts(world: World, bond: Contract, rate: int) -> None:
    """A coupon of zero is a coupon, too."""
    bond.fixCouponRate(rate, sender=world.issuing)

    for again in (rate, 0, 1, 34_000_000, TO_BE_FIXED):
        with world.refuses("BondCouponFixed", rate):
            bond.fixCouponRate(again, sender=world.issuing)
    assert bond.terms().couponRate == rate


@pytest.mark.parametrize("sealed", [0, 32_500_000, TO_BE_FIXED - 1])
def test_fix_coupon_rate__sealed_in_the_terms__reverts(world: World, sealed: int) -> None:
    """DESIGN promise 5: what is sealed stays."""
    bond = world.register(lone=True, couponRate=sealed)

    with world.refuses("BondCouponFixed", sealed):
        bond.fixCouponRate(33_000_000, sender=world.issuing)


def test_fix_coupon_rate__at_the_rate_that_means_open__reverts(world: World, bond: Contract) -> None:
    """Else it would be fixed, and could be fixed again."""
    with world.refuses("BondCouponFixed", TO_BE_FIXED):
        bond.fixCouponRate(TO_BE_FIXED, sender=world.issuing)
    bond.fixCouponRate(33_000_000, sender=world.issuing)


@pytest.mark.parametrize(
    "caller", ["issuer", "bookrunner", "admin", "statutory", "settling", "paying", "holder"]
)
def test_fix_coupon_rate__by_anybody_else__reverts(world: World, bond: Contract, caller: str) -> None:
    sender = getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        bond.fixCouponRate(33_000_000, sender=sender)
    fixed = world.lone_bond()
    with world.refuses("BondCallerRefused", sender):
        fixed.fixCouponRate(33_000_000, sender=sender)


def test_fix_coupon_rate__of_the_implementation__reverts(world: World) -> None:
    """Its terms are nobody's: there is no clone's code to read them from."""
    with world.refuses("BondCallerRefused", world.issuer):
        world.implementation.fixCouponRate(1, sender=world.issuer)


def test_fix_coupon_rate__of_one_bond__is_not_that_of_another(world: World, bond: Contract) -> None:
    other = world.register(lone=True, couponRate=TO_BE_FIXED)

    bond.fixCouponRate(33_000_000, sender=world.issuing)

    assert other.terms().couponRate == TO_BE_FIXED
    other.fixCouponRate(34_000_000, sender=world.issuing)
    assert (bond.terms().couponRate, other.terms().couponRate) == (33_000_000, 34_000_000)


def test_fix_coupon_rate__while_paused__is_done(world: World, bond: Contract) -> None:
    """A pause stops units, not a result that is published."""
    world.pause(bond)

    bond.fixCouponRate(33_000_000, sender=world.issuing)

    assert bond.terms().couponRate == 33_000_000


def test_fix_coupon_rate__tendered_bond__pays_the_tendered_coupon(world: World) -> None:
    tender = world.open_tender(basis=RATE)
    for account in world.investors[:2]:
        world.give_cash(account)
    tender.bid(world.investors[0], (31_000_000, 600))
    tender.bid(world.investors[1], (31_700_000, 400))
    tender.finish()
    tender.settle()
    bond = tender.bond

    world.ready(bond)
    world.servicing.pay(bond, 1, list(world.investors[:2]), sender=world.outsider)

    assert world.servicing.amountOf(bond, 1, 600) == (600 * 317, 0)
    assert world.servicing.payment(bond, 1).paid == 1000 * 317


def test_fix_coupon_rate__until_it_is_fixed__no_payment_can_be_due(world: World) -> None:
    """Nothing is issued before the coupon is known, so nothing is owed at a coupon of 429 %."""
    tender = world.open_tender(basis=RATE)
    world.evm.warp(world.evm.now + DAY)

    assert tender.bond.totalSupply() == 0
    assert tender.bond.terms().couponRate == TO_BE_FIXED
