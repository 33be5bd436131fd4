"""What an audit tells though no rule was broken: what was not done, and what is not in sight."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.findings import Notice
from indenture.audit.replay import World
from indenture.audit.replay.authority import PUBLIC_ROLE
from indenture.audit.replay.offering import Form, Offering, Stage, opened_word
from indenture.audit.replay.register import Register
from indenture.audit.replay.status import MISSED, is_missed, status_of
from indenture.ledger.suite import interface_of

_OPENED = (Stage.CLEARED, Stage.PUBLISHED)


def notices(world: World, block: int, time: int) -> tuple[Notice, ...]:
    """Every notice, offering by offering, then of the suite as a whole.

    Args:
        world: The rebuilt state.
        block: The last block of the audit.
        time: Its time.
    """
    told = [
        Notice(
            at or block, str(world.suite.one("Offering")), about, kind, f"offering {offering.number}: {text}"
        )
        for offering in world.offerings.offerings.values()
        for look in (_unopened, _below_class, _unpaid, _not_taken_up, _overdue, _not_issued)
        for kind, about, text, at in look(offering, time)
    ]
    for register in world.bonds.values():
        contract = world.suite.label(register.address)
        told += [
            Notice(block, contract, register.address, "NOTE-8", text)
            for text in _missed(world, register, time)
        ]
    return (*told, *_through_others(world), *_open_to_all(world))


def _through_others(world: World) -> Iterator[Notice]:
    for contract, passed in world.strangers.passed.items():
        noun = "transaction" if passed.transactions == 1 else "transactions"
        text = f"{passed.transactions:,} {noun} came through {contract}: who commands it is not in sight"
        if passed.others:
            names = ", ".join(f"{count:,} {name}" for name, count in sorted(passed.others.items()))
            text += f"; others acted through it too, on its word alone ({names})"
        yield Notice(passed.first, contract, contract, "NOTE-10", text)


def _open_to_all(world: World) -> Iterator[Notice]:
    book, targets = world.authority, world.suite.targets
    for (target, selector), block in book.opened.items():
        kind = targets[target].kind if target in targets else "Bond"
        names = [function.name for function in interface_of(kind).functions if function.selector == selector]
        name = f"{kind}.{names[0] if names else '0x' + selector.hex()}"
        still = book.functions[target, selector] == PUBLIC_ROLE
        text = (
            f"anybody may call {name}" if still else f"anybody could call {name}, until it was closed again"
        )
        yield Notice(block, world.suite.label(target), name, "NOTE-11", text)


def _missed(world: World, register: Register, time: int) -> Iterator[str]:
    """What was missed of a bond that is not due yet; afterwards it is in the claim."""
    if register.life.due_period:
        return
    for period in range(1, register.last + 1):
        if status_of(world, register, period, time)[0] == MISSED:
            yield f"payment {period} was missed"
    for number in register.life.actions:
        if is_missed(world, register, 0, number, time):
            yield f"the money for event {number} of its holders was missed"


Said = tuple[str, str, str, int]
"""Id, whom it is about, what to say, and the block; 0 for the last."""


def unopened(offering: Offering, time: int) -> list[str]:
    """Bidders whose seal can no longer be opened, and was not."""
    was_closed = offering.stage in (Stage.CLOSED, *_OPENED, Stage.FAILED)
    if not was_closed or time < offering.conditions.revealsBy:
        return []
    return [bidder for bidder in offering.seals if bidder not in offering.bids]


def _unopened(offering: Offering, time: int) -> Iterator[Said]:
    late = unopened(offering, time)
    for bidder in late:
        seal = offering.seals[bidder]
        fate = "is forfeited" if bidder not in offering.words else "can be forfeited"
        deposit = f", its deposit {fate}" if offering.conditions.deposit else ""
        yield "NOTE-1", bidder, f"the bid of {bidder} was never opened{deposit}", seal.block
    if late and offering.conditions.form == Form.ENCRYPTED:
        bookrunner = offering.conditions.bookrunner
        text = f"the bookrunner {bookrunner} held the key, and {len(late)} bids were not opened"
        yield "NOTE-3", bookrunner, text, 0


def _below_class(offering: Offering, _: int) -> Iterator[Said]:
    if offering.stage not in _OPENED:
        return
    for account in offering.joined:
        least = offering.rule_of(account).minimum
        units = sum(bid.units for bid in offering.bids.get(account, ()))
        if units < least:
            text = f"{account} bid {units} units; its class bids {least} at least"
            yield "NOTE-2", account, text, 0


def _unpaid(offering: Offering, time: int) -> Iterator[Said]:
    if offering.stage != Stage.PUBLISHED or time <= offering.conditions.settlesBy:
        return
    for bidder, bids in offering.bids.items():
        units = offering.outcome.won[bidder]
        waits = offering.words.get(bidder) == opened_word(bids)
        if units and (bidder in offering.lapsed or waits):
            yield "NOTE-4", bidder, f"{bidder} did not pay for the {units} units that it won", 0


def _not_taken_up(offering: Offering, time: int) -> Iterator[Said]:
    c = offering.conditions
    if offering.stage != Stage.PUBLISHED or time <= c.settlesBy:
        return
    for account, member in offering.joined.items():
        first, second = offering.parts(account, time)
        left = 0 if member.took_up else first
        left += second if time > c.takesUpBy and not member.took_up_later else 0
        if left:
            yield "NOTE-5", account, f"the underwriter {account} did not take up {left} units", 0


def _overdue(offering: Offering, time: int) -> Iterator[Said]:
    c, stage = offering.conditions, offering.stage
    never = c.form != Form.OPEN and time >= c.revealsBy
    waits = {
        Stage.MANDATED: (c.opensAt + 1, "was never accepted, and can be failed"),
        Stage.ACCEPTED: (c.opensAt + 1, "was never opened, and can be failed"),
        Stage.OPEN: (c.closesAt, "was never closed, and can be failed" if never else "can be closed"),
        Stage.CLOSED: (c.clearsBy + 1, "was not cleared in time, and can be failed"),
        Stage.CLEARED: (c.clearsBy + 1, "was not allotted in time, and can be failed"),
    }
    since, text = waits.get(stage, (time + 1, ""))
    if time >= since:
        yield "NOTE-6", f"offering {offering.number}", f"it {text}", 0


def _not_issued(offering: Offering, time: int) -> Iterator[Said]:
    if offering.stage != Stage.PUBLISHED or time <= offering.conditions.takesUpBy:
        return
    left = offering.outcome.sold - offering.issued - offering.issued_later
    if left:
        yield "NOTE-7", offering.bond, f"{left} units were sold, and nobody paid for them", 0
