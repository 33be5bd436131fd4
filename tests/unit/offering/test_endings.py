"""However an offering ends, nothing is stuck: every deposit comes out, to its owner or to the issuer."""

from collections.abc import Callable

import pytest
from tests.evm.builders import (
    ACCEPTED,
    CANCELLED,
    CLEARED,
    ENCRYPTED,
    FAILED,
    MANDATED,
    OPEN,
    PUBLISHED,
    SEALED,
)
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.offering.accounts import assert_solvent, clean_up, withdraw_all
from tests.unit.offering.stages import REASON, TWO_CLASSES

pytestmark = pytest.mark.unit

PAR = 10_000
DEPOSIT = 5_000

forms = pytest.mark.parametrize("form", [OPEN, SEALED, ENCRYPTED], ids=["open", "sealed", "encrypted"])


def bidden(world: World, form: int) -> Tender:
    """An open book with bids of four, and an underwriter for 500 and one for nothing."""
    first, second, _ = world.underwriters
    tender = world.open_tender(
        classes=TWO_CLASSES, syndicate={first: 500, second: 0}, form=form, additionalSeconds=900
    )
    tender.bid(world.investors[0], (PAR, 400))
    tender.bid(world.investors[1], (PAR, 300), (9_990, 100))
    tender.bid(world.investors[2], (9_980, 1))
    tender.bid(first, (10_010, 200))
    return tender


def cancel(tender: Tender) -> None:
    tender.world.offering.cancel(tender.id, REASON, sender=tender.world.issuer)


def let_fail(tender: Tender) -> None:
    tender.to("clearsBy", plus=1)
    tender._do("fail")


def open_some(tender: Tender) -> None:
    """One bid stays sealed."""
    if tender.conditions.form != OPEN:
        for bidder in [each for each in tender.bids if each != tender.world.investors[0]]:
            tender.open_bid(bidder)


def close_and_fail(tender: Tender) -> None:
    tender.close()
    open_some(tender)
    let_fail(tender)


def clear_and_fail(tender: Tender) -> None:
    """The share of the margin is never proved."""
    world = tender.world
    tender.bid(world.investors[3], (PAR, 700))
    tender.close()
    tender.open_all()
    tender.clear()
    assert tender.book.stage == CLEARED
    let_fail(tender)


def publish(tender: Tender) -> None:
    tender.close()
    open_some(tender)
    tender.clear()
    assert tender.book.stage == PUBLISHED


def pay_all(tender: Tender) -> None:
    world = tender.world
    publish(tender)
    hidden = [] if tender.conditions.form == OPEN else [world.investors[0]]
    tender.settle(*(bidder for bidder in tender.bids if bidder not in hidden))
    if hidden:
        tender.take_up(world.underwriters[0])
    tender.to("settlesBy", plus=1)
    assert world.offering.takeUpOf(tender.id, world.underwriters[0])[1] == 0


def pay_some(tender: Tender) -> None:
    publish(tender)
    tender.underwrite_more(tender.world.underwriters[0], 40)
    tender.settle(tender.world.underwriters[0])


def pay_some_and_take_up(tender: Tender) -> None:
    pay_some(tender)
    if tender.world.offering.takeUpOf(tender.id, tender.world.underwriters[0])[0]:
        tender.take_up(tender.world.underwriters[0])
    tender.to("settlesBy", plus=1)
    tender.take_up(tender.world.underwriters[0])


def suspend_all(tender: Tender) -> None:
    world = tender.world
    publish(tender)
    world.suspend(*world.investors, *world.underwriters, world.issuer)
    tender.to("takesUpBy", plus=1)
    clean_up(tender)
    world.reinstate(*world.investors, *world.underwriters, world.issuer)


ENDINGS: dict[str, tuple[Callable[[Tender], None], int]] = {
    "cancelled": (cancel, CANCELLED),
    "never closed": (let_fail, CANCELLED),
    "never cleared": (close_and_fail, FAILED),
    "never proved": (clear_and_fail, FAILED),
    "nobody paid": (publish, PUBLISHED),
    "all paid": (pay_all, PUBLISHED),
    "some paid": (pay_some, PUBLISHED),
    "some paid and the rest was taken up": (pay_some_and_take_up, PUBLISHED),
    "all suspended": (suspend_all, PUBLISHED),
}


