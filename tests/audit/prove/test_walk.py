"""Blocks proved one after another: what an honest node shows, and each way to bend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.audit.lying import Lies, LyingNode, Refusal
from tests.audit.prove.bare import EMPTY, LAST, LOUD, STRANGE, Bare, walk

from indenture.audit.calls import Calls
from indenture.audit.prove import blocks
from indenture.chain import AnvilNode, Chain
from indenture.errors import NodeRefused, NodeUnavailable
from indenture.ledger import Ledger, patience

pytestmark = pytest.mark.integration

Change = Callable[[dict[str, Any]], Any]


def about_block(number: int, change: Change) -> Lies:
    """Shows one block otherwise."""

    def told(params: list[Any], result: Any) -> Any:
        return change(dict(result)) if int(params[0], 16) == number else result

    return Lies({"eth_getBlockByNumber": told})


def about_receipts(number: int, change: Callable[[list[dict[str, Any]]], Any]) -> Lies:
    """Shows the receipts of one block otherwise."""

    def told(params: list[Any], result: Any) -> Any:
        return change([dict(receipt) for receipt in result]) if int(params[0], 16) == number else result

    return Lies({"eth_getBlockReceipts": told})


def with_transaction(place: int, **fields: Any) -> Change:
    """Changes fields of a transaction in a block."""

    def changed(block: dict[str, Any]) -> dict[str, Any]:
        if block["transactions"] and isinstance(block["transactions"][0], dict):
            told = list(block["transactions"])
            told[place] = told[place] | fields
            block["transactions"] = told
        return block

    return changed


def with_log(place: int, log: int, **fields: Any) -> Callable[[list[dict[str, Any]]], Any]:
    """Changes fields of a log in a receipt."""

    def changed(receipts: list[dict[str, Any]]) -> Any:
        logs = list(receipts[place]["logs"])
        logs[log] = logs[log] | fields
        receipts[place]["logs"] = logs
        return receipts

    return changed


def test_walk__honest_node__everything_proved(bare: Bare, bare_ledger: Ledger) -> None:
    walked = walk(bare_ledger, bare.chain, bare.chain.block_stamp())

    assert walked.findings == []
    assert walked.totals == (LAST, 5, 5, LAST - 2)
    assert walked.walk.complete
    assert walked.walk.hash_of(LOUD) == bare.chain.block_stamp(LOUD).hash


def test_walk__again__only_new_blocks_are_read(bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode) -> None:
    first = walk(bare_ledger, bare.chain, bare.chain.block_stamp(LOUD))
    asked: list[int] = []

    def noted(params: list[Any], result: Any) -> Any:
        asked.append(int(params[0], 16))
        return result

    bare_liar.lie = Lies({"eth_getBlockByNumber": noted})

    second = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert first.totals.blocks == LOUD
    assert second.findings == []
    assert second.totals == walk(bare_ledger, bare.chain, bare.chain.block_stamp()).totals
    assert sorted(asked) == list(range(LOUD + 1, LAST + 1))


LIES: dict[str, tuple[Lies, list[str]]] = {
    "a block is hidden": (about_block(LOUD, lambda _: None), [f"PROVE-1 {LOUD}"]),
    "a time is changed": (about_block(EMPTY, lambda b: b | {"timestamp": "0x1"}), [f"PROVE-1 {EMPTY}"]),
    "a state root is changed": (
        about_block(LOUD, lambda b: b | {"stateRoot": "0x" + "11" * 32}),
        [f"PROVE-1 {LOUD}"],
    ),
    "a hash is no hex": (about_block(LOUD, lambda b: b | {"hash": "0xfoo"}), [f"PROVE-1 {LOUD}"]),
    "a bloom filter is emptied": (
        about_block(LOUD, lambda b: b | {"logsBloom": "0x" + "00" * 256}),
        [f"PROVE-1 {LOUD}"],
    ),
    "a block is text": (about_block(LOUD, lambda _: "a block"), [f"PROVE-1 {LOUD}"]),
    "receipts are hidden": (about_receipts(LOUD, lambda _: []), [f"PROVE-2 {LOUD}"]),
    "receipts are null": (about_receipts(LOUD, lambda _: None), [f"PROVE-2 {LOUD}"]),
    "receipts change places": (about_receipts(LOUD, lambda r: r[::-1]), [f"PROVE-2 {LOUD}"]),
    "a receipt is left out": (about_receipts(LOUD, lambda r: r[:-1]), [f"PROVE-2 {LOUD}"]),
    "a status is changed": (
        about_receipts(LOUD, lambda r: [r[0] | {"status": "0x0"}, *r[1:]]),
        [f"PROVE-2 {LOUD}"],
    ),
    "an unknown type": (
        about_receipts(LOUD, lambda r: [r[0] | {"type": "0x7e"}, *r[1:]]),
        [f"PROVE-2 {LOUD}"],
    ),
    "a topic is changed": (
        about_receipts(LOUD, with_log(1, 1, topics=["0x" + "22" * 32])),
        [f"PROVE-2 {LOUD}"],
    ),
    "data are no hex": (about_receipts(LOUD, with_log(1, 1, data="0x0")), [f"PROVE-2 {LOUD}"]),
    "an input is changed": (about_block(LOUD, with_transaction(1, input="0x01")), [f"PROVE-4 {LOUD}"]),
    "a sender is changed": (
        about_block(LOUD, with_transaction(1, **{"from": "0x" + "33" * 20})),
        [f"PROVE-4 {LOUD}"],
    ),
    "a signature is changed": (about_block(LOUD, with_transaction(1, r="0x5")), [f"PROVE-4 {LOUD}"]),
    "transactions are hidden": (about_block(LOUD, lambda b: b | {"transactions": []}), [f"PROVE-4 {LOUD}"]),
}


@pytest.mark.parametrize("name", LIES)
def test_walk__lie__found_where_it_is_told(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode, name: str
) -> None:
    lie, expected = LIES[name]
    bare_liar.lie = lie

    walked = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert walked.kinds[:1] == expected
    assert all(kind.endswith(f" {expected[0].split()[1]}") for kind in walked.kinds)
    assert walked.totals.blocks == int(expected[0].split()[1]) - 1, "the prefix ends before the first fault"
    assert walk(bare_ledger, bare.chain, bare.chain.block_stamp()).findings == [], (
        "an honest node proves the rest"
    )


def test_walk__receipts_of_a_block_without_the_suite__spared_by_a_proved_bloom(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode
) -> None:
    bare_liar.lie = about_receipts(STRANGE, lambda _: None)

    assert walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp()).findings == []


def test_walk__another_chain__broken_at_the_parent_or_the_end(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode
) -> None:
    with AnvilNode() as node:
        other = Bare.on(node)
        forged = {
            n: other.chain.rpc.request("eth_getBlockByNumber", [hex(n), False]) for n in range(LAST + 1)
        }
    last = bare.chain.block_stamp()

    bare_liar.lie = about_block(EMPTY, lambda _: forged[EMPTY])
    middle = walk(bare_ledger, Chain.connect(bare_liar.url), last)
    bare_liar.lie = about_block(LAST, lambda _: forged[LAST])
    end = walk(bare_ledger, Chain.connect(bare_liar.url), last)

    assert middle.kinds == [f"PROVE-1 {EMPTY}", f"PROVE-1 {EMPTY + 1}"]
    assert f"PROVE-1 {LAST}" in end.kinds


def test_walk__calls_that_were_read__compared_with_the_signed_ones(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode
) -> None:
    block = bare.chain.rpc.request("eth_getBlockByNumber", [hex(LOUD), False])
    talking = block["transactions"][1]
    false = {talking: {"input": "0x" + "00" * 31 + "09"}}
    bare_liar.lie = Lies(
        {"eth_getTransactionByHash": lambda params, result: result | false.get(params[0], {})}
    )
    calls = Calls(Chain.connect(bare_liar.url))
    calls.prefetch(block["transactions"])

    walked = walk(bare_ledger, bare.chain, bare.chain.block_stamp(), calls)

    assert walked.kinds == [f"PROVE-4 {LOUD}"]
    assert walked.findings[0].tx_hash == talking
    # The transfer and the stranger's call have no log of the suite: they are proved by their hash.
    assert calls.unproved() == {talking, block["transactions"][0], block["transactions"][2]}


def test_walk__no_receipts_of_blocks__one_by_one(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode
) -> None:
    bare_liar.lie = Lies({"eth_getBlockReceipts": lambda *_: Refusal(-32601, "no such method")})

    walked = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert walked.findings == []
    assert walked.totals.receipts == 5


def test_walk__receipts_refused__error(bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode) -> None:
    bare_liar.lie = Lies({"eth_getBlockReceipts": lambda *_: Refusal(-32000, "pruned")})

    with pytest.raises(NodeRefused, match="pruned"):
        walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())


def test_walk__node_that_is_busy__waited_for(bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode) -> None:
    refused: set[str] = set()

    def busy_once(params: list[Any], result: Any) -> Any:
        if params[0] in refused:
            return result
        refused.add(params[0])
        return Refusal(-32005, "too many requests")

    bare_liar.lie = Lies({"eth_getBlockReceipts": busy_once})

    walked = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert walked.findings == []
    assert len(refused) == 2


def test_walk__large_answers_cut_short__asked_for_in_parts(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode
) -> None:
    bare_liar.spoil = lambda _, body: body if len(body) < 20_000 else body[:-5]

    walked = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert walked.findings == []
    assert walked.totals.blocks == LAST


def test_walk__every_answer_cut_short__error(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "TRIES", 2)
    chain = Chain.connect(bare_liar.url)
    bare_liar.spoil = lambda _, body: body[:-5]

    with pytest.raises(NodeUnavailable):
        walk(bare_ledger, chain, bare.chain.block_stamp())


def test_walk__lies_without_end__ended(
    bare: Bare, bare_ledger: Ledger, bare_liar: LyingNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indenture.audit.prove.walking._MOST_FAULTS", 2)
    monkeypatch.setattr(blocks, "_FIRST_BLOCKS", 2)
    monkeypatch.setattr(blocks, "_BLOCKS", 2)
    bare_liar.lie = Lies({"eth_getBlockByNumber": lambda *_: None})

    walked = walk(bare_ledger, Chain.connect(bare_liar.url), bare.chain.block_stamp())

    assert len(walked.findings) == 2
    assert not walked.walk.complete
