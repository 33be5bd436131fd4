"""UNITS-6: powers of the law and what they did, one for one."""

from __future__ import annotations

from collections import Counter

from indenture.audit.checks.base import Check
from indenture.audit.checks.powers import selector
from indenture.audit.events import Event, Transaction
from indenture.audit.replay.approvals import ENDLESS
from indenture.audit.replay.register import ALL_FROZEN


class StatutoryCheck(Check):
    """Freezes and forced transfers."""

    NAMES = ("Frozen",)

    def _look(self, event: Event) -> None:
        register = self.world.bonds.get(event.address)
        if register is None or event.name != "Frozen":
            return
        if (event.address, event["account"], event["amount"]) in self._freezes(self.tx):
            return
        # Else a forced transfer that took frozen units along, and thaws as many as it took.
        before = register.entries[event["account"]].frozen
        free = register.free_of(event["account"])
        thawed = [
            before - (e["amount"] - free)
            for e in self.tx.named("Bond", "ForcedTransfer")
            if (e.address, e["from"]) == (event.address, event["account"]) and e["amount"] > free
        ]
        if event["amount"] not in thawed:
            self.world.differ(
                event,
                "UNITS-6",
                "amount",
                " or ".join(map(str, thawed)) or "no change",
                event["amount"],
                "units were frozen or thawed, and no power was named",
            )

    def _close(self) -> None:
        """As many powers as acts, with the same accounts and amounts."""
        forced = Counter((e.address, e["from"], e["amount"]) for e in self.tx.named("Bond", "ForcedTransfer"))
        frozen = Counter((e.address, e["account"], e["amount"]) for e in self.tx.named("Bond", "Frozen"))
        self._match(self.tx, forced, self._powers(self.tx, "forcedTransfer"))
        freezes = self._freezes(self.tx)
        self._match(self.tx, Counter({act: min(n, frozen[act]) for act, n in freezes.items()}), freezes)

    def _match(
        self, tx: Transaction, acts: Counter[tuple[str, str, int]], powers: Counter[tuple[str, str, int]]
    ) -> None:
        for act in (acts - powers) + (powers - acts):
            place = next(e for e in reversed(tx.events) if e.address == act[0])
            self.world.differ(
                place,
                "UNITS-6",
                act[1],
                f"{acts[act]} act(s)",
                f"{powers[act]} power(s)",
                f"powers named and acts done differ, for {act[2]} units",
            )

    def _freezes(self, tx: Transaction) -> Counter[tuple[str, str, int]]:
        """The freezes that powers name; an amount beyond all units is shown as endless."""
        return Counter(
            {
                (bond, account, units if units < ALL_FROZEN else ENDLESS): n
                for (bond, account, units), n in self._powers(tx, "setFrozenTokens").items()
            }
        )

    def _powers(self, tx: Transaction, function: str) -> Counter[tuple[str, str, int]]:
        return Counter(
            (e.address, e["account"], e["units"])
            for e in tx.named("Bond", "StatutoryPowerUsed")
            if e["power"] == selector("Bond", function)
        )
