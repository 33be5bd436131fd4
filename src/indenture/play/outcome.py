"""What a play came to, read back from the chain: nothing here is what an act said of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indenture.contracts import Suite
from indenture.contracts._base import topic_of
from indenture.dates import civil_day
from indenture.interest import principal_of
from indenture.play.result import BondPlayed, PaymentPlayed
from indenture.play.staged import StagedBond

_NOBODY = 0


@dataclass(slots=True)
class _Paid:
    amount: int = 0
    block: int = 0
    named: set[str] = field(default_factory=set)


def bond_played(suite: Suite, staged: StagedBond) -> BondPlayed:
    """A bond: what was issued, to how many, and what is left."""
    issued = staged.bond.events("Transfer", indexed=[topic_of(_NOBODY)])
    holders = list(dict.fromkeys(event["to"] for event in issued))
    known = suite.registry.accounts(holders)
    return BondPlayed(
        isin=staged.bond.isin,
        name=staged.terms.name,
        units=sum(event["value"] for event in issued),
        face_value=staged.terms.currency.money(staged.terms.face_value),
        holders=len(holders),
        members=len({account.lei for account in known if account is not None}),
        outstanding=staged.bond.total_supply(),
    )


def payments_of(suite: Suite, staged: StagedBond) -> Iterator[PaymentPlayed]:
    """What a bond paid, by period; interest and principal apart."""
    periods: dict[int, _Paid] = {}
    bond = staged.bond.address
    for event in suite.servicing.events("HoldersPaid", indexed=[topic_of(bond)]):
        paid = periods.setdefault(event["period"], _Paid())
        paid.amount += event["amount"]
        paid.named |= set(event["holders"])
        paid.block = event.block_number
    for event in suite.servicing.events("ClaimsPaid", indexed=[topic_of(bond)]):
        periods.setdefault(event["period"], _Paid()).amount += event["amount"]
    terms = staged.terms
    for period, paid in sorted(periods.items()):
        # A batch may name accounts that held nothing at the record date.
        units = [held for held in staged.bond.units_at(sorted(paid.named), period) if held]
        holders, time = len(units), suite.chain.block_stamp(paid.block).time
        each = suite.servicing.payment(bond, period).each
        principal = sum(principal_of(each, held) for held in units) if each else 0
        for kind, base in (("coupon", paid.amount - principal), ("principal", principal)):
            if base:
                yield PaymentPlayed(
                    isin=staged.bond.isin,
                    date=civil_day(time, terms.record.time_zone_offset),
                    kind=kind,
                    amount=terms.currency.money_from_base(base),
                    paid_holders=holders,
                )
