"""A bond in default, made due and recovered; and new terms, put into force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from indenture.chain import Receipt
from indenture.contracts import Bond
from indenture.dates import from_day_number
from indenture.errors import TermsRefused
from indenture.money import Money
from indenture.results import EnactResult, MadeDueResult, RecoveryResult, TxResult
from indenture.rights import ActionKind
from indenture.roles._actions import check_open, require_action, told
from indenture.roles._checks import money_in, require_cash
from indenture.roles._client import Client
from indenture.roles._defaults import (
    check_last_missed,
    check_recovery,
    check_recovery_sender,
    check_share,
    require_claim,
)
from indenture.roles._documents import Document, document_digest
from indenture.roles._notice import check_not_due, refusal


class Recoveries(Client):
    """A paying agent's acts on defaults, and on changes of the terms."""

    def accelerate(self, bond: Bond | str, action: int) -> MadeDueResult:
        """Makes a bond due at once, when enough holders have given notice and the default is not cured.

        Args:
            bond: The bond.
            action: Number of the event in which they gave notice.

        Raises:
            TermsRefused: There is no such event or it is over, too few gave notice, the default was cured, or
                the bond was made due already.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, [ActionKind.ACCELERATION])
        check_not_due(self.suite, target)
        check_open(self.suite, target, action, state, "gathers notices")
        share = self.figures(target).rights().defaults.acceleration_share
        check_share(self.suite, target, action, state, share)
        return self._made_due(self.sender.transact(self.suite.servicing.accelerate(target.address, action)))

    def declare_overdue(self, bond: Bond | str) -> MadeDueResult:
        """Makes a bond due whose last payment was missed: what is owed becomes one claim of each unit.

        Raises:
            TermsRefused: The last payment was not missed, or the bond was made due already.
        """
        target = self.suite.bond(bond)
        check_not_due(self.suite, target)
        check_last_missed(self.suite, target)
        return self._made_due(self.sender.transact(self.suite.servicing.declare_overdue(target.address)))

    def fund_recovery(
        self,
        bond: Bond | str,
        amount: Money | Decimal | int | str,
        record_day: date,
        final: bool = False,  # noqa: FBT001, FBT002
        document: Document = b"",
    ) -> RecoveryResult:
        """Escrows a recovery for those who will hold at a record date; ``pay`` and ``redeem`` pay it.

        Args:
            bond: The bond.
            amount: How much, at most what is owed; what covers all of it is final by itself.
            record_day: Business day after today, within a month, at whose cut-off the holders are taken.
            final: Whether nothing more will come, covered or not; the statutory desk's word.
            document: What it rests on: a hash, bytes, or the path of a file; needed where it is final.

        Raises:
            AccessRefused: The account may not pay in a recovery, or not say that it is the last.
            PaymentRefused: It is more than is owed, or the account has not so much.
            TermsRefused: The bond was not made due, the last recovery has come, another one waits for its
                record date, or the day does not do.
        """
        target = self.suite.bond(bond)
        claim = require_claim(self.suite, target)
        money = money_in(self.suite.currency_at(target.terms.currency), amount)
        check_recovery(self.suite, target, claim, money, record_day)
        is_short = final and money.base < claim.total.base
        check_recovery_sender(self.suite, target, self.sender.address, is_short=is_short)
        digest = document_digest(document, needed=final)
        require_cash(self.suite, target.terms.currency, self.sender.address, money)
        call = self.suite.servicing.fund_recovery(
            target.address, money.base, record_day, is_final=final, document=digest
        )
        return self._recovered(target, money, self.sender.transact(call))

    def enact_terms(self, bond: Bond | str, action: int) -> EnactResult:
        """Puts proposed terms into force, when enough holders consent; anyone may.

        Args:
            bond: The bond.
            action: Number of the event in which they consented.

        Raises:
            TermsRefused: There is no such event, it is over or decided, too few consent, other terms came
                into force since, the period from which they were to apply has begun, or the bond was made
                due.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, [ActionKind.RESOLUTION])
        check_not_due(self.suite, target)
        if state.is_decided:
            raise refusal(
                self.suite,
                target,
                "ActionDecided",
                f"event {action} of {target.isin} was carried already",
                "Its terms are a version of the bond's (versions).",
                action=action,
            )
        check_open(self.suite, target, action, state, "takes consents")
        check_share(self.suite, target, action, state, self.figures(target).rights().amendment_share)
        if (count := self.suite.servicing.state_of(target.address).versions) != state.redemption:
            raise refusal(
                self.suite,
                target,
                "AmendmentRefused",
                f"event {action} of {target.isin} changes version {state.redemption}, {count} is in force",
                "The issuer has to propose the change anew.",
                term="version",
            )
        receipt = self.sender.transact(self.suite.servicing.enact_terms(target.address, action))
        (event,) = told(self.suite, receipt, "TermsEnacted")
        done = TxResult.of(receipt)
        return EnactResult(done.tx_hash, done.block, done.gas_used, event["version"], event["from"])

    def _made_due(self, receipt: Receipt) -> MadeDueResult:
        (event,) = told(self.suite, receipt, "BondMadeDue")
        done = TxResult.of(receipt)
        return MadeDueResult(
            done.tx_hash, done.block, done.gas_used, event["period"], from_day_number(event["day"])
        )

    def _recovered(self, bond: Bond, amount: Money, receipt: Receipt) -> RecoveryResult:
        (event,) = told(self.suite, receipt, "RecoveryFunded")
        days = bond.payment_days(event["record"])
        if days is None:
            raise TermsRefused("BondRecordPending", {}, message="the transaction set no record date")
        done, figures = TxResult.of(receipt), self.figures(bond)
        return RecoveryResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            record=event["record"],
            amount=amount,
            record_time=days.record_time,
            pay_time=days.pay_time,
            principal=figures.per_unit(event["principal"]),
            interest=figures.per_unit(event["interest"]),
            is_final=bool(told(self.suite, receipt, "DefaultClosed")),
        )
