"""A chain that hangs together and never was: from one block on every root and hash is made anew.

By packages that the auditor does not use: what they and the auditor agree on is the protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rlp  # type: ignore[import-untyped]
from eth_bloom.bloom import BloomFilter
from eth_utils.crypto import keccak
from tests.audit.lies.facts import Facts, Raw, number
from tests.audit.lying import Change
from trie import HexaryTrie  # type: ignore[import-untyped]

_FIELDS = (
    *("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"),
    *("difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce"),
    *("baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot"),
)
_NUMBERS = {
    *("difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"),
    *("blobGasUsed", "excessBlobGas"),
}


@dataclass(frozen=True)
class Forgery:
    """What the forged chain says, where it differs: everything from the first forged block on."""

    facts: Facts
    blocks: dict[int, Raw]
    receipts: dict[int, list[Raw]]
    logs: list[Raw]

    @property
    def lies(self) -> dict[str, Change]:
        def block(params: list[Any], truth: Any) -> Any:
            told = self.blocks.get(int(truth["number"], 16)) if truth else None
            if told is None:
                return truth
            hashes = [tx["hash"] for tx in told["transactions"]]
            return told if params[1] else {**told, "transactions": hashes}

        def logs(params: list[Any], _: Any) -> Any:
            asked = range(int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16) + 1)
            wanted = {address.lower() for address in params[0]["address"]}
            return [log for log in self.logs if number(log) in asked and log["address"] in wanted]

        def receipts(params: list[Any], truth: Any) -> Any:
            return self.receipts.get(self._number(params[0]), truth)

        def located(_: list[Any], truth: Any) -> Any:
            if not truth or int(truth["blockNumber"], 16) not in self.blocks:
                return truth
            return {**truth, "blockHash": self.blocks[int(truth["blockNumber"], 16)]["hash"]}

        return {
            "eth_getBlockByNumber": block,
            "eth_getBlockByHash": block,
            "eth_getLogs": logs,
            "eth_getBlockReceipts": receipts,
            "eth_getTransactionReceipt": located,
            "eth_getTransactionByHash": located,
        }

    def asked(self, method: str, params: list[Any]) -> list[Any]:
        """A question about a forged block, as one about the block in its place."""
        del method
        return [self._true(each) for each in params]

    def _true(self, param: Any) -> Any:
        if isinstance(param, dict) and "blockHash" in param:
            return {**param, "blockHash": self._true(param["blockHash"])}
        if isinstance(param, str) and len(param) == 66:
            same = [n for n, told in self.blocks.items() if told["hash"] == param]
            return self.facts.blocks[same[0]]["hash"] if same else param
        return param

    def _number(self, block: Any) -> int:
        return self.facts.number_of(self._true(block))


def forge(facts: Facts, since: int, change: Callable[[Raw], Raw | None]) -> Forgery:
    """The chain as it would be, had the logs of a block been others; later blocks are only linked anew."""
    blocks: dict[int, Raw] = {}
    receipts = {since: _receipts(facts.receipts[since], change)}
    parent = facts.blocks[since - 1]["hash"]
    for height in range(since, facts.head + 1):
        header = {**facts.blocks[height], "parentHash": parent}
        if height == since:
            header["receiptsRoot"] = "0x" + _root([_encoded(each) for each in receipts[since]]).hex()
            header["logsBloom"] = _bloom([log for each in receipts[since] for log in each["logs"]])
        parent = header["hash"] = "0x" + header_hash(header).hex()
        header["transactions"] = [{**tx, "blockHash": parent} for tx in header["transactions"]]
        told = receipts.get(height, facts.receipts[height])
        receipts[height] = [
            {**each, "blockHash": parent, "logs": [{**log, "blockHash": parent} for log in each["logs"]]}
            for each in told
        ]
        blocks[height] = header
    suite = set(facts.names)
    logs = [log for log in facts.logs if number(log) < since]
    logs += [
        log
        for height in range(since, facts.head + 1)
        for receipt in receipts[height]
        for log in receipt["logs"]
        if log["address"] in suite
    ]
    return Forgery(facts, blocks, receipts, logs)


def header_hash(header: Raw) -> bytes:
    values = [_field(name, header[name]) for name in _FIELDS if header.get(name) is not None]
    return keccak(rlp.encode(values))


def _field(name: str, value: str) -> Any:
    return int(value, 16) if name in _NUMBERS else bytes.fromhex(value[2:])


def _receipts(receipts: list[Raw], change: Callable[[Raw], Raw | None]) -> list[Raw]:
    """Changed receipts, their logs numbered anew."""
    found, index = [], 0
    for receipt in receipts:
        logs = []
        for log in receipt["logs"]:
            told = change(log)
            if told is not None:
                logs.append({**told, "logIndex": hex(index)})
                index += 1
        found.append({**receipt, "logs": logs, "logsBloom": _bloom(logs)})
    return found


def _bloom(logs: list[Raw]) -> str:
    bloom = BloomFilter()
    for log in logs:
        for value in (log["address"], *log["topics"]):
            bloom.add(bytes.fromhex(value[2:]))
    return f"0x{int(bloom):0512x}"


def _encoded(receipt: Raw) -> bytes:
    logs = [
        [
            bytes.fromhex(log["address"][2:]),
            [bytes.fromhex(topic[2:]) for topic in log["topics"]],
            bytes.fromhex(log["data"][2:]),
        ]
        for log in receipt["logs"]
    ]
    body = [
        int(receipt["status"], 16),
        int(receipt["cumulativeGasUsed"], 16),
        bytes.fromhex(receipt["logsBloom"][2:]),
        logs,
    ]
    kind = int(receipt["type"], 16)
    return (bytes([kind]) if kind else b"") + bytes(rlp.encode(body))


def _root(items: list[bytes]) -> bytes:
    trie = HexaryTrie({})
    for index, item in enumerate(items):
        trie[rlp.encode(index)] = item
    return bytes(trie.root_hash)
