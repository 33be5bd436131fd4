"""Groups whose commands are listed in the order in which they are used, not by the alphabet."""

from __future__ import annotations

import click


class InOrder(click.Group):
    """Lists its commands as they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands."""
        del ctx
        return list(self.commands)
