"""A bond's term sheet and documents, put on the chain."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from eth_utils.crypto import keccak

from indenture.contracts import Bond, BondTerms
from indenture.contracts._base import checksum_address
from indenture.errors import InputError, MembershipRefused, TermSheetError, TermsRefused
from indenture.membership import Role
from indenture.results import IssuedBond, TxResult
from indenture.roles._checks import require_members
from indenture.roles._client import Client
from indenture.roles._rights import check_benchmarks, check_calendar
from indenture.roles.issuer.canonical import canonical_text
from indenture.termsheet import TermSheet, load_term_sheet


class Registration(Client):
    """An issuer's acts before a bond is offered, and on its documents."""

    def register(
        self, term_sheet: TermSheet | str | PathLike[str], *, tax_account: str | None = None
    ) -> IssuedBond:
        """Registers a bond, then sets the documents that its term sheet names.

        The terms are sealed with the hash of the term sheet: of the file's bytes where a path is given, else
        of ``canonical_text``.

        Args:
            term_sheet: A term sheet, or the path of its file.
            tax_account: Who receives the tax, of a sheet that withholds some and leaves the account out.

        Returns:
            ISIN and address of the bond, for ``Suite.bond``.

        Raises:
            TermSheetError: A field is missing, unknown or contradictory.
            InputError: A benchmark or joint market that the sheet names is not on the chain, or the tax
                account is missing, or given twice.
            MembershipRefused: The account is not an issuer's, or of another member than the sheet names.
            TermsRefused: The ISIN is taken.
        """
        sheet, digest = read_sheet(term_sheet)
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
        check_calendar(self.suite, sheet)
        check_benchmarks(self.suite, sheet.provisions)
        terms = BondTerms.from_sheet(
            sheet,
            issuer_account=self.sender.address,
            currency=currency,
            term_sheet_hash=digest,
            tax_account=None if tax_account is None else checksum_address(tax_account, "tax"),
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


def read_sheet(term_sheet: TermSheet | str | PathLike[str]) -> tuple[TermSheet, bytes]:
    """A term sheet, and the hash by which its terms are sealed."""
    if isinstance(term_sheet, TermSheet):
        return term_sheet, keccak(text=canonical_text(term_sheet))
    sheet = load_term_sheet(term_sheet)
    return sheet, keccak(Path(term_sheet).read_bytes())
