"""The auditor: holds no key of the suite, believes nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from indenture.cli._audited import audit_view
from indenture.cli._blocks import BLOCK, PIN
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Picture, View
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, offline, signs
from indenture.cli._values import ADDRESS
from indenture.errors import AuditError, InputError

if TYPE_CHECKING:
    from indenture.audit.anchors import Anchors

__all__ = ["audit", "audit_view"]

_FOLDER = click.Path(path_type=Path, file_okay=False)
_REPORT = click.Path(path_type=Path, file_okay=False, exists=True)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(
    cls=InOrder,
    invoke_without_command=True,
    epilog=examples(
        "indenture audit --rpc http://127.0.0.1:8545 --deployment deployments/31337.json --prove",
        "indenture audit --to 2019-12-31T23:59+08:00 --ledger events.duckdb --report build/audit --json",
        "indenture audit --prove --pin 1200=0x83ab... --peer https://another.node",
        "indenture audit --watch --confirmations 2 --push findings.jsonl --push https://desk.example/hook",
        "indenture audit diff build/december build/january",
    ),
)
@signs
@click.option(
    "--to",
    type=BLOCK,
    metavar="BLOCK",
    help="Last block: a number, latest, safe, finalized, or an instant with its zone; else the newest.",
)
@click.option(
    "--confirmations",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Stay so many blocks below the newest.",
)
@click.option(
    "--ledger",
    type=_FILE,
    metavar="FILE",
    help="DuckDB file that keeps all events: the next audit reads only what is new.",
)
@click.option(
    "--prove",
    "proving",
    is_flag=True,
    help="Prove logs, transactions, storage and code against the hashes of blocks.",
)
@click.option(
    "--pin",
    "pins",
    type=PIN,
    multiple=True,
    metavar="N=HASH",
    help="A block's hash that you know from elsewhere; may be repeated. With --prove.",
)
@click.option(
    "--peer",
    "peers",
    multiple=True,
    metavar="URL",
    help="Another node, which must know the same chain; may be repeated. With --prove.",
)
@click.option(
    "--report",
    type=_FOLDER,
    metavar="DIR",
    help="Folder for the report: JSON, a page for a browser, text, and the holders as CSV.",
)
@click.option("--pdf", is_flag=True, help="Write the report as PDF too.")
@click.option("--sign", is_flag=True, help="Sign the report with your own key.")
@click.option("--watch", is_flag=True, help="Go on with every new block, until interrupted.")
@click.option(
    "--push",
    "pushes",
    multiple=True,
    metavar="TARGET",
    help="File to append to, or URL to post to, when a watch finds something; may be repeated.",
)
def audit(session: Session, **options: Any) -> View:
    """Replay the whole history, and compare it with the chain.

    Members, terms, registers, offerings, payments and cash are rebuilt from the events alone; coupons and
    allocations are computed again. With --prove nothing rests on the node's word: docs/audit.md lists what
    then is proved, and what is trusted. The exit code is 0 only when nothing differs, else 8, and the first
    difference is shown: block, transaction, contract, key, expected, found.
    """
    _check(options)
    if options["watch"]:
        return _watch(session, options)
    return _audit(session, options)


def _check(options: dict[str, Any]) -> None:
    """Options that would be without effect are refused: somebody relies on them."""
    lacking = [
        ("--pin or --peer", "--prove", (options["pins"] or options["peers"]) and not options["proving"]),
        ("--push", "--watch", options["pushes"] and not options["watch"]),
        ("--sign", "--report DIR", options["sign"] and not options["report"]),
        ("--pdf", "--report DIR", options["pdf"] and not options["report"]),
    ]
    for given, wanted, wrong in lacking:
        if wrong:
            raise InputError(f"{given} does nothing without {wanted}", hint=f"Add {wanted}, or leave it out.")
    if options["confirmations"] and not isinstance(options["to"], str | None):
        raise InputError(
            "--confirmations does nothing where --to names the block itself",
            hint="Leave one of them out, or give --to latest, safe or finalized.",
        )
    if options["watch"] and (options["report"] or not isinstance(options["to"], str | None)):
        raise InputError(
            "a watch has no last block and no report",
            hint="Leave --report out, and give --to latest, safe or finalized; audit once for a report.",
        )


def _audit(session: Session, options: dict[str, Any]) -> View:
    from indenture.audit import audit as run_audit
    from indenture.audit.report import require_writable
    from indenture.audit.sign import require_own_folder, sign

    chain, deployment = session.chain, session.deployment
    account = session.account if options["sign"] else None  # asked for before the work, not after
    if options["report"] is not None:
        require_writable(options["report"])
    if account is not None:
        require_own_folder(options["report"])
    with progress_of("Audit") as progress:
        found = run_audit(
            chain,
            deployment,
            to=options["to"],
            confirmations=options["confirmations"],
            ledger=options["ledger"],
            proving=options["proving"],
            anchors=_anchors(session, options["pins"], options["peers"]),
            report=options["report"],
            pdf=options["pdf"],
            progress=progress,
        )
    if account is not None:
        sign(options["report"], account)
    return audit_view(found)


def _watch(session: Session, options: dict[str, Any]) -> View:
    from indenture.audit.push import push_to
    from indenture.audit.watch import WatchOptions, watch
    from indenture.cli._watching import Reporter

    how = WatchOptions(
        to=options["to"] or "latest",
        confirmations=options["confirmations"],
        proving=options["proving"],
        anchors=_anchors(session, options["pins"], options["peers"]),
    )
    pushes = [push_to(target) for target in options["pushes"]]
    reporter = Reporter(session.deployment.network, pushes, as_json=session.settings.as_json)
    with progress_of("Audit") as progress:
        seen = watch(
            session.chain, session.deployment, ledger=options["ledger"], options=how, progress=progress
        )
        first = next(seen)
    reporter.show(first)
    for sighting in seen:
        reporter.show(sighting)
    raise AssertionError("a watch has no end")


def _anchors(session: Session, pins: Sequence[tuple[int, str]], peers: Sequence[str]) -> Anchors:
    from indenture.audit.anchors import Anchors
    from indenture.chain import Chain

    by_number = dict(pins)
    for number, block_hash in pins:
        if by_number[number] != block_hash:
            raise InputError(
                f"block {number} is pinned to {by_number[number]} and to {block_hash}",
                hint="A block has one hash: find out which of them is right.",
            )
    if by_number and (number := max(by_number)) > (head := session.chain.block_stamp().number):
        raise InputError(  # said now, not after an hour of reading
            f"block {number} is pinned, and the node's last one is {head}",
            hint="Wait for it, pin an earlier block, or ask a node that is further.",
        )
    nodes = tuple(map(Chain.connect, peers))
    places = [_place(node.rpc.full_url) for node in (session.chain, *nodes)]
    if twice := [node.url for place, node in zip(places[1:], nodes, strict=True) if places.count(place) > 1]:
        raise InputError(
            f"--peer {twice[0]} names the node that is audited, or another one twice",
            hint="Name a node of somebody else: no node vouches for itself.",
        )
    return Anchors(by_number, nodes)


def _place(url: str) -> tuple[str, str]:
    """Where a node is, whatever stands in the URL to be let in."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}", parts.path.rstrip("/")


