"""Work by the clock: the SDK's bulk methods against plain web3.py, one transaction after another.

Both do the same acts on the same chain, with keys in this process; what is only preparation (keys, admission
of those who order, signatures of trades) is done before the clock starts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from bench.scenarios import member_row
from bench.stage import BID, CLOSES, SETTLES_FROM, Stage
from indenture.chain import load_artifact
from indenture.contracts import Bond
from indenture.contracts.settlement import instruction_of
from indenture.models import Bid, SignedTrade
from indenture.money import CNY
from indenture.roles import place_bids, submit_trades

#: Acts through the SDK; and one by one, in each of two ways, where as many would take minutes.
BULK = 400
ONE_BY_ONE = 40
ALL = BULK + 2 * ONE_BY_ONE
#: Seconds between two looks for a receipt: what web3.py does by itself, and as often as makes sense.
POLL, EAGER_POLL = 0.1, 0.002
#: Accounts that take turns in submitting trades.
SUBMITTERS = 8

#: Does one act by web3.py: its number, and seconds between two looks.
One = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Throughput:
    """Acts per second.

    Attributes:
        work: What was done.
        sdk: By the SDK's bulk method.
        web3: By web3.py, one after another, as it comes.
        web3_eager: The same, looking for each receipt without a pause to speak of.
    """

    work: str
    sdk: float
    web3: float
    web3_eager: float

    @property
    def ratio(self) -> float:
        """How many times as fast as web3.py the SDK is."""
        return self.sdk / self.web3


class Web3Client:
    """What a script on web3.py does: build, sign, send, wait for the receipt."""

    def __init__(self, url: str) -> None:
        self._w3 = Web3(HTTPProvider(url))

    def functions(self, name: str, address: str) -> Any:
        """The functions of a contract of the suite."""
        abi = load_artifact(name).raw["abi"]
        return self._w3.eth.contract(address=Web3.to_checksum_address(address), abi=abi).functions

    def transact(self, account: LocalAccount, function: Any, poll: float) -> None:
        """One transaction, to the end."""
        eth = self._w3.eth
        nonce = eth.get_transaction_count(account.address)
        fields = function.build_transaction({"from": account.address, "nonce": nonce})
        tx_hash = eth.send_raw_transaction(account.sign_transaction(fields).raw_transaction)
        receipt = eth.wait_for_transaction_receipt(tx_hash, poll_latency=poll)
        if receipt["status"] != 1:
            raise RuntimeError("a transaction of the comparison failed")


def measure(stage: Stage) -> list[Throughput]:
    """Members admitted, bids placed, trades settled: per second."""
    client = Web3Client(stage.node.url)
    found = [members(stage, client)]
    bond = stage.register(stage.terms(1))
    offering_id = stage.opened(bond, stage.rules())
    found.append(bids(stage, client, offering_id))
    stage.at(CLOSES)
    stage.bookrunner.close(offering_id)
    stage.bookrunner.clear(offering_id)
    stage.at(SETTLES_FROM)
    stage.bookrunner.settle(offering_id)
    found.append(trades(stage, client, bond))
    return found


def members(stage: Stage, client: Web3Client) -> Throughput:
    """New members, each with its first account."""
    new = [stage.admission(f"new member {number}") for number in range(ALL)]
    registrar = stage.depository.sender.account
    registry = client.functions("MemberRegistry", stage.suite.registry.address)

    def one(number: int, poll: float) -> None:
        client.transact(registrar, registry.admitMember(member_row(new[number])), poll)

    return _compare("members admitted", lambda: stage.depository.admit_members(new[:BULK]), one)


def bids(stage: Stage, client: Web3Client, offering_id: int) -> Throughput:
    """Bids in an open book, each of another member with a key of its own."""
    buyers = stage.holders(ALL)
    offering = client.functions("Offering", stage.suite.offering.address)
    bulk = [(buyer, [Bid(100, BID)]) for buyer in buyers[:BULK]]

    def one(number: int, poll: float) -> None:
        account = buyers[number].account
        client.transact(account, offering.placeBid(offering_id, [(100_00, BID, account.address)], []), poll)

    return _compare("bids placed", lambda: place_bids(stage.suite, offering_id, bulk), one)


def trades(stage: Stage, client: Web3Client, bond: Bond) -> Throughput:
    """Trades that both sides have signed, each between another pair."""
    signed = _signed(stage, bond)
    submitters = [stage.sender(f"submitter {number}") for number in range(SUBMITTERS)]
    settlement = client.functions("Settlement", stage.suite.settlement.address)

    def one(number: int, poll: float) -> None:
        each = signed[number]
        settle = settlement.settle(instruction_of(each.trade), each.seller_signature, each.buyer_signature)
        client.transact(submitters[0].account, settle, poll)

    return _compare("trades settled", lambda: submit_trades(stage.suite, submitters, signed[:BULK]), one)


def _signed(stage: Stage, bond: Bond) -> list[SignedTrade]:
    holders = stage.holders(ALL)
    amount = CNY.money(100_500)
    pairs = zip(holders, [*holders[1:], holders[0]], strict=True)
    return [
        stage.signed_trade(bond, seller, buyer, nonce=number, units=1_000, amount=amount)
        for number, (seller, buyer) in enumerate(pairs)
    ]


def _compare(work: str, bulk: Callable[[], object], one: One) -> Throughput:
    return Throughput(
        work,
        sdk=BULK / _seconds(bulk),
        web3=ONE_BY_ONE / _seconds(lambda: _each(one, BULK, POLL)),
        web3_eager=ONE_BY_ONE / _seconds(lambda: _each(one, BULK + ONE_BY_ONE, EAGER_POLL)),
    )


def _each(one: One, first: int, poll: float) -> None:
    for number in range(first, first + ONE_BY_ONE):
        one(number, poll)


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
