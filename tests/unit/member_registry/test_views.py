"""member, wordOf, wordsOf, counterparties, hasRoles; and the words rebuilt from the events alone."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.evm.builders import ADMITTED, FOREVER, HOLDER, ISSUER, REMOVED, lei
from tests.evm.chain import Event, Reverted, actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

REASON = b"\x07" * 32


def test_views__of_a_stranger__are_zero(world: World) -> None:
    assert world.registry.wordOf(world.outsider) == 0
    assert world.registry.member(lei(999)).admittedAt == 0
    assert not world.registry.hasRoles(world.outsider, 0)


def test_words__of_two_and_many__are_those_of_each(world: World) -> None:
    people = [world.holder, world.outsider, world.issuer]
    words = [world.registry.wordOf(account) for account in people]

    assert world.registry.counterparties(world.holder, world.outsider) == tuple(words[:2])
    assert world.registry.wordsOf(people) == words
    assert world.registry.wordsOf([]) == []


def test_has_roles__of_several__needs_each(world: World) -> None:
    assert world.registry.hasRoles(world.holder, HOLDER)
    assert not world.registry.hasRoles(world.holder, HOLDER | ISSUER)
    assert world.registry.hasRoles(world.holder, 0), "the account is active"


def replay(classes: dict[bytes, int], words: dict[str, int], event: Event) -> None:
    """One event of the registry: all that an auditor has."""
    if event.name in ("MemberAdmitted", "MemberReclassified"):
        classes[event.lei] = event.arguments["class"]
    elif event.name == "AccountAdmitted":
        verdicts = 1 << classes[event.lei]
        words[event.account] = (
            int.from_bytes(event.lei) << 96
            | ADMITTED << 88
            | verdicts << 64
            | event.roles << 40
            | event.until
        )
    elif event.name == "AccountRolesSet":
        words[event.account] = words[event.account] >> 64 << 64 | event.roles << 40 | event.until
    elif event.name == "AccountStandingSet":
        old = words[event.account]
        roles = 0 if event.standing & REMOVED else old >> 40 & 0xFFFFFF
        words[event.account] = (
            old >> 96 << 96 | event.standing << 88 | event.verdicts << 64 | roles << 40 | old & (2**40 - 1)
        )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("admit", "further", "roles", "suspend", "reinstate", "stop", "resume", "remove", "class", "sync")
        ),
        st.integers(0, 2),
        st.integers(0, 23),
    ),
    max_size=25,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_words__rebuilt_from_events__are_those_of_the_views(
    world: World, acts: list[tuple[str, int, int]]
) -> None:
    """DESIGN promise 1: from the events alone anyone rebuilds members and words."""
    members, registry, sender = [lei(100 + i) for i in range(3)], world.registry, world.registrar
    words, classes = dict[str, int](), dict[bytes, int]()

    with world.sandbox():
        for act, who, number in acts:
            note(f"{act} {who} {number}")
            account = actor(f"account {who}.{number % 2}")
            calls: dict[str, tuple[str, tuple[Any, ...]]] = {
                "admit": ("admitMember", (world.admission(account, number, HOLDER, lei=members[who]),)),
                "further": (
                    "enrolAccount",
                    ({"lei": members[who], "account": account, "roles": ISSUER, "until": FOREVER},),
                ),
                "roles": ("setRoles", (account, number, FOREVER - number)),
                "suspend": ("suspendMember", (members[who], REASON, [account][: number % 3])),
                "reinstate": ("reinstateMember", (members[who], REASON, [account][: number % 3])),
                "stop": ("suspendAccounts", ([account],)),
                "resume": ("reinstateAccounts", ([account],)),
                "remove": ("removeAccounts", ([account],)),
                "class": ("reclassifyMember", (members[who], number, b"DE", [account])),
                "sync": ("sync", ([account],)),
            }
            name, arguments = calls[act]
            try:
                made = registry.do(name, *arguments, sender=sender)
            except Reverted:
                continue
            for event in made.events:
                replay(classes, words, event)
            assert {who: registry.wordOf(who) for who in words} == words, "EVENT-1: words"
