"""Random logs of any event, and what they must read as: eth_abi writes them and reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from eth_abi.abi import encode

from indenture.chain.abi import canonical_type
from indenture.ledger.tables import EventTable

TEXTS = ("bytes2", "bytes8", "bytes12", "bytes20")
WIDE = ("uint128", "uint256", "int256")
LARGEST_DECIMAL = 10**38 - 1


@dataclass(frozen=True)
class RawLog:
    """What a node says of a log, place aside."""

    topics: tuple[str, ...]
    data: str


def random_log(table: EventTable, random: Random) -> tuple[RawLog, tuple[Any, ...]]:
    """A log of the event, and its row in the table, place aside."""
    values = [random_value(p, random) for p in table.inputs]
    log = write(table, values)
    return log, row(table, values)


def write(table: EventTable, values: Sequence[Any]) -> RawLog:
    """The log of some values."""
    pairs = list(zip(table.inputs, values, strict=True))
    topics = ["0x" + encode([str(p["type"])], [v]).hex() for p, v in pairs if p.get("indexed")]
    plain = [(canonical_type(p), v) for p, v in pairs if not p.get("indexed")]
    data = encode([t for t, _ in plain], [v for _, v in plain])
    return RawLog((table.event.topic, *topics), "0x" + data.hex())


def read(table: EventTable, log: RawLog) -> tuple[Any, ...] | None:
    """The row of a log by eth_abi; None for one that eth_abi does not write for what it reads in it."""
    try:
        data = bytes.fromhex(log.data.removeprefix("0x"))
        values = list(table.event.decode(log.topics, data).values())
    except ValueError:
        return None
    return row(table, values) if write(table, values) == log else None


def row(table: EventTable, values: Sequence[Any]) -> tuple[Any, ...]:
    """Values as they stand in the table."""
    return tuple(
        v for p, value in zip(table.inputs, values, strict=True) for v in _columns(p, value).values()
    )


def random_value(param: Mapping[str, Any], random: Random) -> Any:
    """A value of a type; ends of its range, empty and full ones come up often."""
    kind = str(param["type"])
    if kind.endswith("[]"):
        element = {**param, "type": kind[:-2]}
        return [random_value(element, random) for _ in range(random.choice((0, 1, 2, 5)))]
    if kind == "tuple":
        return tuple(random_value(c, random) for c in param["components"])
    if kind == "bool":
        return random.random() < 0.5
    if kind == "address":
        return "0x" + random.choice((0, (1 << 160) - 1, random.getrandbits(160))).to_bytes(20, "big").hex()
    if kind == "string":
        return "".join(
            random.choice("ab \0é€𝄞'\"{[,") for _ in range(random.choice((0, 1, 5, 31, 32, 33, 70)))
        )
    if kind == "bytes":
        return random.randbytes(random.choice((0, 1, 31, 32, 33, 100)))
    return _octets(kind, random) if kind.startswith("bytes") else _integer(kind, random)


def _octets(kind: str, random: Random) -> bytes:
    size = int(kind[5:])
    text = "".join(random.choice("AZ0 pP~!") for _ in range(random.randint(0, size))).encode()
    odd = random.choice((b"\0A", b"\x7f", b"A\x1f", b"\x80", b"A\0B"))
    return random.choice((text, text, odd, random.randbytes(size))).ljust(size, b"\0")[:size]


def _integer(kind: str, random: Random) -> int:
    bits = int(kind.lstrip("uint"))
    low, high = (0, (1 << bits) - 1) if kind[0] == "u" else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    size = random.randint(1, bits)
    drawn = random.getrandbits(size) * random.choice((1, -1))
    edges = (
        low,
        high,
        0,
        1,
        -1,
        1 << 64,
        LARGEST_DECIMAL,
        LARGEST_DECIMAL + 1,
        -LARGEST_DECIMAL,
        -LARGEST_DECIMAL - 1,
    )
    return min(max(random.choice((drawn, drawn, random.choice(edges))), low), high)


def _columns(param: Mapping[str, Any], value: Any) -> dict[str, Any]:
    kind = str(param["type"])
    name = _snake(str(param["name"]))
    if kind in WIDE:
        fits = abs(value) <= LARGEST_DECIMAL
        whole = (value % (1 << 256)).to_bytes(32, "big").hex()
        return {name: Decimal(value) if fits else None, f"{name}_hex": None if fits else f"0x{whole}"}
    return {name: _shown(param, value)}


def _shown(param: Mapping[str, Any], value: Any) -> Any:
    kind = str(param["type"])
    if kind.endswith("[]"):
        return [_shown({**param, "type": kind[:-2]}, v) for v in value]
    if kind == "tuple":
        pairs = zip(param["components"], value, strict=True)
        return {k: v for c, inner in pairs for k, v in _columns(c, inner).items()}
    if kind == "address":
        return value.lower()
    if kind.startswith("bytes"):
        bare = value.rstrip(b"\0")
        is_text = kind in TEXTS and all(0x20 <= b < 0x7F for b in bare)
        return bare.decode() if is_text else f"0x{value.hex()}"
    return Decimal(value) if kind == "uint64" or kind == "uint112" else value


def _snake(name: str) -> str:
    found = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    return f"{found}_" if found in ("from", "to") else found


def damage(log: RawLog, random: Random) -> RawLog:
    """The log with one thing wrong, or at least changed."""
    topics, data = list(log.topics), log.data
    act = random.choice((_flip, _flip, _edge, _edge, _cut, _extend, _text))
    if random.random() < 0.2:
        return RawLog(_other_topics(topics, random), data)
    if len(topics) > 1 and random.random() < 0.4:
        place = random.randrange(1, len(topics))
        topics[place] = act(topics[place], random)
    else:
        data = act(data, random)
    return RawLog(tuple(topics), data)


def _other_topics(topics: list[str], random: Random) -> tuple[str, ...]:
    if len(topics) > 1 and random.random() < 0.5:
        return tuple(topics[:-1])
    return (*topics, f"0x{random.getrandbits(256):064x}")


def _flip(text: str, random: Random) -> str:
    """Another digit."""
    if len(text) <= 2:
        return text
    at = random.randrange(2, len(text))
    return f"{text[:at]}{random.choice('0123456789abcdef')}{text[at + 1 :]}"


def _edge(text: str, random: Random) -> str:
    """Another word: near a length or offset, at the end of a range, or anything."""
    words = (len(text) - 2) // 64
    if not words:
        return text
    at = 2 + 64 * random.randrange(words)
    power = 1 << random.choice((5, 8, 16, 24, 31, 32, 40, 63, 64, 96, 128, 160, 255))
    word = random.choice((random.randrange(33), 32 * random.randrange(40), power, power - 1, -power, -1))
    return f"{text[:at]}{word % (1 << 256):064x}{text[at + 64 :]}"


def _cut(text: str, random: Random) -> str:
    return text[
        : random.choice((len(text) - 64, len(text) - 2, len(text) - 1, random.randrange(len(text) + 1), 0))
    ]


def _extend(text: str, random: Random) -> str:
    return text + random.choice(("00", "0", "00" * 32, "ff" * 32, " ", "\0"))


def _text(text: str, random: Random) -> str:
    """What is no lower-case hex."""
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice("_x-+. zgé\0'") + text[at + 1 :]
