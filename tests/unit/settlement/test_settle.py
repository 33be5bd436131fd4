"""settle, hashOf

├── seller is buyer -> TradeSelf
├── zero units -> TradeUnitsZero
├── before the settlement date, after the deadline -> TradeTooEarly, TradeExpired
├── a signature is not that side's for this very trade, here -> TradeSignatureInvalid
├── a nonce was used or cancelled -> TradeNonceUsed
├── the bond refuses -> its error, and no cash moves
├── the cash refuses or moves another amount -> its error, or TradeCashMismatch, and no bonds move
└── else -> bonds and cash move in one act, TradeSettled
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.artefacts import errors_named
from tests.evm.builders import FUND, HOLDER, OPEN
from tests.evm.chain import CHAIN_ID, Contract, actor, refused
from tests.evm.signing import compact, instruction_digest, malleated, sign
from tests.evm.world import World

pytestmark = pytest.mark.unit


@pytest.fixture
def bond(world: World) -> Contract:
    found = world.bond({world.holder: 100, world.buyer: 20})
    world.give_cash(world.buyer, 1_000_000)
    return found


def cash_of(world: World) -> tuple[int, int]:
    return world.cash.balanceOf(world.holder), world.cash.balanceOf(world.buyer)


def test_settle__signed_by_both__moves_both_legs(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.buyer)
    before = cash_of(world)

    made = world.settle(trade, world.holder, world.buyer)

    assert made.value == instruction_digest(world.settlement, trade) == world.settlement.hashOf(trade)
    assert made.names == ["TradeSettled", "Transfer", "Transfer"]
    assert made.only("TradeSettled") == {
        "id": made.value,
        "seller": world.holder,
        "buyer": world.buyer,
        "bond": bond.address,
        "cash": world.cash.address,
        "units": 10,
        "amount": 100_000,
        "sellerNonce": 7,
        "buyerNonce": 11,
        "actor": world.outsider,
    }
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (90, 30)
    assert cash_of(world) == (before[0] + 100_000, before[1] - 100_000)
    assert world.settlement.isNonceUsed(world.holder, 7)
    assert world.settlement.isNonceUsed(world.buyer, 11)
    assert not world.settlement.isNonceUsed(world.holder, 11)


def test_settle__twice__reverts(world: World, bond: Contract) -> None:
    """PROPERTIES 16: a signature is usable once."""
    trade = world.trade(bond, world.holder, world.buyer)
    world.settle(trade, world.holder, world.buyer)

    with world.refuses("TradeNonceUsed", world.holder, 7):
        world.settle(trade, world.holder, world.buyer)


def test_settle__one_nonce_used_before__reverts(world: World, bond: Contract) -> None:
    world.settle(world.trade(bond, world.holder, world.buyer), world.holder, world.buyer)

    with world.refuses("TradeNonceUsed", world.buyer, 11):
        world.settle(world.trade(bond, world.holder, world.buyer, sellerNonce=8), world.holder, world.buyer)
    world.settle(
        world.trade(bond, world.holder, world.buyer, sellerNonce=8, buyerNonce=12), world.holder, world.buyer
    )


FIELDS: list[tuple[str, Callable[[World, Any], Any]]] = [
    ("bond", lambda world, _: world.bonds[0].address),
    ("cash", lambda world, _: world.deploy("WeirdCash", 2).address),
    ("seller", lambda world, _: world.spender),
    ("buyer", lambda world, _: world.spender),
    ("units", lambda _, trade: trade.units + 1),
    ("amount", lambda _, trade: trade.amount - 1),
    ("validFrom", lambda _, trade: trade.validFrom - 1),
    ("deadline", lambda _, trade: trade.deadline + 1),
    ("sellerNonce", lambda _, trade: trade.sellerNonce + 1),
    ("buyerNonce", lambda _, trade: trade.buyerNonce + 256),
]


@pytest.mark.parametrize(("field", "other"), FIELDS, ids=[field for field, _ in FIELDS])
def test_settle__a_field_changed_after_signing__reverts(
    world: World, field: str, other: Callable[[World, Any], Any]
) -> None:
    """PROPERTIES 15: the signature names every field that matters."""
    world.bond({world.holder: 100, world.spender: 100})
    bond = world.bond({world.holder: 100, world.spender: 100, world.buyer: 1})
    signed = world.trade(bond, world.holder, world.buyer)
    signatures = world.sign_trade(signed, world.holder, world.buyer)
    changed = signed.but(**{field: other(world, signed)})
    loser = changed.seller

    with world.refuses("TradeSignatureInvalid", loser, instruction_digest(world.settlement, changed)):
        world.settlement.settle(changed, *signatures, sender=world.outsider)


@pytest.mark.parametrize("side", ["seller", "buyer"])
@pytest.mark.parametrize("what", ["chain", "contract", "signer", "other side's"])
def test_settle__signature_for_something_else__reverts(
    world: World, bond: Contract, side: str, what: str
) -> None:
    """PROPERTIES 16: by its signer, for its purpose, on its chain."""
    trade = world.trade(bond, world.holder, world.buyer)
    right = dict(zip(("seller", "buyer"), world.sign_trade(trade, world.holder, world.buyer), strict=True))
    signer = world.holder if side == "seller" else world.buyer
    other_settlement = world.deploy("Settlement", world.clean_part)
    wrong = {
        "chain": sign(signer, instruction_digest(world.settlement, trade, CHAIN_ID + 1)),
        "contract": sign(signer, instruction_digest(other_settlement, trade)),
        "signer": sign(world.outsider, instruction_digest(world.settlement, trade)),
        "other side's": right["buyer" if side == "seller" else "seller"],
    }[what]
    signatures = right | {side: wrong}

    with world.refuses("TradeSignatureInvalid", signer, instruction_digest(world.settlement, trade)):
        world.settlement.settle(trade, signatures["seller"], signatures["buyer"], sender=world.outsider)


@pytest.mark.parametrize(
    "spoil",
    [compact, malleated, lambda s: s[:0], lambda s: s[:64], lambda s: s + b"\0", lambda s: s[:64] + b"\0"],
    ids=["compact", "malleated", "empty", "cut", "longer", "wrong v"],
)
def test_settle__signature_of_another_form__reverts(
    world: World, bond: Contract, spoil: Callable[[bytes], bytes]
) -> None:
    trade = world.trade(bond, world.holder, world.buyer)
    seller, buyer = world.sign_trade(trade, world.holder, world.buyer)
    message = instruction_digest(world.settlement, trade)

    with world.refuses("TradeSignatureInvalid", world.holder, message):
        world.settlement.settle(trade, spoil(seller), buyer, sender=world.outsider)
    with world.refuses("TradeSignatureInvalid", world.buyer, message):
        world.settlement.settle(trade, seller, spoil(buyer), sender=world.outsider)


def test_settle__time__from_the_first_second_to_the_last(world: World, bond: Contract) -> None:
    now = world.evm.now
    window = {"validFrom": now + 10, "deadline": now + 20}
    early = world.trade(bond, world.holder, world.buyer, **window)
    late = world.trade(bond, world.holder, world.buyer, **window, sellerNonce=8, buyerNonce=8)
    never = world.trade(bond, world.holder, world.buyer, **window, sellerNonce=9, buyerNonce=9)

    world.evm.warp(now + 9)
    with world.refuses("TradeTooEarly", now + 10, now + 9):
        world.settle(early, world.holder, world.buyer)
    world.evm.warp(now + 10)
    world.settle(early, world.holder, world.buyer)
    world.evm.warp(now + 20)
    world.settle(late, world.holder, world.buyer)
    world.evm.warp(now + 21)
    with world.refuses("TradeExpired", now + 20, now + 21):
        world.settle(never, world.holder, world.buyer)


def test_settle__with_oneself__reverts(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.holder)

    with world.refuses("TradeSelf", world.holder):
        world.settle(trade, world.holder, world.holder)


def test_settle__zero_units__reverts(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.buyer, units=0)

    with world.refuses("TradeUnitsZero"):
        world.settle(trade, world.holder, world.buyer)


def test_settle__zero_amount__delivers_free_of_payment(world: World, bond: Contract) -> None:
    before = cash_of(world)

    made = world.settle(world.trade(bond, world.holder, world.buyer, amount=0), world.holder, world.buyer)

    assert made.names == ["TradeSettled", "Transfer"]
    assert cash_of(world) == before
    assert bond.balanceOf(world.buyer) == 30


def test_settle__too_few_units__moves_no_cash(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.buyer, units=101)

    with world.refuses("ERC20InsufficientBalance", world.holder, 100, 101):
        world.settle(trade, world.holder, world.buyer)


def test_settle__too_little_cash__moves_no_units(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.buyer, amount=1_000_001)

    with world.refuses("ERC20InsufficientBalance", world.buyer, 1_000_000, 1_000_001):
        world.settle(trade, world.holder, world.buyer)


def test_settle__frozen_units__reverts(world: World, bond: Contract) -> None:
    world.freeze(bond, world.holder, 91)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 10, 9):
        world.settle(world.trade(bond, world.holder, world.buyer), world.holder, world.buyer)


def test_settle__refused_once__the_nonces_are_not_used(world: World, bond: Contract) -> None:
    trade = world.trade(bond, world.holder, world.buyer)
    world.pause(bond)
    with world.refuses("BondPaused"):
        world.settle(trade, world.holder, world.buyer)

    world.pause(bond, paused=False)
    world.settle(trade, world.holder, world.buyer)


def test_settle__cash_of_the_suite_without_any_allowance__needs_none(world: World, bond: Contract) -> None:
    assert world.cash.allowance(world.buyer, world.settlement) == 0

    world.settle(world.trade(bond, world.holder, world.buyer), world.holder, world.buyer)


MODES = {
    "takes a fee": (1, "TradeCashMismatch"),
    "returns false": (2, "SafeERC20FailedOperation"),
    "returns nothing": (3, ""),
    "lies": (4, "TradeCashMismatch"),
    "reverts": (5, "CashBlocked"),
    "plain": (0, ""),
}


@pytest.mark.parametrize("mode", MODES)
def test_settle__weird_cash__both_legs_or_neither(world: World, bond: Contract, mode: str) -> None:
    """PROPERTIES 19, 29: for every weird cash token, both legs or neither."""
    number, error = MODES[mode]
    cash = world.deploy("WeirdCash", 6)
    cash.mint(world.buyer, 100_000, sender=world.outsider)
    cash.approve(world.settlement, 100_000, sender=world.buyer)
    cash.setMode(number, sender=world.outsider)
    trade = world.trade(bond, world.holder, world.buyer, cash=cash.address)

    assert refused(lambda: world.settle(trade, world.holder, world.buyer)) == error

    moved = 0 if error else 10
    assert bond.balanceOf(world.buyer) == 20 + moved
    assert cash.balanceOf(world.holder) == moved * 10_000
    assert world.settlement.isNonceUsed(world.holder, 7) == (not error)


def test_settle__cash_that_takes_a_fee__says_how_much_came(world: World, bond: Contract) -> None:
    cash = world.deploy("WeirdCash", 6)
    cash.mint(world.buyer, 100_000, sender=world.outsider)
    cash.approve(world.settlement, 100_000, sender=world.buyer)
    cash.setMode(1, sender=world.outsider)

    with world.refuses("TradeCashMismatch", cash, 100_000, 99_000):
        world.settle(
            world.trade(bond, world.holder, world.buyer, cash=cash.address), world.holder, world.buyer
        )


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_settle__cash_re_enters_with_the_same_trade__is_refused_inside(
    world: World, bond: Contract, side: str
) -> None:
    """A call back finds the trade settled: no leg moves twice."""
    cash = world.deploy("WeirdCash", 6)
    cash.mint(world.buyer, 200_000, sender=world.outsider)
    cash.approve(world.settlement, 200_000, sender=world.buyer)
    cash.setMode(6, sender=world.outsider)
    trade = world.trade(bond, world.holder, world.buyer, cash=cash.address)
    again = trade if side == "seller" else trade.but(sellerNonce=100)
    data = world.settlement.raw("settle", again, *world.sign_trade(again, world.holder, world.buyer))
    cash.setReentry(world.settlement, data, sender=world.outsider)

    world.settle(trade, world.holder, world.buyer)

    assert not cash.reentered()
    signer, nonce = (world.holder, 7) if side == "seller" else (world.buyer, 11)
    used = errors_named("TradeNonceUsed").calldata([signer, nonce])
    assert cash.answer() == used
    assert (bond.balanceOf(world.buyer), cash.balanceOf(world.holder)) == (30, 100_000)


def test_settle__cash_re_enters_with_another_trade__measures_both_or_reverts(
    world: World, bond: Contract
) -> None:
    """A second trade inside the first pays the same seller twice: the measure refuses the whole."""
    cash = world.deploy("WeirdCash", 6)
    cash.mint(world.buyer, 200_000, sender=world.outsider)
    cash.approve(world.settlement, 200_000, sender=world.buyer)
    trade = world.trade(bond, world.holder, world.buyer, cash=cash.address)
    inner = trade.but(sellerNonce=100, buyerNonce=100)
    data = world.settlement.raw("settle", inner, *world.sign_trade(inner, world.holder, world.buyer))
    cash.setReentry(world.settlement, data, sender=world.outsider)
    cash.setModeTowards(world.holder, 6, sender=world.outsider)

    found = refused(lambda: world.settle(trade, world.holder, world.buyer))

    units, paid = bond.balanceOf(world.buyer) - 20, cash.balanceOf(world.holder)
    assert paid == units * 10_000, f"{found}: {units} units for {paid}"


def test_settle__false_bond__moves_nothing_that_was_not_signed(world: World, bond: Contract) -> None:
    """A stranger called as a bond gets no hold on the suite: it can call back only as itself."""
    false_bond = world.deploy("FalseBond", bond.isin())
    trade = world.trade(false_bond, world.holder, world.buyer, amount=1)
    inner = world.trade(bond, world.holder, world.buyer)
    for target, data in (
        (world.settlement, world.settlement.raw("settle", inner, b"", b"")),
        (bond, bond.raw("bookTransfer", world.holder, world.buyer, 50)),
        (world.cash, world.cash.raw("transferFrom", world.buyer, false_bond, 500)),
    ):
        with world.sandbox():
            false_bond.setReentry(target, data, sender=world.outsider)
            world.settle(trade, world.holder, world.buyer)
            assert not false_bond.reentered()
            assert bond.balanceOf(world.holder) == 100
            assert cash_of(world)[1] == 999_999


def test_settle__another_bond_as_cash__needs_an_allowance(world: World, bond: Contract) -> None:
    """Settlement is trusted by bonds to deliver, not to collect: bonds as money need an approval."""
    other = world.bond({world.buyer: 50})
    trade = world.trade(bond, world.holder, world.buyer, cash=other.address, amount=5)

    with world.refuses("ERC20InsufficientAllowance", world.settlement, 0, 5):
        world.settle(trade, world.holder, world.buyer)

    other.approve(world.settlement, 5, sender=world.buyer)
    world.settle(trade, world.holder, world.buyer)
    assert other.balanceOf(world.holder) == 5


def test_settle__contract_wallets_on_both_sides__are_asked(world: World) -> None:
    seller = world.deploy("ContractWallet", world.holder)
    buyer = world.deploy("ContractWallet", world.buyer)
    for wallet in (seller, buyer):
        world.admit(wallet, FUND, HOLDER)
    real = world.register()
    tender = world.open_tender(real, form=OPEN)
    world.give_cash(seller, 10**9)
    world.give_cash(buyer, 10**9)
    bids = tender.bids[seller.address] = tender.bids_of(seller.address, [(10_000, 100)])
    placed = world.offering.raw("placeBid", tender.id, bids, [])
    seller.execute(world.offering, placed, sender=world.holder)
    tender.finish()
    tender.settle()
    trade = world.trade(real, seller.address, buyer.address)
    message = instruction_digest(world.settlement, trade)

    world.settlement.settle(
        trade, sign(world.holder, message), sign(world.buyer, message), sender=world.outsider
    )

    assert real.balanceOf(buyer.address) == 10
    for mode in (2, 3, 4):
        seller.setMode(mode, sender=world.holder)
        again = trade.but(sellerNonce=50, buyerNonce=50)
        digest = instruction_digest(world.settlement, again)
        with world.refuses("TradeSignatureInvalid", seller, digest):
            world.settlement.settle(
                again, sign(world.holder, digest), sign(world.buyer, digest), sender=world.outsider
            )


def test_settle__key_of_an_account_with_code__is_enough(world: World) -> None:
    """As with EIP-7702: the code that an account has taken cannot lock out its key."""
    account = actor("buyer with code and key")
    world.admit(account, FUND, HOLDER)
    world.give_cash(account, 10**9)
    bond = world.bond()
    strict = world.deploy("ContractWallet", world.outsider)
    world.evm.place(account, strict)
    trade = world.trade(bond, world.holder, account)

    world.settle(trade, world.holder, account)

    assert bond.balanceOf(account) == 10
    by_code = trade.but(sellerNonce=8, buyerNonce=8)
    digest = instruction_digest(world.settlement, by_code)
    signatures = (sign(world.holder, digest), sign(world.outsider, digest))
    with world.refuses("TradeSignatureInvalid", account, digest):
        world.settlement.settle(by_code, *signatures, sender=world.outsider)
    world.evm.at(account, "ContractWallet").setMode(1, sender=world.outsider)
    world.settlement.settle(by_code, *signatures, sender=world.outsider)
    assert bond.balanceOf(account) == 20
