"""suspendMember, reinstateMember, suspendAccounts, reinstateAccounts, removeAccounts, reclassifyMember, sync

suspendMember, reinstateMember
├── LEI is not that of a member -> MemberUnknown
├── standing is as asked already -> MemberStandingUnchanged
├── an account is unknown, removed, of another -> AccountUnknown, AccountIsRemoved, AccountOfOtherMember
└── else -> member and the named accounts change; the others follow by sync
suspendAccounts, reinstateAccounts, removeAccounts
├── an account is unknown or removed -> AccountUnknown, AccountIsRemoved
└── else -> one bit changes; a removed account has no roles, no verdicts, and no way back
reclassifyMember: class and jurisdiction as at admission
sync: by anyone, only what the member's slot says
"""

import pytest
from tests.evm.builders import (
    ACCOUNT_SUSPENDED,
    ADMITTED,
    BANK,
    FOREVER,
    FUND,
    HOLDER,
    MEMBER_SUSPENDED,
    REGISTRAR,
    REMOVED,
    lei,
)
from tests.evm.chain import actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

REASON = b"\x07" * 32
DESK = actor("second desk")


def standing(world: World, account: str) -> int:
    return int(world.registry.wordOf(account)) >> 88 & 0xFF


def verdicts(world: World, account: str) -> int:
    return int(world.registry.wordOf(account)) >> 64 & 0xFFFFFF


def test_suspend_member__with_its_accounts__stops_those_named(world: World) -> None:
    known = world.leis[world.holder]
    world.admit_account(known, DESK)

    made = world.registry.suspendMember(known, REASON, [world.holder], sender=world.registrar)

    assert made.names == ["MemberSuspended", "AccountStandingSet"]
    assert made.only("MemberSuspended") == {"lei": known, "reason": REASON, "actor": world.registrar}
    assert made.only("AccountStandingSet") == {
        "lei": known,
        "account": world.holder,
        "standing": ADMITTED | MEMBER_SUSPENDED,
        "verdicts": 1 << BANK,
        "actor": world.registrar,
    }
    assert world.registry.member(known).suspended
    assert not world.registry.hasRoles(world.holder, HOLDER)
    assert world.registry.hasRoles(DESK, HOLDER), "accounts left out follow by sync"


def test_sync__of_an_account_left_out__by_an_outsider__follows_the_member(world: World) -> None:
    known = world.leis[world.holder]
    world.admit_account(known, DESK)
    world.registry.suspendMember(known, REASON, [], sender=world.registrar)

    made = world.registry.sync([DESK, world.holder], sender=world.outsider)

    assert made.names == ["AccountStandingSet"] * 2
    assert [event.actor for event in made.events] == [world.outsider] * 2
    assert standing(world, DESK) == standing(world, world.holder) == ADMITTED | MEMBER_SUSPENDED


def test_sync__of_an_account_in_order__changes_nothing(world: World) -> None:
    before = world.registry.wordOf(world.holder)

    world.registry.sync([world.holder], sender=world.outsider)

    assert world.registry.wordOf(world.holder) == before


def test_sync__of_a_suspended_account__does_not_lift_its_own_suspension(world: World) -> None:
    world.suspend(world.holder)

    world.registry.sync([world.holder], sender=world.holder)

    assert standing(world, world.holder) == ADMITTED | ACCOUNT_SUSPENDED


def test_sync__of_a_stranger__reverts(world: World) -> None:
    with world.refuses("AccountUnknown", world.outsider):
        world.registry.sync([world.outsider], sender=world.outsider)


def test_sync__of_a_removed_account__reverts(world: World) -> None:
    world.registry.removeAccounts([world.holder], sender=world.registrar)

    with world.refuses("AccountIsRemoved", world.holder):
        world.registry.sync([world.holder], sender=world.outsider)


@pytest.mark.parametrize("act", ["suspendMember", "reinstateMember"])
def test_suspend_member__unknown__reverts(world: World, act: str) -> None:
    with world.refuses("MemberUnknown", lei(999)):
        world.registry.do(act, lei(999), REASON, [], sender=world.registrar)


