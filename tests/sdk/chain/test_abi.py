from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode as reference

from indenture.chain import Abi, Log, decode_log, encode
from indenture.errors import InputError

pytestmark = pytest.mark.unit

HOLDER = "0x" + "11" * 20

POINT = {
    "name": "point",
    "type": "tuple",
    "internalType": "struct IMap.Point",
    "components": [
        {"name": "x", "type": "uint8"},
        {"name": "from", "type": "address"},
        {"name": "tag", "type": "bytes8"},
    ],
}
ENTRIES: list[dict[str, Any]] = [
    {
        "type": "function",
        "name": "put",
        "inputs": [POINT, {"name": "ids", "type": "uint64[]"}],
        "outputs": [POINT],
    },
    {"type": "function", "name": "pay", "inputs": [{"name": "to", "type": "address"}], "outputs": []},
    {
        "type": "function",
        "name": "pay",
        "inputs": [{"name": "to", "type": "address"}, {"name": "amount", "type": "uint256"}],
        "outputs": [{"name": "", "type": "bool"}],
    },
    {"type": "function", "name": "note", "inputs": [{"name": "hash", "type": "bytes32"}], "outputs": []},
    {
        "type": "event",
        "name": "Moved",
        "inputs": [
            {"name": "units", "type": "uint64", "indexed": False},
            {"name": "from", "type": "address", "indexed": True},
            {"name": "memo", "type": "string", "indexed": True},
        ],
    },
]
ABI = Abi("Map", ENTRIES)


@pytest.mark.parametrize("point", [(1, HOLDER, b"CN-IB"), {"x": 1, "from": HOLDER, "tag": b"CN-IB"}])
def test_encode__struct__as_tuple_or_dict(point: Any) -> None:
    data = encode(ABI, "put", [point, [5, 6]])

    assert data[4:] == reference(["(uint8,address,bytes8)", "uint64[]"], [(1, HOLDER, b"CN-IB"), [5, 6]])


def test_decode__struct__has_the_names_of_the_abi() -> None:
    result = ABI.function("put").decode_output(reference(["(uint8,address,bytes8)"], [(1, HOLDER, b"CN-IB")]))

    assert (result.x, result.from_, result.tag) == (1, HOLDER, b"CN-IB\0\0\0")
    assert type(result).__name__ == "Point"


def test_function__overloaded__by_arity_or_signature() -> None:
    assert encode(ABI, "pay", [HOLDER])[:4] != encode(ABI, "pay", [HOLDER, 1])[:4]
    assert ABI.function("pay(address)").signature == "pay(address)"
    with pytest.raises(InputError) as caught:
        ABI.function("pay")
    assert "pay(address,uint256)" in caught.value.hint


@pytest.mark.parametrize(
    ("fn", "args", "named"),
    [
        ("put", [(256, HOLDER, b""), []], "point"),
        ("put", [{"x": 1, "from": HOLDER, "tag": b"", "z": 0}, []], "z"),
        ("put", [(1, HOLDER, b"")], "1 arguments"),
        ("pay", [HOLDER, -1], "amount"),
        ("pay", [HOLDER, True], "amount"),
        ("pay", [HOLDER, 1.5], "amount"),
        ("note", ["0xzz"], "hash"),
        ("note", [5], "hash"),
        ("nothing", [], "nothing"),
    ],
)
def test_encode__argument_does_not_fit__is_named(fn: str, args: list[Any], named: str) -> None:
    with pytest.raises(InputError) as caught:
        encode(ABI, fn, args)

    assert named in caught.value.message


def test_decode_log__mixed_topics_and_data__in_the_order_of_the_abi() -> None:
    log = _log(
        topics=("0x" + bytes(12).hex() + HOLDER[2:], "0x" + "ab" * 32), data=reference(["uint64"], [7])
    )

    event = decode_log(log, ABI)

    assert event is not None
    assert list(event.args.items()) == [("units", 7), ("from", HOLDER), ("memo", b"\xab" * 32)]


def test_decode_log__unknown_event__is_none_and_a_bad_fit_is_an_error() -> None:
    good = _log(topics=("0x" + "00" * 32, "0x" + "ab" * 32), data=reference(["uint64"], [7]))
    unknown = Log(HOLDER, ("0x" + "99" * 32,), b"", 1, "0x", "0x", 0, 0)

    assert decode_log(unknown, ABI) is None
    assert decode_log(Log(HOLDER, (), b"", 1, "0x", "0x", 0, 0), ABI) is None
    with pytest.raises(ValueError, match="topics"):
        decode_log(Log(HOLDER, good.topics[:2], good.data, 1, "0x", "0x", 0, 0), ABI)


def _log(topics: tuple[str, ...], data: bytes) -> Log:
    (event,) = ABI.events.values()
    return Log(HOLDER, (event.topic, *topics), data, 1, "0x" + "aa" * 32, "0x" + "bb" * 32, 0, 0)
