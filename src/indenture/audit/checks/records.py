"""RECORD-1 and RECORD-2: payment days recomputed, record dates in turn and at their time."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import UnpublishedYear, day_number
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.register import Register

# Acts of an offering that have its bond notice what is due.
_ASKING = ("WinnerLapsed", "UnderwriterDischarged")


class RecordCheck(Check):
    """The calendar side of a bond."""

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
        """Before the first issue only its offering or a renewal makes a bond notice anything."""
        issued = any(
            e.address == event.address and e["from"] == ZERO for e in self.tx.named("Bond", "Transfer")
        )
        asked = any(e.name in _ASKING for e in self.tx.events if e.kind == "Offering") or any(
            e.address == event.address for e in self.tx.named("Bond", "TermExtended")
        )
        if not register.issued and not issued and not asked:
            self._differ(event, "RECORD-1", "supply", "an issue", "none", "noticed before anybody held it")

    def _announced(self, event: Event, register: Register) -> None:
        period, terms = event["period"], register.terms
        if register.announced or period != register.records + 1 or period > register.last:
            self._differ(event, "RECORD-1", "period", register.records + 1, period, "announced out of turn")
            return
        earliest = terms.announceable_from(period)
        if event.time < earliest:
            self._differ(event, "RECORD-1", "time", f">= {earliest}", event.time, "announced too early")
        try:
            days = terms.payment_days(period, self.world.calendar.market(terms.market))
        except UnpublishedYear as missing:
            self._differ(
                event, "RECORD-1", "payDay", "a published year", missing, "announced without a calendar"
            )
            return
        names = ("recordDay", "payDay", "recordTime", "payTime")
        expected = dict(zip(names, days, strict=True))
        expected["dueDay"] = day_number(terms.due_date(period))
        for name, value in expected.items():
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
