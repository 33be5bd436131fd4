"""A watch audits every new block, follows reorganisations, outlives a node that goes away, and tells."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from tests.audit.stage import PARAMETERS, START, key, lei

from indenture.audit.compare import Comparison, StateGone
from indenture.audit.findings import Finding
from indenture.audit.push import PushFailed, messages, push_to
from indenture.audit.watch import Sighting, WatchOptions, watch
from indenture.chain import AnvilNode, BlockStamp, Sender
from indenture.contracts import Suite
from indenture.deployment import DeployParameters, deploy
from indenture.errors import InputError, NodeUnavailable
from indenture.membership import MemberClass, Role
from indenture.models import MemberAdmission
from indenture.roles import CashIssuer, Depository

pytestmark = pytest.mark.integration

Act = Callable[[], object]
BALANCES_SLOT = 0
"""Of OpenZeppelin's ERC-20."""


class Desk:
    """A young suite with two members, and somebody who watches it."""

    def __init__(self, node: AnvilNode) -> None:
        self.node = node
        self.chain = node.connect()
        operator = Sender(self.chain, node.account())
        self.deployment = deploy(operator, DeployParameters.load(PARAMETERS))
        self.suite = Suite(self.chain, self.deployment)
        self.depository = Depository(self.suite, operator)
        self.cash = CashIssuer(self.suite, operator)
        self.accounts = [key(70).address, key(71).address]
        self.depository.admit_members(
            [
                MemberAdmission(lei(70 + n).decode(), MemberClass.BANK, "CN", account, Role.HOLDER)
                for n, account in enumerate(self.accounts)
            ]
        )

    def issue(self, account: int = 0, amount: int = 100) -> None:
        self.cash.issue([(self.accounts[account], amount)])

    def falsify(self, account: int = 0) -> None:
        """One base unit more, of which no event tells."""
        token = self.deployment.cash["CNY"].address
        slot = "0x" + keccak(encode(["address", "uint256"], [self.accounts[account], BALANCES_SLOT])).hex()
        word = int(self.chain.rpc.request("eth_getStorageAt", [token, slot, "latest"]), 16) + 1
        self.chain.rpc.request("anvil_setStorageAt", [token, slot, f"0x{word:064x}"], resend=False)

    def seen(self, *acts: Act, ledger: Path | None = None, **options: Any) -> list[Sighting]:
        """What a watch sees when things happen between its looks."""
        left = list(acts)

        def sleep(_: float) -> None:
            if not left:
                raise StopWatching
            left.pop(0)()

        found = watch(
            self.chain, self.deployment, ledger=ledger, options=WatchOptions(**options), sleep=sleep
        )
        sightings = []
        with contextlib.suppress(StopWatching):
            for sighting in found:
                sightings.append(sighting)  # noqa: PERF402 (what came before the end counts)
        return sightings


class StopWatching(Exception):
    """The test has seen enough."""


@pytest.fixture(scope="module")
def shared_desk() -> Iterator[Desk]:
    with AnvilNode(timestamp=START) as node:
        yield Desk(node)


@pytest.fixture
def desk(shared_desk: Desk) -> Iterator[Desk]:
    snapshot = shared_desk.node.time.snapshot()
    yield shared_desk
    shared_desk.node.time.revert(snapshot)


def kinds(sightings: list[Sighting]) -> list[list[str]]:
    return [[finding.kind for finding in sighting.findings] for sighting in sightings]


def test_watch__blocks_come__each_is_audited(desk: Desk) -> None:
    seen = desk.seen(desk.issue, lambda: None, lambda: desk.issue(1), desk.node.time.mine)

    heads = [sighting.block.number for sighting in seen]
    assert heads == list(range(heads[0], heads[0] + 4))
    assert [sighting.events - seen[0].events for sighting in seen] == [0, 2, 4, 4]
    assert kinds(seen) == [[], [], [], []]


def test_watch__balance_falsified__found_with_the_next_block_that_touches_it(desk: Desk) -> None:
    seen = desk.seen(desk.issue, desk.falsify, desk.issue)

    assert kinds(seen) == [[], [], ["VIEW-1"]]
    (finding,) = seen[-1].findings
    assert finding.block == seen[-1].block.number
    assert finding.key == f"balanceOf({desk.accounts[0]})"


def test_watch__reorganised__undoes_and_withdraws(desk: Desk) -> None:
    snapshots: list[str] = []

    def remember() -> None:
        snapshots.append(desk.node.time.snapshot())
        desk.falsify()
        desk.issue()

    def forget() -> None:
        desk.node.time.revert(snapshots.pop())
        desk.issue(1, 7)
        desk.issue(1, 8)

    seen = desk.seen(desk.issue, remember, forget)

    assert kinds(seen) == [[], [], ["VIEW-1"], []]
    assert seen[-1].undone_to == seen[1].block.number
    assert seen[-1].withdrawn == seen[2].findings


def test_watch__reorganised_below_the_copies__replays_from_the_start(desk: Desk) -> None:
    snapshot = desk.node.time.snapshot()

    def forget() -> None:
        desk.node.time.revert(snapshot)
        for amount in range(1, 6):
            desk.issue(1, amount)

    seen = desk.seen(desk.issue, desk.issue, forget)

    assert kinds(seen) == [[], [], [], []]
    assert seen[-1].undone_to is not None
    assert seen[-1].undone_to < seen[1].block.number
    assert seen[-1].events == seen[2].events + 6


