"""What was proved against block headers, and what is taken on trust."""

from __future__ import annotations

from typing import Any

from indenture.audit.report.scope import Scope

Facts = dict[str, Any]

PROOFS = "PROVE-"
"""How the ids of checks begin that are made when proving only."""

UNPROVED = (
    "That the node left no event of the suite out and invented none: "
    "its logs were not rebuilt from the receipts of each block.",
    "That the blocks that the node tells of are those of the chain: "
    "no header was recomputed, and nobody else was asked for a hash.",
    "That what the node answers is what its state holds: "
    "no storage and no code was proved against a state root.",
    "That the deployment file names the contracts that are meant.",
)
"""What an audit takes on trust that proves nothing; false answers must still fit each other to go unseen."""


def proof_facts(scope: Scope) -> Facts:
    """Figures of what was proved; what vouches for the headers, what is trusted, what is taken as it is."""
    figures: Facts = {} if scope.proved is None else dict(scope.proved.as_json())
    anchors, trusted = figures.pop("anchors", []), figures.pop("trusted", list(UNPROVED))
    return {
        "proved": figures or None,
        "anchors": anchors,
        "trusted": trusted,
        "believed": [{"contract": b.contract, "name": b.name, "value": b.value} for b in scope.believed],
    }
