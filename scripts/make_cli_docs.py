"""Writes docs/cli.md from the help of every command.

python scripts/make_cli_docs.py            write the file
python scripts/make_cli_docs.py --check    write nothing; fail when the file is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from indenture.cli.main import cli

FILE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """# The command line

Written by `scripts/make_cli_docs.py` from the help of each command; do not edit.
Results go to stdout, as a table or with `--json` as JSON; questions, progress and errors go to stderr.
"""
WIDTH = 100


def main() -> int:
    text = document()
    if "--check" not in sys.argv[1:]:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(text, encoding="utf-8")
        return 0
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
        print(f"{FILE.name} is stale: run python scripts/make_cli_docs.py", file=sys.stderr)
        return 1
    return 0


def document() -> str:
    """The whole file."""
    parts = [HEAD]
    for words, command in walk():
        level = "##" if len(words) <= 2 else "###"
        parts.append(f"{level} {' '.join(words)}\n\n```text\n{help_of(words, command)}\n```\n")
    return "\n".join(parts)


def walk(
    command: click.Command = cli, words: tuple[str, ...] = ("indenture",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command, with the words that call it, groups before what is in them."""
    yield words, command
    if isinstance(command, click.Group):
        context = context_of(words, command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from walk(found, (*words, name))


def context_of(words: tuple[str, ...], command: click.Command) -> click.Context:
    """A context whose help does not depend on the terminal."""
    return click.Context(
        command,
        info_name=" ".join(words),
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=cli.context_settings["help_option_names"],
    )


def help_of(words: tuple[str, ...], command: click.Command) -> str:
    """What --help prints."""
    return "\n".join(
        line.rstrip() for line in command.get_help(context_of(words, command)).splitlines()
    ).strip()


if __name__ == "__main__":
    sys.exit(main())
