"""A tiny assembler: mnemonics, numbers and labels to byte code, where a compiler would be too much.

``loop:`` marks a place, ``@loop`` pushes it, a number is pushed with as few bytes as it needs, and what
stands after ``;`` is a remark.
"""

from __future__ import annotations

import re

_PLACE_BYTES = 2

_IN_ROW = {
    0x00: "STOP ADD MUL SUB DIV",
    0x06: "MOD",
    0x10: "LT GT",
    0x14: "EQ ISZERO AND OR XOR",
    0x1B: "SHL SHR",
    0x20: "KECCAK256",
    0x30: "ADDRESS",
    0x33: "CALLER",
    0x35: "CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY",
    0x3D: "RETURNDATASIZE RETURNDATACOPY",
    0x43: "NUMBER",
    0x50: "POP MLOAD MSTORE",
    0x54: "SLOAD SSTORE JUMP JUMPI",
    0x5A: "GAS",
    0x80: " ".join(f"DUP{n}" for n in range(1, 17)),
    0x90: " ".join(f"SWAP{n}" for n in range(1, 17)),
    0xA0: "LOG0 LOG1 LOG2 LOG3 LOG4",
    0xF1: "CALL",
    0xF3: "RETURN",
    0xF5: "CREATE2",
    0xFD: "REVERT",
}
OPCODES = {name: first + n for first, row in _IN_ROW.items() for n, name in enumerate(row.split())}
_JUMPDEST, _PUSH0 = 0x5B, 0x5F


def assemble(source: str) -> bytes:
    """The byte code of a program.

    Raises:
        KeyError: A word is no opcode, or a place is not marked.
    """
    code, places, wanted = bytearray(), dict[str, int](), dict[int, str]()
    for word in re.sub(r";.*", "", source).split():
        if word.endswith(":"):
            places[word[:-1]] = len(code)
            code.append(_JUMPDEST)
        elif word.startswith("@"):
            code.append(_PUSH0 + _PLACE_BYTES)
            wanted[len(code)] = word[1:]
            code += bytes(_PLACE_BYTES)
        elif word[0].isdigit():
            code += push(int(word, 0))
        else:
            code.append(OPCODES[word])
    for position, place in wanted.items():
        code[position : position + _PLACE_BYTES] = places[place].to_bytes(_PLACE_BYTES, "big")
    return bytes(code)


def push(value: int) -> bytes:
    """The shortest code that pushes a number."""
    size = (value.bit_length() + 7) // 8
    return bytes([_PUSH0 + size]) + value.to_bytes(size, "big")


def creation(runtime: bytes) -> bytes:
    """Creation code that leaves a code as it is."""
    prologue = f"{len(runtime)} DUP1 %d 0 CODECOPY 0 RETURN"
    return assemble(prologue % len(assemble(prologue % 0xFF))) + runtime
