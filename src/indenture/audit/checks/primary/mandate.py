"""OFFER-3: the conditions of an offering fit its bond and each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

from indenture.audit.checks.primary.base import PrimaryCheck
from indenture.audit.events import Event
from indenture.audit.model import Terms, to_date
from indenture.audit.model.schedule import MONTHS
from indenture.audit.model.tender import accrual_day
from indenture.audit.model.tender.bids import MIXED, NON_COMPETITIVE, PRICE, RATE, UNIFORM
from indenture.audit.model.terms import RATE_BY_OFFERING
from indenture.audit.replay.offering import Form
from indenture.audit.replay.register import Register

_MOST_LEVELS = 4096
_MOST_CLASSES = 8
_WHOLE = 10_000
_LAST_DAYS = 30 * 86_400
_MOST_UNITS = 2**44
_MOST_DEPOSIT = 2**112
_MOST_MONEY = 2**120
_RATE_ONE = 10**9
_YEAR = 12

Rule = tuple[str, bool]
"""A condition by name, and whether it is as it must be."""


class MandateCheck(PrimaryCheck):
    """The mandate, field by field."""

    def _look(self, event: Event) -> None:
        if event.kind != "Offering" or event.name != "OfferingMandated":
            return
        book, conditions = self.world.offerings, event["conditions"]
        self._same(event, "offeringId", len(book.offerings) + 1, event["offeringId"], "out of turn")
        bond = self.world.bonds.get(event["bond"])
        if bond is None:
            self._differ(
                event, "OFFER-3", "bond", "a registered bond", event["bond"], "no such bond was registered"
            )
            return
        terms = bond.terms
        self._same(event, "conditions.bond", event["bond"], conditions.bond, "two bonds in one mandate")
        self._same(event, "issuerAccount", terms.issuer_account, event["issuerAccount"], "not the bond's")
        self._same(event, "cash", terms.currency, event["cash"], "another currency than the bond's")
        before = book.offerings.get(book.latest.get(event["bond"], 0))
        if before is not None and not before.is_over(event.time):
            self._differ(
                event, "OFFER-3", "bond", "no living offering", before.number, "the bond is on offer already"
            )
        for name, fits in rules(conditions, event["classes"], bond, event.time):
            if not fits:
                found = getattr(conditions, name, event.args.get(name))
                message = "it is out of range, or contradicts the bond or another condition"
                self._differ(event, "OFFER-3", name, "a condition that fits", found, message)

    def _same(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self._equal(event, "OFFER-3", key, expected, found, message)


def rules(given: Any, classes: tuple[Any, ...], bond: Register, time: int) -> Iterator[Rule]:
    """What conditions have to be, one by one.

    Args:
        given: The conditions of a mandate.
        classes: Rules by class.
        bond: The bond, as it is then.
        time: When the mandate is given.
    """
    terms = bond.terms
    yield from _volumes(given, classes, bond)
    yield from _quotes(given, terms)
    yield from _times(given, time)
    all_units = given.offered + given.overAllotment
    extra = all_units * max((rule.additional for rule in classes), default=0) // _WHOLE
    yield "highest", (all_units + extra) * _dearest(given, terms) < _MOST_MONEY
    yield "deposit", given.deposit < _MOST_DEPOSIT
    # At most one record date may pass before all have paid, and none that is announced may be the last.
    paid_in = terms.schedule.period_of(to_date(accrual_day(terms, given.settlesFrom) or terms.issue_day))
    due = bond.due(min(paid_in + 1, bond.ending[0]))
    yield "takesUpBy", given.takesUpBy + _LAST_DAYS < terms.seconds(due, 0)


def _dearest(given: Any, terms: Terms) -> int:
    """What one unit can cost at most: by rate, face and coupons of a bond that is not discounted."""
    if given.basis == PRICE or not _divides_a_year(terms):
        return int(given.highest)
    coupons = Fraction(given.highest * terms.periods, _YEAR // terms.months * _RATE_ONE)
    return floor(terms.face_value * (1 + coupons)) + 1


def _divides_a_year(terms: Terms) -> bool:
    """Whether a yield can be turned into a price by whole periods."""
    schedule = terms.schedule
    return schedule.unit == MONTHS and _YEAR % schedule.step == 0 and schedule.is_regular


def _volumes(given: Any, classes: tuple[Any, ...], bond: Register) -> Iterator[Rule]:
    lot, all_units = bond.terms.minimum_units, given.offered + given.overAllotment
    left = bond.terms.units - bond.supply.units
    extra = all_units * max((rule.additional for rule in classes), default=0) // _WHOLE
    yield "offered", given.offered > 0 and given.offered % lot == 0 and all_units < _MOST_UNITS
    yield "offered", all_units + extra <= left
    yield "overAllotment", given.overAllotment % lot == 0
    yield "minimumVolume", given.minimumVolume <= given.offered
    yield "nonCompetitive", given.nonCompetitive < given.offered and given.nonCompetitive % lot == 0
    yield "minimumBid", lot <= given.minimumBid <= given.maximumBid
    yield "maximumBid", given.maximumBid <= all_units
    yield "classes", 1 <= len(classes) <= _MOST_CLASSES
    for place, rule in enumerate(classes):
        yield "classes", rule.minimum <= rule.maximum <= all_units
        entitled = place > 0 and given.additionalSeconds > 0
        yield "classes", rule.additional <= (_WHOLE if entitled else 0)


def _quotes(given: Any, terms: Terms) -> Iterator[Rule]:
    yield "basis", terms.is_rate_open == (given.basis == RATE)
    yield "basis", given.basis != RATE or _divides_a_year(terms)
    steps = (given.highest - given.lowest) // given.tick if given.tick else -1
    yield "tick", given.tick > 0
    yield "highest", 0 <= steps < _MOST_LEVELS and given.lowest + steps * given.tick == given.highest
    yield "lowest", given.basis != PRICE or given.lowest > 0
    yield "highest", given.highest < (RATE_BY_OFFERING if given.basis == RATE else NON_COMPETITIVE)
    yield "band", given.band == 0 or given.pricing == MIXED
    if steps == 0:  # one fixed quote: nothing to compete on
        yield "pricing", given.pricing == UNIFORM
        yield "nonCompetitive", given.nonCompetitive == 0
        yield "farOff", given.farOff == 0


def _times(given: Any, time: int) -> Iterator[Rule]:
    yield "opensAt", time <= given.opensAt
    yield "closesAt", given.opensAt < given.closesAt
    is_open = given.form == Form.OPEN
    yield "revealsBy", given.revealsBy >= given.closesAt and is_open == (given.revealsBy == given.closesAt)
    none = given.overAllotment == 0
    yield (
        "overAllotsBy",
        given.overAllotsBy >= given.revealsBy and none == (given.overAllotsBy == given.revealsBy),
    )
    yield "clearsBy", given.overAllotsBy < given.clearsBy
    last_addition = given.clearsBy + given.additionalSeconds if given.additionalSeconds else -1
    yield "settlesFrom", given.settlesFrom >= given.closesAt and given.settlesFrom > last_addition
    yield "settlesBy", max(given.clearsBy, given.settlesFrom) < given.settlesBy
    yield "takesUpBy", given.settlesBy <= given.takesUpBy
