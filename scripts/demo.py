"""ape run demo: a bond's whole life on a private chain; the same as `indenture demo`, with the same options.

The case begins in 2019, so it starts a chain of its own, at that time, and not the one that ape connects to.
"""

import sys

import click

from indenture.cli.main import main


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def cli(options: tuple[str, ...]) -> None:
    sys.exit(main(["demo", *options]))
