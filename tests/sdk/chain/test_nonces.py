from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.conftest import node_account
from tests.sdk.chain.test_sender import _send_elsewhere

from indenture.chain import AnvilNode, ContractCall, Nonces, Sender
from indenture.errors import SetupError

pytestmark = pytest.mark.integration

SHOP = "0x" + "22" * 20
PAY = ContractCall(SHOP, value=1)

_OTHER_PROCESS = """
import sys
from pathlib import Path
from indenture.chain import Chain, ContractCall, Sender
from eth_account import Account
account = Account.from_key(sys.argv[3])
sender = Sender(Chain.connect(sys.argv[1]), account, journal=Path(sys.argv[2]))
for _ in range(10):
    sender.transact(ContractCall("0x" + "22" * 20, value=1))
"""


def test_ten_threads__one_sender__every_send_lands(node: AnvilNode) -> None:
    chain = node.connect()
    before = chain.nonce(node_account(0).address)

    def work(_: int) -> str:
        return Sender(chain, node_account(0)).transact(PAY).tx_hash

    with ThreadPoolExecutor(10) as pool:
        hashes = list(pool.map(work, range(40)))

    assert len(set(hashes)) == 40
    assert chain.nonce(node_account(0).address) == before + 40
    assert chain.balance(SHOP) == 40


def test_two_processes__one_journal__every_send_lands(own_node: AnvilNode, tmp_path: Path) -> None:
    key = node_account(0).key.hex()
    command = [sys.executable, "-c", _OTHER_PROCESS, own_node.url, str(tmp_path), key]
    others = [subprocess.Popen(command) for _ in range(2)]

    codes = [other.wait(60) for other in others]

    assert codes == [0, 0]
    assert own_node.connect().balance(SHOP) == 20


def test_crash_after_sending__next_run_sends_the_same_bytes(own_node: AnvilNode, tmp_path: Path) -> None:
    own_node.time.set_automine(False)
    sender = Sender(own_node.connect(), node_account(0), journal=tmp_path)
    lost = sender.send(PAY)
    own_node.time.drop(lost.tx_hash)
    own_node.time.set_automine(True)
    # A new process knows nothing but the journal.
    revived = Sender(own_node.connect(), node_account(0), journal=tmp_path)
    (journal,) = tmp_path.glob("*.json")
    revived.nonces = Nonces(journal)

    receipt = revived.transact(PAY)

    assert receipt.ok
    assert own_node.connect().balance(SHOP) == 2
    assert own_node.connect().rpc.request("eth_getTransactionReceipt", [lost.tx_hash])["status"] == "0x1"


def test_dropped__next_send__brings_it_back_and_leaves_no_gap(own_node: AnvilNode) -> None:
    sender = Sender(own_node.connect(), node_account(0))
    own_node.time.set_automine(False)
    first = sender.send(PAY)
    own_node.time.drop(first.tx_hash)
    own_node.time.set_automine(True)

    second = sender.transact(PAY)

    assert second.ok
    assert first.wait(5).ok
    assert sender.chain.nonce(sender.address) == 2


def test_key_used_elsewhere__next_send__asks_the_node(node: AnvilNode) -> None:
    sender = Sender(node.connect(), node_account(0))
    sender.transact(PAY)
    _send_elsewhere(sender, sender.chain.nonce(sender.address), 10**10)

    assert sender.transact(PAY).ok


def test_chain_goes_back__next_send__follows(own_node: AnvilNode) -> None:
    sender = Sender(own_node.connect(), node_account(0))
    snapshot = own_node.time.snapshot()
    sender.transact(PAY)
    own_node.time.revert(snapshot)

    assert sender.transact(PAY).ok
    assert sender.chain.nonce(sender.address) == 1


def test_journal__damaged__is_not_guessed_at(own_node: AnvilNode, tmp_path: Path) -> None:
    sender = Sender(own_node.connect(), node_account(0), journal=tmp_path)
    sender.transact(PAY)
    (journal,) = tmp_path.glob("*.json")
    journal.write_text("{")
    sender.nonces = Nonces(journal)

    with pytest.raises(SetupError) as caught:
        sender.transact(PAY)

    assert "journal" in caught.value.message
