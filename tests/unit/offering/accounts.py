"""Whose the money of the Offering is, and how everybody gets his own when an offering is over."""

from collections.abc import Iterable
from functools import partial

from tests.evm.chain import refused
from tests.evm.tender import Tender
from tests.evm.world import World

EMPTY = bytes(32)
NOTHING = ("", "OfferingNothingToDo")


def people_of(world: World) -> list[str]:
    """Everybody who may have money in the Offering."""
    some = [world.holder, world.buyer, world.spender, world.bookrunner, world.outsider, world.issuer]
    return [*world.investors, *world.underwriters, *some]


def held_by(tenders: Iterable[Tender], people: Iterable[str]) -> int:
    """Deposits that living bids and members of syndicates hold."""
    total = 0
    for tender in tenders:
        deposit = tender.conditions.deposit
        for account in people:
            total += deposit * (tender.bid_word(account) != EMPTY)
            total += deposit * tender.world.offering.underwriterOf(tender.id, account).deposit
    return total


def assert_solvent(world: World, *tenders: Tender) -> None:
    """What the Offering has is just what stands ready and what is held."""
    people = people_of(world)
    standing = sum(world.offering.depositOf(world.cash, account) for account in people)
    held = held_by(tenders, people)
    assert world.cash.balanceOf(world.offering) == standing + held, "the money is whose it should be"


def clean_up(tender: Tender) -> None:
    """After the last second of all: what anyone can do to end every bid and every place in the syndicate."""
    world = tender.world
    tender.to("takesUpBy", plus=1)
    for account in people_of(world):
        if account in tender.bids and tender.bid_word(account) != EMPTY:
            acts = (tender.release, tender.lapse, tender.forfeit)
            answers = {refused(partial(act, account)) for act in acts}
            assert "" in answers, f"{account!r}: {answers}"
            assert tender.bid_word(account) == EMPTY
    answer = refused(lambda: tender.discharge(*world.offering.syndicateOf(tender.id)))
    assert answer in NOTHING


def withdraw_all(world: World) -> dict[str, int]:
    """Everybody takes out what stands ready; nothing is left then."""
    taken = {}
    for account in people_of(world):
        balance = world.offering.depositOf(world.cash, account)
        if balance:
            world.offering.withdrawDeposit(world.cash, balance, sender=account)
            taken[account] = balance
    assert world.cash.balanceOf(world.offering) == 0, "nothing is left when all is over"
    return taken
