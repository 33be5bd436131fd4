"""The base of a price index: so large that no index makes a ratio that cannot be stored"""

from datetime import date

import pytest
from tests.evm import builders
from tests.evm.builders import INFLATION, LEVEL, WHOLE, day_of
from tests.evm.chain import Contract, fixed
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, provided, quarterly, to

pytestmark = pytest.mark.unit


def linker(world: World, base: int) -> Contract:
    """Without interpolation: the first ratio is that of December."""
    index = builders.inflation(interpolated=False, places=9, base=base)
    return quarterly(world, provided(inflation=index), {}, kind=INFLATION)


@pytest.mark.parametrize("base", [1, WHOLE - 1])
def test_register__base_below_one_point__reverts(world: World, base: int) -> None:
    with world.refuses("BondTermInvalid", fixed("inflation", 32)):
        linker(world, base)


def test_fix__largest_index_on_the_smallest_base__fits(world: World) -> None:
    bond = linker(world, WHOLE)
    world.benchmark("CPI", LEVEL)
    to(world, DUE[0])
    world.publish_value("CPI", day_of(date(2019, 12, 1)), 2**63 - 1)

    assert world.fix(bond, 1).indexRatio == 2**63 - 1
