"""The vault, opened for a command: with the passphrase of the environment, or a person's."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indenture.cli._progress import working
from indenture.cli._session import say

if TYPE_CHECKING:
    from indenture.cli._session import Session
    from indenture.sealing import Vault


def open_vault(session: Session, *, create: bool = False) -> Vault:
    """The vault that was named, or the usual one.

    Args:
        session: What names it.
        create: Make an empty one where there is none: for who seals; who opens would miss everything in it.

    Raises:
        VaultError: There is none, it does not open with the passphrase, or nobody gives one.
    """
    from indenture.sealing import Vault, VaultMissing, vault_path

    path = (session.settings.vault or vault_path()).expanduser()
    is_new = not path.exists()
    if is_new and not create:
        raise VaultMissing(path)  # before anybody is asked for a passphrase
    passphrase = _passphrase(path, confirm=is_new)
    with working("Opening the vault"):
        vault = Vault(path, passphrase, create=create)
    if is_new:
        say(f"A new vault is at {path}. Back it up: a sealed bid whose salt is lost loses its deposit.")
    return vault


def _passphrase(path: Path, *, confirm: bool) -> str | None:
    """None leaves it to the environment, and to the vault to say that nothing is there."""
    from indenture.sealing import VAULT_PASSPHRASE_VARIABLE, VaultError

    if os.environ.get(VAULT_PASSPHRASE_VARIABLE) or not sys.stdin.isatty():
        return None
    first = getpass.getpass(f"Passphrase of the {'new ' if confirm else ''}vault {path}: ")
    if confirm and getpass.getpass("Again: ") != first:
        raise VaultError(path, "the two passphrases differ", hint="Nothing was written; try again.")
    return first
