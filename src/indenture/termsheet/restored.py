"""From terms that are sealed on chain back to the blocks of the term sheet that they came from.

Blocks are constructed, not read: the chain has checked them, and may know other calendars and benchmarks.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from indenture.membership import MemberClass
from indenture.provisions import ALL_CLASSES, NO_CAP, CouponKind
from indenture.rights import NO_RIGHTS, DefaultTerms
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day, regular_day

from .coupon import (
    NO_RATE,
    AccretionMethod,
    AccretionTerms,
    CouponTerms,
    FloatingTerms,
    InflationTerms,
    KpiTerms,
    Observation,
    RateStep,
)
from .frequency import Frequency
from .provisos import (
    CapitalisationTerms,
    DeferralTerms,
    InstalmentTerms,
    PrincipalTerms,
    RenewalTerms,
    WithholdingRate,
    WithholdingTerms,
)
from .rights import (
    CallTerms,
    DefaultBlock,
    EventTerms,
    ExtensionTerms,
    PutTerms,
    RightsTerms,
    SinkingTerms,
)
from .timetable import Stub

if TYPE_CHECKING:
    from datetime import date

    from indenture.interest.terms import InterestTerms
    from indenture.provisions import Accretion, Floating, Inflation, KpiTest, Provisions, Schedule
    from indenture.rights import Rights

_RATED = (CouponKind.FIXED, CouponKind.STEP, CouponKind.INFLATION, CouponKind.KPI)


def restored_coupon(terms: InterestTerms) -> CouponTerms:
    """The interest of a sheet."""
    s, provisions = terms.schedule, terms.provisions
    first_coupon, stub = _shape(s)
    is_zero = terms.kind is CouponKind.ZERO
    rate = None if terms.coupon_rate is None else _percent(terms.coupon_rate)
    return CouponTerms.model_construct(
        kind=terms.kind,
        rate=rate if terms.kind in _RATED else NO_RATE,
        frequency=None if is_zero else Frequency(s.step, s.unit),
        day_count=terms.day_count,
        end_of_month=s.end_of_month,
        first_coupon_date=None if is_zero else first_coupon,
        stub=None if is_zero else stub,
        steps=tuple(
            RateStep.model_construct(start=due_day(s, step.period - 1), rate=_percent(step.rate))
            for step in provisions.steps
        ),
        floating=_floating(provisions.floating) if provisions.floating.benchmark else None,
        inflation=_inflation(provisions.inflation) if provisions.inflation.benchmark else None,
        kpi=tuple(_kpi(s, test) for test in provisions.tests),
        accretion=_accretion(provisions.accretion) if is_zero else None,
    )


def restored_principal(s: Schedule, provisions: Provisions) -> PrincipalTerms | None:
    """How a sheet repays the principal; None for the whole at maturity."""
    parts = tuple(
        InstalmentTerms.model_construct(on=due_day(s, part.period), percent=_percent(part.share))
        for part in provisions.instalments
    )
    return PrincipalTerms.model_construct(instalments=parts) if parts else None


def restored_capitalisation(s: Schedule, provisions: Provisions) -> CapitalisationTerms | None:
    """What a sheet adds to the principal; None for nothing."""
    until = provisions.capitalised_until
    return CapitalisationTerms.model_construct(until=due_day(s, until)) if until else None


def restored_renewal(s: Schedule, provisions: Provisions) -> RenewalTerms | None:
    """The right to renew; None for none."""
    renewal = provisions.renewal
    if not renewal.periods:
        return None
    return RenewalTerms.model_construct(
        every=Frequency(renewal.periods * s.step, s.unit),
        notice_days=renewal.notice_days,
        benchmark=renewal.benchmark,
        lag=renewal.lag,
        spread=_percent(renewal.spread),
        step_up=_percent(renewal.step_up),
    )


def restored_deferral(provisions: Provisions) -> DeferralTerms | None:
    """The right to defer; None for none."""
    deferral = provisions.deferral
    if not deferral.notice_days:
        return None
    return DeferralTerms.model_construct(
        notice_days=deferral.notice_days, bears_interest=deferral.bears_interest
    )


def restored_withholding(provisions: Provisions) -> WithholdingTerms | None:
    """The tax that is withheld; None for none."""
    if not provisions.withholdings:
        return None
    rates = tuple(
        WithholdingRate.model_construct(
            classes=tuple(
                each for each in MemberClass if entry.classes == ALL_CLASSES or entry.classes >> each & 1
            ),
            percent=_percent(entry.rate),
        )
        for entry in provisions.withholdings
    )
    return WithholdingTerms.model_construct(account=provisions.tax_account or None, rates=rates)


def restored_rights(rights: Rights, kind: CouponKind) -> RightsTerms | None:
    """What issuer and holders may do before the bond is repaid; None for nothing.

    Args:
        rights: What is sealed.
        kind: Of the coupon: a floating rate has none of its own after an extension.
    """
    if rights == NO_RIGHTS:
        return None
    has_defaults = rights.defaults != DefaultTerms()
    return RightsTerms.model_construct(
        calls=tuple(
            CallTerms.model_construct(
                start=each.first_day,
                end=None if each.last_day == each.first_day else each.last_day,
                notice_days=each.notice_days,
                price=_percent(each.price),
                in_part=each.in_part,
            )
            for each in rights.calls
        ),
        puts=tuple(
            PutTerms.model_construct(
                opens=each.opens_day,
                closes=each.closes_day,
                pay_day=each.pay_day,
                price=_percent(each.price),
                withdrawable=each.withdrawable,
            )
            for each in rights.puts
        ),
        events=tuple(
            EventTerms.model_construct(
                code=each.code,
                by_holders=each.by_holders,
                notice_days=each.notice_days,
                price=_percent(each.price),
            )
            for each in rights.events
        ),
        sinking=tuple(
            SinkingTerms.model_construct(period=each.period, units=each.units) for each in rights.sinking
        ),
        extension=_extension(rights, kind) if rights.extension.periods else None,
        defaults=_defaults(rights.defaults) if has_defaults else None,
        amendment_share=_percent(rights.amendment_share) if rights.amendment_share else None,
    )


def _extension(rights: Rights, kind: CouponKind) -> ExtensionTerms:
    extension = rights.extension
    return ExtensionTerms.model_construct(
        periods=extension.periods,
        notice_days=extension.notice_days,
        rate=None if kind is CouponKind.FLOATING else _percent(extension.rate),
    )


def _defaults(terms: DefaultTerms) -> DefaultBlock:
    return DefaultBlock.model_construct(
        grace_days=terms.grace_days,
        penalty_rate=_percent(terms.penalty_rate),
        acceleration_share=_percent(terms.acceleration_share),
        cross_default=terms.cross_default,
    )


def _shape(s: Schedule) -> tuple[date | None, Stub | None]:
    """The first coupon date and the stub by which a sheet says where a grid is anchored."""
    last = regular_day(s, s.periods)
    back = Stub.LONG_BACK if s.maturity_day > last else None
    if s.anchor_period == 0:
        return None, back or (Stub.SHORT_BACK if s.maturity_day < last else None)
    if s.anchor_period < s.periods:
        return due_day(s, 1), back
    first = regular_day(s, 0)
    if s.issue_day == first:
        return due_day(s, 1), None
    return None, Stub.SHORT_FRONT if s.issue_day > first else Stub.LONG_FRONT


def _floating(terms: Floating) -> FloatingTerms:
    return FloatingTerms.model_construct(
        benchmark=terms.benchmark,
        observation=Observation.COMPOUNDED if terms.compounded else Observation.TERM,
        lag=terms.lag,
        spread=_percent(terms.spread),
        floor=_percent(terms.floor),
        cap=None if terms.cap == NO_CAP else _percent(terms.cap),
        places=terms.places,
        fallback=terms.fallback,
        fallback_rate=_percent(terms.fallback_rate),
    )


def _inflation(terms: Inflation) -> InflationTerms:
    return InflationTerms.model_construct(
        benchmark=terms.benchmark,
        lag_months=terms.lag_months,
        interpolated=terms.interpolated,
        base=_level(terms.base),
        places=terms.places,
        floored=terms.floored,
    )


def _kpi(s: Schedule, test: KpiTest) -> KpiTerms:
    target = _level(test.target)
    return KpiTerms.model_construct(
        figure=test.benchmark,
        day=test.day,
        start=due_day(s, test.period - 1),
        at_most=target if test.at_most else None,
        at_least=None if test.at_most else target,
        step=_percent(test.step),
    )


def _accretion(terms: Accretion) -> AccretionTerms:
    is_compound = terms.yield_rate != 0
    return AccretionTerms.model_construct(
        method=AccretionMethod.COMPOUND if is_compound else AccretionMethod.STRAIGHT,
        yield_rate=_percent(terms.yield_rate) if is_compound else None,
        compounding=Frequency(terms.months_per_compounding) if is_compound else None,
    )


def _percent(billionths: int) -> Decimal:
    return _shortest(Decimal(billionths) * 100 / RATE_SCALE)


def _level(billionths: int) -> Decimal:
    return _shortest(Decimal(billionths) / RATE_SCALE)


def _shortest(number: Decimal) -> Decimal:
    """Without needless zeros after the point, and without an exponent."""
    with localcontext(prec=78):
        return Decimal(f"{number.normalize():f}")
