"""Crooked suites: deployed by the SDK's own deployment with one contract swapped, lived in, and audited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import pytest
from tests.audit import stage
from tests.audit.faults.catalogue import FAULTS
from tests.audit.faults.compiled import crooked

from indenture.chain import AnvilNode, artifacts
from indenture.chain.artifacts import Artifact

Swap = Callable[[Artifact | None], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def planted() -> Mapping[str, Artifact]:
    """The swapped contract of each fault."""
    return crooked(FAULTS)


@pytest.fixture
def swap(monkeypatch: pytest.MonkeyPatch) -> Swap:
    """As long as it lasts, the package of whoever deploys has another contract in the place of one."""

    @contextmanager
    def swapped(other: Artifact | None) -> Iterator[None]:
        honest = artifacts.load

        def load(name: str) -> Artifact:
            return other if other is not None and name == other.name else honest(name)

        with monkeypatch.context() as patch:
            patch.setattr("indenture.chain.artifacts.load", load)
            patch.setattr("indenture.deployment.blueprint.load_artifact", load)
            yield

    return swapped


@pytest.fixture(scope="module")
def _deployed() -> Iterator[stage.Story]:
    with AnvilNode(timestamp=stage.START) as node:
        yield stage.begin(node)


@pytest.fixture
def story(_deployed: stage.Story) -> Iterator[stage.Story]:
    """A suite that was just deployed; what a test does to it is undone."""
    before = _deployed.node.time.snapshot()
    yield _deployed
    _deployed.node.time.revert(before)
