"""The figures of a tender result, as markets publish them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from indenture.audit.model.tender.bids import Tender
from indenture.audit.model.tender.clearing import Clearing

_MULTIPLE_ONE = 10_000
_RATIO_ONE = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Multiples in ten-thousandths, the ratio in millionths, rounded down; 0 where no quote won."""

    marginal_quote: int
    average_quote: int
    bid_multiple: int
    marginal_multiple: int
    marginal_ratio: int


def figures(tender: Tender, clearing: Clearing, bid: int) -> Figures:
    """The figures of a result.

    Args:
        tender: The conditions.
        clearing: What the clearing came to.
        bid: All units bid, void ones and those without a quote included.
    """
    return Figures(
        marginal_quote=tender.quote_of(clearing.marginal_level),
        average_quote=tender.quote_of(clearing.average_level),
        bid_multiple=_part(bid, tender.offered, _MULTIPLE_ONE),
        marginal_multiple=_part(clearing.marginal_bid, clearing.marginal_share, _MULTIPLE_ONE),
        marginal_ratio=_part(clearing.marginal_share, clearing.marginal_bid, _RATIO_ONE),
    )


def _part(of: int, by: int, one: int) -> int:
    return floor(Fraction(of * one, by)) if by else 0
