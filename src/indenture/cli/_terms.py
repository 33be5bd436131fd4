"""The terms of a bond on the chain, as the term sheet that they came from."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from indenture.membership import MemberClass
from indenture.money import Currency
from indenture.termsheet import BusinessDayTerms, RecordTerms, TermSheet
from indenture.termsheet.restored import (
    restored_capitalisation,
    restored_coupon,
    restored_deferral,
    restored_principal,
    restored_renewal,
    restored_rights,
    restored_withholding,
)

if TYPE_CHECKING:
    from indenture.contracts.bond_terms import BondTerms

_PAR = Decimal(100)


def sheet_of(terms: BondTerms, currency: Currency) -> TermSheet:
    """All that is sealed of a term sheet; documents are not.

    The issue price is sealed only of a bond without coupon, and taken as par for all others.

    Args:
        terms: The terms on the chain.
        currency: The bond's currency.
    """
    face, provisions, schedule = currency.from_base(terms.face_value), terms.provisions, terms.schedule
    # Constructed, not read: the chain has checked these values, and may know other calendars.
    sheet = TermSheet.model_construct(
        isin=terms.isin,
        name=terms.name,
        short_name=terms.symbol,
        issuer=terms.issuer,
        currency=currency,
        amount=face * terms.units,
        face_value=face,
        units=terms.units,
        issue_price=_issue_price(terms),
        issue_date=terms.issue_day,
        maturity_date=terms.maturity_day,
        coupon=restored_coupon(terms.interest_terms),
        principal=restored_principal(schedule, provisions),
        capitalisation=restored_capitalisation(schedule, provisions),
        renewal=restored_renewal(schedule, provisions),
        deferral=restored_deferral(provisions),
        rights_terms=restored_rights(terms.rights, terms.kind),
        rounding=terms.rounding,
        fallback_days=provisions.fallback_days or None,
        withholding=restored_withholding(provisions),
        business_days=BusinessDayTerms.model_construct(
            calendar=terms.calendar, roll=terms.roll, adjusted=terms.adjusted
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
    return sheet.sealed_as(terms.interest_terms, terms.rights)


def _issue_price(terms: BondTerms) -> Decimal:
    price = terms.provisions.accretion.issue_price
    if not price:
        return _PAR
    with localcontext(prec=78):
        return Decimal(price) * _PAR / terms.face_value
