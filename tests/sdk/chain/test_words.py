"""The short way through words says what eth_abi says, and refuses what it refuses."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.chain.abi import AbiEvent, Codec
from indenture.chain.words import checksum, word_reader
from indenture.errors import InputError
from indenture.ledger.suite import SINGLE, interface_of

pytestmark = pytest.mark.unit

EVENTS = [e for kind in (*SINGLE, "Bond", "CashToken") for e in interface_of(kind).events.values()]
SHORT = [event for event in EVENTS if event._readers is not None]
# Small numbers, addresses, full words and whatever else: most types take some of them.
WORDS = st.one_of(
    st.integers(0, 2).map(lambda n: n.to_bytes(32, "big")),
    st.binary(min_size=20, max_size=20).map(lambda b: bytes(12) + b),
    st.binary(min_size=1, max_size=12).map(lambda b: b.ljust(32, b"\0")),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=40),
)


def slow(codec: Codec) -> Codec:
    other = copy.copy(codec)
    other._readers = other._writers = None
    return other


def by_eth_abi(event: AbiEvent) -> AbiEvent:
    other = copy.copy(event)
    other._readers = None
    other._indexed, other._plain = [slow(codec) for codec in event._indexed], slow(event._plain)
    return other


def outcome(act: Callable[..., Any], *args: Any) -> Any:
    try:
        return act(*args)
    except (ValueError, InputError) as fault:
        return str(fault)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_decode__any_words__is_what_eth_abi_says(data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(SHORT))
    readers = event._readers or []
    topics = [event.topic, *("0x" + data.draw(WORDS).hex() for _, is_indexed, _ in readers if is_indexed)]
    body = b"".join(data.draw(WORDS) for _, is_indexed, _ in readers if not is_indexed)

    assert outcome(event.decode, topics, body) == outcome(by_eth_abi(event).decode, topics, body)


FUNCTIONS = [f for kind in (*SINGLE, "Bond", "CashToken") for f in interface_of(kind).functions]
INPUTS = [f.input_codec for f in FUNCTIONS if f.input_codec._writers]
OUTPUTS = [f.output_codec for f in FUNCTIONS if f.output_codec._readers]
ADDRESS = st.binary(min_size=20, max_size=20).map(lambda b: "0x" + b.hex())
VALUES = st.one_of(
    st.integers(-1, 2**256),
    st.integers(0, 255),
    st.booleans(),
    ADDRESS,
    ADDRESS.map(checksum),
    ADDRESS.map(lambda text: text.upper().replace("X", "x")),
    st.binary(max_size=33),
    st.binary(min_size=32, max_size=32),
    st.none(),
    st.text(max_size=3),
)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_encode__any_values__is_what_eth_abi_says(data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from(INPUTS))
    args = [data.draw(VALUES) for _ in codec.types]

    assert outcome(codec.encode, args) == outcome(slow(codec).encode, args)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_decode__any_answer__is_what_eth_abi_says(data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from(OUTPUTS))
    body = b"".join(data.draw(WORDS) for _ in range(len(codec.types) + data.draw(st.integers(-1, 1))))

    assert outcome(codec.decode, body) == outcome(slow(codec).decode, body)


def test_word_reader__transfers_and_approvals__are_read_the_short_way() -> None:
    assert {"Transfer", "Approval", "Frozen"} <= {event.name for event in SHORT}


@pytest.mark.parametrize("kind", ["string", "bytes", "uint256[]", "tuple", "int8"])
def test_word_reader__of_another_type__is_none(kind: str) -> None:
    assert word_reader(kind) is None
