"""What a life came to, read back from the chain: nothing here is what an act said of itself."""

from __future__ import annotations

from indenture.audit import AuditResult
from indenture.contracts import Suite
from indenture.contracts._base import topic_of
from indenture.play.lives.life import Life
from indenture.play.lives.result import LifePlayed
from indenture.play.staged import StagedBond


def life_played(suite: Suite, life: Life, staged: StagedBond, audit: AuditResult) -> LifePlayed:
    """A life, from the events of its bond."""
    bond, money = staged.bond, staged.terms.currency.money_from_base
    told = {
        name: suite.servicing.events(name, indexed=[topic_of(bond.address)])
        for name in ("PaymentFunded", "PaymentCompleted", "TaxWithheld", "PeriodFixed")
    }
    return LifePlayed(
        label=life.label,
        kind=life.kind,
        isin=bond.isin,
        periods=suite.servicing.last_period(bond.address),
        payments=len(told["PaymentCompleted"]),
        interest=money(sum(event["interest"] for event in told["PaymentFunded"])),
        principal=money(sum(event["principal"] for event in told["PaymentFunded"])),
        tax=money(sum(event["tax"] for event in told["TaxWithheld"])),
        residues=money(sum(event["residue"] for event in told["PaymentCompleted"])),
        fixings=len({event["period"] for event in told["PeriodFixed"]}),
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
