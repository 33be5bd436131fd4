"""Clearing: the result on the chain is that of the rules in Python, and broken proofs are taken up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from tests.sdk.world import (
    CLEARS_BY,
    CLOSES,
    DEPOSIT,
    INVESTORS,
    OVER_ALLOTS_BY,
    REVEALS_BY,
    UNITS,
    WEALTH,
    World,
)

from indenture.chain import ContractCall, Receipt, Sender
from indenture.errors import InputError, InvalidAmount, OfferingRefused
from indenture.models import Bid
from indenture.money import CNY
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules, Stage, TenderResult, allocate, clear
from indenture.roles import Bookrunner, Issuer, open_bids, place_bids
from indenture.sealing import Vault

pytestmark = pytest.mark.integration


def bid_at_random(world: World, number: int, seed: int, vault: Vault | None = None) -> None:
    """Every investor bids at several quotes, some of them the same."""
    dice, rules = Random(seed), world.book(number).rules
    scale = 10**7 if rules.basis is Basis.RATE else 100
    for i in range(INVESTORS):
        quotes = dice.sample(
            range(rules.lowest, rules.lowest + 12 * rules.tick, rules.tick), dice.randint(1, 6)
        )
        bids = [Bid(Decimal(q) / scale, dice.randint(1, 40_000) * 1_000 + dice.randint(0, 9)) for q in quotes]
        if rules.non_competitive and dice.random() < 0.6:
            bids.append(Bid(None, dice.randint(1, 9_999_999)))
        world.investor(i).bid(number, bids, vault)


def require_as_in_python(world: World, number: int, result: TenderResult, over_allotted: int = 0) -> None:
    """What the chain found, published and gives out is what the rules say."""
    state = world.suite.offering.book(number)
    market, openings = world.bond.terms.market, world.suite.offering.openings(number)
    clearing = clear(
        state.rules, market, openings, over_allotted=over_allotted, commitments=state.commitments
    )
    expected = allocate(number, market, state.rules, clearing, openings)

    assert result == TenderResult.of(clearing, state.rules, market, CNY, isin=world.bond.isin)
    won = {each.bidder: each.units for each in world.bookrunner.allotments(number)}
    assert won == expected.allotments
    assert sum(map(sum, won.values())) == clearing.allotted
    assert (state.marginal_cut, state.non_competitive_cut) in (
        (expected.cuts.marginal, expected.cuts.non_competitive),
        (0, 0),  # every level is filled: nothing was to be proved
    )


# Results


@pytest.mark.parametrize("pricing", list(Pricing))
@pytest.mark.parametrize("seed", [1, 2])
def test_clear__by_rate__is_the_result_of_the_rules(
    world: World, vault: Vault, pricing: Pricing, seed: int
) -> None:
    band = 3 if pricing is Pricing.MIXED else 0
    rules = world.tender_rules(pricing=pricing, band=band, far_off=9, non_competitive=10_000_000)
    number = world.open_book(rules)
    bid_at_random(world, number, seed, vault)

    cleared = world.clear(number, vault)

    require_as_in_python(world, number, cleared.result)
    assert world.bond.terms.coupon_rate == world.suite.offering.book(number).issue_rate
    assert cleared.result == world.bookrunner.result(number)


@pytest.mark.parametrize("pricing", list(Pricing))
def test_clear__by_price__is_the_result_of_the_rules(world: World, pricing: Pricing) -> None:
    band = 2 if pricing is Pricing.MIXED else 0
    rules = world.rules(lowest=99_00, highest=101_00, tick=5, pricing=pricing, band=band)
    number = world.open_book(rules)
    bid_at_random(world, number, 7)

    cleared = world.clear(number)

    require_as_in_python(world, number, cleared.result)
    assert (cleared.result.issue_rate, cleared.result.marginal_rate) == (Decimal("3.2500"), None)


def test_clear__everything_is_filled__published_in_one_transaction(world: World) -> None:
    number = world.open_book()
    world.investor(0).bid(number, [Bid(100, UNITS)])

    cleared = world.clear(number)

    assert (cleared.count, len(cleared.transactions)) == (0, 1)
    assert world.book(number).stage is Stage.PUBLISHED
    assert cleared.result.bid_multiple == Decimal("1.00")


def test_clear__equal_bids__residue_does_not_depend_on_arrival(world: World) -> None:
    number = world.open_book(world.rules(offered=7))
    for i in reversed(range(INVESTORS)):
        world.investor(i).bid(number, [Bid(100, 7)])

    world.clear(number)

    won = sorted(each.won for each in world.bookrunner.allotments(number))
    assert won == [1, 1, 1, 2, 2]


def test_preview__before_the_clearing__is_the_result_to_come(world: World) -> None:
    number = world.open_book()
    world.bid_all(number)

    expected = world.bookrunner.preview(number)

    assert world.clear(number).result == expected
    with pytest.raises(OfferingRefused, match="has its result published"):
        world.bookrunner.preview(number)


# Proofs


def many(world: World) -> int:
    number = world.open_book(world.rules(offered=1_000))
    place_bids(
        world.suite,
        number,
        [(world.senders[f"investor {i}"], [Bid(100, 300 + i)]) for i in range(INVESTORS)],
    )
    world.at(CLOSES)
    world.bookrunner.close(number)
    return number


def test_clear__in_small_batches__is_proved(world: World) -> None:
    number = many(world)

    cleared = world.bookrunner.clear(number, batch=1)

    assert (cleared.count, len(cleared.transactions)) == (INVESTORS, 1 + INVESTORS)
    require_as_in_python(world, number, cleared.result)


class Cut(Exception):
    """The program ends here."""


def test_clear__proof_broken_off__is_taken_up_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, sent = many(world), 0
    transact = Sender.transact

    def broken(sender: Sender, call: ContractCall) -> Receipt:
        nonlocal sent
        sent += 1
        if sent > 3:  # the clearing and two parts of the proof
            raise Cut
        return transact(sender, call)

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "transact", broken)
        with pytest.raises(Cut):
            world.bookrunner.clear(number, batch=1)
    proof = world.suite.offering.proof_of(number, world.senders["bookrunner"].address)

    cleared = world.bookrunner.clear(number, batch=1)

    assert proof.last == sorted((world.account(i) for i in range(INVESTORS)), key=lambda a: int(a, 16))[1]
    assert (cleared.count, len(cleared.transactions)) == (INVESTORS - 2, INVESTORS - 2)
    require_as_in_python(world, number, cleared.result)


def test_clear__another_prover_was_faster__is_no_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = many(world)
    other = Bookrunner(world.suite, world.senders["outsider"])
    transact = Sender.transact

    def overtaken(sender: Sender, call: ContractCall) -> Receipt:
        monkeypatch.setattr(Sender, "transact", transact)
        other.clear(number)
        return transact(sender, call)

    monkeypatch.setattr(Sender, "transact", overtaken)
    cleared = world.bookrunner.clear(number)

    assert cleared.transactions == ()
    require_as_in_python(world, number, cleared.result)


def test_clear__again__refused_in_words(world: World) -> None:
    number = world.open_book()
    world.bid_all(number)
    world.clear(number)

    with pytest.raises(OfferingRefused, match="has its result published"):
        world.bookrunner.clear(number)


def test_clear__while_the_book_is_open__refused(world: World) -> None:
    number = world.open_book()

    with pytest.raises(OfferingRefused, match="has its book open"):
        world.bookrunner.clear(number)
    with pytest.raises(OfferingRefused, match="has its book open"):
        world.bookrunner.result(number)
    with pytest.raises(InputError, match="a batch of 0"):
        world.bookrunner.clear(number, batch=0)


def test_clear__bids_are_still_opened__too_early(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, [Bid("3.1", 1_000)], vault)
    world.at(CLOSES)
    world.investor(0).open_bid(number, vault)

    with pytest.raises(OfferingRefused) as early:
        world.bookrunner.clear(number)

    assert early.value.name == "OfferingTooEarly"


# Over-allotment


@pytest.fixture
def green(world: World, vault: Vault) -> int:
    """A tender of 100 million with up to 50 more, its bids open, on the eve of the over-allotment."""
    rules = world.tender_rules(offered=100_000_000, over_allotment=50_000_000)
    number = world.open_book(rules)
    for i in range(INVESTORS):
        world.investor(i).bid(number, [Bid("3.1", 30_000_000), Bid("3.2", 10_000_000)], vault)
    world.at(CLOSES)
    open_bids(world.suite, world.senders["outsider"], number, vault)
    return number


def test_declare_over_allotment__units_are_added(world: World, green: int) -> None:
    world.at(REVEALS_BY)

    world.issuer.declare_over_allotment(green, 50_000_000)
    cleared = world.bookrunner.clear(green)

    assert (cleared.result.offered, cleared.result.over_allotted) == (150_000_000, 50_000_000)
    assert cleared.result.allotted == 150_000_000
    require_as_in_python(world, green, cleared.result, 50_000_000)


def test_declare_over_allotment__declined__nobody_has_to_wait(world: World, green: int) -> None:
    world.at(REVEALS_BY)
    with pytest.raises(OfferingRefused) as early:
        world.bookrunner.clear(green)

    world.issuer.declare_over_allotment(green, 0)

    assert early.value.name == "OfferingTooEarly"
    assert world.book(green).over_allotment_declared
    assert world.bookrunner.clear(green).result.allotted == 100_000_000


def test_declare_over_allotment__silence__is_none(world: World, green: int) -> None:
    world.at(OVER_ALLOTS_BY)

    with pytest.raises(OfferingRefused) as late:
        world.issuer.declare_over_allotment(green, 1_000)

    assert late.value.name == "OfferingTooLate"
    assert world.bookrunner.clear(green).result.over_allotted == 0


def test_declare_over_allotment__bad_units_twice_or_by_another__refused(world: World, green: int) -> None:
    with pytest.raises(OfferingRefused) as early:
        world.issuer.declare_over_allotment(green, 1_000)
    world.at(REVEALS_BY)
    for units in (-1, 50_000_001, True, 1.5):
        with pytest.raises(InvalidAmount, match="up to 50,000,000"):
            world.issuer.declare_over_allotment(green, units)  # type: ignore[arg-type]
    with pytest.raises(OfferingRefused) as stranger:
        Issuer(world.suite, world.senders["bookrunner"]).declare_over_allotment(green, 0)
    world.issuer.declare_over_allotment(green, 1_000)
    with pytest.raises(OfferingRefused) as again:
        world.issuer.declare_over_allotment(green, 2_000)

    names = [refused.value.name for refused in (early, stranger, again)]
    assert names == ["OfferingTooEarly", "OfferingIssuerRefused", "OverAllotmentInvalid"]


# Failure


def failing(world: World, vault: Vault, rules: Rules, bids: list[Bid]) -> int:
    number = world.open_book(rules)
    world.investor(0).bid(number, bids, vault)
    result = world.clear(number, vault).result
    assert (result.allotted, result.issue_price, result.marginal_rate) == (0, None, None)
    assert world.book(number).stage is Stage.FAILED
    return number


def test_clear__too_little__fails_says_why_and_all_money_comes_back(world: World, vault: Vault) -> None:
    number = failing(world, vault, world.tender_rules(minimum_volume=5_000), [Bid("3.1", 4_999)])

    assert world.bookrunner.result(number).failed == "4999 units are less than the minimum volume of 5000"
    assert world.bookrunner.finish(number).released.count == 1
    assert world.investor(0).refund(number).amount == DEPOSIT
    assert world.investor(0).cash_balance() == CNY.money(WEALTH * 2)
    with pytest.raises(OfferingRefused, match="has failed"):
        world.bookrunner.settle(number)
    assert world.bond.terms.coupon_rate is None


def test_clear__no_quote__finds_no_price(world: World, vault: Vault) -> None:
    number = failing(world, vault, world.tender_rules(non_competitive=100_000), [Bid(None, 4_999)])

    assert world.bookrunner.result(number).failed == "no bid with a quote won, so no price was found"


def test_fail__margin_not_proved_in_time__says_so(world: World) -> None:
    number = many(world)
    world.senders["outsider"].transact(world.suite.offering.clear(number))
    assert world.book(number).stage is Stage.CLEARED
    assert world.bookrunner.result(number).allotted == 1_000
    world.at(CLEARS_BY + timedelta(seconds=1))

    world.bookrunner.fail(number)

    assert world.bookrunner.result(number).failed == "the shares at its margin were not proved in time"
    assert world.bookrunner.release_all(number).count == INVESTORS


def test_fail__book_never_opened__says_so(world: World) -> None:
    number = world.mandate()
    world.at(CLOSES)
    world.bookrunner.fail(number)

    assert world.bookrunner.result(number).failed == "its book was not opened in time"


def test_clear__form_and_class_rules_of_a_ministry__come_out(world: World, vault: Vault) -> None:
    """A mixed tender by rate with a syndicate: class A bids for at most 30 %, others for 10 %."""
    rules = world.tender_rules(form=Form.ENCRYPTED, pricing=Pricing.MIXED, band=12, far_off=50)
    classes = (ClassRule(0, 0), ClassRule(6_000_000, 60_000_000), ClassRule(1_000_000, 20_000_000))
    number = world.open_book(
        rules, classes=classes, syndicate=[(i, 1 if i < 3 else 2, 0) for i in range(INVESTORS)], vault=vault
    )
    for i in range(INVESTORS):
        most = 60_000_000 if i < 3 else 20_000_000
        world.investor(i).bid(number, [Bid("3.0", most // 2), Bid("3.25", most // 2)], vault)
    world.at(CLOSES)
    world.bookrunner.open_bids(number, vault)
    world.at(REVEALS_BY)

    result = world.bookrunner.clear(number).result

    assert (result.method, result.bid, result.allotted) == ("mixed tender by rate", 220_000_000, 110_000_000)
    assert (result.issue_rate, result.marginal_rate) == (Decimal("3.0000"), Decimal("3.0000"))
    require_as_in_python(world, number, result)
