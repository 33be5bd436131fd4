"""A contract of a few bytes that answers each function with what it was told."""

from collections.abc import Mapping


def answering(answers: Mapping[bytes, bytes]) -> bytes:
    """Code that answers a selector with bytes, and any other call with nothing."""
    head = bytes.fromhex("5f3560e01c")  # the selector
    first = len(head) + 11 * len(answers) + 1
    table, bodies, data = head, b"", b""
    for selector, answer in answers.items():
        table += b"\x80\x63" + selector + b"\x14\x61" + (first + len(bodies)).to_bytes(2) + b"\x57"
        # Data stands behind all code: within it, a byte of an answer could swallow where a jump goes.
        where = (first + 14 * len(answers) + len(data)).to_bytes(2)
        length = len(answer).to_bytes(2)
        bodies += b"\x5b\x61" + length + b"\x61" + where + b"\x5f\x39\x61" + length + b"\x5f\xf3"
        data += answer
    return table + b"\x00" + bodies + data
