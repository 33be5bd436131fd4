"""Readers of a case's fields: from the text that stands in the file to a checked value.

Like a term sheet's, a case's scalars are read as text, so that no amount ever passes through a float.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

from eth_utils.crypto import keccak
from pydantic import BaseModel, BeforeValidator, ConfigDict

from indenture._fields import reader
from indenture.dates import parse_clock, parse_offset
from indenture.errors import InputError, InvalidAmount, InvalidDate
from indenture.identifiers import validate_lei
from indenture.membership import MemberClass, Role
from indenture.money import to_decimal

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_SELECTOR = re.compile(r"[a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)?", re.ASCII)
_WHOLE = re.compile(r"\d[\d_]*", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)(?: ([+-]\d\d:\d\d))?", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_LEI_PREFIX = re.compile(r"[0-9A-Z]{4,16}", re.ASCII)

#: Clock times of a case that name no zone are China's; a case elsewhere writes its offset.
DEFAULT_OFFSET = "+08:00"
OFFSET_MINUTES = parse_offset(DEFAULT_OFFSET)


def clock_text(instant: datetime) -> str:
    """An instant as a case writes it."""
    return f"{instant.astimezone(timezone(timedelta(minutes=OFFSET_MINUTES))):%Y-%m-%d %H:%M}"


def counted(count: int, noun: str) -> str:
    """A number of things in words: ``1 bidder``, ``52 bidders``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def digest_of(document: str) -> bytes:
    """Hash of a document that a case names in a line: what goes on chain of it."""
    return keccak(text=document)


def _matching(pattern: re.Pattern[str], reason: str, hint: str = "") -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise InputError(f"{value!r} {reason}", hint=hint)
        return value

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InputError("must be one line of text")
    return value.strip()


def _whole(value: Any) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidAmount(f"{value!r} is not a whole number")
    if value < 1:
        raise InvalidAmount(f"{value} is not above zero")
    return value


def _amount(value: Any) -> Decimal:
    number = to_decimal(value)
    if number <= 0:
        raise InvalidAmount(f"{number} is not above zero")
    return number


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidDate(f"{value!r} is not a date", hint="Write it as 2009-10-01.") from None


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    match = _INSTANT.fullmatch(str(value))
    if not match:
        raise InvalidDate(
            f"{value!r} is not an instant", hint=f"Write it as 2019-12-03 09:00, {DEFAULT_OFFSET} meant."
        )
    day, clock, offset = match.groups(default=DEFAULT_OFFSET)
    try:
        midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError as error:
        raise InvalidDate(f"{value!r} is not a date: {error}") from None
    return midnight + timedelta(seconds=parse_clock(clock), minutes=-parse_offset(offset))


def _labelled(known: dict[str, Any]) -> Callable[[Any], object]:
    def read(value: Any) -> object:
        if value in known:
            return known[value]
        raise InputError(f"{value!r} is not known", hint=f"Known: {', '.join(known)}.")

    return read


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


ROLE_LABELS = {role.name.lower().replace("_", "-"): role for role in Role if role.name}
CLASS_LABELS = {member_class.label: member_class for member_class in MemberClass}

Text = Annotated[str, reader(_text)]
Name = Annotated[
    str,
    reader(_matching(_NAME, "is not a name", "Use small letters, digits and hyphens, such as paying-agent.")),
]
Selector = Annotated[
    str, reader(_matching(_SELECTOR, "names no account", "Write a member, a group, or member/account."))
]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(_one_or_more)]
Whole = Annotated[int, reader(_whole)]
Amount = Annotated[Decimal, reader(_amount)]
Day = Annotated[date, reader(_day)]
Instant = Annotated[datetime, reader(_instant)]
LeiText = Annotated[str, reader(validate_lei)]
LeiPrefix = Annotated[
    str,
    reader(_matching(_LEI_PREFIX, "is not the beginning of an LEI", "Four to sixteen capitals or digits.")),
]
Country = Annotated[
    str, reader(_matching(_COUNTRY, "is not a country", "Use ISO 3166-1 alpha-2, such as CN."))
]
RoleField = Annotated[Role, reader(_labelled(ROLE_LABELS))]
ClassField = Annotated[MemberClass, reader(_labelled(CLASS_LABELS))]


class Block(BaseModel):
    """A block of fields: frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Between(Block):
    """A range of amounts, both ends included; ``low: 1, high: 5`` in the file."""

    low: Amount
    high: Amount
