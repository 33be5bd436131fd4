"""What arguments are: amounts, instants, roles, as a person types them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indenture._slips import date_hint, number_hint
from indenture.errors import IndentureError
from indenture.identifiers import validate_lei
from indenture.membership import MemberClass, Role
from indenture.money import to_decimal

if TYPE_CHECKING:
    from indenture.results import TxResult

ROLES = {role.name.lower().replace("_", "-"): role for role in Role if role.name}
CLASSES = {member_class.label: member_class for member_class in MemberClass}


class _Checked(click.ParamType):
    """A type whose reader is one of the package's own."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except IndentureError as error:
            self.fail(f"{error.message}. {error.hint}".strip(), param, ctx)

    def read(self, value: str) -> Any:
        """The value of a text."""
        raise NotImplementedError


class AmountType(_Checked):
    """Money, such as 1000000.50."""

    name = "amount"

    def read(self, value: str) -> Decimal:
        """An exact decimal; thousands may be set off by underscores."""
        return to_decimal(value)


class LeiType(_Checked):
    """A legal entity identifier."""

    name = "lei"

    def read(self, value: str) -> str:
        """A checked LEI."""
        return validate_lei(value)


class AddressType(_Checked):
    """An account or contract."""

    name = "address"

    def read(self, value: str) -> str:
        """A checksummed address."""
        from indenture.contracts.suite import checksum_address

        return checksum_address(value)


class InstantType(_Checked):
    """An instant with its zone, such as 2019-12-03T09:00+08:00."""

    name = "instant"

    def read(self, value: str) -> datetime:
        """An aware instant, in UTC."""
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant: write it as 2019-12-03T09:00+08:00.")
        if instant.tzinfo is None:
            self.fail(f"{value!r} has no time zone: add one, such as +08:00 or Z.")
        return instant.astimezone(UTC)


class DayType(_Checked):
    """A civil day, such as 2025-07-01."""

    name = "day"

    def read(self, value: str) -> date:
        """The day."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day. {date_hint(value)}")


class RoleType(_Checked):
    """A role of a member's account."""

    name = "role"

    def read(self, value: str) -> Role:
        """The role of a name."""
        if value not in ROLES:
            self.fail(f"{value!r} is not a role: {', '.join(ROLES)}.")
        return ROLES[value]


class UnitsType(_Checked):
    """Whole bonds, such as 10_000."""

    name = "units"

    def read(self, value: str) -> int:
        """The number; thousands may be set off by underscores."""
        try:
            return int(value)
        except ValueError:
            self.fail(f"{value!r} is not a number of units. {number_hint(value, whole=True)}")


class PriceType(_Checked):
    """A price per 100, such as 100.40."""

    name = "price"

    def read(self, value: str) -> Decimal:
        """The price, above zero."""
        price = to_decimal(value)
        if price <= 0:
            self.fail(f"{value!r} is no price: give it per 100, such as 100.40.")
        return price


class PercentType(_Checked):
    """A part of the whole, such as 25 or 25%."""

    name = "percent"

    def read(self, value: str) -> Decimal:
        """Percent, exact."""
        return to_decimal(value.strip().removesuffix("%").rstrip())


class DocumentType(click.ParamType):
    """What an act rests on: a file, or the hash of one."""

    name = "document"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The Keccak-256 of the file, or the hash itself."""
        if not isinstance(value, str):
            return value
        if value.startswith("0x"):
            try:
                digest = bytes.fromhex(value[2:])
            except ValueError:
                digest = b""
            if len(digest) != _DIGEST:
                self.fail(f"{value!r} is no hash: give 0x and 64 hexadecimal digits, or a file.", param, ctx)
            return digest
        file = Path(value)
        if not file.is_file():
            self.fail(f"there is no file {value!r}: give the document, or 0x and its Keccak-256.", param, ctx)
        return document_digest(file)


AMOUNT, LEI, ADDRESS, INSTANT, ROLE = AmountType(), LeiType(), AddressType(), InstantType(), RoleType()
DAY, PERCENT, PRICE, UNITS = DayType(), PercentType(), PriceType(), UnitsType()
DOCUMENT = DocumentType()

_DIGEST = 32

WALLET_OPTION = click.option(
    "--wallet", type=ADDRESS, help="The contract wallet that you act for, where you do."
)


def all_roles(roles: tuple[Role, ...]) -> Role:
    """Several roles as one value."""
    return Role(sum(set(roles)))


def document_digest(document: Path) -> bytes:
    """Keccak-256 of a document, as it goes on the chain."""
    from eth_utils.crypto import keccak

    return bytes(keccak(document.read_bytes()))


def sent(result: TxResult) -> dict[str, object]:
    """What to say of a mined transaction."""
    return {"transaction": result.tx_hash, "block": result.block, "gas used": result.gas_used}
