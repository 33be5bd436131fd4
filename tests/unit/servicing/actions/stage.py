"""Bonds whose holders have events, and what a unit of them is paid, by figures of their own."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ALL_CLASSES,
    BANK,
    COMPANY,
    DAY,
    ELIGIBLE,
    FOREVER,
    HOLDER,
    ISSUER,
    NO_PROVISIONS,
    NO_RIGHTS,
    WHOLE,
    day_of,
    put_right,
)
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.stage import to

#: Issue and due days of eight quarters; those of September and December 2020 are Saturdays.
DUE = [date(2019 + (11 + 3 * i) // 12, (11 + 3 * i) % 12 + 1, 5) for i in range(9)]
FACE, RATE = 10_000, 33_333_333
#: A window of ten days in spring, and a business day on which is paid.
OPENS, CLOSES, PAYS = date(2020, 4, 1), date(2020, 4, 10), date(2020, 4, 15)
SPRING = put_right(OPENS, CLOSES, PAYS, price=1_010_000_000)
DOCUMENT = b"\x0d" * 32


def acting(
    world: World,
    holdings: Mapping[Any, int] | None = None,
    *,
    rights: Record | None = None,
    **terms: Any,
) -> Contract:
    """Eight quarters by ACT/360; the holder has a hundred units, the buyer fifty, unless told otherwise."""
    usual = {
        "periods": 8,
        "monthsPerPeriod": 3,
        "dayCount": ACT_360,
        "faceValue": FACE,
        "couponRate": RATE,
    }
    held: dict[str, int] = {world.holder: 100, world.buyer: 50}
    if holdings is not None:
        held = dict(holdings)
    bond = world.bond(held, rights=rights or NO_RIGHTS, **(usual | terms))
    world.give_cash(world.paying_agent)
    return bond


def with_own_units(world: World, units: int, **changes: Any) -> Contract:
    """A bond of which the issuer, a company that may hold it, has bought units of the holder."""
    world.registry.setRoles(world.issuer, ISSUER | HOLDER, FOREVER, sender=world.registrar)
    bond = acting(world, eligible=ELIGIBLE | 1 << COMPANY, **changes)
    bond.transfer(world.issuer, units, sender=world.holder)
    return bond


def puttable(world: World, holdings: Mapping[Any, int] | None = None, **changes: Any) -> Contract:
    """A bond with the put of spring 2020; `defaults` and the fields of a bond as told."""
    rights = NO_RIGHTS.but(puts=[changes.pop("put", SPRING)])
    if "defaults" in changes:
        rights = rights.but(defaults=changes.pop("defaults"))
    return acting(world, holdings, rights=rights, **changes)


def opened(world: World, bond: Contract, right: int = 0, day: date = OPENS) -> int:
    """Moves to the first day of the window, and opens the put."""
    to(world, day)
    number: int = world.servicing.openPut(bond, right, sender=world.outsider).value
    return number


def elected(world: World, bond: Contract, elections: Mapping[Any, int]) -> int:
    """An open put with these elections."""
    number = opened(world, bond)
    for who, units in elections.items():
        world.servicing.elect(bond, number, units, sender=who)
    return number


def fund(world: World, bond: Contract, number: int) -> Receipt:
    made: Receipt = world.servicing.fundAction(bond, number, sender=world.paying_agent)
    return made


def settle(world: World, bond: Contract, number: int, *holders: str) -> Receipt:
    made: Receipt = world.servicing.settleAction(bond, number, list(holders), sender=world.outsider)
    return made


def funded(world: World, bond: Contract, elections: Mapping[Any, int]) -> int:
    """A put that is funded on its day, and not settled yet."""
    number = elected(world, bond, elections)
    to(world, PAYS)
    fund(world, bond, number)
    return number


def drawn(world: World, bond: Contract, number: int, *holders: str) -> Receipt:
    """Counts all these holders, and draws from them two blocks later."""
    world.servicing.count(bond, number, list(holders), sender=world.outsider)
    world.evm.mine(2)
    made: Receipt = world.servicing.draw(bond, number, list(holders), sender=world.outsider)
    return made


def tender_terms(world: World, **changes: Any) -> Record:
    """An offer to buy all at 99, open for a week from now, settled on the eighth business-like day."""
    today = day_of(date(1970, 1, 1)) + (world.evm.now + 8 * 3600) // DAY
    given = Record(
        most=0,
        amount=9_900,
        opensAt=world.evm.now,
        closesAt=world.evm.now + 7 * DAY,
        payDay=today + 8,
        document=DOCUMENT,
    )
    return given.but(**changes)


def exchange_terms(world: World, target: Contract, **changes: Any) -> Record:
    """An offer of three new units and 50 base units a unit for two old ones."""
    given = tender_terms(world)
    del given["most"]
    offer = Record(given | {"newBond": target.address, "newUnits": 3, "oldUnits": 2, "amount": 50})
    return offer.but(**changes)


def taxing(world: World, rate: int = 200_000_000) -> Record:
    """Provisions that withhold from banks; from the others half of it."""
    entries = [Record(classes=1 << BANK, rate=rate), Record(classes=ALL_CLASSES, rate=rate // 2)]
    return NO_PROVISIONS.but(taxAccount=world.cash_issuer, withholdings=entries)


# --- figures, in fractions


def accrued(day: date, rate: int = RATE, face: int = FACE) -> Fraction:
    """Interest of one unit from the start of its quarter to a day, base units."""
    start = max(due for due in DUE if due <= day)
    return earned(start, day, rate, face)


def earned(start: date, end: date, rate: int = RATE, face: int = FACE) -> Fraction:
    return Fraction(face * rate * (end - start).days, WHOLE * 360)


def holding_amount(units: int, interest: Fraction, principal: Fraction) -> int:
    """Each rounded down once."""
    return int(units * interest) + int(units * principal)


def late_share(rate: int, days: int) -> int:
    """Billionths of every amount for being late."""
    return min(rate * days // 365, 100 * WHOLE)


def with_penalty(amount: int, share: int) -> int:
    return amount + amount * share // WHOLE


def balance(world: World, account: str) -> int:
    found: int = world.cash.balanceOf(account)
    return found


def free_units(bond: Contract, account: str) -> int:
    entry = bond.entryOf(account)
    return int(entry.units - entry.pledged)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)
