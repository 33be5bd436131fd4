"""Commitments: the typed data of eth_account are the oracle."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sealing.builders import BIDDER, CHAIN, CLIENT, OFFERING, OUTSIDER, addresses, tick_bids

from indenture.errors import InputError
from indenture.primary.bids import NON_COMPETITIVE, TickBid
from indenture.sealing import (
    NO_CIPHERTEXT,
    bids_hash,
    ciphertext_hash,
    commitment,
    new_salt,
    opened_hash,
    seal_hash,
)

pytestmark = pytest.mark.unit

SALT = bytes(range(32))
BIDS = (TickBid(31_500_000, 2_000_000, BIDDER), TickBid(NON_COMPETITIVE, 100_000, CLIENT))

TYPES = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "TickBid": [
        {"name": "quote", "type": "uint64"},
        {"name": "units", "type": "uint64"},
        {"name": "account", "type": "address"},
    ],
    "SealedBid": [
        {"name": "offeringId", "type": "uint256"},
        {"name": "bidder", "type": "address"},
        {"name": "bids", "type": "TickBid[]"},
        {"name": "salt", "type": "bytes32"},
    ],
}
uint256s = st.integers(0, 2**256 - 1)
bid_lists = st.lists(tick_bids, max_size=6)


@given(uint256s, addresses, uint256s, addresses, bid_lists, st.binary(min_size=32, max_size=32))
def test_commitment__any_bids__equals_typed_data(
    chain_id: int, offering: str, offering_id: int, bidder: str, bids: list[TickBid], salt: bytes
) -> None:
    made = commitment(chain_id, offering, offering_id, bidder, bids, salt)

    assert made == typed_data_hash(chain_id, offering, offering_id, bidder, bids, salt)


def test_commitment__64_bids__equals_typed_data() -> None:
    bids = [TickBid(i, 2**64 - 1 - i, CLIENT) for i in range(64)]

    assert commitment(1, OFFERING, 7, BIDDER, bids, SALT) == typed_data_hash(
        1, OFFERING, 7, BIDDER, bids, SALT
    )


@pytest.mark.parametrize(
    "change",
    [
        {"chain_id": 1},
        {"offering_address": OUTSIDER},
        {"offering_id": 2},
        {"bidder": OUTSIDER},
        {"bids": BIDS[:1]},
        {"bids": BIDS[::-1]},
        {"bids": (TickBid(31_500_001, 2_000_000, BIDDER), BIDS[1])},
        {"bids": (TickBid(31_500_000, 2_000_001, BIDDER), BIDS[1])},
        {"bids": (TickBid(31_500_000, 2_000_000, CLIENT), BIDS[1])},
        {"salt": bytes(32)},
    ],
    ids=str,
)
def test_commitment__any_part_differs__another(change: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "chain_id": CHAIN,
        "offering_address": OFFERING,
        "offering_id": 1,
        "bidder": BIDDER,
        "bids": BIDS,
        "salt": SALT,
    }

    assert commitment(**fields | change) != commitment(**fields)


@given(bid_lists, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_words__of_seal_and_opened_bids__equal_their_abi_encoding(
    bids: list[TickBid], committed: bytes, hashed: bytes
) -> None:
    seal = encode(["bytes32"] * 3, [keccak(text="Indenture sealed bid"), committed, hashed])
    opened = encode(["bytes32"] * 2, [keccak(text="Indenture opened bids"), bids_hash(bids)])

    assert seal_hash(committed, hashed) == keccak(seal)
    assert opened_hash(bids) == keccak(opened)


def test_seal_hash__no_ciphertext__is_of_zeros() -> None:
    assert ciphertext_hash(b"") == NO_CIPHERTEXT == bytes(32)
    assert ciphertext_hash(b"x") == keccak(b"x")
    assert seal_hash(SALT) == seal_hash(SALT, bytes(32))


def test_bids_hash__spelling_of_an_address__does_not_matter() -> None:
    spellings = (CLIENT, CLIENT.lower(), "0x" + CLIENT[2:].upper())

    assert len({bids_hash([TickBid(1, 2, spelling)]) for spelling in spellings}) == 1


def test_new_salt__asked_often__never_the_same() -> None:
    salts = {new_salt() for _ in range(1000)}

    assert len(salts) == 1000
    assert {len(salt) for salt in salts} == {32}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chain_id": -1}, "chain id is out of range"),
        ({"chain_id": 2**256}, "chain id is out of range"),
        ({"chain_id": True}, "chain id is out of range"),
        ({"offering_id": 1.0}, "offering id is out of range"),
        ({"offering_address": "0x12"}, "offering is not an address"),
        ({"bidder": OFFERING.swapcase().replace("X", "x")}, "bidder is not an address"),
        ({"bidder": "0x" + "\uff10" * 40}, "bidder is not an address"),
        ({"bidder": BIDDER[2:]}, "bidder is not an address"),
        ({"bidder": b"\0" * 20}, "bidder is not an address"),
        ({"salt": b"short"}, "the salt is not 32 bytes"),
        ({"salt": "00" * 16}, "the salt is not 32 bytes"),
        ({"bids": [TickBid(2**64, 1, CLIENT)]}, "quote of bid 1 is out of range"),
        ({"bids": [BIDS[0], TickBid(1, -1, CLIENT)]}, "units of bid 2 is out of range"),
        ({"bids": [TickBid(1, 1, "nobody")]}, "account of bid 1 is not an address"),
    ],
    ids=str,
)
def test_commitment__value_of_another_type__refused(change: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {
        "chain_id": CHAIN,
        "offering_address": OFFERING,
        "offering_id": 1,
        "bidder": BIDDER,
        "bids": BIDS,
        "salt": SALT,
    }

    with pytest.raises(InputError) as refused:
        commitment(**fields | change)

    assert refused.value.message == said


def typed_data_hash(
    chain_id: int, offering: str, offering_id: int, bidder: str, bids: list[TickBid], salt: bytes
) -> bytes:
    """What a wallet would sign."""
    signable = encode_typed_data(
        full_message={
            "types": TYPES,
            "primaryType": "SealedBid",
            "domain": {
                "name": "Indenture Offering",
                "version": "1",
                "chainId": chain_id,
                "verifyingContract": offering,
            },
            "message": {
                "offeringId": offering_id,
                "bidder": bidder,
                "bids": [{"quote": bid.quote, "units": bid.units, "account": bid.account} for bid in bids],
                "salt": salt,
            },
        }
    )
    return keccak(b"\x19" + signable.version + signable.header + signable.body)
