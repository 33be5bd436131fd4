"""A private chain with everything in its blocks that a block can hold."""

from __future__ import annotations

from typing import Any

from indenture.chain import AnvilNode, Chain, checksum

# Says LOG0 to LOG4 over 40 bytes, then as many empty logs as the call's first word says.
TALKER = (
    "60286000a0 600160286000a1 6002600160286000a2 60036002600160286000a3 600460036002600160286000a4"
    "600035 5b 8015606357 7f" + "ab" * 32 + "60006000a1 600190036030565b00"
)
REFUSER = "60006000fd"
_GAS = 3_000_000


def creation(code: str) -> bytes:
    """Code that deploys some code of fewer than 256 bytes."""
    body = bytes.fromhex(code.replace(" ", ""))
    return bytes.fromhex(f"60{len(body):02x}600c60003960{len(body):02x}6000f3") + body


class Filler:
    """Sends signed transactions, and mines them when told to: what was sent since lies in one block."""

    def __init__(self, node: AnvilNode) -> None:
        self.chain = Chain.connect(node.url)
        self._node = node
        self._account = node.account(0)
        self._other = node.account(1)
        self._nonce = 0
        node.time.set_automine(False)

    def send(self, **fields: Any) -> str:
        """Signs and sends a transaction; a legacy one unless its fields say otherwise."""
        whole: dict[str, Any] = {
            "chainId": 31337,
            "nonce": self._nonce,
            "to": self._other.address,
            "value": 0,
            "gas": _GAS,
        }
        price = {} if "maxFeePerGas" in fields else {"gasPrice": 3 * 10**9}
        signed = {name: value for name, value in (whole | price | fields).items() if value is not None}
        raw = self._account.sign_transaction(signed).raw_transaction
        self._nonce += 1
        return str(self.chain.rpc.request("eth_sendRawTransaction", ["0x" + bytes(raw).hex()]))

    def new(self, **fields: Any) -> str:
        """As ``send``, with the fees of EIP-1559."""
        return self.send(**{"type": 2, "maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9} | fields)

    def authorized(self) -> list[Any]:
        """An authorization to set another account's code (EIP-7702)."""
        account = self._other
        return [account.sign_authorization({"chainId": 31337, "address": "0x" + "44" * 20, "nonce": 0})]

    def mine(self) -> int:
        """Closes the block, and gives its number."""
        self._node.time.mine(1)
        return self.chain.block_stamp().number

    def created(self, code: str) -> str:
        """The address of some new code."""
        tx_hash = self.new(to=b"", data=creation(code))
        self.mine()
        receipt = self.chain.rpc.request("eth_getTransactionReceipt", [tx_hash])
        return checksum(receipt["contractAddress"])


def old_blocks(filler: Filler) -> dict[str, int]:
    """Blocks that a chain of the first fork can hold."""
    found = {"empty": filler.mine()}
    filler.send(value=1)
    found["replay protection"] = filler.mine()
    filler.send(value=1, chainId=None)
    found["no replay protection"] = filler.mine()
    filler.send(to=b"", data=creation(TALKER))
    found["creation"] = filler.mine()
    return found


def new_blocks(filler: Filler) -> dict[str, int]:
    """Blocks of a chain of today."""
    talker, refuser = filler.created(TALKER), filler.created(REFUSER)
    filler.send(
        type=1,
        value=1,
        accessList=[
            {"address": talker, "storageKeys": []},
            {"address": refuser, "storageKeys": ["0x" + "01" * 32, "0x" + "ff" * 32]},
        ],
    )
    found = {"access list": filler.mine()}
    filler.new(value=1)
    found["fees"] = filler.mine()
    filler.new(to=refuser)
    filler.send(to=refuser)
    found["failing"] = filler.mine()
    filler.new(to=talker, data=bytes(32))
    filler.new(value=5)
    filler.send(to=talker, data=bytes(31) + b"\3")
    found["logs"] = filler.mine()
    filler.new(to=talker, data=bytes(30) + b"\1\2")
    found["many logs"] = filler.mine()
    for n in range(200):
        filler.new(to=talker if n % 3 == 0 else refuser, data=bytes(32), gas=100_000)
    found["many transactions"] = filler.mine()
    return found
