"""Reading a chain into a ledger: nothing is lost and nothing doubled, whatever node it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from tests.ledger import deployments
from tests.ledger.chains import Said, Speaker, ToldChain, told_chain
from tests.ledger.contents import Contents, contents, places, places_on, spans
from tests.ledger.nodes import Node, Refused, range_of, serving

from indenture.errors import ChainReorganised, InputError, NodeError
from indenture.ledger import Ingested, Ledger, ingest
from indenture.ledger.pace import Pace
from indenture.ledger.suite import SINGLE
from indenture.ledger.tables import EVENT_TABLES

pytestmark = pytest.mark.unit

BLOCKS = 160
SUITE = deployments.suite()


@pytest.fixture(scope="module")
def chain() -> ToldChain:
    return told_chain(SUITE, BLOCKS, seed=1)


@pytest.fixture(scope="module")
def whole(chain: ToldChain) -> Contents:
    """What a ledger holds that was read in one go from a node without faults."""
    with Ledger.open(None, SUITE, threads=1) as ledger, serving(chain) as node:
        read(ledger, node)
        assert places(ledger) == places_on(chain)
        assert ledger.anomalies() == []
        return contents(ledger)


@pytest.fixture
def node(chain: ToldChain) -> Iterator[Node]:
    with serving(chain) as served:
        yield served


@pytest.fixture
def empty(ledger: Ledger) -> Ledger:
    ledger.keep_to(None)
    return ledger


def read(ledger: Ledger, node: Node, to: int | None = None, **options: Any) -> Ingested:
    block = node.chain.last if to is None else node.chain.blocks[to]
    return ingest(ledger, node.connect(), to=block.stamp, **options)


def small_pages(monkeypatch: pytest.MonkeyPatch, blocks: int) -> None:
    """The first pages have so many blocks, and no later ones more."""
    monkeypatch.setattr("indenture.ledger.pace.LARGEST", blocks)
    monkeypatch.setattr("indenture.ledger.pages.Pace", lambda: Pace(first=blocks))


def test_ingest__whole_chain__tells_what_it_did(empty: Ledger, node: Node, whole: Contents) -> None:
    done = read(empty, node)

    assert (done.first_block, done.last_block) == (deployments.FIRST_BLOCK, BLOCKS)
    assert done.events == len(whole["log"]) == len(node.chain.logs)
    assert done.rewound_to is None
    assert done.seconds > 0
    assert empty.head() == node.chain.last.stamp
    assert contents(empty) == whole


def test_ingest__every_event_of_the_suite__has_its_row(empty: Ledger) -> None:
    varied = told_chain(SUITE, 150, seed=5, tables=EVENT_TABLES)

    with serving(varied) as node:
        read(empty, node)

    assert places(empty) == places_on(varied)
    assert empty.anomalies() == []
    assert decoded(empty) == len(varied.logs)


@pytest.mark.parametrize("blocks", [1, 7, 64])
@pytest.mark.parametrize("span_events", [1, 50])
def test_ingest__any_size_of_pages_and_spans__gives_the_same(
    empty: Ledger, node: Node, whole: Contents, monkeypatch: pytest.MonkeyPatch, blocks: int, span_events: int
) -> None:
    small_pages(monkeypatch, blocks)

    read(empty, node, span_events=span_events)

    assert contents(empty) == whole
    read_spans = spans(empty)
    assert read_spans[0][0] == deployments.FIRST_BLOCK
    assert read_spans[-1][1] == BLOCKS
    assert all(before[1] + 1 == after[0] for before, after in pairwise(read_spans))


@pytest.mark.parametrize("prefix", [deployments.FIRST_BLOCK, 57, BLOCKS - 1, BLOCKS])
def test_ingest__in_two_goes__equals_one(empty: Ledger, node: Node, whole: Contents, prefix: int) -> None:
    first = read(empty, node, to=prefix)
    second = read(empty, node)

    assert contents(empty) == whole
    assert first.events + second.events == len(whole["log"])
    assert second.first_block == prefix + 1


def test_ingest__again__reads_nothing(empty: Ledger, node: Node, whole: Contents) -> None:
    read(empty, node)
    node.ranges.clear()

    again = read(empty, node)

    assert (again.events, again.first_block, again.last_block) == (0, BLOCKS + 1, BLOCKS)
    assert node.ranges == []
    assert contents(empty) == whole


def test_ingest__to_a_block_before_the_end_of_the_ledger__leaves_it(empty: Ledger, node: Node) -> None:
    read(empty, node)

    read(empty, node, to=100)

    assert empty.head() == node.chain.last.stamp


def test_ingest__node_without_times_of_logs__takes_those_of_headers(
    empty: Ledger, node: Node, whole: Contents
) -> None:
    node.change = lambda logs, _: [{k: v for k, v in log.items() if k != "blockTimestamp"} for log in logs]

    read(empty, node)

    assert contents(empty) == whole


def test_ingest__node_without_batches__asks_one_by_one(empty: Ledger, node: Node, whole: Contents) -> None:
    node.has_batches = False

    read(empty, node, headers=True)

    assert contents(empty) == whole


def test_ingest__headers_of_all_blocks__gives_the_same(empty: Ledger, node: Node, whole: Contents) -> None:
    read(empty, node, headers=True)

    assert contents(empty) == whole
    assert node.calls["eth_getBlockByNumber"] >= len(whole["block"])


def test_ingest__pages_out_of_order__are_put_in_order(empty: Ledger, node: Node, whole: Contents) -> None:
    node.change = lambda logs, _: logs[::-1]

    read(empty, node)

    assert contents(empty) == whole


def test_ingest__capital_letters__are_made_small(empty: Ledger, node: Node, whole: Contents) -> None:
    def capitals(log: dict[str, Any]) -> dict[str, Any]:
        loud = {k: "0x" + v[2:].upper() for k, v in log.items() if isinstance(v, str)}
        return log | loud | {"topics": ["0x" + topic[2:].upper() for topic in log["topics"]]}

    node.change = lambda logs, _: [capitals(log) for log in logs]

    read(empty, node)

    assert contents(empty) == whole


def test_ingest__ten_thousand_logs_in_one_block__are_one_page(empty: Ledger) -> None:
    crowded, speaker = told_chain(SUITE, 20, seed=2, bonds=0), Speaker(SUITE, 3)
    some = [speaker.event(21) for _ in range(100)]
    crowded.mine([Said(one.contract, one.log, n // 50) for n, one in enumerate(some * 100)])
    crowded.mine([])

    def limit(method: str, params: list[Any]) -> None:
        if method == "eth_getLogs" and range_of(params)[0] != range_of(params)[1]:
            raise Refused(-32005, "query returned more than 10000 results")

    with serving(crowded) as node:
        node.before = limit
        done = read(empty, node)

    assert done.events == len(crowded.logs)
    assert places(empty) == places_on(crowded)


def test_ingest__chain_without_logs__has_spans_only(empty: Ledger) -> None:
    silent = ToldChain()
    for _ in range(50):
        silent.mine([])

    with serving(silent) as node:
        done = read(empty, node)

    assert (done.events, done.last_block) == (0, 50)
    assert spans(empty) == [(deployments.FIRST_BLOCK, 50)]
    assert empty.head() == silent.last.stamp


def test_ingest__bonds_of_one_page__are_read_from_it_on(
    empty: Ledger, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that were asked for before their bonds were known are asked for again, for these bonds alone."""
    small_pages(monkeypatch, 20)
    asked: set[int] = set()

    def note(method: str, params: list[Any]) -> None:
        if method == "eth_getLogs":
            asked.add(len(params[0]["address"]))

    node.before = note
    read(empty, node, workers=4)

    assert places(empty) == places_on(node.chain)
    bonds = empty.con.execute("SELECT address FROM contract WHERE kind = 'Bond'").fetchall()
    assert len(bonds) > 2
    assert {bond for (bond,) in bonds} <= {target.lower() for target in empty.suite.targets}
    assert min(asked) < len(SINGLE) < max(asked)


