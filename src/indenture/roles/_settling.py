"""Payment and issue, and what ends an offering: deposits returned or lost.  Anyone may do all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from indenture.chain import ContractCall, Receipt, Sender
from indenture.contracts import AllotmentState, BookState, Opening, Suite
from indenture.contracts._base import NOBODY
from indenture.dates import to_timestamp
from indenture.errors import ContractRevert
from indenture.models import Allotment
from indenture.primary import Rules, Stage, TickBid
from indenture.results import BatchResult, SettlementResult, Skipped, TakeUpResult
from indenture.roles._books import (
    NOTHING,
    batches,
    events_of,
    existing,
    living_seals,
    opened_bids,
    parts,
    refused,
    require_after,
    require_stage,
)
from indenture.roles._checks import now, require_cash, require_members
from indenture.roles._sending import Progress, send_each_counted

_OVER = (Stage.FAILED, Stage.CANCELLED)
_NO_MONEY = "the money is not there"
_OVERTAKEN = "another settled it in between, or his money was gone"
_IDLE = "OfferingNothingToDo"

T = TypeVar("T")


def settle(
    suite: Suite, sender: Sender, offering_id: int, batch: int, progress: Progress | None = None
) -> SettlementResult:
    """Settles every winner who can be settled now."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED)
    winners = _winners(suite, offering_id, state)
    if not winners:
        raise refused(
            suite,
            "OfferingNothingToDo",
            {"offeringId": offering_id},
            f"offering {offering_id} has no winner left to settle",
            "All of them are settled, or have lapsed.",
        )
    amounts = [allotment.amount for _, allotment in winners]
    payers = [opening[0] for opening, _ in winners]
    lacks = _lacking(suite, state, payers, amounts)
    added = suite.offering.additional_of(offering_id, payers) if state.additional else [0] * len(payers)
    receivers = [
        _receivers(opening, allotment) + ([opening[0]] if more else [])
        for (opening, allotment), more in zip(winners, added, strict=True)
    ]
    barred = _barred(suite, state, receivers)
    reasons = [
        _reason(account, lacks_money=lacks_money) for account, lacks_money in zip(barred, lacks, strict=True)
    ]
    skipped = [Skipped(payer, why) for payer, why in zip(payers, reasons, strict=True) if why]
    ready = [opening for (opening, _), why in zip(winners, reasons, strict=True) if not why]
    sent = [(part, suite.offering.settle(offering_id, part)) for part in batches(ready, batch)]
    receipts, idle = _send(sender, sent, progress, "settle winners")
    sold = _sold(suite, state, receipts, "WinnerSettled")
    late = (Skipped(bidder, _OVERTAKEN) for bidder, _ in idle)
    return replace(sold, skipped=(*skipped, *late, *sold.skipped))


