"""PROVE-5 and PROVE-6: what contracts hold and the code that they run, proved under the root of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from indenture.audit.code import expected_code
from indenture.audit.findings import IMPOSSIBLE, Finding
from indenture.audit.prove.proofs import NoProofs, Proven, Wanted, ask_proofs
from indenture.audit.prove.storage.compare import Storage
from indenture.audit.prove.storage.expected import expected_storage
from indenture.audit.prove.storage.hints import Hints
from indenture.audit.prove.storage.kept import Advance, Kept
from indenture.audit.prove.storage.suspects import suspects
from indenture.audit.replay import World
from indenture.audit.replay.touched import Key
from indenture.chain import Chain, checksum
from indenture.errors import IndentureError
from indenture.ledger.suite import DeployedSuite
from indenture.proof import Account, ProofFault
from indenture.proof.headers import Header

Progress = Callable[[str, int, int], None]

_AT_ONCE = 50
_STEP = "proving accounts"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was proved of accounts.

    Attributes:
        accounts: Accounts proved under the state root.
        slots: Slots of their storage that were held against what is proved.
        code: Accounts of which the hash of the code was.
        whole: Accounts of which it is proved that they hold what events explain, and nothing else.
        unproved: What could not be proved, and why, in sentences.
    """

    accounts: int = 0
    slots: int = 0
    code: int = 0
    whole: int = 0
    unproved: tuple[str, ...] = ()


def prove_accounts(
    chain: Chain,
    deployment: DeployedSuite,
    world: World,
    header: Header,
    progress: Progress | None = None,
    *,
    release: Mapping[str, str] = MappingProxyType({}),
    kept: Kept | None = None,
    changed: Iterable[Key] = (),
) -> Counts:
    """Proves code and storage of every contract of the suite, every bond and every version of terms.

    Differences go to the findings of the world.  A node that keeps no such state, or does not prove it, is no
    finding: nothing is proved then, and ``Counts.unproved`` says so.

    Args:
        chain: A node; nothing that it says is taken for true.
        deployment: Where the suite is.
        world: The suite after the last event of that block.
        header: The block's, of which others vouch for the hash.
        progress: Called with a step, how many accounts are done, and how many there are.
        release: Hash of the code of the release at each address; where it has none, that of the deployment.
        kept: What was proved of an earlier block, to go on from; it is carried on to this one.
        changed: All keys that have changed since then.

    Raises:
        NodeUnavailable: The node is down.
    """
    code = dict(_expected(deployment, world, header.number, kept or Kept()))
    code |= {address: wanted for address, wanted in release.items() if address in code}
    run = _Accounts(chain, deployment, world, header, code)
    if kept is not None:
        run.go_on(kept, changed)
    return run.prove(progress or _silent)


def _expected(deployment: DeployedSuite, world: World, block: int, kept: Kept) -> Mapping[str, str]:
    """Hash of the code at each address: worked out anew where there is one more, as it takes its time."""
    deployed = (*deployment.contracts.values(), *deployment.cash.values())
    versions = sum(len(register.life.versions) for register in world.bonds.values())
    of = (sum(each.block <= block for each in deployed), world.has_bonds, len(world.bonds), versions)
    if kept.codes[0] != of:
        expected = expected_code(deployment, world, block)
        kept.codes = of, {address: wanted for address, (_, wanted) in expected.items()}
    return kept.codes[1]


