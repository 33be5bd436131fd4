"""Transfers and trades, with keys and with a contract wallet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.world import ISIN, WEALTH, World, key_of, lei_of

from indenture.errors import (
    IndentureError,
    InputError,
    InvalidAmount,
    InvalidDate,
    MembershipRefused,
    PaymentRefused,
    SignatureRefused,
    TransactionError,
    UnitsRefused,
)
from indenture.membership import Role
from indenture.models import AccountAdmission, SignedTrade, Trade
from indenture.money import CNY, EUR
from indenture.results import TradeResult
from indenture.roles import (
    Investor,
    TradeNonces,
    cancel_nonces,
    deploy_wallet,
    free_nonces,
    new_trade,
    submit_trade,
    submit_trades,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def issued(world: World) -> World:
    world.issue()
    return world


def holdings(world: World) -> tuple[list[int], list[int]]:
    accounts = [world.account(i) for i in range(5)]
    return world.bond.balances(accounts), world.suite.cash().balances(accounts)


# Transfers


def test_transfer__free_units__move(issued: World) -> None:
    held = issued.investor(0).holding(ISIN)

    issued.investor(0).transfer(ISIN, issued.account(1), 10)

    after = issued.investor(0).holdings()
    assert [each.units for each in after] == [held.units - 10]
    assert after[0].face == CNY.money(100 * (held.units - 10))


@pytest.mark.parametrize(
    ("to", "units", "error", "words"),
    [
        ("investor 0", 1, InputError, "is sender and receiver at once"),
        ("outsider", 1, MembershipRefused, "is not an account of a member"),
        ("investor 1", 0, InvalidAmount, "is not above zero"),
        ("investor 1", 100_000_000, UnitsRefused, "holds 39,999,999 units, 100,000,000 are needed"),
    ],
)
def test_transfer__bad_input__clear_and_nothing_moved(
    issued: World, to: str, units: int, error: type[IndentureError], words: str
) -> None:
    before = holdings(issued)

    with pytest.raises(error) as refused:
        issued.investor(0).transfer(ISIN, issued.senders[to].address, units)

    assert words in refused.value.message
    assert holdings(issued) == before


@pytest.mark.parametrize("side", [0, 1], ids=["sender", "receiver"])
def test_transfer__a_suspended_side__refused(issued: World, side: int) -> None:
    issued.depository.suspend_member(lei_of(f"investor {side}"), "because")

    with pytest.raises(MembershipRefused, match=f"{issued.account(side)} is of member .* suspended"):
        issued.investor(0).transfer(ISIN, issued.account(1), 1)


# Trades


def test_trade_hash__computed_here__is_the_contracts(issued: World) -> None:
    trade = issued.trade(0, 1)

    assert issued.suite.settlement.trade_hash(trade) == issued.suite.settlement.hash_of(trade)


def test_submit_trade__signed_by_both__units_against_money(issued: World) -> None:
    units, cash = holdings(issued)
    trade = issued.trade(0, 1, 1_000, Decimal("100500.25"))

    result = submit_trade(issued.suite, issued.senders["outsider"], issued.signed(trade, 0, 1))

    assert result.trade_id == "0x" + issued.suite.settlement.trade_hash(trade).hex()
    assert holdings(issued) == (
        [units[0] - 1_000, units[1] + 1_000, *units[2:]],
        [cash[0] + 10_050_025, cash[1] - 10_050_025, *cash[2:]],
    )


def test_submit_trades__many_of_several_senders__all_settle(issued: World) -> None:
    trades = [issued.signed(issued.trade(k % 5, (k + 1) % 5), k % 5, (k + 1) % 5) for k in range(50)]

    results = submit_trades(issued.suite, [issued.senders["outsider"], issued.senders["issuer"]], trades)

    assert len({result.trade_id for result in results}) == 50
    assert len(issued.suite.settlement.events("TradeSettled")) == 50


def test_submit_trades__that_build_on_each_other__settle_untried(issued: World) -> None:
    """What the second delivers, the first brings."""
    held = issued.investor(1).holding(ISIN).units
    issued.investor(1).transfer(ISIN, issued.account(0), held)
    chain = [issued.signed(issued.trade(0, 1), 0, 1), issued.signed(issued.trade(1, 2), 1, 2)]

    submit_trades(issued.suite, issued.senders["outsider"], chain, tried=False)

    assert issued.bond.balance_of(issued.account(1)) == 0


def test_submit_trade__free_of_payment__units_only(issued: World) -> None:
    _, cash = holdings(issued)

    submit_trade(
        issued.suite, issued.senders["outsider"], issued.signed(issued.trade(0, 1, amount=Decimal(0)), 0, 1)
    )

    assert holdings(issued)[1] == cash


Spoil = Callable[[World, SignedTrade], SignedTrade]


def _other_content(world: World, signed: SignedTrade) -> SignedTrade:
    return replace(signed, trade=replace(signed.trade, amount=CNY.money(1)))


def _swapped(world: World, signed: SignedTrade) -> SignedTrade:
    return SignedTrade(signed.trade, signed.buyer_signature, signed.seller_signature)


def _of_another_chain(world: World, signed: SignedTrade) -> SignedTrade:
    other = type(world.suite.settlement)(world.chain, world.suite.settlement.address)
    other.__dict__["domain_separator"] = b"\1" * 32
    digest = other.trade_hash(signed.trade)
    signature = key_of("investor 1").unsafe_sign_hash(digest).signature  # type: ignore[arg-type]
    return replace(signed, buyer_signature=bytes(signature))


def _no_signature(world: World, signed: SignedTrade) -> SignedTrade:
    return replace(signed, seller_signature=b"")


@pytest.mark.parametrize("spoil", [_other_content, _swapped, _of_another_chain, _no_signature])
def test_submit_trade__signature_of_something_else__refused(issued: World, spoil: Spoil) -> None:
    before = holdings(issued)
    signed = spoil(issued, issued.signed(issued.trade(0, 1), 0, 1))

    with pytest.raises(SignatureRefused) as refused:
        submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert refused.value.name == "TradeSignatureInvalid"
    assert holdings(issued) == before


@pytest.mark.parametrize(
    ("shift", "name"), [(timedelta(hours=-1), "TradeTooEarly"), (timedelta(days=2), "TradeExpired")]
)
def test_submit_trade__outside_its_time__refused(issued: World, shift: timedelta, name: str) -> None:
    now = issued.chain.block_stamp().time
    first = now + timedelta(hours=1)
    signed = issued.signed(issued.trade(0, 1, valid_from=first, deadline=first + timedelta(hours=1)), 0, 1)
    if shift > timedelta():
        issued.at(now + shift)

    with pytest.raises(SignatureRefused) as refused:
        submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert refused.value.name == name


def test_submit_trade__again__refused(issued: World) -> None:
    signed = issued.signed(issued.trade(0, 1), 0, 1)
    submit_trade(issued.suite, issued.senders["outsider"], signed)

    with pytest.raises(SignatureRefused) as refused:
        submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert refused.value.name == "TradeNonceUsed"


@pytest.mark.parametrize(
    ("units", "amount"),
    [(200_000_000, Decimal(1)), (1, WEALTH * 3)],
    ids=["too few units", "too little money"],
)
def test_submit_trade__a_side_cannot_deliver__neither_leg_moves(
    issued: World, units: int, amount: Decimal
) -> None:
    before = holdings(issued)
    signed = issued.signed(issued.trade(0, 1, units, amount), 0, 1)

    with pytest.raises((UnitsRefused, PaymentRefused)):
        submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert holdings(issued) == before


def test_submit_trade__a_suspended_side__refused(issued: World) -> None:
    signed = issued.signed(issued.trade(0, 1), 0, 1)
    issued.depository.suspend_member(lei_of("investor 1"), "because")

    with pytest.raises(MembershipRefused) as refused:
        submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert refused.value.name == "ERC7943CannotReceive"


def test_submit_trades__one_is_bad__is_named_and_the_others_settle_where_asked(issued: World) -> None:
    trades = [issued.signed(issued.trade(0, 1), 0, 1) for _ in range(3)]
    trades[1] = _swapped(issued, trades[1])

    with pytest.raises(TransactionError, match="call 2 of 3"):
        submit_trades(issued.suite, issued.senders["outsider"], trades)
    fresh = [issued.signed(issued.trade(0, 1), 0, 1) for _ in range(3)]
    fresh[1] = _swapped(issued, fresh[1])
    results = submit_trades(issued.suite, issued.senders["outsider"], fresh, keep_errors=True)

    assert [type(result) for result in results] == [TradeResult, SignatureRefused, TradeResult]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"units": 0}, InvalidAmount, "is not above zero"),
        ({"amount": 1.5}, InvalidAmount, "is a float"),
        ({"amount": Decimal("0.001")}, InvalidAmount, "not a whole number of base units"),
        ({"amount": EUR.money(1)}, InputError, "is not an amount in CNY"),
        ({"amount": Decimal(-1)}, InputError, "is not an amount in CNY"),
    ],
)
def test_new_trade__bad_amount__refused(
    issued: World, changes: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    with pytest.raises(error) as refused:
        issued.trade(0, 1, **changes)

    assert words in refused.value.message


def test_new_trade__with_oneself_or_backwards_in_time__refused(issued: World) -> None:
    now = issued.chain.block_stamp().time

    with pytest.raises(InputError, match="is seller and buyer at once"):
        issued.trade(0, 0)
    with pytest.raises(InvalidDate, match="the deadline"):
        issued.trade(0, 1, valid_from=now, deadline=now - timedelta(days=1))


# Nonces


def test_trade_nonces__used_and_given_ones__are_not_given_again(issued: World) -> None:
    cancel_nonces(issued.suite, issued.senders["investor 0"], [0, 2, 300])
    nonces = TradeNonces(issued.suite)

    taken = nonces.take_many(issued.account(0), 299)

    assert taken[:3] == [1, 3, 4]
    assert len(set(taken)) == 299
    assert not {0, 2, 300} & set(taken)
    assert nonces.take(issued.account(0)) == 302
    assert free_nonces(issued.suite, issued.account(0), 2) == [1, 3]


def test_cancel_trade__by_one_side__it_cannot_settle(issued: World) -> None:
    trade = issued.trade(0, 1)
    signed = issued.signed(trade, 0, 1)

    issued.investor(1).cancel_trade(trade)

    with pytest.raises(SignatureRefused) as refused:
        submit_trade(issued.suite, issued.senders["outsider"], signed)
    assert (refused.value.name, refused.value.args_by_name["account"]) == (
        "TradeNonceUsed",
        issued.account(1),
    )


@pytest.mark.parametrize("act", ["sign_trade", "cancel_trade"])
def test_trade__of_others__refused(issued: World, act: str) -> None:
    trade: Trade = issued.trade(0, 1)

    with pytest.raises(InputError, match="is neither the seller nor the buyer"):
        getattr(issued.investor(2), act)(trade)


def test_cancel_nonces__not_numbers__refused(issued: World) -> None:
    for nonce in (-1, True, 2**256):
        with pytest.raises(InputError, match="is not the number of a trade"):
            cancel_nonces(issued.suite, issued.senders["investor 0"], [nonce])


# Contract wallets


@pytest.fixture
def wallet(issued: World) -> Investor:
    """A wallet of investor 0, admitted and with some of his units and money."""
    sender = issued.senders["investor 0"]
    address = deploy_wallet(issued.suite, sender)
    issued.depository.admit_accounts([AccountAdmission(lei_of("investor 0"), address, Role.HOLDER)])
    issued.investor(0).transfer(ISIN, address, 5_000)
    issued.investor(0).transfer_cash(address, 1_000_000)
    return Investor(issued.suite, sender, wallet=address)


def test_wallet__sells__its_owner_signs(issued: World, wallet: Investor) -> None:
    trade = new_trade(
        issued.suite,
        bond=ISIN,
        seller=wallet.account,
        buyer=issued.account(1),
        units=1_000,
        amount="100000.00",
        nonces=issued.nonces,
    )
    signed = SignedTrade(trade, wallet.sign_trade(trade), issued.investor(1).sign_trade(trade))

    submit_trade(issued.suite, issued.senders["outsider"], signed)

    assert wallet.holding(ISIN).units == 4_000
    assert wallet.cash_balance() == CNY.money(1_100_000)


def test_wallet__signature_of_another_key__refused(issued: World, wallet: Investor) -> None:
    trade = new_trade(
        issued.suite,
        bond=ISIN,
        seller=wallet.account,
        buyer=issued.account(1),
        units=1,
        amount=1,
        nonces=issued.nonces,
    )
    stranger = Investor(issued.suite, issued.senders["investor 2"], wallet=wallet.account)
    signed = SignedTrade(trade, stranger.sign_trade(trade), issued.investor(1).sign_trade(trade))

    with pytest.raises(SignatureRefused):
        submit_trade(issued.suite, issued.senders["outsider"], signed)


def test_wallet__acts_through_its_owner(issued: World, wallet: Investor) -> None:
    wallet.transfer(ISIN, issued.account(1), 5_000)
    wallet.transfer_cash(issued.account(1), 1_000_000)

    assert wallet.holdings() == ()
    assert wallet.cash_balance() == CNY.money(0)


def test_wallet__refused_inside__the_reason_comes_through(issued: World, wallet: Investor) -> None:
    with pytest.raises(PaymentRefused) as refused:
        wallet.claim(ISIN, 1)

    assert refused.value.name == "PaymentNotFunded"


def test_wallet__somebody_elses_key__refused(issued: World, wallet: Investor) -> None:
    stranger = Investor(issued.suite, issued.senders["investor 2"], wallet=wallet.account)

    with pytest.raises(MembershipRefused, match="does not own the wallet"):
        stranger.transfer(ISIN, issued.account(1), 1)
