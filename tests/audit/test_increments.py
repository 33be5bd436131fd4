"""REPLAY-1: a prefix replayed, then the rest, is the whole replayed; a copy goes its own way."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.audit import stage
from tests.audit.lives import Lives

from indenture.audit.findings import Finding
from indenture.audit.probe import Refused
from indenture.audit.replaying import Replay
from indenture.audit.views import probes
from indenture.chain import BlockStamp
from indenture.ledger import Ledger, Suite, ingest

pytestmark = pytest.mark.integration

State = dict[Any, Any]
REFUSED = "refused"


def quiet(step: str, done: int, total: int) -> None:
    del step, done, total


def state(replay: Replay, time: int) -> State:
    """All that the rebuilt world would have the chain answer."""
    world = replay.world
    keys = sorted(world.touched.seen, key=repr)
    return {
        key: [
            (p.function, p.args, REFUSED if isinstance(p.expected, Refused) else p.expected)
            for p in probes(world, key, time)
        ]
        for key in keys
    }


def fresh(told: stage.Story, ledger: Ledger, last: BlockStamp) -> Replay:
    return Replay(told.chain, Suite.of(told.deployment, last.number), ledger, quiet)


def findings(replay: Replay) -> tuple[Finding, ...]:
    return replay.world.findings.in_chain_order()


@pytest.fixture(scope="module", params=["played", "lived", "fated"])
def told(request: pytest.FixtureRequest) -> stage.Story:
    found: stage.Story | Lives = request.getfixturevalue(request.param)
    return found.story if isinstance(found, Lives) else found


def test_replay__prefix_then_rest__is_the_whole(told: stage.Story) -> None:
    last = told.chain.block_stamp()
    rng = random.Random(5)
    with Ledger.open(None, told.deployment) as ledger:
        ingest(ledger, told.chain, to=last)
        whole = fresh(told, ledger, last)
        whole.advance(last, spread=False)
        for cuts in (1, 2, 7):
            blocks = sorted(rng.sample(range(told.deployment.block, last.number), cuts))
            parts = fresh(told, ledger, last)
            for block in blocks:
                parts.advance(BlockStamp(block, "", 0), spread=False)
            parts.advance(last, spread=False)

            assert parts.events == whole.events
            assert findings(parts) == findings(whole) == ()
            assert state(parts, last.timestamp) == state(whole, last.timestamp)


def test_fork__goes_on__leaves_the_first_as_it_was(told: stage.Story) -> None:
    last = told.chain.block_stamp()
    middle = told.chain.block_stamp((told.deployment.block + last.number) // 2)
    with Ledger.open(None, told.deployment) as ledger:
        ingest(ledger, told.chain, to=last)
        first = fresh(told, ledger, last)
        first.advance(middle, spread=False)
        before = state(first, middle.timestamp)

        copy = first.fork()
        copy.advance(last, spread=False)

        assert state(first, middle.timestamp) == before
        first.advance(last, spread=False)
        assert state(first, last.timestamp) == state(copy, last.timestamp)
        assert findings(first) == findings(copy) == ()
