"""Who may call what, as the Authority's events tell it."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched

PUBLIC_ROLE = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of an account, from an instant on, used after a delay.

    ``settled`` says that the delay has not been changed since: a change takes effect later.
    """

    since: int
    delay: int
    settled: bool = True


class AuthorityBook:
    """Roles, grants, the role that each function asks for; ``of`` is the Authority of each contract."""

    def __init__(self, touched: Touched) -> None:
        self.grants: dict[tuple[int, str], Grant] = {}
        self.functions: dict[tuple[str, bytes], int] = {}
        self.closed: dict[str, bool] = {}
        self.admins: dict[int, int] = {}
        self.guardians: dict[int, int] = {}
        self.labels: dict[int, str] = {}
        self.of: dict[str, str] = {}
        self._touched = touched

    def allows(self, actor: str, target: str, selector: bytes, time: int) -> bool:
        """Whether an account may call a function at once."""
        if self.closed.get(target, False):
            return False
        role = self.functions.get((target, selector), 0)
        grant = self.grants.get((role, actor))
        return role == PUBLIC_ROLE or (grant is not None and grant.since <= time and grant.delay == 0)

    def apply(self, event: Event) -> None:
        """Takes one event of the Authority in."""
        match event.name:
            case "RoleGranted":
                self._grant(event)
            case "RoleRevoked":
                self.grants.pop((event["roleId"], event["account"]), None)
                self._touched.add("grant", event["roleId"], event["account"])
            case "TargetFunctionRoleUpdated":
                self.functions[event["target"], event["selector"]] = event["roleId"]
                self._touched.add("function role", event["target"], event["selector"])
            case "TargetClosed":
                self.closed[event["target"]] = event["closed"]
                self._touched.add("closed", event["target"])
            case "RoleAdminChanged":
                self.admins[event["roleId"]] = event["admin"]
                self._touched.add("role", event["roleId"])
            case "RoleGuardianChanged":
                self.guardians[event["roleId"]] = event["guardian"]
                self._touched.add("role", event["roleId"])
            case "AuthorityUpdated":
                self.of[event.address] = event["authority"]
                self._touched.add("authority", event.address)
            case "RoleLabel":
                self.labels[event["roleId"]] = event["label"]

    def _grant(self, event: Event) -> None:
        key = (event["roleId"], event["account"])
        old = self.grants.get(key)
        # A later grant changes only the delay; since when the role is held stays.
        since = event["since"] if event["newMember"] or old is None else old.since
        self.grants[key] = Grant(since, event["delay"], settled=old is None)
        self._touched.add("grant", *key)
