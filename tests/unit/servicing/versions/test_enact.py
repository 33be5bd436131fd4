"""elect (consent), withdraw, enactTerms, release, version, versionAt

elect
├── an account of the issuer -> ElectionRefused
├── before, or after it is over or carried -> ActionNotOpen
└── else -> the units are bound, and count as consent; they may be taken back while it is open
enactTerms
├── no such proposal -> ActionUnknown; carried before -> ActionDecided; over -> ActionNotOpen
├── consents below the share of all units -> ShareNotReached
├── overtaken by another version, a call, a renewal, or time -> AmendmentRefused
└── else -> a version of the terms, from its period on: TermsEnacted; units are free again
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    COMPANY,
    ELIGIBLE,
    FLOATING,
    FOREVER,
    HOLDER,
    ISSUER,
    NO_RIGHTS,
    WHOLE,
    call_right,
    day_of,
    extension,
)
from tests.evm.chain import Contract, fixed
from tests.evm.world import World
from tests.unit.servicing.stage import provided
from tests.unit.servicing.versions.stage import (
    AMENDABLE,
    DUE,
    NEW_RATE,
    amendable,
    change,
    consent,
    enact,
    instant,
    moved,
    propose,
    terms_of,
    to,
)

pytestmark = pytest.mark.unit


def lower(world: World, bond: Contract, version: int = 0, **amendment: Any) -> int:
    """Proposes a lower coupon."""
    terms = terms_of(world, bond, version)[0].but(couponRate=NEW_RATE)
    return propose(world, bond, terms=terms, version=version, **amendment)


# --- consent


def test_consent__units_stay_the_holders_and_are_bound(world: World) -> None:
    bond = amendable(world)
    number = lower(world, bond)

    made = world.servicing.elect(bond, number, 60, sender=world.holder)

    assert made.names == ["UnitsElected", "UnitsBound"]
    said = {"bond": bond.address, "number": number, "holder": world.holder, "units": 60, "elected": 60}
    assert dict(made.only("UnitsElected")).items() >= {k: v for k, v in said.items() if k != "number"}.items()
    assert world.servicing.electedBy(bond, number, world.holder) == 60
    assert world.servicing.actionOf(bond, number).elected == 60
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.transfer(world.buyer, 41, sender=world.holder)
    assert bond.balanceOf(world.holder) == 100


def test_consent__of_the_issuer__is_none(world: World) -> None:
    """Nor of another account of the same member: units that he bought back say nothing."""
    world.registry.setRoles(world.issuer, ISSUER | HOLDER, FOREVER, sender=world.registrar)
    bond = amendable(world, eligible=ELIGIBLE | 1 << COMPANY)
    world.admit_account(world.leis[world.issuer], world.outsider, HOLDER)
    bond.transfer(world.issuer, 30, sender=world.holder)
    bond.transfer(world.outsider, 30, sender=world.holder)
    number = lower(world, bond)

    for account in (world.issuer, world.outsider):
        with world.refuses("ElectionRefused", bond, number, account, 30):
            world.servicing.elect(bond, number, 30, sender=account)
    bond.transfer(world.spender, 30, sender=world.outsider)
    world.servicing.elect(bond, number, 30, sender=world.spender)


@pytest.mark.parametrize("units", [0, 101, 2**64 - 1])
def test_consent__with_units_that_are_not_there__reverts(world: World, units: int) -> None:
    bond = amendable(world)
    number = lower(world, bond)

    if units == 0:
        with world.refuses("ElectionRefused", bond, number, world.holder, 0):
            world.servicing.elect(bond, number, 0, sender=world.holder)
        return
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, units, 100):
        world.servicing.elect(bond, number, units, sender=world.holder)


def test_consent__taken_back_while_it_is_open(world: World) -> None:
    bond = amendable(world)
    number = lower(world, bond)
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})

    made = world.servicing.withdraw(bond, number, 40, sender=world.holder)

    assert made.names == ["ElectionWithdrawn", "UnitsBound"]
    assert world.servicing.actionOf(bond, number).elected == 110
    bond.transfer(world.buyer, 40, sender=world.holder)
    with world.refuses("ShareNotReached", bond, number, 110, 113):
        enact(world, bond, number)
    with world.refuses("ElectionNotWithdrawable", bond, number, world.holder, 60):
        world.servicing.withdraw(bond, number, 61, sender=world.holder)


def test_consent__window__to_its_very_second(world: World) -> None:
    bond = amendable(world)
    number = lower(world, bond)
    action = world.servicing.actionOf(bond, number)
    world.evm.warp(action.closesAt - 1)
    with world.sandbox():
        world.servicing.elect(bond, number, 1, sender=world.holder)
    world.evm.warp(action.closesAt)

    over = ("ActionNotOpen", bond, number, action.opensAt, action.closesAt, action.closesAt)
    with world.refuses(*over):
        world.servicing.elect(bond, number, 1, sender=world.holder)
    with world.refuses(*over):
        world.servicing.withdraw(bond, number, 1, sender=world.holder)


def test_consent__to_two_proposals__needs_units_for_each(world: World) -> None:
    """A unit is bound once: alternatives compete."""
    bond = amendable(world)
    first, second = lower(world, bond), lower(world, bond)
    world.servicing.elect(bond, first, 60, sender=world.holder)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        world.servicing.elect(bond, second, 41, sender=world.holder)
    world.servicing.elect(bond, second, 40, sender=world.holder)


# --- the share


@pytest.mark.parametrize(
    ("share", "needed"),
    [(WHOLE // 2 + 1, 76), (750_000_000, 113), (666_666_667, 101), (666_666_666, 100), (WHOLE, 150)],
)
def test_enact__share__to_its_very_unit(world: World, share: int, needed: int) -> None:
    """Of all units outstanding, rounded up: of 150."""
    bond = amendable(world, rights=NO_RIGHTS.but(amendmentShare=share))
    number = lower(world, bond)
    votes = {world.holder: min(100, needed - 1), world.buyer: needed - 1 - min(100, needed - 1)}
    consent(world, bond, number, {who: units for who, units in votes.items() if units})
    with world.refuses("ShareNotReached", bond, number, needed - 1, needed):
        enact(world, bond, number)

    last = world.holder if votes[world.holder] < 100 else world.buyer
    consent(world, bond, number, {last: 1})
    enact(world, bond, number)


def test_enact__supply_grows_while_holders_consent__more_are_needed(world: World) -> None:
    bond = amendable(world)
    number = lower(world, bond)
    consent(world, bond, number, {world.holder: 100, world.buyer: 13})
    to(world, date(2019, 12, 10))
    world.place(bond, {world.spender: 50})

    with world.refuses("ShareNotReached", bond, number, 113, 150):
        enact(world, bond, number)
    consent(world, bond, number, {world.buyer: 37})
    enact(world, bond, number)


def test_enact__the_terms_give_no_right__never(world: World) -> None:
    """Not even all of them: what was sealed without it stays."""
    bond = amendable(world, rights=NO_RIGHTS)
    number = lower(world, bond)
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})

    with world.refuses("ShareNotReached", bond, number, 150, 0):
        enact(world, bond, number)


def test_enact__nobody_holds_a_unit__never(world: World) -> None:
    """Before the issue nobody can consent: the issuer alone changes nothing under those who subscribe."""
    bond = amendable(world, {})
    number = lower(world, bond)

    with world.refuses("ShareNotReached", bond, number, 0, 0):
        enact(world, bond, number)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    holdings=st.lists(st.integers(1, 1000), min_size=1, max_size=5),
    portions=st.lists(st.integers(0, 100), min_size=5, max_size=5),
    share=st.integers(WHOLE // 2 + 1, WHOLE),
)
def test_enact__any_holdings_and_share__as_the_fraction(
    world: World, holdings: list[int], portions: list[int], share: int
) -> None:
    with world.sandbox():
        held: dict[str, int] = dict(zip(world.investors, holdings, strict=False))
        bond = amendable(world, held, rights=NO_RIGHTS.but(amendmentShare=share))
        number = lower(world, bond)
        votes = {who: held[who] * portion // 100 for who, portion in zip(held, portions, strict=False)}
        consent(world, bond, number, {who: units for who, units in votes.items() if units})
        carried = sum(votes.values()) * WHOLE >= share * sum(holdings)

        if carried:
            enact(world, bond, number)
        else:
            needed = -(-share * sum(holdings) // WHOLE)
            with world.refuses("ShareNotReached", bond, number, sum(votes.values()), needed):
                enact(world, bond, number)


# --- enacted


def carried(world: World, bond: Contract, **amendment: Any) -> int:
    number = lower(world, bond, **amendment)
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})
    return number


@pytest.mark.parametrize("caller", ["outsider", "holder", "issuer", "admin"])
def test_enact__by_anybody__is_a_version(world: World, caller: str) -> None:
    bond = amendable(world)
    number = carried(world, bond)
    source = world.servicing.actionOf(bond, number).target

    made = world.servicing.enactTerms(bond, number, sender=getattr(world, caller))

    assert made.names == ["TermsEnacted"]
    assert made.only("TermsEnacted") == {
        "bond": bond.address,
        "version": 1,
        "action": number,
        "source": source,
        "from": 3,
        "actor": getattr(world, caller),
    }
    assert world.servicing.stateOf(bond).versions == 1
    assert world.servicing.version(bond, 1) == {"source": source, "from": 3}
    assert world.servicing.version(bond, 0) == {"source": bond.address, "from": 0}
    assert [world.servicing.versionAt(bond, period) for period in range(1, 9)] == [0, 0, 1, 1, 1, 1, 1, 1]
    assert terms_of(world, bond, 1)[0].couponRate == NEW_RATE
    assert bond.terms().couponRate != NEW_RATE, "what was sealed stays"
    assert world.servicing.actionOf(bond, number).isDecided


def test_terms_at__version_that_is_none__reverts(world: World) -> None:
    bond = amendable(world)

    with world.refuses("AmendmentRefused", bond, fixed("version", 32)):
        world.servicing.termsAt(bond, 1)
    change(world, bond)
    world.servicing.termsAt(bond, 1)
    with world.refuses("AmendmentRefused", bond, fixed("version", 32)):
        world.servicing.termsAt(bond, 2)


def test_enact__twice__reverts(world: World) -> None:
    bond = amendable(world)
    number = carried(world, bond)
    enact(world, bond, number)

    with world.refuses("ActionDecided", bond, number):
        enact(world, bond, number)
    action = world.servicing.actionOf(bond, number)
    with world.refuses("ActionNotOpen", bond, number, action.opensAt, action.closesAt, world.evm.now):
        world.servicing.elect(bond, number, 1, sender=world.holder)


def test_enact__no_such_proposal__reverts(world: World) -> None:
    """Nor an event of another kind."""
    right = builders.put_right(date(2020, 1, 6), date(2020, 1, 10), date(2020, 2, 3))
    bond = amendable(world, rights=AMENDABLE.but(puts=[right]))
    for number in (0, 1, 2**16 - 1):
        with world.refuses("ActionUnknown", bond, number):
            enact(world, bond, number)
    to(world, date(2020, 1, 6))
    put = world.servicing.openPut(bond, 0, sender=world.outsider).value

    with world.refuses("ActionUnknown", bond, put):
        enact(world, bond, put)


def test_enact__window__to_its_very_second(world: World) -> None:
    bond = amendable(world)
    number = carried(world, bond)
    action = world.servicing.actionOf(bond, number)
    world.evm.warp(action.closesAt - 1)
    with world.sandbox():
        enact(world, bond, number)
    world.evm.warp(action.closesAt)

    with world.refuses("ActionNotOpen", bond, number, action.opensAt, action.closesAt, action.closesAt):
        enact(world, bond, number)


# --- overtaken


def test_enact__the_period_has_begun__reverts(world: World) -> None:
    """To the second: holders had until the day before it."""
    bond = amendable(world)
    number = carried(world, bond, closesAt=instant(DUE[4]))
    starts = instant(DUE[2])
    world.evm.warp(starts - 1)
    with world.sandbox():
        enact(world, bond, number)
    world.evm.warp(starts)

    with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
        enact(world, bond, number)


def test_enact__the_period_was_fixed_meanwhile__reverts(world: World) -> None:
    """A floating rate is fixed two days ahead by anybody: what is fixed is fixed."""
    world.benchmark("SHIBOR3M")
    floating = provided(floating=builders.floating())
    bond = amendable(world, kind=FLOATING, provisions=floating, couponRate=0)
    number = propose(world, bond, effective=DUE[1], closesAt=instant(DUE[2]))
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})
    to(world, date(2020, 3, 3))
    for period, day in ((1, date(2019, 12, 3)), (2, date(2020, 3, 3))):
        world.publish_value("SHIBOR3M", day_of(day), 20_000_000)
        world.fix(bond, period)

    with world.refuses("AmendmentRefused", bond, fixed("effectiveDay", 32)):
        enact(world, bond, number)


def test_enact__another_proposal_was_carried__reverts(world: World) -> None:
    """It was written on other terms: whoever consented to it did not see these."""
    bond = amendable(world)
    first = lower(world, bond)
    second = propose(world, bond, effective=DUE[5])
    consent(world, bond, first, {world.holder: 100, world.buyer: 50})
    enact(world, bond, first)
    world.servicing.release(bond, first, [world.holder, world.buyer], sender=world.outsider)
    consent(world, bond, second, {world.holder: 100, world.buyer: 50})

    with world.refuses("AmendmentRefused", bond, fixed("version", 32)):
        enact(world, bond, second)


def test_enact__the_bond_was_called_meanwhile__reverts(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[4])])
    bond = amendable(world, rights=rights)
    number = carried(world, bond)
    world.servicing.call(bond, day_of(DUE[4]), sender=world.issuer)

    with world.refuses("AmendmentRefused", bond, fixed("maturityDay", 32)):
        enact(world, bond, number)


def test_enact__the_bond_was_extended_or_renewed_meanwhile__reverts(world: World) -> None:
    extended = amendable(world, rights=AMENDABLE.but(extension=extension(4, noticeDays=31)))
    number = carried(world, extended)
    world.servicing.extendMaturity(extended, sender=world.issuer)
    with world.refuses("AmendmentRefused", extended, fixed("maturityDay", 32)):
        enact(world, extended, number)

    renewable = amendable(world, provisions=provided(renewal=builders.renewal(8)))
    number = carried(world, renewable)
    to(world, DUE[0])
    world.servicing.renew(renewable, sender=world.issuer)
    with world.refuses("AmendmentRefused", renewable, fixed("maturityDay", 32)):
        enact(world, renewable, number)


def test_enact__a_part_was_called_meanwhile__no_other_plan_of_the_principal(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], inPart=True)])
    bond = amendable(world, rights=rights)
    half = [Record(period=4, share=WHOLE // 2), Record(period=8, share=WHOLE // 2)]
    number = propose(world, bond, provisions=provided(instalments=half), rights=AMENDABLE, effective=DUE[3])
    consent(world, bond, number, {world.holder: 100, world.buyer: 50})
    world.servicing.callInPart(bond, 2, WHOLE // 4, sender=world.issuer)

    with world.refuses("AmendmentRefused", bond, fixed("instalments", 32)):
        enact(world, bond, number)


def test_enact__new_plan_of_the_principal__no_part_is_called_any_more(world: World) -> None:
    """Not even by the right of the periods before: the plan counts on the whole."""
    rights = AMENDABLE.but(calls=[call_right(DUE[1], DUE[7], inPart=True)])
    bond = amendable(world, rights=rights)
    half = [Record(period=4, share=WHOLE // 2), Record(period=8, share=WHOLE // 2)]
    change(world, bond, provisions=provided(instalments=half), rights=AMENDABLE, effective=DUE[3])

    with world.refuses("PartialCallRefused", bond, 2, WHOLE // 4):
        world.servicing.callInPart(bond, 2, WHOLE // 4, sender=world.issuer)


def test_enact__after_a_call__terms_with_the_same_end(world: World) -> None:
    rights = AMENDABLE.but(calls=[call_right(DUE[6])])
    bond = amendable(world, rights=rights)
    world.servicing.call(bond, day_of(DUE[6]), sender=world.issuer)
    terms = terms_of(world, bond)[0]

    for periods, ok in ((8, False), (6, True)):
        wanted = moved(terms, periods).but(couponRate=NEW_RATE)
        number = propose(world, bond, terms=wanted, rights=AMENDABLE)
        consent(world, bond, number, {world.holder: 100, world.buyer: 50})
        if ok:
            enact(world, bond, number)
        else:
            with world.refuses("AmendmentRefused", bond, fixed("maturityDay", 32)):
                enact(world, bond, number)
            for who, units in ((world.holder, 100), (world.buyer, 50)):
                world.servicing.withdraw(bond, number, units, sender=who)
    assert world.servicing.lastPeriod(bond) == 6
    assert world.servicing.stateOf(bond).price == WHOLE


# --- and then


def test_release__carried__by_anybody_for_all(world: World) -> None:
    bond = amendable(world)
    number = carried(world, bond)
    with world.refuses("ActionNotOver", bond, number):
        world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    enact(world, bond, number)

    made = world.servicing.release(bond, number, [world.holder, world.buyer], sender=world.outsider)

    assert sorted(made.names) == ["ElectionReleased"] * 2 + ["UnitsBound"] * 2
    assert world.events_of(bond).boundUnits() == 0
    bond.transfer(world.buyer, 100, sender=world.holder)


def test_release__not_carried_in_time__by_anybody(world: World) -> None:
    bond = amendable(world)
    number = lower(world, bond)
    consent(world, bond, number, {world.holder: 100})
    action = world.servicing.actionOf(bond, number)
    world.evm.warp(action.closesAt - 1)
    with world.refuses("ActionNotOver", bond, number):
        world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    world.evm.warp(action.closesAt)

    world.servicing.release(bond, number, [world.holder], sender=world.outsider)

    assert world.events_of(bond).boundUnits() == 0
    assert world.servicing.stateOf(bond).versions == 0


def test_consent__annulled_by_power__counts_no_more(world: World) -> None:
    bond = amendable(world)
    number = carried(world, bond)

    world.servicing.annulElection(bond, number, world.holder, b"\x01" * 32, sender=world.statutory)

    assert world.servicing.actionOf(bond, number).elected == 50
    with world.refuses("ShareNotReached", bond, number, 50, 113):
        enact(world, bond, number)
    bond.forcedTransfer(world.holder, world.buyer, 100, sender=world.statutory)


def test_consent__record_dates_and_coupons__go_on(world: World) -> None:
    """Bound units are paid like all others, whoever waits for the resolution."""
    bond = amendable(world)
    number = lower(world, bond, effective=DUE[4], closesAt=instant(DUE[4]))
    consent(world, bond, number, {world.holder: 100, world.buyer: 13})
    world.ready(bond, 1)

    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert bond.isPaid(world.holder, 1)
    enact(world, bond, number)
    assert world.servicing.versionAt(bond, 5) == 1
