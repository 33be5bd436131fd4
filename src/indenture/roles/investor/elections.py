"""Events of a bond in which an account takes part: puts, offers, resolutions, notices of acceleration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from indenture.chain import ContractCall
from indenture.contracts import Bond
from indenture.contracts.servicing_state import ActionState
from indenture.dates import instant, to_timestamp
from indenture.errors import UnitsRefused
from indenture.identifiers import Lei
from indenture.results import ActionResult, ElectionResult, TxResult
from indenture.rights import ActionKind, PutRight
from indenture.roles._actions import ELECTIVE, check_open, opened_result, require_action
from indenture.roles._checks import is_whole, now, require_members, require_units, whole_units
from indenture.roles._defaults import default_to_notice
from indenture.roles._notice import check_not_due, refusal, shown
from indenture.roles._party import PartyClient

#: A put is opened no longer than so before its window: its pay day follows the calendar as it stands.
_OPENED_BEFORE = timedelta(days=30)
_VOTES = (ActionKind.RESOLUTION, ActionKind.ACCELERATION)


class Elections(PartyClient):
    """An investor's part in the events of bonds."""

    def open_put(self, bond: Bond | str, right: int) -> ActionResult:
        """Opens the put of a right in the terms, so that holders can elect in its window; anyone may.

        Args:
            bond: The bond.
            right: Place of the right in ``Rights.puts``, from 0.

        Raises:
            TermsRefused: There is no such right, it is opened already, or it is too early or too late.
        """
        target = self.suite.bond(bond)
        check_not_due(self.suite, target)
        self._check_put(target, right)
        receipt = self._party.transact(self.suite.servicing.open_put(target.address, right))
        return opened_result(self.suite, target, receipt)

    def elect(self, bond: Bond | str, action: int, units: int) -> ElectionResult:
        """Takes part in an event with free units; they stay the account's, and cannot move until it is over.

        In a put or an offer the units are to be taken; in a resolution they consent, in an acceleration they
        give notice.  What was elected before stays, and this is added.

        Args:
            bond: The bond.
            action: Number of the event.
            units: How many; of an exchange, whole lots of ``old_units``.

        Raises:
            MembershipRefused: The account may not hold the bond.
            TermsRefused: There is no such event, or it is not open.
            UnitsRefused: Too few units, or too few that are free; or they have no vote, being the issuer's.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, ELECTIVE)
        whole_units(units)
        check_open(self.suite, target, action, state)
        self._check_lots(target, action, state, units)
        (member,) = require_members(self.suite, [self.account], eligible=target.terms.eligible)
        if state.kind in _VOTES:
            self._check_vote(target, action, member.lei, units)
        held, entry = target.balance_of(self.account), target.entry(self.account)
        free = max(0, held - entry.frozen - entry.pledged)
        require_units(target.address, self.account, held, free, units)
        return self._elected(target, action, units, self.suite.servicing.elect(target.address, action, units))

    def withdraw_election(self, bond: Bond | str, action: int, units: int | None = None) -> ElectionResult:
        """Takes an election back while the event is open, where it lets holders.

        Args:
            bond: The bond.
            action: Number of the event.
            units: How many; None for all that are elected.

        Raises:
            TermsRefused: There is no such event, or it is not open.
            UnitsRefused: It cannot be taken back, or fewer are elected.
        """
        target = self.suite.bond(bond)
        state = require_action(self.suite, target, action, ELECTIVE)
        elected = self._in_event(target, action)
        wanted = elected if units is None else whole_units(units)
        check_open(self.suite, target, action, state)
        if not state.withdrawable:
            self._refuse_withdrawal(target, action, elected, "its terms let nobody take an election back")
        if wanted > elected:
            self._refuse_withdrawal(target, action, elected, f"{elected:,} units are elected, not {wanted:,}")
        self._check_lots(target, action, state, wanted)
        call = self.suite.servicing.withdraw(target.address, action, wanted)
        return self._elected(target, action, wanted, call)

    def release(self, bond: Bond | str, action: int) -> ElectionResult:
        """Sets the account's units free where the event is over without taking them, or was not paid for.

        Raises:
            TermsRefused: There is no such event, or it may still take the units.
            UnitsRefused: None of the account's units are in it.
        """
        target = self.suite.bond(bond)
        require_action(self.suite, target, action)
        units = self._in_event(target, action)
        call = self.suite.servicing.release(target.address, action, [self.account])
        return self._elected(target, action, units, call)

    def notice_default(
        self, bond: Bond | str, cause: Bond | str | None = None, period: int = 0, redemption: int = 0
    ) -> ActionResult:
        """Says that the bond is in default, and opens the event in which holders give notice; anyone may.

        Args:
            bond: The bond.
            cause: The bond that missed a payment; None for this one, another of the issuer's where the terms
                provide for cross-default.
            period: The missed payment; 0 for the first that was missed.
            redemption: The put or drawing that was not funded, by its number; 0 where it was a payment.

        Raises:
            TermsRefused: No default is found, or it is none of this bond; the terms give no right to
                accelerate; or the bond was made due.
        """
        target = self.suite.bond(bond)
        check_not_due(self.suite, target)
        source = target if cause is None else self.suite.bond(cause)
        missed = default_to_notice(self.suite, target, source, period, redemption)
        call = self.suite.servicing.notice_default(target.address, source.address, missed, redemption)
        return opened_result(self.suite, target, self._party.transact(call))

    def _check_put(self, bond: Bond, right: int) -> None:
        puts = self.figures(bond).rights().puts
        if not is_whole(right) or not 0 <= right < len(puts):
            raise refusal(
                self.suite,
                bond,
                "ActionTermInvalid",
                f"the terms of {bond.isin} have no put {right!r}",
                _listed(puts),
                term="right",
            )
        if opened := self.suite.servicing.put_of(bond.address, right):
            raise refusal(
                self.suite,
                bond,
                "ActionAlreadyOpen",
                f"the put of {bond.isin} that is paid on {puts[right].pay_day} is event {opened} already",
                "Elect in that event.",
                action=opened,
            )
        put, offset, time = puts[right], bond.terms.utc_offset, now(self.suite.chain)
        opens = instant(put.opens_day, 0, offset)
        closes = instant(put.closes_day + timedelta(days=1), 0, offset)
        if not opens - _OPENED_BEFORE <= time < closes:
            raise refusal(
                self.suite,
                bond,
                "ActionNotOpen",
                f"the put of {bond.isin} that is paid on {put.pay_day} is elected from {put.opens_day} "
                f"to {put.closes_day}, and it is {shown(time)}",
                "The right is gone."
                if time >= closes
                else f"It can be opened from {shown(opens - _OPENED_BEFORE)} on.",
                action=0,
                opensAt=to_timestamp(opens),
                closesAt=to_timestamp(closes),
                time=to_timestamp(time),
            )

    def _check_lots(self, bond: Bond, action: int, state: ActionState, units: int) -> None:
        if state.kind is ActionKind.EXCHANGE and units % state.old_units:
            raise self._election_refused(
                bond,
                action,
                units,
                f"{units:,} units are not whole lots of {state.old_units:,}, "
                f"for which {state.new_units:,} new ones are given",
            )

    def _check_vote(self, bond: Bond, action: int, lei: Lei, units: int) -> None:
        if lei == bond.terms.issuer:
            raise self._election_refused(
                bond, action, units, f"{self.account} is of the issuer, whose units have no vote"
            )

    def _election_refused(self, bond: Bond, action: int, units: int, why: str) -> UnitsRefused:
        return UnitsRefused(
            "ElectionRefused",
            {"bond": bond.address, "action": action, "holder": self.account, "units": units},
            message=f"event {action} of {bond.isin}: {why}",
            hint="Look at the event before electing.",
            contract=self.suite.servicing.address,
        )

    def _refuse_withdrawal(self, bond: Bond, action: int, elected: int, why: str) -> None:
        raise UnitsRefused(
            "ElectionNotWithdrawable",
            {"bond": bond.address, "action": action, "holder": self.account, "elected": elected},
            message=f"event {action} of {bond.isin}: {why}",
            hint="What stays elected is taken, or released once the event is over.",
            contract=self.suite.servicing.address,
        )

    def _in_event(self, bond: Bond, action: int) -> int:
        """Units of the account that are in an event."""
        units = self.figures(bond).elected(action, self.account)
        if not units:
            raise self._election_refused(bond, action, 0, f"{self.account} has no units in it")
        return units

    def _elected(self, bond: Bond, action: int, units: int, call: ContractCall) -> ElectionResult:
        done = TxResult.of(self._party.transact(call))
        left = self.figures(bond).elected(action, self.account)
        return ElectionResult(done.tx_hash, done.block, done.gas_used, action, units, left)


def _listed(puts: Sequence[PutRight]) -> str:
    shown_puts = ", ".join(f"{place} is paid on {put.pay_day}" for place, put in enumerate(puts))
    return f"They have: {shown_puts}." if puts else "They give holders no put."
