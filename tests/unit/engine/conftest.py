"""The suite with the calendars of two markets."""

import pytest
from tests.evm.world import World
from tests.unit.engine.twin import publish_calendars


@pytest.fixture
def market(world: World) -> World:
    publish_calendars(world)
    return world
