"""Trades at a clean price: quoted, proposed, accepted, settled; payments that go along with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.bonds import (
    DAY,
    EACH,
    HOUR,
    administrator,
    define,
    figures,
    fund,
    issue,
    make_person,
    pay_time,
    record_time,
    sheet_of,
)
from tests.sdk.world import ISIN, World

from indenture.errors import (
    IndentureError,
    InputError,
    InvalidAmount,
    InvalidDate,
    PaymentRefused,
    SignatureRefused,
    UnitsRefused,
)
from indenture.interest import BenchmarkKind
from indenture.membership import Role
from indenture.models import AccountAdmission, CleanTrade, SignedCleanTrade
from indenture.money import CNY, EUR
from indenture.results import CleanTradeResult
from indenture.roles import (
    Investor,
    TradeNonces,
    deploy_wallet,
    new_clean_trade,
    quote_trade,
    submit_clean_trade,
    submit_clean_trades,
)

pytestmark = pytest.mark.integration

TAXED = "withholding: {rates: [{classes: [natural-person], percent: 20}, {classes: all, percent: 0}]}"
SINKING = "principal: {instalments: [{on: 2020-12-05, percent: 40}, {on: 2021-12-05, percent: 60}]}"
SUMMER = datetime(2020, 6, 1, 4, tzinfo=UTC)  # 179 of 366 days
UNITS = 1_000


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of())
    return world


def agreed(
    world: World, price: Any = "101.5", seller: int = 0, buyer: int = 1, **options: Any
) -> SignedCleanTrade:
    """Proposed by the seller, accepted by the buyer."""
    options.setdefault("deadline", world.chain.block_stamp().time + timedelta(days=60))
    proposal = world.investor(seller).propose_sale(
        ISIN, world.account(buyer), UNITS, price, world.nonces, **options
    )
    return world.investor(buyer).accept_trade(proposal)


def settled(world: World, signed: SignedCleanTrade) -> CleanTradeResult:
    return submit_clean_trade(world.suite, world.senders["outsider"], signed)


def money(world: World) -> tuple[int, int]:
    cash = world.suite.cash().balances([world.account(0), world.account(1)])
    return cash[0], cash[1]


def units(world: World) -> tuple[int, int]:
    held = world.bond.balances([world.account(0), world.account(1)])
    return held[0], held[1]


# Quotes


def test_quote__between_coupons__clean_accrued_and_dirty(issued: World) -> None:
    issued.at(SUMMER)

    quote = issued.investor(1).quote(ISIN, UNITS, "101.5")

    assert (quote.day, quote.price, quote.accrued_per_100) == (
        date(2020, 6, 1),
        Decimal("101.5"),
        Decimal("1.5894809"),
    )
    assert (quote.clean, quote.accrued) == (CNY.money(101_500), CNY.money("1589.48"))
    assert (quote.dirty, quote.dirty_price) == (CNY.money("103089.48"), Decimal("103.0894809"))
    assert (quote.is_ex, quote.is_pending, quote.claims) == (False, False, ())


def test_quote__for_a_later_day__accrues_until_then(issued: World) -> None:
    issued.at(SUMMER)

    quote = quote_trade(issued.suite, ISIN, UNITS, 100, on=date(2020, 12, 4))

    # Agreed before the record date, settled after it: the coupon is the buyer's, and no more than accrued.
    assert (quote.accrued, quote.is_ex, quote.claims) == (CNY.money("3241.12"), False, ())
    later = quote_trade(issued.suite, ISIN, UNITS, 100, on=date(2020, 12, 5))
    assert (later.claims, later.is_pending) == ((1,), True)
    assert later.accrued == CNY.money(3_250)


def test_quote__ex_coupon__takes_it_off(issued: World) -> None:
    issued.at(record_time(issued, 1) + HOUR)

    quote = issued.investor(1).quote(ISIN, UNITS, 100)

    assert (quote.is_ex, quote.accrued, quote.dirty) == (True, CNY.money("-8.87"), CNY.money("99991.13"))


@pytest.mark.parametrize(
    ("price", "error", "words"),
    [
        (1.5, InvalidAmount, "is a float"),
        (-1, InvalidAmount, "is no price per 100"),
        ("1e6", InvalidAmount, "is no price per 100"),
    ],
)
def test_quote__bad_price__refused(
    issued: World, price: Any, error: type[IndentureError], words: str
) -> None:
    with pytest.raises(error, match=words):
        issued.investor(0).quote(ISIN, 1, price)


# Settlement


def test_clean_trade_hash__computed_here__is_the_contracts(issued: World) -> None:
    trade = agreed(issued).trade

    assert issued.suite.settlement.clean_trade_hash(trade) == issued.suite.settlement.hash_of_clean(trade)


def test_settle__cum_coupon__the_buyer_pays_what_accrued_on_top(issued: World) -> None:
    issued.at(SUMMER)
    before, held = money(issued), units(issued)
    signed = agreed(issued)

    result = settled(issued, signed)

    assert result.trade_id == "0x" + issued.suite.settlement.clean_trade_hash(signed.trade).hex()
    assert (result.clean, result.accrued, result.received) == (
        CNY.money(101_500),
        CNY.money("1589.48"),
        CNY.money(0),
    )
    assert (result.amount, result.claims) == (CNY.money("103089.48"), ())
    assert money(issued) == (before[0] + 10_308_948, before[1] - 10_308_948)
    assert units(issued) == (held[0] - UNITS, held[1] + UNITS)


def test_settle__days_later__accrues_until_then(issued: World) -> None:
    issued.at(SUMMER)
    signed = agreed(issued)
    issued.at(SUMMER + 3 * DAY)

    assert settled(issued, signed).accrued == CNY.money("1616.12")


def test_settle__ex_coupon__the_seller_keeps_it_and_pays_for_it(issued: World) -> None:
    issued.at(record_time(issued, 1) + HOUR)

    result = settled(issued, agreed(issued, 100))

    assert (result.accrued, result.claims) == (CNY.money("-8.87"), ())
    assert result.amount == CNY.money("99991.13")
    assert issued.investor(1).my_claims() == ()


def test_settle__agreed_before_the_record_date__the_coupon_is_the_buyers(issued: World) -> None:
    issued.at(record_time(issued, 1) - 3 * HOUR)
    signed = agreed(issued, 100)
    fund(issued, 1)

    result = settled(issued, signed)

    assert (result.accrued, result.received, result.claims) == (CNY.money("3241.12"), CNY.money(0), (1,))
    (claim,) = issued.investor(1).my_claims()
    assert (claim.isin, claim.period, claim.units, claim.amount) == (ISIN, 1, UNITS, CNY.money(3_250))
    assert (claim.funded, claim.payable_from) == (True, pay_time(issued, 1))
    assert issued.investor(0).cash_flows(ISIN)[0].units == EACH - UNITS
    issued.at(pay_time(issued, 1) + HOUR)
    before = money(issued)
    paid = issued.paying_agent.pay(ISIN, 1)
    claimed = issued.paying_agent.pay_claims(ISIN, 1)
    assert (paid.completed, claimed.completed, claimed.count) == (False, True, 1)
    assert claimed.amount == CNY.money(3_250)
    assert money(issued) == (before[0] + (EACH - UNITS) * 325, before[1] + (EACH + UNITS) * 325)
    assert issued.investor(1).my_claims() == ()
    with pytest.raises(PaymentRefused, match="no buyer has a claim to it that is not paid"):
        issued.paying_agent.pay_claims(ISIN, 1)


def test_settle__after_the_seller_was_paid__what_he_received_is_taken_off(issued: World) -> None:
    issued.at(record_time(issued, 1) - 3 * HOUR)
    signed = agreed(issued, 100)
    time = signed.trade.traded_at
    fund(issued, 1)
    issued.at(pay_time(issued, 1) + HOUR)
    issued.paying_agent.pay(ISIN, 1)
    quote = issued.investor(1).quote(ISIN, UNITS, 100, traded_at=time, seller=issued.account(0))
    before = money(issued)

    result = settled(issued, signed)

    assert (quote.accrued, quote.received, quote.claims) == (result.accrued, result.received, (1,))
    # Two days of the new coupon, and the old one pending; the seller has had it.
    assert (result.accrued, result.received) == (CNY.money("3267.80"), CNY.money(3_250))
    assert (result.amount, quote.dirty) == (CNY.money("100017.80"),) * 2
    assert result.claims == ()
    assert money(issued) == (before[0] + 10_001_780, before[1] - 10_001_780)


def test_settle__sold_on_after_it_was_claimed__the_next_buyer_gets_what_the_first_had(issued: World) -> None:
    issued.at(record_time(issued, 1) - 3 * HOUR)
    first, second = agreed(issued, 100), agreed(issued, 100, 1, 2)
    fund(issued, 1)
    settled(issued, first)
    issued.at(pay_time(issued, 1) + HOUR)
    issued.paying_agent.pay_claims(ISIN, 1)
    issued.paying_agent.pay(ISIN, 1)
    address, accounts = issued.bond.address, [issued.account(1), issued.account(2)]
    time = second.trade.traded_at
    quote = issued.investor(2).quote(ISIN, UNITS, 100, traded_at=time, seller=issued.account(1))

    result = settled(issued, second)

    assert (result.received, quote.received) == (CNY.money(3_250), CNY.money(3_250))
    assert issued.suite.servicing.claims_paid_to(address, 1, accounts) == [0, UNITS]


def test_settle__all_units_with_their_payment__leave_the_seller_nothing_to_be_paid(issued: World) -> None:
    issued.at(record_time(issued, 1) - 3 * HOUR)
    proposal = issued.investor(0).propose_sale(
        ISIN, issued.account(1), EACH, 100, issued.nonces, deadline=record_time(issued, 1) + 9 * DAY
    )
    fund(issued, 1)
    settled(issued, issued.investor(1).accept_trade(proposal))
    issued.at(pay_time(issued, 1) + HOUR)

    paid = issued.paying_agent.pay(ISIN, 1)
    claimed = issued.paying_agent.pay_claims(ISIN, 1, [issued.account(1)])

    assert (paid.count, claimed.count, claimed.completed) == (4, 1, True)
    with pytest.raises(PaymentRefused, match="every holder has been paid"):
        issued.paying_agent.pay(ISIN, 1)


def test_claims__of_a_person__are_paid_after_tax(world: World) -> None:
    make_person(world, 1)
    issue(world, sheet_of(extra=TAXED), tax_account=world.senders["bookrunner"].address)
    world.at(record_time(world, 1) - 3 * HOUR)
    signed = agreed(world, 100)
    fund(world, 1)
    settled(world, signed)
    (claim,) = world.investor(1).my_claims()
    world.at(pay_time(world, 1) + HOUR)

    claimed = world.paying_agent.pay_claims(ISIN, 1)

    assert claim.amount == CNY.money(2_600)
    assert (claimed.amount, claimed.tax) == (CNY.money(3_250), CNY.money(650))


def test_settle__across_an_instalment__fits_the_bound(world: World) -> None:
    issue(world, sheet_of(extra=SINKING))
    world.at(record_time(world, 1) - 3 * HOUR)
    signed = agreed(world, 100)
    fund(world, 1)
    world.at(pay_time(world, 1) + HOUR)
    world.paying_agent.pay(ISIN, 1)

    result = settled(world, signed)

    assert result.received == CNY.money(43_250)
    assert result.amount == CNY.money("60010.68")  # less 40,000; and two days on the rest


def test_settle__more_than_was_agreed__refused(issued: World) -> None:
    issued.at(SUMMER)
    signed = agreed(issued, most_accrued="1000.00")

    with pytest.raises(PaymentRefused) as refused:
        settled(issued, signed)

    assert refused.value.name == "TradeAccruedExceeds"
    assert agreed(issued).trade.most_accrued == CNY.money(6_500)  # two coupons


def test_settle__a_rate_that_is_not_known__still_has_a_bound(world: World) -> None:
    define(world, "SHIBOR3M", BenchmarkKind.RATE)
    coupon = """coupon: {kind: floating, frequency: annual, day_count: ACT/360, floating:
      {benchmark: SHIBOR3M, observation: term, lag: 1, spread: 0.6, places: 4,
       fallback: last-value, fallback_rate: 2.5}}"""
    issue(world, sheet_of(coupon, extra="fallback_days: 5"))
    administrator(world).publish("SHIBOR3M", date(2019, 12, 4), 3)
    world.paying_agent.fix(ISIN)
    world.at(SUMMER)

    signed = agreed(world, 100)

    assert signed.trade.most_accrued == CNY.money(7_320)  # two of 366 days at 3.6 %
    assert settled(world, signed).accrued == CNY.money(1_790)


def test_settle__many_at_once__all_settle(issued: World) -> None:
    issued.at(SUMMER)
    trades = [agreed(issued, 100 + k, k % 5, (k + 1) % 5) for k in range(10)]

    results = submit_clean_trades(issued.suite, issued.senders["outsider"], trades, tried=False)

    assert [result.clean for result in results] == [CNY.money(1_000 * (100 + k)) for k in range(10)]


def test_settle__twice_or_cancelled__refused(issued: World) -> None:
    issued.at(SUMMER)
    first, second = agreed(issued), agreed(issued)
    issued.investor(0).settle_trade(first)
    issued.investor(1).cancel_trade(second.trade)

    for signed in (first, second):
        with pytest.raises(SignatureRefused) as refused:
            settled(issued, signed)
        assert refused.value.name == "TradeNonceUsed"


def test_settle__agreed_in_the_time_to_come__refused(issued: World) -> None:
    issued.at(SUMMER)

    signed = agreed(issued, traded_at=SUMMER + DAY)

    with pytest.raises(SignatureRefused) as refused:
        settled(issued, signed)
    assert refused.value.name == "TradeAhead"


def test_settle__a_record_date_at_which_he_held_nothing__refused(issued: World) -> None:
    """Who bought after the record date cannot sell as if he had held before it."""
    before = record_time(issued, 1) - HOUR
    investor = issued.investor(0)
    investor.transfer(ISIN, issued.account(1), EACH)
    fund(issued, 1)
    issued.investor(1).transfer(ISIN, issued.account(0), EACH)

    with pytest.raises(UnitsRefused) as refused:
        settled(issued, agreed(issued, traded_at=before))

    assert refused.value.name == "ClaimExceedsUnits"


# Proposals


def test_propose_purchase__accepted_by_the_seller__settles(issued: World) -> None:
    issued.at(SUMMER)
    proposal = issued.investor(1).propose_purchase(ISIN, issued.account(0), UNITS, "99.9", issued.nonces)

    signed = issued.investor(0).accept_trade(proposal)

    assert proposal.proposer == issued.account(1)
    assert issued.investor(0).settle_trade(signed).clean == CNY.money(99_900)


def test_accept_trade__of_others_or_spoiled__refused(issued: World) -> None:
    proposal = issued.investor(0).propose_sale(ISIN, issued.account(1), UNITS, 100, issued.nonces)
    cheaper = replace(proposal, trade=replace(proposal.trade, clean=CNY.money(1)))
    in_euros = replace(proposal, trade=replace(proposal.trade, cash=issued.account(3)))

    with pytest.raises(InputError, match="is not the other side"):
        issued.investor(2).accept_trade(proposal)
    with pytest.raises(InputError, match="is not the other side"):
        issued.investor(0).accept_trade(proposal)
    with pytest.raises(InputError, match="is paid in"):
        issued.investor(1).accept_trade(in_euros)
    with pytest.raises(SignatureRefused, match="did not sign this trade"):
        issued.investor(1).accept_trade(cheaper)
    for signature in (b"", b"\0" * 65):
        with pytest.raises(SignatureRefused):
            issued.investor(1).accept_trade(replace(proposal, signature=signature))


def test_propose_sale__by_a_wallet__its_owner_signs(issued: World) -> None:
    issued.at(SUMMER)
    sender = issued.senders["investor 0"]
    account = issued.suite.registry.accounts([issued.account(0)])[0]
    assert account is not None
    wallet = deploy_wallet(issued.suite, sender)
    issued.depository.admit_accounts([AccountAdmission(account.lei, wallet, Role.HOLDER)])
    issued.investor(0).transfer(ISIN, wallet, UNITS)
    seller = Investor(issued.suite, sender, wallet=wallet)

    proposal = seller.propose_sale(ISIN, issued.account(1), UNITS, 100, issued.nonces)
    result = seller.settle_trade(issued.investor(1).accept_trade(proposal))

    assert result.clean == CNY.money(100_000)
    assert seller.holdings() == ()


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"units": 0}, InvalidAmount, "is not above zero"),
        ({"buyer": "seller"}, InputError, "is seller and buyer at once"),
        ({"most_accrued": EUR.money(1)}, InvalidAmount, "is not an amount in CNY"),
        ({"most_accrued": -1}, InvalidAmount, "is not an amount in CNY"),
        ({"deadline": datetime(2019, 12, 1, tzinfo=UTC)}, InvalidDate, "the deadline"),
        ({"traded_at": datetime(2030, 1, 1, tzinfo=UTC)}, InvalidDate, "after the deadline"),
    ],
)
def test_new_clean_trade__contradictions__refused(
    issued: World, changes: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    fields: dict[str, Any] = {
        "bond": ISIN,
        "seller": issued.account(0),
        "buyer": issued.account(1),
        "units": UNITS,
        "price": 100,
        "nonces": TradeNonces(issued.suite),
    }
    if changes.get("buyer"):
        changes = {"buyer": issued.account(0)}

    with pytest.raises(error, match=words):
        new_clean_trade(issued.suite, **(fields | changes))


def test_new_clean_trade__odd_prices__are_rounded_half_up_once(issued: World) -> None:
    trade: CleanTrade = agreed(issued, "99.9999999").trade

    assert trade.clean == CNY.money(100_000)
    assert figures(issued).today == date(2019, 12, 5)
