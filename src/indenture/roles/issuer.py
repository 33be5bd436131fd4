"""The issuer: registers term sheets, mandates offerings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak
from pydantic import BaseModel

from indenture.chain import Sender
from indenture.contracts import Bond, BondTerms, Suite
from indenture.contracts._base import checksum_address
from indenture.errors import (
    AccessRefused,
    InputError,
    InvalidAmount,
    MembershipRefused,
    TermSheetError,
    TermsRefused,
)
from indenture.membership import Role
from indenture.models import Funds
from indenture.money import Currency, Money
from indenture.primary import SHARE_SCALE, Basis, ClassRule, Form, Pricing, Rules, Stage
from indenture.results import DeferralResult, IssuedBond, MoneyResult, RenewalResult, TxResult
from indenture.roles._books import events_of, existing, refused, require_stage
from indenture.roles._checks import (
    is_whole,
    money_in,
    reason_digest,
    require_members,
    require_one_chain,
    whole_units,
)
from indenture.roles._funds import funds_of, withdraw_funds
from indenture.roles._party import Party
from indenture.roles._rights import check_benchmarks, check_calendar, check_deferral, check_renewal
from indenture.roles._values import factor
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

    # Rights of the terms

    def defer_interest(self, bond: Bond | str, period: int) -> DeferralResult:
        """Defers the interest of a period, by the right that the terms give; the days of notice must be kept.

        Args:
            bond: The bond.
            period: The period that is to be fixed next, or the one that was fixed last.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: There is no such right for this period, or it is too late for it.
        """
        target = self.suite.bond(bond)
        self._check_own(target)
        check_deferral(self.suite, target, period)
        receipt = self.sender.transact(self.suite.servicing.defer_interest(target.address, period))
        found = self.suite.servicing.fixing(target.address, period)
        done = TxResult.of(receipt)
        arrears = None if found is None else factor(found.arrears)
        return DeferralResult(done.tx_hash, done.block, done.gas_used, period, arrears)

    def renew(self, bond: Bond | str) -> RenewalResult:
        """Renews the bond for another cycle, by the right that the terms give; else it ends with this one.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: There is no such right, or it is too early or too late for it.
        """
        target = self.suite.bond(bond)
        self._check_own(target)
        check_renewal(self.suite, target)
        done = TxResult.of(self.sender.transact(self.suite.servicing.renew(target.address)))
        last = target.last_period()
        return RenewalResult(
            done.tx_hash, done.block, done.gas_used, last_period=last, maturity=target.terms.due_day(last)
        )

    # Offerings

    def mandate(
        self,
        bond: Bond | str,
        rules: Rules,
        bookrunner: str,
        *,
        classes: Sequence[ClassRule] | None = None,
    ) -> int:
        """Lays down the conditions of an offering, and mandates its bookrunner.

        A bond whose coupon a tender is to fix takes bids by RATE, any other by PRICE; the offering of a bond
        that is out already is a tap.

        Args:
            bond: What is offered.
            rules: The rules, in the contract's units; an ``OfferingSheet`` makes them from percent and money.
            bookrunner: Account that keeps the book; has role BOOKRUNNER.
            classes: What each class of bidders must and may do, class 0 first; None lets everybody bid for
                all that is offered.

        Returns:
            The number of the offering.

        Raises:
            InputError: Rules are out of range, contradict each other or do not fit the bond; all are named.
            MembershipRefused: The account is not an issuer's, or the bookrunner not a bookrunner's.
            OfferingRefused: The bond is another account's, or has a living offering.
        """
        target = self.suite.bond(bond)
        terms = target.terms
        everybody = ClassRule(0, rules.offered + rules.over_allotment)
        rules_by_class = [everybody] if classes is None else list(classes)
        rules.check(market=terms.market, classes=rules_by_class)
        self._check_authorised(target, rules, rules_by_class)
        self._check_issuing_account(terms)
        keeper = checksum_address(bookrunner, "bookrunner")
        require_members(self.suite, [self.sender.address], roles=Role.ISSUER)
        require_members(self.suite, [keeper], roles=Role.BOOKRUNNER)
        call = self.suite.offering.mandate(target.address, keeper, rules, rules_by_class)
        receipt = self.sender.transact(call)
        (told,) = events_of(self.suite, [receipt], "OfferingMandated")
        return int(told["offeringId"])

    def tap(
        self,
        bond: Bond | str,
        units: int,
        price: Money | Decimal | int | str,
        bookrunner: str,
        *,
        opens_at: datetime,
        closes_at: datetime,
        settles_from: datetime,
        settles_by: datetime,
        deposit: Money | Decimal | int | str | None = None,
    ) -> int:
        """Offers more of a bond at one price, in an OPEN book; interest that has accrued is paid on top.

        Args:
            bond: What is offered; its coupon is fixed.
            units: How many units.
            price: Of one unit, without accrued interest.
            bookrunner: Account that keeps the book.
            opens_at: First second of the book.
            closes_at: First second at which it is closed.
            settles_from: First second of payment and issue; also the last for clearing.
            settles_by: Last second of payment and issue.
            deposit: What each bidder gives and may lose; None for nothing.

        Returns:
            The number of the offering.

        Raises:
            InputError: As ``mandate``.
        """
        terms = self.suite.bond(bond).terms
        currency = self.suite.currency_at(terms.currency)
        rules = fixed_price_rules(
            units=whole_units(units),
            quote=money_in(currency, price).base,
            basis=Basis.PRICE,
            lot=terms.minimum_units,
            opens_at=opens_at,
            closes_at=closes_at,
            settles_from=settles_from,
            settles_by=settles_by,
            deposit=0 if deposit is None else money_in(currency, deposit).base,
        )
        return self.mandate(bond, rules, bookrunner)

    def cancel(self, offering_id: int, reason: str | bytes) -> TxResult:
        """Cancels an offering before the close; all deposits are returned.

        Args:
            offering_id: The offering.
            reason: Hash of the document that says why; text is hashed.

        Raises:
            OfferingRefused: The account is not the issuer's, or the book is closed.
        """
        existing(self.suite, offering_id)
        call = self.suite.offering.cancel(offering_id, reason_digest(reason))
        return TxResult.of(self.sender.transact(call))

    def declare_over_allotment(self, offering_id: int, units: int) -> TxResult:
        """Adds units to those on offer, once, after the bids are open; 0 declines, so that nobody waits.

        Raises:
            InvalidAmount: They are no whole lots, or more than the rules allow.
            OfferingRefused: It is not yet time or no longer, or it was declared before.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.CLOSED)
        if not is_whole(units) or not 0 <= units <= state.over_allotment or units % state.lot:
            raise InvalidAmount(
                f"{units!r} units are no whole lots of {state.lot:,} up to {state.over_allotment:,}",
                hint="The rules of the offering say how much may be over-allotted.",
            )
        call = self.suite.offering.declare_over_allotment(offering_id, units)
        return TxResult.of(self.sender.transact(call))

    def funds(self, currency: str | None = None) -> Funds:
        """The standing deposit: what bidders forfeited, and proceeds that the account could not receive.

        Args:
            currency: Code of the currency, or address of its token; None for the only one.
        """
        return funds_of(self.suite, self.sender.address, currency)

    def withdraw_funds(
        self, amount: Money | Decimal | int | str | None = None, currency: str | None = None
    ) -> MoneyResult:
        """Takes money out of the standing deposit; None for all of it.

        Raises:
            PaymentRefused: There is not so much.
        """
        return withdraw_funds(Party(self.suite, self.sender), amount, currency)

    # Checks

    def _check_authorised(self, bond: Bond, rules: Rules, classes: Sequence[ClassRule]) -> None:
        """All that could be sold must be within the units that the terms authorise."""
        available = rules.offered + rules.over_allotment
        additional = available * max(rule.additional for rule in classes) // SHARE_SCALE
        authorised, supply = bond.terms.units, bond.total_supply()
        if supply + available + additional > authorised:
            raise InputError(
                f"offered: {available:,} units, {additional:,} more that classes may underwrite and "
                f"{supply:,} that are out exceed the {authorised:,} units of the terms",
                hint="Offer less: what is authorised was sealed when the bond was registered.",
            )

    def _check_issuing_account(self, terms: BondTerms) -> None:
        if terms.issuer_account != self.sender.address:
            raise refused(
                self.suite,
                "OfferingIssuerRefused",
                {"account": self.sender.address},
                f"{self.sender.address} did not register {terms.isin}, {terms.issuer_account} did",
                "Use the account that registered the bond.",
            )

    def _check_own(self, bond: Bond) -> None:
        if bond.terms.issuer_account != self.sender.address:
            raise AccessRefused(
                "ServicingCallerRefused",
                {"bond": bond.address, "caller": self.sender.address},
                message=f"{self.sender.address} did not register {bond.isin}, "
                f"{bond.terms.issuer_account} did",
                hint="Use the account that registered the bond.",
                contract=self.suite.servicing.address,
            )

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


