"""TRADE-1 and TRADE-2: nonces are used once, and a trade is what its two sides signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, History, Transaction
from indenture.audit.replay import World

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
_DOMAIN_TYPE = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)


class SettlementCheck(Check):
    """Each trade; what it moved is compared with UNITS-2 and CASH-2."""

    def __init__(self, world: World, calls: Calls, chain_id: int) -> None:
        super().__init__(world)
        self._calls = calls
        settlement = world.suite.one("Settlement").address
        self._domain = keccak(
            encode(
                ("bytes32", "bytes32", "bytes32", "uint256", "address"),
                (_DOMAIN_TYPE, keccak(text="Indenture Settlement"), keccak(text="1"), chain_id, settlement),
            )
        )

    @staticmethod
    def to_prefetch(history: History) -> Iterator[str]:
        """Transactions that hold a trade: what was signed stands only there."""
        return (tx.tx_hash for tx in history.transactions if tx.named("Settlement", "TradeSettled"))

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
        kind = keccak(text=f"{name}({','.join(f'{sort} {field}' for field, sort in fields)})")
        body = keccak(encode(("bytes32", *(sort for _, sort in fields)), (kind, *signed)))
        digest = keccak(b"\x19\x01" + self._domain + body)
        self.world.expect(
            event, "TRADE-2", "id", digest, event["id"], "not the hash of what both sides signed"
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

    def _told(self, tx: Transaction, event: Event) -> dict[str, Any]:
        """What the event says, and of a clean trade what the one before it says of its price."""
        told = dict(event.args)
        for priced in tx.named("Settlement", "TradePriced"):
            if priced["id"] == event["id"]:
                told |= {name: priced[name] for name in ("cleanAmount", "tradedAt", "accrued", "received")}
        return told
