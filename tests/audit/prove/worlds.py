"""A suite rebuilt from its events, to be proved again and again while tests falsify its state."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from indenture.audit.events import History
from indenture.audit.findings import Finding, Findings
from indenture.audit.prove.accounts import Counts, prove_accounts
from indenture.audit.replay import World
from indenture.chain import AnvilNode, Chain
from indenture.deployment import Deployment
from indenture.ledger import Ledger, ingest
from indenture.proof.headers import Header, header_of


@dataclass
class Rebuilt:
    """A story that was told, and what its events add up to."""

    node: AnvilNode
    deployment: Deployment
    world: World

    @classmethod
    def of(cls, node: AnvilNode, deployment: Deployment, block: int | None = None) -> Rebuilt:
        """All that the events tell up to a block."""
        chain = Chain.connect(node.url)
        last = chain.block_stamp(block)
        with Ledger.open(None, deployment, genesis=chain.genesis_hash) as ledger:
            ingest(ledger, chain, to=last, decode=False)
            world = World(ledger.suite, Findings())
            for tx in (tx for batch in History(ledger, ledger.suite, last).batches(0) for tx in batch):
                for event in tx.events:
                    world.apply(event)
        return cls(node, deployment, world)

    def copy(self) -> Rebuilt:
        """The same, whose world can be spoiled."""
        return Rebuilt(self.node, self.deployment, copy.deepcopy(self.world))

    def prove(self, chain: Chain | None = None, block: int | None = None) -> tuple[Counts, list[Finding]]:
        """Proves the state of a block, as a node tells of it: its own, or one that lies."""
        self.world.findings = Findings()
        header = header_at(Chain.connect(self.node.url), block)
        counts = prove_accounts(chain or Chain.connect(self.node.url), self.deployment, self.world, header)
        return counts, list(self.world.findings.in_chain_order())

    def write(self, contract: str, slot: int, change: Callable[[int], int]) -> int:
        """Writes into storage, behind the contract's back; gives the word that stands there now."""
        rpc = Chain.connect(self.node.url).rpc
        place = f"{slot:#066x}"
        word = change(int(rpc.request("eth_getStorageAt", [contract, place, "latest"]), 16))
        rpc.request("anvil_setStorageAt", [contract, place, f"{word:#066x}"], resend=False)
        return word

    def seal(self) -> None:
        """Mines a block, so that a header vouches for what was written."""
        self.node.time.mine()


def header_at(chain: Chain, block: int | None = None) -> Header:
    """The header of a block; None for the latest."""
    tag = "latest" if block is None else hex(block)
    return header_of(chain.rpc.request("eth_getBlockByNumber", [tag, False]))


def keys(findings: list[Finding]) -> list[str]:
    return [finding.key for finding in findings]
