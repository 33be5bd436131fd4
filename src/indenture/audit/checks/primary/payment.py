"""SETTLE-1 to SETTLE-3, UNDER-1: winners and underwriters pay once, for just their units, at their price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.events import Event
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.offering import Due, Member, Offering, opened_word

_WHOLE = 10_000


class PaymentCheck(PrimaryCheck):
    """What is paid for the result, by whom, and to whom."""

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {
            "UnderwritingAdded": self._added,
            "WinnerSettled": self._settled,
            "WinnerSkipped": self._skipped,
            "RestTakenUp": self._taken_up,
            "ProceedsPaid": self._proceeds,
            "WinnerLapsed": self._lapsed,
        }

    def _close(self) -> None:
        """SETTLE-2: what was paid went on to the issuer."""
        paid: Counter[int] = Counter()
        for event in self.tx.events:
            if event.kind == "Offering" and event.name in ("WinnerSettled", "RestTakenUp"):
                paid[event["offeringId"]] += event["amount"]
            elif event.kind == "Offering" and event.name == "ProceedsPaid":
                paid[event["offeringId"]] -= event["amount"]
        for number, left in paid.items():
            self._equal(
                self.tx.events[-1],
                "SETTLE-2",
                f"proceeds of {number}",
                0,
                left,
                "what was paid and what the issuer got differ",
            )

    def _added(self, event: Event, offering: Offering) -> None:
        bidder, units = event["bidder"], event["units"]
        self._living(event, offering, bidder)
        share = offering.rule_of(bidder).additional
        most = offering.outcome.won[bidder] // offering.lot * share // _WHOLE * offering.lot
        if units > most or units % offering.lot:
            self._differ(event, "UNDER-1", "units", f"lots up to {most}", units, "more than its class may")
        total = sum(offering.additional.values()) - offering.additional[bidder] + units
        self._equal(
            event, "UNDER-1", "totalAdditional", total, event["totalAdditional"], "not the sum of all"
        )

    def _settled(self, event: Event, offering: Offering) -> None:
        bidder = event["bidder"]
        due = self._due(offering, bidder, event.time)
        self._living(event, offering, bidder)
        if not self._may_hold(bidder, offering, event.time):
            self._differ(event, "SETTLE-3", "bidder", "an eligible bidder", bidder, "it was to be skipped")
        self._equal(
            event, "SETTLE-1", "units", due.units + due.added, event["units"], "not what the bidder won"
        )
        if not due.units:
            self._differ(event, "SETTLE-1", "bidder", "a winner", bidder, "it had won nothing")
        self._equal(event, "SETTLE-2", "amount", due.amount, event["amount"], "not the price of what it won")
        self._paid(event, offering, bidder, due.amount, offering.conditions.deposit)

    def _taken_up(self, event: Event, offering: Offering) -> None:
        account, later = event["underwriter"], event["later"]
        member = offering.syndicate.get(account) or Member(0, 0)
        done = member.took_up_later if later else member.took_up
        self._equal(event, "UNDER-1", "underwriter", False, done, "it had taken up its part")  # noqa: FBT003
        units = offering.parts(account, event.time)[1 if later else 0]
        self._equal(event, "UNDER-1", "units", units, event["units"], "not its part of the rest")
        if not units:
            self._differ(event, "UNDER-1", "underwriter", "a part of the rest", account, "it had none")
        amount = self._price(offering, units, event.time)
        self._equal(event, "SETTLE-2", "amount", amount, event["amount"], "not the price of its part")
        self._paid(event, offering, account, amount, 0)

    def _paid(self, event: Event, offering: Offering, payer: str, amount: int, held: int) -> None:
        """First with what the bid held, then from the standing deposit, then from the account."""
        ready = self.world.offerings.deposits.of(offering.cash, payer) + held
        expected = {"taken": max(0, amount - ready), "balance": max(0, ready - amount)}
        for key, wanted in expected.items():
            self._equal(event, "DEPOSIT-1", key, wanted, event[key], "not after what stood ready")

    def _proceeds(self, event: Event, offering: Offering) -> None:
        units, amount = 0, 0
        for other in self._paid_before(event, offering):
            units, amount = units + other["units"], amount + other["amount"]
        self._equal(event, "SETTLE-2", "units", units, event["units"], "not the units of this batch")
        self._equal(event, "SETTLE-2", "amount", amount, event["amount"], "not what this batch paid")
        issuer = offering.proceeds_account
        self._equal(event, "SETTLE-2", "issuerAccount", issuer, event["issuerAccount"], "not the issuer's")
        if offering.cash in self.world.cash:
            members = self.world.members
            able = all(members.of(account).active(event.time) for account in (issuer, event.address))
            self._equal(
                event, "SETTLE-2", "paid", able, event["paid"], "whether the issuer could receive decides"
            )

    def _paid_before(self, event: Event, offering: Offering) -> Iterator[Event]:
        """The payments of the batch that an event ends."""
        batch: list[Event] = []
        for other in self.tx.events:
            if other.index >= event.index:
                break
            if other.kind != "Offering" or other.args.get("offeringId") != offering.number:
                continue
            if other.name == "ProceedsPaid":
                batch.clear()
            elif other.name in ("WinnerSettled", "RestTakenUp"):
                batch.append(other)
        yield from batch

    def _lapsed(self, event: Event, offering: Offering) -> None:
        bidder = event["bidder"]
        self._living(event, offering, bidder)
        won = offering.outcome.won[bidder]
        self._equal(event, "SETTLE-1", "units", won, event["units"], "not what the bidder won")
        if not won:
            self._differ(event, "SETTLE-1", "bidder", "a winner", bidder, "it had won nothing")

    # --- who is skipped

    def _skipped(self, event: Event, offering: Offering) -> None:
        """Right when it is for a winner or an underwriter who is due: a settlement may be either's."""
        account, payer = event["account"], event["bidder"]
        reasons = [*self._as_winner(event, offering, payer), *self._as_underwriter(event, offering, payer)]
        if account not in reasons:
            expected = " or ".join(reasons) if reasons else "nobody to be skipped"
            self._differ(event, "SETTLE-3", "account", expected, account, "skipped wrongly")

    def _as_winner(self, event: Event, offering: Offering, bidder: str) -> Iterator[str]:
        """Whom a settlement had to name; the zero address when only the money is not there."""
        opened = offering.bids.get(bidder, ())
        won = offering.words.get(bidder) == opened_word(opened) and offering.outcome.won[bidder]
        if not won or event.time > offering.conditions.settlesBy:
            return
        due = self._due(offering, bidder, event.time)
        for account in (bidder, *(account for account, _ in due.receipts)):
            if not self._may_hold(account, offering, event.time):
                yield account
                return
        if not self._can_pay(event, offering, bidder, due.amount, offering.conditions.deposit):
            yield ZERO

    def _as_underwriter(self, event: Event, offering: Offering, account: str) -> Iterator[str]:
        member = offering.syndicate.get(account) or Member(0, 0)
        later = event.time > offering.conditions.settlesBy
        units = offering.parts(account, event.time)[1 if later else 0]
        if not units or (member.took_up_later if later else member.took_up):
            return
        if not self._may_hold(account, offering, event.time):
            yield account
        elif not self._can_pay(event, offering, account, self._price(offering, units, event.time), 0):
            yield ZERO

    def _can_pay(self, event: Event, offering: Offering, payer: str, amount: int, held: int) -> bool:
        """Whether the standing deposit and the account have the money, and the Offering may take it."""
        missing = amount - self.world.offerings.deposits.of(offering.cash, payer) - held
        cash = self.world.cash.get(offering.cash)
        if missing <= 0:
            return True
        if cash is None:
            return False  # a strange token may have its own reasons
        active = all(self.world.members.of(a).active(event.time) for a in (payer, event.address))
        trusted = cash.trusted.get(event.address, False)
        allowed = trusted or cash.approvals.allowances[payer, event.address] >= missing
        return active and allowed and cash.balances[payer] >= missing

    # --- figures

    def _due(self, offering: Offering, bidder: str, time: int) -> Due:
        return offering.outcome.due(bidder, offering.additional[bidder], offering.accrual_day, time)

    def _price(self, offering: Offering, units: int, time: int) -> int:
        """Of units at the issue price."""
        outcome = offering.outcome
        return outcome.cost(units * outcome.issue_price, offering.accrual_day, units, time)

    def _living(self, event: Event, offering: Offering, bidder: str) -> None:
        """Whether the book still holds the opened bids of a bidder."""
        word = offering.words.get(bidder)
        if bidder not in offering.bids or word != opened_word(offering.bids[bidder]):
            self._differ(
                event, "SETTLE-1", "bidder", "living bids", bidder, "it had none, or they were dealt with"
            )
