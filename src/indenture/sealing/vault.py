"""The vault: salts and bids of sealed bids, and keys of books, kept until they are used.

A sealed bid whose salt is lost cannot be opened, and an unopened bid loses its deposit: first remember, then
send.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from pathlib import Path

from indenture.errors import SetupError
from indenture.sealing._values import bytes32
from indenture.sealing.encryption import BookKey
from indenture.sealing.entry import Content, KeptBookKey, SealedEntry, content_from_bytes, content_to_bytes
from indenture.sealing.errors import (
    VaultBookKeyMissing,
    VaultDamaged,
    VaultEntryMissing,
    VaultEntryUnopened,
)
from indenture.sealing.opening import checksummed
from indenture.sealing.vault_file import VaultFile, Work

VAULT_VARIABLE = "INDENTURE_VAULT"
VAULT_PASSPHRASE_VARIABLE = "INDENTURE_VAULT_PASSPHRASE"  # noqa: S105 (a name, not a passphrase)
DEFAULT_VAULT = "~/.indenture/vault"


def vault_path() -> Path:
    """Where the vault is: ``INDENTURE_VAULT``, or ``~/.indenture/vault``."""
    return Path(os.environ.get(VAULT_VARIABLE, "").strip() or DEFAULT_VAULT)


class Vault:
    """An encrypted file with the secrets of bidders and bookrunners; any number of them, of any chains.

    Every change is on the disk when its call returns, and a program that is killed leaves the file as it was
    before or after. Processes and threads may share a vault: each sees what another wrote. Beside the file
    there is an empty one that is locked for a write.

    Args:
        path: The file; None for ``vault_path()``.
        passphrase: What it is encrypted with; None takes ``INDENTURE_VAULT_PASSPHRASE``.
        create: Make an empty one where there is none: who seals may; who opens bids would miss them in it.
        work: What a guess of the passphrase costs, of a new vault; an old one keeps its own.
        patience: Seconds to wait for another process that writes.

    Raises:
        VaultMissing: There is none, and ``create`` is False.
        VaultPassphraseMissing: No passphrase was given, or an empty one.
        VaultPassphraseWrong: It does not open this vault.
        VaultExposed: Other users may read or write the file.
        VaultDamaged: The file is no vault, or not what was written.
        VaultUnreadable: The system does not let it be read.
        VaultUnwritable: A new one cannot be written.
    """

    def __init__(
        self,
        path: str | PathLike[str] | None = None,
        passphrase: str | None = None,
        *,
        create: bool = False,
        work: Work = Work.MODERATE,
        patience: float = 10.0,
    ) -> None:
        self.path = _resolved(Path(path) if path is not None else vault_path())
        if passphrase is None:
            passphrase = os.environ.get(VAULT_PASSPHRASE_VARIABLE, "")
        self._mutex = threading.RLock()
        self._content, self._mark = Content(), b""
        empty = content_to_bytes(self._content) if create else None
        self._file = VaultFile(self.path, passphrase, create=empty, work=work, patience=patience)
        self._refresh()

    def __repr__(self) -> str:
        return f"Vault({str(self.path)!r})"

    # --- Sealed bids ----------------------------------------------------------------------------------------

    def remember(self, *entries: SealedEntry) -> None:
        """Keeps sealed bids, before they are sent. Earlier ones of the same bidder are kept as well.

        To remember one again makes it the latest.

        Raises:
            VaultUnwritable: Nothing was remembered: do not send.
            VaultBusy: The same.
        """
        with self._change() as commit:
            fresh = {(entry.opening, entry.ciphertext_hash): entry for entry in entries}
            kept = (
                each for each in self._content.sealed if (each.opening, each.ciphertext_hash) not in fresh
            )
            commit(replace(self._content, sealed=(*kept, *fresh.values())))

    def entry(
        self,
        chain_id: int,
        offering_address: str,
        offering_id: int,
        bidder: str,
        *,
        commitment: bytes | None = None,
        seal: bytes | None = None,
    ) -> SealedEntry:
        """One sealed bid of a bidder in an offering: the latest of those that fit.

        The latest remembered is not always the one in the book: its transaction may never have been mined. To
        open, ask for what the book holds.

        Args:
            chain_id: The chain.
            offering_address: The contract.
            offering_id: The offering there.
            bidder: Whose.
            commitment: Only the one with this commitment, as ``BidSealed`` told it.
            seal: Only the one that the book holds so, see ``bidOf``.

        Raises:
            VaultEntryMissing: There is none that fits.
        """
        own = self.entries(
            chain_id=chain_id, offering_address=offering_address, offering_id=offering_id, bidder=bidder
        )
        which = ""
        found = own
        if commitment is not None:
            which += f" with commitment 0x{bytes32(commitment, 'the commitment').hex()}"
            found = tuple(entry for entry in found if entry.commitment == commitment)
        if seal is not None:
            which += f" with seal 0x{bytes32(seal, 'the seal').hex()}"
            found = tuple(entry for entry in found if entry.seal == seal)
        if not found:
            raise VaultEntryMissing(
                self.path,
                chain_id=chain_id,
                offering_address=checksummed(offering_address, "the offering"),
                offering_id=offering_id,
                bidder=checksummed(bidder, "the bidder"),
                which=which,
                others=len(own),
            )
        return found[-1]

    def entries(
        self,
        *,
        chain_id: int | None = None,
        offering_address: str | None = None,
        offering_id: int | None = None,
        bidder: str | None = None,
        opened: bool | None = None,
    ) -> tuple[SealedEntry, ...]:
        """Sealed bids, replaced ones too, oldest first.

        Args:
            chain_id: Only of this chain.
            offering_address: Only of this contract.
            offering_id: Only of this offering.
            bidder: Only of this bidder.
            opened: Only those that are marked as opened, or that are not.
        """
        contract = None if offering_address is None else checksummed(offering_address, "the offering")
        owner = None if bidder is None else checksummed(bidder, "the bidder")
        wanted = (chain_id, contract, offering_id, owner, opened)
        self._refresh()
        return tuple(
            entry
            for entry in self._content.sealed
            if all(want in (None, has) for want, has in zip(wanted, _facets(entry), strict=True))
        )

    def mark_opened(self, *entries: SealedEntry) -> None:
        """Notes that sealed bids were opened, and forgets those that they replaced: they can never be opened.

        One write for all: either all are noted or, after an error, none.

        Raises:
            VaultEntryMissing: The vault does not hold it.
        """
        if not entries:
            return
        opened = {_facets(entry)[:-1]: entry for entry in entries}
        with self._change() as commit:
            for of, entry in opened.items():
                self.entry(*of, seal=entry.seal)
            others = (each for each in self._content.sealed if _facets(each)[:-1] not in opened)
            noted = (replace(entry, opened=True) for entry in opened.values())
            commit(replace(self._content, sealed=(*others, *noted)))

    def forget(
        self, chain_id: int, offering_address: str, offering_id: int, bidder: str, *, unopened: bool = False
    ) -> int:
        """Forgets all sealed bids of a bidder in an offering.

        Args:
            chain_id: The chain.
            offering_address: The contract.
            offering_id: The offering there.
            bidder: Whose.
            unopened: Forget those too that were not opened: withdrawn, or of a cancelled offering.

        Returns:
            How many.

        Raises:
            VaultEntryUnopened: Some are not marked as opened; nothing was forgotten.
        """
        of = (
            chain_id,
            checksummed(offering_address, "the offering"),
            offering_id,
            checksummed(bidder, "the bidder"),
        )
        with self._change() as commit:
            gone = [entry for entry in self._content.sealed if _facets(entry)[:-1] == of]
            closed = sum(not entry.opened for entry in gone)
            if closed and not unopened:
                raise VaultEntryUnopened(self.path, bidder=of[3], offering_id=offering_id, unopened=closed)
            if gone:
                kept = tuple(entry for entry in self._content.sealed if _facets(entry)[:-1] != of)
                commit(replace(self._content, sealed=kept))
            return len(gone)

    # --- Keys of books --------------------------------------------------------------------------------------

    def remember_book_key(self, chain_id: int, offering_address: str, offering_id: int, key: BookKey) -> None:
        """Keeps the key of a book, before it is published. Earlier ones for the same book are kept as well.

        Raises:
            VaultUnwritable: Nothing was remembered: do not publish the key.
            VaultBusy: The same.
        """
        kept = KeptBookKey(chain_id, checksummed(offering_address, "the offering"), offering_id, key)
        with self._change() as commit:
            others = tuple(each for each in self._content.book_keys if each != kept)
            commit(replace(self._content, book_keys=(*others, kept)))

    def book_key(
        self, chain_id: int, offering_address: str, offering_id: int, *, public: bytes | None = None
    ) -> BookKey:
        """The key of a book: the latest of those that fit.

        Args:
            chain_id: The chain.
            offering_address: The contract.
            offering_id: The offering there.
            public: Only the one with this public key, ``encryptionKey`` of the book.

        Raises:
            VaultBookKeyMissing: There is none that fits.
        """
        of = (chain_id, checksummed(offering_address, "the offering"), offering_id)
        self._refresh()
        own = [kept.key for kept in self._content.book_keys if _book(kept) == of]
        found, which = own, ""
        if public is not None:
            which = f" with public key 0x{bytes32(public, 'the public key').hex()}"
            found = [key for key in own if key.public == public]
        if not found:
            raise VaultBookKeyMissing(
                self.path,
                chain_id=chain_id,
                offering_address=of[1],
                offering_id=offering_id,
                which=which,
                others=len(own),
            )
        return found[-1]

    def forget_book_key(self, chain_id: int, offering_address: str, offering_id: int) -> int:
        """Forgets all keys of a book, once nothing is left to open with them.

        Returns:
            How many.
        """
        of = (chain_id, checksummed(offering_address, "the offering"), offering_id)
        with self._change() as commit:
            kept = tuple(each for each in self._content.book_keys if _book(each) != of)
            gone = len(self._content.book_keys) - len(kept)
            if gone:
                commit(replace(self._content, book_keys=kept))
            return gone

    # --- The file -------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        with self._mutex:
            found = self._file.read(unless=self._mark)
            if found is None:
                return
            mark, data = found
            try:
                self._content = content_from_bytes(data)
            except ValueError as fault:
                raise VaultDamaged(self.path, str(fault)) from None
            self._mark = mark

    @contextmanager
    def _change(self) -> Iterator[Callable[[Content], None]]:
        """A change of the newest content, while nobody else makes one."""
        with self._mutex, self._file.locked():
            self._refresh()
            yield self._commit

    def _commit(self, content: Content) -> None:
        self._mark = self._file.write(content_to_bytes(content))
        self._content = content


def _facets(entry: SealedEntry) -> tuple[int, str, int, str, bool]:
    opening = entry.opening
    return opening.chain_id, opening.offering_address, opening.offering_id, opening.bidder, entry.opened


def _book(kept: KeptBookKey) -> tuple[int, str, int]:
    return kept.chain_id, kept.offering_address, kept.offering_id


def _resolved(path: Path) -> Path:
    """The file itself, so that a link to it is not what is replaced."""
    try:
        return path.expanduser().resolve()
    except (RuntimeError, OSError):
        raise SetupError(
            f"the folder of the vault {path} cannot be found", hint=f"Give it in full, in {VAULT_VARIABLE}."
        ) from None
