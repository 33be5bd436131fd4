"""Tokenised money."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract


class CashToken(SuiteContract):
    """Money of the depository's members; amounts are base units of its currency."""

    NAME = "CashToken"

    @cached_property
    def name(self) -> str:
        """Its name."""
        return str(self.read("name"))

    @cached_property
    def symbol(self) -> str:
        """Its symbol."""
        return str(self.read("symbol"))

    @cached_property
    def decimals(self) -> int:
        """Digits after the point of a base unit."""
        return int(self.read("decimals"))

    def balance_of(self, account: str, *, block: BlockLike = None) -> int:
        """What an account holds."""
        return int(self.read("balanceOf", account, block=block))

    def balances(self, accounts: Sequence[str], *, block: BlockLike = None) -> list[int]:
        """What many accounts hold, on the same state."""
        return self.chain.call_many([self.call("balanceOf", account) for account in accounts], block)

    def total_supply(self, *, block: BlockLike = None) -> int:
        """What is outstanding."""
        return int(self.read("totalSupply", block=block))

    def supply_limit(self, *, block: BlockLike = None) -> int:
        """The most that may be outstanding."""
        return int(self.read("supplyLimit", block=block))

    def is_trusted_system(self, system: str, *, block: BlockLike = None) -> bool:
        """Whether a contract may move money on its owner's call or signature, without an allowance."""
        return bool(self.read("isTrustedSystem", system, block=block))

    def allowance(self, owner: str, spender: str, *, block: BlockLike = None) -> int:
        """What a spender may take."""
        return int(self.read("allowance", owner, spender, block=block))

    def mint_batch(self, receivers: Sequence[str], amounts: Sequence[int]) -> ContractCall:
        """Issues money to several members; all or none."""
        return self.call("mintBatch", receivers, amounts)

    def burn(self, amount: int) -> ContractCall:
        """Redeems money that the cash issuer holds."""
        return self.call("burn", amount)

    def transfer(self, to: str, amount: int) -> ContractCall:
        """Sends money of the caller."""
        return self.call("transfer", to, amount)

    def approve(self, spender: str, amount: int) -> ContractCall:
        """Lets a spender take money of the caller."""
        return self.call("approve", spender, amount)

    def set_supply_limit(self, limit: int) -> ContractCall:
        """Sets the most that may be outstanding."""
        return self.call("setSupplyLimit", limit)

    def set_trusted_system(self, system: str, *, trusted: bool) -> ContractCall:
        """Trusts a contract to move money without an allowance, or stops trusting it."""
        return self.call("setTrustedSystem", system, trusted)
