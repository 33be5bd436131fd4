from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from tests.conftest import node_account
from tests.sdk.chain.tiny import BURNER, REVERTER, STEPPER, deploy, error_data, word
from tests.sdk.proxy import FaultyProxy

from indenture.chain import AnvilNode, Chain, ContractCall, Sender, send_all, send_each
from indenture.errors import (
    ContractRevert,
    InputError,
    NodeUnavailable,
    PaymentRefused,
    TransactionError,
    TransactionPending,
    TransactionRefused,
    TransactionReplaced,
)

pytestmark = pytest.mark.integration

SHOP = "0x" + "11" * 20
PAY = ContractCall(SHOP, value=1)
SHORT = error_data(
    "ERC20InsufficientBalance",
    [("sender", "address"), ("balance", "uint256"), ("needed", "uint256")],
    SHOP,
    5,
    9,
)


@pytest.fixture
def proxy(own_node: AnvilNode) -> Iterator[FaultyProxy]:
    with FaultyProxy(own_node.url) as proxy:
        yield proxy


@pytest.fixture
def shaky(proxy: FaultyProxy) -> Sender:
    """Sends through the proxy."""
    return Sender(Chain.connect(proxy.url, timeout=2), node_account(0))


@pytest.fixture
def own(own_node: AnvilNode) -> Sender:
    """Sends straight to a node that the test may break."""
    return Sender(own_node.connect(), node_account(0))


class TestRefusals:
    def test_transact__contract_refuses__decoded_and_nothing_sent(self, sender: Sender) -> None:
        reverter = deploy(sender, REVERTER)
        before = sender.chain.nonce(sender.address)

        with pytest.raises(PaymentRefused) as caught:
            sender.transact(ContractCall(reverter, SHORT))

        assert caught.value.name == "ERC20InsufficientBalance"
        assert caught.value.args_by_name == {"sender": SHOP, "balance": 5, "needed": 9}
        assert caught.value.contract == reverter
        assert caught.value.tx_hash is None
        assert sender.chain.nonce(sender.address, "pending") == before

    def test_transact__without_trying__mined_failure_is_decoded(self, sender: Sender) -> None:
        reverter = deploy(sender, REVERTER)

        with pytest.raises(PaymentRefused) as caught:
            sender.transact(ContractCall(reverter, SHORT), preflight=False, gas=100_000)

        assert caught.value.tx_hash is not None
        assert "probably" not in caught.value.message

    def test_transact__node_without_traces__says_probably(
        self, own: Sender, shaky: Sender, proxy: FaultyProxy
    ) -> None:
        reverter = deploy(own, REVERTER)
        proxy.play("error", "debug_traceTransaction", 9, {"code": -32601, "message": "method not found"})

        with pytest.raises(PaymentRefused) as caught:
            shaky.transact(ContractCall(reverter, SHORT), preflight=False, gas=100_000)

        assert "probably" in caught.value.message
        assert caught.value.args_by_name["needed"] == 9

    def test_transact__all_gas_burnt__says_so(self, sender: Sender) -> None:
        burner = deploy(sender, BURNER)

        with pytest.raises(ContractRevert) as caught:
            sender.transact(ContractCall(burner, b"\x01"), preflight=False, gas=60_000)

        assert caught.value.name == "Halt"
        assert "60,000" in caught.value.hint

    def test_transact__no_money_for_gas__nothing_sent(self, sender: Sender) -> None:
        poor = Sender(sender.chain, Account.create())

        with pytest.raises(TransactionRefused) as caught:
            poor.transact(PAY, preflight=False, gas=21_000)

        assert "coin" in caught.value.hint
        assert poor.chain.nonce(poor.address, "pending") == 0

    def test_transact__after_a_refusal__the_nonce_is_used_again(self, node: AnvilNode, chain: Chain) -> None:
        account: LocalAccount = Account.create()
        poor = Sender(chain, account)
        with pytest.raises(TransactionRefused):
            poor.transact(PAY, preflight=False, gas=21_000)
        node.time.set_balances({account.address: 10**18})

        receipt = poor.transact(PAY, preflight=False, gas=21_000)

        assert receipt.ok
        assert chain.nonce(account.address) == 1

    def test_transact__without_trying_and_without_gas__is_refused(self, sender: Sender) -> None:
        with pytest.raises(InputError):
            sender.transact(PAY, preflight=False)

    def test_transact__fee_limit__nothing_sent(self, chain: Chain, accounts: list[LocalAccount]) -> None:
        thrifty = Sender(chain, accounts[3], max_fee=1)

        with pytest.raises(TransactionRefused) as caught:
            thrifty.transact(PAY)

        assert "limit" in caught.value.message

    def test_send__node_is_down__says_so_at_once(self) -> None:
        with AnvilNode() as node:
            sender = Sender(node.connect(), node_account(0))
            sender.transact(PAY)
        start = time.monotonic()

        with pytest.raises(NodeUnavailable) as caught:
            sender.transact(PAY)

        assert time.monotonic() - start < 8  # seconds; its patience is ten
        assert not caught.value.maybe_sent


