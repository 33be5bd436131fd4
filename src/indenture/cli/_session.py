"""What a command works with: its options, the node, the deployment, the key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from indenture._visible import visible_lines
from indenture.cli._output import View, show
from indenture.errors import IndentureError, InputError

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from indenture.chain import Chain, Sender
    from indenture.contracts.bond import Bond
    from indenture.contracts.suite import Suite
    from indenture.deployment import Deployment

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

#: Where a deployment is looked for when none is named.
DEPLOYMENTS = Path("deployments")


@dataclass(slots=True)
class Settings:
    """The options that every command shares; they may stand before or after the command's name.

    Attributes:
        vault: File of salts, bids and keys of books.
        from_environment: Names of those that nobody typed.
    """

    rpc: str | None = None
    deployment: Path | None = None
    keystore: Path | None = None
    passphrase_file: Path | None = None
    as_json: bool = False
    yes: bool = False
    debug: bool = False
    vault: Path | None = None
    from_environment: set[str] = field(default_factory=set)


class Declined(IndentureError):
    """The person said no; nothing was sent."""


class Session:
    """One run of one command; what it does not need it does not ask for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def chain(self) -> Chain:
        """The node."""
        from indenture.chain import Chain

        if not self.settings.rpc:
            raise InputError("no node was named", hint="Give --rpc URL, or put it into INDENTURE_RPC.")
        return Chain.connect(self.settings.rpc)

    @cached_property
    def deployment_file(self) -> Path:
        """The deployment file: the one that was named, else that of the node's chain."""
        return self.settings.deployment or DEPLOYMENTS / f"{self.chain.chain_id}.json"

    @cached_property
    def deployment(self) -> Deployment:
        """Where everything is."""
        from indenture.deployment import Deployment

        return Deployment.load(self.deployment_file)

    @cached_property
    def suite(self) -> Suite:
        """All contracts of the deployment."""
        from indenture.contracts.suite import Suite

        return Suite(self.chain, self.deployment)

    @cached_property
    def account(self) -> LocalAccount:
        """The key: from the keystore that was named, else from the environment."""
        from indenture.chain import load_account

        return load_account(self.settings.keystore, passphrase_file=self.settings.passphrase_file)

    @cached_property
    def sender(self) -> Sender:
        """The account that sends."""
        from indenture.chain import Sender

        return Sender(self.chain, self.account)

    def role(self, client: Callable[[Suite, Sender], T]) -> T:
        """The session's account as a client."""
        return client(self.suite, self.sender)

    def bond(self, isin: str) -> Bond:
        """A bond, by ISIN or address."""
        return self.suite.bond(isin)

    def agree(self, act: str, *details: str) -> None:
        """Shows what is about to be sent, and asks.

        Raises:
            Declined: The answer was no.
            InputError: Nobody can be asked.
        """
        say(act)
        for line in (*details, f"as {self.account.address}, on chain {self.chain.chain_id}"):
            say(f"  {line}")
        if self.settings.yes:
            return
        if not sys.stdin.isatty():
            raise InputError(
                "this sends a transaction, and there is nobody to ask",
                hint="Add --yes when you mean it; nothing was sent.",
            )
        # click's own question leaves a space on stdout, where only results belong.
        click.echo("Send it? [y/N]: ", nl=False, err=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise Declined("nothing was sent")


def say(line: str) -> None:
    """A line for a person, on stderr."""
    click.echo(visible_lines(line), err=True)


def _store(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """An option that was given overrides what stood before the command, or in the environment."""
    settings = context.ensure_object(Settings)
    name = parameter.name or ""
    if value not in (None, False):
        setattr(settings, name, value)
        if context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
            settings.from_environment.add(name)
        else:
            settings.from_environment.discard(name)
    return value


def _option(*names: str, **attributes: Any) -> Callable[[F], F]:
    return click.option(*names, expose_value=False, callback=_store, **attributes)


_FILE = click.Path(path_type=Path, dir_okay=False)


def _options(*, environment: bool) -> dict[str, Callable[[Any], Any]]:
    """The shared options; those before the command's name are read from the environment as well."""

    def env(name: str) -> dict[str, Any]:
        return {"envvar": name, "show_envvar": True} if environment else {}

    return {
        "rpc": _option("--rpc", metavar="URL", help="Address of a node.", **env("INDENTURE_RPC")),
        "deployment": _option(
            "--deployment",
            type=_FILE,
            metavar="FILE",
            help="Deployment file; deployments/<chain-id>.json unless given.",
            **env("INDENTURE_DEPLOYMENT"),
        ),
        "keystore": _option(
            "--keystore",
            type=_FILE,
            metavar="FILE",
            help="Encrypted key to send with; else the key is taken from INDENTURE_KEY.",
            **env("INDENTURE_KEYSTORE"),
        ),
        "passphrase_file": _option(
            "--passphrase-file",
            type=_FILE,
            metavar="FILE",
            help="File whose first line opens the keystore; else INDENTURE_PASSPHRASE, or you are asked.",
        ),
        "yes": _option("--yes", "-y", is_flag=True, help="Send without asking."),
        "as_json": _option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
        "debug": _option("--debug", is_flag=True, help="Show the traceback of an error."),
        "vault": _option(
            "--vault",
            type=_FILE,
            metavar="FILE",
            help="Vault: salts and bids of sealed bids, keys of books; ~/.indenture/vault unless given. "
            "INDENTURE_VAULT_PASSPHRASE opens it, or you are asked.",
            envvar="INDENTURE_VAULT",
            show_envvar=True,
        ),
    }


_READ = ("rpc", "deployment")
_SEND = ("keystore", "passphrase_file", "yes")
_PRINT = ("as_json", "debug")


def root_options(function: F) -> F:
    """All shared options, before the command's name."""
    return _with(function, (*_READ, *_SEND, *_PRINT), environment=True)


def offline(function: Callable[..., View]) -> Callable[..., None]:
    """A command that needs no node."""
    return _with(_printed(function), _PRINT)


def reads(function: Callable[..., View]) -> Callable[..., None]:
    """A command that reads a deployed suite, and needs no key."""
    return _with(_printed(function), (*_READ, *_PRINT))


def plays(function: Callable[..., View]) -> Callable[..., None]:
    """A command that sends to a chain of its own, or to a development node: nobody is asked."""
    return _with(_printed(function), (*_READ, "keystore", "passphrase_file", *_PRINT))


def signs(function: Callable[..., View]) -> Callable[..., None]:
    """A command that needs a key, and sends nothing."""
    return _with(_printed(function), (*_READ, "keystore", "passphrase_file", *_PRINT))


def sends(function: Callable[..., View]) -> Callable[..., None]:
    """A command that sends: it shows what it will do, and asks unless ``--yes``."""
    return _with(_printed(function), (*_READ, *_SEND, *_PRINT))


def keeps_secrets(function: F) -> F:
    """An option for commands that need what the vault keeps; stands below ``sends`` and its kin."""
    return _with(function, ("vault",))


def _with(function: F, names: Sequence[str], *, environment: bool = False) -> F:
    shared = _options(environment=environment)
    for name in reversed(names):
        function = shared[name](function)
    return function


def _printed(function: Callable[..., View]) -> Callable[..., None]:
    """Gives the command its session, and prints its answer."""

    def run(*args: Any, **kwargs: Any) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is not None:
            return  # a group that is a command as well leaves the word to its own
        settings = context.ensure_object(Settings)
        view = function(Session(settings), *args, **kwargs)
        show(view, as_json=settings.as_json)
        if view.exit_code:
            context.exit(view.exit_code)

    return update_wrapper(run, function)
