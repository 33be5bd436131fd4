"""What all who deal with an offering read of it first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from indenture.chain import Receipt
from indenture.contracts import BookState, Opening, Seal, Suite
from indenture.dates import from_timestamp, to_timestamp
from indenture.errors import InputError, OfferingRefused
from indenture.models import Bid, BidStatus, OfferingBook, PlacedBids
from indenture.money import Currency, to_decimal
from indenture.primary import NON_COMPETITIVE, Basis, ClassRule, Rules, Stage, TickBid, ordered
from indenture.roles._checks import is_whole, now
from indenture.rounding import RATE_SCALE
from indenture.sealing.commitment import opened_hash

T = TypeVar("T")

#: ``bidOf`` where the book holds nothing.
NOTHING = bytes(32)

_STAGES: Mapping[Stage, str] = {
    Stage.MANDATED: "waits for its bookrunner to accept the mandate",
    Stage.ACCEPTED: "has its mandate accepted, and its book not opened yet",
    Stage.OPEN: "has its book open",
    Stage.CLOSED: "is closed, and not cleared yet",
    Stage.CLEARED: "is cleared, and the shares at its margin not proved yet",
    Stage.PUBLISHED: "has its result published",
    Stage.FAILED: "has failed",
    Stage.CANCELLED: "was cancelled",
}
_ORDER = "The order is: mandate, accept, open, close, open bids, clear, settle."


def existing(suite: Suite, offering_id: int) -> BookState:
    """An offering.

    Raises:
        InputError: There is none with this number.
    """
    if not is_whole(offering_id) or offering_id < 1:
        raise InputError(
            f"{offering_id!r} is not the number of an offering", hint="They are numbered from 1."
        )
    state = suite.offering.book(offering_id)
    if state.stage is Stage.NONE:
        raise InputError(
            f"there is no offering {offering_id}", hint="Mandate one first, or check the number."
        )
    return state


def require_stage(suite: Suite, offering_id: int, state: BookState, *wanted: Stage) -> None:
    """Raises ``OfferingRefused`` unless the offering is in one of some stages."""
    if state.stage not in wanted:
        raise refused(
            suite,
            "OfferingStageWrong",
            {"offeringId": offering_id, "stage": int(state.stage)},
            f"offering {offering_id} {_STAGES[state.stage]}",
            _ORDER,
        )


def require_after(suite: Suite, offering_id: int, last: int, what: str) -> None:
    """Raises ``OfferingRefused`` until the chain's clock is past a second."""
    clock = now(suite.chain)
    time = to_timestamp(clock)
    if time <= last:
        raise refused(
            suite,
            "OfferingTooEarly",
            {"offeringId": offering_id, "from": last + 1, "time": time},
            f"in offering {offering_id} {what} after {from_timestamp(last)}, and it is {clock}",
            "Do it then.",
        )


def refused(suite: Suite, name: str, args: dict[str, object], message: str, hint: str) -> OfferingRefused:
    """What the contract would say, in words of its own."""
    return OfferingRefused(name, args, message=message, hint=hint, contract=suite.offering.address)


def offering_book(suite: Suite, offering_id: int) -> OfferingBook:
    """An offering, with money as money.

    Raises:
        InputError: There is none with this number.
    """
    state = existing(suite, offering_id)
    currency = suite.currency_at(state.cash)
    return OfferingBook(
        offering_id=offering_id,
        bond=state.bond,
        isin=suite.bond(state.bond).isin,
        currency=currency,
        stage=state.stage,
        rules=state.rules,
        classes=suite.offering.classes(offering_id),
        lot=state.lot,
        deposit=currency.money_from_base(state.deposit),
        bookrunner=state.bookrunner,
        proceeds_account=state.proceeds_account,
        encryption_key=state.encryption_key if any(state.encryption_key) else None,
        commitments=state.commitments,
        bidders=state.bidders,
        bid_units=state.bid_units,
        non_competitive_bid=state.non_competitive_bid,
        over_allotted=state.over_allotted,
        over_allotment_declared=state.over_allotment_declared,
        take_up=state.take_up,
        additional=state.additional,
        issued=state.issued,
        issued_later=state.issued_later,
        published_at=state.published_at,
        accrual_day=state.accrual_day,
    )


def class_rules(suite: Suite, offering_id: int, bidders: Sequence[str]) -> list[ClassRule]:
    """The rule of each bidder's class: that of the syndicate if he joined it."""
    classes = suite.offering.classes(offering_id)
    members = suite.offering.underwriters(offering_id, bidders)
    return [classes[member.bidder_class if member.joined else 0] for member in members]


