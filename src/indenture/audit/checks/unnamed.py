"""AUTH-1 for events that name nobody: the transaction behind them must be of who had the right.

So it is with what the Authority says of itself, and with what an issuer alone may do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.calls import Calls, DirectCall
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.authority import ADMIN_ROLE
from indenture.audit.replay.membership import ISSUER
from indenture.chain import checksum

# The functions that lead to an event of the Authority, and what it repeats of their arguments, in turn.
_ADMINISTERED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "RoleLabel": (("labelRole",), ("roleId", "label")),
    "RoleGranted": (("grantRole",), ("roleId", "account", "delay")),
    "RoleRevoked": (("revokeRole", "renounceRole"), ("roleId", "account")),
    "RoleAdminChanged": (("setRoleAdmin",), ("roleId", "admin")),
    "RoleGuardianChanged": (("setRoleGuardian",), ("roleId", "guardian")),
    "RoleGrantDelayChanged": (("setGrantDelay",), ("roleId", "delay")),
    "TargetClosed": (("setTargetClosed",), ("target", "closed")),
    "TargetAdminDelayUpdated": (("setTargetAdminDelay",), ("target", "delay")),
    "TargetFunctionRoleUpdated": (("setTargetFunctionRole",), ("target", "selector", "roleId")),
    "AuthorityUpdated": (("updateAuthority",), ("address", "authority")),
}
_OF_ISSUERS = ("BondRegistered", "DocumentUpdated", "DocumentRemoved")
_BY_ROLE_ADMIN = ("grantRole", "revokeRole")
_AFTER_TARGET_DELAY = ("updateAuthority", "setTargetClosed", "setTargetFunctionRole")


class UnnamedCheck(Check):
    """Finds the call that led to an event, and whose it was."""

    NAMES = (*_ADMINISTERED, *_OF_ISSUERS)

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @classmethod
    def to_prefetch(cls, transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction with such an event."""
        for tx in transactions:
            if any(event.name in cls.NAMES for event in tx.events):
                yield tx.tx_hash

    def _look(self, event: Event) -> None:
        call = self._calls.get(event.tx_hash)
        if call is None:
            self._differ(event, "LOG-3", "transaction", event.tx_hash, "none", "no such transaction")
        elif event.name in _OF_ISSUERS:
            self._by_issuer(event, call)
        elif call.to is None:
            self._constructed(event)
        elif call.to == self.world.suite.one("Authority").address:
            self._administered(event, call)
        elif call.to in self.world.suite.targets:
            self._refuse(event, call.sender)
        # Else another contract called: whom it acts for is not in sight.

    def _by_issuer(self, event: Event, call: DirectCall) -> None:
        issuer = self._issuer(event)
        if issuer is None or call.to != event.address:
            return
        has_role = self.world.members.of(issuer).has_roles(event.time, ISSUER)
        if call.sender != issuer or not has_role:
            message = "bonds and their documents are the issuer's own act"
            self._differ(event, "AUTH-1", "sender", issuer, call.sender, message)

    def _issuer(self, event: Event) -> str | None:
        if event.name == "BondRegistered":
            return checksum(event["terms"].issuerAccount)
        register = self.world.bonds.get(event.address)
        return register.terms.issuer_account if register else None

    def _constructed(self, event: Event) -> None:
        """A constructor makes the first administrator, or tells a contract its Authority, before all else."""
        book = self.world.authority
        is_first = event.address not in book.of if event.name == "AuthorityUpdated" else not book.grants
        if not is_first or event.args.get("roleId", ADMIN_ROLE) != ADMIN_ROLE:
            self._refuse(event, "a constructor")

    def _administered(self, event: Event, call: DirectCall) -> None:
        functions, names = _ADMINISTERED[event.name]
        told = [event.address if name == "address" else event[name] for name in names]
        for inner in _inner(call):
            decoded = inner.decode("Authority")
            if decoded is None or decoded[0] not in functions or not _repeats(decoded[1], told):
                continue
            if self._may(event, inner.sender, decoded[0], decoded[1]):
                return
        self._refuse(event, call.sender)

    def _may(self, event: Event, sender: str, function: str, args: Any) -> bool:
        """Whether an account could do it: at once, or as it had scheduled it."""
        book = self.world.authority
        if function == "renounceRole":
            return bool(sender == args.callerConfirmation)
        role = book.admins.get(args.roleId, ADMIN_ROLE) if function in _BY_ROLE_ADMIN else ADMIN_ROLE
        grant = book.grants.get((role, sender))
        if grant is None or grant.since > event.time:
            return False
        delay = grant.delay.at(event.time)
        if function in _AFTER_TARGET_DELAY:
            delay = max(delay, book.target_delays[args.target].at(event.time))
        return delay == 0 or any(
            operation.caller == sender
            for done in self.tx.named("Authority", "OperationExecuted")
            if (operation := book.operations.get(done["operationId"]))
        )

    def _refuse(self, event: Event, sender: str) -> None:
        message = "the transaction does not ask for it, or its sender had no right to"
        self._differ(event, "AUTH-1", "sender", "an administrator's call", sender, message)


def _inner(call: DirectCall) -> Iterator[DirectCall]:
    """The acts of a call of the Authority: itself, or those that it holds."""
    match call.decode("Authority"):
        case ("multicall", args):
            for data in args.data:
                yield from _inner(DirectCall(call.sender, call.to, data))
        case ("execute", args) if args.target == call.to:
            yield from _inner(DirectCall(call.sender, call.to, args.data))
        case _:
            yield call


def _repeats(args: Any, told: Sequence[Any]) -> bool:
    """Whether an event says what a call asks for; a list of selectors gives an event each."""
    return all(
        found in asked if isinstance(asked, tuple | list) else found == asked
        for asked, found in zip(args, told, strict=True)
    )
