"""Commands as their actors run them, and a market in which three books are open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.cli.world import ISIN, ISSUER_LEI, World, changed, china, small_terms

from indenture.identifiers import isin_from_body, lei_from_prefix

LEIS = {
    "bookrunner": lei_from_prefix("DEMO00BOOKRUNNER00"),
    "investor": lei_from_prefix("DEMO00FUND00000001"),
    "other_investor": lei_from_prefix("DEMO00FUND00000002"),
    "paying_agent": lei_from_prefix("DEMO00PAYINGAGENT0"),
    "underwriter": lei_from_prefix("DEMO00LEADBANK0000"),
    "client": lei_from_prefix("DEMO00FUND00000003"),
}

#: The bonds of the market: bids are sealed, open and by price, encrypted and mixed.
SEALED, OPEN, ENCRYPTED = ISIN, isin_from_body("CND1000BOC2"), isin_from_body("CND1000BOC3")

_SHEET = """
isin: {isin}
form: {form}
basis: rate
pricing: uniform
offered: 800 units
minimum_volume: 300 units
deposit: CNY 500
quotes: {{lowest: 3.00 %, highest: 3.60 %, tick: 0.01 %}}
bids: {{minimum: 10 units, maximum: 800 units, non_competitive: 100 units}}
classes:
  investors: {{maximum: 800 units}}
  lead: {{maximum: 800 units}}
times:
  zone: "+08:00"
  opens_at: 2019-12-03 09:00
  closes_at: 2019-12-03 16:00
  reveals_by: 2019-12-03 17:00
  clears_by: 2019-12-03 18:00
  settles_from: 2019-12-05 09:00
  settles_by: 2019-12-05 17:00
  takes_up_by: 2019-12-06 12:00
underwriters:
  - {{member: lead-bank, class: lead, commitment: 200 units}}
"""
_BY_PRICE = {
    "basis: rate": "basis: price",
    "pricing: uniform": "pricing: multiple",
    "lowest: 3.00 %, highest: 3.60 %, tick: 0.01 %": "lowest: CNY 98, highest: CNY 102, tick: CNY 0.05",
    "  reveals_by: 2019-12-03 17:00\n": "",
}
_MIXED = {"pricing: uniform": "pricing: mixed\nband: 5"}
_READS = ("show", "list", "balance", "status", "preview", "result", "check", "quote")


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, which must be one JSON value and nothing else."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Lines on stderr."""
        return self.err.strip().splitlines()


class Desk:
    """Runs a command as an actor, and reads its JSON."""

    def __init__(self, run: Callable[..., Outcome], world: World, environment: pytest.MonkeyPatch) -> None:
        self.run = run
        self.world = world
        self._environment = environment

    def __call__(self, actor: str, *arguments: object) -> Any:
        outcome = self.tried(actor, *arguments, "--json")
        assert outcome.code == 0, outcome.err
        return outcome.json

    def tried(self, actor: str, *arguments: object) -> Outcome:
        """What a command comes to that may be refused."""
        self._environment.setenv("INDENTURE_KEY", self.world.key(actor))
        return self.run(*arguments, *([] if _only_reads(arguments) else ["--yes"]))

    def at(self, time: str) -> None:
        """Sets the chain's clock, by China's."""
        self.world.node.time.mine(at=china(time))

    def acts(self, offering: str) -> list[str]:
        """The commands that an offering waits for."""
        return [step["act"] for step in self("outsider", "offer", "status", offering)["steps"]]


def admit_all(desk: Desk) -> None:
    """The members of the market, in the roles that they play."""
    address = desk.world.address
    admit = ("depository", "member", "admit")
    desk(*admit, ISSUER_LEI, address("issuer"), "--class", "bank", "--jurisdiction", "CN", "--role", "issuer")
    for actor, role in (("bookrunner", "bookrunner"), ("paying_agent", "paying-agent")):
        party = (LEIS[actor], address(actor), "--class", "bank", "--jurisdiction", "CN", "--role", role)
        desk(*admit, *party)
    for actor in ("investor", "other_investor", "client"):
        party = (LEIS[actor], address(actor), "--class", "fund", "--jurisdiction", "HK", "--role", "holder")
        desk(*admit, *party, "--until", "2030-01-01T00:00+08:00")
    lead = (LEIS["underwriter"], address("underwriter"), "--class", "bank", "--jurisdiction", "CN")
    desk(*admit, *lead, "--role", "holder", "--role", "underwriter")


def open_books(desk: Desk, folder: Path) -> None:
    """Three books at ten in the morning, with an underwriter in each."""
    admit_all(desk)
    for actor in ("investor", "other_investor", "underwriter"):
        desk("depository", "cash", "issue", desk.world.address(actor), "150000.00")
    named = f"lead-bank={desk.world.address('underwriter')}"
    forms = {SEALED: ("sealed", {}), OPEN: ("open", _BY_PRICE), ENCRYPTED: ("encrypted", _MIXED)}
    for isin, (form, changes) in forms.items():
        rate = {"rate: tender": "rate: 3.25"} if isin == OPEN else {}
        desk("issuer", "issue", "register", small_terms(folder, {f"isin: {ISIN}": f"isin: {isin}", **rate}))
        sheet = folder / f"{isin}.yaml"
        sheet.write_text(changed(_SHEET.format(isin=isin, form=form), changes), encoding="utf-8")
        desk("issuer", "offer", "mandate", "--bond", isin, "--sheet", sheet,
             "--bookrunner", desk.world.address("bookrunner"))  # fmt: skip
        desk("bookrunner", "offer", "accept", isin)
        desk("bookrunner", "syndicate", "invite", isin, "--sheet", sheet, "--account", named)
        desk("underwriter", "syndicate", "join", isin)
        desk("bookrunner", "offer", "open", isin)
    desk.at("2019-12-03T10:00")


def _only_reads(arguments: tuple[object, ...]) -> bool:
    return (
        arguments[0] in ("holdings", "schedule", "audit", "accrued")
        or (len(arguments) > 1 and arguments[1] in _READS)
        or arguments[:2] in (("trade", "propose"), ("trade", "sign"), ("default", "claim"))
    )
