"""The terms of a bond on the chain, as the term sheet that they came from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from indenture.membership import MemberClass
from indenture.money import Currency
from indenture.primary.result import percent_of
from indenture.termsheet import BusinessDayTerms, CouponTerms, Frequency, RecordTerms, TermSheet

if TYPE_CHECKING:
    from indenture.contracts.bond import BondTerms

_PAR = Decimal(100)


def sheet_of(terms: BondTerms, currency: Currency) -> TermSheet:
    """All that is sealed of a term sheet; documents and issue price are not, and the price is taken as par.

    Args:
        terms: The terms on the chain.
        currency: The bond's currency.
    """
    face = currency.from_base(terms.face_value)
    # Constructed, not read: the chain has checked these values, and may know other calendars.
    return TermSheet.model_construct(
        isin=terms.isin,
        name=terms.name,
        short_name=terms.symbol,
        issuer=terms.issuer,
        currency=currency,
        amount=face * terms.units,
        face_value=face,
        units=terms.units,
        issue_price=_PAR,
        issue_date=terms.issue_day,
        maturity_date=terms.maturity_day,
        coupon=CouponTerms.model_construct(
            rate=None if terms.coupon_rate is None else percent_of(terms.coupon_rate),
            frequency=Frequency(terms.months_per_period),
            day_count=terms.day_count,
        ),
        business_days=BusinessDayTerms.model_construct(
            calendar=terms.calendar, roll=terms.roll, adjusted=False
        ),
        record=RecordTerms.model_construct(
            business_days_before=terms.record_business_days,
            cut_off=terms.cut_off,
            time_zone_offset=terms.utc_offset,
        ),
        minimum_denomination=face * terms.minimum_units,
        eligible_classes=tuple(each for each in MemberClass if terms.eligible >> each & 1),
        documents=(),
        prescription_years=terms.prescription_years,
    )
