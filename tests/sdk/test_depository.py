"""The depository: members, calendars, powers of the law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from eth_utils.crypto import keccak
from tests.sdk.world import ISIN, World, key_of, lei_of

from indenture.calendars import load_calendar
from indenture.errors import (
    AccessRefused,
    CalendarRefused,
    CalendarYearMissing,
    IndentureError,
    InputError,
    InvalidDate,
    InvalidIdentifier,
    MembershipRefused,
    UnitsRefused,
)
from indenture.membership import MemberClass, Role
from indenture.models import AccountAdmission, MemberAdmission, Standing
from indenture.roles import Depository

pytestmark = pytest.mark.integration


def admission(actor: str, **changes: Any) -> MemberAdmission:
    plain = MemberAdmission(lei_of(actor), MemberClass.FUND, "CN", key_of(actor).address, Role.HOLDER)
    return replace(plain, **changes)


# Admission


def test_admit_members__more_than_a_batch__all_are_members(world: World) -> None:
    admissions = [admission(f"newcomer {i}") for i in range(120)]

    result = world.depository.admit_members(admissions)

    assert result.count == 120
    assert len(result.transactions) == 3
    member = world.depository.member(admissions[119].lei)
    assert member is not None
    assert (member.member_class, member.jurisdiction, member.suspended) == (MemberClass.FUND, "CN", False)
    accounts = world.suite.registry.accounts([each.account for each in admissions])
    assert all(account is not None and account.roles == Role.HOLDER for account in accounts)


def test_admit_members__none__sends_nothing(world: World) -> None:
    assert world.depository.admit_members([]).transactions == ()


def test_admit_members__with_an_end__holds_until_then(world: World) -> None:
    until = datetime(2020, 1, 1, tzinfo=UTC)

    world.depository.admit_members([admission("visitor", until=until)])

    account = world.suite.registry.account(key_of("visitor").address)
    assert account is not None
    assert account.until == until
    assert account.is_active(until)
    assert not account.is_active(until + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"lei": "54930053HGCFWVHYZX43"}, InvalidIdentifier, "the check digits are 43, expected 42"),
        ({"lei": "5493"}, InvalidIdentifier, "has 4 characters, expected 20"),
        ({"account": "0x1234"}, InvalidIdentifier, "is not an address"),
        (
            {"account": key_of("newcomer").address.swapcase().replace("0X", "0x")},
            InvalidIdentifier,
            "address",
        ),
        ({"jurisdiction": "cn"}, InputError, "is not two capital letters"),
        ({"until": datetime(2020, 1, 1)}, InvalidDate, "has no time zone"),  # noqa: DTZ001
        ({"until": datetime(2019, 1, 1, tzinfo=UTC)}, MembershipRefused, ""),
        ({"account": "0x" + "0" * 40}, MembershipRefused, ""),
    ],
)
def test_admit_members__bad_input__clear_and_nothing_done(
    world: World, changes: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    good, bad = admission("good"), admission("newcomer", **changes)

    with pytest.raises(error) as refused:
        world.depository.admit_members([good, bad])

    assert words in refused.value.message
    assert world.depository.member(good.lei) is None


def test_admit_members__member_already__named_and_nothing_done(world: World) -> None:
    good = admission("good")

    with pytest.raises(MembershipRefused, match="is a member already") as refused:
        world.depository.admit_members([good, admission("x", lei=lei_of("investor 0"))])

    assert refused.value.name == "MemberAlreadyAdmitted"
    assert world.depository.member(good.lei) is None


def test_admit_members__account_of_another__named(world: World) -> None:
    with pytest.raises(MembershipRefused, match="is, or was, an account of member") as refused:
        world.depository.admit_members([admission("x", account=world.account(0))])

    assert refused.value.name == "AccountAlreadyAdmitted"
    assert refused.value.args_by_name["lei"] == lei_of("investor 0")


def test_admit_members__account_twice__refused(world: World) -> None:
    with pytest.raises(InputError, match="is named twice"):
        world.depository.admit_members([admission("x"), admission("y", account=key_of("x").address)])


def test_admit_members__by_an_outsider__refused(world: World) -> None:
    outsider = Depository(world.suite, world.senders["outsider"])

    with pytest.raises(AccessRefused):
        outsider.admit_members([admission("x")])


def test_admit_accounts__further_accounts__are_of_their_member(world: World) -> None:
    accounts = [key_of(f"account {i}").address for i in range(3)]
    lei = lei_of("investor 0")

    world.depository.admit_accounts([AccountAdmission(lei, account, Role.HOLDER) for account in accounts])

    assert world.suite.registry.accounts_of(lei) == [world.account(0), *accounts]


def test_admit_accounts__unknown_member__refused(world: World) -> None:
    with pytest.raises(MembershipRefused) as refused:
        world.depository.admit_accounts(
            [AccountAdmission(lei_of("nobody"), key_of("x").address, Role.HOLDER)]
        )

    assert refused.value.name == "MemberUnknown"


# Roles and standing


def test_set_roles__replaces_roles_and_end(world: World) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)

    world.depository.set_roles(world.account(0), Role.HOLDER | Role.DEALER, until)

    account = world.suite.registry.account(world.account(0))
    assert account is not None
    assert (account.roles, account.until) == (Role.HOLDER | Role.DEALER, until)


def test_suspend_member__all_accounts_follow_and_come_back(world: World) -> None:
    lei, further = lei_of("investor 0"), [key_of(f"account {i}").address for i in range(230)]
    world.depository.admit_accounts([AccountAdmission(lei, account, Role.HOLDER) for account in further])
    world.depository.remove_accounts(further[:1])
    world.depository.suspend_accounts(further[1:2])

    suspended = world.depository.suspend_member(lei, "order 2019-14")

    assert suspended.accounts == 230
    assert len(suspended.further) == 1
    standings = [account.standing for account in world.suite.registry.accounts(further) if account]
    assert standings[0] == Standing.ADMITTED | Standing.REMOVED
    assert standings[1] == Standing.ADMITTED | Standing.MEMBER_SUSPENDED | Standing.ACCOUNT_SUSPENDED
    assert set(standings[2:]) == {Standing.ADMITTED | Standing.MEMBER_SUSPENDED}
    member = world.depository.member(lei)
    assert member is not None
    assert member.suspended

    world.depository.reinstate_member(lei, "order 2019-31")

    standings = [account.standing for account in world.suite.registry.accounts(further) if account]
    assert standings[1] == Standing.ADMITTED | Standing.ACCOUNT_SUSPENDED
    assert set(standings[2:]) == {Standing.ADMITTED}


def test_suspend_member__reason__is_the_hash_of_the_text(world: World) -> None:
    lei = lei_of("investor 0")

    world.depository.suspend_member(lei, "because")

    (event,) = world.suite.registry.events("MemberSuspended")
    assert event["reason"] == keccak(text="because")


@pytest.mark.parametrize(
    ("lei", "reason", "error"),
    [
        (lei_of("investor 0"), "  ", InputError),
        (lei_of("investor 0"), b"short", InputError),
        (lei_of("nobody"), "because", MembershipRefused),
        ("nonsense", "because", InvalidIdentifier),
    ],
)
def test_suspend_member__bad_input__refused(
    world: World, lei: str, reason: str | bytes, error: type[IndentureError]
) -> None:
    with pytest.raises(error):
        world.depository.suspend_member(lei, reason)


def test_suspend_member__twice__refused(world: World) -> None:
    world.depository.suspend_member(lei_of("investor 0"), "because")

    with pytest.raises(MembershipRefused) as refused:
        world.depository.suspend_member(lei_of("investor 0"), "because")

    assert refused.value.name == "MemberStandingUnchanged"


def test_reclassify_member__accounts_get_the_new_verdict(world: World) -> None:
    world.depository.reclassify_member(lei_of("investor 0"), MemberClass.NATURAL_PERSON, "FR")

    account, member = (
        world.suite.registry.account(world.account(0)),
        world.depository.member(lei_of("investor 0")),
    )
    assert account is not None
    assert member is not None
    assert account.verdicts == 1 << MemberClass.NATURAL_PERSON
    assert (member.member_class, member.jurisdiction) == (MemberClass.NATURAL_PERSON, "FR")


def test_remove_accounts__again__refused(world: World) -> None:
    world.depository.remove_accounts([world.account(0)])

    with pytest.raises(MembershipRefused) as refused:
        world.depository.remove_accounts([world.account(0)])

    assert refused.value.name == "AccountIsRemoved"


@pytest.mark.parametrize("act", ["suspend_accounts", "reinstate_accounts", "remove_accounts"])
def test_accounts__none_or_one_twice__refused(world: World, act: str) -> None:
    do: Callable[[list[str]], object] = getattr(world.depository, act)

    with pytest.raises(InputError, match="no account"):
        do([])
    with pytest.raises(InputError, match="named twice"):
        do([world.account(0)] * 2)


# Calendars


def test_publish_calendar__published_already__sends_nothing(world: World) -> None:
    result = world.depository.publish_calendar(load_calendar("CN-IB"), [2019, 2020])

    assert result.count == 0


def test_publish_calendar__change_of_days_to_come__new_version(world: World) -> None:
    calendar = load_calendar("CN-IB")
    changed = replace(calendar, years={**calendar.years, 2025: calendar.bitmap(2025) ^ 1 << 200})

    result = world.depository.publish_calendar(changed, [2024, 2025])

    assert result.count == 1
    published = world.suite.calendar.year("CN-IB", 2025)
    assert (published.bitmap, published.version) == (changed.bitmap(2025), 2)


def test_publish_calendar__change_of_a_past_day__refused(world: World) -> None:
    calendar = load_calendar("CN-IB")
    changed = replace(calendar, years={2019: calendar.bitmap(2019) ^ 1})

    with pytest.raises(CalendarRefused) as refused:
        world.depository.publish_calendar(changed, [2019])

    assert refused.value.name == "CalendarDayPast"


def test_publish_calendar__year_without_data__refused(world: World) -> None:
    with pytest.raises(CalendarYearMissing):
        world.depository.publish_calendar(load_calendar("CN-IB"), [2099])


# Powers of the law


def test_freeze__units__cannot_move_until_unfrozen(world: World) -> None:
    world.issue()
    holder = world.investor(0)
    held = holder.holding(ISIN).units

    world.depository.freeze(ISIN, holder.account, held - 100)

    assert holder.holding(ISIN).free == 100
    with pytest.raises(UnitsRefused, match="100 may move, 101 are needed"):
        holder.transfer(ISIN, world.account(1), 101)
    world.depository.unfreeze(ISIN, holder.account)
    holder.transfer(ISIN, world.account(1), 101)
    assert holder.holding(ISIN).units == held - 101


def test_freeze__all__also_what_is_still_to_come(world: World) -> None:
    world.issue()
    holder = world.investor(0)
    world.depository.freeze(ISIN, holder.account)

    world.investor(1).transfer(ISIN, holder.account, 500)

    assert holder.holding(ISIN).free == 0
    assert holder.holding(ISIN).frozen == holder.holding(ISIN).units


def test_forced_transfer__from_a_suspended_member__moves(world: World) -> None:
    world.issue()
    world.depository.suspend_member(lei_of("investor 0"), "court order 7")
    before = world.bond.balance_of(world.account(1))

    world.depository.forced_transfer(ISIN, world.account(0), world.account(1), 1_000)

    assert world.bond.balance_of(world.account(1)) == before + 1_000


def test_forced_transfer__to_an_outsider__refused(world: World) -> None:
    world.issue()

    with pytest.raises(MembershipRefused, match="is not an account of a member"):
        world.depository.forced_transfer(ISIN, world.account(0), world.outsider.account, 1_000)


def test_pause__stops_transfers__unpause_lets_them_go_on(world: World) -> None:
    world.issue()

    world.depository.pause(ISIN)

    assert world.bond.book().paused
    with pytest.raises(IndentureError) as refused:
        world.investor(0).transfer(ISIN, world.account(1), 1)
    assert refused.value.name == "BondPaused"  # type: ignore[attr-defined]
    world.depository.unpause(ISIN)
    world.investor(0).transfer(ISIN, world.account(1), 1)


@pytest.mark.parametrize("act", ["pause", "unpause"])
def test_power__by_an_investor__refused(world: World, act: str) -> None:
    world.issue()

    with pytest.raises(AccessRefused):
        getattr(Depository(world.suite, world.senders["investor 0"]), act)(ISIN)


def test_freeze__unknown_bond__refused(world: World) -> None:
    with pytest.raises(InputError, match="there is no bond CND1000BOC15"):
        world.depository.freeze(ISIN, world.account(0), 1)
    with pytest.raises(InvalidIdentifier, match="check digit"):
        world.depository.freeze("CND1000BOC16", world.account(0), 1)
