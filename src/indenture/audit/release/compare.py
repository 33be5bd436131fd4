"""The release and the chain, contract by contract.

The auditor runs the constructors of the release himself, with the arguments that follow from the deployment,
and compares each byte of the code.  Then he looks at the transaction that created the contract: another
constructor can leave the same code, and with it a balance or a power of which no event tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_utils.crypto import keccak

from indenture.audit.findings import Finding, Notice
from indenture.audit.release.constructor import ConstructorFault, constructed
from indenture.audit.release.creation import blocks_whole, creations
from indenture.audit.release.parts import CHOSEN, Believed, Part, Parts
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO
from indenture.chain import BlockStamp, Chain, ContractCall, checksum, octets
from indenture.chain.client import block_param
from indenture.errors import ContractRevert, NodeError, NodeRefused, NodeUnavailable
from indenture.ledger.suite import DeployedSuite, interface_of

_VIEWS = {"name": "name", "symbol": "symbol", "decimals_": "decimals"}
"""The views that say again what was chosen for a cash token."""


@dataclass(frozen=True, slots=True)
class Release:
    """What the comparison came to, beside its findings.

    Attributes:
        codes: Keccak-256 of the code that must be at each address, 0x-prefixed hex.  Bonds are not among
            them: ``CODE-2`` has theirs.
        believed: What was chosen at the deployment, and follows from nothing.
        notices: Bonds in a currency that is no cash token of the suite.
        blocks: Blocks from which the creating transactions were read, as the node gave them.
        digits: Decimals of each cash token whose code is the release's, by address in lower case: they are in
            that code.
    """

    codes: Mapping[str, str]
    believed: tuple[Believed, ...]
    notices: tuple[Notice, ...]
    blocks: Mapping[int, Any] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)


def compare_release(chain: Chain, deployment: DeployedSuite, world: World, stamp: BlockStamp) -> Release:
    """Compares every contract of the suite with the release in this package.

    Differences go to the world's findings, with the id ``CODE-3``.

    Args:
        chain: A node.
        deployment: Where the suite is; what the file says of code is not looked at.
        world: The rebuilt state, for bonds and their implementations.
        stamp: The block at which to compare.

    Raises:
        NodeError: The node does not answer, or does not keep the state of the block.
        SetupError: The artefacts are not in the package.
    """
    return _Comparison(chain, deployment, world, stamp).run()


class _Comparison:
    def __init__(self, chain: Chain, deployment: DeployedSuite, world: World, stamp: BlockStamp) -> None:
        self._chain, self._world, self._stamp = chain, world, stamp
        self._parts = Parts(deployment, stamp.number, has_bonds=world.has_bonds)
        self._codes: dict[str, bytes] = {}
        self._digits: dict[str, int] = {}
        self._believed: list[Believed] = []

    def run(self) -> Release:
        parts = list(self._parts)
        for part in parts:
            if part.kind == "CashToken":
                self._read_chosen(part)
        self._compare_codes(parts)
        blocks = blocks_whole(self._chain, sorted({part.block for part in parts}))
        created = creations(blocks.values())
        for part in parts:
            self._compare_creation(part, created.get(part.address))
        self._compare_implementations()
        codes = {address: _hash(code) for address, code in self._codes.items()}
        notices = tuple(self._foreign_currencies())
        return Release(codes, tuple(self._believed), notices, blocks, self._digits)

    # Code

    def _read_chosen(self, token: Part) -> None:
        """Name, symbol and decimals of a cash token, as it answers."""
        for name, view in _VIEWS.items():
            token.chosen[name] = self._answer(token, view, instead=CHOSEN[name])
        token.is_foreign = not self._is_of_suite(token.address)

    def _answer(self, token: Part, view: str, *, instead: Any) -> Any:
        function = interface_of("CashToken").function(view, 0)
        call = ContractCall(token.address, function.encode(()), function, ())
        try:
            return self._chain.call(call, block=self._stamp)
        except NodeUnavailable:
            raise
        except (ContractRevert, NodeError):
            return instead

    def _compare_codes(self, parts: Sequence[Part]) -> None:
        at = block_param(self._stamp)
        answers = self._chain.rpc.batch([("eth_getCode", (part.address, at)) for part in parts])
        for part, answer in zip(parts, answers, strict=True):
            if isinstance(answer, NodeRefused):
                raise answer
            found, expected = octets(answer, f"code of {part}"), self._built(part)
            self._codes[part.address] = expected
            if found != expected:
                self._report(
                    str(part), "code", _hash(expected), _hash(found), _difference(part, expected, found)
                )
            elif part.kind == "CashToken":
                self._digits[part.address.lower()] = part.chosen["decimals_"]

    def _built(self, part: Part) -> bytes:
        try:
            return constructed(
                part.creation + self._parts.arguments(part),
                address=part.address,
                chain_id=self._chain.chain_id,
                codes=self._codes,
            )
        except ConstructorFault:
            return b""  # a token answered with a name that no constructor of the release would have taken

    # Creation

    def _compare_creation(self, part: Part, data: bytes | None) -> None:
        """The release's creation code, with arguments that follow, and nothing else."""
        creation = part.creation
        if data is None:
            message = "no transaction of its block created it: what its constructor kept is not known"
            self._report(str(part), "creation", _hash(creation), f"none in block {part.block}", message)
        elif not data.startswith(creation):
            message = "another constructor than the release's ran: it can have kept what no event tells"
            self._report(str(part), "creation", _hash(creation), _hash(data[: len(creation)]), message)
        else:
            self._compare_arguments(part, data[len(creation) :])

    def _compare_arguments(self, part: Part, given: bytes) -> None:
        try:
            values = part.constructor.input_codec.decode(given)
        except ValueError:
            values = ()
        for parameter, value in zip(part.constructor.inputs, values, strict=False):
            if (name := parameter["name"]) in CHOSEN:
                part.chosen.setdefault(name, value)
                self._believed.append(Believed(str(part), name.rstrip("_"), str(value)))
        expected = self._parts.arguments(part)
        if given != expected:
            message = "its constructor was given something else than follows from the deployment"
            self._report(str(part), "creation", "0x" + expected.hex(), "0x" + given.hex(), message)

    # Bonds

    def _compare_implementations(self) -> None:
        """The code that bonds share is the one that was compared; also that of bonds to come."""
        suite, current = self._world.suite, self._world.factory.implementation
        used = {suite.label(bond.address): bond.implementation for bond in self._world.bonds.values()}
        if current != ZERO:
            used[str(suite.one("BondFactory"))] = current
        for contract, implementation in used.items():
            if implementation != self._parts.at["Bond"]:
                message = "bonds run in a code that is not the release's"
                self._report(contract, "implementation", self._parts.at["Bond"], implementation, message)

    def _foreign_currencies(self) -> Iterator[Notice]:
        for bond in self._world.bonds.values():
            currency = checksum(bond.terms.raw.currency)
            if currency in self._world.cash:
                continue
            if self._is_of_suite(currency):
                message = "a cash token of this suite, which the deployment file does not name"
                self._report(f"CashToken {currency}", "deployment", "named", "not named", message)
            else:
                text = f"pays in {currency}, no cash token of the suite: what moves there is not looked into"
                contract = self._world.suite.label(bond.address)
                yield Notice(bond.registered.block, contract, currency, "NOTE-9", text)

    def _is_of_suite(self, token: str) -> bool:
        """Whether it asks the suite's own registry who may hold it: then its rules are known."""
        part = Part("CashToken", "CashToken", token, self._stamp.number)
        return bool(self._answer(part, "REGISTRY", instead=ZERO) == self._parts.at["MemberRegistry"])

    def _report(self, contract: str, key: str, expected: str, found: str, message: str) -> None:
        self._world.findings.add(
            Finding(
                block=self._stamp.number,
                contract=contract,
                key=key,
                expected=expected,
                found=found,
                kind="CODE-3",
                tx_hash=None,
                message=message,
            )
        )


def _difference(part: Part, expected: bytes, found: bytes) -> str:
    if not found:
        return "there is no code at this address"
    if part.is_foreign:
        return "a token of another kind than the release's CashToken: no check knows its rules"
    pairs = enumerate(zip(expected, found, strict=False))
    first = next((i for i, (wanted, there) in pairs if wanted != there), min(len(expected), len(found)))
    return f"another code than the release's runs at this address, other from byte {first} on"


def _hash(code: bytes) -> str:
    return "0x" + keccak(code).hex()
