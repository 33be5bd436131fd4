"""An EVM inside the process, with a clock, snapshots and decoded reverts and events."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyrevm
from eth_abi.abi import decode
from eth_keys.datatypes import PrivateKey
from eth_utils.crypto import keccak
from tests.evm.artefacts import Artefact, Record, artefact, errors

CHAIN_ID = 31337
GAS_LIMIT = 10**12
REVERT_DATA = re.compile(r"Revert .* output: 0x([0-9a-f]*)")
ERROR_STRING = bytes.fromhex("08c379a0")
PANIC = bytes.fromhex("4e487b71")


class Actor(str):
    """An account that is named for what it does, with its key."""

    __slots__ = ("key", "role")

    key: PrivateKey
    role: str

    def __repr__(self) -> str:
        return self.role


@cache
def actor(role: str) -> Actor:
    """The account of a role: the same one each time."""
    key = PrivateKey(keccak(text=f"indenture test actor {role}"))
    found = Actor(key.public_key.to_address())
    found.key, found.role = key, role
    return found


class Reverted(Exception):
    """A call was refused: the name of its error, and the arguments."""

    def __init__(self, name: str, *arguments: Any) -> None:
        super().__init__(name, *arguments)
        self.name = name
        self.arguments = arguments


class Halted(Exception):
    """A call ended without a revert: out of gas, an invalid opcode."""


@dataclass(frozen=True, slots=True)
class Event:
    """One decoded event."""

    address: str
    name: str
    arguments: Record

    def __getattr__(self, field: str) -> Any:
        return self.arguments[field]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction gave back."""

    value: Any
    gas: int
    events: list[Event]

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def only(self, name: str) -> Record:
        """The arguments of the one event of this name."""
        found = self.named(name)
        assert len(found) == 1, f"{len(found)} events {name} among {self.names}"
        return found[0].arguments

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]


class Contract:
    """A contract at an address: views return their value, acts a receipt."""

    def __init__(self, evm: "Evm", address: str, kind: Artefact) -> None:
        self.evm = evm
        self.address = address
        self.kind = kind

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.kind.functions:
            raise AttributeError(name)
        return lambda *arguments, **options: self.do(name, *arguments, **options)

    def do(self, name: str, *arguments: Any, sender: str = "0x" + "00" * 19 + "d0", gas: int = 10**11) -> Any:
        """Calls a function; a signature instead of a name picks one of an overloaded name."""
        function = self.kind.function(name, len(arguments))
        data = self.evm.send(sender, self.address, function.calldata(arguments), gas=gas)
        value = function.read_result(data)
        return value if function.is_view else self.evm.receipt(value)

    def raw(self, name: str, *arguments: Any) -> bytes:
        """Calldata of a function."""
        return self.kind.function(name, len(arguments)).calldata(arguments)

    def __repr__(self) -> str:
        return f"{self.kind.name} at {self.address}"


