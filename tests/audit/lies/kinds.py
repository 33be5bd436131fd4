"""Every kind of falsification: to import the modules that tell them is to know them."""

from tests.audit.lies import (
    about_answers,
    about_blocks,
    about_chains,
    about_logs,
    about_moments,
    about_nothing,
    about_receipts,
)
from tests.audit.lies.case import KINDS

__all__ = [
    "KINDS",
    "about_answers",
    "about_blocks",
    "about_chains",
    "about_logs",
    "about_moments",
    "about_nothing",
    "about_receipts",
]
