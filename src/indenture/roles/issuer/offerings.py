"""Offerings: mandated, tapped, cancelled, enlarged; and the money that they bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from indenture.contracts import Bond, BondTerms
from indenture.contracts._base import checksum_address
from indenture.errors import InputError, InvalidAmount
from indenture.membership import Role
from indenture.models import Funds
from indenture.money import Money
from indenture.primary import SHARE_SCALE, Basis, ClassRule, Rules, Stage
from indenture.results import MoneyResult, TxResult
from indenture.roles._books import events_of, existing, refused, require_stage
from indenture.roles._checks import is_whole, money_in, reason_digest, require_members, whole_units
from indenture.roles._client import Client
from indenture.roles._funds import funds_of, withdraw_funds
from indenture.roles._party import Party
from indenture.roles.issuer.fixed_price import fixed_price_rules


class Offerings(Client):
    """An issuer's acts in the primary market."""

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
