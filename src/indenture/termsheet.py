"""Term sheets: from a YAML file to frozen, checked terms.

Every scalar is read as the text that stands in the file, so 3.25 never passes through a float and 17:00 is
never a number in base sixty. All problems of a sheet are reported together, each with its dotted field and
its line.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.types import GetPydanticSchema
from pydantic_core import PydanticCustomError, core_schema

from ._fields import (
    ClassLabel,
    Digest,
    IsoDate,
    PositiveDecimal,
    labelled,
    read_calendar_code,
    read_offset_minutes,
    read_seconds_of_day,
    read_unadjusted,
    reader,
    text_line,
    whole,
)
from ._sheet import Location, Sheet, parse_sheet
from .calendars import Convention
from .dates import add_months
from .daycount import DayCount
from .errors import InvalidAmount, TermSheetError
from .identifiers import Isin, Lei, validate_isin, validate_lei
from .membership import class_mask
from .money import Currency, Money
from .rounding import RATE_SCALE

if TYPE_CHECKING:
    from os import PathLike

#: Longest name, in bytes of UTF-8.
MAX_NAME_BYTES = 64
#: Longest short name (the token's symbol), in bytes of UTF-8.
MAX_SHORT_NAME_BYTES = 31
#: Longest name of a document, in bytes: ERC-1643 keys documents by bytes32.
MAX_DOCUMENT_NAME_BYTES = 32

_MAX_UINT8 = 2**8 - 1
_MAX_UINT32 = 2**32 - 1
_MAX_UINT64 = 2**64 - 1
_MAX_UINT128 = 2**128 - 1


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
        rate: Percent a year.
        frequency: How often it is paid.
        day_count: How a period's fraction of a year is counted.
    """

    rate: PositiveDecimal
    frequency: Annotated[Frequency, labelled(Frequency.from_label, [member.label for member in Frequency])]
    day_count: Annotated[DayCount, labelled(DayCount.from_label, [member.label for member in DayCount])]


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
        return int(_exact_issue_price(self))

    @property
    def minimum_units(self) -> int:
        """Smallest holding, in units."""
        return self.currency.to_base(self.minimum_denomination) // self.face_value_base

    @property
    def rate(self) -> int:
        """Annual rate in billionths, as on chain: 3.25 % is 32,500,000."""
        return int(_exact_rate(self.coupon))

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
        problems = [problem for check in _CHECKS for problem in check(self)]
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
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise TermSheetError(str(path), "(file)", 0, f"cannot be read: {reason}") from None
    return parse_term_sheet(text, path=str(path))


def parse_term_sheet(text: str, *, path: str = "<string>") -> TermSheet:
    """Reads a term sheet from YAML text.

    Args:
        text: The YAML text.
        path: What errors call the source.

    Raises:
        TermSheetError: As ``load_term_sheet``.
    """
    sheet = parse_sheet(text, path)
    problems = list(sheet.problems)
    try:
        terms = TermSheet.model_validate(sheet.data)
    except ValidationError as error:
        problems += [problem for detail in error.errors() for problem in _problems(sheet, detail)]
    if problems:
        first, *others = sorted(problems, key=lambda problem: problem.line)
        raise TermSheetError(
            path, first.field, first.line, first.reason, hint=first.hint, others=tuple(others)
        )
    return terms


def _problems(sheet: Sheet, detail: Any) -> list[TermSheetError]:
    """Translates one finding of pydantic."""
    location: Location = tuple(detail["loc"])
    context = detail.get("ctx", {})
    if detail["type"] == "contradiction":
        return [
            sheet.problem(tuple(name.split(".")), reason, hint) for name, reason, hint in context["problems"]
        ]
    if detail["type"] == "missing":
        return [sheet.problem(location, "is missing")]
    if detail["type"] == "extra_forbidden":
        return [
            sheet.problem(location, "is not a field of a term sheet", "Remove it, or check the spelling.")
        ]
    if detail["type"] in ("model_type", "dict_type", "tuple_type"):
        kind = "a list" if detail["type"] == "tuple_type" else "a block of fields"
        return [sheet.problem(location, f"must be {kind}")]
    return [sheet.problem(location, detail["msg"], context.get("hint", ""))]


# Checks of fields against each other: each yields (field, what is wrong, what to do).

_Problems = list[tuple[str, str, str]]


def _check_amounts(terms: TermSheet) -> _Problems:
    problems: _Problems = []
    currency = terms.currency
    for name in ("amount", "face_value", "minimum_denomination"):
        try:
            if currency.to_base(getattr(terms, name)) > _MAX_UINT128:
                raise InvalidAmount(f"{getattr(terms, name)} is too large")
        except InvalidAmount as error:
            problems.append((name, error.message, error.hint))
    if problems:
        return problems
    face, minimum = terms.face_value_base, currency.to_base(terms.minimum_denomination)
    if terms.units * face != currency.to_base(terms.amount):
        product = currency.money_from_base(terms.units * face)
        problems.append(
            ("amount", f"{terms.total} is not units * face_value, {product}", "Correct one of the three.")
        )
    if minimum % face:
        problems.append(
            ("minimum_denomination", f"{terms.minimum_denomination} is not a multiple of face_value", "")
        )
    elif minimum // face > terms.units:
        problems.append(("minimum_denomination", f"{terms.minimum_denomination} is more than the issue", ""))
    if _exact_issue_price(terms).denominator != 1:
        reason = f"{terms.issue_price} % of {terms.face_value} is not a whole number of base units"
        problems.append(("issue_price", reason, f"{currency.code} has {currency.decimals} decimals."))
    return problems


def _check_dates(terms: TermSheet) -> _Problems:
    if terms.maturity_date <= terms.issue_date:
        return [("maturity_date", f"{terms.maturity_date} is not after issue_date {terms.issue_date}", "")]
    nearest = max(terms.period_count, 1)
    expected = add_months(terms.issue_date, nearest * terms.months_per_period)
    if expected == terms.maturity_date:
        return []
    return [
        (
            "maturity_date",
            f"{terms.maturity_date} is not a whole number of {terms.coupon.frequency.label} periods after "
            f"issue_date {terms.issue_date}",
            f"{nearest} periods end on {expected}; short and long first or last periods are not supported.",
        )
    ]


def _check_rate(terms: TermSheet) -> _Problems:
    rate = _exact_rate(terms.coupon)
    if rate.denominator != 1 or rate > _MAX_UINT32:
        return [("coupon.rate", f"{terms.coupon.rate} % is not a whole number of billionths up to 429 %", "")]
    return []


def _check_lists(terms: TermSheet) -> _Problems:
    problems: _Problems = []
    if not terms.eligible_classes:
        problems.append(("eligible_classes", "is empty: nobody could hold the bond", ""))
    if len(set(terms.eligible_classes)) != len(terms.eligible_classes):
        problems.append(("eligible_classes", "names a class twice", ""))
    if len({document.name for document in terms.documents}) != len(terms.documents):
        problems.append(("documents", "has two documents of one name", ""))
    return problems


_CHECKS = (_check_amounts, _check_dates, _check_rate, _check_lists)


def _exact_issue_price(terms: TermSheet) -> Fraction:
    return Fraction(terms.issue_price) * terms.face_value_base / 100


def _exact_rate(coupon: CouponTerms) -> Fraction:
    return Fraction(coupon.rate) * RATE_SCALE / 100
