"""Bids on their way into a book: checked, remembered, sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indenture.chain import ContractCall, Receipt
from indenture.contracts import BookState, Suite
from indenture.contracts._base import checksum_address
from indenture.errors import InputError
from indenture.models import Bid
from indenture.money import Currency, Money
from indenture.primary import ClassRule, Form, Stage, TickBid, check_bids
from indenture.results import BidResult, TxResult
from indenture.roles._books import NOTHING, class_rules, events_of, existing, require_stage, tick_bids
from indenture.roles._checks import distinct, require_members
from indenture.roles._funds import require_deposit
from indenture.sealing import SealedEntry, SealedOpening, Vault, ciphertext_hash, encrypt_opening, new_salt


@dataclass(frozen=True, slots=True)
class Draft:
    """Bids of one bidder, checked and ready to be sent.

    Attributes:
        bidder: Who bids.
        bids: All his bids, in the order of the book.
        call: What he sends.
        entry: What he must remember before; None in an OPEN book.
        deposit: What the bids hold.
    """

    bidder: str
    bids: tuple[TickBid, ...]
    call: ContractCall
    entry: SealedEntry | None
    deposit: Money


def draft_bids(
    suite: Suite, offering_id: int, wanted: Sequence[tuple[str, Sequence[Bid | TickBid]]]
) -> list[Draft]:
    """Checks bids of several bidders by the rules of the offering; nothing is sent.

    Raises:
        InputError: A bid breaks a rule, or a bidder is named twice.
        MembershipRefused: A bidder, or a client, may not hold the bond.
        OfferingRefused: The book is not open.
        PaymentRefused: A bidder lacks the money for the deposit.
    """
    state = existing(suite, offering_id)
    require_stage(suite, offering_id, state, Stage.OPEN)
    rules, currency = state.rules, suite.currency_at(state.cash)
    bidders = [bidder for bidder, _ in wanted]
    distinct(bidders, "bids")
    books = [tick_bids(bids, bidder=bidder, rules=rules, currency=currency) for bidder, bids in wanted]
    books = [tuple(_checked(bid) for bid in bids) for bids in books]
    classes = class_rules(suite, offering_id, bidders)
    for bidder, bids, class_rule in zip(bidders, books, classes, strict=True):
        _check(state, bidder, bids, class_rule, currency)
    accounts = dict.fromkeys([*bidders, *(bid.account for bids in books for bid in bids)])
    require_members(suite, list(accounts), eligible=state.eligible)
    held = suite.offering.bid_hashes(offering_id, bidders)
    _require_deposits(suite, state, [bidder for bidder, h in zip(bidders, held, strict=True) if h == NOTHING])
    make = _placed if state.form is Form.OPEN else _sealed
    return make(suite, offering_id, state, bidders, books)


def require_vault(drafts: Sequence[Draft], vault: Vault | None) -> None:
    """Raises ``InputError`` where bids are sealed, and there is no vault."""
    if vault is None and any(draft.entry is not None for draft in drafts):
        raise InputError(
            "this book takes sealed bids, and no vault was given",
            hint="Give a Vault: what opens a sealed bid is kept there, or its deposit is lost.",
        )


def try_all(
    suite: Suite, drafts: Sequence[Draft], calls: Sequence[ContractCall], keys: Sequence[str]
) -> None:
    """Tries sealed bids before they are remembered, so that the vault keeps none that was never sent.

    Raises:
        TransactionError: The contract refuses.
    """
    if any(draft.entry is not None for draft in drafts):
        suite.chain.call_many(calls, "pending", sender=keys)


def remember(drafts: Sequence[Draft], vault: Vault | None) -> None:
    """Keeps what opens sealed bids, before they are sent: without it they lose their deposit."""
    entries = [draft.entry for draft in drafts if draft.entry is not None]
    if vault is not None and entries:
        vault.remember(*entries)


def bid_result(suite: Suite, draft: Draft, receipt: Receipt) -> BidResult:
    """What sending a draft came to."""
    told = [*events_of(suite, [receipt], "DepositHeld"), *events_of(suite, [receipt], "BidSealed")]
    taken = sum(event["taken"] for event in told)
    done = TxResult.of(receipt)
    return BidResult(
        done.tx_hash,
        done.block,
        done.gas_used,
        bidder=draft.bidder,
        bids=draft.bids,
        commitment=draft.entry.commitment if draft.entry else None,
        deposit=draft.deposit,
        taken=draft.deposit.currency.money_from_base(taken),
    )


def _checked(bid: TickBid) -> TickBid:
    return TickBid(bid.quote, bid.units, checksum_address(bid.account, "account of a bid"))


def _check(
    state: BookState, bidder: str, bids: Sequence[TickBid], class_rule: ClassRule, currency: Currency
) -> None:
    try:
        check_bids(state.rules, class_rule, bids, lot=state.lot, currency=currency)
    except InputError as fault:
        raise InputError(f"bids of {bidder}: {fault.message}", hint=fault.hint) from None


def _require_deposits(suite: Suite, state: BookState, newcomers: Sequence[str]) -> None:
    """Who has a bid in the book has given his deposit."""
    if not state.deposit or not newcomers:
        return
    held = suite.offering.deposits_of(state.cash, newcomers)
    balances = suite.cash_at(state.cash).balances(newcomers)
    for bidder, deposit, balance in zip(newcomers, held, balances, strict=True):
        require_deposit(suite, state, bidder, deposit, balance)


def _placed(
    suite: Suite,
    offering_id: int,
    state: BookState,
    bidders: Sequence[str],
    books: Sequence[tuple[TickBid, ...]],
) -> list[Draft]:
    deposit, before = suite.money(state.cash, state.deposit), suite.offering.openings(offering_id)
    return [
        Draft(
            bidder, bids, suite.offering.place_bid(offering_id, bids, before.get(bidder, ())), None, deposit
        )
        for bidder, bids in zip(bidders, books, strict=True)
    ]


def _sealed(
    suite: Suite,
    offering_id: int,
    state: BookState,
    bidders: Sequence[str],
    books: Sequence[tuple[TickBid, ...]],
) -> list[Draft]:
    drafts, deposit = [], suite.money(state.cash, state.deposit)
    for bidder, bids in zip(bidders, books, strict=True):
        opening = SealedOpening(
            chain_id=suite.chain.chain_id,
            offering_address=suite.offering.address,
            offering_id=offering_id,
            bidder=bidder,
            bids=bids,
            salt=new_salt(),
        )
        if state.form is Form.ENCRYPTED:
            ciphertext = encrypt_opening(state.encryption_key, opening)
            entry = SealedEntry(opening, ciphertext_hash(ciphertext))
            call = suite.offering.encrypt_bid(offering_id, entry.commitment, ciphertext)
        else:
            entry = SealedEntry(opening)
            call = suite.offering.seal_bid(offering_id, entry.commitment)
        drafts.append(Draft(bidder, bids, call, entry, deposit))
    return drafts
