"""Schedule and provisions of a bond as structs of the chain, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from indenture.chain import checksum
from indenture.contracts._base import NOBODY, bytes_of, text_of
from indenture.dates import from_day_number, to_day_number
from indenture.provisions import (
    Accretion,
    Deferral,
    Fallback,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    PeriodUnit,
    Provisions,
    Renewal,
    Schedule,
    Step,
    Withholding,
)

_CODE_BYTES = 8


def encode_schedule(schedule: Schedule) -> dict[str, Any]:
    """The struct of the chain."""
    return {
        "issueDay": to_day_number(schedule.issue_day),
        "maturityDay": to_day_number(schedule.maturity_day),
        "anchorDay": to_day_number(schedule.anchor_day),
        "anchorPeriod": schedule.anchor_period,
        "periods": schedule.periods,
        "step": schedule.step,
        "unit": int(schedule.unit),
        "endOfMonth": schedule.end_of_month,
    }


def schedule_of(raw: Any) -> Schedule:
    """Reads the struct of the chain."""
    return Schedule(
        issue_day=from_day_number(raw.issueDay),
        maturity_day=from_day_number(raw.maturityDay),
        anchor_day=from_day_number(raw.anchorDay),
        anchor_period=raw.anchorPeriod,
        periods=raw.periods,
        step=raw.step,
        unit=PeriodUnit(raw.unit),
        end_of_month=raw.endOfMonth,
    )


def encode_provisions(provisions: Provisions) -> dict[str, Any]:
    """The struct of the chain."""
    return {
        "steps": [asdict(step) for step in provisions.steps],
        "instalments": [asdict(part) for part in provisions.instalments],
        "tests": [_encode_test(test) for test in provisions.tests],
        "floating": _encode_floating(provisions.floating),
        "inflation": _encode_inflation(provisions.inflation),
        "accretion": {
            "issuePrice": provisions.accretion.issue_price,
            "yieldRate": provisions.accretion.yield_rate,
            "monthsPerCompounding": provisions.accretion.months_per_compounding,
        },
        "renewal": _encode_renewal(provisions.renewal),
        "deferral": {
            "noticeDays": provisions.deferral.notice_days,
            "bearsInterest": provisions.deferral.bears_interest,
        },
        "capitalisedUntil": provisions.capitalised_until,
        "fallbackDays": provisions.fallback_days,
        "taxAccount": checksum(provisions.tax_account or NOBODY),
        "withholdings": [asdict(each) for each in provisions.withholdings],
    }


def provisions_of(raw: Any) -> Provisions:
    """Reads the struct of the chain."""
    return Provisions(
        steps=tuple(Step(step.period, step.rate) for step in raw.steps),
        instalments=tuple(Instalment(part.period, part.share) for part in raw.instalments),
        tests=tuple(_test_of(test) for test in raw.tests),
        floating=_floating_of(raw.floating),
        inflation=_inflation_of(raw.inflation),
        accretion=Accretion(
            issue_price=raw.accretion.issuePrice,
            yield_rate=raw.accretion.yieldRate,
            months_per_compounding=raw.accretion.monthsPerCompounding,
        ),
        renewal=_renewal_of(raw.renewal),
        deferral=Deferral(raw.deferral.noticeDays, raw.deferral.bearsInterest),
        capitalised_until=raw.capitalisedUntil,
        fallback_days=raw.fallbackDays,
        tax_account="" if raw.taxAccount == NOBODY else raw.taxAccount,
        withholdings=tuple(Withholding(each.classes, each.rate) for each in raw.withholdings),
    )


def _code(benchmark: str) -> bytes:
    """The code of a benchmark; zero bytes where there is none."""
    return bytes_of(benchmark, _CODE_BYTES, "benchmark code") if benchmark else b"\0" * _CODE_BYTES


def _encode_test(test: KpiTest) -> dict[str, Any]:
    return {
        "benchmark": _code(test.benchmark),
        "day": to_day_number(test.day),
        "period": test.period,
        "atMost": test.at_most,
        "target": test.target,
        "step": test.step,
    }


def _test_of(raw: Any) -> KpiTest:
    return KpiTest(
        benchmark=text_of(raw.benchmark),
        day=from_day_number(raw.day),
        period=raw.period,
        at_most=raw.atMost,
        target=raw.target,
        step=raw.step,
    )


def _encode_floating(floating: Floating) -> dict[str, Any]:
    return {
        "benchmark": _code(floating.benchmark),
        "compounded": floating.compounded,
        "lag": floating.lag,
        "spread": floating.spread,
        "floor": floating.floor,
        "cap": floating.cap,
        "places": floating.places,
        "fallbackRule": int(floating.fallback),
        "fallbackRate": floating.fallback_rate,
    }


def _floating_of(raw: Any) -> Floating:
    return Floating(
        benchmark=text_of(raw.benchmark),
        compounded=raw.compounded,
        lag=raw.lag,
        spread=raw.spread,
        floor=raw.floor,
        cap=raw.cap,
        places=raw.places,
        fallback=Fallback(raw.fallbackRule),
        fallback_rate=raw.fallbackRate,
    )


def _encode_inflation(inflation: Inflation) -> dict[str, Any]:
    return {
        "benchmark": _code(inflation.benchmark),
        "lagMonths": inflation.lag_months,
        "interpolated": inflation.interpolated,
        "floored": inflation.floored,
        "places": inflation.places,
        "base": inflation.base,
    }


def _inflation_of(raw: Any) -> Inflation:
    return Inflation(
        benchmark=text_of(raw.benchmark),
        lag_months=raw.lagMonths,
        interpolated=raw.interpolated,
        floored=raw.floored,
        places=raw.places,
        base=raw.base,
    )


def _encode_renewal(renewal: Renewal) -> dict[str, Any]:
    return {
        "periods": renewal.periods,
        "noticeDays": renewal.notice_days,
        "benchmark": _code(renewal.benchmark),
        "lag": renewal.lag,
        "spread": renewal.spread,
        "stepUp": renewal.step_up,
    }


def _renewal_of(raw: Any) -> Renewal:
    return Renewal(
        periods=raw.periods,
        notice_days=raw.noticeDays,
        benchmark=text_of(raw.benchmark),
        lag=raw.lag,
        spread=raw.spread,
        step_up=raw.stepUp,
    )
