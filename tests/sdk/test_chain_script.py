"""The lasting local chain: it keeps its state, its port is fixed, and it ends in good order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.sdk.world import ROOT

from indenture.chain import Chain
from indenture.errors import PortInUse

pytestmark = pytest.mark.integration

Start = Callable[..., "subprocess.Popen[str]"]
SOMEBODY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Starts the script on a free port, with its state in a folder of the test."""
    running: list[subprocess.Popen[str]] = []

    def run(*options: str) -> subprocess.Popen[str]:
        script = str(ROOT / "scripts" / "chain.py")
        command = [sys.executable, script, f"--port={port}", f"--folder={tmp_path}"]
        process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def ready(folder: Path) -> Chain:
    """The chain, once its file says where it is."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            return Chain.connect(json.loads((folder / "node.json").read_text())["url"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise TimeoutError


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_chain__stopped_and_started__goes_on_where_it_was(
    start: Start, tmp_path: Path, port: int, ending: signal.Signals
) -> None:
    first = start()
    chain = ready(tmp_path)
    chain.rpc.request("anvil_setBalance", [SOMEBODY, hex(12_345)])
    chain.rpc.request("anvil_mine", ["0x3"])
    first.send_signal(ending)
    output, _ = first.communicate(timeout=60)

    assert first.returncode == 0
    assert f"http://127.0.0.1:{port}" in output
    assert "stopped; the state is in" in output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["state.json"]

    start()
    chain = ready(tmp_path)
    assert chain.balance(SOMEBODY) == 12_345
    assert chain.block_stamp().number == 3


def test_chain__fresh__forgets(start: Start, tmp_path: Path) -> None:
    first = start()
    ready(tmp_path).rpc.request("anvil_mine", ["0x3"])
    first.terminate()
    first.wait(20)

    start("--fresh", "--start=2019-12-02T09:00+08:00")

    stamp = ready(tmp_path).block_stamp()
    assert (stamp.number, stamp.time.isoformat()) == (0, "2019-12-02T01:00:00+00:00")


def test_chain__port_in_use__says_so(start: Start, tmp_path: Path, port: int) -> None:
    start()
    chain = ready(tmp_path)

    second = start()
    _, errors = second.communicate(timeout=60)

    assert second.returncode == PortInUse.exit_code
    assert f"port {port} is already in use" in errors
    assert chain.block_stamp().number == 0
