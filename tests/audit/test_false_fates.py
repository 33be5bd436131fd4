"""Lies about a bond's life before maturity that hang together, and state that no event told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from eth_abi.abi import encode
from tests.audit import lying
from tests.audit.lives import Lives
from tests.audit.telling import (
    AuditUntil,
    Log,
    Logs,
    beside,
    kinds,
    lie_of,
    named,
    one,
    raised,
    said,
)
from tests.audit.test_false_lives import cash_in, further, keys
from tests.audit.test_false_storage import at, spoil

from indenture.audit import AuditResult
from indenture.audit.replay.life import ACCELERATION, DRAWING, PUT, TENDER

pytestmark = pytest.mark.integration


def opened(logs: Logs, bond: str, kind: int) -> Log:
    """The first event of a kind."""
    found = [log for log in named(logs, "ActionOpened", bond=bond) if said(log)["action"].kind == kind]
    return found[0]


def number_of(logs: Logs, bond: str, kind: int) -> int:
    return int(said(opened(logs, bond, kind))["number"])


def moved(logs: Logs, log: Log, address: str, **args: object) -> Log:
    """The movement of a token in the same transaction."""
    same = [o for o in logs if o["transactionHash"] == log["transactionHash"]]
    return one([o for o in same if o["address"].lower() == address.lower()], "Transfer", **args)


def both(*changes: Callable[[Log], Log]) -> Callable[[Log], Log]:
    def change(log: Log) -> Log:
        for each in changes:
            log = each(log)
        return log

    return change


# --- lies that hang together


def test_call__dearer_with_what_it_pays__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """A price a thousandth higher, and the principal of every unit with it."""
    bond = fated["called"]
    log, funded = (
        one(fated_logs, "BondCalled", bond=bond),
        one(fated_logs, "PaymentFunded", bond=bond, period=2),
    )

    result = check_fates(lie_of((log, raised(2, 1_000_000)), (funded, raised(1, 10_007))))

    assert (result.findings[0].kind, result.findings[0].key) == ("CALL-1", "BondCalled.price")


def test_call__a_day_later_everywhere__is_found_by_its_payment(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    """The call, its event and the bond's own agree; the announced days do not."""
    log = one(fated_logs, "BondCalled", bond=fated["called"])
    term = beside(fated_logs, log, "TermMoved")
    day = said(log)["day"]
    call = lying.about_call(
        log["transactionHash"], lambda data: data.replace(f"{day:064x}", f"{day + 1:064x}")
    )
    logs = lie_of((log, raised(1, 1)), (term, raised(1, 1)))

    result = audit_fates(lambda method, params, result: call(method, params, logs(method, params, result)))

    assert result.findings[0].kind in ("VIEW-1", "RECORD-1")
    assert "RECORD-1" in kinds(result)
    assert not {"CALL-1", "TERM-1", "AUTH-2"} & kinds(result)


