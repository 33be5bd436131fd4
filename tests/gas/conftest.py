"""A chain for the whole of the gas tests; every scenario undoes what it did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench.stage import Stage, staged


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as built:
        yield built
