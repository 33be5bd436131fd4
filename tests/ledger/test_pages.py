"""Fetching pages of logs: limits are found, faults that pass are waited out, and others are told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from tests.ledger import deployments
from tests.ledger.chains import ToldChain, told_chain
from tests.ledger.nodes import Busy, Node, Refused, range_of, serving

from indenture.chain.rpc import _is_this_machine
from indenture.errors import NodeError, NodeUnavailable
from indenture.ledger.pace import LARGEST, TARGET_BYTES, Pace
from indenture.ledger.pages import Page, PageReader, closing_all
from indenture.ledger.patience import TRIES
from indenture.ledger.refusals import Later, Less, Never, meaning, wait_of

pytestmark = pytest.mark.unit

SUITE = deployments.suite()
BLOCKS = 200
ADDRESSES = [contract.address for contract in (*SUITE.contracts.values(), *SUITE.cash.values())]


@pytest.fixture(scope="module")
def chain() -> ToldChain:
    return told_chain(SUITE, BLOCKS, seed=8, bonds=0)


@pytest.fixture
def node(chain: ToldChain, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setattr("indenture.ledger.patience.FIRST_WAIT", 0.001)
    with serving(chain) as served:
        yield served


def fetched(node: Node, *, timeout: float = 10.0, **options: Any) -> list[dict[str, Any]]:
    """All logs by the reader; the pages cover the range without a gap."""
    logs, ends = [], [0]
    with PageReader(node.connect(timeout), ADDRESSES, 1, BLOCKS, **options) as reader:
        for pages in reader:
            with closing_all(pages):
                for page in pages:
                    assert page.first == ends[-1] + 1
                    ends.append(page.last)
                    logs += logs_in(page)
    assert ends[-1] == BLOCKS
    return logs


def logs_in(page: Page) -> list[dict[str, Any]]:
    found = []
    for body in page.bodies:
        with open(body.path, "rb") as file:  # noqa: PTH123 (a descriptor, not a place)
            content = file.read()
        assert len(content) == body.size
        found += json.loads(content)
    return found


def on_logs(act: Callable[[list[Any]], None]) -> Callable[[str, list[Any]], None]:
    return lambda method, params: act(params) if method == "eth_getLogs" else None


def times(count: int, fault: Callable[[], Exception]) -> Callable[[list[Any]], None]:
    """Fails so often."""
    left = [count]

    def fail(_: list[Any]) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise fault()

    return fail


# --- the whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("first", [1, 13, 1000])
def test_reader__any_size_and_number__gives_all_logs(node: Node, workers: int, first: int) -> None:
    assert fetched(node, workers=workers, pace=Pace(first=first)) == node.chain.logs


def test_reader__page__is_pinned_by_its_headers(node: Node) -> None:
    with PageReader(node.connect(), ADDRESSES, 20, 60) as reader:
        ((page,),) = list(reader)

    blocks = node.chain.blocks
    page.close()
    assert (page.parent, page.end) == (blocks[19].hash, blocks[60].stamp)


def test_reader__not_read_to_the_end__leaves_nothing_open(node: Node) -> None:
    with PageReader(node.connect(), ADDRESSES, 1, BLOCKS, workers=2, pace=Pace(first=1)) as reader:
        for pages in reader:
            with closing_all(pages):
                break

    assert len(node.ranges) < BLOCKS


def test_reader__addresses_added__are_asked_for_in_pages_to_come_and_by_missing(node: Node) -> None:
    known, later = ADDRESSES[:1], ADDRESSES[1:]
    with PageReader(node.connect(), known, 1, BLOCKS, workers=1, pace=Pace(first=50)) as reader:
        pages = next(iter(reader))
        reader.addresses += later
        parts = list(reader.missing(pages, 10))
        logs = [log for page in (*pages, *parts) for log in logs_in(page)]
        with closing_all([*pages, *parts]):
            last = pages[-1].last

    wanted = {address.lower() for address in later}
    assert sorted(log["logIndex"] + log["blockNumber"] for log in logs) == sorted(
        log["logIndex"] + log["blockNumber"]
        for log in node.chain.logs
        if int(log["blockNumber"], 16) <= last
        and (log["address"] not in wanted or int(log["blockNumber"], 16) >= 10)
    )


@pytest.fixture
def far(node: Node, monkeypatch: pytest.MonkeyPatch) -> Node:
    """The node, as if it were on another machine."""
    monkeypatch.setattr("indenture.chain.rpc._is_this_machine", lambda _: False)
    return node


def test_reader__node_over_the_network__zips_its_answers(far: Node) -> None:
    assert fetched(far) == far.chain.logs
    assert far.zipped == far.calls["eth_chainId"] + 2 * far.calls["eth_getLogs"]


def test_reader__zipped_answer_damaged__is_read_again(far: Node) -> None:
    damaged: list[bytes] = []

    def damage(content: bytes) -> bytes:
        if len(content) > 1_000 and len(damaged) < 2:
            damaged.append(content)
            return content[: len(content) // 2] if len(damaged) == 1 else b"\0" * len(content)
        return content

    far.rezip = damage

    assert fetched(far, workers=1) == far.chain.logs
    assert len(damaged) == 2


def test_reader__node_on_this_machine__zips_nothing(node: Node) -> None:
    assert fetched(node) == node.chain.logs
    assert node.zipped == 0


@pytest.mark.parametrize(
    ("host", "is_this"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("localhost", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("node.example", False),
    ],
)
def test_is_this_machine__host_of_a_url__is_told_by_its_name(host: str, is_this: bool) -> None:
    assert _is_this_machine(host) is is_this


# --- limits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "block range is limited to {} blocks",
        "range 200 exceeds limit of {}",
        "exceed maximum block range: {}",
        "eth_getLogs is limited to a {} range",
        "query block range exceeds server limit, narrow your filter: {}",
        "Block range is too wide",
        "some words that nobody knows",
    ],
)
def test_reader__node_with_a_limit_of_blocks__keeps_to_it(node: Node, words: str) -> None:
    def limit(params: list[Any]) -> None:
        first, last = range_of(params)
        if last - first >= 17:
            raise Refused(-32602, words.format(17))

    node.before = on_logs(limit)

    assert fetched(node) == node.chain.logs
    assert max(last - first + 1 for first, last in node.ranges) <= 17
    if "{}" in words:
        assert node.calls["eth_getLogs"] - len(node.ranges) <= 8  # those in flight when it was named


@pytest.mark.parametrize(
    "words", ["query returned more than 10 results", "Log response size exceeded", "query timeout exceeded"]
)
def test_reader__node_with_a_limit_of_logs__takes_less(node: Node, words: str) -> None:
    crowd = max(len(block.logs) for block in node.chain.blocks)

    def limited(logs: list[dict[str, Any]], query: dict[str, Any]) -> list[dict[str, Any]]:
        if len(logs) > crowd:
            raise Refused(-32005, words)
        return logs

    node.change = limited

    assert fetched(node) == node.chain.logs


def test_reader__node_that_suggests_a_range__takes_it(node: Node) -> None:
    def limit(params: list[Any]) -> None:
        first, last = range_of(params)
        if last - first >= 20:
            tried = f"[{hex(first)}, {hex(first + 9)}]"
            raise Refused(
                -32005, f"query returned more than 10000 results. Try with this block range {tried}."
            )

    node.before = on_logs(limit)

    assert fetched(node, workers=1) == node.chain.logs
    assert node.ranges[0] == (1, 10)


def test_reader__node_with_a_limit_of_addresses__names_fewer(node: Node) -> None:
    def limit(params: list[Any]) -> None:
        if len(params[0]["address"]) > 3:
            raise Refused(-32602, "exceed max addresses or topics per search position")

    node.before = on_logs(limit)

    logs = fetched(node, workers=1)
    assert sorted(logs, key=str) == sorted(node.chain.logs, key=str)


def test_reader__one_block_refused__is_an_error_that_names_it(node: Node) -> None:
    def limit(params: list[Any]) -> None:
        first, last = range_of(params)
        if first <= 150 <= last:
            raise Refused(-32005, "query returned more than 10000 results")

    node.before = on_logs(limit)

    with pytest.raises(NodeError, match=r"does not give the logs of block 150: .*10000") as refused:
        fetched(node)
    assert "higher limit" in refused.value.hint


@pytest.mark.parametrize("most", [1, 3])
def test_reader__one_block_refused__is_asked_for_of_fewer_contracts(node: Node, most: int) -> None:
    """Other blocks are asked for of all of them, as before."""
    block = next(log["blockNumber"] for log in node.chain.logs[len(node.chain.logs) // 2 :])
    named: dict[bool, set[int]] = {True: set(), False: set()}

    def limit(params: list[Any]) -> None:
        first, last = range_of(params)
        is_here, count = first <= int(block, 16) <= last, len(params[0]["address"])
        if is_here and count > most:
            raise Refused(-32005, "query returned more than 10000 results")
        named[is_here].add(count)

    node.before = on_logs(limit)

    logs = fetched(node, workers=1)

    assert sorted(logs, key=str) == sorted(node.chain.logs, key=str)
    assert max(named[True]) <= most
    assert named[False] == {len(ADDRESSES)}


def test_reader__body_larger_than_wanted__is_given_up_and_asked_for_in_parts(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indenture.ledger.pages._LARGEST_BODY", 300_000)

    def stuffed(logs: list[dict[str, Any]], _: dict[str, Any]) -> list[dict[str, Any]]:
        return [log | {"data": "0x" + "00" * 3_000} for log in logs]

    node.change = stuffed

    assert [log["logIndex"] for log in fetched(node)] == [log["logIndex"] for log in node.chain.logs]
    assert max(last - first for first, last in node.ranges[-10:]) < BLOCKS - 1


def test_reader__block_without_end__is_an_error_that_names_it(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indenture.ledger.pages._LARGEST_BODY", 10_000)
    monkeypatch.setattr("indenture.ledger.wire._LARGEST_BLOCK", 10_000)
    node.change = lambda logs, _: [log | {"data": "0x" + "00" * 10_000} for log in logs]

    with pytest.raises(NodeError, match=r"does not give the logs of block \d+: more than 10000 bytes"):
        fetched(node, workers=1)


# --- faults -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503, 502])
def test_reader__busy_node__is_waited_for(node: Node, status: int) -> None:
    node.before = on_logs(times(4, lambda: Busy(status, {})))

    assert fetched(node) == node.chain.logs


def test_reader__retry_after__is_kept_to_by_all(node: Node) -> None:
    seen: list[float] = []
    busy = times(1, lambda: Busy(429, {"Retry-After": "1"}))

    def note(params: list[Any]) -> None:
        seen.append(time.monotonic())
        busy(params)

    node.before = on_logs(note)

    assert fetched(node, workers=2, pace=Pace(first=10)) == node.chain.logs
    assert max(after - before for before, after in pairwise(seen)) >= 0.9


def test_reader__busy_in_words__is_waited_for(node: Node) -> None:
    node.before = on_logs(times(3, lambda: Refused(-32005, "Too many requests, slow down")))

    assert fetched(node, workers=1) == node.chain.logs
    assert node.ranges == [(1, BLOCKS)]


def test_reader__always_busy__ends_with_an_error(node: Node) -> None:
    node.before = on_logs(times(10_000, lambda: Busy(429, {})))

    with pytest.raises(NodeUnavailable, match=f"HTTP 429, {TRIES} times in a row"):
        fetched(node, workers=1)


def test_reader__headers_refused_for_a_while__are_waited_for(node: Node) -> None:
    fail = times(3, lambda: Refused(429, "rate limit"))
    node.before = lambda method, params: fail(params) if method == "eth_getBlockByNumber" else None

    assert fetched(node) == node.chain.logs


@pytest.mark.parametrize("end", [0.3, 0.9, -1, -2, -3])
def test_reader__answer_cut_short__is_read_again(node: Node, end: float) -> None:
    cut: list[bytes] = []

    def shorten(method: str, body: bytes) -> bytes:
        if method == "eth_getLogs" and len(cut) < 2:
            cut.append(body)
            return body[: int(len(body) * end)] if 0 < end < 1 else body[: int(end)]
        return body

    node.reshape = shorten

    assert fetched(node, workers=1) == node.chain.logs
    assert len(cut) == 2


def test_reader__cut_after_any_character__is_never_taken_for_whole(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of two logs, cut at one place after the other: also where the rest ends as an answer may."""
    monkeypatch.setattr("indenture.ledger.patience.FIRST_WAIT", 0.0)
    monkeypatch.setattr("indenture.ledger.patience.TRIES", 10_000)
    kept = [0]

    def shorten(method: str, body: bytes) -> bytes:
        kept[0] += 3 * (method == "eth_getLogs")
        return body[: kept[0]] if method == "eth_getLogs" else body

    node.reshape = shorten
    node.change = lambda logs, _: [dict(sorted(log.items())) for log in logs[:2]]

    assert fetched(node, workers=1) == node.chain.logs[:2]
    assert node.calls["eth_getLogs"] > 300


