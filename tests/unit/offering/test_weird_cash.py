"""Cash that takes a fee, lies, refuses, blocks, or calls back: what is booked is what moved, or nothing.

PROPERTIES 19, 29. A bond can be in any currency that its issuer names; whoever deals in it can lose by it,
and nobody else.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.artefacts import Record, errors_named
from tests.evm.builders import BANK, FUND, HOLDER, OPEN, UNDERWRITER
from tests.evm.chain import Contract, refused
from tests.evm.signing import sealed_word
from tests.evm.tender import SALT, Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

PAR = 10_000
MUCH = 10**12
FEE, FALSE, NOTHING, LIES, REVERTS, REENTERS, BURNS, BOMB, SAYS_NO = range(1, 10)
GUARDED = bytes.fromhex("3ee5aeb5")  # ReentrancyGuardReentrantCall()


@pytest.fixture
def cash(world: World) -> Contract:
    found = world.deploy("WeirdCash", 6)
    for account in (*world.investors, *world.underwriters):
        world.give_weird_cash(found, account, MUCH)
    return found


@pytest.fixture
def bond(world: World, cash: Contract) -> Contract:
    return world.register(currency=cash.address)


def published(world: World, bond: Contract, **changes: Any) -> Tender:
    """600 and 300 units won by two investors, and 100 of an underwriter."""
    tender = world.open_tender(bond, syndicate={world.underwriters[0]: 100}, **changes)
    tender.bid(world.investors[0], (PAR, 600))
    tender.bid(world.investors[1], (PAR, 300))
    tender.finish()
    tender.to("settlesFrom")
    return tender


# --- money that comes in

INTO: dict[str, Callable[[World, Contract, Tender], object]] = {
    "fund": lambda w, c, _: w.offering.fundDeposit(c, 5_000, sender=w.investors[4]),
    "seal": lambda w, _, t: t.bid(w.investors[4], (PAR, 10)),
    "join": lambda w, c, _: joined(w, c),
}
MISMATCH = "OfferingCashMismatch"
FAILED = "SafeERC20FailedOperation"


def joined(world: World, cash: Contract) -> None:
    tender = world.tender(world.register(currency=cash.address))
    tender.mandate()
    tender.accept()
    tender.form_syndicate({world.underwriters[1]: 0})


@pytest.mark.parametrize("way", INTO)
@pytest.mark.parametrize("mode", [FEE, FALSE, NOTHING, LIES, REVERTS, BOMB, SAYS_NO])
def test_money_in__cash_misbehaves__is_booked_as_it_moved_or_not_at_all(
    world: World, cash: Contract, bond: Contract, way: str, mode: int
) -> None:
    tender = world.open_tender(bond)
    cash.setMode(mode, sender=world.outsider)

    found = refused(lambda: INTO[way](world, cash, tender))

    refusal = {FEE: MISMATCH, LIES: MISMATCH, NOTHING: ""}
    if way == "fund":
        refusal |= {FALSE: FAILED, REVERTS: "CashBlocked", BOMB: "unknown", SAYS_NO: FAILED}
    assert found == refusal.get(mode, "DepositTooSmall")
    held = 5_000 if mode == NOTHING else 0
    assert cash.balanceOf(world.offering) == held
    account = world.underwriters[1] if way == "join" else world.investors[4]
    assert cash.balanceOf(account) == MUCH - held
    assert world.offering.depositOf(cash, account) == (held if way == "fund" else 0)


def test_seal__fee__says_what_moved(world: World, cash: Contract, bond: Contract) -> None:
    tender = world.open_tender(bond)
    cash.setMode(FEE, sender=world.outsider)

    with world.refuses(MISMATCH, cash, 5_000, 4_950):
        tender.bid(world.investors[0], (PAR, 10))
    with world.refuses(MISMATCH, cash, 700, 693):
        world.offering.fundDeposit(cash, 700, sender=world.investors[0])


def test_seal__without_an_allowance__reverts(world: World, cash: Contract, bond: Contract) -> None:
    tender, bidder = world.open_tender(bond), world.investors[0]
    cash.approve(world.offering, 4_999, sender=bidder)

    with world.refuses("DepositTooSmall", bidder, 5_000):
        tender.bid(bidder, (PAR, 10))
    world.offering.fundDeposit(cash, 1, sender=bidder)
    with world.refuses("DepositTooSmall", bidder, 4_999):
        tender.bid(bidder, (PAR, 10))
    cash.approve(world.offering, 4_999, sender=bidder)
    tender.bid(bidder, (PAR, 10))


# --- money that goes out


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        (FEE, MISMATCH),
        (FALSE, FAILED),
        (NOTHING, ""),
        (LIES, MISMATCH),
        (REVERTS, "CashBlocked"),
        (SAYS_NO, FAILED),
    ],
)
def test_withdraw__cash_misbehaves__leaves_the_deposit_where_it_is(
    world: World, cash: Contract, mode: int, error: str
) -> None:
    bidder = world.investors[0]
    world.offering.fundDeposit(cash, 5_000, sender=bidder)
    cash.setModeTowards(bidder, mode, sender=world.outsider)

    assert refused(lambda: world.offering.withdrawDeposit(cash, 5_000, sender=bidder)) == error

    left = 5_000 if error else 0
    assert world.offering.depositOf(cash, bidder) == cash.balanceOf(world.offering) == left
    cash.setModeTowards(bidder, 0, sender=world.outsider)
    if error:
        world.offering.withdrawDeposit(cash, 5_000, sender=bidder)


# --- payment


@pytest.mark.parametrize("mode", [FALSE, REVERTS, BOMB])
def test_settle__cash_refuses_everybody__nobody_is_settled(
    world: World, cash: Contract, bond: Contract, mode: int
) -> None:
    tender = published(world, bond)
    cash.setMode(mode, sender=world.outsider)

    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(*world.investors[:2])
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.take_up(world.underwriters[0])
    cash.setMode(0, sender=world.outsider)
    tender.settle(*world.investors[:2])
    assert bond.totalSupply() == 900


@pytest.mark.parametrize(("mode", "moved"), [(FEE, 8_989_900 * 99 // 100 + 1), (LIES, 0)])
def test_settle__cash_moves_less_than_it_says__nothing_happens(
    world: World, cash: Contract, bond: Contract, mode: int, moved: int
) -> None:
    tender = published(world, bond, deposit=5_050)
    cash.setMode(mode, sender=world.outsider)
    before = [cash.balanceOf(each) for each in (*world.investors[:2], world.offering, world.issuer)]

    with world.refuses(MISMATCH, cash, 8_989_900, moved):
        tender.settle(*world.investors[:2])

    assert [cash.balanceOf(each) for each in (*world.investors[:2], world.offering, world.issuer)] == before
    assert bond.totalSupply() == 0


def test_settle__cash_moves_and_says_that_it_did_not__nothing_happens(
    world: World, cash: Contract, bond: Contract
) -> None:
    """A skipped winner whose money came all the same would have paid for nothing."""
    tender = published(world, bond)
    world.offering.fundDeposit(cash, 6_000_000, sender=world.investors[0])
    cash.setMode(SAYS_NO, sender=world.outsider)

    with world.refuses(MISMATCH, cash, 0, 2_995_000):
        tender.settle(*world.investors[:2])
    assert (cash.balanceOf(world.investors[1]), bond.totalSupply()) == (MUCH - 5_000, 0)


@pytest.mark.parametrize("mode", [FALSE, REVERTS, BOMB, BURNS])
def test_settle__cash_refuses_the_issuer__the_proceeds_wait_for_it(
    world: World, cash: Contract, bond: Contract, mode: int
) -> None:
    """PROPERTIES 5: one that cannot be paid holds up nobody."""
    tender = published(world, bond)
    cash.setModeTowards(world.issuer, mode, sender=world.outsider)

    made = world.offering.do(
        "settle", tender.id, tender.openings(*world.investors[:2]), sender=world.outsider, gas=16_000_000
    )

    assert not made.only("ProceedsPaid").paid
    assert world.offering.depositOf(cash, world.issuer) == 9_000_000
    assert cash.balanceOf(world.offering) == 9_000_000 + 5_000, "and the underwriter's deposit"
    assert bond.totalSupply() == 900
    cash.setModeTowards(world.issuer, 0, sender=world.outsider)
    world.offering.withdrawDeposit(cash, 9_000_000, sender=world.issuer)


@pytest.mark.parametrize(("mode", "moved"), [(LIES, 0), (SAYS_NO, 9_000_000)])
def test_settle__cash_lies_about_the_issuer__nothing_happens(
    world: World, cash: Contract, bond: Contract, mode: int, moved: int
) -> None:
    """Else the money for the units were still here and nobody's, or the issuer's twice."""
    tender = published(world, bond)
    cash.setModeTowards(world.issuer, mode, sender=world.outsider)

    with world.refuses(MISMATCH, cash, 9_000_000, moved):
        tender.settle(*world.investors[:2])
    assert (bond.totalSupply(), cash.balanceOf(world.issuer)) == (0, 0)


def test_settle__fee_on_what_the_issuer_gets__is_the_issuers_affair(
    world: World, cash: Contract, bond: Contract
) -> None:
    """What leaves is measured: no issuer stops its issue by what becomes of its money."""
    tender = published(world, bond)
    cash.setModeTowards(world.issuer, FEE, sender=world.outsider)

    tender.settle(*world.investors[:2])

    assert (bond.totalSupply(), cash.balanceOf(world.issuer)) == (900, 8_910_000)
    assert cash.balanceOf(world.offering) == 5_000


def test_settle__cash_that_returns_nothing__is_good_money(
    world: World, cash: Contract, bond: Contract
) -> None:
    cash.setMode(NOTHING, sender=world.outsider)
    tender = published(world, bond)

    tender.settle(*world.investors[:2])
    tender.take_up(world.underwriters[0])

    assert (bond.totalSupply(), cash.balanceOf(world.issuer)) == (1000, 10_000_000)


def test_settle__winner_without_an_allowance__is_skipped(
    world: World, cash: Contract, bond: Contract
) -> None:
    tender = published(world, bond)
    cash.approve(world.offering, 5_994_999, sender=world.investors[0])

    made = tender.settle(*world.investors[:2])

    assert made.only("WinnerSkipped").bidder == world.investors[0]
    assert bond.balanceOf(world.investors[1]) == 300
    cash.approve(world.offering, 5_995_000, sender=world.investors[0])
    tender.settle(world.investors[0])
    assert cash.allowance(world.investors[0], world.offering) == 0


def test_settle__one_winner_whom_the_cash_blocks__delays_nobody(
    world: World, cash: Contract, bond: Contract
) -> None:
    tender = published(world, bond)
    cash.transfer(world.outsider, cash.balanceOf(world.investors[0]), sender=world.investors[0])

    made = tender.settle(*world.investors[:2])

    assert made.only("WinnerSettled").bidder == world.investors[1]


# --- cash that calls back


def wallet_of(world: World, cash: Contract, roles: int = HOLDER, money: int = MUCH) -> Contract:
    """A member whose account does what it is told: the hook of a token that asks its senders."""
    wallet = world.deploy("ContractWallet", world.holder)
    world.admit(wallet, BANK if roles & UNDERWRITER else FUND, roles)
    cash.mint(wallet, money, sender=world.outsider)
    wallet.execute(cash, cash.raw("approve", world.offering, 2**255), sender=world.holder)
    return wallet


def act(world: World, wallet: Contract, name: str, *arguments: Any) -> Any:
    return wallet.execute(world.offering, world.offering.raw(name, *arguments), sender=world.holder)


def hook(world: World, cash: Contract, wallet: Contract | None, name: str, *arguments: Any) -> None:
    """From now on every transfer has the wallet, or the cash itself, do this."""
    data = world.offering.raw(name, *arguments)
    target = world.offering if wallet is None else wallet
    call = data if wallet is None else wallet.raw("execute", world.offering, data)
    cash.setReentry(target, call, sender=world.outsider)
    cash.setMode(REENTERS, sender=world.outsider)


def was_guarded(cash: Contract) -> bool:
    return not cash.reentered() and GUARDED in cash.answer()


def seal_of(tender: Tender, wallet: Contract, units: int) -> tuple[bytes, list[Record]]:
    bids = tender.bids_of(wallet.address, [(PAR, units)])
    return tender.commitment(wallet.address, bids, SALT), bids


INSIDE: dict[str, Callable[[Tender, str], tuple[Any, ...]]] = {
    "fundDeposit": lambda t, _: (t.book.cash, 1),
    "withdrawDeposit": lambda t, _: (t.book.cash, 1),
    "settle": lambda t, _: (t.id, t.openings()),
    "takeUp": lambda t, _: (t.id, [t.world.underwriters[0]]),
    "release": lambda t, _: (t.id, t.openings()),
    "lapse": lambda t, _: (t.id, t.openings()),
    "forfeit": lambda t, _: (t.id, []),
    "discharge": lambda t, _: (t.id, [t.world.underwriters[0]]),
    "underwriteMore": lambda t, who: (t.id, t.bids[who], 0),
    "withdrawBid": lambda t, _: (t.id, []),
    "placeBid": lambda t, who: (t.id, t.bids[who], []),
    "openBid": lambda t, who: (t.id, who, t.bids[who], SALT, bytes(32)),
    "joinSyndicate": lambda t, _: (t.id, 1, 0),
}


@pytest.mark.parametrize("name", INSIDE)
def test_settle__cash_re_enters__is_refused_inside(
    world: World, cash: Contract, bond: Contract, name: str
) -> None:
    """Whatever changes deposits, bids or shares cannot be entered while a payment is on its way."""
    tender = published(world, bond)
    hook(world, cash, None, name, *INSIDE[name](tender, world.investors[0]))

    tender.settle(world.investors[0])

    assert was_guarded(cash)
    assert bond.balanceOf(world.investors[0]) == 600


@pytest.mark.parametrize("outer", ["takeUp", "fundDeposit", "withdrawDeposit", "placeBid", "joinSyndicate"])
def test_guarded_act__cash_re_enters__is_refused_inside(world: World, cash: Contract, outer: str) -> None:
    tender = published(world, world.register(currency=cash.address))
    member = world.underwriters[1]
    book = world.tender(world.register(currency=cash.address), form=OPEN)
    book.mandate()
    book.accept()
    if outer == "joinSyndicate":
        book.invite(member)
    if outer == "placeBid":
        book.open()
    world.offering.fundDeposit(cash, 700, sender=member)
    inner = (tender.id, tender.openings(world.investors[1]))
    hook(world, cash, None, "settle", *inner)

    acts: dict[str, Callable[[], object]] = {
        "takeUp": lambda: tender.take_up(world.underwriters[0]),
        "fundDeposit": lambda: world.offering.fundDeposit(cash, 100, sender=member),
        "withdrawDeposit": lambda: world.offering.withdrawDeposit(cash, 100, sender=member),
        "placeBid": lambda: book.bid(member, (PAR, 10)),
        "joinSyndicate": lambda: book.join(member),
    }
    acts[outer]()

    assert was_guarded(cash)


def test_settle__payer_re_enters_forfeit__the_deposit_is_lost_once(world: World, cash: Contract) -> None:
    """A winner who lets a lost deposit of his be taken while he pays must not find it back afterwards."""
    winner = wallet_of(world, cash)
    lost, won = (world.open_tender(world.register(currency=cash.address)) for _ in range(2))
    for tender, units in ((lost, 10), (won, 600)):
        sealed, tender.bids[winner.address] = seal_of(tender, winner, units)
        act(world, winner, "sealBid", tender.id, sealed)
    for name in ("close", "open_all", "clear"):
        getattr(won, name)()
        if name == "close":
            lost.close()
    won.to("settlesFrom")
    hook(world, cash, None, "forfeit", lost.id, [lost.seal_of(winner.address)])

    won.settle(winner.address)

    assert was_guarded(cash)
    cash.setMode(0, sender=world.outsider)
    lost.forfeit(winner.address)
    assert world.offering.depositOf(cash, winner) == 0
    assert world.offering.depositOf(cash, world.issuer) == cash.balanceOf(world.offering) == 5_000


def test_seal__cash_re_enters_with_another_seal__events_tell_what_is_kept(
    world: World, cash: Contract
) -> None:
    """DESIGN promise 1: the last seal that is told is the one that counts."""
    tender = world.open_tender(world.register(currency=cash.address))
    wallet = wallet_of(world, cash)
    outer, inner = b"\x01" * 32, b"\x02" * 32
    hook(world, cash, wallet, "sealBid", tender.id, inner)

    made = act(world, wallet, "sealBid", tender.id, outer)

    assert cash.reentered()
    told = [event.arguments for event in made.named("BidSealed")]
    assert [event.commitment for event in told] == [outer, inner]
    assert [event.taken for event in told] == [5_000, 0]
    assert tender.bid_word(wallet.address) == sealed_word(inner)
    assert cash.balanceOf(world.offering) == 5_000


def test_seal__cash_re_enters_and_withdraws__money_and_events_agree(world: World, cash: Contract) -> None:
    """Inside his own payment a bidder takes back the bid: what he pays then stands ready for him."""
    tender = world.open_tender(world.register(currency=cash.address))
    wallet = wallet_of(world, cash)
    world.offering.fundDeposit(cash, 9_000, sender=world.investors[0])
    hook(world, cash, wallet, "withdrawBid", tender.id, [])

    made = act(world, wallet, "sealBid", tender.id, b"\x01" * 32)

    assert cash.reentered()
    told = [event.name for event in made.events if event.name != "Transfer"]
    assert told == ["BidSealed", "BidWithdrawn", "DepositReleased"]
    assert tender.bid_word(wallet.address) == bytes(32)
    assert world.offering.depositOf(cash, wallet) == 5_000
    assert cash.balanceOf(world.offering) == 9_000 + 5_000


def takes_out_inside(
    world: World, cash: Contract, wallet: Contract, tender: Tender, *first: tuple[str, bytes]
) -> None:
    """While the wallet's deposit is on its way in, it takes the bid back and the deposit out."""
    there = world.offering.address
    acts = [
        *first,
        (there, world.offering.raw("withdrawBid", tender.id, [])),
        (there, world.offering.raw("withdrawDeposit", cash, 5_000)),
    ]
    data = wallet.raw("executeAll", [target for target, _ in acts], [call for _, call in acts])
    cash.setReentry(wallet, data, sender=world.outsider)
    cash.setModeTowards(there, REENTERS, sender=world.outsider)


