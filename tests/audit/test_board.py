"""Events are shown to the checks that they concern: what is kept from a check would have told it nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.audit.stage import Story

from indenture.audit.calls import Calls
from indenture.audit.checks import all_checks
from indenture.audit.checks.board import Board
from indenture.audit.checks.unnamed import UnnamedCheck
from indenture.audit.events import Event, History
from indenture.audit.findings import Findings
from indenture.audit.replay import World
from indenture.ledger import Ledger, ingest

pytestmark = pytest.mark.integration


def falsified(event: Event) -> Event:
    """The same event with other numbers and turned truths: a check that looked at it would object."""
    return replace(event, args={name: _other(value) for name, value in event.args.items()})


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value


def test_take__checks_that_an_event_does_not_concern__would_have_found_nothing(played: Story) -> None:
    chain, deployment = played.chain, played.deployment
    last = chain.block_stamp()
    with Ledger.open(None, deployment, genesis=chain.genesis_hash) as ledger:
        ingest(ledger, chain, to=last)
        world, calls = World(ledger.suite, Findings()), Calls(chain)
        checks = all_checks(world, calls, chain.chain_id)
        # One check takes for granted that it is asked about what it knows.
        others = [check for check in checks if not isinstance(check, UnnamedCheck)]
        board, kept = Board(world, checks), 0
        for tx in (tx for batch in History(ledger, ledger.suite, last).batches(0) for tx in batch):
            for event in tx.events:
                for check in others:
                    if not check.concerns(event.kind, event.name):
                        check.event(tx, falsified(event))
                        kept += 1
            board.take(tx)

    assert kept > 10_000
    assert world.findings.in_chain_order() == ()
