"""Money in and out of the escrow, whatever is traded, frozen and paid in between

At every moment the escrow holds what is funded and not paid, and what is kept by name. At the end each unit
of each record date was served once, to a holder or to who bought its payment; nothing is left.
PROPERTIES 1, 2, 6, 7: paid once; the remainder is bounded and goes back; sums agree; paid is moved cash.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACT_360,
    ALL_CLASSES,
    BANK,
    DAY,
    NO_PROVISIONS,
    TO_BE_FIXED,
    WHOLE,
)
from tests.evm.chain import refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

PERIODS = 4
MAY_REFUSE = {
    "",
    "AccrualDayInvalid",
    "AccrualRecordsInvalid",
    "BondBooksClosed",
    "ClaimExceedsUnits",
    "ClaimFrozen",
    "ERC20InsufficientBalance",
    "ERC7943InsufficientUnfrozenBalance",
}
PEOPLE = st.integers(0, 3)
GROUPS = st.lists(PEOPLE, min_size=1, max_size=4)


class Escrow(RuleBasedStateMachine):
    """Four people, four quarters, any rounding; the ghost is the sum of what went in and what came out."""

    make_world: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make_world()
        self.sandbox = self.world.sandbox()
        self.sandbox.__enter__()
        self.people = [self.world.holder, self.world.buyer, *self.world.investors[:2]]
        self.tax = self.world.cash_issuer
        self.funded: set[int] = set()
        self.nonce = 0

    def teardown(self) -> None:
        try:
            if hasattr(self, "bond"):
                self.end()
        finally:
            self.sandbox.__exit__(None, None, None)

    @initialize(
        rounding=st.integers(0, 2),
        face=st.sampled_from([1, 7, 51, 10_000, 10**12 + 1]),
        rate=st.integers(1, 200_000_000) | st.just(TO_BE_FIXED - 1),
        tax=st.sampled_from([None, 0, 100_000_000, 333_333_333, WHOLE]),
        instalments=st.booleans(),
        holdings=st.lists(st.integers(100, 999), min_size=4, max_size=4),
    )
    def start(
        self,
        rounding: int,
        face: int,
        rate: int,
        tax: int | None,
        instalments: bool,
        holdings: list[int],
    ) -> None:
        provisions = NO_PROVISIONS
        if tax is not None:
            entries = [Record(classes=1 << BANK, rate=tax), Record(classes=ALL_CLASSES, rate=tax // 2)]
            provisions = provisions.but(taxAccount=self.tax, withholdings=entries)
        if instalments and face % 4 == 0:
            quarters = [Record(period=period, share=WHOLE // 4) for period in range(1, PERIODS + 1)]
            provisions = provisions.but(instalments=quarters)
        self.bond = self.world.bond(
            dict(zip(self.people, holdings, strict=True)),
            provisions=provisions,
            faceValue=face,
            couponRate=rate,
            rounding=rounding,
            periods=PERIODS,
            monthsPerPeriod=3,
            dayCount=ACT_360,
        )
        for account in self.people:
            self.world.give_cash(account, 10**18)
        self.supply = sum(holdings)

    # --- what may happen

    @rule(days=st.integers(1, 20), second=st.integers(0, DAY - 1))
    def wait(self, days: int, second: int) -> None:
        if self.bond.book().records < PERIODS - 1:
            self.world.evm.warp(self.world.evm.now + days * DAY + second)
            self.bond.advance(sender=self.world.outsider)

    @rule(before=st.integers(0, 2))
    def close_the_books(self, before: int) -> None:
        """To the next record time, or some seconds before it; and it is announced on the way."""
        records = self.bond.book().records
        if records == PERIODS - 1 and not before:
            return  # the last one is passed at the end
        with self.world.sandbox():
            record_time = self.world.to_record(self.bond, records + 1).recordTime
        self.world.evm.warp(max(self.world.evm.now, record_time - before))
        self.bond.advance(sender=self.world.outsider)

    @precondition(lambda self: hasattr(self, "bond") and self.bond.book().records)
    @rule(group=GROUPS, how=st.sampled_from(["fund", "pay", "claims", "both"]))
    def pay_the_latest(self, group: list[int], how: str) -> None:
        """Funds what is to be funded, and pays some of its holders, some who bought, or nobody yet."""
        period = self.bond.book().records
        self.fund(period)
        people = [self.people[each] for each in group]
        if how == "fund" or period not in self.funded:
            return
        self.world.to_payment(self.bond, period)
        if how in ("pay", "both"):
            self.serve(period, people)
        if how in ("claims", "both"):
            self.serve_claims(period, people)

    @precondition(lambda self: hasattr(self, "bond") and self.bond.book().records)
    @rule(seller=PEOPLE, buyer=PEOPLE, units=st.integers(1, 90))
    def trade_of_before(self, seller: int, buyer: int, units: int) -> None:
        """Agreed a second before the last record time."""
        records = self.bond.book().records
        agreed = self.bond.paymentDays(records).recordTime - 1
        self.trade(seller, buyer, units, self.world.evm.now - agreed)

    @rule(giver=PEOPLE, taker=PEOPLE, units=st.integers(1, 300))
    def move(self, giver: int, taker: int, units: int) -> None:
        source, target = self.people[giver], self.people[taker]
        if giver != taker:
            assert refused(lambda: self.bond.transfer(target, units, sender=source)) in MAY_REFUSE

    @rule(seller=PEOPLE, buyer=PEOPLE, units=st.integers(1, 300), ago=st.just(0) | st.integers(0, 200 * DAY))
    def trade(self, seller: int, buyer: int, units: int, ago: int) -> None:
        """At a clean price, agreed now or before: one record date, or two, in between."""
        if seller == buyer:
            return
        self.nonce += 1
        trade = self.world.clean_trade(
            self.bond,
            self.people[seller],
            self.people[buyer],
            units=units,
            tradedAt=self.world.evm.now - ago,
            mostAccrued=2**100,
            sellerNonce=self.nonce,
            buyerNonce=self.nonce,
        )
        sides = self.people[seller], self.people[buyer]
        assert refused(lambda: self.world.settle_clean(trade, *sides)) in MAY_REFUSE

    @rule(who=PEOPLE, units=st.integers(0, 400))
    def freeze(self, who: int, units: int) -> None:
        self.world.freeze(self.bond, self.people[who], units)

    @rule(who=PEOPLE, suspended=st.booleans())
    def suspend(self, who: int, suspended: bool) -> None:
        """A suspended seller or buyer cannot trade, so he is reinstated at once after a payment was tried."""
        account = self.people[who]
        self.world.suspend(account)
        if suspended:
            for period in sorted(self.funded):
                self.serve(period, [account])
        self.world.reinstate(account)

    def fund(self, period: int) -> None:
        if period in self.funded:
            return
        found = refused(lambda: self.world.fund(self.bond, period))
        assert found in ("", "PaymentNothingDue")
        if not found:
            self.funded.add(period)

    @rule(who=PEOPLE)
    def collect(self, who: int) -> None:
        found = refused(
            lambda: self.world.servicing.collect(self.bond, self.people[who], sender=self.world.outsider)
        )
        assert found in ("", "KeptAmountNone", "KeptAmountFrozen")

    # --- how

    def serve(self, period: int, holders: list[Any]) -> str:
        servicing, outsider = self.world.servicing, self.world.outsider
        act = (
            (lambda: servicing.redeem(self.bond, holders, sender=outsider))
            if period == PERIODS
            else (lambda: servicing.pay(self.bond, period, holders, sender=outsider))
        )
        found = refused(act)
        assert found in ("", "PaymentNothingDue", "PaymentNotDue")
        return found

    def serve_claims(self, period: int, buyers: list[Any]) -> str:
        found = refused(
            lambda: self.world.servicing.payClaims(self.bond, period, buyers, sender=self.world.outsider)
        )
        assert found in ("", "PaymentNothingDue", "PaymentNotDue")
        return found

    def kept(self) -> int:
        accounts = (*self.people, self.tax, self.world.paying_agent)
        return sum(self.world.servicing.keptFor(self.bond, each) for each in accounts)

    # --- what must hold

    @precondition(lambda self: hasattr(self, "bond"))
    @invariant()
    def escrow_holds_what_is_owed(self) -> None:
        open_ = 0
        for period in self.funded:
            payment = self.world.servicing.payment(self.bond, period)
            assert payment.paid <= payment.funded
            assert payment.unitsPaid <= payment.units
            if payment.unitsPaid < payment.units:
                open_ += payment.funded - payment.paid
        assert self.world.cash.balanceOf(self.world.servicing) == open_ + self.kept()

    @precondition(lambda self: hasattr(self, "bond"))
    @invariant()
    def claims_are_of_units_that_were_held(self) -> None:
        servicing = self.world.servicing
        for period in range(1, min(self.bond.book().records, PERIODS) + 1):
            payment = servicing.payment(self.bond, period)
            claimed = sum(servicing.claimedBy(self.bond, period, who) for who in self.people)
            left = 0
            for who in self.people:
                given = servicing.transferredBy(self.bond, period, who)
                has = self.bond.unitsAt(who, period)
                assert given <= has
                left += 0 if self.bond.isPaid(who, period) else has - given
            if payment.fundedAt:
                assert payment.unitsPaid + claimed + left == payment.units == self.supply

    def end(self) -> None:
        """Pays all that is left: each unit was served once, and nothing stays in the escrow."""
        world, bond = self.world, self.bond
        for who in self.people:
            world.freeze(bond, who, 0)
        for period in range(1, PERIODS + 1):
            world.to_payment(bond, period)
            self.fund(period)
        for period in sorted(self.funded):
            self.serve(period, self.people)
            self.serve_claims(period, self.people)
            payment = world.servicing.payment(bond, period)
            assert payment.unitsPaid == payment.units == self.supply
            people = 2 * len(self.people) * 30  # holders and claims, each rounded down at most twice a trade
            assert 0 <= payment.funded - payment.paid <= people
        for account in (*self.people, self.tax, world.paying_agent):
            if world.servicing.keptFor(bond, account):
                world.servicing.collect(bond, account, sender=world.outsider)
        assert world.cash.balanceOf(world.servicing) == 0
        assert bond.totalSupply() == 0


def test_escrow__any_history__holds_what_is_owed_and_ends_empty(deployed: World) -> None:
    Escrow.make_world = staticmethod(lambda: deployed)
    Escrow.TestCase.settings = settings(
        max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Escrow.TestCase("runTest").runTest()