class Evm:
    """A chain in memory. Every call is a block of its own unless the clock stands still."""

    def __init__(self, start: int) -> None:
        self._cfg = pyrevm.CfgEnv(chain_id=CHAIN_ID)
        self.number = 1
        self._vm = pyrevm.EVM(
            env=pyrevm.Env(cfg=self._cfg, block=self._block(start)), spec_id="CANCUN", gas_limit=GAS_LIMIT
        )
        self.now = start
        self._kinds: dict[str, Artefact] = {}

    def _block(self, time: int) -> Any:
        return pyrevm.BlockEnv(number=self.number, timestamp=time, gas_limit=GAS_LIMIT, basefee=0)

    # --- clock and state

    def warp(self, time: int) -> None:
        """Moves the clock, never back."""
        assert time >= self.now, f"{time} lies {self.now - time} s in the past"
        self._set_time(time)

    def mine(self, blocks: int = 1) -> None:
        """Goes on to a later block, at the same time."""
        self.number += blocks
        self._set_time(self.now)

    def _set_time(self, time: int) -> None:
        self.now = time
        self._vm.set_block_env(self._block(time))

    @contextmanager
    def sandbox(self) -> Iterator[None]:
        """Whatever happens inside did not happen afterwards."""
        checkpoint, time, kinds = self._vm.snapshot(), self.now, dict(self._kinds)
        number = self.number
        try:
            yield
        finally:
            self._vm.revert(checkpoint)
            self.number = number
            self._set_time(time)
            self._kinds = kinds

    # --- contracts

    def deploy(self, name: str, *arguments: Any, sender: str) -> Contract:
        kind = artefact(name)
        try:
            address = self._vm.deploy(sender, kind.creation(arguments))
        except RuntimeError as error:
            raise refusal(error) from None
        return self.at(address.lower(), name)

    def deploy_code(self, code: bytes, *, sender: str) -> str:
        """An account with this code, of no compiled contract."""
        # Copies what follows these eleven bytes, and returns it.
        creation = bytes.fromhex("61") + len(code).to_bytes(2) + bytes.fromhex("80600a5f395ff3")
        address: str = self._vm.deploy(sender, creation + code)
        return address.lower()

    def at(self, address: str, name: str) -> Contract:
        """A contract that is there, seen as `name`."""
        kind = artefact(name)
        self._kinds[address.lower()] = kind
        return Contract(self, address.lower(), kind)

    def place(self, address: str, code_of: Contract) -> None:
        """Puts a contract's code at the address of a key: an account that is both.

        It stays there when the sandbox ends, and the account can send no more: take one of its own.
        """
        code = self._vm.get_code(code_of.address)
        self._vm.insert_account_info(address, pyrevm.AccountInfo(code=code))
        self._kinds[address.lower()] = code_of.kind

    def code(self, address: str) -> bytes:
        return bytes(self._vm.get_code(address) or b"")

    # --- calls

    def send(self, sender: str, to: str, data: bytes, *, gas: int = 10**11) -> bytes:
        self._vm.reset_transient_storage()
        try:
            return bytes(self._vm.message_call(str(sender), to, calldata=data, gas=gas))
        except RuntimeError as error:
            raise refusal(error) from None

    def receipt(self, value: Any) -> Receipt:
        result = self._vm.result
        assert result is not None, "nothing was called"
        return Receipt(value=value, gas=result.gas_used, events=[self._event(log) for log in result.logs])

    def _event(self, log: Any) -> Event:
        topics, data = log.data
        address = log.address.lower()
        entry = self._kinds[address].events.get(bytes(topics[0])) if address in self._kinds else None
        if entry is None:  # of a library or a base that another artefact knows
            kinds = (kind for kind in self._kinds.values() if bytes(topics[0]) in kind.events)
            entry = next(kinds).events[bytes(topics[0])]
        return Event(address, entry.name, entry.read_log([bytes(topic) for topic in topics], bytes(data)))


def refusal(error: RuntimeError) -> Exception:
    match = REVERT_DATA.search(str(error))
    if match is None:
        return Halted(str(error))
    data = bytes.fromhex(match[1])
    if not data:
        return Reverted("")
    if data[:4] == ERROR_STRING:
        return Reverted("Error", *decode(["string"], data[4:]))
    if data[:4] == PANIC:
        return Reverted("Panic", *decode(["uint256"], data[4:]))
    entry = errors().get(data[:4])
    return Reverted(entry.name, *entry.read_arguments(data[4:])) if entry else Reverted("unknown", data.hex())


@contextmanager
def reverts(name: str, *arguments: Any) -> Iterator[None]:
    """What is done inside must be refused with this error and these arguments."""
    expected = (name, *(comparable(argument) for argument in arguments))
    try:
        yield
    except Reverted as error:
        found = (error.name, *error.arguments)
        assert found == expected, f"refused as {found}, not as {expected}"
        return
    raise AssertionError(f"not refused; expected {expected}")


def refused(act: Callable[[], object]) -> str:
    """The name of the error with which an act is refused; empty when it is not."""
    try:
        act()
    except Reverted as error:
        return error.name or "without a reason"
    return ""


def comparable(value: Any) -> Any:
    """An argument as it comes back: contracts as addresses."""
    if isinstance(value, Contract):
        return value.address
    return str(value) if isinstance(value, Actor) else value


def fixed(value: str, size: int) -> bytes:
    """ASCII text as fixed bytes."""
    return value.encode("ascii").ljust(size, b"\0")
