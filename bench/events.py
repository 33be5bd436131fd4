"""Life events: calls, puts, offers, drawings by lot, changes of terms, default and recovery.

One bond with every right; what is paid to a holder is measured in a batch that is not the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bench.stage import Stage, as_offering
from indenture.chain import send_all
from indenture.contracts import Bond
from indenture.rights import CallRight, DefaultTerms, PutRight, Rights

Gas = dict[str, int]

BATCH, UNITS = 100, 1_000
#: Face of a unit in base units; a recovery of a tenth of it.
FACE, RECOVERED = 10_000, 1_000
PUT = PutRight(date(2020, 6, 1), date(2020, 6, 30), date(2020, 7, 15), 1_000_000_000, withdrawable=True)
RIGHTS = Rights(
    calls=(CallRight(date(2020, 3, 2), date(2022, 12, 1), 30, 1_010_000_000, in_part=True),),
    puts=(PUT,),
    defaults=DefaultTerms(grace_days=5, penalty_rate=60_000_000, acceleration_share=100_000_000),
    amendment_share=600_000_000,
)
ELECTED_ON = datetime(2020, 6, 2, 1, tzinfo=UTC)
PUT_PAID_ON = datetime(2020, 7, 15, 1, tzinfo=UTC)
CALLED_FOR, DRAWN_FOR = date(2021, 12, 5), date(2020, 9, 15)
DRAWN_ON = datetime(2020, 9, 6, 1, tzinfo=UTC)
DRAWN_PAID_ON = datetime(2020, 9, 15, 1, tzinfo=UTC)
#: The first coupon is due on 7 December, and missed on the 13th.
MISSED_ON = datetime(2020, 12, 14, 1, tzinfo=UTC)
RECOVERED_FOR = date(2020, 12, 28)
RECOVERY_PAID_ON = datetime(2020, 12, 29, 1, tzinfo=UTC)
DOCUMENT = b"\x11" * 32
_SETTLE = f"settle: {BATCH} holders of"


def measure(stage: Stage) -> Gas:
    """All of it, each event on the same bond as it was issued."""
    gas: Gas = {}
    with stage.undone():
        bond = _issued(stage, 40, gas)
        for group in (calls, put, tender, exchange, drawing, cancelled, resolution, default):
            with stage.undone():
                gas |= group(stage, bond)
    return gas


def _issued(stage: Stage, number: int, gas: Gas) -> Bond:
    """To more holders than a batch pays, and to the issuer."""
    terms = replace(stage.terms(number, periods=3), rights=RIGHTS)
    gas["register: a bond with rights"] = stage.gas("issuer", stage.suite.factory.register(terms))
    bond = stage.suite.bond(terms.isin)
    buyers = [*_addresses(stage), stage.issuer.sender.address]
    as_offering(stage, bond.call("issue", buyers, [UNITS] * len(buyers)))
    return bond


def _addresses(stage: Stage) -> list[str]:
    return [holder.address for holder in stage.holders()]


# Term


def calls(stage: Stage, bond: Bond) -> Gas:
    """The issuer redeems early: all, or a fifth of every unit."""
    gas: Gas = {}
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    with stage.undone():
        gas["call: the whole bond"] = stage.gas("issuer", service.call_bond(bond.address, CALLED_FOR))
    gas["call: a part of every unit"] = stage.gas(
        "issuer", service.call_in_part(bond.address, 1, 200_000_000)
    )
    return gas


def resolution(stage: Stage, bond: Bond) -> Gas:
    """New terms: their code, the consent of one holder, and the version."""
    gas: Gas = {}
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    terms = replace(service.terms_at(bond.address), coupon_rate=20_000_000)
    proposal = service.propose_terms(
        bond.address,
        terms,
        effective_day=date(2020, 12, 5),
        closes_at=ELECTED_ON + timedelta(days=20),
        clause="4.1",
        resolution=DOCUMENT,
    )
    gas["propose: new terms"] = stage.gas("issuer", proposal)
    gas["elect: consent of a holder"] = _elect_all(stage, bond, UNITS)
    gas["enact: new terms"] = stage.gas("depository", service.enact_terms(bond.address, 1))
    return gas


# Events of holders


def put(stage: Stage, bond: Bond) -> Gas:
    """A put: opened, elected, escrowed, and paid to a batch."""
    gas: Gas = {}
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    gas["open: a put"] = stage.gas("depository", service.open_put(bond.address, 0))
    gas["elect: the first of a holder"] = _elect_all(stage, bond, UNITS // 2)
    first = stage.holders(1)[0]
    gas["withdraw: a part of an election"] = stage.gas(first, service.withdraw(bond.address, 1, 10))
    stage.at(PUT_PAID_ON)
    return gas | _paid(stage, bond, "a put")


def tender(stage: Stage, bond: Bond) -> Gas:
    """An offer to buy back half of what is tendered."""
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    offer = service.offer_tender(
        bond.address,
        most=UNITS * BATCH // 2,
        amount=FACE - 100,
        opens_at=ELECTED_ON,
        closes_at=ELECTED_ON + timedelta(days=10),
        pay_day=PUT_PAID_ON.date(),
        document=DOCUMENT,
    )
    gas = {"offer: a tender": stage.gas("issuer", offer)}
    _elect_all(stage, bond, UNITS)
    stage.at(PUT_PAID_ON)
    return gas | _paid(stage, bond, "a tender, pro rata")


def exchange(stage: Stage, bond: Bond) -> Gas:
    """Units of another bond, and cash."""
    service = stage.suite.servicing
    other = stage.register(stage.terms(41, periods=3))
    stage.at(ELECTED_ON)
    offer = service.offer_exchange(
        bond.address,
        new_bond=other.address,
        new_units=1,
        old_units=1,
        amount=50,
        opens_at=ELECTED_ON,
        closes_at=ELECTED_ON + timedelta(days=10),
        pay_day=PUT_PAID_ON.date(),
        document=DOCUMENT,
    )
    gas = {"offer: an exchange": stage.gas("issuer", offer)}
    _elect_all(stage, bond, UNITS)
    stage.at(PUT_PAID_ON)
    return gas | _paid(stage, bond, "an exchange")


def drawing(stage: Stage, bond: Bond) -> Gas:
    """A tenth of the units, by lot."""
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    call = service.call_by_lot(bond.address, DRAWN_FOR, UNITS * len(stage.holders()) // 10)
    gas = {"call: some units by lot": stage.gas("issuer", call)}
    stage.at(DRAWN_ON)
    everybody = [*_addresses(stage), stage.issuer.sender.address]
    for act, words in ((service.count, "count"), (service.draw, "draw")):
        first = act(bond.address, 1, everybody[:BATCH])
        gas[f"{words}: {BATCH} holders, the first of them"] = stage.gas("paying agent", first)
        stage.gas("paying agent", act(bond.address, 1, everybody[BATCH:]))
        stage.node.time.mine(2)  # the sample begins with a later block than that of the last who was counted
    stage.at(DRAWN_PAID_ON)
    return gas | _paid(stage, bond, "a drawing")


def cancelled(stage: Stage, bond: Bond) -> Gas:
    """The issuer cancels what is his."""
    stage.at(ELECTED_ON)
    return {"cancel: units": stage.gas("issuer", stage.suite.servicing.cancel_units(bond.address, 10))}


def _elect_all(stage: Stage, bond: Bond, units: int) -> int:
    """Everybody elects in event 1: gas of the second, who is like all others."""
    elect = stage.suite.servicing.elect(bond.address, 1, units)
    first, second, *others = stage.holders()
    stage.gas(first, elect)
    gas = stage.gas(second, elect)
    send_all([(holder, elect) for holder in others])
    return gas


def _paid(stage: Stage, bond: Bond, what: str) -> Gas:
    service = stage.suite.servicing
    gas = {f"fund: {what}": stage.gas("paying agent", service.fund_action(bond.address, 1))}
    settle = service.settle_action(bond.address, 1, _addresses(stage)[:BATCH])
    gas[f"{_SETTLE} {what}"] = stage.gas("paying agent", settle)
    return gas


# Default


def default(stage: Stage, bond: Bond) -> Gas:
    """A missed coupon, notices of all, and a recovery."""
    gas: Gas = {}
    service, agent = stage.suite.servicing, "paying agent"
    stage.at(MISSED_ON)
    stage.gas("depository", bond.advance())
    with stage.undone():
        gas["fund: a coupon, late"] = stage.gas(agent, service.fund(bond.address, 1))
    gas["notice: a default"] = stage.gas(
        "depository", service.notice_default(bond.address, bond.address, 1, 0)
    )
    gas["elect: notice of acceleration"] = _elect_all(stage, bond, UNITS)
    gas["accelerate: a bond"] = stage.gas("depository", service.accelerate(bond.address, 1))
    batch = _addresses(stage)[:BATCH]
    for words in ("the first recovery", "a later recovery"):
        gas |= _recovered(stage, bond, words, batch)
    return gas


def _recovered(stage: Stage, bond: Bond, words: str, batch: Sequence[str]) -> Gas:
    service, agent = stage.suite.servicing, "paying agent"
    record = bond.book().records + 1
    day = RECOVERED_FOR + timedelta(days=7 * (record - 2))
    amount = RECOVERED * bond.book().supply
    fund = service.fund_recovery(bond.address, amount, day, is_final=False, document=DOCUMENT)
    gas = {f"fund: {words}": stage.gas(agent, fund)}
    stage.at(RECOVERY_PAID_ON + timedelta(days=7 * (record - 2)))
    stage.gas("depository", bond.advance())
    pay = service.pay(bond.address, record, batch)
    gas[f"pay: {words} to {BATCH} holders"] = stage.gas(agent, pay)
    return gas
