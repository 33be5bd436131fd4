"""The truth about the story's chain, whole, so that a lie can be made of any part of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.audit import telling
from tests.audit.stage import Story

from indenture.chain import ContractCall
from indenture.ledger.suite import interface_of

Raw = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """Blocks with their transactions and receipts, and the logs of the suite; as the honest node gives them.

    Attributes:
        story: Who acted, and where everything is.
        first: The first block of the deployment.
        head: The last block.
        blocks: By number, from block 0 on.
        receipts: By number of their block.
        logs: Of the suite, in chain order.
        names: Of contracts, by address in lower case.
    """

    story: Story
    first: int
    head: int
    blocks: dict[int, Raw]
    receipts: dict[int, list[Raw]]
    logs: list[Raw]
    names: dict[str, str]

    @classmethod
    def of(cls, story: Story) -> Facts:
        rpc, deployment = story.chain.rpc, story.deployment
        head = story.chain.block_stamp().number
        numbers = [hex(n) for n in range(head + 1)]
        blocks = rpc.batch([("eth_getBlockByNumber", (n, True)) for n in numbers])
        receipts = rpc.batch([("eth_getBlockReceipts", (n,)) for n in numbers])
        names = {each.address.lower(): name for name, each in deployment.contracts.items()}
        names |= {each.address.lower(): "CashToken" for each in deployment.cash.values()}
        # The bond's implementation says nothing for itself; bonds do.
        said_by = [a for a, name in names.items() if name != "Bond"] + [story.bond]
        query = {"fromBlock": "0x0", "toBlock": "latest", "address": said_by}
        logs = rpc.request("eth_getLogs", [query])
        return cls(
            story=story,
            first=deployment.block,
            head=head,
            blocks=dict(enumerate(blocks)),
            receipts=dict(enumerate(receipts)),
            logs=logs,
            names=names | {story.bond.lower(): "Bond"},
        )

    def number_of(self, block: Any) -> int:
        """Of a block as a question names it: by number, by tag or by hash."""
        if isinstance(block, dict):
            block = block.get("blockHash") or block["blockNumber"]
        if block in ("latest", "finalized", "safe", "pending"):
            return self.head
        if len(block) == 66:
            return next((n for n, raw in self.blocks.items() if raw["hash"] == block), self.head)
        return int(block, 16)

    def logs_of(self, block: int) -> list[Raw]:
        return [log for log in self.logs if int(log["blockNumber"], 16) == block]

    def pick(self, rng: random.Random, logs: Sequence[Raw]) -> Raw:
        """One log, each kind of event as likely as any other."""
        name = rng.choice(sorted({telling.event_of(log).name for log in logs}))
        return rng.choice([log for log in logs if telling.event_of(log).name == name])

    def any_log(self, rng: random.Random) -> Raw:
        return self.pick(rng, self.logs)

    def any_block(self, rng: random.Random, *, after: int = 0) -> int:
        """A block of the audit that holds logs of the suite, and is not the last."""
        return rng.choice(sorted({n for log in self.logs if after < (n := number(log)) < self.head}))

    def transaction(self, log: Raw) -> Raw:
        """The transaction behind a log."""
        (found,) = [
            tx for tx in self.blocks[number(log)]["transactions"] if tx["hash"] == log["transactionHash"]
        ]
        return dict(found)

    def selector(self, contract: str, function: str) -> str:
        return "0x" + interface_of(contract).function(function).selector.hex()

    def call(self, contract: str, function: str, *args: Any) -> ContractCall:
        return self.story.call(contract, function, *args)


def number(log: Raw) -> int:
    """The block of a log."""
    return int(log["blockNumber"], 16)


def place(log: Raw) -> tuple[int, int]:
    return number(log), int(log["logIndex"], 16)


def name_of(log: Raw) -> str:
    return telling.event_of(log).name


def other_hex(text: str, at: int) -> str:
    """The text with another digit at a place."""
    return text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1 :]
