"""The vault's file: whole after any accident, closed to others, written by one at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.unit.sealing.builders import PASSPHRASE, make_entry, open_vault

from indenture.errors import SetupError
from indenture.sealing import (
    Vault,
    VaultBusy,
    VaultDamaged,
    VaultError,
    VaultExposed,
    VaultMissing,
    VaultUnreadable,
    VaultUnwritable,
    Work,
)

pytestmark = pytest.mark.unit

WRITER = Path(__file__).with_name("killed_writer.py")
HEADER = struct.Struct(">8sBIQ16s")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def vault(path: Path) -> Vault:
    vault = open_vault(path)
    vault.remember(make_entry())
    return vault


# --- Accidents ----------------------------------------------------------------------------------------------


def test_write__killed_at_every_line__old_or_new_content(path: Path) -> None:
    found = run_writer("every-line", path)

    assert found["killed"] >= 30, found
    assert found["old"] + found["new"] == found["killed"]
    assert found["old"] > 0 < found["new"]


def test_write__killed_at_any_moment__nothing_told_is_lost(path: Path) -> None:
    found = run_writer("any-moment", path)

    assert found["killed"] == 20
    assert found["told"] > 0
    assert found["lost"] == []


def test_write__two_processes_at_once__both_are_heard(path: Path) -> None:
    found = run_writer("together", path)

    assert found["remembered"] == found["found"] == 40


def test_write__threads_at_once__all_are_heard(vault: Vault, path: Path) -> None:
    other = open_vault(path)
    numbers = range(2, 26)
    threads = [
        threading.Thread(target=(vault, other)[n % 2].remember, args=(make_entry(salt=n),)) for n in numbers
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(open_vault(path).entries()) == 1 + len(numbers)


def test_write__done__file_is_on_the_disk_before_it_is_renamed_and_folder_after(
    vault: Vault, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a loss of power could leave neither the old content nor the new."""
    done: list[str] = []
    sync, rename = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{handle}').readlink().name}")
        sync(handle)

    def renamed(source: Path, target: Path, **options: Any) -> None:
        done.append(f"rename {source.name} {target.name}")
        rename(source, target, **options)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    vault.remember(make_entry(salt=2))

    assert done == ["sync .vault.new", "rename .vault.new vault", f"sync {path.parent.name}"]


def test_write__left_by_a_killed_one__is_written_over(vault: Vault, path: Path) -> None:
    left = path.with_name(".vault.new")
    left.write_bytes(b"half")
    left.chmod(0o644)

    vault.remember(make_entry(salt=2))

    assert not left.exists()
    assert len(open_vault(path).entries()) == 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_write__no_room__old_content_stays(vault: Vault, path: Path, tmp_path: Path) -> None:
    (tmp_path / ".vault.new").mkdir()
    before = path.read_bytes()

    with pytest.raises(VaultUnwritable, match="cannot be written") as refused:
        vault.remember(make_entry(salt=2))

    assert "send nothing" in refused.value.hint
    assert path.read_bytes() == before
    assert vault.entries() == (make_entry(),)


def test_write__file_gone__refused_and_not_made_anew(vault: Vault, path: Path) -> None:
    path.unlink()

    with pytest.raises(VaultMissing):
        vault.remember(make_entry(salt=2))
    with pytest.raises(VaultMissing):
        vault.entries()

    assert not path.exists()


def test_read__another_vault_in_its_place__refused(vault: Vault, path: Path, tmp_path: Path) -> None:
    open_vault(tmp_path / "other")
    (tmp_path / "other").replace(path)
    before = path.read_bytes()

    with pytest.raises(VaultDamaged, match="another vault took its place"):
        vault.remember(make_entry(salt=2))
    with pytest.raises(VaultDamaged, match="another vault took its place"):
        vault.entries()

    assert path.read_bytes() == before


def test_read__every_byte_damaged__refused(vault: Vault, path: Path) -> None:
    whole = path.read_bytes()

    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(VaultDamaged):
            vault.entries()

    path.write_bytes(whole)
    assert vault.entries() == (make_entry(),)


