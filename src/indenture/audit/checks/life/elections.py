"""ELECT-1, BOUND-1: elections are the holder's, in time, of free units; and nothing else binds units."""

from __future__ import annotations

from indenture.audit.checks.life.base import LONG_STOP, LifeCheck, Look
from indenture.audit.events import Event
from indenture.audit.replay.life import DRAWING, EXCHANGE, RESOLUTION, Action
from indenture.audit.replay.register import Register

_ELECTIONS = ("UnitsElected", "ElectionWithdrawn", "ElectionReleased", "ElectionAnnulled")


class ElectionCheck(LifeCheck):
    """Each election; after each transaction, what is bound."""

    def _looks(self) -> dict[str, Look]:
        return {
            "UnitsElected": self._elected,
            "ElectionWithdrawn": self._withdrawn,
            "ElectionReleased": self._released,
            "ElectionAnnulled": self._annulled,
        }

    def _elected(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "ELECT-1")
        if action is None:
            return
        holder, units = event["holder"], event["units"]
        self._open(event, action)
        total = action.elections.get(holder, 0) + units
        self._equal(event, "ELECT-1", "elected", total, event["elected"], "not what was elected so far")
        if not units or action.kind == DRAWING or self._is_broken(action, units):
            message = "nothing, no whole multiple, or an event without elections"
            self._differ(event, "ELECT-1", "units", "units that fit the event", units, message)
        if action.kind >= RESOLUTION and self.world.members.of(holder).lei == register.terms.raw.issuer:
            self._differ(event, "ELECT-1", "holder", "a holder", "the issuer", "his units have no vote")
        self._may_bind(event, register)

    def _may_bind(self, event: Event, register: Register) -> None:
        holder = event["holder"]
        free = register.free_of(holder)
        if event["units"] > free:
            message = "more than the holder has free"
            self._differ(event, "ELECT-1", "units", f"<= {free}", event["units"], message)
        if not self.world.members.of(holder).eligible(event.time, register.terms.eligible):
            message = "the holder might not hold the bond then"
            self._differ(event, "ELECT-1", "holder", "an eligible holder", holder, message)
        if register.closed or register.paused or register.shut:
            message = "the bond was paused, its books closed or shut"
            self._differ(event, "ELECT-1", "units", "no election", event["units"], message)

    def _withdrawn(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "ELECT-1")
        if action is None:
            return
        had, units = action.elections.get(event["holder"], 0), event["units"]
        self._open(event, action)
        self._equal(
            event, "ELECT-1", "elected", had - units, event["elected"], "not what is left of the election"
        )
        barred = not action.raw.withdrawable or action.kind == DRAWING or self._is_broken(action, units)
        if not 0 < units <= had or barred:
            message = "more than was elected, or an election that stands"
            self._differ(event, "ELECT-1", "units", f"1 to {0 if barred else had}", units, message)

    def _released(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "ELECT-1")
        if action is None:
            return
        self._all_of_it(event, action)
        # Whose promised money does not come may go, alone and by himself; CallerCheck looks who called.
        alone = len(self.tx.named("Servicing", "ElectionReleased")) == 1
        if not _is_over(event, register, action) and not (alone and _is_stopped(event, action)):
            message = "the event could still take the units"
            self._differ(event, "ELECT-1", "action", "an event that is over", event["action"], message)

    def _annulled(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "ELECT-1")
        if action is None:
            return
        self._all_of_it(event, action)
        if action.decided or action.kind == DRAWING:
            message = "decided, or drawn by lot: that stands"
            self._differ(event, "ELECT-1", "action", "an open election", event["action"], message)

    def _all_of_it(self, event: Event, action: Action) -> None:
        had = action.elections.get(event["holder"], 0)
        self._equal(event, "ELECT-1", "units", had, event["units"], "not what the holder had elected")
        if not had:
            self._differ(event, "ELECT-1", "holder", "who elected", event["holder"], "he had not elected")

    def _open(self, event: Event, action: Action) -> None:
        opens, closes = action.raw.opensAt, action.raw.closesAt
        if not opens <= event.time < closes or action.decided:
            message = "outside the time in which holders elect"
            self._differ(event, "ELECT-1", "time", f"{opens} to {closes}", event.time, message)

    @staticmethod
    def _is_broken(action: Action, units: int) -> bool:
        """Whether units are no whole multiple of what is exchanged."""
        return action.kind == EXCHANGE and bool(units % action.raw.oldUnits)

    # --- what is bound

    def _close(self) -> None:
        """BOUND-1: of each holder who is named, all that events bind of him."""
        named: dict[tuple[str, str], Event] = {}
        for event in self.tx.events:
            if event.name == "UnitsBound" and event.kind == "Bond":
                named[event.address, event["holder"]] = event
            elif event.name in _ELECTIONS and event.kind == "Servicing":
                named.setdefault((event["bond"], event["holder"]), event)
        for (bond, holder), event in named.items():
            register = self.world.bonds.get(bond)
            if register is None:
                continue
            wanted, found = register.life.pledged(holder), register.entries[holder].pledged
            message = f"not what events of holders bind of {holder}"
            self._equal(event, "BOUND-1", "bound", wanted, found, message)


def _is_over(event: Event, register: Register, action: Action) -> bool:
    """Whether an event can take nothing any more."""
    if action.kind >= RESOLUTION:
        return action.decided or event.time >= action.raw.closesAt
    if register.closed:
        return True
    if action.decided:
        return False
    lapsed = not action.is_promised and event.time >= action.raw.payTime + LONG_STOP
    return bool(register.life.due_period) or lapsed


def _is_stopped(event: Event, action: Action) -> bool:
    """Whether promised money has not come for long."""
    return action.is_promised and not action.decided and event.time >= action.raw.payTime + LONG_STOP
