"""Hashes of bids: what the chain holds of them while they are secret, and once they are open.

A commitment binds bids to one chain, one offering and one bidder (EIP-712), so that a copied or kept one is
worth nothing elsewhere; its salt keeps anyone from guessing bids, of which there are few likely ones.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from eth_utils.crypto import keccak

from indenture.sealing._values import address, bytes32, word

#: What stands for the hash of a ciphertext where there is none: form SEALED.
NO_CIPHERTEXT = bytes(32)

_BID_TYPE = "TickBid(uint64 quote,uint64 units,address account)"
_BID_TYPEHASH = keccak(text=_BID_TYPE)
_SEALED_TYPEHASH = keccak(
    text=f"SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt){_BID_TYPE}"
)
_DOMAIN_TYPEHASH = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_DOMAIN_NAME, _DOMAIN_VERSION = keccak(text="Indenture Offering"), keccak(text="1")
_SEAL_TAG = keccak(text="Indenture sealed bid")
_OPENED_TAG = keccak(text="Indenture opened bids")


class Bid(Protocol):
    """One tick bid, as far as it is hashed.

    Attributes:
        quote: Rate in billionths a year, or price in base units for one unit; 2**64 - 1 for none.
        units: Whole bonds.
        account: Who gets them.
    """

    @property
    def quote(self) -> int: ...  # noqa: D102

    @property
    def units(self) -> int: ...  # noqa: D102

    @property
    def account(self) -> str: ...  # noqa: D102


def new_salt() -> bytes:
    """32 bytes that nobody can guess."""
    return secrets.token_bytes(32)


def bids_hash(bids: Sequence[Bid]) -> bytes:
    """EIP-712 hash of the array of bids, in the order given.

    Raises:
        InputError: A quote or units are wider than 64 bits, or an account is no address.
    """
    return keccak(b"".join(_bid_hash(bid, index) for index, bid in enumerate(bids, 1)))


def commitment(
    chain_id: int, offering_address: str, offering_id: int, bidder: str, bids: Sequence[Bid], salt: bytes
) -> bytes:
    """What a bidder commits to: 32 bytes, as ``commitmentOf`` of the contract gives them.

    Args:
        chain_id: The chain.
        offering_address: The contract.
        offering_id: The offering there.
        bidder: Who seals, and nobody else can.
        bids: Ascending by quote and account; the contract opens no others.
        salt: See ``new_salt``.

    Raises:
        InputError: A value does not fit its type.
    """
    struct = keccak(
        _SEALED_TYPEHASH
        + word(offering_id, "offering id")
        + _pad(address(bidder, "bidder"))
        + bids_hash(bids)
        + bytes32(salt, "the salt")
    )
    return keccak(
        b"\x19\x01" + _domain(word(chain_id, "chain id"), address(offering_address, "offering")) + struct
    )


def ciphertext_hash(ciphertext: bytes) -> bytes:
    """Keccak-256 of a ciphertext; zeros for none, as the contract has it in form SEALED."""
    return keccak(ciphertext) if ciphertext else NO_CIPHERTEXT


def seal_hash(commitment: bytes, ciphertext_hash: bytes = NO_CIPHERTEXT) -> bytes:
    """What the book holds of a bidder while his bids are sealed: ``bidOf`` of the contract.

    Args:
        commitment: See ``commitment``.
        ciphertext_hash: See ``ciphertext_hash``.
    """
    return keccak(
        _SEAL_TAG + bytes32(commitment, "the commitment") + bytes32(ciphertext_hash, "the ciphertext's hash")
    )


def opened_hash(bids: Sequence[Bid]) -> bytes:
    """What the book holds of a bidder once his bids are open: ``bidOf`` of the contract."""
    return keccak(_OPENED_TAG + bids_hash(bids))


def _bid_hash(bid: Bid, number: int) -> bytes:
    return keccak(
        _BID_TYPEHASH
        + word(bid.quote, f"quote of bid {number}", bits=64)
        + word(bid.units, f"units of bid {number}", bits=64)
        + _pad(address(bid.account, f"account of bid {number}"))
    )


@lru_cache(maxsize=64)
def _domain(chain_id: bytes, contract: bytes) -> bytes:
    return keccak(_DOMAIN_TYPEHASH + _DOMAIN_NAME + _DOMAIN_VERSION + chain_id + _pad(contract))


def _pad(canonical: bytes) -> bytes:
    return canonical.rjust(32, b"\0")
