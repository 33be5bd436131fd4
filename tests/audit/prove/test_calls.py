"""Transactions that checks read by their hash, and what each must prove of itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.audit.lying import Lies, LyingNode
from tests.audit.prove.bare import LOUD, Bare

from indenture.audit.calls import Calls
from indenture.audit.prove.transactions import prove_calls
from indenture.chain import Chain
from indenture.errors import NodeError

pytestmark = pytest.mark.integration


def hashes(bare: Bare) -> list[str]:
    return list(bare.chain.rpc.request("eth_getBlockByNumber", [hex(LOUD), False])["transactions"])


def told(tx_hash: str, **fields: Any) -> Lies:
    """Shows a transaction otherwise."""
    return Lies(
        {
            "eth_getTransactionByHash": lambda params, result: (
                result | fields if params[0] == tx_hash else result
            )
        }
    )


def test_prove_calls__honest_node__all_proved_once(bare: Bare) -> None:
    calls = Calls(bare.chain)
    calls.prefetch(hashes(bare))

    assert list(prove_calls(bare.chain, calls)) == []
    assert calls.unproved() == set()


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"input": "0x01"}, "hash of a transaction"),
        ({"to": None}, "hash of a transaction"),
        ({"from": "0x" + "11" * 20}, "sender"),
        ({"from": None}, "sender"),
        ({"r": "0x0", "hash": "0x0"}, "hash"),
        ({"type": "0x7e"}, "type of a transaction"),
    ],
)
def test_prove_calls__lie_when_proving__fault(
    bare: Bare, bare_liar: LyingNode, fields: dict[str, Any], what: str
) -> None:
    calls, bent = Calls(bare.chain), hashes(bare)[1]
    calls.prefetch(hashes(bare))
    bare_liar.lie = told(bent, **fields)

    ((tx_hash, fault),) = prove_calls(Chain.connect(bare_liar.url), calls)

    assert tx_hash == bent
    assert what in fault.what
    assert calls.unproved() == {bent}


def test_prove_calls__another_transaction__fault(bare: Bare, bare_liar: LyingNode) -> None:
    first, second, _, _ = hashes(bare)
    other = bare.chain.rpc.request("eth_getTransactionByHash", [second])
    calls = Calls(bare.chain)
    calls.prefetch([first])
    bare_liar.lie = told(first, **other)

    ((_, fault),) = prove_calls(Chain.connect(bare_liar.url), calls)

    assert (fault.expected, fault.found) == (first, second)


def test_prove_calls__none_any_more__fault(bare: Bare, bare_liar: LyingNode) -> None:
    calls = Calls(bare.chain)
    calls.prefetch(hashes(bare)[:1])
    bare_liar.lie = Lies({"eth_getTransactionByHash": lambda *_: None})

    ((_, fault),) = prove_calls(Chain.connect(bare_liar.url), calls)

    assert fault.found == "none"


@pytest.mark.parametrize(
    "fields", [{"from": None}, {"from": "0x5"}, {"input": 5}, {"input": "0xg"}, {"to": [1]}]
)
def test_calls__no_transaction__error(bare: Bare, bare_liar: LyingNode, fields: dict[str, Any]) -> None:
    tx_hash = hashes(bare)[1]
    bare_liar.lie = told(tx_hash, **fields)

    with pytest.raises(NodeError, match="a transaction that is none"):
        Calls(Chain.connect(bare_liar.url)).prefetch([tx_hash])


def test_prove_calls__lie_when_reading__fault(bare: Bare, bare_liar: LyingNode) -> None:
    bent = hashes(bare)[1]
    bare_liar.lie = told(bent, input="0x01")
    calls = Calls(Chain.connect(bare_liar.url))
    calls.prefetch(hashes(bare))

    ((tx_hash, fault),) = prove_calls(bare.chain, calls)

    assert tx_hash == bent
    assert "what was read" in fault.what
