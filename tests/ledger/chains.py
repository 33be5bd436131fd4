"""A chain that is only told of: blocks with any logs, that can be replaced; and a suite at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from eth_utils.crypto import keccak
from tests.ledger.deployments import FIRST_BLOCK
from tests.ledger.encoding import RawLog, random_log, random_value, write

from indenture.chain import BlockStamp
from indenture.ledger.suite import SINGLE, DeployedSuite
from indenture.ledger.tables import EVENT_TABLES, EventTable

_REGISTERED = next(table for table in EVENT_TABLES if table.name == "bond_factory_bond_registered")
FEW = tuple(
    table
    for table in EVENT_TABLES
    if table.name in ("bond_transfer", "bond_units_frozen", "cash_token_transfer", "authority_role_granted")
)
"""Events enough for most tests: DuckDB takes longer to plan a statement than to run it on a few logs."""

_START = 1_600_000_000


@dataclass(frozen=True)
class Said:
    """A log before it has a place: who said what, in which transaction of its block."""

    contract: str
    log: RawLog
    transaction: int = 0


@dataclass(frozen=True)
class Block:
    number: int
    hash: str
    parent: str
    time: int
    logs: tuple[dict[str, Any], ...]

    @property
    def stamp(self) -> BlockStamp:
        return BlockStamp(self.number, self.hash, self.time)


class ToldChain:
    """Blocks from 0 on; ``fork`` replaces the last ones."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._salt = 0
        self.mine([])

    @property
    def last(self) -> Block:
        return self.blocks[-1]

    @property
    def logs(self) -> list[dict[str, Any]]:
        return [log for block in self.blocks for log in block.logs]

    def mine(self, said: Sequence[Said]) -> Block:
        number, parent = len(self.blocks), self.blocks[-1].hash if self.blocks else "0x" + "00" * 32
        block_hash = _hash(f"block {number} {self._salt} {parent}")
        time = _START + 12 * number + self._salt
        logs = tuple(_log(one, number, block_hash, time, index, self._salt) for index, one in enumerate(said))
        self.blocks.append(Block(number, block_hash, parent, time, logs))
        return self.last

    def fork(self, depth: int) -> list[Block]:
        """Takes the last blocks away: what is mined from now on is another chain."""
        self._salt += 1
        gone = self.blocks[len(self.blocks) - depth :]
        del self.blocks[len(self.blocks) - depth :]
        return gone


def _log(said: Said, number: int, block_hash: str, time: int, index: int, salt: int) -> dict[str, Any]:
    return {
        "address": said.contract.lower(),
        "topics": list(said.log.topics),
        "data": said.log.data,
        "blockHash": block_hash,
        "blockNumber": hex(number),
        "blockTimestamp": hex(time),
        "transactionHash": _hash(f"transaction {number} {said.transaction} {salt}"),
        "transactionIndex": hex(said.transaction),
        "logIndex": hex(index),
        "removed": False,
    }


def _hash(text: str) -> str:
    return "0x" + keccak(text=text).hex()


class Speaker:
    """What the contracts of a suite may say: any events with any values, and bonds that join."""

    def __init__(self, suite: DeployedSuite, seed: int = 0, tables: Sequence[EventTable] = FEW) -> None:
        self.random = Random(seed)
        self._tables: dict[str, list[EventTable]] = {}
        for table in tables:
            if table is not _REGISTERED:
                self._tables.setdefault(table.kind, []).append(table)
        self._factory = suite.contracts["BondFactory"].address
        self._kinds = {suite.contracts[kind].address: (kind, suite.contracts[kind].block) for kind in SINGLE}
        self._kinds |= {token.address: ("CashToken", token.block) for token in suite.cash.values()}
        self._kinds = {a: (kind, since) for a, (kind, since) in self._kinds.items() if kind in self._tables}
        self.bonds: list[str] = []

    def bond(self, transaction: int = 0) -> Said:
        """The registration of a new bond."""
        values = [random_value(param, self.random) for param in _REGISTERED.inputs]
        names = [str(param["name"]) for param in _REGISTERED.inputs]
        self.bonds.append(f"0x{self.random.getrandbits(160):040x}")
        values[names.index("bond")] = self.bonds[-1]
        values[names.index("isin")] = f"XS{len(self.bonds):010d}".encode()
        return Said(self._factory, write(_REGISTERED, values), transaction)

    def event(self, block: int, transaction: int = 0) -> Said:
        """Any event of any contract that is there."""
        there = [address for address, (_, since) in self._kinds.items() if since <= block] + self.bonds
        contract = self.random.choice(there)
        kind, _ = self._kinds.get(contract, ("Bond", 0))
        log, _ = random_log(self.random.choice(self._tables[kind]), self.random)
        return Said(contract, log, transaction)

    def block(self, number: int, *, most: int = 5, bonds: float = 0.03) -> list[Said]:
        """What a block says: often nothing."""
        said: list[Said] = []
        if number < FIRST_BLOCK + len(SINGLE) or self.random.random() < 0.4:
            return said
        for transaction in range(self.random.randint(1, 3)):
            if self.random.random() < bonds:
                said.append(self.bond(transaction))
            said += [self.event(number, transaction) for _ in range(self.random.randint(1, most))]
        return said


def told_chain(
    suite: DeployedSuite,
    blocks: int,
    *,
    seed: int = 0,
    bonds: float = 0.03,
    tables: Sequence[EventTable] = FEW,
) -> ToldChain:
    """A chain of a suite at work."""
    chain, speaker = ToldChain(), Speaker(suite, seed, tables)
    for number in range(1, blocks + 1):
        chain.mine(speaker.block(number, bonds=bonds))
    return chain
