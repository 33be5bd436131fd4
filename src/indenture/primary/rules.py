"""The rules of an offering, in the contract's units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from indenture.errors import InputError
from indenture.schedule import months_of_regular
from indenture.termsheet import COUPON_BY_TENDER, TermSheet

from .bids import quote_text
from .conditions import Problem, problems_of
from .types import Basis, Form, Pricing

#: Ten-thousandths, in which ``ClassRule.additional`` counts.
SHARE_SCALE = 10_000


@dataclass(frozen=True, slots=True)
class Market:
    """What an offering must know of its bond.

    Attributes:
        lot: Units of the minimum denomination; bids and allotments are whole lots.
        face_value: Base units of the currency for one unit.
        months_per_period: Months of an interest period, a divisor of 12; 0 where periods are not all regular
            or do not divide a year, so that no price follows from a rate.
        periods: Number of interest periods.
        coupon_rate: Billionths a year; None while the offering is to fix it.
    """

    lot: int
    face_value: int
    months_per_period: int
    periods: int
    coupon_rate: int | None = None

    @classmethod
    def of(cls, terms: TermSheet) -> Market:
        """What an offering must know of the bond of a term sheet."""
        return cls(
            lot=terms.minimum_units,
            face_value=terms.face_value_base,
            months_per_period=months_of_regular(terms.schedule),
            periods=terms.period_count,
            coupon_rate=None if terms.rate == COUPON_BY_TENDER else terms.rate,
        )


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What a class of bidders must and may do; class 0 is everybody outside the syndicate.

    Attributes:
        minimum: Least units of all bids of one bidder.
        maximum: Most units of all bids of one bidder; 0: this class may not bid.
        additional: Most units that he may underwrite after the result, in ten-thousandths of what he won.
    """

    minimum: int
    maximum: int
    additional: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the issuer sets, in the contract's units: whole bonds, base units, billionths a year.

    Attributes:
        form: How bids reach the book.
        basis: What a bid quotes.
        pricing: What a winner pays.
        offered: Units on offer.
        over_allotment: Most units that the issuer may add before the clearing; 0 for none.
        minimum_volume: Units, taken-up ones included, below which the issue fails.
        non_competitive: Most units for bids without a quote; 0 for none.
        minimum_bid: Least units of one tick bid.
        maximum_bid: Most units of one tick bid.
        lowest: Lowest quote.
        highest: Highest quote, whole ticks above ``lowest``.
        tick: Step of a quote.
        deposit: Base units that each bidder and each underwriter locks and may lose; 0 for none.
        far_off: Ticks from the average quote of all bids beyond which a bid is void; 0 for no such rule.
        band: MIXED: ticks behind the average beyond which a bid loses.
        additional_seconds: Seconds after the result in which entitled classes may underwrite more.
        opens_at: First second of the book.
        closes_at: First second at which the book is closed.
        reveals_by: First second at which bids can no longer be opened; OPEN: equals ``closes_at``.
        over_allots_by: First second at which the over-allotment can no longer be declared; equals
            ``reveals_by`` without one.
        clears_by: Last second for clearing and its proof.
        settles_from: First second of payment and issue.
        settles_by: Last second for winners; what is not paid then lapses.
        takes_up_by: Last second for underwriters to take up what lapsed.
    """

    form: Form
    basis: Basis
    pricing: Pricing
    offered: int
    over_allotment: int = 0
    minimum_volume: int = 0
    non_competitive: int = 0
    minimum_bid: int
    maximum_bid: int
    lowest: int
    highest: int
    tick: int
    deposit: int = 0
    far_off: int = 0
    band: int = 0
    additional_seconds: int = 0
    opens_at: datetime
    closes_at: datetime
    reveals_by: datetime
    over_allots_by: datetime
    clears_by: datetime
    settles_from: datetime
    settles_by: datetime
    takes_up_by: datetime

    @property
    def levels(self) -> int:
        """Number of quotes."""
        return (self.highest - self.lowest) // self.tick + 1

    @property
    def is_fixed_price(self) -> bool:
        """Whether there is one quote only, so that no price has to be found."""
        return self.lowest == self.highest

    def level_of(self, quote: int) -> int:
        """The level of a quote; level 0 is the best for the issuer.

        Raises:
            InputError: The quote is outside the range or between two ticks.
        """
        if not self.lowest <= quote <= self.highest or (quote - self.lowest) % self.tick:
            low, high, step = (quote_text(q, self.basis) for q in (self.lowest, self.highest, self.tick))
            raise InputError(
                f"quote {quote_text(quote, self.basis)} is not one of {low} to {high} by {step}",
                hint="Quote on a tick inside the range.",
            )
        distance = quote - self.lowest if self.basis is Basis.RATE else self.highest - quote
        return distance // self.tick

    def quote_of(self, level: int) -> int:
        """The quote of a level.

        Raises:
            InputError: There is no such level.
        """
        if not 0 <= level < self.levels:
            raise InputError(f"level {level} is not between 0 and {self.levels - 1}")
        steps = level * self.tick
        return self.lowest + steps if self.basis is Basis.RATE else self.highest - steps

    def check(self, *, market: Market, classes: Sequence[ClassRule]) -> None:
        """Checks all that the contract checks of an offering, but for the bond's maturity and free units.

        Args:
            market: What the offering must know of its bond.
            classes: Rules by class, class 0 first.

        Raises:
            InputError: Fields are out of range or contradict each other; all of them are named.
        """
        problems = list(self.problems(market=market, classes=classes))
        if problems:
            raise InputError(
                "\n".join(f"{problem.field}: {problem.reason}" for problem in problems),
                hint=next((problem.hint for problem in problems if problem.hint), ""),
            )

    def problems(self, *, market: Market, classes: Sequence[ClassRule]) -> Iterator[Problem]:
        """Everything that ``check`` would refuse; where fields are out of range, only these."""
        return problems_of(self, market, classes)
