"""The last act: everything is replayed from the chain's own record, and proved against its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from indenture.audit import audit
from indenture.play.acts.base import Act

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class Audit(Act):
    """Replays the chain from the deployment on, compares, and proves."""

    word: ClassVar[str] = "audit"

    def title(self) -> str:
        """What is about to happen."""
        return "Audit"

    def perform(self, stage: Stage) -> str:
        """Audits; what was found is kept for the result, so that it is printed whole."""
        found = audit(
            stage.chain,
            stage.suite.deployment,
            proving=True,
            report=stage.report,
            progress=stage.progress,
        )
        stage.audited = found
        return f"{found.events:,} events, differences: {found.differences}"
