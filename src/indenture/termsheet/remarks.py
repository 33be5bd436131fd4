"""What is right in a term sheet by every rule, and looks like a slip: 0.046 where 4.6 % is meant.

Nothing is refused for it: there are bonds with a coupon of a twentieth of a percent. People are told, where
they look at a sheet and before they seal it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rights import RightsTerms
    from .sheet import TermSheet

_LOW_RATE, _HIGH_RATE = Decimal("0.1"), Decimal(30)
_LOW_PRICE = Decimal(20)
_WIDE_SPREAD = Decimal(15)
_LONG_LIFE = 60

#: What may be a slip: field, number, and unit.
_Figure = tuple[str, Decimal, str]


def remarks_of(terms: TermSheet) -> tuple[str, ...]:
    """What a person should look at twice, each with the field and the value, in a line."""
    said = [_low(*each) for each in _rates(terms) if 0 < each[1] < _LOW_RATE]
    said += [f"{field}: {rate} % {unit} is high" for field, rate, unit in _rates(terms) if rate > _HIGH_RATE]
    said += [_low(*each) for each in _shares(terms) if 0 < each[1] < 1]
    said += [_low(*each) for each in _prices(terms) if each[1] < _LOW_PRICE]
    said += [
        f"{field}: {spread} % {unit}; {abs(spread):f} basis points are {abs(spread) / 100:f}"
        for field, spread, unit in _spreads(terms)
        if abs(spread) > _WIDE_SPREAD
    ]
    years = terms.maturity_date.year - terms.issue_date.year
    if years > _LONG_LIFE:
        said.append(f"maturity_date: {terms.maturity_date} is {years} years after issue_date")
    return tuple(said)


def price_remark(field: str, price: Decimal) -> str:
    """What to say of a price per 100 that is given; nothing where it looks like one."""
    return _low(field, price, "of the principal") if price < _LOW_PRICE else ""


def _low(field: str, number: Decimal, unit: str) -> str:
    meant = f"{(number * 100).normalize():f}"
    return f"{field}: {number} % {unit}; if {meant} % is meant, write {meant}"


def _rates(terms: TermSheet) -> Iterator[_Figure]:
    coupon, rights = terms.coupon, terms.rights_terms
    if coupon.rate:
        yield "coupon.rate", coupon.rate, "a year"
    for position, step in enumerate(coupon.steps):
        yield f"coupon.steps.{position}.rate", step.rate, "a year"
    if rights and rights.extension and rights.extension.rate:
        yield "rights.extension.rate", rights.extension.rate, "a year"
    if rights and rights.defaults:
        yield "rights.defaults.penalty_rate", rights.defaults.penalty_rate, "a year"


def _shares(terms: TermSheet) -> Iterator[_Figure]:
    if terms.rights_terms and terms.rights_terms.defaults:
        share = terms.rights_terms.defaults.acceleration_share
        yield "rights.defaults.acceleration_share", share, "of the units"
    for position, tax in enumerate(terms.withholding.rates if terms.withholding else ()):
        yield f"withholding.rates.{position}.percent", tax.percent, "of the interest"


def _prices(terms: TermSheet) -> Iterator[_Figure]:
    if terms.coupon.accretion is None:
        yield "issue_price", terms.issue_price, "of the face"
    if terms.rights_terms:
        yield from _prices_of_rights(terms.rights_terms)


def _prices_of_rights(rights: RightsTerms) -> Iterator[_Figure]:
    prices = {
        "calls": [each.price for each in rights.calls],
        "puts": [each.price for each in rights.puts],
        "events": [each.price for each in rights.events],
    }
    for name, group in prices.items():
        for position, price in enumerate(group):
            yield f"rights.{name}.{position}.price", price, "of the principal"


def _spreads(terms: TermSheet) -> Iterator[_Figure]:
    if terms.coupon.floating:
        yield "coupon.floating.spread", terms.coupon.floating.spread, "over the benchmark"
    if terms.renewal:
        yield "renewal.spread", terms.renewal.spread, "over the benchmark"
        yield "renewal.step_up", terms.renewal.step_up, "on a renewal"
    for position, test in enumerate(terms.coupon.kpi):
        yield f"coupon.kpi.{position}.step", test.step, "for a miss"
