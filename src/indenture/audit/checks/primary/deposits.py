"""DEPOSIT-1 and DEPOSIT-2: standing deposits to the last base unit; what is held, returned and lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.offering import Form, Offering, Stage, opened_word, payer_of

_MOVES = ("DepositFunded", "DepositWithdrawn", "DepositHeld", "DepositReleased", "DepositForfeited")


@dataclass(frozen=True, slots=True)
class Next:
    """What must be told next of a deposit, and of how much."""

    name: str
    account: str
    amount: int


def is_internal(tx: Transaction, event: Event) -> bool:
    """Whether a deposit grew by what the Offering held already: a lost deposit, proceeds not received."""
    before = [e for e in tx.events if e.index < event.index and e.kind == "Offering"]
    last = before[-1] if before else None
    return last is not None and (
        last.name == "DepositForfeited" or (last.name == "ProceedsPaid" and not last["paid"])
    )


class DepositCheck(Check):
    """Each event about a deposit follows from the one before it, or is its owner's, or a deposit's end."""

    KINDS = ("Offering",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._next: list[Next] = []

    def _look(self, event: Event) -> None:
        if event.kind != "Offering":
            return
        if event.name in _MOVES:
            self._moved(event)
            return
        self._missed(event)
        offering = self.world.offerings.offerings.get(event.args.get("offeringId", 0))
        if offering is None:
            return
        if event.name == "BidSealed":
            first = event["bidder"] not in offering.words
            self._taken(event, offering, event["bidder"], offering.conditions.deposit if first else 0)
        elif event.name in ("BidEnded", "UnderwriterDischarged"):
            self._ended(event, offering)
        self._next = list(self._following(event, offering))

    def _close(self) -> None:
        self._missed(self.tx.events[-1])

    def _missed(self, event: Event) -> None:
        for wanted in self._next:
            message = f"nothing was told of the deposit of {wanted.account}"
            self._differ(event, "DEPOSIT-2", wanted.account, wanted.name, "nothing", message)
        self._next = []

    # --- what an event makes follow

    def _following(self, event: Event, offering: Offering) -> Iterator[Next]:
        deposit = offering.conditions.deposit
        if event.name == "ProceedsPaid" and not event["paid"]:
            yield Next("DepositFunded", event["issuerAccount"], event["amount"])
        elif deposit and (name := self._told_next(event, offering)):
            yield Next(name, payer_of(event), deposit)

    def _told_next(self, event: Event, offering: Offering) -> str | None:
        """The event that tells what becomes of a deposit after another event."""
        match event.name:
            case "BidsOpened":
                placed = offering.conditions.form == Form.OPEN and event["bidder"] not in offering.words
                return "DepositHeld" if placed else None
            case "SyndicateJoined":
                return "DepositHeld"
            case "BidWithdrawn":
                return "DepositReleased"
            case "WinnerLapsed":
                lost = self._may_hold(offering, event["bidder"], event.time)
                return "DepositForfeited" if lost else "DepositReleased"
            case "BidEnded" | "UnderwriterDischarged":
                return self._end(event, offering, payer_of(event)) or "DepositReleased"
        return None

    def _ended(self, event: Event, offering: Offering) -> None:
        """A bid or a place is at its end: whether it is time for that."""
        account = payer_of(event)
        if self._end(event, offering, account) is None:
            self._differ(event, "DEPOSIT-2", "account", "still held, or gone", account, "not by the rules")

    def _end(self, event: Event, offering: Offering, account: str) -> str | None:
        """What becomes of the deposit of a bid, or else of a place; None while it is held."""
        if event.name == "UnderwriterDischarged" or account not in offering.words:
            return None if event.name == "BidEnded" else self._end_of_place(event, offering, account)
        return self._end_of_bid(event, offering, account)

    # --- what an event about a deposit says

    def _moved(self, event: Event) -> None:
        wanted = self._next.pop(0) if self._next else None
        account = event["account"]
        offering = self.world.offerings.offerings.get(event.args.get("offeringId", 0))
        if wanted is None:
            if offering is not None:  # owners fund and withdraw when they like
                self._differ(event, "DEPOSIT-2", "account", "a reason", account, "no bid or place says so")
        elif (wanted.name, wanted.account) != (event.name, account):
            expected, found = f"{wanted.name} {wanted.account}", f"{event.name} {account}"
            self._differ(event, "DEPOSIT-2", "account", expected, found, "not what follows")
        if wanted is not None and "amount" in event.args:
            self._equal(event, "DEPOSIT-1", "amount", wanted.amount, event["amount"], "not that deposit")
        cash = offering.cash if offering is not None else event.args.get("cash", "")
        if event.name == "DepositHeld" and offering is not None:
            self._taken(event, offering, account, offering.conditions.deposit)
        elif event.name in ("DepositFunded", "DepositWithdrawn", "DepositReleased"):
            sign = -1 if event.name == "DepositWithdrawn" else 1
            balance = self.world.offerings.deposits.of(cash, account) + sign * event["amount"]
            self._equal(event, "DEPOSIT-1", "balance", balance, event["balance"], "not what stands there now")
        elif event.name == "DepositForfeited" and offering is not None:
            self._next.insert(0, Next("DepositFunded", offering.proceeds_account, event["amount"]))

    def _taken(self, event: Event, offering: Offering, account: str, amount: int) -> None:
        """A deposit comes from what stands ready, and what that lacks from the account."""
        standing = self.world.offerings.deposits.of(offering.cash, account)
        expected = {"taken": max(0, amount - standing), "balance": max(0, standing - amount)}
        for key, wanted in expected.items():
            self._equal(event, "DEPOSIT-1", key, wanted, event[key], "not after what stood ready")

    # --- what the rules say of an end

    def _end_of_bid(self, event: Event, offering: Offering, bidder: str) -> str | None:
        """What a bid that is not settled ends with; None while it stands."""
        cancelled = offering.stage == Stage.CANCELLED
        if bidder not in offering.bids or offering.words.get(bidder) != opened_word(offering.bids[bidder]):
            over = offering.stage >= Stage.CLOSED and event.time >= offering.conditions.revealsBy
            return "DepositReleased" if cancelled else "DepositForfeited" if over else None
        if cancelled or offering.stage == Stage.FAILED:
            return "DepositReleased"
        lost = offering.stage == Stage.PUBLISHED and not offering.outcome.won[bidder]
        return "DepositReleased" if lost else None

    def _end_of_place(self, event: Event, offering: Offering, account: str) -> str | None:
        """What a place in the syndicate ends with; None while it is held, or when it holds none."""
        member = offering.syndicate.get(account)
        if member is None or not member.deposit or not offering.is_over(event.time):
            return None
        first, second = offering.parts(account, event.time)
        done = (not first or member.took_up) and (not second or member.took_up_later)
        if done or not self._may_hold(offering, account, event.time):
            return "DepositReleased"
        return "DepositForfeited"

    def _may_hold(self, offering: Offering, account: str, time: int) -> bool:
        """Whether an account could be issued to now."""
        register = offering.register
        eligible = self.world.members.of(account).eligible(time, register.terms.eligible)
        return eligible and not register.is_stopped(time)
