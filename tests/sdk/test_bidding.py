"""Bids on their way into the book: three forms, deposits, replacement, what is refused before it is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.world import (
    CLOSES,
    DEPOSIT,
    INVESTORS,
    ISIN,
    OPENS,
    PASSPHRASE,
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
from indenture.membership import MemberClass, Role
from indenture.models import AccountAdmission, Bid, BidStatus, MemberAdmission
from indenture.money import CNY
from indenture.primary import NON_COMPETITIVE, ClassRule, Form, TickBid
from indenture.roles import Investor, deploy_wallet, place_bids
from indenture.sealing import Vault, opened_hash

pytestmark = pytest.mark.integration

RICH = CNY.money(WEALTH * 2)
NOTHING = bytes(32)


# The three forms


def test_bid__open_book__is_in_the_clear_and_counted_at_once(world: World) -> None:
    number, investor = world.open_book(), world.investor(0)

    result = investor.bid(number, [Bid(100, 1_000)])

    assert result.bids == (TickBid(100_00, 1_000, investor.account),)
    assert (result.commitment, result.taken, result.deposit) == (None, CNY.money(0), CNY.money(0))
    assert world.book(number).bid_units == 1_000
    placed = investor.my_bids(number)
    assert (placed.status, placed.bids) == (BidStatus.OPENED, result.bids)
    assert world.suite.offering.bid_hash(number, investor.account) == opened_hash(result.bids)
    assert world.suite.offering.units_at(number, [0]) == [1_000]


def test_bid__sealed_book__only_a_commitment_is_on_the_chain(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)

    result = investor.bid(number, [Bid("3.2", 50_000_000), Bid("3.25", 1_000)], vault)

    seal = world.suite.offering.seals(number)[investor.account]
    entry = vault.entry(31337, world.suite.offering.address, number, investor.account)
    assert (seal.commitment, seal.ciphertext) == (result.commitment, b"")
    assert entry.opening.bids == result.bids
    assert entry.seal == world.suite.offering.bid_hash(number, investor.account)
    assert entry.commitment == world.suite.offering.commitment_of(
        number, investor.account, result.bids, entry.opening.salt
    )
    assert investor.my_bids(number).status is BidStatus.SEALED
    assert (world.book(number).bid_units, world.suite.offering.openings(number)) == (0, {})


def test_bid__encrypted_book__ciphertext_goes_with_the_commitment(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules(form=Form.ENCRYPTED), vault=vault)
    investor = world.investor(0)

    result = investor.bid(number, [Bid("3.2", 50_000_000)], vault)

    seal = world.suite.offering.seals(number)[investor.account]
    assert seal.commitment == result.commitment
    assert len(seal.ciphertext) == 426
    assert seal.ciphertext_hash == vault.entries(bidder=investor.account)[0].ciphertext_hash != NOTHING


def test_bid__several_quotes_and_clients__are_in_the_order_of_the_book(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules(non_competitive=1_000_000))
    client = world.account(1)

    result = world.investor(0).bid(
        number,
        [
            Bid(None, 500),
            Bid(Decimal("3.30"), 100, client),
            Bid("3.1", 200),
            TickBid(33_000_000, 300, world.account(0)),
        ],
        vault,
    )

    own = world.account(0)
    at_the_same_quote = sorted([(client, 100), (own, 300)], key=lambda each: int(each[0], 16))
    assert result.bids == (
        TickBid(31_000_000, 200, own),
        *(TickBid(33_000_000, units, account) for account, units in at_the_same_quote),
        TickBid(NON_COMPETITIVE, 500, own),
    )


def test_bid__repr_of_the_result__shows_no_bid(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())

    result = world.investor(0).bid(number, [Bid("3.2", 12_345)], vault)

    assert "12345" not in repr(result)


# Replacement and withdrawal


def test_bid__again_in_an_open_book__replaces(world: World) -> None:
    number, investor = world.open_book(world.rules(deposit=DEPOSIT.base)), world.investor(0)
    investor.bid(number, [Bid(100, 1_000)])

    again = investor.bid(number, [Bid(100, 400)])

    assert again.taken == CNY.money(0)
    assert (world.book(number).bid_units, world.book(number).bidders) == (400, 1)
    assert investor.cash_balance() == RICH - DEPOSIT


def test_bid__again_in_a_sealed_book__the_latest_counts(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    first = investor.bid(number, [Bid("3.1", 1_000)], vault)

    second = investor.bid(number, [Bid("3.4", 70)], vault)

    assert (first.taken, second.taken) == (DEPOSIT, CNY.money(0))
    assert first.commitment != second.commitment
    world.at(CLOSES)
    assert investor.open_bid(number, vault).bids == second.bids
    assert world.book(number).bid_units == 70


def test_withdraw_bid__deposit_stands_ready_again(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.bid(number, [Bid("3.1", 1_000)], vault)
    assert (investor.funds().balance, investor.funds().held) == (CNY.money(0), DEPOSIT)

    investor.withdraw_bid(number)

    assert (investor.funds().balance, investor.funds().held) == (DEPOSIT, CNY.money(0))
    assert investor.my_bids(number).status is BidStatus.NONE
    assert investor.withdraw_funds().amount == DEPOSIT
    assert investor.cash_balance() == RICH
    with pytest.raises(OfferingRefused) as refused:
        investor.withdraw_bid(number)
    assert refused.value.name == "BidUnknown"


def test_withdraw_bid__open_book__its_units_are_gone(world: World) -> None:
    number = world.open_book()
    world.investor(0).bid(number, [Bid(100, 1_000)])
    world.investor(1).bid(number, [Bid(100, 7)])

    world.investor(0).withdraw_bid(number)

    assert (world.book(number).bid_units, world.book(number).bidders) == (7, 1)
    assert [each.bidder for each in world.bookrunner.bids(number)] == [world.account(1)]


# Deposits


def test_deposit_funds__then_bid__is_taken_from_there(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)

    investor.deposit_funds(1_500_000)
    result = investor.bid(number, [Bid("3.1", 1_000)], vault)

    assert result.taken == CNY.money(0)
    assert investor.funds().balance == CNY.money(500_000)
    assert investor.cash_balance() == RICH - CNY.money(1_500_000)


def test_deposit_funds__part_of_the_deposit__the_rest_comes_from_the_account(
    world: World, vault: Vault
) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.deposit_funds(CNY.money(400_000))

    assert investor.bid(number, [Bid("3.1", 1_000)], vault).taken == CNY.money(600_000)


@pytest.mark.parametrize(
    ("amount", "error"),
    [(0, InvalidAmount), ("0.001", InvalidAmount), (WEALTH * 3, PaymentRefused), (1.5, InvalidAmount)],
)
def test_deposit_funds__bad_amount__refused(world: World, amount: Any, error: type[IndentureError]) -> None:
    with pytest.raises(error):
        world.investor(0).deposit_funds(amount)


def test_withdraw_funds__more_than_is_there__says_what_is(world: World) -> None:
    world.investor(0).deposit_funds(100)

    with pytest.raises(PaymentRefused, match=r"CNY 100\.00 stand ready .* CNY 100\.01 is asked for"):
        world.investor(0).withdraw_funds("100.01")
    assert world.investor(0).withdraw_funds(40).amount == CNY.money(40)
    assert world.investor(0).withdraw_funds().amount == CNY.money(60)
    with pytest.raises(PaymentRefused, match=r"CNY 0\.00 stand ready"):
        world.investor(0).withdraw_funds()


def test_bid__without_the_money_for_the_deposit__refused_and_not_remembered(
    world: World, vault: Vault
) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    investor.transfer_cash(world.account(1), WEALTH * 2)

    with pytest.raises(PaymentRefused, match=r"the deposit is CNY 1,000,000\.00"):
        investor.bid(number, [Bid("3.1", 1_000)], vault)

    assert vault.entries() == ()


# What is refused before it is sent


@pytest.mark.parametrize(
    ("bids", "error", "words"),
    [
        ([], InputError, "0 tick bids"),
        ([Bid("3.1", 0)], InputError, "0 units is not between the 100 and 150000000"),
        ([Bid("3.1", 99)], InputError, "99 units"),
        ([Bid("3.1", 150_000_001)], InputError, "150000001 units"),
        ([Bid("3.1", True)], InputError, "is not a whole number"),
        ([Bid("2.99", 100)], InputError, "2.99 % is not between 3 % and 3.6 %"),
        ([Bid("3.105", 100)], InputError, "3.105 % is between two ticks"),
        ([Bid("3.12345678", 100)], InputError, "is not a whole number of billionths"),
        ([Bid("much", 100)], InvalidAmount, "'much' is not a number"),
        ([Bid(3.1, 100)], InvalidAmount, "is a float"),  # type: ignore[arg-type]
        ([Bid(None, 100)], InputError, "takes no non-competitive bids"),
        ([Bid("3.1", 100), Bid("3.10", 200)], InputError, "is there twice"),
        ([Bid("3.1", 100, "0x12")], InputError, "is not an address"),
        ([Bid("3.1", 150_000_000), Bid("3.2", 50_000_001)], InputError, "200000001 units in all"),
        ([Bid("3.1", 100, key_of("outsider").address)], MembershipRefused, "is not an account of a member"),
    ],
)
def test_bid__that_breaks_a_rule__clear_and_nothing_is_sent_or_remembered(
    world: World, vault: Vault, bids: list[Bid], error: type[IndentureError], words: str
) -> None:
    number = world.open_book(world.tender_rules(minimum_bid=100, maximum_bid=150_000_000))
    investor = world.investor(0)
    sent = world.chain.nonce(investor.account)

    with pytest.raises(error) as refused:
        investor.bid(number, bids, vault)

    assert words in refused.value.message
    assert world.chain.nonce(investor.account) == sent
    assert vault.entries() == ()


def test_bid__sealed_without_a_vault__refused(world: World) -> None:
    number = world.open_book(world.tender_rules())

    with pytest.raises(InputError, match="no vault was given"):
        world.investor(0).bid(number, [Bid("3.1", 1_000)])


def test_bid__vault_cannot_be_written__nothing_is_sent(world: World, vault: Vault) -> None:
    number, investor = world.open_book(world.tender_rules()), world.investor(0)
    sent = world.chain.nonce(investor.account)
    vault.path.unlink()

    with pytest.raises(IndentureError):
        investor.bid(number, [Bid("3.1", 1_000)], vault)

    assert world.chain.nonce(investor.account) == sent


def test_bid__by_an_outsider__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(MembershipRefused, match="is not an account of a member"):
        world.outsider.bid(number, [Bid(100, 100)])


def test_bid__member_of_a_class_that_may_not_hold_it__names_the_classes(world: World) -> None:
    number = world.open_book()
    world.depository.reclassify_member(lei_of("investor 0"), MemberClass.NATURAL_PERSON, "CN")

    with pytest.raises(MembershipRefused, match="is of class natural-person; the bond is for operator, bank"):
        world.investor(0).bid(number, [Bid(100, 100)])


@pytest.mark.parametrize("suspended", [True, False], ids=["suspended", "not a holder"])
def test_bid__not_in_good_standing__says_why(world: World, suspended: bool) -> None:
    number = world.open_book()
    if suspended:
        world.depository.suspend_member(lei_of("investor 0"), "because")
    else:
        world.depository.set_roles(world.account(0), Role.DEALER)

    words = "which is suspended" if suspended else "lacks the role HOLDER"
    with pytest.raises(MembershipRefused, match=words):
        world.investor(0).bid(number, [Bid(100, 100)])


def test_bid__before_the_hours_and_after_them__refused_and_not_remembered(world: World, vault: Vault) -> None:
    number = world.mandate(world.tender_rules())
    world.bookrunner.accept_mandate(number)
    with pytest.raises(OfferingRefused, match="and its book not opened yet"):
        world.investor(0).bid(number, [Bid("3.1", 100)], vault)
    world.bookrunner.open_book(number)

    with pytest.raises(OfferingRefused) as early:
        world.investor(0).bid(number, [Bid("3.1", 100)], vault)
    world.at(CLOSES)
    with pytest.raises(OfferingRefused) as late:
        world.investor(0).bid(number, [Bid("3.1", 100)], vault)

    assert (early.value.name, late.value.name) == ("OfferingTooEarly", "OfferingTooLate")
    assert vault.entries() == ()


def test_bid__class_of_the_syndicate__has_limits_of_its_own(world: World, vault: Vault) -> None:
    classes = (ClassRule(0, 0), ClassRule(1_000, 50_000))
    number = world.open_book(world.tender_rules(), classes=classes, syndicate=[(0, 1, 0)])

    with pytest.raises(InputError, match="the bidder's class may not bid"):
        world.investor(1).bid(number, [Bid("3.1", 1_000)], vault)
    with pytest.raises(InputError, match="999 units in all is not between"):
        world.investor(0).bid(number, [Bid("3.1", 999)], vault)
    assert world.investor(0).bid(number, [Bid("3.1", 50_000)], vault).commitment


def test_bid__newcomer_after_the_opening__may_bid(world: World) -> None:
    number = world.open_book()
    world.depository.admit_members(
        [MemberAdmission(lei_of("late"), MemberClass.BANK, "CN", key_of("outsider").address, Role.HOLDER)]
    )

    assert world.outsider.bid(number, [Bid(100, 1)]).bids[0].units == 1


def test_bid__lots__are_whole(world: World, tmp_path: Any) -> None:
    file = tmp_path / "terms.yaml"
    file.write_text(TERMS.read_text().replace("minimum_denomination: 100 ", "minimum_denomination: 100_000 "))
    world.issuer.register(file)
    number = world.open_book(world.rules(minimum_bid=1_000))

    with pytest.raises(InputError, match="1500 units is not a whole number of lots of 1000"):
        world.investor(0).bid(number, [Bid(100, 1_500)])
    for i in range(INVESTORS):
        world.investor(i).bid(number, [Bid(100, 108_000_000 + i * 1_000)])
    world.clear(number)

    won = [each.won for each in world.bookrunner.allotments(number)]
    assert sum(won) == UNITS
    assert all(units % 1_000 == 0 for units in won)


def test_bid__price__is_money_for_one_unit(world: World) -> None:
    number = world.open_book(world.rules(lowest=99_00, highest=101_00, tick=5))

    result = world.investor(0).bid(number, [Bid("100.05", 10), Bid(99, 20)])

    assert [bid.quote for bid in result.bids] == [99_00, 100_05]
    with pytest.raises(InvalidAmount, match="is not a whole number of base units"):
        world.investor(0).bid(number, [Bid("100.055", 10)])


# A contract wallet


def test_bid__of_a_contract_wallet__is_its_own(world: World, vault: Vault) -> None:
    key = world.senders["investor 0"]
    wallet = deploy_wallet(world.suite, key)
    world.depository.admit_accounts([AccountAdmission(lei_of("investor 0"), wallet, Role.HOLDER)])
    world.cash_issuer.issue([(wallet, 2_000_000_000)])
    investor = Investor(world.suite, key, wallet=wallet)
    number = world.open_book(world.tender_rules())

    result = investor.bid(number, [Bid("3.1", 1_000)], vault)
    world.clear(number, vault)
    world.at(world.book(number).rules.settles_from)
    allotment = investor.pay(number)

    assert result.bidder == wallet == allotment.bidder
    assert allotment.settled
    assert world.bond.balance_of(wallet) == 1_000
    with pytest.raises(MembershipRefused, match="does not own the wallet"):
        Investor(world.suite, world.senders["investor 1"], wallet=wallet).withdraw_bid(number)


# Many at once


def test_place_bids__many__are_pipelined(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    wanted = [(world.senders[f"investor {i}"], [Bid("3.1", 100 + i)]) for i in range(INVESTORS)]

    results = place_bids(world.suite, number, wanted, vault)

    assert [result.bidder for result in results] == [world.account(i) for i in range(INVESTORS)]
    assert set(world.suite.offering.seals(number)) == {world.account(i) for i in range(INVESTORS)}
    assert len(Vault(vault.path, PASSPHRASE).entries(offering_id=number)) == INVESTORS
    assert place_bids(world.suite, number, []) == []


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ([("investor 0", 100), ("outsider", 100)], MembershipRefused),
        ([("investor 0", 100), ("investor 0", 200)], InputError),
        ([("investor 0", 100), ("investor 1", 0)], InputError),
        ([("investor 0", 100), ("bookrunner", 100)], PaymentRefused),
    ],
)
def test_place_bids__one_is_bad__none_is_placed(
    world: World, vault: Vault, wanted: list[tuple[str, int]], error: type[IndentureError]
) -> None:
    number = world.open_book(world.tender_rules())

    with pytest.raises(error):
        place_bids(
            world.suite, number, [(world.senders[who], [Bid("3.1", units)]) for who, units in wanted], vault
        )

    assert world.suite.offering.seals(number) == {}
    assert vault.entries() == ()


def test_my_bids__nobody_bid__is_none(world: World) -> None:
    number = world.open_book()
    assert world.book(number).isin == ISIN
    assert world.investor(0).my_bids(number).status is BidStatus.NONE
    assert world.book(number).rules.opens_at == OPENS