class TestLostAnswers:
    def test_transact__answer_lost__sent_once(self, shaky: Sender, proxy: FaultyProxy) -> None:
        proxy.play("close", "eth_sendRawTransaction")

        receipt = shaky.transact(PAY)

        assert receipt.ok
        assert proxy.count("eth_sendRawTransaction") == 1
        assert shaky.chain.balance(SHOP) == 1

    def test_transact__request_lost__the_same_bytes_again(self, shaky: Sender, proxy: FaultyProxy) -> None:
        proxy.play("refuse", "eth_sendRawTransaction")

        receipt = shaky.transact(PAY)

        assert receipt.ok
        assert proxy.count("eth_sendRawTransaction") == 2
        assert shaky.chain.nonce(shaky.address) == 1

    def test_send__node_falls_silent__may_be_live_and_its_nonce_is_kept(
        self, shaky: Sender, proxy: FaultyProxy
    ) -> None:
        shaky.transact(PAY)
        proxy.play("refuse", "eth_sendRawTransaction")
        original = proxy.fault_for

        def silent(body: bytes) -> str:
            return original(body) or ("refuse" if proxy.times == 0 and b"ByHash" in body else "")

        proxy.fault_for = silent  # type: ignore[method-assign]
        with pytest.raises(TransactionPending) as caught:
            shaky.send(PAY)
        proxy.fault_for = original  # type: ignore[method-assign]

        # The next act first brings the lost one back, then takes the nonce after it.
        receipt = shaky.transact(PAY)

        assert caught.value.nonce == 1
        assert receipt.ok
        assert shaky.chain.balance(SHOP) == 3

    def test_wait__node_says_already_known__is_success(self, own: Sender, own_node: AnvilNode) -> None:
        own_node.time.set_automine(False)
        pending = own.send(PAY)
        pending.rebroadcast()
        own_node.time.mine()

        assert pending.wait(5).ok


class TestStuck:
    def test_wait__dropped_by_the_node__rebroadcast(self, own: Sender, own_node: AnvilNode) -> None:
        own_node.time.set_automine(False)
        pending = own.send(PAY)
        own_node.time.drop(pending.tx_hash)
        own_node.time.set_automine(True)

        receipt = pending.wait(10)

        assert receipt.tx_hash == pending.tx_hash
        assert own.chain.balance(SHOP) == 1

    def test_wait__base_fee_spike__replaced_at_the_same_nonce(self, own: Sender, own_node: AnvilNode) -> None:
        own_node.time.set_automine(False)
        pending = own.send(PAY)
        own_node.time.set_next_base_fee(own.current_fees().cap * 3)
        own_node.time.mine()
        assert own.chain.rpc.request("eth_getTransactionReceipt", [pending.tx_hash]) is None
        own.chain.fees.forget()

        assert pending.replace()
        own_node.time.mine()
        receipt = pending.wait(5)

        assert len(pending.hashes) == 2
        assert receipt.tx_hash == pending.hashes[1]
        assert own.chain.nonce(own.address) == 1
        assert own.chain.balance(SHOP) == 1

    def test_transact__fee_remembered_is_too_low__read_again(self, own: Sender, own_node: AnvilNode) -> None:
        own.transact(PAY)
        own_node.time.set_next_base_fee(own.current_fees().cap * 5)
        own_node.time.mine()

        assert own.transact(PAY, preflight=False, gas=21_000).ok

    def test_wait__still_waiting__raises_pending_with_every_hash(
        self, own: Sender, own_node: AnvilNode
    ) -> None:
        own_node.time.set_automine(False)
        pending = own.send(PAY)

        with pytest.raises(TransactionPending) as caught:
            pending.wait(0.6, replace_after=0.2)

        assert caught.value.tx_hashes == pending.hashes
        assert len(pending.hashes) >= 2
        own_node.time.mine()
        assert pending.wait(5).ok

    def test_wait__another_program_took_the_nonce__says_so(self, own: Sender, own_node: AnvilNode) -> None:
        own_node.time.set_automine(False)
        pending = own.send(PAY)
        _send_elsewhere(own, pending.nonce, 50 * 10**9)
        own_node.time.mine()

        with pytest.raises(TransactionReplaced):
            pending.wait(5)

    def test_wait__reorganisation__mined_again_before_it_counts(
        self, own: Sender, own_node: AnvilNode
    ) -> None:
        pending = own.send(PAY)
        first = pending.wait(5)
        pending.receipt = None
        own_node.time.reorganise(1)
        waiting: list[Any] = []
        thread = threading.Thread(target=lambda: waiting.append(pending.wait(20, confirmations=2)))
        thread.start()
        deadline = time.monotonic() + 15
        while thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.3)
            own_node.time.mine()
        thread.join(10)

        assert waiting[0].tx_hash == first.tx_hash
        assert waiting[0].block_hash != first.block_hash


