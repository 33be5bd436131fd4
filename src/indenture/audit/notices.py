"""What an audit tells though no rule was broken: bids never opened, what was not paid or not taken up."""

from __future__ import annotations

from collections.abc import Iterator

from indenture.audit.findings import Notice
from indenture.audit.replay import World
from indenture.audit.replay.offering import Form, Offering, Stage, opened_word
from indenture.audit.replay.register import Register
from indenture.audit.replay.status import MISSED, is_missed, status_of

_OPENED = (Stage.CLEARED, Stage.PUBLISHED)


def notices(world: World, block: int, time: int) -> tuple[Notice, ...]:
    """Every notice, offering by offering.

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
    return tuple(told)


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
