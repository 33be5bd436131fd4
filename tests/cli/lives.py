"""Bonds with rights that live: one of four holders, the issuer among them, and another."""

from __future__ import annotations

from pathlib import Path

from tests.cli.desk import Desk, admit_all
from tests.cli.world import ISIN, SMALL, TERMS, changed

from indenture.identifiers import isin_from_body

#: The bond, another of the same issuer, and one that nobody has bought.
BOND, OTHER, NEW = ISIN, isin_from_body("CND1000BOC2"), isin_from_body("CND1000BOC3")

#: Units of each holder of the bond.
UNITS = {"investor": 500, "other_investor": 300, "underwriter": 150, "issuer": 50}

RIGHTS = """
rights:
  calls:
    - {from: 2021-03-05, to: 2021-06-05, notice_days: 30, price: 101, in_part: true}
  puts:
    - {opens: 2020-05-18, closes: 2020-05-22, pay_day: 2020-06-05, price: 100, withdrawable: true}
  events:
    - {code: TAXLAW, right: issuer, notice_days: 30, price: 100}
    - {code: CONTROL, right: holders, notice_days: 10, price: 101}
  sinking:
    - {period: 2, units: 100}
  extension: {periods: 1, notice_days: 60, rate: 4}
  defaults: {grace_days: 3, penalty_rate: 5, acceleration_share: 25, cross_default: true}
  amendment_share: 75
"""

_SHEET = """
isin: {isin}
form: open
basis: price
pricing: uniform
offered: 1_000 units
quotes: {{lowest: CNY 100, highest: CNY 100, tick: CNY 1}}
bids: {{minimum: 10 units, maximum: 1_000 units}}
classes:
  investors: {{maximum: 1_000 units}}
times:
  zone: "+08:00"
  opens_at: 2019-12-03 09:00
  closes_at: 2019-12-03 16:00
  clears_by: 2019-12-03 18:00
  settles_from: 2019-12-05 09:00
  settles_by: 2019-12-05 17:00
  takes_up_by: 2019-12-05 17:00
underwriters: []
"""


def rights_sheet(folder: Path, isin: str, changes: dict[str, str] | None = None) -> Path:
    """Two years, 3.25 % half-yearly, a thousand units in lots of ten, with every right."""
    text = changed((TERMS / "boc-2019.yaml").read_text(encoding="utf-8"), SMALL)
    own = {
        f"isin: {ISIN}": f"isin: {isin}",
        "rate: tender": "rate: 3.25",
        "frequency: annual": "frequency: semi-annual",
    }
    path = folder / f"{isin}-terms.yaml"
    path.write_text(changed(changed(text, own) + RIGHTS, changes or {}), encoding="utf-8")
    return path


def bring_to_life(desk: Desk, folder: Path) -> None:
    """Registers three bonds, and sells two of them; the chain stands at noon of the issue day."""
    admit_all(desk)
    address = desk.world.address
    desk("depository", "member", "roles", address("issuer"), "--role", "issuer", "--role", "holder")
    for actor in (*UNITS, "paying_agent"):
        desk("depository", "cash", "issue", address(actor), "250000.00")
    for isin in (BOND, OTHER, NEW):
        desk("issuer", "issue", "register", rights_sheet(folder, isin))
    for isin in (BOND, OTHER):
        sheet = folder / f"{isin}.yaml"
        sheet.write_text(_SHEET.format(isin=isin), encoding="utf-8")
        named = ("--bond", isin, "--sheet", sheet, "--bookrunner", address("bookrunner"))
        desk("issuer", "offer", "mandate", *named)
        desk("bookrunner", "offer", "accept", isin)
        desk("bookrunner", "offer", "open", isin)
    desk.at("2019-12-03T10:00")
    for actor, units in UNITS.items():
        desk(actor, "bid", "place", BOND, "--bid", f"100:{units}")
    desk("investor", "bid", "place", OTHER, "--bid", "100:1000")
    desk.at("2019-12-03T16:00")
    for isin in (BOND, OTHER):
        desk("outsider", "offer", "close", isin)
        desk("outsider", "offer", "clear", isin)
    desk.at("2019-12-05T09:00")
    for isin in (BOND, OTHER):
        desk("outsider", "offer", "settle", isin)
    desk.at("2019-12-05T12:00")
