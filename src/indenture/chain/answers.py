"""What a node's hex says: it may say anything at all."""

from __future__ import annotations

from indenture.errors import NodeError


def octets(answer: object, what: str) -> bytes:
    """The bytes of a node's hex.

    Args:
        answer: What the node answered, as JSON has it.
        what: What it was asked for, for the error.

    Raises:
        NodeError: It is no hex of whole bytes.
    """
    if isinstance(answer, str) and answer.startswith("0x"):
        try:
            return bytes.fromhex(answer[2:])
        except ValueError:
            pass
    raise nonsense(answer, what)


def quantity(answer: object, what: str) -> int:
    """The number of a node's hex; arguments and errors as ``octets``."""
    if isinstance(answer, str) and answer.startswith("0x"):
        try:
            return int(answer, 16)
        except ValueError:
            pass
    raise nonsense(answer, what)


def nonsense(answer: object, what: str) -> NodeError:
    """The error for an answer that is none."""
    return NodeError(
        f"{what}: the node answered {str(answer)[:60]!r}",
        hint="That is no answer to what was asked: use another node.",
    )
