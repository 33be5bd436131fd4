"""What happens on a chain with a fault: as little as shows it, told as the auditor's other stories are."""

from __future__ import annotations

from datetime import date
from typing import Any

from eth_utils.crypto import keccak
from tests.audit import lives, story, tenders
from tests.audit.faults.people import BACKDOOR, STRANGER
from tests.audit.lives import Lives
from tests.audit.sheets import FIXED
from tests.audit.stage import ETHER, FOREVER, Story, begin, key

from indenture.chain import AnvilNode, ContractCall, Sender, deploy_call
from indenture.chain.abi import AbiFunction

DUE = date(2020, 4, 6)
NAME = "plain"
_DEFAULTS = {"graceDays": 30, "penaltyRate": 80_000_000, "accelerationShare": 0, "crossDefault": False}
_TERMS: dict[str, Any] = {"kind": FIXED, "couponRate": 33_000_000, "rounding": 0}


def sold(node: AnvilNode, **changes: Any) -> Lives:
    """A bond of five holders, with terms of its own as far as they are given."""
    told, terms = Lives(begin(node)), _TERMS | changes
    lives.define(told)
    lives.register(told, 0, NAME, terms, {}, {"defaults": _DEFAULTS})
    lives.sell(told, {NAME: (terms, {})})
    told.story.bond = told[NAME]
    return told


def recorded(node: AnvilNode) -> Lives:
    """The same, after the record date of its first payment."""
    told = sold(node)
    lives.record(told, DUE, [NAME])
    return told


def pay(told: Lives) -> None:
    """The first payment."""
    lives.fund(told, {NAME: 1})
    lives.pay(told, {NAME: 1})


def hidden(who: Sender, contract: str, signature: str, *args: int | str | bytes) -> None:
    """Calls a function that no interface names."""
    data = keccak(text=signature)[:4] + b"".join(map(_word, args))
    who.transact(ContractCall(contract, data, AbiFunction("", signature.partition("(")[0], (), ()), args))


def _word(arg: int | str | bytes) -> bytes:
    if isinstance(arg, bytes):
        return arg.ljust(32, b"\0")
    return (int(arg, 16) if isinstance(arg, str) else arg).to_bytes(32, "big")


def coupon(node: AnvilNode) -> Story:
    """A payment, to all."""
    told = recorded(node)
    pay(told)
    return told.story


def residue(node: AnvilNode) -> Story:
    """A payment, and the operator collects what was kept for him."""
    told = recorded(node)
    pay(told)
    operator = told.story.operator
    if told.story.read("Servicing", "keptFor", told[NAME], operator.address):
        told.do(operator, "Servicing", "collect", told[NAME], operator.address)
    return told.story


def late_coupon(node: AnvilNode) -> Story:
    """A payment that is funded ten days late."""
    told = recorded(node)
    lives.travel(told, date(2020, 4, 16))
    pay(told)
    return told.story


def moved(node: AnvilNode) -> Story:
    """The operator moves units by a function of his own."""
    told = sold(node)
    h = told.story.holders
    hidden(told.story.operator, told[NAME], "tidy(address,address,uint64)", h[0].address, h[2].address, 50)
    return told.story


def thawed(node: AnvilNode) -> Story:
    """A holder of whom all is frozen signs a permit, and sells."""
    told = sold(node)
    h = told.story.holders
    told.of(NAME, told.story.operator, "setFrozenTokens", h[2].address, 2**256 - 1)
    story.permit(told.story, "Bond", h[2], h[3].address, 1)
    told.of(NAME, h[2], "transfer", h[4].address, 150)
    return told.story


def forced(node: AnvilNode) -> Story:
    """The statutory desk moves units of a holder."""
    told = sold(node)
    h = told.story.holders
    told.of(NAME, told.story.operator, "forcedTransfer", h[0].address, h[2].address, 70)
    return told.story


def bought_late(node: AnvilNode) -> Story:
    """Units move after the record date, and before the payment."""
    told = recorded(node)
    h = told.story.holders
    told.of(NAME, h[0], "transfer", h[2].address, 80)
    pay(told)
    return told.story


