"""Interest by the day from which an issue is paid: added to the price, or deducted ex coupon."""

from __future__ import annotations

from indenture.audit.model.coupon import accrued_amount
from indenture.audit.model.dates import day_number, to_date
from indenture.audit.model.deal import Deal
from indenture.audit.model.terms import Terms


def accrual_day(terms: Terms, settles_from: int) -> int:
    """The day up to which interest accrues; 0 when none has by then.

    Args:
        terms: The bond.
        settles_from: Unix time of the first second of payment.
    """
    day = day_number(terms.today(settles_from))
    return day if day > terms.issue_day else 0


def charge(deal: Deal, day: int, records: int, units: int) -> int:
    """What is added to the price of some units for interest; below zero when the bond is ex coupon.

    That can be so without any accrued interest, where payment is so late that a record date has passed.

    Args:
        deal: The bond, with its coupon fixed.
        day: The day up to which interest accrues; 0 for none, which is the day from which it runs.
        records: Record dates that have passed when the units are issued.
        units: All units that are paid for in one act: rounded down once.
    """
    if not day and not records:
        return 0
    return accrued_amount(deal, units, to_date(day or deal.terms.issue_day), records)
