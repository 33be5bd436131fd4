"""Plays a case in this process, on a node that stays until the test has looked at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indenture.chain import AnvilNode, Sender
from indenture.contracts import Suite
from indenture.play import Case, Keys, PlayResult, load_case, play
from indenture.roles import Bookrunner, Investor


class Silence:
    """A narrator that remembers what was said, by title of the act."""

    def __init__(self) -> None:
        self.said: dict[str, list[str]] = {}

    def begin(self, number: int, total: int, title: str) -> None:
        """Nothing is shown."""

    def progress(self, step: str, done: int, total: int) -> None:
        """Nothing is shown."""

    def end(self, day: str, title: str, said: str, seconds: float) -> None:
        """Remembers it."""
        del day, seconds
        self.said.setdefault(title, []).append(said)


@dataclass(frozen=True, slots=True)
class Played:
    """A case that was played, and its chain."""

    case: Case
    result: PlayResult
    suite: Suite
    said: dict[str, list[str]]
    keys: Keys

    def address(self, selector: str) -> str:
        """Address of the one account that a name means; of an account with a key."""
        (account,) = self.case.accounts(selector)
        return str(self.keys.of(account).address)

    def investor(self, selector: str) -> Investor:
        """An account as an investor."""
        (account,) = self.case.accounts(selector)
        return Investor(self.suite, Sender(self.suite.chain, self.keys.of(account)))

    def bookrunner(self) -> Bookrunner:
        """For reading books; anyone may."""
        return Bookrunner(self.suite, Sender(self.suite.chain, self.keys.of("reader")))


@contextmanager
def played(name: str | Path, folder: Path, seed: int = 0) -> Iterator[Played]:
    """Plays a case, by name or folder, with its report in another; its node ends with the block."""
    case, narrator = load_case(name), Silence()
    with AnvilNode(timestamp=case.genesis, accounts=1) as node:
        chain = node.connect()
        result = play(case, narrator=narrator, chain=chain, report=folder / "report", seed=seed)
        suite = Suite(chain, result.deployment)
        yield Played(case, result, suite, narrator.said, Keys(case.name, seed))
