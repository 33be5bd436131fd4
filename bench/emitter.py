"""A chain of as many events as are wanted: raw byte code at the address of a contract, without a compiler.

The code stands at an address by ``anvil_setCode``: to whoever reads them its logs are those of a contract of
the suite, and a transaction of it is as cheap as logs can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.evm import assemble
from indenture.chain import AnvilNode, Chain
from indenture.errors import NodeRefused
from indenture.ledger.suite import DELEGATES, SINGLE

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""Topic of ``Transfer(address,address,uint256)``."""

CASH = "0x" + f"{0xCA5400:040x}"
"""The cash token of a suite on paper."""

#: Different addresses among those who send and receive.
HOLDERS = 1_000

_SENDERS, _RECEIVERS = "0x" + "a0" * 18 + "0000", "0x" + "b0" * 18 + "0000"
_GAS_EACH, _GAS_BASE = 3_000, 60_000
_BATCH = 200

#: Says Transfer for each i from word 0 to word 1 of its call: i units, between two addresses that i gives.
_EMITTER = assemble(f"""
    0 CALLDATALOAD 32 CALLDATALOAD SWAP1                    ; end, i
    loop: DUP2 DUP2 LT ISZERO @end JUMPI
    DUP1 0 MSTORE
    DUP1 7 MUL {HOLDERS} SWAP1 MOD {_RECEIVERS} OR
    DUP2 {HOLDERS} SWAP1 MOD {_SENDERS} OR
    {TRANSFER} 32 0 LOG3
    1 ADD @loop JUMP
    end: STOP
""")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contract of a suite on paper is."""

    address: str
    block: int = 1
    code_hash: str = "0x" + "00" * 32


@dataclass(frozen=True, slots=True)
class PaperSuite:
    """A deployment with addresses and nothing behind them."""

    chain_id: int
    contracts: Mapping[str, Place]
    cash: Mapping[str, Place]
    network: str = "bench"
    block: int = 1


def paper_suite(chain_id: int = 31337) -> PaperSuite:
    """A deployment with an address for each contract, and one cash token."""
    names = (*SINGLE, *DELEGATES)
    contracts = {name: Place("0x" + f"{0xC0DE00 + number:040x}") for number, name in enumerate(names)}
    return PaperSuite(chain_id, contracts, {"CNY": Place(CASH)})


def emit(node: AnvilNode, chain: Chain, contract: str, *, events: int, blocks: int) -> None:
    """Puts the code at an address and mines blocks of events, as many in each.

    Args:
        node: The private chain.
        chain: A connection to it.
        contract: Address of the contract that seems to speak.
        events: How many events in all; a multiple of ``blocks``.
        blocks: In how many blocks, one transaction each.
    """
    each, rest = divmod(events, blocks)
    if rest:
        raise ValueError(f"{events} events are not the same number in each of {blocks} blocks")
    rpc, sender, gas = chain.rpc, node.account(0).address, _GAS_BASE + _GAS_EACH * each
    rpc.request("anvil_setCode", [contract, "0x" + _EMITTER.hex()], resend=False)
    # Only one transaction fits into a block, so that many can be sent together.
    limit = rpc.request("eth_getBlockByNumber", ["latest", False])["gasLimit"]
    nonce = chain.nonce(sender)
    rpc.request("evm_setBlockGasLimit", [hex(gas)], resend=False)
    node.time.set_automine(False)
    for start in range(0, blocks, _BATCH):
        numbers = range(start, min(start + _BATCH, blocks))
        _send(chain, [_transaction(contract, sender, nonce + n, n * each, each, gas) for n in numbers])
        node.time.mine(len(numbers))
    node.time.set_automine(True)
    rpc.request("evm_setBlockGasLimit", [limit], resend=False)


def _send(chain: Chain, transactions: list[dict[str, str]]) -> None:
    for answer in chain.rpc.batch([("eth_sendTransaction", [each]) for each in transactions], resend=False):
        if isinstance(answer, NodeRefused):
            raise answer


def _transaction(contract: str, sender: str, nonce: int, first: int, count: int, gas: int) -> dict[str, str]:
    data = first.to_bytes(32, "big") + (first + count).to_bytes(32, "big")
    return {
        "from": sender,
        "to": contract,
        "nonce": hex(nonce),
        "data": "0x" + data.hex(),
        "gas": hex(gas),
    }
