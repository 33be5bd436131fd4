"""RECORD-1 and RECORD-2: payment days recomputed, record dates in turn and at their time."""

from __future__ import annotations

from datetime import timedelta

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import UnpublishedYear, day_number, to_date
from indenture.audit.model.workdays import FOLLOWING
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.register import Register

# Acts of an offering that have its bond notice what is due.
_ASKING = ("WinnerLapsed", "UnderwriterDischarged")
# The longest that a recovery is announced ahead.
_SOON = timedelta(days=31)
_MOVING = ("TermMoved", "DefaultEntered")


class RecordCheck(Check):
    """The calendar side of a bond."""

    NAMES = ("PaymentAnnounced", "RecordPassed")

    def _look(self, event: Event) -> None:
        register = self.world.bonds.get(event.address)
        if register is None:
            return
        if event.name in ("PaymentAnnounced", "RecordPassed"):
            self._after_issue(event, register)
        if event.name == "PaymentAnnounced":
            self._announced(event, register)
        elif event.name == "RecordPassed":
            self._passed(event, register)

    def _after_issue(self, event: Event, register: Register) -> None:
        """Before the first issue only its offering, or what moves its term, makes a bond notice anything."""
        issued = any(
            e.address == event.address and e["from"] == ZERO for e in self.tx.named("Bond", "Transfer")
        )
        asked = any(e.name in _ASKING for e in self.tx.events if e.kind == "Offering") or any(
            e.address == event.address for name in _MOVING for e in self.tx.named("Bond", name)
        )
        if not register.issued and not issued and not asked:
            self._differ(event, "RECORD-1", "supply", "an issue", "none", "noticed before anybody held it")

    def _announced(self, event: Event, register: Register) -> None:
        if register.in_default:
            self._recovery(event, register)
            return
        period, terms = event["period"], register.terms
        if register.announced or period != register.records + 1 or period > register.last:
            self._differ(event, "RECORD-1", "period", register.records + 1, period, "announced out of turn")
            return
        earliest = register.announceable_from(period)
        if event.time < earliest:
            self._differ(event, "RECORD-1", "time", f">= {earliest}", event.time, "announced too early")
        try:
            days = terms.payment_days(register.due(period), self.world.calendar.market(terms.market))
        except UnpublishedYear as missing:
            self._differ(
                event, "RECORD-1", "payDay", "a published year", missing, "announced without a calendar"
            )
            return
        self._days(event, (day_number(register.due(period)), *days))

    def _recovery(self, event: Event, register: Register) -> None:
        """In default the day is chosen: a business day soon, paid on the next."""
        terms, period = register.terms, event["period"]
        if register.announced or period != register.records + 1:
            self._differ(event, "RECORD-1", "period", register.records + 1, period, "announced out of turn")
        market, today = self.world.calendar.market(terms.market), terms.today(event.time)
        record = to_date(event["recordDay"])
        if not today < record <= today + _SOON or not market.is_open(record):
            wanted = f"a business day within {_SOON.days} days"
            self._differ(event, "RECORD-1", "recordDay", wanted, record, "no record day of a recovery")
        pay = market.roll(record + timedelta(days=1), FOLLOWING)
        days = (event["recordDay"], day_number(pay))
        times = (terms.seconds(record, terms.cut_off), terms.seconds(pay, 0))
        self._days(event, (event["recordDay"], *days, *times))

    def _days(self, event: Event, days: tuple[int, ...]) -> None:
        names = ("dueDay", "recordDay", "payDay", "recordTime", "payTime")
        for name, value in zip(names, days, strict=True):
            if value != event[name]:
                self._differ(event, "RECORD-1", name, value, event[name], "not what terms and calendar give")

    def _passed(self, event: Event, register: Register) -> None:
        period = register.records + 1
        if not register.announced or event["period"] != period:
            self._differ(
                event, "RECORD-2", "period", period, event["period"], "the record date passed out of turn"
            )
        if event["recordTime"] != register.next_time:
            self._differ(
                event,
                "RECORD-2",
                "recordTime",
                register.next_time,
                event["recordTime"],
                "not the time announced",
            )
        if event.time < event["recordTime"]:
            self._differ(
                event, "RECORD-2", "time", f">= {event['recordTime']}", event.time, "it passed too early"
            )
        if event["supply"] != register.supply.units:
            self._differ(
                event,
                "RECORD-2",
                "supply",
                register.supply.units,
                event["supply"],
                "not the units outstanding then",
            )
