"""One story, played once for each worker, and a liar before its node."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.audit import lives, lying, stage, story, telling

from indenture.audit import AuditResult, audit
from indenture.chain import AnvilNode, Chain


@pytest.fixture(scope="session")
def played() -> Iterator[stage.Story]:
    """A whole life of a depository, on a node of its own."""
    with AnvilNode(timestamp=stage.START) as node:
        yield story.play(node)


@pytest.fixture(scope="session")
def _liar(played: stage.Story) -> Iterator[lying.LyingNode]:
    with lying.LyingNode(played.node.url) as node:
        yield node


@pytest.fixture
def liar(_liar: lying.LyingNode) -> Iterator[lying.LyingNode]:
    """A node between the auditor and the story; it tells the truth until a test gives it a lie."""
    _liar.told = 0
    yield _liar
    _liar.lie = lying.truth


@pytest.fixture
def audit_through(liar: lying.LyingNode, played: stage.Story) -> Callable[[lying.Lie], AuditResult]:
    """Audits the story through the liar."""
    chain = Chain.connect(liar.url)

    def run(lie: lying.Lie) -> AuditResult:
        liar.lie = lie
        return audit(chain, played.deployment)

    return run


@pytest.fixture(scope="session")
def market_logs(played: stage.Story) -> telling.Logs:
    """Every log of the Offering, the cash and the first bond."""
    addresses = [played.at(name) for name in ("Offering", "CashToken", "Bond")]
    query = {"fromBlock": "0x0", "toBlock": "latest", "address": addresses}
    found: telling.Logs = played.chain.rpc.request("eth_getLogs", [query])
    return found


@pytest.fixture(scope="session")
def lived() -> Iterator[lives.Lives]:
    """Bonds of every kind, on a node of their own."""
    with AnvilNode(timestamp=stage.START) as node:
        yield lives.play(node)


@pytest.fixture(scope="session")
def _lives_liar(lived: lives.Lives) -> Iterator[lying.LyingNode]:
    with lying.LyingNode(lived.story.node.url) as node:
        yield node


@pytest.fixture
def audit_lives(_lives_liar: lying.LyingNode, lived: lives.Lives) -> Iterator[telling.AuditUntil]:
    """Audits the lives through a liar."""
    chain = Chain.connect(_lives_liar.url)

    def run(lie: lying.Lie, to: int | None = None) -> AuditResult:
        _lives_liar.lie = lie
        return audit(chain, lived.story.deployment, to=to)

    yield run
    _lives_liar.lie = lying.truth


@pytest.fixture(scope="session")
def lived_logs(lived: lives.Lives) -> telling.Logs:
    """Every log of the lives."""
    deployed = (*lived.story.deployment.contracts.values(), *lived.story.deployment.cash.values())
    addresses = [*(d.address for d in deployed), *lived.bonds.values()]
    query = {"fromBlock": hex(lived.story.deployment.block), "toBlock": "latest", "address": addresses}
    found: telling.Logs = lived.story.chain.rpc.request("eth_getLogs", [query])
    return found
