"""Term sheets: from a YAML file to frozen, checked terms, their schedule and their provisions."""

from .blocks import BusinessDayTerms, Document, RecordTerms
from .checks.amounts import COUPON_BY_TENDER
from .coupon import (
    AccretionMethod,
    AccretionTerms,
    CouponTerms,
    FloatingTerms,
    InflationTerms,
    KpiTerms,
    Observation,
    RateStep,
)
from .frequency import Frequency
from .provisos import (
    CapitalisationTerms,
    DeferralTerms,
    InstalmentTerms,
    PrincipalTerms,
    RenewalTerms,
    WithholdingRate,
    WithholdingTerms,
)
from .remarks import price_remark, remarks_of
from .rights import (
    CallTerms,
    DefaultBlock,
    EventTerms,
    ExtensionTerms,
    PutTerms,
    RightsTerms,
    SinkingTerms,
)
from .sheet import TermSheet, load_term_sheet, parse_term_sheet
from .timetable import Stub

__all__ = [
    "COUPON_BY_TENDER",
    "AccretionMethod",
    "AccretionTerms",
    "BusinessDayTerms",
    "CallTerms",
    "CapitalisationTerms",
    "CouponTerms",
    "DefaultBlock",
    "DeferralTerms",
    "Document",
    "EventTerms",
    "ExtensionTerms",
    "FloatingTerms",
    "Frequency",
    "InflationTerms",
    "InstalmentTerms",
    "KpiTerms",
    "Observation",
    "PrincipalTerms",
    "PutTerms",
    "RateStep",
    "RecordTerms",
    "RenewalTerms",
    "RightsTerms",
    "SinkingTerms",
    "Stub",
    "TermSheet",
    "WithholdingRate",
    "WithholdingTerms",
    "load_term_sheet",
    "parse_term_sheet",
    "price_remark",
    "remarks_of",
]
