"""Fields of a term sheet: readers from the text of a scalar to a checked value.

They also take an already typed value, for sheets that are built in Python.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from ._slips import date_hint, nearest, number_hint
from .calendars import available_calendars, is_joint_code, joint_code
from .dates import parse_clock, parse_offset, to_day_number
from .errors import InputError, InvalidAmount, InvalidDate
from .membership import MemberClass
from .money import to_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_MAGNITUDE = 40
_LAST_YEAR = 2400
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: No leading zero: another reader of YAML takes 0100 for 64.
_WHOLE = re.compile(r"-?(?:0|[1-9]\d*(?:_\d+)*)", re.ASCII)
_CODE = re.compile(r"[!-~]{1,8}", re.ASCII)
_DIGEST = re.compile(r"(?:0x)?([0-9a-f]{64})", re.ASCII | re.IGNORECASE)

T = TypeVar("T")
Named = TypeVar("Named", bound=IntEnum)


def reader(read: Callable[[Any], object]) -> BeforeValidator:
    """Runs a reader and keeps the two parts of its error, what happened and what to do, apart."""

    def run(value: Any) -> object:
        if value is None:
            raise PydanticCustomError("empty", "is empty")
        try:
            return read(value)
        except InputError as error:
            reason = getattr(error, "reason", error.message)
            raise PydanticCustomError("input", "{reason}", {"reason": reason, "hint": error.hint}) from None

    return BeforeValidator(run)


def text_line(max_bytes: int) -> BeforeValidator:
    """One line of text that fits so many bytes of UTF-8."""

    def read(value: Any) -> str:
        if (
            not isinstance(value, str)
            or not value.strip()
            or value != value.strip()
            or not value.isprintable()
        ):
            raise InputError(
                f"{value!r} is not one line of text, without space around it",
                hint="Put text that looks like something else in quotes.",
            )
        if len(value.encode()) > max_bytes:
            raise InputError(
                f"has {len(value.encode())} bytes, at most {max_bytes} fit on chain", hint="Shorten it."
            )
        return value

    return reader(read)


def whole(minimum: int, maximum: int) -> BeforeValidator:
    """A whole number between two bounds, both included."""

    def read(value: Any) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidAmount(f"{value!r} is not a whole number", hint=number_hint(str(value), whole=True))
        if not minimum <= value <= maximum:
            raise InvalidAmount(
                f"{value} is not between {minimum} and {maximum}", hint="Give a number between the two."
            )
        return value

    return reader(read)


def read_positive(value: Any) -> Decimal:
    """A decimal number above zero, within the bounds of a sane sheet."""
    number = to_decimal(value)
    if number <= 0:
        raise InvalidAmount(f"{number} is not above zero", hint="Give a number above zero.")
    check_magnitude(number)
    return number


def check_magnitude(number: Decimal) -> None:
    """Refuses what no sane sheet has: the bound keeps exact arithmetic on hostile exponents cheap."""
    if number.adjusted() > _MAX_MAGNITUDE or int(number.as_tuple().exponent) < -_MAX_MAGNITUDE:
        raise InvalidAmount(f"{number} is out of range", hint="No amount or rate has so many digits.")


def _read_date(value: Any) -> date:
    if isinstance(value, str):
        try:
            read = date.fromisoformat(value) if _ISO_DATE.fullmatch(value) else None
        except ValueError:
            read = None
        if read is None:
            raise InvalidDate(f"{value!r} is not a date", hint=date_hint(value))
        value = read
    to_day_number(value)
    if value.year > _LAST_YEAR:
        raise InvalidDate(f"{value} is after {_LAST_YEAR}", hint="Calendars on chain end there.")
    return value  # type: ignore[no-any-return]  # to_day_number refuses anything but a date


def labelled(from_label: Callable[[str], T], labels: list[str]) -> BeforeValidator:
    """A member of an enumeration, by its label."""

    def read(value: Any) -> object:
        if not isinstance(value, (str, list, dict)):
            return value
        try:
            return from_label(value if isinstance(value, str) else "")
        except KeyError:
            meant = nearest(str(value), labels)
            hint = f"{meant} Known: {', '.join(labels)}.".lstrip()
            raise InputError(f"{value!r} is not known", hint=hint) from None

    return reader(read)


def enumerated(members: type[Named]) -> BeforeValidator:
    """A member of an enumeration, by its name in lower case with hyphens."""
    labels = {member.name.lower().replace("_", "-"): member for member in members}
    return labelled(labels.__getitem__, list(labels))


def read_calendar_code(value: Any) -> str:
    """The code of a calendar that comes with the package, or of the joint one of a list of such."""
    if isinstance(value, list):
        return joint_code([_known_calendar(part) for part in value])
    return _known_calendar(value, joint=True)


def _known_calendar(value: Any, *, joint: bool = False) -> str:
    known = available_calendars()
    if isinstance(value, str) and (value in known or (joint and is_joint_code(value))):
        return value
    meant = nearest(str(value), known)
    hint = f"{meant} Known: {', '.join(known)}; of several markets write a list.".lstrip()
    raise InputError(f"calendar {value!r} is not known", hint=hint)


def read_boolean(value: Any) -> bool:
    """True or false."""
    if value in ("true", True):
        return True
    if value in ("false", False):
        return False
    raise InputError(f"{value!r} is neither true nor false", hint="Write true or false.")


def read_benchmark(value: Any) -> str:
    """The code of a benchmark, as on chain."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise InputError(
            f"{value!r} is not one to eight ASCII characters without space",
            hint="It is the code under which the benchmark is defined on chain, such as SHIBOR3M.",
        )
    return value


