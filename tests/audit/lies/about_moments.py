"""Lies that depend on the moment: false when something is read, true when it is proved."""

from __future__ import annotations

from typing import Any

from tests.audit.lies.about_answers import changed_input
from tests.audit.lies.about_blocks import header_told
from tests.audit.lies.case import Dice, Told, kind
from tests.audit.lies.facts import Facts, Raw, name_of, number
from tests.audit.lying import Change


@kind("headers", "another time of the last block, until it is proved", cases=2, by=("PROVE-1",))
def another_time_at_first(facts: Facts, rng: Dice) -> Told:
    """Notices of what is overdue, and views, rest on it; which are falsified here no less."""
    step = rng.turn((-3_600, 5 * 86_400))
    told = hex(int(facts.blocks[facts.head]["timestamp"], 16) + step)
    proofs: list[int] = []

    def change(header: Raw) -> Raw:
        return header if proofs else {**header, "timestamp": told}

    def noted(_: list[Any], truth: Any) -> Any:
        proofs.append(1)
        return truth

    def asked(method: str, params: list[Any]) -> list[Any]:
        is_last = method == "eth_call" and facts.number_of(params[1]) == facts.head
        return [*params, {}, {"time": told}] if is_last else params

    lies: dict[str, Change] = {**header_told(facts.head, change), "eth_getBlockReceipts": noted}
    return Told(f"the last block {step} s from its time", lies, block=facts.head, asked=asked)


@kind("transactions", "another input, asked for alone", cases=2, by=("PROVE-4",))
def another_input_alone(facts: Facts, rng: Dice) -> Told:
    """Checks ask for a transaction, the proof for its block, which is told as it is."""
    log = facts.pick(rng, [each for each in facts.logs if name_of(each) in ("TradeSettled", "PaymentFunded")])
    told = changed_input(facts.transaction(log), rng)

    def lie(params: list[Any], truth: Any) -> Any:
        return told if params[0] == log["transactionHash"] else truth

    words = f"another input: {name_of(log)}, block {number(log)}"
    return Told(words, {"eth_getTransactionByHash": lie}, block=number(log))
