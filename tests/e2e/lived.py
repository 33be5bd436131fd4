"""The lives of the package, once they are over: played once for all tests that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.e2e.stage import Silence

from indenture.chain import AnvilNode
from indenture.contracts import Bond, Suite
from indenture.contracts._base import topic_of
from indenture.play import Keys, LifePlayed, Lives, LivesResult, load_lives, play_lives
from indenture.play.lives.life import Life

LIVES = load_lives()


@dataclass(frozen=True, slots=True)
class Lived:
    """The lives, once they are over, and their chain."""

    lives: Lives
    result: LivesResult
    suite: Suite
    said: dict[str, list[str]]

    def life(self, label: str) -> Life:
        """A life by the name of its file."""
        return next(life for life in self.lives.lives if life.label == label)

    def bond(self, label: str) -> Bond:
        """Its bond."""
        return self.suite.bond(self.life(label).terms.isin)

    def played(self, label: str) -> LifePlayed:
        """What it came to."""
        return next(each for each in self.result.lives if each.label == label)

    def told(self, label: str, name: str, number: str = "period") -> dict[int, Any]:
        """The servicing's events of its bond, by period, or by another number."""
        events = self.suite.servicing.events(name, indexed=[topic_of(self.bond(label).address)])
        return {event[number]: event for event in events}

    def address(self, name: str) -> str:
        """Address of a member."""
        return str(Keys(self.lives.case.name, 0).of(f"{name}/main").address)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    narrator = Silence()
    with AnvilNode(timestamp=LIVES.case.genesis, accounts=1) as node:
        chain = node.connect()
        report = tmp_path_factory.mktemp("lives") / "report"
        result = play_lives(LIVES, narrator=narrator, chain=chain, report=report)
        yield Lived(LIVES, result, Suite(chain, result.deployment), narrator.said)
