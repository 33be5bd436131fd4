"""The ledger of events: read from a node, asked with SQL, exported for engines beyond one machine."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click

from indenture.cli._asking import AT, SPARK, At, answer_view, answered, engine_of, exact_rows, pairs_of, timed
from indenture.cli._blocks import BLOCK
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View
from indenture.cli._output import facts as facts_view
from indenture.cli._progress import progress_of, working
from indenture.cli._session import Session, offline, reads
from indenture.errors import InputError

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_PART_NOTE = "Name a part to see its rows; --json has the rows of all."
_LEDGER = click.argument("ledger_", metavar="LEDGER", type=click.Path(path_type=Path))


@click.group(cls=InOrder)
def ledger() -> None:
    """Read every event into one file, and ask it anything in SQL.

    LEDGER is a DuckDB file that `read` made, or a folder that `export` made of one. No key is needed, and no
    node but to read.
    """


@ledger.command(
    epilog=examples(
        "indenture ledger read events.duckdb --rpc http://127.0.0.1:8545",
        "indenture ledger read events.duckdb --to 2019-12-31T23:59+08:00",
    )
)
@reads
@click.argument("file", type=_FILE)
@click.option(
    "--to",
    type=BLOCK,
    metavar="BLOCK",
    help="Last block: a number, latest, safe, finalized, or an instant with its zone; else the newest.",
)
def read(session: Session, file: Path, to: At) -> View:
    """Read every event of the suite into FILE, or what is new since the last time.

    It may be stopped at any moment and goes on where it was. What a reorganisation took from the chain is
    forgotten first. What is no event of the suite is counted as an anomaly: the audit tells more.
    """
    from indenture.ledger import Ledger, ingest

    chain = session.chain
    tag = "latest" if to is None else to
    last = chain.block_at(tag) if isinstance(tag, datetime) else chain.block_stamp(tag)
    with Ledger.open(file, session.deployment, genesis=chain.block_stamp(0).hash) as opened:
        with progress_of("Ledger") as progress:
            found = ingest(opened, chain, to=last, progress=progress)
        anomalies = len(opened.anomalies())
    facts = {
        "Ledger": str(file),
        "First block read": None if found.first_block > found.last_block else found.first_block,
        "Last block": found.last_block,
        "Events read": found.events,
        "Anomalies": anomalies,
        "Seconds": Decimal(f"{found.seconds:.1f}"),
        "Rewound to": found.rewound_to,
    }
    return facts_view("Read", facts)


@ledger.command(
    epilog=examples(
        "indenture ledger ask",
        "indenture ledger ask events.duckdb cash",
        "indenture ledger ask events.duckdb 1 isin=CND100000015 --at 2019-12-31T17:00+08:00",
        "indenture ledger ask parquet/ late_payments --spark 'local[2]'",
    )
)
@offline
@click.argument("ledger_", metavar="[LEDGER]", type=click.Path(path_type=Path), required=False)
@click.argument("question", required=False)
@click.argument("parameters", metavar="[NAME=VALUE]...", nargs=-1)
@AT
@SPARK
def ask(
    session: Session,
    ledger_: Path | None,
    question: str | None,
    parameters: tuple[str, ...],
    at: At,
    spark: str | None,
) -> View:
    """Answer a worked question, by its number or its name.

    Without LEDGER it lists the questions with what each needs; docs/questions.md has them with their
    answers. Amounts are in base units of the currency: fen for CNY. Times are UTC.
    """
    del session
    from indenture.ledger.questions import question as question_of

    if ledger_ is None:
        return _list()
    if question is None:
        raise InputError("no question was asked", hint="`indenture ledger ask` lists them, with their names.")
    return answered(question_of(question), ledger_, pairs_of(parameters), at, spark)


@ledger.command(
    epilog=examples(
        "indenture ledger holders events.duckdb CND100000015",
        "indenture ledger holders events.duckdb CND100000015 --at 1200 --json",
    )
)
@offline
@_LEDGER
@click.argument("isin")
@AT
@SPARK
def holders(session: Session, ledger_: Path, isin: str, at: At, spark: str | None) -> View:
    """Show who held a bond, and how much of it was frozen or bound."""
    del session
    from indenture.ledger.questions import question

    return answered(question("holders"), ledger_, {"isin": isin}, at, spark)


@ledger.command(
    "state",
    epilog=examples(
        "indenture ledger state events.duckdb --at 1200",
        "indenture ledger state events.duckdb positions --at 2019-12-31T17:00+08:00",
        "indenture ledger state events.duckdb --at 1200 --json > state.json",
    ),
)
@offline
@_LEDGER
@click.argument("part", required=False)
@AT
@SPARK
def state_command(session: Session, ledger_: Path, part: str | None, at: At, spark: str | None) -> View:
    """Rebuild the whole state as of a block, or one PART of it.

    Members, powers, terms, registers with what is frozen and bound, record dates, payments, claims, books of
    offerings, deposits, cash and allowances: what was in force then, by the events until then. Without PART
    it lists the parts with their rows, and --json has them all.
    """
    del session
    from indenture.ledger.state import part as part_of
    from indenture.ledger.state import state

    with engine_of(ledger_, at, spark) as engine, working("Rebuilding the state"):
        found = state(engine, None if part is None else [part])
    if part is not None:
        return answer_view(part, found.parts[part], (part_of(part).about,))
    when = {"block": found.block, "time": timed(found.time)}
    rows = [
        {
            "part": name,
            "rows": len(answer.rows),
            "what it holds": part_of(name).about.split(". ")[0].rstrip("."),
        }
        for name, answer in found.parts.items()
    ]
    data = {**when, "parts": {name: exact_rows(answer) for name, answer in found.parts.items()}}
    return View(data, [Facts("State", when), Grid("Parts", rows, notes=(_PART_NOTE,))])


@ledger.command(
    epilog=examples(
        'indenture ledger query events.duckdb "SELECT kind, sum(units) FROM unit_movements GROUP BY kind"',
        "indenture ledger query parquet/ - --spark spark://host:7077 < question.sql",
    )
)
@offline
@_LEDGER
@click.argument("sql")
@click.argument("parameters", metavar="[NAME=VALUE]...", nargs=-1)
@AT
@SPARK
def query(
    session: Session, ledger_: Path, sql: str, parameters: tuple[str, ...], at: At, spark: str | None
) -> View:
    """Run SQL over event tables and views; - reads it from standard input.

    $name in it stands for a parameter. `tables` names views and tables; docs/questions.md shows how they are
    used.
    """
    del session
    text = sys.stdin.read() if sql == "-" else sql
    with engine_of(ledger_, at, spark) as engine, working("Running the query"):
        return answer_view("Rows", engine.run(text, pairs_of(parameters)), ())


@ledger.command(
    epilog=examples(
        "indenture ledger tables events.duckdb",
        "indenture ledger tables events.duckdb payouts",
    )
)
@offline
@_LEDGER
@click.argument("name", required=False)
def tables(session: Session, ledger_: Path, name: str | None) -> View:
    """List views and event tables with their rows, or the columns of one."""
    del session
    from indenture.ledger import catalog

    with engine_of(ledger_, None, None) as engine:
        if name is not None:
            found = catalog.columns(engine, name)
            columns: list[dict[str, object]] = [{"column": column, "type": kind} for column, kind in found]
            return View(columns, [Grid(name, columns, notes=tuple(filter(None, [catalog.about(name)])))])
        rows: list[dict[str, object]] = [asdict(entry) for entry in catalog.listed(engine)]
    shown = [row for row in rows if row["rows"] or row["about"]]
    left_out = f"Event tables without rows are left out: {len(rows) - len(shown)}; --json has them."
    return View(rows, [Grid("Views and tables", shown, notes=(left_out,))])


@ledger.command(
    epilog=examples(
        "indenture ledger export events.duckdb parquet/",
        "indenture ledger export events.duckdb parquet/ --blocks 100000",
    )
)
@offline
@click.argument("file", type=_FILE)
@click.argument("folder", type=_FOLDER)
@click.option(
    "--blocks",
    type=click.IntRange(min=1),
    metavar="N",
    help="Blocks of a range; a million unless given, and always that of the folder.",
)
def export(session: Session, file: Path, folder: Path, blocks: int | None) -> View:
    """Write the tables as Parquet, a folder a table and a file a range of blocks.

    Run again, it writes the ranges that are new or have changed. docs/scale.md tells how to use them with
    Spark.
    """
    del session
    from indenture.ledger import Ledger, parquet

    with Ledger.read(file) as opened, progress_of("Export") as progress:
        found = parquet.export(opened.con, folder, blocks=blocks, progress=progress)
    facts = {
        "Folder": str(found.folder),
        "Ranges": found.ranges,
        "Ranges written": found.written,
        "Files written": found.files,
        "Bytes": found.size,
    }
    return facts_view("Exported", facts)


def _list() -> View:
    from indenture.ledger.questions import questions

    shown: list[dict[str, object]] = []
    exact: list[dict[str, object]] = []
    for question in questions():
        row: dict[str, object] = {
            "number": question.number,
            "name": question.name,
            "question": question.title,
        }
        needs = ", ".join(f"{p.name}?" if p.is_optional else p.name for p in question.parameters)
        shown.append({**row, "needs": needs})
        parameters = [asdict(parameter) for parameter in question.parameters]
        exact.append({**row, "parameters": parameters, "answer": question.answer})
    note = "A block is the last one unless --at names another; what has a question mark may be left out."
    return View(exact, [Grid("Questions", shown, notes=(note,))])
