"""Bonds and offerings of a case, once they are on chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indenture.errors import InputError
from indenture.money import Money
from indenture.primary import Basis, Rules, Seat, quote_text
from indenture.termsheet import TermSheet

if TYPE_CHECKING:
    from indenture.contracts import Bond


@dataclass(frozen=True, slots=True)
class StagedOffering:
    """An offering of a bond, once it is mandated.

    Attributes:
        id: Its number.
        rules: Its rules.
        syndicate: Who is to be invited.
    """

    id: int
    rules: Rules
    syndicate: tuple[Seat, ...]


@dataclass(slots=True)
class StagedBond:
    """A bond of the case, once it is registered.

    Attributes:
        terms: Its term sheet; with its coupon, once a tender has fixed it.
        bond: Its register.
        offerings: Its offerings, the latest last.
    """

    terms: TermSheet
    bond: Bond
    offerings: list[StagedOffering] = field(default_factory=list)

    @property
    def offering(self) -> StagedOffering:
        """The latest offering.

        Raises:
            InputError: There was none.
        """
        if not self.offerings:
            raise InputError(f"{self.terms.isin} was never offered", hint="Mandate an offering first.")
        return self.offerings[-1]

    @property
    def offering_id(self) -> int:
        """Number of the latest offering."""
        return self.offering.id

    @property
    def rules(self) -> Rules:
        """Rules of the latest offering."""
        return self.offering.rules

    def amount_of(self, units: int) -> Money:
        """The face of some units."""
        return self.terms.currency.money_from_base(units * self.terms.face_value_base)

    def quote_text(self, quote: int) -> str:
        """A quote in words."""
        if self.rules.basis is Basis.PRICE:
            return str(self.terms.currency.money_from_base(quote))
        return quote_text(quote, Basis.RATE)
