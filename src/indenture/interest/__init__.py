"""Interest and principal of a bond, pure and exact: rates, factors, fixings, accretion, accrual, withholding.

Whole numbers and fractions only, with the same roundings at the same places as the contracts.
"""

from .accretion import accreted_value, growth
from .accrual import Accrued, accrued, clean_price, dirty_price
from .amounts import (
    PeriodState,
    UnitPayment,
    amount_of,
    exact_payment,
    factor_after,
    interest_of,
    principal_of,
    rate_of,
    rounded_per_unit,
    state_of,
    unit_payment,
    unit_payments,
)
from .benchmark import INDEX_SCALE, Benchmark, BenchmarkKind, Publications, Series
from .errors import (
    AccrualRefused,
    BenchmarkUnknown,
    DeferralRefused,
    InterestError,
    PeriodNotBegun,
    PeriodNotFixed,
    PeriodOutOfOrder,
    PeriodUnknown,
    PublicationRefused,
    ValueNotPublished,
)
from .fixing import Fixing, fix, fix_on, fixing_of, is_fixed_by, settled
from .grid import Grid
from .inflation import index_ratio
from .observation import Market, Observation, Source
from .rates import needs_fixing, rate_of_terms, scheduled_factor
from .terms import InterestTerms
from .withholding import Withheld, withhold, withholding_rate

__all__ = [
    "INDEX_SCALE",
    "AccrualRefused",
    "Accrued",
    "Benchmark",
    "BenchmarkKind",
    "BenchmarkUnknown",
    "DeferralRefused",
    "Fixing",
    "Grid",
    "InterestError",
    "InterestTerms",
    "Market",
    "Observation",
    "PeriodNotBegun",
    "PeriodNotFixed",
    "PeriodOutOfOrder",
    "PeriodState",
    "PeriodUnknown",
    "PublicationRefused",
    "Publications",
    "Series",
    "Source",
    "UnitPayment",
    "ValueNotPublished",
    "Withheld",
    "accreted_value",
    "accrued",
    "amount_of",
    "clean_price",
    "dirty_price",
    "exact_payment",
    "factor_after",
    "fix",
    "fix_on",
    "fixing_of",
    "growth",
    "index_ratio",
    "interest_of",
    "is_fixed_by",
    "needs_fixing",
    "principal_of",
    "rate_of",
    "rate_of_terms",
    "rounded_per_unit",
    "scheduled_factor",
    "settled",
    "state_of",
    "unit_payment",
    "unit_payments",
    "withhold",
    "withholding_rate",
]
