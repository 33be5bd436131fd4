"""The views that answer for offerings, bids, syndicates and standing deposits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from indenture.audit.probe import Probe
from indenture.audit.replay import World
from indenture.audit.replay.offering import NO_WORD, Member, Offering, Proof
from indenture.ledger.suite import interface_of


def _offering(world: World, _: int, number: int) -> Iterator[Probe]:
    offering = world.offerings.offerings[number]
    yield Probe(world.suite.one("Offering"), "bookOf", (number,), book_of(offering))


def book_of(offering: Offering) -> tuple[Any, ...]:
    """All that the contract keeps of an offering, in the order of its struct."""
    told, sums = offering.told, offering.sums
    values: dict[str, Any] = offering.conditions._asdict() | {
        "cash": offering.cash,
        "stage": int(offering.stage),
        "eligible": offering.register.terms.eligible,
        "lot": offering.lot,
        "levels": offering.tender.levels,
        "bidUnits": sums.units,
        "weighted": sums.weighted,
        "bidders": sums.bidders,
        "nonCompetitiveBid": sums.non_competitive,
        "overAllotted": offering.over_allotted,
        "overAllotmentDeclared": offering.over_allotment_declared,
        "proceedsAccount": offering.proceeds_account,
        "accrualDay": offering.accrual_day,
        "commitments": offering.commitments,
        "publishedAt": offering.published_at,
        "issueRate": offering.issue_rate,
        "issuePrice": offering.issue_price,
        "marginalLevel": told.marginal_level,
        "averageLevel": told.average_level,
        "firstLevel": told.first_level,
        "lastLevel": told.last_level,
        "marginalBid": told.marginal_bid,
        "marginalShare": told.marginal_share,
        "competitive": told.competitive,
        "nonCompetitiveShare": told.non_competitive_share,
        "takeUp": told.take_up,
        "issued": offering.issued,
        "issuedLater": offering.issued_later,
        "additional": sum(offering.additional.values()),
        "marginalCut": offering.cuts[0],
        "nonCompetitiveCut": offering.cuts[1],
        "encryptionKey": offering.encryption_key,
    }
    return tuple(values[name] for name in _book_fields())


@cache
def _book_fields() -> tuple[str, ...]:
    (book,) = interface_of("Offering").function("bookOf").outputs
    return tuple(field["name"] for field in book["components"])


def _offering_of(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(world.suite.one("Offering"), "offeringOf", (bond,), world.offerings.latest.get(bond, 0))


def _offering_count(world: World, _: int) -> Iterator[Probe]:
    offering = world.suite.one("Offering")
    yield Probe(offering, "offeringCount", (), len(world.offerings.offerings))


def _classes(world: World, _: int, number: int) -> Iterator[Probe]:
    offering = world.offerings.offerings[number]
    expected = tuple(tuple(rule) for rule in offering.classes)
    yield Probe(world.suite.one("Offering"), "classesOf", (number,), expected)


def _syndicate(world: World, _: int, number: int) -> Iterator[Probe]:
    expected = tuple(world.offerings.offerings[number].syndicate)
    yield Probe(world.suite.one("Offering"), "syndicateOf", (number,), expected)


def _underwriter(world: World, time: int, number: int, account: str) -> Iterator[Probe]:
    target, offering = world.suite.one("Offering"), world.offerings.offerings[number]
    member = offering.syndicate.get(account) or Member(0, 0)
    expected = (
        member.class_,
        member.joined,
        member.deposit,
        member.took_up,
        member.took_up_later,
        member.commitment,
        member.before,
    )
    yield Probe(target, "underwriterOf", (number, account), expected)
    yield Probe(target, "takeUpOf", (number, account), offering.parts(account, time))


def _level(world: World, _: int, number: int, level: int) -> Iterator[Probe]:
    units = world.offerings.offerings[number].sums.levels[level]
    yield Probe(world.suite.one("Offering"), "unitsAt", (number, level), units)


def _bid(world: World, time: int, number: int, bidder: str) -> Iterator[Probe]:
    target, offering = world.suite.one("Offering"), world.offerings.offerings[number]
    yield Probe(target, "bidOf", (number, bidder), offering.words.get(bidder, NO_WORD))
    # What would be paid now, so long as it can be: bids that are settled were looked at when they were.
    payable = offering.published_at and time <= offering.conditions.settlesBy
    if payable and bidder in offering.words and bidder in offering.bids:
        due = offering.outcome.due(bidder, offering.additional[bidder], offering.accrual_day, time)
        units = tuple(units for _, units in offering.outcome.by_bidder[bidder])
        opening = (bidder, offering.bids[bidder])
        yield Probe(target, "allotmentOf", (number, opening), (units, due.amount))


def _additional(world: World, _: int, number: int, bidder: str) -> Iterator[Probe]:
    units = world.offerings.offerings[number].additional[bidder]
    yield Probe(world.suite.one("Offering"), "additionalOf", (number, bidder), units)


def _proof(world: World, _: int, number: int, prover: str) -> Iterator[Probe]:
    proof = world.offerings.offerings[number].proofs.get(prover) or Proof()
    expected = (
        proof.last,
        proof.cuts,
        proof.marginal_bid,
        proof.marginal_share,
        proof.non_competitive_bid,
        proof.non_competitive_share,
    )
    yield Probe(world.suite.one("Offering"), "proofOf", (number, prover), expected)


def _deposit(world: World, _: int, cash: str, account: str) -> Iterator[Probe]:
    standing = world.offerings.deposits.of(cash, account)
    yield Probe(world.suite.one("Offering"), "depositOf", (cash, account), standing)


OFFERING_VIEWS: dict[str, Callable[..., Iterator[Probe]]] = {
    "offering": _offering,
    "offering of": _offering_of,
    "offering count": _offering_count,
    "classes": _classes,
    "syndicate": _syndicate,
    "underwriter": _underwriter,
    "level": _level,
    "bid": _bid,
    "additional": _additional,
    "proof": _proof,
    "deposit": _deposit,
}
"""Views by the kind of their key."""
