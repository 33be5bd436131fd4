"""Groups of commands: listed in the order in which they are used, and found though a name is mistyped."""

from __future__ import annotations

import click

from indenture._slips import nearest


class Suggesting(click.Group):
    """Says which command was meant, where there is none of that name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name, and its arguments."""
        name = args[0]
        if name.startswith("-") or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        meant = nearest(name, self.list_commands(ctx))
        raise click.UsageError(f"No such command {name!r}. {meant}".rstrip(), ctx)


class InOrder(Suggesting):
    """Lists its commands as they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands."""
        del ctx
        return list(self.commands)
