"""The auditor: reads everything, and holds no key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from indenture.chain import Chain
from indenture.deployment import Deployment
from indenture.errors import DeploymentError

if TYPE_CHECKING:
    from indenture.audit import Anchors, AuditResult


class Auditor:
    """Replays a deployment from its events, and compares.  There is no way to give it an account.

    Args:
        chain: A node of the deployment's chain.
        deployment: Where everything is.

    Raises:
        DeploymentError: The deployment is of another chain.
    """

    def __init__(self, chain: Chain, deployment: Deployment) -> None:
        if chain.chain_id != deployment.chain_id:
            raise DeploymentError(
                f"the deployment is of chain {deployment.chain_id}, the node is on chain {chain.chain_id}",
                hint="Give the deployment file of this chain, or a node of the other.",
            )
        self.chain = chain
        self.deployment = deployment

    def audit(
        self,
        *,
        to: int | str | datetime | None = None,
        proving: bool = False,
        anchors: Anchors | None = None,
        ledger: Path | None = None,
        report: Path | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> AuditResult:
        """Rebuilds members, terms, register, offerings, payments and cash, and compares them with the chain.

        Args:
            to: Last block, ``safe`` or ``finalized``, or an instant, for the last block until then; None for
                the newest.
            proving: Whether to prove logs, transactions, state and code against block headers.
            anchors: Hashes of blocks and nodes to hold the chain against.
            ledger: A DuckDB file that keeps the events; the next audit reads only what is new.
            report: A folder for the report, JSON and HTML; None writes none.
            progress: Called with a step, how much of it is done, and how much there is.

        Returns:
            What was replayed, and every difference that was found.
        """
        from indenture.audit import audit

        return audit(
            self.chain,
            self.deployment,
            to=to,
            proving=proving,
            anchors=anchors,
            ledger=ledger,
            report=report,
            progress=progress,
        )
