"""permit(owner, spender, value, deadline, v, r, s) and permit(…, bytes)

├── deadline is past -> BondPermitExpired
├── signature is another's, for another value, nonce, contract, chain or spender -> BondPermitSignatureInvalid
├── signature is compact, malleated, cut short, empty -> BondPermitSignatureInvalid
├── owner may not approve -> as for approve
└── else -> as approve, and the owner's nonce is used
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.builders import FUND, HOLDER
from tests.evm.chain import CHAIN_ID, Contract, Receipt, actor
from tests.evm.signing import compact, domain, malleated, permit_digest, sign
from tests.evm.world import World

pytestmark = pytest.mark.unit

Permit = Callable[[Contract, str, str, int, int, bytes], Receipt]


def in_parts(
    bond: Contract, owner: str, spender: str, value: int, deadline: int, signature: bytes
) -> Receipt:
    r, s, v = signature[:32], signature[32:64], signature[64]
    made: Receipt = bond.permit(owner, spender, value, deadline, v, r, s, sender=actor("relayer"))
    return made


def in_bytes(
    bond: Contract, owner: str, spender: str, value: int, deadline: int, signature: bytes
) -> Receipt:
    made: Receipt = bond.permit(owner, spender, value, deadline, signature, sender=actor("relayer"))
    return made


both_forms = pytest.mark.parametrize("permit", [in_parts, in_bytes])


def signed(world: World, bond: Contract, value: int, deadline: int, **changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "chain": CHAIN_ID,
        "contract": bond,
        "name": "Indenture Bond",
        "signer": world.holder,
        "owner": world.holder,
        "spender": world.spender,
        "nonce": bond.nonces(world.holder),
    } | changes
    separator = domain(fields["name"], fields["contract"], fields["chain"])
    message = permit_digest(separator, fields["owner"], fields["spender"], value, fields["nonce"], deadline)
    return sign(fields["signer"], message)


@both_forms
def test_permit__signed_by_the_owner__approves_and_uses_the_nonce(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60

    made = permit(bond, world.holder, world.spender, 25, deadline, signed(world, bond, 25, deadline))

    assert made.names == ["PermitUsed", "Approval"]
    assert made.only("PermitUsed") == {"owner": world.holder, "nonce": 0}
    assert made.only("Approval") == {"owner": world.holder, "spender": world.spender, "value": 25}
    assert bond.allowance(world.holder, world.spender) == 25
    assert bond.nonces(world.holder) == 1


@both_forms
def test_permit__at_the_deadline__only_a_second_later_is_refused(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)
    world.evm.warp(deadline + 1)

    with world.refuses("BondPermitExpired", deadline):
        permit(bond, world.holder, world.spender, 25, deadline, signature)

    later = signed(world, bond, 25, world.evm.now)
    permit(bond, world.holder, world.spender, 25, world.evm.now, later)


@both_forms
def test_permit__used_twice__reverts(world: World, permit: Permit) -> None:
    """PROPERTIES 16: each signature usable once."""
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)
    permit(bond, world.holder, world.spender, 25, deadline, signature)

    with world.refuses("BondPermitSignatureInvalid", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline, signature)


@both_forms
@pytest.mark.parametrize("what", ["signer", "chain", "contract", "name", "spender", "nonce", "owner"])
def test_permit__made_for_something_else__reverts(world: World, permit: Permit, what: str) -> None:
    """PROPERTIES 16: by its signer, for its purpose, on its chain. PROPERTIES 15: for its contract."""
    bond, deadline = world.lone_bond(), world.evm.now + 60
    other: dict[str, Any] = {
        "signer": world.buyer,
        "chain": CHAIN_ID + 1,
        "contract": world.lone_bond(),
        "name": "Yuan",
        "spender": world.buyer,
        "nonce": 1,
        "owner": world.buyer,
    }
    signature = signed(world, bond, 25, deadline, **{what: other[what]})

    with world.refuses("BondPermitSignatureInvalid", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline, signature)


@both_forms
def test_permit__for_another_value_or_deadline__reverts(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)

    with world.refuses("BondPermitSignatureInvalid", world.holder):
        permit(bond, world.holder, world.spender, 26, deadline, signature)
    with world.refuses("BondPermitSignatureInvalid", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline + 1, signature)


@both_forms
def test_permit__malleated__reverts(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = malleated(signed(world, bond, 25, deadline))

    with world.refuses("BondPermitSignatureInvalid", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline, signature)


@pytest.mark.parametrize("spoil", [compact, lambda s: s[:64], lambda s: s + b"\0", lambda s: s[:0]])
def test_permit__signature_of_another_length__reverts(world: World, spoil: Callable[[bytes], bytes]) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = spoil(signed(world, bond, 25, deadline))

    with world.refuses("BondPermitSignatureInvalid", world.holder):
        in_bytes(bond, world.holder, world.spender, 25, deadline, signature)


@both_forms
def test_permit__of_zero_by_nobody__reverts(world: World, permit: Permit) -> None:
    """A signature that recovers to nobody is not the zero address's."""
    bond, deadline, zero = world.lone_bond(), world.evm.now + 60, "0x" + "00" * 20

    with world.refuses("BondPermitSignatureInvalid", zero):
        permit(bond, zero, world.spender, 25, deadline, b"\0" * 64 + b"\x1b")


