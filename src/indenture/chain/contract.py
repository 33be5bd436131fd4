"""What is sent to and read from a contract: calls, logs, receipts, and a thin base for the typed wrappers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indenture.chain.abi import Abi, AbiFunction, AbiJson
from indenture.chain.words import checksum
from indenture.errors import NodeError

if TYPE_CHECKING:
    from indenture.chain.client import BlockLike, Chain


@dataclass(frozen=True, slots=True)
class ContractCall:
    """A call, encoded and ready to be sent or tried.

    Attributes:
        to: The contract; None deploys ``data``.
        data: Selector and arguments, or creation code.
        function: What ``data`` was encoded with; None for bare bytes.
        args: The arguments as given.
        value: Wei sent along.
        gas: Gas limit, where the caller knows it; else it is estimated.
    """

    to: str | None
    data: bytes = b""
    function: AbiFunction | None = None
    args: tuple[Any, ...] = ()
    value: int = 0
    gas: int | None = None

    @property
    def what(self) -> str:
        """The call in words, for messages: ``Bond.transfer``."""
        if self.function is not None:
            if self.to is None:
                return f"deployment of {self.function.contract}"
            return f"{self.function.contract}.{self.function.name}"
        return f"call of {self.to}" if self.to else "deployment"

    def decode(self, output: bytes) -> Any:
        """Result of the call as Python values; raw bytes where no function is known."""
        if self.function is None:
            return output
        if not output and self.function.outputs:
            raise NodeError(
                f"{self.what}: nothing came back from {self.to}",
                hint="No such contract is there at that block: another deployment's address, or too early?",
            )
        try:
            return self.function.decode_output(output)
        except ValueError as fault:
            raise NodeError(
                f"{self.what}: the answer of {self.to} does not fit the ABI: {fault}",
                hint="The contract at this address is not the one expected: check the deployment file.",
            ) from None


def encode(abi: Abi, fn: str, args: Sequence[Any] = ()) -> bytes:
    """Call data of a function, by name or (where overloaded) by signature."""
    return abi.function(fn, len(args)).encode(args)


@dataclass(frozen=True, slots=True)
class Log:
    """A log as the node gave it; hashes and topics are 0x-prefixed hex."""

    address: str
    topics: tuple[str, ...]
    data: bytes
    block_number: int
    block_hash: str
    tx_hash: str
    tx_index: int
    log_index: int

    @classmethod
    def from_rpc(cls, raw: Mapping[str, Any]) -> Log:
        """Reads the JSON of a node."""
        return cls(
            address=checksum(raw["address"]),
            topics=tuple(raw["topics"]),
            data=bytes.fromhex(raw["data"][2:]),
            block_number=int(raw["blockNumber"], 16),
            block_hash=raw["blockHash"],
            tx_hash=raw["transactionHash"],
            tx_index=int(raw["transactionIndex"], 16),
            log_index=int(raw["logIndex"], 16),
        )


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """A log read with an ABI.  ``args`` keep the names and the order of the ABI."""

    name: str
    args: dict[str, Any]
    address: str
    block_number: int
    block_hash: str
    tx_hash: str
    log_index: int
    topics: tuple[str, ...]

    def __getitem__(self, name: str) -> Any:
        return self.args[name]


def decode_log(log: Log, abi: Abi) -> DecodedEvent | None:
    """Decodes a log; None when the ABI does not know the event.

    Raises:
        ValueError: The topic is known, but the log does not fit it.
    """
    event = abi.events.get(log.topics[0]) if log.topics else None
    if event is None:
        return None
    return DecodedEvent(
        name=event.name,
        args=event.decode(log.topics, log.data),
        address=log.address,
        block_number=log.block_number,
        block_hash=log.block_hash,
        tx_hash=log.tx_hash,
        log_index=log.log_index,
        topics=log.topics,
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A mined transaction that succeeded (or not: see ``ok``)."""

    tx_hash: str
    sender: str
    to: str | None
    block_number: int
    block_hash: str
    ok: bool
    gas_used: int
    gas_price: int
    contract: str | None
    logs: tuple[Log, ...] = field(repr=False)

    @classmethod
    def from_rpc(cls, raw: Mapping[str, Any]) -> Receipt:
        """Reads the JSON of a node."""
        return cls(
            tx_hash=raw["transactionHash"],
            sender=checksum(raw["from"]),
            to=checksum(raw["to"]) if raw.get("to") else None,
            block_number=int(raw["blockNumber"], 16),
            block_hash=raw["blockHash"],
            ok=int(raw["status"], 16) == 1,
            gas_used=int(raw["gasUsed"], 16),
            gas_price=int(raw.get("effectiveGasPrice") or "0x0", 16),
            contract=checksum(raw["contractAddress"]) if raw.get("contractAddress") else None,
            logs=tuple(Log.from_rpc(log) for log in raw["logs"]),
        )

    def events(self, abi: Abi, address: str | None = None) -> list[DecodedEvent]:
        """The events that the ABI knows, in order; of one contract only, where its address is given."""
        decoded = (decode_log(log, abi) for log in self.logs if address in (None, log.address))
        return [event for event in decoded if event is not None]


class Contract:
    """A contract at an address: the thin base of the typed wrappers."""

    def __init__(self, chain: Chain, address: str, abi: Abi | AbiJson) -> None:
        self.chain = chain
        self.address = checksum(address)
        self.abi = abi if isinstance(abi, Abi) else Abi(type(self).__name__, abi)

    def call(self, fn: str, *args: Any, value: int = 0, gas: int | None = None) -> ContractCall:
        """Encodes a call; nothing is sent."""
        function = self.abi.function(fn, len(args))
        return ContractCall(self.address, function.encode(args), function, args, value, gas)

    def read(self, fn: str, *args: Any, block: BlockLike = None) -> Any:
        """Calls a view: its value, or a named tuple of several."""
        return self.chain.call(self.call(fn, *args), block=block)

    def decode_log(self, log: Log) -> DecodedEvent | None:
        """Decodes a log of this contract; None for an event it does not know."""
        return decode_log(log, self.abi)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"
