"""Rights of the terms over their end: calls, in whole, in part and by lot, and the extension."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from indenture.chain import ContractCall
from indenture.contracts import Bond
from indenture.dates import from_day_number
from indenture.results import (
    ActionResult,
    CallResult,
    CancelResult,
    ExtensionResult,
    PartialCallResult,
    TxResult,
)
from indenture.roles._actions import opened_result, told
from indenture.roles._calls import (
    call_right,
    check_before_end,
    check_not_called,
    check_partial_call,
    event_right,
    extension_right,
    share_of_face,
)
from indenture.roles._checks import require_units, whole_units
from indenture.roles._client import Client
from indenture.roles._documents import Document, document_digest
from indenture.roles._notice import check_not_due, check_notice, check_registrant, refusal
from indenture.roles._values import percent


class Calls(Client):
    """An issuer's acts by which a bond ends earlier or later."""

    def call(self, bond: Bond | str, day: date) -> CallResult:
        """Calls the bond: it ends on a day of the right, and is redeemed at the price of the right.

        The last payment is funded and paid as at maturity: the interest up to the day, and the price.

        Args:
            bond: The bond.
            day: Day for which it is called, unadjusted.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: No right lies on that day, it is too late for notice, or the bond was called already
                or made due.
        """
        target = self._own(bond)
        call_right(self.suite, target, day)
        check_before_end(self.suite, target, day)
        return self._called(self.suite.servicing.call_bond(target.address, day))

    def call_in_part(self, bond: Bond | str, period: int, share: Decimal | int | str) -> PartialCallResult:
        """Calls a part of every unit with a payment; interest runs on the rest from then on.

        Args:
            bond: The bond.
            period: The payment; it is due on a day of a right that allows a part.
            share: Percent of the face, whole base units of a unit.

        Raises:
            AccessRefused: Another account registered the bond.
            InvalidAmount: The share is none, or leaves a broken base unit.
            TermsRefused: As ``call``; or the record date has passed, a later payment was called in part
                before, or nothing would be left.
        """
        target = self._own(bond)
        called = share_of_face(target, share)
        right = check_partial_call(self.suite, target, period, called)
        call = self.suite.servicing.call_in_part(target.address, period, called)
        done = TxResult.of(self.sender.transact(call))
        return PartialCallResult(
            done.tx_hash, done.block, done.gas_used, period, percent(called), percent(right.price)
        )

    def call_by_lot(self, bond: Bond | str, day: date, units: int) -> ActionResult:
        """Calls some units, which are drawn by lot among the holders (``PayingAgent.draw``).

        Args:
            bond: The bond.
            day: Day for which they are called, unadjusted; it lies in a right that allows a part.
            units: How many.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: As ``call``; or as many units as are outstanding, or more, were to be called.
        """
        target = self._own(bond)
        whole_units(units)
        call_right(self.suite, target, day, in_part=True)
        supply = target.total_supply()
        if units >= supply:
            raise refusal(
                self.suite,
                target,
                "PartialCallRefused",
                f"{units:,} units of {target.isin} are to be drawn, and {supply:,} are outstanding",
                "Draw fewer, or call the whole bond.",
                period=0,
                share=units,
            )
        receipt = self.sender.transact(self.suite.servicing.call_by_lot(target.address, day, units))
        return opened_result(self.suite, target, receipt)

    def redeem_on_event(self, bond: Bond | str, code: str, day: date, document: Document) -> CallResult:
        """Redeems the whole bond early because a stated event has happened, such as a change of tax law.

        Args:
            bond: The bond.
            code: The event, as the terms name it.
            day: Day on which it ends, unadjusted.
            document: What shows that the event has happened: its hash, bytes, or the path of its file.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: The terms state no such event for the issuer, it is too late for notice, or the bond
                was called already or made due.
        """
        target = self._own(bond)
        digest = document_digest(document)
        right = event_right(self.suite, target, code, by_holders=False)
        check_not_called(self.suite, target, day)
        check_notice(self.suite, target, day, right.notice_days, f"early redemption on {day}")
        check_before_end(self.suite, target, day)
        return self._called(self.suite.servicing.redeem_on_event(target.address, code, day, digest))

    def declare_event(self, bond: Bond | str, code: str, document: Document) -> ActionResult:
        """Says that a stated event has happened, which lets holders put their units.

        Args:
            bond: The bond.
            code: The event, as the terms name it.
            document: What shows that it has happened: its hash, bytes, or the path of its file.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: The terms state no such event for the holders, or the bond was made due.
        """
        target = self._own(bond)
        digest = document_digest(document)
        event_right(self.suite, target, code, by_holders=True)
        receipt = self.sender.transact(self.suite.servicing.declare_event(target.address, code, digest))
        return opened_result(self.suite, target, receipt)

    def extend_maturity(self, bond: Bond | str) -> ExtensionResult:
        """Extends the maturity, once, by the periods and at the rate of the terms.

        Raises:
            AccessRefused: Another account registered the bond.
            TermsRefused: There is no such right, it was used, it is too late for notice, or the bond was
                called or made due.
        """
        target = self._own(bond)
        extension_right(self.suite, target)
        receipt = self.sender.transact(self.suite.servicing.extend_maturity(target.address))
        (extended,) = told(self.suite, receipt, "MaturityExtended")
        done, last = TxResult.of(receipt), extended["last"]
        return ExtensionResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            last_period=last,
            maturity=target.terms.due_day(last),
            rate=percent(extended["rate"]) if extended["rate"] else None,
        )

    def cancel_units(self, bond: Bond | str, units: int) -> CancelResult:
        """Cancels units of the issuer's own, bought back before; they count towards a sinking fund.

        Raises:
            AccessRefused: Another account registered the bond.
            UnitsRefused: The account has too few units, or too few that are free.
            TermsRefused: The bond was made due.
        """
        target = self._own(bond)
        whole_units(units)
        held, entry = target.balance_of(self.sender.address), target.entry(self.sender.address)
        free = max(0, held - entry.frozen - entry.pledged)
        require_units(target.address, self.sender.address, held, free, units)
        receipt = self.sender.transact(self.suite.servicing.cancel_units(target.address, units))
        (cancelled,) = told(self.suite, receipt, "UnitsCancelled")
        done = TxResult.of(receipt)
        return CancelResult(done.tx_hash, done.block, done.gas_used, units, cancelled["credit"])

    def _own(self, bond: Bond | str) -> Bond:
        """A bond that this account registered, and that was not made due."""
        target = self.suite.bond(bond)
        check_registrant(self.suite, target, self.sender.address)
        check_not_due(self.suite, target)
        return target

    def _called(self, call: ContractCall) -> CallResult:
        receipt = self.sender.transact(call)
        (event,) = told(self.suite, receipt, "BondCalled")
        done = TxResult.of(receipt)
        return CallResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            last_period=event["last"],
            day=from_day_number(event["day"]),
            price=percent(event["price"]),
        )
