"""Documents that an act rests on: the chain keeps their hash."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from eth_utils.crypto import keccak

from indenture.errors import InputError

#: A hash of 32 bytes, other bytes, ``0x`` and 64 digits, or the path of a file.
Document = bytes | str | PathLike[str]

NO_DOCUMENT = bytes(32)
_HASH_CHARACTERS = 66


def document_digest(document: Document, *, needed: bool = True) -> bytes:
    """Keccak-256 of a document: of a file's bytes, of bytes, or as given where it is a hash already.

    Args:
        document: 32 bytes, or ``0x`` and 64 hexadecimal digits, are the hash; other bytes, and the file at a
            path, are hashed.
        needed: Whether there must be one; else nothing is 32 zero bytes.

    Raises:
        InputError: There is none, or its file cannot be read.
    """
    if not document:
        if needed:
            raise InputError(
                "a document is needed", hint="Give the path of the document that says why, or its hash."
            )
        return NO_DOCUMENT
    if isinstance(document, bytes):
        return document if len(document) == len(NO_DOCUMENT) else bytes(keccak(document))
    if isinstance(document, str) and document.startswith("0x") and len(document) == _HASH_CHARACTERS:
        try:
            return bytes.fromhex(document[2:])
        except ValueError:
            raise InputError(f"{document} is no hash: 64 hexadecimal digits follow 0x") from None
    try:
        return bytes(keccak(Path(document).read_bytes()))
    except OSError as fault:
        raise InputError(
            f"the document {document} cannot be read: {fault.strerror}",
            hint="Give the path of its file, or its hash as 0x and 64 digits.",
        ) from None
