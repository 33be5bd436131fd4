"""What a projection takes for granted: said by the caller, shown in every result, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indenture.errors import InputError


class AssumptionMissing(InputError):
    """The future of a bond depends on something that nobody has assumed.

    Attributes:
        name: The field of ``Assumptions``.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{why}, and nothing is assumed of it", hint=f"Give Assumptions({name}=...).")
        self.name = name


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed where neither the terms nor a fixing nor a published value says it.

    Attributes:
        forward_rate: Percent a year that the bond's benchmark, of a term or compounded, will always be.
        inflation: Percent a year by which the price index grows from its last published level.
        kpi_met: Whether every target is met; else every one is missed.
        renewals: How many more times the issuer renews the bond.
        deferred: Periods whose interest he defers; an empty tuple for none.
        weekdays: Whether Monday to Friday are business days in years that are not published.
    """

    forward_rate: Decimal | None = None
    inflation: Decimal | None = None
    kpi_met: bool | None = None
    renewals: int | None = None
    deferred: tuple[int, ...] | None = None
    weekdays: bool = False
