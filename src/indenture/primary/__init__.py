"""The primary market, pure: rules of an offering, bids, clearing, allotment and price, with no chain."""

from .allocation import NO_CUT, Allocation, Cuts, allocate, score
from .bids import MAX_BIDS, NON_COMPETITIVE, TickBid, check_bids, ordered, quote_text
from .clearing import Clearing, clear
from .conditions import MAX_CLASSES, MAX_LEVELS, MAX_UNITS, SHARE_SCALE, Problem
from .pricing import exact_price_at, price_at, price_of
from .result import TenderResult
from .rules import ClassRule, Market, Rules
from .sheet import INVESTORS, OfferingSheet, Seat, load_offering_sheet, parse_offering_sheet
from .types import Basis, Form, Pricing, Stage
from .underwriting import additional_limit, later_parts_of, later_rest, parts_of

__all__ = [
    "INVESTORS",
    "MAX_BIDS",
    "MAX_CLASSES",
    "MAX_LEVELS",
    "MAX_UNITS",
    "NON_COMPETITIVE",
    "NO_CUT",
    "SHARE_SCALE",
    "Allocation",
    "Basis",
    "ClassRule",
    "Clearing",
    "Cuts",
    "Form",
    "Market",
    "OfferingSheet",
    "Pricing",
    "Problem",
    "Rules",
    "Seat",
    "Stage",
    "TenderResult",
    "TickBid",
    "additional_limit",
    "allocate",
    "check_bids",
    "clear",
    "exact_price_at",
    "later_parts_of",
    "later_rest",
    "load_offering_sheet",
    "ordered",
    "parse_offering_sheet",
    "parts_of",
    "price_at",
    "price_of",
    "quote_text",
    "score",
]