@pytest.mark.parametrize(
    "reshape",
    [
        lambda body: body.replace(b'"result":[', b'"result" : [', 1),
        lambda body: b" \n" + body + b"\n ",
        lambda body: b'{"result":' + body.partition(b'"result":')[2][:-1] + b',"jsonrpc":"2.0","id":1}',
        lambda body: body[:-1] + b',"error":null}',
    ],
)
def test_reader__other_forms_of_the_same_answer__are_understood(
    node: Node, reshape: Callable[[bytes], bytes]
) -> None:
    node.reshape = lambda method, body: reshape(body) if method == "eth_getLogs" else body

    assert fetched(node) == node.chain.logs


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"jsonrpc":"2.0","id":1,"result":null}', b"[]", b"", b"[" * 100_000],
    ids=["words", "nothing", "list", "empty", "deep"],
)
def test_reader__no_answer_at_all__ends_with_an_error(node: Node, body: bytes) -> None:
    node.reshape = lambda method, told: body if method == "eth_getLogs" else told

    with pytest.raises(NodeUnavailable, match="holds no list of logs"):
        fetched(node, workers=1)


@pytest.mark.parametrize("spoil", ["hash", "parentHash", "number", "timestamp", "all", "another", "late"])
def test_reader__what_is_no_header__ends_with_an_error(
    node: Node, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    told = node.eth_getBlockByNumber

    def spoilt(tag: str, full: bool) -> Any:
        if spoil == "all":
            return [tag]
        header = told("0x1" if spoil == "another" else tag, full) or {}
        if spoil == "late":
            return header | {"timestamp": hex(1 << 63)}
        return {key: value for key, value in header.items() if key != spoil}

    monkeypatch.setattr(node, "eth_getBlockByNumber", spoilt)

    with pytest.raises(NodeError, match=rf"gave as block (1|{BLOCKS}) is not its header"):
        fetched(node, workers=1)


def test_reader__node_that_hangs__ends_with_an_error(node: Node) -> None:
    node.before = on_logs(lambda _: time.sleep(0.3))

    with pytest.raises(NodeUnavailable, match=r"nothing within 0\.1 s"):
        fetched(node, workers=1, timeout=0.1)


def test_reader__method_unknown__is_an_error(node: Node) -> None:
    node.before = on_logs(times(100, lambda: Refused(-32601, "the method eth_getLogs does not exist")))

    with pytest.raises(NodeError, match="does not give logs"):
        fetched(node)


def test_reader__key_refused__is_an_error_at_once(node: Node) -> None:
    node.before = on_logs(times(100, lambda: Busy(403, {})))

    with pytest.raises(NodeUnavailable, match="HTTP 403"):
        fetched(node, workers=1)
    assert node.calls["eth_getLogs"] == 1


# --- words and sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message", "most", "here"),
    [
        (-32005, "query returned more than 10000 results", None, None),
        (-32602, "query exceeds max results 20000, retry with the range 100-149", None, 50),
        (-32602, "Log response size exceeded. this block range should work: [0x10, 0x1f]", None, 16),
        (-32000, "eth_getLogs is limited to a 10,000 range", 10_000, None),
        (-32600, "block range is too large, max is 1k blocks", 1_000, None),
        (-32602, "range 1000000 exceeds limit of 10000", 10_000, None),
        (-32062, "Block range is too large", None, None),
        (-32000, "exceed maximum block range: 50000", 50_000, None),
        (-32701, "Please specify an address in your request or limit to 100 blocks", 100, None),
    ],
)
def test_meaning__limits__are_read_from_the_words(
    code: int, message: str, most: int | None, here: int | None
) -> None:
    found = meaning({"code": code, "message": message}, 1_000_000)

    assert isinstance(found, Less)
    assert (found.most, found.here) == (most, here)


