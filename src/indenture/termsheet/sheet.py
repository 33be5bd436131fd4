"""Term sheets: from a YAML file to frozen, checked terms.

Every scalar is read as the text that stands in the file, so 3.25 never passes through a float and 17:00 is
never a number in base sixty. All problems of a sheet are reported together, each with its dotted field and
its line.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from indenture._fields import (
    ClassLabel,
    IsoDate,
    PositiveDecimal,
    enumerated,
    read_positive,
    reader,
    text_line,
    whole,
)
from indenture._sheet import read_sheet, validated
from indenture.errors import InputError, InvalidAmount, InvalidDate
from indenture.identifiers import Isin, Lei, validate_isin, validate_lei
from indenture.interest.terms import InterestTerms
from indenture.membership import class_mask
from indenture.money import Money
from indenture.provisions import PeriodUnit, Provisions, Rounding, Schedule
from indenture.rights import Rights

from .blocks import Block, BusinessDayTerms, CurrencyField, Document, RecordTerms
from .checks import contradictions_of
from .checks.amounts import COUPON_BY_TENDER, exact_issue_price, exact_rate, rate_contradictions
from .conversion import provisions_of, rights_of
from .coupon import CouponTerms
from .examples import EXAMPLES
from .provisos import CapitalisationTerms, DeferralTerms, PrincipalTerms, RenewalTerms, WithholdingTerms
from .rights import RightsTerms
from .timetable import timetable

if TYPE_CHECKING:
    from os import PathLike

#: Longest name, in bytes of UTF-8.
MAX_NAME_BYTES = 64
#: Longest short name (the token's symbol), in bytes of UTF-8.
MAX_SHORT_NAME_BYTES = 31

_MAX_UINT8 = 2**8 - 1
_MOST_FALLBACK_DAYS = 366
_MAX_UINT64 = 2**64 - 1


class TermSheet(Block):
    """The terms of one bond, as sealed at issue.

    Attributes:
        isin: International securities identification number.
        name: Full name.
        short_name: Short name, the token's symbol.
        issuer: LEI of the issuer.
        currency: Currency of all payments.
        amount: Amount issued, in the currency; always ``units * face_value``.
        face_value: Face of one unit, in the currency.
        units: Whole bonds issued.
        issue_price: Percent of the face that a subscriber pays.
        issue_date: Day of issue, on which interest starts.
        maturity_date: Unadjusted day of redemption; of a renewable bond, the end of its first cycle.
        coupon: Interest.
        principal: How the principal is repaid; None for the whole at maturity.
        capitalisation: Interest that is added to the principal; None for none.
        renewal: The issuer's right to renew the bond; None for none.
        deferral: The issuer's right to defer interest; None for none.
        rights_terms: What issuer and holders may do before it is repaid, and what follows default; None for
            nothing; written ``rights`` in the sheet.
        rounding: How interest becomes whole base units.
        fallback_days: Civil days after which the fallback for a value applies that is not published.
        withholding: Tax that is withheld from interest; None for none.
        business_days: Calendar and roll of payment days.
        record: Record day and cut-off.
        minimum_denomination: Smallest holding, in the currency, a multiple of the face.
        eligible_classes: Classes of members that may hold it.
        documents: Documents of the issue.
        prescription_years: Years from a payment day in which money may be claimed; 0 for without end.
    """

    isin: Annotated[Isin, reader(validate_isin)]
    name: Annotated[str, text_line(MAX_NAME_BYTES)]
    short_name: Annotated[str, text_line(MAX_SHORT_NAME_BYTES)]
    issuer: Annotated[Lei, reader(validate_lei)]
    currency: CurrencyField
    amount: PositiveDecimal
    face_value: PositiveDecimal
    units: Annotated[int, whole(1, _MAX_UINT64)]
    issue_price: PositiveDecimal = Decimal(100)
    issue_date: IsoDate
    maturity_date: IsoDate
    coupon: CouponTerms
    principal: PrincipalTerms | None = None
    capitalisation: CapitalisationTerms | None = None
    renewal: RenewalTerms | None = None
    deferral: DeferralTerms | None = None
    rights_terms: Annotated[RightsTerms | None, Field(alias="rights")] = None
    rounding: Annotated[Rounding, enumerated(Rounding)] = Rounding.HOLDING_DOWN
    fallback_days: Annotated[int, whole(1, _MOST_FALLBACK_DAYS)] | None = None
    withholding: WithholdingTerms | None = None
    business_days: BusinessDayTerms
    record: RecordTerms
    minimum_denomination: PositiveDecimal
    eligible_classes: tuple[ClassLabel, ...]
    documents: tuple[Document, ...] = ()
    prescription_years: Annotated[int, whole(0, _MAX_UINT8)]

    # Of a sheet that was made from terms on the chain: their grid may have an anchor that no sheet can name.
    _sealed: InterestTerms | None = PrivateAttr(default=None)
    _sealed_rights: Rights | None = PrivateAttr(default=None)

    @property
    def total(self) -> Money:
        """The amount issued."""
        return self.currency.money(self.amount)

    @property
    def face_value_base(self) -> int:
        """Face of one unit, in cash base units."""
        return self.currency.to_base(self.face_value)

    @property
    def issue_price_base(self) -> int:
        """What a subscriber pays for one unit, in cash base units."""
        return int(exact_issue_price(self))

    @property
    def minimum_units(self) -> int:
        """Smallest holding, in units."""
        return self.currency.to_base(self.minimum_denomination) // self.face_value_base

    @property
    def rate(self) -> int:
        """Annual rate in billionths, as on chain: 3.25 % is 32,500,000; ``COUPON_BY_TENDER`` until fixed.

        It is that of the first periods where the coupon has steps, and 0 for kinds that have no rate.
        """
        return COUPON_BY_TENDER if self.coupon.rate is None else int(exact_rate(self.coupon.rate))

    @property
    def fixed_rate(self) -> int:
        """Annual rate in billionths, as ``rate``.

        Raises:
            InputError: A tender is to fix it.
        """
        if self.coupon.rate is None:
            raise InputError(
                f"{self.isin}: the coupon rate is not fixed yet, a tender is to fix it",
                hint="Once the result is published, ask the chain for the bond by its ISIN; "
                "before that, write an expected rate in place of tender.",
            )
        return self.rate

    def with_rate(self, percent: Decimal | int | str) -> TermSheet:
        """These terms with the coupon rate that a tender fixed, or that somebody expects.

        Args:
            percent: Percent a year.

        Raises:
            InputError: The rate is fixed already, or is not a whole number of billionths.
        """
        if self.coupon.rate is not None:
            raise InputError(
                f"{self.isin}: the coupon rate is fixed at {self.coupon.rate} %",
                hint="Only a rate that the sheet leaves to a tender can be given.",
            )
        coupon = self.coupon.model_copy(update={"rate": read_positive(percent)})
        fixed = self.model_copy(update={"coupon": coupon})
        for _, reason, hint in rate_contradictions(fixed):
            raise InvalidAmount(reason, hint=hint)
        return fixed

    @property
    def months_per_period(self) -> int:
        """Months of a regular interest period; of a bond without coupon, those that hold its whole life.

        Raises:
            InvalidDate: Periods are of days.
        """
        grid = self.schedule
        if grid.unit is not PeriodUnit.MONTH:
            raise InvalidDate(f"{self.isin}: its periods are of {grid.step} days, not of months")
        return grid.step

    @property
    def period_count(self) -> int:
        """Number of interest periods; of a renewable bond, those of its first cycle."""
        return self.schedule.periods

    @property
    def schedule(self) -> Schedule:
        """The grid of due days.

        Raises:
            InvalidDate: The dates make none; a sheet that was read has one.
        """
        if self._sealed is not None:
            return self._sealed.schedule
        coupon = self.coupon
        return timetable(
            self.issue_date,
            self.maturity_date,
            coupon.frequency,
            end_of_month=coupon.end_of_month,
            first_coupon=coupon.first_coupon_date,
            stub=coupon.stub,
        )

    def sealed_as(self, terms: InterestTerms, rights: Rights | None = None) -> TermSheet:
        """This sheet with grid, provisions and rights of terms on the chain, which it was made from."""
        sealed = self.model_copy()
        sealed._sealed, sealed._sealed_rights = terms, rights  # noqa: SLF001 - of the same class
        return sealed

    @property
    def provisions(self) -> Provisions:
        """What the terms provide for beyond a fixed coupon and one redemption."""
        return provisions_of(self) if self._sealed is None else self._sealed.provisions

    @property
    def rights(self) -> Rights:
        """What issuer and holders may do before it is repaid, and what follows default, as on chain."""
        return rights_of(self.rights_terms) if self._sealed_rights is None else self._sealed_rights

    @property
    def interest_terms(self) -> InterestTerms:
        """What interest and principal are computed from."""
        return InterestTerms(
            face_value=self.face_value_base,
            schedule=self.schedule,
            kind=self.coupon.kind,
            coupon_rate=None if self.coupon.rate is None else self.rate,
            day_count=self.coupon.day_count,
            rounding=self.rounding,
            roll=self.business_days.roll,
            adjusted=self.business_days.adjusted,
            calendar=self.business_days.calendar,
            utc_offset=self.record.time_zone_offset,
            provisions=self.provisions,
        )

    @property
    def eligible_mask(self) -> int:
        """Bit mask of the classes that may hold it."""
        return class_mask(self.eligible_classes)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> TermSheet:
        problems = contradictions_of(self)
        if problems:
            raise PydanticCustomError(
                "contradiction", "{reason}", {"reason": problems[0][1], "problems": problems}
            )
        return self


def load_term_sheet(path: str | PathLike[str]) -> TermSheet:
    """Reads a term sheet from a YAML file.

    Raises:
        TermSheetError: The file cannot be read, or a field is missing, unknown, malformed or contradictory;
            further problems of the sheet are in its ``others``.
    """
    return parse_term_sheet(read_sheet(path), path=str(path))


def parse_term_sheet(text: str, *, path: str = "<string>") -> TermSheet:
    """Reads a term sheet from YAML text.

    Args:
        text: The YAML text.
        path: What errors call the source.

    Raises:
        TermSheetError: As ``load_term_sheet``.
    """
    return validated(TermSheet, text, path, "a term sheet", EXAMPLES)[0]
