"""A Servicing that a bond does not obey: of the same factory, admitted to the cash, with every power but that

It could be paid for the bond, and could never pay anybody out.
"""

from datetime import date
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import PERCENT, day_of
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import SHIBOR, floater, provided, quarterly

pytestmark = pytest.mark.unit


@pytest.fixture
def other(world: World) -> Contract:
    found = world._deploy_servicing()
    world.admit_account(world.leis[world.registrar], found.address, 0)
    world.cash.setTrustedSystem(found, True, sender=world.operator)
    return found


def test_fund__at_another_servicing__takes_no_money(world: World, other: Contract) -> None:
    bond = world.bond()
    world.to_payment(bond)
    world.give_cash(world.paying_agent)

    with world.refuses("ServicingBondUnknown", bond):
        other.fund(bond, 1, sender=world.paying_agent)
    assert (world.cash.balanceOf(other), other.payment(bond, 1).fundedAt) == (0, 0)
    world.servicing.fund(bond, 1, sender=world.paying_agent)


@pytest.mark.parametrize("act", ["fix", "deferInterest"])
def test_fix_or_defer__at_another_servicing__says_nothing(world: World, other: Contract, act: str) -> None:
    """It would be written down there, in events like the real ones."""
    world.benchmark(SHIBOR)
    rights: dict[str, Any] = {"deferral": Record(noticeDays=31, bearsInterest=True)}
    bond = floater(world) if act == "fix" else quarterly(world, provided(**rights))
    world.publish_value(SHIBOR, day_of(date(2019, 12, 3)), PERCENT)

    with world.refuses("ServicingBondUnknown", bond):
        other.do(act, bond, 1, sender=world.issuer)
    world.servicing.do(act, bond, 1, sender=world.issuer)
