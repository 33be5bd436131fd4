"""The transactions behind some events: who called which contract with what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from indenture.audit.events import Event
from indenture.chain import Chain, ContractCall, checksum, octets, quantity
from indenture.chain.abi import AbiFunction
from indenture.errors import ContractRevert, NodeError, NodeRefused
from indenture.ledger.suite import interface_of


@dataclass(frozen=True, slots=True)
class DirectCall:
    """What a transaction itself calls; ``to`` is None for a deployment."""

    sender: str
    to: str | None
    data: bytes

    def decode(self, kind: str) -> tuple[str, Any] | None:
        """Name and arguments of the call, read with the interface of a kind of contract."""
        return _decoded(kind, self.data)


class Calls:
    """Transactions by hash, and hashes of blocks, fetched many at a time and once each."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._known: dict[str, DirectCall | None] = {}
        self._hashes: dict[int, bytes | None] = {}
        self._unproved: set[str] = set()
        self._contracts: dict[tuple[str, int], bool] = {}
        self._names: dict[str, str] = {}

    def prefetch(self, hashes: Iterable[str]) -> None:
        """Fetches what will be asked for."""
        wanted = [h for h in dict.fromkeys(hashes) if h not in self._known]
        answers = self._chain.rpc.batch([("eth_getTransactionByHash", (h,)) for h in wanted])
        for tx_hash, raw in zip(wanted, answers, strict=True):
            if isinstance(raw, NodeRefused):
                raise raw
            self._known[tx_hash] = None if raw is None else read_call(raw)
            self._unproved.add(tx_hash)

    def get(self, tx_hash: str) -> DirectCall | None:
        """A transaction; None when the node has no such one."""
        if tx_hash not in self._known:
            self.prefetch([tx_hash])
        return self._known[tx_hash]

    def seen(self, tx_hash: str) -> DirectCall | None:
        """A transaction that somebody has asked for; None where nobody has."""
        return self._known.get(tx_hash)

    def prefetch_blocks(self, blocks: Iterable[int]) -> None:
        """Fetches the hashes of blocks."""
        wanted = [block for block in dict.fromkeys(blocks) if block not in self._hashes]
        answers = self._chain.rpc.batch([("eth_getBlockByNumber", (hex(block), False)) for block in wanted])
        for block, raw in zip(wanted, answers, strict=True):
            if isinstance(raw, NodeRefused):
                raise raw
            self._hashes[block] = None if raw is None else _hash_of(raw, block)

    def block_hash(self, block: int) -> bytes | None:
        """The hash of a block; None when there is no such one."""
        if block not in self._hashes:
            self.prefetch_blocks([block])
        return self._hashes[block]

    def unproved(self) -> set[str]:
        """Transactions that were asked for, and that nobody has proved yet."""
        return set(self._unproved)

    def proved(self, tx_hash: str) -> None:
        """Notes that a transaction is what was read."""
        self._unproved.discard(tx_hash)

    def block_hashes(self) -> dict[int, bytes | None]:
        """The hashes of blocks that were asked for."""
        return dict(self._hashes)

    def is_contract(self, account: str, block: int) -> bool:
        """Whether an account had code in a block: before it, after it, or lent for a part of it (EIP-7702).

        Where the node keeps no older state: whether it has code at the last block.
        """
        if (account, block) not in self._contracts:
            places = [(account, hex(number)) for number in (block, max(0, block - 1))]
            answers = self._chain.rpc.batch(
                [("eth_getCode", place) for place in (*places, (account, "latest"))]
                + [("eth_getTransactionCount", place) for place in places]
            )
            *codes, latest, after, before = answers
            kept = [code for code in codes if not isinstance(code, NodeRefused)]
            has_code = any(octets(code, f"code of {account}") for code in kept or [latest])
            if not has_code and not isinstance(after, NodeRefused) and not isinstance(before, NodeRefused):
                name = f"transaction count of {account}"
                has_code = quantity(after, name) - quantity(before, name) > self._sent(account, block)
            self._contracts[account, block] = has_code
        return self._contracts[account, block]

    def _sent(self, account: str, block: int) -> int:
        """Transactions of an account in a block: its count grows by more where it lent itself code."""
        raw = self._chain.rpc.request("eth_getBlockByNumber", [hex(block), True])
        found = raw.get("transactions", ()) if isinstance(raw, dict) else ()
        return sum(
            isinstance(each, dict) and str(each.get("from")).lower() == account.lower() for each in found
        )

    def contracts(self) -> dict[str, int]:
        """Accounts that were found to have code, with the first block for which that was asked."""
        found: dict[str, int] = {}
        for account, block in sorted(place for place, has_code in self._contracts.items() if has_code):
            found.setdefault(account, block)
        return found

    def name_of(self, token: str) -> str:
        """What a cash token is called, in its EIP-712 domain too; empty where it does not answer."""
        if token not in self._names:
            function = interface_of("CashToken").function("name", 0)
            try:
                name = self._chain.call(ContractCall(token, function.encode(()), function, ()))
            except (ContractRevert, NodeError):
                name = ""
            self._names[token] = name
        return self._names[token]

    def arguments(self, event: Event, *functions: str) -> Any:
        """Arguments of the transaction behind an event.

        None unless it calls one of some functions of the event's own contract.
        """
        call = self.get(event.tx_hash)
        decoded = call.decode(event.kind) if call and call.to == event.address else None
        return decoded[1] if decoded and decoded[0] in functions else None


def _hash_of(raw: object, block: int) -> bytes:
    return octets(raw.get("hash") if isinstance(raw, dict) else raw, f"hash of block {block}")


def read_call(raw: dict[str, Any]) -> DirectCall:
    """The call of a transaction as ``eth_getTransactionByHash`` gives it.

    Raises:
        NodeError: It is nothing of the kind.
    """
    try:
        to, data = raw.get("to"), bytes.fromhex(raw["input"][2:])
        return DirectCall(checksum(raw["from"]), checksum(to) if to else None, data)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NodeError(
            f"the node gave a transaction that is none: {str(raw)[:200]}",
            hint="Use another node: this one does not answer what it is asked.",
        ) from None


@lru_cache(maxsize=64)
def _decoded(kind: str, data: bytes) -> tuple[str, Any] | None:
    """A call of many acts is looked at once for each of them."""
    function = _selectors(kind).get(data[:4])
    if function is None:
        return None
    try:
        return function.name, function.input_codec.decode(data[4:])
    except ValueError:
        return None


@cache
def _selectors(kind: str) -> dict[bytes, AbiFunction]:
    return {function.selector: function for function in interface_of(kind).functions}
