"""Prices, yields and risk of bonds, on QuantLib.

What is assumed of the future is said by the caller, and shown in every result. Figures are floats: they
inform, and no payment is made from them; payments are computed in ``indenture.interest``.
"""

from .analysis import Analysis
from .assumptions import AssumptionMissing, Assumptions
from .curve import Curve
from .discounting import present_value
from .endings import (
    Ending,
    EndYield,
    Outcome,
    call_on,
    end_yields,
    outcomes_of,
    put_on,
    worst_of,
)
from .floaters import discount_margin, effective_duration
from .flows import Flow
from .measures import Compounding, Measures
from .projection import Projection, project

__all__ = [
    "Analysis",
    "AssumptionMissing",
    "Assumptions",
    "Compounding",
    "Curve",
    "EndYield",
    "Ending",
    "Flow",
    "Measures",
    "Outcome",
    "Projection",
    "call_on",
    "discount_margin",
    "effective_duration",
    "end_yields",
    "outcomes_of",
    "present_value",
    "project",
    "put_on",
    "worst_of",
]
