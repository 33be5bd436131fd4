"""One story, played once for each worker, and a liar before its node."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.audit import fates, lives, lying, stage, story, telling

from indenture.audit import AuditResult, audit
from indenture.audit.compare import Comparison
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
    yield _through(_lives_liar, lived)
    _lives_liar.lie = lying.truth


@pytest.fixture(scope="session")
def lived_logs(lived: lives.Lives) -> telling.Logs:
    """Every log of the lives."""
    return _logs(lived)


@pytest.fixture(scope="session")
def fated() -> Iterator[lives.Lives]:
    """Bonds that do not wait for maturity, on a node of their own."""
    with AnvilNode(timestamp=stage.START) as node:
        yield fates.play(node)


@pytest.fixture(scope="session")
def _fates_liar(fated: lives.Lives) -> Iterator[lying.LyingNode]:
    with lying.LyingNode(fated.story.node.url) as node:
        yield node


@pytest.fixture
def audit_fates(_fates_liar: lying.LyingNode, fated: lives.Lives) -> Iterator[telling.AuditUntil]:
    """Audits the fates through a liar."""
    yield _through(_fates_liar, fated)
    _fates_liar.lie = lying.truth


@pytest.fixture
def check_fates(audit_fates: telling.AuditUntil, monkeypatch: pytest.MonkeyPatch) -> telling.AuditUntil:
    """The same without asking the chain for views and code: what the checks of events find alone."""
    for name in ("changed", "everything"):
        monkeypatch.setattr(Comparison, name, lambda *_: None)
    monkeypatch.setattr("indenture.audit.auditor.compare_code", lambda *_: None)
    return audit_fates


@pytest.fixture(scope="session")
def fated_logs(fated: lives.Lives) -> telling.Logs:
    """Every log of the fates."""
    return _logs(fated)


def _through(liar: lying.LyingNode, told: lives.Lives) -> telling.AuditUntil:
    chain = Chain.connect(liar.url)

    def run(lie: lying.Lie, to: int | None = None) -> AuditResult:
        liar.lie = lie
        return audit(chain, told.story.deployment, to=to)

    return run


def _logs(told: lives.Lives) -> telling.Logs:
    deployed = (*told.story.deployment.contracts.values(), *told.story.deployment.cash.values())
    addresses = [*(d.address for d in deployed), *told.bonds.values()]
    query = {"fromBlock": hex(told.story.deployment.block), "toBlock": "latest", "address": addresses}
    found: telling.Logs = told.story.chain.rpc.request("eth_getLogs", [query])
    return found