@pytest.mark.parametrize(
    "message",
    [
        "Your app has exceeded its compute units per second capacity",
        "daily request count exceeded, request rate limited",
        "Too Many Requests",
        "server is busy",
    ],
)
def test_meaning__busy__is_later(message: str) -> None:
    assert isinstance(meaning({"code": -32005, "message": message}, 10), Later)


def test_meaning__unknown_method__is_never() -> None:
    assert isinstance(meaning({"code": -32601, "message": "no such method"}, 10), Never)


def test_wait_of__seconds_or_instant__is_seconds() -> None:
    instant = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert wait_of("3") == 3.0
    assert wait_of(instant) == pytest.approx(59, abs=2)
    assert wait_of("soon") is None
    assert wait_of(None) is None


def test_pace__small_quick_answers__grow_to_the_largest() -> None:
    pace = Pace(first=10)

    for _ in range(50):
        pace.went(pace.blocks, 1_000, 0.01)

    assert pace.blocks == LARGEST


def test_pace__large_answers__come_down_to_the_target() -> None:
    pace = Pace(first=1_000)

    pace.went(1_000, 10 * TARGET_BYTES, 0.5)

    assert pace.blocks == 100


def test_pace__slow_answers__are_halved() -> None:
    pace = Pace(first=1_000)

    pace.went(1_000, 1_000, 60.0)

    assert pace.blocks == 500


def test_pace__named_limit__is_never_passed_again() -> None:
    pace = Pace(first=1_000)

    assert pace.failed(1_000, most=80) == 80
    for _ in range(20):
        pace.went(pace.blocks, 10, 0.01)

    assert pace.blocks == 80
