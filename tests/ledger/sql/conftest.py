"""The chains that questions are asked of, each played once for each worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ledger.sql.told import STORIES, Told, tell


@pytest.fixture(scope="session")
def all_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """Every chain, by its name."""
    told = {name: tell(name, tmp_path_factory.mktemp("ledger")) for name in STORIES}
    yield told
    for each in told.values():
        each.ledger.close()


@pytest.fixture(params=STORIES)
def told(request: pytest.FixtureRequest, all_told: dict[str, Told]) -> Told:
    """One chain after the other."""
    return all_told[request.param]
