"""Keys: encrypted keystore files."""

from __future__ import annotations

from pathlib import Path

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, offline

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Suggesting)
def key() -> None:
    """Make and look at encrypted keys."""


@key.command("new", epilog=examples("indenture key new issuer.keystore.json"))
@offline
@click.argument("file", type=_PATH)
@click.option(
    "--passphrase-file", "source", type=_PATH, metavar="FILE", help="File whose first line is the passphrase."
)
def new(session: Session, file: Path, source: Path | None) -> View:
    """Make a new key and write it to FILE, encrypted with a passphrase.

    The passphrase is asked for twice, unless a file or INDENTURE_PASSPHRASE gives it. An existing file is
    never overwritten. Without the passphrase the key is lost.
    """
    from indenture.chain import create_keystore, read_passphrase
    from indenture.errors import KeystoreError

    del session
    if file.exists():  # before anybody thinks of a passphrase
        raise KeystoreError(f"{file} exists already", hint="Choose another name: a lost key is lost.")
    account = create_keystore(file, read_passphrase(source, confirm=True))
    return facts("New key", {"address": account.address, "keystore": str(file)})


@key.command("address", epilog=examples("indenture key address issuer.keystore.json"))
@offline
@click.argument("file", type=_PATH)
@click.option(
    "--passphrase-file", "source", type=_PATH, metavar="FILE", help="File whose first line is the passphrase."
)
def address(session: Session, file: Path, source: Path | None) -> View:
    """Open the keystore FILE and print the address of its key."""
    from indenture.chain import load_account

    del session
    account = load_account(file, passphrase_file=source)
    return facts("Key", {"address": account.address, "keystore": str(file)})
