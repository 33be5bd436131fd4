"""Blocks of a term sheet: currency, business days, record day and documents."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic.types import GetPydanticSchema
from pydantic_core import PydanticCustomError, core_schema

from indenture._fields import (
    Digest,
    labelled,
    read_boolean,
    read_calendar_code,
    read_offset_minutes,
    read_seconds_of_day,
    reader,
    text_line,
    whole,
)
from indenture.calendars import Convention
from indenture.money import Currency

#: Longest name of a document, in bytes: ERC-1643 keys documents by bytes32.
MAX_DOCUMENT_NAME_BYTES = 32
_ONE_HASH = {"hint": "Give the hash of the document's bytes, once."}


class Block(BaseModel):
    """Fields of a sheet that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @field_validator("*", mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        """A field that is named and left empty is a slip of the pen, not a field left out."""
        if value is None:
            raise PydanticCustomError("empty", "is empty")
        return value


class _CurrencyBlock(Block):
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


class BusinessDayTerms(Block):
    """How a due date becomes a payment day.

    Attributes:
        calendar: Code of the market's calendar; of several markets, in the sheet a list, their joint one.
        roll: Where a due date moves that is no business day.
        adjusted: Whether interest periods end on the payment day; else on the due date.
    """

    calendar: Annotated[str, reader(read_calendar_code)]
    roll: Annotated[Convention, labelled(Convention.from_label, [member.label for member in Convention])]
    adjusted: Annotated[bool, reader(read_boolean)] = False


class RecordTerms(Block):
    """Who gets a payment: the holders at this instant.

    Attributes:
        business_days_before: Business days from the record day to the payment day.
        cut_off: Seconds since midnight of the record day, in the bond's zone; written "17:00" in the sheet.
        time_zone_offset: The bond's zone, minutes east of UTC; written "+08:00" in the sheet.
    """

    business_days_before: Annotated[int, whole(0, 10)]
    cut_off: Annotated[int, reader(read_seconds_of_day)]
    time_zone_offset: Annotated[int, reader(read_offset_minutes)]


class Document(Block):
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
            raise PydanticCustomError("input", "needs exactly one of sha256 and keccak256", _ONE_HASH)
        return self

    @property
    def digest(self) -> bytes:
        """The 32 bytes of its hash."""
        return bytes.fromhex(self.sha256 or self.keccak256 or "")
