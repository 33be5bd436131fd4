"""A chain with a contract that says anything, taken for a suite: blocks to be proved without a depository."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bench.emitter import Place, paper_suite
from tests.proof.blocks import TALKER, Filler

from indenture.audit.calls import Calls
from indenture.audit.findings import Finding, Findings
from indenture.audit.prove.prefix import Prefix, Totals
from indenture.audit.prove.walking import Walk
from indenture.audit.replay import World
from indenture.chain import AnvilNode, BlockStamp, Chain
from indenture.ledger import Ledger, Suite, ingest
from indenture.ledger.suite import DeployedSuite

EMPTY, LOUD, STRANGE, LAST = 3, 4, 5, 7
"""Blocks: an empty one, one with logs, one with another contract's logs, the last one, with logs too."""


def deployment(cash: str) -> DeployedSuite:
    """A suite of which only a cash token ever says a word."""
    return replace(paper_suite(), cash={"CNY": Place(cash)})


@dataclass
class Bare:
    """The chain, and who speaks on it."""

    filler: Filler
    deployment: DeployedSuite

    @classmethod
    def on(cls, node: AnvilNode) -> Bare:
        """Fills a new node."""
        filler = Filler(node)
        talker, stranger = filler.created(TALKER), filler.created(TALKER)
        assert filler.mine() == EMPTY
        filler.new(value=1)
        filler.new(to=talker, data=bytes(32))
        filler.new(to=stranger, data=bytes(32))
        filler.send(to=talker, data=bytes(31) + b"\3")
        assert filler.mine() == LOUD
        filler.new(to=stranger, data=bytes(32))
        assert filler.mine() == STRANGE
        filler.mine()
        filler.new(to=talker, data=bytes(32))
        assert filler.mine() == LAST
        return cls(filler, deployment(talker))

    @property
    def chain(self) -> Chain:
        """The honest node."""
        return self.filler.chain

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """All logs, in memory."""
        with Ledger.open(None, self.deployment) as ledger:
            ingest(ledger, self.chain, to=self.chain.block_stamp())
            yield ledger


@dataclass
class Walked:
    """What a walk came to."""

    findings: list[Finding]
    totals: Totals
    walk: Walk

    @property
    def kinds(self) -> list[str]:
        """Checks that found something, with their blocks."""
        return [f"{finding.kind} {finding.block}" for finding in self.findings]


def walk(ledger: Ledger, chain: Chain, last: BlockStamp, calls: Calls | None = None) -> Walked:
    """Proves the blocks of a ledger as a node shows them."""
    world = World(Suite.of(deployment(ledger.suite.all("CashToken")[0].address), last.number), Findings())
    prefix = Prefix(ledger)
    done = Walk(chain, ledger, world, calls or Calls(chain), prefix, lambda *_: None)
    done.to(last)
    return Walked(list(world.findings.in_chain_order()), prefix.totals(last.number), done)
