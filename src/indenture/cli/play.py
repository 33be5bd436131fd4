"""Cases: ``indenture demo`` and ``indenture play``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indenture.cli._help import examples
from indenture.cli._narrator import narration
from indenture.cli._output import Facts, Grid, View, grid
from indenture.cli._session import Session, plays
from indenture.cli.audit import audit_view

if TYPE_CHECKING:
    from indenture.play import LifePlayed, LivesResult, PlayResult

DEMO = "boc-2019"
LIVES = "lives"
REPORTS = Path("build/report")


def _play_options(function: Callable[..., Any]) -> Callable[..., Any]:
    report = click.option(
        "--report",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help=f"Folder for the audit's report; {REPORTS}/CASE unless given.",
    )
    seed = click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        help="Where keys and amounts that are drawn come from.",
    )
    return report(seed(function))


@click.command(epilog=examples("indenture demo", "indenture demo --json > demo.json"))
@plays
@_play_options
def demo(session: Session, report: Path | None, seed: int) -> View:
    """Play the demonstration: a bond's whole life, audited.

    The same as «indenture play boc-2019».

    Bank of China's bond of 2019, CNY 20bn for small and micro enterprises, on a private chain: members
    are admitted, the book is built, allocated and settled, bonds are traded against cash, coupons paid,
    the principal repaid, and an auditor without any key replays it all. It takes less than a minute, and
    leaves nothing running.
    """
    return _play(session, DEMO, report, seed)


@click.command(
    epilog=examples(
        "indenture play --list",
        "indenture play boc-2019 --seed 7",
        "indenture play lives",
        "indenture play ./my-case --report build/my-report",
    )
)
@plays
@click.argument("case", required=False)
@click.option("--list", "list_cases", is_flag=True, help="Show the cases that there are.")
@_play_options
def play(session: Session, case: str | None, report: Path | None, seed: int, *, list_cases: bool) -> View:
    """Play a case on a private chain, and audit it.

    CASE is the name of a case, or a folder with case.yaml and acts.yaml. With --rpc it is played on a
    development node that is there, whose clock it moves; with --deployment on a suite that is there, with
    the depository's key from a keystore or INDENTURE_KEY.

    «lives» plays no case but one bond of each kind, from its registration to its last payment, all on one
    chain: fixed, step, zero, floating, compounded, inflation-linked, amortising, perpetual and others;
    called, put, bought back, drawn by lot, extended, amended and in default; with what was paid, withheld
    and left over. It takes a minute or two.
    """
    if list_cases:
        return _list()
    if case is None:
        raise click.UsageError("Name a case, or ask for --list.")
    if case == LIVES:
        return _play_lives(session, report, seed)
    return _play(session, case, report, seed)


def _list() -> View:
    from indenture.play import available_cases, load_case, load_lives

    cases = [*(load_case(name) for name in available_cases()), load_lives().case]
    return grid(
        "Cases",
        [
            {"case": case.name, "title": case.title, "members": len(case.parties), "acts": len(case.steps)}
            for case in cases
        ],
    )


def _play(session: Session, name: str, report: Path | None, seed: int) -> View:
    from indenture.play import load_case, play

    case, typed = load_case(name), _typed(session)
    with narration(case.title) as narrator:
        result = play(
            case,
            narrator=narrator,
            chain=session.chain if "rpc" in typed else None,
            deployment=session.deployment if "deployment" in typed else None,
            account=session.account if "deployment" in typed else None,
            report=report or REPORTS / case.name,
            seed=seed,
        )
    return _view(result)


class _Figure(Decimal):
    """An amount whose currency stands above the table."""

    def __str__(self) -> str:
        return super().__format__(",f")

    def __format__(self, specifier: str, /, *_: object) -> str:
        return str(self)


def _play_lives(session: Session, report: Path | None, seed: int) -> View:
    from indenture.play import load_lives, play_lives

    typed = _typed(session)
    if "deployment" in typed:
        raise click.UsageError("The lives deploy a suite of their own: leave --deployment out.")
    lives = load_lives()
    with narration(lives.case.title) as narrator:
        result = play_lives(
            lives,
            narrator=narrator,
            chain=session.chain if "rpc" in typed else None,
            report=report or REPORTS / LIVES,
            seed=seed,
        )
    return _lives_view(result)


def _typed(session: Session) -> set[str]:
    """Only what was typed: a node that the environment names for other commands is no stage."""
    there = {option for option in ("rpc", "deployment") if getattr(session.settings, option)}
    return there - session.settings.from_environment


def _lives_view(result: LivesResult) -> View:
    """One row a life, in a table for each currency."""
    by_currency: dict[str, list[dict[str, object]]] = {}
    beside: dict[str, list[dict[str, object]]] = {}
    for life in result.lives:
        row = {
            "Kind": life.kind,
            "ISIN": life.isin,
            "Payments": f"{life.payments} of {life.periods}",
            "Interest": _Figure(life.interest.amount),
            "Principal": _Figure(life.principal.amount),
            "Tax": _Figure(life.tax.amount),
            "Left": _Figure(life.residues.amount),
            "Fixed": life.fixings,
            "Diff.": life.differences,
        }
        code = life.principal.currency.code
        by_currency.setdefault(code, []).append(row)
        if life.redemptions or life.recoveries or life.penalty.base:
            beside.setdefault(code, []).append(_beside(life))
    grids = [Grid(f"Lives, in {code}", rows) for code, rows in by_currency.items()]
    grids += [Grid(f"Beside what was scheduled, in {code}", rows) for code, rows in beside.items()]
    audited = audit_view(result.audit)
    blocks = [*grids, _audit_facts(result), *audited.blocks[1:]]
    return View(result.as_json(), blocks, audited.exit_code)


def _beside(life: LifePlayed) -> dict[str, object]:
    """Events that took units, interest for being late, and recoveries, of a life that had some."""
    return {
        "Kind": life.kind,
        "Events": life.redemptions,
        "Penalty": _Figure(life.penalty.amount),
        "Recoveries": life.recoveries,
        "Recovered": _Figure(life.recovered.amount),
    }


def _audit_facts(result: PlayResult | LivesResult) -> Facts:
    seconds = result.seconds
    return Facts(
        "Audit",
        {
            "Replayed": f"{result.audit.events:,} events of {result.audit.blocks:,} blocks",
            "Differences": result.audit.differences,
            "Report": result.audit.report,
            "Time": f"{seconds['total']:.1f} s, {seconds['audit']:.1f} s of it the audit",
        },
    )


def _view(result: PlayResult) -> View:
    """What was played, as a banker reads it."""
    from indenture.play.tender import tender_facts

    issues = [
        Facts(
            result.title,
            {
                "Issued": f"{bond.isin}, {bond.name}",
                "Amount": f"{bond.amount}, {bond.units:,} units of {bond.face_value}",
                "Holders": f"{bond.holders} accounts of {bond.members} members at issue",
                "Trades": f"{result.trades:,} settled, delivery versus payment",
                "Outstanding": f"{bond.outstanding:,} units" if bond.outstanding else "none: redeemed",
            },
        )
        for bond in result.bonds
    ]
    tenders = [Facts("Tender result", tender_facts(tender)) for tender in result.tenders]
    payments = [
        {"Date": each.date, "Kind": each.kind, "Amount": each.amount, "Holders": each.paid_holders}
        for each in result.payments
    ]
    audited = audit_view(result.audit)
    blocks = [*issues, *tenders, Grid("Paid", payments), _audit_facts(result), *audited.blocks[1:]]
    return View(result.as_json(), blocks, audited.exit_code)
