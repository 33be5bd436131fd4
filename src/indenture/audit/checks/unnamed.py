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
from indenture.audit.replay.authority import ADMIN_ROLE, operation_id
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
_ENDED = ("OperationExecuted", "OperationCanceled")


class UnnamedCheck(Check):
    """Finds the call that led to an event, and whose it was."""

    NAMES = (*_ADMINISTERED, *_OF_ISSUERS, *_ENDED)

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
        if event.name == "AuthorityUpdated":
            of_suite = self.world.suite.one("Authority").address
            message = "who may do what there is no longer the Authority's word"
            self._equal(event, "AUTH-1", "authority", of_suite, event["authority"], message)
        call = self._calls.get(event.tx_hash)
        if call is None:
            self._differ(event, "LOG-3", "transaction", event.tx_hash, "none", "no such transaction")
        elif event.name in _OF_ISSUERS:
            self._by_issuer(event, call)
        elif event.name in _ENDED:
            self._ended(event, call)
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
        delay = book.own_delay(sender, function, args, event.time)
        if not delay:
            return delay == 0
        done = self.tx.named("Authority", "OperationExecuted")
        announced = [book.operations.get(each["operationId"]) for each in done]
        return any(operation is not None and operation.caller == sender for operation in announced)

    def _ended(self, event: Event, call: DirectCall) -> None:
        """An announced call is done by who announced it, and taken back by that account or above it."""
        if call.to == event.address:
            fits = any(self._ends(event, act) for act in _acts(call))
        elif call.to in self.world.suite.targets:  # what was announced is done by calling it
            number = operation_id(call.sender, call.to, call.data)
            fits = (event.name, event["operationId"]) == ("OperationExecuted", number)
        else:
            return  # another contract called: whom it acts for is not in sight
        if not fits:
            self._refuse(event, call.sender)

    def _ends(self, event: Event, act: DirectCall) -> bool:
        number = event["operationId"]
        match act.decode("Authority"), event.name:
            case ("cancel", args), "OperationCanceled":
                fits = bool(number == operation_id(args.caller, args.target, args.data))
                return fits and self._may_cancel(event, act.sender, args)
            case ("execute", args), "OperationExecuted":
                return bool(number == operation_id(act.sender, args.target, args.data))
            case _, "OperationExecuted":
                return bool(number == operation_id(act.sender, event.address, act.data))
        return False

    def _may_cancel(self, event: Event, sender: str, args: Any) -> bool:
        book = self.world.authority
        role = book.functions.get((args.target, args.data[:4]), ADMIN_ROLE)
        above = [ADMIN_ROLE, book.guardians.get(role, ADMIN_ROLE)]
        if args.target == event.address:
            decoded = DirectCall(args.caller, args.target, args.data).decode("Authority")
            above += [book.role_above(*decoded)] if decoded else []
        return sender == args.caller or any(book.has_role(each, sender, event.time) for each in above)

    def _refuse(self, event: Event, sender: str) -> None:
        message = "the transaction does not ask for it, or its sender had no right to"
        self._differ(event, "AUTH-1", "sender", "an administrator's call", sender, message)


def _acts(call: DirectCall) -> Iterator[DirectCall]:
    """A call of the Authority, or the calls that it holds."""
    decoded = call.decode("Authority")
    if decoded is None or decoded[0] != "multicall":
        yield call
        return
    for data in decoded[1].data:
        yield from _acts(DirectCall(call.sender, call.to, data))


def _inner(call: DirectCall) -> Iterator[DirectCall]:
    """The same, of which it executes those that change itself."""
    for act in _acts(call):
        match act.decode("Authority"):
            case ("execute", args) if args.target == call.to:
                yield from _inner(DirectCall(call.sender, call.to, args.data))
            case _:
                yield act


def _repeats(args: Any, told: Sequence[Any]) -> bool:
    """Whether an event says what a call asks for; a list of selectors gives an event each."""
    return all(
        found in asked if isinstance(asked, tuple | list) else found == asked
        for asked, found in zip(args, told, strict=True)
    )
