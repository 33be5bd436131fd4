"""The bookrunner: accepts the mandate, forms the syndicate, keeps and clears the book, settles winners."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import Sender
from indenture.contracts import BookState, Seal, Suite
from indenture.contracts._base import checksum_address
from indenture.errors import InputError, InvalidAmount
from indenture.membership import Role
from indenture.models import Allotment, Invitation, OfferingBook, PlacedBids
from indenture.primary import Form, Stage, TenderResult
from indenture.results import (
    BatchResult,
    ClearResult,
    CloseResult,
    FinishResult,
    MandateResult,
    OpeningResult,
    SettlementResult,
    TakeUpResult,
    TxResult,
)
from indenture.roles import _settling as settling
from indenture.roles._allotments import allotments_of
from indenture.roles._books import (
    existing,
    living_seals,
    offering_book,
    placed_bids,
    refused,
    require_stage,
    unopened_bidders,
)
from indenture.roles._checks import batch_size, distinct, is_whole, now, require_members, require_one_chain
from indenture.roles._clearing import clear_book, preview_result, tender_result
from indenture.roles._opening import Key, checked_keys, closed_book, open_all
from indenture.roles._sending import Progress
from indenture.sealing import (
    BookKey,
    CiphertextRefused,
    SealedEntry,
    Vault,
    decrypt_opening,
)

#: Tick bids in one transaction that proves shares.
_PROOFS = 300
#: Tick bids of winners in one transaction that settles them.
_SETTLEMENTS = 50
_RELEASES = 150
_LARGEST = 2_000


class Bookrunner:
    """A client of a bookrunner's account.

    Mandate, invitations and the opening of the book are his alone; the chain lets anyone do the rest.

    Args:
        suite: The contracts.
        sender: The account.
    """

    def __init__(self, suite: Suite, sender: Sender) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender

    # Reading

    def book(self, offering_id: int) -> OfferingBook:
        """An offering.

        Raises:
            InputError: There is none with this number.
        """
        return offering_book(self.suite, offering_id)

    def bids(self, offering_id: int) -> tuple[PlacedBids, ...]:
        """What the book holds of everybody who ever bid, in the order of their first bid."""
        existing(self.suite, offering_id)
        return tuple(placed_bids(self.suite, offering_id))

    def unopened(self, offering_id: int) -> tuple[str, ...]:
        """Bidders whose bids are still sealed: tell them to open them before ``reveals_by``."""
        existing(self.suite, offering_id)
        return unopened_bidders(self.suite, offering_id)

    def syndicate(self, offering_id: int) -> tuple[Invitation, ...]:
        """Who was invited, in that order, and who joined."""
        existing(self.suite, offering_id)
        accounts = self.suite.offering.syndicate(offering_id)
        members = self.suite.offering.underwriters(offering_id, accounts)
        return tuple(
            Invitation(account, member.bidder_class, member.commitment, member.joined)
            for account, member in zip(accounts, members, strict=True)
        )

    def result(self, offering_id: int) -> TenderResult:
        """The result, as the market is told it.

        Raises:
            OfferingRefused: There is none yet, or the offering was cancelled.
        """
        return tender_result(self.suite, offering_id)

    def preview(self, offering_id: int) -> TenderResult:
        """The result that the book would have with the bids that are open now; nothing is sent.

        Raises:
            OfferingRefused: The book is not open yet, or cleared already.
        """
        return preview_result(self.suite, offering_id)

    def allotments(self, offering_id: int) -> tuple[Allotment, ...]:
        """What every bidder won, ascending by address; once the result is published."""
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        return allotments_of(self.suite, offering_id, state)

    # Mandate and syndicate

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
        self._require_role(state)
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

    # The book

    def open_book(self, offering_id: int) -> TxResult:
        """Opens the book for its hours, and pins the bond's documents; who has not joined by then cannot.

        By ``opens_at``: a book that opens late would be open for those who know.

        Raises:
            OfferingRefused: The account is not its bookrunner, or the book cannot be opened (any more).
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.ACCEPTED)
        self._require_role(state)
        return TxResult.of(self.sender.transact(self.suite.offering.open_book(offering_id)))

    def close(self, offering_id: int) -> CloseResult:
        """Closes the book once its time has come.

        Raises:
            OfferingRefused: The book is not open, or its time has not come.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.OPEN)
        done = TxResult.of(self.sender.transact(self.suite.offering.close_book(offering_id)))
        sealed = len(unopened_bidders(self.suite, offering_id))
        return CloseResult(done.tx_hash, done.block, done.gas_used, state.bidders, sealed)

    def open_bids(self, offering_id: int, vault: Vault, *, progress: Progress | None = None) -> OpeningResult:
        """Opens the bids of an ENCRYPTED book with its key, those that can be; the others are reported.

        What was decrypted is compared with what its bidder committed to, and with the rules, before anything
        is sent; so a copied or spoilt ciphertext stops nobody.  A book that nobody closed is closed first.

        Args:
            offering_id: The offering.
            vault: Where the key was kept.
            progress: Called with a step, how much of it is sent, and how much there is.

        Raises:
            InputError: The book is not ENCRYPTED.
            OfferingRefused: It is not yet time, or no longer.
            VaultBookKeyMissing: The vault does not hold the book's key.
        """
        state = existing(self.suite, offering_id)
        if state.form is not Form.ENCRYPTED:
            raise InputError(
                f"the bids of offering {offering_id} are not encrypted to its bookrunner",
                hint="In a SEALED book each bidder opens his own bids.",
            )
        require_stage(self.suite, offering_id, state, Stage.OPEN, Stage.CLOSED)
        where = (self.suite.chain.chain_id, self.suite.offering.address, offering_id)
        key = vault.book_key(*where, public=state.encryption_key)
        state = closed_book(self.suite, offering_id, state, self.sender)
        seals = living_seals(self.suite, offering_id)
        keys = [self._decrypted(key, where, seal) for seal in seals]
        return open_all(self.suite, self.sender, checked_keys(self.suite, offering_id, state, keys), progress)

    def clear(
        self, offering_id: int, *, batch: int = _PROOFS, progress: Progress | None = None
    ) -> ClearResult:
        """Clears the book, and proves the shares at a margin that is not filled, from the events.

        A proof that was begun and broken off is taken up where it stopped.

        Args:
            offering_id: The offering.
            batch: Tick bids in one transaction of the proof.
            progress: Called with a step, how many bidders are proved, and how many there are.

        Raises:
            OfferingRefused: The book is not closed, it is not yet time, or no longer.
        """
        return clear_book(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def fail(self, offering_id: int) -> TxResult:
        """Fails an offering whose book was not opened by ``opens_at``, or not cleared by ``clears_by``."""
        existing(self.suite, offering_id)
        return TxResult.of(self.sender.transact(self.suite.offering.fail(offering_id)))

    # Payment and issue

    def settle(
        self, offering_id: int, *, batch: int = _SETTLEMENTS, progress: Progress | None = None
    ) -> SettlementResult:
        """Settles every winner who has not paid yet: money to the issuer, units to the winner, in one act.

        Who has not the money now, or may not hold the bond now, is skipped and named; he can be settled
        later, up to ``settles_by``.

        Args:
            offering_id: The offering.
            batch: Tick bids in one transaction.
            progress: Called with a step, how many transactions are sent, and how many there are.

        Raises:
            OfferingRefused: The result is not published, it is not yet time or no longer, or no winner is
                left.
        """
        return settling.settle(self.suite, self.sender, offering_id, batch_size(batch, 200), progress)

    def take_up(self, offering_id: int, *, batch: int = _SETTLEMENTS) -> TakeUpResult:
        """Lets the underwriters take up their parts: of the rest, or after ``settles_by`` of what lapsed."""
        return settling.take_up(self.suite, self.sender, offering_id, batch_size(batch, 200))

    def lapse_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """After ``settles_by``: winners who did not pay lose their units, and their deposit to the issuer."""
        return settling.lapse(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def release_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """Returns the deposits of bidders who won nothing, or of all where the offering came to nothing."""
        return settling.release(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def forfeit_all(
        self, offering_id: int, *, batch: int = _RELEASES, progress: Progress | None = None
    ) -> BatchResult:
        """After ``reveals_by``: bids that nobody opened lose their deposit to the issuer."""
        return settling.forfeit(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST), progress)

    def discharge_all(self, offering_id: int, *, batch: int = _RELEASES) -> BatchResult:
        """After ``takes_up_by``: returns the deposits of underwriters; who did not his part loses it."""
        return settling.discharge(self.suite, self.sender, offering_id, batch_size(batch, _LARGEST))

    def finish(self, offering_id: int, *, progress: Progress | None = None) -> FinishResult:
        """Does all that the clock allows after the result: settle, take up, lapse, forfeit and so on.

        It can be called again and again; what is done already is passed over.

        Args:
            offering_id: The offering.
            progress: Called with a step, how many transactions are sent, and how many there are.

        Raises:
            OfferingRefused: There is no result yet.
        """
        state = existing(self.suite, offering_id)
        over = (Stage.FAILED, Stage.CANCELLED)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED, *over)
        nothing, time = BatchResult(0, ()), now(self.suite.chain)
        settled, taken_up, lapsed, discharged = None, None, nothing, nothing
        if state.stage is Stage.PUBLISHED:
            in_time = state.settles_from <= time <= state.settles_by
            if in_time and settling.has_winners(self.suite, offering_id, state):
                settled = self.settle(offering_id, progress=progress)
            if state.settles_from <= time <= state.takes_up_by:
                taken_up = self.take_up(offering_id)
            if time > state.settles_by:
                lapsed = self.lapse_all(offering_id, progress=progress)
        if state.stage in over or time > state.takes_up_by:
            discharged = self.discharge_all(offering_id)
        return FinishResult(
            settled=settled,
            taken_up=taken_up,
            lapsed=lapsed,
            forfeited=self.forfeit_all(offering_id, progress=progress),
            released=self.release_all(offering_id, progress=progress),
            discharged=discharged,
        )

    # Helpers

    @staticmethod
    def _decrypted(key: BookKey, where: tuple[int, str, int], seal: Seal) -> Key:
        chain_id, offering, offering_id = where
        try:
            opening = decrypt_opening(
                key,
                seal.ciphertext,
                chain_id=chain_id,
                offering_address=offering,
                offering_id=offering_id,
                bidder=seal.bidder,
            )
        except CiphertextRefused as fault:
            return Key(seal.bidder, None, fault.message)
        return Key(seal.bidder, SealedEntry(opening, seal.ciphertext_hash))

    def _require_role(self, state: BookState) -> None:
        if state.bookrunner != self.sender.address:
            raise refused(
                self.suite,
                "OfferingBookrunnerRefused",
                {"account": self.sender.address},
                f"{self.sender.address} is not the bookrunner of this offering, {state.bookrunner} is",
                "Use the bookrunner's account.",
            )
        require_members(self.suite, [self.sender.address], roles=Role.BOOKRUNNER)


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
