"""Withholding: whose rate, what it is taken from, where it goes

├── the first entry that has the holder's class; the last one is for all
├── of the interest of the holding, rounded down; nothing of the principal
├── the holder cannot be paid, or is frozen -> the net amount is kept for him, the tax is sent
└── the tax account cannot be paid -> the tax is kept for it
"""

from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import ALL_CLASSES, BANK, FUND, NO_PROVISIONS, WHOLE
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit

BANKS, FUNDS = 1 << BANK, 1 << FUND
RATES = [(BANKS, 100_000_000), (FUNDS, 250_000_000), (ALL_CLASSES, 300_000_000)]


def taxed(
    world: World,
    rates: list[tuple[int, int]] | None = None,
    account: Any = None,
    holdings: dict[str, int] | None = None,
    **terms: Any,
) -> Contract:
    """The holder is a bank, the buyer and the investors are funds."""
    entries = [Record(classes=classes, rate=rate) for classes, rate in rates or RATES]
    provisions = NO_PROVISIONS.but(taxAccount=account or world.cash_issuer, withholdings=entries)
    held = holdings or {world.holder: 100, world.buyer: 50}
    return world.bond(held, provisions=provisions, **terms)


def balances(world: World, *accounts: Any) -> list[int]:
    return [world.cash.balanceOf(account) for account in accounts]


def test_pay__each_class__has_its_rate(world: World) -> None:
    bond = taxed(world)
    world.ready(bond)
    accounts = (world.holder, world.buyer, world.cash_issuer)
    before = balances(world, *accounts)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert [event.arguments for event in made.named("TaxWithheld")] == [
        {"bond": bond.address, "period": 1, "holder": who, "gross": gross, "tax": tax, "net": gross - tax}
        for who, gross, tax in ((world.holder, 32_500, 3_250), (world.buyer, 16_250, 4_062))
    ]
    got = [after - start for after, start in zip(balances(world, *accounts), before, strict=True)]
    assert got == [29_250, 12_188, 7_312]
    assert made.only("HoldersPaid").amount == 48_750, "what is due: sent, withheld or kept"
    assert made.only("PaymentCompleted").residue == 0
    assert world.cash.balanceOf(world.servicing) == 0


def test_tax_rates__first_entry_that_matches__applies(world: World) -> None:
    both = [(BANKS | FUNDS, 1), (BANKS, 2), (ALL_CLASSES, 3)]
    accounts = [world.holder, world.buyer, world.issuer, world.outsider]
    tax, rates = world.servicing.taxRatesOf(taxed(world, both), accounts)

    assert (tax, rates) == (world.cash_issuer, [1, 1, 3, 3])
    assert world.servicing.taxRatesOf(taxed(world, [(0, 9), (ALL_CLASSES, 4)]), accounts)[1] == [4] * 4
    assert world.servicing.taxRatesOf(world.bond(), accounts) == ("0x" + "00" * 20, [0] * 4)


def test_pay__account_that_is_nothing_any_more__is_taxed_as_all(world: World) -> None:
    bond = taxed(world)
    world.ready(bond)
    world.registry.removeAccounts([world.holder], sender=world.registrar)

    made = world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)

    assert made.only("TaxWithheld").tax == 9_750
    assert world.servicing.keptFor(bond, world.holder) == 32_500 - 9_750


def test_pay__class_at_the_payment__counts(world: World) -> None:
    bond = taxed(world)
    world.ready(bond)
    world.registry.reclassifyMember(
        world.leis[world.holder], FUND, b"CN", [world.holder], sender=world.registrar
    )

    assert (
        world.servicing.pay(bond, 1, [world.holder], sender=world.outsider).only("TaxWithheld").tax == 8_125
    )


def test_pay__rate_zero__is_no_tax_at_all(world: World) -> None:
    bond = taxed(world, [(BANKS, 0), (ALL_CLASSES, WHOLE)])
    world.ready(bond)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert made.only("TaxWithheld").holder == world.buyer
    assert (made.only("TaxWithheld").tax, made.only("TaxWithheld").net) == (16_250, 0)
    assert world.servicing.keptFor(bond, world.buyer) == 0


def test_redeem__principal__is_not_taxed(world: World) -> None:
    bond = taxed(world)
    world.ready(bond, 2)
    before = balances(world, world.holder, world.cash_issuer)

    made = world.servicing.redeem(bond, [world.holder], sender=world.outsider)

    assert (made.only("TaxWithheld").gross, made.only("TaxWithheld").tax) == (32_500, 3_250)
    after = balances(world, world.holder, world.cash_issuer)
    assert [b - a for a, b in zip(before, after, strict=True)] == [1_032_500 - 3_250, 3_250]