class _Accounts:
    """One run."""

    def __init__(
        self,
        chain: Chain,
        deployment: DeployedSuite,
        world: World,
        header: Header,
        code: Mapping[str, str],
    ) -> None:
        self._chain = chain
        self._world = world
        self._header = header
        self._code = code
        names = {checksum(each.address): name for name, each in deployment.contracts.items()}
        self._labels = {a: f"{names[a]} {a}" if a in names else world.suite.label(a) for a in self._code}
        # What runs in the name of others keeps nothing that anybody reads.
        parts = names.keys() - world.suite.targets.keys()
        self._stores = self._code.keys() - parts
        self._hints = Hints(chain)
        self._kept: Kept | None = None
        self._advance: Advance | None = None
        self._accounts = self._slots = self._whole = 0

    def go_on(self, kept: Kept, changed: Iterable[Key]) -> None:
        """From an earlier block, and not from nothing."""
        since, self._kept = kept.block, kept
        self._advance = Advance(
            kept,
            self._world,
            changed,
            lambda address: self._hints.read(address, since + 1, self._header.number),
            keeps_zeros=self._hints.keeps_zeros,
        )
        kept.block = self._header.number

    def prove(self, progress: Progress) -> Counts:
        addresses = list(self._code)
        unproved: tuple[str, ...] = ()
        try:
            for start in range(0, len(addresses), _AT_ONCE):
                progress(_STEP, start, len(addresses))
                self._prove(addresses[start : start + _AT_ONCE])
        except NoProofs as refused:
            left = len(addresses) - self._accounts
            unproved = (
                f"Code and storage of {left} contracts: the node proves no accounts at block "
                f"{self._header.number} ({refused}). Audit up to the newest block, or ask an archive node "
                "that answers eth_getProof.",
            )
        progress(_STEP, len(addresses), len(addresses))
        return Counts(self._accounts, self._slots, self._accounts, self._whole, unproved)

    def _prove(self, addresses: Sequence[str]) -> None:
        answers = self._ask([Wanted(address) for address in addresses])
        for address, answer in zip(addresses, answers, strict=True):
            if isinstance(answer, ProofFault):
                self._fault(address, answer)
                continue
            self._accounts += 1
            self._compare_code(address, answer.account)
            if address in self._stores:
                self._compare_storage(address, answer.account)

    def _compare_code(self, address: str, account: Account) -> None:
        wanted = "0x" + self._code[address].removeprefix("0x")
        found = "0x" + account.code_hash.hex()
        if found != wanted:
            message = "another code is proved to be at this address"
            self._add(address, "PROVE-6", "code hash", wanted, found, message)

    def _compare_storage(self, address: str, account: Account) -> None:
        ask = partial(self._words, address)
        known = self._advance.proved(address, account.storage_root, ask) if self._advance else None
        if known is None:
            self._compare_whole(address, account)
        else:
            self._slots += known.slots
            self._whole += known.is_whole

    def _compare_whole(self, address: str, account: Account) -> None:
        texts = self._texts(address)
        storage = Storage(
            partial(expected_storage, self._world, address, texts),
            partial(suspects, self._world, address),
            partial(self._words, address),
            partial(self._hints.slots, address),
        )
        try:
            for each in storage.differences(account.storage_root):
                self._add(address, "PROVE-5", each.key, each.expected, each.found, each.message)
            if self._kept is not None:
                self._kept.learn(self._world, address, account.storage_root, storage, texts)
        except ProofFault as fault:
            self._fault(address, fault)
        except IMPOSSIBLE as fault:
            message = "its events add up to nothing that can be stored"
            self._add(address, "PROVE-5", "storage", "a state that can be", repr(fault), message)
        self._slots += storage.slots
        self._whole += storage.is_whole

    def _words(self, address: str, slots: Sequence[int]) -> tuple[int | None, ...]:
        (answer,) = self._ask([Wanted(address, tuple(slots))])
        if isinstance(answer, ProofFault):
            raise answer
        return answer.words

    def _ask(self, wanted: Sequence[Wanted]) -> list[Proven | ProofFault]:
        """Proofs of some accounts; what is said falsely beside them is told at once."""
        answers = ask_proofs(self._chain, self._header, wanted)
        for each, answer in zip(wanted, answers, strict=True):
            if isinstance(answer, Proven) and answer.claim is not None:
                message = "what the node says beside its proof is not what the proof shows"
                self._fault(each.address, answer.claim, message)
        return answers

    def _texts(self, address: str) -> tuple[str, str]:
        """Name and symbol of a cash token, which no event tells; what it does not answer differs.

        The name is asked for where it comes from the code, which is proved.
        """
        if address not in self._world.cash:
            return "", ""
        token = self._world.suite.targets[address]
        try:
            domain, symbol = self._chain.call_many(
                [token.call("eip712Domain"), token.call("symbol")], "0x" + self._header.hash.hex()
            )
        except (IndentureError, ValueError):
            return "", ""
        return str(domain.name), str(symbol)

    def _fault(
        self,
        address: str,
        fault: ProofFault,
        message: str = "what the node gives as its proof proves nothing",
    ) -> None:
        self._add(address, "PROVE-5", fault.what, fault.expected, fault.found, message)

    def _add(self, address: str, kind: str, key: str, expected: str, found: str, message: str) -> None:
        self._world.findings.add(
            Finding(
                block=self._header.number,
                contract=self._labels[address],
                key=key,
                expected=expected,
                found=found,
                kind=kind,
                tx_hash=None,
                message=message,
            )
        )


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