def strange(node: AnvilNode) -> Story:
    """A holder gives units to an account that no member has."""
    told = sold(node)
    told.of(NAME, told.story.holders[0], "transfer", STRANGER, 10)
    return told.story


def quiet(node: AnvilNode) -> Story:
    """A holder spends what the operator has given him, and all that he had."""
    told = sold(node)
    play, h = told.story, told.story.holders
    had = play.read("CashToken", "balanceOf", h[6].address)
    hidden(play.operator, play.at("CashToken"), "reconcile(address,uint256)", h[6].address, 10**9)
    play.do(h[6], "CashToken", "transfer", h[7].address, had + 10**9)
    return play


def traded(node: AnvilNode) -> Story:
    """A trade at a clean price, within a period."""
    told = sold(node)
    lives.travel(told, date(2020, 2, 18))
    h = told.story.holders
    lives.trade_clean(told, NAME, h[0], h[5], 40, 400_100, lives.now(told))
    return told.story


def traded_twice(node: AnvilNode) -> Story:
    """The same signed trade is brought twice."""
    told = sold(node)
    play, h = told.story, told.story.holders
    for _ in range(2):
        play.nonces.clear()
        play.trade(h[0], h[5], 40, 400_000)
    return play


def traded_alone(node: AnvilNode) -> Story:
    """A trade under which a friend of the buyer has signed for the seller."""
    told = sold(node)
    h = told.story.holders
    told.story.trade(h[6], h[5], 40, 1, as_seller=h[0].address)
    return told.story


def permitted(node: AnvilNode) -> Story:
    """Somebody brings a permit that nobody signed, and spends what it allows."""
    told = sold(node)
    play, h = told.story, told.story.holders
    given = (h[0].address, h[5].address, 10**9, FOREVER, 27, b"\1" * 32, b"\1" * 32)
    play.do(h[5], "CashToken", "permit", *given)
    play.do(h[5], "CashToken", "transferFrom", h[0].address, h[5].address, 10**9)
    return play


def permitted_through_another(node: AnvilNode) -> Story:
    """The same, brought by a contract."""
    told = sold(node)
    play, h = told.story, told.story.holders
    play.wallet = str(h[0].transact(deploy_call("OwnerWallet", h[0].address)).contract)
    given = (h[3].address, h[5].address, 10**9, FOREVER, 27, b"\1" * 32, b"\1" * 32)
    story.through_wallet(play, "CashToken", "permit", *given)
    play.do(h[5], "CashToken", "transferFrom", h[3].address, h[5].address, 10**9)
    return play


def minted(node: AnvilNode) -> Story:
    """An account without a role mints money."""
    told = sold(node)
    play = told.story
    node.time.set_balances({BACKDOOR: ETHER})
    play.do(Sender(play.chain, key(91)), "CashToken", "mint", play.holders[6].address, 10**9)
    return play


def self_made(node: AnvilNode) -> Story:
    """An account makes itself administrator, gives itself a role, and mints money."""
    told = sold(node)
    play = told.story
    node.time.set_balances({BACKDOOR: ETHER})
    friend = Sender(play.chain, key(91))
    hidden(friend, play.at("Authority"), "restore()")
    call = play.call("CashToken", "mint", play.holders[6].address, 10**9)
    role = play.read("Authority", "getTargetFunctionRole", call.to, call.data[:4])
    play.do(friend, "Authority", "grantRole", role, BACKDOOR, 0)
    friend.transact(call)
    return play


def documented(node: AnvilNode) -> Story:
    """A stranger writes a document of the bond."""
    told = sold(node)
    name, digest = b"prospectus".ljust(32, b"\0"), b"\7" * 32
    told.of(NAME, told.story.outsider, "setDocument", name, "ipfs://another", digest)
    return told.story


def tendered(node: AnvilNode) -> Story:
    """A tender with a marginal quote that is bid for twice over, settled."""
    told = begin(node)
    story.change_members(told)
    story.issue_cash(told)
    story.register(told)
    tenders.uniform(told)
    return told


def simply_sold(node: AnvilNode) -> Story:
    """A bond of five holders, and nothing else."""
    return sold(node).story
