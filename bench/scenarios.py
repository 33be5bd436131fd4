"""What is measured: one readable key for each act, with the gas of its receipt.

Each group starts from the same chain and is undone, so that a figure hangs on its own group only.  A batch is
one transaction, its figure the whole of it; ``bench.figures`` divides.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bench import events, interest, tender
from bench.stage import Stage, address_of, as_offering, lei_of
from indenture.chain import send_all
from indenture.contracts import Bond
from indenture.contracts._base import FOREVER
from indenture.identifiers import Lei, lei_to_bytes
from indenture.membership import Role
from indenture.models import MemberAdmission
from indenture.money import CNY

Gas = dict[str, int]

BATCH = 50
COUPON_BATCH = 100
_FIRST = "transfer: first of a pair since a record date"


def measure(stage: Stage) -> Gas:
    """All scenarios, in the order of a bond's life."""
    gas: Gas = {}
    for group in (membership, registration, *tender.GROUPS, issue):
        with stage.undone():
            gas |= group(stage)
    with stage.undone():
        bond = stage.issued(stage.terms(2, periods=3))
        for held in (trading, announcing, noticing, servicing, traded):
            with stage.undone():
                gas |= held(stage, bond)
    return gas | interest.measure(stage) | events.measure(stage)


# Membership


def membership(stage: Stage) -> Gas:
    """Admissions, alone and in a batch."""
    registry = stage.suite.registry
    members = [member_row(stage.admission(f"newcomer {i}")) for i in range(BATCH + 1)]
    accounts = [_account_row(f"account {i}") for i in range(BATCH + 1)]
    calls = {
        "admit: a new member with its first account": registry.call("admitMember", members[0]),
        f"admit: {BATCH} new members, each with its first account": registry.admit_members(members[1:]),
        "admit: a further account of a member": registry.call("enrolAccount", accounts[0]),
        f"admit: {BATCH} further accounts of a member": registry.admit_accounts(accounts[1:]),
    }
    return {key: stage.gas("depository", call) for key, call in calls.items()}


def member_row(new: MemberAdmission) -> tuple[bytes, int, bytes, str, int, int]:
    """An admission as the registry takes it."""
    lei = lei_to_bytes(Lei(new.lei))
    return lei, int(new.member_class), new.jurisdiction.encode(), new.account, int(new.roles), FOREVER


def _account_row(name: str) -> tuple[bytes, str, int, int]:
    return lei_to_bytes(lei_of("holder 0")), address_of(name), int(Role.HOLDER), FOREVER


# Primary market


def registration(stage: Stage) -> Gas:
    """From the term sheet to a bond that can be offered."""
    register = stage.suite.factory.register(stage.terms(1))
    return {"register: a bond with two payments": stage.gas("issuer", register)}


def issue(stage: Stage) -> Gas:
    """The register's part of an issue alone, which is what the peers' figures for issuing are."""
    bond = stage.register(stage.terms(1))
    holders = [buyer.address for buyer in stage.holders(BATCH)]
    call = bond.call("issue", holders, [1_000] * BATCH)
    return {
        f"issue: to {BATCH} new holders, register only": as_offering(stage, call),
        f"issue: to {BATCH} existing holders, register only": as_offering(stage, call),
    }


# Secondary market


def trading(stage: Stage, bond: Bond) -> Gas:
    """Transfers and trades between record dates."""
    gas: Gas = {}
    seller, buyer = stage.holders(2)
    newcomer = stage.bookrunner.sender.address
    gas["transfer: existing holder"] = stage.gas(seller, bond.transfer(buyer.address, 10))
    gas["transfer: new holder"] = stage.gas(seller, bond.transfer(newcomer, 10))
    for nonce, words in enumerate(("first trade of both sides", "nonce words used before")):
        trade = stage.signed_trade(bond, seller, buyer, nonce=nonce, units=1_000, amount=CNY.money(100_500))
        gas[f"trade: delivery versus payment, existing holders, {words}"] = stage.gas(
            "depository", stage.suite.settlement.settle(trade)
        )
    return gas


# Record dates


