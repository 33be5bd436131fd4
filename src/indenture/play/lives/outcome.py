"""What a life came to, read back from the chain: nothing here is what an act said of itself."""

from __future__ import annotations

from indenture.audit import AuditResult
from indenture.contracts import Suite
from indenture.contracts._base import topic_of
from indenture.money import Money
from indenture.play.lives.life import Life
from indenture.play.lives.result import LifePlayed
from indenture.play.staged import StagedBond
from indenture.roles.bond_figures import BondFigures

_PAID_IN = ("PaymentFunded", "PenaltyFunded", "ActionFunded", "RecoveryFunded")
_DONE = ("PaymentCompleted", "ActionCompleted")


def life_played(suite: Suite, life: Life, staged: StagedBond, audit: AuditResult) -> LifePlayed:
    """A life, from the events of its bond."""
    bond, money = staged.bond, staged.terms.currency.money_from_base
    events = {
        name: suite.servicing.events(name, indexed=[topic_of(bond.address)])
        for name in (*_PAID_IN, *_DONE, "TaxWithheld", "PeriodFixed")
    }

    def total(field: str, *names: str) -> Money:
        return money(sum(event[field] for name in names for event in events[name]))

    return LifePlayed(
        label=life.label,
        kind=life.kind,
        isin=bond.isin,
        periods=BondFigures(suite, bond).last_period,
        payments=len(events["PaymentCompleted"]) - len(events["RecoveryFunded"]),
        redemptions=len(events["ActionCompleted"]),
        recoveries=len(events["RecoveryFunded"]),
        interest=total("interest", "PaymentFunded", "ActionFunded"),
        principal=total("principal", "PaymentFunded", "ActionFunded"),
        penalty=total("amount", "PenaltyFunded") + total("penalty", "ActionFunded"),
        recovered=total("amount", "RecoveryFunded"),
        tax=total("tax", "TaxWithheld"),
        residues=total("residue", *_DONE),
        fixings=len({event["period"] for event in events["PeriodFixed"]}),
        outstanding=bond.total_supply(),
        differences=_differences(audit, bond.address, bond.isin),
    )


def _differences(audit: AuditResult, address: str, isin: str) -> int:
    """Findings that name the bond."""
    names = (address.lower(), isin.lower())
    return sum(
        any(name in f"{each.contract} {each.key} {each.message}".lower() for name in names)
        for each in audit.findings
    )
