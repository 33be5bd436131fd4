"""pay, claim, redeem, collect, keptFor

pay, redeem, claim
├── pay: the last payment -> PaymentKindWrong (redeem has it)
├── not funded -> PaymentNotFunded
├── before the payment day -> PaymentNotDue
├── claim: paid before -> PaymentAlreadyMade
├── nobody of the batch is owed anything -> PaymentNothingDue
└── else -> each is paid once
    ├── a receiver cannot be paid, or his units are frozen -> his amount is kept in his name
    └── with the last unit -> PaymentCompleted, the residue is kept for the payer
collect
├── nothing is kept -> KeptAmountNone
├── units of the holder are frozen -> KeptAmountFrozen
└── else -> sent to the holder, whoever calls
"""

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.chain import Contract, actor, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


@pytest.fixture
def bond(world: World) -> Contract:
    return world.bond({world.holder: 100, world.buyer: 50, world.spender: 7})


def test_pay__batch__pays_each_holder(world: World, bond: Contract) -> None:
    world.ready(bond)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.pay(bond, 1, [world.holder, world.outsider, world.buyer], sender=world.outsider)

    assert made.only("HoldersPaid") == {
        "bond": bond.address,
        "period": 1,
        "holders": [world.holder, world.outsider, world.buyer],
        "units": 150,
        "amount": 48_750,
        "actor": world.outsider,
    }
    assert "PaymentCompleted" not in made.names
    assert world.cash.balanceOf(world.holder) == before + 32_500
    payment = world.servicing.payment(bond, 1)
    assert (payment.paid, payment.unitsPaid) == (48_750, 150)
    assert world.cash.balanceOf(world.servicing) == payment.funded - payment.paid


def test_pay__last_holder__completes(world: World, bond: Contract) -> None:
    world.ready(bond)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    made = world.servicing.pay(bond, 1, [world.spender], sender=world.outsider)

    assert made.only("PaymentCompleted") == {
        "bond": bond.address,
        "period": 1,
        "residue": 0,
        "payer": world.paying_agent,
    }


def test_pay__twice__pays_once(world: World, bond: Contract) -> None:
    world.ready(bond)
    world.servicing.pay(bond, 1, [world.holder, world.holder], sender=world.outsider)

    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    assert (made.only("HoldersPaid").units, made.only("HoldersPaid").amount) == (50, 16_250)


@pytest.mark.parametrize("holders", [[], ["outsider"], ["issuer", "outsider"]])
def test_pay__nobody_is_owed_anything__reverts(world: World, bond: Contract, holders: list[str]) -> None:
    world.ready(bond)

    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.pay(bond, 1, [getattr(world, name) for name in holders], sender=world.outsider)


def test_pay__not_funded__reverts(world: World, bond: Contract) -> None:
    """PROPERTIES 7: paid means that cash moved."""
    world.to_payment(bond)

    with world.refuses("PaymentNotFunded", bond, 1):
        world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    with world.refuses("PaymentNotFunded", bond, 1):
        world.servicing.claim(bond, 1, sender=world.holder)
    with world.refuses("PaymentNotFunded", bond, 2):
        world.servicing.redeem(bond, [world.holder], sender=world.outsider)


def test_pay__before_the_payment_day__reverts(world: World, bond: Contract) -> None:
    days = world.to_record(bond)
    world.fund(bond)
    world.evm.warp(days.payTime - 1)

    with world.refuses("PaymentNotDue", bond, 1, days.payTime, days.payTime - 1):
        world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    with world.refuses("PaymentNotDue", bond, 1, days.payTime, days.payTime - 1):
        world.servicing.claim(bond, 1, sender=world.holder)
    world.evm.warp(days.payTime)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)


def test_pay__the_last_payment__reverts(world: World, bond: Contract) -> None:
    world.ready(bond, 2)

    with world.refuses("PaymentKindWrong", bond, 2, 2):
        world.servicing.pay(bond, 2, [world.holder], sender=world.outsider)


def test_redeem__before_maturity__reverts(world: World, bond: Contract) -> None:
    world.ready(bond, 1)
    with world.refuses("PaymentNotFunded", bond, 2):
        world.servicing.redeem(bond, [world.holder], sender=world.outsider)

    days = world.to_record(bond, 2)
    world.fund(bond, 2)
    with world.refuses("PaymentNotDue", bond, 2, days.payTime, world.evm.now):
        world.servicing.redeem(bond, [world.holder], sender=world.outsider)
    assert world.evm.now < days.payTime


