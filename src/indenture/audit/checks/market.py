"""CALENDAR-1, CALENDAR-2 and TERMS-1: published years, joint markets and registered bonds."""

from __future__ import annotations

from datetime import date

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import Terms, day_number, text, unfit
from indenture.audit.replay.calendar import year_bits
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.membership import ISSUER

_DAY_SECONDS = 86_400
_EARLIEST_ZONE = 14 * 3600
_MOST_PARTS = 4


class MarketCheck(Check):
    """The calendar and the factory."""

    KINDS = ("BusinessCalendar", "BondFactory", "Bond")

    def _look(self, event: Event) -> None:
        match event.name:
            case "YearPublished":
                self._year(event)
            case "MarketsJoined":
                self._joined(event)
            case "BondRegistered":
                self._registration(event)
            case "ImplementationSet":
                self._compare(
                    event,
                    "oldImplementation",
                    self.world.factory.implementation,
                    event["oldImplementation"],
                    "not the implementation that was set before",
                )
        if event.kind == "Bond" and event.address not in self.world.bonds:
            self.world.differ(
                event,
                "TERMS-1",
                "bond",
                "a registered bond",
                event.address,
                "it spoke before it was registered",
            )

    def _year(self, event: Event) -> None:
        year = event["year"]
        old = self.world.calendar.market(text(event["market"])).years.get(year)
        version = old.version + 1 if old else 1
        if event["version"] != version:
            self.world.differ(
                event, "CALENDAR-1", "version", version, event["version"], "versions do not follow each other"
            )
        if text(event["market"]) in self.world.calendar.joint:
            message = "a joint market has no days of its own"
            self.world.differ(event, "CALENDAR-2", "market", "a market", text(event["market"]), message)
        bits = year_bits(event)
        length = date(year, 12, 31).timetuple().tm_yday
        if not bits or bits >> length:
            self.world.differ(
                event,
                "CALENDAR-1",
                "days",
                f"days of {year}",
                hex(bits),
                "no working day, or days beyond the year",
            )
        if old:
            begun = (event.time + _EARLIEST_ZONE) // _DAY_SECONDS
            past = max(0, begun - day_number(date(year, 1, 1)) + 1)
            if (bits ^ old.bits) & ((1 << past) - 1):
                self.world.differ(
                    event, "CALENDAR-1", "days", hex(old.bits), hex(bits), "a day that had begun was changed"
                )

    def _joined(self, event: Event) -> None:
        """CALENDAR-2: once, a code without days of its own, of markets with days of their own."""
        calendar, code = self.world.calendar, text(event["market"])
        parts = [text(part) for part in event["parts"]]
        if not code or code in calendar.joint or code in calendar.markets:
            self.world.differ(event, "CALENDAR-2", "market", "a new code", code, "it names a market already")
        if not 2 <= len(parts) <= _MOST_PARTS or not set(parts) <= set(calendar.markets):
            wanted = f"2 to {_MOST_PARTS} published markets"
            self.world.differ(event, "CALENDAR-2", "parts", wanted, parts, "markets that cannot be joined")

    def _registration(self, event: Event) -> None:
        terms, factory = event["terms"], self.world.factory
        self._compare(event, "terms.isin", event["isin"], terms.isin, "two ISINs in one registration")
        self._compare(event, "terms.issuer", event["issuer"], terms.issuer, "two issuers in one registration")
        self._compare(
            event, "implementation", factory.implementation, event["implementation"], "not the current one"
        )
        self._compare(
            event, "isin", ZERO, factory.bonds.get(event["isin"], ZERO), "the ISIN belongs to another bond"
        )
        issuer = self.world.members.of(terms.issuerAccount)
        if not issuer.has_roles(event.time, ISSUER) or issuer.lei != terms.issuer:
            self.world.differ(
                event,
                "TERMS-1",
                "terms.issuerAccount",
                "an issuer's account of that member",
                terms.issuerAccount,
                "the account may not issue for this member",
            )

        for name in unfit(Terms.from_event(terms, event["provisions"], event["rights"])):
            message = "terms that cannot be kept, or contradict each other: the factory refuses them"
            self._differ(event, "TERMS-1", f"terms.{name}", "terms that fit together", name, message)

    def _compare(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.expect(event, "TERMS-1", key, expected, found, message)
