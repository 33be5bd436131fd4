"""Offers to the holders of a bond: to sell, or to exchange into another bond."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from indenture.contracts import Bond
from indenture.dates import instant, to_timestamp
from indenture.errors import InvalidAmount, InvalidDate, TermsRefused
from indenture.money import Money, to_decimal
from indenture.results import ActionResult
from indenture.roles._actions import opened_result
from indenture.roles._checks import now, whole_units
from indenture.roles._client import Client
from indenture.roles._documents import Document, document_digest
from indenture.roles._notice import check_not_due, check_registrant, refusal

_MOST_RATIO = 2**32 - 1
#: An offer is settled within so long after its close.
_SETTLED_WITHIN = timedelta(days=60)


class Offers(Client):
    """An issuer's offers to holders."""

    def offer_tender(
        self,
        bond: Bond | str,
        *,
        price: Money | Decimal | int | str,
        closes: datetime,
        pay_day: date,
        document: Document,
        most: int | None = None,
        opens: datetime | None = None,
    ) -> ActionResult:
        """Invites holders to sell units back; accrued interest to the payment day comes on top.

        Args:
            bond: The bond.
            price: Without accrued interest: a number for 100 of the face, or money for one unit.
            closes: When holders can no longer elect.
            pay_day: Day of settlement, rolled to a business day; it is not before the close.
            document: The offer document: its hash, bytes, or the path of its file.
            most: Most units that are bought; more elections are cut pro rata. None for all.
            opens: From when they can; None for now.

        Raises:
            AccessRefused: Another account registered the bond.
            InvalidAmount: The price is none, or leaves a broken base unit.
            InvalidDate: The times contradict each other, or are over.
            TermsRefused: The bond was made due.
        """
        target = self._offered(bond)
        amount = _unit_price(target, self.suite.currency_at(target.terms.currency).code, price)
        opens_at = self._times(target, opens, closes, pay_day)
        call = self.suite.servicing.offer_tender(
            target.address,
            most=0 if most is None else whole_units(most, "most"),
            amount=amount,
            opens_at=opens_at,
            closes_at=closes,
            pay_day=pay_day,
            document=document_digest(document),
        )
        return opened_result(self.suite, target, self.sender.transact(call))

    def offer_exchange(
        self,
        bond: Bond | str,
        *,
        into: Bond | str,
        old_units: int,
        new_units: int,
        closes: datetime,
        pay_day: date,
        document: Document,
        cash: Money | Decimal | int | str = 0,
        opens: datetime | None = None,
    ) -> ActionResult:
        """Invites holders to exchange units into those of another bond of the issuer.

        Accrued interest to the payment day is paid on top; the new bond's runs from its own terms.

        Args:
            bond: The bond.
            into: The new bond, registered by the same account in the same currency.
            old_units: How many units are exchanged together; elections are multiples of it.
            new_units: What they are exchanged for.
            closes: When holders can no longer elect.
            pay_day: Day of settlement, rolled to a business day; it is not before the close.
            document: The offer document: its hash, bytes, or the path of its file.
            cash: What is paid beside it for one old unit; 0 for nothing.
            opens: From when they can elect; None for now.

        Raises:
            AccessRefused: Another account registered one of the bonds.
            InvalidAmount: The ratio or the cash is out of range.
            InvalidDate: The times contradict each other, or are over.
            TermsRefused: The bonds are one, or in two currencies, the coupon of the new one is not fixed, or
                the bond was made due.
        """
        target, new = self._offered(bond), self.suite.bond(into)
        check_registrant(self.suite, new, self.sender.address)
        self._check_target(target, new)
        for units, what in ((old_units, "old_units"), (new_units, "new_units")):
            if whole_units(units, what) > _MOST_RATIO:
                raise InvalidAmount(f"{what}: {units} is above {_MOST_RATIO}")
        currency = self.suite.currency_at(target.terms.currency)
        beside = cash if isinstance(cash, Money) else currency.money(cash)
        if beside.currency != currency or beside.base < 0:
            raise InvalidAmount(f"{beside} is no amount in {currency.code}")
        opens_at = self._times(target, opens, closes, pay_day)
        call = self.suite.servicing.offer_exchange(
            target.address,
            new_bond=new.address,
            new_units=new_units,
            old_units=old_units,
            amount=beside.base,
            opens_at=opens_at,
            closes_at=closes,
            pay_day=pay_day,
            document=document_digest(document),
        )
        return opened_result(self.suite, target, self.sender.transact(call))

    def _offered(self, bond: Bond | str) -> Bond:
        target = self.suite.bond(bond)
        check_registrant(self.suite, target, self.sender.address)
        check_not_due(self.suite, target)
        return target

    def _check_target(self, bond: Bond, new: Bond) -> None:
        if new.address == bond.address:
            raise self._target_refused(bond, f"{bond.isin} cannot be exchanged into itself")
        if new.terms.currency != bond.terms.currency:
            raise self._target_refused(bond, f"{new.isin} is in another currency than {bond.isin}")
        if new.terms.coupon_rate is None:
            raise self._target_refused(bond, f"an offering is to fix the coupon of {new.isin} first")

    def _target_refused(self, bond: Bond, message: str) -> TermsRefused:
        hint = "Name another bond of this issuer, in the same currency, whose coupon is fixed."
        return refusal(self.suite, bond, "ActionTermInvalid", message, hint, term="newBond")

    def _times(self, bond: Bond, opens: datetime | None, closes: datetime, pay_day: date) -> datetime:
        """When an offer opens: as given, or now."""
        time, terms = now(self.suite.chain), bond.terms
        opens_at = opens or time
        if to_timestamp(closes) <= max(to_timestamp(opens_at), to_timestamp(time)):
            raise InvalidDate(
                f"the offer closes at {closes}, which is not after {max(opens_at, time)}",
                hint="It opens first, and closes in the future.",
            )
        paid = self.suite.calendar.roll(terms.calendar, pay_day, terms.roll)
        if instant(paid, 0, terms.utc_offset) < closes:
            raise InvalidDate(
                f"the offer is settled on {paid}, which begins before it closes at {closes}",
                hint="Give a later day: whoever elects last is paid with the others.",
            )
        if instant(paid, 0, terms.utc_offset) > closes + _SETTLED_WITHIN:
            raise InvalidDate(
                f"the offer is settled on {paid}, more than {_SETTLED_WITHIN.days} days after it closes",
                hint="Units that were elected cannot move until then: settle it earlier.",
            )
        return opens_at


def _unit_price(bond: Bond, code: str, price: Money | Decimal | int | str) -> int:
    """Base units for one unit."""
    if isinstance(price, Money):
        if price.currency.code != code or price.base <= 0:
            raise InvalidAmount(f"{price} is no price of a unit in {code}")
        return price.base
    number = to_decimal(price)
    exact = Fraction(number) * bond.terms.face_value / 100
    if exact <= 0:
        raise InvalidAmount(f"{number} is no price for 100 of the face")
    if exact.denominator != 1:
        raise InvalidAmount(
            f"{number} for 100 of the face is not whole base units of one unit",
            hint=f"A unit of {bond.isin} has {bond.terms.face_value} base units of face; "
            "give the money of one unit.",
        )
    return exact.numerator
