"""Commands are run in this process: what they print, and the code that they exit with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.cli.world import GENESIS, World, build

from indenture.chain import AnvilNode
from indenture.cli.main import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, which must be one JSON value and nothing else."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Lines on stderr."""
        return self.err.strip().splitlines()


Run = Callable[..., Outcome]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with AnvilNode(timestamp=GENESIS) as node:
        yield build(node, tmp_path_factory.mktemp("deployment"))


@pytest.fixture
def world(shared_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployed suite that commands find through the environment; what a test does to it is undone."""
    snapshot = shared_world.node.time.snapshot()
    monkeypatch.setenv("INDENTURE_RPC", shared_world.node.url)
    monkeypatch.setenv("INDENTURE_DEPLOYMENT", str(shared_world.file))
    yield shared_world
    shared_world.node.time.revert(snapshot)
