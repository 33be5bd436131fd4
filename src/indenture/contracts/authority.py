"""Who may call which function of which contract."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract

#: The role that every function belongs to which was given no other.
ADMIN = 0


class Authority(SuiteContract):
    """OpenZeppelin's AccessManager."""

    NAME = "Authority"

    def has_role(self, role: int, account: str, *, block: BlockLike = None) -> bool:
        """Whether an account holds a role, and may use it without delay."""
        member, delay = self.read("hasRole", role, account, block=block)
        return bool(member) and delay == 0

    def function_role(self, target: str, selector: bytes, *, block: BlockLike = None) -> int:
        """The role that a function of a contract belongs to."""
        return int(self.read("getTargetFunctionRole", target, selector, block=block))

    def can_call(self, caller: str, target: str, selector: bytes, *, block: BlockLike = None) -> bool:
        """Whether an account may call a function of a contract at once."""
        return bool(self.read("canCall", caller, target, selector, block=block)[0])

    def label_role(self, role: int, label: str) -> ContractCall:
        """Gives a role a name."""
        return self.call("labelRole", role, label)

    def grant_role(self, role: int, account: str) -> ContractCall:
        """Grants a role without delay."""
        return self.call("grantRole", role, account, 0)

    def set_function_role(self, target: str, selectors: Sequence[bytes], role: int) -> ContractCall:
        """Gives functions of a contract to a role."""
        return self.call("setTargetFunctionRole", target, list(selectors), role)

    def multicall(self, calls: Sequence[ContractCall]) -> ContractCall:
        """Several calls of this contract in one transaction; all or none."""
        return self.call("multicall", [call.data for call in calls])
