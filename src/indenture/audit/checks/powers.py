"""AUTH-1, MEMBER-2: whoever acted was allowed to, by what was on record at that moment."""

from __future__ import annotations

from functools import cache

from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay.membership import ADMITTED, MEMBER_SUSPENDED, REGISTRAR
from indenture.chain import load_abi

# Functions by event, for contracts that ask the Authority. Several functions may say one event.
_RESTRICTED: dict[tuple[str, str], tuple[str, ...]] = {
    ("CashToken", "CashIssued"): ("mint", "mintBatch"),
    ("CashToken", "CashRedeemed"): ("burn",),
    ("CashToken", "SupplyLimitSet"): ("setSupplyLimit",),
    ("CashToken", "TrustedSystemSet"): ("setTrustedSystem",),
    ("BusinessCalendar", "YearPublished"): ("publish",),
    ("BondFactory", "ImplementationSet"): ("setImplementation",),
    ("Bond", "PauseSet"): ("setPaused",),
}
_REGISTRAR: dict[str, tuple[str, ...]] = {
    "MemberAdmitted": ("admitMember", "admitMembers"),
    "MemberSuspended": ("suspendMember",),
    "MemberReinstated": ("reinstateMember",),
    "MemberReclassified": ("reclassifyMember",),
    "AccountAdmitted": ("admitMember", "admitMembers", "enrolAccount", "enrolAccounts"),
    "AccountRolesSet": ("setRoles",),
    "AccountStandingSet": (
        "suspendMember",
        "reinstateMember",
        "reclassifyMember",
        "suspendAccounts",
        "reinstateAccounts",
        "removeAccounts",
    ),
}


class Powers(Check):
    """Compares the actor of each event with the Authority and the registry."""

    def _look(self, event: Event) -> None:
        if event.kind == "MemberRegistry" and event.name in _REGISTRAR:
            self._registrar(self.tx, event)
        elif event.name == "StatutoryPowerUsed":
            self._power(self.tx, event, [event["power"]])
        elif (functions := _RESTRICTED.get((event.kind, event.name))) and not self._is_constructor(event):
            self._power(self.tx, event, [selector(event.kind, name) for name in functions])

    def _power(self, tx: Transaction, event: Event, selectors: list[bytes]) -> None:
        if not self._allowed(tx, event, selectors):
            self.world.differ(
                event,
                "AUTH-1",
                "actor",
                "an account that the Authority allows",
                event["actor"],
                f"{event['actor']} had no right to do this",
            )

    def _registrar(self, tx: Transaction, event: Event) -> None:
        selectors = [selector("MemberRegistry", name) for name in _REGISTRAR[event.name]]
        actor = self.world.members.of(event["actor"])
        if actor.has_roles(event.time, REGISTRAR) or self._allowed(tx, event, selectors):
            if self._grants_registrar(event) and not self._allowed(tx, event, selectors):
                self.world.differ(
                    event,
                    "MEMBER-2",
                    "roles",
                    "a registrar made by the Authority's administrator",
                    event["actor"],
                    "the role of registrar was given or taken by a mere registrar",
                )
            return
        if event.name == "AccountStandingSet" and self._is_sync(event):
            return
        self.world.differ(
            event, "MEMBER-2", "actor", "a registrar", event["actor"], f"{event['actor']} is no registrar"
        )

    def _grants_registrar(self, event: Event) -> bool:
        before = self.world.members.of(event["account"]).roles if "account" in event.args else 0
        after = event.args.get("roles", before)
        changes = event.name in ("AccountAdmitted", "AccountRolesSet")
        return changes and bool((before | after) & REGISTRAR)

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
        authority = self.world.suite.one("Authority").address
        if event["actor"] == authority:  # a scheduled act, which the Authority itself carries out
            return bool(tx.named("Authority", "OperationExecuted"))
        target = event.address
        if event.kind == "Bond":
            register = self.world.bonds.get(event.address)
            target = register.implementation if register else target
        allows = self.world.authority.allows
        return any(allows(event["actor"], target, s, event.time) for s in selectors)

    def _is_constructor(self, event: Event) -> bool:
        """The first limit of a cash token is set by its constructor, whoever deploys it."""
        token = self.world.cash.get(event.address)
        return event.name == "SupplyLimitSet" and token is not None and not token.limit_is_set


@cache
def selector(kind: str, name: str) -> bytes:
    """The selector of a function that has no overloads."""
    return load_abi(kind).function(name).selector
