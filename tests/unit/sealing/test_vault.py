"""The vault: what was remembered is there, until it is used."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sealing.builders import (
    BIDDER,
    CHAIN,
    HERE,
    OFFERING,
    OUTSIDER,
    PASSPHRASE,
    make_entry,
    make_opening,
    open_vault,
    openings,
)

from indenture.errors import IndentureError, InputError, SetupError
from indenture.sealing import (
    VAULT_PASSPHRASE_VARIABLE,
    VAULT_VARIABLE,
    BookKey,
    SealedEntry,
    SealedOpening,
    Vault,
    VaultBookKeyMissing,
    VaultEntryMissing,
    VaultEntryUnopened,
    VaultMissing,
    VaultPassphraseMissing,
    VaultPassphraseWrong,
    Work,
    encrypt_opening,
    seal_hash,
    vault_path,
)
from indenture.sealing.entry import Content, KeptBookKey, content_from_bytes, content_to_bytes

pytestmark = pytest.mark.unit

BOOK = (CHAIN, OFFERING, 1)
HIS = (*BOOK, BIDDER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "vault"


@pytest.fixture
def vault(path: Path) -> Vault:
    return open_vault(path)


# --- Sealed bids --------------------------------------------------------------------------------------------


def test_remember__vault_opened_again__is_there(vault: Vault, path: Path) -> None:
    entry = make_entry(ciphertext_hash=keccak(b"ciphertext"))

    vault.remember(entry)

    again = open_vault(path, create=False)
    assert again.entry(*HIS) == entry
    assert again.entry(*HIS).opening.salt == entry.opening.salt
    assert vault.entry(*HIS) == entry


def test_remember__replaced_twice__each_is_found_by_its_commitment(vault: Vault) -> None:
    entries = [make_entry(salt=n, bids=n) for n in (1, 2, 3)]
    for entry in entries:
        vault.remember(entry)

    assert vault.entry(*HIS) == entries[2]
    for entry in entries:
        assert vault.entry(*HIS, commitment=entry.commitment) == entry
        assert vault.entry(*HIS, seal=entry.seal) == entry
    assert vault.entries(**HERE) == tuple(entries)


def test_remember__same_bids_with_two_ciphertexts__each_is_found_by_its_seal(vault: Vault) -> None:
    first, second = (make_entry(ciphertext_hash=keccak(text)) for text in (b"one", b"two"))
    vault.remember(first)
    vault.remember(second)

    assert first.commitment == second.commitment
    assert vault.entry(*HIS, commitment=first.commitment) == second
    assert vault.entry(*HIS, seal=seal_hash(first.commitment, keccak(b"one"))) == first
    assert vault.entry(*HIS, seal=second.seal, commitment=second.commitment) == second


def test_remember__one_again__it_is_the_latest_and_once(vault: Vault) -> None:
    first, second = make_entry(salt=1), make_entry(salt=2)
    vault.remember(first, second, first)
    vault.remember(first)

    assert vault.entries() == (second, first)
    assert vault.entry(*HIS) == first


def test_entries__filters__those_that_fit_all(vault: Vault) -> None:
    mine = make_entry()
    elsewhere = [
        make_entry(chain_id=1),
        make_entry(offering_address=OUTSIDER),
        make_entry(offering_id=2),
        make_entry(bidder=OUTSIDER),
    ]
    vault.remember(mine, *elsewhere)
    vault.mark_opened(elsewhere[2])

    assert vault.entries() == (
        mine,
        elsewhere[0],
        elsewhere[1],
        elsewhere[3],
        replace(elsewhere[2], opened=True),
    )
    assert vault.entries(**HERE) == (mine,)
    assert vault.entries(chain_id=1) == (elsewhere[0],)
    assert vault.entries(offering_address=OUTSIDER.lower()) == (elsewhere[1],)
    assert vault.entries(bidder=OUTSIDER.lower()) == (elsewhere[3],)
    assert [entry.opening.offering_id for entry in vault.entries(opened=True)] == [2]
    assert len(vault.entries(opened=False)) == 4
    assert vault.entries(chain_id=2) == ()


def test_entry__none__says_what_it_costs_and_what_to_do(vault: Vault) -> None:
    vault.remember(make_entry(bidder=OUTSIDER), make_entry(offering_id=2))

    with pytest.raises(VaultEntryMissing) as missing:
        vault.entry(*HIS)

    error = missing.value
    assert error.message == (
        f"the vault {vault.path} holds no sealed bid of {BIDDER} in offering 1 of {OFFERING} on chain {CHAIN}"
    )
    assert "deposit is lost" in error.hint
    assert "backup" in error.hint
    assert (error.chain_id, error.offering_address, error.offering_id, error.bidder) == HIS
    assert error.others == 0
    assert error.exit_code == SetupError.exit_code


def test_entry__another_commitment__says_that_there_are_others(vault: Vault) -> None:
    vault.remember(make_entry(salt=1), make_entry(salt=2))
    wanted = make_entry(salt=3)

    with pytest.raises(VaultEntryMissing) as by_commitment:
        vault.entry(*HIS, commitment=wanted.commitment)
    with pytest.raises(VaultEntryMissing) as by_seal:
        vault.entry(*HIS, seal=wanted.seal)

    assert by_commitment.value.others == by_seal.value.others == 2
    assert f"with commitment 0x{wanted.commitment.hex()}; it holds 2 others" in by_commitment.value.message
    assert f"with seal 0x{wanted.seal.hex()}; it holds 2 others" in by_seal.value.message


@pytest.mark.parametrize("name", ["commitment", "seal"])
def test_entry__hash_that_is_none__refused(vault: Vault, name: str) -> None:
    with pytest.raises(InputError, match="is not 32 bytes"):
        vault.entry(*HIS, **{name: b"short"})  # type: ignore[arg-type]


def test_mark_opened__replaced_ones__are_forgotten_and_others_stay(vault: Vault, path: Path) -> None:
    first, second, third = (make_entry(salt=n) for n in (1, 2, 3))
    other = make_entry(bidder=OUTSIDER)
    vault.remember(first, second, other, third)

    vault.mark_opened(second)

    again = open_vault(path)
    assert again.entries(**HERE) == (replace(second, opened=True),)
    assert again.entries(bidder=OUTSIDER) == (other,)
    vault.mark_opened(second)
    assert again.entries(opened=True) == (replace(second, opened=True),)


def test_mark_opened__not_in_it__nothing_changes(vault: Vault) -> None:
    kept = make_entry(salt=1)
    vault.remember(kept)

    with pytest.raises(VaultEntryMissing):
        vault.mark_opened(make_entry(salt=2))

    assert vault.entries() == (kept,)


def test_forget__opened__is_gone(vault: Vault, path: Path) -> None:
    vault.remember(make_entry(), make_entry(bidder=OUTSIDER))
    vault.mark_opened(make_entry())

    assert vault.forget(*HIS) == 1

    assert open_vault(path).entries() == (make_entry(bidder=OUTSIDER),)
    assert vault.forget(*HIS) == 0


def test_forget__not_opened__only_if_said(vault: Vault) -> None:
    vault.remember(make_entry(salt=1), make_entry(salt=2))

    with pytest.raises(VaultEntryUnopened) as refused:
        vault.forget(*HIS)

    assert refused.value.unopened == 2
    assert len(vault.entries()) == 2
    assert vault.forget(*HIS, unopened=True) == 2
    assert vault.entries() == ()


# --- Keys of books ------------------------------------------------------------------------------------------


def test_book_key__remembered__decrypts_what_was_sealed(vault: Vault, path: Path) -> None:
    key = BookKey.generate()

    vault.remember_book_key(*BOOK, key)

    kept = open_vault(path).book_key(*BOOK)
    assert kept.to_bytes() == key.to_bytes()
    assert kept.unbox(encrypt_opening(key.public, make_opening())[1:])


def test_book_key__two_for_one_book__each_is_found_by_its_public_key(vault: Vault) -> None:
    first, second = BookKey.generate(), BookKey.generate()
    vault.remember_book_key(*BOOK, first)
    vault.remember_book_key(*BOOK, second)

    assert vault.book_key(*BOOK) == second
    assert vault.book_key(CHAIN, OFFERING.lower(), 1, public=first.public) == first
    vault.remember_book_key(*BOOK, first)
    assert vault.book_key(*BOOK) == first


def test_book_key__none__says_what_it_costs(vault: Vault) -> None:
    vault.remember_book_key(CHAIN, OFFERING, 2, BookKey.generate())

    with pytest.raises(VaultBookKeyMissing) as missing:
        vault.book_key(*BOOK)

    assert missing.value.message == (
        f"the vault {vault.path} holds no key for the book of offering 1 of {OFFERING} on chain {CHAIN}"
    )
    assert "each bidder must open his own bids" in missing.value.hint
    assert missing.value.others == 0


def test_book_key__another_public_key__says_that_there_are_others(vault: Vault) -> None:
    vault.remember_book_key(*BOOK, BookKey.generate())
    wanted = BookKey.generate()

    with pytest.raises(VaultBookKeyMissing, match=f"public key 0x{wanted.public.hex()}; it holds 1 others"):
        vault.book_key(*BOOK, public=wanted.public)


def test_forget_book_key__of_one_book__others_stay(vault: Vault) -> None:
    vault.remember_book_key(*BOOK, BookKey.generate())
    vault.remember_book_key(*BOOK, BookKey.generate())
    other = BookKey.generate()
    vault.remember_book_key(CHAIN, OFFERING, 2, other)

    assert vault.forget_book_key(*BOOK) == 2

    assert vault.forget_book_key(*BOOK) == 0
    assert vault.book_key(CHAIN, OFFERING, 2) == other


# --- Where it is, and who may open it -----------------------------------------------------------------------


def test_vault__none_there__says_so_and_makes_none(path: Path) -> None:
    with pytest.raises(VaultMissing) as missing:
        Vault(path, PASSPHRASE)

    assert str(path) in missing.value.message
    assert not path.parent.exists()


def test_vault__wrong_passphrase__refused(vault: Vault, path: Path) -> None:
    vault.remember(make_entry())

    for wrong in (PASSPHRASE + " ", PASSPHRASE.upper(), "x"):
        with pytest.raises(VaultPassphraseWrong):
            open_vault(path, wrong)


@pytest.mark.parametrize("create", [True, False])
def test_vault__no_passphrase__refused(vault: Vault, path: Path, create: bool) -> None:
    with pytest.raises(VaultPassphraseMissing, match=VAULT_PASSPHRASE_VARIABLE):
        Vault(path, create=create)
    with pytest.raises(VaultPassphraseMissing):
        Vault(path.with_name("new"), "", create=True)

    assert not path.with_name("new").exists()


def test_vault__names_from_the_environment__are_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VAULT_VARIABLE, str(path))
    monkeypatch.setenv(VAULT_PASSPHRASE_VARIABLE, PASSPHRASE)
    Vault(create=True, work=Work.MINIMAL).remember(make_entry())

    assert vault_path() == path
    assert Vault().path == path
    assert open_vault(path, create=False).entry(*HIS) == make_entry()


def test_vault__nothing_named__is_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    made = Vault(passphrase=PASSPHRASE, create=True, work=Work.MINIMAL)

    assert made.path == tmp_path / ".indenture" / "vault"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700


def test_vault__passphrase_composed_in_two_ways__is_the_same(path: Path) -> None:
    open_vault(path, "cl\N{LATIN SMALL LETTER E WITH ACUTE}").remember(make_entry())

    assert open_vault(path, "cle\N{COMBINING ACUTE ACCENT}").entries() == (make_entry(),)


def test_vault__passphrase_of_any_bytes__opens(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VAULT_PASSPHRASE_VARIABLE, "\udcff\udc80")
    made = Vault(path, create=True, work=Work.MINIMAL)

    made.remember(make_entry())

    assert Vault(path).entries() == (make_entry(),)


def test_vault__two_objects__each_sees_what_the_other_wrote(vault: Vault, path: Path) -> None:
    other = open_vault(path)

    for number in range(1, 21):
        writer, reader = (vault, other) if number % 2 else (other, vault)
        writer.remember(make_entry(salt=number))
        assert reader.entry(*HIS) == make_entry(salt=number)

    assert len(vault.entries()) == len(other.entries()) == 20


@pytest.mark.parametrize("work", [Work.INTERACTIVE, Work.MODERATE])
def test_vault__real_work_factor__opens_without_naming_it(path: Path, work: Work) -> None:
    open_vault(path, work=work).remember(make_entry())

    assert Vault(path, PASSPHRASE).entry(*HIS) == make_entry()


# --- What it holds ------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(SealedEntry, openings, st.binary(min_size=32, max_size=32), st.booleans()), max_size=3
    ),
    st.lists(st.binary(min_size=32, max_size=32).map(BookKey.from_bytes), max_size=3),
)
def test_content__written_and_read__is_the_same(entries: list[SealedEntry], keys: list[BookKey]) -> None:
    content = Content(tuple(entries), tuple(KeptBookKey(*BOOK, key) for key in keys))

    assert content_from_bytes(content_to_bytes(content)) == content


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"version":2}', "its content is of version 2, this program reads version 1"),
        (b"", "its content has another form than this program writes"),
        (b"[]", "its content has another form than this program writes"),
        (
            b'{"version":1,"sealed":[{}],"book_keys":[]}',
            "its content has another form than this program writes",
        ),
    ],
)
def test_content__of_another_version__refused(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        content_from_bytes(data)

    assert refused.value.__context__ is None


# --- Secrets ------------------------------------------------------------------------------------------------

KEY = BookKey.from_bytes(bytes(range(100, 132)))
SECRET = make_opening(salt=0x5EC2E7ED, bids=1)


def secrets_of(opening: SealedOpening) -> tuple[str, ...]:
    """What nobody may read before the close, in the spellings that Python prints."""
    (bid,) = opening.bids
    raw = [opening.salt, KEY.to_bytes(), PASSPHRASE.encode()]
    return (
        str(bid.quote),
        str(bid.units),
        bid.account,
        bid.account.lower(),
        bid.account[2:].lower(),
        PASSPHRASE,
        *(each.hex() for each in raw),
        *(repr(each)[2:-1] for each in raw),
    )


@pytest.mark.parametrize("shown", [repr, str, "{}".format], ids=["repr", "str", "format"])
def test_printed__anything_that_holds_secrets__shows_none(vault: Vault, shown: Callable[[Any], str]) -> None:
    entry = SealedEntry(SECRET)
    kept = KeptBookKey(*BOOK, KEY)
    vault.remember(entry)
    holders = (SECRET, entry, KEY, kept, Content((entry,), (kept,)), vault, [entry], {"key": KEY})

    for holder in holders:
        text = shown(holder)
        assert not [secret for secret in secrets_of(SECRET) if secret in text], text


def test_file__with_secrets__holds_none_in_the_clear(vault: Vault, path: Path) -> None:
    vault.remember(SealedEntry(SECRET))
    vault.remember_book_key(*BOOK, KEY)

    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert SECRET.salt not in data
        assert KEY.to_bytes() not in data
        assert not [secret for secret in secrets_of(SECRET) if secret.encode() in data]


def test_errors__with_secrets_at_hand__tell_none(vault: Vault, path: Path, tmp_path: Path) -> None:
    vault.remember(SealedEntry(SECRET), SealedEntry(replace(SECRET, bidder=OUTSIDER)))
    vault.remember_book_key(*BOOK, KEY)
    blocked = open_vault(tmp_path / "blocked")
    (tmp_path / ".blocked.new").mkdir()
    damaged = tmp_path / "damaged"
    damaged.write_bytes(path.read_bytes()[:-1])
    damaged.chmod(0o600)
    (bid,) = SECRET.bids
    acts: list[Callable[[], object]] = [
        lambda: vault.entry(*HIS, commitment=bytes(32)),
        lambda: vault.book_key(*BOOK, public=bytes(32)),
        lambda: vault.forget(*HIS),
        lambda: vault.mark_opened(SealedEntry(SECRET, bytes(31) + b"\x01")),
        lambda: open_vault(path, PASSPHRASE + "?"),
        lambda: open_vault(damaged),
        lambda: blocked.remember(SealedEntry(SECRET)),
        lambda: KEY.unbox(encrypt_opening(BookKey.generate().public, SECRET)[1:]),
        lambda: encrypt_opening(bytes(32), SECRET),
        lambda: replace(SECRET, salt=SECRET.salt + b"!"),
        lambda: replace(SECRET, bids=(replace(bid, account=bid.account[:-1]),)),
        lambda: replace(SECRET, bids=(replace(bid, quote=-bid.quote),)),
        lambda: BookKey.from_bytes(KEY.to_bytes() + b"!"),
    ]

    for act in acts:
        with pytest.raises(IndentureError) as refused:
            act()
        told = everything_told(refused.value)
        assert not [secret for secret in secrets_of(SECRET) if secret in told], told


def everything_told(error: BaseException) -> str:
    """An error, what it came from even where that is not shown, and all their arguments."""
    parts = ["".join(traceback.format_exception(error)), str(error), repr(error), repr(vars(error))]
    for other in (error.__cause__, error.__context__):
        if other is not None:
            parts += [repr(other), repr(other.args), repr(vars(other)), everything_told(other)]
    return "\n".join(parts)