def fixed_price_rules(
    *,
    units: int,
    quote: int,
    basis: Basis,
    lot: int,
    opens_at: datetime,
    closes_at: datetime,
    settles_from: datetime,
    settles_by: datetime,
    deposit: int = 0,
) -> Rules:
    """Rules of the simplest offering: an OPEN book at one price or rate, for everybody alike.

    Args:
        units: Units on offer.
        quote: The price in base units, or the rate in billionths a year.
        basis: Which of the two.
        lot: Units of the bond's minimum denomination.
        opens_at: First second of the book.
        closes_at: First second at which it is closed.
        settles_from: First second of payment and issue; also the last for clearing.
        settles_by: Last second of payment and issue.
        deposit: Base units that each bidder gives and may lose.
    """
    return Rules(
        form=Form.OPEN,
        basis=basis,
        pricing=Pricing.UNIFORM,
        offered=units,
        minimum_bid=lot,
        maximum_bid=units,
        lowest=quote,
        highest=quote,
        tick=1,
        deposit=deposit,
        opens_at=opens_at,
        closes_at=closes_at,
        reveals_by=closes_at,
        over_allots_by=closes_at,
        clears_by=settles_from,
        settles_from=settles_from,
        settles_by=settles_by,
        takes_up_by=settles_by,
    )


def canonical_text(sheet: TermSheet) -> str:
    """One text for one set of terms: JSON with sorted keys and without spaces, numbers as text.

    What is left at its default is left out, so that a provision that sheets learn later changes no text.
    """
    return json.dumps(_plain(sheet), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        given = {
            name: getattr(value, name) for name, field in fields if getattr(value, name) != field.default
        }
        return {name: _plain(each) for name, each in given.items()}
    if hasattr(value, "label"):
        return value.label
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
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