def test_ingest__without_decoding__has_logs_and_bonds_alone(
    node: Node, whole: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(monkeypatch, 50)
    with Ledger.open(None, SUITE, threads=1) as raw:
        read(raw, node, decode=False)

        assert contents(raw) == {name: whole[name] for name in ("log", "contract", "block")}
        with pytest.raises(InputError, match="raw logs only"):
            read(raw, node)


def test_ingest__progress__ends_with_all_blocks(empty: Ledger, node: Node) -> None:
    seen: list[tuple[str, int, int]] = []

    read(empty, node, progress=lambda *step: seen.append(step))

    total = BLOCKS - deployments.FIRST_BLOCK + 1
    assert {step for step, _, _ in seen} == {"reading events"}
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1][1:] == (total, total)


# --- what cannot be true ------------------------------------------------------------------------------------


def test_ingest__page_repeated__is_told_and_kept_once(empty: Ledger, node: Node, whole: Contents) -> None:
    node.change = lambda logs, _: logs + logs

    read(empty, node)

    told = empty.anomalies()
    assert contents(empty) | {"anomaly": []} == whole | {"anomaly": []}
    assert {(a.kind, a.key, a.log_index) for a in told} == {("LOG-3", "log index", None)}
    assert len(told) == len(whole["log"])


