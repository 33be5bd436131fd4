"""TRADE-1 and TRADE-2: nonces are used once, and a trade is what its two sides signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.signatures import digest_of, domain_of, signer_of

_BEFORE = (
    ("bond", "address"),
    ("cash", "address"),
    ("seller", "address"),
    ("buyer", "address"),
    ("units", "uint64"),
)
_AFTER = (
    ("validFrom", "uint40"),
    ("deadline", "uint40"),
    ("sellerNonce", "uint256"),
    ("buyerNonce", "uint256"),
)
# What both sides sign, by the function that takes it: its name, and its fields.
_SIGNED = {
    "settle": ("Instruction", (*_BEFORE, ("amount", "uint128"), *_AFTER)),
    "settleClean": (
        "CleanInstruction",
        (*_BEFORE, ("cleanAmount", "uint128"), ("mostAccrued", "uint128"), ("tradedAt", "uint40"), *_AFTER),
    ),
}
_BOUNDS = ("validFrom", "deadline", "mostAccrued")


class SettlementCheck(Check):
    """Each trade; what it moved is compared with UNITS-2 and CASH-2."""

    NAMES = ("TradeSettled",)

    def __init__(self, world: World, calls: Calls, chain_id: int) -> None:
        super().__init__(world)
        self._calls = calls
        self._domain = domain_of("Indenture Settlement", chain_id, world.suite.one("Settlement").address)

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Transactions that hold a trade: what was signed stands only there."""
        return (tx.tx_hash for tx in transactions if tx.named("Settlement", "TradeSettled"))

    def _look(self, event: Event) -> None:
        if event.name != "TradeSettled":
            return
        for side in ("seller", "buyer"):
            account, nonce = event[side], event[f"{side}Nonce"]
            if self.world.settlement.is_used(account, nonce):
                self.world.differ(
                    event,
                    "TRADE-1",
                    f"{side}Nonce",
                    "an unused nonce",
                    nonce,
                    f"{account} had used it before",
                )
        self._signed(self.tx, event)

    def _signed(self, tx: Transaction, event: Event) -> None:
        call = self._calls.get(tx.tx_hash)
        decoded = call.decode("Settlement") if call and call.to == event.address else None
        if decoded is None or decoded[0] not in _SIGNED:
            return  # it came through another contract: what was signed is not in sight
        signed, (name, fields) = decoded[1].instruction, _SIGNED[decoded[0]]
        told = self._told(tx, event)
        for field, _ in fields:
            if field not in _BOUNDS:
                asked, found = getattr(signed, field), told.get(field)
                self.world.expect(event, "TRADE-2", field, asked, found, "not what both sides signed")
        beyond = abs(told.get("accrued", 0) - told.get("received", 0))
        if beyond > getattr(signed, "mostAccrued", beyond):
            message = "more than both sides signed for interest"
            self.world.differ(event, "TRADE-2", "mostAccrued", signed.mostAccrued, beyond, message)
        if decoded[0] == "settle" and "tradedAt" in told:
            message = "both sides signed an amount, not a clean price"
            self.world.differ(event, "TRADE-2", "tradedAt", "none", told["tradedAt"], message)
        digest = digest_of(self._domain, name, fields, signed)
        self.world.expect(
            event, "TRADE-2", "id", digest, event["id"], "not the hash of what both sides signed"
        )
        for side in ("seller", "buyer"):
            self._signature(
                event, side, getattr(signed, side), digest, getattr(decoded[1], f"{side}Signature")
            )
        if not signed.validFrom <= event.time <= signed.deadline:
            self.world.differ(
                event,
                "TRADE-2",
                "time",
                f"{signed.validFrom} to {signed.deadline}",
                event.time,
                "it settled outside the time that both sides agreed",
            )

    def _signature(self, event: Event, side: str, account: str, digest: bytes, signature: bytes) -> None:
        """A key's is recovered; what a contract signs is its own affair."""
        signer = signer_of(digest, signature)
        if signer != account and not self._calls.is_contract(account, event.block):
            message = f"the {side} did not sign this trade"
            self.world.differ(event, "TRADE-2", f"{side}Signature", account, signer, message)

    def _told(self, tx: Transaction, event: Event) -> dict[str, Any]:
        """What the event says, and of a clean trade what the one before it says of its price."""
        told = dict(event.args)
        for priced in tx.named("Settlement", "TradePriced"):
            if priced["id"] == event["id"]:
                told |= {name: priced[name] for name in ("cleanAmount", "tradedAt", "accrued", "received")}
        return told
