"""What a play came to, in figures that are read back from the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from indenture.audit import AuditResult
from indenture.deployment import Deployment
from indenture.money import Money
from indenture.primary import TenderResult


@dataclass(frozen=True, slots=True)
class BondPlayed:
    """A bond of the case.

    Attributes:
        isin: Its ISIN.
        name: Its name.
        units: Units issued.
        face_value: Face of a unit.
        holders: How many accounts got units at the issue.
        members: Of how many members they are.
        outstanding: Units outstanding at the end.
    """

    isin: str
    name: str
    units: int
    face_value: Money
    holders: int
    members: int
    outstanding: int

    @property
    def amount(self) -> Money:
        """Face of all units issued."""
        return self.face_value.currency.money_from_base(self.units * self.face_value.base)


@dataclass(frozen=True, slots=True)
class PaymentPlayed:
    """What a bond paid on a day.

    Attributes:
        isin: The bond.
        date: Day of the payment, in the bond's zone.
        kind: ``coupon`` or ``principal``.
        amount: What holders got.
        paid_holders: How many accounts were paid.
    """

    isin: str
    date: date
    kind: str
    amount: Money
    paid_holders: int


@dataclass(frozen=True, slots=True)
class PlayResult:
    """A case that was played to its end.

    Attributes:
        case: Its name.
        title: What was played.
        bonds: The bonds, in the order of registration.
        tenders: Results of their offerings, as the market was told them, in the order of the offerings.
        payments: What they paid, in the order of time.
        trades: How many trades were settled.
        audit: What the auditor found.
        seconds: How long each part took.
        deployment: Where the contracts are, for who looks further on a node that is still there.
    """

    case: str
    title: str
    bonds: tuple[BondPlayed, ...]
    tenders: tuple[TenderResult, ...]
    payments: tuple[PaymentPlayed, ...]
    trades: int
    audit: AuditResult
    seconds: Mapping[str, float]
    deployment: Deployment

    def as_json(self) -> dict[str, Any]:
        """The play as one JSON object, amounts as decimal strings.

        ``bond`` and ``tender`` are the first, ``bonds`` and ``tenders`` all where there are several.
        """
        bonds = [
            {
                "isin": bond.isin,
                "units": bond.units,
                "face_value": str(bond.face_value.amount),
                "holders": bond.holders,
            }
            for bond in self.bonds
        ]
        tenders = [tender.as_dict() for tender in self.tenders]
        payments = [
            {
                "date": payment.date.isoformat(),
                "kind": payment.kind,
                "amount": str(payment.amount.amount),
                "paid_holders": payment.paid_holders,
            }
            | ({"isin": payment.isin} if len(bonds) > 1 else {})
            for payment in self.payments
        ]
        return {
            "case": self.case,
            "bond": bonds[0] if bonds else None,
            **({"bonds": bonds} if len(bonds) > 1 else {}),
            "tender": tenders[0] if tenders else None,
            **({"tenders": tenders} if len(tenders) > 1 else {}),
            "payments": payments,
            "trades": self.trades,
            "audit": {
                "blocks": self.audit.blocks,
                "events": self.audit.events,
                "differences": self.audit.differences,
                "proved": None if self.audit.proved is None else self.audit.proved.as_json(),
                "report": _path(self.audit.report),
            },
            "seconds": {part: round(seconds, 2) for part, seconds in self.seconds.items()},
        }


def _path(report: str | Path | None) -> str | None:
    return None if report is None else str(report)