def test_ingest__logs_not_asked_for__are_told_and_left_out(
    empty: Ledger, node: Node, whole: Contents
) -> None:
    stranger = "0x" + "57" * 20

    def more(logs: list[dict[str, Any]], query: dict[str, Any]) -> list[dict[str, Any]]:
        if not logs or int(query["fromBlock"], 16) > 100:
            return logs
        one = logs[0]
        outside = one | {"blockNumber": hex(BLOCKS + 50), "logIndex": "0x5"}
        gone = one | {"removed": True, "logIndex": "0x63"}
        return [*logs, outside, gone, one | {"address": stranger, "logIndex": "0x64"}]

    node.change = more
    read(empty, node)

    told = empty.anomalies()
    assert contents(empty) | {"anomaly": []} == whole | {"anomaly": []}
    assert {(a.key, a.found) for a in told} == {
        ("block", str(BLOCKS + 50)),
        ("removed", "true"),
        ("contract", stranger),
    }


def one_changed(node: Node, **fields: str) -> dict[str, Any]:
    """Lets the node tell one log in another way, always; the log as it is."""
    crowd = next(block for block in node.chain.blocks if len(block.logs) > 3)
    chosen = crowd.logs[1]
    node.change = lambda logs, _: [log | fields if log == chosen else log for log in logs]
    return chosen


def test_ingest__log_of_another_block__is_told_and_decoded_nowhere(empty: Ledger, node: Node) -> None:
    log = one_changed(node, blockHash="0x" + "cd" * 32)

    read(empty, node)

    (told,) = empty.anomalies()
    place = (int(log["blockNumber"], 16), int(log["logIndex"], 16))
    assert (told.kind, told.key, told.block, told.log_index) == ("LOG-3", "block hash", *place)
    assert (told.expected, told.found) == (log["blockHash"], "0x" + "cd" * 32)
    assert places(empty) == places_on(node.chain)
    assert decoded(empty) == len(node.chain.logs) - 1


def test_ingest__log_of_another_transaction__is_told_and_decoded_nowhere(empty: Ledger, node: Node) -> None:
    log = one_changed(node, transactionIndex="0x31")

    read(empty, node)

    (told,) = empty.anomalies()
    assert (told.kind, told.key) == ("LOG-3", "transaction index")
    assert told.log_index == int(log["logIndex"], 16)
    assert decoded(empty) == len(node.chain.logs) - 1


