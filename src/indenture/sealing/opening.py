"""The opening of a sealed bid, and its bytes.

They are padded, so that their length does not tell the number of bids:

    chain id 8 | offering 20 | offering id 8 | bidder 20 | salt 32 | number of bids 1 | bids | zeros
    a bid: quote 8 | units 8 | account 20; numbers are big-endian
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from eth_utils.address import to_checksum_address

from indenture.errors import InputError
from indenture.primary.bids import MAX_BIDS, TickBid
from indenture.sealing._values import address, bytes32, word
from indenture.sealing.commitment import Bid, bids_hash, commitment

#: Numbers of bids that have a length of their own; others are padded up to the next.
STEPS = (8, 16, 32, 64)

_HEAD = struct.Struct(">Q20sQ20s32sB")
_BID = struct.Struct(">QQ20s")
_NUMBER_BITS = 64  # of chain and offering: room enough, and 48 bytes less than as words of the chain


@dataclass(frozen=True, slots=True)
class SealedOpening:
    """All that opens a sealed bid. Secret until the book closes: printed, it shows neither bids nor salt.

    Attributes:
        chain_id: The chain.
        offering_address: The contract.
        offering_id: The offering there.
        bidder: Who sealed.
        bids: 1 to 64 of them, in the order in which they are sealed.
        salt: 32 bytes.

    Raises:
        InputError: A value does not fit its type, or there are no bids or too many.
    """

    chain_id: int
    offering_address: str
    offering_id: int
    bidder: str
    bids: tuple[TickBid, ...] = field(repr=False)
    salt: bytes = field(repr=False)

    def __post_init__(self) -> None:
        word(self.chain_id, "chain id", bits=_NUMBER_BITS)
        word(self.offering_id, "offering id", bits=_NUMBER_BITS)
        bytes32(self.salt, "the salt")
        object.__setattr__(self, "offering_address", checksummed(self.offering_address, "the offering"))
        object.__setattr__(self, "bidder", checksummed(self.bidder, "the bidder"))
        object.__setattr__(self, "bids", _plain(self.bids))

    @property
    def commitment(self) -> bytes:
        """What the bidder commits to, see ``commitment``."""
        return commitment(
            self.chain_id, self.offering_address, self.offering_id, self.bidder, self.bids, self.salt
        )


def encode_opening(opening: SealedOpening) -> bytes:
    """The bytes of an opening; as many for 8 bids as for one."""
    head = _HEAD.pack(
        opening.chain_id,
        address(opening.offering_address, "the offering"),
        opening.offering_id,
        address(opening.bidder, "the bidder"),
        opening.salt,
        len(opening.bids),
    )
    bids = b"".join(_BID.pack(bid.quote, bid.units, address(bid.account, "account")) for bid in opening.bids)
    return (head + bids).ljust(encoded_length(len(opening.bids)), b"\0")


def decode_opening(data: bytes) -> SealedOpening:
    """The opening that ``encode_opening`` wrote.

    Raises:
        ValueError: They are no such bytes; says why, and nothing of what they hold.
    """
    slots = {encoded_length(step): step for step in STEPS}.get(len(data))
    if slots is None:
        raise ValueError(f"{len(data)} bytes are no length of an opening")
    chain_id, offering, offering_id, bidder, salt, count = _HEAD.unpack_from(data)
    if not 1 <= count <= slots:
        raise ValueError(f"it names {count} bids where there is room for {slots}")
    end = _HEAD.size + count * _BID.size
    if any(data[end:]):
        raise ValueError("its padding is not empty")
    return SealedOpening(
        chain_id=chain_id,
        offering_address=to_checksum_address(offering),
        offering_id=offering_id,
        bidder=to_checksum_address(bidder),
        bids=tuple(
            TickBid(quote, units, to_checksum_address(account))
            for quote, units, account in _BID.iter_unpack(data[_HEAD.size : end])
        ),
        salt=salt,
    )


def encoded_length(bids: int) -> int:
    """Bytes of an opening with so many bids, padding included."""
    if not 1 <= bids <= MAX_BIDS:
        raise InputError(
            f"{bids} bids; an opening has 1 to {MAX_BIDS}", hint="Join bids at neighbouring quotes."
        )
    return _HEAD.size + _BID.size * next(step for step in STEPS if bids <= step)


def checksummed(value: str, what: str) -> str:
    """An address in its one spelling.

    Raises:
        InputError: It is no address, or its checksum is wrong.
    """
    return to_checksum_address(address(value, what))


def _plain(bids: Sequence[Bid]) -> tuple[TickBid, ...]:
    encoded_length(len(bids))
    bids_hash(bids)  # every value fits its type
    return tuple(TickBid(bid.quote, bid.units, to_checksum_address(bid.account)) for bid in bids)
