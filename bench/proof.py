"""How fast a history is proved: blocks with ten logs each, and accounts under a state root.

``python -m bench.proof [--blocks 20000] [--logs 10] [--accounts 5000]`` prints blocks and accounts a second,
and where the time of a block goes: the node alone, reading its JSON, and each thing that is proved.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import urllib3

from bench.emitter import CASH, emit, paper_suite
from bench.evm import assemble
from bench.report import console
from indenture.audit.calls import Calls
from indenture.audit.findings import Findings
from indenture.audit.prove.evidence import Watched, begin, complete
from indenture.audit.prove.prefix import Prefix
from indenture.audit.prove.walking import Walk
from indenture.audit.replay import World
from indenture.chain import AnvilNode, Chain
from indenture.chain.rpc import RpcCall
from indenture.ledger import Ledger, ingest
from indenture.proof import header_of, receipt_of, transaction_of, verify_account, verify_slot

Result = TypeVar("Result")

_out = console()
_POST = 250
_SLOTS = 1_000
# Writes i + 1 into slot i, from word 0 to word 1 of the call.
_KEEPER = assemble("""
    0 CALLDATALOAD 32 CALLDATALOAD SWAP1
    loop: DUP2 DUP2 LT ISZERO @end JUMPI
    DUP1 1 ADD DUP2 SSTORE
    1 ADD @loop JUMP
    end: STOP
""")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=2_000)
    parser.add_argument("--logs", type=int, default=10, help="in each block")
    parser.add_argument("--accounts", type=int, default=5_000)
    options = parser.parse_args()
    with AnvilNode(history=False, gas_limit=1_000_000_000) as node:
        chain = Chain.connect(node.url, timeout=120)
        suite = paper_suite()
        emit(node, chain, CASH, events=options.blocks * options.logs, blocks=options.blocks)
        last = chain.block_stamp()
        with Ledger.open(None, suite) as ledger:
            with _timed("read into the ledger", options.blocks * options.logs, "logs"):
                ingest(ledger, chain, to=last)
            world = World(ledger.suite, Findings())
            prefix = Prefix(ledger)
            walk = Walk(chain, ledger, world, Calls(chain), prefix, lambda *_: None)
            with _timed("proved, end to end", options.blocks, "blocks"):
                walk.to(last)
            _out.print(f"  {prefix.totals(last.number)}, {len(world.findings)} findings")
        parts(chain, min(options.blocks, 2_000))
        accounts(chain, options.accounts)


def parts(chain: Chain, count: int) -> None:
    """Where the time of a block goes, one thing after another on one core."""
    _out.print("by parts:")
    numbers = [hex(number) for number in range(2, count + 1)]
    with _timed("  the node: blocks with transactions", count, "blocks"):
        bodies = _bodies(chain, [("eth_getBlockByNumber", (number, True)) for number in numbers])
    with _timed("  the node: receipts", count, "blocks"):
        more = _bodies(chain, [("eth_getBlockReceipts", (number,)) for number in numbers])
    _out.print(f"  bytes of a block: {sum(map(len, bodies + more)) // count:,}")
    with _timed("  JSON", count, "blocks"):
        raws, receipts = _results(bodies), _results(more)
    watched = Watched({CASH: 1})
    with _timed("  headers", count, "blocks"):
        _each(header_of, raws)
    with _timed("  transactions, hashed", count, "blocks"):
        signed = _each(transaction_of, [tx for raw in raws for tx in raw["transactions"]])
    with _timed("  senders", count, "blocks"):
        _each(lambda tx: tx.sender(), signed)
    with _timed("  receipts", count, "blocks"):
        _each(receipt_of, [receipt for block in receipts for receipt in block])
    with _timed("  all of it, with roots", count, "blocks"):
        for number, raw, found in zip(numbers, raws, receipts, strict=True):
            complete(begin(int(number, 16), raw), found, raw["transactions"], watched)


def accounts(chain: Chain, count: int) -> None:
    """Accounts and slots of a storage of a thousand words, each with its whole proof."""
    keeper = "0x" + "be" * 20
    rpc = chain.rpc
    rpc.request("anvil_setCode", [keeper, "0x" + _KEEPER.hex()], resend=False)
    sender = rpc.request("eth_accounts")[0]
    data = "0x" + bytes(32).hex() + _SLOTS.to_bytes(32, "big").hex()
    call = {"from": sender, "to": keeper, "data": data, "gas": hex(40_000_000)}
    rpc.request("eth_sendTransaction", [call], resend=False)
    for number in range(1_000):  # neighbours in the trie of accounts
        rpc.request("anvil_setBalance", [f"0x{number + 1:040x}", "0x1"], resend=False)
    rpc.request("anvil_mine", [], resend=False)
    root = header_of(rpc.request("eth_getBlockByNumber", ["latest", False])).state_root
    slots = [f"0x{number:064x}" for number in range(_SLOTS)]
    with _timed("the node: one eth_getProof", _SLOTS, "slots"):
        found = rpc.request("eth_getProof", [keeper, slots, "latest"], timeout=600)
    proofs = [entry["proof"] for entry in found["storageProof"]]
    with _timed("accounts proved", count, "accounts with a slot each"):
        for number in range(count):
            account = verify_account(root, keeper, found["accountProof"])
            slot = number % _SLOTS
            if verify_slot(account.storage_root, slot, proofs[slot]) != slot + 1:
                raise ValueError(f"slot {slot} holds another word")
    nodes = len(found["accountProof"]) + sum(map(len, proofs)) / _SLOTS
    _out.print(f"  nodes in a proof: {nodes:.1f}")


def _bodies(chain: Chain, calls: Sequence[RpcCall]) -> list[bytes]:
    """Answers as they come, unread."""
    pool, bodies = urllib3.PoolManager(), []
    for start in range(0, len(calls), _POST):
        post = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            for number, (method, params) in enumerate(calls[start : start + _POST])
        ]
        headers = {"Content-Type": "application/json"}
        bodies.append(pool.request("POST", chain.rpc.full_url, body=json.dumps(post), headers=headers).data)
    return bodies


def _results(bodies: Sequence[bytes]) -> list[Any]:
    return [entry["result"] for body in bodies for entry in json.loads(body)]


def _each(act: Callable[[Any], Result], things: Sequence[Any]) -> list[Result]:
    return [act(thing) for thing in things]


@contextmanager
def _timed(what: str, count: int, of: str) -> Iterator[None]:
    start, work = time.perf_counter(), time.process_time()
    yield
    seconds, work = time.perf_counter() - start, time.process_time() - work
    _out.print(
        f"{what}: {count / seconds:,.0f} {of}/s ({seconds:.2f} s, of which {work:.2f} s in this process)"
    )


if __name__ == "__main__":
    main()