def test_claim__by_a_holder__is_taxed_alike(world: World) -> None:
    bond = taxed(world)
    world.ready(bond)

    assert world.servicing.claim(bond, 1, sender=world.buyer).only("TaxWithheld").tax == 4_062


def test_pay__suspended_holder__net_is_kept_and_tax_is_sent(world: World) -> None:
    """A suspension is no other class."""
    bond = taxed(world)
    world.ready(bond)
    world.suspend(world.holder)
    before = world.cash.balanceOf(world.cash_issuer)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    tax = made.named("TaxWithheld")[0].tax
    assert world.servicing.keptFor(bond, world.holder) == 32_500 - tax
    assert world.cash.balanceOf(world.cash_issuer) - before == tax + 4_062
    assert world.cash.balanceOf(world.servicing) == 32_500 - tax
    world.reinstate(world.holder)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert world.cash.balanceOf(world.servicing) == 0


@pytest.mark.parametrize("frozen", [1, 33, 99, 100, 2**256 - 1])
def test_pay__frozen_holder__sent_kept_and_tax_are_what_is_due(world: World, frozen: int) -> None:
    bond = taxed(world, faceValue=7_777, couponRate=33_333_333)
    world.ready(bond)
    world.freeze(bond, world.holder, frozen)
    before = balances(world, world.holder, world.cash_issuer)
    due = world.servicing.amountOf(bond, 1, 100)[0]

    made = world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)

    tax = due // 10
    after = balances(world, world.holder, world.cash_issuer)
    sent, to_tax = (b - a for a, b in zip(before, after, strict=True))
    kept = world.servicing.keptFor(bond, world.holder)
    assert (made.only("HoldersPaid").amount, to_tax) == (due, tax)
    assert sent + kept == due - tax
    free = world.servicing.amountOf(bond, 1, max(0, 100 - frozen))[0]
    assert sent == free - free // 10


def test_pay__tax_account_cannot_be_paid__is_kept_for_it(world: World) -> None:
    """Neither the holders nor the tax wait for each other."""
    bond = taxed(world)
    world.ready(bond)
    world.suspend(world.cash_issuer)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert world.cash.balanceOf(world.holder) - before == 29_250
    assert made.named("AmountKept")[-1].arguments == {
        "bond": bond.address,
        "period": 1,
        "holder": world.cash_issuer,
        "amount": 7_312,
    }
    with world.refuses("CashAccountRefused", world.cash_issuer):
        world.servicing.collect(bond, world.cash_issuer, sender=world.outsider)
    world.reinstate(world.cash_issuer)
    world.servicing.collect(bond, world.cash_issuer, sender=world.outsider)
    assert world.cash.balanceOf(world.servicing) == 0


@pytest.mark.parametrize("account", ["servicing", "outsider", "cash", "factory"])
def test_pay__tax_account_that_cannot_hold_cash__stops_nobody(world: World, account: str) -> None:
    target = getattr(world, account)
    bond = taxed(world, account=getattr(target, "address", target))
    world.ready(bond)
    before = world.cash.balanceOf(world.holder)

    made = world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert world.cash.balanceOf(world.holder) - before == 29_250
    assert made.only("PaymentCompleted").residue == 0
    assert world.servicing.keptFor(bond, target) == 7_312 == world.cash.balanceOf(world.servicing)


def test_pay__tax_account_is_a_holder__gets_both(world: World) -> None:
    bond = taxed(world, account=world.buyer)
    world.ready(bond)
    before = world.cash.balanceOf(world.buyer)

    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)

    assert world.cash.balanceOf(world.buyer) - before == 16_250 + 3_250


def test_pay__tax_of_many__is_sent_once(world: World) -> None:
    people = world.investors[:5]
    bond = taxed(world, holdings=dict.fromkeys(people, 3), faceValue=11, couponRate=333_333_333)
    world.ready(bond)
    due = world.servicing.amountOf(bond, 1, 3)[0]
    before = world.cash.balanceOf(world.cash_issuer)

    made = world.servicing.pay(bond, 1, people, sender=world.outsider)

    transfers = [event for event in made.named("Transfer") if event.to == world.cash_issuer]
    assert [event.value for event in transfers] == [5 * (due // 4)]
    assert world.cash.balanceOf(world.cash_issuer) - before == 5 * (due // 4)
