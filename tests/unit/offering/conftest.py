"""Bidders and underwriters with money, and a tender that is sold."""

import pytest
from tests.evm.tender import Tender
from tests.evm.world import World

PAR = 10_000


@pytest.fixture(autouse=True)
def _money(world: World) -> None:
    for account in (*world.investors, *world.underwriters):
        world.give_cash(account)


@pytest.fixture
def sold(world: World) -> Tender:
    """Published at par: 300, 367 and 133 units of 800 for three investors; a fourth won nothing."""
    made = world.open_tender(offered=800)
    first, second, third, fourth = world.investors[:4]
    made.bid(first, (10_020, 200), (10_010, 100))
    made.bid(second, (10_020, 100), (PAR, 400))
    made.bid(third, (PAR, 200))
    made.bid(fourth, (9_990, 300))
    made.finish()
    assert [sum(made.won(each)) for each in world.investors[:4]] == [300, 367, 133, 0]
    made.to("settlesFrom")
    return made
