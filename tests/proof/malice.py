"""What a malicious node may put in the place of hex."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_DIGITS = "0123456789abcdefABCDEF"

BAD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [
            None,
            "",
            "0x",
            "0X1",
            "0x0",
            "0x1",
            "1",
            "-0x1",
            "0x-1",
            "0x+1",
            "0x1_0",
            " 0x1",
            "0x1 ",
            "0x 1",
            "0x1\n",
            "0x١",
            "0xg",
            "0x" + "f" * 65,
            "0x" + "0" * 100_000,
            "0x" + "00 " * 32,
            True,
            False,
            0,
            1,
            -1,
            1 << 300,
            1.5,
            float("nan"),
            [],
            {},
            [[[]]],
            ["0x"],
            {"0x": "0x"},
        ]
    ),
    st.text(max_size=70),
    st.text(alphabet=_DIGITS, max_size=66).map("0x".__add__),
    st.lists(st.text(alphabet=_DIGITS, max_size=66).map("0x".__add__), max_size=5),
    st.dictionaries(st.sampled_from(["address", "storageKeys", "topics", "data", "r"]), st.text(max_size=5)),
    st.integers(),
)
"""Values of every type that JSON has, most of them close to hex."""


def bent(true: object, told: object) -> bool:
    """Whether a value says something else than the true one: case and leading zeros of hex say nothing."""
    return _said(true) != _said(told)


def _said(value: object) -> object:
    if isinstance(value, str) and value[:2] == "0x" and value[2:] and set(value[2:]) <= set(_DIGITS):
        return int(value, 16), len(value) if len(value) > 20 else 0
    if isinstance(value, list):
        return [_said(part) for part in value]
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items()}
    return repr(value)
