"""Allotment: shares by largest remainder, and what parts equals."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.primary import NO_CUT, NON_COMPETITIVE, TickBid, allocate, clear, score

from .builders import Books, account, books_of, market_of, rules_of

pytestmark = pytest.mark.unit

BEST, NEXT = 30_000_000, 30_100_000


def wins(books: Books, *, offering_id: int = 1, lot: int = 1, **changes: int) -> dict[str, tuple[int, ...]]:
    rules = rules_of(**changes)
    market = market_of(rules, lot=lot)
    return allocate(offering_id, market, rules, clear(rules, market, books), books).allotments


def test_allocate__better_than_the_margin__all_of_it() -> None:
    found = wins(books_of((1, BEST, 600), (2, NEXT, 800), (3, 30_200_000, 100)))

    assert found == {account(1): (600,), account(2): (400,), account(3): (0,)}


def test_allocate__several_ticks_of_one_bidder__each_on_its_own() -> None:
    found = wins(books_of((1, BEST, 600), (1, NEXT, 400), (2, NEXT, 400), (2, 30_200_000, 10)))

    assert found == {account(1): (600, 200), account(2): (200, 0)}


def test_allocate__largest_remainder__gets_the_lot_left_over() -> None:
    """100 for 30 + 60 + 70: 18.75, 37.5 and 43.75; two lots are left, for the remainders 0.75."""
    found = wins(books_of((1, BEST, 30), (2, BEST, 60), (3, BEST, 70)), offered=100)

    assert found == {account(1): (19,), account(2): (37,), account(3): (44,)}


def test_allocate__lots__are_shared_not_units() -> None:
    """10 lots for 3 + 6 + 7: 1.875, 3.75 and 4.375; two are left, for 0.875 and 0.75."""
    found = wins(books_of((1, BEST, 300), (2, BEST, 600), (3, BEST, 700)), offered=1_000, lot=100)

    assert found == {account(1): (200,), account(2): (400,), account(3): (400,)}


def test_allocate__equal_bids__hash_decides_by_offering_and_not_by_address() -> None:
    """One unit for ten equal bids: over many offerings each of them is the lucky one."""
    books = books_of(*((number, BEST, 10) for number in range(1, 11)))

    lucky = {
        bidder
        for offering_id in range(1, 101)
        for bidder, units in wins(books, offering_id=offering_id, offered=91).items()
        if units == (10,)
    }

    assert lucky == set(books)


def test_allocate__one_bidder_for_two_clients__entries_are_bidder_and_account() -> None:
    books: Books = {account(1): (TickBid(BEST, 60, account(8)), TickBid(BEST, 40, account(9)))}

    assert wins(books, offered=50) == {account(1): (30, 20)}


def test_allocate__non_competitive_over_the_cap__is_shared_too() -> None:
    books = books_of((1, BEST, 900), (2, NON_COMPETITIVE, 300), (3, NON_COMPETITIVE, 100))

    found = wins(books, non_competitive=200)

    assert found == {account(1): (800,), account(2): (150,), account(3): (50,)}


def test_allocate__failed__nobody_gets_anything() -> None:
    rules = rules_of(minimum_volume=500)
    market, books = market_of(rules), books_of((1, BEST, 100), (1, NEXT, 100))

    found = allocate(1, market, rules, clear(rules, market, books), books)

    assert found.allotments == {account(1): (0, 0)}
    assert (found.cuts.marginal, found.cuts.non_competitive) == (NO_CUT, NO_CUT)


def test_allocate__no_residue__no_score_reaches_the_cut() -> None:
    rules = rules_of(offered=50)
    market, books = market_of(rules), books_of((1, BEST, 50), (2, BEST, 50))

    found = allocate(1, market, rules, clear(rules, market, books), books)

    assert found.cuts.marginal == NO_CUT == 2**256 - 1
    assert found.allotments == {account(1): (25,), account(2): (25,)}


def test_score__remainder__stands_above_the_hash() -> None:
    hashed = keccak(encode(["uint256", "address", "address"], [7, account(1), account(2)]))

    found = score(7, account(1), account(2), 5)

    assert found == (5 << 192) | (int.from_bytes(hashed, "big") & (2**192 - 1))


def test_score__address_in_any_case__the_same() -> None:
    lower = "0x" + "ab" * 20

    assert score(1, lower, lower, 0) == score(1, "0x" + "AB" * 20, "0x" + "aB" * 20, 0)
