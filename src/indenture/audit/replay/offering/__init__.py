"""Offerings rebuilt from events: deposits, bids, syndicate, stages, and what the model makes of a book."""

from indenture.audit.replay.offering.book import OfferingBook
from indenture.audit.replay.offering.deposits import Deposits, payer_of
from indenture.audit.replay.offering.outcome import Due, Outcome
from indenture.audit.replay.offering.stages import BASES, FORMS, PRICINGS, Form, Stage
from indenture.audit.replay.offering.state import Member, Offering, Proof, Seal
from indenture.audit.replay.offering.words import NO_WORD, commitment_of, opened_word, sealed_word

__all__ = [
    "BASES",
    "FORMS",
    "NO_WORD",
    "PRICINGS",
    "Deposits",
    "Due",
    "Form",
    "Member",
    "Offering",
    "OfferingBook",
    "Outcome",
    "Proof",
    "Seal",
    "Stage",
    "commitment_of",
    "opened_word",
    "payer_of",
    "sealed_word",
]