def read_event(value: Any) -> str:
    """The code of an event, as on chain."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise InputError(
            f"{value!r} is not one to eight ASCII characters without space",
            hint="It is the code under which the event is declared on chain, such as TAX or CONTROL.",
        )
    return value


def read_account(value: Any) -> str:
    """An address, whose letters' cases are a checksum where they are mixed."""
    # Only sheets that name an account need what the chain layer imports.
    from .contracts._base import checksum_address

    return checksum_address(value)


def scaled(decimals: int, minimum: int, maximum: int, sign: str = "") -> BeforeValidator:
    """A decimal number that has at most so many places, between two bounds of its last place."""

    def read(value: Any) -> Decimal:
        number = to_decimal(value)
        check_magnitude(number)
        exact = Fraction(number) * 10**decimals
        if exact.denominator != 1:
            raise InvalidAmount(
                f"{number}{sign} has more than {decimals} decimals", hint="The chain keeps billionths."
            )
        if not minimum <= exact <= maximum:
            bounds = (f"{Decimal(bound).scaleb(-decimals).normalize():f}" for bound in (minimum, maximum))
            raise InvalidAmount(
                f"{number}{sign} is not between {' and '.join(bounds)}{sign}",
                hint="Percents are written 3.25, not 0.0325." if sign else "Give a number between the two.",
            )
        return number

    return reader(read)


def _read_digest(value: Any) -> str:
    match = _DIGEST.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise InputError(f"{value!r} is not a hash of 32 bytes", hint="Write it as 64 hexadecimal digits.")
    return match[1].lower()


def read_seconds_of_day(value: Any) -> int:
    """Seconds since midnight, from text such as ``17:00``."""
    return value if isinstance(value, int) else parse_clock(str(value))


def read_offset_minutes(value: Any) -> int:
    """Minutes east of UTC, from text such as ``+08:00``."""
    return value if isinstance(value, int) else parse_offset(str(value))


def _read_tendered(value: Any) -> Decimal | None:
    if value == "tender":
        return None
    number = to_decimal(value)
    if number <= 0:
        raise InvalidAmount(
            f"{number} is not above zero",
            hint="A bond without interest is of kind zero; a rate that a tender is to fix is tender.",
        )
    check_magnitude(number)
    return number


PositiveDecimal = Annotated[Decimal, reader(read_positive)]
TenderedRate = Annotated[Decimal | None, reader(_read_tendered)]
IsoDate = Annotated[date, reader(_read_date)]
Digest = Annotated[str, reader(_read_digest)]
ClassLabel = Annotated[
    MemberClass, labelled(MemberClass.from_label, [member.label for member in MemberClass])
]
