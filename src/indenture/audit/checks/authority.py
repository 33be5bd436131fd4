"""LOG-4 for the Authority: when roles begin and delays change, and the number of each scheduled call."""

from __future__ import annotations

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.authority import Delay

_SETBACK = 5 * 86_400
"""How long the change of a role's or contract's own delay is known before it takes effect, at the least."""


class AuthorityCheck(Check):
    """What the Authority derives when it is called, derived again."""

    KINDS = ("Authority",)

    def _look(self, event: Event) -> None:
        book = self.world.authority
        match event.name:
            case "RoleGranted":
                self._granted(event)
            case "RoleGrantDelayChanged":
                self._since(event, _effect(event, book.grant_delays[event["roleId"]], _SETBACK))
            case "TargetAdminDelayUpdated":
                self._since(event, _effect(event, book.target_delays[event["target"]], _SETBACK))
            case "OperationScheduled":
                self._scheduled(event)

    def _granted(self, event: Event) -> None:
        book, role = self.world.authority, event["roleId"]
        known = book.grants.get((role, event["account"]))
        self._expect(
            event, "newMember", known is None, event["newMember"], "the role was held before, or was not"
        )
        if known is None:
            self._since(event, event.time + book.grant_delays[role].at(event.time))
        else:
            self._since(event, _effect(event, known.delay, 0))

    def _scheduled(self, event: Event) -> None:
        act = (event["caller"], event["target"], event["data"])
        number = keccak(encode(("address", "address", "bytes"), act))
        self._expect(event, "operationId", number, event["operationId"], "the number of another call")
        before = self.world.authority.operations.get(event["operationId"])
        self._expect(
            event, "nonce", before.nonce + 1 if before else 1, event["nonce"], "scheduled out of turn"
        )

    def _since(self, event: Event, expected: int) -> None:
        self._expect(event, "since", expected, event["since"], "it takes effect at another time")

    def _expect(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.expect(event, "LOG-4", key, expected, found, message)


def _effect(event: Event, old: Delay, setback: int) -> int:
    """When a changed delay takes effect: a shorter one not before the old one has run out."""
    return event.time + max(setback, old.at(event.time) - int(event["delay"]))
