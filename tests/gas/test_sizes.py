"""No contract comes near the limit of EIP-170."""

from __future__ import annotations

import pytest
from bench.figures import SIZE_LIMIT

from indenture.chain import load_artifact
from indenture.chain.artifacts import names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", [name for name in names() if load_artifact(name).deployed_bytecode])
def test_runtime_size__within_the_limit(name: str) -> None:
    size = len(load_artifact(name).deployed_bytecode)

    assert size <= SIZE_LIMIT, f"{name} has {size:,} bytes, {SIZE_LIMIT:,} are allowed"
