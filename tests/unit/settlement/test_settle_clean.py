"""settleClean, hashOfClean

├── seller is buyer -> TradeSelf; no units -> TradeUnitsZero
├── agreed later than now -> TradeAhead
├── before its first second -> TradeTooEarly; after its last -> TradeExpired
├── a signature is not that of the side -> TradeSignatureInvalid
├── a nonce was used or cancelled, by either kind of trade -> TradeNonceUsed
├── accrued interest and payments move the amount by more than was signed -> TradeAccruedExceeds
├── the cash is not that of the bond -> TradeCashWrong
├── the bond or the cash refuses -> their error
└── else -> units move, and the clean amount with what has accrued by the day it settles
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import artefact
from tests.evm.builders import ACT_365F, HOUR, day_of, year_fraction
from tests.evm.chain import CHAIN_ID, Contract, refused
from tests.evm.signing import CLEAN_TYPE, clean_digest, compact, malleated, sign
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, floater, instant, to
from tests.unit.settlement.strangers import answering

pytestmark = pytest.mark.unit

ISSUE, END = date(2019, 12, 5), date(2020, 12, 5)
COUPON = Fraction(325)


@pytest.fixture
def bond(world: World) -> Contract:
    found = world.bond({world.holder: 100, world.buyer: 20})
    for account in (world.holder, world.buyer, world.spender):
        world.give_cash(account, 10_000_000)
    return found


def earned(day: date, convention: int = 0) -> Fraction:
    return COUPON * year_fraction(convention, ISSUE, day, 12, (ISSUE, END))


def cash_of(world: World) -> tuple[int, int]:
    return world.cash.balanceOf(world.holder), world.cash.balanceOf(world.buyer)


def moved(world: World, before: tuple[int, int]) -> tuple[int, int]:
    holder, buyer = cash_of(world)
    return holder - before[0], buyer - before[1]


def settle(world: World, bond: Contract, **changes: Any) -> Any:
    trade = world.clean_trade(bond, world.holder, world.buyer, **changes)
    return world.settle_clean(trade, world.holder, world.buyer)


# --- the price


@pytest.mark.parametrize("day", [date(2019, 12, 4), ISSUE, date(2020, 2, 29), date(2020, 8, 31)])
def test_settle_clean__cum__adds_what_was_earned(world: World, bond: Contract, day: date) -> None:
    """On the issue day and before it, nothing was."""
    to(world, day, 10 * HOUR)
    accrued = int(10 * earned(day)) if day > ISSUE else 0
    before = cash_of(world)

    made = settle(world, bond)

    trade = world.clean_trade(bond, world.holder, world.buyer)
    id_ = clean_digest(world.settlement, trade)
    assert made.value == id_ == world.settlement.hashOfClean(trade)
    assert made.only("TradePriced") == {
        "id": id_,
        "cleanAmount": 100_000,
        "accrued": accrued,
        "received": 0,
        "tradedAt": world.evm.now,
        "records": 0,
    }
    assert made.only("TradeSettled") == {
        "id": id_,
        "seller": world.holder,
        "buyer": world.buyer,
        "bond": bond.address,
        "cash": world.cash.address,
        "units": 10,
        "amount": 100_000 + accrued,
        "sellerNonce": 7,
        "buyerNonce": 11,
        "actor": world.outsider,
    }
    assert moved(world, before) == (100_000 + accrued, -100_000 - accrued)
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (90, 30)


def test_settle_clean__day_of_settlement__counts_not_that_of_the_trade(world: World, bond: Contract) -> None:
    to(world, date(2020, 3, 2))
    trade = world.clean_trade(bond, world.holder, world.buyer, deadline=world.evm.now + 10**7)
    to(world, date(2020, 3, 4), 86_399)

    made = world.settle_clean(trade, world.holder, world.buyer)

    assert made.only("TradePriced").accrued == int(10 * earned(date(2020, 3, 4)))


def test_settle_clean__after_the_record_time__the_coupon_stays_with_the_seller(
    world: World, bond: Contract
) -> None:
    to(world, date(2020, 12, 4), 17 * HOUR)
    before = cash_of(world)

    made = settle(world, bond)

    rest = int(10 * (COUPON - earned(date(2020, 12, 4))))
    assert (made.only("TradePriced").accrued, made.only("TradePriced").records) == (-rest, 1)
    assert rest > 0
    assert moved(world, before) == (100_000 - rest, rest - 100_000)
    assert world.servicing.claimedBy(bond, 1, world.buyer) == 0


def test_settle_clean__a_second_before_the_record_time__the_coupon_goes_along(
    world: World, bond: Contract
) -> None:
    to(world, date(2020, 12, 4), 17 * HOUR - 1)

    made = settle(world, bond)

    assert made.only("TradePriced").accrued == int(10 * earned(date(2020, 12, 4)))
    world.to_record(bond, 1)
    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (90, 30)


def test_settle_clean__ex_and_almost_free__the_seller_pays(world: World, bond: Contract) -> None:
    """What the next coupon keeps from the buyer is more than the clean amount."""
    to(world, date(2020, 12, 4), 17 * HOUR)
    rest = int(10 * (COUPON - earned(date(2020, 12, 4))))
    before = cash_of(world)

    made = settle(world, bond, cleanAmount=rest - 3)

    assert moved(world, before) == (-3, 3)
    assert made.only("TradeSettled").amount == 0
    with world.sandbox():
        assert settle(world, bond, cleanAmount=rest, sellerNonce=1, buyerNonce=1).names[-1] == "TradeSettled"


def test_settle_clean__zero_price__only_the_interest_is_paid(world: World, bond: Contract) -> None:
    to(world, date(2020, 6, 5))
    before = cash_of(world)

    settle(world, bond, cleanAmount=0)

    accrued = int(10 * earned(date(2020, 6, 5)))
    assert moved(world, before) == (accrued, -accrued)


def test_settle_clean__all_units__rounded_once(world: World) -> None:
    bond = world.bond({world.holder: 100}, faceValue=7, couponRate=33_333_333, dayCount=ACT_365F)
    world.give_cash(world.buyer)
    to(world, date(2020, 3, 4))

    made = settle(world, bond, units=100)

    each = Fraction(7 * 33_333_333, 10**9) * Fraction(90, 365)
    assert made.only("TradePriced").accrued == int(100 * each) == 5
    assert int(each) == 0


# --- the bound


@pytest.mark.parametrize("is_ex", [False, True])
def test_settle_clean__bound__is_what_both_signed(world: World, bond: Contract, is_ex: bool) -> None:
    to(world, date(2020, 12, 4), 17 * HOUR - (0 if is_ex else 1))
    today = earned(date(2020, 12, 4))
    accrued = -int(10 * (COUPON - today)) if is_ex else int(10 * today)

    with world.refuses("TradeAccruedExceeds", accrued, 0, abs(accrued) - 1):
        settle(world, bond, mostAccrued=abs(accrued) - 1)
    settle(world, bond, mostAccrued=abs(accrued))


MOVERS: dict[str, Callable[[int], tuple[int, int]]] = {
    "accrued": lambda most: (most, 0),
    "accrued, the seller's": lambda most: (-most, 0),
    "received": lambda most: (0, most),
    "both": lambda most: (-(most // 2), most - most // 2),
}


def false_bond(world: World, accrued: int, received: int, records: int = 0) -> str:
    """A stranger that names itself as its servicing, and says what it likes."""
    kinds = {kind: artefact(kind).functions for kind in ("Bond", "IServicing")}
    selectors = {
        name: kinds[kind][name][0].selector
        for kind, name in (
            ("Bond", "suite"),
            ("Bond", "book"),
            ("Bond", "currency"),
            ("IServicing", "accruedAt"),
            ("IServicing", "transferClaim"),
        )
    }
    book = [0, 0, records + (1 if received else 0), 0, 0, False, False, False, 0, 0, 0, False]
    words = {
        "currency": encode(["address"], [world.cash.address]),
        "book": encode(["uint256"] * 5 + ["bool"] * 3 + ["uint256"] * 3 + ["bool"], book),
        "accruedAt": encode(["int256", "uint16"], [accrued, records]),
        "transferClaim": encode(["uint256"], [received]),
    }
    # The nonce of the deployer decides on the address, not the code.
    with world.sandbox():
        own = world.evm.deploy_code(b"\0", sender=world.outsider)
    words["suite"] = encode(["address"] * 6, [own] * 6)
    answers = {selectors[name]: answer for name, answer in words.items()}
    made = world.evm.deploy_code(answering(answers), sender=world.outsider)
    assert made == own
    return made


@pytest.mark.parametrize("how", MOVERS)
def test_settle_clean__false_bond__takes_no_more_than_was_signed(world: World, how: str) -> None:
    """A stranger named as the bond sets what has accrued: both signed the most that it may come to."""
    for account in (world.holder, world.buyer):
        world.give_cash(account, 10**9)
    before = cash_of(world)
    most = 10_000
    stranger = world.evm.at(false_bond(world, *MOVERS[how](most)), "Bond")
    settle(world, stranger)
    change = moved(world, before)
    assert sum(change) == 0
    assert abs(change[0] - 100_000) == most

    worse = world.evm.at(false_bond(world, *MOVERS[how](most + 1)), "Bond")
    trade = world.clean_trade(worse, world.holder, world.buyer, sellerNonce=1, buyerNonce=1)
    found = refused(lambda: world.settle_clean(trade, world.holder, world.buyer))
    assert found == "TradeAccruedExceeds"
    absurd = world.evm.at(false_bond(world, 2**255 - 1, 2**255), "Bond")
    trade = trade.but(bond=absurd.address)
    assert refused(lambda: world.settle_clean(trade, world.holder, world.buyer)) != ""
    assert moved(world, before) == change


def test_settle_clean__bond_of_another_servicing__cannot_claim(world: World, bond: Contract) -> None:
    """The servicing of a bond obeys the settlement of that bond."""
    for caller in (world.outsider, world.issuer, world.holder, world.settling, world.statutory):
        with world.refuses("ServicingCallerRefused", bond, caller):
            world.servicing.transferClaim(bond, 1, world.holder, world.buyer, 1, sender=caller)
    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.transferClaim(world.cash, 1, world.holder, world.buyer, 1, sender=world.outsider)


# --- consent


def test_type__as_signed__is_the_one_of_the_contract(world: World, bond: Contract) -> None:
    assert CLEAN_TYPE.startswith("CleanInstruction(address bond,address cash,address seller,address buyer,")
    trade = world.clean_trade(bond, world.holder, world.buyer)

    assert world.settlement.hashOfClean(trade) == clean_digest(world.settlement, trade)


FIELDS: list[tuple[str, Callable[[World, Any], Any]]] = [
    ("bond", lambda world, _: world.bonds[0].address),
    ("cash", lambda world, _: world.deploy("WeirdCash", 2).address),
    ("seller", lambda world, _: world.spender),
    ("buyer", lambda world, _: world.spender),
    ("units", lambda _, trade: trade.units + 1),
    ("cleanAmount", lambda _, trade: trade.cleanAmount - 1),
    ("mostAccrued", lambda _, trade: trade.mostAccrued + 1),
    ("tradedAt", lambda _, trade: trade.tradedAt - 1),
    ("validFrom", lambda _, trade: trade.validFrom - 1),
    ("deadline", lambda _, trade: trade.deadline + 1),
    ("sellerNonce", lambda _, trade: trade.sellerNonce + 1),
    ("buyerNonce", lambda _, trade: trade.buyerNonce + 256),
]


@pytest.mark.parametrize(("field", "other"), FIELDS, ids=[field for field, _ in FIELDS])
def test_settle_clean__a_field_changed_after_signing__reverts(
    world: World, bond: Contract, field: str, other: Callable[[World, Any], Any]
) -> None:
    """PROPERTIES 15: the signature names every field that matters."""
    world.bond({world.holder: 100})
    signed = world.clean_trade(bond, world.holder, world.buyer)
    message = clean_digest(world.settlement, signed)
    changed = signed.but(**{field: other(world, signed)})
    if field == "bond":
        changed = signed.but(bond=world.bonds[-1].address)

    with world.refuses("TradeSignatureInvalid", changed.seller, clean_digest(world.settlement, changed)):
        world.settlement.settleClean(
            changed, sign(world.holder, message), sign(world.buyer, message), sender=world.outsider
        )


@pytest.mark.parametrize("side", ["seller", "buyer"])
@pytest.mark.parametrize("what", ["chain", "contract", "part", "signer", "plain trade"])
def test_settle_clean__signature_for_something_else__reverts(
    world: World, bond: Contract, side: str, what: str
) -> None:
    """PROPERTIES 16: by its signer, for its purpose, on its chain."""
    trade = world.clean_trade(bond, world.holder, world.buyer)
    plain = world.trade(bond, world.holder, world.buyer)
    signer = world.holder if side == "seller" else world.buyer
    message = clean_digest(world.settlement, trade)
    right = {"seller": sign(world.holder, message), "buyer": sign(world.buyer, message)}
    wrong = {
        "chain": sign(signer, clean_digest(world.settlement, trade, CHAIN_ID + 1)),
        "contract": sign(signer, clean_digest(world.deploy("Settlement", world.clean_part), trade)),
        "part": sign(signer, clean_digest(world.clean_part, trade)),
        "signer": sign(world.outsider, message),
        "plain trade": world.sign_trade(plain, world.holder, world.buyer)[side == "buyer"],
    }[what]
    given = right | {side: wrong}

    with world.refuses("TradeSignatureInvalid", signer, message):
        world.settlement.settleClean(trade, given["seller"], given["buyer"], sender=world.outsider)


@pytest.mark.parametrize(
    "spoil",
    [compact, malleated, lambda s: s[:0], lambda s: s + b"\0"],
    ids=["compact", "malleated", "empty", "longer"],
)
def test_settle_clean__signature_of_another_form__reverts(
    world: World, bond: Contract, spoil: Callable[[bytes], bytes]
) -> None:
    trade = world.clean_trade(bond, world.holder, world.buyer)
    message = clean_digest(world.settlement, trade)
    seller, buyer = sign(world.holder, message), sign(world.buyer, message)

    with world.refuses("TradeSignatureInvalid", world.holder, message):
        world.settlement.settleClean(trade, spoil(seller), buyer, sender=world.outsider)
    with world.refuses("TradeSignatureInvalid", world.buyer, message):
        world.settlement.settleClean(trade, seller, spoil(buyer), sender=world.outsider)


@pytest.mark.parametrize("first", ["plain", "clean"])
@pytest.mark.parametrize("second", ["plain", "clean"])
def test_nonce__used_by_one_kind__is_used_for_both(
    world: World, bond: Contract, first: str, second: str
) -> None:
    kinds: dict[str, Callable[[], Any]] = {
        "plain": lambda: world.settle(
            world.trade(bond, world.holder, world.buyer), world.holder, world.buyer
        ),
        "clean": lambda: settle(world, bond),
    }
    kinds[first]()

    with world.refuses("TradeNonceUsed", world.holder, 7):
        kinds[second]()


def test_nonce__cancelled__refuses_clean_trades_too(world: World, bond: Contract) -> None:
    world.settlement.cancel(0, 1 << 11, sender=world.buyer)

    with world.refuses("TradeNonceUsed", world.buyer, 11):
        settle(world, bond)
    settle(world, bond, buyerNonce=12)


def test_settle_clean__at_the_part_itself__is_refused_by_the_bond(world: World, bond: Contract) -> None:
    part = world.clean_part
    trade = world.clean_trade(bond, world.holder, world.buyer)
    message = clean_digest(part, trade)

    with world.refuses("BondCallerRefused", part):
        part.settleClean(
            trade, sign(world.holder, message), sign(world.buyer, message), sender=world.outsider
        )


def test_settle_clean__refused_once__the_nonces_are_not_used(world: World, bond: Contract) -> None:
    world.pause(bond)
    with world.refuses("BondPaused"):
        settle(world, bond)

    world.pause(bond, paused=False)
    settle(world, bond)


# --- times


def test_settle_clean__agreed_in_the_future__reverts(world: World, bond: Contract) -> None:
    """Else the seller would be ex before the books closed."""
    now = world.evm.now
    with world.refuses("TradeAhead", now + 1, now):
        settle(world, bond, tradedAt=now + 1)
    settle(world, bond, tradedAt=0)


def test_settle_clean__time__from_the_first_second_to_the_last(world: World, bond: Contract) -> None:
    now = world.evm.now
    window = {"validFrom": now + 10, "deadline": now + 20}
    trades = [
        world.clean_trade(bond, world.holder, world.buyer, **window, sellerNonce=n, buyerNonce=n)
        for n in range(3)
    ]

    world.evm.warp(now + 9)
    with world.refuses("TradeTooEarly", now + 10, now + 9):
        world.settle_clean(trades[0], world.holder, world.buyer)
    world.evm.warp(now + 10)
    world.settle_clean(trades[0], world.holder, world.buyer)
    world.evm.warp(now + 20)
    world.settle_clean(trades[1], world.holder, world.buyer)
    world.evm.warp(now + 21)
    with world.refuses("TradeExpired", now + 20, now + 21):
        world.settle_clean(trades[2], world.holder, world.buyer)


def test_settle_clean__with_oneself_or_no_units__reverts(world: World, bond: Contract) -> None:
    own = world.clean_trade(bond, world.holder, world.holder)
    with world.refuses("TradeSelf", world.holder):
        world.settle_clean(own, world.holder, world.holder)
    with world.refuses("TradeUnitsZero"):
        settle(world, bond, units=0)


# --- what refuses


def test_settle_clean__too_little_of_either__moves_nothing(world: World, bond: Contract) -> None:
    with world.refuses("ERC20InsufficientBalance", world.holder, 100, 101):
        settle(world, bond, units=101)
    with world.refuses("ERC20InsufficientBalance", world.buyer, 10_000_000, 10_000_001):
        settle(world, bond, cleanAmount=10_000_001)
    poor = world.clean_trade(bond, world.holder, world.investors[0])
    with world.refuses("ERC20InsufficientBalance", world.investors[0], 0, 100_000):
        world.settle_clean(poor, world.holder, world.investors[0])


MODES = {
    "takes a fee": (1, "TradeCashMismatch"),
    "lies": (4, "TradeCashMismatch"),
    "reverts": (5, "CashBlocked"),
}


@pytest.mark.parametrize("mode", MODES)
def test_settle_clean__weird_cash__both_legs_or_neither(world: World, mode: str) -> None:
    number, error = MODES[mode]
    foreign, cash = world.foreign_bond()
    world.give_weird_cash(cash, world.buyer, 200_000, world.settlement)
    cash.setMode(number, sender=world.outsider)

    assert refused(lambda: settle(world, foreign, cash=cash.address)) == error
    assert (foreign.balanceOf(world.buyer), cash.balanceOf(world.holder)) == (100, 0)


def test_settle_clean__another_cash__reverts(world: World, bond: Contract) -> None:
    """Interest is in the currency of the bond: added to another amount it would mean nothing."""
    cash = world.deploy("WeirdCash", 6)

    with world.refuses("TradeCashWrong", cash, world.cash):
        settle(world, bond, cash=cash.address)


def test_settle_clean__rate_not_fixed__reverts(world: World) -> None:
    """A floater whose period is not fixed has no price yet."""
    world.benchmark("SHIBOR3M")
    open_bond = floater(world)
    world.give_cash(world.buyer)
    to(world, DUE[0])

    with world.refuses("PeriodNotFixed", open_bond, 1):
        settle(world, open_bond)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    day=st.dates(ISSUE, date(2021, 11, 30)),
    second=st.sampled_from([0, 16 * HOUR, 17 * HOUR, 86_399]),
    units=st.integers(1, 100),
    clean=st.integers(0, 10**6),
)
def test_settle_clean__any_day__price_is_clean_and_accrued(
    world: World, day: date, second: int, units: int, clean: int
) -> None:
    """And cash is neither made nor lost."""
    with world.sandbox():
        bond = world.bond({world.holder: 100})
        for account in (world.holder, world.buyer):
            world.give_cash(account, 10**8)
        to(world, day, second)
        bond.advance(sender=world.outsider)
        before = cash_of(world)
        accrued = world.servicing.accruedOf(bond, units, day_of(day))

        settle(world, bond, units=units, cleanAmount=clean, mostAccrued=10**8)

        assert moved(world, before) == (clean + accrued, -clean - accrued)
        assert world.evm.now == instant(day, second)
