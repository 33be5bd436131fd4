"""Term sheets: from a YAML file to frozen, checked terms.

Every scalar is read as the text that stands in the file, so 3.25 never passes through a float and 17:00 is
never a number in base sixty. All problems of a sheet are reported together, each with its dotted field and
its line.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.types import GetPydanticSchema
from pydantic_core import PydanticCustomError, core_schema

from ._fields import (
    ClassLabel,
    Digest,
    IsoDate,
    PositiveDecimal,
    TenderedRate,
    labelled,
    read_calendar_code,
    read_offset_minutes,
    read_positive,
    read_seconds_of_day,
    read_unadjusted,
    reader,
    text_line,
    whole,
)
from ._sheet import read_sheet, validated
from ._termchecks import COUPON_BY_TENDER as COUPON_BY_TENDER
from ._termchecks import (
    contradictions_of,
    exact_issue_price,
    exact_rate,
    rate_contradictions,
)
from .calendars import Convention
from .daycount import DayCount
from .errors import InputError, InvalidAmount
from .identifiers import Isin, Lei, validate_isin, validate_lei
from .membership import class_mask
from .money import Currency, Money

if TYPE_CHECKING:
    from os import PathLike

#: Longest name, in bytes of UTF-8.
MAX_NAME_BYTES = 64
#: Longest short name (the token's symbol), in bytes of UTF-8.
MAX_SHORT_NAME_BYTES = 31
#: Longest name of a document, in bytes: ERC-1643 keys documents by bytes32.
MAX_DOCUMENT_NAME_BYTES = 32

_MAX_UINT8 = 2**8 - 1
_MAX_UINT64 = 2**64 - 1


class Frequency(IntEnum):
    """How often interest is paid; the value is the number of months of a period."""

    ANNUAL = 12
    SEMI_ANNUAL = 6
    QUARTERLY = 3
    MONTHLY = 1

    @property
    def label(self) -> str:
        """The name as term sheets write it, such as ``semi-annual``."""
        return self.name.lower().replace("_", "-")

    @property
    def per_year(self) -> int:
        """Payments a year."""
        return 12 // self.value

    @classmethod
    def from_label(cls, label: str) -> Frequency:
        """Reads a name as term sheets write it.

        Raises:
            KeyError: No frequency has this name.
        """
        return {frequency.label: frequency for frequency in cls}[label]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class _CurrencyBlock(_Block):
    code: Annotated[str, reader(lambda value: Currency(value, 0).code)]
    decimals: Annotated[int, whole(0, 18)]


CurrencyField = Annotated[
    Currency,
    GetPydanticSchema(
        lambda _source, handler: core_schema.no_info_after_validator_function(
            lambda block: Currency(block.code, block.decimals), handler(_CurrencyBlock)
        )
    ),
]


class CouponTerms(_Block):
    """Fixed interest.

    Attributes:
        rate: Percent a year; None where a tender is to fix it, written ``tender`` in the sheet.
        frequency: How often it is paid.
        day_count: How a period's fraction of a year is counted.
    """

    rate: TenderedRate
    frequency: Annotated[Frequency, labelled(Frequency.from_label, [member.label for member in Frequency])]
    day_count: Annotated[DayCount, labelled(DayCount.from_label, [member.label for member in DayCount])]

    @property
    def rate_label(self) -> str:
        """The rate in words: ``3.25 %``, or ``rate by tender``."""
        return "rate by tender" if self.rate is None else f"{self.rate} %"


class BusinessDayTerms(_Block):
    """How a due date becomes a payment day.

    Attributes:
        calendar: Code of the market's calendar.
        roll: Where a due date moves that is no business day.
        adjusted: Whether interest periods move with the payment day; only false is supported.
    """

    calendar: Annotated[str, reader(read_calendar_code)]
    roll: Annotated[Convention, labelled(Convention.from_label, [member.label for member in Convention])]
    adjusted: Annotated[bool, reader(read_unadjusted)] = False


class RecordTerms(_Block):
    """Who gets a payment: the holders at this instant.

    Attributes:
        business_days_before: Business days from the record day to the payment day.
        cut_off: Seconds since midnight of the record day, in the bond's zone; written "17:00" in the sheet.
        time_zone_offset: The bond's zone, minutes east of UTC; written "+08:00" in the sheet.
    """

    business_days_before: Annotated[int, whole(0, 10)]
    cut_off: Annotated[int, reader(read_seconds_of_day)]
    time_zone_offset: Annotated[int, reader(read_offset_minutes)]


class Document(_Block):
    """A document of the issue, bound by its hash.

    Attributes:
        name: Name, the key on chain.
        uri: Where it can be had.
        sha256: SHA-256 of its bytes, 64 hexadecimal digits; or
        keccak256: Keccak-256 of its bytes, 64 hexadecimal digits.
    """

    name: Annotated[str, text_line(MAX_DOCUMENT_NAME_BYTES)]
    uri: Annotated[str, text_line(2048)]
    sha256: Digest | None = None
    keccak256: Digest | None = None

    @model_validator(mode="after")
    def _one_hash(self) -> Document:
        if (self.sha256 is None) == (self.keccak256 is None):
            raise PydanticCustomError("input", "needs exactly one of sha256 and keccak256")
        return self

    @property
    def digest(self) -> bytes:
        """The 32 bytes of its hash."""
        return bytes.fromhex(self.sha256 or self.keccak256 or "")


class TermSheet(_Block):
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
        maturity_date: Unadjusted day of redemption.
        coupon: Interest.
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
    business_days: BusinessDayTerms
    record: RecordTerms
    minimum_denomination: PositiveDecimal
    eligible_classes: tuple[ClassLabel, ...]
    documents: tuple[Document, ...] = ()
    prescription_years: Annotated[int, whole(0, _MAX_UINT8)]

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
        """Annual rate in billionths, as on chain: 3.25 % is 32,500,000; ``COUPON_BY_TENDER`` until fixed."""
        return COUPON_BY_TENDER if self.coupon.rate is None else int(exact_rate(self.coupon.rate))

    @property
    def fixed_rate(self) -> int:
        """Annual rate in billionths.

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
            raise InputError(f"{self.isin}: the coupon rate is fixed at {self.coupon.rate} %")
        coupon = self.coupon.model_copy(update={"rate": read_positive(percent)})
        fixed = self.model_copy(update={"coupon": coupon})
        for _, reason, hint in rate_contradictions(fixed):
            raise InvalidAmount(reason, hint=hint)
        return fixed

    @property
    def months_per_period(self) -> int:
        """Months of an interest period."""
        return int(self.coupon.frequency)

    @property
    def period_count(self) -> int:
        """Number of interest periods."""
        months = (self.maturity_date.year - self.issue_date.year) * 12
        return (months + self.maturity_date.month - self.issue_date.month) // self.months_per_period

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
    return validated(TermSheet, text, path, "a term sheet")[0]
