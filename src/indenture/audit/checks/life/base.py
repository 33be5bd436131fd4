"""What the checks of life events share: the register of the bond, its rights, its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import Deal, day_number, to_date
from indenture.audit.model.workdays import FOLLOWING
from indenture.audit.replay.life import Action
from indenture.audit.replay.register import Register

DAY_SECONDS = 86_400
LONG_STOP = 10 * DAY_SECONDS
"""After so long without money, who elected may go; what the issuer offered has lapsed."""

DAY = timedelta(days=1)

Look = Callable[[Event, Register], None]


class LifeCheck(Check):
    """Looks at some events of the Servicing, each in its own way."""

    KINDS = ("Servicing",)

    def _look(self, event: Event) -> None:
        if event.kind != "Servicing":
            return
        register = self.world.bonds.get(event["bond"])
        look = self._looks().get(event.name)
        if register is not None and look is not None:
            look(event, register)

    def _looks(self) -> dict[str, Look]:
        """For a check to fill in: what it does, by the name of the event."""
        return {}

    def _not_due(self, event: Event, register: Register, kind: str) -> None:
        """A bond that was made due is neither called, nor changed, nor offered for."""
        if register.life.due_period:
            self._differ(event, kind, "bond", "a bond that goes on", "one that was made due", "it is due")

    def _by_issuer(self, event: Event, register: Register, kind: str, key: str = "actor") -> None:
        issuer = register.terms.issuer_account
        self._equal(event, kind, key, issuer, event[key], "this right is the issuer's")

    def _in_time(self, event: Event, register: Register, kind: str, day: int, notice_days: int) -> None:
        until = register.terms.notice_until(to_date(day), notice_days)
        if event.time > until:
            self._differ(event, kind, "time", f"<= {until}", event.time, "after the notice date")

    def _action(self, event: Event, register: Register, kind: str) -> Action | None:
        """The event of holders that is spoken of."""
        action = register.life.actions.get(event["action"])
        if action is None:
            known = f"1 to {len(register.life.actions)}"
            self._differ(event, kind, "action", known, event["action"], "there is no such event of holders")
        return action

    def _roll(self, register: Register, day: int, not_before: int = 0) -> int:
        """The day on which something is paid; not before a moment, whatever way it is rolled."""
        terms = register.terms
        market, on = self.world.calendar.market(terms.market), to_date(day)
        rolled = market.roll(on, terms.roll)
        if terms.seconds(rolled, 0) < not_before:
            rolled = market.roll(on, FOLLOWING)
        return day_number(rolled)


def today_of(register: Register, time: int) -> int:
    """The day number of a moment in the bond's own zone."""
    return day_number(register.terms.today(time))


def begun(register: Register, time: int) -> Deal:
    """The bond at a moment, with its sealed terms."""
    return register.deal(time).at(0)


def rights_on(register: Register, day: int, time: int) -> Any:
    """The rights of the terms of the period in which a day lies."""
    deal = begun(register, time)
    return deal.at(deal.period_on(to_date(day))).terms.rights


def share_needed(units: int, share: int) -> int:
    """Units that make up a share in billionths, rounded up."""
    return -(-units * share // 10**9)
