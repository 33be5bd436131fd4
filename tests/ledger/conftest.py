"""A ledger in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ledger import deployments

from indenture.ledger import Ledger


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    """An empty ledger on one thread; what a test puts in, it takes out."""
    with Ledger.open(None, deployments.suite(), threads=1) as opened:
        yield opened
