"""Reading a chain.  ``Chain`` holds no key: whoever sends has a ``Sender``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from indenture.chain.answers import nonsense, octets, quantity
from indenture.chain.contract import ContractCall, Log
from indenture.chain.fees import FeeOracle
from indenture.chain.reverts import refusal
from indenture.chain.rpc import Rpc, RpcCall
from indenture.chain.words import checksum
from indenture.errors import (
    ChainReorganised,
    InputError,
    NodeError,
    NodeRefused,
    NodeUnavailable,
    WrongChain,
)

if TYPE_CHECKING:
    from web3 import Web3


@dataclass(frozen=True, slots=True)
class BlockStamp:
    """One block: reads that belong together take the same stamp.

    Attributes:
        number: Height.
        hash: 0x-prefixed hex.
        timestamp: Seconds since 1970-01-01 UTC.
    """

    number: int
    hash: str
    timestamp: int

    @property
    def time(self) -> datetime:
        """The block's instant, aware, UTC."""
        return datetime.fromtimestamp(self.timestamp, UTC)


BlockLike = BlockStamp | int | str | None

# Where a node names no limit itself, this many blocks are asked for first.
_FIRST_SPAN = 2_000
_LARGEST_SPAN = 100_000

# The last second of the year 9999, after which Python knows no date.
_END_OF_TIME = 253_402_300_799


