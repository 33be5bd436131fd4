"""Deeds that the stories leave undone at their end: what they leave in storage is rebuilt as well."""

from __future__ import annotations

from typing import Any

import pytest
from tests.audit.prove.worlds import Rebuilt
from tests.audit.stage import Story, key, lei

from indenture.chain import Chain, Sender

pytestmark = pytest.mark.integration

OPERATOR, STATUTORY = 1, 2
DAY = 86_400
HASH = b"\5" * 32


class Actor:
    """One of the story who counts his transactions apart: those of the story go on where they were."""

    def __init__(self, story: Story, number: int) -> None:
        self._story = story
        self._sender = Sender(Chain.connect(story.node.url), key(number))
        self.address = self._sender.address

    def do(self, contract: str, function: str, *args: Any) -> None:
        self._story.do(self._sender, contract, function, *args)


@pytest.fixture
def operator(story: Rebuilt, played: Story) -> Actor:
    del story  # what is done is undone with it
    return Actor(played, 0)


def prove_anew(played: Story) -> None:
    rebuilt = Rebuilt.of(played.node, played.deployment)
    counts, findings = rebuilt.prove()
    keeping = len(rebuilt.world.suite.targets)
    assert findings == []
    assert counts.whole == keeping


def test_authority__with_settings_of_every_kind__is_proved(operator: Actor, played: Story) -> None:
    calendar, factory = played.at("BusinessCalendar"), played.at("BondFactory")
    publish = played.call("BusinessCalendar", "publish", b"CN-IB\0\0\0", 2030, 1, 0)
    later = Actor(played, 4)

    operator.do("Authority", "setTargetClosed", calendar, True)
    operator.do("Authority", "setTargetClosed", factory, True)
    operator.do("Authority", "setTargetClosed", factory, False)
    operator.do("Authority", "setTargetAdminDelay", calendar, 3 * DAY)
    operator.do("Authority", "setRoleAdmin", OPERATOR, STATUTORY)
    operator.do("Authority", "setRoleGuardian", STATUTORY, OPERATOR)
    operator.do("Authority", "setGrantDelay", 77, DAY)
    operator.do("Authority", "grantRole", 78, later.address, DAY)
    operator.do("Authority", "grantRole", 78, later.address, 2 * DAY)
    operator.do("Authority", "grantRole", 79, later.address, 0)
    operator.do("Authority", "revokeRole", 79, later.address)
    operator.do("Authority", "setTargetFunctionRole", factory, [publish.data[:4]], 78)
    operator.do("Authority", "labelRole", 78, "a role")
    later.do("Authority", "schedule", factory, publish.data, 0)
    prove_anew(played)

    later.do("Authority", "cancel", later.address, factory, publish.data)
    prove_anew(played)


def test_members__suspended_reclassified_and_removed__are_proved(operator: Actor, played: Story) -> None:
    first, second = (holder.address for holder in played.holders[:2])

    operator.do("MemberRegistry", "suspendMember", lei(10), HASH, [first])
    operator.do("MemberRegistry", "reclassifyMember", lei(11), 5, b"DE", [])
    operator.do("MemberRegistry", "removeAccounts", [second])
    operator.do("MemberRegistry", "setRoles", played.payer.address, 7, 2**40 - 2)

    prove_anew(played)


def test_documents__long_short_and_removed__are_proved(operator: Actor, played: Story) -> None:
    """A string of 32 bytes or more lies elsewhere; what it leaves when a shorter one follows is nothing."""
    issuer = Actor(played, 1)
    names = [bytes([n]) * 32 for n in range(1, 6)]
    for name, length in zip(names, (31, 32, 33, 100, 0), strict=True):
        issuer.do("Bond", "setDocument", name, "x" * length, HASH)
    operator.do("Bond", "setPaused", True)
    prove_anew(played)

    issuer.do("Bond", "setDocument", names[3], "y" * 40, HASH)
    issuer.do("Bond", "setDocument", names[2], "z", HASH)
    issuer.do("Bond", "removeDocument", names[0])
    issuer.do("Bond", "removeDocument", names[4])
    prove_anew(played)


def test_cash__with_other_settings__is_proved(operator: Actor, played: Story) -> None:
    holder = Actor(played, 6)

    operator.do("CashToken", "setSupplyLimit", 2**200)
    operator.do("CashToken", "setTrustedSystem", played.outsider.address, True)
    operator.do("CashToken", "setTrustedSystem", played.at("Offering"), False)
    holder.do("CashToken", "approve", played.wallet, 2**256 - 1)
    holder.do("CashToken", "transfer", played.holders[2].address, 1)

    prove_anew(played)


def test_state__in_the_midst_of_a_story__is_proved(fates: Rebuilt) -> None:
    """A drawing under way, elections that are open, claims of a default."""
    chain = Chain.connect(fates.node.url)
    latest = chain.block_stamp().number

    counts, findings = Rebuilt.of(fates.node, fates.deployment, latest // 2).prove(block=latest // 2)

    assert findings == []
    assert counts.unproved == ()
