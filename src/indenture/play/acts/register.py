"""The terms of a bond, sealed before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from indenture.play.acts.base import Accounts, Act, Rehearsal, Sends, TermsName
from indenture.play.fields import Name, Selector
from indenture.termsheet import load_term_sheet

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class Register(Act):
    """Registers a bond from its term sheet.

    Attributes:
        bond: How later acts call it.
        terms: The term sheet, a file of the case.
        by: The issuer's account.
        tax_account: Who receives what is withheld, where the terms withhold tax and do not say.
    """

    word: ClassVar[str] = "register"
    bond: Name
    terms: TermsName
    by: Sends
    tax_account: Annotated[Selector | None, Accounts(one=True)] = None

    def title(self) -> str:
        """What is about to happen."""
        return "Register terms"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the sheet is this issuer's, and the label and ISIN are new."""
        terms = load_term_sheet(scene.case.folder / self.terms)
        party = scene.case.party(scene.case.accounts(self.by)[0])
        if terms.issuer != party.lei:
            yield "by", f"{party.id} has LEI {party.lei}, the term sheet names {terms.issuer}", ""
        if terms.currency not in {cash.currency for cash in scene.case.cash}:
            yield "terms", f"the case has no cash {terms.currency.code} of this many decimals", ""
        if self.bond in scene.bonds or terms.isin in {each.isin for each in scene.bonds.values()}:
            yield "bond", f"{self.bond!r} or its ISIN {terms.isin} is registered twice", ""
        withheld = terms.withholding
        if (withheld is not None and withheld.account is None) != (self.tax_account is not None):
            yield "tax_account", "is for a term sheet that withholds tax and names no account", ""
        scene.bonds[self.bond] = terms

    def perform(self, stage: Stage) -> str:
        """Registers it."""
        tax_account = stage.one(self.tax_account) if self.tax_account else None
        stage.register(self.bond, self.terms, stage.one(self.by), tax_account)
        terms = stage.bond(self.bond).terms
        return f"{terms.isin}, {terms.coupon.rate_label}, due {terms.maturity_date}"
