from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from tests.conftest import node_account
from tests.sdk.chain.test_sender import SHORT
from tests.sdk.chain.tiny import ECHO, REVERTER, deploy, ticker, word
from tests.sdk.proxy import FaultyProxy

from indenture.chain import AnvilNode, Chain, Contract, ContractCall, Sender
from indenture.errors import (
    ChainReorganised,
    InputError,
    NodeError,
    NodeRefused,
    PaymentRefused,
    WrongChain,
)

pytestmark = pytest.mark.integration

ECHO_ABI = [
    {
        "type": "function",
        "name": "echo",
        "inputs": [],
        "outputs": [{"name": "first", "type": "uint32"}, {"name": "from", "type": "address"}],
    }
]


def test_connect__another_chain__is_refused(node: AnvilNode) -> None:
    with pytest.raises(WrongChain) as caught:
        Chain.connect(node.url, expected_chain_id=1)

    assert (caught.value.expected, caught.value.found) == (1, 31337)


def test_block_stamp__by_number_hash_and_stamp__is_one_block(node: AnvilNode) -> None:
    chain = node.connect()
    node.time.mine(2)

    stamp = chain.block_stamp()

    assert stamp.time.tzinfo is UTC
    assert (
        chain.block_stamp(stamp.number) == chain.block_stamp(stamp.hash) == chain.block_stamp(stamp) == stamp
    )
    assert chain.block_stamps([stamp.number, 0]) == [stamp, chain.block_stamp(0)]


@pytest.mark.parametrize("block", [10**9, -1])
def test_block_stamp__no_such_block__says_so(chain: Chain, block: int) -> None:
    with pytest.raises((NodeError, InputError)) as caught:
        chain.block_stamp(block)

    assert str(block) in str(caught.value)


_BLOCK = {"number": "0x0", "hash": "0x" + "ab" * 32, "timestamp": "0x1"}


@pytest.mark.parametrize(
    "answer",
    [
        5,
        [],
        {},
        _BLOCK | {"hash": None},
        _BLOCK | {"hash": "0xzz"},
        _BLOCK | {"number": "twelve"},
        _BLOCK | {"timestamp": "0x" + "ff" * 32},
    ],
)
def test_block_stamp__what_is_no_block__says_so(node: AnvilNode, answer: object) -> None:
    with FaultyProxy(node.url) as proxy:
        chain = Chain.connect(proxy.url)
        stamp = chain.block_stamp(0)
        proxy.play("result", times=2, error=answer)

        with pytest.raises(NodeError, match="the node answered"):
            chain.block_stamp(0)
        with pytest.raises(NodeError, match="the node answered"):
            chain.require_canonical(stamp)


def test_call__pinned_to_a_stamp__reads_the_state_of_that_block(sender: Sender) -> None:
    shop = "0x" + "44" * 20
    before = sender.chain.block_stamp()

    sender.transact(ContractCall(shop, value=5))

    assert sender.chain.balance(shop) == 5
    assert sender.chain.balance(shop, before) == 0


def test_call__several_results__named(sender: Sender) -> None:
    echo = Contract(sender.chain, deploy(sender, ECHO), ECHO_ABI)
    function = echo.abi.function("echo")
    call = ContractCall(echo.address, word(7) + bytes(12) + bytes.fromhex(sender.address[2:]), function)

    result = sender.chain.call(call)

    assert result.first == 7
    assert result.from_ == sender.address


def test_call__no_contract_there__says_so(chain: Chain) -> None:
    contract = Contract(chain, "0x" + "33" * 20, ECHO_ABI)

    with pytest.raises(NodeError) as caught:
        contract.read("echo")

    assert "nothing came back" in caught.value.message


def test_call_many__one_is_refused__raised_or_in_its_place(sender: Sender) -> None:
    reverter, echo = deploy(sender, REVERTER), deploy(sender, ECHO)
    calls = [ContractCall(echo, word(1)), ContractCall(reverter, SHORT), ContractCall(echo, word(2))]

    with pytest.raises(PaymentRefused):
        sender.chain.call_many(calls)
    results = sender.chain.call_many(calls, sender.chain.block_stamp(), errors=True)

    assert results[0] == word(1)
    assert isinstance(results[1], PaymentRefused)
    assert results[2] == word(2)


class TestLogs:
    @pytest.fixture
    def ticks(self, own_node: AnvilNode) -> Contract:
        """Ten events, with fifty empty blocks between."""
        sender = Sender(own_node.connect(), node_account(0))
        contract = ticker(sender)
        for count in range(10):
            sender.transact(ContractCall(contract.address, word(count)))
            own_node.time.mine(50)
        return contract

    def test_get_logs__whole_history__decoded_in_order(self, ticks: Contract) -> None:
        head = ticks.chain.block_stamp()

        events = [ticks.decode_log(log) for log in ticks.chain.get_logs([ticks.address], 0, head)]

        assert [e["count"] for e in events if e] == list(range(10))
        assert {e.name for e in events if e} == {"Ticked"}

    def test_get_logs__node_limits_the_range__halves_until_it_answers(
        self, ticks: Contract, own_node: AnvilNode, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chain = own_node.connect()
        request, spans = chain.rpc.request, []

        def limited(method: str, params: Any = (), **options: Any) -> Any:
            if method == "eth_getLogs":
                span = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
                spans.append(span)
                if span > 20:
                    raise NodeRefused(method, -32005, "query returned more than 10000 results")
            return request(method, params, **options)

        monkeypatch.setattr(chain.rpc, "request", limited)
        head = chain.block_stamp()
        seen: list[int] = []

        logs = chain.get_logs([ticks.address], 0, head, on_progress=seen.append)

        assert len(logs) == 10
        assert max(spans) > 20
        assert seen[-1] == head.number

    def test_get_logs__block_is_gone__says_so(self, ticks: Contract, own_node: AnvilNode) -> None:
        head = ticks.chain.block_stamp()
        own_node.time.reorganise(60)

        with pytest.raises(ChainReorganised) as caught:
            ticks.chain.get_logs([ticks.address], 0, head)

        assert caught.value.expected == head.hash

    def test_get_logs__node_answers_something_else__is_refused(
        self, ticks: Contract, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chain = ticks.chain
        logs = chain.rpc.request("eth_getLogs", [{"address": ticks.address, "fromBlock": "0x0"}])
        monkeypatch.setattr(chain.rpc, "request", lambda *_, **__: logs)

        with pytest.raises(NodeError) as caught:
            chain.get_logs([ticks.address], 0, 5)

        assert "asked for logs" in caught.value.message

    def test_get_logs__no_contract_named__is_refused(self, chain: Chain) -> None:
        with pytest.raises(InputError):
            chain.get_logs([], 0, 1)


def test_w3__on_the_same_transport__reads_and_does_not_resend(own_node: AnvilNode) -> None:
    with FaultyProxy(own_node.url) as proxy:
        w3 = Chain.connect(proxy.url).w3
        raw = node_account(0).sign_transaction(
            {
                "chainId": 31337,
                "nonce": 0,
                "gas": 21_000,
                "to": node_account(1).address,
                "gasPrice": 2 * 10**9,
            }
        )

        tx_hash = w3.eth.send_raw_transaction(raw.raw_transaction)

        assert w3.eth.wait_for_transaction_receipt(tx_hash)["status"] == 1
        assert w3.is_connected()
        assert proxy.count("eth_sendRawTransaction") == 1
