"""EIP-712 by hand: the tests must not share code with what they test."""

from typing import Any

from eth_abi.abi import encode
from eth_keys.datatypes import Signature
from eth_utils.crypto import keccak
from tests.evm.chain import CHAIN_ID, Actor

DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
PERMIT_TYPE = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
INSTRUCTION_FIELDS = (
    ("address", "bond"),
    ("address", "cash"),
    ("address", "seller"),
    ("address", "buyer"),
    ("uint64", "units"),
    ("uint128", "amount"),
    ("uint40", "validFrom"),
    ("uint40", "deadline"),
    ("uint256", "sellerNonce"),
    ("uint256", "buyerNonce"),
)
INSTRUCTION_TYPE = f"Instruction({','.join(' '.join(field) for field in INSTRUCTION_FIELDS)})"
CLEAN_FIELDS = (
    *INSTRUCTION_FIELDS[:5],
    ("uint128", "cleanAmount"),
    ("uint128", "mostAccrued"),
    ("uint40", "tradedAt"),
    *INSTRUCTION_FIELDS[6:],
)
CLEAN_TYPE = f"CleanInstruction({','.join(' '.join(field) for field in CLEAN_FIELDS)})"
BID_TYPE = "TickBid(uint64 quote,uint64 units,address account)"
SEALED_BID_TYPE = f"SealedBid(uint256 offeringId,address bidder,TickBid[] bids,bytes32 salt){BID_TYPE}"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def domain(name: str, contract: Any, chain_id: int = CHAIN_ID) -> bytes:
    types = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    address = getattr(contract, "address", contract)
    return keccak(
        encode(types, [keccak(text=DOMAIN_TYPE), keccak(text=name), keccak(text="1"), chain_id, address])
    )


def digest(domain_separator: bytes, struct_hash: bytes) -> bytes:
    return keccak(b"\x19\x01" + domain_separator + struct_hash)


def permit_digest(separator: bytes, owner: str, spender: str, value: int, nonce: int, deadline: int) -> bytes:
    types = ["bytes32", "address", "address", "uint256", "uint256", "uint256"]
    values = [keccak(text=PERMIT_TYPE), str(owner), str(spender), value, nonce, deadline]
    return digest(separator, keccak(encode(types, values)))


def instruction_digest(contract: Any, trade: Any, chain_id: int = CHAIN_ID) -> bytes:
    return _trade_digest(contract, trade, INSTRUCTION_TYPE, INSTRUCTION_FIELDS, chain_id)


def clean_digest(contract: Any, trade: Any, chain_id: int = CHAIN_ID) -> bytes:
    return _trade_digest(contract, trade, CLEAN_TYPE, CLEAN_FIELDS, chain_id)


def _trade_digest(
    contract: Any, trade: Any, kind: str, fields: tuple[tuple[str, str], ...], chain_id: int
) -> bytes:
    types = ["bytes32", *(field for field, _ in fields)]
    found = [trade[name] for _, name in fields]
    values = [keccak(text=kind), *(str(v) if isinstance(v, str) else v for v in found)]
    return digest(domain("Indenture Settlement", contract, chain_id), keccak(encode(types, values)))


def sign(signer: Actor, message: bytes) -> bytes:
    """65 bytes: r, s, v."""
    made = signer.key.sign_msg_hash(message)
    return made.r.to_bytes(32) + made.s.to_bytes(32) + bytes([made.v + 27])


def recovered(message: bytes, signature: bytes) -> str:
    """The account that a signature belongs to, were it for this message."""
    parts = (signature[64] - 27, int.from_bytes(signature[:32]), int.from_bytes(signature[32:64]))
    return Signature(vrs=parts).recover_public_key_from_msg_hash(message).to_address()


def compact(signature: bytes) -> bytes:
    """The 64 bytes of ERC-2098."""
    s = int.from_bytes(signature[32:64]) | (signature[64] - 27) << 255
    return signature[:32] + s.to_bytes(32)


def malleated(signature: bytes) -> bytes:
    """The other signature with the same meaning, with s in the upper half."""
    s = ORDER - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes([55 - signature[64]])


def bids_hash(bids: Any) -> bytes:
    """EIP-712 hash of an array of tick bids."""
    kind, types = keccak(text=BID_TYPE), ["bytes32", "uint64", "uint64", "address"]
    return keccak(b"".join(keccak(encode(types, [kind, b.quote, b.units, str(b.account)])) for b in bids))


def commitment(
    contract: Any, offering_id: int, bidder: str, bids: Any, salt: bytes, chain_id: int = CHAIN_ID
) -> bytes:
    """What a bidder seals."""
    types = ["bytes32", "uint256", "address", "bytes32", "bytes32"]
    values = [keccak(text=SEALED_BID_TYPE), offering_id, str(bidder), bids_hash(bids), salt]
    return digest(domain("Indenture Offering", contract, chain_id), keccak(encode(types, values)))


def sealed_word(commitment: bytes, ciphertext_hash: bytes = bytes(32)) -> bytes:
    """What the book holds of a sealed bid."""
    return keccak(encode(["bytes32"] * 3, [keccak(text="Indenture sealed bid"), commitment, ciphertext_hash]))


def opened_word(bids: Any) -> bytes:
    """What the book holds of opened bids."""
    return keccak(encode(["bytes32"] * 2, [keccak(text="Indenture opened bids"), bids_hash(bids)]))
