"""The stories, rebuilt once; what a test writes into them is undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.audit.lives import Lives
from tests.audit.lying import LyingNode, truth, whole
from tests.audit.prove.bare import Bare
from tests.audit.prove.worlds import Rebuilt
from tests.audit.stage import Story

from indenture.chain import AnvilNode
from indenture.ledger import Ledger


@pytest.fixture(scope="session")
def played_world(played: Story) -> Rebuilt:
    return Rebuilt.of(played.node, played.deployment)


@pytest.fixture(scope="session")
def lived_world(lived: Lives) -> Rebuilt:
    return Rebuilt.of(lived.story.node, lived.story.deployment)


@pytest.fixture(scope="session")
def fated_world(fated: Lives) -> Rebuilt:
    return Rebuilt.of(fated.story.node, fated.story.deployment)


@pytest.fixture
def story(played_world: Rebuilt) -> Iterator[Rebuilt]:
    """The first story, to be falsified."""
    yield from _restored(played_world)


@pytest.fixture
def lives(lived_world: Rebuilt) -> Iterator[Rebuilt]:
    """The second one, to be falsified."""
    yield from _restored(lived_world)


@pytest.fixture
def fates(fated_world: Rebuilt) -> Iterator[Rebuilt]:
    """The third one, to be falsified."""
    yield from _restored(fated_world)


def _restored(rebuilt: Rebuilt) -> Iterator[Rebuilt]:
    snapshot = rebuilt.node.time.snapshot()
    yield rebuilt
    rebuilt.node.time.revert(snapshot)


@pytest.fixture(scope="session")
def bare() -> Iterator[Bare]:
    """Blocks with logs of a suite, and little else."""
    with AnvilNode() as node:
        yield Bare.on(node)


@pytest.fixture(scope="session")
def _bare_liar(bare: Bare) -> Iterator[LyingNode]:
    with LyingNode(bare.chain.rpc.full_url) as node:
        yield node


@pytest.fixture
def bare_liar(_bare_liar: LyingNode) -> Iterator[LyingNode]:
    """A node before them; it tells the truth until a test gives it a lie."""
    yield _bare_liar
    _bare_liar.lie, _bare_liar.spoil = truth, whole


@pytest.fixture(scope="session")
def _bare_ledger(bare: Bare) -> Iterator[Ledger]:
    with bare.ledger() as ledger:
        ledger.con.execute("CREATE TABLE true_log AS FROM log")
        ledger.con.execute("CREATE TABLE true_block AS FROM block")
        yield ledger


@pytest.fixture
def bare_ledger(_bare_ledger: Ledger) -> Iterator[Ledger]:
    """Their logs, to be falsified."""
    yield _bare_ledger
    _bare_ledger.con.execute("DELETE FROM proof")
    _bare_ledger.con.execute("DELETE FROM log")
    _bare_ledger.con.execute("INSERT INTO log FROM true_log")
    _bare_ledger.con.execute("DELETE FROM block")
    _bare_ledger.con.execute("INSERT INTO block FROM true_block")
