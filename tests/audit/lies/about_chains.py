"""Lies about the chain itself: stale, forked, forged from some block on, another one altogether."""

from __future__ import annotations

from typing import Any

from tests.audit.lies.about_blocks import header_told
from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number, other_hex, place
from tests.audit.lies.forging import forge
from tests.audit.lying import Change, with_word

_HEADERS = ("eth_getBlockByNumber", "eth_getBlockByHash")


@kind("chain", "another id", cases=2, by=(), refused=True)
def another_id(facts: Facts, rng: Dice) -> Told:
    told = hex(facts.story.chain.chain_id + rng.choice((1, -1)))
    return Told("another chain id", {"eth_chainId": lambda *_: told})


@kind("chain", "a stale head, while a later block is known", cases=2, by=("PROVE-1",), refused=True)
def stale(facts: Facts, rng: Dice) -> Told:
    """The node stopped at a block, or says so; the auditor has the hash of a later one from elsewhere."""
    head = rng.randrange(facts.head - 20, facts.head)
    pins = {facts.head: facts.blocks[facts.head]["hash"]}
    return Told(f"the chain ends at block {head}", _ended(facts, head), pins=pins)


@kind("chain", "a stale head, while another node knows later blocks", cases=2, by=("PROVE-1",))
def behind_a_peer(facts: Facts, rng: Dice) -> Told:
    """What is missing may be a default, or a use of powers: the other node knows."""
    head = facts.head - rng.turn((20, 30))
    return Told(f"the chain ends at block {head}", _ended(facts, head), peer=True)


@kind("chain", "shorter than what is asked for", cases=1, by=("PROVE-1",), refused=True)
def too_short(facts: Facts, rng: Dice) -> Told:
    head = rng.randrange(facts.head - 20, facts.head)
    return Told(f"the chain ends at block {head}", _ended(facts, head), to=facts.head)


def _ended(facts: Facts, head: int) -> dict[str, Change]:
    def block(params: list[Any], truth: Any) -> Any:
        if params[0] in ("latest", "safe", "finalized", "pending"):
            last = facts.blocks[head]
            return (
                last if params[1] else {**last, "transactions": [tx["hash"] for tx in last["transactions"]]}
            )
        return None if truth and int(truth["number"], 16) > head else truth

    return {
        **dict.fromkeys(_HEADERS, block),
        "eth_blockNumber": lambda *_: hex(head),
        "eth_getLogs": lambda _, logs: [log for log in logs if number(log) <= head],
        "eth_getBlockReceipts": lambda params, truth: None if facts.number_of(params[0]) > head else truth,
    }


@kind("chain", "headers of another suffix than logs and receipts", cases=3, by=("PROVE-1",), refused=True)
def forked(facts: Facts, rng: Dice) -> Told:
    """Two chains with a common beginning: the headers of one, all else of the other."""
    since = facts.any_block(rng)
    told = forge(facts, since, lambda log: {**log, "data": log["data"] + "00" * 32}).blocks

    def block(params: list[Any], truth: Any) -> Any:
        other = told.get(int(truth["number"], 16)) if truth else None
        if other is None:
            return truth
        return other if params[1] else {**other, "transactions": [tx["hash"] for tx in other["transactions"]]}

    return Told(f"forked at block {since}", dict.fromkeys(_HEADERS, block))


@kind(
    "chain", "one block is told of another parent, and hashes right", cases=2, by=("PROVE-1",), refused=True
)
def unlinked(facts: Facts, rng: Dice) -> Told:
    """A forged block that the next one does not know."""
    since = facts.any_block(rng)
    forgery = forge(facts, since, lambda log: {**log, "data": log["data"] + "00" * 32})
    lies = header_told(
        since, lambda header: {**forgery.blocks[since], "transactions": header["transactions"]}
    )
    lies["eth_getBlockReceipts"] = lambda params, truth: (
        forgery.receipts[since] if facts.number_of(params[0]) == since else truth
    )
    lies["eth_getLogs"] = lambda _, logs: (
        [each for each in logs if number(each) != since]
        + [
            log
            for log in forgery.logs
            if number(log) == since and any(number(each) == since for each in logs)
        ]
    )
    return Told(f"block {since} forged alone", lies)


@kind(
    "chain",
    "forged from some block on, with other logs",
    cases=4,
    by=("PROVE-5", "VIEW-1", "VIEW-2", "LOG-4"),
)
def forged(facts: Facts, rng: Dice) -> Told:
    """Roots, bloom filters and hashes all right; only the state knows better."""
    moves = [
        log for log in facts.logs if name_of(log) in ("Transfer", "Frozen", "Approval", "MemberAdmitted")
    ]
    log = facts.pick(rng, moves)
    forgery = forge(
        facts,
        number(log),
        lambda each: with_word(each, 0, lambda value: value + 1) if place(each) == place(log) else each,
    )
    words = f"{name_of(log)} of block {number(log)} changed, and all hashes after it"
    return Told(words, forgery.lies, asked=forgery.asked)


@kind("chain", "forged where no state tells, while a block hash is known", cases=2, by=("PROVE-1",))
def forged_silently(facts: Facts, rng: Dice) -> Told:
    """A role's label leaves no trace but its log: only who has a true hash can know."""
    log = rng.choice([each for each in facts.logs if name_of(each) == "RoleLabel"])
    forgery = forge(facts, number(log), lambda each: None if place(each) == place(log) else each)
    pins = {facts.head: facts.blocks[facts.head]["hash"]}
    words = f"RoleLabel of block {number(log)} left out, and all hashes after it"
    return Told(words, forgery.lies, asked=forgery.asked, pins=pins)


@kind("chain", "gone when it is asked for again", cases=3, by=("PROVE-1",), refused=True)
def reorganised(facts: Facts, rng: Dice) -> Told:
    """The last block has another hash from the second or third time on."""
    asked: list[int] = []
    patience = rng.choice((1, 2, 3))

    def lie(_: list[Any], truth: Raw | None) -> Any:
        if not truth or int(truth["number"], 16) != facts.head:
            return truth
        asked.append(1)
        return truth if len(asked) <= patience else {**truth, "hash": other_hex(truth["hash"], 40)}

    return Told(f"another last block after {patience} answers", dict.fromkeys(_HEADERS, lie))


@kind("chain", "another one altogether, while a block hash is known", cases=1, by=("PROVE-1",))
def another_chain(facts: Facts, rng: Dice) -> Told:
    """A real one, of the same deployment, in which something else happened later: it proves itself."""
    del rng
    pins = {facts.head: facts.blocks[facts.head]["hash"]}
    return Told("the chain that went on otherwise", elsewhere=lambda _: True, pins=pins)


_OF_STATE = ("eth_call", "eth_getProof", "eth_getCode")


@kind("chain", "of one fork the blocks, of another the state", cases=2, by=("PROVE-5",), refused=True)
def state_of_another(facts: Facts, rng: Dice) -> Told:
    """Views are asked for by the hash of a block; the liar looks it up by its number."""
    swapped = rng.turn((False, True))

    def asked(method: str, params: list[Any]) -> list[Any]:
        if method not in _OF_STATE or not isinstance(params[-1], dict):
            return params
        return [*params[:-1], hex(facts.number_of(params[-1]))]

    return Told(
        "blocks here, state there" if swapped else "state here, blocks there",
        asked=asked,
        elsewhere=lambda method: (method in _OF_STATE) == swapped,
    )
