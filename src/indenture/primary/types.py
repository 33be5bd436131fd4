"""How a book is run and where it stands: the codes that contracts and SDK share."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class _Label(IntEnum):
    @property
    def label(self) -> str:
        """The name as offering sheets and tables write it, such as ``fixed-price``."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def from_label(cls, label: str) -> Self:
        """Reads a name as offering sheets write it.

        Raises:
            KeyError: Nothing has this name.
        """
        return {member.label: member for member in cls}[label]


class Form(_Label):
    """How bids reach the book."""

    OPEN = 0
    """In clear, counted at once."""
    SEALED = 1
    """A commitment, opened by the bidder after the close."""
    ENCRYPTED = 2
    """A commitment, with the opening encrypted to the bookrunner's key."""


class Basis(_Label):
    """What a bid quotes."""

    RATE = 0
    """The coupon, in billionths a year; the lowest is best."""
    PRICE = 1
    """Base units of the currency for one unit; the highest is best."""


class Pricing(_Label):
    """What a winner pays."""

    UNIFORM = 0
    """All the marginal quote (Dutch)."""
    MULTIPLE = 1
    """Each his own quote (American)."""
    MIXED = 2
    """Who quoted the average or better the average, the others their own quote, up to a band behind it."""


class Stage(_Label):
    """Where an offering stands."""

    NONE = 0
    MANDATED = 1
    """By the issuer."""
    ACCEPTED = 2
    """By the bookrunner: the syndicate is formed."""
    OPEN = 3
    """For bids, in its hours."""
    CLOSED = 4
    """Bids are opened."""
    CLEARED = 5
    """Bids at levels that are not filled wait for the proof of their shares."""
    PUBLISHED = 6
    """Winners pay and are issued."""
    FAILED = 7
    CANCELLED = 8
    """By the issuer, before the close."""
