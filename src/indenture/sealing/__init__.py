"""Sealed bids away from the chain: commitments, encrypted openings, and the vault that keeps secrets.

opening = SealedOpening(chain_id, offering, offering_id, bidder, bids, new_salt())
ciphertext = encrypt_opening(book.encryption_key, opening)             # form ENCRYPTED; else b""
vault.remember(SealedEntry(opening, ciphertext_hash(ciphertext)))      # then send it
"""

from __future__ import annotations

from indenture.sealing.commitment import (
    NO_CIPHERTEXT,
    Bid,
    bids_hash,
    ciphertext_hash,
    commitment,
    new_salt,
    opened_hash,
    seal_hash,
)
from indenture.sealing.encryption import BookKey, ciphertext_length, decrypt_opening, encrypt_opening
from indenture.sealing.entry import SealedEntry
from indenture.sealing.errors import (
    CiphertextForeign,
    CiphertextMalformed,
    CiphertextNotForKey,
    CiphertextRefused,
    CiphertextVersionUnknown,
    VaultBookKeyMissing,
    VaultBusy,
    VaultDamaged,
    VaultEntryMissing,
    VaultEntryUnopened,
    VaultError,
    VaultExposed,
    VaultMissing,
    VaultPassphraseMissing,
    VaultPassphraseWrong,
    VaultUnreadable,
    VaultUnwritable,
)
from indenture.sealing.opening import SealedOpening
from indenture.sealing.vault import (
    DEFAULT_VAULT,
    VAULT_PASSPHRASE_VARIABLE,
    VAULT_VARIABLE,
    Vault,
    vault_path,
)
from indenture.sealing.vault_file import Work

__all__ = [
    "DEFAULT_VAULT",
    "NO_CIPHERTEXT",
    "VAULT_PASSPHRASE_VARIABLE",
    "VAULT_VARIABLE",
    "Bid",
    "BookKey",
    "CiphertextForeign",
    "CiphertextMalformed",
    "CiphertextNotForKey",
    "CiphertextRefused",
    "CiphertextVersionUnknown",
    "SealedEntry",
    "SealedOpening",
    "Vault",
    "VaultBookKeyMissing",
    "VaultBusy",
    "VaultDamaged",
    "VaultEntryMissing",
    "VaultEntryUnopened",
    "VaultError",
    "VaultExposed",
    "VaultMissing",
    "VaultPassphraseMissing",
    "VaultPassphraseWrong",
    "VaultUnreadable",
    "VaultUnwritable",
    "Work",
    "bids_hash",
    "ciphertext_hash",
    "ciphertext_length",
    "commitment",
    "decrypt_opening",
    "encrypt_opening",
    "new_salt",
    "opened_hash",
    "seal_hash",
    "vault_path",
]
