"""Sealed bids to test with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from hypothesis import strategies as st

from indenture.primary.bids import TickBid
from indenture.sealing import SealedEntry, SealedOpening, Vault, Work

CHAIN = 31337
OFFERING = to_checksum_address("0x" + "0f" * 20)
BIDDER = to_checksum_address("0x" + "b1" * 20)
CLIENT = to_checksum_address("0x" + "c1" * 20)
OUTSIDER = to_checksum_address("0x" + "d1" * 20)
PASSPHRASE = "correct horse battery staple"

HERE: dict[str, Any] = {
    "chain_id": CHAIN,
    "offering_address": OFFERING,
    "offering_id": 1,
    "bidder": BIDDER,
}

addresses = st.binary(min_size=20, max_size=20).map(to_checksum_address)
uint64s = st.integers(0, 2**64 - 1)
tick_bids = st.builds(TickBid, uint64s, uint64s, addresses)
openings = st.builds(
    SealedOpening,
    chain_id=uint64s,
    offering_address=addresses,
    offering_id=uint64s,
    bidder=addresses,
    bids=st.lists(tick_bids, min_size=1, max_size=64).map(tuple),
    salt=st.binary(min_size=32, max_size=32),
)


def make_opening(*, bids: int = 2, salt: int = 1, **changes: Any) -> SealedOpening:
    """An opening of so many bids, with a salt of its own for each number."""
    fields: dict[str, Any] = {
        **HERE,
        "bids": tuple(TickBid(31_000_000 + 100_000 * i, 1_000_000 + i, CLIENT) for i in range(bids)),
        "salt": salt.to_bytes(4, "big") * 8,
        **changes,
    }
    return SealedOpening(**fields)


def make_entry(*, ciphertext_hash: bytes = bytes(32), **changes: Any) -> SealedEntry:
    """What a vault keeps of such an opening."""
    return SealedEntry(make_opening(**changes), ciphertext_hash)


def open_vault(path: Path, passphrase: str = PASSPHRASE, **options: Any) -> Vault:
    """A vault whose passphrase costs little; a new one where there is none."""
    return Vault(path, passphrase, **{"create": True, "work": Work.MINIMAL, **options})
