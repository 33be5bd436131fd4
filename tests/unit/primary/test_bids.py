"""Tick bids: their order, and every rule that they can break."""

from __future__ import annotations

from random import Random

import pytest

from indenture.errors import InputError
from indenture.primary import (
    MAX_BIDS,
    NON_COMPETITIVE,
    Basis,
    ClassRule,
    TickBid,
    check_bids,
    ordered,
    quote_text,
)

from .builders import account, rules_of

pytestmark = pytest.mark.unit

BEST, NEXT = 30_000_000, 30_100_000
ME, CLIENT = account(1), account(2)
LIMITS = ClassRule(minimum=100, maximum=500)


def refused(*bids: TickBid, limits: ClassRule = LIMITS, lot: int = 10, **changes: int) -> InputError:
    rules = rules_of(maximum_bid=300, **changes)
    with pytest.raises(InputError) as caught:
        check_bids(rules, limits, bids, lot=lot)
    return caught.value


def test_check_bids__all_within_the_rules__taken() -> None:
    bids = (
        TickBid(BEST, 10, ME),
        TickBid(BEST, 300, CLIENT),
        TickBid(36_000_000, 100, ME),
        TickBid(NON_COMPETITIVE, 90, ME),
    )

    check_bids(rules_of(maximum_bid=300, non_competitive=100), LIMITS, bids, lot=10)


@pytest.mark.parametrize(
    ("bid", "reason", "hint"),
    [
        (
            TickBid(29_900_000, 100, ME),
            "bid 2: quote 2.99 % is not between 3 % and 3.6 %",
            "inside the range",
        ),
        (
            TickBid(36_100_000, 100, ME),
            "bid 2: quote 3.61 % is not between 3 % and 3.6 %",
            "inside the range",
        ),
        (
            TickBid(30_150_000, 100, ME),
            "bid 2: quote 3.015 % is between two ticks of 0.01 % from 3 %",
            "The nearest are 3.01 % and 3.02 %.",
        ),
        (
            TickBid(NON_COMPETITIVE, 100, ME),
            "bid 2: has no quote, and this offering takes no non-competitive bids",
            "Give a quote.",
        ),
        (
            TickBid(NEXT, 0, ME),
            "bid 2: 0 units is not between the 10 and 300 units of a tick bid",
            "Bid more",
        ),
        (
            TickBid(NEXT, 310, ME),
            "bid 2: 310 units is not between the 10 and 300 units of a tick bid",
            "split the bid",
        ),
        (
            TickBid(NEXT, 105, ME),
            "bid 2: 105 units is not a whole number of lots of 10",
            "minimum denomination",
        ),
        (TickBid(NEXT, True, ME), "bid 2: True is not a whole number of units", ""),
        (TickBid(NEXT, 100, "bank-1"), "bid 2: 'bank-1' is no account", "Give an address"),
        (TickBid(NEXT, 100, "0x" + "0" * 40), f"bid 2: '0x{'0' * 40}' is no account", "Give an address"),
        (
            TickBid(BEST, 100, ME),
            f"bid 2: quote 3 % for {ME} is there twice",
            "Join the two bids.",
        ),
    ],
)
def test_check_bids__rule_broken__names_bid_value_and_rule(bid: TickBid, reason: str, hint: str) -> None:
    error = refused(TickBid(BEST, 100, ME), bid)

    assert error.message == reason
    assert hint in error.hint


def test_check_bids__quotes_fall__refused() -> None:
    error = refused(TickBid(NEXT, 100, ME), TickBid(BEST, 100, ME))

    assert error.message == f"bid 2: quote 3 % for {ME} comes after a later one"
    assert error.hint == "Sort bids by quote, then by account."


def test_check_bids__accounts_fall_within_a_quote__refused() -> None:
    error = refused(TickBid(BEST, 100, CLIENT), TickBid(BEST, 100, ME))

    assert error.message == f"bid 2: quote 3 % for {ME} comes after a later one"


@pytest.mark.parametrize(
    ("units", "limits", "reason"),
    [
        (90, LIMITS, "90 units in all is not between the 100 and 500 units of the bidder's class"),
        (100, ClassRule(minimum=0, maximum=90), "100 units in all is not between the 0 and 90 units"),
        (100, ClassRule(minimum=0, maximum=0), "100 units in all: the bidder's class may not bid"),
    ],
)
def test_check_bids__sum_outside_the_class__refused(units: int, limits: ClassRule, reason: str) -> None:
    assert refused(TickBid(BEST, units, ME), limits=limits).message.startswith(reason)


def test_check_bids__sum__counts_bids_without_a_quote() -> None:
    bids = (TickBid(BEST, 300, ME), TickBid(NON_COMPETITIVE, 210, ME))

    assert refused(*bids, non_competitive=500).message.startswith("510 units in all")


@pytest.mark.parametrize("count", [0, MAX_BIDS + 1])
def test_check_bids__none_or_too_many__refused(count: int) -> None:
    bids = [TickBid(BEST, 10, account(number)) for number in range(1, count + 1)]

    assert refused(*bids).message == f"{count} tick bids; a bidder has 1 to 64"


def test_ordered__any_order__by_quote_then_by_account() -> None:
    bids = [
        TickBid(BEST, 10, ME),
        TickBid(BEST, 10, "0x" + "0" * 39 + "A"),
        TickBid(BEST, 10, "0x" + "0" * 39 + "b"),
        TickBid(NEXT, 10, ME),
        TickBid(NON_COMPETITIVE, 10, ME),
    ]
    shuffled = bids[:]
    Random(3).shuffle(shuffled)

    assert ordered(shuffled) == tuple(bids)


@pytest.mark.parametrize(
    ("quote", "basis", "text"),
    [
        (32_500_000, Basis.RATE, "3.25 %"),
        (30_000_000, Basis.RATE, "3 %"),
        (1, Basis.RATE, "0.0000001 %"),
        (0, Basis.RATE, "0 %"),
        (9_950, Basis.PRICE, "9950 base units"),
        (NON_COMPETITIVE, Basis.RATE, "non-competitive"),
    ],
)
def test_quote_text__any_quote__in_words(quote: int, basis: Basis, text: str) -> None:
    assert quote_text(quote, basis) == text
