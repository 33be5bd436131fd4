"""RLP against the ``rlp`` package, and against what no encoder writes."""

from __future__ import annotations

import pytest
import rlp  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.proof import ProofFault
from indenture.proof.rlp import Item, decode, decode_list, encode, encode_int, encode_list, number_of

pytestmark = pytest.mark.unit

ITEMS = st.recursive(
    st.binary(max_size=70)
    | st.sampled_from([b"", b"\0", b"\x7f", b"\x80", b"a" * 55, b"a" * 56, b"a" * 300]),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=30,
)


@settings(deadline=None, max_examples=150)
@given(ITEMS)
def test_encode__any_item__as_the_package_does(item: Item) -> None:
    encoded = encode(item)

    assert encoded == rlp.encode(item)
    assert decode(encoded) == item


@pytest.mark.parametrize("size", [55, 56, 255, 256, 65_535, 65_536, 1 << 20])
def test_encode__boundary_of_a_length_prefix__as_the_package_does(size: int) -> None:
    items: list[Item] = [b"x" * size, [b"x" * size], [b"x"] * min(size, 1_000)]

    for item in items:
        assert encode(item) == rlp.encode(item)
        assert decode(encode(item)) == item


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 1 << 256))
def test_encode_int__any_number__as_the_package_does(number: int) -> None:
    assert encode_int(number) == rlp.encode(number)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=120))
def test_decode__any_bytes__what_the_package_reads_or_a_fault(data: bytes) -> None:
    try:
        expected = rlp.decode(data, strict=True)
    except rlp.DecodingError:
        with pytest.raises(ProofFault):
            decode(data)
    else:
        assert decode(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        "",  # nothing
        "8100",  # a small byte with a prefix
        "817f",
        "b800",  # a long prefix for what is short
        "b837" + "00" * 55,
        "b90038" + "00" * 56,  # a length with a leading zero
        "f800",
        "83aabb",  # cut short
        "c3aabb",
        "c180" + "80",  # something behind the end
        "bfffffffffffffffff",  # more than there is in the world
        "ffffffffffffffffff",
        "b8",  # a length that is not there
        "c281",  # an item that reaches beyond its list
        "c3b801",
    ],
)
def test_decode__not_canonical__fault(data: str) -> None:
    with pytest.raises(ProofFault):
        decode(bytes.fromhex(data))


def test_decode__lists_within_lists_without_end__fault() -> None:
    deep = b"\xc0"
    while len(deep) < 50_000:
        deep = encode_list([deep])

    with pytest.raises(ProofFault, match="deep"):
        decode(deep)


def test_decode_list__bytes__fault() -> None:
    with pytest.raises(ProofFault, match="a list"):
        decode_list(b"\x83abc")


@pytest.mark.parametrize("item", [b"\0", b"\0\1", b"\1" * 33, [b"\1"], []])
def test_number_of__no_number__fault(item: Item) -> None:
    with pytest.raises(ProofFault, match="a number"):
        number_of(item, "a word")
