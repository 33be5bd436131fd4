"""The rules of the simplest offering."""

from __future__ import annotations

from datetime import datetime

from indenture.primary import Basis, Form, Pricing, Rules


def fixed_price_rules(
    *,
    units: int,
    quote: int,
    basis: Basis,
    lot: int,
    opens_at: datetime,
    closes_at: datetime,
    settles_from: datetime,
    settles_by: datetime,
    deposit: int = 0,
) -> Rules:
    """Rules of the simplest offering: an OPEN book at one price or rate, for everybody alike.

    Args:
        units: Units on offer.
        quote: The price in base units, or the rate in billionths a year.
        basis: Which of the two.
        lot: Units of the bond's minimum denomination.
        opens_at: First second of the book.
        closes_at: First second at which it is closed.
        settles_from: First second of payment and issue; also the last for clearing.
        settles_by: Last second of payment and issue.
        deposit: Base units that each bidder gives and may lose.
    """
    return Rules(
        form=Form.OPEN,
        basis=basis,
        pricing=Pricing.UNIFORM,
        offered=units,
        minimum_bid=lot,
        maximum_bid=units,
        lowest=quote,
        highest=quote,
        tick=1,
        deposit=deposit,
        opens_at=opens_at,
        closes_at=closes_at,
        reveals_by=closes_at,
        over_allots_by=closes_at,
        clears_by=settles_from,
        settles_from=settles_from,
        settles_by=settles_by,
        takes_up_by=settles_by,
    )
