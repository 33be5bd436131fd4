"""Clearing: the marginal quote is the chain's work, the shares at the margin are proved from the events."""

from __future__ import annotations

from indenture.chain import ContractCall, Receipt, Sender
from indenture.contracts import BookState, Opening, Suite
from indenture.contracts._base import topic_of
from indenture.errors import InputError, OfferingRefused
from indenture.primary import (
    NON_COMPETITIVE,
    Clearing,
    Cuts,
    Stage,
    TenderResult,
    TickBid,
    allocate,
    clear,
)
from indenture.results import BatchResult, ClearResult
from indenture.roles._books import batches, existing, number, opened_bids, require_stage
from indenture.roles._sending import Progress


def clear_book(
    suite: Suite, sender: Sender, offering_id: int, batch: int, progress: Progress | None = None
) -> ClearResult:
    """Clears a book and proves its shares; takes up what was broken off."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.CLOSED, Stage.CLEARED)
    openings = opened_bids(suite, offering_id)
    _require_whole(state, openings)
    receipts: list[Receipt] = []
    if state.stage is Stage.CLOSED:
        state = _step(suite, sender, offering_id, suite.offering.clear(offering_id), receipts)
    proved = 0
    if state.stage is Stage.CLEARED:
        entries = _at_the_margin(state, openings)
        cuts = _cuts(suite, offering_id, state, openings)
        proof = suite.offering.proof_of(offering_id, sender.address)
        if (proof.marginal_cut, proof.non_competitive_cut) == (cuts.marginal, cuts.non_competitive):
            last = number(proof.last) if proof.last else 0
            entries = [opening for opening in entries if number(opening[0]) > last]
        for part in batches(entries, batch):
            # Each part builds on the one before, so each is sent when the one before is mined.
            call = suite.offering.allocate(offering_id, cuts.marginal, cuts.non_competitive, part)
            proved += len(part)
            if progress:
                progress("prove shares", proved, len(entries))
            if _step(suite, sender, offering_id, call, receipts).stage is not Stage.CLEARED:
                break
    done = BatchResult.of(proved, receipts)
    return ClearResult(done.count, done.transactions, tender_result(suite, offering_id))


def _step(
    suite: Suite, sender: Sender, offering_id: int, call: ContractCall, receipts: list[Receipt]
) -> BookState:
    """Sends a step, unless another sender was faster; the offering after it."""
    try:
        receipts.append(sender.transact(call))
    except OfferingRefused as late:
        if late.name != "OfferingStageWrong":
            raise
    return suite.offering.book(offering_id)


def preview_result(suite: Suite, offering_id: int) -> TenderResult:
    """The result that a book would have if it were cleared with the bids that are open now."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.OPEN, Stage.CLOSED)
    bond = suite.bond(state.bond)
    rules, market = state.rules, bond.terms.market
    clearing = clear(
        rules,
        market,
        opened_bids(suite, offering_id),
        over_allotted=state.over_allotted,
        commitments=state.commitments,
    )
    return TenderResult.of(clearing, rules, market, suite.currency_at(state.cash), isin=bond.isin)


def tender_result(suite: Suite, offering_id: int) -> TenderResult:
    """The result as the market is told it.

    Raises:
        OfferingRefused: There is none yet, or the offering was cancelled.
    """
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.CLEARED, Stage.PUBLISHED, Stage.FAILED)
    clearing = _published(state)
    if state.stage is Stage.FAILED:
        clearing = _failed(suite, offering_id, state)
    bond = suite.bond(state.bond)
    return TenderResult.of(
        clearing, state.rules, bond.terms.market, suite.currency_at(state.cash), isin=bond.isin
    )


def _published(state: BookState) -> Clearing:
    """What the chain found."""
    return Clearing(
        first_level=state.first_level,
        last_level=state.last_level,
        marginal_level=state.marginal_level,
        average_level=state.average_level,
        marginal_bid=state.marginal_bid,
        marginal_share=state.marginal_share,
        competitive=state.competitive,
        non_competitive_share=state.non_competitive_share,
        take_up=state.take_up,
        bid_units=state.bid_units,
        weighted=state.weighted,
        non_competitive_bid=state.non_competitive_bid,
        bidders=state.bidders,
        over_allotted=state.over_allotted,
        issue_rate=state.issue_rate,
        issue_price=state.issue_price,
    )


def _failed(suite: Suite, offering_id: int, state: BookState) -> Clearing:
    """Why it failed: the chain keeps no result of a book that cleared to nothing, so it is cleared again."""
    (told,) = suite.offering.events("OfferingFailed", indexed=[topic_of(offering_id)])
    stage = Stage(told["stage"])
    if stage is not Stage.CLOSED:
        reason = "the shares at its margin were not proved in time"
        return _nothing(state, reason if stage is Stage.CLEARED else "its book was not opened in time")
    openings = suite.offering.openings(offering_id)
    clearing = clear(
        state.rules,
        suite.bond(state.bond).terms.market,
        openings,
        over_allotted=state.over_allotted,
        commitments=state.commitments,
    )
    return clearing if clearing.failed else _nothing(state, "it was not cleared in time")


def _nothing(state: BookState, reason: str) -> Clearing:
    return Clearing(
        first_level=0,
        last_level=0,
        bid_units=state.bid_units,
        non_competitive_bid=state.non_competitive_bid,
        bidders=state.bidders,
        over_allotted=state.over_allotted,
        failed=reason,
    )


def _require_whole(state: BookState, openings: dict[str, tuple[TickBid, ...]]) -> None:
    found = sum(bid.units for bids in openings.values() for bid in bids)
    if found != state.bid_units + state.non_competitive_bid:
        raise InputError(
            f"the events tell of {found:,} units bid, the book of "
            f"{state.bid_units + state.non_competitive_bid:,}",
            hint="The node does not give all events; use another.",
        )


def _cuts(suite: Suite, offering_id: int, state: BookState, openings: dict[str, tuple[TickBid, ...]]) -> Cuts:
    market = suite.bond(state.bond).terms.market
    return allocate(offering_id, market, state.rules, _published(state), openings).cuts


def _at_the_margin(state: BookState, openings: dict[str, tuple[TickBid, ...]]) -> list[Opening]:
    """Openings with a bid whose share is to be proved, ascending by bidder."""
    quotes = set()
    if state.marginal_share != state.marginal_bid:
        quotes.add(state.rules.quote_of(state.marginal_level))
    if state.non_competitive_share != state.non_competitive_bid:
        quotes.add(NON_COMPETITIVE)
    found = [(bidder, bids) for bidder, bids in openings.items() if any(bid.quote in quotes for bid in bids)]
    return sorted(found, key=lambda opening: number(opening[0]))
