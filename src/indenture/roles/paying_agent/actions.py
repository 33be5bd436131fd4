"""Puts, offers and drawings: funded, then settled with the holders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from indenture.chain import Receipt
from indenture.contracts import Bond
from indenture.contracts.servicing_state import ActionState
from indenture.dates import to_timestamp
from indenture.errors import AccessRefused, PaymentRefused
from indenture.results import ActionFundResult, BatchResult, KeptAmount, SettleResult, TxResult
from indenture.rights import ActionKind
from indenture.roles._actions import LONG_STOP, PAID, PROMISED, holders_of, require_action, told
from indenture.roles._checks import batch_size, named, now
from indenture.roles._client import Client
from indenture.roles._defaults import is_agent
from indenture.roles._notice import check_not_due, refusal, shown
from indenture.roles._sending import Progress

#: Holders in one transaction; of an exchange each costs two bonds' registers.
_HOLDERS = 50
#: What the cash token and its bitmap of receivers take at once.
_MOST_HOLDERS = 256


class ActionPayments(Client):
    """A paying agent's acts on events that take units for money."""

    def fund_action(self, bond: Bond | str, action: int) -> ActionFundResult:
        """Escrows the price of a put, an offer or a drawing, on its payment day or later.

        What was promised, a put or a drawing, costs interest for being late after that day, where the terms
        say so; an offer has lapsed ten days after it.

        Args:
            bond: The bond.
            action: Number of the event.

        Raises:
            AccessRefused: It is an exchange, and the account is neither the issuer's nor a paying agent's.
            PaymentRefused: Its payment day has not come, nobody elected, it is not drawn yet, the offer
                lapsed, or the money does not suffice.
            TermsRefused: There is no such event, it is funded already, or the bond was made due.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, PAID)
        check_not_due(self.suite, target)
        if state.kind is ActionKind.EXCHANGE:  # it issues units: no stranger does that for the issuer
            self._require_agent(target)
        self._check_payable(target, action, state)
        cash = target.terms.currency
        try:
            receipt = self.sender.transact(self.suite.servicing.fund_action(target.address, action))
        except PaymentRefused as refused:
            raise self._short_of_money(refused, target, action) from None
        (event,) = told(self.suite, receipt, "ActionFunded")
        done = TxResult.of(receipt)
        return ActionFundResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            interest=self.suite.money(cash, event["interest"]),
            principal=self.suite.money(cash, event["principal"]),
            units=event["units"],
            penalty=self.suite.money(cash, event["penalty"]),
            action=action,
        )

    def settle_action(
        self,
        bond: Bond | str,
        action: int,
        holders: Sequence[str] | None = None,
        *,
        batch: int = _HOLDERS,
        progress: Progress | None = None,
    ) -> SettleResult:
        """Pays holders for what is taken of their elections, burns it, and sets the rest free.

        Who was settled before is passed over, so that it can be done again after a failure.

        Args:
            bond: The bond.
            action: Number of the event.
            holders: Who; None for all who have units in it.
            batch: Holders in one transaction.
            progress: Called with a step, how many holders are settled, and how many there are.

        Raises:
            PaymentRefused: The event is not funded, or everybody is settled.
            TermsRefused: There is no such event.
        """
        target = self.suite.bond(bond)
        require_action(self.suite, target, action, PAID)
        batch_size(batch, _MOST_HOLDERS)
        self._require_funded_action(target, action)
        waiting = self._in_action(target, action, holders)
        parts = [waiting[start : start + batch] for start in range(0, len(waiting), batch)]
        calls = [self.suite.servicing.settle_action(target.address, action, part) for part in parts]
        if progress:
            progress("settle holders", 0, len(waiting))
        # The last one closes the event and so costs more than it would have before the others.
        receipts = self.sender.send_many(calls[:-1])
        if progress and receipts:
            progress("settle holders", len(receipts) * batch, len(waiting))
        receipts.append(self.sender.transact(calls[-1]))
        if progress:
            progress("settle holders", len(waiting), len(waiting))
        return self._settled(target, action, len(waiting), receipts)

    def release(
        self, bond: Bond | str, action: int, holders: Sequence[str] | None = None, *, batch: int = _HOLDERS
    ) -> BatchResult:
        """Sets units free where an event is over without taking them.

        Args:
            bond: The bond.
            action: Number of the event.
            holders: Whose; None for all who have units in it.
            batch: Holders in one transaction.

        Raises:
            PaymentRefused: Nobody has units in it.
            TermsRefused: There is no such event, or it may still take the units.
        """
        target = self.suite.bond(bond)
        require_action(self.suite, target, action)
        batch_size(batch, _MOST_HOLDERS)
        waiting = self._in_action(target, action, holders)
        parts = [waiting[start : start + batch] for start in range(0, len(waiting), batch)]
        calls = [self.suite.servicing.release(target.address, action, part) for part in parts]
        return BatchResult.of(len(waiting), self.sender.send_many(calls))

    def _require_agent(self, bond: Bond) -> None:
        account = self.sender.address
        if not is_agent(self.suite, bond, account):
            raise AccessRefused(
                "ServicingCallerRefused",
                {"bond": bond.address, "caller": account},
                message=f"{account} is neither a paying agent nor the issuer of {bond.isin}",
                hint="An exchange issues units of the new bond: one of the two funds it.",
                contract=self.suite.servicing.address,
            )

    def _check_payable(self, bond: Bond, number: int, action: ActionState) -> None:
        if action.is_decided:
            raise refusal(
                self.suite,
                bond,
                "ActionDecided",
                f"event {number} of {bond.isin} is funded already",
                "Settle it with the holders (settle_action).",
                action=number,
            )
        time = now(self.suite.chain)
        if action.pay_time is not None and time < action.pay_time:
            raise self._payment_refused(
                bond,
                number,
                "ActionNotDue",
                f"is paid from {shown(action.pay_time)} on, and it is {shown(time)}",
                "Fund it on that day: late elections could change what it costs.",
                payTime=to_timestamp(action.pay_time),
                time=to_timestamp(time),
            )
        if obstacle := self._obstacle(bond, number, action, time):
            raise self._payment_refused(bond, number, "ActionNotPayable", *obstacle)

    def _obstacle(
        self, bond: Bond, number: int, action: ActionState, time: datetime
    ) -> tuple[str, str] | None:
        """Why nothing can be paid for an event, and what to do; None where it can."""
        drawing = self.suite.servicing.drawing(bond.address, number)
        if action.kind is ActionKind.DRAWING and not drawing.is_complete:
            begun = f"is drawn from {drawing.passed:,} of {drawing.units:,} units"
            return (
                begun if drawing.units else "is not drawn yet",
                "Count the holders, and draw, first (draw).",
            )
        if not action.elected:
            return "has no units: nobody elected", "Nothing is to be paid."
        if bond.book().closed:
            return (
                "was not funded before the books closed",
                "Its units are redeemed with the others (release).",
            )
        if action.kind in PROMISED or action.pay_time is None or time < action.pay_time + LONG_STOP:
            return None
        lapsed = f"lapsed at {shown(action.pay_time + LONG_STOP)}, unfunded"
        return lapsed, "Holders keep their units (release); make another offer."

    def _require_funded_action(self, bond: Bond, number: int) -> None:
        if self.suite.servicing.action_payment(bond.address, number).funded_at is None:
            raise self._payment_refused(
                bond, number, "ActionNotFunded", "is not funded", "Fund it first (fund_action)."
            )

    def _in_action(self, bond: Bond, number: int, holders: Sequence[str] | None) -> list[str]:
        """Who has units in an event: of those named, or of all."""
        if holders is None:
            waiting = holders_of(self.suite, bond, number)
        else:
            accounts = named(holders, "holder")
            units = self.suite.servicing.elected_by(bond.address, number, accounts)
            waiting = [holder for holder, held in zip(accounts, units, strict=True) if held]
        if not waiting:
            raise self._payment_refused(
                bond, number, "PaymentNothingDue", "holds no units any more", "Nothing is left to do."
            )
        return waiting

    def _payment_refused(
        self, bond: Bond, number: int, name: str, why: str, hint: str, **args: object
    ) -> PaymentRefused:
        return PaymentRefused(
            name,
            {"bond": bond.address, "action": number, **args},
            message=f"event {number} of {bond.isin} {why}",
            hint=hint,
            contract=self.suite.servicing.address,
        )

    def _short_of_money(self, refused: PaymentRefused, bond: Bond, number: int) -> PaymentRefused:
        """Says what is missing as money, for the contract knows base units only."""
        if refused.name != "PaymentUnderfunded":
            return refused
        has, needed = (
            self.suite.money(bond.terms.currency, int(str(refused.args_by_name[name])))
            for name in ("available", "needed")
        )
        return PaymentRefused(
            refused.name,
            refused.args_by_name,
            message=f"event {number} of {bond.isin} needs {needed}, {self.sender.address} has {has}",
            hint=f"Pay in {needed - has} more, then fund it again; nothing was taken.",
            contract=refused.contract,
            raw=refused.raw,
            what=refused.what,
        )

    def _settled(self, bond: Bond, number: int, count: int, receipts: Sequence[Receipt]) -> SettleResult:
        cash = bond.terms.currency
        taken, amount, tax, residue = 0, 0, 0, None
        kept: list[KeptAmount] = []
        for receipt in receipts:
            for event in receipt.events(self.suite.servicing.abi, self.suite.servicing.address):
                if event.name == "ActionSettled":
                    taken += event["taken"]
                    amount += event["amount"]
                elif event.name == "TaxWithheld":
                    tax += event["tax"]
                elif event.name == "AmountKept":
                    kept.append(KeptAmount(event["holder"], self.suite.money(cash, event["amount"])))
                elif event.name == "ActionCompleted":
                    residue = self.suite.money(cash, event["residue"])
        done = BatchResult.of(count, receipts)
        return SettleResult(
            count=done.count,
            transactions=done.transactions,
            action=number,
            taken=taken,
            amount=self.suite.money(cash, amount),
            tax=self.suite.money(cash, tax),
            kept=tuple(kept),
            completed=residue is not None,
            residue=residue,
        )
