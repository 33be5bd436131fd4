"""Bonds whose payments are missed, and what a unit is owed then, by figures of their own."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.evm.artefacts import Record
from tests.evm.builders import BANK, DAY, NO_RIGHTS, PERCENT, WHOLE, date_of, day_of, defaults
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.actions.stage import DUE, FACE, RATE, acting, earned
from tests.unit.servicing.stage import WEEKDAYS, instant, to

#: Five days of grace, 7.3 % a year (20,000,000 billionths in a hundred days), a quarter of the units.
TERMS = defaults(penaltyRate=73 * PERCENT // 10)
ATTO = 10**18
DOCUMENT = b"\x0e" * 32


def owing(
    world: World,
    holdings: Mapping[Any, int] | None = None,
    *,
    terms: Record = TERMS,
    rights: Record | None = None,
    **changes: Any,
) -> Contract:
    """Eight quarters; holder and buyer have 100 and 50 units, unless told otherwise."""
    return acting(world, holdings, rights=(rights or NO_RIGHTS).but(defaults=terms), **changes)


def missed_at(period: int, grace: int = 5) -> int:
    """Unix time from which a payment of such a bond is missed."""
    return instant(rolled(DUE[period])) + (grace + 1) * DAY


def rolled(day: date) -> date:
    while not WEEKDAYS.is_open(day):
        day += timedelta(days=1)
    return day


def noticed(world: World, bond: Contract, elections: Mapping[Any, int], period: int = 1) -> int:
    """Notices of a default by its holders, as soon as the payment is missed."""
    world.evm.warp(max(world.evm.now, missed_at(period)))
    number: int = world.servicing.noticeDefault(bond, bond, period, 0, sender=world.outsider).value
    for who, units in elections.items():
        world.servicing.elect(bond, number, units, sender=who)
    return number


def made_due(world: World, bond: Contract, day: date, period: int = 1) -> int:
    """Accelerated on a day by the holder's units; the number of the notice."""
    number = noticed(world, bond, {world.holder: bond.balanceOf(world.holder)}, period)
    to(world, day)
    world.servicing.accelerate(bond, number, sender=world.outsider)
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    return number


def recover(
    world: World,
    bond: Contract,
    amount: int,
    record: date,
    *,
    final: bool = False,
    sender: Any = None,
) -> Receipt:
    payer = sender or (world.statutory if final else world.paying_agent)
    if payer == world.statutory:
        if str(payer) not in world.leis:
            world.admit(payer, BANK, 0)  # to hold cash
        world.give_cash(payer)
    made: Receipt = world.servicing.fundRecovery(bond, amount, day_of(record), final, DOCUMENT, sender=payer)
    return made


def distribute(world: World, bond: Contract, record: int, *holders: str) -> Receipt:
    """Moves to the day on which a recovery is paid, and pays it."""
    days = bond.paymentDays(record)
    world.evm.warp(max(world.evm.now, days.payTime))
    bond.advance(sender=world.outsider)
    made: Receipt = (
        world.servicing.redeem(bond, list(holders), sender=world.outsider)
        if world.servicing.payment(bond, record).isLast
        else world.servicing.pay(bond, record, list(holders), sender=world.outsider)
    )
    return made


def business_day_after(day: date) -> date:
    return rolled(day + timedelta(days=1))


def today(world: World) -> date:
    """In the bond's zone."""
    return date_of((world.evm.now + 8 * 3600) // DAY)


# --- figures, in fractions


def atto(amount: Fraction) -> int:
    """Base units times 1e18, rounded down."""
    return int(amount * ATTO)


def penalty_share(start: date, end: date, rate: int = TERMS.penaltyRate) -> int:
    return min(rate * max(0, (end - start).days) // 365, 100 * WHOLE)


def claim_of(
    missed: Sequence[int],
    period: int,
    due_day: date,
    day: date,
    *,
    rate: int = RATE,
    face: int = FACE,
    penalty: int = TERMS.penaltyRate,
) -> tuple[int, int]:
    """What a unit is owed: missed coupons, the one that ran, its face; and interest on each since its day."""
    owed = [(atto(earned(DUE[each - 1], DUE[each], rate, face)), rolled(DUE[each])) for each in missed]
    owed.append((atto(earned(DUE[period - 1], due_day, rate, face)) + face * ATTO, due_day))
    return (
        sum(amount for amount, _ in owed),
        sum(amount * penalty_share(start, day, penalty) // WHOLE for amount, start in owed),
    )
