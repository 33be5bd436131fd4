"""Openings encrypted to the key of a book, so that the bookrunner can open them after the close.

A sealed box of libsodium (X25519, XSalsa20, Poly1305) with a fresh key of its sender each time: not even the
bidder can read it again. The first byte is the version of the format, in the clear. A ciphertext does not
prove who made it: the opening inside names chain, offering and bidder, and must fit the commitment on chain.
"""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from indenture.errors import InputError
from indenture.sealing._values import bytes32
from indenture.sealing.errors import (
    CiphertextForeign,
    CiphertextMalformed,
    CiphertextNotForKey,
    CiphertextVersionUnknown,
)
from indenture.sealing.opening import (
    STEPS,
    SealedOpening,
    checksummed,
    decode_opening,
    encode_opening,
    encoded_length,
)

VERSION = 1

_BOX_OVERHEAD = 48  # a public key, and an authenticator of 16 bytes
_LENGTHS = frozenset(1 + _BOX_OVERHEAD + encoded_length(step) for step in STEPS)


class BookKey:
    """The X25519 key pair of one book. Take a new one for each: who has it reads all its bids.

    Attributes:
        public: What ``acceptMandate`` publishes, 32 bytes.
    """

    __slots__ = ("_private", "public")

    def __init__(self, private: PrivateKey) -> None:
        self._private = private
        self.public = bytes(private.public_key)

    @classmethod
    def generate(cls) -> BookKey:
        """A new pair."""
        return cls(PrivateKey.generate())

    @classmethod
    def from_bytes(cls, secret: bytes) -> BookKey:
        """The pair of a secret key.

        Raises:
            InputError: It is not 32 bytes.
        """
        return cls(PrivateKey(bytes32(secret, "the secret key")))

    def unbox(self, sealed: bytes) -> bytes:
        """What was encrypted to this key.

        Raises:
            CiphertextNotForKey: It was encrypted to another key, or damaged.
        """
        try:
            return SealedBox(self._private).decrypt(sealed)
        except CryptoError:
            raise CiphertextNotForKey(self.public) from None

    def to_bytes(self) -> bytes:
        """The secret key, 32 bytes: keep it in a vault."""
        return bytes(self._private)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BookKey) and self.public == other.public

    def __hash__(self) -> int:
        return hash(self.public)

    def __repr__(self) -> str:
        return f"BookKey(public=0x{self.public.hex()})"


def ciphertext_length(bids: int) -> int:
    """Bytes of the ciphertext of so many bids.

    Raises:
        InputError: A bidder has 1 to 64 bids.
    """
    return 1 + _BOX_OVERHEAD + encoded_length(bids)


def encrypt_opening(public_key: bytes, opening: SealedOpening) -> bytes:
    """Encrypts an opening to the key of a book.

    Args:
        public_key: ``encryptionKey`` of the book, 32 bytes.
        opening: What to encrypt.

    Returns:
        426 bytes for up to 8 bids, 714 up to 16, 1,290 up to 32, 2,442 up to 64.

    Raises:
        InputError: The key is none; zero for instance, as it is where the book is not ENCRYPTED.
    """
    box = SealedBox(PublicKey(bytes32(public_key, "the book's key")))
    try:
        sealed = box.encrypt(encode_opening(opening))
    except CryptoError:
        raise InputError(
            f"0x{public_key.hex()} is no key to encrypt to: anyone could read it",
            hint="Take the key that the bookrunner published; only an ENCRYPTED book has one.",
        ) from None
    return bytes([VERSION]) + sealed


def decrypt_opening(
    key: BookKey, ciphertext: bytes, *, chain_id: int, offering_address: str, offering_id: int, bidder: str
) -> SealedOpening:
    """Decrypts the ciphertext that a bidder published with his seal.

    What comes back is for this chain, offering and bidder; whether it is what he committed to, its
    ``commitment`` says.

    Args:
        key: The key of the book.
        ciphertext: Any bytes.
        chain_id: Where it was published, as all that follows.
        offering_address: The contract.
        offering_id: The offering there.
        bidder: Who published it.

    Raises:
        CiphertextMalformed: It is none, or what is inside is no opening.
        CiphertextVersionUnknown: It is of another version.
        CiphertextNotForKey: It was encrypted to another key, or damaged.
        CiphertextForeign: It is of another chain, offering or bidder.
        InputError: ``offering_address`` or ``bidder`` is not an address.
    """
    offering_address, bidder = (
        checksummed(offering_address, "the offering"),
        checksummed(bidder, "the bidder"),
    )
    opening = _decoded(_unboxed(key, bytes(ciphertext)))
    compared: tuple[tuple[str, int | str, int | str], ...] = (
        ("chain id", chain_id, opening.chain_id),
        ("offering address", offering_address, opening.offering_address),
        ("offering id", offering_id, opening.offering_id),
        ("bidder", bidder, opening.bidder),
    )
    for field, expected, found in compared:
        if expected != found:
            raise CiphertextForeign(field, expected, found)
    return opening


def _unboxed(key: BookKey, ciphertext: bytes) -> bytes:
    if not ciphertext:
        raise CiphertextMalformed("it is empty")
    if ciphertext[0] != VERSION:
        raise CiphertextVersionUnknown(ciphertext[0], VERSION)
    if len(ciphertext) not in _LENGTHS:
        raise CiphertextMalformed(f"{len(ciphertext)} bytes are no length of one")
    return key.unbox(ciphertext[1:])


def _decoded(data: bytes) -> SealedOpening:
    try:
        return decode_opening(data)
    except ValueError as fault:
        raise CiphertextMalformed(str(fault)) from None
