"""What the typed wrappers share: their ABI, and reading their own events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from indenture.chain import Abi, BlockStamp, Chain, Contract, DecodedEvent, checksum, load_abi
from indenture.dates import from_timestamp
from indenture.errors import InputError, InvalidIdentifier

#: Largest value of a uint40 time: no end.
FOREVER = 2**40 - 1
#: The zero address: no account.
NOBODY = "0x" + "0" * 40

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


class SuiteContract(Contract):
    """A contract of the suite.

    Args:
        chain: Where it lives.
        address: Its address.
        since: A block before which it has no events.
    """

    NAME: ClassVar[str]

    def __init__(self, chain: Chain, address: str, since: int = 0) -> None:
        super().__init__(chain, address, self.interface())
        self.since = since

    @classmethod
    def interface(cls) -> Abi:
        """The ABI of the contract."""
        return load_abi(cls.NAME)

    def topic(self, event: str) -> str:
        """Topic of an event, by name."""
        for topic, entry in self.abi.events.items():
            if entry.name == event:
                return topic
        raise InputError(f"{self.NAME} has no event {event}")

    def events(
        self,
        *names: str,
        indexed: Sequence[str | Sequence[str] | None] = (),
        from_block: int | None = None,
        to: BlockStamp | int | None = None,
    ) -> list[DecodedEvent]:
        """Events of this contract, in chain order.

        Args:
            names: Which events.
            indexed: Filter on their indexed arguments, each 32 bytes of hex (see ``topic_of``), or None for
                any.
            from_block: First block; None for the first that this contract may have events in.
            to: Last block; None for the newest.
        """
        end = to if to is not None else self.chain.block_stamp()
        start = self.since if from_block is None else from_block
        topics = [[self.topic(name) for name in names], *indexed]
        decoded = (
            self.decode_log(log) for log in self.chain.get_logs([self.address], start, end, topics=topics)
        )
        return [event for event in decoded if event is not None]


def topic_of(value: str | bytes | int) -> str:
    """An indexed argument as a topic: an address and a number fill it from the right, bytes from the left."""
    if isinstance(value, bytes):
        return "0x" + value.ljust(32, b"\0").hex()
    number = int(value, 16) if isinstance(value, str) else value
    return f"0x{number:064x}"


def instant_or_none(seconds: int) -> datetime | None:
    """A time of the chain; None for no end."""
    return None if seconds == FOREVER else from_timestamp(seconds)


def text_of(value: bytes) -> str:
    """Short ASCII text, padded with zero bytes on chain."""
    return value.rstrip(b"\0").decode("ascii")


def bytes_of(text: str, length: int, what: str) -> bytes:
    """Short ASCII text as fixed bytes, padded with zeros."""
    if not text.isascii() or not 1 <= len(text) <= length:
        raise InvalidIdentifier(what, text, f"is not one to {length} ASCII characters")
    return text.encode("ascii").ljust(length, b"\0")


def checksum_address(value: object, what: str = "account") -> str:
    """An address as the SDK writes it.

    Raises:
        InvalidIdentifier: It is no address, or its letters are of both cases and do not fit its checksum.
    """
    digits = value[2:] if isinstance(value, str) else ""
    mixed = digits.lower() != digits != digits.upper()
    valid = isinstance(value, str) and bool(_ADDRESS.fullmatch(value))
    if not valid or (mixed and checksum(str(value)) != value):
        raise InvalidIdentifier(
            f"address of the {what}",
            str(value),
            "is not an address",
            hint="It is 0x and 40 hexadecimal digits; upper and lower case are a checksum.",
        )
    return checksum(str(value))
