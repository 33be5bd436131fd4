"""From the blocks of a term sheet to the provisions that are sealed on chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from indenture.errors import InvalidDate
from indenture.membership import class_mask
from indenture.provisions import (
    ALL_CLASSES,
    NO_CAP,
    Accretion,
    Deferral,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
    Schedule,
    Step,
    Withholding,
)
from indenture.rights import (
    NO_RIGHTS,
    CallRight,
    DefaultTerms,
    EventRight,
    Extension,
    PutRight,
    Rights,
    Sinking,
)
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day, period_of

from .coupon import Observation

if TYPE_CHECKING:
    from .coupon import CouponTerms, KpiTerms
    from .provisos import RenewalTerms, WithholdingRate
    from .rights import DefaultBlock, ExtensionTerms, RightsTerms
    from .sheet import TermSheet


def billionths_of_percent(percent: Decimal) -> int:
    """Percent that are whole billionths: 3.25 % is 32,500,000."""
    return int(Fraction(percent) * RATE_SCALE / 100)


def billionths_of_level(value: Decimal) -> int:
    """A published value as on chain."""
    return int(Fraction(value) * RATE_SCALE)


def period_from(s: Schedule, day: date) -> int:
    """Number of the period whose first day this is.

    Raises:
        InvalidDate: It is the first day of none.
    """
    period = period_of(s, day)
    if not 1 <= period <= s.periods or due_day(s, period - 1) != day:
        raise InvalidDate(f"{day} is not the first day of a period")
    return period


def period_to(s: Schedule, day: date) -> int:
    """Number of the period that is due on this day.

    Raises:
        InvalidDate: None is.
    """
    period = period_of(s, day) - 1
    if not 1 <= period <= s.periods or due_day(s, period) != day:
        raise InvalidDate(f"{day} is not a due date")
    return period


def provisions_of(sheet: TermSheet) -> Provisions:
    """What a sheet provides for beyond a fixed coupon and one redemption, as on chain.

    The tax account is empty where the sheet leaves it to the registration.
    """
    coupon, grid = sheet.coupon, sheet.schedule
    until, withholding = sheet.capitalisation, sheet.withholding
    return Provisions(
        steps=tuple(
            Step(period_from(grid, step.start), billionths_of_percent(step.rate)) for step in coupon.steps
        ),
        instalments=_instalments(sheet),
        tests=tuple(_test(grid, test) for test in coupon.kpi),
        floating=_floating(coupon),
        inflation=_inflation(coupon),
        accretion=_accretion(sheet),
        renewal=Renewal() if sheet.renewal is None else _renewal(grid, sheet.renewal),
        deferral=Deferral()
        if sheet.deferral is None
        else Deferral(sheet.deferral.notice_days, sheet.deferral.bears_interest),
        capitalised_until=0 if until is None else period_to(grid, until.until),
        fallback_days=sheet.fallback_days or 0,
        tax_account="" if withholding is None else withholding.account or "",
        withholdings=() if withholding is None else _withholdings(withholding.rates),
    )


def rights_of(terms: RightsTerms | None) -> Rights:
    """What issuer and holders may do before the bond is repaid, as on chain."""
    if terms is None:
        return NO_RIGHTS
    return Rights(
        calls=tuple(
            CallRight(
                each.start, each.last, each.notice_days, billionths_of_percent(each.price), each.in_part
            )
            for each in terms.calls
        ),
        puts=tuple(
            PutRight(
                each.opens,
                each.closes,
                each.pay_day,
                billionths_of_percent(each.price),
                each.withdrawable,
            )
            for each in terms.puts
        ),
        events=tuple(
            EventRight(each.code, each.by_holders, each.notice_days, billionths_of_percent(each.price))
            for each in terms.events
        ),
        sinking=tuple(Sinking(each.period, each.units) for each in terms.sinking),
        extension=Extension() if terms.extension is None else _extension(terms.extension),
        defaults=DefaultTerms() if terms.defaults is None else _defaults(terms.defaults),
        amendment_share=billionths_of_percent(terms.amendment_share or Decimal(0)),
    )


def _extension(terms: ExtensionTerms) -> Extension:
    rate = billionths_of_percent(terms.rate or Decimal(0))
    return Extension(terms.periods, terms.notice_days, rate)


def _defaults(terms: DefaultBlock) -> DefaultTerms:
    return DefaultTerms(
        grace_days=terms.grace_days,
        penalty_rate=billionths_of_percent(terms.penalty_rate),
        acceleration_share=billionths_of_percent(terms.acceleration_share),
        cross_default=terms.cross_default,
    )


def _instalments(sheet: TermSheet) -> tuple[Instalment, ...]:
    """One instalment of the whole at maturity is no provision: it is what every bond does."""
    if sheet.principal is None or len(sheet.principal.instalments) == 1:
        return ()
    return tuple(
        Instalment(period_to(sheet.schedule, part.on), billionths_of_percent(part.percent))
        for part in sheet.principal.instalments
    )


def _test(grid: Schedule, test: KpiTerms) -> KpiTest:
    return KpiTest(
        benchmark=test.figure,
        day=test.day,
        period=period_from(grid, test.start),
        at_most=test.at_most is not None,
        target=billionths_of_level(test.target),
        step=billionths_of_percent(test.step),
    )


def _floating(coupon: CouponTerms) -> Floating:
    terms = coupon.floating
    if terms is None:
        return Floating()
    return Floating(
        benchmark=terms.benchmark,
        compounded=terms.observation is Observation.COMPOUNDED,
        lag=terms.lag,
        spread=billionths_of_percent(terms.spread),
        floor=billionths_of_percent(terms.floor),
        cap=NO_CAP if terms.cap is None else billionths_of_percent(terms.cap),
        places=terms.places,
        fallback=terms.fallback,
        fallback_rate=billionths_of_percent(terms.fallback_rate),
    )


def _inflation(coupon: CouponTerms) -> Inflation:
    terms = coupon.inflation
    if terms is None:
        return Inflation()
    return Inflation(
        benchmark=terms.benchmark,
        lag_months=terms.lag_months,
        interpolated=terms.interpolated,
        floored=terms.floored,
        places=terms.places,
        base=billionths_of_level(terms.base),
    )


def _accretion(sheet: TermSheet) -> Accretion:
    terms = sheet.coupon.accretion
    if terms is None:
        return Accretion()
    return Accretion(
        issue_price=sheet.issue_price_base,
        yield_rate=0 if terms.yield_rate is None else billionths_of_percent(terms.yield_rate),
        months_per_compounding=0 if terms.compounding is None else terms.compounding.step,
    )


def _renewal(grid: Schedule, terms: RenewalTerms) -> Renewal:
    return Renewal(
        periods=terms.every.step // grid.step,
        notice_days=terms.notice_days,
        benchmark=terms.benchmark,
        lag=terms.lag,
        spread=billionths_of_percent(terms.spread),
        step_up=billionths_of_percent(terms.step_up),
    )


def _withholdings(rates: Iterable[WithholdingRate]) -> tuple[Withholding, ...]:
    return tuple(
        Withholding(
            ALL_CLASSES if each.for_all else class_mask(each.classes), billionths_of_percent(each.percent)
        )
        for each in rates
    )
