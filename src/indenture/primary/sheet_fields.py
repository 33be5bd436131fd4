"""Fields of an offering sheet: volumes, quotes and times as people write them, and what they come to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from indenture._fields import read_positive, reader
from indenture.dates import instant, parse_clock
from indenture.errors import InputError, InvalidAmount, InvalidDate
from indenture.identifiers import validate_lei
from indenture.money import Currency, to_decimal
from indenture.rounding import RATE_SCALE
from indenture.termsheet import TermSheet

from .conditions import SHARE_SCALE
from .types import Basis

_UNITS = "units"
_PERCENT = "%"

_BEFORE = re.compile(r"([A-Z]{3}) +(\S+)", re.ASCII)
_AFTER = re.compile(r"(\S+) *(%|units?)", re.ASCII)
_CLASS_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_LABEL = re.compile(r"\S{1,64}")
_LEI_LIKE = re.compile(r"[0-9A-Z]{18}[0-9]{2}", re.ASCII)
_LOCAL = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of the issue: units, an amount of face, or a share of what is offered.

    Attributes:
        number: Units, amount in the currency, or percent.
        measure: ``units``, a currency code, or ``%``.
    """

    number: Decimal
    measure: str

    def units(self, terms: TermSheet, offered: int | None = None) -> int:
        """Whole units.

        Args:
            terms: The bond.
            offered: Units of which a percentage is taken; None where a percentage has no meaning.

        Raises:
            InputError: It is not a whole number of units, or of another currency than the bond.
        """
        if self.measure == _PERCENT:
            if offered is None:
                raise InputError(f"{self} has no meaning here", hint="Give units or an amount.")
            exact = Fraction(self.number) * offered / 100
        elif self.measure == _UNITS:
            exact = Fraction(self.number)
        elif self.measure == terms.currency.code:
            exact = Fraction(self.number) / Fraction(terms.face_value)
        else:
            raise InputError(f"{self} is not in {terms.currency.code}, the currency of the bond")
        if exact.denominator != 1:
            share = f" of {offered} units" if self.measure == _PERCENT else ""
            raise InputError(
                f"{self}{share} is {mixed_number(exact)} units, not a whole number",
                hint=f"A unit is {terms.currency.code} {terms.face_value}.",
            )
        return int(exact)

    def __str__(self) -> str:
        if self.measure in (_UNITS, _PERCENT):
            return f"{self.number:f} {self.measure}"
        return f"{self.measure} {self.number:f}"