def test_call_in_part__of_more__is_found_with_its_interest(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = one(fated_logs, "BondCalledInPart", bond=fated["parts"])

    result = check_fates(lie_of((log, raised(0, 100_000))))

    assert {"AUTH-2", "PAY-1"} <= kinds(result)


def test_tender__another_part_for_two_holders__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """One unit more of one, one less of the other: the sums of the batch agree."""
    bond = fated["bought"]
    log = named(fated_logs, "ActionSettled", bond=bond, action=number_of(fated_logs, bond, TENDER))[0]
    more, less = (fated.story.holders[i].address for i in (0, 1))
    burned = [moved(fated_logs, log, bond, **{"from": who}) for who in (more, less)]

    result = check_fates(lie_of((burned[0], raised(0, 1)), (burned[1], raised(0, -1))))

    assert {"UNITS-1", "UNITS-2"} <= kinds(result)
    assert result.findings[0].tx_hash == log["transactionHash"]


def test_tender__more_taken_with_its_money__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    bond = fated["bought"]
    log = named(fated_logs, "ActionSettled", bond=bond, action=number_of(fated_logs, bond, TENDER))[0]

    result = check_fates(lie_of((log, both(raised(1, 1), raised(2, 10_050)))))

    found = {f.key: int(f.found) - int(f.expected) for f in result.findings if f.kind == "REDEEM-2"}
    assert found == {"ActionSettled.taken": 1, "ActionSettled.amount": 10_050}


def test_put__cheaper_with_every_movement__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """A base unit less of principal; the payer pays that much less."""
    bond = fated["put"]
    log = one(fated_logs, "ActionFunded", bond=bond, action=number_of(fated_logs, bond, PUT))
    paid = cash_in(fated_logs, log, fated, fated.story.at("Servicing"))

    result = check_fates(lie_of((log, raised(1, -1)), (paid, raised(0, -1))))

    first = result.findings[0]
    assert (first.kind, first.key) == ("REDEEM-1", "ActionFunded.principal")
    assert int(first.expected) - int(first.found) == 1


def test_late_put__without_its_penalty__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = next(log for log in named(fated_logs, "ActionFunded") if said(log)["penalty"])
    paid, late = cash_in(fated_logs, log, fated, fated.story.at("Servicing")), said(log)["penalty"]

    result = check_fates(lie_of((log, raised(2, -late)), (paid, raised(0, -late))))

    assert (result.findings[0].kind, result.findings[0].found) == ("LATE-1", "0")


def test_late_payment__without_its_penalty__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """Not told, and not taken from the payer."""
    log = one(fated_logs, "PenaltyFunded")
    paid = cash_in(fated_logs, log, fated, fated.story.at("Servicing"))
    amount = said(log)["amount"]

    result = check_fates(lie_of((log, lambda _: None), (paid, raised(0, -amount))))

    assert (result.findings[0].kind, result.findings[0].key) == ("LATE-1", "PaymentFunded.rate")


def test_election__bound_and_told_of_one_more__is_found_in_the_call(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    log = named(fated_logs, "UnitsElected", bond=fated["amended"])[0]
    bound = beside(fated_logs, log, "UnitsBound")

    result = audit_fates(lie_of((log, both(raised(0, 1), raised(1, 1))), (bound, raised(0, 1))))

    assert {"AUTH-2", "VIEW-1"} <= kinds(result)
    assert result.findings[0].tx_hash == log["transactionHash"]


def test_units__bound_by_no_election__are_found(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    model = one(fated_logs, "UnitsElected", bond=fated["crossed"])
    bound = beside(fated_logs, model, "UnitsBound")
    other = {**bound, "topics": [bound["topics"][0], _word(fated.story.holders[0].address)]}
    forged = {**other, "logIndex": hex(int(bound["logIndex"], 16) + 90)}

    result = audit_fates(lying.forged([forged]))

    assert {"BOUND-1", "VIEW-1"} <= kinds(result)


def test_drawing__one_unit_moved_between_holders__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """What is bound says so too, and the sum of the drawing stays."""
    log = next(log for log in named(fated_logs, "UnitsDrawn") if min(said(log)["drawn"]) > 0)
    holders = said(log)["holders"]
    first = 2 + len(holders) + 2  # two offsets, the list of holders, the length of the other
    bound = [beside(fated_logs, log, "UnitsBound", holder=holder) for holder in holders[:2]]

    result = check_fates(
        lie_of(
            (log, both(raised(first, 1), raised(first + 1, -1))),
            (bound[0], raised(0, 1)),
            (bound[1], raised(0, -1)),
        )
    )

    assert (result.findings[0].kind, result.findings[0].key) == ("DRAW-1", "UnitsDrawn.drawn")


def test_drawing__another_start__is_found_by_the_block(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = named(fated_logs, "DrawingSeeded")[0]

    result = check_fates(lie_of((log, raised(0, 1 if said(log)["seed"] == 0 else -1))))

    assert (result.findings[0].kind, result.findings[0].key) == ("DRAW-1", "DrawingSeeded.seed")


def test_drawing__a_holder_left_out__is_found_by_the_sum(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """One is counted twice in the place of another; the sum is told as it was."""
    log = named(fated_logs, "HoldersCounted")[0]
    words = [2 + 1, 2 + 2]  # an offset, the count, the length; then the holders
    values = [said(log)["holders"][i] for i in (0, 1)]

    def twice(told: Log) -> Log:
        return lying.with_word(told, words[1], lambda _: int(values[0], 16))

    result = check_fates(lie_of((log, twice)))

    assert "DRAW-1" in kinds(result)
    assert result.findings[0].tx_hash == log["transactionHash"]


def test_sinking_fund__drawn_less_for_what_was_never_cancelled__is_recomputed(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    """Two units more were cancelled, it says; the drawing is smaller by as much."""
    cancelled = named(fated_logs, "UnitsCancelled")[0]
    burned = moved(fated_logs, cancelled, fated["parts"])
    drawing = opened(fated_logs, fated["parts"], DRAWING)
    most = 9  # kind, two flags, three times, day, two numbers; then what is drawn at most

    result = audit_fates(
        lie_of(
            (cancelled, both(raised(0, 2), raised(1, 2))), (burned, raised(0, 2)), (drawing, raised(most, -2))
        )
    )

    assert {"AUTH-2", "VIEW-1"} <= kinds(result)
    assert result.findings[0].tx_hash == cancelled["transactionHash"]


def test_default__of_a_bond_that_paid__is_found(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """The notice is told to be for a payment that was funded in time."""
    log = one(fated_logs, "DefaultNoticed", bond=fated["failing"])
    action = opened(fated_logs, fated["failing"], ACCELERATION)

    result = check_fates(lie_of((log, raised(1, -1)), (action, raised(7, -1))))

    assert [(f.kind, f.key) for f in result.findings if f.kind == "DEFAULT-1"] == [
        ("DEFAULT-1", "DefaultNoticed.period")
    ]


def test_acceleration__by_too_few__is_found(fated: Lives, fated_logs: Logs, check_fates: AuditUntil) -> None:
    """An election of fewer units, bound as it says: the share is not reached."""
    bond = fated["failing"]
    number = number_of(fated_logs, bond, ACCELERATION)
    elected = named(fated_logs, "UnitsElected", bond=bond, action=number)[0]
    bound = beside(fated_logs, elected, "UnitsBound")

    result = check_fates(lie_of((elected, both(raised(0, -200), raised(1, -200))), (bound, raised(0, -200))))

    assert "DEFAULT-2" in kinds(result)


def test_claim__bent_with_every_recovery__is_recomputed(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """More is owed from the start, and after each recovery."""
    bond, more = fated["failing"], 10**18
    claim = one(fated_logs, "ClaimSet", bond=bond)
    funded = named(fated_logs, "RecoveryFunded", bond=bond)
    closed = one(fated_logs, "DefaultClosed", bond=bond)

    result = check_fates(
        lie_of(
            (claim, raised(0, more)), *((log, raised(2, more)) for log in funded), (closed, raised(0, more))
        )
    )

    first = result.findings[0]
    assert (first.kind, first.key) == ("RECOVER-1", "ClaimSet.principal")
    assert int(first.found) - int(first.expected) == more


def test_recovery__kept_from_one_holder__is_found(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """Pari passu: who held at the record date has his part, to the last base unit."""
    log = one(fated_logs, "HoldersPaid", bond=fated["failing"], period=3)
    sent = cash_in(fated_logs, log, fated, fated.story.holders[0].address)

    result = check_fates(lie_of((sent, raised(0, -1_000)), (log, raised(2, -1_000))))

    assert {"PAY-2", "CASH-1", "CASH-2"} <= kinds(result)


def test_default__closed_by_who_has_no_power__is_found(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = next(log for log in named(fated_logs, "DefaultClosed") if said(log)["principal"])

    result = check_fates(lie_of((log, lambda told: lying.with_word(told, 2, lambda _: 5))))

    assert {"AUTH-1", "AUTH-2", "RECOVER-2"} <= kinds(result)


def test_version__another_coupon_with_the_call_behind_it__is_found_by_its_code(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    log = named(fated_logs, "TermsProposed", bond=fated["amended"])[0]
    old, new = (f"{rate:064x}" for rate in (45_000_000, 46_000_000))
    call = lying.about_call(log["transactionHash"], lambda data: data.replace(old, new))
    logs = lie_of((log, lambda told: {**told, "data": told["data"].replace(old, new)}))

    result = audit_fates(lambda method, params, result: call(method, params, logs(method, params, result)))

    assert {"PAY-1", "CODE-2", "VIEW-1"} <= kinds(result)
    assert not {"AUTH-2", "VERSION-1"} & kinds(result)


def test_version__enacted_by_too_few__is_found(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    """One of those who consented is said to have consented with less."""
    elected = named(fated_logs, "UnitsElected", bond=fated["amended"])[0]
    bound = beside(fated_logs, elected, "UnitsBound")

    result = check_fates(lie_of((elected, both(raised(0, -9), raised(1, -9))), (bound, raised(0, -9))))

    assert "VERSION-2" in kinds(result)


def test_version__of_a_period_that_has_begun__is_found(
    fated: Lives, fated_logs: Logs, check_fates: AuditUntil
) -> None:
    log = one(fated_logs, "TermsEnacted", bond=fated["amended"])
    action = opened(
        fated_logs, fated["amended"], said(opened(fated_logs, fated["amended"], 4))["action"].kind
    )

    result = check_fates(lie_of((log, raised(0, -1)), (action, raised(7, -1))))

    assert {"VERSION-1", "VERSION-2"} <= kinds(result)


def test_exchange__new_units_for_nobody__are_found(
    fated: Lives, fated_logs: Logs, audit_fates: AuditUntil
) -> None:
    """Units of the new bond go to another than who gave the old ones."""
    issued = named(fated_logs, "Transfer")
    fresh = fated["fresh"].lower()
    log = next(log for log in issued if log["address"].lower() == fresh)
    other = {**log, "topics": [*log["topics"][:2], _word(fated.story.holders[7].address)]}

    result = audit_fates(lying.replaced(other))

    assert {"UNITS-1", "UNITS-2", "VIEW-1"} <= kinds(result)


# --- storage


@pytest.fixture
def spoiled(fated: Lives) -> Iterator[Lives]:
    """The fates; what a test writes into their storage is undone."""
    snapshot = fated.story.node.time.snapshot()
    yield fated
    fated.story.node.time.revert(snapshot)


def spoil_servicing(lives: Lives, place: Callable[[int], bytes], value: int, change: int) -> AuditResult:
    return spoil(lives.story, lives.story.at("Servicing"), place, value, change)


def of_action(bond: str, number: int, by: int = 0) -> Callable[[int], bytes]:
    return lambda n: further(at(at(n, "address", bond), "uint256", number), by)


def test_state__another_price__is_found(spoiled: Lives) -> None:
    bond = spoiled["called"]

    result = spoil_servicing(spoiled, lambda n: at(n, "address", bond), 0, 1 << 64)

    assert f"stateOf({bond}).price" in keys(result)


def test_action__one_more_unit_elected__is_found(spoiled: Lives) -> None:
    bond = spoiled["put"]
    action = spoiled.story.read("Servicing", "actionOf", bond, 1)
    word = action.most | action.elected << 64 | action.settled << 128

    result = spoil_servicing(spoiled, of_action(bond, 1, 1), word, 1 << 64)

    assert f"actionOf({bond}, 1).elected" in keys(result)


def test_claim__less_owed__is_found(spoiled: Lives) -> None:
    bond = spoiled["failing"]
    principal = spoiled.story.read("Servicing", "claimOf", bond).principal

    result = spoil_servicing(spoiled, lambda n: at(n, "address", bond), principal, -1)

    assert f"claimOf({bond}).principal" in keys(result)


def test_version__another_first_period__is_found(spoiled: Lives) -> None:
    bond = spoiled["amended"]
    source, first = spoiled.story.read("Servicing", "version", bond, 1)
    word = int(source, 16) | first << 160

    result = spoil_servicing(spoiled, of_action(bond, 1), word, 1 << 160)

    assert f"version({bond}, 1)" in {key.partition(".")[0] for key in keys(result)}


def test_entry__units_bound_behind_its_back__are_found(spoiled: Lives) -> None:
    bond, holder = spoiled["parts"], spoiled.story.holders[0].address
    units = spoiled.read("parts", "entryOf", holder).units

    result = spoil(spoiled.story, bond, lambda n: at(n, "address", holder), units, 5 << 128)

    assert keys(result) == [f"entryOf({holder}).pledged"]


def _word(account: str) -> str:
    return "0x" + encode(("address",), (account,)).hex()