@both_forms
def test_permit__front_run_by_a_stranger__leaves_the_user_the_allowance(world: World, permit: Permit) -> None:
    """PROPERTIES 15: who has his permit used by a stranger has just what he asked for."""
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)

    permit(bond, world.holder, world.spender, 25, deadline, signature)

    bond.transferFrom(world.holder, world.buyer, 25, sender=world.spender)
    assert bond.balanceOf(world.buyer) == 25


@both_forms
def test_permit__by_a_frozen_holder__reverts_and_keeps_the_nonce(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)
    world.freeze(bond, world.holder, 2**256 - 1)

    with world.refuses("BondHolderFrozen", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline, signature)


@both_forms
def test_permit__while_paused_or_suspended__reverts(world: World, permit: Permit) -> None:
    bond, deadline = world.lone_bond(), world.evm.now + 60
    signature = signed(world, bond, 25, deadline)
    world.suspend(world.holder)
    with world.refuses("ERC7943CannotSend", world.holder):
        permit(bond, world.holder, world.spender, 25, deadline, signature)

    world.pause(bond)
    with world.refuses("BondPaused"):
        permit(bond, world.holder, world.spender, 25, deadline, signature)


def test_permit__by_a_contract_wallet__is_checked_by_it(world: World) -> None:
    wallet = world.deploy("ContractWallet", world.holder)
    world.admit(wallet, FUND, HOLDER)
    bond, deadline = world.lone_bond({wallet.address: 100}), world.evm.now + 60
    separator = domain("Indenture Bond", bond)
    message = permit_digest(separator, wallet.address, world.spender, 25, 0, deadline)

    in_bytes(bond, wallet.address, world.spender, 25, deadline, sign(world.holder, message))

    assert bond.allowance(wallet.address, world.spender) == 25
    with world.refuses("BondPermitSignatureInvalid", wallet):
        in_bytes(bond, wallet.address, world.spender, 25, deadline, sign(world.holder, message))


@pytest.mark.parametrize("mode", [2, 3, 4], ids=["refuses", "reverts", "answers four bytes"])
def test_permit__contract_wallet_does_not_confirm__reverts(world: World, mode: int) -> None:
    wallet = world.deploy("ContractWallet", world.holder)
    world.admit(wallet, FUND, HOLDER)
    bond, deadline = world.lone_bond({wallet.address: 100}), world.evm.now + 60
    message = permit_digest(domain("Indenture Bond", bond), wallet.address, world.spender, 25, 0, deadline)
    wallet.setMode(mode, sender=world.holder)

    with world.refuses("BondPermitSignatureInvalid", wallet):
        in_bytes(bond, wallet.address, world.spender, 25, deadline, sign(world.holder, message))


@both_forms
def test_permit__account_with_code_and_key__its_key_is_enough(world: World, permit: Permit) -> None:
    """As with EIP-7702: the key of an account stays a key when the account has code."""
    account, wallet = actor("account with code and key"), world.deploy("ContractWallet", world.buyer)
    world.admit(account, FUND, HOLDER)
    bond, deadline = world.lone_bond({account: 100}), world.evm.now + 60
    world.evm.place(account, wallet)

    signature = signed(world, bond, 25, deadline, signer=account, owner=account)
    permit(bond, account, world.spender, 25, deadline, signature)

    assert bond.allowance(account, world.spender) == 25


def test_domain__of_a_clone__names_the_clone_and_the_chain(world: World) -> None:
    """PROPERTIES 15: the domain has the chain and the contract; ERC-5267 tells it."""
    bond, other = world.lone_bond(), world.lone_bond()

    assert bond.DOMAIN_SEPARATOR() == domain("Indenture Bond", bond)
    assert other.DOMAIN_SEPARATOR() == domain("Indenture Bond", other)
    assert bond.eip712Domain() == (
        b"\x0f",
        "Indenture Bond",
        "1",
        CHAIN_ID,
        bond.address,
        b"\0" * 32,
        [],
    )
