"""The proof of what was read: headers, receipts and transactions of all blocks, and the state of the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from indenture.audit.calls import Calls
from indenture.audit.prove.accounts import Counts, prove_accounts
from indenture.audit.prove.anchors import Disagreement, Vouched, check_peer, check_pin
from indenture.audit.prove.ends import End, check_end
from indenture.audit.prove.prefix import Prefix
from indenture.audit.prove.proofs import NoProofs
from indenture.audit.prove.proved import Proved, what_is_trusted
from indenture.audit.prove.storage.kept import Kept
from indenture.audit.prove.transactions import prove_blocks, prove_calls
from indenture.audit.prove.walking import Walk, fault_finding
from indenture.audit.prove.wallets import prove_wallets
from indenture.audit.release import Release
from indenture.audit.replay import World
from indenture.audit.replay.touched import Key
from indenture.chain import BlockStamp, Chain
from indenture.errors import NodeError
from indenture.ledger import Ledger
from indenture.ledger.suite import DeployedSuite
from indenture.proof import Header, ProofFault, header_of

__all__ = ["Proved", "prove"]

Progress = Callable[[str, int, int], None]


def prove(
    chain: Chain,
    deployment: DeployedSuite,
    ledger: Ledger,
    world: World,
    calls: Calls,
    last: BlockStamp,
    *,
    release: Release | None = None,
    pins: Mapping[int, str] | None = None,
    peers: Sequence[Chain] = (),
    asked: End = None,
    kept: Kept | None = None,
    changed: Iterable[Key] = (),
    progress: Progress | None = None,
) -> Proved:
    """Proves what was read from a node against block headers, and the state of the last one against its root.

    Blocks that were proved before, with the same ledger file, are not read again.  Differences go to the
    findings of the world, as ``PROVE-1`` to ``PROVE-6``.

    Args:
        chain: The node; nothing that it says is taken for true.
        deployment: Where the suite is.
        ledger: All logs up to the last block.
        world: The suite as it was rebuilt from them.
        calls: Transactions and block hashes that checks have read.
        last: The last block.
        release: What must be at each address, and the blocks from which that was read; None where it is not
            known, and the deployment file is believed.
        pins: Hashes of blocks that were got elsewhere, by number.
        peers: Other nodes, for their hash of the last block.
        asked: What the last block stands for: an instant, or a tag.
        kept: The storage that was proved of an earlier block, to go on from; it is carried on to this one.
        changed: All keys of the world that have changed since then.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        InputError: A pinned block lies before the suite's first one, or is not there yet.
        WrongChain: Another node is on another chain.
        NodeError: A node is down, or refuses what is asked.
    """
    run = _Proof(chain, ledger, world, calls, last, progress or _silent)
    run.asked, run.kept, run.changed = asked, kept, changed
    return run.run(deployment, release or Release({}, (), ()), pins or {}, peers)


class _Proof:
    """One run."""

    def __init__(
        self,
        chain: Chain,
        ledger: Ledger,
        world: World,
        calls: Calls,
        last: BlockStamp,
        progress: Progress,
    ) -> None:
        self._chain = chain
        self._ledger = ledger
        self._world = world
        self._calls = calls
        self._last = last
        self._progress = progress
        self._prefix = Prefix(ledger)
        self.asked: End = None
        self.kept: Kept | None = None
        self.changed: Iterable[Key] = ()

    def run(
        self,
        deployment: DeployedSuite,
        release: Release,
        pins: Mapping[int, str],
        peers: Sequence[Chain],
    ) -> Proved:
        walk = Walk(self._chain, self._ledger, self._world, self._calls, self._prefix, self._progress)
        walk.to(self._last)
        self._check_calls()
        self._check_hashes(walk.hash_of)
        self._check_blocks(release, walk.hash_of)
        header = self._last_header()
        vouched = [] if header is None else self._anchored(header, walk.hash_of, pins, peers)
        chosen = () if header is None else self._check_end(header, peers)
        counts = self._prove_state(deployment, header, release)
        totals = self._prefix.totals(self._last.number)
        trusted = what_is_trusted(
            self._ledger.first_block,
            self._last.number,
            self._last.hash,
            self._chain.genesis_hash,
            max((each.block for each in vouched), default=-1),
            complete=walk.complete,
        )
        return Proved(
            blocks=totals.blocks,
            receipts=totals.receipts,
            transactions=totals.transactions,
            accounts=counts.accounts if counts else 0,
            slots=counts.slots if counts else 0,
            code=counts.code if counts else 0,
            whole=counts.whole if counts else 0,
            skipped_by_bloom=totals.skipped_by_bloom,
            trusted=(counts.unproved if counts else ()) + chosen + trusted,
            anchors=tuple(each.text for each in vouched),
        )

    def _prove_state(
        self, deployment: DeployedSuite, header: Header | None, release: Release
    ) -> Counts | None:
        if header is None:
            if self.kept is not None:
                self.kept.contracts.clear()  # what has changed is not proved: nothing can go on from before
            return None
        counts = prove_accounts(
            self._chain,
            deployment,
            self._world,
            header,
            self._progress,
            release=release.codes,
            kept=self.kept,
            changed=self.changed,
        )
        self._require(counts)
        self._check_wallets(header)
        return counts

    def _require(self, counts: Counts) -> None:
        """A liar would just refuse: what was asked for and is not proved is no proof.  Findings go first."""
        if counts.unproved and not self._world.findings:
            raise NodeError(
                f"not proved: {counts.unproved[0]}",
                hint="Without --prove the rest is audited all the same, on the node's word.",
            )

    def _last_header(self) -> Header | None:
        """The header under whose state root accounts are proved: the one that was asked for by its hash."""
        raw = self._chain.rpc.request("eth_getBlockByNumber", [hex(self._last.number), False])
        try:
            header = header_of(raw)
            found = "0x" + header.hash.hex()
            if found != self._last.hash:
                raise ProofFault(f"the hash of block {self._last.number}", self._last.hash, found)
            if header.time != self._last.timestamp:
                what = f"the time of block {self._last.number} as read"
                raise ProofFault(what, header.time, self._last.timestamp)
        except ProofFault as fault:
            self._add("PROVE-1", self._last.number, fault)
            return None
        return header

    def _check_end(self, header: Header, peers: Sequence[Chain]) -> tuple[str, ...]:
        try:
            return check_end(self._chain, self.asked, header, peers)
        except ProofFault as fault:
            self._add("PROVE-1", self._last.number, fault)
            return ()

    def _check_calls(self) -> None:
        for tx_hash, fault in prove_calls(self._chain, self._calls):
            found = self._ledger.con.execute(
                "SELECT min(block) FROM log WHERE tx_hash = ?", [tx_hash]
            ).fetchone()
            block = self._last.number if found is None or found[0] is None else int(found[0])
            self._add("PROVE-4", block, fault, tx_hash)

    def _check_blocks(self, release: Release, hash_of: Callable[[int], str | None]) -> None:
        """Blocks from which it was read who created what: a node can answer one question in two ways."""
        for number, fault in prove_blocks(release.blocks, hash_of):
            self._add("PROVE-4", number, fault)

    def _check_wallets(self, header: Header) -> None:
        done = self.kept.wallets if self.kept else frozenset()
        wallets = {a: block for a, block in self._calls.contracts().items() if a not in done}
        faulty = set()
        try:
            for address, block, fault in prove_wallets(self._chain, header, wallets):
                message = f"{address} signed as a contract, and is none"
                self._add("PROVE-6", block, fault, message=message)
                faulty.add(address)
        except NoProofs:
            return  # where accounts cannot be proved, what is trusted says so already
        if self.kept is not None:
            self.kept.wallets = done | (wallets.keys() - faulty)

    def _check_hashes(self, hash_of: Callable[[int], str | None]) -> None:
        """Hashes of blocks that checks have read: drawings start from them."""
        for number, used in sorted(self._calls.block_hashes().items()):
            proved = hash_of(number)
            found = None if used is None else "0x" + used.hex()
            if proved is not None and proved != found:
                self._add("PROVE-1", number, ProofFault(f"the hash of block {number} as read", proved, found))

    def _anchored(
        self,
        header: Header,
        hash_of: Callable[[int], str | None],
        pins: Mapping[int, str],
        peers: Sequence[Chain],
    ) -> list[Vouched]:
        first = self._ledger.first_block
        outcomes: list[Vouched | Disagreement] = []
        for number, pinned in sorted(pins.items()):
            try:
                outcomes.append(check_pin(self._chain, number, pinned, hash_of, first, header))
            except ProofFault as fault:
                self._add("PROVE-1", number, fault)
        outcomes += [check_peer(self._chain, peer, first, self._last) for peer in peers]
        for outcome in outcomes:
            if isinstance(outcome, Disagreement):
                differs = ProofFault(f"block {outcome.block}", outcome.expected, outcome.found)
                self._add("PROVE-1", outcome.block, differs, message=outcome.message)
        return [outcome for outcome in outcomes if isinstance(outcome, Vouched)]

    def _add(
        self, kind: str, block: int, fault: ProofFault, tx_hash: str | None = None, message: str = ""
    ) -> None:
        self._world.findings.add(fault_finding(kind, block, fault, tx_hash=tx_hash, message=message))


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
