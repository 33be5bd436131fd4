"""ALLOW-1 and ALLOW-2: what is left of an allowance, and whose permits were used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.calls import Calls, DirectCall
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.signatures import digest_of, domain_of, signer_of

_PERMIT = (
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
"""What an owner signs, on a bond and on a cash token (ERC-2612)."""


class ApprovalCheck(Check):
    """Holds each approval, permit and spending against the call that asked for it."""

    NAMES = ("Approval", "PermitUsed")

    def __init__(self, world: World, calls: Calls, chain_id: int) -> None:
        super().__init__(world)
        self._calls, self._chain_id = calls, chain_id

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction in which an allowance changed."""
        for tx in transactions:
            if any(e.name in ("Approval", "PermitUsed") for e in tx.events):
                yield tx.tx_hash

    def _look(self, event: Event) -> None:
        if event.kind == "Bond" and event.address not in self.world.bonds:
            return
        if event.name == "PermitUsed":
            self._permit(event)
        elif event.name == "Approval":
            self._approval(event)

    def _permit(self, event: Event) -> None:
        nonce = self.world.approvals(event.address).nonces[event["owner"]]
        self.world.expect(event, "ALLOW-2", "nonce", nonce, event["nonce"], "permits are used in turn")
        if _said(self._beside(event, 1)) != ("Approval", event["owner"]):
            self._differ(event, "ALLOW-2", "owner", "an approval", "none", "a permit led to no approval")

    def _approval(self, event: Event) -> None:
        by_permit = _said(self._beside(event, -1)) == ("PermitUsed", event["owner"])
        call = self._calls.get(self.tx.tx_hash)
        if call is None:
            self._differ(event, "LOG-3", "transaction", self.tx.tx_hash, "none", "no such transaction")
            return
        if call.to != event.address:
            return  # through another contract: the view tells whether it is so
        asked = self._asked(event, call)
        found = (event["owner"], event["spender"], event["value"])
        if asked != found:
            self._differ(event, "ALLOW-1", "value", asked, found, "the transaction asked for something else")
        function, given = call.decode(event.kind) or ("", None)
        if function == "permit":
            self._signature(event, given)
        if by_permit != (function == "permit"):
            self._differ(
                event, "ALLOW-2", "owner", function, "a permit" if by_permit else "none", "not how it came"
            )

    def _asked(self, event: Event, call: DirectCall) -> tuple[str, str, int] | None:
        """Owner, spender and allowance that a call of the token leads to."""
        match call.decode(event.kind):
            case ("approve", (spender, value)):
                return call.sender, spender, value
            case ("permit", (owner, spender, value, *_)):
                return owner, spender, value
            case ("transferFrom", (owner, _, spent)):
                left = self.world.approvals(event.address).allowances[owner, call.sender]
                return owner, call.sender, left - spent
        return None

    def _signature(self, event: Event, given: Any) -> None:
        """A key's is recovered; a bond also takes that of a contract, which is the contract's own affair."""
        used = self._beside(event, -1)
        if used is None or used.name != "PermitUsed":
            return  # ALLOW-2 tells that
        name = "Indenture Bond" if event.kind == "Bond" else self._calls.name_of(event.address)
        domain = domain_of(name, self._chain_id, event.address)
        values = (given.owner, given.spender, given.value, used["nonce"], given.deadline)
        signer = signer_of(digest_of(domain, "Permit", _PERMIT, values), _signature_in(given))
        if signer == given.owner or (
            event.kind == "Bond" and self._calls.is_contract(given.owner, event.block)
        ):
            return
        message = "the owner did not sign this permit"
        self._differ(event, "ALLOW-2", "signature", given.owner, signer, message)

    def _beside(self, event: Event, step: int) -> Event | None:
        """The event just before or after in the transaction, if it is of the same token."""
        place = self.tx.events.index(event) + step
        other = self.tx.events[place] if 0 <= place < len(self.tx.events) else None
        return other if other and other.address == event.address else None


def _said(event: Event | None) -> tuple[str, str] | None:
    return (event.name, event.args.get("owner", "")) if event else None


def _signature_in(given: Any) -> bytes:
    """In one piece, however the function takes it."""
    if "signature" in given._fields:
        return bytes(given.signature)
    return bytes(given.r + given.s + bytes([given.v]))
