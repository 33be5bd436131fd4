"""A watch proves each block from what it proved before; a batch audit of the same block comes to the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.audit import stage, story

from indenture.audit import audit
from indenture.audit.findings import Finding
from indenture.audit.prove import Proved
from indenture.audit.watch import Sighting, WatchOptions, watch
from indenture.chain import AnvilNode, Chain

pytestmark = pytest.mark.integration

Act = Callable[[], object]


class StopWatching(Exception):
    """The test has seen enough."""


@dataclass(frozen=True)
class Seen:
    """One look of the watch, and what an audit of all comes to at the same block.

    Attributes:
        dumps: How often the watch had asked for all that the node has.
    """

    sighting: Sighting
    standing: set[Finding]
    dumps: int
    proved: Proved | None
    findings: set[Finding]

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(f.kind, f.key) for f in self.sighting.findings if f.kind.startswith("PROVE")]


class Town:
    """A story that has just begun, and somebody who watches it."""

    def __init__(self, node: AnvilNode) -> None:
        self.story = stage.begin(node)
        story.change_members(self.story)
        story.issue_cash(self.story)

    @property
    def mine(self) -> Act:
        return self.story.node.time.mine

    def give_all(self) -> None:
        """One holder has nothing left, and somebody has who never had anything."""
        giver = self.story.holders[6]
        balance = self.story.read("CashToken", "balanceOf", giver.address)
        self.story.do(giver, "CashToken", "transfer", self.story.issuer.address, balance)

    def hide(self, contract: str, slot: int) -> Act:
        """Writes a word of which nobody tells, and seals a block."""

        def act() -> None:
            place, word = f"{slot:#066x}", f"{7:#066x}"
            where = [self.story.at(contract), place, word]
            self.story.chain.rpc.request("anvil_setStorageAt", where, resend=False)
            self.mine()

        return act

    def seen(self, *acts: Act) -> list[Seen]:
        """What a watch sees when things happen between its looks."""
        chain, left, found = Chain.connect(self.story.node.url), list(acts), list[Seen]()
        dumps, standing = _counted(chain), set[Finding]()

        def sleep(_: float) -> None:
            whole = audit(Chain.connect(self.story.node.url), self.story.deployment, proving=True)
            found[-1] = replace(found[-1], proved=whole.proved, findings=set(whole.findings))
            if not left:
                raise StopWatching
            left.pop(0)()

        with contextlib.suppress(StopWatching):
            for each in watch(chain, self.story.deployment, options=WatchOptions(proving=True), sleep=sleep):
                standing = (standing - set(each.withdrawn)) | set(each.findings)
                found.append(Seen(each, standing, len(dumps), None, set()))
        return found


def _counted(chain: Chain) -> list[str]:
    """Every question after the whole state of the node from now on."""
    asked: list[str] = []
    opened = chain.rpc.open

    def counting(method: str, *args: Any, **more: Any) -> Any:
        if method == "anvil_dumpState":
            asked.append(method)
        return opened(method, *args, **more)

    chain.rpc.open = counting  # type: ignore[method-assign]
    return asked


@pytest.fixture(scope="module")
def _town() -> Iterator[Town]:
    with AnvilNode(timestamp=stage.START) as node:
        yield Town(node)


@pytest.fixture
def town(_town: Town) -> Iterator[Town]:
    snapshot = _town.story.node.time.snapshot()
    yield _town
    _town.story.node.time.revert(snapshot)


def same(seen: Seen) -> None:
    """Holds a look against the audit of all."""
    assert seen.sighting.proved == seen.proved
    of_proofs = {finding for finding in seen.findings if finding.kind.startswith("PROVE")}
    assert {finding for finding in seen.standing if finding.kind.startswith("PROVE")} == of_proofs


def _places(findings: set[Finding]) -> set[tuple[str, str, str]]:
    """Where the state is not what it should be, whenever that was found."""
    return {(each.contract, each.key, each.found) for each in findings if each.kind == "PROVE-5"}


def test_watch__lawful_blocks__each_is_proved_as_by_an_audit_of_all(town: Town) -> None:
    """A new holder, an emptied slot, a bond that is new, blocks in which nothing is told."""
    seen = town.seen(town.give_all, town.mine, lambda: story.register(town.story), town.mine)

    for each in seen:
        same(each)
        assert each.findings == set()
    first, *_, last = (each.sighting.proved for each in seen)
    assert first is not None
    assert last is not None
    assert last.whole > first.whole
    # The start asks where the node keeps zeros, and so do bonds that are new.
    assert [each.dumps for each in seen] == [1, 1, 1, 2, 2]


def test_watch__hidden_words__each_is_found_in_its_block(town: Town) -> None:
    """Nobody knows of the one slot, and the other holds the supply; no event tells of either."""
    seen = town.seen(town.hide("Settlement", 12_345), town.hide("CashToken", 2), town.give_all)

    for each in seen[1:3]:
        assert {finding.block for finding in each.sighting.findings} == {each.sighting.block.number}
    assert [len(each.told) for each in seen] == [0, 1, 1, 0]
    assert [each.sighting.proved == each.proved for each in seen] == [True] * 4
    assert _places(seen[3].standing) == _places(seen[3].findings)


def test_watch__reorganised__is_proved_as_by_an_audit_of_all(town: Town) -> None:
    """The bond that was registered is gone, what was emptied is full again, and the lie is forgotten."""
    time = town.story.node.time
    snapshots: list[str] = []

    def remember() -> None:
        snapshots.append(time.snapshot())
        story.register(town.story)
        town.give_all()

    def forget() -> None:
        time.revert(snapshots.pop())
        time.mine(3)
        town.story.do(town.story.operator, "CashToken", "mint", town.story.operator.address, 4_000)

    seen = town.seen(town.mine, remember, town.hide("Settlement", 12_345), forget, town.give_all)

    for each in seen:
        same(each)
    assert [kind for kind, _ in seen[3].told] == ["PROVE-5"]
    assert seen[4].sighting.undone_to == seen[1].sighting.block.number
    assert set(seen[4].sighting.withdrawn) == seen[3].standing
