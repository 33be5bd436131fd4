"""What the vault keeps of a sealed bid, as the data that is encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from indenture.primary.bids import TickBid
from indenture.sealing._values import bytes32
from indenture.sealing.commitment import NO_CIPHERTEXT, seal_hash
from indenture.sealing.encryption import BookKey
from indenture.sealing.opening import SealedOpening

_VERSION = 1


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """One sealed bid.

    Attributes:
        opening: What opens it.
        ciphertext_hash: Keccak-256 of the ciphertext that went with it; zeros for form SEALED.
        opened: Whether it was marked as opened.
    """

    opening: SealedOpening
    ciphertext_hash: bytes = NO_CIPHERTEXT
    opened: bool = False

    def __post_init__(self) -> None:
        bytes32(self.ciphertext_hash, "the ciphertext's hash")

    @property
    def commitment(self) -> bytes:
        """What the bidder commits to."""
        return self.opening.commitment

    @property
    def seal(self) -> bytes:
        """What the book holds of the bidder once this bid is mined: ``bidOf``."""
        return seal_hash(self.commitment, self.ciphertext_hash)


@dataclass(frozen=True, slots=True)
class KeptBookKey:
    """The key of a book, with the offering that it is for."""

    chain_id: int
    offering_address: str
    offering_id: int
    key: BookKey


@dataclass(frozen=True, slots=True)
class Content:
    """All that a vault holds, oldest first."""

    sealed: tuple[SealedEntry, ...] = field(default=(), repr=False)
    book_keys: tuple[KeptBookKey, ...] = field(default=(), repr=False)


def content_to_bytes(content: Content) -> bytes:
    """The content as JSON."""
    return json.dumps(
        {
            "version": _VERSION,
            "sealed": [_entry_data(entry) for entry in content.sealed],
            "book_keys": [_key_data(kept) for kept in content.book_keys],
        },
        separators=(",", ":"),
    ).encode()


def content_from_bytes(data: bytes) -> Content:
    """The content that ``content_to_bytes`` wrote.

    Raises:
        ValueError: It was written by another version; says so, and nothing of what it holds.
    """
    try:
        document = json.loads(data)
        if document["version"] == _VERSION:
            return Content(
                tuple(_entry(each) for each in document["sealed"]),
                tuple(_key(each) for each in document["book_keys"]),
            )
        reason = f"its content is of version {document['version']}, this program reads version {_VERSION}"
    except Exception:  # noqa: BLE001 (whatever it was, its message might hold a secret)
        reason = "its content has another form than this program writes"
    raise ValueError(reason)


def _entry_data(entry: SealedEntry) -> dict[str, object]:
    opening = entry.opening
    return {
        "chain_id": opening.chain_id,
        "offering_address": opening.offering_address,
        "offering_id": opening.offering_id,
        "bidder": opening.bidder,
        "bids": [[bid.quote, bid.units, bid.account] for bid in opening.bids],
        "salt": opening.salt.hex(),
        "ciphertext_hash": entry.ciphertext_hash.hex(),
        "opened": entry.opened,
    }


def _entry(data: Mapping[str, Any]) -> SealedEntry:
    return SealedEntry(
        SealedOpening(
            chain_id=data["chain_id"],
            offering_address=data["offering_address"],
            offering_id=data["offering_id"],
            bidder=data["bidder"],
            bids=tuple(TickBid(quote, units, account) for quote, units, account in data["bids"]),
            salt=bytes.fromhex(data["salt"]),
        ),
        bytes.fromhex(data["ciphertext_hash"]),
        bool(data["opened"]),
    )


def _key_data(kept: KeptBookKey) -> dict[str, object]:
    return {
        "chain_id": kept.chain_id,
        "offering_address": kept.offering_address,
        "offering_id": kept.offering_id,
        "key": kept.key.to_bytes().hex(),
    }


def _key(data: Mapping[str, Any]) -> KeptBookKey:
    return KeptBookKey(
        chain_id=data["chain_id"],
        offering_address=data["offering_address"],
        offering_id=data["offering_id"],
        key=BookKey.from_bytes(bytes.fromhex(data["key"])),
    )
