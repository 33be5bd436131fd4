"""LOG-4 and AUTH-1 for the Authority: when roles begin and delays change, and how calls are announced.

What must be announced is done neither before its time nor a week after it, and once.
"""

from __future__ import annotations

from indenture.audit.calls import DirectCall
from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.authority import Delay, operation_id

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
            case "OperationExecuted":
                self._ended(event)
                self._executed(event)
            case "OperationCanceled":
                self._ended(event)

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
        number = operation_id(event["caller"], event["target"], event["data"])
        self._expect(event, "operationId", number, event["operationId"], "the number of another call")
        before = self.world.authority.operations.get(event["operationId"])
        self._expect(
            event, "nonce", before.nonce + 1 if before else 1, event["nonce"], "scheduled out of turn"
        )
        if before and before.time and before.open_at(event.time):
            self._differ(event, "LOG-4", "operationId", "a new call", number, "it was announced already")
        delay = self._delay(event)
        if not delay:
            message = "it may not do this, or need not announce it"
            self._differ(event, "AUTH-1", "caller", "an account with a delay", event["caller"], message)
        elif event["schedule"] < (earliest := event.time + delay):
            message = "sooner than the delay of who announced it"
            self._differ(event, "AUTH-1", "schedule", f">= {earliest}", event["schedule"], message)

    def _delay(self, event: Event) -> int | None:
        book, caller, data = self.world.authority, event["caller"], event["data"]
        if event["target"] == event.address:
            decoded = DirectCall(caller, event.address, data).decode("Authority")
            if decoded and (delay := book.own_delay(caller, *decoded, event.time)) is not None:
                return delay
        return book.delay(caller, event["target"], data[:4], event.time)

    def _ended(self, event: Event) -> None:
        """Done or taken back: once, and announced before."""
        known = self.world.authority.operations.get(event["operationId"])
        if known is None or not known.time:
            number, message = event["operationId"], "it was not announced, or it is over"
            self._differ(event, "LOG-4", "operationId", "an announced call", number, message)
        else:
            self._expect(event, "nonce", known.nonce, event["nonce"], "it was announced under another")

    def _executed(self, event: Event) -> None:
        known = self.world.authority.operations.get(event["operationId"])
        if known is None or not known.time:
            return
        if event.time < known.time:
            message = "done before its time"
            self._differ(event, "AUTH-1", "time", f">= {known.time}", event.time, message)
        elif not known.open_at(event.time):
            message = "done when it had expired"
            self._differ(event, "AUTH-1", "time", f"within a week of {known.time}", event.time, message)

    def _since(self, event: Event, expected: int) -> None:
        self._expect(event, "since", expected, event["since"], "it takes effect at another time")

    def _expect(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.expect(event, "LOG-4", key, expected, found, message)


def _effect(event: Event, old: Delay, setback: int) -> int:
    """When a changed delay takes effect: a shorter one not before the old one has run out."""
    return event.time + max(setback, old.at(event.time) - int(event["delay"]))
