"""A whole book on paper: offering sheet, term sheet and bids from files, cleared without a chain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indenture.cli._bidfile import read_book
from indenture.cli._bids import WrittenBid, check_alone, quote_words, tick_bid_of
from indenture.errors import InputError
from indenture.money import Currency
from indenture.primary import (
    Clearing,
    Market,
    OfferingSheet,
    Rules,
    TenderResult,
    TickBid,
    allocate,
    check_bids,
    clear,
    load_offering_sheet,
    ordered,
    price_of,
)
from indenture.termsheet import TermSheet, load_term_sheet

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SheetBook:
    """A book on paper, and what clearing it finds.

    Attributes:
        rules: The rules of the sheet.
        currency: Currency of the bond.
        openings: Bids by bidder.
        clearing: What clearing finds.
        result: The same as it would be published.
        rows: What every bid gets, and pays.
    """

    rules: Rules
    currency: Currency
    openings: dict[str, tuple[TickBid, ...]]
    clearing: Clearing
    result: TenderResult
    rows: list[dict[str, object]]


def sheet_book(
    sheet_file: Path, terms_file: Path, bids_file: Path, *, over_allotted: int, commitments: int | None
) -> SheetBook:
    """Reads a book, checks every bidder's bids by the rules of his class, and clears it.

    Args:
        sheet_file: The offering sheet.
        terms_file: The term sheet of its bond.
        bids_file: The bids; a bidder is an address or any name. One that is named in the syndicate of the
            sheet bids by the rules of its class, any other as an investor.
        over_allotted: Units added to those on offer.
        commitments: Units that underwriters take up at most; None for all that the sheet's syndicate does.

    Raises:
        TermSheetError: One of the files cannot be read, or is wrong.
        InputError: Bids break a rule.
    """
    sheet, terms = load_offering_sheet(sheet_file), load_term_sheet(terms_file)
    rules, market = sheet.rules(terms), Market.of(terms)
    seats = sheet.syndicate(terms)
    written = read_book(bids_file)
    openings = _openings(sheet, terms, rules, written)
    clearing = clear(
        rules,
        market,
        openings,
        over_allotted=over_allotted,
        commitments=sum(seat.commitment for seat in seats) if commitments is None else commitments,
    )
    result = TenderResult.of(clearing, rules, market, terms.currency, isin=terms.isin)
    rows = _rows(rules, market, terms.currency, clearing, openings)
    return SheetBook(rules, terms.currency, openings, clearing, result, rows)


def _openings(
    sheet: OfferingSheet, terms: TermSheet, rules: Rules, written: dict[str, tuple[WrittenBid, ...]]
) -> dict[str, tuple[TickBid, ...]]:
    classes = sheet.class_rules(terms)
    class_of = {seat.member: seat.bidder_class for seat in sheet.syndicate(terms)}
    found = {}
    for bidder, bids in written.items():
        account = _account(bidder)
        own = []
        for bid in bids:
            tick_bid = tick_bid_of(bid, bidder=account, rules=rules, currency=terms.currency)
            check_alone(bid, tick_bid, rules, terms.minimum_units)
            own.append(tick_bid)
        found[bidder] = ordered(own)
        try:
            check_bids(rules, classes[class_of.get(bidder, 0)], found[bidder], lot=terms.minimum_units)
        except InputError as error:
            raise InputError(f"bids of {bidder}: {error.message}", hint=error.hint) from None
    return found


def _account(bidder: str) -> str:
    """An address for a name, so that residues have something to be parted by."""
    from eth_utils.crypto import keccak

    return bidder if _ADDRESS.fullmatch(bidder) else "0x" + keccak(text=bidder)[-20:].hex()


def _rows(
    rules: Rules,
    market: Market,
    currency: Currency,
    clearing: Clearing,
    openings: dict[str, Sequence[TickBid]] | dict[str, tuple[TickBid, ...]],
) -> list[dict[str, object]]:
    by_account = {_account(bidder): bids for bidder, bids in openings.items()}
    allotted = allocate(1, market, rules, clearing, by_account).allotments
    rows: list[dict[str, object]] = []
    for bidder, bids in openings.items():
        for bid, units in zip(bids, allotted[_account(bidder)], strict=True):
            price = price_of(bid.quote, rules, market, clearing) if units else 0
            rows.append(
                {
                    "bidder": bidder,
                    "quote": quote_words(bid.quote, rules.basis, currency),
                    "bid": bid.units,
                    "won": units,
                    "price": currency.money_from_base(price) if units else None,
                    "pays": currency.money_from_base(price * units),
                }
            )
    return rows
