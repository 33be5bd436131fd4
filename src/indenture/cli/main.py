"""The command ``indenture``: it reads its arguments, calls one method of a client, and prints."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any

import click

from indenture.cli._group import Suggesting
from indenture.cli._session import Settings, root_options, say
from indenture.errors import IndentureError

INTERRUPTED = 130
UNEXPECTED = 1

# Where each command lives; a module is imported when one of its commands is asked for.
_COMMANDS = {
    "demo": "play",
    "play": "play",
    "deploy": "deploy",
    "key": "key",
    "member": "member",
    "cash": "cash",
    "issue": "issue",
    "offer": "offer",
    "syndicate": "syndicate",
    "bid": "bid",
    "deposit": "deposit",
    "trade": "trade",
    "claims": "claims",
    "holdings": "holdings",
    "calendar": "calendar",
    "benchmark": "benchmark",
    "fix": "fixing",
    "defer": "fixing",
    "renew": "fixing",
    "rights": "rights",
    "call": "call",
    "put": "put",
    "event": "event",
    "extend": "call",
    "buyback": "buyback",
    "sinking": "sinking",
    "action": "action",
    "coupon": "coupon",
    "redeem": "coupon",
    "default": "default",
    "recovery": "recovery",
    "terms": "terms",
    "accrued": "fixing",
    "schedule": "schedule",
    "audit": "audit",
    "ledger": "ledger",
}

_EPILOG = """\b
Examples:
  indenture demo                  a bond's whole life on a private chain, audited
  indenture schedule TERMS.yaml   the cash flows of a term sheet

\b
Exit codes:
    0  done
    1  an answer of no, or a fault of this program
    2  what was given is wrong: an option, an identifier, an amount, a file
    3  this machine lacks something: anvil, a free port, a key
    4  the node is down, slow, or another chain than expected
    5  the deployment file is missing, or does not fit the chain
    6  a transaction was not taken, was replaced, or is not mined yet
    7  a contract refused, or would
    8  the audit found a difference
  130  interrupted
"""


class _Root(Suggesting):
    """Finds commands by name, and loads no module before it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"indenture.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # Before click sees it: it would print a line of its own.
            raise _Interrupted from None


class _Interrupted(Exception):  # not an error
    """Ctrl-C."""


@click.group(
    cls=_Root,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="indenture", prog_name="indenture")
@root_options
def cli() -> None:
    """Issue, settle, pay, redeem and audit bonds among the members of a depository.

    Whatever sends a transaction shows what it will do and asks first, unless --yes is given. Keys come from
    an encrypted keystore or from the environment variable INDENTURE_KEY, never from an argument.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    settings = Settings()
    with _ended_in_order():
        return _run(arguments, settings)


def _run(arguments: Sequence[str] | None, settings: Settings) -> int:
    try:
        code = cli.main(arguments, prog_name="indenture", standalone_mode=False, obj=settings)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (_Interrupted, click.Abort, KeyboardInterrupt):
        say("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        # Its reader has gone; Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNEXPECTED
    except IndentureError as error:
        _explain(error.message, error.hint, debug=settings.debug)
        return error.exit_code
    except Exception as fault:  # noqa: BLE001  # the last resort: a person should never meet a bare traceback
        _explain(
            f"unexpected: {type(fault).__name__}: {fault}",
            "This is a fault of the program; --debug shows where.",
            debug=settings.debug,
        )
        return UNEXPECTED


def _explain(message: str, hint: str, *, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    say(f"Error: {message}")
    if hint:
        say(hint)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """SIGTERM ends the program as an error does, so that whatever it started is ended too."""

    def terminate(number: int, frame: FrameType | None) -> None:
        del frame
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
