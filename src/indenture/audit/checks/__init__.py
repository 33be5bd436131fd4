"""The checks: each looks at the events of a transaction with the world as it was rebuilt until then."""

from collections.abc import Iterator, Sequence

from indenture.audit.calls import Calls
from indenture.audit.checks.approvals import ApprovalCheck
from indenture.audit.checks.authority import AuthorityCheck
from indenture.audit.checks.base import Check
from indenture.audit.checks.benchmarks import BenchmarkCheck
from indenture.audit.checks.callers import CallerCheck
from indenture.audit.checks.cash import CashCheck
from indenture.audit.checks.clean import CleanCheck
from indenture.audit.checks.escrow import EscrowCheck
from indenture.audit.checks.fixings import FixingCheck
from indenture.audit.checks.legs import Legs
from indenture.audit.checks.life import (
    DefaultCheck,
    DrawingCheck,
    ElectionCheck,
    OpeningCheck,
    RecoveryCheck,
    RedemptionCheck,
    TermCheck,
    VersionCheck,
)
from indenture.audit.checks.market import MarketCheck
from indenture.audit.checks.membership import MembershipCheck
from indenture.audit.checks.powers import Powers
from indenture.audit.checks.primary import (
    BatchCheck,
    BidCheck,
    ClearingCheck,
    DepositCheck,
    MandateCheck,
    PaymentCheck,
    ProofCheck,
    RoleCheck,
    StageCheck,
    SyndicateCheck,
)
from indenture.audit.checks.records import RecordCheck
from indenture.audit.checks.register import RegisterCheck
from indenture.audit.checks.servicing import ServicingCheck
from indenture.audit.checks.settlement import SettlementCheck
from indenture.audit.checks.statutory import StatutoryCheck
from indenture.audit.checks.strangers import StrangerCheck
from indenture.audit.checks.unnamed import UnnamedCheck
from indenture.audit.events import Transaction
from indenture.audit.replay import World

__all__ = ["Check", "all_checks", "to_prefetch"]


def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
    """Hashes of the transactions that checks will read."""
    yield from Legs.to_prefetch(transactions)
    yield from SettlementCheck.to_prefetch(transactions)
    yield from CallerCheck.to_prefetch(transactions)
    yield from BenchmarkCheck.to_prefetch(transactions)
    yield from ApprovalCheck.to_prefetch(transactions)
    yield from UnnamedCheck.to_prefetch(transactions)
    for reading in (BidCheck, ProofCheck, BatchCheck):
        yield from reading.to_prefetch(transactions)


def all_checks(world: World, calls: Calls, chain_id: int) -> list[Check]:
    """One of each, in the order in which they look at an event."""
    plain: tuple[type[Check], ...] = (
        AuthorityCheck,
        MembershipCheck,
        MarketCheck,
        RecordCheck,
        RegisterCheck,
        StatutoryCheck,
        StageCheck,
        RoleCheck,
        MandateCheck,
        SyndicateCheck,
        ClearingCheck,
        PaymentCheck,
        DepositCheck,
        TermCheck,
        OpeningCheck,
        ElectionCheck,
        RedemptionCheck,
        DefaultCheck,
        RecoveryCheck,
        VersionCheck,
        FixingCheck,
        ServicingCheck,
        CleanCheck,
        CashCheck,
    )
    # Legs before escrows: what strangers gave is known only once every movement has its reason.
    reading = (
        Powers(world, calls),
        CallerCheck(world, calls),
        UnnamedCheck(world, calls),
        BenchmarkCheck(world, calls),
        DrawingCheck(world, calls),
        SettlementCheck(world, calls, chain_id),
        ApprovalCheck(world, calls, chain_id),
        BidCheck(world, calls, chain_id),
        ProofCheck(world, calls),
        BatchCheck(world, calls),
        Legs(world, calls),
        StrangerCheck(world, calls),
    )
    return [*(check(world) for check in plain), *reading, EscrowCheck(world)]
