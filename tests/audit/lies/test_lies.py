"""No lie of a node goes unnoticed where everything is proved; what may, without, is in the docs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.audit.lies.case import Kind, Told
from tests.audit.lies.kinds import KINDS
from tests.audit.lies.trial import (
    PAGE,
    Trial,
    on_trial,
    page_with,
    read_snapshot,
    table,
    updating,
    write_snapshot,
)

from indenture.ledger import patience

pytestmark = pytest.mark.integration

CASES = [pytest.param(kind, n, id=f"{kind.name}-{n}") for kind in KINDS for n in range(kind.cases)]
CURE = "If this is meant, run this file with SNAPSHOTS=update, look at the difference, and commit it."


@pytest.fixture(scope="session")
def trial() -> Iterator[Trial]:
    with on_trial() as ready:
        yield ready


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that answers nonsense is asked again at once."""
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.0)


@pytest.mark.parametrize("proving", [False, True])
def test_liar__tells_the_truth__finds_nothing(trial: Trial, *, proving: bool) -> None:
    told = Told("the truth", pins={trial.facts.head: trial.facts.blocks[trial.facts.head]["hash"]})

    assert trial.audit(told, proving=proving).names == []


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_lie__when_proved__is_found_and_named(trial: Trial, kind: Kind, number: int) -> None:
    told = kind.told(trial.facts, number)

    outcome = trial.audit(told, proving=True, group=kind.group)

    assert trial.liar.told, f"nobody was told: {told.words}"
    assert outcome.found, f"missed: {told.words}"
    assert outcome.tells(kind, told), f"{told.words}: {outcome.text}"
    if updating():
        trial.note(kind, number, outcome)
    else:
        assert outcome.named_by(kind) == read_snapshot()[kind.name][number]["proved"], CURE


@pytest.mark.skipif(not updating(), reason="SNAPSHOTS=update writes the snapshot and the page")
def test_snapshot__of_the_kinds_that_were_tried__is_written(trial: Trial) -> None:
    known = {**read_snapshot(), **trial.noted}

    write_snapshot({kind.name: known[kind.name] for kind in KINDS})


def test_snapshot__has_many_cases__of_every_kind() -> None:
    assert len(CASES) >= 200
    assert {kind.name: kind.cases for kind in KINDS} == {
        name: len(cases) for name, cases in read_snapshot().items()
    }, CURE


def test_page__shows_what_was_found() -> None:
    assert PAGE.read_text("utf-8") == page_with(table(read_snapshot())), CURE