class Chain:
    """A node of one EVM chain, for reading."""

    def __init__(self, rpc: Rpc, chain_id: int) -> None:
        self.rpc = rpc
        self.chain_id = chain_id

    @classmethod
    def connect(cls, url: str, *, expected_chain_id: int | None = None, timeout: float = 10.0) -> Chain:
        """Connects to a node and asks which chain it is on.

        Args:
            url: ``http(s)://`` address of the node.
            expected_chain_id: The chain that it must be on.
            timeout: Seconds that one call may take in all.

        Raises:
            NodeUnavailable: Nobody answers there.
            WrongChain: It is another chain.
        """
        rpc = Rpc(url, timeout=timeout)
        try:
            chain_id = int(rpc.request("eth_chainId"), 16)
        except (TypeError, ValueError, NodeRefused) as fault:
            raise NodeUnavailable(rpc.url, f"no Ethereum node answers there ({fault})") from None
        if expected_chain_id is not None and chain_id != expected_chain_id:
            raise WrongChain(expected_chain_id, chain_id)
        return cls(rpc, chain_id)

    @property
    def url(self) -> str:
        """Address of the node, without credentials."""
        return self.rpc.url

    @cached_property
    def genesis_hash(self) -> str:
        """Hash of block 0: tells two private chains with one chain id apart."""
        return self.block_stamp(0).hash

    @cached_property
    def client(self) -> str:
        """Name and version of the node's program; empty where it does not tell."""
        try:
            return str(self.rpc.request("web3_clientVersion"))
        except NodeRefused:
            return ""

    @cached_property
    def fees(self) -> FeeOracle:
        """The chain's fees, shared by all who send to it."""
        return FeeOracle()

    @cached_property
    def w3(self) -> Web3:
        """A Web3 on the same transport: one deadline a call, and no resending."""
        from indenture.chain.web3_provider import web3_on

        return web3_on(self.rpc)

    def block_stamp(self, tag: BlockLike = "latest") -> BlockStamp:
        """Stamps a block, by number, hash or tag.

        Raises:
            ChainReorganised: A stamp was given whose block is gone.
        """
        if isinstance(tag, BlockStamp) or (isinstance(tag, str) and len(tag) == 66):
            block_hash = tag.hash if isinstance(tag, BlockStamp) else tag
            raw = self.rpc.request("eth_getBlockByHash", [block_hash, False])
            if raw is None:
                raise ChainReorganised(tag.number if isinstance(tag, BlockStamp) else -1, block_hash, None)
        else:
            raw = self.rpc.request("eth_getBlockByNumber", [_tag(tag), False])
        if raw is None:
            raise NodeError(f"the node has no block {tag}", hint="The chain may not be that long (yet).")
        return _stamp(raw)

    def block_at(self, instant: datetime) -> BlockStamp:
        """The last block that was there at an instant: its time is that or earlier.

        Raises:
            InputError: The instant has no time zone, or lies before block 0.
        """
        if instant.tzinfo is None:
            raise InputError(
                f"{instant.isoformat()} has no time zone", hint="Add one, for instance Z or +08:00."
            )
        low, high = self.block_stamp(0), self.block_stamp()
        if instant < low.time:
            raise InputError(
                f"{instant.isoformat()} lies before the chain, which begins at {low.time.isoformat()}"
            )
        if high.time <= instant:
            return high
        while high.number - low.number > 1:
            middle = self.block_stamp((low.number + high.number) // 2)
            low, high = (middle, high) if middle.time <= instant else (low, middle)
        return low

    def block_stamps(self, numbers: Iterable[int]) -> list[BlockStamp]:
        """Stamps many blocks in few posts, in the order given."""
        wanted = list(numbers)
        answers = self._batch([("eth_getBlockByNumber", (hex(n), False)) for n in wanted])
        for number, raw in zip(wanted, answers, strict=True):
            if raw is None:
                raise NodeError(
                    f"the node has no block {number}", hint="The chain may not be that long (yet)."
                )
        return [_stamp(raw) for raw in answers]

    def call(self, call: ContractCall, *, block: BlockLike = None, sender: str | None = None) -> Any:
        """Tries a call without sending it: its decoded result.

        Args:
            call: What to call.
            block: State to read; a stamp pins the block's hash.
            sender: Whose call it should seem to be.

        Raises:
            ContractRevert: The contract refuses, decoded.
        """
        try:
            answer = self.rpc.request("eth_call", [call_object(call, sender), block_param(block)])
        except NodeRefused as fault:
            raise refusal(fault, call) from None
        return call.decode(octets(answer, call.what))

    def call_many(
        self,
        calls: Sequence[ContractCall],
        block: BlockLike = None,
        *,
        sender: str | Sequence[str] | None = None,
        errors: bool = False,
    ) -> list[Any]:
        """Tries many calls on the same state, batched into few posts.

        Args:
            calls: What to call.
            block: State to read.
            sender: Whose calls they should seem to be: one for all, or one for each.
            errors: Put a refused call's ``ContractRevert`` into its place instead of raising it.
        """
        at = block_param(block)
        senders = [sender] * len(calls) if sender is None or isinstance(sender, str) else sender
        asked = zip(calls, senders, strict=True)
        answers = self.rpc.batch([("eth_call", (call_object(call, who), at)) for call, who in asked])
        results: list[Any] = []
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, NodeRefused):
                error = refusal(answer, call)
                if not errors:
                    raise error from None
                results.append(error)
            else:
                results.append(call.decode(octets(answer, call.what)))
        return results

    def balance(self, address: str, block: BlockLike = None) -> int:
        """Wei of an account."""
        return quantity(self.rpc.request("eth_getBalance", [address, block_param(block)]), "eth_getBalance")

    def code(self, address: str, block: BlockLike = None) -> bytes:
        """Code at an address; empty where there is no contract."""
        return octets(self.rpc.request("eth_getCode", [address, block_param(block)]), f"code of {address}")

    def nonce(self, address: str, block: BlockLike = "latest") -> int:
        """How many transactions of an account are mined (``latest``) or known (``pending``)."""
        return int(self.rpc.request("eth_getTransactionCount", [address, block_param(block)]), 16)

    def get_logs(
        self,
        addresses: Sequence[str],
        from_block: int,
        to_block: BlockStamp | int,
        *,
        topics: Sequence[Any] | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> list[Log]:
        """All logs of some contracts in a closed range of blocks, in chain order.

        A range that the node finds too large is halved; ranges grow again where it answers.

        Args:
            addresses: Contracts; must not be empty.
            from_block: First block.
            to_block: Last block; a stamp is checked at the end, so that no reorganisation slips in between.
            topics: Filter on topics, as in ``eth_getLogs``.
            on_progress: Called with the last block read, after each range.

        Raises:
            ChainReorganised: ``to_block`` was a stamp, and its block is no longer on the chain.
        """
        return [
            log
            for part in self.iter_logs(
                addresses, from_block, to_block, topics=topics, on_progress=on_progress
            )
            for log in part
        ]

    def iter_logs(
        self,
        addresses: Sequence[str],
        from_block: int,
        to_block: BlockStamp | int,
        *,
        topics: Sequence[Any] | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> Iterator[list[Log]]:
        """As ``get_logs``, one list a range, so that a long history need not fit in memory."""
        if not addresses:
            raise InputError("no contract was named whose logs to read")
        known = {checksum(a) for a in addresses}
        end = to_block.number if isinstance(to_block, BlockStamp) else to_block
        start, span = from_block, _FIRST_SPAN
        while start <= end:
            last = min(start + span - 1, end)
            query = {"fromBlock": hex(start), "toBlock": hex(last), "address": sorted(known)}
            if topics is not None:
                query["topics"] = list(topics)
            try:
                raw = self.rpc.request("eth_getLogs", [query])
            except (NodeRefused, NodeUnavailable) as fault:
                # Too many results, too wide a range, too slow: clients word it differently, the cure is one.
                slow = isinstance(fault, NodeRefused) or fault.maybe_sent
                if span == 1 or not slow:
                    raise
                span = max(1, min(span, last - start + 1) // 2)
                continue
            logs = [Log.from_rpc(entry) for entry in raw]
            _check_logs(logs, start, last, known)
            logs.sort(key=lambda log: (log.block_number, log.log_index))
            yield logs
            if on_progress is not None:
                on_progress(last)
            start, span = last + 1, min(span * 2, _LARGEST_SPAN)
        if isinstance(to_block, BlockStamp):
            self.require_canonical(to_block)

    def require_canonical(self, stamp: BlockStamp) -> None:
        """Raises ``ChainReorganised`` unless the block is still on the chain."""
        raw = self.rpc.request("eth_getBlockByNumber", [hex(stamp.number), False])
        found = None if raw is None else _stamp(raw).hash
        if found != stamp.hash:
            raise ChainReorganised(stamp.number, stamp.hash, found)

    def _batch(self, calls: Sequence[RpcCall]) -> list[Any]:
        answers = self.rpc.batch(calls)
        for answer in answers:
            if isinstance(answer, NodeRefused):
                raise answer
        return answers

    def __repr__(self) -> str:
        return f"Chain({self.url}, {self.chain_id})"


def block_param(block: BlockLike) -> Any:
    """A block as JSON-RPC wants it; a stamp is pinned by its hash (EIP-1898)."""
    if isinstance(block, BlockStamp):
        return {"blockHash": block.hash}
    if isinstance(block, str) and len(block) == 66:
        return {"blockHash": block}
    return _tag(block)


def call_object(call: ContractCall, sender: str | None = None) -> dict[str, str]:
    """A call as JSON-RPC wants it."""
    fields = {"data": "0x" + call.data.hex()}
    if call.to is not None:
        fields["to"] = call.to
    if sender is not None:
        fields["from"] = sender
    if call.value:
        fields["value"] = hex(call.value)
    if call.gas is not None:
        fields["gas"] = hex(call.gas)
    return fields


def _tag(block: int | str | None) -> str:
    if block is None:
        return "latest"
    if isinstance(block, int) and block < 0:
        raise InputError(f"there is no block {block}")
    return hex(block) if isinstance(block, int) else block


def _stamp(raw: object) -> BlockStamp:
    fields = raw if isinstance(raw, dict) else {}
    number = quantity(fields.get("number"), "number of a block")
    time = quantity(fields.get("timestamp"), f"timestamp of block {number}")
    if time > _END_OF_TIME:
        raise nonsense(fields["timestamp"], f"timestamp of block {number}")
    return BlockStamp(number, "0x" + octets(fields.get("hash"), f"hash of block {number}").hex(), time)


def _check_logs(logs: Sequence[Log], start: int, last: int, known: set[str]) -> None:
    """A node that answers with other logs than asked for would spoil a replay without a sound."""
    for log in logs:
        if not start <= log.block_number <= last or log.address not in known:
            raise NodeError(
                f"asked for logs of blocks {start} to {last}, the node gave one of {log.address} "
                f"in block {log.block_number}",
                hint="Use another node: this one does not answer what it is asked.",
            )
