"""Keys: from an encrypted keystore file or the environment, never from an argument.

An argument is in the shell's history and in everybody's list of processes.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sys
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from indenture.errors import KeystoreError

KEY_VARIABLE = "INDENTURE_KEY"
PASSPHRASE_VARIABLE = "INDENTURE_PASSPHRASE"  # noqa: S105 (a name, not a passphrase)


def load_account(
    keystore: Path | None = None, *, passphrase_file: Path | int | None = None, prompt: bool = True
) -> LocalAccount:
    """The account to send with.

    Args:
        keystore: Encrypted key file; None takes the key from ``INDENTURE_KEY``.
        passphrase_file: File, or number of an open file, whose first line is the passphrase.
        prompt: Whether a person may be asked for it.

    Raises:
        KeystoreError: There is no key, or it cannot be opened.
    """
    if keystore is None:
        return account_from_environment()
    return open_keystore(keystore, read_passphrase(passphrase_file, prompt=prompt))


def account_from_environment() -> LocalAccount:
    """The account whose key is in ``INDENTURE_KEY``."""
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        raise KeystoreError(
            "no key was given",
            hint=f"Name a keystore file, or put the key into the environment as {KEY_VARIABLE}.",
        )
    try:
        account: LocalAccount = Account.from_key(key)
    except Exception:  # noqa: BLE001 (whatever it was, its message might hold the key)
        raise KeystoreError(
            f"{KEY_VARIABLE} does not hold a private key",
            hint="It is 64 hexadecimal digits, with or without 0x.",
        ) from None
    return account


def open_keystore(path: Path, passphrase: str) -> LocalAccount:
    """Decrypts a keystore file (Web3 Secret Storage, version 3)."""
    try:
        keyfile = json.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise KeystoreError(
            f"the keystore {path} cannot be read: {fault.strerror}",
            hint="Check the path and its permissions.",
        ) from None
    except ValueError:
        raise KeystoreError(
            f"{path} is not a keystore: it is not JSON", hint="Is it the right file?"
        ) from None
    if not isinstance(keyfile, dict) or not {"crypto", "Crypto"} & keyfile.keys():
        raise KeystoreError(
            f"{path} is not a keystore: it holds no encrypted key", hint="Is it the right file?"
        )
    try:
        key = Account.decrypt(keyfile, passphrase)
    except ValueError:
        raise KeystoreError(
            f"the passphrase does not open {path}",
            hint=f"It is read from a file, from {PASSPHRASE_VARIABLE}, or asked for; mind trailing spaces.",
        ) from None
    except (KeyError, TypeError, NotImplementedError) as fault:
        raise KeystoreError(f"{path} is damaged: {fault!r}", hint="Take the file from a backup.") from None
    account: LocalAccount = Account.from_key(key)
    return account


def create_keystore(
    path: Path, passphrase: str, *, account: LocalAccount | None = None, iterations: int | None = None
) -> LocalAccount:
    """Writes a new keystore file, readable by its owner only; never over an existing file.

    Args:
        path: The file.
        passphrase: What it is encrypted with; must not be empty.
        account: A key to keep; None makes a new one.
        iterations: Work factor; None takes the default of the format's library.
    """
    if not passphrase:
        raise KeystoreError("the passphrase is empty", hint="A keystore without one protects nothing.")
    kept: LocalAccount = account or Account.from_key(secrets.token_bytes(32))
    text = json.dumps(Account.encrypt(kept.key, passphrase, iterations=iterations))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except FileExistsError:
        raise KeystoreError(
            f"{path} exists already", hint="Choose another name: a lost key is lost."
        ) from None
    except OSError as fault:
        raise KeystoreError(
            f"the keystore {path} cannot be written: {fault.strerror}",
            hint="Choose a folder that you may write to.",
        ) from None
    return kept


def read_passphrase(source: Path | int | None = None, *, prompt: bool = True, confirm: bool = False) -> str:
    """The passphrase: from a file or an open file, from ``INDENTURE_PASSPHRASE``, or from a person.

    Args:
        source: File, or number of an open file; its first line counts.
        prompt: Whether a person may be asked.
        confirm: Ask twice, for a new passphrase.
    """
    if source is not None:
        try:
            with open(source, encoding="utf-8", closefd=not isinstance(source, int)) as file:
                return file.readline().rstrip("\r\n")
        except OSError as fault:
            raise KeystoreError(
                f"the passphrase cannot be read from {source}: {fault.strerror}", hint="Check the path."
            ) from None
    if (given := os.environ.get(PASSPHRASE_VARIABLE)) is not None:
        return given
    if not prompt or not sys.stdin.isatty():
        raise KeystoreError(
            "no passphrase was given",
            hint=f"Put it into the environment as {PASSPHRASE_VARIABLE}, or name a file that holds it.",
        )
    first = getpass.getpass("Passphrase: ")
    if confirm and getpass.getpass("Again: ") != first:
        raise KeystoreError("the two passphrases differ", hint="Nothing was written; try again.")
    return first
