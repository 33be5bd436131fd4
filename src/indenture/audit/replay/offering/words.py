"""What the book keeps of a bidder: one word, the hash of his seal or of his opened bids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

NO_WORD = bytes(32)

_TICK_BID = "TickBid(uint64 quote,uint64 units,address account)"
_TICK_BID_TYPE = keccak(text=_TICK_BID)
_SEALED_BID_TYPE = keccak(
    text=f"SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt){_TICK_BID}"
)
_DOMAIN_TYPE = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_SEALED = keccak(text="Indenture sealed bid")
_OPENED = keccak(text="Indenture opened bids")


def sealed_word(commitment: bytes, ciphertext_hash: bytes) -> bytes:
    """The word of a seal."""
    return keccak(encode(("bytes32", "bytes32", "bytes32"), (_SEALED, commitment, ciphertext_hash)))


def opened_word(bids: Sequence[Any]) -> bytes:
    """The word of opened bids."""
    return keccak(encode(("bytes32", "bytes32"), (_OPENED, bids_hash(bids))))


def bids_hash(bids: Sequence[Any]) -> bytes:
    """EIP-712 hash of a list of tick bids."""
    types = ("bytes32", "uint64", "uint64", "address")
    return keccak(
        b"".join(keccak(encode(types, (_TICK_BID_TYPE, bid.quote, bid.units, bid.account))) for bid in bids)
    )


def commitment_of(
    chain_id: int, offering: str, number: int, bidder: str, bids: Sequence[Any], salt: bytes
) -> bytes:
    """EIP-712 hash of what a bidder seals.

    Args:
        chain_id: The chain.
        offering: Address of the Offering.
        number: The offering's number.
        bidder: Who bids.
        bids: His tick bids.
        salt: What hides them.
    """
    domain = keccak(
        encode(
            ("bytes32", "bytes32", "bytes32", "uint256", "address"),
            (_DOMAIN_TYPE, keccak(text="Indenture Offering"), keccak(text="1"), chain_id, offering),
        )
    )
    struct = keccak(
        encode(
            ("bytes32", "uint256", "address", "bytes32", "bytes32"),
            (_SEALED_BID_TYPE, number, bidder, bids_hash(bids), salt),
        )
    )
    return keccak(b"\x19\x01" + domain + struct)
