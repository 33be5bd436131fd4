"""Whatever moved the term, in any order: each payment is what a plain account of the same acts comes to

Resolutions (coupon, day count, maturity), calls in part, an extension and a call of the whole, at random.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import ACT_360, ACT_365F, PERCENT, THIRTY_E_360, WHOLE, call_right, day_of, extension
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.versions.stage import (
    AMENDABLE,
    DUE,
    FACE,
    RATE,
    change,
    moved,
    principal,
    receive,
    terms_of,
)
from tests.unit.servicing.versions.stage import amendable as with_versions

pytestmark = pytest.mark.unit

EXTENDED_RATE = 5 * PERCENT
PRICE = 1_020_000_000


def rights_until(periods: int) -> Record:
    """A part or the whole may be called on any day before maturity; two periods may be added at 5 %."""
    end = DUE[periods] - timedelta(days=1)
    right = call_right(DUE[1], end, price=PRICE, inPart=True, noticeDays=5)
    return AMENDABLE.but(calls=[right], extension=extension(2, noticeDays=31, rate=EXTENDED_RATE))


@dataclass
class Account:
    """What was agreed, as somebody would keep it on paper."""

    periods: int = 8
    #: First period, rate, day count and periods of each version.
    versions: list[tuple[int, int, int, int]] = field(default_factory=lambda: [(0, RATE, ACT_360, 8)])
    parts: dict[int, Fraction] = field(default_factory=dict)
    extended_from: int = 0
    called_for: date | None = None

    @property
    def end(self) -> date:
        return self.called_for or DUE[self.periods]

    @property
    def last(self) -> int:
        return next(period for period in range(1, len(DUE)) if DUE[period] >= self.end)

    def at(self, period: int) -> tuple[int, int, int, int]:
        """The version in force in a period."""
        return [each for each in self.versions if each[0] <= period][-1]

    def left(self, period: int) -> Fraction:
        """Part of the face that is outstanding in a period."""
        return 1 - sum((share for at, share in self.parts.items() if at < period), Fraction(0))

    def earns(self, period: int) -> Fraction:
        first, rate, convention, _ = self.at(period)
        if first < self.extended_from <= period:
            rate = EXTENDED_RATE
        start, end = DUE[period - 1], min(DUE[period], self.end)
        return FACE * self.left(period) * Fraction(rate, WHOLE) * year_part(convention, start, end)

    def repays(self, period: int) -> Fraction:
        if period == self.last:
            return principal(PRICE if self.called_for else WHOLE, self.left(period))
        return principal(PRICE, self.parts.get(period, Fraction(0)))


def year_part(convention: int, start: date, end: date) -> Fraction:
    if convention == THIRTY_E_360:
        months = (end.year - start.year) * 12 + end.month - start.month
        return Fraction(30 * months + min(end.day, 30) - min(start.day, 30), 360)
    return Fraction((end - start).days, 360 if convention == ACT_360 else 365)


def resolve(world: World, bond: Contract, account: Account, draw: st.DataObject) -> None:
    first = account.versions[-1][0] + 1
    if account.called_for or max(first, 2) > account.periods:
        return
    period = draw.draw(st.integers(max(first, 2), account.periods))
    most = 10 if not account.extended_from else account.periods
    least = period if not account.extended_from else account.periods
    periods = draw.draw(st.integers(least, most))
    rate, convention = draw.draw(st.integers(0, 10**9)), draw.draw(st.sampled_from((ACT_365F, THIRTY_E_360)))
    version = len(account.versions) - 1
    terms = moved(terms_of(world, bond, version)[0], periods)
    change(
        world,
        bond,
        terms=terms.but(couponRate=rate, dayCount=convention),
        rights=rights_until(periods),
        version=version,
        effective=DUE[period - 1],
    )
    account.versions.append((period, rate, convention, periods))
    account.periods = periods


def call_a_part(world: World, bond: Contract, account: Account, draw: st.DataObject) -> None:
    first = max(account.parts, default=0) + 1
    # The right of each version ends the day before its own maturity, wherever an extension moved the end.
    open_ = [each for each in range(first, account.periods) if each < account.at(each + 1)[3]]
    if account.called_for or not open_:
        return
    period = draw.draw(st.sampled_from(open_))
    share = Fraction(draw.draw(st.integers(1, 2_000)), 10_000)
    world.servicing.callInPart(bond, period, int(share * WHOLE), sender=world.issuer)
    account.parts[period] = share


def extend(world: World, bond: Contract, account: Account, draw: st.DataObject) -> None:
    if account.called_for or account.extended_from or account.periods > 10:
        return
    world.servicing.extendMaturity(bond, sender=world.issuer)
    account.extended_from = account.periods + 1
    account.periods += 2


def call_the_whole(world: World, bond: Contract, account: Account, draw: st.DataObject) -> None:
    if account.called_for:
        return
    last = min(account.periods, 3, *(periods for *_, periods in account.versions))
    last_day = (DUE[last] - DUE[0]).days - 1
    day = DUE[0] + timedelta(days=draw.draw(st.integers((DUE[1] - DUE[0]).days, last_day)))
    world.servicing.call(bond, day_of(day), sender=world.issuer)
    account.called_for = day


ACTS = (resolve, resolve, call_a_part, call_a_part, extend, call_the_whole)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=7), draw=st.data())
def test_term__any_acts_in_any_order__each_payment_as_on_paper(
    world: World, acts: list[Callable[..., None]], draw: st.DataObject
) -> None:
    with world.sandbox():
        bond, account = with_versions(world, rights=rights_until(8)), Account()
        for act in acts:
            act(world, bond, account, draw)

        last = account.last
        assert world.servicing.lastPeriod(bond) == last
        assert bond.maturityDay() == day_of(account.end)
        for period in range(1, last + 1):
            found = world.servicing.amountOf(bond, period, 77)
            expected = (int(77 * account.earns(period)), int(77 * account.repays(period)))
            assert found == expected, (period, account)
            factor = Fraction(world.servicing.poolFactor(bond, period), 10**18)
            assert factor == account.left(period)
        with world.refuses("PaymentPeriodUnknown", bond, last + 1, last):
            world.servicing.amountOf(bond, last + 1, 1)
        if account.repays(last) + account.earns(last):
            got = receive(world, bond, last)
            assert got == [
                int(units * account.earns(last)) + int(units * account.repays(last)) for units in (100, 50)
            ]
            assert bond.totalSupply() == 0
