"""Time: it moves on the private chain only, and only forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from indenture.play.acts.base import Act, Later
from indenture.play.fields import Instant

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class AdvanceTo(Act):
    """Moves the chain's clock.

    Attributes:
        at: Instant of the next block.
    """

    word: ClassVar[str] = "advance_to"
    at: Annotated[Instant, Later()]

    def title(self) -> str:
        """What is about to happen."""
        return "Wait"

    def perform(self, stage: Stage) -> str:
        """Mines a block at the instant."""
        stage.time.mine(at=self.at)
        return stage.clock()