def test_redeem__all_holders__burns_and_pays_principal(world: World, bond: Contract) -> None:
    """PROPERTIES 7: amount and burned units come from the same number."""
    world.ready(bond, 2)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.redeem(bond, [world.holder, world.buyer, world.spender], sender=world.outsider)

    burned = [event.value for event in made.named("Transfer") if event.to == ZERO]
    assert burned == [100, 50, 7]
    sent = [event.value for event in made.named("Transfer") if event.to != ZERO]
    assert sent == [1_032_500, 516_250, 72_275]
    assert made.only("HoldersPaid").amount == sum(sent)
    assert made.only("BondRedeemed") == {"period": 2}
    assert bond.totalSupply() == bond.balanceOf(world.holder) == 0
    assert world.cash.balanceOf(world.holder) == before + 1_032_500
    assert world.cash.balanceOf(world.servicing) == 0
    with world.refuses("PaymentNothingDue", bond, 2):
        world.servicing.redeem(bond, [world.holder], sender=world.outsider)


def test_claim__by_a_holder__pays_him(world: World, bond: Contract) -> None:
    world.ready(bond)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.claim(bond, 1, sender=world.holder)

    assert made.only("HoldersPaid").holders == [world.holder]
    assert world.cash.balanceOf(world.holder) == before + 32_500
    with world.refuses("PaymentAlreadyMade", bond, 1, world.holder):
        world.servicing.claim(bond, 1, sender=world.holder)


def test_claim__by_one_who_held_nothing_then__reverts(world: World, bond: Contract) -> None:
    world.to_record(bond)
    bond.transfer(world.investors[0], 100, sender=world.holder)
    world.ready(bond)

    with world.refuses("PaymentNothingDue", bond, 1):
        world.servicing.claim(bond, 1, sender=world.investors[0])
    world.servicing.claim(bond, 1, sender=world.holder)


def test_claim__of_the_last_payment__redeems(world: World, bond: Contract) -> None:
    world.ready(bond, 2)

    world.servicing.claim(bond, 2, sender=world.holder)

    assert (bond.balanceOf(world.holder), bond.totalSupply()) == (0, 57)


@pytest.mark.parametrize("order", list(permutations(["claim holder", "claim buyer", "sell", "push"])))
def test_claim_and_push__one_block_in_every_order__each_is_paid_once(
    world: World, bond: Contract, order: tuple[str, ...]
) -> None:
    """PROPERTIES 1: claim, snapshot, claim in one block in all orders pays each entitlement once."""
    world.ready(bond)
    before = {who: world.cash.balanceOf(who) for who in (world.holder, world.buyer, world.investors[0])}
    acts = {
        "claim holder": lambda: world.servicing.claim(bond, 1, sender=world.holder),
        "claim buyer": lambda: world.servicing.claim(bond, 1, sender=world.buyer),
        "sell": lambda: bond.transfer(world.investors[0], 100, sender=world.holder),
        "push": lambda: world.servicing.pay(bond, 1, [world.buyer, world.holder], sender=world.outsider),
    }
    for act in order:
        assert refused(acts[act]) in ("", "PaymentAlreadyMade", "PaymentNothingDue")

    assert world.cash.balanceOf(world.holder) == before[world.holder] + 32_500
    assert world.cash.balanceOf(world.buyer) == before[world.buyer] + 16_250
    assert world.cash.balanceOf(world.investors[0]) == before[world.investors[0]]


@pytest.mark.parametrize("first", ["record", "transfer"])
def test_claim__transfer_in_the_second_of_the_record__belongs_to_who_held_before(
    world: World, bond: Contract, first: str
) -> None:
    """PROPERTIES 1, 6: in the block of the record time a transfer comes after the books are closed."""
    with world.sandbox():
        record_time = world.to_record(bond).recordTime
    world.evm.warp(record_time)
    if first == "record":
        bond.advance(sender=world.outsider)
    bond.transfer(world.investors[0], 100, sender=world.holder)
    world.ready(bond)

    world.servicing.claim(bond, 1, sender=world.holder)
    assert refused(lambda: world.servicing.claim(bond, 1, sender=world.investors[0])) == "PaymentNothingDue"


