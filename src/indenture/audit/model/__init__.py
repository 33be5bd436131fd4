"""What a bond should do, written a second time.

Nothing here is shared with the SDK that builds transactions, nor copied from the contracts: plain dates and
exact fractions, slow and obvious, so that the same mistake is unlikely to be made twice.
"""

from indenture.audit.model.benchmarks import Benchmark, Publication
from indenture.audit.model.coupon import (
    Each,
    accreted_value,
    accrued,
    accrued_amount,
    rebate,
    redemption,
    tax_rate,
    unit_payment,
)
from indenture.audit.model.dates import add_months, day_number, to_date
from indenture.audit.model.daycount import DAY_COUNTS, year_fraction
from indenture.audit.model.deal import Deal, Fixing, NotKnown, PartialCall, Version
from indenture.audit.model.fitness import unfit
from indenture.audit.model.fixing import SOURCES, fix
from indenture.audit.model.schedule import Schedule
from indenture.audit.model.terms import KINDS, RATE_BY_OFFERING, Terms, code_of, text
from indenture.audit.model.workdays import ROLLS, UnpublishedYear, Workdays, Year

__all__ = [
    "DAY_COUNTS",
    "KINDS",
    "RATE_BY_OFFERING",
    "ROLLS",
    "SOURCES",
    "Benchmark",
    "Deal",
    "Each",
    "Fixing",
    "NotKnown",
    "PartialCall",
    "Publication",
    "Schedule",
    "Terms",
    "UnpublishedYear",
    "Version",
    "Workdays",
    "Year",
    "accreted_value",
    "accrued",
    "accrued_amount",
    "add_months",
    "code_of",
    "day_number",
    "fix",
    "rebate",
    "redemption",
    "tax_rate",
    "text",
    "to_date",
    "unfit",
    "unit_payment",
    "year_fraction",
]