def take_up(suite: Suite, sender: Sender, offering_id: int, batch: int) -> TakeUpResult:
    """Lets every underwriter take up his part of the rest who can now."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED)
    due, later = _due(suite, offering_id, state)
    # Whoever lacks units, money or the right to hold makes his own take-up have nothing to do.
    tried = suite.chain.call_many(
        [suite.offering.take_up(offering_id, [account]) for account in due],
        sender=sender.address,
        errors=True,
    )
    for outcome in tried:
        if isinstance(outcome, ContractRevert) and outcome.name != _IDLE:
            raise outcome
    barred = _barred(suite, state, [[account] for account in due])
    reasons = [
        _reason(account, lacks_money=isinstance(outcome, ContractRevert))
        for account, outcome in zip(barred, tried, strict=True)
    ]
    skipped = [Skipped(account, why) for account, why in zip(due, reasons, strict=True) if why]
    ready = [account for account, why in zip(due, reasons, strict=True) if not why]
    sent = [(part, suite.offering.take_up(offering_id, part)) for part in parts(ready, batch)]
    receipts, idle = _send(sender, sent, None, "")
    sold = _sold(suite, state, receipts, "RestTakenUp")
    return _taken(sold, (*skipped, *(Skipped(each, _OVERTAKEN) for each in idle)), later=later)


def take_up_own(suite: Suite, sender: Sender, offering_id: int, account: str) -> TakeUpResult:
    """Lets one underwriter take up his part, or says why not."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED)
    due, later = _due(suite, offering_id, state)
    if account not in due:
        raise refused(
            suite,
            _IDLE,
            {"offeringId": offering_id},
            f"nothing falls to {account} in offering {offering_id} now",
            "Bids left no rest, or it is taken up already; after settles_by there may be another part.",
        )
    require_members(suite, [account], eligible=state.eligible)
    ready = suite.offering.deposit_of(state.cash, account)
    part = suite.offering.take_up_parts(offering_id, [account])[0][later]
    # Without accrued interest, which the contract adds; it refuses where the account lacks that only.
    needed = max(0, part * state.issue_price - ready)
    require_cash(suite, state.cash, account, suite.money(state.cash, needed))
    receipt = sender.transact(suite.offering.take_up(offering_id, [account]))
    return _taken(_sold(suite, state, [receipt], "RestTakenUp"), (), later=later)


def lapse(
    suite: Suite, sender: Sender, offering_id: int, batch: int, progress: Progress | None = None
) -> BatchResult:
    """Every winner who did not pay in time loses units and deposit."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED)
    require_after(suite, offering_id, to_timestamp(state.settles_by), "unpaid units lapse")
    unpaid = [opening for opening, _ in _winners(suite, offering_id, state)]
    return _each(
        sender, [(p, suite.offering.lapse(offering_id, p)) for p in batches(unpaid, batch)], progress, "lapse"
    )


def release(
    suite: Suite, sender: Sender, offering_id: int, batch: int, progress: Progress | None = None
) -> BatchResult:
    """Returns the deposit of every bidder who won nothing, or of all where the offering came to nothing."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED, *_OVER)
    openings = list(opened_bids(suite, offering_id).items())
    if state.stage is Stage.PUBLISHED:
        winners = {opening[0] for opening, _ in _winners(suite, offering_id, state)}
        openings = [opening for opening in openings if opening[0] not in winners]
    return _each(
        sender,
        [(p, suite.offering.release(offering_id, p)) for p in batches(openings, batch)],
        progress,
        "release deposits",
    )


def forfeit(
    suite: Suite, sender: Sender, offering_id: int, batch: int, progress: Progress | None = None
) -> BatchResult:
    """Every sealed bid that nobody opened loses its deposit; of a cancelled offering, it is returned."""
    state = existing(suite, offering_id)
    stages = (Stage.CLOSED, Stage.CLEARED, Stage.PUBLISHED, *_OVER)
    require_stage(suite, offering_id, state, *stages)
    if state.stage is not Stage.CANCELLED:
        last = to_timestamp(state.reveals_by) - 1
        require_after(suite, offering_id, last, "unopened bids are forfeited")
    seals = living_seals(suite, offering_id)
    return _each(
        sender,
        [(p, suite.offering.forfeit(offering_id, p)) for p in parts(seals, batch)],
        progress,
        "forfeit deposits",
    )