def placed_bids(suite: Suite, offering_id: int, bidders: Sequence[str] | None = None) -> list[PlacedBids]:
    """What the book holds of bidders; None for all who ever bid, in the order of their first bid."""
    book = suite.offering.bids(offering_id)
    if bidders is None:
        bidders = [*book.openings, *(each for each in book.seals if each not in book.openings)]
    placed = []
    for bidder, held in zip(bidders, suite.offering.bid_hashes(offering_id, bidders), strict=True):
        bids, seal = book.openings.get(bidder, ()), book.seals.get(bidder)
        if held == NOTHING:
            status = BidStatus.FINISHED if bids or seal else BidStatus.NONE
        else:
            status = BidStatus.OPENED if bids else BidStatus.SEALED
        commitment = seal.commitment if seal else None
        placed.append(PlacedBids(offering_id, bidder, status, bids, commitment))
    return placed


def unopened_bidders(suite: Suite, offering_id: int) -> tuple[str, ...]:
    """Bidders whose bids are still sealed."""
    return tuple(
        placed.bidder for placed in placed_bids(suite, offering_id) if placed.status is BidStatus.SEALED
    )


def opened_bids(suite: Suite, offering_id: int) -> dict[str, tuple[TickBid, ...]]:
    """Opened bids that are not settled, released or lapsed; by bidder, ascending by address.

    Raises:
        InputError: The events are not what the book holds.
    """
    openings = suite.offering.openings(offering_id)
    bidders = sorted(openings, key=number)
    living = {}
    for bidder, held in zip(bidders, suite.offering.bid_hashes(offering_id, bidders), strict=True):
        if held == NOTHING:
            continue
        if held != opened_hash(openings[bidder]):
            raise InputError(
                f"the book holds other bids of {bidder} than the events tell",
                hint="The node does not give all events; use another.",
            )
        living[bidder] = openings[bidder]
    return living


def living_seals(suite: Suite, offering_id: int) -> list[Seal]:
    """Sealed bids that are neither open nor forfeited."""
    seals = list(suite.offering.seals(offering_id).values())
    held = suite.offering.bid_hashes(offering_id, [seal.bidder for seal in seals])
    return [seal for seal, there in zip(seals, held, strict=True) if there != NOTHING]


def tick_bids(
    bids: Sequence[Bid | TickBid], *, bidder: str, rules: Rules, currency: Currency
) -> tuple[TickBid, ...]:
    """Bids of people as bids of the book, in its order.

    Args:
        bids: As people give them, or as the book has them.
        bidder: Who gets the units where no account is named.
        rules: The rules of the offering.
        currency: Currency of prices.

    Raises:
        InputError: A quote is no number, or finer than a rate or price can be.
    """
    return ordered(
        bid
        if isinstance(bid, TickBid)
        else TickBid(quote_of(bid.quote, rules.basis, currency), bid.units, bid.account or bidder)
        for bid in bids
    )


def quote_of(value: Decimal | int | str | None, basis: Basis, currency: Currency) -> int:
    """A quote of people as one of the book: percent a year, or the price of one unit; None for none.

    Raises:
        InputError: It is no number, or finer than a billionth or a base unit.
    """
    if value is None:
        return NON_COMPETITIVE
    if basis is Basis.PRICE:
        return currency.to_base(value)
    rate = Fraction(to_decimal(value)) * RATE_SCALE / 100
    if rate.denominator != 1 or rate < 0:
        raise InputError(
            f"{value} percent a year is not a whole number of billionths", hint="Give at most 7 places."
        )
    return int(rate)


def value_of(quote: int, basis: Basis, currency: Currency) -> Decimal | None:
    """A quote of the book as people give it; None for a bid without one."""
    if quote == NON_COMPETITIVE:
        return None
    if basis is Basis.PRICE:
        return currency.from_base(quote)
    return Decimal(quote) / (RATE_SCALE // 100)


def batches(openings: Sequence[Opening], size: int) -> Iterator[list[Opening]]:
    """Openings in parts of at most so many tick bids; one opening is never split."""
    part: list[Opening] = []
    held = 0
    for opening in openings:
        if part and held + len(opening[1]) > size:
            yield part
            part, held = [], 0
        part.append(opening)
        held += len(opening[1])
    if part:
        yield part


def parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """A list in parts of at most so many."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def events_of(suite: Suite, receipts: Sequence[Receipt], name: str) -> list[dict[str, Any]]:
    """Arguments of the offering's events of one name, in order."""
    found = (e for receipt in receipts for e in receipt.events(suite.offering.abi, suite.offering.address))
    return [event.args for event in found if event.name == name]


def number(account: str) -> int:
    """An address as the number by which contracts order it."""
    return int(account, 16)
