"""What a tender should come to, written a second time.

The contract counts units by level and never sees a list of bids; here bids are lists, sorted by quote, and
every average is an exact fraction.  Nothing is shared with ``indenture.primary``.
"""

from indenture.audit.model.tender.accrued import accrual_day, charge
from indenture.audit.model.tender.bids import NON_COMPETITIVE, Bid, Faults, Tender, faults
from indenture.audit.model.tender.clearing import Clearing, clear
from indenture.audit.model.tender.price import issue_terms, price_of
from indenture.audit.model.tender.result import Figures, figures
from indenture.audit.model.tender.shares import Entry, allot, entry_share, lowest_score, share_out
from indenture.audit.model.tender.underwriting import part

__all__ = [
    "NON_COMPETITIVE",
    "Bid",
    "Clearing",
    "Entry",
    "Faults",
    "Figures",
    "Tender",
    "accrual_day",
    "allot",
    "charge",
    "clear",
    "entry_share",
    "faults",
    "figures",
    "issue_terms",
    "lowest_score",
    "part",
    "price_of",
    "share_out",
]
