"""The table pause x freeze x standing x operation: every cell is tried against rules written here once.

PROPERTIES 12: one table, all cells; what `canTransfer` says is what happens.
PROPERTIES 13, 14: restrictions hold on every path; a blocked account's value leaves by no path.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import COMPANY, FOREVER, HOLDER
from tests.evm.chain import Actor, Contract, Reverted, comparable, refused
from tests.evm.signing import domain, permit_digest, sign
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.integration

PAUSED = (False, True)
FROZEN = {"nothing": 0, "part": 60, "all": 2**256 - 1}
STANDINGS = (
    "active",
    "account suspended",
    "member suspended",
    "expired",
    "removed",
    "wrong class",
    "no holder",
    "outsider",
)
UNITS = 50
HELD = 100
COUPON, PRINCIPAL = 325, 10_000

Answer = tuple[object, ...]
DONE: Answer = ()


@dataclass
class Cell:
    """One case: the subject holds 100 units, unless it is an outsider, and is in this state."""

    world: World
    bond: Contract
    subject: Actor
    paused: bool
    frozen: str
    standing: str
    tender: Tender | None = None

    @property
    def is_eligible(self) -> bool:
        return self.standing == "active"

    @property
    def has_cash_account(self) -> bool:
        """Cash moves between active members, whatever their class and roles."""
        return self.standing in ("active", "wrong class", "no holder")

    @property
    def is_outsider(self) -> bool:
        return self.standing == "outsider"

    @property
    def free(self) -> int:
        return {"nothing": HELD, "part": HELD - 60, "all": 0}[self.frozen]

    def sent(self, due_each: int) -> int:
        """What of a payment reaches the subject at once."""
        return self.free * due_each if self.has_cash_account else 0

    def kept(self, due_each: int) -> int:
        return HELD * due_each - self.sent(due_each)


# --- what must come out


def expect_sending(cell: Cell) -> Answer:
    if cell.paused:
        return ("BondPaused",)
    if not cell.is_eligible:
        return ("ERC7943CannotSend", cell.subject)
    if cell.free < UNITS:
        return ("ERC7943InsufficientUnfrozenBalance", cell.subject, UNITS, cell.free)
    return DONE


def expect_sending_for_another(cell: Cell) -> Answer:
    if cell.is_outsider:
        return ("ERC20InsufficientAllowance", cell.world.spender, 0, UNITS)
    return expect_sending(cell)


def expect_receiving(cell: Cell) -> Answer:
    if cell.paused:
        return ("BondPaused",)
    return DONE if cell.is_eligible else ("ERC7943CannotReceive", cell.subject)


def expect_approving(cell: Cell) -> Answer:
    if cell.paused:
        return ("BondPaused",)
    if not cell.is_eligible:
        return ("ERC7943CannotSend", cell.subject)
    return ("BondHolderFrozen", cell.subject) if cell.frozen == "all" else DONE


def expect_forced_out(cell: Cell) -> Answer:
    return ("ERC20InsufficientBalance", cell.subject, 0, UNITS) if cell.is_outsider else DONE


def expect_forced_in(cell: Cell) -> Answer:
    return DONE if cell.is_eligible else ("ERC7943CannotReceive", cell.subject)


def expect_issue(cell: Cell) -> Answer:
    return ("BondPaused",) if cell.paused else DONE


def expect_claim(cell: Cell) -> Answer:
    return ("PaymentNothingDue", cell.bond.address, 1) if cell.is_outsider else DONE


def expect_collect(cell: Cell) -> Answer:
    if cell.is_outsider:
        return ("KeptAmountNone", cell.bond.address, cell.subject)
    if cell.frozen != "nothing":
        stored = min(FROZEN[cell.frozen], 2**64 - 1)
        return ("KeptAmountFrozen", cell.bond.address, cell.subject, stored)
    return DONE if cell.has_cash_account else ("CashAccountRefused", cell.subject)


def expect_withdrawal(cell: Cell) -> Answer:
    """Whoever may not send any more may still take back what he offered."""
    return ("ElectionNotWithdrawable", cell.bond.address, 1, cell.subject, 0) if cell.is_outsider else DONE


def expect_done(cell: Cell) -> Answer:
    return DONE


# --- how it is tried; each first makes the scene, and gives back the act


def nothing_before(cell: Cell) -> None:
    """The scene is there."""


def allow_the_spender(cell: Cell) -> None:
    if not cell.is_outsider:
        cell.bond.approve(cell.world.spender, UNITS, sender=cell.subject)


def transfer(cell: Cell) -> None:
    cell.bond.transfer(cell.world.buyer, UNITS, sender=cell.subject)


def receive(cell: Cell) -> None:
    cell.bond.transfer(cell.subject, UNITS, sender=cell.world.buyer)


def transfer_from(cell: Cell) -> None:
    cell.bond.transferFrom(cell.subject, cell.world.buyer, UNITS, sender=cell.world.spender)


def receive_from(cell: Cell) -> None:
    cell.bond.transferFrom(cell.world.buyer, cell.subject, UNITS, sender=cell.world.spender)


def buyer_allows(cell: Cell) -> None:
    cell.bond.approve(cell.world.spender, UNITS, sender=cell.world.buyer)


def approve(cell: Cell) -> None:
    cell.bond.approve(cell.world.spender, UNITS, sender=cell.subject)


def approve_nothing(cell: Cell) -> None:
    cell.bond.approve(cell.world.spender, 0, sender=cell.subject)


def permit(cell: Cell, *, in_parts: bool) -> None:
    bond, spender, deadline = cell.bond, cell.world.spender, cell.world.evm.now + 60
    message = permit_digest(
        domain("Indenture Bond", bond), cell.subject, spender, UNITS, bond.nonces(cell.subject), deadline
    )
    signature = sign(cell.subject, message)
    parts = (signature[64], signature[:32], signature[32:64]) if in_parts else (signature,)
    bond.permit(cell.subject, spender, UNITS, deadline, *parts, sender=cell.world.outsider)


def permit_in_parts(cell: Cell) -> None:
    permit(cell, in_parts=True)


def permit_in_bytes(cell: Cell) -> None:
    permit(cell, in_parts=False)


def sell(cell: Cell) -> None:
    trade = cell.world.trade(cell.bond, cell.subject, cell.world.buyer, units=UNITS)
    cell.world.settle(trade, cell.subject, cell.world.buyer)


def buy(cell: Cell) -> None:
    trade = cell.world.trade(cell.bond, cell.world.buyer, cell.subject, units=UNITS)
    cell.world.settle(trade, cell.world.buyer, cell.subject)


def sell_clean(cell: Cell) -> None:
    trade = cell.world.clean_trade(cell.bond, cell.subject, cell.world.buyer, units=UNITS)
    cell.world.settle_clean(trade, cell.subject, cell.world.buyer)


def buy_clean(cell: Cell) -> None:
    trade = cell.world.clean_trade(cell.bond, cell.world.buyer, cell.subject, units=UNITS)
    cell.world.settle_clean(trade, cell.world.buyer, cell.subject)


def force_out(cell: Cell) -> None:
    cell.bond.forcedTransfer(cell.subject, cell.world.buyer, UNITS, sender=cell.world.statutory)


def force_in(cell: Cell) -> None:
    cell.bond.forcedTransfer(cell.world.buyer, cell.subject, UNITS, sender=cell.world.statutory)


def set_frozen(cell: Cell) -> None:
    cell.bond.setFrozenTokens(cell.subject, 7, sender=cell.world.statutory)


def fund_coupon(cell: Cell) -> None:
    cell.world.ready(cell.bond, 1)


def pay(cell: Cell) -> None:
    cell.world.servicing.pay(cell.bond, 1, [cell.subject, cell.world.buyer], sender=cell.world.outsider)


def claim(cell: Cell) -> None:
    cell.world.servicing.claim(cell.bond, 1, sender=cell.subject)


def fund_redemption(cell: Cell) -> None:
    cell.world.ready(cell.bond, 2)


def redeem(cell: Cell) -> None:
    cell.world.servicing.redeem(cell.bond, [cell.subject, cell.world.buyer], sender=cell.world.outsider)


def keep_a_coupon(cell: Cell) -> None:
    fund_coupon(cell)
    cell.world.freeze(cell.bond, cell.subject, 2**256 - 1)
    pay(cell)


def collect(cell: Cell) -> None:
    cell.world.servicing.collect(cell.bond, cell.subject, sender=cell.world.outsider)


def win_an_allotment(cell: Cell) -> None:
    """A second bond, of which the subject has won 30 units and the buyer 20."""
    world = cell.world
    cell.bond = world.register()
    orders: dict[str, int] = {world.buyer: 20} if cell.is_outsider else {cell.subject: 30, world.buyer: 20}
    cell.tender = world.sell(cell.bond, orders)


def issue(cell: Cell) -> None:
    assert cell.tender is not None
    cell.tender.settle()


def offer_a_tender(cell: Cell) -> None:
    """The issuer offers to buy all, from now on, for a week."""
    now = cell.world.evm.now
    day = now // 86_400 + 10
    offer = Record(most=0, amount=1, opensAt=now, closesAt=now + 7 * 86_400, payDay=day, document=b"\1" * 32)
    cell.world.servicing.offerTender(cell.bond, offer, sender=cell.world.issuer)


def elect(cell: Cell) -> None:
    cell.world.servicing.elect(cell.bond, 1, UNITS, sender=cell.subject)


def offer_and_elect(cell: Cell) -> None:
    offer_a_tender(cell)
    if not cell.is_outsider:
        elect(cell)


def withdraw(cell: Cell) -> None:
    cell.world.servicing.withdraw(cell.bond, 1, UNITS, sender=cell.subject)


# --- what must be there afterwards, when it was done


def after_nothing(cell: Cell) -> None:
    """The answer says it all."""


def after_sending(cell: Cell) -> None:
    assert (cell.bond.balanceOf(cell.subject), cell.bond.balanceOf(cell.world.buyer)) == (50, 150)


def after_receiving(cell: Cell) -> None:
    assert (cell.bond.balanceOf(cell.subject), cell.bond.balanceOf(cell.world.buyer)) == (150, 50)


def after_approving(cell: Cell) -> None:
    assert cell.bond.allowance(cell.subject, cell.world.spender) == UNITS


def after_forcing_out(cell: Cell) -> None:
    after_sending(cell)
    assert (
        cell.bond.getFrozenTokens(cell.subject) == {"nothing": 0, "part": 50, "all": 2**256 - 1}[cell.frozen]
    )


def after_forcing_in(cell: Cell) -> None:
    after_receiving(cell)
    assert cell.bond.getFrozenTokens(cell.subject) == FROZEN[cell.frozen]


def after_freezing(cell: Cell) -> None:
    assert cell.bond.getFrozenTokens(cell.subject) == 7


def after_electing(cell: Cell) -> None:
    entry = cell.bond.entryOf(cell.subject)
    assert (entry.units, entry.pledged) == (HELD, UNITS), "bound, and still his"


def after_withdrawing(cell: Cell) -> None:
    assert cell.bond.entryOf(cell.subject).pledged == 0
    assert cell.bond.getFrozenTokens(cell.subject) == FROZEN[cell.frozen]


def check_paid(cell: Cell, due_each: int) -> None:
    world = cell.world
    if cell.is_outsider:
        assert world.servicing.keptFor(cell.bond, cell.subject) == world.cash.balanceOf(cell.subject) == 0
        return
    assert world.servicing.keptFor(cell.bond, cell.subject) == cell.kept(due_each), "kept in his name"
    assert world.cash.balanceOf(world.servicing) >= cell.kept(due_each)


def after_paying(cell: Cell) -> None:
    check_paid(cell, COUPON)
    assert cell.world.servicing.payment(cell.bond, 1).unitsPaid == (HELD if cell.is_outsider else 2 * HELD)


def after_claiming(cell: Cell) -> None:
    check_paid(cell, COUPON)
    assert cell.world.servicing.payment(cell.bond, 1).unitsPaid == HELD


def after_redeeming(cell: Cell) -> None:
    check_paid(cell, COUPON + PRINCIPAL)
    assert cell.bond.balanceOf(cell.subject) == cell.bond.balanceOf(cell.world.buyer) == 0
    assert cell.bond.totalSupply() == 0


def after_collecting(cell: Cell) -> None:
    assert cell.world.servicing.keptFor(cell.bond, cell.subject) == 0


def after_issuing(cell: Cell) -> None:
    won = 30 if cell.is_eligible else 0
    assert (cell.bond.balanceOf(cell.subject), cell.bond.balanceOf(cell.world.buyer)) == (won, 20)


@dataclass(frozen=True)
class Operation:
    before: Callable[[Cell], None]
    act: Callable[[Cell], None]
    expected: Callable[[Cell], Answer]
    after: Callable[[Cell], None]


OPERATIONS = {
    "transfer": Operation(nothing_before, transfer, expect_sending, after_sending),
    "receive": Operation(nothing_before, receive, expect_receiving, after_receiving),
    "transferFrom": Operation(allow_the_spender, transfer_from, expect_sending_for_another, after_sending),
    "receive by transferFrom": Operation(buyer_allows, receive_from, expect_receiving, after_receiving),
    "approve": Operation(nothing_before, approve, expect_approving, after_approving),
    "approve nothing": Operation(nothing_before, approve_nothing, expect_done, after_nothing),
    "permit in parts": Operation(nothing_before, permit_in_parts, expect_approving, after_approving),
    "permit in bytes": Operation(nothing_before, permit_in_bytes, expect_approving, after_approving),
    "sell": Operation(nothing_before, sell, expect_sending, after_sending),
    "buy": Operation(nothing_before, buy, expect_receiving, after_receiving),
    "sell clean": Operation(nothing_before, sell_clean, expect_sending, after_sending),
    "buy clean": Operation(nothing_before, buy_clean, expect_receiving, after_receiving),
    "forcedTransfer out": Operation(nothing_before, force_out, expect_forced_out, after_forcing_out),
    "forcedTransfer in": Operation(nothing_before, force_in, expect_forced_in, after_forcing_in),
    "issue": Operation(win_an_allotment, issue, expect_issue, after_issuing),
    "pay": Operation(fund_coupon, pay, expect_done, after_paying),
    "claim": Operation(fund_coupon, claim, expect_claim, after_claiming),
    "redeem": Operation(fund_redemption, redeem, expect_done, after_redeeming),
    "collect": Operation(keep_a_coupon, collect, expect_collect, after_collecting),
    "elect": Operation(offer_a_tender, elect, expect_sending, after_electing),
    "withdraw": Operation(offer_and_elect, withdraw, expect_withdrawal, after_withdrawing),
    "setFrozenTokens": Operation(nothing_before, set_frozen, expect_done, after_freezing),
}


def change_standing(cell: Cell) -> None:
    registry, subject, registrar = cell.world.registry, cell.subject, cell.world.registrar
    changes: dict[str, Callable[[], object]] = {
        "account suspended": lambda: cell.world.suspend(subject),
        "member suspended": lambda: cell.world.suspend_member(subject),
        "expired": lambda: registry.setRoles(subject, HOLDER, cell.world.evm.now, sender=registrar),
        "removed": lambda: registry.removeAccounts([subject], sender=registrar),
        "wrong class": lambda: registry.reclassifyMember(
            cell.world.leis[subject], COMPANY, b"CN", [subject], sender=registrar
        ),
        "no holder": lambda: registry.setRoles(subject, 0, FOREVER, sender=registrar),
    }
    changes.get(cell.standing, lambda: None)()
    cell.world.evm.warp(cell.world.evm.now + 1)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("frozen", FROZEN)
@pytest.mark.parametrize("paused", PAUSED, ids=["open", "paused"])
def test_cell__of_the_table__is_as_the_rules_say(
    world: World, paused: bool, frozen: str, standing: str, operation: str
) -> None:
    subject = world.outsider if standing == "outsider" else world.holder
    bond = world.bond(
        {world.buyer: HELD} if standing == "outsider" else {world.holder: HELD, world.buyer: HELD}
    )
    if standing != "outsider":
        world.give_cash(subject)
    world.give_cash(world.buyer)
    cell = Cell(world, bond, subject, paused, frozen, standing)
    how = OPERATIONS[operation]
    how.before(cell)
    change_standing(cell)
    world.freeze(cell.bond, subject, FROZEN[frozen])
    world.pause(cell.bond, paused=paused)
    expected = tuple(comparable(each) for each in how.expected(cell))
    before = world.books()

    try:
        how.act(cell)
        found: Answer = DONE
    except Reverted as error:
        found = (error.name, *error.arguments)

    assert found == expected
    if found:
        assert world.books() == before, "a refused call has changed the books"
    else:
        how.after(cell)


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("frozen", FROZEN)
@pytest.mark.parametrize("paused", PAUSED, ids=["open", "paused"])
@pytest.mark.parametrize("units", [1, 40, 41, 100, 101])
def test_can_transfer__in_every_state__says_what_a_transfer_does(
    world: World, paused: bool, frozen: str, standing: str, units: int
) -> None:
    """CanTransfer is true just when the transfer is done, or lacks nothing but units."""
    subject = world.outsider if standing == "outsider" else world.holder
    holdings: dict[str, int] = (
        {world.buyer: HELD} if standing == "outsider" else {world.holder: HELD, world.buyer: HELD}
    )
    bond = world.bond(holdings)
    cell = Cell(world, bond, subject, paused, frozen, standing)
    change_standing(cell)
    world.freeze(bond, subject, FROZEN[frozen])
    world.pause(bond, paused=paused)

    for source, target in ((subject, world.buyer), (world.buyer, subject)):
        foreseen, answer = (
            bond.canTransfer(source, target, units),
            refused(
                lambda source=source, target=target: bond.checkTransfer(source, target, units)  # type: ignore[misc]
            ),
        )
        with world.sandbox():
            done = refused(
                lambda source=source, target=target: bond.transfer(target, units, sender=source)  # type: ignore[misc]
            )
        assert done == answer, "checkTransfer gives the reason of the transfer"
        assert foreseen == (done in ("", "ERC20InsufficientBalance"))
    assert bond.canSend(subject) is bond.canReceive(subject) is cell.is_eligible
