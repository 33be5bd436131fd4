"""Puts: opened, elected, withdrawn, funded and settled; what was promised late, and what a court undoes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.sdk.bonds import DAY, EACH, HOUR, UNITS, figures, issue, pay, sheet_of
from tests.sdk.world import ISIN, World

from indenture.errors import (
    AccessRefused,
    InputError,
    MembershipRefused,
    PaymentRefused,
    TermsRefused,
    UnitsRefused,
)
from indenture.membership import Role
from indenture.models import AccountAdmission
from indenture.money import CNY
from indenture.rights import ActionKind
from indenture.roles import Depository, Investor, PayingAgent, deploy_wallet

pytestmark = pytest.mark.integration

PUT = "{opens: 2020-11-02, closes: 2020-11-20, pay_day: 2020-12-05, price: 100, withdrawable: true}"
DEFAULTS = "defaults: {grace_days: 3, penalty_rate: 3.65}"
EVENTS = "events: [{code: CONTROL, right: holders, notice_days: 30, price: 101}]"
PUTS = f"rights: {{puts: [{PUT}], {EVENTS}, {DEFAULTS}}}"
FIXED_PUT = f"rights: {{puts: [{PUT.replace('true', 'false')}]}}"
BEFORE = datetime(2020, 10, 20, 4, tzinfo=UTC)
WINDOW = datetime(2020, 11, 3, 4, tzinfo=UTC)
PAY_DAY = datetime(2020, 12, 7, 1, tzinfo=UTC)
DOCUMENT = "0x" + "ab" * 32


def opened(world: World, rights: str = PUTS) -> int:
    """A put, in its window."""
    issue(world, sheet_of(extra=rights))
    world.at(BEFORE)
    number = world.outsider.open_put(ISIN, 0).action
    world.at(WINDOW)
    assert number == 1
    return number


# Opening


def test_open_put__near_its_window__says_what_it_is(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))
    world.at(BEFORE)

    result = world.outsider.open_put(ISIN, 0)

    assert result.action == 1
    (action,) = figures(world).actions()
    assert action == figures(world).action(1)
    assert (action.kind, action.price, action.withdrawable) == (ActionKind.PUT, Decimal(100), True)
    assert (action.opens_at, action.closes_at) == (result.opens_at, result.closes_at)
    assert result.opens_at == datetime(2020, 11, 1, 16, tzinfo=UTC)
    assert result.closes_at == datetime(2020, 11, 20, 16, tzinfo=UTC)
    assert action.pay_time == datetime(2020, 12, 6, 16, tzinfo=UTC)
    assert (action.code, action.amount, action.target, action.document) == (None, None, None, None)
    assert (action.elected, action.most, action.is_decided) == (0, 0, False)
    assert [action.is_open(time) for time in (BEFORE, WINDOW, PAY_DAY)] == [False, True, False]


def test_open_put__too_early_or_too_late__says_when(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))
    with pytest.raises(
        TermsRefused, match="paid on 2020-12-05 is elected from 2020-11-02 to 2020-11-20"
    ) as early:
        world.outsider.open_put(ISIN, 0)
    world.at(datetime(2020, 11, 21, tzinfo=UTC))
    with pytest.raises(TermsRefused) as late:
        world.outsider.open_put(ISIN, 0)

    assert (early.value.name, late.value.name) == ("ActionNotOpen", "ActionNotOpen")
    assert "from 2020-10-02 16:00 UTC on" in early.value.hint
    assert late.value.hint == "The right is gone."


def test_open_put__twice_or_unknown__refused(world: World) -> None:
    opened(world)

    with pytest.raises(TermsRefused, match="that is paid on 2020-12-05 is event 1 already") as twice:
        world.outsider.open_put(ISIN, 0)
    with pytest.raises(TermsRefused, match="have no put 1") as unknown:
        world.outsider.open_put(ISIN, 1)

    assert (twice.value.name, unknown.value.name) == ("ActionAlreadyOpen", "ActionTermInvalid")
    assert unknown.value.hint == "They have: 0 is paid on 2020-12-05."


def test_action__that_is_not_there__refused(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))
    with pytest.raises(TermsRefused, match="has no event 1") as refused:
        figures(world).action(1)

    with pytest.raises(TermsRefused, match="has no event 7"):
        world.investor(0).elect(ISIN, 7, 1)

    assert (refused.value.name, refused.value.hint) == ("ActionUnknown", "It has had none so far.")


# Elections


def test_elect__free_units__are_bound_and_stay_the_holders(world: World) -> None:
    number = opened(world)
    investor = world.investor(0)

    result = investor.elect(ISIN, number, 150_000)
    more = investor.elect(ISIN, number, 10_000)

    assert (result.action, result.units, result.elected, more.elected) == (1, 150_000, 150_000, 160_000)
    holding = investor.holding(ISIN)
    assert (holding.units, holding.pledged, holding.free) == (EACH, 160_000, 40_000)
    assert figures(world).action(number).elected == 160_000
    assert figures(world).bond_state().bound_units == 160_000
    with pytest.raises(UnitsRefused, match="40,000 may move"):
        investor.transfer(ISIN, world.account(1), 40_001)


def test_elect__before_and_after_the_window__says_when_it_is(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))
    world.at(BEFORE)
    world.outsider.open_put(ISIN, 0)
    with pytest.raises(TermsRefused, match="is open from 2020-11-01 16:00 UTC to 2020-11-20 16:00") as early:
        world.investor(0).elect(ISIN, 1, 1)
    world.at(datetime(2020, 11, 20, 16, tzinfo=UTC))

    with pytest.raises(TermsRefused) as late:
        world.investor(0).elect(ISIN, 1, 1)

    assert early.value.name == late.value.name == "ActionNotOpen"
    assert late.value.hint == "It is too late for this event."


def test_elect__frozen_bound_or_missing_units__refused(world: World) -> None:
    number = opened(world)
    world.depository.freeze(ISIN, world.account(0), 150_000)

    with pytest.raises(UnitsRefused, match="50,000 may move, 50,001 are needed") as frozen:
        world.investor(0).elect(ISIN, number, 50_001)
    world.investor(1).elect(ISIN, number, EACH)
    with pytest.raises(UnitsRefused, match="0 may move, 1 are needed") as bound:
        world.investor(1).elect(ISIN, number, 1)
    with pytest.raises(UnitsRefused, match="holds 200,000 units, 200,001 are needed"):
        world.investor(2).elect(ISIN, number, EACH + 1)
    with pytest.raises(MembershipRefused):
        world.outsider.elect(ISIN, number, 1)
    with pytest.raises(InputError, match="is not above zero"):
        world.investor(2).elect(ISIN, number, 0)

    assert frozen.value.name == bound.value.name == "ERC7943InsufficientUnfrozenBalance"


def test_withdraw_election__while_it_is_open__frees_the_units(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 150_000)

    part = world.investor(0).withdraw_election(ISIN, number, 50_000)
    rest = world.investor(0).withdraw_election(ISIN, number)

    assert [(each.units, each.elected) for each in (part, rest)] == [(50_000, 100_000), (100_000, 0)]
    assert world.investor(0).holding(ISIN).free == EACH
    with pytest.raises(UnitsRefused, match="has no units in it"):
        world.investor(0).withdraw_election(ISIN, number)


def test_withdraw_election__more_or_by_terms_that_do_not_let__refused(world: World) -> None:
    number = opened(world, FIXED_PUT)
    world.investor(0).elect(ISIN, number, 100)

    with pytest.raises(UnitsRefused, match="its terms let nobody take an election back") as refused:
        world.investor(0).withdraw_election(ISIN, number, 100)

    assert refused.value.name == "ElectionNotWithdrawable"


def test_withdraw_election__more_than_elected__refused(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 100)

    with pytest.raises(UnitsRefused, match="100 units are elected, not 101"):
        world.investor(0).withdraw_election(ISIN, number, 101)


# Money


def test_put__funded_and_settled__is_paid_and_burned(world: World) -> None:
    number = opened(world)
    for i, units in ((0, 150_000), (1, EACH), (2, 10)):
        world.investor(i).elect(ISIN, number, units)
    assert pay(world, 1).amount == CNY.money(3_250_000)  # elected units have their coupon

    funded = world.paying_agent.fund_action(ISIN, number)
    before = world.investor(0).cash_balance()
    settled = world.paying_agent.settle_action(ISIN, number, batch=2)

    assert (funded.units, funded.interest, funded.penalty) == (350_010, CNY.money(0), CNY.money(0))
    assert funded.principal == funded.total == settled.amount == CNY.money(35_001_000)
    assert (settled.count, settled.taken, settled.completed) == (3, 350_010, True)
    assert len(settled.transactions) == 2
    assert world.investor(0).cash_balance() - before == CNY.money(15_000_000)
    assert world.bond.total_supply() == UNITS - 350_010
    assert (world.bond.balance_of(world.account(1)), figures(world).bond_state().bound_units) == (0, 0)
    with pytest.raises(PaymentRefused, match="holds no units any more") as again:
        world.paying_agent.settle_action(ISIN, number)
    assert again.value.name == "PaymentNothingDue"


def test_settle_action__some_first__goes_on_with_the_rest(world: World) -> None:
    number = opened(world)
    for i in range(3):
        world.investor(i).elect(ISIN, number, 1000)
    world.at(PAY_DAY)
    world.paying_agent.fund_action(ISIN, number)

    first = world.paying_agent.settle_action(ISIN, number, [world.account(1)])
    rest = world.paying_agent.settle_action(ISIN, number)

    assert (first.count, first.completed, rest.count, rest.completed) == (1, False, 2, True)


def test_settle_action__before_funding__refused(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1)

    with pytest.raises(PaymentRefused, match="event 1 of CND1000BOC15 is not funded") as refused:
        world.paying_agent.settle_action(ISIN, number)

    assert refused.value.name == "ActionNotFunded"


def test_fund_action__early_twice_or_for_nobody__refused(world: World) -> None:
    number = opened(world)
    with pytest.raises(PaymentRefused, match="is paid from 2020-12-06 16:00 UTC on") as early:
        world.paying_agent.fund_action(ISIN, number)
    world.investor(0).elect(ISIN, number, 1)
    world.at(PAY_DAY)
    world.paying_agent.fund_action(ISIN, number)

    with pytest.raises(TermsRefused, match="is funded already") as twice:
        world.paying_agent.fund_action(ISIN, number)

    assert (early.value.name, twice.value.name) == ("ActionNotDue", "ActionDecided")


def test_fund_action__nobody_elected__refused(world: World) -> None:
    number = opened(world)
    world.at(PAY_DAY)

    with pytest.raises(PaymentRefused, match="nobody elected") as refused:
        world.paying_agent.fund_action(ISIN, number)

    assert refused.value.name == "ActionNotPayable"


def test_fund_action__too_little_money__says_how_much(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1000)
    world.at(PAY_DAY)
    poor = PayingAgent(world.suite, world.senders["bookrunner"])

    with pytest.raises(PaymentRefused, match=r"event 1 of CND1000BOC15 needs CNY 100,000\.00") as refused:
        poor.fund_action(ISIN, number)

    assert refused.value.name == "PaymentUnderfunded"


def test_fund_action__ten_days_late__costs_the_penalty_and_holders_get_it(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1000)
    world.at(PAY_DAY + 10 * DAY)

    funded = world.paying_agent.fund_action(ISIN, number)
    settled = world.paying_agent.settle_action(ISIN, number)

    assert funded.penalty == CNY.money(100)  # 3.65 % a year for ten days
    assert funded.total == settled.amount == CNY.money(100_100)


def test_release__promised_money_does_not_come__sets_the_units_free(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1000)
    world.at(PAY_DAY + 9 * DAY)
    with pytest.raises(TermsRefused) as early:
        world.investor(0).release(ISIN, number)
    world.at(PAY_DAY + 10 * DAY)

    result = world.investor(0).release(ISIN, number)

    assert early.value.name == "ActionNotOver"
    assert (result.units, result.elected) == (1000, 0)
    assert world.investor(0).holding(ISIN).free == EACH


def test_settle_action__frozen_since__keeps_the_money_by_name(world: World) -> None:
    number = opened(world)
    for i in range(2):
        world.investor(i).elect(ISIN, number, 1000)
    world.depository.freeze(ISIN, world.account(0))
    world.at(PAY_DAY)
    world.paying_agent.fund_action(ISIN, number)

    settled = world.paying_agent.settle_action(ISIN, number)

    assert (settled.taken, settled.amount, settled.completed) == (2000, CNY.money(200_000), True)
    (kept,) = settled.kept
    assert (kept.account, kept.amount) == (world.account(0), CNY.money(100_000))
    world.depository.unfreeze(ISIN, world.account(0))
    assert world.investor(0).collect(ISIN).amount == CNY.money(100_000)


def test_elect__a_wallet__acts_through_its_owner(world: World) -> None:
    number = opened(world)
    sender = world.senders["investor 0"]
    address = deploy_wallet(world.suite, sender)
    account = world.suite.registry.account(sender.address)
    assert account is not None
    world.depository.admit_accounts([AccountAdmission(str(account.lei), address, Role.HOLDER)])
    world.investor(0).transfer(ISIN, address, 5000)
    wallet = Investor(world.suite, sender, wallet=address)

    result = wallet.elect(ISIN, number, 3000)

    assert result.elected == figures(world).elected(number, address) == 3000
    assert wallet.withdraw_election(ISIN, number, 1000).elected == 2000
    world.at(PAY_DAY)
    world.paying_agent.fund_action(ISIN, number)
    world.paying_agent.settle_action(ISIN, number)
    assert wallet.holding(ISIN).units == 3000
    assert wallet.cash_balance() == CNY.money(200_000)


# Stated events, and the law


def test_declare_event__of_the_holders__opens_a_put_at_once(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))

    result = world.issuer.declare_event(ISIN, "CONTROL", DOCUMENT)

    assert result.action == 1
    action = figures(world).action(1)
    assert (action.kind, action.code, action.price) == (ActionKind.PUT, "CONTROL", Decimal(101))
    assert action.document == bytes.fromhex(DOCUMENT[2:])
    assert action.closes_at == datetime(2020, 1, 4, 16, tzinfo=UTC)
    world.investor(0).elect(ISIN, 1, 10)
    assert action.pay_time is not None
    world.at(action.pay_time + HOUR)
    funded = world.paying_agent.fund_action(ISIN, 1)
    assert funded.principal == CNY.money(1010)
    assert funded.interest == CNY.money("3.28")  # 37 days of 366


def test_declare_event__by_the_desk_or_a_stranger__only_by_power(world: World) -> None:
    issue(world, sheet_of(extra=PUTS))
    stranger = Depository(world.suite, world.senders["bookrunner"])

    with pytest.raises(AccessRefused) as refused:
        stranger.declare_event(ISIN, "CONTROL", DOCUMENT)
    with pytest.raises(TermsRefused, match="state no event TAX that lets the holders redeem"):
        world.issuer.declare_event(ISIN, "TAX", DOCUMENT)
    result = world.depository.declare_event(ISIN, "CONTROL", DOCUMENT)

    assert refused.value.name == "PowerMissing"
    assert result.action == 1
    assert date(2019, 12, 5) == figures(world).today


def test_annul_election__by_the_statutory_desk__frees_the_units(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1000)
    stranger = Depository(world.suite, world.senders["bookrunner"])
    with pytest.raises(AccessRefused) as refused:
        stranger.annul_election(ISIN, number, world.account(0), DOCUMENT)

    result = world.depository.annul_election(ISIN, number, world.account(0), DOCUMENT)

    assert refused.value.name == "PowerMissing"
    assert (result.units, result.elected) == (1000, 0)
    assert figures(world).action(number).elected == 0
    with pytest.raises(UnitsRefused, match="has no units in event 1"):
        world.depository.annul_election(ISIN, number, world.account(0), DOCUMENT)


def test_annul_election__funded__refused(world: World) -> None:
    number = opened(world)
    world.investor(0).elect(ISIN, number, 1000)
    world.at(PAY_DAY)
    world.paying_agent.fund_action(ISIN, number)

    with pytest.raises(TermsRefused, match="the money for the units is there") as refused:
        world.depository.annul_election(ISIN, number, world.account(0), DOCUMENT)

    assert refused.value.name == "ActionDecided"
