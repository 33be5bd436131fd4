"""Payments that are missed: standing, cure, notice, acceleration, recoveries, the end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.sdk.bonds import DAY, EACH, HOUR, UNITS, figures, fund, issue, pay, record_time, sheet_of
from tests.sdk.world import ISIN, World

from indenture.errors import AccessRefused, InputError, PaymentRefused, TermsRefused, UnitsRefused
from indenture.identifiers import isin_from_body
from indenture.money import CNY
from indenture.rights import ActionKind, PaymentStatus
from indenture.roles import BondFigures, PayingAgent

pytestmark = pytest.mark.integration

DEFAULTS = (
    "rights: {defaults: {grace_days: 5, penalty_rate: 3.65, acceleration_share: 25, cross_default: true}}"
)
STRICT = "rights: {defaults: {grace_days: 5, penalty_rate: 3.65}}"
OTHER = isin_from_body("CND1000NEW1")
DUE = datetime(2020, 12, 6, 16, tzinfo=UTC)  # 7 December 2020 in Beijing
MISSED = datetime(2020, 12, 13, 4, tzinfo=UTC)
LATER = datetime(2020, 12, 20, 4, tzinfo=UTC)


@pytest.fixture
def issued(world: World) -> World:
    issue(world, sheet_of(extra=DEFAULTS))
    return world


def accelerated(world: World) -> int:
    """Made due on 20 December 2020, the first payment and what followed it unpaid."""
    world.at(LATER)
    number = world.investor(0).notice_default(ISIN).action
    assert number is not None
    for i in range(2):
        world.investor(i).elect(ISIN, number, 125_000)
    world.paying_agent.accelerate(ISIN, number)
    return number


def standing(world: World) -> PaymentStatus:
    return figures(world).payment_status(1).status


# Standing and cure


def test_payment_status__by_time_alone__goes_from_due_to_missed(issued: World) -> None:
    assert standing(issued) is PaymentStatus.NOT_DUE
    issued.at(DUE + HOUR)
    assert standing(issued) is PaymentStatus.NOT_DUE
    issued.at(DUE + DAY)
    found = figures(issued).payment_status(1)
    assert (found.status, found.until) == (PaymentStatus.OVERDUE, DUE + 6 * DAY)
    assert found.penalty == Decimal("0.01")
    issued.at(DUE + 6 * DAY)

    assert standing(issued) is PaymentStatus.MISSED
    with pytest.raises(InputError, match="has no payment 3"):
        figures(issued).payment_status(3)


def test_fund__late__costs_the_penalty_cures_and_holders_get_it(issued: World) -> None:
    issued.at(MISSED)
    assert standing(issued) is PaymentStatus.MISSED

    result = issued.paying_agent.fund(ISIN, 1)
    paid = issued.paying_agent.pay(ISIN, 1)

    assert result.penalty == CNY.money("1950.00")  # six days at 3.65 % a year
    assert result.total == paid.amount == CNY.money("3251950.00")
    assert issued.paying_agent.payment(ISIN, 1).penalty == Decimal("0.06")
    assert standing(issued) is PaymentStatus.FUNDED
    flow = issued.investor(0).cash_flows(ISIN)[0]
    assert (flow.penalty, flow.net) == (CNY.money(390), CNY.money(650_390))


def test_fund__in_time__costs_no_penalty(issued: World) -> None:
    fund(issued, 1)

    assert issued.paying_agent.payment(ISIN, 1).penalty == 0
    assert standing(issued) is PaymentStatus.FUNDED


# Notice


def test_notice_default__missed__opens_the_notices(issued: World) -> None:
    issued.at(MISSED)

    result = issued.investor(0).notice_default(ISIN)

    action = figures(issued).action(1)
    assert (result.action, action.kind, action.period) == (1, ActionKind.ACCELERATION, 1)
    assert action.target == issued.bond.address
    assert result.pay_time is None
    assert action.closes_at - action.opens_at == 90 * DAY


@pytest.mark.parametrize(
    ("time", "period", "words"),
    [
        (DUE, 0, "payment 1 of CND1000BOC15 was not missed: it is not due yet"),
        (DUE + DAY, 0, "its days of grace are not over; they end at 2020-12-12 16:00 UTC"),
        (MISSED, 2, "payment 2 of CND1000BOC15 was not missed: it is not due yet"),
    ],
)
def test_notice_default__not_missed__says_why(issued: World, time: datetime, period: int, words: str) -> None:
    issued.at(time)

    with pytest.raises(TermsRefused, match=words) as refused:
        issued.investor(0).notice_default(ISIN, period=period)

    assert refused.value.name == "DefaultNotFound"


def test_notice_default__all_was_paid__refused(issued: World) -> None:
    pay(issued, 1)
    pay(issued, 2)

    with pytest.raises(TermsRefused, match="every payment of CND1000BOC15 was made") as refused:
        issued.investor(0).notice_default(ISIN)

    assert refused.value.name == "DefaultNotFound"


def test_notice_default__terms_without_acceleration__refused(world: World) -> None:
    issue(world, sheet_of(extra=STRICT))
    world.at(MISSED)

    with pytest.raises(TermsRefused, match="let no share of the holders make it due") as refused:
        world.investor(0).notice_default(ISIN)

    assert refused.value.name == "ShareNotReached"


def test_notice_default__of_another_bond__needs_cross_default(world: World) -> None:
    issue(world, sheet_of(extra=STRICT))
    world.issuer.register(sheet_of(extra=DEFAULTS).model_copy(update={"isin": OTHER, "short_name": "OTHER"}))
    world.at(MISSED)

    with pytest.raises(TermsRefused, match="provide for no cross-default"):
        world.investor(0).notice_default(ISIN, cause=OTHER)
    with pytest.raises(TermsRefused, match="has no event 1"):
        world.investor(0).notice_default(OTHER, cause=ISIN, redemption=1)
    result = world.investor(0).notice_default(OTHER, cause=ISIN)

    assert result.action == 1
    assert BondFigures(world.suite, OTHER).action(1).target == world.bond.address


# Acceleration


def test_accelerate__enough_notices__makes_one_claim_of_all(issued: World) -> None:
    number = accelerated(issued)

    state = figures(issued).bond_state()
    assert (number, state.in_default, state.due_period) == (1, True, 2)
    assert (state.due_day, state.records_at_due) == (date(2020, 12, 20), 1)
    assert (figures(issued).last_period, figures(issued).maturity_day) == (2, date(2020, 12, 20))
    claim = figures(issued).claim()
    assert claim is not None
    # A coupon, fifteen days of the next, and the face; thirteen days late with the coupon.
    assert abs(claim.principal - (Decimal("103.25") + Decimal("3.25") * 15 / 365)) < Decimal("1e-15")
    assert claim.interest == Decimal("3.25") * Decimal("0.0013")
    assert (claim.units, claim.is_set, claim.is_closed) == (UNITS, False, False)
    assert claim.total == CNY.money("103387786.64")
    assert standing(issued) is PaymentStatus.MERGED
    assert issued.investor(0).cash_flows(ISIN) == ()
    with pytest.raises(TermsRefused, match="CND1000BOC15 was made due") as fund_refused:
        issued.paying_agent.fund(ISIN, 1)
    assert fund_refused.value.name == "BondDueAlready"


def test_accelerate__too_few_notices_or_cured__refused(issued: World) -> None:
    issued.at(MISSED)
    issued.investor(0).notice_default(ISIN)
    issued.investor(0).elect(ISIN, 1, EACH)
    with pytest.raises(TermsRefused, match="has 200,000 units, and 250,000 of 1,000,000 are needed") as few:
        issued.paying_agent.accelerate(ISIN, 1)
    issued.investor(1).elect(ISIN, 1, 50_000)
    issued.paying_agent.fund(ISIN, 1)

    with pytest.raises(TermsRefused) as cured:
        issued.paying_agent.accelerate(ISIN, 1)

    assert (few.value.name, cured.value.name) == ("ShareNotReached", "DefaultNotFound")


def test_accelerate__twice_or_another_event__refused(issued: World) -> None:
    number = accelerated(issued)

    with pytest.raises(TermsRefused, match="was made due"):
        issued.paying_agent.accelerate(ISIN, number)
    with pytest.raises(TermsRefused, match="is an acceleration, not a resolution"):
        issued.paying_agent.enact_terms(ISIN, number)
    assert issued.investor(0).release(ISIN, number).units == 125_000


def test_accelerate__notices_of_the_issuer__are_not_taken(issued: World) -> None:
    account = issued.suite.registry.account(issued.senders["issuer"].address)
    investor = issued.suite.registry.account(issued.account(0))
    assert account is not None
    assert investor is not None
    member = issued.depository.member(investor.lei)
    assert member is not None
    issued.depository.reclassify_member(account.lei, member.member_class, "CN")
    issued.investor(0).transfer(ISIN, account.address, 1000)
    issued.at(MISSED)
    issued.investor(0).notice_default(ISIN)
    issuer = type(issued.outsider)(issued.suite, issued.senders["issuer"])

    with pytest.raises(UnitsRefused, match="whose units have no vote") as refused:
        issuer.elect(ISIN, 1, 1000)

    assert refused.value.name == "ElectionRefused"


# Recoveries


def test_fund_recovery__in_part_then_all_of_it__pays_and_burns(issued: World) -> None:
    number = accelerated(issued)
    for i in range(2):
        issued.investor(i).release(ISIN, number)
    agent = issued.paying_agent

    first = agent.fund_recovery(ISIN, 50_000_000, date(2020, 12, 21))
    assert (first.record, first.is_final) == (2, False)
    with pytest.raises(TermsRefused, match="recovery 2 of CND1000BOC15 waits for its record date") as pending:
        agent.fund_recovery(ISIN, 1, date(2020, 12, 21))
    issued.at(first.pay_time + HOUR)
    assert agent.pay(ISIN, 2).amount == CNY.money(50_000_000)
    claim = figures(issued).claim(date(2020, 12, 22))
    assert claim is not None
    assert claim.is_set
    assert claim.principal < Decimal("53.4")
    last = agent.fund_recovery(ISIN, claim.total, date(2020, 12, 23), document=b"plan of the court")
    issued.at(last.pay_time + HOUR)
    redeemed = agent.redeem(ISIN)

    assert pending.value.name == "BondRecordPending"
    assert (last.record, last.is_final, last.principal, last.interest) == (3, True, Decimal(0), Decimal(0))
    assert redeemed.completed
    assert issued.bond.total_supply() == 0
    with pytest.raises(TermsRefused, match="the last recovery of CND1000BOC15 has come"):
        agent.fund_recovery(ISIN, 1, date(2020, 12, 28))


def test_cash_flows__in_default__are_what_was_recovered(issued: World) -> None:
    accelerated(issued)
    recovery = issued.paying_agent.fund_recovery(ISIN, 50_000_000, date(2020, 12, 21))
    issued.at(recovery.pay_time + HOUR)
    issued.paying_agent.pay(ISIN, 2)

    (flow,) = issued.investor(2).cash_flows(ISIN)

    assert (flow.period, flow.principal, flow.net) == (2, CNY.money(10_000_000), CNY.money(10_000_000))


def test_figures__in_default__are_flat_and_know_the_recoveries(issued: World) -> None:
    accelerated(issued)
    accrued = figures(issued).accrued(EACH)
    assert (accrued.amount, accrued.is_ex, accrued.is_pending) == (CNY.money(0), False, False)
    assert figures(issued).payment_days(2) is None
    recovery = issued.paying_agent.fund_recovery(ISIN, 50_000_000, date(2020, 12, 21))

    days = figures(issued).payment_days(recovery.record)

    assert days is not None
    assert (days.record_day, days.pay_day) == (date(2020, 12, 21), date(2020, 12, 22))
    assert (days.record_time, days.pay_time) == (recovery.record_time, recovery.pay_time)
    assert figures(issued).records_at(days.record_time) == 2
    assert figures(issued).payment(2, EACH).principal == CNY.money(10_000_000)
    state = figures(issued).payment_status(2)
    assert (state.status, state.until, state.penalty) == (PaymentStatus.MERGED, None, Decimal(0))


def test_trade__in_default__is_flat_at_its_clean_price(issued: World) -> None:
    accelerated(issued)

    quote = issued.investor(2).quote(ISIN, 1000, 30, seller=issued.account(3))

    assert (quote.clean, quote.accrued, quote.dirty) == (CNY.money(30_000), CNY.money(0), CNY.money(30_000))


def test_fund_recovery__above_the_claim_or_on_a_wrong_day__refused(issued: World) -> None:
    accelerated(issued)
    agent = issued.paying_agent

    with pytest.raises(PaymentRefused, match="is more than CND1000BOC15 owes on 2020-12-20") as above:
        agent.fund_recovery(ISIN, 103_387_787, date(2020, 12, 21))
    for day, words in (
        (date(2020, 12, 20), "it is not after today, 2020-12-20"),
        (date(2021, 1, 21), "it is more than 31 days after today"),
        (date(2020, 12, 26), "it is no business day of CN-IB"),
    ):
        with pytest.raises(TermsRefused, match=words) as wrong:
            agent.fund_recovery(ISIN, 1, day)
        assert wrong.value.name == "RecoveryDayWrong"

    assert above.value.name == "RecoveryAmountWrong"


def test_fund_recovery__by_whom_it_is_not_for__refused(issued: World) -> None:
    accelerated(issued)
    stranger = PayingAgent(issued.suite, issued.senders["investor 0"])

    with pytest.raises(AccessRefused, match="neither a paying agent nor the issuer") as refused:
        stranger.fund_recovery(ISIN, 1, date(2020, 12, 21))
    with pytest.raises(AccessRefused, match="cannot say that nothing more will come"):
        issued.paying_agent.fund_recovery(ISIN, 1, date(2020, 12, 21), final=True, document=b"x")

    assert refused.value.name == "PowerMissing"


def test_fund_recovery__final_by_the_desk__closes_with_a_loss(issued: World) -> None:
    accelerated(issued)
    desk = PayingAgent(issued.suite, issued.senders["depository"])
    issued.cash_issuer.issue([(desk.sender.address, 1_000_000)])
    with pytest.raises(InputError, match="a document is needed"):
        desk.fund_recovery(ISIN, 1_000_000, date(2020, 12, 21), final=True)

    result = desk.fund_recovery(ISIN, 1_000_000, date(2020, 12, 21), final=True, document=b"order")
    issued.at(result.pay_time + HOUR)
    desk.redeem(ISIN)

    assert result.is_final
    assert result.principal > 102
    claim = figures(issued).claim()
    assert claim is not None
    assert (claim.is_closed, claim.principal) == (True, result.principal)
    assert issued.bond.total_supply() == 0


def test_fund_recovery__of_a_living_bond__refused(issued: World) -> None:
    with pytest.raises(TermsRefused, match="CND1000BOC15 was not made due") as refused:
        issued.paying_agent.fund_recovery(ISIN, 1, date(2020, 12, 21))

    assert refused.value.name == "RecoveryRefused"
    assert figures(issued).claim() is None


# The last payment


def test_declare_overdue__last_payment_missed__sets_the_claims(issued: World) -> None:
    pay(issued, 1)
    issued.at(record_time(issued, 2) + HOUR)
    with pytest.raises(TermsRefused, match="payment 2 of CND1000BOC15 was not missed") as early:
        issued.paying_agent.declare_overdue(ISIN)
    issued.at(datetime(2021, 12, 13, 4, tzinfo=UTC))

    result = issued.paying_agent.declare_overdue(ISIN)

    assert early.value.name == "DefaultNotFound"
    assert (result.period, result.day) == (2, date(2021, 12, 5))
    claim = figures(issued).claim()
    assert claim is not None
    assert claim.principal == Decimal("103.25")
    assert len(issued.investor(0).cash_flows(ISIN)) == 1


def test_notice_default__unfunded_put__after_its_grace(world: World) -> None:
    put = "{opens: 2020-11-02, closes: 2020-11-20, pay_day: 2020-12-05, price: 100}"
    issue(world, sheet_of(extra=DEFAULTS.replace("rights: {", f"rights: {{puts: [{put}], ")))
    world.at(datetime(2020, 11, 3, tzinfo=UTC))
    number = world.outsider.open_put(ISIN, 0).action
    assert number is not None
    world.investor(0).elect(ISIN, number, 10)
    other = "event 1 of CND1000BOC15 was not missed: its days of grace"
    fund(world, 1)
    world.at(DUE + DAY)
    with pytest.raises(TermsRefused, match=f"{other} end at 2020-12-12 16:00 UTC"):
        world.investor(0).notice_default(ISIN, redemption=number)
    world.at(MISSED)

    result = world.investor(0).notice_default(ISIN, redemption=number)

    assert figures(world).action(result.action or 0).redemption == number
    world.paying_agent.fund_action(ISIN, number)
    with pytest.raises(TermsRefused, match="event 1 of CND1000BOC15 was not missed: it is funded"):
        world.investor(0).notice_default(ISIN, redemption=number)
