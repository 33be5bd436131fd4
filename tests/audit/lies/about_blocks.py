"""Lies about headers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, other_hex
from tests.audit.lying import Change

_HEADERS = ("eth_getBlockByNumber", "eth_getBlockByHash")


def header_told(block: int, change: Callable[[Raw], Raw]) -> dict[str, Change]:
    """Another header of a block, however it is asked for."""

    def lie(_: list[Any], truth: Any) -> Any:
        return change(truth) if truth and int(truth["number"], 16) == block else truth

    return dict.fromkeys(_HEADERS, lie)


_CHANGED: Mapping[str, int] = {
    "stateRoot": 2,
    "receiptsRoot": 2,
    "transactionsRoot": 2,
    "parentHash": 2,
    "logsBloom": 2,
    "mixHash": 1,
    "miner": 1,
    "withdrawalsRoot": 1,
    "parentBeaconBlockRoot": 1,
    "sha3Uncles": 1,
}
_COUNTED: Mapping[str, int] = {
    "timestamp": 2,
    "gasUsed": 1,
    "gasLimit": 1,
    "baseFeePerGas": 1,
    "number": 2,
}


def _header_field(name: str, change: Callable[[str, random.Random], str], cases: int) -> None:
    # What names no block that was asked for is no answer: a node that is not trusted to know its chain.
    @kind(
        "headers", f"another {name}", cases=cases, by=("PROVE-1",), refused=name in ("number", "parentHash")
    )
    def make(facts: Facts, rng: Dice) -> Told:
        block = rng.randrange(facts.first + 1, facts.head + 1)
        told = change(facts.blocks[block][name], rng)
        lies = header_told(block, lambda header: {**header, name: told})
        return Told(f"another {name} of block {block}", lies, block=block)


for _name, _cases in _CHANGED.items():
    _header_field(_name, lambda text, rng: other_hex(text, rng.randrange(2, len(text))), _cases)
for _name, _cases in _COUNTED.items():
    _header_field(_name, lambda text, rng: hex(int(text, 16) + rng.choice((1, 2, 5))), _cases)


_FORKS: tuple[tuple[str, str | None], ...] = (("requestsHash", "0x" + "ee" * 32), ("withdrawalsRoot", None))


@kind("headers", "of another fork of the protocol", cases=len(_FORKS), by=("PROVE-1",))
def header_of_another_fork(facts: Facts, rng: Dice) -> Told:
    """A field more, or less, than the block has."""
    name, value = rng.turn(_FORKS)
    block = facts.any_block(rng)
    lies = header_told(block, lambda header: {**header, name: value})
    return Told(f"{name} of block {block} is {value}", lies, block=block)


@kind("headers", "another hash", cases=2, by=("PROVE-1",), refused=True)
def header_hash(facts: Facts, rng: Dice) -> Told:
    block = rng.randrange(facts.first, facts.head + 1)
    told = other_hex(facts.blocks[block]["hash"], rng.randrange(2, 66))
    lies = header_told(block, lambda header: {**header, "hash": told})
    return Told(f"another hash of block {block}", lies, block=block)


@kind("headers", "one is withheld", cases=2, by=("PROVE-1",), refused=True)
def header_withheld(facts: Facts, rng: Dice) -> Told:
    block = rng.randrange(facts.first, facts.head)
    lies: dict[str, Change] = dict.fromkeys(
        _HEADERS, lambda _, truth: None if truth and int(truth["number"], 16) == block else truth
    )
    return Told(f"no block {block}", lies, block=block)


@kind("headers", "that of another block", cases=2, by=("PROVE-1",), refused=True)
def header_of_another_block(facts: Facts, rng: Dice) -> Told:
    block = rng.randrange(facts.first + 1, facts.head)

    def lie(params: list[Any], truth: Any) -> Any:
        if not truth or int(truth["number"], 16) != block:
            return truth
        other = facts.blocks[block - 1]
        hashes = [tx["hash"] for tx in other["transactions"]]
        return other if params[1] else {**other, "transactions": hashes}

    return Told(f"block {block - 1} told for {block}", dict.fromkeys(_HEADERS, lie), block=block)