def test_watch__confirmations__stays_below_the_head(desk: Desk) -> None:
    desk.node.time.mine(2)

    seen = desk.seen(desk.issue, desk.node.time.mine, desk.node.time.mine, confirmations=2)

    assert seen[-1].block.number == desk.chain.block_stamp().number - 2
    assert [sighting.events - seen[0].events for sighting in seen] == [0, 0, 0, 2]


def test_watch__node_goes_away__tells_once_and_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    request = desk.chain.rpc.request
    down = [True] * 3

    def moody(method: str, *args: Any, **more: Any) -> Any:
        if down and looking:
            down.pop()
            raise NodeUnavailable("http://127.0.0.1:1", "connection refused")
        return request(method, *args, **more)

    looking: list[bool] = []
    monkeypatch.setattr(desk.chain.rpc, "request", moody)
    seen = desk.seen(lambda: looking.append(True), lambda: None, lambda: None, desk.issue)

    assert [bool(sighting.trouble) for sighting in seen] == [False, True, False]
    assert [sighting.recovered for sighting in seen] == [False, False, True]
    assert seen[-1].events == seen[0].events + 2


def test_watch__node_refuses_views__asks_again_and_misses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, gone = Comparison.changed, list[bool]()

    def moody(self: Comparison, stamp: BlockStamp, keys: Any) -> None:
        if keys and gone:
            gone.pop()
            raise StateGone("missing trie node")
        changed(self, stamp, keys)

    def act() -> None:
        desk.issue()
        desk.falsify()
        desk.node.time.mine()
        gone.append(True)

    monkeypatch.setattr(Comparison, "changed", moody)
    seen = desk.seen(act, lambda: None)

    assert [bool(sighting.trouble) for sighting in seen] == [False, True, False]
    assert kinds(seen) == [[], [], ["VIEW-1"]]


def test_watch__head_goes_back_and_the_chain_does_not__waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where one of several nodes behind an address lags: its state is not that of the block."""
    lagging: dict[str, int | None] = {"latest": None}
    stamp_of = desk.chain.block_stamp

    def stamp(block: int | str | None = None) -> BlockStamp:
        return stamp_of(lagging["latest"] if block in (None, "latest") and lagging["latest"] else block)

    monkeypatch.setattr(desk.chain, "block_stamp", stamp)
    before = stamp_of().number
    seen = desk.seen(
        desk.issue,
        lambda: lagging.update(latest=before),
        lambda: lagging.update(latest=None),
        desk.issue,
        proving=True,
    )

    assert [sighting.block.number for sighting in seen] == [before, before + 1, before + 2]
    assert kinds(seen) == [[], [], []]
    assert [sighting.undone_to for sighting in seen] == [None] * 3


def test_watch__node_fails_at_once__ends_with_its_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been audited: a silent watch would look like one that finds nothing."""

    def refused(*_: Any, **__: Any) -> Any:
        raise NodeUnavailable("http://127.0.0.1:1", "connection refused")

    monkeypatch.setattr(desk.chain.rpc, "batch", refused)

    with pytest.raises(NodeUnavailable):
        desk.seen(lambda: None)


def test_watch__proving__each_new_block_is_proved(desk: Desk) -> None:
    seen = desk.seen(desk.issue, desk.falsify, desk.issue, proving=True)

    assert "PROVE-5" in kinds(seen)[-1]
    assert kinds(seen)[:2] == [[], []]


def test_watch__ledger_kept__the_next_watch_reads_only_what_is_new(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "events.duckdb"
    desk.seen(desk.issue, ledger=file)
    desk.issue()

    (seen,) = desk.seen(ledger=file)

    assert seen.findings == ()
    assert seen.block == desk.chain.block_stamp()


# What is told


FINDING = Finding(7, "CashToken CNY 0xAb", "balanceOf(0xCd)", "5", "6", "VIEW-1", None, "not what events say")
STAMP = BlockStamp(9, "0x" + "11" * 32, int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()))


def test_push__file__a_line_a_message(tmp_path: Path) -> None:
    file = tmp_path / "told" / "findings.jsonl"
    push = push_to(str(file))
    for message in messages(Sighting(STAMP, 3, (FINDING,), undone_to=6), "testnet"):
        push(message)

    told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [message["kind"] for message in told] == ["reorganised", "finding"]
    assert told[1]["finding"]["expected"] == "5"
    assert told[1]["text"].startswith("testnet: VIEW-1 in block 7: not what events say")


def test_push__file_that_cannot_be_written__says_so(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")

    with pytest.raises(InputError, match="nothing can be written to"):
        push_to(str(tmp_path / "full" / "findings.jsonl"))


class _Hook(BaseHTTPRequestHandler):
    status = 200
    got: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[tuple[str, type[_Hook]]]:
    handler = type("Hook", (_Hook,), {"got": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/desk?token=secret", handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_push__webhook__posts_json(hook: tuple[str, type[_Hook]]) -> None:
    url, handler = hook

    push_to(url)({"kind": "finding", "text": "a finding"})

    assert handler.got == [{"kind": "finding", "text": "a finding"}]


def test_push__webhook_refuses__fails_without_telling_its_secret(hook: tuple[str, type[_Hook]]) -> None:
    url, handler = hook
    handler.status = 403

    with pytest.raises(PushFailed, match="HTTP 403") as failed:
        push_to(url)({"kind": "finding"})
    assert "secret" not in str(failed.value)


def test_messages__all_is_well__nothing() -> None:
    assert list(messages(Sighting(STAMP, 3), "testnet")) == []