@forms
@pytest.mark.parametrize("ending", ENDINGS)
def test_ending__whatever_happened__everybody_gets_his_own(world: World, form: int, ending: str) -> None:
    """PROPERTIES 23: everyone gets back his deposit, less what he paid, or loses it by a stated rule."""
    people = [*world.investors, *world.underwriters]
    rich = {account: world.cash.balanceOf(account) for account in people}
    end, stage = ENDINGS[ending]
    tender = bidden(world, form)
    assert_solvent(world, tender)

    end(tender)
    assert tender.book.stage == stage
    assert_solvent(world, tender)
    clean_up(tender)
    assert_solvent(world, tender)
    lost_to_issuer = withdraw_all(world).get(world.issuer, 0)

    spent = {account: rich[account] - world.cash.balanceOf(account) for account in people}
    issued = {account: tender.bond.balanceOf(account) for account in people}
    price = tender.book.issuePrice
    lost = {account: spent[account] - issued[account] * price for account in people}
    assert set(lost.values()) <= {0, DEPOSIT, 2 * DEPOSIT}
    assert sum(lost.values()) == lost_to_issuer
    assert tender.bond.totalSupply() == sum(issued.values())
    if stage == CANCELLED or ending == "all suspended" or (ending, form) == ("all paid", OPEN):
        hidden = ending == "all suspended" and form != OPEN
        assert lost_to_issuer == DEPOSIT * hidden, "only who hid his bid loses"


@pytest.mark.parametrize("stage", [MANDATED, ACCEPTED])
@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_ending__before_the_book_was_open__everybody_gets_his_own(world: World, stage: int, how: str) -> None:
    start = world.evm.now
    tender = world.tender(opensAt=start + 60)
    tender.mandate()
    if stage == ACCEPTED:
        tender.accept()
        tender.form_syndicate({world.underwriters[0]: 400, world.underwriters[1]: 0})
    assert_solvent(world, tender)

    if how == "cancelled":
        cancel(tender)
    else:
        tender.to("opensAt", plus=1)
        tender._do("fail")
    clean_up(tender)

    assert_solvent(world, tender)
    returned = withdraw_all(world)
    assert returned == ({} if stage == MANDATED else dict.fromkeys(world.underwriters[:2], DEPOSIT))


@forms
def test_ending__two_offerings_of_one_bond_and_one_of_another__are_cleaned_apart(
    world: World, form: int
) -> None:
    first = bidden(world, form)
    cancel(first)
    second = world.open_tender(first.bond, form=form)
    third = bidden(world, form)
    second.bid(world.investors[0], (PAR, 1000))
    assert_solvent(world, first, second, third)
    for tender in (second, third):
        tender.close()
    for tender in (second, third):
        tender.open_all()
    for tender in (second, third):
        tender.clear()
    second.settle()
    assert_solvent(world, first, second, third)

    for tender in (first, second, third):
        clean_up(tender)
        assert_solvent(world, first, second, third)

    withdraw_all(world)
    assert second.bond.totalSupply() == 1000
    assert third.bond.totalSupply() == 0


def test_ending__money_that_stands_ready__is_never_taken_for_another(world: World) -> None:
    """A loser's deposit that came back pays for nothing but what he bids for himself."""
    tender = bidden(world, SEALED)
    loser = world.investors[3]
    tender.bid(loser, (9_900, 1))
    publish_with(tender)
    world.offering.fundDeposit(world.cash, 10_000_000, sender=loser)
    tender.release(loser)
    tender.settle(world.investors[0], world.investors[1])

    clean_up(tender)

    assert world.offering.depositOf(world.cash, loser) == 10_005_000
    assert tender.book.stage == PUBLISHED


def publish_with(tender: Tender) -> None:
    tender.close()
    tender.open_all()
    tender.clear()
    if tender.book.stage == CLEARED:
        tender.allocate()
