"""Where an offering stands, and how bids reach it, as the contract numbers them."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """Where an offering stands."""

    NONE, MANDATED, ACCEPTED, OPEN, CLOSED, CLEARED, PUBLISHED, FAILED, CANCELLED = range(9)


class Form(IntEnum):
    """How bids reach the book."""

    OPEN, SEALED, ENCRYPTED = range(3)


FORMS = ("open", "sealed", "encrypted")
BASES = ("rate", "price")
PRICINGS = ("uniform", "multiple", "mixed")
