"""A node that lies about one event of the primary market: each word, each log, at any time."""

from __future__ import annotations

import pytest
from tests.audit import lying
from tests.audit.stage import Story
from tests.audit.telling import (
    AuditThrough,
    Logs,
    kinds,
    named,
    raised,
    said,
)

from indenture.ledger.suite import interface_of

pytestmark = pytest.mark.integration

# Words of the static part of each event's data, by what they say.
WORDS: dict[str, tuple[str, ...]] = {
    "DepositFunded": ("amount", "balance"),
    "DepositWithdrawn": ("amount", "balance"),
    "DepositHeld": ("taken", "balance"),
    "DepositReleased": ("amount", "balance"),
    "DepositForfeited": ("amount",),
    "MandateAccepted": ("encryptionKey",),
    "UnderwriterInvited": ("class", "commitment", "actor"),
    "SyndicateJoined": ("class", "commitment"),
    "BookOpened": ("commitments", "actor"),
    "BidSealed": ("commitment", "ciphertextHash", "taken", "balance"),
    "BookClosed": ("actor",),
    "OverAllotmentDeclared": ("units", "actor"),
    "BookCleared": (
        "firstLevel",
        "lastLevel",
        "marginalLevel",
        "averageLevel",
        "marginalBid",
        "marginalShare",
        "competitive",
        "nonCompetitiveShare",
        "takeUp",
        "actor",
    ),
    "AllocationContinued": (
        "last",
        "cuts.marginal",
        "cuts.nonCompetitive",
        "marginalBid",
        "marginalShare",
        "nonCompetitiveBid",
        "nonCompetitiveShare",
    ),
    "AllocationProved": ("cuts.marginal", "cuts.nonCompetitive", "actor"),
    "ResultPublished": (
        "offered",
        "bid",
        "allotted",
        "takeUp",
        "bidders",
        "issueRate",
        "issuePrice",
        "marginalQuote",
        "averageQuote",
        "bidMultiple",
        "marginalMultiple",
        "marginalRatio",
    ),
    "UnderwritingAdded": ("units", "totalAdditional"),
    "OfferingFailed": ("stage", "volume", "actor"),
    "OfferingCancelled": ("reason", "actor"),
    "WinnerSettled": ("units", "amount", "taken", "balance"),
    "WinnerSkipped": ("account",),
    "ProceedsPaid": ("units", "amount", "paid", "actor"),
    "RestTakenUp": ("units", "amount", "taken", "balance", "later"),
    "WinnerLapsed": ("units",),
    "CouponFixed": ("rate",),
}


def test_words__all_events_of_the_market__are_looked_at() -> None:
    """What is a list, a struct or has no data is looked at below."""
    told = {event.name for event in interface_of("Offering").events.values()} | {"CouponFixed"}
    others = {"OfferingMandated", "DocumentsPinned", "BidEncrypted", "BidsOpened"}
    empty = {"BidWithdrawn", "BidEnded", "UnderwriterDischarged", "EIP712DomainChanged"}

    assert told - others - empty == set(WORDS)


@pytest.mark.parametrize(("name", "word"), [(n, w) for n, words in WORDS.items() for w in range(len(words))])
def test_word__changed_by_one__is_found(
    name: str, word: int, market_logs: Logs, audit_through: AuditThrough
) -> None:
    told = named(market_logs, name)
    log = told[(7 * word + len(name)) % len(told)]

    result = audit_through(
        lying.about_log(
            lying.place_of(log), lambda log: lying.with_word(log, word, lambda v: v - 1 if v else 1)
        )
    )

    assert result.differences, f"{WORDS[name][word]} of {said(log)}"


