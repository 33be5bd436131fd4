from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from eth_account import Account

from indenture.chain import create_keystore, load_account, read_passphrase
from indenture.errors import KeystoreError

pytestmark = pytest.mark.unit

KEY = "0x" + "42" * 32
_FAST = 1024


def test_keystore__created_and_opened__is_the_same_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys" / "issuer.json"
    created = create_keystore(path, "correct horse", iterations=_FAST)
    monkeypatch.setenv("INDENTURE_PASSPHRASE", "correct horse")

    opened = load_account(path, prompt=False)

    assert opened.address == created.address
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert created.key.hex() not in path.read_text()


def test_keystore__wrong_passphrase__says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.json"
    create_keystore(path, "right", account=Account.from_key(KEY), iterations=_FAST)
    monkeypatch.setenv("INDENTURE_PASSPHRASE", "0pen sesame")

    with pytest.raises(KeystoreError) as caught:
        load_account(path, prompt=False)

    assert "passphrase" in caught.value.message
    assert "0pen" not in str(caught.value)


def test_keystore__exists_already__is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    path.write_text("precious")

    with pytest.raises(KeystoreError):
        create_keystore(path, "p", iterations=_FAST)

    assert path.read_text() == "precious"


def test_keystore__empty_passphrase__is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeystoreError):
        create_keystore(tmp_path / "k.json", "")


@pytest.mark.parametrize("content", ["not json", "[]", '{"a": 1}', '{"crypto": {}, "version": 3}'])
def test_keystore__damaged__says_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "k.json"
    path.write_text(content)
    passphrase = tmp_path / "p"
    passphrase.write_text("p\n")

    with pytest.raises(KeystoreError) as caught:
        load_account(path, passphrase_file=passphrase)

    assert str(path) in caught.value.message


def test_keystore__missing__says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDENTURE_PASSPHRASE", "p")

    with pytest.raises(KeystoreError) as caught:
        load_account(tmp_path / "none.json")

    assert "cannot be read" in caught.value.message


def test_passphrase__from_an_open_file__first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"from a pipe\nrest")
    os.close(writer)

    assert read_passphrase(reader) == "from a pipe"
    os.close(reader)


def test_passphrase__nowhere__says_where_to_put_it() -> None:
    with pytest.raises(KeystoreError) as caught:
        read_passphrase(prompt=False)

    assert "INDENTURE_PASSPHRASE" in caught.value.hint


def test_environment__key__is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDENTURE_KEY", KEY)

    assert load_account().address == Account.from_key(KEY).address


@pytest.mark.parametrize("key", ["", "0x12", "zz" * 32])
def test_environment__no_key__says_so_without_showing_it(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("INDENTURE_KEY", key)

    with pytest.raises(KeystoreError) as caught:
        load_account()

    assert not key or key not in str(caught.value)
