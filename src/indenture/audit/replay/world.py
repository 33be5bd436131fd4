"""The whole suite, rebuilt from its events and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from indenture.audit.events import Event
from indenture.audit.findings import Finding, Findings, show
from indenture.audit.model import Terms
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.authority import AuthorityBook
from indenture.audit.replay.calendar import Calendar
from indenture.audit.replay.cash import CashBook
from indenture.audit.replay.factory import FactoryBook
from indenture.audit.replay.membership import Membership
from indenture.audit.replay.offering import OfferingBook
from indenture.audit.replay.register import Register
from indenture.audit.replay.servicing import ServicingBook
from indenture.audit.replay.settlement import SettlementBook
from indenture.audit.replay.touched import Touched
from indenture.audit.suite import Suite


class World:
    """State after the events that were applied so far."""

    def __init__(self, suite: Suite, findings: Findings) -> None:
        self.suite = suite
        self.findings = findings
        self.touched = Touched()
        self.authority = AuthorityBook(self.touched)
        self.members = Membership(self.touched)
        self.calendar = Calendar(self.touched)
        self.factory = FactoryBook(self.touched)
        self.bonds: dict[str, Register] = {}
        self.offerings = OfferingBook(self.touched, self.bonds)
        self.servicing = ServicingBook(self.touched)
        self.settlement = SettlementBook(self.touched)
        self.cash = {t.address: CashBook(t.address, self.touched) for t in suite.all("CashToken")}
        self._books: dict[str, Callable[[Event], None]] = {
            "Authority": self.authority.apply,
            "MemberRegistry": self.members.apply,
            "BusinessCalendar": self.calendar.apply,
            "BondFactory": self._apply_factory,
            "Offering": self.offerings.apply,
            "Servicing": self._apply_servicing,
            "Settlement": self.settlement.apply,
            "CashToken": lambda event: self.cash[event.address].apply(event),
            "Bond": self._apply_bond,
        }

    def apply(self, event: Event) -> None:
        """Takes one event in."""
        if event.name == "AuthorityUpdated":
            self.authority.apply(event)
        else:
            self._books[event.kind](event)

    def approvals(self, token: str) -> Approvals:
        """Approvals and permits of a bond or a cash token."""
        return self.bonds[token].approvals if token in self.bonds else self.cash[token].approvals

    def differ(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        """Reports a difference that an event shows."""
        self.findings.add(
            Finding(
                block=event.block,
                contract=str(event.target),
                key=f"{event.name}.{key}",
                expected=show(expected),
                found=show(found),
                kind=kind,
                tx_hash=event.tx_hash,
                message=message,
                position=event.index,
            )
        )

    def expect(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        """Reports a difference if there is one."""
        if expected != found:
            self.differ(event, kind, key, expected, found, message)

    def _apply_factory(self, event: Event) -> None:
        self.factory.apply(event)
        if event.name == "BondRegistered" and event["bond"] not in self.bonds:
            terms = Terms.from_event(event["terms"])
            self.bonds[event["bond"]] = Register(
                event["bond"], terms, event["implementation"], event, self.touched
            )

    def _apply_bond(self, event: Event) -> None:
        if event.address in self.bonds:  # else TERMS-1 has reported that it spoke before it was registered
            self.bonds[event.address].apply(event)

    def _apply_servicing(self, event: Event) -> None:
        self.servicing.apply(event)
        if event.name == "HoldersPaid" and event["bond"] in self.bonds:
            register, period = self.bonds[event["bond"]], event["period"]
            self.servicing.serve(event["bond"], period, len(register.due(period, event["holders"])))
            register.serve(period, event["holders"])
