"""Every custom error of every contract has words, a hint, and a selector of its own."""

from __future__ import annotations

import re

import pytest
from eth_abi.abi import encode
from tests.sdk.chain.tiny import error_data

from indenture import errors
from indenture.chain import ContractCall, artifacts, decode_revert, reverts
from indenture.chain.abi import AbiError
from indenture.chain.node_words import Meaning, meaning
from indenture.chain.revert_messages import MESSAGES
from indenture.errors import ContractRevert, NodeRefused, PaymentRefused

pytestmark = pytest.mark.unit

HOLDER = "0x" + "11" * 20
_SAMPLES: dict[str, object] = {"address": HOLDER, "string": "word", "bytes": b"\1\2", "bool": True}
_FIELD = re.compile(r"{(\w+)(?::(\w+))?}")


def _declared() -> list[AbiError]:
    found = {e.signature: e for name in artifacts.names() for e in artifacts.abi(name).errors}
    return [found[s] for s in sorted(found)]


def test_abis__are_there() -> None:
    assert "MemberRegistry" in artifacts.names()


def test_selectors__two_errors__never_share_one() -> None:
    table = reverts.selectors()

    assert {e.signature for e in _declared()} <= {e.signature for e in table.values()}


def test_names__two_errors__never_share_one_with_other_arguments() -> None:
    names = [e.name for e in _declared()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("error", _declared(), ids=lambda e: e.name)
def test_message__each_error__has_words_for_its_own_arguments(error: AbiError) -> None:
    text = MESSAGES[error.name]
    args = {str(p["name"]) for p in error.inputs}

    for template in (text.message, text.hint):
        for name, how in _FIELD.findall(template):
            assert name in args, f"{error.signature} has no argument {name}"
            assert not how or how in reverts._SHOWN
    decoded = decode_revert(_sample(error), call=ContractCall(HOLDER))
    assert decoded.name == error.name
    assert type(decoded) is text.family
    assert "{" not in decoded.message + decoded.hint
    assert decoded.hint.endswith(".")


def test_messages__none_is_left_over() -> None:
    assert set(MESSAGES) <= {e.name for e in _declared()}


def test_families__each__is_in_the_tree_of_the_docstring() -> None:
    for family in {t.family for t in MESSAGES.values()}:
        assert issubclass(family, ContractRevert)
        assert f" {family.__name__} " in str(errors.__doc__)


def test_decode__custom_error__values_in_words() -> None:
    types = [("spender", "address"), ("allowance", "uint256"), ("needed", "uint256")]
    data = error_data("ERC20InsufficientAllowance", types, HOLDER, 0, 1_234_567)

    error = decode_revert(data, call=ContractCall(HOLDER), tx_hash="0xab")

    assert isinstance(error, PaymentRefused)
    assert error.args_by_name == {"spender": HOLDER, "allowance": 0, "needed": 1_234_567}
    assert "1,234,567" in error.message
    assert error.tx_hash == "0xab"
    assert error.raw == "0x" + data.hex()


def test_decode__error_string_and_panic__in_words() -> None:
    said = decode_revert(bytes.fromhex("08c379a0") + encode(["string"], ["too late"]))
    panic = decode_revert(bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]))

    assert (said.name, said.args_by_name) == ("Error", {"reason": "too late"})
    assert "too late" in said.message
    assert (panic.name, panic.args_by_name) == ("Panic", {"code": 0x11})
    assert "left its range" in panic.message


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xde\xad\xbe\xef", b"\x08\xc3\x79\xa0\xff"])
def test_decode__unknown__keeps_its_hex(data: bytes) -> None:
    error = decode_revert(data)

    assert error.name == "Unknown"
    assert error.raw == "0x" + data.hex()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("0x1234", b"\x12\x34"),
        ("Reverted 0x1234", b"\x12\x34"),
        ({"data": "0x12"}, b"\x12"),
        (None, b""),
        ("0x1", b""),
    ],
)
def test_revert_data__as_clients_give_it__is_found(data: object, found: bytes) -> None:
    assert reverts.revert_data(NodeRefused("eth_call", 3, "execution reverted", data)) == found


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("{x:day}", 18_047, "2019-05-31"),
        ("{x:time}", 0, "1970-01-01 00:00:00 UTC"),
        ("{x:rate}", 32_500_000, "3.25 %"),
        ("{x:text}", b"CN-IB\0\0\0", "CN-IB"),
        ("{x:text}", b"\xff\0", "0xff00"),
        ("{x:time}", 2**256 - 1, f"{2**256 - 1:,}"),
        ("{x}", 1000, "1,000"),
        ("{x:plain}", 2019, "2019"),
        ("{missing}", 0, "?"),
    ],
)
def test_fill__each_way_to_show_a_value(template: str, value: object, shown: str) -> None:
    assert reverts.fill(template, {"x": value}) == shown


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        (-32003, "transaction already imported", Meaning.KNOWN),
        (-32000, "already known", Meaning.KNOWN),
        (-32000, "nonce too low", Meaning.NONCE_USED),
        (-32001, "Nonce too low", Meaning.NONCE_USED),
        (-32003, "nonce too low", Meaning.NONCE_USED),
        (-32000, "replacement transaction underpriced", Meaning.REPLACEMENT_CHEAP),
        (-32003, "replacement transaction underpriced", Meaning.REPLACEMENT_CHEAP),
        (-32003, "max fee per gas less than block base fee", Meaning.FEE_LOW),
        (-32000, "transaction underpriced", Meaning.FEE_LOW),
        (-32003, "Insufficient funds for gas * price + value", Meaning.NO_FUNDS),
        (-32004, "Upfront cost exceeds account balance", Meaning.NO_FUNDS),
        (-32000, "intrinsic gas too low", Meaning.GAS_LIMIT),
        (-32601, "whatever", Meaning.UNSUPPORTED),
        (3, "execution reverted", Meaning.REVERT),
        (-32015, "VM execution error: revert", Meaning.REVERT),
        (-32003, "EVM error OutOfGas", Meaning.HALT),
        (-32000, "something nobody has heard of", Meaning.UNKNOWN),
    ],
)
def test_meaning__clients_words__mean_the_same(code: int, words: str, expected: Meaning) -> None:
    assert meaning(NodeRefused("eth_sendRawTransaction", code, words)) is expected


def _sample(error: AbiError) -> bytes:
    values = []
    for kind in error.codec.types:
        sized = kind.startswith("bytes") and kind != "bytes"
        values.append(b"AB" if sized else _SAMPLES.get(kind, 3))
    return error.selector + error.codec.encode(values)
