"""AUTH-2, LOG-4: who an event names as actor called, and called for just this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.findings import show
from indenture.audit.replay import World

# What an event repeats of the call that caused it: functions, and arguments, «event:call» where names differ.
_REPEATED: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("Authority", "RoleLabel"): (("labelRole",), ("roleId", "label")),
    ("BusinessCalendar", "YearPublished"): (("publish",), ("market", "year", "low", "high")),
    ("BusinessCalendar", "MarketsJoined"): (("join",), ("market", "parts")),
    ("Benchmarks", "BenchmarkDefined"): (
        ("register",),
        ("code", "kind", "administrator", "market", "basis", "correctableFor"),
    ),
    ("Benchmarks", "AdministratorSet"): (("setAdministrator",), ("code", "administrator")),
    ("Benchmarks", "ValuePublished"): (("publish",), ("code", "day", "value")),
    ("MemberRegistry", "MemberSuspended"): (("suspendMember",), ("lei", "reason")),
    ("MemberRegistry", "MemberReinstated"): (("reinstateMember",), ("lei", "reason")),
    ("Bond", "PauseSet"): (("setPaused",), ("paused",)),
    ("Bond", "StatutoryPowerUsed"): (("setFrozenTokens",), ("account", "units:amount")),
    ("Bond", "DocumentUpdated"): (("setDocument",), ("name", "uri", "documentHash")),
    ("Bond", "DocumentRemoved"): (("removeDocument",), ("name",)),
    ("Servicing", "HoldersPaid"): (("pay", "redeem"), ("bond", "period", "holders")),
    ("Servicing", "ClaimsPaid"): (("payClaims",), ("bond", "period", "buyers")),
    ("Servicing", "PaymentFunded"): (("fund",), ("bond", "period")),
    ("Servicing", "PeriodFixed"): (("fix",), ("bond", "period")),
    ("Servicing", "InterestDeferred"): (("deferInterest",), ("bond", "period")),
    ("Servicing", "BondRenewed"): (("renew",), ("bond",)),
    ("Servicing", "BondCalled"): (("call", "redeemOnEvent"), ("bond", "day", "code", "document")),
    ("Servicing", "BondCalledInPart"): (("callInPart",), ("bond", "period", "share")),
    ("Servicing", "MaturityExtended"): (("extendMaturity",), ("bond",)),
    ("Servicing", "UnitsCancelled"): (("cancelUnits",), ("bond", "units")),
    ("Servicing", "ActionOpened"): (
        (
            *("openPut", "declareEvent", "offerTender", "offerExchange", "callByLot", "drawSinking"),
            *("proposeTerms", "noticeDefault"),
        ),
        ("bond",),
    ),
    ("Servicing", "UnitsElected"): (("elect",), ("bond", "action", "units")),
    ("Servicing", "ElectionWithdrawn"): (("withdraw",), ("bond", "action", "units")),
    ("Servicing", "ElectionReleased"): (("release",), ("bond", "action")),
    ("Servicing", "ElectionAnnulled"): (("annulElection",), ("bond", "action", "holder", "document")),
    ("Servicing", "DrawingBegun"): (("count",), ("bond", "action")),
    ("Servicing", "HoldersCounted"): (("count",), ("bond", "action", "holders")),
    ("Servicing", "DrawingSeeded"): (("draw",), ("bond", "action")),
    ("Servicing", "UnitsDrawn"): (("draw",), ("bond", "action", "holders")),
    ("Servicing", "SinkingSatisfied"): (("drawSinking",), ("bond", "period")),
    ("Servicing", "ActionFunded"): (("fundAction",), ("bond", "action")),
    ("Servicing", "ActionSettled"): (("settleAction",), ("bond", "action", "holders")),
    ("Servicing", "DefaultNoticed"): (("noticeDefault",), ("bond", "cause", "period", "redemption:put")),
    ("Servicing", "BondMadeDue"): (("accelerate", "declareOverdue"), ("bond", "action")),
    ("Servicing", "RecoveryFunded"): (("fundRecovery",), ("bond", "amount", "document")),
    ("Servicing", "TermsProposed"): (
        ("proposeTerms",),
        ("bond", "terms", "provisions", "rights", "amendment"),
    ),
    ("Servicing", "TermsEnacted"): (("enactTerms",), ("bond", "action")),
    ("Settlement", "NoncesCancelled"): (("cancel",), ("word", "mask")),
    ("Offering", "DepositFunded"): (("fundDeposit",), ("cash", "amount")),
    ("Offering", "DepositWithdrawn"): (("withdrawDeposit",), ("cash", "amount")),
    ("Offering", "OfferingMandated"): (("mandate",), ("conditions", "classes")),
    ("Offering", "MandateAccepted"): (("acceptMandate",), ("offeringId", "encryptionKey")),
    ("Offering", "UnderwriterInvited"): (
        ("invite",),
        ("offeringId", "underwriter", "class:class_", "commitment"),
    ),
    ("Offering", "SyndicateJoined"): (("joinSyndicate",), ("offeringId", "class:class_", "commitment")),
    ("Offering", "BookOpened"): (("openBook",), ("offeringId",)),
    ("Offering", "BidSealed"): (("sealBid", "encryptBid"), ("offeringId", "commitment")),
    ("Offering", "BidEncrypted"): (("encryptBid",), ("offeringId", "ciphertext")),
    ("Offering", "BidsOpened"): (("openBid", "placeBid"), ("offeringId", "bidder", "bids")),
    ("Offering", "BidWithdrawn"): (("withdrawBid",), ("offeringId",)),
    ("Offering", "BookClosed"): (("closeBook", "openBid"), ("offeringId",)),
    ("Offering", "OverAllotmentDeclared"): (("declareOverAllotment",), ("offeringId", "units")),
    ("Offering", "BookCleared"): (("clear",), ("offeringId",)),
    ("Offering", "AllocationContinued"): (("allocate",), ("offeringId", "cuts")),
    ("Offering", "AllocationProved"): (("allocate",), ("offeringId", "cuts")),
    ("Offering", "OfferingFailed"): (("clear", "fail"), ("offeringId",)),
    ("Offering", "OfferingCancelled"): (("cancel", "fail"), ("offeringId", "reason")),
    ("Offering", "UnderwritingAdded"): (("underwriteMore",), ("offeringId", "units")),
    ("Offering", "WinnerSettled"): (("settle",), ("offeringId",)),
    ("Offering", "WinnerSkipped"): (("settle", "takeUp"), ("offeringId",)),
    ("Offering", "RestTakenUp"): (("takeUp",), ("offeringId",)),
    ("Offering", "ProceedsPaid"): (("settle", "takeUp"), ("offeringId",)),
    ("Offering", "WinnerLapsed"): (("lapse",), ("offeringId",)),
    ("Offering", "BidEnded"): (("release", "forfeit"), ("offeringId",)),
    ("Offering", "UnderwriterDischarged"): (("discharge",), ("offeringId",)),
}
# Events that name their caller by another name than «actor»; a deposit may also grow by another's act.
_CALLERS: dict[str, str] = {
    "OfferingMandated": "issuerAccount",
    "MandateAccepted": "bookrunner",
    "SyndicateJoined": "underwriter",
    "BidSealed": "bidder",
    "BidEncrypted": "bidder",
    "BidWithdrawn": "bidder",
    "UnderwritingAdded": "bidder",
    "DepositWithdrawn": "account",
    "PaymentFunded": "payer",
    "UnitsElected": "holder",
    "ElectionWithdrawn": "holder",
    "UnitsCancelled": "holder",
    "ActionFunded": "payer",
    "RecoveryFunded": "payer",
    "OperationScheduled": "caller",
    "NoncesCancelled": "account",
}
# What an offer, or a call by lot, asks for: the field of the event, and the argument of the call.
_ASKED = {
    "offerTender": ("most", "amount", "opensAt", "closesAt", "document"),
    "offerExchange": ("amount", "newUnits", "oldUnits", "opensAt", "closesAt", "document", "target:newBond"),
    "declareEvent": ("document",),
    "callByLot": ("most:units",),
}
_ADMITTING = ("admitMember", "admitMembers", "enrolAccount", "enrolAccounts")


class CallerCheck(Check):
    """Reads the transaction behind an event, where it calls the contract itself."""

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @classmethod
    def concerns(cls, kind: str, name: str) -> bool:
        """All but the two that are most of all events, and name nobody who acted."""
        del kind
        return name not in ("Transfer", "Approval")

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction with an event that names its actor or repeats its call."""
        for tx in transactions:
            if any(actor_of(e) or (e.kind, e.name) in _REPEATED for e in tx.events):
                yield tx.tx_hash

    def _look(self, event: Event) -> None:
        repeated = _REPEATED.get((event.kind, event.name))
        if actor_of(event) or repeated:
            self._compare(self.tx, event, repeated)
        if event.name == "DocumentRemoved" and event.address in self.world.bonds:
            document = self.world.bonds[event.address].documents.by_name.get(event["name"])
            before = (document.uri, document.hash) if document else None
            found = (event["uri"], event["documentHash"])
            self.world.expect(event, "LOG-4", "document", before, found, "not the document that was there")

    def _compare(
        self, tx: Transaction, event: Event, repeated: tuple[tuple[str, ...], tuple[str, ...]] | None
    ) -> None:
        call = self._calls.get(tx.tx_hash)
        if call is None:
            self.world.differ(
                event, "LOG-3", "transaction", tx.tx_hash, "none", "the node has no such transaction"
            )
            return
        if call.to != event.address:
            return  # another contract called: whom it acts for is not in sight
        if actor := actor_of(event):
            self.world.expect(
                event, "AUTH-2", "actor", call.sender, actor, "another account sent the transaction"
            )
        decoded = call.decode(event.kind)
        if decoded and decoded[0] in _ADMITTING:
            self._admitted(event, decoded[1][0])
        if repeated is None or decoded is None or decoded[0] not in repeated[0]:
            return
        if event.name == "ActionOpened":
            self._offered(event, *decoded)
        if event.name == "ElectionReleased":
            self._released(event, call.sender)
        self._repeats(event, repeated[1], decoded[1])

    def _repeats(self, event: Event, pairs: tuple[str, ...], args: Any) -> None:
        for pair in pairs:
            name, _, argument = pair.partition(":")
            asked = getattr(args, argument or name, None)
            if asked is not None and asked != event[name]:
                self.world.differ(
                    event,
                    "AUTH-2",
                    name,
                    show(asked),
                    show(event[name]),
                    "the transaction asked for something else",
                )

    def _offered(self, event: Event, function: str, args: Any) -> None:
        """An event of holders against the offer, or the call, that opened it."""
        asked = getattr(args, "offer", args)
        for pair in _ASKED.get(function, ()):
            name, _, argument = pair.partition(":")
            wanted, found = getattr(asked, argument or name), getattr(event["action"], name)
            if wanted != found:
                message = "the transaction asked for something else"
                self.world.differ(event, "AUTH-2", name, show(wanted), show(found), message)

    def _released(self, event: Event, sender: str) -> None:
        """Before an event is over, who waits for promised money decides for himself."""
        register = self.world.bonds.get(event["bond"])
        action = register.life.actions.get(event["action"]) if register else None
        if register is None or action is None or not action.is_promised:
            return
        if not (register.closed or register.life.due_period) and sender != event["holder"]:
            message = "another than the holder took his units out"
            self.world.differ(event, "AUTH-2", "holder", sender, event["holder"], message)

    def _admitted(self, event: Event, asked: Any) -> None:
        """An admission, one or one of a list, against what the registrar asked for."""
        admissions = [asked] if hasattr(asked, "lei") else asked
        same = [
            a
            for a in admissions
            if a.lei == event["lei"] and event.args.get("account", a.account) == a.account
        ]
        for name in ("class", "jurisdiction", "roles", "until"):
            if name not in event.args:
                continue
            field = "class_" if name == "class" else name
            wanted = [getattr(a, field, None) for a in same]
            if event[name] not in wanted:
                self.world.differ(
                    event,
                    "AUTH-2",
                    name,
                    show(wanted),
                    event[name],
                    "the transaction asked for something else",
                )


def actor_of(event: Event) -> str | None:
    """Who the event says has called."""
    named = _CALLERS.get(event.name, "actor")
    actor: str | None = event.args.get(named) or event.args.get("prover")
    return actor