def test_suspend_member__twice__reverts(world: World) -> None:
    known = world.leis[world.holder]
    world.suspend_member(world.holder)

    with world.refuses("MemberStandingUnchanged", known):
        world.registry.suspendMember(known, REASON, [], sender=world.registrar)


def test_reinstate_member__not_suspended__reverts(world: World) -> None:
    known = world.leis[world.holder]
    with world.refuses("MemberStandingUnchanged", known):
        world.registry.reinstateMember(known, REASON, [], sender=world.registrar)


def test_reinstate_member__with_its_accounts__lets_them_act_again(world: World) -> None:
    known = world.leis[world.holder]
    before = world.registry.wordOf(world.holder)
    world.suspend_member(world.holder)

    made = world.registry.reinstateMember(known, REASON, [world.holder], sender=world.registrar)

    assert made.names == ["MemberReinstated", "AccountStandingSet"]
    assert made.only("MemberReinstated") == {"lei": known, "reason": REASON, "actor": world.registrar}
    assert world.registry.wordOf(world.holder) == before
    assert not world.registry.member(known).suspended


def test_reinstate_member__account_suspended_too__stays_suspended(world: World) -> None:
    known = world.leis[world.holder]
    world.suspend(world.holder)
    world.suspend_member(world.holder)
    assert standing(world, world.holder) == ADMITTED | ACCOUNT_SUSPENDED | MEMBER_SUSPENDED

    world.registry.reinstateMember(known, REASON, [world.holder], sender=world.registrar)

    assert standing(world, world.holder) == ADMITTED | ACCOUNT_SUSPENDED


def test_reinstate_accounts__member_suspended__stays_suspended(world: World) -> None:
    world.suspend_member(world.holder)

    world.registry.reinstateAccounts([world.holder], sender=world.registrar)

    assert standing(world, world.holder) == ADMITTED | MEMBER_SUSPENDED


@pytest.mark.parametrize("act", ["suspendMember", "reinstateMember", "reclassifyMember"])
def test_member_acts__account_of_another_member__reverts(world: World, act: str) -> None:
    """PROPERTIES 13: nobody can act on another's accounts by naming them."""
    known = world.leis[world.holder]
    if act == "reinstateMember":
        world.suspend_member(world.holder)
    details = (FUND, b"CN") if act == "reclassifyMember" else (REASON,)

    with world.refuses("AccountOfOtherMember", world.buyer, world.leis[world.buyer], known):
        world.registry.do(act, known, *details, [world.buyer], sender=world.registrar)


def test_suspend_member__unknown_account__reverts(world: World) -> None:
    with world.refuses("AccountUnknown", world.outsider):
        world.registry.suspendMember(
            world.leis[world.holder], REASON, [world.outsider], sender=world.registrar
        )


def test_suspend_accounts__of_some__stops_just_those(world: World) -> None:
    made = world.registry.suspendAccounts([world.holder, world.buyer], sender=world.registrar)

    assert made.names == ["AccountStandingSet"] * 2
    assert standing(world, world.holder) == standing(world, world.buyer) == ADMITTED | ACCOUNT_SUSPENDED
    assert standing(world, world.spender) == ADMITTED


@pytest.mark.parametrize("act", ["suspendAccounts", "reinstateAccounts", "removeAccounts"])
def test_account_acts__a_stranger_among_them__reverts(world: World, act: str) -> None:
    with world.refuses("AccountUnknown", world.outsider):
        world.registry.do(act, [world.holder, world.outsider], sender=world.registrar)


@pytest.mark.parametrize("act", ["suspendAccounts", "reinstateAccounts", "removeAccounts"])
def test_account_acts__a_removed_one__reverts(world: World, act: str) -> None:
    world.registry.removeAccounts([world.holder], sender=world.registrar)

    with world.refuses("AccountIsRemoved", world.holder):
        world.registry.do(act, [world.holder], sender=world.registrar)


def test_remove_accounts__of_a_holder__leaves_no_roles_and_no_verdicts(world: World) -> None:
    bond = world.lone_bond()

    made = world.registry.removeAccounts([world.holder], sender=world.registrar)

    assert made.only("AccountStandingSet") == {
        "lei": world.leis[world.holder],
        "account": world.holder,
        "standing": ADMITTED | REMOVED,
        "verdicts": 0,
        "actor": world.registrar,
    }
    assert world.registry.wordOf(world.holder) >> 40 & 0xFFFFFFFFFFFF == 0
    assert bond.balanceOf(world.holder) == 100, "what it holds stays its own"