def test_seal__cash_re_enters_and_takes_the_deposit_out_before_it_came__reverts(
    world: World, cash: Contract
) -> None:
    """What he would get has not come yet: it is others' money."""
    tender = world.open_tender(world.register(currency=cash.address))
    world.offering.fundDeposit(cash, 9_000, sender=world.investors[0])
    thief = wallet_of(world, cash)
    takes_out_inside(world, cash, thief, tender)

    with world.refuses("WalletCallFailed", errors_named(MISMATCH).calldata([cash.address, 5_000, 0])):
        act(world, thief, "sealBid", tender.id, b"\x01" * 32)
    assert cash.balanceOf(world.offering) == 9_000


def test_seal__cash_re_enters_and_another_brings_what_he_takes_out__adds_up(
    world: World, cash: Contract
) -> None:
    """The check of what came in cannot see it; in the end each has what is his all the same."""
    tender = world.open_tender(world.register(currency=cash.address))
    world.offering.fundDeposit(cash, 9_000, sender=world.investors[0])
    thief, helper = wallet_of(world, cash), wallet_of(world, cash)
    fund = helper.raw("execute", world.offering, world.offering.raw("fundDeposit", cash, 5_000))
    takes_out_inside(world, cash, thief, tender, (helper.address, fund))

    act(world, thief, "sealBid", tender.id, b"\x01" * 32)

    assert tender.bid_word(thief.address) == bytes(32)
    standing = [world.offering.depositOf(cash, who) for who in (thief, helper, world.investors[0])]
    assert standing == [0, 5_000, 9_000]
    assert cash.balanceOf(world.offering) == 14_000
    assert [cash.balanceOf(who) for who in (thief, helper)] == [MUCH, MUCH - 5_000]


def test_settle__payer_re_enters_with_a_seal__cannot_pay_for_it_with_others_money(
    world: World, cash: Contract
) -> None:
    """A seal inside a payment brings more money than the batch asked for: it is refused whole."""
    bond = world.register(currency=cash.address)
    winner = wallet_of(world, cash)
    tender = world.open_tender(bond)
    sealed, tender.bids[winner.address] = seal_of(tender, winner, 600)
    act(world, winner, "sealBid", tender.id, sealed)
    tender.finish()
    tender.to("settlesFrom")
    other = world.open_tender(world.register(currency=cash.address))
    hook(world, cash, winner, "sealBid", other.id, b"\x01" * 32)

    with world.refuses(MISMATCH, cash, 5_995_000, 6_000_000):
        tender.settle(winner.address)
    assert bond.totalSupply() == 0
