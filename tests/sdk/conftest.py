"""One deployed suite for each worker; what a test does to it is undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indenture.chain import AnvilNode
from indenture.roles import TradeNonces

from tests.sdk.world import START, World, build


@pytest.fixture(scope="session")
def shared_world() -> Iterator[World]:
    with AnvilNode(timestamp=START) as node:
        yield build(node)


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    snapshot = shared_world.node.time.snapshot()
    shared_world.nonces = TradeNonces(shared_world.suite)
    yield shared_world
    shared_world.node.time.revert(snapshot)
