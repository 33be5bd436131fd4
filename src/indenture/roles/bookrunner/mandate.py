"""The mandate, and the syndicate that the bookrunner invites."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import Sender
from indenture.contracts import BookState, Suite
from indenture.contracts._base import checksum_address
from indenture.errors import InputError, InvalidAmount
from indenture.membership import Role
from indenture.models import Invitation
from indenture.primary import Form, Stage
from indenture.results import BatchResult, MandateResult, TxResult
from indenture.roles._books import existing, refused, require_stage
from indenture.roles._checks import distinct, is_whole, require_members
from indenture.roles._client import Client
from indenture.sealing import BookKey, Vault


class Mandate(Client):
    """A bookrunner's acts before the book opens."""

    def accept_mandate(self, offering_id: int, vault: Vault | None = None) -> MandateResult:
        """Accepts the mandate; an ENCRYPTED book gets a key of its own, which is kept before it is published.

        Args:
            offering_id: The offering.
            vault: Where the key is kept; needed for an ENCRYPTED book.

        Raises:
            InputError: The book is ENCRYPTED, and there is no vault.
            OfferingRefused: The account is not its bookrunner, or the mandate is accepted already.
            VaultError: The key cannot be kept; nothing was sent.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.MANDATED)
        require_bookrunner(self.suite, self.sender, state)
        offering, key = self.suite.offering, None
        if state.form is Form.ENCRYPTED:
            if vault is None:
                raise InputError(
                    "an encrypted book needs a key, and no vault was given",
                    hint="Give a Vault: without the key nobody but its bidder can open a bid.",
                )
            key = BookKey.generate()
            self.suite.chain.call(
                offering.accept_mandate(offering_id, key.public), sender=self.sender.address
            )
            vault.remember_book_key(self.suite.chain.chain_id, offering.address, offering_id, key)
        call = (
            offering.accept_mandate(offering_id, key.public) if key else offering.accept_mandate(offering_id)
        )
        done = TxResult.of(self.sender.transact(call))
        return MandateResult(done.tx_hash, done.block, done.gas_used, key.public if key else None)

    def invite(
        self, offering_id: int, underwriter: str, *, bidder_class: int = 1, commitment: int = 0
    ) -> TxResult:
        """Invites an account to the syndicate, or changes an invitation that is not accepted.

        Args:
            offering_id: The offering.
            underwriter: Who is invited.
            bidder_class: His class, 1 or above.
            commitment: Units that he takes up at most if bids leave a rest; whole lots, may be 0.

        Raises:
            InputError: There is no such class, or the commitment is no whole lots or more than is offered.
            MembershipRefused: The account has no underwriter's role, or may not hold the bond.
            OfferingRefused: The syndicate is not being formed, or he joined already.
        """
        done = self.invite_all(offering_id, [Invitation(underwriter, bidder_class, commitment)])
        return done.transactions[0]

    def invite_all(self, offering_id: int, invitations: Sequence[Invitation]) -> BatchResult:
        """Invites several accounts, in this order; as ``invite``.

        Everything is checked before the first is sent.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.ACCEPTED)
        classes = len(self.suite.offering.classes(offering_id))
        accounts = [checksum_address(each.underwriter, "underwriter") for each in invitations]
        distinct(accounts, "invitations")
        for each in invitations:
            _check_invitation(each, state, classes)
        require_members(self.suite, accounts, roles=Role.UNDERWRITER, eligible=state.eligible)
        calls = [
            self.suite.offering.invite(offering_id, account, each.bidder_class, each.commitment)
            for account, each in zip(accounts, invitations, strict=True)
        ]
        return BatchResult.of(len(calls), self.sender.send_many(calls))


def _check_invitation(invitation: Invitation, state: BookState, classes: int) -> None:
    who = f"invitation of {invitation.underwriter}"
    if not is_whole(invitation.bidder_class) or not 0 < invitation.bidder_class < classes:
        raise InputError(
            f"{who}: there is no class {invitation.bidder_class} of the syndicate",
            hint=f"The issuer laid down classes 1 to {classes - 1}."
            if classes > 1
            else "The issuer laid down none.",
        )
    most = state.offered + state.over_allotment
    if not is_whole(invitation.commitment) or not 0 <= invitation.commitment <= most:
        raise InvalidAmount(f"{who}: a commitment of {invitation.commitment!r} is not 0 to {most:,} units")
    if invitation.commitment % state.lot:
        raise InvalidAmount(
            f"{who}: a commitment of {invitation.commitment:,} units is no multiple of the minimum "
            f"denomination, {state.lot:,} units"
        )


def require_bookrunner(suite: Suite, sender: Sender, state: BookState) -> None:
    """Raises unless the sender is an offering's bookrunner, and has the role.

    Raises:
        OfferingRefused: Another account is.
        MembershipRefused: It has no bookrunner's role now.
    """
    if state.bookrunner != sender.address:
        raise refused(
            suite,
            "OfferingBookrunnerRefused",
            {"account": sender.address},
            f"{sender.address} is not the bookrunner of this offering, {state.bookrunner} is",
            "Use the bookrunner's account.",
        )
    require_members(suite, [sender.address], roles=Role.BOOKRUNNER)
