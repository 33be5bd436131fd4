"""Reference rates, price indices and verified figures: defined, published, shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts, grid
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, AMOUNT, DAY, sent
from indenture.errors import InputError, InvalidAmount
from indenture.money import to_decimal

if TYPE_CHECKING:
    from indenture.figures import BenchmarkInfo, PublishedValue
    from indenture.results import PublicationResult

_KINDS = ("rate", "overnight", "level", "figure")
_LATEST = 10
_DAY_MINUTES = 24 * 60


@click.group(cls=InOrder)
def benchmark() -> None:
    """Define benchmarks, publish their values, and look at them.

    Values of rates are percent a year: 2.5 is 2.5 %. Price indices are published for the first of a month.
    A value counts once it can be corrected no more. What bonds do with them is in docs/interest.md.
    """


@benchmark.command("list", epilog=examples("indenture benchmark list"))
@reads
def list_(session: Session) -> View:
    """List the benchmarks of the depository."""
    from indenture.roles import all_benchmarks

    rows = [_row(each) for each in all_benchmarks(session.suite)]
    return grid("Benchmarks", rows, empty="None is defined: indenture benchmark define.")


@benchmark.command(
    "define",
    epilog=examples(
        "indenture benchmark define SHIBOR3M --kind rate --market CN-IB \\",
        "    --administrator 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC --correctable-minutes 30",
        "indenture benchmark define ESTR --kind overnight --market T2 --basis 360 \\",
        "    --administrator 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@sends
@click.argument("code")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What its values are.")
@click.option("--administrator", type=ADDRESS, required=True, help="Account that alone publishes it.")
@click.option("--market", required=True, help="Market on whose business days it is published.")
@click.option(
    "--basis",
    type=click.Choice(["360", "365"]),
    help="Days of a year that an overnight rate counts by; only for those.",
)
@click.option(
    "--correctable-minutes",
    type=click.IntRange(0, 7 * 24 * 60),
    default=0,
    show_default=True,
    help="How long a published value can be corrected; it counts after that. At most a week, an overnight "
    "rate less than a day.",
)
def define(
    session: Session,
    code: str,
    kind: str,
    administrator: str,
    market: str,
    basis: str | None,
    correctable_minutes: int,
) -> View:
    """Define the benchmark CODE for all bonds (depository). Its definition stays."""
    from indenture.interest import BenchmarkKind
    from indenture.roles import Depository

    if (basis is None) == (kind == "overnight"):
        raise InputError(
            "--basis is needed for an overnight rate"
            if basis is None
            else f"--basis says nothing of a {kind}",
            hint="An overnight rate counts by 360 or 365 days; all others by none.",
        )
    if kind == "overnight" and correctable_minutes >= _DAY_MINUTES:
        raise InputError(
            f"an overnight rate cannot be corrected for {correctable_minutes:,} minutes",
            hint=f"The next night compounds on it: give --correctable-minutes below {_DAY_MINUTES:,}, a day.",
        )
    correctable = timedelta(minutes=correctable_minutes)
    session.agree(
        f"Define the benchmark {code}: {kind}, by the business days of {market}",
        f"published by {administrator}",
        f"correctable for {correctable}" if correctable else "not correctable",
    )
    result = session.role(Depository).register_benchmark(
        code,
        BenchmarkKind[kind.upper()],
        administrator,
        market=market,
        basis=int(basis or 0),
        correctable_for=correctable,
    )
    return facts("Benchmark defined", {"code": code, "kind": kind, **sent(result)})


@benchmark.command(
    "publish",
    epilog=examples(
        "indenture benchmark publish SHIBOR3M 2025-09-19 1.5930",
        "indenture benchmark publish ESTR --file estr-2025-09.csv --yes",
    ),
)
@sends
@click.argument("code")
@click.argument("day", type=DAY, required=False)
@click.argument("value", type=AMOUNT, required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Many values: a line «2025-09-19,1.5930» for each day.",
)
def publish(session: Session, code: str, day: date | None, value: Decimal | None, file: Path | None) -> View:
    """Publish the VALUE of CODE for DAY (administrator).

    With --file many days at once, in their order; days that have the same value already are passed over, so
    that it can be done again after a fault.
    """
    from indenture.roles import BenchmarkAdministrator

    values = _values(day, value, file)
    first, last = min(values), max(values)
    what = f"{values[first]} for {first}" if len(values) == 1 else f"{len(values)} values, {first} to {last}"
    session.agree(f"Publish {code}: {what}")
    with progress_of("Publish") as progress:
        result = session.role(BenchmarkAdministrator).publish_many(code, values, progress=progress)
    return _published("Published", code, result)


@benchmark.command("correct", epilog=examples("indenture benchmark correct SHIBOR3M 2025-09-19 1.5940"))
@sends
@click.argument("code")
@click.argument("day", type=DAY)
@click.argument("value", type=AMOUNT)
def correct(session: Session, code: str, day: date, value: Decimal) -> View:
    """Correct the VALUE of CODE for DAY, while it does not count (administrator)."""
    from indenture.roles import BenchmarkAdministrator

    session.agree(f"Correct {code} of {day} to {value}")
    return _published("Corrected", code, session.role(BenchmarkAdministrator).correct(code, day, value))


@benchmark.command(
    "hand-over",
    epilog=examples(
        "indenture benchmark hand-over SHIBOR3M 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    ),
)
@sends
@click.argument("code")
@click.argument("account", type=ADDRESS)
def hand_over(session: Session, code: str, account: str) -> View:
    """Have ACCOUNT publish CODE from now on (depository)."""
    from indenture.roles import Depository

    session.agree(f"Have {account} publish {code} from now on")
    result = session.role(Depository).set_administrator(code, account)
    return facts("Handed over", {"code": code, "administrator": account, **sent(result)})


@benchmark.command(
    "show",
    epilog=examples("indenture benchmark show SHIBOR3M", "indenture benchmark show ESTR --from 2025-09-01"),
)
@reads
@click.argument("code")
@click.option("--from", "start", type=DAY, help="First day; the latest ten values unless given.")
@click.option("--to", "end", type=DAY, help="Last day; the latest unless given.")
def show(session: Session, code: str, start: date | None, end: date | None) -> View:
    """Show the benchmark CODE and its values."""
    from indenture.roles import benchmark_info, published_values

    about = _row(benchmark_info(session.suite, code))
    found = published_values(session.suite, code, start, end)
    shown = found if start or end else found[-_LATEST:]
    rows = [_value(each, session) for each in shown]
    return View(
        {**facts("", about).data, "values": rows},
        [Facts(code, about), Grid("Values", rows, empty="None is published.")],
    )


def _values(day: date | None, value: Decimal | None, file: Path | None) -> dict[date, Decimal]:
    if file is None:
        if day is None or value is None:
            raise InputError("nothing to publish", hint="Give DAY and VALUE, or --file.")
        return {day: value}
    if day is not None:
        raise InputError("--file and DAY both say what to publish", hint="Give one of them.")
    found: dict[date, Decimal] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if not bare:
            continue
        try:
            name, number_text = (part.strip() for part in bare.split(","))
            own = date.fromisoformat(name)
            amount = to_decimal(number_text)
        except (ValueError, InvalidAmount):
            raise InputError(
                f"{file}: line {number}, {bare!r}, is not a day and a value",
                hint="Write it as 2025-09-19,1.5930.",
            ) from None
        if own in found:
            raise InputError(f"{file}: line {number} names {own} twice", hint="Leave one of them out.")
        found[own] = amount
    if not found:
        raise InputError(f"{file} has no values", hint="Write a line such as 2025-09-19,1.5930 for each day.")
    return found


def _row(each: BenchmarkInfo) -> dict[str, object]:
    return {
        "code": each.code,
        "kind": each.kind,
        "market": each.market,
        "basis": each.basis or None,
        "administrator": each.administrator,
        "correctable for": str(each.correctable_for),
        "latest": each.last_day,
    }


def _value(each: PublishedValue, session: Session) -> dict[str, object]:
    counts = session.chain.block_stamp().time >= each.final_at
    return {
        "day": each.day,
        "value": each.value,
        "counts": counts,
        "from": each.final_at,
        "index": each.index,
    }


def _published(title: str, code: str, result: PublicationResult) -> View:
    about: dict[str, object] = {
        "code": code,
        "published": result.count,
        "there before": len(result.there),
        "counts from": result.values[-1].final_at if result.values else None,
        "transactions": [each.tx_hash for each in result.transactions],
    }
    rows = [{"day": each.day, "value": each.value} for each in result.values]
    return View({**facts("", about).data, "values": rows}, [Facts(title, about), Grid("Values", rows)])
