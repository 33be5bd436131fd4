"""Opening sealed bids: by their bidder, by the bookrunner, by anyone who knows how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indenture.chain import ContractCall, Sender
from indenture.contracts import BookState, Suite
from indenture.errors import ContractRevert, InputError
from indenture.models import BidStatus
from indenture.primary import ClassRule, Form, Stage, check_bids
from indenture.results import BadSeal, BatchResult, OpenBidResult, OpeningResult, TxResult
from indenture.roles._books import (
    NOTHING,
    class_rules,
    existing,
    living_seals,
    placed_bids,
    refused,
    require_stage,
)
from indenture.roles._sending import Progress, send_each_counted
from indenture.sealing import SealedEntry, Vault, opened_hash


@dataclass(frozen=True, slots=True)
class Key:
    """What opens the bids of one bidder, and whether it does: the reason why not, or empty."""

    bidder: str
    entry: SealedEntry | None
    reason: str = ""


def closed_book(suite: Suite, offering_id: int, state: BookState, sender: Sender) -> BookState:
    """The book, closed if nobody did that yet; anyone may.

    Raises:
        OfferingRefused: It is not yet time.
    """
    if state.stage is not Stage.OPEN:
        return state
    sender.transact(suite.offering.close_book(offering_id))
    return suite.offering.book(offering_id)


def open_call(suite: Suite, entry: SealedEntry) -> ContractCall:
    """The call that opens sealed bids."""
    opening = entry.opening
    return suite.offering.open_bid(
        opening.offering_id, opening.bidder, opening.bids, opening.salt, entry.ciphertext_hash
    )


def checked_keys(suite: Suite, offering_id: int, state: BookState, keys: Sequence[Key]) -> list[Key]:
    """The keys again, with the reason for which the contract would refuse one."""
    bidders = [key.bidder for key in keys]
    held = suite.offering.bid_hashes(offering_id, bidders)
    classes = class_rules(suite, offering_id, bidders)
    return [
        key
        if key.reason or key.entry is None
        else Key(key.bidder, key.entry, _fault(state, key.entry, seal, rule))
        for key, seal, rule in zip(keys, held, classes, strict=True)
    ]


def open_all(
    suite: Suite, sender: Sender, keys: Sequence[Key], progress: Progress | None = None
) -> OpeningResult:
    """Opens what can be opened, pipelined; reports the rest."""
    ready = [(key.bidder, key.entry) for key in keys if key.entry is not None and not key.reason]
    bad = [BadSeal(key.bidder, key.reason) for key in keys if key.reason]
    items = [(sender, open_call(suite, entry)) for _, entry in ready]
    outcomes = send_each_counted(items, progress, "open bids")
    receipts, opened = [], []
    for (bidder, _), outcome in zip(ready, outcomes, strict=True):
        if isinstance(outcome, ContractRevert):
            # Refused after all: opened by another in between, or the time was over.
            bad.append(BadSeal(bidder, outcome.message))
        elif isinstance(outcome, Exception):
            raise outcome
        else:
            opened.append(bidder)
            receipts.append(outcome)
    done = BatchResult.of(len(opened), receipts)
    return OpeningResult(done.count, done.transactions, tuple(opened), tuple(bad))


def open_kept(
    suite: Suite, sender: Sender, offering_id: int, vault: Vault, progress: Progress | None = None
) -> OpeningResult:
    """Opens all bids of an offering that a vault can open."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.OPEN, Stage.CLOSED)
    state = closed_book(suite, offering_id, state, sender)
    sealed = {seal.bidder for seal in living_seals(suite, offering_id)}
    entries = vault.entries(
        chain_id=suite.chain.chain_id, offering_address=suite.offering.address, offering_id=offering_id
    )
    bidders = [bidder for bidder in dict.fromkeys(e.opening.bidder for e in entries) if bidder in sealed]
    held = dict(zip(bidders, suite.offering.bid_hashes(offering_id, bidders), strict=True))
    fitting = {
        entry.opening.bidder: entry for entry in entries if entry.seal == held.get(entry.opening.bidder)
    }
    keys = [
        Key(each, fitting.get(each), "" if each in fitting else "the vault holds other bids of his only")
        for each in bidders
    ]
    result = open_all(suite, sender, checked_keys(suite, offering_id, state, keys), progress)
    vault.mark_opened(*(fitting[bidder] for bidder in result.opened))
    return result


def open_own(suite: Suite, sender: Sender, offering_id: int, bidder: str, vault: Vault) -> OpenBidResult:
    """Opens the bids of one bidder: those that the book holds, whatever else the vault has."""
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.OPEN, Stage.CLOSED)
    if state.form is Form.OPEN:
        raise InputError(
            f"offering {offering_id} has an open book",
            hint="Its bids are in the clear; nothing is to be opened.",
        )
    placed = placed_bids(suite, offering_id, [bidder])[0]
    where = (suite.chain.chain_id, suite.offering.address, offering_id, bidder)
    if placed.status is BidStatus.OPENED:
        _note_opened(vault, where, opened_hash(placed.bids))
        raise refused(
            suite,
            "BidAlreadyOpened",
            {"offeringId": offering_id, "bidder": bidder},
            f"the bids of {bidder} in offering {offering_id} were opened before",
            "Nothing is left to do: anyone who knows how may open them, the bookrunner for one.",
        )
    if placed.status is not BidStatus.SEALED:
        raise refused(
            suite,
            "BidUnknown",
            {"offeringId": offering_id, "bidder": bidder},
            f"offering {offering_id} holds no bids of {bidder}",
            "Check the account and the offering.",
        )
    entry = vault.entry(*where, seal=suite.offering.bid_hash(offering_id, bidder))
    closed_book(suite, offering_id, state, sender)
    done = TxResult.of(sender.transact(open_call(suite, entry)))
    vault.mark_opened(entry)
    return OpenBidResult(done.tx_hash, done.block, done.gas_used, bidder, entry.opening.bids)


def _note_opened(vault: Vault, where: tuple[int, str, int, str], opened: bytes) -> None:
    """Marks what another opened, or what was opened just before a program broke off."""
    chain_id, offering, offering_id, bidder = where
    kept = vault.entries(
        chain_id=chain_id, offering_address=offering, offering_id=offering_id, bidder=bidder, opened=False
    )
    for entry in kept:
        if opened_hash(entry.opening.bids) == opened:
            vault.mark_opened(entry)
            return


def _fault(state: BookState, entry: SealedEntry, seal: bytes, class_rule: ClassRule) -> str:
    if seal == NOTHING:
        return "the book holds no bid of his any more"
    if entry.seal != seal:
        return "what was decrypted is not what he committed to"
    try:
        check_bids(state.rules, class_rule, entry.opening.bids, lot=state.lot)
    except InputError as fault:
        return f"the bids break a rule: {fault.message}"
    return ""
