from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import node_account
from tests.sdk.proxy import free_port

from indenture.chain import AnvilNode, Chain, ContractCall, Sender, find_anvil
from indenture.chain.rpc import Rpc
from indenture.errors import InvalidDate, NodeRefused, NodeUnavailable, PortInUse, SetupError, ToolMissing

pytestmark = pytest.mark.integration

_PARENT = """
import sys, time
from indenture.chain import AnvilNode
node = AnvilNode().start()
print(node.pid, node.port, flush=True)
time.sleep(60)
"""


def test_start__free_port__answers_and_is_gone_afterwards() -> None:
    with AnvilNode(chain_id=4711, timestamp=datetime(2019, 5, 31, tzinfo=UTC)) as node:
        chain = node.connect()
        pid, url = node.pid, node.url

        assert chain.chain_id == 4711
        assert chain.block_stamp(0).time == datetime(2019, 5, 31, tzinfo=UTC)

    assert not _alive(pid)
    with pytest.raises(NodeUnavailable):
        Chain.connect(url)


def test_start__without_history__forgets_states_and_keeps_logs_and_transactions() -> None:
    with AnvilNode(history=False) as node:
        chain, sender = node.connect(), node.account(0).address
        call = {"from": sender, "to": node.account(1).address, "value": "0x1"}
        tx_hash = chain.rpc.request("eth_sendTransaction", [call], resend=False)
        node.time.mine(20)

        assert chain.rpc.request("eth_getTransactionReceipt", [tx_hash])["blockNumber"] == "0x1"
        assert chain.nonce(sender) == 1
        with pytest.raises(NodeRefused):
            chain.nonce(sender, block=1)


def test_start__exception_inside__node_is_gone() -> None:
    pids: list[int] = []

    def fail() -> None:
        with AnvilNode() as node:
            pids.append(node.pid)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not _alive(pids[0])


def test_start__port_taken__refuses_and_never_attaches() -> None:
    with AnvilNode() as other, pytest.raises(PortInUse) as caught:
        AnvilNode(port=other.port).start()

    assert caught.value.port > 0


def test_start__port_taken_by_something_else__refuses() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(PortInUse):
            AnvilNode(port=taken.getsockname()[1]).start()


def test_start__given_port__listens_there() -> None:
    port = free_port()

    with AnvilNode(port=port) as node:
        assert node.port == port


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_parent_dies__by_any_signal__no_orphan(how: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    pid, port = map(int, parent.stdout.readline().split())
    assert _alive(pid)

    parent.send_signal(how)
    parent.wait(10)
    parent.stdout.close()

    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)
    with pytest.raises(NodeUnavailable):
        Chain.connect(f"http://127.0.0.1:{port}")


def test_stop__after_many_blocks__leaves_no_states_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with AnvilNode() as node:
        Rpc(node.url).request("anvil_mine", [hex(2_000)])
        kept = list(tmp_path.glob("indenture-anvil-*/**/*"))

    assert kept  # Anvil did keep states of old blocks there
    assert not list(tmp_path.glob("indenture-anvil-*"))


def test_parent_dies__after_many_blocks__leaves_no_states_behind(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert parent.stdout is not None
    _, port = map(int, parent.stdout.readline().split())
    Rpc(f"http://127.0.0.1:{port}").request("anvil_mine", [hex(2_000)])
    assert list(tmp_path.glob("indenture-anvil-*/**/*"))

    parent.kill()
    parent.wait(10)
    parent.stdout.close()

    deadline = time.monotonic() + 10
    while list(tmp_path.glob("indenture-anvil-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(tmp_path.glob("indenture-anvil-*"))


def test_stop__twice__does_no_harm() -> None:
    node = AnvilNode().start()

    node.stop()
    node.stop()

    with pytest.raises(SetupError):
        _ = node.url


def test_state__second_start__goes_on_where_the_first_ended(tmp_path: Path) -> None:
    state = tmp_path / "chain" / "state.json"
    with AnvilNode(state=state) as node:
        Sender(node.connect(), node_account(0)).transact(ContractCall("0x" + "11" * 20, value=7))

    with AnvilNode(state=state) as node:
        assert node.connect().balance("0x" + "11" * 20) == 7


def test_time__next_block__carries_the_instant(own_node: AnvilNode) -> None:
    chain = own_node.connect()
    instant = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)

    own_node.time.mine(3, at=instant)

    assert chain.block_stamp(1).time == instant
    with pytest.raises(InvalidDate):
        own_node.time.set_next_timestamp(instant)
    with pytest.raises(InvalidDate):
        own_node.time.set_next_timestamp(datetime(2031, 1, 2))  # noqa: DTZ001 (naive on purpose)


def test_find_anvil__script_instead_of_program__is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = tmp_path / "anvil"
    launcher.write_text("#!/bin/sh\n")
    launcher.chmod(0o755)
    monkeypatch.setenv("INDENTURE_ANVIL", str(launcher))

    with pytest.raises(ToolMissing) as caught:
        find_anvil()

    assert "native" in caught.value.hint


def test_find_anvil__nowhere__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INDENTURE_ANVIL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("indenture.chain.node.__file__", str(tmp_path / "node.py"))

    with pytest.raises(ToolMissing) as caught:
        find_anvil(tmp_path)

    assert "npm ci" in caught.value.hint


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A child of this process that has ended but is not waited for is as good as gone.
    return " Z " not in Path(f"/proc/{pid}/stat").read_text() if Path("/proc").is_dir() else True
