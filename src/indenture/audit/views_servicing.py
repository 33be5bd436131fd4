"""The views that answer for payments, fixings, claims and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any

from indenture.audit.model import Deal, accreted_value, accrued, accrued_amount, day_number, unit_payment
from indenture.audit.model.coupon import tax_rate
from indenture.audit.model.deal import NOT_FIXED
from indenture.audit.probe import Probe, Ratio, UnitPayment, expected_of
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.servicing import Payment
from indenture.ledger.suite import Target

_DAY = timedelta(days=1)
_SOME = 999_983  # units
_FEW = 3  # holders
_MOST_PERIODS = 60
_CLEAN = 1_000_003  # any clean amount


def _payment(world: World, _: int, bond: str, period: int) -> Iterator[Probe]:
    payment = world.servicing.payments.get((bond, period))
    has_claims = (bond, period) in world.servicing.has_claims
    yield Probe(_servicing(world), "payment", (bond, period), escrow_of(payment, has_claims=has_claims))


def escrow_of(payment: Payment | None, *, has_claims: bool) -> tuple[Any, ...]:
    """The struct of an escrow; that of nothing where nobody paid in."""
    if payment is None:
        return (0, 0, 0, 0, 0, 0, False, False, has_claims, ZERO, 0, (0, 0, 0, 0))
    return (
        payment.funded,
        payment.paid,
        payment.units,
        payment.units_paid,
        payment.funded_at,
        payment.pay_time,
        payment.is_last,
        payment.withholds,
        has_claims,
        payment.payer,
        payment.each.penalty,
        UnitPayment(payment.each),
    )


def _kept(world: World, _: int, bond: str, holder: str) -> Iterator[Probe]:
    yield Probe(_servicing(world), "keptFor", (bond, holder), world.servicing.kept[bond, holder])


def _claimed(world: World, _: int, bond: str, period: int, buyer: str) -> Iterator[Probe]:
    units = world.servicing.claimed[bond, period, buyer]
    yield Probe(_servicing(world), "claimedBy", (bond, period, buyer), units)
    paid = world.servicing.claims_paid[bond, period, buyer]
    yield Probe(_servicing(world), "claimsPaidTo", (bond, period, buyer), paid)


def _transferred(world: World, _: int, bond: str, period: int, seller: str) -> Iterator[Probe]:
    units = world.servicing.transferred[bond, period, seller]
    yield Probe(_servicing(world), "transferredBy", (bond, period, seller), units)


def _last(world: World, _: int, bond: str) -> Iterator[Probe]:
    register = world.bonds[bond]
    yield Probe(_servicing(world), "lastPeriod", (bond,), register.last)
    yield Probe(world.suite.targets[bond], "maturityDay", (), register.maturity)


def _fixing(world: World, _: int, bond: str, period: int) -> Iterator[Probe]:
    fixings = world.bonds[bond].fixings
    yield Probe(_servicing(world), "fixing", (bond, period), astuple(fixings.get(period, NOT_FIXED)))
    yield Probe(_servicing(world), "fixedPeriods", (bond,), world.bonds[bond].fixed_periods)


def _tax_rates(world: World, _: int, bond: str, accounts: tuple[str, ...]) -> Iterator[Probe]:
    provisions = world.bonds[bond].terms.provisions
    rates = tuple(tax_rate(provisions.withholdings, world.members.of(a).verdicts) for a in accounts)
    yield Probe(_servicing(world), "taxRatesOf", (bond, accounts), (provisions.taxAccount, rates))


# --- what the model makes of terms and fixings


def _figures(world: World, time: int, bond: str) -> Iterator[Probe]:
    """What each period pays, and the principal that it begins with."""
    register, target = world.bonds[bond], _servicing(world)
    deal = register.deal(time)
    for period in sorted({*range(1, deal.last + 1)[:_MOST_PERIODS], deal.last}):
        yield Probe(target, "unitPayment", (bond, period), expected_of(_unit_payment, deal, period))
        terms = expected_of(_payment_terms, deal, period)
        yield Probe(target, "paymentTerms", (bond, period), terms)
        yield Probe(target, "poolFactor", (bond, period), expected_of(deal.at(period).factor_before, period))
        yield Probe(target, "periodEnd", (bond, period), expected_of(_end, deal, period))
        number = len([v for v in register.life.versions if v.first <= period])
        yield Probe(target, "versionAt", (bond, period), number)


def _prices(world: World, time: int, bond: str) -> Iterator[Probe]:
    """What has accrued by some days: around record dates and ends of periods, and at both ends."""
    register, target = world.bonds[bond], _servicing(world)
    if register.terms.is_rate_open:
        return  # an offering is still to fix what it would bear
    deal, records = register.deal(time), register.records
    for on in _days(deal, records):
        day = day_number(on)
        exact = expected_of(_exact, deal, on, records)
        yield Probe(target, "accruedPerUnit", (bond, day, records), exact)
        amount = expected_of(accrued_amount, deal, _SOME, on, records)
        yield Probe(target, "accruedOf", (bond, _SOME, day), amount)
        yield Probe(target, "accretedValue", (bond, day), expected_of(accreted_value, deal, on))


def _today(world: World, time: int, bond: str) -> Iterator[Probe]:
    """Amounts of holders today, and of trades that were agreed before and after the last record date."""
    register, target = world.bonds[bond], _servicing(world)
    if register.terms.is_rate_open:
        return
    deal, records = register.deal(time), register.records
    on = deal.today
    day = day_number(on)
    for holder, units in list(register.holders().items())[:_FEW]:
        amount = expected_of(accrued_amount, deal, units, on, records)
        yield Probe(target, "accruedInterest", (bond, holder, day), amount)
        dirty = expected_of(_dirty, deal, units, on, records)
        yield Probe(target, "dirtyAmount", (bond, units, _CLEAN, day), dirty)
    before = [register.days[records][2] - 1] if records in register.days else []
    for traded_at in (deal.time, *before):
        passed, units = register.records_at(traded_at), register.supply.units
        at = expected_of(_accrued_then, deal, units, on, passed)
        yield Probe(target, "accruedAt", (bond, units, traded_at), at)


def _unit_payment(deal: Deal, period: int) -> UnitPayment:
    return UnitPayment(unit_payment(deal, period))


def _payment_terms(deal: Deal, period: int) -> tuple[UnitPayment, bool, bool]:
    withholds = deal.terms.provisions.taxAccount != ZERO
    return _unit_payment(deal, period), period == deal.last, withholds


def _end(deal: Deal, period: int) -> int:
    return day_number(deal.at(period).ends(period))


def _exact(deal: Deal, on: date, records: int) -> Ratio:
    return Ratio(accrued(deal, on, records))


def _dirty(deal: Deal, units: int, on: date, records: int) -> int:
    return max(0, _CLEAN + accrued_amount(deal, units, on, records))


def _accrued_then(deal: Deal, units: int, on: date, records: int) -> tuple[int, int]:
    return accrued_amount(deal, units, on, records), records


def _days(deal: Deal, records: int) -> list[date]:
    schedule = deal.schedule
    found = {schedule.issue - _DAY, schedule.issue, schedule.maturity - _DAY, schedule.maturity, deal.today}
    for period in range(max(0, records - 1), min(deal.last, records + 3) + 1):
        due = deal.due(period)
        found |= {due - _DAY, due, due + 3 * _DAY, due + 17 * _DAY}
    return sorted(found)


def _servicing(world: World) -> Target:
    return world.suite.one("Servicing")


SERVICING_VIEWS: dict[str, Callable[..., Iterator[Probe]]] = {
    "payment": _payment,
    "kept": _kept,
    "claimed": _claimed,
    "transferred": _transferred,
    "last": _last,
    "fixing": _fixing,
    "tax rates": _tax_rates,
    "figures": _figures,
    "prices": _prices,
    "today": _today,
}
"""Views by the kind of their key."""