def test_ingest__time_of_one_log_differs__the_header_has_it(
    empty: Ledger, node: Node, whole: Contents
) -> None:
    one_changed(node, blockTimestamp="0x1")

    read(empty, node)

    (told,) = empty.anomalies()
    assert (told.kind, told.key, told.found) == ("LOG-3", "block time", "1")
    assert contents(empty) | {"anomaly": []} == whole | {"anomaly": []}


def test_ingest__time_of_a_whole_block_differs__is_found_with_headers(empty: Ledger, node: Node) -> None:
    number = next(block.number for block in node.chain.blocks if block.logs)
    node.change = lambda logs, _: [
        log | {"blockTimestamp": "0x7"} if log["blockNumber"] == hex(number) else log for log in logs
    ]

    read(empty, node, headers=True)

    assert {(a.block, a.key) for a in empty.anomalies()} == {(number, "block time")}
    assert empty.stamp(number) == node.chain.blocks[number].stamp


def decoded(ledger: Ledger) -> int:
    """Rows of all event tables."""
    held = contents(ledger)
    return sum(
        len(rows) for name, rows in held.items() if name not in ("log", "anomaly", "contract", "block")
    )


@pytest.mark.parametrize("spoil", ["blockNumber", "transactionHash", "address", "blockHash", "logIndex"])
def test_ingest__what_is_no_log__is_an_error(empty: Ledger, node: Node, spoil: str) -> None:
    node.change = lambda logs, _: [log | {spoil: "pending"} for log in logs]

    with pytest.raises(NodeError, match="are no logs of mined transactions"):
        read(empty, node)

    assert contents(empty)["block"] == []
    assert empty.head() is None


@pytest.mark.parametrize(
    "how",
    [
        lambda topics: [" ".join(topics)],
        lambda topics: [*topics[:-1], topics[-1] + " "],
        lambda topics: [*topics, "0x"],
        lambda topics: [None, *topics],
    ],
    ids=["one text", "a blank", "too short", "null"],
)
def test_ingest__topics_of_another_length__are_no_logs(
    empty: Ledger, node: Node, how: Callable[[list[str]], list[str | None]]
) -> None:
    node.change = lambda logs, _: [log | {"topics": how(log["topics"])} for log in logs]

    with pytest.raises(NodeError, match="are no logs of mined transactions"):
        read(empty, node)


def test_ingest__time_that_only_a_later_page_tells__is_held_against_the_block(
    empty: Ledger, node: Node, whole: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The logs of a new bond come in a page of their own, of a block that is known by then."""
    small_pages(monkeypatch, 20)
    registered = {(bond, hex(block)) for bond, kind, _, block in whole["contract"] if kind == "Bond"}
    node.change = lambda logs, _: [
        log | {"blockTimestamp": "0x7"} if (log["address"].lower(), log["blockNumber"]) in registered else log
        for log in logs
    ]

    read(empty, node, workers=4)

    assert {(a.key, a.found) for a in empty.anomalies()} == {("block time", "7")}
    assert contents(empty) | {"anomaly": []} == whole | {"anomaly": []}


def test_ingest__garbage_once__is_read_again(empty: Ledger, node: Node, whole: Contents) -> None:
    spoiled: list[bytes] = []

    def spoil(method: str, body: bytes) -> bytes:
        if method == "eth_getLogs" and not spoiled:
            spoiled.append(body)
            return body.replace(b'"topics":[', b'"topics":{', 1)
        return body

    node.reshape = spoil
    read(empty, node)

    assert spoiled
    assert contents(empty) == whole


def test_ingest__always_moving_chain__ends_with_an_error(empty: Ledger, node: Node) -> None:
    moving = told_chain(SUITE, 30)

    def move(method: str, params: list[Any]) -> None:
        if method == "eth_getBlockByNumber":
            moving.fork(5)
            for _ in range(5):
                moving.mine([])

    with serving(moving) as unsteady:
        unsteady.before = move
        with pytest.raises(ChainReorganised):
            ingest(empty, unsteady.connect(), to=moving.last.stamp)
