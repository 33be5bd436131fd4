"""NOTE-10: what came through another contract, which the checks cannot hold against a call."""

from __future__ import annotations

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.checks.callers import actor_of
from indenture.audit.replay import World
from indenture.audit.replay.strangers import CONSTRUCTOR

_CAUSED = ("Transfer", "Approval", "PermitUsed", "TradeSettled")
"""Events that name no actor, and have one: who moved, approved or signed."""
_BUILT = ("AuthorityUpdated", "RoleGranted", "SupplyLimitSet")
"""What the constructors of the suite say."""


class StrangerCheck(Check):
    """Counts, contract by contract; a notice tells of it."""

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @classmethod
    def concerns(cls, kind: str, name: str) -> bool:
        """Nothing: it looks at whole transactions."""
        del kind, name
        return False

    def _close(self) -> None:
        call = self._calls.seen(self.tx.tx_hash)
        if call is None or call.to in self.world.suite.targets:
            return
        caused = [e for e in self.tx.events if e.name in _CAUSED or actor_of(e)]
        if call.to is None:
            caused = [event for event in caused if event.name not in _BUILT]
        if caused:
            self.world.strangers.take(call.to or CONSTRUCTOR, self.tx.block, caused)
