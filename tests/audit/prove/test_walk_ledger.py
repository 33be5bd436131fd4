"""Ledgers that differ from what the blocks prove: each difference is named."""

from __future__ import annotations

import pytest
from tests.audit.prove.bare import EMPTY, LAST, LOUD, Bare, walk

from indenture.chain import AnvilNode
from indenture.ledger import Ledger, ingest

pytestmark = pytest.mark.integration

# What is done to the ledger, the key of the finding, and what its message says.
LIES: dict[str, tuple[str, str, str]] = {
    "left out": ("DELETE FROM log WHERE block = $block AND log_index = 2", "log 2", "left out"),
    "added": (
        "INSERT INTO log SELECT block, 77, tx_index, tx_hash, contract, topics, data FROM log "
        "WHERE block = $block AND log_index = 2",
        "log 77",
        "added",
    ),
    "repeated": (
        "INSERT INTO log SELECT * FROM log WHERE block = $block AND log_index = 2",
        "log 2",
        "repeated",
    ),
    "other data": (
        "UPDATE log SET data = '0x01' WHERE block = $block AND log_index = 2",
        "log 2 data",
        "data",
    ),
    "other topic": (
        "UPDATE log SET topics = [topics[1], topics[1]] WHERE block = $block AND log_index = 2",
        "log 2 topic 1",
        "topic 1",
    ),
    "fewer topics": (
        "UPDATE log SET topics = [] WHERE block = $block AND log_index = 2",
        "log 2 topics",
        "topics",
    ),
    "other transaction": (
        "UPDATE log SET tx_hash = '0x01' WHERE block = $block AND log_index = 2",
        "log 2 transaction",
        "transaction",
    ),
    "other place": (
        "UPDATE log SET tx_index = 0 WHERE block = $block AND log_index = 2",
        "log 2 place of the transaction",
        "place",
    ),
    "other time": ("UPDATE block SET time = 5 WHERE number = $block", "log 0 time", "time"),
}


@pytest.mark.parametrize("name", LIES)
def test_walk__ledger_differs__said_which_log(bare: Bare, bare_ledger: Ledger, name: str) -> None:
    statement, key, message = LIES[name]
    bare_ledger.con.execute(statement, {"block": LOUD})

    walked = walk(bare_ledger, bare.chain, bare.chain.block_stamp())
    found = next(finding for finding in walked.findings if finding.kind == "PROVE-3")

    assert found.block == LOUD
    assert found.key == key
    assert message in found.message
    assert found.expected != found.found


def test_walk__log_in_an_empty_block__found(bare: Bare, bare_ledger: Ledger) -> None:
    bare_ledger.con.execute(
        "INSERT INTO log SELECT $empty, 0, tx_index, tx_hash, contract, topics, data FROM log "
        "WHERE block = $block AND log_index = 2",
        {"block": LOUD, "empty": EMPTY},
    )
    bare_ledger.con.execute("INSERT INTO block VALUES (?, ?, 5)", [EMPTY, bare.chain.block_stamp(EMPTY).hash])

    walked = walk(bare_ledger, bare.chain, bare.chain.block_stamp())

    assert walked.kinds == [f"PROVE-3 {EMPTY}"]


def test_walk__other_hash_in_the_ledger__found(bare: Bare, bare_ledger: Ledger) -> None:
    bare_ledger.con.execute("UPDATE block SET hash = '0x05' WHERE number = ?", [LOUD])

    assert walk(bare_ledger, bare.chain, bare.chain.block_stamp()).kinds == [f"PROVE-1 {LOUD}"]


def test_walk__proof_of_another_chain__forgotten_to_what_is_shared(bare: Bare, bare_ledger: Ledger) -> None:
    walk(bare_ledger, bare.chain, bare.chain.block_stamp())
    bare_ledger.con.execute("UPDATE proof SET hash = concat('0x', block) WHERE block > ?", [LOUD])

    walked = walk(bare_ledger, bare.chain, bare.chain.block_stamp())

    assert walked.findings == []
    assert walked.totals == (LAST, 5, 5, LAST - 2)


def test_walk__chain_that_was_reorganised__proof_goes_back_with_the_ledger() -> None:
    with AnvilNode() as node:
        bare = Bare.on(node)
        with bare.ledger() as ledger:
            before = walk(ledger, bare.chain, bare.chain.block_stamp())
            bare.chain.rpc.request("anvil_reorg", [LAST - EMPTY, []], resend=False)
            bare.filler.mine()
            last = bare.chain.block_stamp()
            ingest(ledger, bare.chain, to=last)
            after = walk(ledger, bare.chain, last)
        with bare.ledger() as fresh:
            anew = walk(fresh, bare.chain, last)

    assert before.findings == after.findings == []
    assert after.totals == anew.totals
    assert after.totals.blocks == last.number
    assert after.totals.receipts < before.totals.receipts
