"""Terms of example bonds, and QuantLib's dates and calendars."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import QuantLib as ql

from indenture.calendars import Calendar
from indenture.termsheet import BusinessDayTerms, CouponTerms, RecordTerms, TermSheet

VECTORS = Path(__file__).parents[2] / "vectors"

MakeTerms = Callable[..., TermSheet]


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Any]:
    """Reads a file of tests/vectors."""
    return lambda name: json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def make_terms() -> MakeTerms:
    """Builds terms: two years, 3.25 % annual, a thousand units of 100 yuan, or as told; None is left out."""

    def make(**changes: Any) -> TermSheet:
        fields: dict[str, Any] = {
            "isin": "CND1000BOC15",
            "name": "Example bond",
            "short_name": "EXAMPLE",
            "issuer": "54930053HGCFWVHYZX42",
            "currency": {"code": "CNY", "decimals": 2},
            "face_value": "100",
            "units": 1000,
            "issue_date": "2019-12-05",
            "maturity_date": "2021-12-05",
            "minimum_denomination": changes.get("face_value", "100"),
            "eligible_classes": ["bank", "fund"],
            "prescription_years": 3,
        }
        coupon: dict[str, Any] = {"rate": "3.25", "frequency": "annual", "day_count": "ACT/ACT ICMA"}
        days: dict[str, Any] = {"calendar": "CN-IB", "roll": "following", "adjusted": "false"}
        record: dict[str, Any] = {
            "business_days_before": 1,
            "cut_off": "17:00",
            "time_zone_offset": "+08:00",
        }
        for block, model in ((coupon, CouponTerms), (days, BusinessDayTerms), (record, RecordTerms)):
            block.update({name: changes.pop(name) for name in model.model_fields if name in changes})
            for name in [name for name, value in block.items() if value is None]:
                del block[name]
        fields.update(coupon=coupon, business_days=days, record=record)
        fields.update(changes)
        fields.setdefault("amount", int(fields["units"]) * int(fields["face_value"]))
        return TermSheet.model_validate(fields)

    return make


@pytest.fixture(scope="session")
def quantlib_calendar() -> Callable[[range], Calendar]:
    """Our calendar with QuantLib's working days of some years, which the package need not publish."""

    def make(years: range) -> Calendar:
        market = ql.China(ql.China.IB)
        bitmaps = {
            year: sum(
                1 << index
                for index in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
                if market.isBusinessDay(to_ql(date(year, 1, 1) + timedelta(days=index)))
            )
            for year in years
        }
        return Calendar.from_bitmaps("CN-IB", bitmaps)

    return make


@pytest.fixture(scope="session")
def to_quantlib() -> Callable[[date], ql.Date]:
    """Turns a date into QuantLib's."""
    return to_ql


@pytest.fixture(scope="session")
def from_quantlib() -> Callable[[ql.Date], date]:
    """Turns QuantLib's date into a date."""
    return lambda day: date(day.year(), day.month(), day.dayOfMonth())


def to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)
