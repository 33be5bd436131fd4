"""The whole suite, rebuilt from its events and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE, Finding, Findings, show
from indenture.audit.model import Each, Terms, unit_payment
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.authority import AuthorityBook
from indenture.audit.replay.benchmarks import BenchmarkBook
from indenture.audit.replay.calendar import Calendar
from indenture.audit.replay.cash import ZERO, CashBook
from indenture.audit.replay.factory import FactoryBook
from indenture.audit.replay.fixings import apply_fixing
from indenture.audit.replay.lifecycle import LIFE_EVENTS, apply_life
from indenture.audit.replay.membership import Membership
from indenture.audit.replay.offering import OfferingBook
from indenture.audit.replay.register import Market, Register
from indenture.audit.replay.servicing import ServicingBook
from indenture.audit.replay.settlement import SettlementBook
from indenture.audit.replay.strangers import Strangers
from indenture.audit.replay.touched import Touched
from indenture.ledger.suite import Suite


class World:
    """State after the events that were applied so far."""

    def __init__(self, suite: Suite, findings: Findings) -> None:
        self.suite = suite
        self.findings = findings
        self.touched = Touched()
        self.authority = AuthorityBook(self.touched)
        self.members = Membership(self.touched)
        self.calendar = Calendar(self.touched)
        self.benchmarks = BenchmarkBook(self.touched)
        self.factory = FactoryBook(self.touched)
        self.bonds: dict[str, Register] = {}
        self.offerings = OfferingBook(self.touched, self.bonds)
        self.servicing = ServicingBook(self.touched)
        self.settlement = SettlementBook(self.touched)
        self.strangers = Strangers()
        self.cash = {t.address: CashBook(t.address, self.touched) for t in suite.all("CashToken")}
        self._books: dict[str, Callable[[Event], None]] = {
            "Authority": self.authority.apply,
            "MemberRegistry": self.members.apply,
            "BusinessCalendar": self.calendar.apply,
            "Benchmarks": self.benchmarks.apply,
            "BondFactory": self._apply_factory,
            "Offering": self.offerings.apply,
            "Servicing": self._apply_servicing,
            "Settlement": self.settlement.apply,
            "CashToken": self._apply_cash,
            "Bond": self._apply_bond,
        }

    def apply(self, event: Event) -> None:
        """Takes one event in."""
        if event.name == "AuthorityUpdated":
            self.authority.apply(event)
        else:
            self._books[event.kind](event)

    @property
    def has_bonds(self) -> bool:
        """Whether a bond was registered, or could be."""
        return bool(self.bonds) or self.factory.implementation != ZERO

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
            terms = Terms.from_event(event["terms"], event["provisions"], event["rights"])
            market = Market(self.calendar.market, self.benchmarks.by_code)
            self.bonds[event["bond"]] = Register(terms, event, market, self.touched)

    def _apply_cash(self, event: Event) -> None:
        self.cash[event.address].apply(event)

    def _apply_bond(self, event: Event) -> None:
        if event.address in self.bonds:  # else TERMS-1 has reported that it spoke before it was registered
            self.bonds[event.address].apply(event)

    def _apply_servicing(self, event: Event) -> None:
        register = self.bonds.get(event["bond"])
        match event.name:
            case "PaymentFunded":
                self._fund(event, register)
            case "PeriodFixed" | "InterestDeferred":
                if register is not None:
                    apply_fixing(register, event)
                    self.touched.add("fixing", event["bond"], event["period"])
                    self.touched.add("figures", event["bond"])
                    self.touched.add("today", event["bond"])
                    self.touched.add("state", event["bond"])
            case name if name in LIFE_EVENTS:
                if register is not None:
                    apply_life(self.servicing, register, event)
            case "ClaimTransferred":
                self.servicing.hand(event)
            case "ClaimSettled":
                self.servicing.repay(event)
            case _:
                self.servicing.apply(event)
        if event.name == "HoldersPaid" and register is not None:
            period = event["period"]
            self.servicing.serve(event["bond"], period, len(register.owed(period, event["holders"])))
            register.serve(period, event["holders"])

    def _fund(self, event: Event, register: Register | None) -> None:
        """What one unit is paid is known from here on; false events can leave nothing to know (PAY-1)."""
        if register is None:
            return
        period = event["period"]
        try:
            each = unit_payment(register.deal(event.time), period)
        except IMPOSSIBLE:
            each = Each()
        self.servicing.fund(
            event,
            each,
            register.days.get(period, (0, 0, 0, 0))[3],
            is_last=period == register.ending[0],
            withholds=register.terms.provisions.taxAccount != ZERO,
        )
