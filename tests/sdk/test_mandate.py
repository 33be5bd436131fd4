"""Mandate and syndicate: issuer, bookrunner and underwriters before the book opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.sdk.world import (
    CLOSES,
    DEPOSIT,
    ISIN,
    OPENS,
    PASSPHRASE,
    SETTLES_BY,
    TENDER_TERMS,
    TERMS,
    UNITS,
    WEALTH,
    World,
    key_of,
    lei_of,
)

from indenture.errors import (
    IndentureError,
    InputError,
    InvalidAmount,
    MembershipRefused,
    OfferingRefused,
    PaymentRefused,
)
from indenture.membership import Role
from indenture.models import AccountAdmission, Bid, Invitation
from indenture.money import CNY
from indenture.primary import Basis, ClassRule, Form, Pricing, Stage
from indenture.roles import Bookrunner, Issuer, Underwriter, deploy_wallet
from indenture.sealing import Vault, VaultBookKeyMissing, Work

pytestmark = pytest.mark.integration

CLASSES = (ClassRule(0, 40_000_000), ClassRule(10_000_000, 100_000_000))
ENTITLED = (CLASSES[0], ClassRule(10_000_000, 100_000_000, 5_000))


# The mandate


def test_mandate__all_that_can_be_set__is_as_told(world: World) -> None:
    rules = world.rules(
        form=Form.ENCRYPTED,
        pricing=Pricing.MIXED,
        offered=100_000_000,
        over_allotment=20_000_000,
        minimum_volume=50_000_000,
        non_competitive=30_000_000,
        minimum_bid=100,
        maximum_bid=90_000_000,
        lowest=98_00,
        highest=102_00,
        tick=5,
        deposit=7_00,
        far_off=50,
        band=12,
        additional_seconds=900,
    )

    number = world.mandate(rules, classes=ENTITLED)

    book = world.book(number)
    assert number == 1 == world.suite.offering.offering_of(world.bond.address)
    assert (book.rules, book.classes) == (rules, ENTITLED)
    assert (book.stage, book.isin, book.lot, book.deposit) == (Stage.MANDATED, ISIN, 1, CNY.money(7))
    assert book.proceeds_account == world.senders["issuer"].address
    assert book.bookrunner == world.senders["bookrunner"].address
    assert (book.encryption_key, book.published_at, book.accrual_day) == (None, None, None)
    mandate = world.suite.offering.mandate_of(number)
    assert (mandate.rules, mandate.classes, mandate.bond) == (rules, ENTITLED, world.bond.address)


def test_mandate__without_classes__everybody_may_bid_for_all(world: World) -> None:
    number = world.mandate()

    assert world.book(number).classes == (ClassRule(0, UNITS),)


def test_mandate__coupon_by_tender__is_none_until_the_result(world: World) -> None:
    world.issuer.register(TENDER_TERMS)

    assert world.bond.terms.coupon_rate is None
    assert world.suite.factory.bonds()[0].terms.coupon_rate is None
    assert world.issuer.mandate(ISIN, world.tender_rules(), world.senders["bookrunner"].address) == 1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"offered": 0}, InputError, "offered"),
        ({"offered": 200_000_001}, InputError, "exceed the 200,000,000 units of the terms"),
        ({"over_allotment": 1_000}, InputError, "200,001,000 units, 0 more"),
        ({"lowest": 0, "highest": 0}, InputError, "lowest"),
        ({"minimum_volume": UNITS + 1}, InputError, "minimum_volume"),
        ({"maximum_bid": 10, "minimum_bid": 20}, InputError, "maximum_bid"),
        ({"closes_at": OPENS, "reveals_by": OPENS, "over_allots_by": OPENS}, InputError, "closes_at"),
        ({"settles_by": CLOSES}, InputError, "settles_by"),
        ({"opens_at": OPENS.replace(tzinfo=None)}, InputError, "has no time zone"),
        ({"basis": Basis.RATE}, InputError, "basis"),
        ({"form": Form.SEALED, "reveals_by": CLOSES, "over_allots_by": CLOSES}, InputError, "reveals_by"),
        ({"takes_up_by": SETTLES_BY + timedelta(days=710)}, OfferingRefused, "takesUpBy"),
    ],
)
def test_mandate__bad_rule__clear_and_no_offering(
    world: World, changes: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    world.issuer.register(TERMS)

    with pytest.raises(error) as refused:
        world.mandate(world.rules(**changes))

    assert words in refused.value.message
    assert world.suite.offering.count() == 0


@pytest.mark.parametrize(
    ("bookrunner", "words"),
    [("investor 0", "lacks the role BOOKRUNNER"), ("outsider", "is not an account of a member")],
)
def test_mandate__bookrunner_who_is_none__refused(world: World, bookrunner: str, words: str) -> None:
    world.issuer.register(TERMS)

    with pytest.raises(MembershipRefused, match=words):
        world.issuer.mandate(ISIN, world.rules(), key_of(bookrunner).address)


def test_mandate__bond_of_another_account__refused(world: World) -> None:
    world.issuer.register(TERMS)
    other = world.senders["investor 0"]
    world.depository.set_roles(other.address, Role.HOLDER | Role.ISSUER)

    with pytest.raises(OfferingRefused, match="did not register CND1000BOC15") as refused:
        Issuer(world.suite, other).mandate(ISIN, world.rules(), world.senders["bookrunner"].address)

    assert refused.value.name == "OfferingIssuerRefused"


def test_mandate__while_one_lives__refused_and_after_it_failed_allowed(world: World) -> None:
    number = world.mandate()

    with pytest.raises(OfferingRefused) as refused:
        world.mandate()
    world.at(CLOSES)
    world.bookrunner.fail(number)
    opens, closes = CLOSES + timedelta(minutes=10), CLOSES + timedelta(minutes=30)
    later = {"opens_at": opens, "closes_at": closes}
    times = {"reveals_by": later["closes_at"], "over_allots_by": later["closes_at"]}

    assert refused.value.name == "OfferingAlreadyOpen"
    assert world.book(number).stage is Stage.FAILED
    assert world.mandate(world.rules(**later, **times)) == 2


def test_book__no_such_offering__refused(world: World) -> None:
    for number in (7, 0, True, "1"):
        with pytest.raises(InputError, match="offering"):
            world.bookrunner.book(number)  # type: ignore[arg-type]


# Acceptance


def test_accept_mandate__encrypted__key_is_in_the_vault_before_it_is_on_chain(
    world: World, vault: Vault
) -> None:
    number = world.mandate(world.tender_rules(form=Form.ENCRYPTED))

    done = world.bookrunner.accept_mandate(number, vault)

    assert done.encryption_key == world.book(number).encryption_key
    again = Vault(vault.path, PASSPHRASE)
    key = again.book_key(31337, world.suite.offering.address, number, public=done.encryption_key)
    assert key.public == done.encryption_key


def test_accept_mandate__vault_cannot_be_written__nothing_is_sent(world: World, vault: Vault) -> None:
    number = world.mandate(world.tender_rules(form=Form.ENCRYPTED))
    sent = world.chain.nonce(world.senders["bookrunner"].address)
    vault.path.unlink()

    with pytest.raises(IndentureError):
        world.bookrunner.accept_mandate(number, vault)

    assert world.chain.nonce(world.senders["bookrunner"].address) == sent
    assert world.book(number).stage is Stage.MANDATED


def test_accept_mandate__encrypted_without_a_vault__refused(world: World) -> None:
    number = world.mandate(world.tender_rules(form=Form.ENCRYPTED))

    with pytest.raises(InputError, match="no vault was given"):
        world.bookrunner.accept_mandate(number)


def test_accept_mandate__by_another__refused_and_no_key_is_kept(world: World, vault: Vault) -> None:
    number = world.mandate(world.tender_rules(form=Form.ENCRYPTED))

    with pytest.raises(OfferingRefused) as refused:
        Bookrunner(world.suite, world.senders["issuer"]).accept_mandate(number, vault)

    assert refused.value.name == "OfferingBookrunnerRefused"
    with pytest.raises(VaultBookKeyMissing):
        vault.book_key(31337, world.suite.offering.address, number)


def test_accept_mandate__twice__refused_in_words(world: World) -> None:
    number = world.mandate()
    world.bookrunner.accept_mandate(number)

    with pytest.raises(OfferingRefused, match="has its mandate accepted"):
        world.bookrunner.accept_mandate(number)


# The syndicate


@pytest.fixture
def forming(world: World) -> World:
    """Offering 1, whose syndicate is being formed."""
    number = world.mandate(world.tender_rules(), classes=CLASSES)
    world.bookrunner.accept_mandate(number)
    return world


def test_syndicate__invited_and_joined__deposit_is_locked(forming: World) -> None:
    world, joiner = forming, forming.underwriter(1)
    world.bookrunner.invite_all(
        1, [Invitation(world.account(0), 1, 50_000_000), Invitation(world.account(1), 1, 30_000_000)]
    )

    joined = joiner.join(1)

    assert (joined.bidder_class, joined.commitment) == (1, 30_000_000)
    assert (joined.taken, joined.deposit) == (DEPOSIT, DEPOSIT)
    assert world.bookrunner.syndicate(1) == (
        Invitation(world.account(0), 1, 50_000_000, joined=False),
        Invitation(world.account(1), 1, 30_000_000, joined=True),
    )
    assert joiner.invitation(1) == Invitation(world.account(1), 1, 30_000_000, joined=True)
    assert joiner.funds().held == DEPOSIT
    assert world.investor(1).cash_balance() == CNY.money(WEALTH * 2) - DEPOSIT
    world.bookrunner.open_book(1)
    assert world.book(1).commitments == 30_000_000


def test_join__deposit_stands_ready__nothing_is_taken(forming: World) -> None:
    forming.bookrunner.invite(1, forming.account(0), commitment=10_000_000)
    forming.underwriter(0).deposit_funds(2_000_000)

    joined = forming.underwriter(0).join(1)

    assert joined.taken == CNY.money(0)
    assert forming.underwriter(0).funds().balance == CNY.money(1_000_000)


def test_join__invitation_changed_since_it_was_seen__refused(forming: World) -> None:
    forming.bookrunner.invite(1, forming.account(0), commitment=10_000_000)
    seen = forming.underwriter(0).invitation(1)
    forming.bookrunner.invite(1, forming.account(0), commitment=90_000_000)

    with pytest.raises(OfferingRefused) as refused:
        forming.underwriter(0).join(1, seen)

    assert refused.value.name == "UnderwriterRefused"
    assert forming.underwriter(0).join(1).commitment == 90_000_000


def test_join__not_invited__or_twice__refused_in_words(forming: World) -> None:
    with pytest.raises(OfferingRefused, match="is not invited"):
        forming.underwriter(0).join(1)
    forming.bookrunner.invite(1, forming.account(0))
    forming.underwriter(0).join(1)

    with pytest.raises(OfferingRefused, match="has joined already"):
        forming.underwriter(0).join(1)
    assert forming.underwriter(1).invitation(1) is None


def test_join__without_the_money__refused(forming: World) -> None:
    forming.bookrunner.invite(1, forming.account(0))
    forming.investor(0).transfer_cash(forming.account(1), WEALTH * 2)

    with pytest.raises(PaymentRefused, match=r"the deposit is CNY 1,000,000\.00"):
        forming.underwriter(0).join(1)


@pytest.mark.parametrize(
    ("invitation", "error", "words"),
    [
        ({"bidder_class": 0}, InputError, "there is no class 0"),
        ({"bidder_class": 2}, InputError, "classes 1 to 1"),
        ({"commitment": -1}, InvalidAmount, "a commitment of -1"),
        ({"commitment": UNITS + 1}, InvalidAmount, "is not 0 to 200,000,000 units"),
        ({"underwriter": "0x12"}, InputError, "is not an address"),
        ({"underwriter": key_of("bookrunner").address}, MembershipRefused, "lacks the role UNDERWRITER"),
        ({"underwriter": key_of("outsider").address}, MembershipRefused, "is not an account"),
    ],
)
def test_invite__bad_invitation__clear_and_nobody_is_invited(
    forming: World, invitation: dict[str, Any], error: type[IndentureError], words: str
) -> None:
    good = Invitation(forming.account(0), 1, 0)
    bad = replace(Invitation(forming.account(1), 1, 0), **invitation)

    with pytest.raises(error) as refused:
        forming.bookrunner.invite_all(1, [good, bad])

    assert words in refused.value.message + refused.value.hint
    assert forming.bookrunner.syndicate(1) == ()


def test_invite__twice_the_same__refused(forming: World) -> None:
    with pytest.raises(InputError, match="is named twice"):
        forming.bookrunner.invite_all(1, [Invitation(forming.account(0), 1, 0)] * 2)


# The book, and its end before the close


def test_open_book__too_late_or_by_another__refused(forming: World) -> None:
    with pytest.raises(OfferingRefused, match="is not the bookrunner of this offering"):
        Bookrunner(forming.suite, forming.senders["issuer"]).open_book(1)
    forming.at(CLOSES)
    with pytest.raises(OfferingRefused) as late:
        forming.bookrunner.open_book(1)

    assert late.value.name == "OfferingTooLate"


def test_close__too_early_or_twice__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(OfferingRefused) as early:
        world.bookrunner.close(number)
    world.at(CLOSES)
    world.bookrunner.close(number)
    with pytest.raises(OfferingRefused, match="is closed, and not cleared yet"):
        world.bookrunner.close(number)

    assert early.value.name == "OfferingTooEarly"


def cancelled_by(world: World, number: int) -> None:
    world.issuer.cancel(number, "the market is shut")


def never_closed(world: World, number: int) -> None:
    world.at(world.book(number).rules.clears_by + timedelta(seconds=1))
    world.bookrunner.fail(number)


@pytest.mark.parametrize("end", [cancelled_by, never_closed])
def test_cancelled__by_the_issuer_or_because_nobody_closed__all_deposits_come_back(
    world: World, vault: Vault, end: Callable[[World, int], None]
) -> None:
    number = world.open_book(world.tender_rules(), classes=CLASSES, syndicate=[(1, 1, 10_000_000)])
    world.investor(0).bid(number, [Bid("3.2", 1_000)], vault)

    end(world, number)

    assert world.book(number).stage is Stage.CANCELLED
    assert world.investor(0).refund(number).amount == DEPOSIT
    world.underwriter(1).discharge(number)
    assert world.underwriter(1).withdraw_funds().amount == DEPOSIT
    assert world.suite.cash().balance_of(world.suite.offering.address) == 0
    assert world.investor(0).cash_balance() == CNY.money(WEALTH * 2)
    with pytest.raises(OfferingRefused, match="was cancelled"):
        world.bookrunner.result(number)


def test_cancel__by_another_or_after_the_close__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(OfferingRefused) as stranger:
        Issuer(world.suite, world.senders["bookrunner"]).cancel(number, "no")
    with pytest.raises(InputError, match="a reason is needed"):
        world.issuer.cancel(number, " ")
    world.at(CLOSES)
    with pytest.raises(OfferingRefused) as late:
        world.issuer.cancel(number, "no")

    assert (stranger.value.name, late.value.name) == ("OfferingIssuerRefused", "OfferingTooLate")


def test_join__of_a_contract_wallet__is_its_own(forming: World) -> None:
    world, key = forming, forming.senders["investor 0"]
    wallet = deploy_wallet(world.suite, key)
    roles = Role.HOLDER | Role.UNDERWRITER
    world.depository.admit_accounts([AccountAdmission(lei_of("investor 0"), wallet, roles)])
    world.cash_issuer.issue([(wallet, DEPOSIT.amount + 1)])
    world.bookrunner.invite(1, wallet, commitment=5)
    client = Underwriter(world.suite, key, wallet=wallet)

    client.join(1)

    assert client.account == wallet
    assert client.invitation(1) == Invitation(wallet, 1, 5, joined=True)
    assert (client.funds().held, world.suite.cash().balance_of(wallet)) == (DEPOSIT, 100)
    with pytest.raises(MembershipRefused, match="does not own the wallet"):
        Underwriter(world.suite, world.senders["investor 1"], wallet=wallet).deposit_funds(1)


def test_vault__of_another_passphrase__opens_nothing(world: World, vault: Vault) -> None:
    number = world.mandate(world.tender_rules(form=Form.ENCRYPTED))
    other = Vault(vault.path.with_name("other"), PASSPHRASE, create=True, work=Work.MINIMAL)
    world.bookrunner.accept_mandate(number, vault)
    world.bookrunner.open_book(number)
    world.at(CLOSES)

    with pytest.raises(VaultBookKeyMissing):
        world.bookrunner.open_bids(number, other)
