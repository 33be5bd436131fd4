"""Payments of the schedule: fixed, funded, pushed to holders, redeemed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from indenture.contracts import Bond
from indenture.errors import InputError, PaymentRefused, TermsRefused
from indenture.models import Payment, RecordHolding
from indenture.money import Money
from indenture.results import FixResult, FundResult, PayResult, TxResult
from indenture.roles._actions import told
from indenture.roles._checks import batch_size, is_whole, named, now
from indenture.roles._claims import claim_buyers
from indenture.roles._client import Client
from indenture.roles._fixings import fix_due, fix_next, require_fixed
from indenture.roles._notice import check_not_due
from indenture.roles._paid import paid_result
from indenture.roles._sending import Progress
from indenture.roles._values import percent

#: Holders in one transaction.
_HOLDERS = 100
#: What the cash token and its bitmap of receivers take at once.
_MOST_HOLDERS = 256


class Payments(Client):
    """A paying agent's acts on what falls due by the schedule, and on recoveries once they are funded."""

    def payment(self, bond: Bond | str, period: int) -> Payment:
        """The escrow of a payment."""
        target = self._bond(bond, period)
        state = self.suite.servicing.payment(target.address, period)
        cash = target.terms.currency
        return Payment(
            bond=target.address,
            period=period,
            funded=self.suite.money(cash, state.funded),
            paid=self.suite.money(cash, state.paid),
            units=state.units,
            units_paid=state.units_paid,
            funded_at=state.funded_at,
            payer=state.payer,
            is_last=state.is_last,
            withholds=state.withholds,
            has_claims=state.has_claims,
            penalty=percent(state.penalty),
        )

    def amount_of(self, bond: Bond | str, period: int, units: int) -> tuple[Money, Money]:
        """Interest and principal of some units for a period, as the contract computes them."""
        target = self._bond(bond, period)
        interest, principal = self.suite.servicing.amount_of(target.address, period, units)
        cash = target.terms.currency
        return self.suite.money(cash, interest), self.suite.money(cash, principal)

    # Fixing

    def fix(self, bond: Bond | str) -> FixResult:
        """Fixes the next period of a bond whose terms leave figures open: rate, ratio, principal, arrears.

        Everybody gets the same figures: the contract computes them from what is published.

        Raises:
            FixingRefused: It is too early, a value is not published (and no fallback applies yet), or nothing
                is left to fix.
        """
        return fix_next(self.suite, self.sender, bond)

    def fix_due(self, bond: Bond | str | None = None, *, progress: Progress | None = None) -> FixResult:
        """Fixes every period that can be fixed now, and says what the next ones wait for.

        Args:
            bond: The bond; None for every bond of the depository.
            progress: Called with a step, how many bonds are done, and how many there are.
        """
        bonds = self.suite.bonds() if bond is None else [self.suite.bond(bond)]
        return fix_due(self.suite, self.sender, bonds, progress)

    # Funding

    def fund(self, bond: Bond | str, period: int) -> FundResult:
        """Escrows a payment, once its record date has passed: what it comes to is computed on chain.

        After the payment day it costs interest for being late, where the terms say so: that cures a default
        as long as the bond was not made due.

        Raises:
            FixingRefused: The period is not fixed: which value of which day is missing, and from when a
                fallback applies.
            PaymentRefused: The record date has not passed, the payment is funded already, nothing is paid
                for the period, or the money does not suffice.
            TermsRefused: The bond was made due.
        """
        target = self._bond(bond, period)
        check_not_due(self.suite, target)
        require_fixed(self.suite, target, period)
        cash = target.terms.currency
        try:
            receipt = self.sender.transact(self.suite.servicing.fund(target.address, period))
        except PaymentRefused as refused:
            raise self._in_words(refused, target, period) from None
        done, late = TxResult.of(receipt), told(self.suite, receipt, "PenaltyFunded")
        (event,) = told(self.suite, receipt, "PaymentFunded")
        return FundResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            interest=self.suite.money(cash, event["interest"]),
            principal=self.suite.money(cash, event["principal"]),
            units=event["units"],
            penalty=self.suite.money(cash, late[0]["amount"] if late else 0),
        )

    def holders_of_record(self, bond: Bond | str, period: int) -> tuple[RecordHolding, ...]:
        """Who held how many units at the record date of a payment, from the transfers and the register.

        Raises:
            TermsRefused: The record date has not passed, or has not been noticed yet (``advance``, ``fund``).
        """
        target = self._bond(bond, period)
        self._require_record(target, period)
        accounts = target.holders()
        units = target.units_at(accounts, period)
        return tuple(RecordHolding(a, held) for a, held in zip(accounts, units, strict=True) if held)

    def pay(
        self,
        bond: Bond | str,
        period: int,
        holders: Sequence[str] | None = None,
        *,
        batch: int = _HOLDERS,
        progress: Progress | None = None,
    ) -> PayResult:
        """Pays a coupon to holders; those who were served are passed over.

        A holder who cannot be paid now does not stop the others: his amount is kept in his name.

        Args:
            bond: The bond.
            period: The interest period; the last one is paid by ``redeem``.
            holders: Who; None for all holders of record.
            batch: Holders in one transaction.
            progress: Called with a step, how many holders are served, and how many there are.

        Raises:
            PaymentRefused: The payment is not funded, not due, or made already.
        """
        target = self._bond(bond, period)
        last = target.last_period()
        if period == last:
            raise PaymentRefused(
                "PaymentKindWrong",
                {"bond": target.address, "period": period, "lastPeriod": last},
                message=f"payment {period} of {target.isin} is its last, with the principal",
                hint="Redeem the bond instead: that pays both and burns the units.",
                contract=self.suite.servicing.address,
            )
        return self._serve(target, period, holders, batch, progress)

    def redeem(
        self,
        bond: Bond | str,
        holders: Sequence[str] | None = None,
        *,
        batch: int = _HOLDERS,
        progress: Progress | None = None,
    ) -> PayResult:
        """Pays the last payment, principal included, to holders, and burns their units; else as ``pay``.

        In default that is the last recovery.
        """
        target = self.suite.bond(bond)
        if target.book().in_default:
            self._notice(target, target.book().records + 1)
        return self._serve(target, target.last_period(), holders, batch, progress)

    def pay_claims(
        self,
        bond: Bond | str,
        period: int,
        buyers: Sequence[str] | None = None,
        *,
        batch: int = _HOLDERS,
    ) -> PayResult:
        """Pays buyers of units that were sold before the record date and delivered after it.

        Args:
            bond: The bond.
            period: The interest period.
            buyers: Who; None for all who have a claim to it.
            batch: Buyers in one transaction.

        Raises:
            PaymentRefused: Nobody has a claim that is not paid, or the payment is not funded or not due.
        """
        target = self._bond(bond, period)
        batch_size(batch, _MOST_HOLDERS)
        self._require_due(target, period)
        self._require_funded(target, period)
        waiting = self._claimants(target, period, buyers)
        parts = [waiting[start : start + batch] for start in range(0, len(waiting), batch)]
        calls = [self.suite.servicing.pay_claims(target.address, period, part) for part in parts]
        receipts = self.sender.send_many(calls[:-1])
        receipts.append(self.sender.transact(calls[-1]))
        return paid_result(self.suite, target, receipts)

    def advance(self, bond: Bond | str) -> TxResult:
        """Has the bond notice what is due by now; transfers do so by themselves."""
        return TxResult.of(self.sender.transact(self.suite.bond(bond).advance()))

    def _serve(
        self, bond: Bond, period: int, holders: Sequence[str] | None, batch: int, progress: Progress | None
    ) -> PayResult:
        batch_size(batch, _MOST_HOLDERS)
        self._require_due(bond, period)
        self._require_funded(bond, period)
        self._notice(bond, period)
        waiting = self._waiting(bond, period, holders)
        servicing, last = self.suite.servicing, bond.last_period()
        parts = [waiting[start : start + batch] for start in range(0, len(waiting), batch)]
        calls = [
            servicing.redeem(bond.address, part)
            if period == last
            else servicing.pay(bond.address, period, part)
            for part in parts
        ]
        if progress:
            progress("pay holders", 0, len(waiting))
        # The last one closes the payment and so costs more than it would have before the others: it is tried
        # after them.
        receipts = self.sender.send_many(calls[:-1])
        if progress and receipts:
            progress("pay holders", len(receipts) * batch, len(waiting))
        receipts.append(self.sender.transact(calls[-1]))
        if progress:
            progress("pay holders", len(waiting), len(waiting))
        return paid_result(self.suite, bond, receipts)

    def _notice(self, bond: Bond, period: int) -> None:
        """Has the bond notice the record date of a recovery: it was funded before."""
        days = bond.payment_days(period)
        if bond.book().records < period and days is not None and now(self.suite.chain) >= days.record_time:
            self.sender.transact(bond.advance())

    def _waiting(self, bond: Bond, period: int, holders: Sequence[str] | None) -> list[str]:
        """Who is to be served: named or of record, and not served yet."""
        if holders is None:
            accounts = [holding.account for holding in self.holders_of_record(bond, period)]
        else:
            accounts = named(holders, "holder")
        paid = bond.is_paid(accounts, period)
        waiting = [account for account, yes in zip(accounts, paid, strict=True) if not yes]
        if self.suite.servicing.payment(bond.address, period).has_claims:
            waiting = self._keeping_some(bond, period, waiting)
        if not waiting:
            raise PaymentRefused(
                "PaymentAlreadyMade" if accounts else "PaymentNothingDue",
                {"bond": bond.address, "period": period},
                message=f"payment {period} of {bond.isin}: "
                + ("every holder has been paid" if accounts else "there is no holder"),
                hint="Nothing is left to do.",
                contract=self.suite.servicing.address,
            )
        return waiting

    def _keeping_some(self, bond: Bond, period: int, accounts: Sequence[str]) -> list[str]:
        """Those whose payment was not sold with all their units."""
        held = bond.units_at(accounts, period)
        sold = self.suite.servicing.transferred_by(bond.address, period, accounts)
        return [account for account, units, given in zip(accounts, held, sold, strict=True) if units != given]

    def _claimants(self, bond: Bond, period: int, buyers: Sequence[str] | None) -> list[str]:
        if buyers is None:
            waiting = claim_buyers(self.suite, bond, period)
        else:
            accounts = named(buyers, "buyer")
            units = self.suite.servicing.claimed_by(bond.address, period, accounts)
            waiting = [buyer for buyer, held in zip(accounts, units, strict=True) if held]
        if not waiting:
            raise PaymentRefused(
                "PaymentNothingDue",
                {"bond": bond.address, "period": period},
                message=f"payment {period} of {bond.isin}: no buyer has a claim to it that is not paid",
                hint="Nothing is left to do.",
                contract=self.suite.servicing.address,
            )
        return waiting

    def _require_due(self, bond: Bond, period: int) -> None:
        days, time = bond.payment_days(period), now(self.suite.chain)
        if days is None:
            due = bond.terms.due_day(period)
            self._not_due(bond, period, f"is due on {due}; its days are not fixed yet", 0, time)
        elif time < days.pay_time:
            local = f"is made from {days.pay_time:%Y-%m-%d %H:%M} UTC on"
            self._not_due(bond, period, local, int(days.pay_time.timestamp()), time)

    def _not_due(self, bond: Bond, period: int, words: str, pay_time: int, time: datetime) -> None:
        last = period == bond.last_period()
        raise PaymentRefused(
            "PaymentNotDue",
            {"bond": bond.address, "period": period, "payTime": pay_time, "time": int(time.timestamp())},
            message=f"{'the redemption' if last else f'payment {period}'} of {bond.isin} {words}",
            hint=f"The chain's time is {time:%Y-%m-%d %H:%M} UTC; wait for the day.",
            contract=self.suite.servicing.address,
        )

    def _require_funded(self, bond: Bond, period: int) -> None:
        if self.suite.servicing.payment(bond.address, period).funded_at is None:
            raise PaymentRefused(
                "PaymentNotFunded",
                {"bond": bond.address, "period": period},
                message=f"nobody has funded payment {period} of {bond.isin}",
                hint="Fund it first.",
                contract=self.suite.servicing.address,
            )

    def _require_record(self, bond: Bond, period: int) -> None:
        passed = bond.book().records
        if passed < period:
            raise TermsRefused(
                "BondRecordPending",
                {"record": period, "passed": passed},
                message=f"record date {period} of {bond.isin} has not passed, or has not been noticed yet",
                hint="Once it has passed, the next transfer notices it; so do advance and fund.",
                contract=bond.address,
            )

    def _bond(self, bond: Bond | str, period: int) -> Bond:
        target = self.suite.bond(bond)
        last = target.last_period()
        if not is_whole(period) or not 1 <= period <= last:
            raise InputError(
                f"{target.isin} has no payment {period!r}", hint=f"They are numbered from 1 to {last}."
            )
        return target

    def _in_words(self, refused: PaymentRefused, bond: Bond, period: int) -> PaymentRefused:
        """Says what is missing as money, for the contract knows base units only; and why nothing is due."""
        if refused.name == "PaymentNothingDue":
            return self._nothing_due(refused, bond, period)
        if refused.name != "PaymentUnderfunded":
            return refused
        cash = bond.terms.currency
        has, needed = (
            self.suite.money(cash, int(str(refused.args_by_name[name]))) for name in ("available", "needed")
        )
        return PaymentRefused(
            refused.name,
            refused.args_by_name,
            message=f"payment {period} of {bond.isin} needs {needed}, {self.sender.address} has {has}",
            hint=f"Pay in {needed - has} more, then fund it again; nothing was taken.",
            contract=refused.contract,
            raw=refused.raw,
            what=refused.what,
        )

    def _nothing_due(self, refused: PaymentRefused, bond: Bond, period: int) -> PaymentRefused:
        if period <= bond.terms.provisions.capitalised_until:
            why = "its interest is added to the principal"
        elif self.suite.servicing.is_deferred(bond.address, period):
            why = "its interest is deferred"
        else:
            why = "interest and principal of it are zero"
        return PaymentRefused(
            refused.name,
            refused.args_by_name,
            message=f"nothing is paid for period {period} of {bond.isin}: {why}",
            hint="Go on with the next payment.",
            contract=refused.contract,
            raw=refused.raw,
            what=refused.what,
        )