@audit.command("diff", epilog=examples("indenture audit diff build/december build/january --json"))
@offline
@click.argument("earlier", type=_REPORT, metavar="EARLIER")
@click.argument("later", type=_REPORT, metavar="LATER")
def diff_command(_: Session, earlier: Path, later: Path) -> View:
    """Compare two reports of one deployment: of two blocks, or two auditors.

    Shows whether the later one continues the earlier one's chain, and every finding, holding, balance,
    payment and power that changed. The exit code is 8 when their chains contradict each other.
    """
    from indenture.audit.diff import diff

    found = diff(earlier, later)
    blocks = [Picture("Two reports", lambda _: found.as_text().splitlines())]
    broken = found.continuity.verdict == "broken"
    return View(found.as_json(), blocks, AuditError.exit_code if broken else 0)


@audit.command("verify", epilog=examples("indenture audit verify build/december --signer 0x1234..."))
@offline
@click.argument("folder", type=_REPORT, metavar="DIR")
@click.option("--signer", type=ADDRESS, metavar="ADDRESS", help="Who must have signed it.")
def verify_command(_: Session, folder: Path, signer: str | None) -> View:
    """Check who signed a report, and that not a byte of it has changed."""
    from indenture.audit.sign import verify

    signed = verify(folder, signer=signer)
    data = asdict(signed)
    shown = {
        "Signed by": signed.address,
        "Blocks": f"{signed.from_block} to {signed.to_block}, {signed.to_block_hash}",
        "Chain": signed.chain_id,
        "Differences": signed.differences,
        "Files": ", ".join(sorted(signed.files)),
    }
    return View(data, [Facts("A signed report, unchanged", shown)])
