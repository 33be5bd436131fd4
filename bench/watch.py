"""What a watched block costs where much has been moved: ``python -m bench.watch [--events 100000]``.

A lawful chain is built (``bench.churn``) and watched with proofs; then blocks come, each with a few
movements.  Of each the auditor's own seconds on the processor are taken, and its calls to the node.

    python -m bench.watch --trie 50000          # what a kept storage of so many slots takes, and a change
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean, median
from typing import Any

from bench.churn import BUYERS, WORK, Churn, Size
from bench.stage import staged
from indenture.audit.watch import WatchOptions, watch
from indenture.chain import Chain
from indenture.chain.rpc import Rpc, RpcCall
from indenture.proof import PersistentTrie, keccak
from indenture.proof.rlp import encode_int

_SECONDS = 300.0
_BALANCE = 10**12


class Counting(Rpc):
    """Counts calls, and what asks for all the node has: that one post can stop it for seconds."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=_SECONDS)
        self.calls = self.dumps = 0

    def request(self, method: str, params: Sequence[Any] = (), **options: Any) -> Any:
        """Makes one call."""
        self.calls += 1
        return super().request(method, params, **options)

    def batch(self, calls: Sequence[RpcCall], **options: Any) -> list[Any]:
        """Makes many."""
        self.calls += len(calls)
        return super().batch(calls, **options)

    def open(self, method: str, params: Sequence[Any] = (), **options: Any) -> Any:
        """Makes one whose answer is read as it comes."""
        self.calls += 1
        self.dumps += method == "anvil_dumpState"
        return super().open(method, params, **options)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a new block: seconds of processor and clock, calls, and whole states asked for."""

    processor: float
    clock: float
    calls: int
    dumps: int


def looks(rpc: Counting, churn: Churn, act: Callable[[], None]) -> Iterator[Look]:
    """Watches; an act comes between two looks.

    Raises:
        RuntimeError: Something was found: the chain is lawful.
    """
    chain, began = Chain(rpc, churn.stage.chain.chain_id), [0.0, 0.0, 0, 0]

    def begin(_: float = 0) -> None:
        if began[2]:
            act()
        began[:] = [time.process_time(), time.monotonic(), rpc.calls, rpc.dumps]

    begin()
    options = WatchOptions(proving=True)
    for seen in watch(chain, churn.stage.suite.deployment, options=options, sleep=begin):
        if seen.findings or seen.trouble:
            raise RuntimeError(f"block {seen.block.number}: {seen.trouble} {seen.findings[:1]}")
        processor, clock, calls, dumps = began
        yield Look(
            time.process_time() - processor,
            time.monotonic() - clock,
            int(rpc.calls - calls),
            int(rpc.dumps - dumps),
        )


def main() -> int:
    """Builds, watches and prints."""
    options = _parse()
    if options.trie:
        _measure_trie(options.trie)
        return 0
    size = Size.of(options.events)
    size = Size(size.events, options.wallets or size.wallets, size.batch)
    with staged(BUYERS) as stage:
        stage.node.time.set_balances({stage.depository.sender.address: WORK})
        churn = Churn(stage, size, lambda *_: None)
        bond = churn.build()
        acts = {
            f"{options.moves} movements": lambda: churn.go_round(bond, options.moves),
            "no movement": stage.node.time.mine,
        }
        blocks = stage.chain.block_stamp().number
        _say(f"{options.events:,} movements among {size.wallets:,} wallets, {blocks:,} blocks")
        for what, act in acts.items():
            first, *found = islice(looks(Counting(stage.node.url), churn, act), options.blocks + 1)
            _say(f"start: {first.processor:.1f} s of processor, {first.calls:,} calls")
            _print(what, found)
    return 0


def _print(what: str, found: Sequence[Look]) -> None:
    processor = [1e3 * look.processor for look in found]
    clock = [1e3 * look.clock for look in found]
    calls, dumps = median(look.calls for look in found), sum(look.dumps for look in found)
    _say(
        f"{len(found)} blocks of {what}: processor {median(processor):.0f} ms (mean {mean(processor):.0f}, "
        f"most {max(processor):.0f}), clock {median(clock):.0f} ms, {calls:.0f} calls, "
        f"{dumps} whole states asked for"
    )


def _measure_trie(slots: int) -> None:
    """Bytes of a slot, and seconds of a change, in the storage of a token with so many holders."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    trie = PersistentTrie({_place(slot): encode_int(_BALANCE + slot) for slot in range(slots)})
    _root_of(trie)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    _say(f"{slots:,} slots: {(after - before) / slots:.0f} bytes each")
    for changed in (1, 100, 10_000):
        start = time.process_time()
        trie = trie.changed({_place(slot * 7): encode_int(1) for slot in range(changed)})
        _root_of(trie)
        _say(f"{changed:,} changed: {1e6 * (time.process_time() - start) / changed:.0f} µs each")


def _root_of(trie: PersistentTrie) -> bytes:
    """Works the root out, with every hash that it takes."""
    return trie.root


def _place(slot: int) -> bytes:
    return keccak(slot.to_bytes(32, "big"))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.watch", description="What a watched block costs.")
    parser.add_argument("--events", type=int, default=100_000, help="movements before the watch (100,000)")
    parser.add_argument("--wallets", type=int, help="among how many accounts (a hundredth, 200 to 1,000)")
    parser.add_argument("--blocks", type=int, default=70, help="blocks that are watched (70)")
    parser.add_argument("--trie", type=int, help="measure a storage of so many slots instead")
    parser.add_argument("--moves", type=int, default=20, help="movements in each (20)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
