"""A private chain with a suite on it, deployed by the command line, and a key for each actor."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from indenture.chain import AnvilNode
from indenture.chain.node import TEST_MNEMONIC
from indenture.cli.main import main

GENESIS = datetime(2019, 11, 25, 1, tzinfo=UTC)
ISSUER_LEI = "54930053HGCFWVHYZX42"
ACTORS = (
    "depository",
    "issuer",
    "bookrunner",
    "investor",
    "other_investor",
    "paying_agent",
    "outsider",
    "underwriter",
    "client",
)

PARAMETERS = """
depository: {lei: DEMO00DEPOSITORY0068, name: Demo Central Depository, jurisdiction: CN}
cash:
  - {code: CNY, name: Tokenised Yuan, symbol: CNYT, decimals: 2, supply_limit: 300_000_000_000}
calendars:
  - {code: CN-IB, years: [2019, 2020, 2021]}
"""

ISIN = "CND1000BOC15"
TERMS = Path(__file__).parents[2] / "terms"

#: The same bond, small enough for one investor, in lots of ten.
SMALL = {
    "amount: 20_000_000_000 ": "amount: 100_000 ",
    "units: 200_000_000 ": "units: 1_000 ",
    "minimum_denomination: 100 ": "minimum_denomination: 1_000 ",
}

#: A sealed tender by rate for most of it, with a syndicate and something for bids without a quote.
SHEET = """
isin: CND1000BOC15
form: sealed
basis: rate
pricing: uniform
offered: 800 units
over_allotment: 100 units
deposit: CNY 500
quotes: {lowest: 3.00 %, highest: 3.60 %, tick: 0.01 %}
bids: {minimum: 10 units, maximum: 800 units, non_competitive: 100 units}
classes:
  investors: {maximum: 800 units}
  lead: {maximum: 800 units, additional: 10 %}
additional_minutes: 15
times:
  zone: "+08:00"
  opens_at: 2019-12-03 09:00
  closes_at: 2019-12-03 16:00
  reveals_by: 2019-12-03 17:00
  over_allots_by: 2019-12-03 17:30
  clears_by: 2019-12-03 18:00
  settles_from: 2019-12-05 09:00
  settles_by: 2019-12-05 17:00
  takes_up_by: 2019-12-06 12:00
underwriters:
  - {member: lead-bank, class: lead, commitment: 200 units}
"""


@dataclass(frozen=True)
class World:
    node: AnvilNode
    file: Path

    def key(self, actor: str) -> str:
        """The private key of an actor, as the environment has it."""
        return "0x" + bytes(account(actor).key).hex()

    def address(self, actor: str) -> str:
        """The account of an actor."""
        return str(account(actor).address)


def account(actor: str) -> LocalAccount:
    """One of the funded accounts of every Anvil."""
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{ACTORS.index(actor)}"
    found: LocalAccount = Account.from_mnemonic(TEST_MNEMONIC, account_path=path)
    return found


def build(node: AnvilNode, folder: Path) -> World:
    """Deploys through the command, as a person would."""
    world = World(node, folder / "deployment.json")
    parameters = folder / "demo.yaml"
    parameters.write_text(PARAMETERS, encoding="utf-8")
    os.environ["INDENTURE_KEY"] = world.key("depository")
    try:
        code = main(["deploy", str(parameters), "--rpc", node.url, "--deployment", str(world.file), "--yes"])
    finally:
        del os.environ["INDENTURE_KEY"]
    assert code == 0
    return world


def small_terms(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """The bond of the demonstration, of a thousand units, with a coupon that its tender is to fix."""
    text = changed((TERMS / "boc-2019.yaml").read_text(encoding="utf-8"), SMALL)
    path = folder / "small.yaml"
    path.write_text(changed(text, changes or {}), encoding="utf-8")
    return path


def small_sheet(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """The offering sheet of that bond."""
    path = folder / "sheet.yaml"
    path.write_text(changed(SHEET, changes or {}), encoding="utf-8")
    return path


def changed(text: str, changes: Mapping[str, str]) -> str:
    """A text with parts replaced, each of which must be there."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def china(text: str) -> datetime:
    """An instant of the story, written in China's time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=8)
