"""REDEEM-1 to REDEEM-3, LATE-1: what units are paid that an event takes, and what being late costs."""

from __future__ import annotations

from indenture.audit.checks.life.base import LONG_STOP, LifeCheck, Look
from indenture.audit.checks.payouts import settlement_of
from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import Each, UnpublishedYear, rebate, to_date
from indenture.audit.replay.amounts import action_each, payment_penalty
from indenture.audit.replay.life import DRAWING, EXCHANGE, RESOLUTION, Action
from indenture.audit.replay.membership import PAYING_AGENT
from indenture.audit.replay.register import Register

_TAKING = ("ActionSettled", "ElectionReleased")


class RedemptionCheck(LifeCheck):
    """Each funding and settling of an event, recomputed; penalty interest of payments too."""

    def _looks(self) -> dict[str, Look]:
        return {
            "ActionFunded": self._funded,
            "ActionSettled": self._settled,
            "ActionCompleted": self._completed,
            "PaymentFunded": self._late,
            "PenaltyFunded": self._penalty,
        }

    # --- funding

    def _funded(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "REDEEM-1")
        if action is None:
            return
        self._payable(event, register, action)
        units = action.taken(action.elected)
        self._equal(event, "REDEEM-1", "units", units, event["units"], "not what the event takes at most")
        try:
            each = action_each(register, action, event.time)
        except IMPOSSIBLE as fault:
            message = f"its price is not known: {fault}"
            self._differ(event, "REDEEM-1", "action", "figures that are known", event["action"], message)
            return
        raw = action.raw
        off = 0 if raw.price else rebate(register.deal(event.time), to_date(raw.payDay), register.records)
        if off > raw.amount and not raw.price:
            message = "the coupon that was recorded is more than the price"
            self._differ(event, "REDEEM-1", "principal", f">= {off}", raw.amount, message)
        self._amounts(event, each, units)

    def _amounts(self, event: Event, each: Each, units: int) -> None:
        interest, principal = each.interest_of(units), each.principal_of(units)
        self._equal(event, "REDEEM-1", "interest", interest, event["interest"], "not by the terms")
        self._equal(event, "REDEEM-1", "principal", principal, event["principal"], "not by price and terms")
        late = each.late_of(units)
        self._equal(event, "LATE-1", "penalty", late, event["penalty"], "not for the days it is late")

    def _payable(self, event: Event, register: Register, action: Action) -> None:
        self._not_due(event, register, "REDEEM-1")
        agent = self.world.members.of(event["payer"]).has_roles(event.time, PAYING_AGENT)
        if action.kind == EXCHANGE and not agent and event["payer"] != register.terms.issuer_account:
            message = "new units are the issuer's to give"
            self._differ(event, "REDEEM-1", "payer", "issuer or paying agent", event["payer"], message)
        pay_time, drawing = action.raw.payTime, action.drawing
        if action.decided or action.kind >= RESOLUTION or not action.elected or register.closed:
            message = "nothing elected, funded before, or the books are closed"
            self._differ(event, "REDEEM-1", "action", "an event to pay for", event["action"], message)
        if action.kind == DRAWING and (drawing is None or not drawing.is_complete):
            message = "not drawn to the end"
            self._differ(event, "REDEEM-1", "action", "a complete drawing", event["action"], message)
        latest = pay_time + LONG_STOP
        if event.time < pay_time or (not action.is_promised and event.time >= latest):
            wanted = f">= {pay_time}" if action.is_promised else f"{pay_time} to {latest}"
            self._differ(event, "REDEEM-1", "time", wanted, event.time, "not due yet, or lapsed")

    # --- settling

    def _settled(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "REDEEM-2")
        if action is None:
            return
        payout = settlement_of(self.world, self.tx, event)
        if payout is None:
            message = "nobody had funded it"
            self._differ(event, "REDEEM-2", "action", "a funded event", event["action"], message)
            return
        if not any(action.elections.get(holder) for holder in event["holders"]):
            self._differ(event, "REDEEM-2", "holders", "who elected", "nobody", "nobody was to be settled")
        self._equal(event, "REDEEM-2", "taken", payout.units, event["taken"], "not pro rata, one by one")
        self._equal(event, "REDEEM-2", "amount", payout.amount, event["amount"], "not by price and terms")

    def _completed(self, event: Event, _: Register) -> None:
        payment = self.world.servicing.actions.get((event["bond"], event["action"]))
        if payment is None or payment.residue is not None:
            message = "nobody had funded it, or it was complete before"
            self._differ(event, "REDEEM-3", "action", "an open escrow", event["action"], message)
            return
        self._equal(event, "REDEEM-3", "payer", payment.payer, event["payer"], "the residue is the payer's")
        left = payment.funded - payment.paid
        self._equal(event, "REDEEM-3", "residue", left, event["residue"], "not funded less paid")

    def _close(self) -> None:
        """REDEEM-3: complete when, and only when, every election is settled or released."""
        for event in self.tx.events:
            if event.kind != "Servicing" or event.name not in _TAKING:
                continue
            register = self.world.bonds.get(event["bond"])
            action = register.life.actions.get(event["action"]) if register else None
            payment = self.world.servicing.actions.get((event["bond"], event["action"]))
            if action is None or payment is None:
                continue
            done = action.settled == action.elected
            message = f"{action.settled} of {action.elected} units are settled"
            self._equal(event, "REDEEM-3", "completed", done, payment.residue is not None, message)

    # --- late payments

    def _late(self, event: Event, register: Register) -> None:
        """LATE-1: a payment that is funded after its day has its penalty beside it."""
        try:
            rate = payment_penalty(register, event["period"], event.time)
        except (LookupError, UnpublishedYear):
            return  # PAY-1 reports a payment without days
        told = [e for e in self.tx.named("Servicing", "PenaltyFunded") if e["bond"] == event["bond"]]
        told = [e for e in told if e["period"] == event["period"]]
        found = told[0]["rate"] if told else 0
        message = "not for the days from the payment day on"
        self._equal(told[0] if told else event, "LATE-1", "rate", rate, found, message)
        if told:
            amount = (event["interest"] + event["principal"]) * rate // 10**9
            self._equal(told[0], "LATE-1", "amount", amount, told[0]["amount"], "not the rate of the amount")

    def _penalty(self, event: Event, _: Register) -> None:
        funded = [e for e in self.tx.named("Servicing", "PaymentFunded") if e["bond"] == event["bond"]]
        if event["period"] not in [e["period"] for e in funded]:
            message = "no payment was funded with it"
            self._differ(event, "LATE-1", "period", "a payment", event["period"], message)