@pytest.mark.parametrize("word", range(26))
def test_conditions__each_changed__is_found(
    word: int, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """The struct lies behind the currency, word by word."""
    log = named(market_logs, "OfferingMandated")[word % 6]

    assert audit_through(lying.about_log(lying.place_of(log), raised(1 + word, 1))).differences


@pytest.mark.parametrize("word", [3, 4, 5])
@pytest.mark.parametrize("form", ["sealed", "open"])
def test_bids__quote_units_or_account_changed__is_found(
    word: int, form: str, played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """Behind the offset of the list come the actor, its length, and each bid in three words."""
    number = played.uniform if form == "sealed" else played.mixed
    log = named(market_logs, "BidsOpened", offeringId=number)[1]
    step = {3: 100_000, 4: 10, 5: 1}[word]

    result = audit_through(lying.about_log(lying.place_of(log), raised(word, step)))

    assert {"AUTH-2", "VIEW-1"} <= kinds(result)
    assert ("BID-2" in kinds(result)) == (form == "sealed")


DROPPED = (
    "DepositFunded",
    "DepositWithdrawn",
    "DepositHeld",
    "DepositReleased",
    "DepositForfeited",
    "OfferingMandated",
    "MandateAccepted",
    "SyndicateJoined",
    "DocumentsPinned",
    "BookOpened",
    "BidEncrypted",
    "BidsOpened",
    "BidWithdrawn",
    "BookClosed",
    "OverAllotmentDeclared",
    "BookCleared",
    "AllocationProved",
    "ResultPublished",
    "OfferingFailed",
    "OfferingCancelled",
    "WinnerSettled",
    "WinnerSkipped",
    "ProceedsPaid",
    "RestTakenUp",
    "WinnerLapsed",
    "BidEnded",
    "UnderwriterDischarged",
    "CouponFixed",
)


@pytest.mark.parametrize("name", DROPPED)
def test_log__dropped__is_found(name: str, market_logs: Logs, audit_through: AuditThrough) -> None:
    told = named(market_logs, name)

    missed = [
        said(log)
        for log in told[:2] + told[-1:]
        if not audit_through(lying.about_log(lying.place_of(log), lambda _: None)).differences
    ]

    assert told
    assert not missed


def test_seals__the_last_dropped__is_found_and_a_replaced_one_leaves_nothing_behind(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """The first took its deposit from what stood ready; the next could have: they tell the same."""
    replaced, last = named(
        market_logs, "BidSealed", offeringId=played.uniform, bidder=played.holders[0].address
    )

    assert not audit_through(lying.about_log(lying.place_of(replaced), lambda _: None)).differences
    assert audit_through(lying.about_log(lying.place_of(last), lambda _: None)).differences


def test_proof__batches_dropped__are_found_but_for_a_pass_started_anew(
    market_logs: Logs, audit_through: AuditThrough
) -> None:
    told = named(market_logs, "AllocationContinued")
    missed = [
        number
        for number, log in enumerate(told)
        if not audit_through(lying.about_log(lying.place_of(log), lambda _: None)).differences
    ]

    assert len(told) == 3
    assert missed == [1]  # the prover began again with other cuts


@pytest.mark.parametrize("name", ["BidsOpened", "BidSealed", "WinnerSettled", "BidEnded", "DepositHeld"])
def test_log__told_again_later__is_found(name: str, market_logs: Logs, audit_through: AuditThrough) -> None:
    log = named(market_logs, name)[0]
    again = {**log, "logIndex": hex(int(log["logIndex"], 16) + 50)}

    assert audit_through(lying.forged([again])).differences


def test_bids_opened__told_again__is_opened_twice(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    log = named(market_logs, "BidsOpened", offeringId=played.uniform)[0]
    again = {**log, "logIndex": hex(int(log["logIndex"], 16) + 50)}

    found = [f for f in audit_through(lying.forged([again])).findings if f.kind == "BID-2"]

    assert [(f.key, f.message) for f in found] == [("BidsOpened.bidder", "they were opened before")]


@pytest.mark.parametrize("name", ["BidsOpened", "BidSealed", "WinnerSettled"])
def test_logs__two_swapped__is_found(name: str, market_logs: Logs, audit_through: AuditThrough) -> None:
    """Each is said of the other's bidder."""
    one_log, other = named(market_logs, name)[-3:-1]
    swapped = {
        lying.place_of(one_log): lambda log: {**log, "topics": other["topics"]},
        lying.place_of(other): lambda log: {**log, "topics": one_log["topics"]},
    }

    assert audit_through(lying.about_logs(swapped)).differences


# Acts that have a last second, or a stage that passes; winners may lapse at any time after theirs.
TIMED = (
    "MandateAccepted",
    "UnderwriterInvited",
    "SyndicateJoined",
    "DocumentsPinned",
    "BookOpened",
    "BidSealed",
    "BidEncrypted",
    "BidsOpened",
    "BidWithdrawn",
    "BookClosed",
    "OverAllotmentDeclared",
    "BookCleared",
    "AllocationContinued",
    "AllocationProved",
    "ResultPublished",
    "UnderwritingAdded",
    "OfferingFailed",
    "OfferingCancelled",
    "WinnerSettled",
    "WinnerSkipped",
    "ProceedsPaid",
    "RestTakenUp",
)


@pytest.mark.parametrize("name", TIMED)
def test_act__long_after_its_time__is_found(
    name: str, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """The log is told to lie in the last transaction of the story."""
    log, last = named(market_logs, name)[0], market_logs[-1]
    place = {key: last[key] for key in ("blockNumber", "blockHash", "transactionHash", "transactionIndex")}
    late = {**log, **place, "logIndex": hex(int(last["logIndex"], 16) + 50)}

    assert "OFFER-1" in kinds(audit_through(lying.forged([late])))


@pytest.mark.parametrize("who", ["issuer", "bookrunner", "underwriter"])
def test_role__not_given__is_found_where_it_was_used(
    who: str, played: Story, audit_through: AuditThrough
) -> None:
    """The registry is told to have given another role."""
    account = played.holders[0] if who == "underwriter" else getattr(played, who)
    topics = {event.name: topic for topic, event in interface_of("MemberRegistry").events.items()}
    query = {"fromBlock": "0x0", "address": played.at("MemberRegistry")}
    (log,) = [
        log
        for log in played.chain.rpc.request("eth_getLogs", [{**query, "topics": [topics["AccountAdmitted"]]}])
        if account.address[2:].lower() in "".join(log["topics"])
    ]

    result = audit_through(
        lying.about_log(lying.place_of(log), lambda log: lying.with_word(log, 0, lambda _: 1))
    )

    assert "OFFER-2" in kinds(result)


def test_bidder__who_might_not_hold__is_found(played: Story, audit_through: AuditThrough) -> None:
    """The registry is told to have given no role at all."""
    account = played.holders[5].address[2:].lower()
    topics = {event.name: topic for topic, event in interface_of("MemberRegistry").events.items()}
    query = {"fromBlock": "0x0", "address": played.at("MemberRegistry")}
    told = played.chain.rpc.request("eth_getLogs", [{**query, "topics": [topics["AccountRolesSet"]]}])
    (log,) = [log for log in told if account in "".join(log["topics"])]

    result = audit_through(
        lying.about_log(lying.place_of(log), lambda log: lying.with_word(log, 0, lambda _: 1024))
    )

    assert "OFFER-2" in kinds(result)