@pytest.mark.parametrize("length", [0, 1, 8, 36, 37, 100, 108, 109, 200])
def test_open__cut_short__damaged(vault: Vault, path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(VaultDamaged, match="is not a vault, or it is damaged"):
        open_vault(path)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ((b"INDVAULT", 2, 1, 8192), "it is of version 2, this program reads version 1"),
        ((b"INDVAULT", 1, 0, 8192), "its work factor is out of range"),
        ((b"INDVAULT", 1, 65, 8192), "its work factor is out of range"),
        ((b"INDVAULT", 1, 1, 8191), "its work factor is out of range"),
        ((b"INDVAULT", 1, 1, 2**32 + 1), "its work factor is out of range"),
        ((b"INDVAULX", 1, 1, 8192), "it does not begin as one"),
    ],
)
def test_open__header_of_another_format__damaged(vault: Vault, path: Path, header: Any, said: str) -> None:
    body = HEADER.pack(*header, bytes(16)) + path.read_bytes()[HEADER.size : -32]
    path.write_bytes(body + hashlib.sha256(body).digest())

    with pytest.raises(VaultDamaged) as refused:
        open_vault(path)

    assert refused.value.reason == said


def test_open__file_of_something_else__damaged_and_left_alone(path: Path) -> None:
    path.write_text("a letter")
    path.chmod(0o600)

    with pytest.raises(VaultDamaged, match="it does not begin as one"):
        open_vault(path)

    assert path.read_text() == "a letter"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_open__no_regular_file__refused(path: Path, make: Any) -> None:
    make(path)

    with pytest.raises(VaultDamaged, match="it is no regular file"):
        open_vault(path)


def test_open__below_a_file__cannot_be_made(path: Path) -> None:
    path.write_text("a file")

    with pytest.raises(VaultUnwritable):
        open_vault(path / "vault")
    with pytest.raises(VaultUnreadable):
        open_vault(path / "vault", create=False)


def test_open__folder_that_cannot_be_found__refused() -> None:
    with pytest.raises(SetupError, match="cannot be found"):
        Vault("~nobody-of-this-name/vault", PASSPHRASE)


def test_open__more_memory_than_there_is__says_so(path: Path) -> None:
    """The limit is of a process of its own."""
    open_vault(path, work=Work.MODERATE)
    code = (
        "import resource, sys; from indenture.sealing import Vault\n"
        "resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))\n"
        f"Vault(sys.argv[1], {PASSPHRASE!r})"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 1
    assert f"the vault {path} needs 256 MiB of memory" in run.stderr


# --- Others -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666, 0o601])
def test_open__readable_by_others__refused(vault: Vault, path: Path, mode: int) -> None:
    path.chmod(mode)

    with pytest.raises(VaultExposed) as refused:
        open_vault(path)
    with pytest.raises(VaultExposed):
        vault.remember(make_entry(salt=2))

    assert refused.value.mode == mode
    assert f"chmod 600 {path}" in refused.value.hint


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_write__any_umask__file_is_the_owners_alone(vault: Vault, path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        vault.remember(make_entry(salt=2))
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(vault.entries()) == 2


def test_open__link_to_a_vault__the_file_is_replaced_and_not_the_link(tmp_path: Path, vault: Vault) -> None:
    link = tmp_path / "link"
    link.symlink_to(vault.path)

    open_vault(link).remember(make_entry(salt=2))

    assert link.is_symlink()
    assert len(vault.entries()) == 2


def test_write__held_by_another__refused_in_time_and_read_goes_on(vault: Vault, path: Path) -> None:
    patient = open_vault(path, patience=0.05)

    with path.with_name("vault.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(VaultBusy, match=r"held by another process since 0\.05 seconds"):
            patient.remember(make_entry(salt=2))
        assert patient.entries() == (make_entry(),)

    patient.remember(make_entry(salt=2))
    assert len(vault.entries()) == 2


def test_write__lock_that_is_a_link__refused(vault: Vault, path: Path, tmp_path: Path) -> None:
    lock = path.with_name("vault.lock")
    lock.unlink()
    lock.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(VaultUnwritable):
        vault.remember(make_entry(salt=2))

    assert not (tmp_path / "elsewhere").exists()


def test_errors__of_the_vault__are_of_the_setup() -> None:
    assert issubclass(VaultError, SetupError)


def run_writer(mode: str, path: Path) -> dict[str, Any]:
    """What the writer says of itself, in a process that may be forked and killed."""
    run = subprocess.run(
        [sys.executable, str(WRITER), mode, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found
