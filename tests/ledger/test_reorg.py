"""Chains that change while they are read, or between two readings: the ledger follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bench.emitter import CASH, emit, paper_suite
from tests.ledger import deployments
from tests.ledger.chains import Speaker, ToldChain, told_chain
from tests.ledger.contents import contents, places, places_on, spans
from tests.ledger.nodes import Node, serving

from indenture.chain import AnvilNode, Chain
from indenture.ledger import Ledger, ingest, rewind
from indenture.ledger.pace import Pace

SUITE = deployments.suite()
BLOCKS = 80

unit, integration = pytest.mark.unit, pytest.mark.integration


@pytest.fixture
def node() -> Iterator[Node]:
    with serving(told_chain(SUITE, BLOCKS, seed=4, bonds=0.1)) as served:
        yield served


@pytest.fixture
def empty(ledger: Ledger) -> Ledger:
    ledger.keep_to(None)
    return ledger


def read(ledger: Ledger, node: Node, **options: Any) -> Any:
    return ingest(ledger, node.connect(), to=node.chain.last.stamp, **options)


def fork(chain: ToldChain, depth: int, *, grow: int = 0, seed: int = 9, bonds: float = 0.1) -> int:
    """Replaces the last blocks; the last block that both have."""
    chain.fork(depth)
    shared, speaker = chain.last.number, Speaker(SUITE, seed)
    for number in range(shared + 1, shared + 1 + depth + grow):
        chain.mine(speaker.block(number, bonds=bonds))
    return shared


def afresh(node: Node) -> dict[str, Any]:
    """What a ledger holds that never saw another chain."""
    with Ledger.open(None, SUITE, threads=1) as other:
        read(other, node)
        return contents(other)


def known(ledger: Ledger, up_to: int) -> int:
    """The last block up to another whose hash the ledger knows."""
    ((block,),) = ledger.con.execute("SELECT max(number) FROM block WHERE number <= ?", [up_to]).fetchall()
    return int(block)


@unit
@pytest.mark.parametrize("depth", [1, 2, 3, 7, 20, 49, 50])
def test_ingest__after_a_reorganisation__equals_the_new_chain(empty: Ledger, node: Node, depth: int) -> None:
    read(empty, node, span_events=20)
    shared = fork(node.chain, depth, grow=3)
    expected = known(empty, shared)

    done = read(empty, node)

    assert done.rewound_to == expected
    assert contents(empty) == afresh(node)
    assert places(empty) == places_on(node.chain)
    assert empty.head() == node.chain.last.stamp


@unit
def test_ingest__reorganised_again_and_again__equals_the_new_chain(empty: Ledger, node: Node) -> None:
    for depth in range(1, 51, 3):
        read(empty, node, span_events=1)
        fork(node.chain, depth, grow=1, seed=depth, bonds=0)

    read(empty, node)

    assert places(empty) == places_on(node.chain)
    assert contents(empty) == afresh(node)


@unit
def test_rewind__chain_unchanged__loses_nothing(empty: Ledger, node: Node) -> None:
    read(empty, node)
    before = contents(empty)

    assert rewind(empty, node.connect()) is None
    assert contents(empty) == before


@unit
def test_rewind__empty_ledger__loses_nothing(empty: Ledger, node: Node) -> None:
    assert rewind(empty, node.connect()) is None


@unit
def test_rewind__bond_registered_above__is_forgotten(empty: Ledger, node: Node) -> None:
    node.chain.mine([Speaker(SUITE, 11).bond()])
    read(empty, node)
    told = len(empty.suite.all("Bond"))
    fork(node.chain, 1)

    shared = rewind(empty, node.connect())

    assert shared == known(empty, BLOCKS)
    assert len(empty.suite.all("Bond")) == told - 1
    assert spans(empty)[-1][1] == shared


@unit
def test_rewind__nothing_shared__forgets_everything(empty: Ledger, node: Node) -> None:
    read(empty, node)
    fork(node.chain, BLOCKS)

    assert rewind(empty, node.connect()) == deployments.FIRST_BLOCK - 1
    assert empty.head() is None
    assert places(empty) == []


@unit
def test_rewind__shorter_chain__ends_with_it(empty: Ledger, node: Node) -> None:
    read(empty, node)
    node.chain.fork(30)

    assert rewind(empty, node.connect()) == known(empty, node.chain.last.number)
    read(empty, node)
    assert empty.head() == node.chain.last.stamp


@unit
def test_rewind__many_known_blocks__asks_for_few(empty: Ledger, node: Node) -> None:
    read(empty, node)
    fork(node.chain, 20)
    node.calls.clear()

    rewind(empty, node.connect())

    assert node.calls["eth_getBlockByNumber"] <= 10


@unit
@pytest.mark.parametrize("depth", [1, 10, 40])
def test_ingest__chain_moves_while_it_is_read__equals_the_new_chain(
    empty: Ledger, node: Node, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    """Pages of both chains come together: they do not fit, and are read anew."""
    monkeypatch.setattr("indenture.ledger.pace.LARGEST", 8)
    monkeypatch.setattr("indenture.ledger.pages.Pace", lambda: Pace(first=8))
    moved: list[int] = []

    def move(method: str, params: list[Any]) -> None:
        if node.calls["eth_getLogs"] == 6 and not moved:
            moved.append(fork(node.chain, depth))

    node.before = move
    read(empty, node, workers=2)

    assert moved
    assert places(empty) == places_on(node.chain)
    assert contents(empty) == afresh(node)


@unit
def test_ingest__chain_leaves_and_comes_back__keeps_nothing_of_the_other(empty: Ledger, node: Node) -> None:
    """Logs are those of another chain, headers before and after are not: only their hashes tell."""
    true = list(node.chain.blocks)
    told: list[int] = []

    def astray(logs: list[dict[str, Any]], query: dict[str, Any]) -> list[dict[str, Any]]:
        if told:
            return logs
        told.append(1)
        fork(node.chain, 40)
        others = node.chain.logs
        node.chain.blocks = list(true)
        return others

    node.change = astray
    read(empty, node)

    assert told
    assert places(empty) == places_on(node.chain)
    assert empty.anomalies() == []


@unit
def test_ingest__last_block_replaced_while_reading__reads_the_one_in_its_place(
    empty: Ledger, node: Node
) -> None:
    asked_for = node.chain.last.stamp
    moved: list[int] = []

    def move(method: str, params: list[Any]) -> None:
        if method == "eth_getLogs" and not moved:
            moved.append(fork(node.chain, 1))

    node.before = move
    done = ingest(empty, node.connect(), to=asked_for)

    assert done.last_block == asked_for.number
    assert empty.head() == node.chain.last.stamp != asked_for
    assert places(empty) == places_on(node.chain)


# --- Anvil --------------------------------------------------------------------------------------------------


def held(ledger: Ledger, chain: Chain) -> tuple[list[Any], list[Any]]:
    """Logs of the ledger, and of the node."""
    rows = ledger.con.execute("SELECT block, tx_hash, log_index FROM log ORDER BY ALL").fetchall()
    logs = chain.get_logs([CASH], 1, chain.block_stamp())
    return rows, [(log.block_number, log.tx_hash, log.log_index) for log in logs]


@integration
def test_ingest__anvil_reorganised_from_1_to_50__holds_its_logs(own_node: AnvilNode) -> None:
    chain = own_node.connect()
    emit(own_node, chain, CASH, events=140, blocks=70)
    with Ledger.open(None, paper_suite(), threads=1) as ledger:
        for depth in (1, 2, 5, 17, 50):
            ingest(ledger, chain, to=chain.block_stamp())
            chain.rpc.request("anvil_reorg", [depth, []], resend=False)
            emit(own_node, chain, CASH, events=2, blocks=1)

            done = ingest(ledger, chain, to=chain.block_stamp())

            assert done.rewound_to is not None
            rows, logs = held(ledger, chain)
            assert rows == logs
            assert ledger.head() == chain.block_stamp()


@integration
def test_ingest__anvil_reverted_to_a_snapshot__holds_its_logs(own_node: AnvilNode) -> None:
    chain = own_node.connect()
    emit(own_node, chain, CASH, events=30, blocks=10)
    with Ledger.open(None, paper_suite(), threads=1) as ledger:
        snapshot = own_node.time.snapshot()
        emit(own_node, chain, CASH, events=60, blocks=30)
        ingest(ledger, chain, to=chain.block_stamp())
        own_node.time.revert(snapshot)

        shorter = ingest(ledger, chain, to=chain.block_stamp())
        emit(own_node, chain, CASH, events=80, blocks=20)
        longer = ingest(ledger, chain, to=chain.block_stamp())

        assert (shorter.rewound_to, shorter.events) == (10, 0)
        assert (longer.rewound_to, longer.events) == (None, 80)
        rows, logs = held(ledger, chain)
        assert rows == logs
