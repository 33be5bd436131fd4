"""admitMember, admitMembers

admitMember
├── caller is neither registrar nor allowed by the Authority -> AccessManagedUnauthorized
├── LEI has a wrong alphabet, length or check digits -> MemberLeiInvalid
├── LEI is that of a member -> MemberAlreadyAdmitted
├── class is 24 or more -> MemberClassInvalid
├── jurisdiction is not two capital letters -> MemberJurisdictionInvalid
├── account is zero -> AccountInvalid
├── account is, or was, an account of any member -> AccountAlreadyAdmitted
├── last second is past -> AccountExpiryPast
├── roles hold REGISTRAR, caller is only a registrar -> AccessManagedUnauthorized
└── else -> member and word are written, two events
admitMembers: one of them is refused -> none is admitted
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ADMITTED,
    BANK,
    COMPANY,
    FOREVER,
    HOLDER,
    ISSUER,
    REGISTRAR,
    lei,
    values_of,
)
from tests.evm.chain import Actor, actor, reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit

NEWCOMER = actor("newcomer")
ZERO = "0x" + "00" * 20


def word(lei: bytes, standing: int, verdicts: int, roles: int, until: int) -> int:
    return int.from_bytes(lei) << 96 | standing << 88 | verdicts << 64 | roles << 40 | until


def test_admit_member__by_a_registrar__writes_member_and_word(world: World) -> None:
    new = world.admission(NEWCOMER, COMPANY, ISSUER | HOLDER)

    made = world.registry.admitMember(new, sender=world.registrar)

    assert world.registry.member(new.lei) == {
        "admittedAt": world.evm.now,
        "class": COMPANY,
        "jurisdiction": b"CN",
        "suspended": False,
    }
    assert world.registry.wordOf(NEWCOMER) == word(new.lei, ADMITTED, 1 << COMPANY, ISSUER | HOLDER, FOREVER)
    assert made.names == ["MemberAdmitted", "AccountAdmitted"]
    assert made.only("MemberAdmitted") == {
        "lei": new.lei,
        "class": COMPANY,
        "jurisdiction": b"CN",
        "actor": world.registrar,
    }
    assert made.only("AccountAdmitted") == {
        "lei": new.lei,
        "account": NEWCOMER,
        "roles": ISSUER | HOLDER,
        "until": FOREVER,
        "actor": world.registrar,
    }


def test_admit_member__by_whom_the_authority_allows__is_admitted(world: World) -> None:
    new = world.admission(NEWCOMER)

    world.registry.admitMember(new, sender=world.operator)

    assert world.registry.hasRoles(NEWCOMER, HOLDER)


@pytest.mark.parametrize("caller", ["outsider", "holder", "issuer", "statutory", "cash_issuer"])
def test_admit_member__by_anybody_else__reverts(world: World, caller: str) -> None:
    new, sender = world.admission(NEWCOMER), getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        world.registry.admitMember(new, sender=sender)

    assert world.registry.wordOf(NEWCOMER) == 0


def test_admit_member__by_a_suspended_registrar__reverts(world: World) -> None:
    new = world.admission(NEWCOMER)
    world.registry.suspendAccounts([world.registrar], sender=world.operator)

    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.admitMember(new, sender=world.registrar)


def test_admit_member__by_an_expired_registrar__reverts(world: World) -> None:
    second = actor("second registrar")
    until = world.evm.now + 10
    world.admit(second, roles=REGISTRAR, until=until, sender=world.operator)
    world.evm.warp(until)
    world.registry.admitMember(world.admission(NEWCOMER), sender=second)
    world.evm.warp(until + 1)

    with world.refuses("AccessManagedUnauthorized", second):
        world.registry.admitMember(world.admission(actor("late")), sender=second)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(b"54930053HGCFWVHYZX43", id="check digit one too high"),
        pytest.param(b"45930053HGCFWVHYZX42", id="two digits swapped"),
        pytest.param(b"54930053hgcfwvhyzx42", id="lower case"),
        pytest.param(b"54930053HGCFWVHYZX4\0", id="nineteen characters"),
        pytest.param(b"54930053HGCFWVHY-X42", id="a dash"),
        pytest.param(b"\0" * 20, id="zeros"),
        pytest.param(b"\xff" * 20, id="no ASCII"),
        pytest.param(b"54930053HGCFWVHYZXAA", id="letters for check digits"),
    ],
)
def test_admit_member__wrong_lei__reverts(world: World, wrong: bytes) -> None:
    """PROPERTIES 9: check digits cannot be passed by."""
    with world.refuses("MemberLeiInvalid", wrong):
        world.registry.admitMember(world.admission(NEWCOMER, lei=wrong), sender=world.registrar)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 10**13), place=st.integers(0, 19), step=st.integers(1, 9))
def test_admit_member__one_digit_of_a_lei_changed__reverts(
    world: World, number: int, place: int, step: int
) -> None:
    """MOD 97-10 finds each single wrong digit."""
    right = lei(number)
    changed = bytearray(right)
    changed[place] = ord(str((right[place] - ord("0") + step) % 10))

    with world.sandbox():
        with reverts("MemberLeiInvalid", bytes(changed)):
            world.registry.admitMember(world.admission(NEWCOMER, lei=bytes(changed)), sender=world.registrar)
        assert int(values_of(right.decode())) % 97 == 1
        world.registry.admitMember(
            world.admission(NEWCOMER, lei=lei(number + 10**13)), sender=world.registrar
        )


def test_admit_member__twice__reverts(world: World) -> None:
    known = world.leis[world.holder]

    with world.refuses("MemberAlreadyAdmitted", known):
        world.registry.admitMember(world.admission(NEWCOMER, lei=known), sender=world.registrar)


def test_admit_member__class_at_the_bound__only_24_is_refused(world: World) -> None:
    world.admit(NEWCOMER, 23)

    assert world.registry.wordOf(NEWCOMER) >> 64 & 0xFFFFFF == 1 << 23
    with world.refuses("MemberClassInvalid", 24):
        world.admit(actor("beyond"), 24)


@pytest.mark.parametrize("wrong", [b"cn", b"C1", b"C\0", b"\0\0", b"[A", b"A@"])
def test_admit_member__jurisdiction_not_two_capitals__reverts(world: World, wrong: bytes) -> None:
    with world.refuses("MemberJurisdictionInvalid", wrong):
        world.admit(NEWCOMER, jurisdiction=wrong)


def test_admit_member__zero_account__reverts(world: World) -> None:
    with world.refuses("AccountInvalid", ZERO):
        world.admit(ZERO)


def test_admit_member__account_of_another_member__reverts_and_admits_no_member(world: World) -> None:
    new = world.admission(world.holder)

    with world.refuses("AccountAlreadyAdmitted", world.holder, world.leis[world.holder]):
        world.registry.admitMember(new, sender=world.registrar)

    assert world.registry.member(new.lei).admittedAt == 0


def test_admit_member__account_that_was_removed__reverts(world: World) -> None:
    world.registry.removeAccounts([world.holder], sender=world.registrar)

    with world.refuses("AccountAlreadyAdmitted", world.holder, world.leis[world.holder]):
        world.admit(world.holder)


def test_admit_member__last_second__only_the_past_is_refused(world: World) -> None:
    world.admit(NEWCOMER, until=world.evm.now)

    assert world.registry.hasRoles(NEWCOMER, HOLDER)
    with world.refuses("AccountExpiryPast", actor("late"), world.evm.now - 1, world.evm.now):
        world.admit(actor("late"), until=world.evm.now - 1)


def test_admit_member__as_registrar_by_a_registrar__reverts(world: World) -> None:
    """Only the Authority makes registrars."""
    new = world.admission(NEWCOMER, roles=REGISTRAR | HOLDER)

    with world.refuses("AccessManagedUnauthorized", world.registrar):
        world.registry.admitMember(new, sender=world.registrar)

    world.registry.admitMember(new, sender=world.operator)
    assert world.registry.hasRoles(NEWCOMER, REGISTRAR)


def test_admit_members__all_right__are_all_admitted(world: World) -> None:
    accounts = [actor(f"new {i}") for i in range(5)]
    batch = [world.admission(account) for account in accounts]

    made = world.registry.admitMembers(batch, sender=world.registrar)

    assert made.names == ["MemberAdmitted", "AccountAdmitted"] * 5
    assert [world.registry.hasRoles(account, HOLDER) for account in accounts] == [True] * 5


@pytest.mark.parametrize("place", [0, 2, 4])
def test_admit_members__one_is_wrong__none_is_admitted(world: World, place: int) -> None:
    accounts: list[Actor] = [actor(f"new {i}") for i in range(5)]
    batch: list[Record] = [world.admission(account) for account in accounts]
    batch[place] = batch[place].but(jurisdiction=b"??")

    with world.refuses("MemberJurisdictionInvalid", b"??"):
        world.registry.admitMembers(batch, sender=world.registrar)

    assert [world.registry.wordOf(account) for account in accounts] == [0] * 5
    assert [world.registry.member(each.lei).admittedAt for each in batch] == [0] * 5


def test_admit_members__the_same_twice__reverts(world: World) -> None:
    new = world.admission(NEWCOMER)

    with world.refuses("MemberAlreadyAdmitted", new.lei):
        world.registry.admitMembers([new, new], sender=world.registrar)


def test_admit_members__by_an_outsider__reverts(world: World) -> None:
    with world.refuses("AccessManagedUnauthorized", world.outsider):
        world.registry.admitMembers([], sender=world.outsider)


def test_admit_members__registrars_in_a_batch_with_a_delayed_role__are_admitted_after_the_delay(
    world: World,
) -> None:
    """PROPERTIES 13: each role can do what the documents say, also when the Authority gives it a delay.

    One scheduled call is one call, whatever number of checks it passes.
    """
    council = actor("council")
    world.authority.grantRole(4, council, 3600, sender=world.admin)
    batch = [world.admission(NEWCOMER, BANK, REGISTRAR)]
    data = world.registry.raw("admitMembers", batch)
    world.authority.schedule(world.registry, data, 0, sender=council)
    world.evm.warp(world.evm.now + 3600)

    world.registry.admitMembers(batch, sender=council)

    assert world.registry.hasRoles(NEWCOMER, REGISTRAR)
