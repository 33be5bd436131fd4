"""OwnerWallet: execute, isValidSignature

execute
├── caller is not the owner -> WalletCallerRefused
├── the callee refuses -> its error
└── else -> the callee sees the wallet as its caller
isValidSignature: the magic value for the owner's signature of the digest, 0xffffffff for anything else
"""

import pytest
from eth_utils.crypto import keccak
from tests.evm.builders import FUND, HOLDER
from tests.evm.chain import Contract, reverts
from tests.evm.signing import compact, malleated, sign
from tests.evm.world import World

pytestmark = pytest.mark.unit

DIGEST = keccak(text="what is signed")
VALID, INVALID = bytes.fromhex("1626ba7e"), b"\xff" * 4


@pytest.fixture
def wallet(world: World) -> Contract:
    found = world.deploy("OwnerWallet", world.holder)
    world.admit(found, FUND, HOLDER)
    return found


def test_execute__by_the_owner__acts_as_the_wallet(world: World, wallet: Contract) -> None:
    bond = world.lone_bond({wallet.address: 100})

    wallet.execute(bond, bond.raw("transfer", world.buyer, 40), sender=world.holder)

    assert (bond.balanceOf(wallet.address), bond.balanceOf(world.buyer)) == (60, 40)


@pytest.mark.parametrize("caller", ["outsider", "buyer", "admin"])
def test_execute__by_anybody_else__reverts(world: World, wallet: Contract, caller: str) -> None:
    bond, sender = world.lone_bond({wallet.address: 100}), getattr(world, caller)

    with world.refuses("WalletCallerRefused", sender):
        wallet.execute(bond, bond.raw("transfer", sender, 40), sender=sender)


def test_execute__refused_by_the_callee__reverts_with_its_error(world: World, wallet: Contract) -> None:
    bond = world.lone_bond({wallet.address: 100})

    with world.refuses("ERC20InsufficientBalance", wallet, 100, 101):
        wallet.execute(bond, bond.raw("transfer", world.buyer, 101), sender=world.holder)


def test_is_valid_signature__of_the_owner__is_the_magic_value(world: World, wallet: Contract) -> None:
    signature = sign(world.holder, DIGEST)

    assert wallet.isValidSignature(DIGEST, signature) == VALID
    for wrong in (
        sign(world.buyer, DIGEST),
        malleated(signature),
        compact(signature),
        b"",
        signature + b"\0",
    ):
        assert wallet.isValidSignature(DIGEST, wrong) == INVALID
    assert wallet.isValidSignature(keccak(text="something else"), signature) == INVALID
    with reverts(""):
        world.evm.send(world.outsider, wallet.address, b"\1\2\3\4")
