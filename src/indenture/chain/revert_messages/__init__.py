"""What each custom error means to a person: a message with the values, and what to do.

One module for each domain of the contracts.  Arguments stand in braces by their names in the ABI; ``:day``,
``:time``, ``:rate``, ``:text``, ``:plain``, ``:stage`` and ``:selector`` say how to show one.  A test demands
an entry for each error of each contract.
"""

from __future__ import annotations

from dataclasses import dataclass

from indenture.chain.revert_messages import (
    actions,
    benchmarks,
    bond,
    calendar,
    cash,
    defaults,
    fixing,
    governance,
    membership,
    primary,
    registration,
    rights,
    servicing,
    settlement,
    standard,
    versions,
)
from indenture.chain.revert_messages._texts import Texts
from indenture.errors import ContractRevert

__all__ = ["MESSAGES", "RevertText"]


@dataclass(frozen=True, slots=True)
class RevertText:
    """Message and hint of one custom error, and the class that is raised for it."""

    message: str
    hint: str
    family: type[ContractRevert]


_DOMAINS: tuple[Texts, ...] = (
    membership.TEXTS,
    cash.TEXTS,
    calendar.TEXTS,
    registration.TEXTS,
    bond.TEXTS,
    primary.TEXTS,
    servicing.TEXTS,
    fixing.TEXTS,
    rights.TEXTS,
    actions.TEXTS,
    defaults.TEXTS,
    versions.TEXTS,
    benchmarks.TEXTS,
    settlement.TEXTS,
    governance.TEXTS,
    standard.TEXTS,
)

MESSAGES: dict[str, RevertText] = {
    name: RevertText(message, hint, family)
    for domain in _DOMAINS
    for family, texts in domain.items()
    for name, (message, hint) in texts.items()
}