@pytest.mark.parametrize("act", ["suspendAccounts", "reinstateAccounts"])
def test_standing__of_a_registrar_by_a_registrar__reverts(world: World, act: str) -> None:
    second = actor("second registrar")
    world.admit(second, roles=REGISTRAR, sender=world.operator)

    with world.refuses("AccessManagedUnauthorized", second):
        getattr(world.registry, act)([world.registrar], sender=second)


def test_suspend_accounts__of_a_registrar_by_the_authority__suspends_it(world: World) -> None:
    world.registry.suspendAccounts([world.registrar], sender=world.operator)

    assert not world.registry.hasRoles(world.registrar, REGISTRAR)


def test_remove_accounts__of_a_registrar_by_a_registrar__reverts(world: World) -> None:
    """«Only so is the REGISTRAR role granted or taken»: a registrar cannot rid itself of the others.

    PROPERTIES 10: no role can change what another role owns.
    """
    second = actor("second registrar")
    world.admit(second, roles=REGISTRAR, sender=world.operator)

    with world.refuses("AccessManagedUnauthorized", second):
        world.registry.removeAccounts([world.registrar], sender=second)


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        ("suspendMember", (REASON, [])),
        ("reinstateMember", (REASON, [])),
        ("reclassifyMember", (FUND, b"CN", [])),
    ],
)
def test_member_acts__by_an_outsider__reverts(world: World, act: str, arguments: tuple[object, ...]) -> None:
    with world.refuses("AccessManagedUnauthorized", world.outsider):
        world.registry.do(act, world.leis[world.holder], *arguments, sender=world.outsider)


@pytest.mark.parametrize("act", ["suspendAccounts", "reinstateAccounts", "removeAccounts"])
def test_account_acts__by_an_outsider__reverts(world: World, act: str) -> None:
    with world.refuses("AccessManagedUnauthorized", world.outsider):
        world.registry.do(act, [world.holder], sender=world.outsider)


def test_reclassify_member__with_an_account__changes_its_verdict(world: World) -> None:
    known = world.leis[world.holder]
    world.admit_account(known, DESK)

    made = world.registry.reclassifyMember(known, FUND, b"HK", [world.holder], sender=world.registrar)

    assert made.names == ["MemberReclassified", "AccountStandingSet"]
    assert made.only("MemberReclassified") == {
        "lei": known,
        "class": FUND,
        "jurisdiction": b"HK",
        "actor": world.registrar,
    }
    assert (verdicts(world, world.holder), verdicts(world, DESK)) == (1 << FUND, 1 << BANK)
    world.registry.sync([DESK], sender=world.outsider)
    assert verdicts(world, DESK) == 1 << FUND


def test_reclassify_member__bad_class_or_jurisdiction__reverts(world: World) -> None:
    known = world.leis[world.holder]
    with world.refuses("MemberClassInvalid", 24):
        world.registry.reclassifyMember(known, 24, b"CN", [], sender=world.registrar)
    with world.refuses("MemberJurisdictionInvalid", b"x!"):
        world.registry.reclassifyMember(known, BANK, b"x!", [], sender=world.registrar)
    with world.refuses("MemberUnknown", lei(999)):
        world.registry.reclassifyMember(lei(999), BANK, b"CN", [], sender=world.registrar)


def test_suspension__of_a_member__keeps_roles_and_end(world: World) -> None:
    until = world.evm.now + 50
    world.registry.setRoles(world.holder, HOLDER, until, sender=world.registrar)

    world.suspend_member(world.holder)
    world.registry.reinstateMember(world.leis[world.holder], REASON, [world.holder], sender=world.registrar)

    assert int(world.registry.wordOf(world.holder)) & (2**64 - 1) == HOLDER << 40 | until
    world.evm.warp(until + 1)
    assert not world.registry.hasRoles(world.holder, HOLDER)
    assert until < FOREVER
