"""Terms and provisions as the factory takes them: plain ones, with what a test changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from indenture.audit.model import Deal, Terms
from indenture.chain import load_abi

ZERO = "0x" + "0" * 40
NO_CODE = bytes(8)
ALL_CLASSES = 2**24 - 1
FIXED, STEP, ZERO_COUPON, FLOATING, INFLATION, KPI = range(6)
DAYS, MONTHS = range(2)


def day(on: date) -> int:
    return (on - date(1970, 1, 1)).days


def code(name: str) -> bytes:
    return name.encode().ljust(8, b"\0")


def regular(issue: date, maturity: date, periods: int, step: int, **changes: Any) -> dict[str, Any]:
    """A schedule without stubs, in months from the issue day."""
    return {
        "issueDay": day(issue),
        "maturityDay": day(maturity),
        "anchorDay": day(issue),
        "anchorPeriod": 0,
        "periods": periods,
        "step": step,
        "unit": MONTHS,
        "endOfMonth": False,
    } | changes


def provisions(**changes: Any) -> dict[str, Any]:
    """Nothing beyond a coupon and one redemption, but for what is given."""
    return {
        "steps": [],
        "instalments": [],
        "tests": [],
        "floating": floating(NO_CODE, cap=0),
        "inflation": {
            "benchmark": NO_CODE,
            "lagMonths": 0,
            "interpolated": False,
            "floored": False,
            "places": 0,
            "base": 0,
        },
        "accretion": {"issuePrice": 0, "yieldRate": 0, "monthsPerCompounding": 0},
        "renewal": {
            "periods": 0,
            "noticeDays": 0,
            "benchmark": NO_CODE,
            "lag": 0,
            "spread": 0,
            "stepUp": 0,
        },
        "deferral": {"noticeDays": 0, "bearsInterest": False},
        "capitalisedUntil": 0,
        "fallbackDays": 0,
        "taxAccount": ZERO,
        "withholdings": [],
    } | changes


def rights(**changes: Any) -> dict[str, Any]:
    """Nothing that issuer or holders may do before the end, but for what is given."""
    return {
        "calls": [],
        "puts": [],
        "events": [],
        "sinking": [],
        "extension": {"periods": 0, "noticeDays": 0, "rate": 0},
        "defaults": {"graceDays": 0, "penaltyRate": 0, "accelerationShare": 0, "crossDefault": False},
        "amendmentShare": 0,
    } | changes


def floating(benchmark: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "benchmark": benchmark,
        "compounded": False,
        "lag": 0,
        "spread": 0,
        "floor": 0,
        "cap": 2**32 - 1,
        "places": 0,
        "fallbackRule": 0,
        "fallbackRate": 0,
    } | changes


def read(terms: dict[str, Any], more: dict[str, Any], given: dict[str, Any]) -> Any:
    """Terms, provisions and rights as an event tells them."""
    codec = load_abi("IServicing").function("termsAt").output_codec
    return codec.decode(codec.encode((terms, more, given)))


def terms(**changes: Any) -> Any:
    """The auditor's terms of a yearly bond of 2019, with what a test changes.

    Schedule, provisions and rights are as the factory takes them, the rest by the contract's names.
    """
    more, given = changes.pop("provisions", provisions()), changes.pop("rights", rights())
    values: dict[str, Any] = {
        "isin": b"CND1000BOC15",
        "issuer": b"9999INDENTUREDEPO168",
        "issuerAccount": ZERO,
        "currency": ZERO,
        "faceValue": 10_000,
        "units": 10**9,
        "minimumUnits": 1,
        "eligible": 1,
        "schedule": regular(date(2019, 12, 5), date(2021, 12, 5), 2, 12),
        "kind": FIXED,
        "couponRate": 32_500_000,
        "dayCount": 0,
        "rounding": 0,
        "roll": 1,
        "adjusted": False,
        "calendar": code("CN-IB"),
        "recordBusinessDays": 1,
        "cutOff": 17 * 3600,
        "utcOffset": 480,
        "prescriptionYears": 0,
        "termSheetHash": bytes(32),
        "name": "A bond",
        "symbol": "BOND",
    }
    return Terms.from_event(*read(values | changes, more, given))


def deal(bond: Any, time: int = 0, **changes: Any) -> Deal:
    """A bond at a moment, without announcements, fixings or publications but for what is given."""
    return Deal(terms=bond, last=bond.periods, time=time, **changes)
