"""Lies about logs, told where logs are asked for; receipts and headers stay true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.audit import lying
from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number, other_hex, place
from tests.audit.stage import key

_SHOWN = ("PROVE-3",)


def _logs(change: Callable[[list[Raw]], list[Raw]]) -> dict[str, lying.Change]:
    return {"eth_getLogs": lambda _, logs: change(logs)}


def _changed(facts: Facts, log: Raw, told: Raw | None, words: str) -> Told:
    """One log told otherwise, or not at all."""

    def change(logs: list[Raw]) -> list[Raw]:
        found = [told if place(each) == place(log) else each for each in logs]
        return [each for each in found if each is not None]

    return Told(
        f"{words} ({name_of(log)} of {facts.names[log['address']]}, block {number(log)})",
        _logs(change),
        block=number(log),
        contract=log["address"],
    )


@kind("logs", "one is left out", cases=6, by=_SHOWN)
def left_out(facts: Facts, rng: Dice) -> Told:
    return _changed(facts, facts.any_log(rng), None, "left out")


_UNTOLD = ("RoleLabel", "NoncesCancelled", "Approval")


@kind("logs", "one that leaves no trace in any state is left out", cases=len(_UNTOLD), by=_SHOWN)
def silent_one_left_out(facts: Facts, rng: Dice) -> Told:
    """A label, a nonce of somebody who never traded, money that might have been spent for another."""
    name = rng.turn(_UNTOLD)
    cash = facts.story.at("CashToken").lower()
    fitting = [
        log for log in facts.logs if name_of(log) == name and (name != "Approval" or log["address"] == cash)
    ]
    return _changed(facts, rng.choice(fitting), None, "left out")


@kind("logs", "all of one block are hidden", cases=4, by=_SHOWN)
def hidden_block(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    hide = _logs(lambda logs: [each for each in logs if number(each) != block])
    return Told(f"no logs of block {block}", hide, block=block)


@kind("logs", "all of one contract are hidden", cases=3, by=(*_SHOWN, "LOG-4"))
def hidden_contract(facts: Facts, rng: Dice) -> Told:
    address = rng.choice(sorted({log["address"] for log in facts.logs}))
    hide = _logs(lambda logs: [each for each in logs if each["address"] != address])
    return Told(f"no logs of {facts.names[address]}", hide)


@kind("logs", "all from some block on are held back", cases=3, by=_SHOWN)
def held_back(facts: Facts, rng: Dice) -> Told:
    block = facts.any_block(rng)
    hide = _logs(lambda logs: [each for each in logs if number(each) < block])
    return Told(f"no logs from block {block} on", hide, block=block)


@kind("logs", "an amount is changed", cases=6, by=_SHOWN)
def amount(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if len(each["data"]) >= 66])
    word = rng.randrange((len(log["data"]) - 2) // 64)
    step = rng.choice((1, -1, 10**6))
    told = lying.with_word(log, word, lambda value: value + step)
    return _changed(facts, log, told, f"word {word} changed by {step}")


@kind("logs", "an address is changed", cases=4, by=_SHOWN)
def address(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if any(map(_is_address, each["topics"][1:]))])
    at = rng.choice([n for n, topic in enumerate(log["topics"]) if n and _is_address(topic)])
    topics = list(log["topics"])
    topics[at] = "0x" + "0" * 24 + key(rng.randrange(18)).address[2:].lower()
    if topics == log["topics"]:
        topics[at] = other_hex(topics[at], 60)
    return _changed(facts, log, {**log, "topics": topics}, f"another address in topic {at}")


@kind("logs", "an indexed topic is changed", cases=3, by=_SHOWN)
def topic(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if len(each["topics"]) > 1])
    at = rng.randrange(1, len(log["topics"]))
    topics = list(log["topics"])
    topics[at] = other_hex(topics[at], rng.randrange(58, 66))
    return _changed(facts, log, {**log, "topics": topics}, f"another digit in topic {at}")


@kind("logs", "two topics are swapped", cases=3, by=_SHOWN)
def swapped_topics(facts: Facts, rng: Dice) -> Told:
    fitting = [log for log in facts.logs if len(set(log["topics"])) > 2]
    log = facts.pick(rng, fitting)
    topics = list(log["topics"])
    first, second = rng.sample(sorted(set(topics[1:])), 2)
    i, j = topics.index(first), topics.index(second)
    topics[i], topics[j] = topics[j], topics[i]
    return _changed(facts, log, {**log, "topics": topics}, f"topics {i} and {j} swapped")


@kind("logs", "topics are told as one text", cases=2, by=_SHOWN, refused=True)
def joined_topics(facts: Facts, rng: Dice) -> Told:
    """Who splits the text at its spaces has the true topics; who looks for a bond's address finds none."""
    name = rng.turn(("BondRegistered", "Transfer"))

    def change(logs: list[Raw]) -> list[Raw]:
        return [{**log, "topics": [" ".join(log["topics"])]} if name_of(log) == name else log for log in logs]

    return Told(f"topics of {name} as one text", _logs(change))


