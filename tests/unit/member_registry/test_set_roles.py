"""setRoles

├── caller is neither registrar nor allowed by the Authority -> AccessManagedUnauthorized
├── account is unknown -> AccountUnknown
├── account is removed -> AccountIsRemoved
├── REGISTRAR is given or taken, caller is only a registrar -> AccessManagedUnauthorized
├── last second is past -> AccountExpiryPast
└── else -> roles and end are replaced; class and standing stay
"""

import pytest
from tests.evm.builders import FOREVER, HOLDER, ISSUER, REGISTRAR
from tests.evm.chain import actor
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_set_roles__of_an_account__replaces_roles_and_end(world: World) -> None:
    until = world.evm.now + 100
    before = world.registry.wordOf(world.holder)

    made = world.registry.setRoles(world.holder, ISSUER, until, sender=world.registrar)

    assert world.registry.wordOf(world.holder) == before >> 64 << 64 | ISSUER << 40 | until
    assert made.names == ["AccountRolesSet"]
    assert made.only("AccountRolesSet") == {
        "lei": world.leis[world.holder],
        "account": world.holder,
        "roles": ISSUER,
        "until": until,
        "actor": world.registrar,
    }


def test_set_roles__at_the_last_second__roles_hold_until_then(world: World) -> None:
    until = world.evm.now + 100
    world.registry.setRoles(world.holder, HOLDER, until, sender=world.registrar)

    world.evm.warp(until)
    assert world.registry.hasRoles(world.holder, HOLDER)
    world.evm.warp(until + 1)
    assert not world.registry.hasRoles(world.holder, HOLDER)


def test_set_roles__of_a_suspended_account__stays_suspended(world: World) -> None:
    world.suspend(world.holder)

    world.registry.setRoles(world.holder, HOLDER | ISSUER, FOREVER, sender=world.registrar)

    assert not world.registry.hasRoles(world.holder, HOLDER)


def test_set_roles__of_a_stranger__reverts(world: World) -> None:
    with world.refuses("AccountUnknown", world.outsider):
        world.registry.setRoles(world.outsider, HOLDER, FOREVER, sender=world.registrar)


def test_set_roles__of_a_removed_account__reverts(world: World) -> None:
    world.registry.removeAccounts([world.holder], sender=world.registrar)

    with world.refuses("AccountIsRemoved", world.holder):
        world.registry.setRoles(world.holder, HOLDER, FOREVER, sender=world.registrar)


def test_set_roles__past__reverts(world: World) -> None:
    past = world.evm.now - 1
    with world.refuses("AccountExpiryPast", world.holder, past, world.evm.now):
        world.registry.setRoles(world.holder, HOLDER, past, sender=world.registrar)


def test_set_roles__registrar_given_by_a_registrar__reverts(world: World) -> None:
    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.setRoles(world.holder, HOLDER | REGISTRAR, FOREVER, sender=world.registrar)


def test_set_roles__registrar_taken_by_a_registrar__reverts(world: World) -> None:
    second = actor("second registrar")
    world.admit(second, roles=REGISTRAR, sender=world.operator)

    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.setRoles(second, HOLDER, FOREVER, sender=world.registrar)
    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.setRoles(second, REGISTRAR, world.evm.now, sender=world.registrar)


def test_set_roles__registrar_given_by_the_authority__is_given(world: World) -> None:
    world.registry.setRoles(world.holder, REGISTRAR, FOREVER, sender=world.operator)

    assert world.registry.hasRoles(world.holder, REGISTRAR)


def test_set_roles__registrar_given_with_a_delayed_role__is_given_after_the_delay(world: World) -> None:
    """PROPERTIES 13: one scheduled call is one call, whatever number of checks it passes."""
    council = actor("council")
    world.authority.grantRole(4, council, 3600, sender=world.admin)
    data = world.registry.raw("setRoles", world.holder, REGISTRAR, FOREVER)
    world.authority.schedule(world.registry, data, 0, sender=council)
    world.evm.warp(world.evm.now + 3600)

    world.registry.setRoles(world.holder, REGISTRAR, FOREVER, sender=council)

    assert world.registry.hasRoles(world.holder, REGISTRAR)


@pytest.mark.parametrize("caller", ["outsider", "holder", "issuer"])
def test_set_roles__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.registry.setRoles(sender, HOLDER | ISSUER, FOREVER, sender=sender)