class TestMany:
    def test_send_many__each_depends_on_the_last__order_is_kept(self, sender: Sender) -> None:
        stepper = deploy(sender, STEPPER)

        receipts = sender.send_many(
            [ContractCall(stepper, word(n)) for n in range(1, 101)], window=16, preflight=False, gas=60_000
        )

        assert len(receipts) == 100
        assert [r.block_number for r in receipts] == sorted(r.block_number for r in receipts)
        stored = sender.chain.rpc.request("eth_getStorageAt", [stepper, "0x0", "latest"])
        assert int(stored, 16) == 100

    def test_send_many__waiting_node__one_post_for_a_window(self, own: Sender, own_node: AnvilNode) -> None:
        stepper = deploy(own, STEPPER)
        own_node.time.set_automine(False)
        miner = threading.Timer(0.5, own_node.time.mine)
        miner.start()

        receipts = own.send_many(
            [ContractCall(stepper, word(n)) for n in range(1, 41)], preflight=False, gas=60_000
        )

        miner.join()
        assert len({r.block_number for r in receipts}) == 1

    def test_send_many__one_reverts__names_which(self, sender: Sender) -> None:
        reverter = deploy(sender, REVERTER)
        calls = [PAY] * 5 + [ContractCall(reverter, SHORT)] + [PAY] * 4

        with pytest.raises(PaymentRefused) as caught:
            sender.send_many(calls, preflight=False, gas=60_000)

        assert caught.value.index == 5
        assert caught.value.message.startswith("call 6 of 10: ")

    def test_send_many__one_would_revert__those_before_it_are_mined_and_none_after(
        self, sender: Sender
    ) -> None:
        reverter = deploy(sender, REVERTER)
        before = sender.chain.nonce(sender.address)

        with pytest.raises(PaymentRefused):
            sender.send_many([PAY, PAY, ContractCall(reverter, SHORT), PAY, PAY])

        assert sender.chain.nonce(sender.address) == before + 2

    def test_send_each__one_reverts__the_others_go_on(self, sender: Sender) -> None:
        reverter = deploy(sender, REVERTER)
        before = sender.chain.balance(SHOP)

        results = send_each([(sender, c) for c in [PAY, ContractCall(reverter, SHORT), PAY, PAY]], window=2)

        assert [isinstance(r, TransactionError) for r in results] == [False, True, False, False]
        assert sender.chain.balance(SHOP) == before + 3

    def test_send_each__node_refuses_one__no_gap_is_left(self, sender: Sender) -> None:
        too_rich = ContractCall(SHOP, value=10**30)

        results = send_each(
            [(sender, c) for c in [PAY, too_rich, PAY, PAY]], preflight=False, gas=21_000, window=4
        )

        assert isinstance(results[1], TransactionRefused)
        assert [isinstance(r, TransactionError) for r in results] == [False, True, False, False]
        count = sender.chain.nonce(sender.address)
        assert count == sender.chain.nonce(sender.address, "pending")
        assert sender.transact(PAY).ok

    def test_send_all__many_senders__all_are_mined(self, chain: Chain, accounts: list[LocalAccount]) -> None:
        senders = [Sender(chain, a) for a in accounts[1:]]
        before = chain.balance(SHOP)

        receipts = send_all([(s, PAY) for _ in range(5) for s in senders])

        assert len(receipts) == 45
        assert chain.balance(SHOP) == before + 45

    def test_send_all__lost_answer_in_the_middle__nothing_twice(
        self, shaky: Sender, proxy: FaultyProxy
    ) -> None:
        proxy.play("close", "eth_sendRawTransaction", times=2)

        receipts = shaky.send_many([PAY] * 12, window=4)

        assert len(receipts) == 12
        assert shaky.chain.balance(SHOP) == 12

    def test_send_many__nothing__is_nothing(self, sender: Sender) -> None:
        assert sender.send_many([]) == []


def _send_elsewhere(sender: Sender, nonce: int, fee: int) -> None:
    """What another program with the same key would do."""
    fields: dict[str, Any] = {
        "chainId": sender.chain.chain_id,
        "nonce": nonce,
        "gas": 21_000,
        "to": sender.address,
        "value": 0,
        "maxFeePerGas": fee,
        "maxPriorityFeePerGas": fee,
    }
    raw = sender.account.sign_transaction(fields).raw_transaction
    sender.chain.rpc.request("eth_sendRawTransaction", ["0x" + bytes(raw).hex()])
