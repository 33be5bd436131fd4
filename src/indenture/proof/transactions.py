"""Transactions: their encoding, hash and sender, and the root of those of a block.

Source: Ethereum Yellow Paper, section 4.2; EIP-155 (replay protection), EIP-2930 (access lists), EIP-1559,
EIP-4844 (blobs), EIP-7702 (set code).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coincurve import PublicKey

from indenture.proof.fault import ProofFault, field, maybe, octets, quantity, sequence
from indenture.proof.hashing import keccak
from indenture.proof.rlp import encode_bytes, encode_int, encode_list
from indenture.proof.trie import list_root

Encoder = Callable[[Any, str], bytes]


def _number(value: Any, what: str) -> bytes:
    return encode_int(quantity(value, what))


def _data(value: Any, what: str) -> bytes:
    return encode_bytes(octets(value, what))


def _address(value: Any, what: str) -> bytes:
    return encode_bytes(octets(value, what, 20))


def _word(value: Any, what: str) -> bytes:
    return encode_bytes(octets(value, what, 32))


def _to(value: Any, what: str) -> bytes:
    return encode_bytes(b"") if value is None else _address(value, what)


def _words(value: Any, what: str) -> bytes:
    return encode_list([_word(word, what) for word in sequence(value, what)])


def _access_list(value: Any, what: str) -> bytes:
    return encode_list(
        encode_list((_address(field(entry, "address"), what), _words(field(entry, "storageKeys"), what)))
        for entry in sequence(value, what)
    )


def _authorizations(value: Any, what: str) -> bytes:
    return encode_list(
        encode_list(
            (
                _number(field(entry, "chainId"), what),
                _address(field(entry, "address"), what),
                _number(field(entry, "nonce"), what),
                _number(_parity(entry), what),
                _number(field(entry, "r"), what),
                _number(field(entry, "s"), what),
            )
        )
        for entry in sequence(value, what)
    )


_CHAIN: tuple[tuple[str, Encoder], ...] = (("chainId", _number), ("nonce", _number))
_PRICE: tuple[tuple[str, Encoder], ...] = (("gasPrice", _number),)
_FEES: tuple[tuple[str, Encoder], ...] = (("maxPriorityFeePerGas", _number), ("maxFeePerGas", _number))
_CALL: tuple[tuple[str, Encoder], ...] = (("gas", _number), ("to", _to), ("value", _number), ("input", _data))
_ACCESS: tuple[tuple[str, Encoder], ...] = (("accessList", _access_list),)
_BLOBS: tuple[tuple[str, Encoder], ...] = (("maxFeePerBlobGas", _number), ("blobVersionedHashes", _words))
_SET_CODE: tuple[tuple[str, Encoder], ...] = (("authorizationList", _authorizations),)
_FIELDS: dict[int, tuple[tuple[str, Encoder], ...]] = {
    0: (("nonce", _number), *_PRICE, *_CALL),
    1: (*_CHAIN, *_PRICE, *_CALL, *_ACCESS),
    2: (*_CHAIN, *_FEES, *_CALL, *_ACCESS),
    3: (*_CHAIN, *_FEES, *_CALL, *_ACCESS, *_BLOBS),
    4: (*_CHAIN, *_FEES, *_CALL, *_ACCESS, *_SET_CODE),
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction whose hash was recomputed.

    Attributes:
        hash: Keccak-256 of its encoding.
        encoded: As the block's root takes it.
        signed: The hash that its sender signed.
        parity: Which of the two points of the signature's ``r``: 0 or 1.
        r: Of the signature.
        s: Of the signature.
    """

    hash: bytes
    encoded: bytes
    signed: bytes
    parity: int
    r: int
    s: int

    def sender(self) -> str:
        """Who signed it, as lower-case hex.

        Raises:
            ProofFault: Nobody can have made that signature.
        """
        signature = self.r.to_bytes(32, "big") + self.s.to_bytes(32, "big") + bytes((self.parity,))
        try:
            key = PublicKey.from_signature_and_message(signature, self.signed, hasher=None)
        except Exception as fault:  # noqa: BLE001  (the library raises bare ``Exception``)
            raise ProofFault(
                f"the signature of transaction 0x{self.hash.hex()}", "one of secp256k1", fault
            ) from None
        return "0x" + keccak(key.format(compressed=False)[1:])[12:].hex()


def transaction_of(raw: object) -> Transaction:
    """A transaction as ``eth_getTransactionByHash`` gives it, or a block with its transactions.

    Raises:
        ProofFault: It is of an unknown type, a field is missing or malformed, or it does not hash to the hash
            that is given.
    """
    kind = kind_of(raw, "transaction")
    if kind not in _FIELDS:
        raise ProofFault("the type of a transaction", "0 to 4", f"{kind} (0x{kind:x})")
    fields = [encode(maybe(raw, name), name) for name, encode in _FIELDS[kind]]
    r, s = quantity(field(raw, "r"), "r"), quantity(field(raw, "s"), "s")
    if kind == 0:
        v = quantity(field(raw, "v"), "v")
        parity, replay = _legacy(v)
        signed, prefix = encode_list([*fields, *replay]), b""
    else:
        v = parity = quantity(_parity(raw), "yParity")
        prefix = bytes((kind,))
        signed = prefix + encode_list(fields)
    if parity > 1:
        raise ProofFault("the parity of a signature", "0 or 1", parity)
    encoded = prefix + encode_list([*fields, encode_int(v), encode_int(r), encode_int(s)])
    digest, given = keccak(encoded), octets(field(raw, "hash"), "hash", 32)
    if digest != given:
        raise ProofFault("the hash of a transaction", digest, given)
    return Transaction(digest, encoded, keccak(signed), parity, r, s)


def transactions_root(raws: Sequence[object]) -> bytes:
    """The root of a block's transactions, each held against its hash.

    Raises:
        ProofFault: See ``transaction_of``.
    """
    return list_root([transaction_of(raw).encoded for raw in raws])


def sender_of(raw: object) -> str:
    """Who signed a transaction, as lower-case hex.

    Raises:
        ProofFault: See ``transaction_of`` and ``Transaction.sender``.
    """
    return transaction_of(raw).sender()


def kind_of(raw: object, what: str) -> int:
    """The type of a transaction or a receipt (EIP-2718); 0 where none is given."""
    kind = maybe(raw, "type")
    return 0 if kind is None else quantity(kind, f"the type of a {what}")


def _legacy(v: int) -> tuple[int, tuple[bytes, ...]]:
    """Parity and the fields that replay protection adds to what is signed."""
    if v in (27, 28):
        return v - 27, ()
    if v < 35:
        raise ProofFault("v of a signature", "27, 28, or 35 and more", v)
    chain_id, parity = divmod(v - 35, 2)
    return parity, (encode_int(chain_id), encode_int(0), encode_int(0))


def _parity(raw: object) -> Any:
    """Nodes before Cancun call it ``v``."""
    given = maybe(raw, "yParity")
    return field(raw, "v") if given is None else given
