"""enrolAccount, enrolAccounts

├── caller is neither registrar nor allowed by the Authority -> AccessManagedUnauthorized
├── LEI is not that of a member -> MemberUnknown
├── member is suspended -> MemberIsSuspended
├── account zero, taken or past -> as for a member's first account
├── roles hold REGISTRAR, caller is only a registrar -> AccessManagedUnauthorized
└── else -> the word has the member's present class
"""

import pytest
from tests.evm.builders import ADMITTED, BANK, FOREVER, FUND, HOLDER, REGISTRAR, lei
from tests.evm.chain import actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

DESK = actor("second desk")


def admission(world: World, **changes: object) -> dict[str, object]:
    return {"lei": world.leis[world.holder], "account": DESK, "roles": HOLDER, "until": FOREVER} | changes


def test_enrol_account__of_a_member__has_the_members_class(world: World) -> None:
    known = world.leis[world.holder]

    made = world.registry.enrolAccount(admission(world), sender=world.registrar)

    expected = int.from_bytes(known) << 96 | ADMITTED << 88 | 1 << BANK << 64 | HOLDER << 40 | FOREVER
    assert world.registry.wordOf(DESK) == expected
    assert made.names == ["AccountAdmitted"]
    assert made.only("AccountAdmitted") == {
        "lei": known,
        "account": DESK,
        "roles": HOLDER,
        "until": FOREVER,
        "actor": world.registrar,
    }


def test_enrol_account__after_a_reclassification__has_the_new_class(world: World) -> None:
    world.registry.reclassifyMember(world.leis[world.holder], FUND, b"HK", [], sender=world.registrar)

    world.registry.enrolAccount(admission(world), sender=world.registrar)

    assert world.registry.wordOf(DESK) >> 64 & 0xFFFFFF == 1 << FUND


def test_enrol_account__of_no_member__reverts(world: World) -> None:
    with world.refuses("MemberUnknown", lei(999)):
        world.registry.enrolAccount(admission(world, lei=lei(999)), sender=world.registrar)


def test_enrol_account__of_a_suspended_member__reverts(world: World) -> None:
    world.suspend_member(world.holder)

    with world.refuses("MemberIsSuspended", world.leis[world.holder]):
        world.registry.enrolAccount(admission(world), sender=world.registrar)


def test_enrol_account__taken__reverts(world: World) -> None:
    with world.refuses("AccountAlreadyAdmitted", world.buyer, world.leis[world.buyer]):
        world.registry.enrolAccount(admission(world, account=world.buyer), sender=world.registrar)


def test_enrol_account__zero__reverts(world: World) -> None:
    zero = "0x" + "00" * 20
    with world.refuses("AccountInvalid", zero):
        world.registry.enrolAccount(admission(world, account=zero), sender=world.registrar)


def test_enrol_account__past__reverts(world: World) -> None:
    past = world.evm.now - 1
    with world.refuses("AccountExpiryPast", DESK, past, world.evm.now):
        world.registry.enrolAccount(admission(world, until=past), sender=world.registrar)


def test_enrol_account__as_registrar_by_a_registrar__reverts(world: World) -> None:
    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.enrolAccount(admission(world, roles=REGISTRAR), sender=world.registrar)


def test_enrol_account__by_an_outsider__reverts(world: World) -> None:
    with world.refuses("AccessManagedUnauthorized", world.outsider):
        world.registry.enrolAccount(admission(world), sender=world.outsider)


def test_enrol_accounts__one_is_wrong__none_is_admitted(world: World) -> None:
    good, bad = admission(world), admission(world, account=world.buyer)

    with world.refuses("AccountAlreadyAdmitted", world.buyer, world.leis[world.buyer]):
        world.registry.enrolAccounts([good, bad], sender=world.registrar)

    assert world.registry.wordOf(DESK) == 0


def test_enrol_accounts__all_right__are_all_admitted(world: World) -> None:
    desks = [actor(f"desk {i}") for i in range(4)]

    made = world.registry.enrolAccounts(
        [admission(world, account=desk) for desk in desks], sender=world.registrar
    )

    assert made.names == ["AccountAdmitted"] * 4
    assert all(world.registry.hasRoles(desk, HOLDER) for desk in desks)


def test_enrol_accounts__by_an_outsider__reverts(world: World) -> None:
    with world.refuses("AccessManagedUnauthorized", world.outsider):
        world.registry.enrolAccounts([admission(world)], sender=world.outsider)
