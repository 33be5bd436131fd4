"""Why an audit ends where it ends: an instant, or a word of the node, stands for its last block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from indenture.chain import Chain
from indenture.proof import Header, ProofFault, header_of

End = int | str | datetime | None
"""What was asked for: a block, a tag, the last block until an instant, or None for the newest."""


def check_end(chain: Chain, asked: End, last: Header, peers: Sequence[Chain]) -> tuple[str, ...]:
    """Holds the choice of the last block against the block after it, as far as anybody knows that one.

    Args:
        chain: The node, which made the choice.
        asked: What was asked for.
        last: The last block, proved to be what the node says.
        peers: Other nodes, which know the last block.

    Returns:
        What is left to trust of the choice, in sentences.

    Raises:
        ProofFault: The last block came after the instant, or another one came before it.
        NodeError: A node does not answer.
    """
    if isinstance(asked, datetime):
        return _until(chain, asked, last, peers)
    if asked in ("safe", "finalized"):
        return (f"That block {last.number} is {asked}: only this node says so.",)
    return ()


def _until(chain: Chain, instant: datetime, last: Header, peers: Sequence[Chain]) -> tuple[str, ...]:
    told = instant.astimezone(UTC).isoformat()
    if last.time > instant.timestamp():
        raise ProofFault(
            f"the last block until {told}", "an earlier one", f"block {last.number}, {_time(last)}"
        )
    known = [above for node in (chain, *peers) if (above := _above(node, last)) is not None]
    for above in known:
        if above.time <= instant.timestamp():
            found = f"block {last.number}"
            raise ProofFault(f"the last block until {told}", f"block {above.number}, {_time(above)}", found)
    if len(known) > 1:
        return ()  # another node vouches for the block after it
    return (f"That no block came between block {last.number} and {told}: only this node says so.",)


def _above(node: Chain, last: Header) -> Header | None:
    """The next block, chained to the last one; None where there is none yet."""
    raw = node.rpc.request("eth_getBlockByNumber", [hex(last.number + 1), False])
    if raw is None:
        return None
    header = header_of(raw)
    if header.parent_hash != last.hash:
        raise ProofFault(
            f"the parent of block {last.number + 1}, of {node.url}", last.hash, header.parent_hash
        )
    return header


def _time(header: Header) -> str:
    return datetime.fromtimestamp(header.time, UTC).isoformat()
