"""Lies about the primary market that hang together: only what is computed again can find them."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from tests.audit import lying
from tests.audit.market import NO_QUOTE
from tests.audit.stage import Story
from tests.audit.telling import (
    AuditThrough,
    Logs,
    beside,
    kinds,
    lie_of,
    named,
    one,
    raised,
    said,
)

pytestmark = pytest.mark.integration


def test_allotment__bent_with_all_that_follows__is_recomputed(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """Two winners at the margin: one gets a lot of the other, and the bond's movements say so too."""
    more, less = played.holders[7].address, played.holders[8].address
    changes = []
    for bidder, units in ((more, 10), (less, -10)):
        log = one(market_logs, "WinnerSettled", offeringId=played.uniform, bidder=bidder)
        moved = beside(market_logs, log, "Transfer", to=bidder)
        changes += [(log, raised(0, units)), (moved, raised(0, units))]

    result = audit_through(lie_of(*changes))

    found = [f for f in result.findings if f.kind == "SETTLE-1"]
    assert [f.key for f in found] == ["WinnerSettled.units"] * 2
    assert int(found[0].found) - int(found[0].expected) == 10
    assert "UNITS-2" in kinds(result)


def test_price__bent_with_every_movement_of_money__is_recomputed(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """A winner pays more, and the issuer gets it: all sums agree, the price does not."""
    cash, offering = played.at("CashToken"), played.at("Offering")
    log = one(market_logs, "WinnerSettled", offeringId=played.uniform, bidder=played.holders[4].address)
    same = [other for other in market_logs if other["transactionHash"] == log["transactionHash"]]
    tokens = [other for other in same if other["address"].lower() == cash.lower()]
    taken = one(tokens, "Transfer", **{"from": played.holders[4].address, "to": offering})
    given = one(tokens, "Transfer", **{"from": offering, "to": played.issuer.address})
    proceeds = one(same, "ProceedsPaid")

    result = audit_through(
        lie_of(
            (log, lambda log: raised(2, 77)(raised(1, 77)(log))),
            (taken, raised(0, 77)),
            (given, raised(0, 77)),
            (proceeds, raised(1, 77)),
        )
    )

    found = [f for f in result.findings if f.kind == "SETTLE-2"]
    assert [(f.key, int(f.found) - int(f.expected)) for f in found] == [("WinnerSettled.amount", 77)]


def test_clearing__bent_with_its_result__is_recomputed(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """One more basis point: level, quote, coupon and the bond's own event agree with each other."""
    cleared = one(market_logs, "BookCleared", offeringId=played.uniform)
    result_log = one(market_logs, "ResultPublished", offeringId=played.uniform)
    coupon = one(market_logs, "CouponFixed")

    result = audit_through(
        lie_of(
            (cleared, raised(2, 1)),
            (result_log, lambda log: raised(7, 100_000)(raised(5, 100_000)(log))),
            (coupon, raised(0, 100_000)),
        )
    )

    by_kind = {f.kind: f for f in reversed(result.findings)}
    first = by_kind["CLEAR-1"]
    assert (first.key, first.expected, first.found) == ("BookCleared.marginalLevel", "110", "111")
    assert result.findings[0] == first
    assert by_kind["RESULT-1"].expected == "31000000"


def test_cut__bent_with_the_call_behind_it__is_recomputed(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """With the highest cut nobody gets a lot of the residue: the shares fall short."""
    log = one(market_logs, "AllocationProved", offeringId=played.uniform)
    true_cut, top = log["data"][2:66], "f" * 64

    def lie(method: str, params: list[Any], result: Any) -> Any:
        told = lying.about_log(
            lying.place_of(log), lambda log: {**log, "data": log["data"].replace(true_cut, top)}
        )(method, params, result)
        return lying.about_call(log["transactionHash"], lambda data: data.replace(true_cut, top))(
            method, params, told
        )

    assert "ALLOT-1" in kinds(audit_through(lie))


def test_seal__another_salt_in_the_call__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """The salt is the fourth argument of the call, and nowhere else."""
    log = named(market_logs, "BidsOpened", offeringId=played.uniform)[3]
    salt = 10 + 3 * 64

    def other(data: str) -> str:
        return data[:salt] + ("0" if data[salt] != "0" else "1") + data[salt + 1 :]

    result = audit_through(lying.about_call(log["transactionHash"], other))

    assert [(f.kind, f.key) for f in result.findings] == [("BID-2", "BidsOpened.commitment")]


def test_bid_never_opened__opened_by_a_forger__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """A bid that nobody opened is told to have won: it breaks no rule of the book, but the result does."""
    model = named(market_logs, "BidsOpened", offeringId=played.uniform)[0]
    bidder = played.holders[10].address
    bids = [(24_000_000, 9_000, bidder)]
    data = encode(("(uint64,uint64,address)[]", "address"), (bids, played.outsider.address))
    forged = {
        **model,
        "topics": [*model["topics"][:2], "0x" + encode(("address",), (bidder,)).hex()],
        "data": "0x" + data.hex(),
        "logIndex": hex(int(model["logIndex"], 16) + 50),
    }

    found = kinds(audit_through(lying.forged([forged])))

    assert {"CLEAR-1", "RESULT-1", "VIEW-1"} <= found


def test_deposit__half_of_it_forfeited__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """Lost and gained agree, and yet it is not the deposit of the offering."""
    lost = named(market_logs, "DepositForfeited", offeringId=played.uniform)[0]
    gained = beside(market_logs, lost, "DepositFunded")

    result = audit_through(
        lie_of((lost, raised(0, -2_500)), (gained, lambda log: raised(1, -2_500)(raised(0, -2_500)(log))))
    )

    assert {"DEPOSIT-1", "ESCROW-1", "VIEW-1"} <= kinds(result)


def test_deposit__released_instead_of_forfeited__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """Of the winner who did not pay: the loss is told as a return."""
    bidder = played.holders[11].address
    lost = one(market_logs, "DepositForfeited", offeringId=played.uniform, account=bidder)
    gained = beside(market_logs, lost, "DepositFunded")
    model = named(market_logs, "DepositReleased", offeringId=played.uniform)[0]
    topics = [model["topics"][0], *lost["topics"][1:]]
    data = "0x" + encode(("uint128", "uint128"), (5_000, 5_000)).hex()

    result = audit_through(
        lie_of((lost, lambda log: {**log, "topics": topics, "data": data}), (gained, lambda _: None))
    )

    assert {"DEPOSIT-2", "VIEW-1"} <= kinds(result)


def test_skipped__a_winner_who_could_pay__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """The one without money is told to be another, who had it."""
    log = named(market_logs, "WinnerSkipped", offeringId=played.uniform, bidder=played.holders[11].address)[0]
    rich = "0x" + encode(("address",), (played.holders[2].address,)).hex()

    result = audit_through(
        lying.about_log(lying.place_of(log), lambda log: {**log, "topics": [*log["topics"][:2], rich]})
    )

    assert "SETTLE-3" in kinds(result)


def test_part_of_the_rest__bent_with_the_units__is_recomputed(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    log = named(market_logs, "RestTakenUp", offeringId=played.uniform)[0]
    moved = beside(market_logs, log, "Transfer", to=played.holders[0].address)

    result = audit_through(lie_of((log, raised(0, 10)), (moved, raised(0, 10))))

    (finding,) = [f for f in result.findings if f.kind == "UNDER-1"]
    assert (finding.expected, finding.found) == ("4000", "4010")


def test_no_quote__told_as_the_best_quote__is_found(
    played: Story, market_logs: Logs, audit_through: AuditThrough
) -> None:
    """A bid that leaves the price to others is told to have named one."""
    log = one(market_logs, "BidsOpened", offeringId=played.mixed, bidder=played.holders[5].address)
    assert said(log)["bids"][0].quote == NO_QUOTE

    changed = lying.about_log(lying.place_of(log), lambda log: lying.with_word(log, 3, lambda _: 10_000_000))

    assert {"CLEAR-1", "VIEW-1"} <= kinds(audit_through(changed))
