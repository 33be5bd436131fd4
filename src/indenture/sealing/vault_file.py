"""The file of a vault: encrypted, replaced as a whole, written by one process at a time.

    magic 8 | version 1 | argon2id: operations 4, bytes of memory 8, salt 16 | nonce 24 | box | SHA-256 32

A write makes a new file beside it, brings it to the disk and renames it: whenever the program is killed, the
old content is there or the new one. The digest tells a damaged file from a wrong passphrase; it guards from
accidents, the secret box against all else. An old copy that somebody puts back looks like the file itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import struct
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from indenture.sealing.errors import (
    VaultBusy,
    VaultDamaged,
    VaultError,
    VaultExposed,
    VaultMissing,
    VaultPassphraseMissing,
    VaultPassphraseWrong,
    VaultUnreadable,
    VaultUnwritable,
)

_MAGIC, _VERSION = b"INDVAULT", 1
_HEADER = struct.Struct(">8sBIQ16s")
_DIGEST = 32
_MOST_OPERATIONS, _MOST_MEMORY = 64, 1 << 32  # beyond that a damaged header would stop the machine
_LOCK_POLL = 0.01


class Work(Enum):
    """What one guess of the passphrase costs, chosen when the vault is made: operations and memory in bytes.

    INTERACTIVE takes 64 MiB and about 0.1 s, MODERATE 256 MiB and about 0.5 s. MINIMAL is for tests: it
    protects nothing.
    """

    MINIMAL = (argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
    INTERACTIVE = (argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE)
    MODERATE = (argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)


class VaultFile:
    """An encrypted file that is open: its key is known.

    Args:
        path: The file, links resolved.
        passphrase: What its key comes from.
        create: Content of a new file where there is none; None for no new file.
        work: What a guess shall cost, of a new file.
        patience: Seconds to wait for another process that writes.
    """

    def __init__(
        self, path: Path, passphrase: str, *, create: bytes | None, work: Work, patience: float
    ) -> None:
        self.path = path
        self._patience = patience
        if create is not None and not os.path.lexists(path):
            self._create(passphrase, work, create)
        self._header, box = self._parse(self._load())
        self._box = self._unlock(self._header, passphrase)
        try:
            self._box.decrypt(box)
        except CryptoError:
            raise VaultPassphraseWrong(path) from None

    def read(self, *, unless: bytes) -> tuple[bytes, bytes] | None:
        """The mark of the file as it is now, and its content; None where the mark is still ``unless``."""
        data = self._load()
        header, box = self._parse(data)
        # Not the file's time and number: both can come back after two quick writes. The nonce never does.
        mark = data[-_DIGEST:]
        if mark == unless:
            return None
        if header == self._header:
            with suppress(CryptoError):
                return mark, self._box.decrypt(box)
        raise VaultDamaged(self.path, "another vault took its place while it was in use")

    def write(self, content: bytes) -> bytes:
        """Replaces the content; once this returns its new mark, it is on the disk. Only while ``locked``."""
        return self._replace(self._header, self._box, content)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes, and other objects of this one, from writing."""
        # A file of its own, never renamed nor deleted: a lock on a file that is replaced locks nothing.
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as fault:
            raise VaultUnwritable(self.path, f"{lock.name}: {fault.strerror}") from None
        try:
            self._wait_for(handle)
            yield
        finally:
            os.close(handle)

    def _wait_for(self, handle: int) -> None:
        end = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise VaultBusy(self.path, self._patience) from None
                time.sleep(_LOCK_POLL)
            except OSError as fault:
                raise VaultUnwritable(self.path, f"it cannot be locked: {fault.strerror}") from None
            else:
                return

    def _create(self, passphrase: str, work: Work, content: bytes) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise VaultUnwritable(self.path, fault.strerror or str(fault)) from None
        operations, memory = work.value
        header = _HEADER.pack(_MAGIC, _VERSION, operations, memory, os.urandom(argon2id.SALTBYTES))
        box = self._unlock(header, passphrase)
        with self.locked():
            if not os.path.lexists(self.path):  # nor did another process make it meanwhile
                self._replace(header, box, content)

    def _unlock(self, header: bytes, passphrase: str) -> SecretBox:
        if not passphrase:
            raise VaultPassphraseMissing(self.path)
        _, _, operations, memory, salt = _HEADER.unpack(header)
        # One passphrase, however the keyboard composes its letters; surrogates are bytes of the environment.
        text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        try:
            key = argon2id.kdf(SecretBox.KEY_SIZE, text, salt, opslimit=operations, memlimit=memory)
        except CryptoError:
            raise VaultError(
                self.path,
                f"the vault {self.path} needs {memory >> 20} MiB of memory to be opened, which are not there",
                hint="End other programs, or open it on another machine.",
            ) from None
        return SecretBox(key)

    def _load(self) -> bytes:
        try:
            # Non-blocking: to open a pipe by mistake must not wait for its writer.
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            raise VaultMissing(self.path) from None
        except OSError as fault:
            raise VaultUnreadable(self.path, fault.strerror or str(fault)) from None
        try:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode):
                raise VaultDamaged(self.path, "it is no regular file")
            if mode & 0o077:
                raise VaultExposed(self.path, stat.S_IMODE(mode))
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read()
        except OSError as fault:
            raise VaultUnreadable(self.path, fault.strerror or str(fault)) from None
        finally:
            os.close(handle)

    def _parse(self, data: bytes) -> tuple[bytes, bytes]:
        """Header and secret box of a file that is whole."""
        if data[: len(_MAGIC)] != _MAGIC:
            raise VaultDamaged(self.path, "it does not begin as one")
        if len(data) < _HEADER.size + SecretBox.NONCE_SIZE + SecretBox.MACBYTES + _DIGEST:
            raise VaultDamaged(self.path, f"it ends after {len(data)} bytes")
        body, digest = data[:-_DIGEST], data[-_DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            raise VaultDamaged(self.path, "its digest does not fit")
        header = body[: _HEADER.size]
        _, version, operations, memory, _ = _HEADER.unpack(header)
        if version != _VERSION:
            raise VaultDamaged(
                self.path, f"it is of version {version}, this program reads version {_VERSION}"
            )
        if not (
            argon2id.OPSLIMIT_MIN <= operations <= _MOST_OPERATIONS
            and argon2id.MEMLIMIT_MIN <= memory <= _MOST_MEMORY
        ):
            raise VaultDamaged(self.path, "its work factor is out of range")
        return header, body[_HEADER.size :]

    def _replace(self, header: bytes, box: SecretBox, content: bytes) -> bytes:
        body = header + bytes(box.encrypt(content))
        digest = hashlib.sha256(body).digest()
        # One name for all: what a killed process left is written over, and the lock keeps others from it.
        fresh = self.path.with_name(f".{self.path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, 0o600)  # whatever the umask
                file.write(body + digest)
                file.flush()
                os.fsync(handle)
            fresh.replace(self.path)
            self._sync_folder()
        except OSError as fault:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise VaultUnwritable(self.path, fault.strerror or str(fault)) from None
        return digest

    def _sync_folder(self) -> None:
        handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
