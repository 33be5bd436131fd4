"""A market that a seed decides: who trades with whom, how much and at what price.

Only the choice is random; that it is possible is not left to chance. A trade is planned within what its
seller holds and its buyer can pay before any of the plan's trades, so that they may settle in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from indenture.errors import InputError


@dataclass(frozen=True, slots=True)
class PlannedTrade:
    """A trade that two accounts agree on.

    Attributes:
        seller: Account that delivers.
        buyer: Account that pays.
        units: Units delivered.
        amount: What is paid, in base units of the currency.
    """

    seller: str
    buyer: str
    units: int
    amount: int


def price_of(units: int, face_base: int, clean: Decimal, accrued_per_100: Decimal) -> int:
    """What a trade costs, in base units: clean price and accrued interest per 100, rounded half up."""
    exact = Fraction(clean + accrued_per_100) * units * face_base / 100
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


@dataclass(slots=True)
class Market:
    """What accounts can deliver and pay when the trading begins.

    Attributes:
        units: Free units, by account.
        cash: Base units of money, by account.
        face_base: Face of a unit, in base units.
        minimum_units: Smallest holding.
        accrued_per_100: Accrued interest that a buyer pays for.
    """

    units: dict[str, int]
    cash: dict[str, int]
    face_base: int
    minimum_units: int
    accrued_per_100: Decimal

    def plan(
        self,
        sellers: Sequence[str],
        buyers: Sequence[str],
        count: int,
        size: tuple[int, int],
        clean: tuple[Decimal, Decimal],
        rng: Random,
    ) -> list[PlannedTrade]:
        """Draws trades, each between two accounts that differ.

        Args:
            sellers: Who may sell.
            buyers: Who may buy.
            count: How many trades.
            size: Fewest and most units of a trade.
            clean: Lowest and highest clean price per 100 of face.
            rng: Where chance comes from.

        Raises:
            InputError: The accounts cannot make this many trades.
        """
        trades: list[PlannedTrade] = []
        tries = 0
        while len(trades) < count:
            tries += 1
            if tries > 50 * count:
                raise InputError(
                    f"only {len(trades)} of {count} trades are possible with what these accounts hold",
                    hint="Ask for fewer or smaller trades, or issue more cash to the buyers.",
                )
            seller, buyer = rng.choice(sellers), rng.choice(buyers)
            trade = self._draw(seller, buyer, size, clean, rng)
            if trade is not None:
                self.units[seller] -= trade.units
                self.cash[buyer] -= trade.amount
                trades.append(trade)
        return trades

    def _draw(
        self, seller: str, buyer: str, size: tuple[int, int], clean: tuple[Decimal, Decimal], rng: Random
    ) -> PlannedTrade | None:
        low, high = size
        lot = self.minimum_units
        lots = rng.randint(-(-low // lot), max(high // lot, -(-low // lot)))
        cents = rng.randint(int(clean[0] * 100), int(clean[1] * 100))
        units = lots * lot
        amount = price_of(units, self.face_base, Decimal(cents).scaleb(-2), self.accrued_per_100)
        # A lot stays behind, so that no holding falls below the smallest, and no seller leaves the register.
        deliverable = self.units.get(seller, 0) - units >= lot
        payable = self.cash.get(buyer, 0) >= amount
        possible = seller != buyer and deliverable and payable
        return PlannedTrade(seller, buyer, units, amount) if possible else None