@kind("logs", "one is renamed", cases=3, by=(*_SHOWN, "LOG-1", "LOG-2"))
def renamed(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    same = {each["topics"][0] for each in facts.logs if each["address"] == log["address"]}
    names = [name for name in sorted(same) if name != log["topics"][0]] or ["0x" + "ab" * 32]
    topics = [rng.choice(names), *log["topics"][1:]]
    return _changed(facts, log, {**log, "topics": topics}, "another event")


@kind("logs", "two of one block are exchanged", cases=4, by=_SHOWN)
def exchanged(facts: Facts, rng: Dice) -> Told:
    """Each is told at the place of the other."""
    blocks = [n for n in {number(log) for log in facts.logs} if len(facts.logs_of(n)) > 1]
    block = rng.choice(sorted(blocks))
    first, second = rng.sample(facts.logs_of(block), 2)
    body = ("address", "topics", "data")
    told = {
        place(first): {**first, **{name: second[name] for name in body}},
        place(second): {**second, **{name: first[name] for name in body}},
    }
    words = f"{name_of(first)} and {name_of(second)} of block {block} exchanged"
    return Told(words, _logs(lambda logs: [told.get(place(each), each) for each in logs]), block=block)


@kind("logs", "one is moved to another block", cases=3, by=(*_SHOWN, "LOG-3"), refused=True)
def moved(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    target = facts.blocks[facts.any_block(rng)]
    told = {**log, "blockNumber": target["number"], "blockHash": target["hash"], "logIndex": "0x50"}
    told |= {"blockTimestamp": target["timestamp"]}
    words = f"{name_of(log)} of block {number(log)} told of block {number(told)}"

    def change(params: list[Any], logs: list[Raw]) -> list[Raw]:
        """Told with the page that the block is on."""
        asked = range(int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16) + 1)
        mine = [told] if number(told) in asked and log["address"] in _asked(params) else []
        return [each for each in logs if place(each) != place(log)] + mine

    return Told(words, {"eth_getLogs": change}, block=number(log))


@kind("logs", "one is told of another transaction", cases=3, by=(*_SHOWN, "LOG-3"))
def of_another_transaction(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    other = rng.choice([each for each in facts.logs if each["transactionHash"] != log["transactionHash"]])
    told = {**log, "transactionHash": other["transactionHash"]}
    return _changed(facts, log, told, "another transaction")


@kind("logs", "one is told of another time", cases=3, by=_SHOWN)
def of_another_time(facts: Facts, rng: Dice) -> Told:
    """The header tells the true one."""
    log = facts.any_log(rng)
    time = hex(int(log["blockTimestamp"], 16) + rng.choice((-1, 1, 86_400)))
    block = number(log)
    change = _logs(lambda logs: [{**e, "blockTimestamp": time} if number(e) == block else e for e in logs])
    return Told(f"another time of block {block} in its logs", change, block=block)


@kind("logs", "one is told of another block hash", cases=2, by=("LOG-3", "PROVE-1", *_SHOWN), refused=True)
def of_another_hash(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    return _changed(facts, log, {**log, "blockHash": "0x" + "cd" * 32}, "another block hash")


@kind("logs", "data are cut short or made longer", cases=3, by=(*_SHOWN, "LOG-2"))
def cut(facts: Facts, rng: Dice) -> Told:
    log = facts.pick(rng, [each for each in facts.logs if len(each["data"]) >= 66])
    data = rng.choice((log["data"][:-64], log["data"] + "00" * 32, log["data"][:-2]))
    return _changed(facts, log, {**log, "data": data}, "other data")


@kind("logs", "a forged one is added", cases=5, by=_SHOWN)
def forged(facts: Facts, rng: Dice) -> Told:
    """A copy of a true one at the end of a block."""
    log = facts.any_log(rng)
    block = facts.any_block(rng, after=number(log))
    last = facts.logs_of(block)[-1]
    fields = ("blockNumber", "blockHash", "blockTimestamp", "transactionHash", "transactionIndex")
    told = {**log, **{name: last[name] for name in fields}, "logIndex": hex(place(last)[1] + 1)}

    def change(params: list[Any], logs: list[Raw]) -> list[Raw]:
        asked = range(int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16) + 1)
        return [*logs, told] if block in asked and log["address"] in _asked(params) else logs

    return Told(f"a second {name_of(log)} in block {block}", {"eth_getLogs": change}, block=block)


@kind("logs", "one is told twice", cases=2, by=("LOG-3", *_SHOWN))
def twice(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    change = _logs(lambda logs: logs + [each for each in logs if place(each) == place(log)])
    return Told(f"{name_of(log)} told twice", change, block=number(log))


@kind("logs", "a page is repeated", cases=2, by=("LOG-3", *_SHOWN))
def repeated(facts: Facts, rng: Dice) -> Told:
    del facts
    times = rng.choice((2, 3))
    return Told(f"each page {times} times", _logs(lambda logs: logs * times))


@kind("logs", "a page is answered with another", cases=2, by=(*_SHOWN, "LOG-3", "LOG-4"), refused=True)
def another_page(facts: Facts, rng: Dice) -> Told:
    """Whatever range is asked for, the logs of one."""
    block = facts.any_block(rng)
    told = [log for log in facts.logs if number(log) <= block]
    return Told(f"always the page up to block {block}", _logs(lambda _: told))


@kind("logs", "one of a stranger is put in", cases=2, by=("LOG-3", *_SHOWN), refused=True)
def alien(facts: Facts, rng: Dice) -> Told:
    log = facts.any_log(rng)
    told = _changed(facts, log, {**log, "address": "0x" + "11" * 20}, "of a stranger")
    return Told(told.words, told.lies, block=number(log))


def _is_address(word: str) -> bool:
    return word.startswith("0x" + "0" * 24) and not word.startswith("0x" + "0" * 48)


def _asked(params: list[Any]) -> set[str]:
    return {address.lower() for address in params[0]["address"]}
