"""Chains that change: how far a ledger and its node agree, and forgetting what they do not share."""

from __future__ import annotations

from indenture.chain import BlockStamp, Chain
from indenture.errors import ChainReorganised
from indenture.ledger.headers import headers
from indenture.ledger.patience import Patience
from indenture.ledger.spans import transaction
from indenture.ledger.store import Ledger


def rewind(ledger: Ledger, chain: Chain) -> int | None:
    """Forgets what the ledger holds above the last block that it shares with the chain.

    Args:
        ledger: The ledger.
        chain: The node; what it has is the chain.

    Returns:
        That block, or the one before the ledger's first where nothing is shared; None when nothing was lost.

    Raises:
        NodeError: The node is down, or gives something else than a header.
    """
    head = ledger.head()
    patience = Patience(chain.rpc)
    if head is None or _is_on_chain(patience, head):
        return None
    shared = _common_ancestor(ledger, patience, head)
    with transaction(ledger.con):
        ledger.keep_to(shared)
    return shared.number if shared is not None else ledger.first_block - 1


def _common_ancestor(ledger: Ledger, patience: Patience, head: BlockStamp) -> BlockStamp | None:
    """Bisects the blocks whose hashes are known; they agree up to some block and differ above it."""
    shared: BlockStamp | None = None
    low, high = ledger.first_block - 1, head.number
    while (middle := _known_between(ledger, low, high)) is not None:
        if _is_on_chain(patience, middle):
            shared, low = middle, middle.number
        else:
            high = middle.number
    return shared


def _known_between(ledger: Ledger, low: int, high: int) -> BlockStamp | None:
    """A known block above one and below another, as near to the middle as there is one."""
    row = ledger.con.execute(
        "SELECT number, hash, time FROM block WHERE number > $low AND number < $high "
        "ORDER BY abs(2 * number - $low - $high), number LIMIT 1",
        {"low": low, "high": high},
    ).fetchone()
    return None if row is None else BlockStamp(*row)


def _is_on_chain(patience: Patience, stamp: BlockStamp) -> bool:
    try:
        (header,) = headers(patience, [stamp.number])
    except ChainReorganised:
        return False  # the chain is shorter now
    return header.stamp.hash == stamp.hash
