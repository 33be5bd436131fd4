"""One bond twice: registered on the chain, and as terms of the Python model; both must say the same."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import QuantLib as ql
from hypothesis import HealthCheck, Phase, settings
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import DAY, NOBODY, code, day_of
from tests.evm.chain import Contract, Reverted
from tests.evm.world import World

from indenture.calendars import Calendar
from indenture.errors import CalendarYearMissing
from indenture.interest import (
    AccrualRefused,
    Benchmark,
    BenchmarkKind,
    Fixing,
    Grid,
    InterestTerms,
    Life,
    Market,
    PartialCall,
    PeriodNotBegun,
    PeriodNotFixed,
    PeriodOutOfOrder,
    PeriodUnknown,
    PublicationRefused,
    Publications,
    ValueNotPublished,
    accreted_value,
    accrued,
    called,
    called_in_part,
    exact_payment,
    extended_by,
    factor_after,
    fix_on,
    interest_of,
    principal_of,
    redemption_terms,
    unit_payment,
)
from indenture.provisions import CouponKind, Provisions, Schedule
from indenture.rights import NO_RIGHTS, Extension, Rights

#: Refusals of the model, and the errors of the contracts that mean the same.
SAME: dict[type[Exception], set[str]] = {
    PeriodNotBegun: {"FixingTooEarly"},
    ValueNotPublished: {"FixingNotPublished"},
    PeriodOutOfOrder: {"FixingOutOfOrder"},
    PeriodUnknown: {"FixingOutOfOrder", "PaymentPeriodUnknown"},
    PeriodNotFixed: {"PeriodNotFixed"},
    AccrualRefused: {"AccrualDayInvalid", "AccrualRecordsInvalid"},
    CalendarYearMissing: {"CalendarYearNotPublished"},
    PublicationRefused: {"BenchmarkDayAhead", "BenchmarkDayRefused", "BenchmarkPublished"},
}

#: How many times as long as usual the random tests of this folder run.
LONGER = int(os.environ.get("ENGINE_RUNS", "1"))


def runs(examples: int) -> settings:
    """Settings of a random test: so many examples, more in a long run; a life is too long to be shrunk."""
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    checks = list(HealthCheck)
    return settings(
        max_examples=examples * LONGER, deadline=None, suppress_health_check=checks, phases=phases
    )


HOME, ABROAD = "X-TARGET", "X-UST"
_MARKETS = {HOME: ql.TARGET(), ABROAD: ql.UnitedStates(ql.UnitedStates.GovernmentBond)}


def _bitmap(market: Any, year: int) -> int:
    first = date(year, 1, 1)
    days = [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]
    return sum(1 << i for i, d in enumerate(days) if market.isBusinessDay(ql.Date(d.day, d.month, d.year)))


#: QuantLib's business days of two markets.
CALENDARS = {
    name: Calendar.from_bitmaps(name, {year: _bitmap(market, year) for year in range(2018, 2066)})
    for name, market in _MARKETS.items()
}


def publish_calendars(world: World) -> None:
    for name, calendar in CALENDARS.items():
        for year, bits in calendar.years.items():
            world.publish(year, bits, code(name))


# --- terms of the model as the factory takes them


def chain_schedule(s: Schedule) -> Record:
    return Record(
        issueDay=day_of(s.issue_day),
        maturityDay=day_of(s.maturity_day),
        anchorDay=day_of(s.anchor_day),
        anchorPeriod=s.anchor_period,
        periods=s.periods,
        step=s.step,
        unit=int(s.unit),
        endOfMonth=s.end_of_month,
    )


def chain_provisions(p: Provisions) -> Record:
    return builders.NO_PROVISIONS.but(
        steps=[Record(period=each.period, rate=each.rate) for each in p.steps],
        instalments=[Record(period=each.period, share=each.share) for each in p.instalments],
        tests=[
            Record(
                benchmark=code(each.benchmark),
                day=day_of(each.day),
                period=each.period,
                atMost=each.at_most,
                target=each.target,
                step=each.step,
            )
            for each in p.tests
        ],
        floating=Record(
            benchmark=code(p.floating.benchmark),
            compounded=p.floating.compounded,
            lag=p.floating.lag,
            spread=p.floating.spread,
            floor=p.floating.floor,
            cap=p.floating.cap,
            places=p.floating.places,
            fallbackRule=int(p.floating.fallback),
            fallbackRate=p.floating.fallback_rate,
        ),
        inflation=Record(
            benchmark=code(p.inflation.benchmark),
            lagMonths=p.inflation.lag_months,
            interpolated=p.inflation.interpolated,
            floored=p.inflation.floored,
            places=p.inflation.places,
            base=p.inflation.base,
        ),
        accretion=Record(
            issuePrice=p.accretion.issue_price,
            yieldRate=p.accretion.yield_rate,
            monthsPerCompounding=p.accretion.months_per_compounding,
        ),
        renewal=Record(
            periods=p.renewal.periods,
            noticeDays=p.renewal.notice_days,
            benchmark=code(p.renewal.benchmark),
            lag=p.renewal.lag,
            spread=p.renewal.spread,
            stepUp=p.renewal.step_up,
        ),
        deferral=Record(noticeDays=p.deferral.notice_days, bearsInterest=p.deferral.bears_interest),
        capitalisedUntil=p.capitalised_until,
        fallbackDays=p.fallback_days,
        taxAccount=p.tax_account or NOBODY,
        withholdings=[Record(classes=each.classes, rate=each.rate) for each in p.withholdings],
    )


def chain_rights(rights: Rights) -> Record:
    return builders.NO_RIGHTS.but(
        calls=[
            Record(
                firstDay=day_of(each.first_day),
                lastDay=day_of(each.last_day),
                noticeDays=each.notice_days,
                price=each.price,
                inPart=each.in_part,
            )
            for each in rights.calls
        ],
        extension=Record(
            periods=rights.extension.periods,
            noticeDays=rights.extension.notice_days,
            rate=rights.extension.rate,
        ),
    )


def register(world: World, terms: InterestTerms, rights: Rights = NO_RIGHTS) -> Contract:
    """A bond of these terms; its decimals are in its face value."""
    units = min(10**9, (2**120 - 1) // terms.face_value)
    return world.register(
        schedule=chain_schedule(terms.schedule),
        provisions=chain_provisions(terms.provisions),
        rights=chain_rights(rights),
        faceValue=terms.face_value,
        units=units,
        kind=int(terms.kind),
        couponRate=terms.coupon_rate or 0,
        dayCount=int(terms.day_count),
        rounding=int(terms.rounding),
        roll=int(terms.roll),
        adjusted=terms.adjusted,
        calendar=code(terms.calendar),
        utcOffset=terms.utc_offset,
    )


def chain_fixing(found: Record) -> Fixing:
    """A fixing of the chain as one of the model, without its number."""
    assert found.fixedAt
    return Fixing(
        period=0,
        rate=found.rate,
        source=found.source,
        is_deferred=found.isDeferred,
        value=found.value,
        day=builders.date_of(found.day) if found.day else None,
        index_ratio=found.indexRatio,
        factor=found.factor,
        arrears=found.arrears,
    )


# --- one act on both sides


class Refusal(Exception):
    """Both sides refused: the name that the chain gave."""


def both(model: Callable[[], Any], chain: Callable[[], Any]) -> tuple[Any, Any]:
    """What both give.

    Raises:
        Refusal: Both refused for the same reason.
    """
    expected: Any = None
    found: Any = None
    refusal: Exception | None = None
    reverted: Reverted | None = None
    try:
        expected = model()
    except tuple(SAME) as error:
        refusal = error
    try:
        found = chain()
    except Reverted as error:
        reverted = error
    if reverted is None:
        assert refusal is None, f"the model refused {refusal!r}, the chain says {found}"
        return expected, found
    assert refusal is not None, f"the chain refused {reverted}, the model says {expected}"
    assert reverted.name in SAME[type(refusal)], f"the chain refused {reverted}, the model {refusal!r}"
    raise Refusal(reverted.name)


class Twin:
    """A bond on the chain and in the model, with what is published and fixed so far."""

    def __init__(
        self,
        world: World,
        terms: InterestTerms,
        benchmarks: Iterable[Benchmark] = (),
        rights: Rights = NO_RIGHTS,
    ) -> None:
        self.world, self.terms = world, terms
        self.publications: dict[str, Publications] = {}
        for each in benchmarks:
            world.benchmark(
                each.code,
                int(each.kind),
                market=code(each.market),
                basis=each.basis,
                correctable=each.correctable_for,
            )
            self.publications[each.code] = Publications(each, CALENDARS[each.market])
        self.bond = register(world, terms, rights)
        self.extended = 0
        self.life = Life()
        self.fixings: list[Fixing] = []
        self.deferred: set[int] = set()
        self._markets: list[Market] = []
        self._kept: tuple[tuple[int, int], Market] | None = None
        self._published = 0

    # --- the world of the bond

    @property
    def grid(self) -> Grid:
        return Grid(self.terms, CALENDARS, extended=self.extended, life=self.life)

    @property
    def last(self) -> int:
        return self.grid.periods

    @property
    def today(self) -> date:
        """The civil day in the bond's zone."""
        return builders.date_of((self.world.evm.now + self.terms.utc_offset * 60) // DAY)

    def to(self, day: date, second: int = 0) -> None:
        """Moves to a second of a day in the bond's zone, if it is still to come."""
        then = day_of(day) * DAY + second - self.terms.utc_offset * 60
        self.world.evm.warp(max(self.world.evm.now, then))

    @property
    def market(self) -> Market:
        """What counts now."""
        mark = (self.world.evm.now, self._published)
        if self._kept is None or self._kept[0] != mark:
            series = {name: each.as_of(self.world.evm.now) for name, each in self.publications.items()}
            self._kept = mark, Market(series, CALENDARS, self.today)
        return self._kept[1]

    # --- acts on both sides

    def publish(self, name: str, day: date, value: int) -> None:
        self._published += 1
        both(
            lambda: self.publications[name].publish(day, value, self.world.evm.now),
            lambda: self.world.publish_value(name, day_of(day), value),
        )

    def fix(self, period: int) -> Fixing:
        """Fixes a period on both sides, and compares all that came out."""
        previous = self.fixings[-1] if self.fixings else None
        market, deferred = self.market, period in self.deferred
        expected, _ = both(
            lambda: fix_on(self.grid, period, previous, market, deferred=deferred),
            lambda: self.world.servicing.fix(self.bond, period, sender=self.world.outsider),
        )
        self.fixings.append(expected)
        self._markets.append(market)
        self.check_fixing(period)
        return self.fixings[-1]

    def check_fixing(self, period: int) -> None:
        found = chain_fixing(self.world.servicing.fixing(self.bond, period))
        expected = self.fixings[period - 1]
        assert (expected.period, self.world.servicing.fixedPeriods(self.bond)) == (period, len(self.fixings))
        given: Mapping[str, Any] = {name: getattr(expected, name) for name in Fixing.__slots__}
        for name in Fixing.__slots__:
            if name not in ("period", "fixed_at"):
                assert getattr(found, name) == given[name], f"{name} of period {period}"

    def defer(self, period: int) -> None:
        """Defers interest on the chain, and in the model by its rule."""
        self.world.servicing.deferInterest(self.bond, period, sender=self.world.issuer)
        self.deferred.add(period)
        if period <= len(self.fixings):
            previous = self.fixings[period - 2] if period > 1 else None
            self.fixings[-1] = fix_on(self.grid, period, previous, self._markets[-1], deferred=True)
            self.check_fixing(period)

    def call(self, day: date, price: int) -> None:
        """Calls the whole on both sides."""
        self.world.servicing.call(self.bond, day_of(day), sender=self.world.issuer)
        self.life = called(self.terms, self.life, day, price)

    def call_in_part(self, call: PartialCall) -> None:
        """Calls a part with a payment on both sides; the price is that of the right."""
        self.world.servicing.callInPart(self.bond, call.period, call.share, sender=self.world.issuer)
        self.life = called_in_part(self.terms, self.life, call)

    def extend(self, extension: Extension) -> None:
        """Extends the maturity on both sides."""
        self.world.servicing.extendMaturity(self.bond, sender=self.world.issuer)
        self.life = extended_by(self.terms, self.life, extension)

    def renew(self) -> None:
        self.world.servicing.renew(self.bond, sender=self.world.issuer)
        self.extended += self.terms.provisions.renewal.periods

    # --- comparisons

    def check_payment(self, period: int, *holdings: int) -> None:
        """Amounts of a period: of a unit, and of holdings."""
        servicing = self.world.servicing
        each: Any
        found: Any
        try:
            each, found = both(
                lambda: unit_payment(self.grid, period, self.fixings),
                lambda: servicing.unitPayment(self.bond, period),
            )
        except Refusal:
            return
        interest = Fraction(found.interestNumerator, found.interestDenominator)
        principal = Fraction(found.principalNumerator, found.principalDenominator)
        assert (interest, principal) == (each.interest, each.principal), f"of a unit for period {period}"
        for units in holdings:
            amounts = servicing.amountOf(self.bond, period, units)
            assert amounts == (interest_of(each, units), principal_of(each, units))
        self._check_rounding(period, interest)
        assert servicing.poolFactor(self.bond, period) == factor_after(self.grid, period - 1, self.fixings)

    def _check_rounding(self, period: int, interest: Fraction) -> None:
        exact = exact_payment(self.grid, period, self.fixings).interest
        rounded = {
            0: exact,
            1: Fraction(exact.numerator // exact.denominator),
            2: Fraction((2 * exact.numerator + exact.denominator) // (2 * exact.denominator)),
        }
        assert interest == rounded[int(self.terms.rounding)]

    def check_accrued(self, day: date, records: int) -> str:
        """Interest accrued by a day; empty, or the name of the error with which both refused."""
        try:
            expected, (numerator, denominator) = both(
                lambda: self._accrued(day, records),
                lambda: self.world.servicing.accruedPerUnit(self.bond, day_of(day), records),
            )
        except Refusal as refusal:
            return str(refusal)
        assert Fraction(numerator, denominator) == expected, f"on {day}, {records} records"
        if max(self.deferred, default=0) <= len(self.fixings):  # the model knows of a deferral by the fixing
            found = accrued(self.grid, day, records=records, fixings=self.fixings, market=self.market)
            assert found.amount == expected, f"of the model on {day}, {records} records"
        return ""

    def _accrued(self, day: date, records: int) -> Fraction:
        """What was earned by a day, with a coupon that the buyer still gets, less those that he does not.

        Before the issue day nothing was earned, from the end on the whole last coupon.
        """
        grid, last = self.grid, self.last
        day = max(day, self.terms.schedule.issue_day)
        is_over = day >= grid.bound(last)
        if is_over and records >= last:
            raise AccrualRefused(day, "the books are closed")
        if self.terms.kind is CouponKind.ZERO:
            return accreted_value(grid, day) - self.terms.provisions.accretion.issue_price
        period = last if is_over else grid.period_of(day)
        if records + 2 < period:
            raise AccrualRefused(day, "two payments are pending")
        if is_over:
            earned = self._coupon(last)
        else:
            market, before = self.market, period - 1
            earned = accrued(grid, day, records=before, fixings=self.fixings, market=market).amount
        if records + 1 < period:
            earned += self._coupon(period - 1)
        return earned - sum(self._coupon(k) for k in range(period, records + 1))

    def _coupon(self, period: int) -> Fraction:
        if period <= self.terms.provisions.capitalised_until or period in self.deferred:
            return Fraction(0)
        return unit_payment(self.grid, period, self.fixings).interest

    def check_redemption(self, day: date, price: int) -> None:
        """What a unit is paid that is put or drawn for a day, before any record date has passed."""
        try:
            expected, found = both(
                lambda: redemption_terms(
                    self.grid, day, price, records=0, fixings=self.fixings, market=self.market
                ),
                lambda: self.world.servicing.redemptionTerms(self.bond, day_of(day), price),
            )
        except Refusal:
            return
        assert Fraction(found.principalNumerator, found.principalDenominator) == expected.principal
        interest = Fraction(found.interestNumerator, found.interestDenominator)
        # Denominators beyond 128 bits are cut off, against the holder.
        assert 0 <= expected.interest - interest <= expected.interest / 2**100

    def check_accreted(self, day: date) -> None:
        found = self.world.servicing.accretedValue(self.bond, day_of(day))
        if self.terms.kind is CouponKind.ZERO:
            assert found == accreted_value(self.grid, day) * 10**18
        else:
            assert found == self.terms.face_value * 10**18


def benchmark(name: str, kind: BenchmarkKind, market: str = HOME, correctable: int = 0) -> Benchmark:
    return Benchmark(name, kind, market, 360 if kind is BenchmarkKind.OVERNIGHT else 0, correctable)
