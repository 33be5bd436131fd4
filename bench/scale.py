"""Work that must not grow: one bond, held by few and by many, with the same supply and the same payers.

The act that concerns everybody at once costs the same for any number of holders; what is paid to each costs
the same each, in batches, and is done once for all of the many.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bench.events import (
    CALLED_FOR,
    DOCUMENT,
    DRAWN_FOR,
    DRAWN_ON,
    ELECTED_ON,
    MISSED_ON,
    PUT_PAID_ON,
    RECOVERED,
    RECOVERED_FOR,
    RECOVERY_PAID_ON,
    RIGHTS,
)
from bench.stage import BID, Stage, address_of, as_offering, lei_of
from indenture.chain import ContractCall, Sender, send_all
from indenture.contracts import Bond
from indenture.daycount import DayCount
from indenture.interest import Benchmark, BenchmarkKind
from indenture.membership import Role
from indenture.models import AccountAdmission
from indenture.provisions import CouponKind, Fallback, Floating, Provisions

#: Gas of each act that concerns everybody at once, by number of holders.
Scale = dict[str, dict[int, int]]

RATE = "SHIBOR3M"
#: The first coupon: its record date has passed on the first of these, it is due on the second.
RECORDED_ON = datetime(2020, 12, 5, 1, tzinfo=UTC)
PAID_ON = datetime(2020, 12, 7, 1, tzinfo=UTC)
#: Holders that a transaction pays or counts; those of the few that are looked at on their own.
BATCH, SOME = 100, 5
ELECTED = 1_000
#: A transfer needs 70,000; what it is sent with does not change what it uses.
_TRANSFER_GAS = 120_000


@dataclass(frozen=True, slots=True)
class Everybody:
    """What was done for each of the many, in batches.

    Attributes:
        work: What was done.
        holders: For how many.
        transactions: In how many batches.
        gas_per_holder: All of them together, divided.
        seconds: From the first to the last.
    """

    work: str
    holders: int
    transactions: int
    gas_per_holder: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Grown:
    """One bond, held by few and by many."""

    acts: Scale
    everybody: Sequence[Everybody]


def measure(stage: Stage, counts: Sequence[int]) -> Grown:
    """Each act, were the bond held by so many; and the work for all of the most.

    The bond, its supply and all addresses are the same; only the number of holders differs.
    """
    few, *others = sorted(counts)
    acts: Scale = {}
    everybody: list[Everybody] = []
    with stage.undone():
        rich = stage.holders(few)
        bond = _issued(stage, rich)
        _add(acts, few, _acts(stage, bond, rich))
        for count in others:
            with stage.undone():
                fresh = _spread(stage, bond, rich, count)
                _add(acts, count, _acts(stage, bond, rich))
                everybody = _each(stage, bond, [*(each.address for each in rich), *fresh])
    return Grown(acts, everybody)


def _add(acts: Scale, count: int, gas: dict[str, int]) -> None:
    for act, used in gas.items():
        acts.setdefault(act, {})[count] = used


def _issued(stage: Stage, rich: Sequence[Sender]) -> Bond:
    """A bond by a term rate, so that there is something to fix, with every right."""
    floating = Floating(
        benchmark=RATE,
        lag=2,
        cap=60_000_000,
        places=5,
        fallback=Fallback.LAST_VALUE,
        fallback_rate=25_000_000,
    )
    terms = replace(
        stage.terms(50, periods=3),
        kind=CouponKind.FLOATING,
        day_count=DayCount.ACT_360,
        provisions=Provisions(floating=floating, fallback_days=5),
        rights=RIGHTS,
    )
    publisher = stage.paying_agent.sender.address
    rate = Benchmark(RATE, BenchmarkKind.RATE, "CN-IB")
    stage.gas("depository", stage.suite.benchmarks.register(rate, publisher))
    bond = stage.register(terms)
    as_offering(stage, bond.call("issue", [each.address for each in rich], [BID] * len(rich)))
    return bond


def _spread(stage: Stage, bond: Bond, rich: Sequence[Sender], count: int) -> list[str]:
    """Admits accounts and moves units to them, until so many hold the bond."""
    fresh = [address_of(f"small holder {number}") for number in range(count - len(rich))]
    member = lei_of("holder 0")
    stage.depository.admit_accounts([AccountAdmission(member, a, Role.HOLDER) for a in fresh], batch=200)
    items = [
        (rich[number % len(rich)], bond.transfer(account, 1 + number % 200))
        for number, account in enumerate(fresh)
    ]
    with stage.full_blocks():
        send_all(items, window=500, gas=_TRANSFER_GAS, preflight=False, timeout=300)
    holding = sum(1 for units in bond.balances([*fresh, *(each.address for each in rich)]) if units)
    if holding != count:
        raise RuntimeError(f"{holding} hold the bond, {count} were wanted")
    return fresh


# Acts that concern everybody at once


def _acts(stage: Stage, bond: Bond, rich: Sequence[Sender]) -> dict[str, int]:
    gas: dict[str, int] = {}
    for group in (_called, _put, _coupon, _recovery):
        with stage.undone():
            gas |= group(stage, bond, rich)
    return gas


def _called(stage: Stage, bond: Bond, _: Sequence[Sender]) -> dict[str, int]:
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    with stage.undone():
        whole = stage.gas("issuer", service.call_bond(bond.address, CALLED_FOR))
    with stage.undone():
        part = stage.gas("issuer", service.call_in_part(bond.address, 1, 200_000_000))
    lot = stage.gas("issuer", service.call_by_lot(bond.address, DRAWN_FOR, ELECTED))
    return {"call a bond": whole, "call a part of every unit": part, "call some units by lot": lot}


def _put(stage: Stage, bond: Bond, rich: Sequence[Sender]) -> dict[str, int]:
    _publish(stage)
    service = stage.suite.servicing
    stage.gas("depository", service.fix(bond.address, 1))
    gas = {"open a put": stage.gas("depository", service.open_put(bond.address, 0))}
    for holder in rich[:SOME]:
        gas["elect"] = stage.gas(holder, service.elect(bond.address, 1, ELECTED))
    stage.at(PUT_PAID_ON)
    gas["fund a put"] = stage.gas("paying agent", service.fund_action(bond.address, 1))
    settle = service.settle_action(bond.address, 1, [each.address for each in rich[: SOME - 1]])
    gas[f"settle a put, {SOME - 1} holders"] = stage.gas("paying agent", settle)
    return gas


def _coupon(stage: Stage, bond: Bond, rich: Sequence[Sender]) -> dict[str, int]:
    _publish(stage)
    service = stage.suite.servicing
    gas = {"fix a period": stage.gas("depository", service.fix(bond.address, 1))}
    _fund_coupon(stage, bond, gas)
    pay = service.pay(bond.address, 1, [each.address for each in rich[:SOME]])
    gas[f"pay a coupon, {SOME} holders"] = stage.gas("paying agent", pay)
    return gas


def _recovery(stage: Stage, bond: Bond, rich: Sequence[Sender]) -> dict[str, int]:
    _publish(stage)
    service = stage.suite.servicing
    stage.gas("depository", service.fix(bond.address, 1))
    stage.at(MISSED_ON)
    stage.gas("depository", bond.advance())
    # The period in which the bond is made due counts to that day.
    stage.gas("paying agent", stage.suite.benchmarks.publish(RATE, date(2020, 12, 3), 30_123_456))
    stage.gas("depository", service.fix(bond.address, 2))
    gas = {
        "notice a default": stage.gas("depository", service.notice_default(bond.address, bond.address, 1, 0))
    }
    for holder in rich:
        stage.gas(holder, service.elect(bond.address, 1, BID // 2))
    gas["make a bond due"] = stage.gas("depository", service.accelerate(bond.address, 1))
    amount = RECOVERED * bond.book().supply
    fund = service.fund_recovery(bond.address, amount, RECOVERED_FOR, is_final=False, document=DOCUMENT)
    gas["fund a recovery"] = stage.gas("paying agent", fund)
    stage.at(RECOVERY_PAID_ON)
    stage.gas("depository", bond.advance())
    pay = service.pay(bond.address, 2, [each.address for each in rich[:SOME]])
    gas[f"pay a recovery, {SOME} holders"] = stage.gas("paying agent", pay)
    return gas


def _publish(stage: Stage) -> None:
    """The rate of the first period, once it can be known."""
    stage.at(ELECTED_ON)
    for day in (date(2019, 12, 2), date(2019, 12, 3), date(2019, 12, 4)):
        stage.gas("paying agent", stage.suite.benchmarks.publish(RATE, day, 30_123_456))


def _fund_coupon(stage: Stage, bond: Bond, gas: dict[str, int]) -> None:
    stage.at(RECORDED_ON)
    stage.gas("depository", bond.advance())
    gas["fund a coupon"] = stage.gas("paying agent", stage.suite.servicing.fund(bond.address, 1))
    stage.at(PAID_ON)


# Work for each of the many


def _each(stage: Stage, bond: Bond, holders: Sequence[str]) -> list[Everybody]:
    with stage.undone():
        paid = _all_paid(stage, bond, holders)
    with stage.undone():
        return [paid, *_all_drawn(stage, bond, holders)]


def _all_paid(stage: Stage, bond: Bond, holders: Sequence[str]) -> Everybody:
    service = stage.suite.servicing
    _publish(stage)
    stage.gas("depository", service.fix(bond.address, 1))
    _fund_coupon(stage, bond, {})
    return _in_batches(stage, "a coupon paid", holders, lambda batch: service.pay(bond.address, 1, batch))


def _all_drawn(stage: Stage, bond: Bond, holders: Sequence[str]) -> Iterator[Everybody]:
    service = stage.suite.servicing
    stage.at(ELECTED_ON)
    units = bond.book().supply // 10
    stage.gas("issuer", service.call_by_lot(bond.address, DRAWN_FOR, units))
    stage.at(DRAWN_ON)
    yield _in_batches(
        stage, "counted for a lot", holders, lambda batch: service.count(bond.address, 1, batch)
    )
    stage.node.time.mine(2)
    yield _in_batches(stage, "drawn by lot", holders, lambda batch: service.draw(bond.address, 1, batch))


def _in_batches(
    stage: Stage, work: str, holders: Sequence[str], act: Callable[[Sequence[str]], ContractCall]
) -> Everybody:
    start = time.monotonic()
    batches = [holders[first : first + BATCH] for first in range(0, len(holders), BATCH)]
    gas = sum(stage.gas("paying agent", act(batch)) for batch in batches)
    return Everybody(work, len(holders), len(batches), gas / len(holders), time.monotonic() - start)
