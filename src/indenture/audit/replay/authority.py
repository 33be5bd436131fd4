"""Who may call what, as the Authority's events tell it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched

PUBLIC_ROLE = 2**64 - 1
ADMIN_ROLE = 0
_EXPIRATION = 7 * 86_400

_SET_AUTHORITY = keccak(text="setAuthority(address)")[:4]
_BY_ADMIN = ("labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay", "setTargetAdminDelay")
_BY_ROLE_ADMIN = ("grantRole", "revokeRole")
_AFTER_TARGET_DELAY = ("updateAuthority", "setTargetClosed", "setTargetFunctionRole")


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay in seconds, and the one that replaces it from an instant on."""

    before: int = 0
    after: int = 0
    effect: int = 0

    def at(self, time: int) -> int:
        """The delay in force."""
        return self.after if self.effect <= time else self.before

    def full(self, time: int) -> tuple[int, int, int]:
        """The delay in force, the one to come, and when it does."""
        return (self.after, 0, 0) if self.effect <= time else (self.before, self.after, self.effect)

    def changed(self, time: int, value: int, effect: int) -> Delay:
        """The same after a change was made known."""
        return Delay(self.at(time), value, effect)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of an account, from an instant on, used after a delay."""

    since: int
    delay: Delay


@dataclass(frozen=True, slots=True)
class Operation:
    """A call that an account has scheduled; ``time`` is 0 once it is done or cancelled."""

    nonce: int
    time: int
    caller: str
    target: str
    selector: bytes

    def open_at(self, time: int) -> int:
        """From when it may be done; 0 when it no longer can be."""
        return 0 if self.time + _EXPIRATION <= time else self.time


def operation_id(caller: str, target: str, data: bytes) -> bytes:
    """The number under which a call is scheduled."""
    return keccak(encode(("address", "address", "bytes"), (caller, target, data)))


@dataclass(slots=True)
class AuthorityBook:
    """Roles, grants, the role that each function asks for.

    Attributes:
        of: The Authority of each contract.
        opened: Functions that anybody could ever call, with the block from which on.
    """

    touched: Touched
    grants: dict[tuple[int, str], Grant] = field(default_factory=dict)
    functions: dict[tuple[str, bytes], int] = field(default_factory=dict)
    closed: dict[str, bool] = field(default_factory=dict)
    admins: dict[int, int] = field(default_factory=dict)
    guardians: dict[int, int] = field(default_factory=dict)
    grant_delays: defaultdict[int, Delay] = field(default_factory=lambda: defaultdict(Delay))
    target_delays: defaultdict[str, Delay] = field(default_factory=lambda: defaultdict(Delay))
    operations: dict[bytes, Operation] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    opened: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def has_role(self, role: int, account: str, time: int) -> bool:
        """Whether an account has a role, whatever its delay."""
        return self._delay(role, account, time) is not None

    def allows(self, actor: str, target: str, selector: bytes, time: int, *, scheduled: bool = False) -> bool:
        """Whether an account may call a function at once, or a scheduled one after its delay."""
        delay = self.delay(actor, target, selector, time)
        return delay == 0 or (scheduled and delay is not None)

    def delay(self, actor: str, target: str, selector: bytes, time: int) -> int | None:
        """Seconds for which an account must announce a call before it; None where it may not call at all."""
        if self.closed.get(target, False):
            return None
        if selector == _SET_AUTHORITY:
            return self._longer(self._delay(ADMIN_ROLE, actor, time), target, time)
        return self._delay(self.functions.get((target, selector), ADMIN_ROLE), actor, time)

    def own_delay(self, actor: str, function: str, args: Any, time: int) -> int | None:
        """The same for a function with which the Authority is changed; None for all others too."""
        delay = self._delay(self.role_above(function, args), actor, time)
        if function in _AFTER_TARGET_DELAY:
            return self._longer(delay, args.target, time)
        return delay if function in (*_BY_ADMIN, *_BY_ROLE_ADMIN) else None

    def role_above(self, function: str, args: Any) -> int:
        """The role that a function asks for with which the Authority is changed."""
        return self.admins.get(args.roleId, ADMIN_ROLE) if function in _BY_ROLE_ADMIN else ADMIN_ROLE

    def _longer(self, delay: int | None, target: str, time: int) -> int | None:
        """A delay, or that of the contract that is changed if it is longer."""
        return None if delay is None else max(delay, self.target_delays[target].at(time))

    def _delay(self, role: int, account: str, time: int) -> int | None:
        if role == PUBLIC_ROLE:
            return 0
        grant = self.grants.get((role, account))
        return None if grant is None or grant.since > time else grant.delay.at(time)

    def apply(self, event: Event) -> None:
        """Takes one event of the Authority in."""
        match event.name:
            case "RoleGranted" | "RoleRevoked":
                self._grant(event)
            case "TargetFunctionRoleUpdated":
                self.functions[event["target"], event["selector"]] = event["roleId"]
                if event["roleId"] == PUBLIC_ROLE:
                    self.opened.setdefault((event["target"], event["selector"]), event.block)
                self.touched.add("function role", event["target"], event["selector"])
            case "TargetClosed":
                self.closed[event["target"]] = event["closed"]
                self.touched.add("target", event["target"])
            case "AuthorityUpdated":
                self.of[event.address] = event["authority"]
                self.touched.add("authority", event.address)
            case "RoleLabel":
                self.labels[event["roleId"]] = event["label"]
            case "OperationScheduled" | "OperationExecuted" | "OperationCanceled":
                self._operation(event)
            case _:
                self._setting(event)

    def _grant(self, event: Event) -> None:
        key = (event["roleId"], event["account"])
        self.touched.add("grant", *key)
        if event.name == "RoleRevoked":
            self.grants.pop(key, None)
            return
        old = self.grants.get(key)
        if event["newMember"] or old is None:
            self.grants[key] = Grant(event["since"], Delay(after=event["delay"]))
        else:  # a later grant changes only the delay: since when the role is held stays
            self.grants[key] = Grant(old.since, old.delay.changed(event.time, event["delay"], event["since"]))

    def _setting(self, event: Event) -> None:
        if event.name == "TargetAdminDelayUpdated":
            old = self.target_delays[event["target"]]
            self.target_delays[event["target"]] = old.changed(event.time, event["delay"], event["since"])
            self.touched.add("target", event["target"])
            return
        role = event["roleId"]
        self.touched.add("role", role)
        match event.name:
            case "RoleAdminChanged":
                self.admins[role] = event["admin"]
            case "RoleGuardianChanged":
                self.guardians[role] = event["guardian"]
            case "RoleGrantDelayChanged":
                old = self.grant_delays[role]
                self.grant_delays[role] = old.changed(event.time, event["delay"], event["since"])

    def _operation(self, event: Event) -> None:
        number = event["operationId"]
        self.touched.add("operation", number)
        if event.name == "OperationScheduled":
            self.operations[number] = Operation(
                event["nonce"], event["schedule"], event["caller"], event["target"], event["data"][:4]
            )
        elif known := self.operations.get(number):
            self.operations[number] = Operation(known.nonce, 0, known.caller, known.target, known.selector)
