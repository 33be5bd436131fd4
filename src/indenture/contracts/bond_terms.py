"""The terms of a bond, as sealed in its code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from indenture.calendars import Convention
from indenture.chain import checksum
from indenture.contracts._base import bytes_of, text_of
from indenture.contracts.provisions import encode_provisions, encode_schedule, provisions_of, schedule_of
from indenture.contracts.rights import encode_rights, rights_of
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.identifiers import Isin, Lei, isin_from_bytes, isin_to_bytes, lei_from_bytes, lei_to_bytes
from indenture.interest.terms import InterestTerms
from indenture.primary import Market
from indenture.provisions import CouponKind, Provisions, Rounding, Schedule
from indenture.rights import Rights
from indenture.schedule import due_day, months_of_regular
from indenture.termsheet import COUPON_BY_TENDER, TermSheet


@dataclass(frozen=True, slots=True)
class BondTerms:
    """The terms of a bond, as sealed in its code; money is in base units of its currency.

    Attributes:
        isin: ISIN.
        issuer: LEI of the issuer.
        issuer_account: Account that registered the bond; receives the proceeds.
        currency: Address of the token in which the bond is paid for and pays.
        face_value: Face of one unit, in base units.
        units: Most units that may ever be issued.
        minimum_units: Minimum denomination, in units.
        eligible: Verdicts of which a holder needs one.
        schedule: Grid of due days, unadjusted.
        kind: Where the rate of a period comes from.
        coupon_rate: Per year, in billionths; None while an offering is to fix it.
        day_count: Day count of the coupon.
        rounding: How interest becomes whole base units.
        roll: What happens to a payment day that is no business day.
        adjusted: Whether interest periods end on the payment day.
        calendar: Market whose business days count.
        record_business_days: Business days between record day and payment day.
        cut_off: Second of the record day at which the books close.
        utc_offset: Minutes by which the bond's zone is ahead of UTC.
        prescription_years: Years in which a holder may claim; 0 for without end.
        term_sheet_hash: Keccak-256 of the term sheet.
        name: Name.
        symbol: Short name.
        provisions: What the terms provide for beyond that.
        rights: What issuer and holders may do before it is repaid.
    """

    isin: Isin
    issuer: Lei
    issuer_account: str
    currency: str
    face_value: int
    units: int
    minimum_units: int
    eligible: int
    schedule: Schedule
    kind: CouponKind
    coupon_rate: int | None
    day_count: DayCount
    rounding: Rounding
    roll: Convention
    adjusted: bool
    calendar: str
    record_business_days: int
    cut_off: int
    utc_offset: int
    prescription_years: int
    term_sheet_hash: bytes
    name: str
    symbol: str
    provisions: Provisions = field(default_factory=Provisions)
    rights: Rights = field(default_factory=Rights)

    @property
    def market(self) -> Market:
        """What an offering must know of the bond."""
        return Market(
            lot=self.minimum_units,
            face_value=self.face_value,
            months_per_period=months_of_regular(self.schedule),
            periods=self.periods,
            coupon_rate=self.coupon_rate,
        )

    @property
    def issue_day(self) -> date:
        """Day from which interest runs."""
        return self.schedule.issue_day

    @property
    def maturity_day(self) -> date:
        """Day, unadjusted, on which the last period ends."""
        return self.schedule.maturity_day

    @property
    def periods(self) -> int:
        """Number of interest periods, as sealed: without renewals, extensions and calls."""
        return self.schedule.periods

    @property
    def interest_terms(self) -> InterestTerms:
        """What interest and principal are computed from."""
        return InterestTerms(
            face_value=self.face_value,
            schedule=self.schedule,
            kind=self.kind,
            coupon_rate=self.coupon_rate,
            day_count=self.day_count,
            rounding=self.rounding,
            roll=self.roll,
            adjusted=self.adjusted,
            calendar=self.calendar,
            utc_offset=self.utc_offset,
            provisions=self.provisions,
        )

    def due_day(self, period: int) -> date:
        """Day, unadjusted, on which a period ends; period 0 gives the issue day."""
        return due_day(self.schedule, period)

    @classmethod
    def from_sheet(
        cls,
        sheet: TermSheet,
        *,
        issuer_account: str,
        currency: str,
        term_sheet_hash: bytes,
        tax_account: str | None = None,
    ) -> BondTerms:
        """The terms that a term sheet comes to.

        Args:
            sheet: The term sheet.
            issuer_account: Account that will register the bond.
            currency: Address of the token of the sheet's currency.
            term_sheet_hash: Keccak-256 of the sheet.
            tax_account: Account that receives what is withheld, where the sheet leaves it out.

        Raises:
            InputError: The sheet withholds tax and nobody says to whom it goes, or both do.
        """
        return cls(
            isin=sheet.isin,
            issuer=sheet.issuer,
            issuer_account=checksum(issuer_account),
            currency=checksum(currency),
            face_value=sheet.face_value_base,
            units=sheet.units,
            minimum_units=sheet.minimum_units,
            eligible=sheet.eligible_mask,
            schedule=sheet.schedule,
            kind=sheet.coupon.kind,
            coupon_rate=None if sheet.coupon.rate is None else sheet.rate,
            day_count=sheet.coupon.day_count,
            rounding=sheet.rounding,
            roll=sheet.business_days.roll,
            adjusted=sheet.business_days.adjusted,
            calendar=sheet.business_days.calendar,
            record_business_days=sheet.record.business_days_before,
            cut_off=sheet.record.cut_off,
            utc_offset=sheet.record.time_zone_offset,
            prescription_years=sheet.prescription_years,
            term_sheet_hash=term_sheet_hash,
            name=sheet.name,
            symbol=sheet.short_name,
            provisions=_taxed(sheet, tax_account),
            rights=sheet.rights,
        )

    @classmethod
    def of(cls, raw: Any, provisions: Any, rights: Any) -> BondTerms:
        """Reads the three structs of the chain.

        Args:
            raw: The terms.
            provisions: The provisions.
            rights: The rights.
        """
        return cls(
            isin=isin_from_bytes(raw.isin),
            issuer=lei_from_bytes(raw.issuer),
            issuer_account=raw.issuerAccount,
            currency=raw.currency,
            face_value=raw.faceValue,
            units=raw.units,
            minimum_units=raw.minimumUnits,
            eligible=raw.eligible,
            schedule=schedule_of(raw.schedule),
            kind=CouponKind(raw.kind),
            coupon_rate=None if raw.couponRate == COUPON_BY_TENDER else raw.couponRate,
            day_count=DayCount(raw.dayCount),
            rounding=Rounding(raw.rounding),
            roll=Convention(raw.roll),
            adjusted=raw.adjusted,
            calendar=text_of(raw.calendar),
            record_business_days=raw.recordBusinessDays,
            cut_off=raw.cutOff,
            utc_offset=raw.utcOffset,
            prescription_years=raw.prescriptionYears,
            term_sheet_hash=raw.termSheetHash,
            name=raw.name,
            symbol=raw.symbol,
            provisions=provisions_of(provisions),
            rights=rights_of(rights),
        )

    def encode(self) -> dict[str, Any]:
        """The struct of the core terms."""
        return {
            "isin": isin_to_bytes(self.isin),
            "issuer": lei_to_bytes(self.issuer),
            "issuerAccount": self.issuer_account,
            "currency": self.currency,
            "faceValue": self.face_value,
            "units": self.units,
            "minimumUnits": self.minimum_units,
            "eligible": self.eligible,
            "schedule": encode_schedule(self.schedule),
            "kind": int(self.kind),
            "couponRate": COUPON_BY_TENDER if self.coupon_rate is None else self.coupon_rate,
            "dayCount": int(self.day_count),
            "rounding": int(self.rounding),
            "roll": int(self.roll),
            "adjusted": self.adjusted,
            "calendar": bytes_of(self.calendar, 8, "calendar code"),
            "recordBusinessDays": self.record_business_days,
            "cutOff": self.cut_off,
            "utcOffset": self.utc_offset,
            "prescriptionYears": self.prescription_years,
            "termSheetHash": self.term_sheet_hash,
            "name": self.name,
            "symbol": self.symbol,
        }

    def encode_provisions(self) -> dict[str, Any]:
        """The struct of the provisions."""
        return encode_provisions(self.provisions)

    def encode_rights(self) -> dict[str, Any]:
        """The struct of the rights."""
        return encode_rights(self.rights)


def _taxed(sheet: TermSheet, tax_account: str | None) -> Provisions:
    """The provisions of a sheet, with the account that receives what is withheld."""
    found = sheet.provisions
    if not found.withholdings and tax_account:
        raise InputError(
            f"{sheet.isin} withholds no tax, and {tax_account} is to receive it",
            hint="Leave the tax account out, or let the term sheet withhold.",
        )
    if found.tax_account and tax_account and found.tax_account != checksum(tax_account):
        raise InputError(f"the term sheet has tax go to {found.tax_account}, not to {tax_account}")
    if found.withholdings and not (found.tax_account or tax_account):
        raise InputError(
            f"{sheet.isin} withholds tax, and no account is to receive it",
            hint="Give the tax account, or write it into the term sheet as withholding.account.",
        )
    return replace(found, tax_account=checksum(tax_account)) if tax_account else found