def announcing(stage: Stage, bond: Bond) -> Gas:
    """The days of a payment become known, by an act of its own or with a transfer."""
    gas: Gas = {}
    _reach_next(stage, bond)
    with stage.undone():
        gas["advance: announces a payment"] = stage.gas("depository", bond.advance())
    gas["transfer: announces a payment"] = _transfer(stage, bond, 0)
    return gas


def noticing(stage: Stage, bond: Bond) -> Gas:
    """The first transfers after a record date; each pair changes hands for the first time since."""
    gas: Gas = {}
    with stage.undone():
        _notice_next(stage, bond)
        record = bond.book().next_time
    with stage.undone():
        stage.at(_just_after(record))
        gas[f"{_FIRST}, announces and notices it"] = _transfer(stage, bond, 0)
    _notice_next(stage, bond)
    _reach_next(stage, bond)
    with stage.undone():
        gas["advance: notices a record date"] = stage.gas("depository", bond.advance())
    gas[f"{_FIRST}, notices it"] = _transfer(stage, bond, 0)
    gas[f"{_FIRST}, noticed before"] = _transfer(stage, bond, 2)
    gas["transfer: second of a pair since a record date"] = _transfer(stage, bond, 2)
    return gas


def _notice_next(stage: Stage, bond: Bond) -> None:
    _reach_next(stage, bond)
    stage.gas("depository", bond.advance())


def _pass_record(stage: Stage, bond: Bond) -> None:
    """The next payment is announced and its record date noticed, before anybody pays."""
    for _ in ("announcement", "record date"):
        _notice_next(stage, bond)


def _reach_next(stage: Stage, bond: Bond) -> None:
    """The clock goes on until the bond has something to notice."""
    stage.at(_just_after(bond.book().next_time))


def _reach_payment(stage: Stage, bond: Bond, period: int) -> None:
    days = bond.payment_days(period)
    stage.at(_just_after(days.pay_time if days else None))


def _just_after(instant: datetime | None) -> datetime:
    if instant is None:
        raise RuntimeError("the bond does not say when")
    return instant + timedelta(minutes=1)


def _transfer(stage: Stage, bond: Bond, first: int) -> int:
    sender, receiver = stage.holders(2, first=first)
    return stage.gas(sender, bond.transfer(receiver.address, 10))


# Payments


def servicing(stage: Stage, bond: Bond) -> Gas:
    """Two coupons and the redemption, pushed to a batch of holders who have money already."""
    gas: Gas = {}
    service, holders = stage.suite.servicing, stage.holders()
    batch = [holder.address for holder in holders[:COUPON_BATCH]]
    for period, words in ((1, "the first coupon"), (2, "a later coupon")):
        _pass_record(stage, bond)
        gas[f"fund: {words}"] = stage.gas("paying agent", service.fund(bond.address, period))
        _reach_payment(stage, bond, period)
        pay = service.pay(bond.address, period, batch)
        gas[f"pay: {words} to {COUPON_BATCH} holders"] = stage.gas("paying agent", pay)
    gas["claim: a coupon"] = stage.gas(holders[-1], service.claim(bond.address, 2))
    _pass_record(stage, bond)
    gas["fund: the redemption"] = stage.gas("paying agent", service.fund(bond.address, 3))
    _reach_payment(stage, bond, 3)
    redeem = service.redeem(bond.address, batch)
    gas[f"redeem: {COUPON_BATCH} holders, last coupon and principal"] = stage.gas("paying agent", redeem)
    return gas


def traded(stage: Stage, bond: Bond) -> Gas:
    """A coupon where each holder has traded since the record date, so that a checkpoint is read."""
    service, holders = stage.suite.servicing, stage.holders(COUPON_BATCH)
    _pass_record(stage, bond)
    stage.gas("paying agent", service.fund(bond.address, 1))
    pairs = zip(holders[::2], holders[1::2], strict=True)
    send_all([(seller, bond.transfer(buyer.address, 10)) for seller, buyer in pairs])
    _reach_payment(stage, bond, 1)
    pay = service.pay(bond.address, 1, [holder.address for holder in holders])
    key = f"pay: a coupon to {COUPON_BATCH} holders who have traded since the record date"
    return {key: stage.gas("paying agent", pay)}
