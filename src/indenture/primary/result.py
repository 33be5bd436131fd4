"""The result of a tender, as it is published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from indenture.identifiers import Isin
from indenture.money import Currency, Money
from indenture.rounding import RATE_SCALE

from .clearing import Clearing
from .rules import Market, Rules
from .types import Basis, Pricing

#: Places of a published multiple, and of a percentage at the margin; both rounded down.
MULTIPLE_PLACES = 2
RATIO_PLACES = 4

_METHODS = {Pricing.UNIFORM: "uniform price", Pricing.MULTIPLE: "multiple price", Pricing.MIXED: "mixed"}
_PERCENT_PLACES = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderResult:
    """What the market is told when a book is cleared.

    Quotes and the marginal multiple are None where nobody won with a quote, or the issue failed.

    Attributes:
        isin: The bond.
        method: Pricing and basis in words, such as ``mixed tender by rate``.
        currency: Currency of face, price and amounts.
        face_value: Face of one unit.
        offered: Units on offer, over-allotted ones included.
        over_allotted: Units that the issuer added.
        bid: Units bid, with a quote or without.
        non_competitive_bid: Units of these without a quote.
        allotted: Units allotted to bids.
        non_competitive: Units of these to bids without a quote.
        take_up: Units that fall to the underwriters.
        bidders: Number of bidders whose bids were opened.
        issue_rate: Coupon, percent a year.
        issue_price: Price of one unit.
        marginal_rate: The last rate that won, percent a year; basis RATE only.
        marginal_price: The last price that won; basis PRICE only.
        average_rate: Weighted average of the rates that won, rounded half up to the tick; basis RATE only.
        average_price: The same of prices; basis PRICE only.
        bid_multiple_exact: Units bid over units on offer.
        marginal_multiple_exact: Units bid at the marginal quote over those allotted there.
        failed: Why the issue failed, in words; None when it did not.
    """

    isin: Isin | None
    method: str
    currency: Currency
    face_value: Money
    offered: int
    over_allotted: int
    bid: int
    non_competitive_bid: int
    allotted: int
    non_competitive: int
    take_up: int
    bidders: int
    issue_rate: Decimal | None
    issue_price: Money | None
    marginal_rate: Decimal | None
    marginal_price: Money | None
    average_rate: Decimal | None
    average_price: Money | None
    bid_multiple_exact: Fraction
    marginal_multiple_exact: Fraction | None
    failed: str | None

    @classmethod
    def of(
        cls, clearing: Clearing, rules: Rules, market: Market, currency: Currency, *, isin: Isin | None = None
    ) -> TenderResult:
        """The result of a clearing.

        Args:
            clearing: What ``clear`` found.
            rules: The rules of the offering.
            market: What it must know of its bond.
            currency: Currency of the bond.
            isin: The bond.
        """
        failed = clearing.failed is not None
        offered = rules.offered + clearing.over_allotted
        bid = clearing.bid_units + clearing.non_competitive_bid
        marginal = average = None
        if clearing.competitive and not failed:
            marginal = rules.quote_of(clearing.marginal_level)
            average = rules.quote_of(clearing.average_level)
        by_rate = rules.basis is Basis.RATE
        return cls(
            isin=isin,
            method=f"{_METHODS[rules.pricing]} tender by {rules.basis.label}",
            currency=currency,
            face_value=currency.money_from_base(market.face_value),
            offered=offered,
            over_allotted=clearing.over_allotted,
            bid=bid,
            non_competitive_bid=clearing.non_competitive_bid,
            allotted=0 if failed else clearing.allotted,
            non_competitive=0 if failed else clearing.non_competitive_share,
            take_up=0 if failed else clearing.take_up,
            bidders=clearing.bidders,
            issue_rate=None if failed else percent_of(clearing.issue_rate),
            issue_price=None if failed else currency.money_from_base(clearing.issue_price),
            marginal_rate=None if marginal is None or not by_rate else percent_of(marginal),
            marginal_price=None if marginal is None or by_rate else currency.money_from_base(marginal),
            average_rate=None if average is None or not by_rate else percent_of(average),
            average_price=None if average is None or by_rate else currency.money_from_base(average),
            bid_multiple_exact=Fraction(bid, offered),
            marginal_multiple_exact=(
                None if marginal is None else Fraction(clearing.marginal_bid, clearing.marginal_share)
            ),
            failed=clearing.failed,
        )

    @property
    def bid_multiple(self) -> Decimal:
        """Units bid over units on offer, to two places, rounded down."""
        return _down(self.bid_multiple_exact, MULTIPLE_PLACES)

    @property
    def marginal_multiple(self) -> Decimal | None:
        """Units bid at the marginal quote over those allotted there, to two places, rounded down."""
        exact = self.marginal_multiple_exact
        return None if exact is None else _down(exact, MULTIPLE_PLACES)

    @property
    def marginal_ratio(self) -> Decimal | None:
        """Percent of the units bid at the marginal quote that were allotted, to four places, rounded down."""
        exact = self.marginal_multiple_exact
        return None if exact is None else _down(100 / exact, RATIO_PLACES)

    def amount_of(self, units: int) -> Money:
        """The face of some units."""
        return self.currency.money_from_base(units * self.face_value.base)

    def as_dict(self) -> dict[str, object]:
        """The result for JSON; rates, prices and multiples are text, so that no reader rounds them."""
        return {
            "isin": self.isin,
            "method": self.method,
            "currency": self.currency.code,
            "face_value": _text(self.face_value),
            "offered": self.offered,
            "over_allotted": self.over_allotted,
            "bid": self.bid,
            "non_competitive_bid": self.non_competitive_bid,
            "allotted": self.allotted,
            "non_competitive": self.non_competitive,
            "take_up": self.take_up,
            "bidders": self.bidders,
            "issue_rate_percent": _text(self.issue_rate),
            "issue_price": _text(self.issue_price),
            "marginal_rate_percent": _text(self.marginal_rate),
            "marginal_price": _text(self.marginal_price),
            "average_rate_percent": _text(self.average_rate),
            "average_price": _text(self.average_price),
            "bid_multiple": _text(self.bid_multiple),
            "bid_multiple_exact": _text(self.bid_multiple_exact),
            "marginal_multiple": _text(self.marginal_multiple),
            "marginal_multiple_exact": _text(self.marginal_multiple_exact),
            "marginal_ratio_percent": _text(self.marginal_ratio),
            "failed": self.failed,
        }


def percent_of(rate: int) -> Decimal:
    """A rate in billionths a year as percent: exact, with four places, or up to seven where it has them."""
    percent = Decimal(rate * 100).scaleb(-len(str(RATE_SCALE)) + 1)
    short = percent.quantize(Decimal("0.0001"))
    return short if short == percent else percent.quantize(Decimal(1).scaleb(-_PERCENT_PLACES))


def _down(value: Fraction, places: int) -> Decimal:
    with localcontext(prec=78):
        return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places)


def _text(value: Decimal | Money | Fraction | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, Money):
        return f"{value.amount:f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
