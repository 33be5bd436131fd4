"""Delivery versus payment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract
from indenture.dates import to_timestamp
from indenture.models import CleanTrade, SignedCleanTrade, SignedTrade, Trade

_INSTRUCTION = (
    "Instruction(address bond,address cash,address seller,address buyer,uint64 units,uint128 amount,"
    "uint40 validFrom,uint40 deadline,uint256 sellerNonce,uint256 buyerNonce)"
)
_INSTRUCTION_TYPES = (
    "bytes32",
    *("address",) * 4,
    "uint64",
    "uint128",
    "uint40",
    "uint40",
    "uint256",
    "uint256",
)
_INSTRUCTION_HASH = keccak(text=_INSTRUCTION)
_CLEAN_INSTRUCTION = (
    "CleanInstruction(address bond,address cash,address seller,address buyer,uint64 units,"
    "uint128 cleanAmount,uint128 mostAccrued,uint40 tradedAt,uint40 validFrom,uint40 deadline,"
    "uint256 sellerNonce,uint256 buyerNonce)"
)
_CLEAN_INSTRUCTION_TYPES = (
    "bytes32",
    *("address",) * 4,
    "uint64",
    *("uint128",) * 2,
    *("uint40",) * 3,
    *("uint256",) * 2,
)
_CLEAN_INSTRUCTION_HASH = keccak(text=_CLEAN_INSTRUCTION)
_DOMAIN_HASH = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_NAME_HASH = keccak(text="Indenture Settlement")
_VERSION_HASH = keccak(text="1")


class Settlement(SuiteContract):
    """Settles trades on the signatures of both sides."""

    NAME = "Settlement"

    @cached_property
    def domain_separator(self) -> bytes:
        """Binds signatures to this contract and this chain (EIP-712)."""
        types = ("bytes32", "bytes32", "bytes32", "uint256", "address")
        return keccak(
            abi_encode(types, (_DOMAIN_HASH, _NAME_HASH, _VERSION_HASH, self.chain.chain_id, self.address))
        )

    def trade_hash(self, trade: Trade) -> bytes:
        """What both sides sign; computed here, equal to the contract's ``hashOf``."""
        return self._digest(_INSTRUCTION_TYPES, (_INSTRUCTION_HASH, *instruction_of(trade)))

    def clean_trade_hash(self, trade: CleanTrade) -> bytes:
        """What both sides sign of a trade at a clean price; computed here, equal to ``hashOfClean``."""
        return self._digest(_CLEAN_INSTRUCTION_TYPES, (_CLEAN_INSTRUCTION_HASH, *clean_instruction_of(trade)))

    def hash_of(self, trade: Trade, *, block: BlockLike = None) -> bytes:
        """What both sides sign, as the contract computes it."""
        return bytes(self.read("hashOf", instruction_of(trade), block=block))

    def hash_of_clean(self, trade: CleanTrade, *, block: BlockLike = None) -> bytes:
        """What both sides sign of a trade at a clean price, as the contract computes it."""
        return bytes(self.read("hashOfClean", clean_instruction_of(trade), block=block))

    def is_nonce_used(self, account: str, nonce: int, *, block: BlockLike = None) -> bool:
        """Whether a nonce was used or cancelled."""
        return bool(self.read("isNonceUsed", account, nonce, block=block))

    def nonce_words(self, account: str, words: Sequence[int], *, block: BlockLike = None) -> list[int]:
        """Bits of the used nonces of words."""
        return self.chain.call_many([self.call("nonceWord", account, word) for word in words], block)

    def settle(self, signed: SignedTrade) -> ContractCall:
        """Settles a trade that both sides signed."""
        return self.call(
            "settle", instruction_of(signed.trade), signed.seller_signature, signed.buyer_signature
        )

    def settle_clean(self, signed: SignedCleanTrade) -> ContractCall:
        """Settles a trade at a clean price that both sides signed."""
        return self.call(
            "settleClean", clean_instruction_of(signed.trade), signed.seller_signature, signed.buyer_signature
        )

    def cancel(self, word: int, mask: int) -> ContractCall:
        """Withdraws the caller's instructions with these nonces."""
        return self.call("cancel", word, mask)

    def _digest(self, types: Sequence[str], values: Sequence[object]) -> bytes:
        content = keccak(abi_encode(types, values))
        return bytes(keccak(b"\x19\x01" + self.domain_separator + content))


def instruction_of(trade: Trade) -> tuple[str, str, str, str, int, int, int, int, int, int]:
    """The struct of the chain."""
    return (
        trade.bond,
        trade.cash,
        trade.seller,
        trade.buyer,
        trade.units,
        trade.amount.base,
        to_timestamp(trade.valid_from),
        to_timestamp(trade.deadline),
        trade.seller_nonce,
        trade.buyer_nonce,
    )


def clean_instruction_of(
    trade: CleanTrade,
) -> tuple[str, str, str, str, int, int, int, int, int, int, int, int]:
    """The struct of the chain for a trade at a clean price."""
    return (
        trade.bond,
        trade.cash,
        trade.seller,
        trade.buyer,
        trade.units,
        trade.clean.base,
        trade.most_accrued.base,
        to_timestamp(trade.traded_at),
        to_timestamp(trade.valid_from),
        to_timestamp(trade.deadline),
        trade.seller_nonce,
        trade.buyer_nonce,
    )
