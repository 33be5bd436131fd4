"""The underwriter: joins the syndicate, takes up the rest, underwrites more after the result."""

from __future__ import annotations

from indenture.contracts import BookState
from indenture.errors import InvalidAmount
from indenture.membership import Role
from indenture.models import Allotment, Invitation
from indenture.primary import Stage, additional_limit
from indenture.results import JoinResult, TakeUpResult, TxResult
from indenture.roles._allotments import allotment_of
from indenture.roles._books import class_rules, events_of, existing, refused, require_stage
from indenture.roles._checks import is_whole, require_members
from indenture.roles._funds import require_deposit
from indenture.roles._settling import take_up_own
from indenture.roles._standing_deposit import StandingDeposit


class Underwriter(StandingDeposit):
    """A client of an account that is invited to syndicates; as a bidder it is an ``Investor``.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet (``OwnerWallet``) that the key owns; it is the party then, not
            the key.
    """

    # The syndicate

    def invitation(self, offering_id: int) -> Invitation | None:
        """The account's invitation to the syndicate of an offering; None when there is none."""
        existing(self.suite, offering_id)
        member = self.suite.offering.underwriter(offering_id, self.account)
        if not member.bidder_class:
            return None
        return Invitation(self.account, member.bidder_class, member.commitment, member.joined)

    def join(self, offering_id: int, invitation: Invitation | None = None) -> JoinResult:
        """Accepts the invitation, and gives the deposit.

        Args:
            offering_id: The offering.
            invitation: What was looked at before; it is refused where the bookrunner changed it since.  None
                accepts it as it is now.

        Raises:
            MembershipRefused: The account has no underwriter's role, or may not hold the bond.
            OfferingRefused: There is no such invitation, it is accepted already, or the book is open.
            PaymentRefused: The money for the deposit is not there.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.ACCEPTED)
        seen = invitation or self.invitation(offering_id)
        if seen is None or seen.joined:
            why = "has joined already" if seen else "is not invited"
            raise self._refused(offering_id, f"{self.account} {why}", "Ask the bookrunner.")
        require_members(self.suite, [self.account], roles=Role.UNDERWRITER, eligible=state.eligible)
        ready = self.suite.offering.deposit_of(state.cash, self.account)
        balance = self.suite.cash_at(state.cash).balance_of(self.account)
        require_deposit(self.suite, state, self.account, ready, balance)
        call = self.suite.offering.join_syndicate(offering_id, seen.bidder_class, seen.commitment)
        receipt = self._party.transact(call)
        taken = sum(event["taken"] for event in events_of(self.suite, [receipt], "DepositHeld"))
        done = TxResult.of(receipt)
        return JoinResult(
            done.tx_hash,
            done.block,
            done.gas_used,
            bidder_class=seen.bidder_class,
            commitment=seen.commitment,
            deposit=self.suite.money(state.cash, state.deposit),
            taken=self.suite.money(state.cash, taken),
        )

    def part(self, offering_id: int) -> tuple[int, int]:
        """Units of the account's part of the rest up to ``settles_by``, and after it (zero until then)."""
        existing(self.suite, offering_id)
        return self.suite.offering.take_up_parts(offering_id, [self.account])[0]

    def take_up(self, offering_id: int) -> TakeUpResult:
        """Pays for the account's part of the rest, and gets it; after ``settles_by``, of what was not paid.

        Raises:
            MembershipRefused: The account may not hold the bond now.
            OfferingRefused: Nothing falls to it, it is taken up already, or it is not time.
            PaymentRefused: The money is not there.
        """
        return take_up_own(self.suite, self.sender, offering_id, self.account)

    # After the result

    def additional_limit(self, offering_id: int) -> int:
        """Most units that the account may underwrite after the result: its class's share of what it won."""
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        return self._limit(offering_id, state)[0]

    def underwrite_more(self, offering_id: int, units: int) -> TxResult:
        """Underwrites more units at the issue price; again replaces, 0 takes it back.

        The money is taken when the account settles what its bids won.

        Raises:
            InvalidAmount: They are no whole lots, or more than the class may.
            OfferingRefused: The account won nothing, or the time is over.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        limit, allotment = self._limit(offering_id, state)
        if not is_whole(units) or not 0 <= units <= limit or units % state.lot:
            raise InvalidAmount(
                f"{units!r} units are no whole lots of {state.lot:,} up to {limit:,}",
                hint="A class underwrites up to its share of what its bids won; the conditions say how much.",
            )
        call = self.suite.offering.underwrite_more(offering_id, allotment.bids, units)
        return TxResult.of(self._party.transact(call))

    def discharge(self, offering_id: int) -> TxResult:
        """Ends the account's place, after ``takes_up_by`` or where the offering came to nothing.

        Its deposit goes to the standing one, or to the issuer where a part was not taken up.

        Raises:
            OfferingRefused: It is discharged already, or it is not time.
        """
        existing(self.suite, offering_id)
        call = self.suite.offering.discharge(offering_id, [self.account])
        return TxResult.of(self.sender.transact(call))

    def _limit(self, offering_id: int, state: BookState) -> tuple[int, Allotment]:
        allotment = allotment_of(
            self.suite, offering_id, state, self.account, hint="Only winners may underwrite more."
        )
        (rule,) = class_rules(self.suite, offering_id, [self.account])
        return additional_limit(allotment.won, rule, lot=state.lot), allotment

    def _refused(self, offering_id: int, message: str, hint: str) -> Exception:
        who: dict[str, object] = {"offeringId": offering_id, "account": self.account}
        return refused(self.suite, "UnderwriterRefused", who, f"{message} in offering {offering_id}", hint)
