"""Encrypted openings: read by their book's key alone, and any bytes get an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox
from tests.unit.sealing.builders import (
    BIDDER,
    CHAIN,
    CLIENT,
    HERE,
    OFFERING,
    OUTSIDER,
    make_opening,
    openings,
)

from indenture.errors import InputError
from indenture.primary.bids import TickBid
from indenture.sealing import (
    BookKey,
    CiphertextForeign,
    CiphertextMalformed,
    CiphertextNotForKey,
    CiphertextRefused,
    CiphertextVersionUnknown,
    SealedOpening,
    ciphertext_length,
    decrypt_opening,
    encrypt_opening,
)
from indenture.sealing.opening import decode_opening, encode_opening

pytestmark = pytest.mark.unit

KEY = BookKey.from_bytes(bytes(range(32)))
LENGTHS = (426, 714, 1290, 2442)
#: Points of small order on Curve25519: whoever encrypts to one encrypts to everybody.
SMALL_ORDER = (
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
)


@given(openings)
def test_decrypt__what_was_encrypted__is_the_same(opening: SealedOpening) -> None:
    ciphertext = encrypt_opening(KEY.public, opening)

    read = decrypt_opening(
        KEY,
        ciphertext,
        chain_id=opening.chain_id,
        offering_address=opening.offering_address,
        offering_id=opening.offering_id,
        bidder=opening.bidder,
    )

    assert read == opening
    assert read.commitment == opening.commitment
    assert len(ciphertext) == ciphertext_length(len(opening.bids))


def test_encrypt__any_number_of_bids__four_lengths() -> None:
    lengths = [len(encrypt_opening(KEY.public, make_opening(bids=n))) for n in range(1, 65)]

    assert lengths == [426] * 8 + [714] * 8 + [1290] * 16 + [2442] * 32


def test_encrypt__twice_the_same__nothing_alike() -> None:
    first, second = (encrypt_opening(KEY.public, make_opening()) for _ in range(2))

    assert first[0] == second[0] == 1
    assert first[1:33] != second[1:33]
    assert first[33:] != second[33:]


@pytest.mark.parametrize("public", SMALL_ORDER, ids=bytes.hex)
def test_encrypt__key_that_is_none__refused(public: bytes) -> None:
    with pytest.raises(InputError, match="no key to encrypt to"):
        encrypt_opening(public, make_opening())


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), "00" * 16])
def test_encrypt__key_of_another_length__refused(public: Any) -> None:
    with pytest.raises(InputError, match="is not 32 bytes"):
        encrypt_opening(public, make_opening())


def test_decrypt__key_of_another_book__not_for_it() -> None:
    other = BookKey.generate()

    with pytest.raises(CiphertextNotForKey) as refused:
        decrypt_opening(other, encrypt_opening(KEY.public, make_opening()), **HERE)

    assert refused.value.public == other.public


@pytest.mark.parametrize("place", [1, 33, 49, 425])
def test_decrypt__one_bit_changed__not_for_it(place: int) -> None:
    ciphertext = bytearray(encrypt_opening(KEY.public, make_opening()))
    ciphertext[place] ^= 1

    with pytest.raises(CiphertextNotForKey):
        decrypt_opening(KEY, bytes(ciphertext), **HERE)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_decrypt__another_version__named(version: int) -> None:
    ciphertext = bytes([version]) + encrypt_opening(KEY.public, make_opening())[1:]

    with pytest.raises(CiphertextVersionUnknown) as refused:
        decrypt_opening(KEY, ciphertext, **HERE)

    assert refused.value.version == version


@pytest.mark.parametrize(
    ("field", "there", "name"),
    [
        ("chain_id", CHAIN + 1, "chain id"),
        ("offering_address", OUTSIDER, "offering address"),
        ("offering_id", 2, "offering id"),
        ("bidder", OUTSIDER, "bidder"),
    ],
)
def test_decrypt__copied_from_elsewhere__says_what_differs(field: str, there: Any, name: str) -> None:
    ciphertext = encrypt_opening(KEY.public, make_opening(**{field: there}))

    with pytest.raises(CiphertextForeign) as refused:
        decrypt_opening(KEY, ciphertext, **HERE)

    assert (refused.value.field, refused.value.expected, refused.value.found) == (name, HERE[field], there)


def test_decrypt__address_in_another_spelling__is_the_same() -> None:
    ciphertext = encrypt_opening(KEY.public, make_opening())
    here = HERE | {"offering_address": OFFERING.lower(), "bidder": BIDDER.lower()}

    assert decrypt_opening(KEY, ciphertext, **here) == make_opening()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[:88] + b"\0" + data[89:], "it names 0 bids where there is room for 8"),
        (lambda data: data[:88] + b"\x09" + data[89:], "it names 9 bids where there is room for 8"),
        (lambda data: data[:-1] + b"\x01", "its padding is not empty"),
    ],
    ids=["no-bids", "more-than-room", "padding"],
)
def test_decrypt__well_encrypted_nonsense__malformed(damage: Any, said: str) -> None:
    inside = damage(encode_opening(make_opening()))
    ciphertext = b"\x01" + SealedBox(PublicKey(KEY.public)).encrypt(inside)

    with pytest.raises(CiphertextMalformed) as refused:
        decrypt_opening(KEY, ciphertext, **HERE)

    assert refused.value.reason == said


@given(st.binary(max_size=3000))
def test_decrypt__any_bytes__refused_and_nothing_else(data: bytes) -> None:
    for ciphertext in (data, b"\x01" + data):
        with pytest.raises(CiphertextRefused):
            decrypt_opening(KEY, ciphertext, **HERE)


@settings(max_examples=50)
@given(st.sampled_from(LENGTHS), st.randoms(use_true_random=False), st.sampled_from((None, *SMALL_ORDER)))
def test_decrypt__any_bytes_of_right_length__refused_and_nothing_else(
    length: int, random: Any, ephemeral: bytes | None
) -> None:
    data = random.randbytes(length - 1)
    data = data if ephemeral is None else ephemeral + data[32:]

    with pytest.raises(CiphertextNotForKey):
        decrypt_opening(KEY, b"\x01" + data, **HERE)


@given(st.integers(0, 3000), st.randoms(use_true_random=False))
def test_decrypt__any_plaintext__opening_or_refusal(length: int, random: Any) -> None:
    sealed = SealedBox(PublicKey(KEY.public)).encrypt(random.randbytes(length))

    with pytest.raises(CiphertextRefused):
        decrypt_opening(KEY, b"\x01" + sealed, **HERE)


def test_encode__known_opening__known_bytes() -> None:
    """What was encrypted last year is read next year."""
    written = encode_opening(make_opening(bids=1))

    head = "0000000000007a69" + "0f" * 20 + "0000000000000001" + "b1" * 20 + "00000001" * 8 + "01"
    bid = "0000000001d905c0" + "00000000000f4240" + "c1" * 20
    assert written.hex() == head + bid + "00" * 36 * 7


@given(openings, st.integers(0, 92), st.integers(0, 255))
def test_decode__one_byte_changed__another_opening_or_refused(
    opening: SealedOpening, place: int, value: int
) -> None:
    data = bytearray(encode_opening(opening))
    changed = data[place] != value
    data[place] = value

    try:
        read = decode_opening(bytes(data))
    except ValueError:
        assert changed
    else:
        assert (read != opening) == changed
        assert encode_opening(read) == data


@pytest.mark.parametrize("bids", [0, 65])
def test_opening__no_bids_or_too_many__refused(bids: int) -> None:
    with pytest.raises(InputError, match="an opening has 1 to 64"):
        make_opening(bids=bids)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chain_id": 2**64}, "chain id is out of range"),
        ({"offering_id": -1}, "offering id is out of range"),
        ({"bidder": "x"}, "the bidder is not an address"),
        ({"offering_address": "x"}, "the offering is not an address"),
        ({"salt": bytes(31)}, "the salt is not 32 bytes"),
        ({"bids": (TickBid(-1, 1, CLIENT),)}, "quote of bid 1 is out of range"),
    ],
    ids=str,
)
def test_opening__value_of_another_type__refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        replace(make_opening(), **change)

    assert refused.value.message == said


def test_book_key__to_bytes_and_back__is_the_same() -> None:
    key = BookKey.generate()

    again = BookKey.from_bytes(key.to_bytes())

    assert again == key
    assert hash(again) == hash(key)
    assert again.public == key.public
    assert key != BookKey.generate()
    assert decrypt_opening(again, encrypt_opening(key.public, make_opening()), **HERE) == make_opening()


def test_book_key__secret_of_rfc_7748__its_public_key() -> None:
    key = BookKey.from_bytes(
        bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    )

    assert key.public.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"


@pytest.mark.parametrize("secret", [b"", bytes(31), "0" * 32])
def test_book_key__bytes_of_another_length__refused(secret: Any) -> None:
    with pytest.raises(InputError, match="is not 32 bytes"):
        BookKey.from_bytes(secret)
