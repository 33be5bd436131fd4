"""What differs between two versions of a bond's terms, in the words of a term sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel

from indenture.cli._terms import sheet_of

if TYPE_CHECKING:
    from indenture.contracts.bond_terms import BondTerms
    from indenture.models import Action
    from indenture.money import Currency
    from indenture.roles.bond_figures import BondFigures


def changes(before: BondTerms, after: BondTerms, currency: Currency) -> list[dict[str, object]]:
    """The fields that differ, as a term sheet has them: ``coupon.rate`` from 3.25 to 4.

    Args:
        before: One version.
        after: The next one.
        currency: The bond's currency.
    """
    was, becomes = (dict(_flat(sheet_of(each, currency))) for each in (before, after))
    return [
        {"term": name, "before": was.get(name), "after": becomes.get(name)}
        for name in dict.fromkeys([*was, *becomes])
        if was.get(name) != becomes.get(name)
    ]


def proposed(figures: BondFigures, action: Action) -> BondTerms:
    """The terms that a resolution puts to the holders, from its event."""
    from indenture.contracts._base import topic_of
    from indenture.contracts.bond_terms import BondTerms

    servicing, address = figures.suite.servicing, figures.bond.address
    (event,) = (
        each
        for each in servicing.events("TermsProposed", indexed=[topic_of(address)])
        if each["action"] == action.number
    )
    return BondTerms.of(event["terms"], event["provisions"], event["rights"])


def _flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every figure of a sheet by its path."""
    if isinstance(value, BaseModel):
        for field, about in type(value).model_fields.items():
            if field in vars(value):
                inner = about.alias or field
                yield from _flat(getattr(value, field), f"{name}.{inner}" if name else inner)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, part in enumerate(value, 1):
            yield from _flat(part, f"{name} {number}")
    else:
        yield name, value
