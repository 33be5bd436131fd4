"""Coupons and claims that no event told, and lies about them that hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from tests.audit import lying
from tests.audit.lives import JOINT, NIGHT_RATE, TERM_RATE, TREASURY, Lives
from tests.audit.sheets import day
from tests.audit.telling import (
    AuditUntil,
    Log,
    Logs,
    beside,
    event_of,
    kinds,
    lie_of,
    named,
    one,
    raised,
    said,
)
from tests.audit.test_false_storage import at, spoil

from indenture.audit import AuditResult

pytestmark = pytest.mark.integration


@pytest.fixture
def spoiled(lived: Lives) -> Iterator[Lives]:
    """The lives; what a test writes into their storage is undone."""
    snapshot = lived.story.node.time.snapshot()
    yield lived
    lived.story.node.time.revert(snapshot)


def further(slot: bytes, by: int) -> bytes:
    return (int.from_bytes(slot, "big") + by).to_bytes(32, "big")


def of_period(bond: str, period: int, by: int = 0) -> Callable[[int], bytes]:
    """Place of a struct by bond and period, or of one of its further slots."""
    return lambda n: further(at(at(n, "address", bond), "uint256", period), by)


def spoil_servicing(lives: Lives, place: Callable[[int], bytes], value: int, change: int) -> AuditResult:
    return spoil(lives.story, lives.story.at("Servicing"), place, value, change)


def keys(result: AuditResult) -> list[str]:
    return [finding.key for finding in result.findings]


# --- storage


def test_fixing__rate_raised__is_found_with_all_that_follows(spoiled: Lives) -> None:
    bond = spoiled["term"]
    rate = spoiled.story.read("Servicing", "fixing", bond, 2).rate

    result = spoil_servicing(spoiled, of_period(bond, 2), rate, 1_000_000)

    assert f"fixing({bond}, 2).rate" in keys(result)
    assert f"unitPayment({bond}, 2)" in keys(result)
    found = {f.key: (f.expected, f.found) for f in result.findings}
    assert found[f"fixing({bond}, 2).rate"] == (str(rate), str(rate + 1_000_000))


@pytest.mark.parametrize(("name", "period", "field"), [("kind", 2, "factor"), ("figures", 3, "arrears")])
def test_fixing__factor_or_arrears_raised__is_found(
    spoiled: Lives, name: str, period: int, field: str
) -> None:
    bond = spoiled[name]
    fixing = spoiled.story.read("Servicing", "fixing", bond, period)
    word = fixing.factor | fixing.arrears << 128

    change = 1 if field == "factor" else 1 << 128
    result = spoil_servicing(spoiled, of_period(bond, period, 1), word, change)

    assert f"fixing({bond}, {period}).{field}" in keys(result)


def test_payment__more_for_each_unit__is_found(spoiled: Lives) -> None:
    bond = spoiled["parts"]
    numerator = spoiled.story.read("Servicing", "payment", bond, 3).each.interestNumerator

    result = spoil_servicing(spoiled, of_period(bond, 3, 3), numerator, 1)

    assert keys(result) == [f"payment({bond}, 3).each"]


def test_claims__another_buyer_paid__is_found(spoiled: Lives) -> None:
    bond, buyer = spoiled["parts"], spoiled.story.holders[7].address
    units = spoiled.story.read("Servicing", "claimsPaidTo", bond, 1, buyer)
    assert units == 20

    result = spoil_servicing(
        spoiled, lambda n: at(at(at(n, "address", bond), "uint256", 1), "address", buyer), units, 1
    )

    assert keys(result) == [f"claimsPaidTo({bond}, 1, {buyer})"]


def test_renewal__one_more_period__is_found(spoiled: Lives) -> None:
    bond = spoiled["renewed"]
    book = spoiled.read("renewed", "book")
    word = book.supply | book.nextTime << 64 | book.records << 104

    result = spoil(spoiled.story, bond, lambda n: n.to_bytes(32, "big"), word, 1 << 8 * 26)

    assert {"book().last", "maturityDay()", f"lastPeriod({bond})"} <= set(keys(result))


def test_publication__another_value__is_found(spoiled: Lives) -> None:
    """The fixings that used it stay as they were told: only what is published differs."""
    on = day(date(2020, 1, 3))
    value = spoiled.story.read("Benchmarks", "publicationOf", TERM_RATE, on).value

    result = spoil(
        spoiled.story,
        spoiled.story.at("Benchmarks"),
        lambda n: at(at(n, "bytes8", TERM_RATE), "uint24", on),
        value,
        7,
    )

    assert f"publicationOf(0x{TERM_RATE.hex()}, {on}).value" in keys(result)


def test_benchmark__another_administrator__is_found(spoiled: Lives) -> None:
    administrator = int(spoiled.story.read("Benchmarks", "benchmarkOf", TREASURY).administrator, 16)

    result = spoil(
        spoiled.story,
        spoiled.story.at("Benchmarks"),
        lambda n: at(n, "bytes8", TREASURY),
        administrator,
        1,
    )

    assert keys(result) == [f"benchmarkOf(0x{TREASURY.hex()}).administrator"]


def test_joint_market__another_part__is_found(spoiled: Lives) -> None:
    calendar = spoiled.story.at("BusinessCalendar")
    parts = b"".join(spoiled.story.read("BusinessCalendar", "partsOf", JOINT)).ljust(32, b"\0")

    result = spoil(
        spoiled.story,
        calendar,
        lambda n: at(n, "bytes8", JOINT),
        int.from_bytes(parts, "big"),
        1 << 128,
    )

    assert f"partsOf(0x{JOINT.hex()})" in keys(result)


# --- lies that hang together


def cash_in(logs: Logs, log: Log, lives: Lives, receiver: str) -> Log:
    """The movement of cash to a receiver in the same transaction."""
    cash = lives.story.at("CashToken").lower()
    moved = [
        other
        for other in logs
        if other["transactionHash"] == log["transactionHash"]
        and other["address"].lower() == cash
        and event_of(other).name == "Transfer"
        and said(other)["to"] == receiver
    ]
    return moved[0]


def test_rate__bent_with_its_payment__is_recomputed(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    """A rate a thousandth higher; what was funded says so too."""
    log = one(lived_logs, "PeriodFixed", bond=lived["renewed"], period=3)
    funded = one(lived_logs, "PaymentFunded", bond=lived["renewed"], period=3)

    result = audit_lives(lie_of((log, raised(0, 1_000)), (funded, raised(0, 25))))

    first = result.findings[0]
    assert (first.kind, first.key) == ("FIX-2", "PeriodFixed.rate")
    assert int(first.found) - int(first.expected) == 1_000


def test_tax__left_to_the_holder__is_recomputed(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    """Ten less for the state, ten more for the holder: the sums agree."""
    told = named(lived_logs, "TaxWithheld", bond=lived["parts"], period=2)
    log = next(log for log in told if said(log)["tax"] > 10)
    holder, account = said(log)["holder"], lived.story.holders[12].address
    to_holder = cash_in(lived_logs, log, lived, holder)
    to_state = cash_in(lived_logs, log, lived, account)

    result = audit_lives(
        lie_of(
            (log, lambda log: raised(2, 10)(raised(1, -10)(log))),
            (to_holder, raised(0, 10)),
            (to_state, raised(0, -10)),
        )
    )

    assert [f.key for f in result.findings if f.kind == "TAX-1"] == ["TaxWithheld.tax", "TaxWithheld.net"]
    assert result.findings[0].tx_hash == log["transactionHash"]


def test_clean_trade__dearer_with_its_money__is_recomputed(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    settled = one(lived_logs, "TradeSettled", bond=lived["term"])
    priced = beside(lived_logs, settled, "TradePriced")
    moved = cash_in(lived_logs, settled, lived, said(settled)["seller"])

    result = audit_lives(lie_of((priced, raised(1, 77)), (settled, raised(3, 77)), (moved, raised(0, 77))))

    found = [(f.key, int(f.found) - int(f.expected)) for f in result.findings if f.kind == "TRADE-3"]
    assert found == [("TradePriced.accrued", 77), ("TradeSettled.amount", 77)]


def test_claim__repaid_too_little_with_its_money__is_recomputed(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    log = named(lived_logs, "ClaimSettled", bond=lived["parts"])[0]
    priced, settled = (beside(lived_logs, log, name) for name in ("TradePriced", "TradeSettled"))
    moved = cash_in(lived_logs, log, lived, said(settled)["seller"])

    result = audit_lives(
        lie_of((log, raised(2, -9)), (priced, raised(2, -9)), (settled, raised(3, 9)), (moved, raised(0, 9)))
    )

    assert {"CLAIM-1", "TRADE-3"} <= kinds(result)
    assert result.findings[0].tx_hash == log["transactionHash"]


def test_publication__bent_with_its_call_and_its_fixing__is_found_by_the_view(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    """All that was told agrees, and follows from the terms; the chain itself has another value."""
    log = one(lived_logs, "ValuePublished", code=TREASURY)
    fixed, later = (one(lived_logs, "PeriodFixed", bond=lived["renewed"], period=k) for k in (3, 4))
    logs = lie_of(
        (log, raised(0, 1)),
        (fixed, lambda log: raised(2, 1)(raised(0, 1)(log))),
        (later, raised(0, 1)),  # the rate of the cycle goes on
    )
    value = said(log)["value"]
    call = lying.about_call(
        log["transactionHash"],
        lambda data: data.replace(f"{value:064x}", f"{value + 1:064x}"),
    )

    result = audit_lives(lambda method, params, result: call(method, params, logs(method, params, result)))

    assert result.findings[0].kind in ("VIEW-1", "PAY-1")
    assert f"publicationOf(0x{TREASURY.hex()}, {said(log)['day']}).value" in keys(result)
    assert not {"FIX-1", "FIX-2", "BENCH-1", "BENCH-2", "AUTH-2"} & kinds(result)


def test_overnight_rate__correctable_for_a_day__is_found(
    lived: Lives, lived_logs: Logs, audit_lives: AuditUntil
) -> None:
    """An overnight rate has to be final before the next one; others may be corrected for a week."""
    log = one(lived_logs, "BenchmarkDefined", code=NIGHT_RATE)
    last, seconds = lying.place_of(log)[0] + 1, 4  # kind, administrator, market, basis; then for how long
    assert said(log)["correctableFor"] == 0

    found = [audit_lives(lie_of((log, raised(seconds, by))), to=last) for by in (86_399, 86_400)]

    assert ["BENCH-1" in kinds(result) for result in found] == [False, True]
