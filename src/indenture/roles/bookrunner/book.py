"""The book: opened, closed, its bids opened and cleared."""

from __future__ import annotations

from indenture.contracts import Seal
from indenture.errors import InputError
from indenture.primary import Form, Stage
from indenture.results import ClearResult, CloseResult, OpeningResult, TxResult
from indenture.roles._books import existing, living_seals, require_stage, unopened_bidders
from indenture.roles._checks import batch_size
from indenture.roles._clearing import clear_book
from indenture.roles._client import Client
from indenture.roles._opening import Key, checked_keys, closed_book, open_all
from indenture.roles._sending import Progress
from indenture.roles.bookrunner.mandate import require_bookrunner
from indenture.sealing import BookKey, CiphertextRefused, SealedEntry, Vault, decrypt_opening

#: Tick bids in one transaction that proves shares.
_PROOFS = 300
_LARGEST = 2_000


class Book(Client):
    """A bookrunner's acts on the book."""

    def open_book(self, offering_id: int) -> TxResult:
        """Opens the book for its hours, and pins the bond's documents; who has not joined by then cannot.

        By ``opens_at``: a book that opens late would be open for those who know.

        Raises:
            OfferingRefused: The account is not its bookrunner, or the book cannot be opened (any more).
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.ACCEPTED)
        require_bookrunner(self.suite, self.sender, state)
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
        keys = [_decrypted(key, where, seal) for seal in seals]
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
