"""What the lives came to, in figures that are read back from the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indenture.audit import AuditResult
from indenture.deployment import Deployment
from indenture.money import Money


@dataclass(frozen=True, slots=True)
class LifePlayed:
    """A bond that lived from its registration to its last payment.

    Attributes:
        label: Name of its file.
        kind: The kind of bond.
        isin: Its ISIN.
        periods: Its interest periods, as its end was moved.
        payments: Payments that were made to all who were owed them.
        redemptions: Puts, offers and drawings that were paid to all whose units they took.
        recoveries: Recoveries that were paid in after the bond was made due.
        interest: What was paid in for interest, tax included.
        principal: What was paid in for principal, and over it.
        penalty: What was paid in for being late.
        recovered: What the recoveries came to.
        tax: What was withheld from the interest.
        residues: What was left when all were paid, and went back to the payer.
        fixings: Periods whose figures were fixed.
        outstanding: Units that are left.
        differences: Differences that the auditor found in what is this bond's.
    """

    label: str
    kind: str
    isin: str
    periods: int
    payments: int
    redemptions: int
    recoveries: int
    interest: Money
    principal: Money
    penalty: Money
    recovered: Money
    tax: Money
    residues: Money
    fixings: int
    outstanding: int
    differences: int

    def as_json(self) -> dict[str, str]:
        """The life as one JSON object of texts."""
        return {
            "kind": self.kind,
            "isin": self.isin,
            "currency": self.principal.currency.code,
            "periods": str(self.periods),
            "payments": str(self.payments),
            "redemptions": str(self.redemptions),
            "recoveries": str(self.recoveries),
            "interest": str(self.interest.amount),
            "principal": str(self.principal.amount),
            "penalty": str(self.penalty.amount),
            "recovered": str(self.recovered.amount),
            "tax": str(self.tax.amount),
            "residues": str(self.residues.amount),
            "fixings": str(self.fixings),
            "outstanding": str(self.outstanding),
            "differences": str(self.differences),
        }


@dataclass(frozen=True, slots=True)
class LivesResult:
    """Lives that were played to their end, and audited.

    Attributes:
        lives: What each came to.
        audit: What the auditor found on the whole chain.
        seconds: How long each part took.
        deployment: Where the contracts are, for who looks further on a node that is still there.
    """

    lives: tuple[LifePlayed, ...]
    audit: AuditResult
    seconds: Mapping[str, float]
    deployment: Deployment

    def as_json(self) -> dict[str, Any]:
        """The lives as one JSON object, amounts as decimal strings."""
        return {
            "lives": [life.as_json() for life in self.lives],
            "audit": {
                "blocks": self.audit.blocks,
                "events": self.audit.events,
                "differences": self.audit.differences,
                "proved": None if self.audit.proved is None else self.audit.proved.as_json(),
                "report": self.audit.report,
            },
            "seconds": {part: round(seconds, 1) for part, seconds in self.seconds.items()},
        }
