"""All offerings: each event of the Offering is taken in, and nothing is asked of the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from indenture.audit.events import Event
from indenture.audit.replay.offering.deposits import Deposits
from indenture.audit.replay.offering.stages import Form, Stage
from indenture.audit.replay.offering.state import Member, Offering, Proof, Seal, Told
from indenture.audit.replay.offering.words import opened_word, sealed_word
from indenture.audit.replay.register import Register
from indenture.audit.replay.touched import Touched


class OfferingBook:
    """All offerings by number, the latest of each bond, and the standing deposits."""

    def __init__(self, touched: Touched, bonds: Mapping[str, Register]) -> None:
        self.offerings: dict[int, Offering] = {}
        self.latest: dict[str, int] = {}
        self.deposits = Deposits(touched)
        self._bonds = bonds
        self._touched = touched
        self._acts: dict[str, Callable[[Offering, Event], None]] = {
            "MandateAccepted": self._accept,
            "UnderwriterInvited": self._invite,
            "SyndicateJoined": self._join,
            "DocumentsPinned": self._pin,
            "BookOpened": self._open,
            "BidSealed": self._seal,
            "BidsOpened": self._bid,
            "BidWithdrawn": self._withdraw,
            "BookClosed": self._stage,
            "OverAllotmentDeclared": self._over_allot,
            "BookCleared": self._clear,
            "AllocationContinued": self._continue,
            "AllocationProved": self._prove,
            "ResultPublished": self._publish,
            "UnderwritingAdded": self._add,
            "OfferingFailed": self._stage,
            "OfferingCancelled": self._stage,
            "WinnerSettled": self._settle,
            "RestTakenUp": self._take_up,
            "ProceedsPaid": self._pay,
            "WinnerLapsed": self._lapse,
            "BidEnded": self._bid_ended,
            "UnderwriterDischarged": self._discharge,
            "DepositForfeited": self._lose,
        }

    def of_bond(self, bond: str) -> list[Offering]:
        """The offerings of one bond, in turn."""
        return [offering for offering in self.offerings.values() if offering.bond == bond]

    def held(self, cash: str) -> int:
        """All of a currency that the Offering must have: what stands ready, and what bids and places hold."""
        held = sum(each.held for each in self.offerings.values() if each.cash == cash)
        return self.deposits.all(cash) + held

    def apply(self, event: Event) -> None:
        """Takes one event in."""
        if "offeringId" not in event.args:
            self.deposits.apply(event, event["cash"])
            return
        if event.name == "OfferingMandated":
            self._mandate(event)
        offering = self.offerings.get(event["offeringId"])
        if offering is None:
            return  # reported by OFFER-1
        self._touched.add("offering", offering.number)
        if act := self._acts.get(event.name):
            act(offering, event)
        if "balance" in event.args:
            self.deposits.apply(event, offering.cash)

    # --- mandate and syndicate

    def _mandate(self, event: Event) -> None:
        number, bond = event["offeringId"], event["bond"]
        if bond not in self._bonds:
            return  # reported by OFFER-3
        self.offerings[number] = Offering(
            number=number,
            register=self._bonds[bond],
            cash=event["cash"],
            proceeds_account=event["issuerAccount"],
            conditions=event["conditions"],
            classes=event["classes"],
        )
        self.latest[bond] = number
        self._touched.add("offering of", bond)
        self._touched.add("classes", number)

    def _accept(self, offering: Offering, event: Event) -> None:
        offering.stage, offering.encryption_key = Stage.ACCEPTED, event["encryptionKey"]

    def _invite(self, offering: Offering, event: Event) -> None:
        account = event["underwriter"]
        member = offering.syndicate.setdefault(account, Member(0, 0))
        member.class_, member.commitment = event["class"], event["commitment"]
        self._touched.add("syndicate", offering.number)
        self._touched.add("underwriter", offering.number, account)

    def _join(self, offering: Offering, event: Event) -> None:
        account = event["underwriter"]
        member = offering.syndicate.setdefault(account, Member(event["class"], event["commitment"]))
        member.joined, member.deposit = True, offering.conditions.deposit != 0
        self._touched.add("underwriter", offering.number, account)

    def _pin(self, offering: Offering, event: Event) -> None:
        offering.documents = (event["names"], event["hashes"])

    def _open(self, offering: Offering, event: Event) -> None:
        offering.stage, offering.commitments = Stage.OPEN, event["commitments"]
        before = 0
        for account, member in offering.joined.items():
            member.before = before
            before += member.commitment
            self._touched.add("underwriter", offering.number, account)

    # --- bids

    def _seal(self, offering: Offering, event: Event) -> None:
        bidder = event["bidder"]
        seal = (event["commitment"], event["ciphertextHash"])
        offering.seals[bidder] = Seal(*seal, event.block, event.tx_hash)
        offering.words[bidder] = sealed_word(*seal)
        self._touched.add("bid", offering.number, bidder)

    def _bid(self, offering: Offering, event: Event) -> None:
        bidder = event["bidder"]
        if offering.conditions.form == Form.OPEN:
            self._count(offering, bidder, -1)  # a later one replaces it
        offering.bids[bidder] = event["bids"]
        offering.words[bidder] = opened_word(event["bids"])
        self._count(offering, bidder, 1)
        self._touched.add("bid", offering.number, bidder)

    def _withdraw(self, offering: Offering, event: Event) -> None:
        bidder = event["bidder"]
        self._count(offering, bidder, -1)
        offering.bids.pop(bidder, None)
        offering.seals.pop(bidder, None)
        self._forget(offering, bidder)

    def _count(self, offering: Offering, bidder: str, sign: int) -> None:
        bids = offering.bids.get(bidder)
        if bids is None:
            return
        offering.sums.count(offering.tender, bids, sign)
        for bid in bids:
            if offering.tender.is_on_tick(bid.quote):
                level = int(offering.tender.level(bid.quote))
                self._touched.add("level", offering.number, level)

    def _forget(self, offering: Offering, bidder: str) -> None:
        """The book's word of a bidder is gone, and its deposit with it."""
        offering.words.pop(bidder, None)
        self._touched.add("bid", offering.number, bidder)

    # --- stages

    def _stage(self, offering: Offering, event: Event) -> None:
        offering.stage = {
            "BookClosed": Stage.CLOSED,
            "OfferingFailed": Stage.FAILED,
            "OfferingCancelled": Stage.CANCELLED,
        }[event.name]

    def _over_allot(self, offering: Offering, event: Event) -> None:
        offering.over_allotted, offering.over_allotment_declared = event["units"], True

    def _clear(self, offering: Offering, event: Event) -> None:
        offering.stage = Stage.CLEARED
        offering.told = Told(
            first_level=event["firstLevel"],
            last_level=event["lastLevel"],
            marginal_level=event["marginalLevel"],
            average_level=event["averageLevel"],
            marginal_bid=event["marginalBid"],
            marginal_share=event["marginalShare"],
            competitive=event["competitive"],
            non_competitive_share=event["nonCompetitiveShare"],
            take_up=event["takeUp"],
        )

    def _continue(self, offering: Offering, event: Event) -> None:
        offering.proofs[event["prover"]] = Proof(
            last=event["last"],
            cuts=tuple(event["cuts"]),
            marginal_bid=event["marginalBid"],
            marginal_share=event["marginalShare"],
            non_competitive_bid=event["nonCompetitiveBid"],
            non_competitive_share=event["nonCompetitiveShare"],
        )
        self._touched.add("proof", offering.number, event["prover"])

    def _prove(self, offering: Offering, event: Event) -> None:
        offering.cuts, offering.proved = tuple(event["cuts"]), True
        # The prover's own pass is forgotten; those of others stay as they were.
        offering.proofs.pop(event["actor"], None)
        self._touched.add("proof", offering.number, event["actor"])

    def _publish(self, offering: Offering, event: Event) -> None:
        offering.stage, offering.published_at = Stage.PUBLISHED, event.time
        offering.issue_rate, offering.issue_price = event["issueRate"], event["issuePrice"]
        for bidder in offering.bids:
            self._touched.add("bid", offering.number, bidder)

    def _add(self, offering: Offering, event: Event) -> None:
        offering.additional[event["bidder"]] = event["units"]
        self._touched.add("additional", offering.number, event["bidder"])

    # --- payment and issue

    def _settle(self, offering: Offering, event: Event) -> None:
        bidder, units = event["bidder"], event["units"]
        offering.issued += units - offering.additional[bidder]
        offering.settled[bidder] = (units, event["amount"])
        self._forget(offering, bidder)

    def _take_up(self, offering: Offering, event: Event) -> None:
        account, units = event["underwriter"], event["units"]
        member = offering.syndicate.setdefault(account, Member(0, 0))
        if event["later"]:
            member.took_up_later = True
            offering.issued_later += units
        else:
            member.took_up = True
            offering.issued += units
        offering.taken_up[account] += units
        self._touched.add("underwriter", offering.number, account)

    def _pay(self, offering: Offering, event: Event) -> None:
        offering.proceeds += event["amount"]

    def _lapse(self, offering: Offering, event: Event) -> None:
        offering.lapsed[event["bidder"]] = event["units"]
        self._forget(offering, event["bidder"])
        offering.register.look_ahead(event.time)

    def _bid_ended(self, offering: Offering, event: Event) -> None:
        self._forget(offering, event["bidder"])

    def _discharge(self, offering: Offering, event: Event) -> None:
        account = event["underwriter"]
        offering.syndicate.setdefault(account, Member(0, 0)).deposit = False
        self._touched.add("underwriter", offering.number, account)
        if offering.stage == Stage.PUBLISHED:
            offering.register.look_ahead(event.time)

    def _lose(self, offering: Offering, event: Event) -> None:
        offering.forfeited.append((event["account"], event["amount"]))
