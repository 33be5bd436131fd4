"""The suite in memory, deployed once, and given to each test as good as new."""

from collections.abc import Iterator

import pytest
from tests.evm.world import World


@pytest.fixture(scope="session")
def deployed() -> World:
    """The suite, deployed once."""
    return World()


@pytest.fixture
def world(deployed: World) -> Iterator[World]:
    """The suite as it was deployed: what a test does to it is undone."""
    with deployed.sandbox():
        yield deployed
