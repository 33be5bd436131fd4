"""AUTH-1, MEMBER-2: whoever acted was allowed to, by what was on record at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from indenture.audit.calls import Calls, DirectCall
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.membership import ADMITTED, MEMBER_SUSPENDED, PAYING_AGENT, REGISTRAR
from indenture.ledger.suite import interface_of

# Functions by event, for contracts that ask the Authority. Several functions may say one event.
_RESTRICTED: dict[tuple[str, str], tuple[str, ...]] = {
    ("CashToken", "CashIssued"): ("mint", "mintBatch"),
    ("CashToken", "CashRedeemed"): ("burn",),
    ("CashToken", "SupplyLimitSet"): ("setSupplyLimit",),
    ("CashToken", "TrustedSystemSet"): ("setTrustedSystem",),
    ("BusinessCalendar", "YearPublished"): ("publish",),
    ("BusinessCalendar", "MarketsJoined"): ("join",),
    ("Benchmarks", "BenchmarkDefined"): ("register",),
    ("Benchmarks", "AdministratorSet"): ("setAdministrator",),
    ("BondFactory", "ImplementationSet"): ("setImplementation",),
    ("Bond", "PauseSet"): ("setPaused",),
    ("Servicing", "ElectionAnnulled"): ("annulElection",),
    ("Servicing", "ActionOpened"): ("declareEvent",),
    ("Servicing", "RecoveryFunded"): ("fundRecovery",),
    ("Servicing", "DefaultClosed"): ("fundRecovery",),
}
_REGISTRAR: dict[str, tuple[str, ...]] = {
    "MemberAdmitted": ("admitMember", "admitMembers"),
    "MemberSuspended": ("suspendMember",),
    "MemberReinstated": ("reinstateMember",),
    "MemberReclassified": ("reclassifyMember",),
    "AccountAdmitted": ("admitMember", "admitMembers", "enrolAccount", "enrolAccounts"),
    "AccountRolesSet": ("setRoles",),
    # What follows from the member's own standing is anyone's to write: `sync`.
    "AccountStandingSet": ("suspendAccounts", "reinstateAccounts", "removeAccounts"),
}


class Powers(Check):
    """Compares the actor of each event with the Authority and the registry."""

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @classmethod
    def concerns(cls, kind: str, name: str) -> bool:
        """All but the two that are most of all events, and name nobody who acted."""
        del kind
        return name not in ("Transfer", "Approval")

    def _look(self, event: Event) -> None:
        if event.kind == "MemberRegistry" and event.name in _REGISTRAR:
            self._registrar(self.tx, event)
        elif event.name == "StatutoryPowerUsed":
            self._power(self.tx, event, [event["power"]])
        elif event.kind == "Servicing" and self._needs_none(event):
            return
        elif (functions := _RESTRICTED.get((event.kind, event.name))) and not self._is_constructor(event):
            self._power(self.tx, event, [selector(event.kind, name) for name in functions])

    def _power(self, tx: Transaction, event: Event, selectors: list[bytes]) -> None:
        if not self._allowed(tx, event, selectors):
            self.world.differ(
                event,
                "AUTH-1",
                "actor",
                "an account that the Authority allows",
                _who(event),
                f"{_who(event)} had no right to do this",
            )

    def _needs_none(self, event: Event) -> bool:
        """What the issuer, or a paying agent, may do without a power of the law."""
        register = self.world.bonds.get(event.args.get("bond", ""))
        if register is None:
            return True  # PAY-1 reports it
        match event.name:
            case "ActionOpened":  # of a stated event; all others are not by power
                return not any(event["code"]) or event["actor"] == register.terms.issuer_account
            case "RecoveryFunded":
                agent = self.world.members.of(event["payer"]).has_roles(event.time, PAYING_AGENT)
                return agent or event["payer"] == register.terms.issuer_account
            case "DefaultClosed":  # nothing is lost: who paid in may close it
                return not event["principal"] and not event["interest"]
        return False

    def _registrar(self, tx: Transaction, event: Event) -> None:
        if event.name == "AccountStandingSet" and self._is_sync(event):
            return  # whoever did it: anyone may
        by_authority = self._allowed(
            tx, event, [selector("MemberRegistry", n) for n in _REGISTRAR[event.name]]
        )
        if not by_authority and not self.world.members.of(event["actor"]).has_roles(event.time, REGISTRAR):
            self.world.differ(
                event, "MEMBER-2", "actor", "a registrar", event["actor"], f"{event['actor']} is no registrar"
            )
        elif not by_authority and self._is_of_registrar(event):
            self.world.differ(
                event,
                "MEMBER-2",
                "account",
                "an account that the Authority allows",
                event["actor"],
                "a mere registrar made, changed or unmade a registrar",
            )

    def _is_of_registrar(self, event: Event) -> bool:
        """Whether the account is a registrar's, before or after."""
        before = self.world.members.of(event["account"]).roles if "account" in event.args else 0
        return bool((before | event.args.get("roles", before)) & REGISTRAR)

    def _is_sync(self, event: Event) -> bool:
        """Anyone may write a member's class and standing into the words of its accounts."""
        account = self.world.members.of(event["account"])
        member = self.world.members.members.get(event["lei"])
        if member is None:
            return False
        standing = account.standing & ~MEMBER_SUSPENDED | (MEMBER_SUSPENDED if member.suspended else 0)
        synced: tuple[int, int] = (standing | ADMITTED, 1 << member.class_)
        return synced == (event["standing"], event["verdicts"])

    def _allowed(self, tx: Transaction, event: Event, selectors: list[bytes]) -> bool:
        """Whether the Authority let the actor call one of some functions, at once or as it was scheduled."""
        target = event.address
        if event.kind == "Bond":
            register = self.world.bonds.get(event.address)
            target = register.implementation if register else target
        actor, authority = _who(event), self.world.suite.one("Authority").address
        executed = [
            operation
            for done in tx.named("Authority", "OperationExecuted")
            if (operation := self.world.authority.operations.get(done["operationId"]))
            and operation.target == event.address
            and operation.selector in selectors
            and self._allows(operation.caller, target, operation.selector, event.time, scheduled=True)
        ]
        if actor == authority:
            return bool(executed) or self._executes(tx, event, selectors)
        if any(operation.caller == actor for operation in executed):
            return True
        return any(self._allows(actor, target, s, event.time) for s in selectors)

    def _executes(self, tx: Transaction, event: Event, selectors: list[bytes]) -> bool:
        """An act of the Authority that needed no schedule: who sent it there may do it at once."""
        call = self._calls.get(tx.tx_hash)
        if call is None or call.to in (None, event.address):
            return False
        if call.to != _who(event):
            return call.to not in self.world.suite.targets  # through a stranger's contract: not in sight
        return any(
            (inner.to, inner.data[:4]) == (event.address, function)
            and self._allows(inner.sender, event.address, function, event.time)
            for inner in executions(call)
            for function in selectors
        )

    def _allows(
        self, actor: str, target: str, function: bytes, time: int, *, scheduled: bool = False
    ) -> bool:
        return self.world.authority.allows(actor, target, function, time, scheduled=scheduled)

    def _is_constructor(self, event: Event) -> bool:
        """The first limit of a cash token is set by its constructor, whoever deploys it."""
        token = self.world.cash.get(event.address)
        return event.name == "SupplyLimitSet" and token is not None and not token.limit_is_set


def executions(call: DirectCall) -> Iterator[DirectCall]:
    """What a call of the Authority has it execute, alone or among others."""
    decoded = call.decode("Authority")
    if decoded is None:
        return
    name, args = decoded
    if name == "execute":
        yield DirectCall(call.sender, args.target, args.data)
    elif name == "multicall":
        for data in args.data:
            yield from executions(DirectCall(call.sender, call.to, data))


@cache
def selector(kind: str, name: str) -> bytes:
    """The selector of a function that has no overloads."""
    return interface_of(kind).function(name).selector


def _who(event: Event) -> str:
    """Who used the power: an event of money names him as payer."""
    actor: str = event.args.get("actor") or event["payer"]
    return actor
