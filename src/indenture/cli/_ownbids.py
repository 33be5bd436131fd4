"""What a bidder has in a book: what the chain holds, what the vault holds, what it won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indenture.cli._bids import quote_words
from indenture.cli._clock import distance
from indenture.cli._offerings import Found
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, say
from indenture.cli._vault import open_vault
from indenture.errors import SetupError
from indenture.models import BidStatus
from indenture.primary import Form, Stage, TickBid

if TYPE_CHECKING:
    from indenture.models import Allotment, PlacedBids
    from indenture.sealing import SealedEntry

_STATUS = {
    BidStatus.NONE: "nothing",
    BidStatus.SEALED: "sealed bids",
    BidStatus.OPENED: "bids in the clear",
    BidStatus.FINISHED: "nothing any more: paid, unlocked, lapsed or forfeited",
}


def own_bids(session: Session, found: Found, bidder: str) -> View:
    """All that is known of a bidder's bids; the exit code says whether what opens them is missing.

    Args:
        session: What reads, and names the vault.
        found: The offering.
        bidder: Whose bids.
    """
    from indenture.roles._books import placed_bids

    placed = placed_bids(session.suite, found.number, [bidder])[0]
    kept = _kept(session, found, bidder, placed)
    allotment = _allotment(session, found, bidder)
    bids = placed.bids or (kept.entry.opening.bids if kept.entry else ())
    rows = bid_rows(found, bids, allotment.units if allotment else ())
    about: dict[str, object] = {
        **found.names,
        "bidder": bidder,
        "form": found.book.rules.form,
        "stage": found.book.stage,
        "in the book": _STATUS[placed.status],
    }
    if placed.status is BidStatus.SEALED:
        about["vault"] = str(kept.path)
        about["vault opens them"] = kept.entry is not None
    if allotment:
        about |= {
            "won": allotment.won,
            "additional": allotment.additional,
            "amount": allotment.amount,
            "settled": allotment.settled,
            "lapsed": allotment.lapsed,
        }
    blocks: list[Facts | Grid] = [Facts("Bids", about), Grid("Tick bids", rows, _nothing(placed))]
    if kept.missing:
        blocks += _alarm(found, kept)
        say("Error: the vault does not hold what opens these bids")
    data = {**facts("", about).data, "missing": kept.missing, "bids": rows}
    return View(data, blocks, SetupError.exit_code if kept.missing else 0)


def bid_rows(found: Found, bids: Sequence[TickBid], won: Sequence[int] = ()) -> list[dict[str, object]]:
    """Tick bids as rows of a table, and what each of them won."""
    rows: list[dict[str, object]] = []
    for index, each in enumerate(bids):
        quote = quote_words(each.quote, found.book.rules.basis, found.book.currency)
        row: dict[str, object] = {"quote": quote, "units": each.units, "account": each.account}
        if won:
            row["won"] = won[index]
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the vault has for the sealed bids in the book.

    Attributes:
        path: The vault.
        entry: What opens them; None where nothing does, or nothing has to.
        missing: Whether something has to, and is not there.
        reason: Why it is missing, in words.
    """

    path: Path | None = None
    entry: SealedEntry | None = None
    missing: bool = False
    reason: str = ""


def _kept(session: Session, found: Found, bidder: str, placed: PlacedBids) -> _Kept:
    """What the vault has; where the book holds no seal of the bidder, nobody is asked for its passphrase."""
    from indenture.sealing import VaultMissing, vault_path

    if placed.status is not BidStatus.SEALED:
        return _Kept()
    path = (session.settings.vault or vault_path()).expanduser()
    try:
        vault = open_vault(session)
    except VaultMissing as none:
        return _Kept(path, missing=True, reason=none.message)
    contract = session.suite.offering
    seal = contract.bid_hash(found.number, bidder)
    own = vault.entries(
        chain_id=session.chain.chain_id,
        offering_address=contract.address,
        offering_id=found.number,
        bidder=bidder,
    )
    entry = next((each for each in own if each.seal == seal), None)
    if entry is not None:
        return _Kept(path, entry)
    known = f"; it holds {len(own)} others of you, replaced or never mined" if own else ""
    return _Kept(
        path, missing=True, reason=f"the vault {path} does not hold the salt of the bids in the book{known}"
    )


def _alarm(found: Found, kept: _Kept) -> list[Facts | Grid]:
    """What is missing, what it costs, and what can be done about it."""
    rules, now = found.book.rules, found.now
    until = f"{found.at(rules.reveals_by)}, {distance(rules.reveals_by, now)}"
    costs = f"the deposit, {found.book.deposit}, and the bids"
    about: dict[str, object] = {"why": kept.reason, "costs": costs, "unless opened by": until}
    title = "WHAT OPENS THESE BIDS IS MISSING"
    if now >= rules.reveals_by:
        return [Facts(title, about)]
    ways = [
        {
            "do": "look for another vault, or a backup",
            "command": f"indenture bid show {found.name} --vault FILE",
        }
    ]
    if now < rules.closes_at:
        act = f"seal again by {found.at(rules.closes_at)}"
        ways.append({"do": act, "command": f"indenture bid replace {found.name}"})
    if rules.form is Form.ENCRYPTED:
        act = "ask the bookrunner to open them"
        ways.append({"do": act, "command": f"indenture offer open-bids {found.name}"})
    return [Facts(title, about), Grid("One of these saves them", ways)]


def _allotment(session: Session, found: Found, bidder: str) -> Allotment | None:
    from indenture.roles._allotments import allotments_of
    from indenture.roles._books import existing

    if found.book.stage is not Stage.PUBLISHED:
        return None
    won = allotments_of(session.suite, found.number, existing(session.suite, found.number), [bidder])
    return won[0] if won else None


def _nothing(placed: PlacedBids) -> str:
    if placed.status is BidStatus.SEALED:
        return "Sealed, and not known here."
    return "None."
