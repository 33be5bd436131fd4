"""What a second proves of accounts: ``python -m bench.accounts [--size 10000]``.

A node makes the proofs; only what the auditor does with them is timed.  A whole storage is that of a cash
token: the places of all balances, and the root of the trie that they make.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from indenture.audit.prove.proofs import MOST_SLOTS, Proven, Wanted, ask_proofs
from indenture.audit.prove.storage.cash import cash_storage
from indenture.audit.replay.cash import ZERO, CashBook
from indenture.audit.replay.touched import Touched
from indenture.chain import AnvilNode, Chain, checksum
from indenture.chain.rpc import Rpc, RpcCall
from indenture.proof import keccak, storage_root
from indenture.proof.headers import Header, header_of

_SECONDS = 300.0
_BATCH = 200
_MOST_ACCOUNTS = 250


class Recorded(Rpc):
    """Answers a second time what it has answered before, in no time."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=_SECONDS)
        self._answers: dict[str, list[Any]] = {}

    def batch(self, calls: Sequence[RpcCall], **options: Any) -> list[Any]:
        """Makes many calls, or gives what they gave."""
        key = str(calls)
        if key not in self._answers:
            self._answers[key] = super().batch(calls, **options)
        return self._answers[key]


def main() -> None:
    """Prints the three speeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="accounts, slots and balances")
    size = parser.parse_args().size
    with AnvilNode() as node:
        chain = Chain(Recorded(node.url), node.chain_id)
        accounts, slots = _fill(chain, size)
        node.time.mine()
        header = header_of(chain.rpc.request("eth_getBlockByNumber", ["latest", False]))
        some = accounts[:_MOST_ACCOUNTS]
        _say("accounts, each by its path", len(some), _proving(chain, header, [Wanted(a) for a in some]))
        pages = [tuple(slots[i : i + MOST_SLOTS]) for i in range(0, len(slots), MOST_SLOTS)]
        _say(
            "slots, each by its path", size, _proving(chain, header, [Wanted(accounts[0], p) for p in pages])
        )
    _say("slots of a whole storage", size, lambda: _whole(accounts))


def _fill(chain: Chain, size: int) -> tuple[list[str], list[int]]:
    accounts = [checksum("0x" + keccak(b"account %d" % i)[12:].hex()) for i in range(size)]
    slots = [int.from_bytes(keccak(b"slot %d" % i), "big") for i in range(size)]
    calls: list[RpcCall] = [("anvil_setBalance", (account, hex(1))) for account in accounts]
    calls += [("anvil_setStorageAt", (accounts[0], f"{slot:#066x}", f"{1:#066x}")) for slot in slots]
    for start in range(0, len(calls), _BATCH):
        chain.rpc.batch(calls[start : start + _BATCH], resend=False)
    return accounts, slots


def _proving(chain: Chain, header: Header, wanted: Sequence[Wanted]) -> Callable[[], None]:
    def prove() -> None:
        for each in wanted:
            (answer,) = ask_proofs(chain, header, [each])
            if not isinstance(answer, Proven):
                raise answer

    prove()  # the node's own time
    return prove


def _whole(accounts: Sequence[str]) -> None:
    token = CashBook(ZERO, Touched())
    token.balances.update((account, i + 1) for i, account in enumerate(accounts))
    world: Any = SimpleNamespace(authority=SimpleNamespace(of={ZERO: ZERO}))
    storage_root({cell.slot: cell.word for cell in cash_storage(world, token, ("Yuan", "CNY"))})


def _say(what: str, count: int, act: Callable[[], None]) -> None:
    start = time.process_time()
    act()
    seconds = time.process_time() - start
    sys.stdout.write(f"{what}: {count:,} in {seconds:.2f} s, {count / seconds:,.0f} a second\n")


if __name__ == "__main__":
    main()
