"""What can go wrong with a sealed bid away from the chain.

    InputError
    └── CiphertextRefused         a sealed opening cannot be read
        ├── CiphertextMalformed       it is none, or what is inside is none
        ├── CiphertextVersionUnknown  written by another version
        ├── CiphertextNotForKey       encrypted to another key, or damaged
        └── CiphertextForeign         of another chain, offering or bidder: copied
    SetupError
    └── VaultError                the file of salts and book keys
        ├── VaultMissing
        ├── VaultPassphraseMissing
        ├── VaultPassphraseWrong
        ├── VaultDamaged
        ├── VaultExposed              others may read it
        ├── VaultBusy                 another process holds it
        ├── VaultUnreadable
        ├── VaultUnwritable
        ├── VaultEntryMissing         no such sealed bid in it
        ├── VaultEntryUnopened        it would be forgotten too early
        └── VaultBookKeyMissing

No message holds a salt, a quote, units, a key or a passphrase.
"""

from __future__ import annotations

from pathlib import Path

from indenture.errors import InputError, SetupError


class CiphertextRefused(InputError):
    """A sealed opening cannot be read; its bidder can still open his bids himself."""


class CiphertextMalformed(CiphertextRefused):
    """It has no length that a sealed opening has, or what was decrypted is not an opening."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the ciphertext holds no sealed opening: {reason}", hint="Only its bidder can open these bids."
        )
        self.reason = reason


class CiphertextVersionUnknown(CiphertextRefused):
    """It was written by another version of the format.

    Attributes:
        version: The version that it names.
    """

    def __init__(self, version: int, known: int) -> None:
        super().__init__(
            f"the sealed opening is of version {version}, this program reads version {known}",
            hint="Update this program, or leave it to the bidder to open his bids.",
        )
        self.version = version


class CiphertextNotForKey(CiphertextRefused):
    """It was encrypted to another key, or damaged: the two cannot be told apart.

    Attributes:
        public: Public key of the pair that does not open it.
    """

    def __init__(self, public: bytes) -> None:
        super().__init__(
            f"the sealed opening was not encrypted to the key 0x{public.hex()}, or it is damaged",
            hint="Check that this is the key of this book; otherwise only its bidder can open these bids.",
        )
        self.public = public


class CiphertextForeign(CiphertextRefused):
    """It is the opening of another chain, offering or bidder: somebody copied it.

    Attributes:
        field: What differs: ``chain id``, ``offering address``, ``offering id`` or ``bidder``.
        expected: Its value here.
        found: Its value in the opening.
    """

    def __init__(self, field: str, expected: int | str, found: int | str) -> None:
        super().__init__(
            f"the sealed opening is of {field} {found}, not {expected}",
            hint="It was copied from another bid, and cannot open this one.",
        )
        self.field = field
        self.expected = expected
        self.found = found


class VaultError(SetupError):
    """The vault cannot do what was asked.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class VaultMissing(VaultError):
    """There is no vault where it was looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"there is no vault {path}: salts and bids of sealed bids are not known here",
            hint="Name the right file (INDENTURE_VAULT) or restore it from a backup: what is sealed and not "
            "opened in time loses its deposit.",
        )


class VaultPassphraseMissing(VaultError):
    """No passphrase was given."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"no passphrase was given for the vault {path}",
            hint="Put it into the environment as INDENTURE_VAULT_PASSPHRASE.",
        )


class VaultPassphraseWrong(VaultError):
    """The file is whole, but the passphrase does not open it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"the passphrase does not open the vault {path}",
            hint="Mind trailing spaces and the keyboard's layout; nobody can open it without the passphrase.",
        )


class VaultDamaged(VaultError):
    """The file is not what was written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            path,
            f"{path} is not a vault, or it is damaged: {reason}",
            hint="Restore it from a backup before the opening period ends; leave the damaged file as it is.",
        )
        self.reason = reason


class VaultExposed(VaultError):
    """Other users of the machine may read or write the file."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            path,
            f"the vault {path} is open to others: its mode is {mode:04o}",
            hint=f"chmod 600 {path}; if somebody may have copied it, only its passphrase protects it.",
        )
        self.mode = mode


class VaultBusy(VaultError):
    """Another process writes the vault and does not finish."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(
            path,
            f"the vault {path} is held by another process since {seconds:g} seconds or more",
            hint="Nothing was written: end the other process and do the act again.",
        )


class VaultUnreadable(VaultError):
    """The system does not let the file be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            path, f"the vault {path} cannot be read: {reason}", hint="Check the path and its permissions."
        )
        self.reason = reason


class VaultUnwritable(VaultError):
    """The file cannot be written; what it held before is unchanged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            path,
            f"the vault {path} cannot be written: {reason}",
            hint="Nothing was remembered, so send nothing that depends on it; check the folder and its room.",
        )
        self.reason = reason


class VaultEntryMissing(VaultError):
    """The vault holds no such sealed bid.

    Attributes:
        chain_id: Chain of the offering.
        offering_address: Its contract.
        offering_id: Its number there.
        bidder: Whose bid it is.
        others: How many other bids of this bidder in this offering the vault holds.
    """

    def __init__(
        self,
        path: Path,
        *,
        chain_id: int,
        offering_address: str,
        offering_id: int,
        bidder: str,
        which: str = "",
        others: int = 0,
    ) -> None:
        known = f"; it holds {others} others of this bidder" if others else ""
        super().__init__(
            path,
            f"the vault {path} holds no sealed bid of {bidder} in offering {offering_id} "
            f"of {offering_address} on chain {chain_id}{which}{known}",
            hint="Without its bids and salt it cannot be opened, and its deposit is lost to the issuer: look "
            "for another vault or a backup now. Until the close, seal again; after it, the bookrunner of an "
            "ENCRYPTED book can open it.",
        )
        self.chain_id = chain_id
        self.offering_address = offering_address
        self.offering_id = offering_id
        self.bidder = bidder
        self.others = others


class VaultEntryUnopened(VaultError):
    """A sealed bid would be forgotten that was not opened."""

    def __init__(self, path: Path, *, bidder: str, offering_id: int, unopened: int) -> None:
        super().__init__(
            path,
            f"{unopened} sealed bids of {bidder} in offering {offering_id} are not marked as opened",
            hint="Open them first: without their salt their deposit is lost. Withdrawn or cancelled ones can "
            "be forgotten unopened, if you say so.",
        )
        self.bidder = bidder
        self.offering_id = offering_id
        self.unopened = unopened


class VaultBookKeyMissing(VaultError):
    """The vault holds no such key of a book.

    Attributes:
        chain_id: Chain of the offering.
        offering_address: Its contract.
        offering_id: Its number there.
        others: How many other keys for this book the vault holds.
    """

    def __init__(
        self,
        path: Path,
        *,
        chain_id: int,
        offering_address: str,
        offering_id: int,
        which: str = "",
        others: int = 0,
    ) -> None:
        known = f"; it holds {others} others for this book" if others else ""
        super().__init__(
            path,
            f"the vault {path} holds no key for the book of offering {offering_id} "
            f"of {offering_address} on chain {chain_id}{which}{known}",
            hint="Look for another vault or a backup; without the key each bidder must open his own bids in "
            "time, or loses his deposit: tell them now.",
        )
        self.chain_id = chain_id
        self.offering_address = offering_address
        self.offering_id = offering_id
        self.others = others
