"""Lies about transactions, views, code and proofs."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number, other_hex
from tests.audit.lying import Change, Refusal
from tests.audit.stage import key

_CALLS = ("PROVE-4",)
_VIEWS = ("VIEW-1", "VIEW-2", "SUM-1")
_STATE = ("PROVE-5", "PROVE-6")

# Transactions


def transaction_told(tx_hash: str, change: Callable[[Raw], Any]) -> dict[str, Change]:
    """Another transaction, asked for alone or with its block."""

    def block(params: list[Any], truth: Any) -> Any:
        if not truth or not params[1]:
            return truth
        told = [change(tx) if tx["hash"] == tx_hash else tx for tx in truth["transactions"]]
        return {**truth, "transactions": [tx for tx in told if tx is not None]}

    return {
        "eth_getTransactionByHash": lambda params, truth: change(truth) if params[0] == tx_hash else truth,
        "eth_getBlockByNumber": block,
        "eth_getBlockByHash": block,
    }


def changed_input(tx: Raw, rng: random.Random) -> Raw:
    """A transaction with another argument of its call."""
    return {**tx, "input": other_hex(tx["input"], rng.randrange(11, len(tx["input"])))}


def _sender(tx: Raw, rng: random.Random) -> Raw:
    others = [key(n).address.lower() for n in range(18) if key(n).address.lower() != tx["from"]]
    return {**tx, "from": rng.choice(others)}


_TRANSACTIONS: Mapping[str, tuple[int, Callable[[Raw, random.Random], Any]]] = {
    "another input": (2, changed_input),
    "another sender": (2, _sender),
    "another receiver": (2, lambda tx, _: {**tx, "to": "0x" + "22" * 20}),
    "another nonce": (1, lambda tx, _: {**tx, "nonce": hex(int(tx["nonce"], 16) + 1)}),
    "another value": (1, lambda tx, _: {**tx, "value": "0x1"}),
    "another type": (1, lambda tx, _: {**tx, "type": "0x1"}),
    "another limit of gas": (1, lambda tx, _: {**tx, "gas": hex(int(tx["gas"], 16) + 1)}),
    "another signature": (2, lambda tx, rng: {**tx, "s": other_hex(tx["s"], rng.randrange(4, 60))}),
    "it is left out": (2, lambda *_: None),
}


def _of_a_transaction(words: str, cases: int, change: Callable[[Raw, random.Random], Any]) -> None:
    @kind("transactions", words, cases=cases, by=_CALLS, refused=words == "it is left out")
    def make(facts: Facts, rng: Dice) -> Told:
        log = facts.pick(rng, [each for each in facts.logs if facts.transaction(each)["to"]])
        told = change(facts.transaction(log), rng)
        lies = transaction_told(log["transactionHash"], lambda tx: told and {**tx, **told})
        return Told(f"{words}: {name_of(log)}, block {number(log)}", lies, block=number(log))


for _words, (_cases, _change) in _TRANSACTIONS.items():
    _of_a_transaction(_words, _cases, _change)


# Views

_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "Bond": (
        *("balanceOf", "entryOf", "book", "unitsAt", "supplyAt", "paymentDays", "isPaid", "paidWord"),
        *("getFrozenTokens", "totalSupply", "terms", "allowance", "nonces", "getDocument", "boundUnits"),
    ),
    "CashToken": ("balanceOf", "totalSupply", "supplyLimit", "isTrustedSystem", "allowance", "nonces"),
    "MemberRegistry": ("wordOf", "member"),
    "BusinessCalendar": ("yearOf", "partsOf", "authority"),
    "BondFactory": ("bondOf", "implementation", "bondCount"),
    "Offering": ("bookOf", "offeringOf", "offeringCount", "bidOf", "depositOf", "underwriterOf"),
    "Servicing": ("payment", "keptFor", "paymentStatus"),
    "Settlement": ("nonceWord",),
    "Authority": ("getAccess", "getTargetFunctionRole", "getTargetAdminDelay", "getSchedule", "getNonce"),
}


_VIEWED = [(contract, function) for contract, names in _FUNCTIONS.items() for function in names]


@kind("views", "one answers falsely", cases=len(_VIEWED), by=_VIEWS)
def false_view(facts: Facts, rng: Dice) -> Told:
    contract, function = rng.turn(_VIEWED)
    selector, target = facts.selector(contract, function), facts.story.at(contract).lower()
    at = rng.choice((65, 64, 61))

    def lie(params: list[Any], truth: Any) -> Any:
        call = params[0]
        is_it = call["data"].startswith(selector) and call["to"].lower() == target
        return other_hex(truth, at) if is_it and len(truth) > at else truth

    return Told(f"{contract}.{function} answers falsely", {"eth_call": lie}, contract=contract)


@kind("views", "one does not answer", cases=2, by=("VIEW-2",))
def no_answer(facts: Facts, rng: Dice) -> Told:
    selector = facts.selector("Servicing", "payment")
    told = rng.choice(("0x", Refusal(3, "execution reverted")))

    def lie(params: list[Any], truth: Any) -> Any:
        return told if params[0]["data"].startswith(selector) else truth

    return Told("Servicing.payment answers nothing", {"eth_call": lie}, contract="Servicing")


@kind("views", "answers of an older block", cases=2, by=_VIEWS)
def older(facts: Facts, rng: Dice) -> Told:
    """All of them, from some block on: a node that is behind, and says that it is not."""
    block = rng.choice([58, 65, 75])
    old = facts.blocks[block]["hash"]

    def asked(method: str, params: list[Any]) -> list[Any]:
        is_later = method == "eth_call" and facts.number_of(params[1]) > block
        return [params[0], {"blockHash": old}] if is_later else params

    return Told(f"views of block {block}", asked=asked)


# Code and state


_CODES = ("Bond", "CashToken", "Offering", "OfferingClearing", "Servicing", "MemberRegistry")


@kind("code", "another code of a contract", cases=len(_CODES), by=("CODE-1", "CODE-2", "CODE-3"))
def another_code(facts: Facts, rng: Dice) -> Told:
    name, deployment = rng.turn(_CODES), facts.story.deployment
    is_token = name in ("Bond", "CashToken")
    address = facts.story.at(name) if is_token else deployment.contracts[name].address
    at = rng.randrange(4, 60)

    def lie(params: list[Any], truth: Any) -> Any:
        return other_hex(truth, at) if params[0].lower() == address.lower() else truth

    return Told(f"another code of {name}", {"eth_getCode": lie}, contract=address)


@kind("code", "there is none", cases=2, by=("CODE-1", "CODE-2", "CODE-3"))
def no_code(facts: Facts, rng: Dice) -> Told:
    address = rng.turn((facts.story.bond, facts.story.at("Settlement"))).lower()
    lie: Change = lambda params, truth: "0x" if params[0].lower() == address else truth  # noqa: E731
    return Told(f"no code of {address}", {"eth_getCode": lie}, contract=address)


def _proof(words: str, cases: int, change: Callable[[Raw, random.Random], Any]) -> None:
    @kind("proofs", words, cases=cases, by=_STATE, refused=True)
    def make(facts: Facts, rng: Dice) -> Told:
        suite = [*facts.story.deployment.contracts.values(), *facts.story.deployment.cash.values()]
        address = rng.choice([facts.story.bond, *(each.address for each in suite)]).lower()
        seed = rng.randrange(2**32)

        def lie(params: list[Any], truth: Any) -> Any:
            # The same lie each time, whenever it is asked.
            return change(truth, random.Random(seed)) if params[0].lower() == address else truth

        return Told(f"{words}, of {address}", {"eth_getProof": lie}, contract="")


def _node(proof: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(proof))
    return [other_hex(each, len(each) - 3) if n == at else each for n, each in enumerate(proof)]


_proof("another nonce", 1, lambda told, _: {**told, "nonce": hex(int(told["nonce"], 16) + 1)})
_proof("another balance", 1, lambda told, _: {**told, "balance": hex(int(told["balance"], 16) + 1)})
_proof(
    "another hash of code",
    2,
    lambda told, rng: {**told, "codeHash": other_hex(told["codeHash"], rng.randrange(2, 66))},
)
_proof(
    "another storage root",
    2,
    lambda told, rng: {**told, "storageHash": other_hex(told["storageHash"], rng.randrange(2, 66))},
)
_proof("a changed node", 2, lambda told, rng: {**told, "accountProof": _node(told["accountProof"], rng)})
_proof("a node left out", 2, lambda told, _: {**told, "accountProof": told["accountProof"][:-1]})
_proof("of another address", 1, lambda told, _: {**told, "address": "0x" + "33" * 20, "accountProof": []})


@kind("proofs", "refused", cases=1, by=(), refused=True)
def proofs_refused(facts: Facts, rng: Dice) -> Told:
    """What cannot be proved must not pass for proved."""
    del facts, rng
    return Told("no proofs", {"eth_getProof": lambda *_: Refusal(-32601, "the method is not available")})


_DUMPS = ("0xzz", "0x" + gzip.compress(b'{"accounts":{},"best_block_number":0', mtime=0).hex())


@kind("proofs", "a dump without the zeros that an Anvil keeps", cases=len(_DUMPS), by=_STATE, refused=True)
def false_dump(facts: Facts, rng: Dice) -> Told:
    """Who says that he is an Anvil is asked where zeros are; that changes nothing that is proved."""
    del facts
    told = rng.turn(_DUMPS)
    return Told(f"a dump of {told[:20]}", {"anvil_dumpState": lambda *_: told})
