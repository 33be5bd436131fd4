"""Rules for every test, and the private chain that tests may share."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from hypothesis import HealthCheck, settings

from indenture.chain import AnvilNode, Chain, Sender

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_KINDS = {"unit", "integration"}
_LOOPBACK = ("127.", "::1", "localhost")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test is either a unit test or an integration test, and says so."""
    wrong = [item.nodeid for item in items if len(_KINDS & {m.name for m in item.iter_markers()}) != 1]
    if wrong:
        shown = "\n  ".join(wrong[:20])
        raise pytest.UsageError(f"exactly one marker of {sorted(_KINDS)} is needed on:\n  {shown}")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
            raise PermissionError(f"a test tried to connect to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_secrets_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("INDENTURE_") and n != "INDENTURE_ANVIL"]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_node() -> Iterator[AnvilNode]:
    """One Anvil for each worker; tests take ``node``, which is this one, as good as new."""
    with AnvilNode() as node:
        yield node


@pytest.fixture
def node(shared_node: AnvilNode) -> Iterator[AnvilNode]:
    """The worker's Anvil; what a test does to its state is undone."""
    snapshot = shared_node.time.snapshot()
    yield shared_node
    shared_node.time.revert(snapshot)


@pytest.fixture
def own_node() -> Iterator[AnvilNode]:
    """An Anvil for a test that breaks it, reorganises it or stops its miner."""
    with AnvilNode() as node:
        yield node


@pytest.fixture
def chain(node: AnvilNode) -> Chain:
    return node.connect()


@pytest.fixture(scope="session")
def accounts() -> list[LocalAccount]:
    """The ten funded accounts of every Anvil."""
    return [node_account(i) for i in range(10)]


@pytest.fixture
def sender(chain: Chain, accounts: list[LocalAccount]) -> Sender:
    return Sender(chain, accounts[0])


def node_account(index: int) -> LocalAccount:
    """One of Anvil's accounts."""
    Account.enable_unaudited_hdwallet_features()
    from indenture.chain.node import TEST_MNEMONIC

    account: LocalAccount = Account.from_mnemonic(TEST_MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account
