"""A contract wallet: an account that signs by ERC-1271."""

from __future__ import annotations

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract
from indenture.errors import InputError

_VALID = bytes.fromhex("1626ba7e")


class OwnerWallet(SuiteContract):
    """A wallet with one owner; an example of an account that is a contract."""

    NAME = "OwnerWallet"

    def owner(self, *, block: BlockLike = None) -> str:
        """The key that acts and signs for it."""
        return str(self.read("OWNER", block=block))

    def is_valid_signature(self, digest: bytes, signature: bytes, *, block: BlockLike = None) -> bool:
        """Whether the wallet stands by a signature (ERC-1271)."""
        return bytes(self.read("isValidSignature", digest, signature, block=block)) == _VALID

    def execute(self, call: ContractCall) -> ContractCall:
        """Makes a call as the wallet; the owner sends it."""
        if call.to is None or call.value:
            raise InputError("the wallet only calls contracts, and sends no coin along")
        return self.call("execute", call.to, call.data)
