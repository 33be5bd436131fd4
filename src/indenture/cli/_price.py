"""A price or a yield, as options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar

import click

from indenture.cli._values import DAY, PERCENT, PRICE
from indenture.errors import InputError

#: Ways to compound a yield, the usual one first.
COMPOUNDINGS = ("compounded", "simple", "simple-then-compounded", "continuous")

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Price:
    """What a bond is valued from.

    Attributes:
        clean: Per 100 of the principal outstanding, without accrued interest.
        dirty: The same with accrued interest.
        yield_percent: Percent a year.
        on: Day of settlement.
        curve: File of zero rates.
        compounding: How the yield is compounded.
    """

    clean: Decimal | None = None
    dirty: Decimal | None = None
    yield_percent: Decimal | None = None
    on: date | None = None
    curve: Path | None = None
    compounding: str = COMPOUNDINGS[0]

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to value from."""
        return any(each is not None for each in (self.clean, self.dirty, self.yield_percent))

    def check(self) -> None:
        """Refuses what contradicts itself.

        Raises:
            InputError: More than one of price and yield, or no day with it.
        """
        given = [
            name
            for name, value in (
                ("--clean", self.clean),
                ("--dirty", self.dirty),
                ("--yield", self.yield_percent),
            )
            if value is not None
        ]
        if len(given) > 1:
            raise InputError(f"{' and '.join(given)} say the same twice", hint="Give one of them.")
        if given and self.on is None:
            raise InputError(f"{given[0]} needs the day of settlement", hint="Add --on 2025-07-01.")
        rests = {
            "--on": self.on,
            "--curve": self.curve,
            "--compounding": self.compounding != COMPOUNDINGS[0],
        }
        if not given and any(rests.values()):
            option = next(name for name, value in rests.items() if value)
            raise InputError(f"{option} needs a price or a yield", hint="Add --clean, --dirty or --yield.")


def price_options(function: F) -> F:
    """The options of ``Price``; the command gets it as ``price``."""

    def run(*args: Any, **given: Any) -> Any:
        names = ("clean", "dirty", "yield_percent", "on", "curve", "compounding")
        return function(*args, price=Price(**{name: given.pop(name) for name in names}), **given)

    wrapped: Any = update_wrapper(run, function)
    for option in reversed(
        (
            click.option("--clean", type=PRICE, help="Price per 100, without accrued interest."),
            click.option("--dirty", type=PRICE, help="Price per 100, with accrued interest."),
            click.option("--yield", "yield_percent", type=PERCENT, help="Yield to the end, percent a year."),
            click.option(
                "--compounding",
                type=click.Choice(COMPOUNDINGS),
                default=COMPOUNDINGS[0],
                metavar="HOW",
                help="How the yield is compounded: compounded, as often as interest is paid, unless given; "
                "simple; simple-then-compounded, not within a period; continuous.",
            ),
            click.option("--on", type=DAY, metavar="DAY", help="Day of settlement: 2025-07-01."),
            click.option(
                "--curve",
                type=click.Path(path_type=Path, dir_okay=False, exists=True),
                metavar="FILE",
                help="Zero rates for the z-spread: a line «2030-07-01,2.15» for each day, percent a year.",
            ),
        )
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]  # a command's function, with options