def discharge(suite: Suite, sender: Sender, offering_id: int, batch: int) -> BatchResult:
    """After the last round, returns the deposit of every underwriter who did his part; the others lose it."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.PUBLISHED, *_OVER)
    if state.stage is Stage.PUBLISHED:
        require_after(suite, offering_id, to_timestamp(state.takes_up_by), "underwriters are discharged")
    syndicate = suite.offering.syndicate(offering_id)
    members = suite.offering.underwriters(offering_id, syndicate)
    bound = [account for account, member in zip(syndicate, members, strict=True) if member.deposit]
    return _each(
        sender, [(p, suite.offering.discharge(offering_id, p)) for p in parts(bound, batch)], None, ""
    )


def has_winners(suite: Suite, offering_id: int, state: BookState) -> bool:
    """Whether somebody is left to be settled."""
    return bool(_winners(suite, offering_id, state))


def pay_allotment(
    suite: Suite, sender: Sender, offering_id: int, state: BookState, allotment: Allotment
) -> None:
    """Settles one winner, or says why not."""
    opening: Opening = (allotment.bidder, allotment.bids)
    who = {"offeringId": offering_id, "bidder": allotment.bidder}
    if not allotment.won or allotment.settled or allotment.lapsed:
        what = "has won nothing"
        if allotment.won:
            what = (
                "has paid already" if allotment.settled else "has lost its units, which were not paid in time"
            )
        raise refused(
            suite,
            "OfferingNothingToDo",
            {"offeringId": offering_id},
            f"{allotment.bidder} {what} in offering {offering_id}",
            "Nothing is to be paid.",
        )
    accounts = [b.account for b, units in zip(allotment.bids, allotment.units, strict=True) if units]
    if allotment.additional:
        accounts.append(allotment.bidder)
    require_members(suite, list(dict.fromkeys(accounts)), eligible=state.eligible)
    ready = suite.offering.deposit_of(state.cash, allotment.bidder)
    needed = max(0, allotment.amount.base - ready - state.deposit)
    require_cash(suite, state.cash, allotment.bidder, suite.money(state.cash, needed))
    receipt = sender.transact(suite.offering.settle(offering_id, [opening]))
    if not any(event["bidder"] == allotment.bidder for event in events_of(suite, [receipt], "WinnerSettled")):
        raise refused(suite, "OfferingNothingToDo", dict(who), _OVERTAKEN, "Look at the allotment.")


def return_deposit(suite: Suite, sender: Sender, offering_id: int, state: BookState, bidder: str) -> None:
    """Returns the deposit of one bidder, where it is held still; says why where it stays."""
    require_stage(suite, offering_id, state, Stage.PUBLISHED, *_OVER)
    held = suite.offering.bid_hash(offering_id, bidder)
    if held == NOTHING:
        return
    book = suite.offering.bids(offering_id)
    if bids := book.openings.get(bidder):
        won = suite.offering.allotment_of(offering_id, bidder, bids)
        if state.stage is Stage.PUBLISHED and any(won.units):
            raise refused(
                suite,
                "OfferingNothingToDo",
                {"offeringId": offering_id},
                f"{bidder} won {sum(won.units):,} units in offering {offering_id}: the deposit pays for them",
                "Pay for them.",
            )
        sender.transact(suite.offering.release(offering_id, [(bidder, bids)]))
    elif state.stage is Stage.CANCELLED:
        sender.transact(suite.offering.forfeit(offering_id, [book.seals[bidder]]))
    else:
        raise refused(
            suite,
            "BidMismatch",
            {"offeringId": offering_id, "bidder": bidder},
            f"the bids of {bidder} in offering {offering_id} were not opened in time, and lose their deposit",
            "It is the issuer's by the rules of the offering.",
        )


def _winners(suite: Suite, offering_id: int, state: BookState) -> list[tuple[Opening, AllotmentState]]:
    """Openings that won something and are not settled."""
    rules, opened = state.rules, opened_bids(suite, offering_id)
    openings: list[Opening] = [
        each for each in opened.items() if _may_have_won(rules, state.marginal_level, each[1])
    ]
    found = suite.offering.allotments(offering_id, openings)
    return [(each, won) for each, won in zip(openings, found, strict=True) if any(won.units)]


def _may_have_won(rules: Rules, marginal_level: int, bids: Sequence[TickBid]) -> bool:
    """Whether the chain must be asked what bids won: most that lost are behind the margin, and show it."""
    return any(not bid.is_competitive or rules.level_of(bid.quote) <= marginal_level for bid in bids)


def _due(suite: Suite, offering_id: int, state: BookState) -> tuple[list[str], bool]:
    """Underwriters with a part that they have not taken up, and whether it is that after ``settles_by``."""
    later = now(suite.chain) > state.settles_by
    syndicate = suite.offering.syndicate(offering_id)
    shares = suite.offering.take_up_parts(offering_id, syndicate)
    members = suite.offering.underwriters(offering_id, syndicate)
    due = [
        account
        for account, share, member in zip(syndicate, shares, members, strict=True)
        if share[later] and not (member.took_up_later if later else member.took_up)
    ]
    return due, later


def _taken(sold: SettlementResult, skipped: Sequence[Skipped], *, later: bool) -> TakeUpResult:
    return TakeUpResult(
        count=sold.count,
        transactions=sold.transactions,
        units=sold.units,
        proceeds=sold.proceeds,
        skipped=(*skipped, *sold.skipped),
        later=later,
    )


def _receivers(opening: Opening, allotment: AllotmentState) -> list[str]:
    bids: Sequence[TickBid] = opening[1]
    return [bid.account for bid, units in zip(bids, allotment.units, strict=True) if units]


def _lacking(suite: Suite, state: BookState, payers: Sequence[str], amounts: Sequence[int]) -> list[bool]:
    """Whether each payer lacks money: he pays with what his bid holds, what stands ready, and his account."""
    deposits = suite.offering.deposits_of(state.cash, payers)
    balances = suite.cash_at(state.cash).balances(payers)
    return [
        state.deposit + ready + balance < amount
        for ready, balance, amount in zip(deposits, balances, amounts, strict=True)
    ]


def _barred(suite: Suite, state: BookState, receivers: Sequence[Sequence[str]]) -> list[str | None]:
    """For each list of receivers, the first that may not hold the bond now."""
    accounts = list(dict.fromkeys(account for each in receivers for account in each))
    may = dict(zip(accounts, suite.bond(state.bond).can_receive(accounts), strict=True))
    return [next((account for account in each if not may[account]), None) for each in receivers]


def _reason(barred: str | None, *, lacks_money: bool) -> str:
    """Why a payer cannot be settled now; empty when he can."""
    if barred:
        return f"{barred} may not hold the bond now"
    return _NO_MONEY if lacks_money else ""


def _send(
    sender: Sender, sent: Sequence[tuple[Sequence[T], ContractCall]], progress: Progress | None, step: str
) -> tuple[list[Receipt], list[T]]:
    """Sends batches.  One that finds nothing to do was overtaken by another sender: its parts come back."""
    receipts: list[Receipt] = []
    idle: list[T] = []
    outcomes = send_each_counted([(sender, call) for _, call in sent], progress, step)
    for (part, _), outcome in zip(sent, outcomes, strict=True):
        if isinstance(outcome, ContractRevert) and outcome.name == _IDLE:
            idle.extend(part)
        elif isinstance(outcome, Exception):
            raise outcome
        else:
            receipts.append(outcome)
    return receipts, idle


def _each(
    sender: Sender,
    sent: Sequence[tuple[Sequence[T], ContractCall]],
    progress: Progress | None,
    step: str,
) -> BatchResult:
    receipts, idle = _send(sender, sent, progress, step)
    return BatchResult.of(sum(len(part) for part, _ in sent) - len(idle), receipts)


def _sold(suite: Suite, state: BookState, receipts: Sequence[Receipt], name: str) -> SettlementResult:
    """Sums up what was issued, and names who was skipped on the chain itself."""
    sold = events_of(suite, receipts, name)
    skipped = [
        Skipped(e["bidder"], _reason(None if e["account"] == NOBODY else e["account"], lacks_money=True))
        for e in events_of(suite, receipts, "WinnerSkipped")
    ]
    done = BatchResult.of(len(sold), receipts)
    return SettlementResult(
        count=done.count,
        transactions=done.transactions,
        units=sum(event["units"] for event in sold),
        proceeds=suite.money(state.cash, sum(event["amount"] for event in sold)),
        skipped=tuple(skipped),
    )
