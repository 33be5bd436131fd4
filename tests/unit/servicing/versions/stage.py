"""Bonds whose terms holders can change, and proposals to them."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    DAY,
    NO_RIGHTS,
    PERCENT,
    WHOLE,
    day_of,
    months_after,
    year_fraction,
)
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.term.stage import (
    FACE,
    RATE,
    amount,
    instant,
    principal,
    receive,
    to,
    with_rights,
)

#: Due days of eight quarters, and of four that a later maturity would add.
DUE = [months_after(date(2019, 12, 5), 3 * i) for i in range(13)]
CLAUSE, RESOLUTION = b"Condition 5".ljust(32, b"\0"), b"\x0f" * 32
THREE_QUARTERS = 750_000_000
AMENDABLE = NO_RIGHTS.but(amendmentShare=THREE_QUARTERS)
#: A coupon that a resolution may agree.
NEW_RATE = 2 * PERCENT


def amendable(
    world: World,
    holdings: Mapping[str, int] | None = None,
    *,
    rights: Record = AMENDABLE,
    **terms: Any,
) -> Contract:
    """Eight quarters by ACT/360; holders of three quarters of the units can change the terms."""
    return with_rights(world, rights, holdings, **terms)


def terms_of(world: World, bond: Contract, version: int = 0) -> tuple[Record, Record, Record]:
    found: tuple[Record, Record, Record] = world.servicing.termsAt(bond, version)
    return found


def moved(terms: Record, periods: int) -> Record:
    """The same terms with another number of regular quarters."""
    schedule = terms.schedule.but(periods=periods, maturityDay=day_of(DUE[periods]))
    return terms.but(schedule=schedule)


def propose(
    world: World,
    bond: Contract,
    *,
    terms: Record | None = None,
    provisions: Record | None = None,
    rights: Record | None = None,
    sender: str | None = None,
    version: int = 0,
    **amendment: Any,
) -> int:
    """Puts terms to the holders for 30 days; what is not told is as in a version. From period 3 on."""
    made = proposal(
        world,
        bond,
        terms=terms,
        provisions=provisions,
        rights=rights,
        sender=sender,
        version=version,
        **amendment,
    )
    number: int = made.value
    return number


def proposal(
    world: World,
    bond: Contract,
    *,
    terms: Record | None = None,
    provisions: Record | None = None,
    rights: Record | None = None,
    sender: str | None = None,
    version: int = 0,
    effective: date = DUE[2],
    **amendment: Any,
) -> Receipt:
    now_ = terms_of(world, bond, version)
    given = Record(
        effectiveDay=day_of(effective),
        closesAt=world.evm.now + 30 * DAY,
        clause=CLAUSE,
        resolution=RESOLUTION,
    )
    made: Receipt = world.servicing.proposeTerms(
        bond,
        terms or now_[0],
        provisions or now_[1],
        rights or now_[2],
        given.but(**amendment),
        sender=sender or world.issuer,
    )
    return made


def consent(world: World, bond: Contract, number: int, votes: Mapping[str, int]) -> None:
    for holder, units in votes.items():
        world.servicing.elect(bond, number, units, sender=holder)


def enact(world: World, bond: Contract, number: int) -> Receipt:
    made: Receipt = world.servicing.enactTerms(bond, number, sender=world.outsider)
    return made


def change(world: World, bond: Contract, **what: Any) -> Receipt:
    """Proposes, has holder and buyer consent with all they have, enacts, and sets their units free."""
    number = propose(world, bond, **what)
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})
    made = enact(world, bond, number)
    world.servicing.release(bond, number, [world.holder, world.buyer], sender=world.outsider)
    return made


# --- figures, in fractions


def coupon(
    period: int, *, rate: int = RATE, factor: Fraction = Fraction(1), convention: int = ACT_360
) -> Fraction:
    """Interest of one unit for a whole quarter, base units."""
    start, end = DUE[period - 1], DUE[period]
    parts = year_fraction(convention, start, end, 3, (start, end))
    return FACE * factor * Fraction(rate, WHOLE) * parts


def so_far(
    period: int, days: int, *, rate: int = RATE, factor: Fraction = Fraction(1), convention: int = ACT_360
) -> Fraction:
    """Interest of one unit for the first days of a quarter."""
    start, end = DUE[period - 1], DUE[period]
    parts = year_fraction(convention, start, start + timedelta(days=days), 3, (start, end))
    return FACE * factor * Fraction(rate, WHOLE) * parts


__all__ = ["FACE", "RATE", "amount", "instant", "principal", "receive", "to"]
