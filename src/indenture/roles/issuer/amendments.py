"""Changes of the terms, put to the holders."""

from __future__ import annotations

from datetime import date, datetime
from os import PathLike

from indenture.contracts import Bond, BondTerms
from indenture.dates import to_timestamp
from indenture.errors import InputError, InvalidDate
from indenture.results import ActionResult
from indenture.roles._actions import opened_result
from indenture.roles._amendments import amended_terms, check_amendable
from indenture.roles._checks import now
from indenture.roles._client import Client
from indenture.roles._documents import Document, document_digest
from indenture.roles._notice import check_not_due, check_registrant
from indenture.roles._rights import check_benchmarks
from indenture.roles.bond_figures import BondFigures
from indenture.roles.issuer.registration import read_sheet
from indenture.termsheet import TermSheet


class Amendments(Client):
    """An issuer's proposals to change the terms."""

    def propose_terms(
        self,
        bond: Bond | str,
        sheet: TermSheet | BondTerms | str | PathLike[str],
        *,
        effective_day: date,
        closes: datetime,
        clause: str,
        resolution: Document,
    ) -> ActionResult:
        """Puts new terms to the holders, who consent by electing with their units.

        They apply, once they are enacted (``PayingAgent.enact_terms``), from the first period that begins on
        the effective day or later.

        Args:
            bond: The bond.
            sheet: The whole term sheet as it is to be, or its path; or terms, changed.
            effective_day: From when they are to apply; a period that has begun keeps its terms.
            closes: Until when holders may consent.
            clause: What is changed, as the term sheet numbers it; at most 32 ASCII characters.
            resolution: The resolution that is put to them: its hash, bytes, or the path of its file.

        Raises:
            AccessRefused: Another account registered the bond.
            InputError: A benchmark that the terms name is not on the chain, or they are of another bond.
            InvalidDate: The time to consent is over.
            TermsRefused: The terms cannot be changed by anybody, or something changes that stays for ever, or
                a period that has begun.
        """
        target = self.suite.bond(bond)
        check_registrant(self.suite, target, self.sender.address)
        check_not_due(self.suite, target)
        check_amendable(self.suite, target)
        if to_timestamp(closes) <= to_timestamp(time := now(self.suite.chain)):
            raise InvalidDate(f"the time to consent ends at {closes}, and it is {time}")
        terms = amended_terms(self.suite, target, self._terms_of(target, sheet))
        check_benchmarks(self.suite, terms.provisions)
        call = self.suite.servicing.propose_terms(
            target.address,
            terms,
            effective_day=effective_day,
            closes_at=closes,
            clause=clause,
            resolution=document_digest(resolution),
        )
        return opened_result(self.suite, target, self.sender.transact(call))

    def _terms_of(self, bond: Bond, sheet: TermSheet | BondTerms | str | PathLike[str]) -> BondTerms:
        if isinstance(sheet, BondTerms):
            return sheet
        read, digest = read_sheet(sheet)
        if read.isin != bond.isin:
            raise InputError(f"the term sheet is of {read.isin}, the change of {bond.isin}")
        current = BondFigures(self.suite, bond).versions()[-1].terms
        own_account = current.provisions.tax_account if not read.provisions.tax_account else ""
        return BondTerms.from_sheet(
            read,
            issuer_account=current.issuer_account,
            currency=current.currency,
            term_sheet_hash=digest,
            tax_account=own_account or None,
        )
