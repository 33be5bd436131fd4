"""The cash issuer, and money in members' accounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.world import WEALTH, World, lei_of

from indenture.errors import (
    AccessRefused,
    IndentureError,
    InputError,
    InvalidAmount,
    MembershipRefused,
    PaymentRefused,
)
from indenture.money import CNY, EUR, Money
from indenture.roles import CashIssuer

pytestmark = pytest.mark.integration


def test_issue__several_receivers__each_has_it(world: World) -> None:
    before = world.cash_issuer.outstanding()

    result = world.cash_issuer.issue([(world.account(0), Decimal("0.01")), (world.account(1), CNY.money(5))])

    assert (result.count, result.amount) == (2, CNY.money("5.01"))
    assert world.investor(0).cash_balance() == CNY.money(WEALTH * 2 + Decimal("0.01"))
    assert world.cash_issuer.outstanding() == before + CNY.money("5.01")


@pytest.mark.parametrize(
    ("amount", "error", "words"),
    [
        (1.5, InvalidAmount, "is a float, which cannot hold money"),
        (True, InvalidAmount, "is a bool"),
        (Decimal("0.001"), InvalidAmount, "not a whole number of base units"),
        (0, InvalidAmount, "is not above zero"),
        (-5, InvalidAmount, "is not above zero"),
        ("money", InvalidAmount, "is not a number"),
        (Money(Decimal(1), EUR), InvalidAmount, "is not in CNY"),
        (Decimal(10) ** 12, PaymentRefused, "the limit is CNY 1,000,000,000,000.00"),
    ],
)
def test_issue__bad_amount__clear_and_nothing_done(
    world: World, amount: Any, error: type[IndentureError], words: str
) -> None:
    before = world.cash_issuer.outstanding()

    with pytest.raises(error) as refused:
        world.cash_issuer.issue([(world.account(0), Decimal(1)), (world.account(1), amount)])

    assert words in refused.value.message
    assert world.cash_issuer.outstanding() == before


def test_issue__to_an_outsider__refused_and_nothing_done(world: World) -> None:
    before = world.cash_issuer.outstanding()

    with pytest.raises(MembershipRefused, match="is not an account of a member"):
        world.cash_issuer.issue([(world.account(0), 1), (world.outsider.account, 1)])

    assert world.cash_issuer.outstanding() == before


def test_issue__to_a_suspended_member__refused(world: World) -> None:
    world.depository.suspend_member(lei_of("investor 0"), "because")

    with pytest.raises(MembershipRefused, match="which is suspended"):
        world.cash_issuer.issue([(world.account(0), 1)])


def test_issue__by_an_investor__refused(world: World) -> None:
    with pytest.raises(AccessRefused):
        CashIssuer(world.suite, world.senders["investor 0"]).issue([(world.account(0), 1)])


def test_redeem__what_the_issuer_holds__is_out_of_circulation(world: World) -> None:
    issuer = world.cash_issuer
    issuer.issue([(issuer.sender.address, 100)])
    before = issuer.outstanding()

    result = issuer.redeem("99.99")

    assert result.amount == CNY.money("99.99")
    assert issuer.outstanding() == before - result.amount


def test_redeem__more_than_the_issuer_holds__refused(world: World) -> None:
    with pytest.raises(PaymentRefused, match=r"has CNY 0\.00, CNY 1\.00 is needed"):
        world.cash_issuer.redeem(1)


def test_set_limit__lower_than_outstanding__stops_issues(world: World) -> None:
    world.cash_issuer.set_limit(1)

    assert world.cash_issuer.limit() == CNY.money(1)
    with pytest.raises(PaymentRefused) as refused:
        world.cash_issuer.issue([(world.account(0), 1)])
    assert refused.value.name == "CashSupplyLimitExceeded"


def test_cash_issuer__currency_that_is_not_there__refused(world: World) -> None:
    with pytest.raises(InputError, match="there is no cash token in EUR"):
        CashIssuer(world.suite, world.senders["depository"], "EUR")


def test_transfer_cash__between_members__moves(world: World) -> None:
    result = world.investor(0).transfer_cash(world.account(1), "0.05")

    assert result.amount == CNY.money("0.05")
    assert world.investor(1).cash_balance() == CNY.money(WEALTH * 2 + Decimal("0.05"))


@pytest.mark.parametrize(
    ("amount", "words"), [(WEALTH * 3, "is needed"), (0, "is not above zero"), (-1, "is not above zero")]
)
def test_transfer_cash__bad_amount__refused(world: World, amount: Decimal, words: str) -> None:
    with pytest.raises((PaymentRefused, InvalidAmount), match=words):
        world.investor(0).transfer_cash(world.account(1), amount)


def test_transfer_cash__to_an_outsider__refused(world: World) -> None:
    with pytest.raises(MembershipRefused):
        world.investor(0).transfer_cash(world.outsider.account, 1)