def test_pay__frozen_part__is_kept_until_nothing_is_frozen(world: World, bond: Contract) -> None:
    world.ready(bond)
    world.freeze(bond, world.holder, 60)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert made.only("AmountKept") == {
        "bond": bond.address,
        "period": 1,
        "holder": world.holder,
        "amount": 19_500,
    }
    assert made.only("HoldersPaid").amount == 32_500 + 16_250
    assert world.cash.balanceOf(world.holder) == before + 13_000
    assert world.servicing.keptFor(bond, world.holder) == 19_500
    with world.refuses("KeptAmountFrozen", bond, world.holder, 60):
        world.servicing.collect(bond, world.holder, sender=world.holder)

    world.freeze(bond, world.holder, 0)
    collected = world.servicing.collect(bond, world.holder, sender=world.outsider)

    assert collected.only("AmountCollected") == {
        "bond": bond.address,
        "holder": world.holder,
        "amount": 19_500,
        "actor": world.outsider,
    }
    assert world.cash.balanceOf(world.holder) == before + 32_500
    with world.refuses("KeptAmountNone", bond, world.holder):
        world.servicing.collect(bond, world.holder, sender=world.holder)


def test_pay__rounding_of_a_frozen_part__loses_nothing(world: World) -> None:
    """What is sent and what is kept are together what was due."""
    bond = world.bond({world.holder: 3, world.buyer: 5}, faceValue=7, couponRate=333_333_333)
    world.ready(bond)
    world.freeze(bond, world.holder, 1)

    made = world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)

    due = made.only("HoldersPaid").amount
    assert due == 3 * 7 * 333_333_333 // 10**9
    sent = sum(event.value for event in made.named("Transfer"))
    assert sent + made.only("AmountKept").amount == due


@pytest.mark.parametrize("why", ["suspended", "member suspended", "removed", "expired"])
def test_pay__holder_not_in_order__is_kept_in_his_name(world: World, bond: Contract, why: str) -> None:
    """PROPERTIES 5: one blocked payee never delays another; PEERS 3: money owed survives."""
    world.ready(bond)
    if why == "suspended":
        world.suspend(world.holder)
    elif why == "member suspended":
        world.suspend_member(world.holder)
    elif why == "removed":
        world.registry.removeAccounts([world.holder], sender=world.registrar)
    else:
        world.registry.setRoles(world.holder, 1, world.evm.now, sender=world.registrar)
        world.evm.warp(world.evm.now + 1)
    others = world.cash.balanceOf(world.buyer)

    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert world.cash.balanceOf(world.buyer) == others + 16_250
    assert world.servicing.keptFor(bond, world.holder) == 32_500
    with world.refuses("CashAccountRefused", world.holder):
        world.servicing.collect(bond, world.holder, sender=world.outsider)
    if why == "suspended":
        world.reinstate(world.holder)
        world.servicing.collect(bond, world.holder, sender=world.outsider)
        assert world.servicing.keptFor(bond, world.holder) == 0


def test_claim__suspended_holder__is_kept_and_no_other_gets_it(world: World, bond: Contract) -> None:
    world.ready(bond)
    world.suspend(world.holder)

    world.servicing.claim(bond, 1, sender=world.holder)

    assert world.servicing.keptFor(bond, world.holder) == 32_500
    with world.refuses("PaymentAlreadyMade", bond, 1, world.holder):
        world.servicing.claim(bond, 1, sender=world.holder)


def test_pay__while_paused__pays(world: World, bond: Contract) -> None:
    """Money owed is not stopped by a pause of transfers."""
    world.pause(bond)
    world.ready(bond)

    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    world.servicing.claim(bond, 1, sender=world.buyer)


def test_collect__kept_of_several_payments__comes_at_once(world: World, bond: Contract) -> None:
    world.suspend(world.holder)
    world.ready(bond, 1)
    world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    world.ready(bond, 2)
    world.servicing.redeem(bond, [world.holder], sender=world.outsider)
    assert world.servicing.keptFor(bond, world.holder) == 32_500 + 1_032_500

    world.reinstate(world.holder)
    world.servicing.collect(bond, world.holder, sender=world.outsider)

    assert world.servicing.keptFor(bond, world.holder) == 0


