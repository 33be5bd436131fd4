"""Commands are run in this process: what they print, and the code that they exit with."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.desk import Desk, Outcome, open_books
from tests.cli.lives import bring_to_life
from tests.cli.world import GENESIS, World, build

from indenture.chain import AnvilNode
from indenture.cli.main import main

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
    _name(shared_world, monkeypatch)
    yield shared_world
    shared_world.node.time.revert(snapshot)


@pytest.fixture
def desk(run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Commands on an empty suite, with a vault of their own."""
    _name_vault(tmp_path / "vault", monkeypatch)
    return Desk(run, world, monkeypatch)


@pytest.fixture(scope="session")
def shared_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """A suite with three open books, and the vault with the key of the encrypted one."""
    folder = tmp_path_factory.mktemp("market")
    with AnvilNode(timestamp=GENESIS) as node, pytest.MonkeyPatch.context() as environment:
        world = build(node, folder)
        _name(world, environment)
        _name_vault(folder / "vault", environment)
        open_books(Desk(_in_silence, world, environment), folder)
        yield world, folder / "vault"


@pytest.fixture
def market(
    run: Run, shared_market: tuple[World, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Commands in a market with three open books; what a test does to it is undone."""
    world, vault = shared_market
    snapshot = world.node.time.snapshot()
    _name(world, monkeypatch)
    own = tmp_path / "vault"
    own.write_bytes(vault.read_bytes())
    own.chmod(0o600)
    _name_vault(own, monkeypatch)
    yield Desk(run, world, monkeypatch)
    world.node.time.revert(snapshot)


@pytest.fixture(scope="session")
def shared_lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A suite with bonds that live, and have every right."""
    folder = tmp_path_factory.mktemp("lives")
    with AnvilNode(timestamp=GENESIS) as node, pytest.MonkeyPatch.context() as environment:
        world = build(node, folder)
        _name(world, environment)
        _name_vault(folder / "vault", environment)
        bring_to_life(Desk(_in_silence, world, environment), folder)
        yield world


@pytest.fixture
def lives(run: Run, shared_lives: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Commands where bonds with rights live; what a test does to it is undone."""
    snapshot = shared_lives.node.time.snapshot()
    _name(shared_lives, monkeypatch)
    _name_vault(tmp_path / "vault", monkeypatch)
    yield Desk(run, shared_lives, monkeypatch)
    shared_lives.node.time.revert(snapshot)


def _name(world: World, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("INDENTURE_RPC", world.node.url)
    environment.setenv("INDENTURE_DEPLOYMENT", str(world.file))


def _name_vault(path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("INDENTURE_VAULT", str(path))
    environment.setenv("INDENTURE_VAULT_PASSPHRASE", "correct horse")


def _in_silence(*arguments: object) -> Outcome:
    """As ``run``, for a fixture that outlives a test."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())
