"""What a constructor leaves: creation code of the release, run here and not by a node.

The part of the EVM that constructors of this suite use, with the views that they ask of contracts built
before them.  Gas is not counted and logs are dropped: neither decides what the code is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eth_utils.crypto import keccak

_WORD = 1 << 256
_SIGN = 1 << 255
_STOP, _RETURN = 0x00, 0xF3
_MOST_STEPS = 1_000_000
_MUCH_GAS = 1 << 32
_SOME_TIME = 1
"""No constructor of the suite keeps the time in its code."""


class ConstructorFault(ValueError):
    """No code comes of it: it reverts, or does what no constructor of the suite does."""


def constructed(creation: bytes, *, address: str, chain_id: int, codes: Mapping[str, bytes]) -> bytes:
    """The code that creation code leaves at an address.

    Args:
        creation: Creation code, followed by the encoded arguments.
        address: Where the contract is built: EIP-712 domains hold it.
        chain_id: On which chain; they hold that too.
        codes: Code of the contracts that stand already, by address.

    Raises:
        ConstructorFault: It reverts, or goes beyond the part of the EVM that is here.
    """
    known = {int(at, 16): code for at, code in codes.items()}
    return _Frame(creation, b"", int(address, 16), chain_id, known).run()


def _signed(value: int) -> int:
    return value - _WORD if value & _SIGN else value


# What an opcode makes of the two words on top, the upper one first.
_OF_TWO: dict[int, Callable[[int, int], int]] = {
    0x01: lambda a, b: a + b,
    0x03: lambda a, b: a - b,
    0x10: lambda a, b: a < b,
    0x11: lambda a, b: a > b,
    0x12: lambda a, b: _signed(a) < _signed(b),
    0x14: lambda a, b: a == b,
    0x16: lambda a, b: a & b,
    0x17: lambda a, b: a | b,
    0x1B: lambda a, b: b << a if a < 256 else 0,
    0x1C: lambda a, b: b >> a if a < 256 else 0,
}


class _Frame:
    """One call: its code, what it was given, and what it works on."""

    def __init__(
        self, code: bytes, data: bytes, address: int, chain_id: int, codes: Mapping[int, bytes]
    ) -> None:
        self._code, self._data = code, data
        self._address, self._chain_id, self._codes = address, chain_id, codes
        self._stack: list[int] = []
        self._memory = bytearray()
        self._storage: dict[int, int] = {}
        self._answer = b""
        self._at = 0
        self._named = self._opcodes()

    def run(self) -> bytes:
        """What it returns."""
        for _ in range(_MOST_STEPS):
            opcode = self._code[self._at] if self._at < len(self._code) else _STOP
            self._at += 1
            if opcode == _STOP:
                return b""
            if opcode == _RETURN:
                return self._read(self._pop(), self._pop())
            self._do(opcode)
        raise ConstructorFault("it does not end")

    def _do(self, opcode: int) -> None:
        if opcode in _OF_TWO:
            self._push(_OF_TWO[opcode](self._pop(), self._pop()))
        elif 0x5F <= opcode <= 0x7F:  # PUSH
            size = opcode - 0x5F
            self._push(int.from_bytes(self._code[self._at : self._at + size], "big"))
            self._at += size
        elif 0x80 <= opcode <= 0x8F:  # DUP
            self._push(self._stack[0x7F - opcode])
        elif 0x90 <= opcode <= 0x9F:  # SWAP
            other = 0x8E - opcode
            self._stack[-1], self._stack[other] = self._stack[other], self._stack[-1]
        elif 0xA0 <= opcode <= 0xA4:  # LOG
            del self._stack[0x9E - opcode :]
        elif opcode in self._named:
            self._named[opcode]()
        else:
            raise ConstructorFault(f"it uses the opcode {opcode:#04x} at byte {self._at - 1}")

    def _opcodes(self) -> dict[int, Callable[[], None]]:
        """The others, each with what it does."""
        push, pop = self._push, self._pop
        return {
            0x15: lambda: push(not pop()),  # ISZERO
            0x19: lambda: push(~pop()),  # NOT
            0x20: self._hash,
            0x30: lambda: push(self._address),
            0x33: lambda: push(0),  # CALLER
            0x34: lambda: push(0),  # CALLVALUE
            0x35: self._load_data,
            0x36: lambda: push(len(self._data)),
            0x38: lambda: push(len(self._code)),
            0x39: lambda: self._copy(self._code),
            0x3B: lambda: push(len(self._codes.get(pop(), b""))),  # EXTCODESIZE
            0x3D: lambda: push(len(self._answer)),
            0x3E: lambda: self._copy(self._answer),
            0x42: lambda: push(_SOME_TIME),
            0x46: lambda: push(self._chain_id),
            0x50: lambda: self._drop(),
            0x51: lambda: push(int.from_bytes(self._read(pop(), 32), "big")),
            0x52: self._store,
            0x54: lambda: push(self._storage.get(pop(), 0)),
            0x55: self._keep,
            0x56: lambda: self._jump(pop()),
            0x57: self._jump_if,
            0x5A: lambda: push(_MUCH_GAS),
            0x5B: lambda: None,  # JUMPDEST
            0x5E: self._copy_memory,
            0xFA: self._ask,
            0xFD: self._revert,
        }

    def _push(self, value: int) -> None:
        self._stack.append(value % _WORD)

    def _pop(self) -> int:
        return self._stack.pop()

    def _drop(self) -> None:
        self._stack.pop()

    def _grow(self, end: int) -> None:
        if end > len(self._memory):
            self._memory.extend(bytes(-(-end // 32) * 32 - len(self._memory)))

    def _read(self, start: int, size: int) -> bytes:
        if size:
            self._grow(start + size)
        return bytes(self._memory[start : start + size])

    def _write(self, start: int, data: bytes) -> None:
        if data:
            self._grow(start + len(data))
            self._memory[start : start + len(data)] = data

    def _hash(self) -> None:
        self._push(int.from_bytes(keccak(self._read(self._pop(), self._pop())), "big"))

    def _jump(self, target: int) -> None:
        self._at = target

    def _jump_if(self) -> None:
        target, condition = self._pop(), self._pop()
        if condition:
            self._jump(target)

    def _load_data(self) -> None:
        start = self._pop()
        self._push(int.from_bytes(self._data[start : start + 32].ljust(32, b"\0"), "big"))

    def _store(self) -> None:
        start, value = self._pop(), self._pop()
        self._write(start, value.to_bytes(32, "big"))

    def _keep(self) -> None:
        slot, value = self._pop(), self._pop()
        self._storage[slot] = value

    def _copy(self, source: bytes) -> None:
        to, start, size = self._pop(), self._pop(), self._pop()
        self._write(to, source[start : start + size].ljust(size, b"\0"))

    def _copy_memory(self) -> None:
        to, start, size = self._pop(), self._pop(), self._pop()
        self._write(to, self._read(start, size))

    def _ask(self) -> None:
        """A view of a contract that stands already: constructors of the suite change nothing elsewhere."""
        _, to, start, size, out, space = (self._pop() for _ in range(6))
        asked = _Frame(self._codes.get(to, b""), self._read(start, size), to, self._chain_id, self._codes)
        self._answer = asked.run()
        self._write(out, self._answer[:space])
        self._push(1)

    def _revert(self) -> None:
        raise ConstructorFault(f"it reverts with 0x{self._read(self._pop(), self._pop()).hex()}")
