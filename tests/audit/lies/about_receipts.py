"""Lies about receipts, alone and together with the logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.audit.lies.about_blocks import header_told
from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number, other_hex, place
from tests.audit.lying import Change, with_word

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


def with_logs(receipts: list[Raw], change: Callable[[Raw], Raw | None]) -> list[Raw]:
    """Receipts with each of their logs changed or left out."""
    found = []
    for receipt in receipts:
        logs = [told for log in receipt["logs"] if (told := change(log)) is not None]
        found.append({**receipt, "logs": logs})
    return found


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


@kind("receipts", "logs of one in another order", cases=1, by=_RECEIPTS)
def logs_in_another_order(facts: Facts, rng: Dice) -> Told:
    several = [n for n, found in facts.receipts.items() if any(len(each["logs"]) > 1 for each in found)]
    block = rng.choice([n for n in several if facts.logs_of(n)])
    told = [{**receipt, "logs": receipt["logs"][::-1]} for receipt in facts.receipts[block]]
    return Told(f"logs of block {block} backwards", receipts_told(facts, block, told), block=block)


@kind("receipts", "one is told twice", cases=1, by=_RECEIPTS)
def receipt_twice(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    told = [*facts.receipts[block], facts.receipts[block][-1]]
    return Told(f"a receipt of block {block} twice", receipts_told(facts, block, told), block=block)


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


@kind("logs and receipts", "a log is left out of both", cases=3, by=_RECEIPTS)
def left_out_of_both(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    return _in_both(facts, log, lambda _: None, "left out")


@kind("logs and receipts", "a log is changed in both", cases=3, by=_RECEIPTS)
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
