"""What nodes mean by their errors.

Codes differ by client (-32000, -32003, -32010 for the same thing) and so do the words, so both are read here,
in one table.  What is not in it is ``UNKNOWN``, and unknown never counts as success.
"""

from __future__ import annotations

import enum
import re

from indenture.errors import NodeRefused


class Meaning(enum.Enum):
    """Why a node refused a call or a transaction."""

    KNOWN = "the node has this very transaction already"
    NONCE_USED = "the nonce is used up"
    REPLACEMENT_CHEAP = "another transaction waits at this nonce and pays about as much"
    FEE_LOW = "the fee is below what the chain takes now"
    NO_FUNDS = "the sender cannot pay for gas and value"
    GAS_LIMIT = "the gas limit is too low to start, or above a block's"
    POOL_FULL = "the node's pool is full"
    REVERT = "a contract refused"
    HALT = "the execution ran into the ground"
    UNSUPPORTED = "the node does not offer this method"
    UNKNOWN = "unknown"


# Geth, Anvil, Besu, Nethermind, Erigon, Reth; first match wins.
_WORDS: tuple[tuple[str, Meaning], ...] = (
    (
        r"already known|already imported|alreadyknown|known transaction|already in (the )?mempool",
        Meaning.KNOWN,
    ),
    (
        r"replacement transaction underpriced|replacement.*not allowed"
        r"|underpriced replacement|replacementnotallowed",
        Meaning.REPLACEMENT_CHEAP,
    ),
    (r"nonce too low|nonce.*(below|less than|already used)|oldnonce|nonce_too_low", Meaning.NONCE_USED),
    (
        r"max fee per gas less than|fee.?cap.*(less|below)|underpriced|gas price.*(low|below)|base.?fee"
        r"|feetoolow|tip.*below|effective.*priority fee|max.*priority fee",
        Meaning.FEE_LOW,
    ),
    (
        r"insufficient funds|insufficient (account )?balance|upfront cost exceeds|balance too low|lackoffund",
        Meaning.NO_FUNDS,
    ),
    (
        r"intrinsic gas|exceeds block gas limit|gas limit.*(exceeded|too)|gas required exceeds"
        r"|gas.*(floor|allowance)|max.*gas limit",
        Meaning.GAS_LIMIT,
    ),
    (r"txpool is full|pool is full|discarded|exceeds the.*pool|queue.*limit", Meaning.POOL_FULL),
    (
        r"method.*(not found|not supported|not available|not exist)|not (supported|implemented|whitelisted)"
        r"|unsupported",
        Meaning.UNSUPPORTED,
    ),
    (
        r"out of gas|outofgas|stack (under|over)flow|invalid (opcode|jump)|invalid ?fe|evm error"
        r"|opcodenotfound|contract code size|create.*limit",
        Meaning.HALT,
    ),
    (r"revert", Meaning.REVERT),
)
_TABLE = tuple((re.compile(words, re.IGNORECASE), meaning) for words, meaning in _WORDS)
_UNSUPPORTED_CODE = -32601
_REVERT_CODE = 3


def meaning(refused: NodeRefused) -> Meaning:
    """Reads a node's error."""
    if refused.code == _REVERT_CODE:
        return Meaning.REVERT
    if refused.code == _UNSUPPORTED_CODE:
        return Meaning.UNSUPPORTED
    for words, found in _TABLE:
        if words.search(refused.reason):
            return found
    return Meaning.UNKNOWN


HINTS = {
    Meaning.NONCE_USED: "Another program sends with this key; give each program a key of its own.",
    Meaning.REPLACEMENT_CHEAP: "Wait for the transaction that is there already, or raise its fee.",
    Meaning.FEE_LOW: "The chain became dearer meanwhile; try again, or raise the fee limit.",
    Meaning.NO_FUNDS: "Give the account some of the chain's own coin to pay for gas.",
    Meaning.GAS_LIMIT: "Give another gas limit, or none to have it estimated; split large batches.",
    Meaning.POOL_FULL: "Wait until the node has worked off its queue, then try again.",
}
