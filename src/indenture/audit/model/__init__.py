"""What a bond should do, written a second time.

Nothing here is shared with the SDK that builds transactions, nor copied from the contracts: plain dates and
exact fractions, slow and obvious, so that the same mistake is unlikely to be made twice.
"""

from indenture.audit.model.coupon import Terms
from indenture.audit.model.dates import add_months, day_number, to_date
from indenture.audit.model.daycount import DAY_COUNTS, year_fraction
from indenture.audit.model.workdays import ROLLS, UnpublishedYear, Workdays, Year

__all__ = [
    "DAY_COUNTS",
    "ROLLS",
    "Terms",
    "UnpublishedYear",
    "Workdays",
    "Year",
    "add_months",
    "day_number",
    "to_date",
    "year_fraction",
]
