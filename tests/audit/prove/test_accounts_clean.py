"""The state of the stories, proved under the state root of their last block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.audit.prove.worlds import Rebuilt, header_at
from tests.audit.stage import Story

from indenture.audit.prove.accounts import prove_accounts
from indenture.audit.prove.proofs import MOST_SLOTS, Proven, Wanted, ask_proofs
from indenture.chain import Chain
from indenture.chain.rpc import Rpc
from indenture.errors import NodeRefused
from indenture.ledger.suite import BOND_PARTS, DELEGATES, SINGLE

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", ["played_world", "lived_world", "fated_world"])
def test_story__as_it_was_told__is_proved_to_the_last_slot(name: str, request: pytest.FixtureRequest) -> None:
    rebuilt: Rebuilt = request.getfixturevalue(name)
    world = rebuilt.world
    versions = sum(len(register.life.versions) for register in world.bonds.values())
    keeping = len(SINGLE) + len(world.cash) + len(world.bonds) + versions

    counts, findings = rebuilt.prove()

    assert findings == []
    assert counts.whole == keeping
    assert counts.accounts == counts.code == keeping + len(DELEGATES) + len(BOND_PARTS)
    assert counts.slots > 300
    assert counts.unproved == ()


def test_story__at_an_earlier_block__is_proved_where_the_node_keeps_it(played: Story) -> None:
    """What this node keeps beside words are zeros; those of now are not those of then."""
    latest = played.chain.block_stamp().number

    rebuilt = Rebuilt.of(played.node, played.deployment, latest - 60)
    counts, findings = rebuilt.prove(block=latest - 60)

    assert findings == []
    assert counts.whole >= len(SINGLE) + len(rebuilt.world.cash)


class Forgetful(Rpc):
    """A node that keeps no state but the newest, or knows no proofs at all."""

    def batch(self, calls: Sequence[Any], **options: Any) -> list[Any]:
        return [
            NodeRefused(method, -32000, "missing trie node") if method == "eth_getProof" else answer
            for (method, _), answer in zip(calls, super().batch(calls, **options), strict=True)
        ]


def test_node__that_proves_no_accounts__is_said_and_is_no_finding(played_world: Rebuilt) -> None:
    chain = Chain(Forgetful(played_world.node.url), 31337)

    counts, findings = played_world.prove(chain)

    assert findings == []
    assert (counts.accounts, counts.slots, counts.code, counts.whole) == (0, 0, 0, 0)
    (text,) = counts.unproved
    assert "missing trie node" in text
    assert "Audit up to the newest block, or ask an archive node" in text


def test_proofs__of_an_address_that_nobody_used__show_that(played_world: Rebuilt) -> None:
    chain = Chain.connect(played_world.node.url)

    (answer,) = ask_proofs(chain, header_at(chain), [Wanted("0x" + "12" * 20, (0, 2**256 - 1))])

    assert isinstance(answer, Proven)
    assert answer.account.nonce == answer.account.balance == 0
    assert answer.words == (None, None)


def test_proofs__of_as_many_slots_as_one_request_may_ask_for__are_given(played_world: Rebuilt) -> None:
    chain = Chain.connect(played_world.node.url)
    cash = next(iter(played_world.world.cash))

    (answer,) = ask_proofs(chain, header_at(chain), [Wanted(cash, tuple(range(MOST_SLOTS)))])

    assert isinstance(answer, Proven)
    assert answer.words[2] == played_world.world.cash[cash].supply


def test_code__that_is_not_the_releases__is_found_whatever_the_deployment_says(
    played_world: Rebuilt,
) -> None:
    chain = Chain.connect(played_world.node.url)
    servicing = played_world.world.suite.one("Servicing").address
    world = played_world.copy().world
    release = {servicing: "0x" + "11" * 32, "0x" + "12" * 20: "0x" + "13" * 32}

    prove_accounts(chain, played_world.deployment, world, header_at(chain), release=release)

    (finding,) = world.findings.in_chain_order()
    assert (finding.kind, finding.contract) == ("PROVE-6", f"Servicing {servicing}")
    assert finding.expected == "0x" + "11" * 32


def test_progress__of_a_proof__ends_with_all_accounts(played_world: Rebuilt) -> None:
    chain = Chain.connect(played_world.node.url)
    told: list[tuple[str, int, int]] = []

    counts = prove_accounts(
        chain, played_world.deployment, played_world.world, header_at(chain), lambda *step: told.append(step)
    )

    assert told[0] == ("proving accounts", 0, counts.accounts)
    assert told[-1] == ("proving accounts", counts.accounts, counts.accounts)