def test_collect__frozen_for_ever__waits_and_stays(world: World, bond: Contract) -> None:
    world.ready(bond, 2)
    world.freeze(bond, world.holder, 2**256 - 1)
    world.servicing.redeem(bond, [world.holder], sender=world.outsider)

    assert bond.balanceOf(world.holder) == 0, "redeemed"
    assert world.servicing.keptFor(bond, world.holder) == 1_032_500
    with world.refuses("KeptAmountFrozen", bond, world.holder, 2**64 - 1):
        world.servicing.collect(bond, world.holder, sender=world.holder)
    world.freeze(bond, world.holder, 0)
    world.servicing.collect(bond, world.holder, sender=world.holder)


def test_collect__unknown_bond_or_holder__reverts(world: World, bond: Contract) -> None:
    with world.refuses("KeptAmountNone", bond, world.outsider):
        world.servicing.collect(bond, world.outsider, sender=world.outsider)
    with world.refuses("KeptAmountNone", world.cash, world.outsider):
        world.servicing.collect(world.cash, world.outsider, sender=world.outsider)


def batches_of(people: list[str], cuts: int) -> list[list[str]]:
    """The holders in order, cut where a bit is set."""
    found: list[list[str]] = [[]]
    for i, holder in enumerate(people):
        if cuts >> i & 1 and found[-1]:
            found.append([])
        found[-1].append(holder)
    return found


def serve(world: World, bond: Contract, period: int, holders: list[str]) -> None:
    if period == 2:
        world.servicing.redeem(bond, holders, sender=world.outsider)
    else:
        world.servicing.pay(bond, period, holders, sender=world.outsider)


def collect_all(world: World, bond: Contract, people: list[str]) -> None:
    for holder in people:
        world.freeze(bond, holder, 0)
        if world.servicing.keptFor(bond, holder):
            world.servicing.collect(bond, holder, sender=world.outsider)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    holdings=st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    terms=st.fixed_dictionaries(
        {
            "faceValue": st.integers(1, 10**6),
            "couponRate": st.integers(1, 2**32 - 2),
            "monthsPerPeriod": st.sampled_from([1, 3, 6, 12]),
            "dayCount": st.integers(0, 4),
        }
    ),
    frozen=st.lists(st.integers(0, 10**6), min_size=6, max_size=6),
    period=st.sampled_from([1, 2]),
    cuts=st.integers(0, 63),
)
def test_pay__any_holdings__paid_and_residue_are_what_was_funded(
    world: World, holdings: list[int], terms: dict[str, int], frozen: list[int], period: int, cuts: int
) -> None:
    """PROPERTIES 2, 6: nothing is stuck; residue below one base unit a holder, and it goes back."""
    with world.sandbox():
        people: list[str] = [*world.investors[: len(holdings)]]
        bond = world.bond(dict(zip(people, holdings, strict=True)), units=10**8, **terms)
        world.ready(bond, period)
        funded = world.servicing.payment(bond, period).funded
        assert world.cash.balanceOf(world.servicing) == funded
        for holder, units in zip(people, frozen, strict=False):
            world.freeze(bond, holder, units)
        before = {who: world.cash.balanceOf(who) for who in people}

        for batch in batches_of(people, cuts):
            serve(world, bond, period, batch)

        payment = world.servicing.payment(bond, period)
        residue = payment.funded - payment.paid
        assert 0 <= residue < len(people), "PAY-1: residue below one base unit a holder"
        assert world.servicing.keptFor(bond, world.paying_agent) == residue
        got = {
            who: world.cash.balanceOf(who) - before[who] + world.servicing.keptFor(bond, who)
            for who in people
        }
        for holder, units in zip(people, holdings, strict=True):
            assert got[holder] == sum(world.servicing.amountOf(bond, period, units)), "PAY-2: exact amount"
        assert sum(got.values()) + residue == funded, "PAY-3: paid and residue are what was funded"

        collect_all(world, bond, [*people, world.paying_agent])
        assert world.cash.balanceOf(world.servicing) == 0, "PAY-4: nothing is left in escrow"


def test_pay__300_holders_in_a_batch__pays_each(world: World) -> None:
    """More than the 256 that a batch of our cash takes: one by one, with the same result."""
    people = [actor(f"one of many {i}") for i in range(300)]
    for account in people:
        world.admit(account)
    bond = world.bond(dict.fromkeys(people, 1))
    world.ready(bond)

    made = world.servicing.pay(bond, 1, people, sender=world.outsider)

    assert [event.value for event in made.named("Transfer")] == [325] * 300
    assert "PaymentCompleted" in made.names
    assert world.cash.balanceOf(people[299]) == 325
