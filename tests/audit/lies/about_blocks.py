"""Lies about receipts and headers, alone and together with the logs."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number, other_hex, place
from tests.audit.lying import Change, with_word

_HEADERS = ("eth_getBlockByNumber", "eth_getBlockByHash")
_RECEIPTS = ("PROVE-2",)


def receipts_told(facts: Facts, block: int, told: Any) -> dict[str, Change]:
    """Other receipts of a block, whichever way they are asked for."""

    def whole(params: list[Any], truth: Any) -> Any:
        return told if facts.number_of(params[0]) == block else truth

    def single(params: list[Any], truth: Any) -> Any:
        hashes = [tx["hash"] for tx in facts.blocks[block]["transactions"]]
        if params[0] not in hashes:
            return truth
        return next((each for each in told or [] if each["transactionHash"] == params[0]), None)

    return {"eth_getBlockReceipts": whole, "eth_getTransactionReceipt": single}


def header_told(block: int, change: Callable[[Raw], Raw]) -> dict[str, Change]:
    """Another header of a block, however it is asked for."""

    def lie(_: list[Any], truth: Any) -> Any:
        return change(truth) if truth and int(truth["number"], 16) == block else truth

    return dict.fromkeys(_HEADERS, lie)


def with_logs(receipts: list[Raw], change: Callable[[Raw], Raw | None]) -> list[Raw]:
    """Receipts with each of their logs changed or left out."""
    found = []
    for receipt in receipts:
        logs = [told for log in receipt["logs"] if (told := change(log)) is not None]
        found.append({**receipt, "logs": logs})
    return found


# Receipts


def _of_a_receipt(facts: Facts, rng: Dice, words: str, change: Callable[[Raw], Raw]) -> Told:
    block = facts.any_block(rng)
    told = [change(receipt) for receipt in facts.receipts[block]]
    return Told(f"{words}, block {block}", receipts_told(facts, block, told), block=block)


@kind("receipts", "another status", cases=2, by=_RECEIPTS)
def status(facts: Facts, rng: Dice) -> Told:
    return _of_a_receipt(facts, rng, "failed", lambda receipt: {**receipt, "status": "0x0"})


@kind("receipts", "another use of gas", cases=2, by=_RECEIPTS)
def gas(facts: Facts, rng: Dice) -> Told:
    def change(receipt: Raw) -> Raw:
        return {**receipt, "cumulativeGasUsed": hex(int(receipt["cumulativeGasUsed"], 16) + 1)}

    return _of_a_receipt(facts, rng, "another use of gas", change)


@kind("receipts", "another bloom filter", cases=2, by=_RECEIPTS)
def bloom(facts: Facts, rng: Dice) -> Told:
    at = rng.randrange(2, 514)

    def change(receipt: Raw) -> Raw:
        return {**receipt, "logsBloom": other_hex(receipt["logsBloom"], at)}

    return _of_a_receipt(facts, rng, "another bloom filter", change)


@kind("receipts", "another type", cases=1, by=_RECEIPTS)
def receipt_type(facts: Facts, rng: Dice) -> Told:
    return _of_a_receipt(facts, rng, "type 1", lambda receipt: {**receipt, "type": "0x1"})


@kind("receipts", "a log in one is changed", cases=3, by=_RECEIPTS)
def log_in_receipt(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if len(each["data"]) >= 66])
    block = number(log)
    told = with_logs(
        facts.receipts[block],
        lambda each: with_word(each, 0, lambda value: value + 1) if place(each) == place(log) else each,
    )
    return Told(
        f"{name_of(log)} of block {block}, in its receipt", receipts_told(facts, block, told), block=block
    )


@kind("receipts", "a log in one is left out", cases=3, by=_RECEIPTS)
def log_not_in_receipt(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    block = number(log)
    told = with_logs(facts.receipts[block], lambda each: None if place(each) == place(log) else each)
    return Told(
        f"{name_of(log)} of block {block}, not in its receipt", receipts_told(facts, block, told), block=block
    )


@kind("receipts", "one is left out", cases=2, by=_RECEIPTS)
def receipt_left_out(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    told = facts.receipts[block][:-1]
    return Told(f"a receipt of block {block} left out", receipts_told(facts, block, told), block=block)


@kind("receipts", "there are none", cases=2, by=_RECEIPTS, refused=True)
def no_receipts(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    return Told(f"no receipts of block {block}", receipts_told(facts, block, None), block=block)


@kind("receipts", "those of another block", cases=2, by=_RECEIPTS)
def receipts_of_another_block(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    other = rng.choice([n for n, found in facts.receipts.items() if found and n != block])
    told = receipts_told(facts, block, facts.receipts[other])
    return Told(f"receipts of block {other} for {block}", told, block=block)


@kind("logs and receipts", "a log is left out of both", cases=4, by=_RECEIPTS)
def left_out_of_both(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    return _in_both(facts, log, lambda _: None, "left out")


@kind("logs and receipts", "a log is changed in both", cases=4, by=_RECEIPTS)
def changed_in_both(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if len(each["data"]) >= 66])
    return _in_both(facts, log, lambda each: with_word(each, 0, lambda value: value + 1), "changed")


@kind(
    "logs and receipts", "a block is hidden in both, and its bloom filter emptied", cases=2, by=("PROVE-1",)
)
def hidden_in_both(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    empty = "0x" + "00" * 256
    told = with_logs(facts.receipts[block], lambda _: None)
    told = [{**receipt, "logsBloom": empty} for receipt in told]
    lies: dict[str, Change] = {
        "eth_getLogs": lambda _, logs: [each for each in logs if number(each) != block],
        **receipts_told(facts, block, told),
        **header_told(block, lambda header: {**header, "logsBloom": empty}),
    }
    return Told(f"no logs in block {block}, and no bloom filter", lies, block=block)


def _in_both(facts: Facts, log: Raw, change: Callable[[Raw], Raw | None], words: str) -> Told:
    block = number(log)

    def one(each: Raw) -> Raw | None:
        return change(each) if place(each) == place(log) else each

    lies: dict[str, Change] = {
        "eth_getLogs": lambda _, logs: [told for each in logs if (told := one(each)) is not None],
        **receipts_told(facts, block, with_logs(facts.receipts[block], one)),
    }
    return Told(f"{name_of(log)} of block {block} {words}, in logs and receipts", lies, block=block)


# Headers

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
