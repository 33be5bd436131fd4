"""A page of logs, from its files through a temporary table into the ledger: SQL throughout.

What cannot be true becomes an anomaly and goes no further: a log outside the range, of a contract that was
not asked for, that says itself that it was removed, or at the place of another.  A log whose block or
transaction contradicts others stays among the logs, as it was served, but is decoded into no event table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import duckdb

from indenture.chain import BlockStamp
from indenture.errors import ChainReorganised, NodeError
from indenture.ledger.headers import headers
from indenture.ledger.pages import Page
from indenture.ledger.patience import Patience
from indenture.ledger.suite import interface_of
from indenture.ledger.tables import insert_page
from indenture.ledger.wire import Body


class SpoiledPage(NodeError):
    """An answer that is no list of logs."""

    def __init__(self, first: int, last: int, reason: str) -> None:
        super().__init__(
            f"what the node gave as logs of blocks {first} to {last} cannot be read: {reason}",
            hint="Use another node: this one does not answer in the form of eth_getLogs.",
        )


class Contract(NamedTuple):
    """A contract whose logs are asked for, from a block on."""

    address: str
    kind: str
    since: int


class Registration(NamedTuple):
    """A bond that joins the suite."""

    bond: str
    isin: str
    block: int


class Stage:
    """Takes pages into a ledger, inside a transaction of whoever calls.

    Args:
        con: The ledger's connection.
        patience: How the node is asked for headers.
        strict: Whether a block that contradicts its logs ends the reading, for the chain may have moved; else
            that is told as an anomaly.
        headers: Whether the header of each block with logs is asked for; else the logs' word is taken for its
            hash and time.
        decode: Whether event tables are filled.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        patience: Patience,
        *,
        strict: bool,
        headers: bool,
        decode: bool,
    ) -> None:
        self._con = con
        self._patience = patience
        self._strict = strict
        self._headers = headers
        self._decode = decode

    def ask_for(self, contracts: Sequence[Contract]) -> None:
        """Names the contracts, in the order of the reader's addresses."""
        addresses, kinds, sinces = zip(*contracts, strict=True)
        numbers = range(len(contracts))
        self._run(
            "ask", numbers=list(numbers), addresses=list(addresses), kinds=list(kinds), sinces=list(sinces)
        )

    def take(self, pages: Sequence[Page]) -> int:
        """Takes pages in that follow each other and were asked for the same contracts.

        Returns:
            How many logs it put in.

        Raises:
            SpoiledPage: They hold something that is no log.
            ChainReorganised: A block's header contradicts its logs, and the stage is strict.
        """
        bodies = [body for page in pages for body in page.bodies if body.holds_logs]
        if not bodies:
            return 0
        first, last = pages[0].first, pages[-1].last
        survey = self._staged(pages[0], first, last, bodies)
        if not survey.is_sound:
            survey = self._sifted(first, last)
        self._run("blocks")
        self._pin(pages, survey)
        self._run("keep blocks", first=first, last=last)
        self._run("keep logs")
        if self._decode:
            insert_page(self._con, "page")
        return survey.logs

    def registrations(self) -> list[Registration]:
        """Bonds that the logs taken last register, each with its first registration, in chain order."""
        rows = self._run("registrations", topic=_registration_topic()).fetchall()
        return [Registration(bond, _text(isin), block) for bond, isin, block in rows]

    def _run(self, statement: str, **values: object) -> duckdb.DuckDBPyConnection:
        return self._con.execute(_statements()[statement], values)

    def _staged(self, page: Page, first: int, last: int, bodies: Sequence[Body]) -> _Survey:
        try:
            self._run("stage", paths=[body.path for body in bodies], low=page.low, high=page.high)
        except duckdb.InvalidInputException as fault:
            raise SpoiledPage(first, last, str(fault).partition("\n")[0]) from None
        if any(body.has_capitals for body in bodies):
            self._run("lower")
        survey = self._survey(first, last)
        if survey.malformed:
            reason = f"{survey.malformed} of {survey.logs} are no logs of mined transactions"
            raise SpoiledPage(first, last, reason)
        return survey

    def _survey(self, first: int, last: int) -> _Survey:
        (row,) = self._run("survey", first=first, last=last).fetchall()
        return _Survey(*row)

    def _sifted(self, first: int, last: int) -> _Survey:
        """Takes out what cannot be true, marks what contradicts itself, and puts the rest in order."""
        self._run("tell wrong", first=first, last=last)
        self._run("drop wrong", first=first, last=last)
        for statement in ("order", "find doubles", "tell doubles", "drop doubles"):
            self._run(statement)
        for statement in ("find moved", "tell moved", "mark moved"):
            self._run(statement)
        return self._survey(first, last)

    def _pin(self, pages: Sequence[Page], survey: _Survey) -> None:
        """Holds the logs against headers, of each page's newest block at least: then it is of one chain."""
        doubtful = self._headers or not survey.is_sure
        wanted = {number for (number,) in self._newest(pages)}
        if doubtful:
            wanted |= {block for (block,) in self._run("unsure", all=self._headers).fetchall()}
        known = self._known(pages)
        asked = headers(self._patience, sorted(wanted - known.keys()))
        stamps = [*known.values(), *(header.stamp for header in asked)]
        self._run(
            "headers",
            numbers=[stamp.number for stamp in stamps],
            hashes=[stamp.hash for stamp in stamps],
            times=[stamp.timestamp for stamp in stamps],
        )
        found = self._run("contradicted log" if doubtful else "contradicted block").fetchone()
        if found is not None and self._strict:
            raise ChainReorganised(*found)
        if found is not None or doubtful:
            self._run("tell contradictions")
            self._run("take headers")
            self._run("blocks")

    def _newest(self, pages: Sequence[Page]) -> list[tuple[int]]:
        firsts, lasts = [page.first for page in pages], [page.last for page in pages]
        return self._run("newest", firsts=firsts, lasts=lasts).fetchall()

    def _known(self, pages: Sequence[Page]) -> dict[int, BlockStamp]:
        rows = self._run("known", first=pages[0].first, last=pages[-1].last).fetchall()
        return {number: BlockStamp(number, hash_, time) for number, hash_, time in rows} | {
            page.end.number: page.end for page in pages
        }


class _Survey(NamedTuple):
    """What a scan of the page counts; the names are those of the statement."""

    logs: int
    malformed: int
    wrong: int
    disorder: int
    places: int
    tx_indices: int
    tx_hashes: int
    stamps: int
    blocks: int
    timeless: int

    @property
    def is_sound(self) -> bool:
        """Whether every log may lie where it lies."""
        return not (self.wrong or self.disorder) and self.places == self.tx_indices == self.tx_hashes

    @property
    def is_sure(self) -> bool:
        """Whether all logs of a block name the same hash and the same time."""
        return self.stamps == self.blocks and not self.timeless


@cache
def _registration_topic() -> str:
    """First topic of the event that registers a bond; ISIN and bond are the next two."""
    events = interface_of("BondFactory").events
    return next(topic for topic, event in events.items() if event.name == "BondRegistered")


def _text(topic: str) -> str:
    """The text of a topic's first twelve bytes."""
    return bytes.fromhex(topic[2:])[:12].rstrip(b"\0").decode("ascii", "replace")


@cache
def _statements() -> dict[str, str]:
    text = (resources.files("indenture.ledger") / "staging.sql").read_text("utf-8")
    parts = re.split(r"^-- ([a-z ]+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
