"""One deployed suite for each worker; what a test does to it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sdk.world import PASSPHRASE, START, World, build

from indenture.chain import AnvilNode
from indenture.contracts import Suite
from indenture.sealing import Vault, Work


@pytest.fixture(scope="session")
def shared_world() -> Iterator[World]:
    with AnvilNode(timestamp=START) as node:
        yield build(node)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", PASSPHRASE, create=True, work=Work.MINIMAL)


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    snapshot = shared_world.node.time.snapshot()
    # A suite of its own: what one test has read of its bonds is not there in the next.
    suite = Suite(shared_world.chain, shared_world.deployment)
    yield World(shared_world.node, shared_world.chain, suite, shared_world.senders)
    shared_world.node.time.revert(snapshot)
