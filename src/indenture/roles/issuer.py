"""The issuer: registers term sheets and opens offerings."""

from __future__ import annotations

import json
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak
from pydantic import BaseModel

from indenture.chain import Sender
from indenture.contracts import Bond, BondTerms, Suite
from indenture.contracts._base import checksum_address
from indenture.dates import to_timestamp
from indenture.errors import (
    CalendarYearMissing,
    InputError,
    InvalidAmount,
    MembershipRefused,
    OfferingRefused,
    TermSheetError,
    TermsRefused,
)
from indenture.membership import Role
from indenture.models import OfferingConditions
from indenture.money import Currency
from indenture.results import IssuedBond, TxResult
from indenture.roles._checks import money_in, require_members, require_one_chain, whole_units
from indenture.termsheet import TermSheet, load_term_sheet


class Issuer:
    """A client of an issuer's account.

    Args:
        suite: The contracts.
        sender: An account of the issuer, with role ISSUER; it receives the proceeds of the bonds that it
            registers.
    """

    def __init__(self, suite: Suite, sender: Sender) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender

    def register(self, term_sheet: TermSheet | str | PathLike[str]) -> IssuedBond:
        """Registers a bond, then sets the documents that its term sheet names.

        The terms are sealed with the hash of the term sheet: of the file's bytes where a path is given, else
        of ``canonical_text``.

        Args:
            term_sheet: A term sheet, or the path of its file.

        Returns:
            ISIN and address of the bond, for ``Suite.bond``.

        Raises:
            TermSheetError: A field is missing, unknown or contradictory.
            MembershipRefused: The account is not an issuer's, or of another member than the sheet names.
            TermsRefused: The ISIN is taken.
        """
        sheet, digest = _read(term_sheet)
        self._check_issuer(sheet)
        currency = self._currency_of(sheet)
        if taken := self.suite.factory.bond_of(sheet.isin):
            raise TermsRefused(
                "BondAlreadyRegistered",
                {"isin": sheet.isin, "bond": taken},
                message=f"{sheet.isin} is registered already, at {taken}",
                hint="An ISIN stands for one bond; check the term sheet.",
                contract=self.suite.factory.address,
            )
        self._check_calendar(sheet)
        terms = BondTerms.from_sheet(
            sheet, issuer_account=self.sender.address, currency=currency, term_sheet_hash=digest
        )
        receipts = [self.sender.transact(self.suite.factory.register(terms))]
        bond = self.suite.bond(sheet.isin)
        receipts += self.sender.send_many(
            [bond.set_document(d.name, d.uri, d.digest) for d in sheet.documents]
        )
        return IssuedBond(sheet.isin, bond.address, tuple(TxResult.of(receipt) for receipt in receipts))

    def set_document(self, bond: Bond | str, name: str, uri: str, digest: bytes) -> TxResult:
        """Sets a document of the bond, or replaces it.

        Args:
            bond: The bond.
            name: Name of the document, at most 32 ASCII characters.
            uri: Where it can be had.
            digest: Hash of its bytes, 32 bytes.
        """
        if len(digest) != 32:
            raise InputError(f"the hash of {name!r} has {len(digest)} bytes, 32 are needed")
        return TxResult.of(self.sender.transact(self.suite.bond(bond).set_document(name, uri, digest)))

    def remove_document(self, bond: Bond | str, name: str) -> TxResult:
        """Removes a document of the bond."""
        return TxResult.of(self.sender.transact(self.suite.bond(bond).remove_document(name)))

    def open_offering(self, bond: Bond | str, conditions: OfferingConditions) -> int:
        """Opens an offering of a bond.

        Returns:
            The number of the offering.

        Raises:
            MembershipRefused: The account is not an issuer's, or the bookrunner not a bookrunner's.
            OfferingRefused: A condition is out of range, or the bond has an offering already.
        """
        target = self.suite.bond(bond)
        raw = self._conditions(target, conditions)
        require_members(self.suite, [self.sender.address], roles=Role.ISSUER)
        require_members(self.suite, [conditions.bookrunner], roles=Role.BOOKRUNNER)
        receipt = self.sender.transact(self.suite.offering.open(raw))
        for event in receipt.events(self.suite.offering.abi, self.suite.offering.address):
            if event.name == "OfferingOpened":
                return int(event["offeringId"])
        raise OfferingRefused(
            "OfferingNotOpened", {}, message="the transaction opened no offering", tx_hash=receipt.tx_hash
        )

    def _conditions(self, bond: Bond, conditions: OfferingConditions) -> dict[str, Any]:
        terms = bond.terms
        offered = whole_units(conditions.offered, "offered")
        price = money_in(self.suite.currency_at(terms.currency), conditions.price)
        if conditions.minimum_volume < 0:
            raise InvalidAmount(f"minimum_volume: {conditions.minimum_volume} is below zero")
        return {
            "bond": bond.address,
            "offered": offered,
            "minimumVolume": conditions.minimum_volume,
            "minimumOrder": whole_units(conditions.minimum_order or terms.minimum_units, "minimum_order"),
            "maximumOrder": whole_units(conditions.maximum_order or offered, "maximum_order"),
            "price": price.base,
            "opensAt": to_timestamp(conditions.opens_at),
            "closesAt": to_timestamp(conditions.closes_at),
            "settlesBy": to_timestamp(conditions.settles_by),
            "bookrunner": checksum_address(conditions.bookrunner, "bookrunner"),
        }

    def _check_issuer(self, sheet: TermSheet) -> None:
        (account,) = require_members(self.suite, [self.sender.address], roles=Role.ISSUER)
        if account.lei != sheet.issuer:
            raise MembershipRefused(
                "BondIssuerRefused",
                {"account": account.address, "issuer": sheet.issuer},
                message=f"account {account.address} is of {account.lei}, the term sheet names {sheet.issuer}",
                hint="Use an account of the issuer, or correct the term sheet.",
                contract=self.suite.factory.address,
            )

    def _currency_of(self, sheet: TermSheet) -> str:
        token = self.suite.cash(sheet.currency.code)
        if token.decimals != sheet.currency.decimals:
            raise TermSheetError(
                sheet.isin,
                "currency.decimals",
                0,
                f"is {sheet.currency.decimals}, the token of {sheet.currency.code} has {token.decimals}",
            )
        return token.address

    def _check_calendar(self, sheet: TermSheet) -> None:
        """The first year must be there; later ones are published as they are announced."""
        year = sheet.issue_date.year
        if self.suite.calendar.year(sheet.business_days.calendar, year).version == 0:
            raise CalendarYearMissing(sheet.business_days.calendar, year)


def canonical_text(sheet: TermSheet) -> str:
    """One text for one set of terms: JSON with sorted keys and without spaces, numbers as text."""
    data = {name: _plain(getattr(sheet, name)) for name in type(sheet).model_fields}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "label"):
        return value.label
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Currency):
        return {"code": value.code, "decimals": str(value.decimals)}
    if isinstance(value, Decimal):
        text = f"{value:f}"  # 3.25 and 3.250 are one rate
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value if isinstance(value, bool) or value is None else str(value)


def _read(term_sheet: TermSheet | str | PathLike[str]) -> tuple[TermSheet, bytes]:
    if isinstance(term_sheet, TermSheet):
        return term_sheet, keccak(text=canonical_text(term_sheet))
    sheet = load_term_sheet(term_sheet)
    return sheet, keccak(Path(term_sheet).read_bytes())