@dataclass(frozen=True, slots=True)
class Quote:
    """A rate or a price.

    Attributes:
        number: Percent a year, or an amount for one unit.
        measure: ``%``, a currency code, or nothing: what the basis of the offering makes of it.
    """

    number: Decimal
    measure: str = ""

    def base(self, basis: Basis, currency: Currency) -> int:
        """Billionths a year, or base units of the currency.

        Raises:
            InputError: It is of the other basis, of another currency, or too fine.
        """
        if self.measure not in ("", _PERCENT if basis is Basis.RATE else currency.code):
            wanted = "percent a year" if basis is Basis.RATE else f"{currency.code} for one unit"
            raise InputError(f"{self} is not in {wanted}", hint=f"Bids quote the {basis.label}.")
        if basis is Basis.PRICE:
            return currency.to_base(self.number)
        exact = Fraction(self.number) * RATE_SCALE / 100
        if exact.denominator != 1:
            raise InputError(f"{self} is not a whole number of billionths")
        return int(exact)

    def __str__(self) -> str:
        if self.measure == _PERCENT:
            return f"{self.number:f} %"
        return f"{self.measure} {self.number:f}".strip()


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A minute on the clocks of the market.

    Attributes:
        day: Civil day.
        seconds: Seconds since its midnight, 86,400 for its end.
    """

    day: date
    seconds: int

    def at(self, offset_minutes: int) -> datetime:
        """The instant, in the zone so many minutes east of UTC."""
        zone = timezone(timedelta(minutes=offset_minutes))
        return instant(self.day, self.seconds, offset_minutes).astimezone(zone)


def mixed_number(value: Fraction) -> str:
    """A fraction as people read it: whole and proper part."""
    whole, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return str(whole)
    return f"{whole} {rest}/{value.denominator}" if whole else f"{rest}/{value.denominator}"


def _read_volume(value: Any) -> Volume:
    if isinstance(value, Volume):
        return value
    text = str(value)
    if match := _BEFORE.fullmatch(text):
        return Volume(read_positive(match[2]), match[1])
    if match := _AFTER.fullmatch(text):
        return Volume(read_positive(match[1]), _PERCENT if match[2] == _PERCENT else _UNITS)
    raise InvalidAmount(
        f"{text!r} does not say of what", hint="Write it as CNY 20_000_000, as 200_000 units or as 3 %."
    )


def _read_quote(value: Any) -> Quote:
    if isinstance(value, Quote):
        return value
    text = str(value)
    if match := _BEFORE.fullmatch(text):
        return Quote(_not_negative(match[2]), match[1])
    if match := _AFTER.fullmatch(text):
        if match[2] != _PERCENT:
            raise InvalidAmount(f"{text!r} is not a quote", hint="Write it as 3.25 % or as CNY 99.50.")
        return Quote(_not_negative(match[1]), _PERCENT)
    return Quote(_not_negative(text))


def _read_share(value: Any) -> int:
    """Ten-thousandths, from text such as ``50 %``."""
    if isinstance(value, int):
        return value
    match = _AFTER.fullmatch(str(value))
    if not match or match[2] != _PERCENT:
        raise InvalidAmount(f"{value!r} is not a percentage", hint="Write it as 50 %.")
    exact = Fraction(read_positive(match[1])) * SHARE_SCALE / 100
    if exact.denominator != 1 or exact > SHARE_SCALE:
        raise InvalidAmount(f"{value} is not between 0.01 % and 100 %, in hundredths of a percent")
    return int(exact)


def _read_deposit(value: Any) -> Quote:
    """An amount of money."""
    if isinstance(value, Quote):
        return value
    match = _BEFORE.fullmatch(str(value))
    if not match:
        raise InvalidAmount(
            f"{str(value)!r} does not say of which currency", hint="Write it as CNY 1_000_000."
        )
    return Quote(read_positive(match[2]), match[1])


def _read_local_time(value: Any) -> LocalTime:
    if isinstance(value, LocalTime):
        return value
    match = _LOCAL.fullmatch(str(value))
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError as error:
        raise InvalidDate(f"is not a time: {error}") from None
    if not match or day is None:
        raise InvalidDate(
            f"{str(value)!r} is not a time", hint="Write it as 2019-12-03 09:00, by the zone's clock."
        )
    return LocalTime(day, parse_clock(match[2]))


def _read_class_name(value: Any) -> str:
    if not _CLASS_NAME.fullmatch(str(value)):
        raise InputError(
            f"{str(value)!r} is not the name of a class",
            hint="Begin with a letter; letters, digits, - and _ follow.",
        )
    return str(value)


def _read_member(value: Any) -> str:
    """An LEI, or the label of an account; what looks like an LEI must be one."""
    text = str(value)
    if _LEI_LIKE.fullmatch(text):
        return validate_lei(text)
    if not _LABEL.fullmatch(text):
        raise InputError(f"{text!r} is neither an LEI nor the label of an account")
    return text


def _not_negative(text: str) -> Decimal:
    number = to_decimal(text)
    return number if number.is_zero() and not number.is_signed() else read_positive(text)


MemberName = Annotated[str, reader(_read_member)]
ClassName = Annotated[str, reader(_read_class_name)]
VolumeField = Annotated[Volume, reader(_read_volume)]
QuoteField = Annotated[Quote, reader(_read_quote)]
ShareField = Annotated[int, reader(_read_share)]
DepositField = Annotated[Quote, reader(_read_deposit)]
LocalTimeField = Annotated[LocalTime, reader(_read_local_time)]
