"""Chains that were played, read into a ledger, and rebuilt by the auditor's replay beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.audit import fates, lives, stage, story
from tests.ledger.sql.rebuilt import Rows, rebuilt

from indenture.audit.events import History
from indenture.audit.findings import Findings
from indenture.audit.replay import World
from indenture.chain import AnvilNode, BlockStamp
from indenture.ledger import Ledger, ingest
from indenture.ledger.engines import DuckEngine
from indenture.ledger.questions import question

STORIES: dict[str, Callable[[AnvilNode], stage.Story]] = {
    "story": story.play,
    "lives": lambda node: lives.play(node).story,
    "fates": lambda node: fates.play(node).story,
}

EVERY = 40
"""Blocks between two looks at what was rebuilt."""

PASSING = ("ClaimTransferred", "OperationScheduled")
"""What they bring about is soon over: there is a look right after the last of each."""

Held = dict[tuple[str, str], tuple[int, int, int]]
"""Units, frozen and bound by bond and holder."""


@dataclass(frozen=True)
class Look:
    """What the replay had after a block."""

    block: int
    held: Held
    cash: dict[tuple[str, str], int]
    rebuilt: dict[str, Rows]


@dataclass(frozen=True)
class Told:
    """One chain."""

    name: str
    path: Path
    ledger: Ledger
    engine: DuckEngine
    world: World
    looks: list[Look]
    half: BlockStamp

    def ask(self, key: str, **given: str | int) -> list[dict[str, Any]]:
        """The answer to a question, by column."""
        asked = question(key)
        answer = self.engine.run(asked.sql, asked.bind(given, self.engine.head))
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.engine.run(sql).rows


def tell(name: str, folder: Path) -> Told:
    """Plays a story, and reads it in two goes."""
    path = folder / f"{name}.duckdb"
    with AnvilNode(timestamp=stage.START) as node:
        played = STORIES[name](node)
        chain = played.chain
        head = chain.block_stamp()
        half = chain.block_stamp(head.number // 2)
        with Ledger.open(path, played.deployment, threads=1) as ledger:
            ingest(ledger, chain, to=half)
            ingest(ledger, chain, to=head)
    ledger = Ledger.read(path)
    world, looks = _replay(ledger, head)
    return Told(name, path, ledger, DuckEngine(ledger.con), world, looks, half)


def _replay(ledger: Ledger, head: BlockStamp) -> tuple[World, list[Look]]:
    world = World(ledger.suite, Findings())
    looks: list[Look] = []
    block = 0
    stops = set(History(ledger, ledger.suite, head).blocks_with(PASSING)[-2:])
    batches = History(ledger, ledger.suite, head).batches(0)
    for tx in (tx for batch in batches for tx in batch):
        if tx.block != block and (tx.block // EVERY != block // EVERY or block in stops):
            looks.append(_look(world, block))
        block = tx.block
        for event in tx.events:
            world.apply(event)
    return world, [*looks, _look(world, block)]


def _look(world: World, block: int) -> Look:
    held: Held = {}
    for address, register in world.bonds.items():
        for account, entry in register.entries.items():
            position = (register.units_of(account), entry.frozen, entry.pledged)
            if any(position):
                held[address.lower(), account.lower()] = position
    cash = {
        (address.lower(), account.lower()): balance
        for address, book in world.cash.items()
        for account, balance in book.balances.items()
        if balance
    }
    return Look(block, held, cash, rebuilt(world))
