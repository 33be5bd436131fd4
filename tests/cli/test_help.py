"""Every command has help that a newcomer can follow, and it is in the docs."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from scripts import make_cli_docs
from tests.cli.conftest import Run

from indenture.cli.main import cli
from indenture.errors import IndentureError

pytestmark = pytest.mark.unit

COMMANDS = dict(make_cli_docs.walk())
LEAVES = {words: command for words, command in COMMANDS.items() if not isinstance(command, click.Group)}


def _families(family: type[IndentureError] = IndentureError) -> Iterator[type[IndentureError]]:
    yield family
    for child in family.__subclasses__():
        yield from _families(child)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help__of_every_command__says_what_it_does(words: tuple[str, ...], run: Run) -> None:
    outcome = run(*words[1:], "--help")

    assert outcome.code == 0
    assert outcome.err == ""
    summary = (COMMANDS[words].help or "").splitlines()[0]
    assert summary.endswith("."), "the first line is a sentence"
    assert len(summary) <= 80, "the list of commands shows it whole"


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_help__of_every_command_that_acts__has_an_example_of_itself(words: tuple[str, ...]) -> None:
    assert " ".join(words) in (LEAVES[words].epilog or "")


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_help__of_every_option__is_there(words: tuple[str, ...]) -> None:
    for parameter in LEAVES[words].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith("."), parameter.name


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_help__of_every_example__is_parsed(words: tuple[str, ...]) -> None:
    """An example whose options do not exist teaches nothing."""
    epilog = (LEAVES[words].epilog or "").replace("\\\n", " ")
    for line in epilog.splitlines():
        if not line.strip().startswith("indenture "):
            continue
        arguments = line.split(">")[0].split()[len(words) :]
        known = {name for parameter in LEAVES[words].params for name in parameter.opts}
        assert {a for a in arguments if a.startswith("--")} <= known


def test_help__of_the_root__has_every_exit_code() -> None:
    codes = {family.exit_code for family in _families()}

    listed = {int(line.split()[0]) for line in (cli.epilog or "").splitlines() if line.strip()[:1].isdigit()}

    assert codes <= listed


def test_help__no_option__takes_a_key() -> None:
    """An argument is in the shell's history and in everybody's list of processes."""
    names = {
        option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts
    }

    assert not [name for name in names if "key" in name and name != "--keystore"]
    assert not [name for name in names if "passphrase" in name and name != "--passphrase-file"]


def test_docs__cli_md__is_fresh() -> None:
    text = make_cli_docs.FILE.read_text(encoding="utf-8")

    assert text == make_cli_docs.document(), "run python scripts/make_cli_docs.py"
