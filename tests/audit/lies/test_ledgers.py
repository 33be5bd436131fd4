"""A ledger that was filled by a liar is found out by whoever proves it later, from whatever node."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.audit import lying
from tests.audit.lies.facts import name_of, number, place
from tests.audit.lies.trial import Trial, on_trial

from indenture.audit import audit
from indenture.chain import Chain

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with on_trial() as ready:
        yield ready


def test_ledger__filled_by_a_liar__is_found_by_proof_through_another_node(
    trial: Trial, tmp_path: Path
) -> None:
    """An approval that is never spent: without proof nobody misses it."""
    story, ledger = trial.facts.story, tmp_path / "audit.duckdb"
    (log,) = [
        log
        for log in trial.facts.logs
        if name_of(log) == "Approval" and log["address"] == story.at("CashToken").lower()
    ]
    trial.liar.lie = lying.about_log(place(log), lambda _: None)
    through_liar = audit(Chain.connect(trial.liar.url), story.deployment, ledger=ledger)
    trial.liar.lie = lying.truth

    later = audit(story.chain, story.deployment, ledger=ledger)
    proved = audit(story.chain, story.deployment, ledger=ledger, proving=True)

    assert through_liar.findings == later.findings == ()
    assert [(f.kind, f.block, f.tx_hash) for f in proved.findings if f.kind == "PROVE-3"] == [
        ("PROVE-3", number(log), log["transactionHash"])
    ]
